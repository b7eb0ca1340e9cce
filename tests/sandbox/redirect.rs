//! The redirect back.

use super::*;

#[test]
fn connecting_sends_scope_code_and_state_back() {
    let response = decide(
        &mut sandbox(),
        "client_id=ca_test&scope=read_write&state=a%26b",
        &format!("account={ACCOUNT}&decision=connect"),
    );
    assert_eq!(response.status, 303);
    let location = response.header("location").unwrap();
    let rest = location.strip_prefix("https://shop.example/connect/callback?scope=read_write&code=ac_").unwrap();
    let code = rest.strip_suffix("&state=a%26b").unwrap();
    assert!(code.len() == 32 && code.bytes().all(|b| b.is_ascii_alphanumeric()), "{code}");
}

#[test]
fn cancelling_sends_access_denied_and_state_back() {
    let response = decide(&mut sandbox(), "client_id=ca_test&state=s", "account=new&decision=cancel");
    let location = "https://shop.example/connect/callback?error=access_denied&error_description=The+user+denied+your+request&state=s";
    assert_eq!((response.status, response.header("location")), (303, Some(location)));
}

#[test]
fn no_state_comes_back_when_none_was_sent() {
    let response = decide(&mut sandbox(), "client_id=ca_test", "decision=cancel");
    assert!(!response.header("location").unwrap().contains("state"));
}

#[test]
fn a_redirect_uri_with_a_query_keeps_it() {
    let query = format!("client_id=ca_test&redirect_uri={WITH_QUERY}");
    let response = decide(&mut sandbox(), &query, "decision=cancel");
    assert!(
        response
            .header("location")
            .unwrap()
            .starts_with("https://shop.example/connect?from=stripe&error=access_denied&")
    );
}

#[test]
fn a_decision_without_button_or_account_goes_nowhere() {
    for form in ["", "decision=maybe", "decision=connect", "decision=connect&account=acct_unknown"] {
        let response = decide(&mut sandbox(), "client_id=ca_test", form);
        assert_eq!((response.status, response.header("location")), (400, None), "{form}");
    }
}
