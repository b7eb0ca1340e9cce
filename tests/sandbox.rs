//! The stand-in for Stripe: each test is named for the rule it proves.
#![cfg(feature = "sandbox")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

#[path = "sandbox/addresses.rs"]
mod addresses;
#[path = "sandbox/authorize.rs"]
mod authorize;
#[path = "sandbox/channels.rs"]
mod channels;
#[path = "sandbox/consent.rs"]
mod consent;
#[path = "sandbox/redirect.rs"]
mod redirect;
#[path = "sandbox/token_errors.rs"]
mod token_errors;

use proptest::prelude::*;
use serde_json::{Value, json};
use stripe_connect_oauth::sandbox::{
    AccountState, ApiVersion, MAX_BYTES, Sandbox, SandboxAccount, SandboxPlatform,
};
use stripe_connect_oauth::server::{ExchangeError, Method, Request, Response, SecretKey, read_token};
use stripe_connect_oauth::{
    AccountId, AuthorizeUrl, Callback, ClientId, ConnectBase, Flow, Livemode, RedirectUri, Scope, State,
    parse_callback,
};

#[path = "sandbox/api.rs"]
mod api;
#[path = "sandbox/control.rs"]
mod control;
#[path = "sandbox/deferred_accounts.rs"]
mod deferred_accounts;
#[path = "sandbox/faults.rs"]
mod faults;
#[path = "sandbox/flows.rs"]
mod flows;
#[path = "sandbox/idempotency.rs"]
mod idempotency;
#[path = "sandbox/ledger.rs"]
mod ledger_laws;
#[path = "sandbox/pages.rs"]
mod pages;
#[path = "sandbox/platforms.rs"]
mod platforms;
#[path = "sandbox/tokens.rs"]
mod tokens;
#[path = "sandbox/versions.rs"]
mod versions;
#[path = "sandbox/webhooks.rs"]
mod webhooks;

const BASE: &str = "http://localhost:12111";
const CALLBACK: &str = "https://shop.example/connect/callback";
const WITH_QUERY: &str = "https://shop.example/connect?from=stripe";
const TEST_KEY: &str = "sk_test_canary0001";
const LIVE_KEY: &str = "sk_live_canary0002";
const ACCOUNT: &str = "acct_1SandboxBakery01";
const NOW: u64 = 1_700_000_000;

fn platform(client_id: &str, livemode: Livemode, keys: &[&str]) -> SandboxPlatform {
    SandboxPlatform {
        client_id: ClientId::parse(client_id).unwrap(),
        live_client_id: None,
        flows: vec![Flow::Standard, Flow::Express],
        name: "Acme <Platform>".to_owned(),
        redirect_uris: [CALLBACK, WITH_QUERY].map(|uri| RedirectUri::parse(uri, None).unwrap()).to_vec(),
        livemode,
        secret_keys: keys.iter().map(|key| SecretKey::parse(key).unwrap()).collect(),
        api_version: ApiVersion::default(),
    }
}

/// Two platforms with keys of both modes: `ca_test` and, in live mode, `ca_live`.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new(platform("ca_test", Livemode::Test, &[TEST_KEY, LIVE_KEY]));
    sandbox.register(platform("ca_live", Livemode::Live, &["sk_test_canary0003", "sk_live_canary0004"]));
    sandbox
}

fn request(method: Method, path_and_query: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    Request { method, url: [BASE, path_and_query].concat(), headers, body: body.into() }
}

fn get(sandbox: &mut Sandbox, path_and_query: &str) -> Response {
    sandbox.handle(&request(Method::Get, path_and_query, &[], ""), NOW, [7; 32])
}

fn authorize(query: &str) -> Response {
    get(&mut sandbox(), &["/oauth/authorize?", query].concat())
}

fn decide(sandbox: &mut Sandbox, query: &str, decision: &str) -> Response {
    decide_at(sandbox, "/oauth/authorize", &["response_type=code&", query].concat(), decision)
}

fn decide_at(sandbox: &mut Sandbox, path: &str, query: &str, decision: &str) -> Response {
    let path = [path, "?", query].concat();
    sandbox.handle(&request(Method::Post, &path, &[], decision), NOW, [7; 32])
}

/// Connects the first test account, and gives the code.
fn code_for(sandbox: &mut Sandbox, query: &str) -> String {
    code_of(&decide(sandbox, query, &format!("account={ACCOUNT}&decision=connect")))
}

