//! Same user, same browser, once, in time.

use super::*;

#[test]
fn attack_1_a_callback_in_another_browser_is_refused_without_a_token_request() {
    let shop = Shop::open();
    let (_, callback) = back_from_stripe(&shop, "eve");
    let mut victim = Browser::of("ada");
    assert_eq!(victim.come_back(&shop, &callback), "/connect/result/not_started");
    assert_nothing_happened(&shop);
}

#[test]
fn attack_1_even_a_callback_that_was_finished_elsewhere_tells_another_user_nothing() {
    let shop = Shop::open();
    let (mut eve, callback) = back_from_stripe(&shop, "eve");
    assert_eq!(eve.come_back(&shop, &callback), "/home");
    let mut victim = Browser::of("ada");
    victim.press_connect(&shop);
    assert_eq!(victim.come_back(&shop, &callback), "/connect/result/not_started");
    assert!(shop.accounts_of("ada").is_empty());
    assert_eq!(shop.token_requests(), 1);
}

#[test]
fn attack_1_the_state_alone_is_not_the_cookie() {
    let shop = Shop::open();
    let (eve, callback) = back_from_stripe(&shop, "eve");
    let mut victim = Browser::of("ada");
    let name = eve.flow_cookies()[0].clone();
    for forged in [query(&callback, "state"), String::new(), "{}".to_owned(), "A".repeat(400)] {
        victim.cookies.insert(name.clone(), forged);
        assert_eq!(victim.come_back(&shop, &callback), "/connect/result/not_started");
    }
    assert_nothing_happened(&shop);
}

#[test]
fn attack_2_started_as_one_user_and_finished_as_another_is_refused_and_burns_the_code() {
    let shop = Shop::open();
    let (mut browser, callback) = back_from_stripe(&shop, "eve");
    let with_cookie = browser.clone();
    browser.sign_in("ada");
    assert_eq!(browser.come_back(&shop, &callback), "/connect/result/another_subject");
    assert_nothing_happened(&shop);

    let mut eve = with_cookie;
    assert_eq!(eve.come_back(&shop, &callback), "/connect/result/already_used", "the code is burnt");
    assert_nothing_happened(&shop);
}

#[test]
fn attack_2_a_burnt_code_is_settled_and_its_repeat_is_told_so_at_once() {
    let shop = Shop::open();
    let (mut browser, callback) = back_from_stripe(&shop, "eve");
    browser.sign_in("ada");
    for _ in 0..2 {
        assert_eq!(browser.come_back(&shop, &callback), "/connect/result/another_subject");
    }
    assert_eq!(shop.milliseconds_since_start(), 0, "nobody is waited for");
    assert!(shop.reported().is_empty());
}

#[test]
fn attack_2_a_code_that_could_not_be_burnt_is_reported() {
    let shop = Shop::open();
    for down in [&shop.world.store.down, &shop.world.store.down_to_settle] {
        let (mut browser, callback) = back_from_stripe(&shop, "eve");
        browser.sign_in("ada");
        down.set(true);
        assert_eq!(browser.come_back(&shop, &callback), "/connect/result/another_subject");
        down.set(false);
    }
    assert_eq!(shop.reported(), ["another_subject"; 2]);
    assert_nothing_happened(&shop);
}

#[test]
fn attack_2_and_3_a_start_that_another_site_asked_for_is_refused() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let table: [(Method, &[(&str, &str)], bool); 15] = [
        (Method::Get, &[("sec-fetch-site", "cross-site")], false),
        (Method::Get, &[("sec-fetch-site", "same-site")], false),
        (Method::Get, &[], false),
        (Method::Get, &[("sec-fetch-site", "none")], false),
        (Method::Get, &[("referer", "https://shop.example/")], true),
        (Method::Get, &[("referer", "https://evil.example/https://shop.example/")], false),
        (Method::Post, &[("sec-fetch-site", "cross-site"), ("origin", SHOP)], false),
        (Method::Post, &[("origin", "https://evil.example")], false),
        (Method::Post, &[("origin", "null")], false),
        (Method::Post, &[], false),
        (Method::Post, &[("origin", SHOP)], true),
        (Method::Post, &[("origin", SHOP), ("referer", "https://evil.example/")], true),
        (Method::Post, &[("origin", "null"), ("referer", "https://shop.example/")], false),
        (Method::Post, &[("referer", "https://shop.example/")], true),
        (Method::Post, &[("referer", "https://evil.example/")], false),
    ];
    for (method, headers, allowed) in table {
        let response = ada.send(&shop, &ada.request(method, "/connect/start", headers, ""));
        assert_eq!(response.status, if allowed { 303 } else { 403 }, "{method:?} {headers:?}");
        let starts =
            |(name, value): &(String, String)| name == "set-cookie" && value.starts_with("__Host-stripe-connect.");
        assert_eq!(response.headers.iter().any(starts), allowed, "{method:?} {headers:?}");
        assert!(allowed || response.body.contains("Do you want to connect Stripe?"));
    }
}

