//! An account is made for a person who has none.

use super::*;

#[test]
fn a_person_without_an_account_gets_one_and_is_led_to_finish_it() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.stripe_answers([answers(200, &account(&json!({"details_submitted": false}))), link(FORM)]);
    let led = ada.submit(&shop, "/connect/create", &format!("{DETAILS}&return_to=/payouts?tab=2"));
    assert_eq!((led.status, location(&led)), (303, FORM));
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);

    let asked = shop.asked();
    let form = "type=standard&country=FR&email=ada%40example.com&metadata%5Bconnect_claim%5D=";
    let claim = asked[0].1.strip_prefix(form).unwrap_or_else(|| panic!("{asked:?}"));
    assert_eq!((&*asked[0].0, claim), ("/v1/accounts", &*idempotency_keys(&shop)[0]));
    assert_eq!((asked.len(), &*asked[1].0), (2, "/v1/account_links"));
    let sent = format!("{STRIPE}?{}", asked[1].1);
    assert_eq!(
        (query(&sent, "account"), query(&sent, "type")),
        (ACCOUNT.to_owned(), "account_onboarding".to_owned())
    );

    // Stripe sends the person to one or the other of these.
    let back = ada.open(&shop, &query(&sent, "return_url"));
    assert_eq!(location(&back), "/payouts?tab=2");
    shop.stripe_answers([link("http://localhost:12111/setup/s/once2")]);
    let again = ada.open(&shop, &query(&sent, "refresh_url"));
    assert_eq!(location(&again), "http://localhost:12111/setup/s/once2", "a link that was used leads to a new one");
    assert_eq!(shop.asked()[2], asked[1], "for the same account, with the same way back");
    let keys = idempotency_keys(&shop);
    assert_ne!(keys[1], keys[2], "with one key, Stripe would give the used link again");
}

#[test]
fn no_account_is_made_in_the_platforms_name_unless_it_asked_for_that() {
    let mut shop = Shop::open();
    let routes = ["/connect/create", "/connect/onboard"];
    assert!(routes.iter().all(|path| shop.handler.route(path).is_some()));
    shop.deploy(|settings| settings.deferred_accounts = false);
    assert!(routes.iter().all(|path| shop.handler.route(path).is_none()));
    assert!(!ConfigBuilder::default().deferred_accounts);
}

#[test]
fn a_script_that_creates_learns_of_the_connection_and_where_to_go() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.stripe_answers([answers(200, &account(&json!({})))]);
    let made = ada.script(&shop, "/connect/create", DETAILS);
    let connection =
        json!({"account_id": ACCOUNT, "livemode": false, "scope": "read_write", "connected_at": START});
    let onboard = format!("/connect/onboard?account={ACCOUNT}&return_to=%2Fhome");
    assert_eq!(json_of(&made), json!({"outcome": "created", "connection": connection, "onboard": onboard}));
    shop.stripe_answers([link(FORM)]);
    assert_eq!(location(&ada.open(&shop, &onboard)), FORM);
}

#[test]
fn a_double_press_makes_one_account() {
    let shop = Shop::open();
    let ada = Browser::of("ada");
    let headers = [("accept", "application/json"), ("origin", SHOP)];
    let request = ada.request(Method::Post, "/connect/create", &headers, DETAILS);
    let same = || answers(200, &account(&json!({})));
    shop.stripe_answers([same(), same()]);
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    let mut second = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none());
    for _ in 0..5 {
        assert!(poll(second.as_mut()).is_none(), "the second waits for the first");
    }
    assert_eq!(shop.asked().len(), 1);
    shop.world.wire.set(Wire::Works);
    for response in [run(first), run(second)] {
        assert_eq!(told(&response.unwrap().unwrap()), (200, "created".to_owned()));
    }
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    let keys = idempotency_keys(&shop);
    assert_eq!(keys[0], keys[1], "so that Stripe makes one account of two requests");
    assert_eq!(keys[0].len(), 64);
}

#[test]
fn a_press_that_waited_ten_seconds_for_the_first_is_told_so() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let headers = [("origin", SHOP)];
    let request = ada.request(Method::Post, "/connect/create", &headers, DETAILS);
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none());
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (202, "still_working".to_owned()));
    assert_eq!(shop.asked().len(), 1);
}

#[test]
fn every_other_person_mode_country_or_address_is_another_account() {
    let mut shop = Shop::open();
    let rows = [
        ("ada", DETAILS),
        ("eve", DETAILS),
        ("ada", "country=DE&email=ada%40example.com"),
        ("ada", "country=FR&email=a%40example.com"),
    ];
    let make = |shop: &Shop, user: &str, details: &str| {
        shop.stripe_answers([answers(200, &account(&json!({})))]);
        assert_eq!(told(&Browser::of(user).script(shop, "/connect/create", details)).1, "created");
    };
    for (user, details) in rows {
        make(&shop, user, details);
    }
    shop.deploy(|settings| settings.secret_key = LIVE_KEY.into());
    make(&shop, "ada", DETAILS);
    let keys = idempotency_keys(&shop);
    let different: std::collections::HashSet<_> = keys.iter().collect();
    assert_eq!(different.len(), 5, "{keys:?}");
}

#[test]
fn after_a_disconnection_the_same_details_make_a_new_account() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.stripe_answers([
        answers(200, &account(&json!({}))),
        deauthorized(),
        answers(200, &account(&json!({"id": OTHER}))),
    ]);
    ada.script(&shop, "/connect/create", DETAILS);
    ada.submit(&shop, "/connect/disconnect", THIS);
    ada.script(&shop, "/connect/create", DETAILS);
    assert_eq!(shop.accounts_of("ada"), [OTHER]);
    let sent = shop.world.sent.borrow();
    assert_ne!(sent[0].header("idempotency-key"), sent[2].header("idempotency-key"));
}

