//! The back channel: its requests, every answer Stripe may give to them, and what is sent again.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]
#![allow(clippy::type_complexity)] // a table's rows

#[path = "back/access.rs"]
mod access;
#[path = "back/account_shapes.rs"]
mod account_shapes;
#[path = "back/deauthorize.rs"]
mod deauthorize;
#[path = "back/deferred_activation.rs"]
mod deferred_activation;
#[path = "back/exchange.rs"]
mod exchange;
#[path = "back/exchange_errors.rs"]
mod exchange_errors;
#[path = "back/messages.rs"]
mod messages;
#[path = "back/on_behalf.rs"]
mod on_behalf;
#[path = "back/refresh.rs"]
mod refresh;
#[path = "back/retrieve_account.rs"]
mod retrieve_account;
#[path = "back/retrying.rs"]
mod retrying;
#[path = "back/whatever.rs"]
mod whatever;

use proptest::prelude::*;
use std::fmt::{Debug, Write};
use stripe_connect_oauth::ErrorCode::{InvalidValue, MissingParameter, TooLong, WrongCredential};
use stripe_connect_oauth::server::{
    Account, AccountError, AccountStatus, AccountType, CapabilityStatus, DeauthorizeError, Deauthorized,
    DisabledReason, ExchangeError, IdempotencyKey, Method, NewAccount, NewAccountLink, NextStep, PlatformProblem,
    Request, RequirementError, Requirements, Response, Retry, RetryKind, STRIPE_VERSION, Secret, SecretKey,
    StripeError, TokenProblem, TokenScope, check_assertion, code_exchange, create_account, create_account_link,
    deauthorize, on_behalf_of, probe_application, read_account, read_account_link, read_deauthorization,
    read_probe, read_refreshed_token, read_token, refresh, retrieve_account,
};
use stripe_connect_oauth::{
    AccountId, AuthorizationCode, Callback, Capability, ClientId, ConnectBase, Flow, Livemode, Scope, State,
    parse_callback,
};

/// A code as only a verified callback gives it.
fn code(text: &str) -> AuthorizationCode {
    let state = State::from_random([7; 32]);
    let query = format!("?code={text}&state={}", state.as_str());
    let Callback::Authorized(authorized) = parse_callback(&query, &state) else { panic!("{text} was refused") };
    authorized.into_code()
}

/// Everything a developer could print of a value.
fn printed(value: &dyn Debug) -> String {
    format!("{value:?}\n{value:#?}\n")
}

// The secret key.

#[test]
fn a_secret_key_says_its_mode() {
    let longest = format!("sk_test_{}", "a".repeat(247));
    let good = [
        ("sk_test_1", Livemode::Test),
        ("rk_test_1", Livemode::Test),
        ("sk_live_1", Livemode::Live),
        ("rk_live_a_B_1", Livemode::Live),
        (&*longest, Livemode::Test),
    ];
    for (text, mode) in good {
        assert_eq!(SecretKey::parse(text).unwrap().livemode(), mode, "{text}");
    }
}

#[test]
fn a_refused_secret_key_is_explained_and_never_repeated() {
    let fix = "give the platform's key that begins with sk_test_ or sk_live_, from the server's environment";
    let missing = format!("is missing: {fix}");
    let unlike = format!("is not a secret key: {fix}");
    let is = |what: &str| format!("is {what}, not a secret key: {fix}");
    let cut_off = "must be letters and digits after its prefix: it may be cut off or have a space";
    let long = format!("sk_test_{}", "canary".repeat(42));
    let table = [
        ("", MissingParameter, missing),
        (&*long, TooLong, "is longer than 255 bytes".to_owned()),
        ("sk_test_", InvalidValue, cut_off.to_owned()),
        ("sk_live_canary ", InvalidValue, cut_off.to_owned()),
        ("sk_live_canary\n", InvalidValue, cut_off.to_owned()),
        ("rk_test_canary…", InvalidValue, cut_off.to_owned()),
        ("sk_live_canary\r\nx-evil: 1", InvalidValue, cut_off.to_owned()),
        ("canary", InvalidValue, unlike.clone()),
        (" sk_test_canary", InvalidValue, unlike.clone()),
        ("SK_TEST_canary", InvalidValue, unlike.clone()),
        ("Bearer sk_test_canary", InvalidValue, unlike.clone()),
        ("sk_canary", InvalidValue, unlike.clone()),
        ("rk_canary", InvalidValue, unlike),
        ("pk_live_canary", WrongCredential, is("a publishable key")),
        ("ca_canary", WrongCredential, is("a client id")),
        ("acct_canary", WrongCredential, is("an account id")),
        ("whsec_canary", WrongCredential, is("a webhook signing secret")),
    ];
    for (text, code, what) in table {
        let error = SecretKey::parse(text).unwrap_err();
        assert_eq!((error.code(), error.param()), (code, "secret_key"), "{text:?}");
        assert_eq!(error.message(), format!("secret_key {what}"));
        assert!(!format!("{error}{}", printed(&error)).contains("canary"), "{error}");
    }
}