#[test]
fn nobody_who_is_signed_out_starts_or_finishes() {
    let shop = Shop::open();
    let started = Browser::default().start(&shop, Method::Post, "/connect/start", "");
    assert_eq!((started.status, started.header("set-cookie")), (401, None));

    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    ada.sign_out();
    let page = ada.open(&shop, &callback);
    assert_eq!((page.status, page.header("set-cookie")), (401, None));
    assert!(page.body.contains("Please sign in"));
    assert_nothing_happened(&shop);

    ada.sign_in("ada");
    assert_eq!(ada.come_back(&shop, &callback), "/home", "the page says to sign in and reload, and that works");
}

#[test]
fn attack_4_a_flow_expires_at_its_3600th_second() {
    for (after, ends) in
        [(LIFETIME - 1, "/home"), (LIFETIME, "/connect/result/expired"), (LIFETIME + 1, "/connect/result/expired")]
    {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        let authorize_url = ada.press_connect(&shop);
        shop.wait(after);
        let callback = shop.consent(&authorize_url);
        assert_eq!(ada.come_back(&shop, &callback), ends, "{after}");
        assert_eq!(shop.token_requests(), usize::from(ends == "/home"));
        assert!(ada.flow_cookies().is_empty());
    }
}

#[test]
fn attack_4_a_shorter_lifetime_is_kept_by_the_seal_and_not_by_the_browser() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.flow_lifetime = 60);
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.wait(60);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/expired");
    assert_nothing_happened(&shop);
}

#[test]
fn attack_4_two_callbacks_at_once_make_one_token_request_and_both_are_connected() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let request = ada.request(Method::Get, &callback, &[], "");
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    let mut second = pin!(shop.handler.handle(&request, &shop.world));

    assert!(poll(first.as_mut()).is_none(), "the first waits for Stripe");
    for _ in 0..5 {
        assert!(poll(second.as_mut()).is_none(), "the second waits for the first");
    }
    assert_eq!(shop.token_requests(), 1);
    shop.world.wire.set(Wire::Works);
    for response in [run(first), run(second)] {
        assert_eq!(location(&ada.receive(response.unwrap().unwrap())), "/home");
    }
    assert_eq!(shop.token_requests(), 1);
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert!(shop.connected_at_stripe());
}

#[test]
fn a_second_callback_that_waited_ten_seconds_is_told_that_the_first_is_at_work() {
    let shop = Shop::open();
    let (ada, callback) = back_from_stripe(&shop, "ada");
    let request = ada.request(Method::Get, &callback, &[], "");
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none());
    let mut second = ada.clone();
    let waiting = second.open(&shop, &callback);
    assert_eq!(
        (waiting.status, waiting.header("location")),
        (202, None),
        "the callback's address stays, to reload"
    );
    assert!(waiting.body.contains("This page looks again by itself"));
    assert_eq!(shop.token_requests(), 1);

    shop.world.wire.set(Wire::Works);
    run(first).unwrap();
    assert_eq!(second.come_back(&shop, &callback), "/home", "and the reload shows the first one's result");
    assert_eq!(shop.token_requests(), 1);
}

#[test]
fn a_callback_whose_first_request_died_is_unknown_after_a_minute() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let request = ada.request(Method::Get, &callback, &[], "");
    shop.world.wire.set(Wire::Holds);
    {
        let mut first = pin!(shop.handler.handle(&request, &shop.world));
        assert!(poll(first.as_mut()).is_none(), "it claims, sends, and is never heard of again");
    }
    shop.wait(60);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/unknown");
    assert_eq!(shop.token_requests(), 1, "nothing is sent again");
}

#[test]
fn attack_5_a_code_from_another_flow_is_not_exchanged() {
    let shop = Shop::open();
    let (_, attackers) = back_from_stripe(&shop, "eve");
    let (mut ada, own) = back_from_stripe(&shop, "ada");
    let injected = format!("/connect/callback?code={}&state=guess", query(&attackers, "code"));
    assert_eq!(ada.come_back(&shop, &injected), "/connect/result/not_started");
    assert_nothing_happened(&shop);
    assert_eq!(ada.come_back(&shop, &own), "/home", "ada's own flow is alive");
}

/// Stripe has no PKCE, so nothing ties a code to the flow that it was given for. SECURITY.md says so.
#[test]
fn attack_5_a_stolen_code_needs_a_flow_of_the_thiefs_own_and_no_more() {
    let shop = Shop::open();
    let (_, stolen) = back_from_stripe(&shop, "ada");
    let mut eve = Browser::of("eve");
    let started = Browser::of("eve").press_connect(&shop);
    let injected = format!("/connect/callback?code={}&state={}", query(&stolen, "code"), query(&started, "state"));
    assert_eq!(eve.come_back(&shop, &injected), "/connect/result/not_started", "another browser started it");
    assert_nothing_happened(&shop);
    let started = eve.press_connect(&shop);
    let injected = format!("/connect/callback?code={}&state={}", query(&stolen, "code"), query(&started, "state"));
    assert_eq!(eve.come_back(&shop, &injected), "/home");
    assert_eq!((shop.accounts_of("eve").len(), shop.accounts_of("ada").len()), (1, 0), "for the thief's user only");
}

