//! The authorize endpoint: errors are shown as JSON, never redirected.

use super::*;

#[test]
fn an_unknown_client_id_is_refused_in_the_apis_shape() {
    for query in ["response_type=code&client_id=ca_other&state=s", "response_type=code", "client_id=pk_test_1"] {
        let refused = authorize(query);
        let body = json!({"error": {"message": "No application matches the supplied client identifier"}});
        assert_eq!((refused.status, json_of(&refused)), (400, body), "{query}");
    }
}

#[test]
fn a_missing_response_type_is_an_invalid_request() {
    assert_refused(&authorize("client_id=ca_test"), 400, "invalid_request", "No response type specified");
}

#[test]
fn any_response_type_but_code_is_unsupported() {
    let text = "Only 'code' response_type is supported, but 'token' was provided";
    assert_refused(&authorize("client_id=ca_test&response_type=token"), 400, "unsupported_response_type", text);
}

#[test]
fn a_scope_stripe_does_not_have_is_invalid() {
    let refused = authorize("client_id=ca_test&response_type=code&scope=admin");
    assert_refused(&refused, 400, "invalid_scope", "Invalid scope provided: admin.");
}

#[test]
fn a_redirect_uri_must_equal_a_registered_one_as_a_string() {
    let near_misses = [
        "https://shop.example/connect/callback/",
        "https://shop.example/connect/callback?",
        "https://shop.example:443/connect/callback",
        "https://SHOP.example/connect/callback",
        "http://shop.example/connect/callback",
    ];
    for uri in near_misses {
        let refused = authorize(&format!("client_id=ca_test&response_type=code&redirect_uri={uri}"));
        let text = format!(
            "Invalid redirect URI '{uri}'. Ensure this uri exactly matches one of the uris specified in your \
             application settings"
        );
        assert_refused(&refused, 400, "invalid_redirect_uri", &text);
    }
    assert_eq!(authorize(&format!("client_id=ca_test&response_type=code&redirect_uri={CALLBACK}")).status, 200);
}

#[test]
fn a_parameter_without_a_value_counts_as_left_out() {
    let mut sandbox = sandbox();
    let back = decide(
        &mut sandbox,
        "client_id=ca_test&scope=&redirect_uri=&state=&stripe_landing=",
        &format!("account={ACCOUNT}&decision=connect"),
    );
    let location = back.header("location").unwrap_or_else(|| panic!("{}", back.body));
    assert!(location.starts_with(&[CALLBACK, "?scope=read_only&code=ac_"].concat()), "{location}");
    assert!(!location.contains("state"), "{location}");
    let refused = authorize("client_id=ca_test&response_type=");
    assert_refused(&refused, 400, "invalid_request", "No response type specified");
}

#[test]
fn an_oauth_error_echoes_the_state() {
    let refused = authorize("client_id=ca_test&response_type=code&scope=admin&state=f%2Bd+%26");
    assert_eq!(json_of(&refused)["state"], "f+d &");
}

#[test]
fn a_decision_is_held_to_the_same_rules_as_the_page() {
    let refused = decide(&mut sandbox(), "client_id=ca_test&redirect_uri=https://evil.example", "decision=cancel");
    assert_eq!(json_of(&refused)["error"], "invalid_redirect_uri");
    assert_eq!(refused.header("location"), None);
}
