//! The back channel: its requests, every answer Stripe may give to them, and what is sent again.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]
#![allow(clippy::type_complexity)] // a table's rows

use proptest::prelude::*;
use std::fmt::{Debug, Write};
use stripe_connect_oauth::ErrorCode::{InvalidValue, MissingParameter, TooLong, WrongCredential};
use stripe_connect_oauth::server::{
    Account, AccountError, AccountStatus, AccountType, DeauthorizeError, Deauthorized, DisabledReason,
    ExchangeError, IdempotencyKey, Method, NewAccount, NewAccountLink, NextStep, PlatformProblem, Request,
    Requirements, Response, Retry, RetryKind, Secret, SecretKey, StripeError, TokenProblem, TokenScope,
    check_assertion, code_exchange, create_account, create_account_link, deauthorize, on_behalf_of,
    probe_application, read_account, read_account_link, read_deauthorization, read_probe, read_refreshed_token,
    read_token, refresh, retrieve_account,
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

// The exchange.

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
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "application/json"),
    ];
    expected.extend(more_headers);
    assert_eq!(headers, expected);
}

#[test]
fn the_exchange_is_one_post_of_the_code_with_the_key_as_bearer() {
    let fields = [("grant_type", "authorization_code"), ("code", "ac_1_a")];
    for (base, flow, url) in [
        (ConnectBase::stripe(), Flow::Standard, "https://connect.stripe.com/oauth/token"),
        (ConnectBase::stripe(), Flow::Express, "https://connect.stripe.com/oauth/token"),
        (ConnectBase::stripe(), Flow::App, "https://api.stripe.com/v1/oauth/token"),
        (stand_in(), Flow::Standard, "http://localhost:12111/oauth/token"),
        (stand_in(), Flow::App, "http://localhost:12111/v1/oauth/token"),
    ] {
        assert_form(&code_exchange(&base, &test_key(), flow, code("ac_1_a"), &[]), url, &fields, &[]);
    }
}

#[test]
fn only_the_express_flow_asserts_capabilities() {
    let both = [Capability::Transfers, Capability::CardPayments];
    let exchange = |flow| code_exchange(&ConnectBase::stripe(), &test_key(), flow, code("ac_1"), &both);
    let body = |flow| exchange(flow).body_text().unwrap().to_owned();
    let sent: Vec<_> = form_urlencoded::parse(body(Flow::Express).as_bytes()).into_owned().skip(2).collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        sent,
        [pair("assert_capabilities[0]", "transfers"), pair("assert_capabilities[1]", "card_payments")]
    );
    assert!(!body(Flow::Standard).contains("assert") && !body(Flow::App).contains("assert"));
}

#[test]
fn what_may_be_asserted_is_said_beforehand() {
    let tax = [Capability::TaxReportingUs1099K];
    let misc = [Capability::Transfers, Capability::TaxReportingUs1099Misc];
    let elsewhere = "assert_capabilities belongs to the express flow only: leave it out";
    let others = "assert_capabilities may hold transfers and card_payments only";
    let rows: [(Flow, &[Capability], Option<&str>); 7] = [
        (Flow::Standard, &[], None),
        (Flow::App, &[], None),
        (Flow::Express, &[Capability::CardPayments, Capability::Transfers], None),
        (Flow::Standard, &[Capability::Transfers], Some(elsewhere)),
        (Flow::App, &[Capability::Transfers], Some(elsewhere)),
        (Flow::Express, &tax, Some(others)),
        (Flow::Express, &misc, Some(others)),
    ];
    for (flow, capabilities, message) in rows {
        let error = check_assertion(flow, capabilities).err();
        assert_eq!(error.as_ref().map(|error| error.message()), message, "{flow:?} {capabilities:?}");
        assert!(error.is_none_or(|error| error.code() == InvalidValue && error.param() == "assert_capabilities"));
    }
}

const FULL: &str = r#"{"access_token":"sk_test_canary1","livemode":false,"refresh_token":"rt_canary2","token_type":"bearer",
    "stripe_publishable_key":"pk_test_1","stripe_user_id":"acct_1","scope":"read_write","some_day":{"more":[1]}}"#;

#[test]
fn a_token_has_all_that_stripe_documents() {
    let token = read_token(&Response::json(200, FULL), Livemode::Test).unwrap();
    assert_eq!(token.stripe_user_id.as_str(), "acct_1");
    assert_eq!((token.livemode, token.scope), (Livemode::Test, TokenScope::ReadWrite));
    assert_eq!(token.access_token.as_ref().map(Secret::expose), Some("sk_test_canary1"));
    assert_eq!(token.refresh_token.as_ref().map(Secret::expose), Some("rt_canary2"));
    assert_eq!(token.stripe_publishable_key.as_deref(), Some("pk_test_1"));
}

