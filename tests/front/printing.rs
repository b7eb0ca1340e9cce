//! Secrets don't print.

use super::*;

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
    assert!(printed.contains("State([redacted])") && printed.contains("AuthorizationCode([redacted])"));
}