#[test]
fn attack_5_a_code_is_claimed_once_for_all_flows() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let [one, two] = [(); 2].map(|()| ada.press_connect(&shop));
    let first = shop.consent(&one);
    let replayed = format!("/connect/callback?code={}&state={}", query(&first, "code"), query(&two, "state"));
    assert_eq!(ada.come_back(&shop, &first), "/home");
    assert_eq!(ada.come_back(&shop, &replayed), "/connect/result/already_used");
    assert_eq!(shop.token_requests(), 1);
    assert!(shop.connected_at_stripe());
}

#[test]
fn attack_6_a_configuration_that_changed_under_a_flow_ends_it() {
    // Cookies belong to a client id and a mode, so a flow of another has none here.
    let changes: [(&str, fn(&mut ConfigBuilder), &str, &[&str]); 4] = [
        ("client id", |settings| settings.client_id = "ca_other".into(), "not_started", &["not_started"]),
        ("mode", |settings| settings.secret_key = LIVE_KEY.into(), "not_started", &["not_started"]),
        (
            "redirect URI",
            |settings| settings.redirect_uri = format!("{SHOP}/connect/callback?from=stripe").into(),
            "config_mismatch",
            &["config_mismatch"],
        ),
        (
            "Stripe",
            |settings| settings.base = stripe_connect_oauth::ConnectBase::stripe(),
            "config_mismatch",
            &["config_mismatch"],
        ),
    ];
    for (what, change, outcome, reported) in changes {
        let mut shop = Shop::open();
        let (mut ada, callback) = back_from_stripe(&shop, "ada");
        shop.deploy(change);
        assert_eq!(ada.come_back(&shop, &callback), format!("/connect/result/{outcome}"), "{what}");
        assert_eq!(shop.reported(), reported, "a page that says so has told us");
        assert_nothing_happened(&shop);
    }
}

#[test]
fn attack_6_an_unexpected_issuer_is_refused() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let mixed_up = format!("{callback}&iss=https://evil.example");
    assert_eq!(ada.come_back(&shop, &mixed_up), "/connect/result/unexpected_issuer");
    assert_nothing_happened(&shop);
}

#[test]
fn attack_6_a_connection_of_the_other_mode_is_not_kept() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.world.wire.set(Wire::AnswersLive);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/mode_mismatch");
    assert!(shop.accounts_of("ada").is_empty());
    assert_eq!(shop.reported(), ["mode_mismatch"]);
}

#[test]
fn attack_6_a_key_of_the_other_mode_is_reported_as_the_mistake_it_is() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.secret_key = LIVE_KEY.into());
    shop.stripe_answers([None]); // when the start asks
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/mode_mismatch");
    assert_eq!(shop.reported(), ["mode_mismatch"]);
}

#[test]
fn attack_7_a_polluted_callback_is_refused() {
    for (extra, outcome) in [
        ("&code=ac_evil", "duplicate_parameter"),
        ("&c%6fde=ac_evil", "duplicate_parameter"),
        ("&state=x", "duplicate_parameter"),
        ("&scope=x&scope=y", "duplicate_parameter"),
        ("&error=access_denied", "conflicting_parameters"),
        ("&error_description=%zz", "malformed"),
        ("&error_description=%ff", "malformed"),
        (&format!("&pad={}", "a".repeat(8192)), "too_long"),
    ] {
        let shop = Shop::open();
        let (mut ada, callback) = back_from_stripe(&shop, "ada");
        let end = ada.come_back(&shop, &format!("{callback}{extra}"));
        assert_eq!(end, format!("/connect/result/{outcome}"), "{extra:.40}");
        assert_nothing_happened(&shop);
    }
}

#[test]
fn a_tampered_or_missing_state_is_refused_and_ends_no_flow() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let state = query(&callback, "state");
    let other_state = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
    for (tampered, outcome) in [
        (callback.replace(&state, other_state), "not_started"),
        (callback.replace(&state, &state.to_lowercase()), "not_started"),
        (callback.replace(&state, ""), "not_started"),
        (callback.replace(&format!("&state={state}"), ""), "state_missing"),
    ] {
        assert_eq!(ada.come_back(&shop, &tampered), format!("/connect/result/{outcome}"), "{tampered}");
    }
    assert_nothing_happened(&shop);
    assert_eq!(ada.come_back(&shop, &callback), "/home");
}

#[test]
fn a_head_request_spends_nothing() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let preview = ada.send(&shop, &ada.request(Method::Head, &callback, &[], ""));
    assert_eq!((preview.status, preview.header("allow"), preview.header("set-cookie")), (405, Some("GET"), None));
    assert_nothing_happened(&shop);
    assert_eq!(ada.come_back(&shop, &callback), "/home");
}
