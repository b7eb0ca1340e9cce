//! Secrets don't print.

use super::{test, *};

#[test]
fn attack_13_no_code_and_no_state_is_printed() {
    let state = State::from_random(*b"canary-canary-canary-canary-cana");
    let query = CallbackQuery::read(&format!("?code=ac_canary&state={}", state.as_str()));
    let callback = query.verify(&state);
    let mut flows = PendingFlows::kept(String::new());
    flows.begin(&state, &user("ada"), NOW, PendingFlows::LIFETIME_SECONDS);
    let client_id = ClientId::parse("ca_1").unwrap();
    let url = AuthorizeUrl::new(&client_id, &state);
    let mut printed = String::new();
    let things: [&dyn Debug; 6] = [&state, &query, &callback, &flows, &url, &State::parse("canary").unwrap_err()];
    for thing in things {
        printed.push_str(&format!("{thing:?}\n{thing:#?}\n"));
    }
    let Callback::Authorized(authorized) = callback else { panic!("not authorized") };
    printed.push_str(&format!("{:?}", authorized.code()));
    printed.push_str(&format!("{:?}", authorized.into_code()));
    assert!(!printed.contains("canary") && !printed.contains(state.as_str()), "{printed}");
    for shown in ["State([redacted])", "AuthorizationCode([redacted])", "PendingFlows([redacted])"] {
        assert!(printed.contains(shown), "{shown} in {printed}");
    }
}

#[test]
fn a_query_prints_which_parameters_are_there_and_how() {
    let query = CallbackQuery::read("?code=ac_canary&error=a&error=b&state=%zz");
    assert_eq!(
        format!("{query:?}"),
        "CallbackQuery { params: [[redacted], repeated, broken, absent, absent, absent], too_long: false }"
    );
}