/// The code in a redirect back.
fn code_of(response: &Response) -> String {
    let location = response.header("location").unwrap_or_else(|| panic!("{}", response.body));
    location.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned()
}

/// Connects the first test account, and gives the token endpoint's answer.
fn connected(sandbox: &mut Sandbox, query: &str) -> Value {
    let code = code_for(sandbox, query);
    let response = exchange(sandbox, &code);
    assert_eq!(response.status, 200, "{}", response.body);
    json_of(&response)
}

/// A request with the test key, unless the headers have another.
fn with_key(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let key = [("authorization", "Bearer sk_test_canary0001")];
    let headers: Vec<_> = if headers.iter().any(|(name, _)| *name == "authorization") {
        headers.to_vec()
    } else {
        key.iter().chain(headers).copied().collect()
    };
    request(method, path, &headers, body)
}

fn call(sandbox: &mut Sandbox, request: &Request, now: u64) -> Response {
    sandbox.handle(request, now, [8; 32])
}

fn control(sandbox: &mut Sandbox, path: &str, body: Value) -> Response {
    sandbox.handle(&request(Method::Post, path, &[], &body.to_string()), NOW, [6; 32])
}

/// A call of the API that went well.
fn ok(response: &Response) -> Value {
    assert_eq!(response.status, 200, "{}", response.body);
    json_of(response)
}

fn post_token(sandbox: &mut Sandbox, headers: &[(&str, &str)], body: &str, now: u64) -> Response {
    sandbox.handle(&request(Method::Post, "/oauth/token", headers, body), now, [9; 32])
}

fn exchange_with(sandbox: &mut Sandbox, key: &str, code: &str, now: u64) -> Response {
    let bearer = ["Bearer ", key].concat();
    let body = ["grant_type=authorization_code&code=", code].concat();
    post_token(sandbox, &[("authorization", &*bearer)], &body, now)
}

fn exchange(sandbox: &mut Sandbox, code: &str) -> Response {
    exchange_with(sandbox, TEST_KEY, code, NOW)
}

fn json_of(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"));
    serde_json::from_str(&response.body).unwrap()
}

fn assert_refused(response: &Response, status: u16, error: &str, description: &str) {
    assert_eq!(json_of(response), json!({"error": error, "error_description": description}));
    assert_eq!(response.status, status);
}

fn ledger(sandbox: &mut Sandbox) -> Value {
    json_of(&get(sandbox, "/_sandbox/ledger"))
}

fn method() -> impl Strategy<Value = Method> {
    prop::sample::select(vec![Method::Get, Method::Head, Method::Post, Method::Other])
}

fn account(sandbox: &mut Sandbox, id: &str) -> Response {
    call(sandbox, &with_key(Method::Get, &["/v1/accounts/", id].concat(), &JSON, ""), NOW)
}

fn create(sandbox: &mut Sandbox, headers: &[(&str, &str)], body: &str) -> Response {
    call(sandbox, &with_key(Method::Post, "/v1/accounts", headers, body), NOW)
}

const JSON: [(&str, &str); 1] = [("accept", "application/json")];

fn link(sandbox: &mut Sandbox, id: &str) -> Response {
    let body = format!(
        "account={id}&refresh_url=https://shop.example/again&return_url=https://shop.example/back&type=account_onboarding"
    );
    call(sandbox, &with_key(Method::Post, "/v1/account_links", &[], &body), NOW)
}

fn at(sandbox: &mut Sandbox, method: Method, path: &str, body: &str, now: u64) -> Response {
    sandbox.handle(&request(method, path, &[], body), now, [5; 32])
}

#[track_caller]
fn assert_api_error(response: &Response, status: u16, code: Option<&str>, param: Option<&str>) -> String {
    let error = &json_of(response)["error"];
    assert_eq!((response.status, error["type"].as_str()), (status, Some("invalid_request_error")), "{error}");
    assert_eq!(error.get("code").and_then(Value::as_str), code, "{error}");
    assert_eq!(error.get("param").and_then(Value::as_str), param, "{error}");
    let page = code.map(|code| format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-")));
    assert_eq!(error.get("doc_url").and_then(Value::as_str), page.as_deref(), "{error}");
    error["message"].as_str().unwrap().to_owned()
}
