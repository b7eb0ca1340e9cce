//! Client id, key and store are looked at before the first person leaves for Stripe.

use super::*;

const MADE_UP: &str = "client_id=ca_shop&stripe_user_id=acct_made_up";

fn press(shop: &Shop, user: &str) -> u16 {
    Browser::of(user).start(shop, Method::Post, "/connect/start", "").status
}

/// What Stripe was asked before anyone left.
fn looks(shop: &Shop) -> usize {
    shop.asked().iter().filter(|(path, body)| path == "/oauth/deauthorize" && body == MADE_UP).count()
}

fn refusal(status: u16, error: &str, description: &str) -> Option<Response> {
    Some(Response::json(status, format!(r#"{{"error":"{error}","error_description":"{description}"}}"#)))
}

#[test]
fn a_client_id_and_a_key_that_do_not_belong_together_are_told_before_anyone_leaves() {
    for (key, said, fix) in [
        (OTHERS_KEY, "No such application: ca_shop", "client_id is not an application of the platform"),
        (LIVE_KEY, "livemode", "use a client_id and a secret_key of the same mode"),
        ("sk_test_ofNobody", "No such API key", "check secret_key"),
    ] {
        let mut shop = Shop::open();
        shop.deploy(|settings| settings.secret_key = key.into());
        let refused = Browser::of("ada").start(&shop, Method::Post, "/connect/start", "");
        assert_eq!((refused.status, refused.header("location"), refused.header("set-cookie")), (500, None, None));
        let [report] = &*reports(&shop) else { panic!("{:?}", reports(&shop)) };
        assert!(report.starts_with("config_mismatch: nobody is sent to Stripe, "), "{report}");
        assert!(report.contains(said) && report.contains(fix), "{report}");
    }
}

#[test]
fn what_is_right_is_asked_once_for_a_handlers_life() {
    let shop = Shop::open();
    for day in 0..3 {
        assert_eq!((press(&shop, "ada"), press(&shop, "eve")), (303, 303), "day {day}");
        shop.wait(86_400);
    }
    assert_eq!(looks(&shop), 1);
    assert!(reports(&shop).is_empty());
    assert!(shop.look_at_stripe("/_sandbox/events").starts_with("[]"), "it changes nothing");
}

#[test]
fn what_is_wrong_is_asked_again_after_half_a_minute_and_heals() {
    let shop = Shop::open();
    shop.stripe_answers([refusal(401, "invalid_client", "No such application: ca_shop")]);
    assert_eq!(press(&shop, "ada"), 500);
    shop.wait(29);
    assert_eq!((press(&shop, "eve"), looks(&shop), reports(&shop).len()), (500, 1, 1), "the remembered refusal");
    shop.wait(1);
    assert_eq!((press(&shop, "eve"), looks(&shop)), (303, 2));
}

#[test]
fn whatever_keeps_stripe_from_saying_so_is_in_nobodys_way_and_asked_again_after_a_minute() {
    let unclear = [
        None,
        Some(Response::html(502, "<h1>Bad gateway</h1>")),
        refusal(429, "rate_limit", "Too many requests in test mode"),
        refusal(401, "invalid_client", "You did something else wrong"),
        refusal(403, "invalid_request_error", "The provided key 'rk_test_***' may not do this."),
        Some(Response::json(200, format!(r#"{{"stripe_user_id":"{ACCOUNT}"}}"#))),
    ];
    for answer in unclear {
        let shop = Shop::open();
        shop.stripe_answers([answer.clone()]);
        assert_eq!(press(&shop, "ada"), 303, "{answer:?}");
        shop.wait(59);
        assert_eq!((press(&shop, "ada"), looks(&shop)), (303, 1), "{answer:?}");
        shop.wait(1);
        assert_eq!((press(&shop, "ada"), looks(&shop)), (303, 2), "{answer:?}");
        assert!(reports(&shop).is_empty());
    }
}

#[test]
fn nobody_waits_longer_than_a_second_and_a_half_for_it() {
    let shop = Shop::open();
    shop.world.wire.set(Wire::Holds);
    assert_eq!(press(&shop, "ada"), 303);
    assert_eq!(shop.milliseconds_since_start(), 1500);
    assert_eq!(press(&shop, "eve"), 303);
    assert_eq!(shop.milliseconds_since_start(), 1500, "nor twice");
}

#[test]
fn of_two_starts_at_once_one_asks() {
    let shop = Shop::open();
    shop.world.wire.set(Wire::HoldsTheAnswer);
    let (mut ada, mut eve) = (Browser::of("ada"), Browser::of("eve"));
    let headers = [("sec-fetch-site", "same-origin"), ("origin", SHOP)];
    let request = ada.request(Method::Post, "/connect/start", &headers, "");
    let mut first = std::pin::pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none());
    assert_eq!(eve.start(&shop, Method::Post, "/connect/start", "").status, 303);
    let first = run(first).unwrap().unwrap();
    assert_eq!((ada.receive(first).status, looks(&shop)), (303, 1));
}

#[test]
fn a_stripe_app_is_not_looked_at() {
    let shop = Shop::open_as_an_app();
    assert_eq!((press(&shop, "ada"), looks(&shop)), (303, 0));
}

#[test]
fn a_request_that_starts_nothing_asks_nothing() {
    let shop = Shop::open();
    Browser::of("ada").open(&shop, "/connect/start");
    Browser::default().start(&shop, Method::Post, "/connect/start", "");
    Browser::of("ada").open(&shop, "/connect/connections");
    assert_eq!(looks(&shop), 0);
}

#[test]
fn a_fault_at_the_endpoint_is_no_refusal() {
    use stripe_connect_oauth::sandbox::Fault;
    for fault in [Fault::ServerError, Fault::BadGateway, Fault::RateLimited, Fault::Redirect] {
        let shop = Shop::open();
        shop.fails_at_stripe(FaultRule::new(fault));
        assert_eq!(press(&shop, "ada"), 303, "{fault:?}");
    }
}

#[test]
fn a_store_that_can_keep_nothing_is_told_before_anyone_leaves() {
    let shop = Shop::open();
    shop.world.store.unfit.set(true);
    let refused = Browser::of("ada").start(&shop, Method::Post, "/connect/start", "");
    assert_eq!((refused.status, refused.header("location"), refused.header("set-cookie")), (503, None, None));
    assert_eq!(reports(&shop), ["store_unavailable: the store failed: the disk is full"]);

    shop.world.store.unfit.set(false);
    assert_eq!(press(&shop, "ada"), 303, "and the next one finds it mended");
    shop.world.store.unfit.set(true);
    assert_eq!(press(&shop, "ada"), 303, "what was good once is asked no more");
}