/// The key of these tests.
fn test_key() -> SecretKey {
    SecretKey::parse("sk_test_123").unwrap()
}

fn stand_in() -> ConnectBase {
    ConnectBase::stand_in("http://localhost:12111").unwrap()
}

/// A form to Stripe, decoded: its URL, its fields and its headers.
#[track_caller]
fn assert_form(request: &Request, url: &str, fields: &[(&str, &str)], more_headers: &[(&str, &str)]) {
    assert_eq!((request.method, &*request.url), (Method::Post, url));
    let sent: Vec<_> = form_urlencoded::parse(&request.body).into_owned().collect();
    assert_eq!(sent.iter().map(|(name, value)| (&**name, &**value)).collect::<Vec<_>>(), fields);
    let headers: Vec<_> = request.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let mut expected = vec![
        ("authorization", "Bearer sk_test_123"),
        ("accept", "application/json"),
        ("stripe-version", STRIPE_VERSION),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    expected.extend(more_headers);
    assert_eq!(headers, expected);
}

/// What Stripe refused, and why.
#[track_caller]
fn refused(status: u16, body: &str) -> (TokenProblem, StripeError, ExchangeError) {
    let reply = Response::json(status, body).with_header("request-id", "req_1");
    let error = read_token(&reply, Livemode::Test).unwrap_err();
    let ExchangeError::Refused { problem, error: stripe } = &error else { panic!("{body}: {error}") };
    assert_eq!((stripe.status, stripe.request_id.as_deref()), (status, Some("req_1")), "{body}");
    assert_eq!((error.problem(), error.stripe_error()), (Some(*problem), Some(stripe)));
    (*problem, stripe.clone(), error)
}

const SEE: &str = "see Stripe's description, and the request id in the dashboard's logs";

const MIXED: &str = "use a client_id and a secret_key of the same mode, both test or both live";

const CHECK_KEY: &str = "check secret_key: Stripe does not accept it";

fn account_id() -> AccountId {
    AccountId::parse("acct_1").unwrap()
}

/// An account's JSON with these fields over the usual ones.
fn account_json(fields: serde_json::Value) -> String {
    let mut json = serde_json::json!({
        "id": "acct_1", "object": "account", "type": "standard", "country": "FR", "email": "ada@example.com",
        "charges_enabled": true, "payouts_enabled": true, "details_submitted": true,
    });
    for (name, value) in fields.as_object().unwrap() {
        json[name] = value.clone();
    }
    json.to_string()
}

fn account(fields: serde_json::Value) -> Account {
    read_account(&Response::json(200, account_json(fields))).unwrap()
}

/// How often a request of `kind` is sent again when `reply` comes each time.
fn retries(kind: RetryKind, reply: Option<&Response>) -> usize {
    let mut retry = Retry::new(kind);
    let waits: Vec<_> = (0..9).map_while(|_| retry.after(reply, 0)).collect();
    assert_eq!(retry.retried(), !waits.is_empty());
    waits.len()
}

/// Bodies that are often nearly right.
fn body() -> impl Strategy<Value = String> {
    let words = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "null",
        "true",
        "7",
        "1e999",
        r#""error""#,
        r#""error_description""#,
        r#""stripe_user_id""#,
        r#""acct_1""#,
        r#""livemode""#,
        r#""false""#,
        r#""scope""#,
        r#""read_write""#,
        r#""id""#,
        r#""charges_enabled""#,
        r#""requirements""#,
        r#""disabled_reason""#,
        r#""url""#,
        r#""expires_at""#,
        r#""capabilities""#,
        r#""https://x.example/#\u0000""#,
        "é",
        "\u{0}",
    ];
    let whole = vec![FULL.to_owned(), account_json(serde_json::json!({})), r#"{"error":{"code":7}}"#.to_owned()];
    prop_oneof![
        prop::collection::vec(prop::sample::select(words.to_vec()), 0..16).prop_map(|words| words.concat()),
        any::<String>(),
        (prop::sample::select(whole), any::<prop::sample::Index>())
            .prop_map(|(text, at)| { text.chars().take(at.index(text.len())).collect() }),
    ]
}

const FULL: &str = r#"{"access_token":"sk_test_canary1","livemode":false,"refresh_token":"rt_canary2","token_type":"bearer",
    "stripe_publishable_key":"pk_test_1","stripe_user_id":"acct_1","scope":"read_write","some_day":{"more":[1]}}"#;
