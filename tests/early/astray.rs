//! A callback that comes to another path, since something in front changes it.

use super::*;
use stripe_connect_oauth::State;

/// What the platform hears of a request to `path` that is its own, however often it comes.
fn passed_by(shop: &Shop, path: &str) -> Vec<String> {
    let request = Browser::of("ada").request(Method::Get, path, &[("sec-fetch-site", "cross-site")], "");
    for _ in 0..3 {
        assert!(run(shop.handler.handle(&request, &shop.world)).unwrap().is_none(), "it stays the platform's own");
    }
    reports(shop)
}

#[test]
fn a_callback_whose_path_a_proxy_has_changed_is_reported_once_a_minute() {
    let state = State::from_random([7; 32]);
    let state = state.as_str();
    for query in [
        format!("code=ac_canary&state={state}&scope=read_write"),
        format!("error=access_denied&error_description=canary&state={state}"),
    ] {
        for path in ["/callback", "/connect/callback/"] {
            let [report] = &*passed_by(&Shop::open(), &format!("{path}?{query}")) else { panic!("{path}?{query}") };
            let expected =
                format!("config_mismatch: a callback of Stripe's came to {path}, and the handler listens at ");
            assert!(report.starts_with(&(expected + "/connect/callback: ")), "{report}");
        }
    }
}

#[test]
fn no_other_request_of_the_platforms_is_reported() {
    let state = State::from_random([7; 32]);
    let callback = format!("code=ac_1&state={}", state.as_str());
    for path in [
        "/callback".to_owned(),
        "/callback?code=1&state=2".to_owned(),
        format!("/callback?state={}", state.as_str()),
        format!("/callback?{callback}&{callback}"),
        format!("/?{callback}"),
        format!("/back?{callback}"),
        format!("/login/callback?{callback}"),
        format!("/connect/callback/more?{callback}"),
        format!("/start?{callback}"),
    ] {
        assert!(passed_by(&Shop::open(), &path).is_empty(), "{path}");
    }
}
