//! The page style's exchange.

use super::*;

/// What the page posts after it has read `callback`.
fn body_for(callback: &str, subject: &str) -> String {
    json!({"code": query(callback, "code"), "state": query(callback, "state"), "subject": subject}).to_string()
}

/// A callback as the page style gets one: the page made the state, and no cookie was set.
fn back_in_the_page(shop: &Shop) -> String {
    let (_, callback) = back_from_stripe(shop, "ada");
    callback
}

#[test]
fn the_page_exchanges_its_code_and_learns_of_the_connection() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let response = Browser::of("ada").post_exchange(&shop, &body_for(&callback, "ada"));
    assert_eq!(response.status, 200);
    let connection =
        json!({"account_id": ACCOUNT, "livemode": false, "scope": "read_write", "connected_at": START});
    assert_eq!(json_of(&response), json!({"outcome": "connected", "connection": connection}));
    assert_eq!((shop.token_requests(), shop.accounts_of("ada")), (1, vec![ACCOUNT.to_owned()]));
}

#[test]
fn a_replayed_exchange_says_connected_again_with_no_second_token_request() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let mut ada = Browser::of("ada");
    ada.post_exchange(&shop, &body_for(&callback, "ada"));
    for _ in 0..2 {
        let replayed = ada.post_exchange(&shop, &body_for(&callback, "ada"));
        assert_eq!((replayed.status, json_of(&replayed)), (200, json!({"outcome": "connected"})));
    }
    assert_eq!(shop.token_requests(), 1);
    assert!(shop.connected_at_stripe());
}

#[test]
fn two_exchanges_at_once_make_one_token_request() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let request =
        Browser::of("ada").request(Method::Post, "/connect/exchange", &headers, &body_for(&callback, "ada"));
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    let mut second = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none() && poll(second.as_mut()).is_none());
    shop.world.wire.set(Wire::Works);
    for response in [run(first), run(second)] {
        assert_eq!(outcome_of(&response.unwrap().unwrap()), (200, "connected".to_owned()));
    }
    assert_eq!(shop.token_requests(), 1);
}

#[test]
fn attack_2_an_exchange_for_another_user_is_refused() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let refused = Browser::of("ada").post_exchange(&shop, &body_for(&callback, "eve"));
    assert_eq!(outcome_of(&refused), (403, "another_subject".to_owned()));
    assert_nothing_happened(&shop);
}

#[test]
fn an_exchange_of_a_signed_out_user_is_refused() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let refused = Browser::default().post_exchange(&shop, &body_for(&callback, "ada"));
    assert_eq!(outcome_of(&refused), (401, "not_signed_in".to_owned()));
    assert_nothing_happened(&shop);
}

#[test]
fn attack_3_an_exchange_from_another_site_or_from_a_form_is_refused() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let mut ada = Browser::of("ada");
    let json = ("content-type", "application/json");
    let cross_site: [&[(&str, &str)]; 8] = [
        &[json, ("origin", "null")],
        &[json, ("referer", "https://evil.example/")],
        &[json, ("sec-fetch-site", "none"), ("referer", "https://shop.example/")],
        &[json, ("sec-fetch-site", "cross-site")],
        &[json, ("sec-fetch-site", "same-site")],
        &[json, ("sec-fetch-site", "none")],
        &[json, ("origin", "https://evil.example")],
        &[json, ("sec-fetch-site", "cross-site"), ("origin", SHOP)],
    ];
    let forms: [&[(&str, &str)]; 3] = [
        &[("sec-fetch-site", "same-origin")],
        &[("content-type", "text/plain"), ("sec-fetch-site", "same-origin")],
        &[("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")],
    ];
    let tables = [(&cross_site[..], (403, "cross_site")), (&forms[..], (400, "malformed"))];
    for (headers, (status, outcome)) in
        tables.iter().flat_map(|(table, expected)| table.iter().map(move |row| (row, *expected)))
    {
        let request = ada.request(Method::Post, "/connect/exchange", headers, &body_for(&callback, "ada"));
        assert_eq!(outcome_of(&ada.send(&shop, &request)), (status, outcome.to_owned()), "{headers:?}");
    }
    assert_nothing_happened(&shop);
    let json = ("content-type", "application/json; charset=utf-8");
    let own: [&[(&str, &str)]; 3] =
        [&[json, ("origin", SHOP)], &[json, ("referer", "https://shop.example/")], &[json]];
    for headers in own {
        let callback = back_in_the_page(&shop);
        let request = ada.request(Method::Post, "/connect/exchange", headers, &body_for(&callback, "ada"));
        assert_eq!(ada.send(&shop, &request).status, 200, "{headers:?}");
    }
}

#[test]
fn a_malformed_exchange_is_refused() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let (code, state) = (query(&callback, "code"), query(&callback, "state"));
    let good = body_for(&callback, "ada");
    let padded = format!("{}{}", good, " ".repeat(4097 - good.len()));
    let bodies = [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        good[..good.len() - 1].to_owned(),
        good.replace("\"subject\"", "\"user\""),
        good.replace(&code, ""),
        good.replace(&code, "sk_test_1"),
        good.replace(&code, &format!("{code}&grant_type=refresh_token")),
        good.replace(&state, ""),
        good.replace(&state, "user-1"),
        good.replace("{", &format!("{{\"code\":\"{code}\",")),
        format!("code={code}&state={state}&subject=ada"),
        padded,
    ];
    for body in bodies {
        let refused = Browser::of("ada").post_exchange(&shop, &body);
        assert_eq!(outcome_of(&refused), (400, "malformed".to_owned()), "{body}");
    }
    assert_nothing_happened(&shop);
    let largest = format!("{}{}", good, " ".repeat(4096 - good.len()));
    assert_eq!(Browser::of("ada").post_exchange(&shop, &largest).status, 200);
}

