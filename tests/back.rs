//! The back channel: the one request that spends a code, and every answer Stripe may give to it.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects)]

use std::fmt::{Debug, Write};
use stripe_connect_oauth::ErrorCode::{InvalidValue, MissingParameter, TooLong, WrongCredential};
use stripe_connect_oauth::server::{
    ExchangeError, GrantProblem, Method, Request, Response, Secret, SecretKey, StripeError, TokenScope,
    code_exchange, read_token,
};
use stripe_connect_oauth::{AuthorizationCode, Callback, ConnectBase, Livemode, State, parse_callback};

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

#[test]
fn the_exchange_is_one_post_of_the_code_with_the_key_as_bearer() {
    let key = SecretKey::parse("sk_test_123").unwrap();
    let request = code_exchange(&ConnectBase::stripe(), &key, code("ac_1_a"));
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = vec![
        header("authorization", "Bearer sk_test_123"),
        header("content-type", "application/x-www-form-urlencoded"),
        header("accept", "application/json"),
    ];
    let body = "grant_type=authorization_code&code=ac_1_a".to_owned();
    let url = "https://connect.stripe.com/oauth/token".to_owned();
    assert!(request == Request { method: Method::Post, url, headers, body }, "{} {}", request.url, request.body);

    let stand_in = ConnectBase::stand_in("http://localhost:12111").unwrap();
    assert_eq!(code_exchange(&stand_in, &key, code("ac_1")).url, "http://localhost:12111/oauth/token");
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
    }
}

/// What Stripe refused, and why.
#[track_caller]
fn refused(status: u16, body: &str) -> (StripeError, ExchangeError) {
    let reply = Response::json(status, body).with_header("request-id", "req_1");
    let error = read_token(&reply, Livemode::Test).unwrap_err();
    let ExchangeError::Refused(stripe) = &error else { panic!("{body}: {error}") };
    assert_eq!((stripe.status, stripe.request_id.as_deref()), (status, Some("req_1")), "{body}");
    (stripe.clone(), error)
}