#[test]
fn a_token_may_lack_what_stripe_has_deprecated() {
    for (scope, read) in [
        ("read_write", TokenScope::ReadWrite),
        ("read_only", TokenScope::ReadOnly),
        ("express", TokenScope::Express),
        ("stripe_apps", TokenScope::StripeApps),
    ] {
        let body = format!(r#"{{"stripe_user_id":"acct_1","livemode":true,"scope":"{scope}"}}"#);
        let token = read_token(&Response::json(200, body), Livemode::Live).unwrap();
        assert_eq!((token.scope, token.scope.as_str(), token.livemode), (read, scope, Livemode::Live));
        assert!(token.access_token.is_none() && token.refresh_token.is_none());
        assert_eq!(token.stripe_publishable_key, None);
    }
}

/// RFC 6749 §7.1. Its name's case does not matter (§5.1).
#[test]
fn an_access_token_of_another_type_is_none() {
    for (token_type, is_usable) in [
        (r#""bearer""#, true),
        (r#""Bearer""#, true),
        ("null", true),
        (r#""mac""#, false),
        (r#""""#, false),
        (r#""bearer ""#, false),
    ] {
        let body = FULL.replace(r#""token_type":"bearer""#, &format!(r#""token_type":{token_type}"#));
        let token = read_token(&Response::json(200, body), Livemode::Test).unwrap();
        assert_eq!(token.access_token.is_some(), is_usable, "{token_type}");
        assert_eq!(token.stripe_user_id.as_str(), "acct_1", "the account is connected all the same");
    }
}

#[test]
fn attack_6_a_connection_of_the_other_mode_is_no_connection() {
    let hint = "use a client_id and a secret_key of the same mode, both test or both live";
    for (livemode, key_mode) in [(true, Livemode::Test), (false, Livemode::Live)] {
        let body = format!(r#"{{"stripe_user_id":"acct_1","livemode":{livemode},"scope":"read_write"}}"#);
        let error = read_token(&Response::json(200, body), key_mode).unwrap_err();
        assert_eq!(error, ExchangeError::ModeMismatch { livemode: livemode.into() });
        assert_eq!(error.hint(), hint);
        let text = format!("Stripe connected the account with livemode {livemode}, the key's is the other; {hint}");
        assert_eq!(error.to_string(), text);
        assert_eq!((error.problem(), error.stripe_error()), (None, None));
    }
}

#[test]
fn a_mode_may_come_as_text() {
    for (text, mode) in [("true", Livemode::Live), ("false", Livemode::Test)] {
        let body = format!(r#"{{"stripe_user_id":"acct_1","livemode":"{text}","scope":"read_only"}}"#);
        assert_eq!(read_token(&Response::json(200, body), mode).unwrap().livemode, mode);
    }
}

#[test]
fn a_token_holds_the_capabilities_that_were_asserted() {
    use Capability::{CardPayments, Transfers};
    let rows: [(&str, &[Capability]); 7] = [
        (r#""transfers""#, &[Transfers]),
        (r#""transfers,card_payments""#, &[Transfers, CardPayments]),
        (r#""card_payments some_new_one transfers""#, &[CardPayments, Transfers]),
        (r#"["transfers",7]"#, &[Transfers]),
        ("null", &[]),
        (r#""""#, &[]),
        (r#"{"transfers":"active"}"#, &[]),
    ];
    for (capabilities, expected) in rows {
        let body = format!(
            r#"{{"stripe_user_id":"acct_1","livemode":false,"scope":"express","capabilities":{capabilities}}}"#
        );
        let token = read_token(&Response::json(200, body), Livemode::Test).unwrap();
        assert_eq!(token.capabilities, expected, "{capabilities}");
    }
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
const NO_AUTHENTICATION: &str = "No authentication was provided. Send your secret API key using the Authorization \
                                 header, or as a client_secret POST parameter.";

/// Protocol §3.4, row by row: status, `error`, description, the problem it is, its name, and what to do.
const TOKEN_ERRORS: [(u16, &str, Option<&str>, TokenProblem, &str, &str); 20] = [
    (
        400,
        "invalid_request",
        Some("No grant type specified"),
        TokenProblem::NoGrantType,
        "no_grant_type",
        "the form's fields did not reach Stripe: send the body with content-type application/x-www-form-urlencoded",
    ),
    (
        400,
        "invalid_request",
        Some("assert_capabilities expects capability: card_payments"),
        TokenProblem::CapabilityNotGranted,
        "capability_not_granted",
        "the account did not get the capability: let the person connect again, with it in suggested_capabilities \
         or without asserting it",
    ),
    (400, "invalid_request", Some("Something else."), TokenProblem::Other, "other", SEE),
    (
        400,
        "invalid_grant",
        Some("Authorization code does not exist: ac_[redacted]"),
        TokenProblem::CodeUnknown,
        "code_unknown",
        "the code is not known to Stripe: let the person connect again",
    ),
    (
        400,
        "invalid_grant",
        Some("This authorization code has already been used. All tokens issued with this code have been revoked."),
        TokenProblem::CodeUsed,
        "code_used",
        "the code was used before, and Stripe has revoked what it gave: let the person connect again",
    ),
    (
        400,
        "invalid_grant",
        Some("Authorization code expired"),
        TokenProblem::CodeExpired,
        "code_expired",
        "a code lives for five minutes: let the person connect again",
    ),
    (
        400,
        "invalid_grant",
        Some("Authorization code provided does not belong to you"),
        TokenProblem::CodeNotYours,
        "code_not_yours",
        "secret_key and client_id belong to different platforms",
    ),
    (
        400,
        "invalid_grant",
        Some("Passed in livemode API key but authorization code only supports returning test keys"),
        TokenProblem::ModeMismatch,
        "mode_mismatch",
        MIXED,
    ),
    (
        400,
        "invalid_grant",
        Some("Passed in testmode API key but authorization code only supports returning live keys"),
        TokenProblem::ModeMismatch,
        "mode_mismatch",
        MIXED,
    ),
    (400, "invalid_grant", Some("Another reason."), TokenProblem::Other, "other", SEE),
    (
        400,
        "unsupported_grant_type",
        None,
        TokenProblem::UnsupportedGrantType,
        "unsupported_grant_type",
        "the body was changed on its way: send the request as it was built",
    ),
    (
        400,
        "invalid_scope",
        Some("Invalid scope provided: invalid_scope."),
        TokenProblem::InvalidScope,
        "invalid_scope",
        "ask for read_write or read_only, and for no more than the connection was granted",
    ),
    (
        400,
        "unsupported_response_type",
        Some("Only 'code' response_type is supported, but 'unsupported_response_type' was provided"),
        TokenProblem::UnsupportedResponseType,
        "unsupported_response_type",
        "ask for response_type code in the authorize URL, and let the person connect again",
    ),
    (
        401,
        "invalid_client",
        Some(NO_AUTHENTICATION),
        TokenProblem::NoAuthentication,
        "no_authentication",
        "the key did not reach Stripe: send the authorization header, and check what stands in between",
    ),
    (
        401,
        "invalid_client",
        Some("No such API key: Bearer"),
        TokenProblem::UnknownKey,
        "unknown_key",
        "Stripe knows no such key: secret_key is deleted, cut off, or not a Stripe key",
    ),
    (
        401,
        "invalid_client",
        Some("No such API key: XXXXXXX"),
        TokenProblem::UnknownKey,
        "unknown_key",
        "Stripe knows no such key: secret_key is deleted, cut off, or not a Stripe key",
    ),
    (401, "invalid_client", Some("Another reason."), TokenProblem::InvalidKey, "invalid_key", CHECK_KEY),
    (400, "invalid_client", Some("Another reason."), TokenProblem::Other, "other", SEE),
    (401, "new_code_not_recognized", Some("Something."), TokenProblem::Other, "other", SEE),
    (
        429,
        "rate_limit",
        Some("Too many requests."),
        TokenProblem::RateLimited,
        "rate_limited",
        "Stripe asks for fewer requests at a time: try again in a moment",
    ),
];

#[test]
fn every_refusal_of_the_token_endpoint_is_told_apart_and_has_a_hint() {
    for (status, code, description, problem, name, hint) in TOKEN_ERRORS {
        let tail = description.map_or_else(String::new, |text| format!(r#","error_description":"{text}""#));
        let (read, stripe, error) = refused(status, &format!(r#"{{"error":"{code}"{tail}}}"#));
        assert_eq!((stripe.error.as_deref(), stripe.description.as_deref()), (Some(code), description));
        assert_eq!((read, read.as_str(), error.hint()), (problem, name, hint), "{code} {description:?}");
        let tail = description.map_or_else(String::new, |text| format!(": {text}"));
        assert_eq!(error.to_string(), format!("Stripe answered {status} {code}{tail} (request req_1); {hint}"));
    }
}

#[test]
fn a_code_that_stripe_repeats_is_masked() {
    let body = r#"{"error":"invalid_grant","error_description":"Authorization code does not exist: ac_canary"}"#;
    let (problem, stripe, error) = refused(400, body);
    assert_eq!(problem, TokenProblem::CodeUnknown);
    assert_eq!(stripe.description.as_deref(), Some("Authorization code does not exist: ac_[redacted]"));
    assert!(!format!("{error}{}", printed(&error)).contains("canary"));
}

#[test]
fn the_apis_shape_of_a_bad_key_is_read_too() {
    let publishable = "Publishable key sent, but only secret keys can be used";
    let rows = [
        (401, "Invalid API Key provided: sk_test_****123", TokenProblem::InvalidKey, CHECK_KEY),
        (400, "Invalid API Key provided: sk_test_****123", TokenProblem::InvalidKey, CHECK_KEY),
        (
            401,
            publishable,
            TokenProblem::PublishableKey,
            "secret_key is a publishable key: give the one that begins with sk_",
        ),
        (400, "Another mistake.", TokenProblem::Other, SEE),
    ];
    for (status, message, problem, hint) in rows {
        let body = format!(r#"{{"error":{{"message":"{message}","type":"invalid_request_error"}}}}"#);
        let (read, stripe, error) = refused(status, &body);
        assert_eq!(stripe.error.as_deref(), Some("invalid_request_error"));
        assert_eq!(stripe.description, Some(message.replace("sk_test_****123", "sk_[redacted]")));
        assert_eq!((read, error.hint()), (problem, hint), "{message}");
    }
    assert_eq!(TokenProblem::PublishableKey.as_str(), "publishable_key");

    let expired = r#"{"error":{"code":"api_key_expired","message":"Expired.","type":"invalid_request_error"}}"#;
    assert_eq!(refused(401, expired).0, TokenProblem::InvalidKey);
    let (_, stripe, _) = refused(403, r#"{"error":{"code":"forbidden","type":"api_error","message":"Gated."}}"#);
    assert_eq!((stripe.error.as_deref(), stripe.description.as_deref()), (Some("forbidden"), Some("Gated.")));
    let (problem, stripe, _) = refused(429, r#"{"error":{"type":"rate_limit_error"}}"#);
    assert_eq!((stripe.error.as_deref(), stripe.description), (Some("rate_limit_error"), None));
    assert_eq!(problem, TokenProblem::RateLimited);
}

#[test]
fn an_answer_that_cannot_be_read_is_unknown_and_never_sent_again() {
    let hint = "do not send the code again: let the person connect once more, which heals either case";
    let page = "<html><body>Bad gateway canary</body></html>";
    let rows = [
        (502, page, None),
        (500, r#"{"error":{"type":"api_error","message":"An error occurred"}}"#, Some("api_error")),
        (503, r#"{"error":"temporarily_unavailable"}"#, Some("temporarily_unavailable")),
        (400, page, None),
        (400, r#"{"error":"invalid_gra"#, None),
        (400, r#"{"error":null}"#, None),
        (400, r#"{"error":7}"#, None),
        (400, r#"{"error":{"message":"No application matches"}}"#, None),
        (400, "{}", None),
        (400, "", None),
        (302, "", None),
        (307, page, None),
        (204, "", None),
        (302, r#"{"stripe_user_id":"acct_1","livemode":false,"scope":"read_write"}"#, None),
        (201, r#"{"stripe_user_id":"acct_1","livemode":false,"scope":"read_write"}"#, None),
        (200, "", None),
        (200, page, None),
        (200, "null", None),
        (200, "[]", None),
        (200, r#"{"stripe_user_id":"acct_1","livemode":false,"scope":"read_wri"#, None),
        (200, r#"{"livemode":false,"scope":"read_write"}"#, None),
        (200, r#"{"stripe_user_id":"acct_1","scope":"read_write"}"#, None),
        (200, r#"{"stripe_user_id":"acct_1","livemode":false}"#, None),
        (200, r#"{"stripe_user_id":"acct_1","livemode":"no","scope":"read_write"}"#, None),
        (200, r#"{"stripe_user_id":"acct_1","livemode":0,"scope":"read_write"}"#, None),
        (200, r#"{"stripe_user_id":"acc_1","livemode":false,"scope":"read_write"}"#, None),
        (200, r#"{"stripe_user_id":"acct_<script>","livemode":false,"scope":"read_write"}"#, None),
        (200, r#"{"stripe_user_id":"acct_1","livemode":false,"scope":"everything"}"#, None),
        (200, r#"{"error":"invalid_grant"}"#, Some("invalid_grant")),
    ];
    for (status, body, error_code) in rows {
        let reply = Response::new(status, "text/html", body)
            .with_header("location", "https://evil.example/")
            .with_header("request-id", "req_9");
        let error = read_token(&reply, Livemode::Test).unwrap_err();
        let ExchangeError::Unknown(stripe) = &error else { panic!("{status} {body}: {error}") };
        assert_eq!((stripe.status, stripe.request_id.as_deref()), (status, Some("req_9")), "{body}");
        assert_eq!(stripe.error.as_deref(), error_code, "{body}");
        assert_eq!(error.hint(), hint);
        assert!(!format!("{error}{}", printed(&error)).contains("canary"), "no body is repeated");
    }
    let reply = Response::new(502, "text/html", page);
    let error = read_token(&reply, Livemode::Test).unwrap_err();
    assert_eq!(error.to_string(), format!("Stripe answered 502 without a readable error; {hint}"));
}

#[test]
fn a_success_that_cannot_be_read_says_which_field_it_was_and_never_its_value() {
    let reply = |body: &str| Response::json(200, body).with_header("request-id", "req_9");
    let changed = |whole: &str, from: &str, to: &str| {
        assert!(whole.contains(from), "{from}");
        whole.replace(from, to)
    };
    let account = account_json(serde_json::json!({}));
    let link = r#"{"url":"https://connect.stripe.com/x","expires_at":1}"#;
    let of_token = |body: &str| read_token(&reply(body), Livemode::Test).unwrap_err().to_string();
    let of_refresh = |body: &str, flow| read_refreshed_token(&reply(body), Livemode::Test, flow).unwrap_err();
    let of_connect = |body: &str| of_refresh(body, Flow::Standard).to_string();
    let of_app = |body: &str| of_refresh(body, Flow::App).to_string();
    let of_account = |body: &str| read_account(&reply(body)).unwrap_err().to_string();
    let of_link = |body: &str| read_account_link(&reply(body)).unwrap_err().to_string();
    let of_end = |body: &str| read_deauthorization(&reply(body), &account_id()).unwrap_err().to_string();
    type Read<'a> = &'a dyn Fn(&str) -> String;
    let rows: [(Read<'_>, String, &str); 22] = [
        (&of_token, "<html>canary".to_owned(), "its JSON"),
        (&of_token, changed(FULL, r#""stripe_user_id":"acct_1","#, ""), "stripe_user_id"),
        (&of_token, changed(FULL, "acct_1", "acct_canary!"), "stripe_user_id"),
        (&of_token, changed(FULL, r#""acct_1""#, r#"["canary"]"#), "stripe_user_id"),
        (&of_token, changed(FULL, r#""livemode":false"#, r#""livemode":"canary""#), "livemode"),
        (&of_token, changed(FULL, "read_write", "canary"), "scope"),
        (&of_token, changed(FULL, r#""scope":"read_write","#, ""), "scope"),
        (&of_connect, changed(FULL, r#""stripe_user_id":"acct_1","#, ""), "stripe_user_id"),
        (&of_connect, changed(FULL, r#""livemode":false,"#, ""), "livemode"),
        (&of_connect, changed(FULL, "read_write", "canary"), "scope"),
        (&of_app, changed(FULL, r#""refresh_token":"rt_canary2","#, ""), "refresh_token"),
        (&of_app, changed(FULL, r#""rt_canary2""#, r#"{"canary":1}"#), "refresh_token"),
        (&of_account, changed(&account, r#""id":"acct_1""#, r#""id":"acc_canary""#), "id"),
        (
            &of_account,
            changed(&account, r#""charges_enabled":true"#, r#""charges_enabled":"canary""#),
            "charges_enabled",
        ),
        (
            &of_account,
            changed(&account, r#""payouts_enabled":true"#, r#""payouts_enabled":null"#),
            "payouts_enabled",
        ),
        (&of_account, changed(&account, r#""details_submitted":true"#, r#""details":true"#), "details_submitted"),
        (&of_account, changed(&account, r#""email":"ada@example.com""#, r#""email":7"#), "email"),
        (&of_link, changed(link, "https", "canary"), "url"),
        (&of_link, changed(link, "expires_at", "expires"), "expires_at"),
        (&of_link, "[]".to_owned(), "its JSON"),
        (&of_end, "{}".to_owned(), "stripe_user_id"),
        (&of_end, r#"{"stripe_user_id":"acct_canary"}"#.to_owned(), "stripe_user_id"),
    ];
    for (read, body, field) in rows {
        let error = read(&body);
        let start = format!("Stripe answered 200 and {field} is missing or odd (request req_9); ");
        assert!(error.starts_with(&start), "{body}: {error}");
        assert!(!error.contains("canary"), "{error}");
    }
}

#[test]
fn a_token_is_read_as_the_libraries_fixtures_and_an_apps_reply_have_it() {
    let fixture = r#"{"access_token":"sk_test_x","livemode":false,"refresh_token":"rt_x","token_type":"bearer",
        "stripe_publishable_key":"pk_test_x","stripe_user_id":"acct_test_token","scope":"read_only"}"#;
    let token = read_token(&Response::json(200, fixture), Livemode::Test).unwrap();
    assert_eq!((token.stripe_user_id.as_str(), token.scope), ("acct_test_token", TokenScope::ReadOnly));
    let renamed = fixture.replace("stripe_user_id", "account_id");
    let token = read_token(&Response::json(200, renamed), Livemode::Test).unwrap();
    assert_eq!(token.stripe_user_id.as_str(), "acct_test_token");
    for odd in [r#""refresh_token":7"#, r#""refresh_token":null"#] {
        let body = fixture.replace(r#""refresh_token":"rt_x""#, odd);
        let token = read_token(&Response::json(200, body), Livemode::Test).unwrap();
        assert!(token.refresh_token.is_none() && token.access_token.is_some(), "{odd} costs no connection");
    }
}

#[test]
fn no_answer_at_all_is_unknown() {
    let ExchangeError::Unknown(stripe) = ExchangeError::no_answer() else { panic!("not unknown") };
    assert_eq!((stripe.status, stripe.request_id, stripe.error, stripe.description), (0, None, None, None));
    assert_eq!(
        ExchangeError::no_answer().to_string(),
        "Stripe did not answer; do not send the code again: let the person connect once more, which heals either case"
    );
}

#[test]
fn attack_13_what_stripe_repeats_of_a_credential_is_masked() {
    let words = [
        "sk_live_canary",
        "rk_live_canary",
        "pk_live_canary",
        "ac_canary",
        "rt_canary",
        "whsec_canary",
        "'sk_test_canary'.",
        "(ac_canary)",
        "key=sk_live_canary",
        "No\\tsuch\\nkey:\\u0000sk_test_canary",
    ];
    for word in words {
        for body in [
            format!(r#"{{"error":"invalid_client","error_description":"No such API key: {word} here"}}"#),
            format!(r#"{{"error":{{"type":"invalid_request_error","message":"No such API key: {word} here"}}}}"#),
        ] {
            let (_, stripe, error) = refused(401, &body);
            let printed = format!("{stripe}{error}{}{}", printed(&stripe), printed(&error));
            assert!(printed.contains("[redacted]") && !printed.contains("canary"), "{printed}");
            assert!(stripe.description.unwrap().ends_with(" here"), "the rest stays");
        }
    }
}

#[test]
fn stripes_words_are_capped_and_without_controls() {
    let body = format!(r#"{{"error":"x","error_description":"\u001b[31m\r\n{}"}}"#, "é".repeat(600));
    let description = refused(400, &body).1.description.unwrap();
    assert_eq!(description.chars().count(), 512);
    assert!(!description.contains(char::is_control));
}

#[test]
fn attack_13_no_secret_of_the_back_channel_is_printed() {
    let key = SecretKey::parse("sk_live_canary").unwrap();
    let base = ConnectBase::stripe();
    let request = code_exchange(&base, &key, Flow::Standard, code("ac_canary"), &[]);
    let refreshing = refresh(&base, &key, Flow::App, &Secret::new("rt_canary".to_owned()), None);
    let reply = Response::json(200, FULL).with_header("set-cookie", "canary");
    let token = read_token(&reply, Livemode::Test).unwrap();
    let link = Response::json(200, r#"{"url":"https://connect.stripe.com/setup/s/canary","expires_at":1}"#);
    let link = read_account_link(&link).unwrap();
    let secret = Secret::new("canary".to_owned());
    let things: [&dyn Debug; 8] = [&key, &key.clone(), &request, &refreshing, &reply, &token, &link, &secret];
    let mut all = String::new();
    for thing in things {
        all.write_str(&printed(thing)).unwrap();
    }
    assert!(!all.contains("canary"), "{all}");
    assert!(all.contains("SecretKey { livemode: Live, .. }"), "the mode may be seen");
}

// The refresh.

#[test]
fn a_refresh_is_a_post_of_the_refresh_token_with_a_narrower_scope_at_most() {
    let refresh_token = Secret::new("rt_1".to_owned());
    let plain = [("grant_type", "refresh_token"), ("refresh_token", "rt_1")];
    let narrow = [plain[0], plain[1], ("scope", "read_only")];
    let connect = "https://connect.stripe.com/oauth/token";
    let apps = "https://api.stripe.com/v1/oauth/token";
    let rows: [(Flow, Option<Scope>, &str, &[(&str, &str)]); 5] = [
        (Flow::Standard, None, connect, &plain),
        (Flow::Standard, Some(Scope::ReadOnly), connect, &narrow),
        (Flow::Express, Some(Scope::ReadOnly), connect, &plain),
        (Flow::App, None, apps, &plain),
        (Flow::App, Some(Scope::ReadOnly), apps, &plain),
    ];
    for (flow, scope, url, fields) in rows {
        let request = refresh(&ConnectBase::stripe(), &test_key(), flow, &refresh_token, scope);
        assert_form(&request, url, fields, &[]);
    }
    let request = refresh(&stand_in(), &test_key(), Flow::App, &refresh_token, None);
    assert_eq!(request.url, "http://localhost:12111/v1/oauth/token");
}

#[test]
fn a_refused_refresh_token_is_explained_and_never_repeated() {
    let longest = format!("rt_{}", "a".repeat(252));
    for good in ["rt_1", "rt_aB_9", &longest] {
        assert_eq!(Secret::refresh_token(good).unwrap().expose(), good);
    }
    let fix = "give the one that came with the account, which begins with rt_";
    let unlike = format!("is not a refresh token: {fix}");
    let rows = [
        ("", MissingParameter, format!("is missing: {fix}")),
        (&*format!("{longest}a"), TooLong, "is longer than 255 bytes".to_owned()),
        ("rt_", InvalidValue, unlike.clone()),
        ("canary", InvalidValue, unlike.clone()),
        ("rt_canary\r\nx-evil: 1", InvalidValue, unlike.clone()),
        ("rt_canary&scope=read_write", InvalidValue, unlike),
        ("ca_canary", WrongCredential, format!("is a client id, not a refresh token: {fix}")),
    ];
    for (text, code, what) in rows {
        let error = Secret::refresh_token(text).unwrap_err();
        assert_eq!(
            (error.code(), error.param(), error.message()),
            (code, "refresh_token", &*format!("refresh_token {what}"))
        );
        assert!(!format!("{error}{error:?}").contains("canary"));
    }
}

#[test]
fn a_refresh_gives_a_token_of_the_keys_mode() {
    for (livemode, mode, other) in [(true, Livemode::Live, Livemode::Test), (false, Livemode::Test, Livemode::Live)]
    {
        let body = format!(
            r#"{{"stripe_user_id":"acct_1","livemode":{livemode},"scope":"read_only","refresh_token":"rt_2"}}"#
        );
        let reply = Response::json(200, body);
        let token = read_refreshed_token(&reply, mode, Flow::Standard).unwrap();
        assert_eq!((token.livemode, token.scope), (Some(mode), Some(TokenScope::ReadOnly)));
        assert_eq!(token.stripe_user_id.unwrap().as_str(), "acct_1");
        assert_eq!(token.refresh_token.as_ref().map(Secret::expose), Some("rt_2"), "the rolled one");
        let error = read_refreshed_token(&reply, other, Flow::Standard).unwrap_err();
        assert_eq!(error, ExchangeError::ModeMismatch { livemode: mode });
    }
}

#[test]
fn a_refresh_token_that_stripe_does_not_take_is_told_from_a_code() {
    let hint = "the refresh token is revoked, replaced by a newer one, or another platform's: let the person connect again";
    let rows = [
        ("invalid_grant", "Refresh token does not exist: rt_canary", TokenProblem::RefreshTokenUnknown),
        ("invalid_grant", "This refresh_token does not belong to you", TokenProblem::RefreshTokenUnknown),
        ("invalid_grant", "Something undocumented", TokenProblem::RefreshTokenUnknown),
        ("invalid_grant", "Passed in livemode API key, but …", TokenProblem::ModeMismatch),
        ("invalid_scope", "Invalid scope provided: everything.", TokenProblem::InvalidScope),
        ("invalid_client", "No such API key: Bearer", TokenProblem::UnknownKey),
    ];
    for (code, description, problem) in rows {
        let body = format!(r#"{{"error":"{code}","error_description":"{description}"}}"#);
        let reply = Response::json(if code == "invalid_client" { 401 } else { 400 }, body);
        for flow in [Flow::Standard, Flow::App] {
            let error = read_refreshed_token(&reply, Livemode::Test, flow).unwrap_err();
            assert_eq!(error.problem(), Some(problem), "{description}");
            assert!(!format!("{error}{error:?}").contains("canary"));
            if problem == TokenProblem::RefreshTokenUnknown {
                assert_eq!((error.hint(), problem.as_str()), (hint, "refresh_token_unknown"));
            }
        }
    }
    // An exchange knows it by Stripe's words alone.
    let body = r#"{"error":"invalid_grant","error_description":"Refresh token does not exist: rt_1"}"#;
    assert_eq!(refused(400, body).0, TokenProblem::RefreshTokenUnknown);
}

/// The old one is dead.
#[test]
fn an_apps_new_refresh_token_is_kept_whatever_else_is_missing() {
    let read = |body: &str| read_refreshed_token(&Response::json(200, body), Livemode::Test, Flow::App);
    let whole = r#"{"access_token":"sk_x","livemode":false,"refresh_token":"rt_new","scope":"stripe_apps",
        "stripe_publishable_key":"pk_x","account_id":"acct_1","token_type":"bearer"}"#;
    let token = read(whole).unwrap();
    assert_eq!(token.stripe_user_id.as_ref().map(|id| id.as_str()), Some("acct_1"));
    assert_eq!((token.livemode, token.scope), (Some(Livemode::Test), Some(TokenScope::StripeApps)));
    assert_eq!(token.access_token.as_ref().map(Secret::expose), Some("sk_x"));
    for (from, to) in [
        (r#""account_id":"acct_1","#, ""),
        ("acct_1", "user 7"),
        (r#""scope":"stripe_apps","#, ""),
        ("stripe_apps", "everything"),
        (r#""livemode":false,"#, ""),
        (r#""livemode":false"#, r#""livemode":"perhaps""#),
        (r#""livemode":false"#, r#""livemode":true"#),
        (r#""access_token":"sk_x""#, r#""access_token":7"#),
        (r#""token_type":"bearer""#, r#""token_type":{}"#),
        (r#""stripe_publishable_key":"pk_x""#, r#""stripe_publishable_key":[]"#),
    ] {
        assert!(whole.contains(from), "{from}");
        let token = read(&whole.replace(from, to)).unwrap();
        assert_eq!(token.refresh_token.as_ref().map(Secret::expose), Some("rt_new"), "{to}");
    }
    let bare = read(r#"{"refresh_token":"rt_new"}"#).unwrap();
    assert!(bare.stripe_user_id.is_none() && bare.livemode.is_none() && bare.scope.is_none());
    for without in [r#"{"access_token":"sk_x"}"#, r#"{"refresh_token":""}"#, r#"{"refresh_token":null}"#, "{}"] {
        let error = read(without).unwrap_err();
        assert!(matches!(error, ExchangeError::RefreshUnknown(_)), "{without}: {error}");
    }
}

#[test]
fn an_ambiguous_refresh_loses_nothing_on_connect_and_may_lose_the_token_on_apps() {
    let rows = [
        (500, "", false),
        (502, "<html>", false),
        (302, "", false),
        (200, "<html>", false),
        (429, r#"{"error":{"type":"rate_limit_error"}}"#, true),
        (409, r#"{"error":{"type":"idempotency_error"}}"#, true),
    ];
    for (status, body, is_untouched) in rows {
        let reply = Response::json(status, body);
        for flow in [Flow::Standard, Flow::Express] {
            let error = read_refreshed_token(&reply, Livemode::Test, flow).unwrap_err();
            assert!(matches!(error, ExchangeError::Unavailable(_)), "{status}: {error}");
            assert_eq!(error.hint(), "nothing is lost: try again in a moment");
        }
        let error = read_refreshed_token(&reply, Livemode::Test, Flow::App).unwrap_err();
        match error {
            ExchangeError::Unavailable(_) if is_untouched => {}
            ExchangeError::RefreshUnknown(_) if !is_untouched => assert_eq!(
                error.hint(),
                "Stripe may have replaced the refresh token without telling: let the person connect again"
            ),
            _ => panic!("{status}: {error}"),
        }
    }
    assert!(matches!(ExchangeError::no_refresh(Flow::App), ExchangeError::RefreshUnknown(_)));
    assert!(matches!(ExchangeError::no_refresh(Flow::Express), ExchangeError::Unavailable(_)));
}

// Deauthorization, protocol §4.

fn account_id() -> AccountId {
    AccountId::parse("acct_1").unwrap()
}

#[test]
fn a_deauthorization_names_the_application_and_the_account() {
    let client_id = ClientId::parse("ca_123").unwrap();
    let fields = [("client_id", "ca_123"), ("stripe_user_id", "acct_1")];
    for (base, url) in [
        (ConnectBase::stripe(), "https://connect.stripe.com/oauth/deauthorize"),
        (stand_in(), "http://localhost:12111/oauth/deauthorize"),
    ] {
        assert_form(&deauthorize(&base, &test_key(), &client_id, &account_id()), url, &fields, &[]);
    }
}

#[test]
fn deauthorize_is_done_when_stripe_answers_with_the_account() {
    let read = |body: &str| read_deauthorization(&Response::json(200, body), &account_id());
    assert_eq!(read(r#"{"stripe_user_id":"acct_1"}"#), Ok(Deauthorized::Done));
    for body in [r#"{"stripe_user_id":"acct_2"}"#, "{}", "", "<html>", r#"{"error":"invalid_client"}"#] {
        let Err(DeauthorizeError::Unknown(stripe)) = read(body) else { panic!("{body}") };
        assert_eq!(stripe.status, 200);
    }
}

#[test]
fn deauthorize_tells_its_causes_apart_by_text() {
    type Make = fn(StripeError) -> DeauthorizeError;
    let controlled = "the platform controls this account, and can only reject it: POST /v1/accounts/:id/reject";
    let check = "check secret_key and client_id: Stripe does not accept them";
    let again = "send it again: an account that is disconnected already is no mistake";
    let rows: [(u16, &str, Option<&str>, Make, &str); 12] = [
        (
            401,
            "invalid_client",
            Some("No such application: ca_123"),
            DeauthorizeError::NotYours,
            "client_id is not an application of the platform that secret_key is of",
        ),
        (401, "no_deauth_on_controlled_account", None, DeauthorizeError::Controlled, controlled),
        (
            401,
            "invalid_client",
            Some("no_deauth_on_controlled_account: use reject"),
            DeauthorizeError::Controlled,
            controlled,
        ),
        (401, "invalid_client", Some("Passed in livemode API key but …"), DeauthorizeError::ModeMismatch, MIXED),
        (401, "invalid_client", Some("This is a test mode application."), DeauthorizeError::ModeMismatch, MIXED),
        (400, "invalid_request", Some("Missing client_id"), DeauthorizeError::Refused, SEE),
        (401, "invalid_client", Some("No such API key: Bearer"), DeauthorizeError::Refused, check),
        (401, "invalid_request_error", Some("Invalid API Key provided"), DeauthorizeError::Refused, check),
        (401, "new_code", Some("is not connected to stripe account"), DeauthorizeError::Refused, check),
        (500, "server_error", None, DeauthorizeError::Unknown, again),
        (429, "rate_limit", None, DeauthorizeError::Unknown, again),
        (409, "conflict", None, DeauthorizeError::Unknown, again),
    ];
    for (status, code, description, make, hint) in rows {
        let tail = description.map_or_else(String::new, |text| format!(r#","error_description":"{text}""#));
        let reply = Response::json(status, format!(r#"{{"error":"{code}"{tail}}}"#)).with_header("request-id", "r");
        let error = read_deauthorization(&reply, &account_id()).unwrap_err();
        assert_eq!(error, make(error.stripe_error().clone()), "{code} {description:?}");
        assert_eq!(error.hint(), hint);
        let tail = description.map_or_else(String::new, |text| format!(": {text}"));
        assert_eq!(error.to_string(), format!("Stripe answered {status} {code}{tail} (request r); {hint}"));
    }
    for (status, body) in [(302, ""), (400, "<html>"), (503, "<html>")] {
        let error = read_deauthorization(&Response::json(status, body), &account_id()).unwrap_err();
        assert!(matches!(error, DeauthorizeError::Unknown(_)), "{status}");
    }
    assert_eq!(DeauthorizeError::no_answer().to_string(), format!("Stripe did not answer; {again}"));
}

#[test]
fn an_account_that_is_not_connected_is_disconnected_already() {
    for text in [
        "This application is not connected to stripe account acct_1, or that account does not exist.",
        "No such user: acct_1",
    ] {
        let body = format!(r#"{{"error":"invalid_client","error_description":"{text}"}}"#);
        let read = read_deauthorization(&Response::json(401, body), &account_id());
        assert_eq!(read, Ok(Deauthorized::AlreadyDisconnected));
    }
}

#[test]
fn a_probe_names_the_application_and_an_account_that_cannot_be() {
    let client_id = ClientId::parse("ca_123").unwrap();
    let fields = [("client_id", "ca_123"), ("stripe_user_id", "acct_made_up")];
    let url = "https://connect.stripe.com/oauth/deauthorize";
    assert_form(&probe_application(&ConnectBase::stripe(), &test_key(), &client_id), url, &fields, &[]);
}

#[test]
fn a_probe_proves_key_and_client_id_by_what_stripe_says_of_the_account_alone() {
    type Verdict = fn(&Result<(), DeauthorizeError>) -> bool;
    let proven: Verdict = |verdict| verdict.is_ok();
    let others: Verdict = |verdict| matches!(verdict, Err(DeauthorizeError::NotYours(_)));
    let unsure: Verdict =
        |verdict| matches!(verdict, Err(error) if !matches!(error, DeauthorizeError::NotYours(_)));
    let rows: [(u16, &str, &str, Verdict); 12] = [
        (401, "invalid_client", "This application is not connected to stripe account acct_made_up, or …", proven),
        (401, "invalid_client", "No such user: acct_made_up", proven),
        (401, "invalid_client", "No such application: ca_123", others),
        (401, "invalid_client", "No such API key: sk_test_1", unsure),
        (401, "invalid_client", "Passed in livemode API key but the application is in testmode", unsure),
        (401, "invalid_client", "", unsure),
        (401, "invalid_request_error", "Invalid API Key provided: not connected to stripe account", unsure),
        (403, "more_permissions_required", "The provided key does not have the required permissions", unsure),
        (400, "invalid_request", "No stripe_user_id specified", unsure),
        (429, "rate_limit", "is not connected to stripe account", unsure),
        (500, "server_error", "Sorry", unsure),
        (200, "", "", unsure),
    ];
    for (status, error, description, verdict) in rows {
        let body = serde_json::json!({ "error": error, "error_description": description }).to_string();
        let read = read_probe(&Response::json(status, body));
        assert!(verdict(&read), "{status} {error} {description}: {read:?}");
    }
    let page = read_probe(&Response::html(503, "<h1>is not connected to stripe account</h1>"));
    assert!(unsure(&page) && unsure(&read_probe(&Response::json(200, r#"{"stripe_user_id":"acct_made_up"}"#))));
}

// The account, protocol §6.

#[test]
fn an_account_is_retrieved_from_the_api_as_the_platform() {
    for (base, url) in [
        (ConnectBase::stripe(), "https://api.stripe.com/v1/accounts/acct_1"),
        (stand_in(), "http://localhost:12111/v1/accounts/acct_1"),
    ] {
        let request = retrieve_account(&base, &test_key(), &account_id());
        assert_eq!((request.method, &*request.url, &*request.body), (Method::Get, url, &b""[..]));
        assert_eq!(request.header("authorization"), Some("Bearer sk_test_123"));
        assert_eq!(request.header("stripe-account"), None, "the path says whose it is");
    }
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

#[test]
fn an_account_has_what_the_api_documents() {
    let read = account(serde_json::json!({
        "requirements": {
            "currently_due": ["a"], "past_due": ["b"], "eventually_due": ["c", "d"], "pending_verification": ["e"],
            "current_deadline": 1_700_000_000, "disabled_reason": "requirements.past_due", "errors": [],
            "alternatives": null,
        },
        "some_day": [1],
    }));
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let expected = Account {
        id: account_id(),
        account_type: AccountType::Standard,
        charges_enabled: true,
        payouts_enabled: true,
        details_submitted: true,
        requirements: Requirements {
            currently_due: list(&["a"]),
            past_due: list(&["b"]),
            eventually_due: list(&["c", "d"]),
            pending_verification: list(&["e"]),
            current_deadline: Some(1_700_000_000),
            disabled_reason: Some(DisabledReason::RequirementsPastDue),
        },
        country: Some("FR".to_owned()),
        email: Some("ada@example.com".to_owned()),
    };
    assert_eq!(read, expected);

    let bare = account(serde_json::json!({ "email": null, "country": null, "requirements": null }));
    assert_eq!((bare.email, bare.country, bare.requirements), (None, None, Requirements::default()));
    let nulls = serde_json::json!({ "requirements": { "currently_due": null, "disabled_reason": null } });
    assert_eq!(account(nulls).requirements, Requirements::default());
}

#[test]
fn every_kind_of_account_is_read_also_from_old_versions_of_the_api() {
    for (fields, word) in [
        (serde_json::json!({ "type": "standard" }), "standard"),
        (serde_json::json!({ "type": "express" }), "express"),
        (serde_json::json!({ "type": "custom" }), "custom"),
        (serde_json::json!({ "type": "none" }), "none"),
        (serde_json::json!({ "type": "new_kind" }), "new_kind"),
        (serde_json::json!({ "type": null }), "none"),
        (serde_json::json!({ "type": null, "managed": false }), "standard"),
        (serde_json::json!({ "type": null, "managed": true }), "custom"),
    ] {
        assert_eq!(account(fields).account_type.as_str(), word);
    }
    let old = r#"{"id":"acct_1","object":"account","managed":false,"display_name":"Ada","charges_enabled":true,
        "transfers_enabled":false,"details_submitted":true,"country":"FR","email":"ada@example.com"}"#;
    let old = read_account(&Response::json(200, old)).unwrap();
    assert_eq!((old.payouts_enabled, old.account_type), (false, AccountType::Standard));
    assert!(!account(serde_json::json!({ "payouts_enabled": false, "transfers_enabled": true })).payouts_enabled);
}

#[test]
fn every_disabled_reason_makes_one_status_and_one_next_step() {
    let rows = [
        ("action_required.requested_capabilities", AccountStatus::CapabilitiesNeeded, NextStep::PlatformActs),
        ("listed", AccountStatus::InReview, NextStep::Wait),
        ("other", AccountStatus::InReview, NextStep::Wait),
        ("platform_paused", AccountStatus::Paused, NextStep::PlatformActs),
        ("rejected.fraud", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.incomplete_verification", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.listed", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.other", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.platform_fraud", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.platform_other", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.platform_terms_of_service", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.terms_of_service", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.for_a_new_reason", AccountStatus::Rejected, NextStep::AskStripe),
        ("requirements.past_due", AccountStatus::InformationOverdue, NextStep::GiveInformation),
        ("requirements.pending_verification", AccountStatus::InReview, NextStep::Wait),
        ("under_review", AccountStatus::InReview, NextStep::Wait),
        ("a_new_reason", AccountStatus::Disabled, NextStep::AskStripe),
    ];
    for (reason, status, step) in rows {
        let read = account(serde_json::json!({
            "charges_enabled": false, "payouts_enabled": false, "requirements": { "disabled_reason": reason },
        }));
        let kept = read.requirements.disabled_reason.as_ref().unwrap();
        let is_known = !reason.contains("new_reason");
        assert_eq!((kept.as_str(), !matches!(kept, DisabledReason::Unrecognized(_))), (reason, is_known));
        assert_eq!((read.status(), read.status().next_step()), (status, step), "{reason}");
    }
}

#[test]
fn charges_payouts_details_and_requirements_make_one_status() {
    use AccountStatus as Status;
    let due = serde_json::json!({ "currently_due": ["individual.id_number"] });
    let past_due = serde_json::json!({ "past_due": ["individual.id_number"] });
    let some_day = serde_json::json!({ "eventually_due": ["individual.id_number"] });
    let pending = serde_json::json!({ "pending_verification": ["individual.id_number"] });
    let rejected = serde_json::json!({ "disabled_reason": "rejected.fraud" });
    let paused = serde_json::json!({ "disabled_reason": "platform_paused" });
    let reviewed = serde_json::json!({ "disabled_reason": "under_review" });
    let nothing = serde_json::json!({});
    let rows = [
        (true, true, true, &nothing, Status::Active),
        (true, true, true, &some_day, Status::Active),
        (true, true, true, &pending, Status::Active),
        (true, true, true, &due, Status::InformationDue),
        (true, true, true, &past_due, Status::InformationDue),
        (true, false, true, &nothing, Status::PayoutsPaused),
        (false, true, true, &nothing, Status::ChargesPaused),
        (false, false, true, &nothing, Status::Disabled),
        (true, false, true, &due, Status::InformationOverdue),
        (false, true, true, &past_due, Status::InformationOverdue),
        (false, false, true, &pending, Status::InReview),
        (true, false, true, &pending, Status::InReview),
        (true, false, true, &reviewed, Status::InReview),
        (true, true, false, &nothing, Status::FinishOnboarding),
        (false, false, false, &due, Status::FinishOnboarding),
        (false, false, false, &reviewed, Status::FinishOnboarding),
        (false, false, false, &rejected, Status::Rejected),
        (false, false, false, &paused, Status::Paused),
        (true, true, true, &paused, Status::Paused),
    ];
    for (charges, payouts, details, requirements, status) in rows {
        let read = account(serde_json::json!({
            "charges_enabled": charges, "payouts_enabled": payouts, "details_submitted": details,
            "requirements": requirements,
        }));
        assert_eq!(read.status(), status, "{charges} {payouts} {details} {requirements}");
    }
}

#[test]
fn every_status_has_a_name_a_next_step_and_a_hint() {
    use AccountStatus as Status;
    let rows = [
        (Status::Active, "active", "nothing", "Your Stripe account is ready."),
        (
            Status::InformationDue,
            "information_due",
            "give_information",
            "Your Stripe account works. Stripe needs some more information to keep it so: please give it soon.",
        ),
        (
            Status::FinishOnboarding,
            "finish_onboarding",
            "give_information",
            "Your Stripe account is not finished. Please complete the remaining steps with Stripe.",
        ),
        (
            Status::InformationOverdue,
            "information_overdue",
            "give_information",
            "Stripe has limited your account until it gets some information. Please give it to Stripe.",
        ),
        (
            Status::CapabilitiesNeeded,
            "capabilities_needed",
            "platform_acts",
            "We have to ask Stripe to enable your account. There is nothing you need to do.",
        ),
        (
            Status::InReview,
            "in_review",
            "wait",
            "Stripe is checking your account. This can take some days; please wait.",
        ),
        (
            Status::PayoutsPaused,
            "payouts_paused",
            "ask_stripe",
            "Your account takes payments, but Stripe does not pay them out. Please look into your Stripe dashboard.",
        ),
        (
            Status::ChargesPaused,
            "charges_paused",
            "ask_stripe",
            "Your account can't take payments at the moment. Please look into your Stripe dashboard.",
        ),
        (Status::Paused, "paused", "platform_acts", "We have paused your account. Please ask us why."),
        (
            Status::Rejected,
            "rejected",
            "ask_stripe",
            "This Stripe account was closed and can't be used. Please ask Stripe's support.",
        ),
        (
            Status::Disabled,
            "disabled",
            "ask_stripe",
            "Stripe has disabled your account. Please ask Stripe's support.",
        ),
    ];
    for (status, name, step, hint) in rows {
        assert_eq!((status.as_str(), status.next_step().as_str(), status.hint()), (name, step, hint));
    }
}

#[test]
fn access_is_denied_by_code_or_by_text_and_by_nothing_else() {
    type Make = fn(StripeError) -> AccountError;
    let gone = "The provided key 'sk_test_canary' does not have access to account 'acct_1' (or that account does not \
                exist). Application access may have been revoked.";
    let connect = "Only Stripe Connect platforms can work with other accounts.";
    let again = "try again in a moment, with the same idempotency_key where there is one";
    let revoked = "the account's owner disconnected it: let the person connect again; but if no client_id was given, \
                   secret_key may be another platform's, so end nothing before you are sure";
    let not_a_platform: Make =
        |error| AccountError::PlatformNotReady { problem: PlatformProblem::NotAPlatform, error };
    let no_link = "You requested an account link for an account that is not connected to your platform or does not \
                   exist.";
    let rows: [(u16, Option<&str>, &str, Make, &str); 23] = [
        (403, Some("account_invalid"), gone, AccountError::Revoked, revoked),
        (403, Some("account_invalid"), "", AccountError::Revoked, revoked),
        (403, None, gone, AccountError::Revoked, revoked),
        (400, None, no_link, AccountError::Revoked, revoked),
        (404, None, no_link, AccountError::Revoked, revoked),
        (401, Some("platform_api_key_expired"), "Expired API Key", AccountError::Revoked, revoked),
        (403, Some("platform_account_required"), connect, not_a_platform, PlatformProblem::NotAPlatform.hint()),
        (
            403,
            None,
            "This account may not do that.",
            AccountError::MissingPermission,
            "secret_key may not do this: see Stripe's description",
        ),
        (
            403,
            Some("more_permissions_required_for_application"),
            "",
            AccountError::MissingPermission,
            "the key or the app lacks a permission: add it in the dashboard or in the app's manifest",
        ),
        (
            403,
            Some("more_permissions_required"),
            "",
            AccountError::MissingPermission,
            "the key or the app lacks a permission: add it in the dashboard or in the app's manifest",
        ),
        (403, None, "Application access may have been revoked.", AccountError::Revoked, revoked),
        (400, None, gone, AccountError::Revoked, revoked),
        (
            401,
            None,
            "Expired API Key provided. Platform access may have been revoked.",
            AccountError::Revoked,
            revoked,
        ),
        (400, Some("account_invalid"), "No such account", AccountError::Refused, SEE),
        (409, None, gone, AccountError::Unavailable, again),
        (401, None, "Invalid API Key provided: sk_test_canary", AccountError::Refused, CHECK_KEY),
        (
            404,
            Some("resource_missing"),
            "No such account",
            AccountError::Refused,
            "there is no such account for this key: check its mode",
        ),
        (
            400,
            Some("idempotency_error"),
            "Keys for idempotent requests",
            AccountError::Refused,
            "the idempotency_key was used for a request with other parameters: give another one",
        ),
        (400, Some("email_invalid"), "Invalid email", AccountError::Refused, SEE),
        (409, Some("idempotency_key_in_use"), "", AccountError::Unavailable, again),
        (429, Some("rate_limit"), "", AccountError::Unavailable, again),
        (500, Some("account_invalid"), "", AccountError::Unavailable, again),
        (503, None, "", AccountError::Unavailable, again),
    ];
    for (status, code, message, make, hint) in rows {
        let body = serde_json::json!({
            "error": { "type": "invalid_request_error", "code": code, "message": message },
        });
        let reply = Response::json(status, body.to_string());
        for error in [read_account(&reply).unwrap_err(), read_account_link(&reply).unwrap_err()] {
            assert_eq!(error, make(error.stripe_error().clone()), "{status} {code:?}");
            assert_eq!(error.hint(), hint, "{code:?}");
            let code = code.unwrap_or("invalid_request_error");
            let start = format!("Stripe answered {status} {code}: ");
            assert!(error.to_string().starts_with(&start) && error.to_string().ends_with(&format!("; {hint}")));
            assert!(!format!("{error}{}", printed(&error)).contains("canary"));
        }
    }
    assert_eq!(AccountError::no_answer().to_string(), format!("Stripe did not answer; {again}"));
}

#[test]
fn an_account_that_cannot_be_read_is_unavailable_and_not_revoked() {
    let html = "<html>canary</html>".to_owned();
    let odd_id = account_json(serde_json::json!({ "id": "acc_1" }));
    let no_charges = account_json(serde_json::json!({ "charges_enabled": null }));
    let no_payouts = account_json(serde_json::json!({ "payouts_enabled": null }));
    let no_details = account_json(serde_json::json!({ "details_submitted": "yes" }));
    let odd_requirements = account_json(serde_json::json!({ "requirements": { "currently_due": "everything" } }));
    let rows = [
        (200, html.clone()),
        (200, String::new()),
        (200, "null".to_owned()),
        (200, odd_id),
        (200, no_charges),
        (200, no_payouts),
        (200, no_details),
        (200, odd_requirements),
        (302, html.clone()),
        (404, html),
    ];
    for (status, body) in rows {
        let error = read_account(&Response::json(status, &*body)).unwrap_err();
        assert!(matches!(error, AccountError::Unavailable(_)), "{status} {body}: {error}");
        assert!(!format!("{error}{error:?}").contains("canary"));
    }
    let page = read_account(&Response::json(403, "<html>")).unwrap_err();
    assert!(matches!(page, AccountError::MissingPermission(_)), "a gateway's 403 revokes nothing");
}

#[test]
fn revoked_counts_only_with_the_key_of_the_right_platform() {
    let revoked = || AccountError::Revoked(StripeError { status: 403, ..StripeError::no_answer() });
    let doubt = |error: &str, description: &str| {
        let body = serde_json::json!({ "error": error, "error_description": description }).to_string();
        read_probe(&Response::json(401, body).with_header("request-id", "req_2"))
    };
    let proven = doubt("invalid_client", "This application is not connected to stripe account acct_made_up");
    assert_eq!(revoked().proven(proven), revoked());

    let others = revoked().proven(doubt("invalid_client", "No such application: ca_123"));
    let hint = "secret_key is of another platform than client_id, so nothing is known of the account: give the key of \
                client_id's platform, and end nothing";
    assert_eq!(
        others.to_string(),
        format!(
            "Stripe answered 403 without a readable error; asked for client_id, Stripe answered 401 invalid_client: No \
             such application: ca_123 (request req_2); {hint}"
        )
    );
    assert_eq!((others.hint(), others.stripe_error().status), (hint, 403));

    let hint = "whether secret_key is of client_id's platform is not sure, so nothing is known of the account: end \
                nothing, and check both";
    for unsure in [doubt("new_code", "Something."), Err(DeauthorizeError::no_answer())] {
        let error = revoked().proven(unsure);
        assert!(matches!(error, AccountError::Unreachable { .. }) && error.hint() == hint, "{error}");
    }
    let refused = AccountError::Refused(StripeError::no_answer());
    assert_eq!(refused.clone().proven(Err(DeauthorizeError::no_answer())), refused);
}

/// What Stripe says to a platform that may not make accounts, in its own words, and the code of Accounts v2.
const NOT_READY: [(PlatformProblem, &str, &str, &str); 17] = [
    (
        PlatformProblem::NotSignedUp,
        "You can only create new accounts if you've signed up for Connect, which you can do at \
         https://dashboard.stripe.com/connect.",
        "platform_registration_required",
        "https://dashboard.stripe.com/connect",
    ),
    (
        PlatformProblem::NotSignedUp,
        "You can only create new accounts if you've signed up for Connect, which you can learn how to do at \
         https://stripe.com/docs/connect.",
        "",
        "https://dashboard.stripe.com/connect",
    ),
    (
        PlatformProblem::ResponsibilitiesNotAcknowledged,
        "Please review the responsibilities of managing losses for connected accounts at \
         https://dashboard.stripe.com/settings/connect/platform-profile.",
        "account_creation_liability_unacknowledged",
        "https://dashboard.stripe.com/settings/connect/platform-profile",
    ),
    (
        PlatformProblem::ResponsibilitiesNotAcknowledged,
        "Please review the responsibilities of collecting requirements for connected accounts at \
         https://dashboard.stripe.com/settings/connect/platform-profile.",
        "account_creation_requirement_collection_unacknowledged",
        "https://dashboard.stripe.com/settings/connect/platform-profile",
    ),
    (
        PlatformProblem::ResponsibilitiesNotAcknowledged,
        "",
        "account_creation_requirement_collection_and_liability_unacknowledged",
        "https://dashboard.stripe.com/settings/connect/platform-profile",
    ),
    (
        PlatformProblem::ProfileNotCompleted,
        "You must complete your platform profile to use Connect and create live connected accounts. Visit your \
         dashboard at https://dashboard.stripe.com/connect/accounts/overview to answer the questionnaire.",
        "connect_profile_not_submitted",
        "https://dashboard.stripe.com/connect/accounts/overview",
    ),
    (
        PlatformProblem::ProfileNotCompleted,
        "",
        "connect_identity_not_verified",
        "https://dashboard.stripe.com/connect/accounts/overview",
    ),
    (
        PlatformProblem::NotActivated,
        "Your account must be activated in order to create accounts. You can activate your accounts at \
         https://dashboard.stripe.com/account/onboarding.",
        "account_create_activation_required",
        "https://dashboard.stripe.com/account/onboarding",
    ),
    (
        PlatformProblem::AccountsV1Closed,
        "Stripe no longer recommends Accounts v1 for new Connect integrations. Create connected accounts with POST \
         /v2/core/accounts instead: https://docs.stripe.com/api/v2/core/accounts.",
        "",
        "https://dashboard.stripe.com/settings/developers/api-policies/feat_accounts_v1_support",
    ),
    (
        PlatformProblem::AccountTokenRequired,
        "Connect platforms based in FR must create Custom accounts via account tokens.",
        "account_token_required_for_v2_account",
        "https://docs.stripe.com/connect/account-tokens",
    ),
    (
        PlatformProblem::ControllerNotSupported,
        "When stripe_dashboard[type]=express, your platform must collect fees and be liable for negative balances.",
        "account_controller_express_dash_without_application_losses_or_fees",
        "https://dashboard.stripe.com/settings/connect",
    ),
    (
        PlatformProblem::ControllerNotSupported,
        "When stripe_dashboard[type]=none and requirement_collection=stripe, Stripe must be liable.",
        "account_controller_stripe_pricing_platform_liable",
        "https://dashboard.stripe.com/settings/connect",
    ),
    (
        PlatformProblem::NotAPlatform,
        "Only Stripe Connect platforms can work with other accounts. If you specified a client_id parameter, make \
         sure it's correct.",
        "platform_account_required",
        "https://dashboard.stripe.com/connect",
    ),
    (PlatformProblem::NotAPlatform, "", "platform_account_required", "give the platform's key"),
    (PlatformProblem::NotSignedUp, "", "platform_registration_required", "Get started"),
    (PlatformProblem::NotActivated, "", "account_create_activation_required", "review"),
    (PlatformProblem::AccountTokenRequired, "", "account_token_required_for_v2_account", "account of their own"),
];

#[test]
fn what_the_platforms_operator_must_mend_is_told_apart_by_text_or_code_with_the_page_to_do_it() {
    for (problem, message, code, page) in NOT_READY {
        let bodies = [
            serde_json::json!({ "error": { "type": "invalid_request_error", "message": message } }),
            serde_json::json!({ "error": { "code": code, "message": "Something else." } }),
        ];
        for (body, given) in bodies.into_iter().zip([message, code]) {
            for status in [400, 403].into_iter().filter(|_| !given.is_empty()) {
                let reply = Response::json(status, body.to_string());
                for error in [read_account(&reply).unwrap_err(), read_account_link(&reply).unwrap_err()] {
                    assert_eq!(error.problem(), Some(problem), "{status} {given}");
                    assert_eq!(error.hint(), problem.hint());
                    assert!(error.hint().contains(page) && error.to_string().ends_with(error.hint()), "{error}");
                }
            }
        }
    }
    let names: std::collections::HashSet<_> = NOT_READY.iter().map(|(problem, ..)| problem.as_str()).collect();
    assert_eq!(names.len(), 8);
    // Another's failure, or being busy, says nothing of the platform.
    for status in [409, 429, 500] {
        let body = serde_json::json!({ "error": { "code": "platform_account_required", "message": "" } });
        let error = read_account(&Response::json(status, body.to_string())).unwrap_err();
        assert!(matches!(error, AccountError::Unavailable(_)), "{status}");
    }
}

// Deferred activation.

#[test]
fn a_standard_account_is_made_from_a_country_and_an_email() {
    let key = IdempotencyKey::parse("user-1").unwrap();
    let new = NewAccount::new("FR", "ada+shop@example.com").unwrap();
    let fields = [("type", "standard"), ("country", "FR"), ("email", "ada+shop@example.com")];
    for (base, url) in [
        (ConnectBase::stripe(), "https://api.stripe.com/v1/accounts"),
        (stand_in(), "http://localhost:12111/v1/accounts"),
    ] {
        let request = create_account(&base, &test_key(), &new, &key);
        assert_form(&request, url, &fields, &[("idempotency-key", "user-1")]);
    }
}

#[test]
fn a_new_account_that_stripe_would_refuse_is_named() {
    let missing = "is missing: a new account needs country and email";
    let code = "must be a code of two capital letters such as CA";
    let email = "must be an e-mail address such as ada@example.com";
    let rows = [
        ("", "ada@example.com", "country", MissingParameter, missing),
        ("FR", "", "email", MissingParameter, missing),
        ("fr", "ada@example.com", "country", InvalidValue, code),
        ("FRA", "ada@example.com", "country", InvalidValue, code),
        ("FR", "ada", "email", InvalidValue, email),
    ];
    for (country, address, param, error_code, what) in rows {
        let error = NewAccount::new(country, address).unwrap_err();
        assert_eq!((error.param(), error.code()), (param, error_code));
        assert_eq!(error.message(), format!("{param} {what}"));
    }
    let long = format!("{}@example.com", "a".repeat(500));
    assert_eq!(NewAccount::new("FR", &long).unwrap_err().code(), TooLong);
}

#[test]
fn an_account_link_is_for_onboarding_with_both_urls() {
    let key = IdempotencyKey::parse("link-1").unwrap();
    let (again, back) = ("https://shop.example/again?x=1", "https://shop.example/back");
    let link = NewAccountLink::new(&account_id(), again, back, Livemode::Live).unwrap();
    let fields =
        [("account", "acct_1"), ("refresh_url", again), ("return_url", back), ("type", "account_onboarding")];
    for (base, url) in [
        (ConnectBase::stripe(), "https://api.stripe.com/v1/account_links"),
        (stand_in(), "http://localhost:12111/v1/account_links"),
    ] {
        let request = create_account_link(&base, &test_key(), &link, &key);
        assert_form(&request, url, &fields, &[("idempotency-key", "link-1")]);
    }
}

#[test]
fn an_account_links_urls_have_https_in_live_mode() {
    let good = "https://shop.example/x";
    let missing = "is missing: give an absolute URL of your site";
    let rows = [
        ("", Livemode::Test, missing),
        ("/back", Livemode::Test, "must be absolute and begin with https://"),
        ("http://localhost:8787/x", Livemode::Live, "must use https in live mode"),
        ("http://shop.example/x", Livemode::Test, "must use https, or http on localhost"),
        ("https://shop.example/x#y", Livemode::Test, "must not have a fragment"),
    ];
    for (bad, livemode, what) in rows {
        for (refresh, back, param) in [(bad, good, "refresh_url"), (good, bad, "return_url")] {
            let error = NewAccountLink::new(&account_id(), refresh, back, livemode).unwrap_err();
            assert_eq!((error.param(), error.message()), (param, &*format!("{param} {what}")));
        }
    }
    let local = "http://localhost:8787/x";
    assert!(NewAccountLink::new(&account_id(), local, local, Livemode::Test).is_ok());
}

#[test]
fn an_account_link_is_one_safe_url_with_an_end() {
    let read = |body: &str| read_account_link(&Response::json(200, body));
    for url in ["https://connect.stripe.com/setup/s/1#part", "http://localhost:12111/setup/1"] {
        let body =
            format!(r#"{{"object":"account_link","created":1700000000,"expires_at":1700000300,"url":"{url}"}}"#);
        let link = read(&body).unwrap();
        assert_eq!((link.url.expose(), link.expires_at), (url, 1_700_000_300));
    }
    for body in [
        "",
        "{}",
        r#"{"url":"https://connect.stripe.com/x"}"#,
        r#"{"expires_at":1}"#,
        r#"{"url":"javascript:alert(1)","expires_at":1}"#,
        r#"{"url":"http://connect.stripe.com/x","expires_at":1}"#,
        r#"{"url":"/x","expires_at":1}"#,
        r#"{"url":"https://connect.stripe.com/x\r\nset-cookie: y","expires_at":1}"#,
    ] {
        assert!(matches!(read(body), Err(AccountError::Unavailable(_))), "{body}");
    }
}

#[test]
fn an_idempotency_key_is_a_random_uuid_or_visible_ascii() {
    assert_eq!(IdempotencyKey::from_random([0xff; 16]).as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    assert_eq!(IdempotencyKey::from_random([0; 16]).as_str(), "00000000-0000-4000-8000-000000000000");
    let ordered: Vec<u8> = (0x10..0x20).collect();
    let ordered = IdempotencyKey::from_random(ordered.try_into().unwrap());
    assert_eq!(ordered.as_str(), "10111213-1415-4617-9819-1a1b1c1d1e1f");

    let longest = "k".repeat(255);
    for good in ["1", "user-1:account", &longest] {
        assert_eq!(IdempotencyKey::parse(good).unwrap().as_str(), good);
    }
    let plain = "idempotency_key must be visible ASCII characters, without spaces";
    let rows = [
        (String::new(), "idempotency_key is missing: leave it out, or give a text that is this operation's alone"),
        ("k".repeat(256), "idempotency_key is longer than 255 characters"),
        ("a b".to_owned(), plain),
        ("a\r\nx: y".to_owned(), plain),
        ("é".to_owned(), plain),
    ];
    for (bad, message) in rows {
        assert_eq!(IdempotencyKey::parse(&bad).unwrap_err().message(), message);
    }
}

// On behalf of an account.

#[test]
fn a_call_on_behalf_of_an_account_carries_the_platforms_key_and_the_account() {
    let headers = on_behalf_of(&test_key(), &account_id());
    let headers: Vec<_> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(headers, [("authorization", "Bearer sk_test_123"), ("stripe-account", "acct_1")]);
}

// Retries, protocol §3.5 and §6.1.

/// How often a request of `kind` is sent again when `reply` comes each time.
fn retries(kind: RetryKind, reply: Option<&Response>) -> usize {
    let mut retry = Retry::new(kind);
    let waits: Vec<_> = (0..9).map_while(|_| retry.after(reply, 0)).collect();
    assert_eq!(retry.retried(), !waits.is_empty());
    waits.len()
}

#[test]
fn a_code_is_never_sent_again_and_nor_is_what_is_not_idempotent() {
    let rows = [
        (RetryKind::CodeExchange, 0),
        (RetryKind::Refresh(Flow::Standard), 2),
        (RetryKind::Refresh(Flow::Express), 2),
        (RetryKind::Refresh(Flow::App), 0),
        (RetryKind::Deauthorize, 2),
        (RetryKind::ApiGet, 2),
        (RetryKind::ApiPost { idempotency_key: true }, 2),
        (RetryKind::ApiPost { idempotency_key: false }, 0),
    ];
    let told = Response::json(400, "").with_header("stripe-should-retry", "true");
    for (kind, times) in rows {
        for reply in [None, Some(&Response::json(500, "")), Some(&told)] {
            assert_eq!(retries(kind, reply), times, "{kind:?}");
        }
    }
}

#[test]
fn what_is_sent_again_is_decided_by_stripes_header_and_then_by_the_status() {
    let locked = r#"{"error":{"type":"invalid_request_error","code":"lock_timeout"}}"#;
    let limited = r#"{"error":{"type":"invalid_request_error","code":"rate_limit"}}"#;
    let rows = [
        (500, "", None, true),
        (502, "<html>", None, true),
        (503, "", None, true),
        (504, "", None, true),
        (599, "", None, true),
        (409, "", None, true),
        (429, locked, None, true),
        (429, limited, None, false),
        (429, "", None, false),
        (400, locked, None, false),
        (400, "", None, false),
        (401, "", None, false),
        (402, "", None, false),
        (403, "", None, false),
        (404, "", None, false),
        (200, "", None, false),
        (302, "", None, false),
        (500, "", Some("false"), false),
        (409, "", Some("false"), false),
        (429, locked, Some("false"), false),
        (400, "", Some("true"), true),
        (429, limited, Some("true"), true),
        (200, "", Some("true"), false),
        (302, "", Some("true"), false),
        (500, "", Some("maybe"), true),
        (400, "", Some("maybe"), false),
    ];
    for (status, body, header, again) in rows {
        let mut reply = Response::json(status, body);
        if let Some(value) = header {
            reply = reply.with_header("stripe-should-retry", value);
        }
        let times = retries(RetryKind::ApiGet, Some(&reply));
        assert_eq!(times, if again { 2 } else { 0 }, "{status} {body} {header:?}");
    }
}

#[test]
fn the_waits_double_and_are_spread_and_are_half_a_second_at_least() {
    for (random, second) in [(0, 500), (u32::MAX / 2, 749), (1 << 31, 750), (u32::MAX, 999)] {
        let mut retry = Retry::new(RetryKind::ApiGet);
        let waits: Vec<_> = (0..3).map_while(|_| retry.after(None, random)).collect();
        assert_eq!(waits, [500, second]);
    }
}

#[test]
fn an_answer_that_stripe_saved_for_the_key_is_not_asked_for_again() {
    let post = RetryKind::ApiPost { idempotency_key: true };
    for status in [500, 503] {
        let reply = Response::json(status, "");
        assert_eq!(retries(post, Some(&reply)), 2, "{status}");
        for told in ["true", "false"] {
            let saved = reply.clone().with_header("stripe-should-retry", told);
            assert_eq!(retries(post, Some(&saved.with_header("idempotent-replayed", "true"))), 0, "{status}");
        }
    }
}

// Whatever comes.

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

proptest! {
    #[test]
    fn no_answer_of_stripes_makes_a_reader_panic_or_repeat_it(status in 0_u16..1000, body in body(), header in ".*") {
        let reply = Response::json(status, format!("{body}canary"))
            .with_header("request-id", &*header)
            .with_header("stripe-should-retry", &*header);
        let mut errors = Vec::new();
        errors.extend(read_token(&reply, Livemode::Test).err().map(|error| error.to_string()));
        for flow in [Flow::Standard, Flow::Express, Flow::App] {
            errors.extend(read_refreshed_token(&reply, Livemode::Live, flow).err().map(|error| error.to_string()));
        }
        errors.extend(read_deauthorization(&reply, &account_id()).err().map(|error| error.to_string()));
        errors.extend(read_probe(&reply).err().map(|error| error.to_string()));
        errors.extend(read_account(&reply).map(|account| account.status()).err().map(|error| error.to_string()));
        errors.extend(read_account_link(&reply).err().map(|error| error.to_string()));
        prop_assert!(errors.iter().all(|error| !error.contains("canary")));
        prop_assert!(retries(RetryKind::ApiGet, Some(&reply)) <= 2);
        prop_assert_eq!(retries(RetryKind::CodeExchange, Some(&reply)), 0);
    }

    #[test]
    fn only_a_whole_token_is_a_token(status in 200_u16..600, body in body()) {
        let reply = Response::json(status, &*body);
        if let Ok(token) = read_token(&reply, Livemode::Test) {
            prop_assert_eq!(status, 200);
            prop_assert!(body.contains(token.stripe_user_id.as_str()));
        }
    }
}

// A message's parts, which the handler decides by.

#[test]
fn a_requests_origin_path_and_query_are_those_of_its_url() {
    let rows = [
        ("https://shop.example/connect/callback?code=1#x", "https://shop.example", "/connect/callback", "code=1"),
        ("https://shop.example:8443?x=/y?z", "https://shop.example:8443", "/", "x=/y?z"),
        ("https://shop.example#?x", "https://shop.example", "/", ""),
        ("http://localhost/a/b", "http://localhost", "/a/b", ""),
    ];
    for (url, origin, path, query) in rows {
        let request = Request { method: Method::Get, url: url.to_owned(), headers: Vec::new(), body: Vec::new() };
        assert_eq!((request.origin(), request.path(), request.query()), (origin, path, query), "{url}");
    }
}

#[test]
fn a_methods_name_is_case_sensitive() {
    for (name, method) in
        [("GET", Method::Get), ("HEAD", Method::Head), ("POST", Method::Post), ("get", Method::Other)]
    {
        assert_eq!(Method::parse(name), method);
    }
}
