//! Deauthorization, protocol §4.

use super::*;

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