#[test]
fn attack_5_a_code_or_state_that_was_exchanged_is_not_exchanged_with_another() {
    let shop = Shop::open();
    let [one, two] = [(); 2].map(|()| back_in_the_page(&shop));
    let mut ada = Browser::of("ada");
    ada.post_exchange(&shop, &body_for(&one, "ada"));
    for (code_of, state_of) in [(&one, &two), (&two, &one)] {
        let mixed = json!({"code": query(code_of, "code"), "state": query(state_of, "state"), "subject": "ada"});
        let refused = ada.post_exchange(&shop, &mixed.to_string());
        assert_eq!(outcome_of(&refused), (409, "already_used".to_owned()));
    }
    let stolen = Browser::of("eve").post_exchange(&shop, &body_for(&one, "eve"));
    assert_eq!(outcome_of(&stolen), (409, "already_used".to_owned()));
    assert_eq!(shop.token_requests(), 1);
}

#[test]
fn an_exchange_that_fails_says_how() {
    let rows: [(fn(&Shop, &str), u16, &str); 5] = [
        (|shop, _| shop.world.store.down.set(true), 503, "store_unavailable"),
        (|shop, _| shop.world.store.down_to_settle.set(true), 503, "not_saved"),
        (|shop, _| shop.world.wire.set(Wire::LosesTheAnswer), 502, "unknown"),
        (|shop, callback| shop.spend_elsewhere(callback), 409, "code_used"),
        (|shop, _| shop.wait(301), 400, "code_expired"),
    ];
    for (fail, status, outcome) in rows {
        let shop = Shop::open();
        let callback = back_in_the_page(&shop);
        fail(&shop, &callback);
        let response = Browser::of("ada").post_exchange(&shop, &body_for(&callback, "ada"));
        assert_eq!(outcome_of(&response), (status, outcome.to_owned()));
        assert_eq!(shop.reported(), [outcome]);
    }
}

#[test]
fn an_exchange_is_served_only_where_the_page_style_is_asked_for() {
    assert!(!ConfigBuilder::default().page_style);
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.page_style = false);
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let request = ada.request(Method::Post, "/connect/exchange", &headers, &body_for(&callback, "ada"));
    assert!(run(shop.handler.handle(&request, &shop.world)).unwrap().is_none(), "it is the platform's own path");
    assert_nothing_happened(&shop);
    assert_eq!(ada.come_back(&shop, &callback), "/home", "the edge style needs no exchange");
}

/// The `at`th of the codes and states that someone can make up without end.
fn made_up(at: usize) -> String {
    let state = State::from_random(
        [u8::try_from(at % 256).unwrap(), u8::try_from(at / 256).unwrap()].repeat(16).try_into().unwrap(),
    );
    json!({"code": format!("ac_{at}"), "state": state.as_str(), "subject": "eve"}).to_string()
}

#[test]
fn of_three_hundred_exchanges_at_once_twenty_reach_stripe() {
    let shop = Shop::open();
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let mut eve = Browser::of("eve");
    let requests: Vec<_> =
        (0..300).map(|at| eve.request(Method::Post, "/connect/exchange", &headers, &made_up(at))).collect();
    // Each has counted before any of them goes on.
    shop.world.store.holds_counts.set(true);
    let mut answers: Vec<_> =
        requests.iter().map(|request| Box::pin(shop.handler.handle(request, &shop.world))).collect();
    for answer in &mut answers {
        assert!(poll(answer.as_mut()).is_none());
    }
    shop.world.store.holds_counts.set(false);
    for answer in answers {
        eve.receive(run(answer).unwrap().unwrap());
    }
    assert_eq!(shop.token_requests(), 20);
}

#[test]
fn of_three_hundred_exchanges_in_an_hour_twenty_reach_stripe_and_then_it_works_again() {
    let shop = Shop::open();
    let mut eve = Browser::of("eve");
    for at in 0..300 {
        shop.wait(1);
        let response = eve.post_exchange(&shop, &made_up(at));
        let expected = if at < 20 { (502, "refused") } else { (429, "too_many") };
        assert_eq!(outcome_of(&response), (expected.0, expected.1.to_owned()), "{at}");
    }
    assert_eq!(shop.token_requests(), 20);
    let reported = shop.world.reports.borrow().iter().filter(|problem| problem.outcome == Outcome::TooMany).count();
    assert_eq!(reported, 5, "once a minute, in 280 seconds");
    let again = eve.post_exchange(&shop, &made_up(299));
    assert_eq!(outcome_of(&again), (429, "too_many".to_owned()), "the same one again is told the same");

    let (mut eve, callback) = back_from_stripe(&shop, "eve");
    assert_eq!(eve.come_back(&shop, &callback), "/connect/result/too_many", "both styles are counted together");
    assert_eq!(eve.open(&shop, "/connect/result/too_many").status, 429);
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    assert_eq!(ada.come_back(&shop, &callback), "/home", "another user is none the worse");
    assert_eq!(shop.token_requests(), 21);

    shop.wait(LIFETIME + 1);
    let (mut eve, callback) = back_from_stripe(&shop, "eve");
    assert_eq!(eve.come_back(&shop, &callback), "/home");
}

#[test]
fn a_code_is_not_lost_when_the_store_can_not_count() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    shop.world.store.down_to_count.set(true);
    let response = Browser::of("ada").post_exchange(&shop, &body_for(&callback, "ada"));
    assert_eq!(outcome_of(&response), (200, "connected".to_owned()));
    assert_eq!(shop.reported(), ["store_unavailable"]);
}