#[test]
fn attack_3_an_account_that_another_site_asked_for_is_not_made() {
    for (headers, is_ours) in SITES {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        shop.stripe_answers([answers(200, &account(&json!({}))), link(FORM)]);
        let page = ada.send(&shop, &ada.request(Method::Post, "/connect/create", headers, DETAILS));
        assert_eq!(page.status, if is_ours { 303 } else { 403 }, "{headers:?}");
        assert_eq!(shop.asked().len(), 2 * usize::from(is_ours), "{headers:?}");
    }
}

#[test]
fn a_creation_without_a_right_country_and_address_is_refused_before_stripe() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    for body in [
        "",
        "country=FR",
        "email=ada%40example.com",
        "country=fr&email=ada%40example.com",
        "country=FRA&email=ada%40example.com",
        "country=FR&email=ada",
        "country=FR&email=ada%40example.com%0d%0abcc:x",
    ] {
        assert_eq!(
            told(&ada.script(&shop, "/connect/create", body)),
            (400, "invalid_details".to_owned()),
            "{body}"
        );
        assert_eq!(location(&ada.submit(&shop, "/connect/create", body)), "/connect/result/invalid_details");
    }
    let away = format!("{DETAILS}&return_to=//evil.example");
    let long = format!("{DETAILS}&pad={}", "a".repeat(4096));
    for body in [&*away, &*long] {
        assert_eq!(told(&ada.script(&shop, "/connect/create", body)), (400, "malformed".to_owned()));
    }
    assert_eq!(told(&Browser::default().script(&shop, "/connect/create", DETAILS)).1, "not_signed_in");
    assert!(shop.asked().is_empty() && shop.accounts_of("ada").is_empty());
}

#[test]
fn a_link_that_stripe_does_not_give_leaves_the_account_to_finish_later() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.stripe_answers([answers(200, &account(&json!({}))), None, None, None]);
    let page = ada.submit(&shop, "/connect/create", DETAILS);
    assert_eq!(location(&page), "/connect/result/stripe_unavailable");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    let keys = idempotency_keys(&shop);
    assert_eq!((keys.len(), &keys[1], &keys[2]), (4, &keys[3], &keys[3]), "one link, asked for three times");

    shop.stripe_answers([api_error(400, "account_link_invalid")]);
    let onboard = format!("/connect/onboard?account={ACCOUNT}");
    assert_eq!(location(&ada.open(&shop, &onboard)), "/connect/result/stripe_refused");
    shop.stripe_answers([api_error(403, "account_invalid"), right_key()]);
    assert_eq!(location(&ada.open(&shop, &onboard)), "/connect/result/revoked");
    assert!(shop.accounts_of("ada").is_empty(), "revoked is stored wherever it shows");
}

#[test]
fn a_link_is_made_for_the_subjects_own_live_account_only() {
    let (shop, _) = connected();
    let onboard = format!("/connect/onboard?account={ACCOUNT}");
    let mut eve = Browser::of("eve");
    assert_eq!(location(&eve.open(&shop, &onboard)), "/connect/result/not_connected");
    assert_eq!(Browser::default().open(&shop, &onboard).status, 401);
    let mut ada = Browser::of("ada");
    for query in [
        "",
        "?account=x",
        &format!("?account={ACCOUNT}&return_to=//evil.example"),
        "?done=1&return_to=//evil.example",
    ] {
        let refused = ada.open(&shop, &format!("/connect/onboard{query}"));
        assert_eq!(location(&refused), "/connect/result/malformed", "{query}");
    }
    assert!(shop.asked().is_empty());
}

#[test]
fn attack_8_the_way_back_from_stripe_stays_on_this_site() {
    let (shop, mut ada) = connected();
    for away in support::bypasses::LEADS_AWAY {
        let path: String = url::form_urlencoded::byte_serialize(away.as_bytes()).collect();
        let refused = ada.open(&shop, &format!("/connect/onboard?account={ACCOUNT}&done=1&return_to={path}"));
        assert_eq!(location(&refused), "/connect/result/malformed", "{away}");
    }
    assert!(shop.asked().is_empty());
}

#[test]
fn a_link_that_leads_to_a_place_that_is_not_private_is_not_followed() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([link("http://evil.example/setup")]);
    let page = ada.open(&shop, &format!("/connect/onboard?account={ACCOUNT}"));
    assert_eq!(location(&page), "/connect/result/stripe_unavailable");
}

#[test]
fn a_request_whose_body_can_not_be_read_is_refused_as_its_route_refuses() {
    let (shop, mut ada) = connected();
    for (path, status) in [
        ("/connect/start", 400),
        ("/connect/exchange", 400),
        ("/connect/disconnect", 303),
        ("/connect/create", 303),
    ] {
        assert_eq!(shop.handler.route(path).unwrap().body_limit(), 4096);
        let form = format!("account={ACCOUNT}&country=DE&return_to=%2Fhome&padding=");
        let long = form.clone() + &"x".repeat(4097 - form.len());
        for body in [long.as_bytes(), &[form.as_bytes(), &[0xff]].concat()] {
            let mut request = ada.request(Method::Post, path, &[("origin", SHOP)], "");
            request.body = body.to_vec();
            let refused = ada.send(&shop, &request);
            assert_eq!(refused.status, status, "{path}");
            if status == 303 {
                assert_eq!(location(&refused), "/connect/result/malformed", "{path}");
            }
        }
    }
    assert!(shop.world.sent.borrow().is_empty());
}
