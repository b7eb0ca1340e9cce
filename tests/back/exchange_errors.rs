//! What the exchange fails with, and what of it is told.

use super::*;

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
fn attack_13_a_credential_in_the_error_code_or_the_request_id_is_masked_too() {
    for body in [
        r#"{"error":"sk_live_canary"}"#,
        r#"{"error":{"type":"invalid_request_error","code":"sk_live_canary","message":"x"}}"#,
        r#"{"error":{"type":"sk_live_canary","message":"x"}}"#,
    ] {
        let reply = Response::json(400, body).with_header("request-id", "sk_test_canary");
        let error = read_token(&reply, Livemode::Test).unwrap_err();
        let stripe = error.stripe_error().unwrap();
        assert_eq!(stripe.error.as_deref(), Some("sk_[redacted]"), "{body}");
        assert_eq!(stripe.request_id.as_deref(), Some("sk_[redacted]"), "{body}");
        assert!(!format!("{error}{}", printed(&error)).contains("canary"), "{body}");
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