#[test]
fn every_refusal_of_a_code_is_told_apart_and_has_a_hint() {
    let mode = "use a client_id and a secret_key of the same mode, both test or both live";
    let rows = [
        (
            "Authorization code does not exist: ac_canary",
            Some("Authorization code does not exist: ac_[redacted]"),
            GrantProblem::NotFound,
            "the code is not known to Stripe: let the person connect again",
        ),
        (
            "This authorization code has already been used. All tokens issued with this code have been revoked.",
            None,
            GrantProblem::Used,
            "the code was used before, and Stripe has revoked what it gave: let the person connect again",
        ),
        (
            "Authorization code expired",
            None,
            GrantProblem::Expired,
            "a code lives for five minutes: let the person connect again",
        ),
        (
            "Authorization code provided does not belong to you",
            None,
            GrantProblem::NotYours,
            "secret_key and client_id belong to different platforms",
        ),
        (
            "Passed in livemode API key but authorization code only supports returning test keys",
            None,
            GrantProblem::Mode,
            mode,
        ),
        (
            "Passed in testmode API key but authorization code only supports returning live keys",
            None,
            GrantProblem::Mode,
            mode,
        ),
    ];
    for (description, masked, problem, hint) in rows {
        let body = format!(r#"{{"error":"invalid_grant","error_description":"{description}"}}"#);
        let (stripe, error) = refused(400, &body);
        let description = masked.unwrap_or(description);
        assert_eq!(stripe.error.as_deref(), Some("invalid_grant"));
        assert_eq!(stripe.description.as_deref(), Some(description));
        assert_eq!(stripe.grant_problem(), Some(problem), "{description}");
        assert_eq!(error.hint(), hint);
        assert_eq!(
            error.to_string(),
            format!("Stripe answered 400 invalid_grant: {description} (request req_1); {hint}")
        );
    }
}

#[test]
fn every_other_refusal_keeps_stripes_words() {
    let see = "see Stripe's description, and the request id in the dashboard's logs";
    let check = "check secret_key: Stripe does not accept it";
    let rows = [
        (400, "invalid_request", Some("No grant type specified"), see),
        (400, "invalid_request", Some("assert_capabilities expects capability: card_payments"), see),
        (400, "unsupported_grant_type", None, see),
        (400, "invalid_scope", Some("Invalid scope provided: invalid_scope."), see),
        (400, "unsupported_response_type", Some("Only 'code' response_type is supported"), see),
        (401, "invalid_client", Some("No authentication was provided."), check),
        (401, "invalid_client", Some("No such API key: Bearer"), check),
        (401, "new_code_not_recognized", Some("Something."), see),
    ];
    for (status, code, description, hint) in rows {
        let tail = description.map_or_else(String::new, |text| format!(r#","error_description":"{text}""#));
        let (stripe, error) = refused(status, &format!(r#"{{"error":"{code}"{tail}}}"#));
        assert_eq!((stripe.error.as_deref(), stripe.description.as_deref()), (Some(code), description));
        assert_eq!((stripe.grant_problem(), error.hint()), (None, hint), "{code}");
        let tail = description.map_or_else(String::new, |text| format!(": {text}"));
        assert_eq!(error.to_string(), format!("Stripe answered {status} {code}{tail} (request req_1); {hint}"));
    }
}

#[test]
fn the_apis_shape_of_an_error_is_read_too() {
    let check = "check secret_key: Stripe does not accept it";
    let body =
        r#"{"error":{"message":"Invalid API Key provided: sk_test_****123","type":"invalid_request_error"}}"#;
    let (stripe, error) = refused(401, body);
    assert_eq!(stripe.error.as_deref(), Some("invalid_request_error"));
    assert_eq!(stripe.description.as_deref(), Some("Invalid API Key provided: sk_[redacted]"));
    assert_eq!(error.hint(), check);

    let (stripe, _) = refused(403, r#"{"error":{"code":"forbidden","type":"api_error","message":"Gated."}}"#);
    assert_eq!((stripe.error.as_deref(), stripe.description.as_deref()), (Some("forbidden"), Some("Gated.")));
    let (stripe, _) = refused(429, r#"{"error":{"type":"rate_limit_error"}}"#);
    assert_eq!((stripe.error.as_deref(), stripe.description), (Some("rate_limit_error"), None));
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
        (200, r#"{"stripe_user_id":"acct_1","livemode":"false","scope":"read_write"}"#, None),
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
            let (stripe, error) = refused(401, &body);
            let printed = format!("{stripe}{error}{}{}", printed(&stripe), printed(&error));
            assert!(printed.contains("[redacted]") && !printed.contains("canary"), "{printed}");
            assert!(stripe.description.unwrap().ends_with(" here"), "the rest stays");
        }
    }
}

#[test]
fn stripes_words_are_capped_and_without_controls() {
    let body = format!(r#"{{"error":"x","error_description":"\u001b[31m\r\n{}"}}"#, "é".repeat(600));
    let description = refused(400, &body).0.description.unwrap();
    assert_eq!(description.chars().count(), 512);
    assert!(!description.contains(char::is_control));
}

#[test]
fn attack_13_no_secret_of_the_back_channel_is_printed() {
    let key = SecretKey::parse("sk_live_canary").unwrap();
    let request = code_exchange(&ConnectBase::stripe(), &key, code("ac_canary"));
    let reply = Response::json(200, FULL).with_header("set-cookie", "canary");
    let token = read_token(&reply, Livemode::Test).unwrap();
    let things: [&dyn Debug; 6] = [&key, &key.clone(), &request, &reply, &token, &Secret::new("canary".to_owned())];
    let mut all = String::new();
    for thing in things {
        all.write_str(&printed(thing)).unwrap();
    }
    assert!(!all.contains("canary"), "{all}");
    assert!(all.contains("SecretKey { livemode: Live, .. }"), "the mode may be seen");
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
        let request =
            Request { method: Method::Get, url: url.to_owned(), headers: Vec::new(), body: String::new() };
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
