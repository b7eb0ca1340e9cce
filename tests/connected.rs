//! What comes after a connection was made, told as stories: it is looked at, ended by the person, and an account
//! is made for someone who has none.
//!
//! Tests named `attack_N_…` are the proof of the defence against attack N. What must hold for every
//! response (no code, no secret, no cache, no Referer, a strict policy) is asserted in `support`.
#![cfg(all(feature = "edge", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::type_complexity
)]

#[path = "connected/account_status.rs"]
mod account_status;
#[path = "connected/asks_first.rs"]
mod asks_first;
#[path = "connected/create.rs"]
mod create;
#[path = "connected/create_again.rs"]
mod create_again;
#[path = "connected/disconnect.rs"]
mod disconnect;
#[path = "connected/expanded.rs"]
mod expanded;
#[path = "connected/leaving.rs"]
mod leaving;
#[path = "connected/refresh_token.rs"]
mod refresh_token;
mod support;

use serde_json::{Value, json};
use std::pin::pin;
use stripe_connect_oauth::edge::ConfigBuilder;
use stripe_connect_oauth::server::{Method, RefreshTokenKeys, Response};
use stripe_connect_oauth::{AccountId, Livemode};
use support::{
    ACCOUNT, Browser, LIVE_KEY, SHOP, START, STRIPE, Shop, Wire, assert_no_canary, configured, location, poll,
    printed, query, run,
};

const OTHER: &str = "acct_2SandboxFlorist";

/// A shop where ada connected her account an hour ago.
fn connected() -> (Shop, Browser) {
    let shop = Shop::open();
    shop.keep("ada", ACCOUNT, START - 3600);
    (shop, Browser::of("ada"))
}

fn json_of(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"));
    serde_json::from_str(&response.body).unwrap()
}

/// What a script was told, after its hint was checked to be there.
#[track_caller]
fn told(response: &Response) -> (u16, String) {
    let body = json_of(response);
    let outcome = body["outcome"].as_str().unwrap_or_else(|| panic!("{body}"));
    let is_success = ["disconnected", "forgotten", "created"].contains(&outcome);
    assert_eq!(body["hint"].is_string(), !is_success, "{body}");
    (response.status, outcome.to_owned())
}

fn answers(status: u16, body: &Value) -> Option<Response> {
    Some(Response::json(status, body.to_string()).with_header("request-id", "req_story"))
}

fn oauth_error(error: &str, description: &str) -> Option<Response> {
    answers(401, &json!({ "error": error, "error_description": description }))
}

fn api_error(status: u16, code: &str) -> Option<Response> {
    answers(
        status,
        &json!({"error": {"type": "invalid_request_error", "code": code, "message": "No sk_test_canary0001"}}),
    )
}

fn server_error() -> Option<Response> {
    answers(500, &json!({"error": {"type": "api_error", "message": "Sorry"}}))
}

const REFRESH_SECRET: &str = "canary: another thirty-two characters";

fn token(refresh_token: &str) -> Option<Response> {
    let scope = "read_write";
    answers(
        200,
        &json!({"stripe_user_id": ACCOUNT, "livemode": false, "scope": scope, "refresh_token": refresh_token}),
    )
}

/// The sealed refresh token of ada's connection, once Stripe has answered so.
fn kept_token(shop: &Shop, reply: Option<Response>) -> Option<String> {
    let mut ada = Browser::of("ada");
    let authorize_url = ada.press_connect(shop);
    shop.stripe_answers([reply]);
    assert_eq!(ada.come_back(shop, &shop.consent(&authorize_url)), "/home");
    shop.connections_of("ada")[0].refresh_token.clone()
}

fn deauthorized() -> Option<Response> {
    answers(200, &json!({ "stripe_user_id": ACCOUNT }))
}

/// A disconnection that the platform's own page has asked about.
const THIS: &str = "account=acct_1SandboxBakery01&confirmed=yes";

/// What a page of the platform's sends, and what pages of other sites can make a browser send.
const SITES: [(&[(&str, &str)], bool); 10] = [
    (&[("sec-fetch-site", "same-origin"), ("origin", SHOP)], true),
    (&[("origin", SHOP)], true),
    (&[("referer", "https://shop.example/")], true),
    (&[("referer", "https://evil.example/")], false),
    (&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], false),
    (&[("sec-fetch-site", "same-site"), ("origin", "https://blog.shop.example")], false),
    (&[("sec-fetch-site", "none")], false),
    (&[("origin", "https://evil.example")], false),
    (&[("origin", "null")], false),
    (&[], false),
];

fn account(more: &Value) -> Value {
    let mut account = json!({
        "id": ACCOUNT,
        "object": "account",
        "type": "standard",
        "country": "FR",
        "email": "ada@example.com",
        "charges_enabled": true,
        "payouts_enabled": true,
        "details_submitted": true,
        "requirements": {
            "currently_due": [],
            "past_due": [],
            "eventually_due": ["external_account"],
            "pending_verification": [],
            "current_deadline": null,
            "disabled_reason": null,
        },
    });
    for (name, value) in more.as_object().unwrap() {
        account[name] = value.clone();
    }
    account
}

/// What Stripe says of the account that a probe makes up: key and client id are one platform's.
fn right_key() -> Option<Response> {
    oauth_error(
        "invalid_client",
        "This application is not connected to stripe account acct_made_up, or that account does not exist.",
    )
}

fn link(url: &str) -> Option<Response> {
    answers(200, &json!({"object": "account_link", "created": START, "expires_at": START + 300, "url": url}))
}

/// The newest accounts of the platform.
fn list(accounts: &[Value], has_more: bool) -> Option<Response> {
    answers(200, &json!({"object": "list", "url": "/v1/accounts", "has_more": has_more, "data": accounts}))
}

const DETAILS: &str = "country=FR&email=ada%40example.com";

const FORM: &str = "http://localhost:12111/setup/s/once1";

fn idempotency_keys(shop: &Shop) -> Vec<String> {
    let sent = shop.world.sent.borrow();
    sent.iter().map(|request| request.header("idempotency-key").unwrap().to_owned()).collect()
}

/// Stripe's text, which comes with and without a code.
const DENIED: &str = "The provided key 'sk_test_***' does not have access to account 'acct_1SandboxBakery01' (or that \
                      account does not exist). Application access may have been revoked.";
const NO_LINK: &str = "You requested an account link for an account that is not connected to your platform or does not \
                       exist.";

fn api_text(status: u16, message: &str) -> Option<Response> {
    answers(status, &json!({"error": {"type": "invalid_request_error", "message": message}}))
}
