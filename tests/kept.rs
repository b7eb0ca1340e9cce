//! What Stripe has done is kept: when its answer is slow, the store fails, the owner is quick, or the host drops the
//! request. What can't be kept is reported with everything needed to put it right.
#![cfg(all(feature = "edge", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

mod support;

use serde_json::Value;
use std::pin::pin;
use stripe_connect_oauth::server::{Method, Request, Response};
use support::{ACCOUNT, Browser, SHOP, START, Shop, Wire, location, poll, run};

/// Ada's browser, and the callback that Stripe sent it to, as a request.
fn back_from_stripe(shop: &Shop) -> (Browser, Request) {
    let mut ada = Browser::of("ada");
    let authorize_url = ada.press_connect(shop);
    let request = ada.request(Method::Get, &shop.consent(&authorize_url), &[], "");
    (ada, request)
}

fn connected() -> (Shop, Browser) {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop);
    assert_eq!(location(&ada.send(&shop, &callback)), "/home");
    (shop, ada)
}

fn disconnection(ada: &Browser) -> Request {
    let headers = [("sec-fetch-site", "same-origin"), ("origin", SHOP)];
    ada.request(Method::Post, "/connect/disconnect", &headers, &format!("account={ACCOUNT}&confirmed=yes"))
}

#[test]
fn a_connection_is_as_old_as_its_exchange_and_not_as_the_answer() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop);
    shop.wait(10);
    shop.world.wire.set(Wire::HoldsTheAnswer);
    let mut connecting = pin!(shop.handler.handle(&callback, &shop.world));
    assert!(poll(connecting.as_mut()).is_none());
    shop.wait(5);
    shop.world.wire.set(Wire::Works);
    run(connecting).unwrap();

    let list: Value = serde_json::from_str(&ada.open(&shop, "/connect/connections").body).unwrap();
    assert_eq!(list["connections"][0]["connected_at"], START + 10);
}

#[test]
fn access_that_ends_while_the_exchange_is_under_way_is_ended_whenever_the_event_comes() {
    for event_comes_first in [true, false] {
        let shop = Shop::open();
        let (mut ada, callback) = back_from_stripe(&shop);
        shop.world.wire.set(Wire::HoldsTheAnswer);
        let mut connecting = pin!(shop.handler.handle(&callback, &shop.world));
        assert!(poll(connecting.as_mut()).is_none(), "Stripe has connected, and its answer is on the way");
        shop.wait(1);
        shop.revoke_at_stripe(ACCOUNT);
        if event_comes_first {
            shop.wait(1);
            assert!(shop.deliver_events().iter().all(|status| *status == 200));
            assert!(shop.ended("ada").is_empty(), "there is nothing to end yet");
        }
        shop.world.wire.set(Wire::Works);
        let outcome = location(&ada.receive(run(connecting).unwrap().unwrap())).to_owned();
        assert_eq!(outcome, if event_comes_first { "/connect/result/revoked" } else { "/home" });
        shop.deliver_events();
        assert!(shop.accounts_of("ada").is_empty() && shop.ended("ada").len() == 1);
        assert!(!shop.connected_at_stripe());
    }
}

#[test]
fn a_slow_exchange_that_went_well_stays_connected() {
    // The look that follows may fail, and ends nothing.
    let missing_permission = Response::json(403, r#"{"error":{"type":"invalid_request_error","code":"other"}}"#);
    for look in [vec![], vec![None], vec![Some(Response::html(502, ""))], vec![Some(missing_permission)]] {
        let shop = Shop::open();
        let (mut ada, callback) = back_from_stripe(&shop);
        shop.world.wire.set(Wire::HoldsTheAnswer);
        let mut connecting = pin!(shop.handler.handle(&callback, &shop.world));
        assert!(poll(connecting.as_mut()).is_none());
        shop.wait(30);
        shop.world.wire.set(Wire::Works);
        shop.stripe_answers(look);
        assert_eq!(location(&ada.receive(run(connecting).unwrap().unwrap())), "/home");
        assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
        assert!(shop.reported().is_empty());
    }
}

#[test]
fn who_connects_again_while_a_slow_disconnection_is_under_way_is_as_connected_as_at_stripe() {
    for stripe_disconnects_last in [true, false] {
        let (shop, mut ada) = connected();
        let request = disconnection(&ada);
        shop.world.wire.set(if stripe_disconnects_last { Wire::Holds } else { Wire::HoldsTheAnswer });
        let mut disconnecting = pin!(shop.handler.handle(&request, &shop.world));
        assert!(poll(disconnecting.as_mut()).is_none());
        shop.wait(5);
        shop.world.wire.set(Wire::Works);
        let authorize_url = ada.press_connect(&shop);
        assert_eq!(ada.come_back(&shop, &shop.consent(&authorize_url)), "/home");
        run(disconnecting).unwrap();
        assert_eq!(shop.accounts_of("ada").is_empty(), stripe_disconnects_last);
        assert_eq!(shop.connected_at_stripe(), !stripe_disconnects_last);
    }
}

#[test]
fn a_store_that_fails_once_or_twice_keeps_the_connection() {
    for failures in [1, 2] {
        let shop = Shop::open();
        let (mut ada, callback) = back_from_stripe(&shop);
        shop.world.store.failures_to_write.set(failures);
        assert_eq!(location(&ada.send(&shop, &callback)), "/home");
        assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
        assert!(shop.reported().is_empty());
        assert_eq!(shop.token_requests(), 1);
    }
}

#[test]
fn a_store_that_fails_once_or_twice_notes_a_disconnection() {
    for failures in [1, 2] {
        let (shop, mut ada) = connected();
        shop.world.store.failures_to_write.set(failures);
        assert_eq!(location(&ada.send(&shop, &disconnection(&ada))), "/home");
        assert!(shop.accounts_of("ada").is_empty() && shop.reported().is_empty());
    }
}

#[test]
fn what_could_not_be_kept_is_reported_with_what_it_takes_to_put_it_right() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop);
    shop.world.store.down_to_settle.set(true);
    assert_eq!(location(&ada.send(&shop, &callback)), "/connect/result/not_saved");
    let reports = shop.world.reports.borrow().clone();
    let requests: Value = serde_json::from_str(&shop.look_at_stripe("/_sandbox/requests")).unwrap();
    let exchange = requests.as_array().unwrap().iter().find(|request| request["path"] == "/oauth/token").unwrap();
    let request_id = exchange["request_id"].as_str().unwrap();
    assert_eq!(reports.len(), 1);
    assert_eq!(
        reports[0].to_string(),
        format!(
            "not_saved: {ACCOUNT} is connected at Stripe, for the subject ada, livemode false, scope read_write, \
             request {request_id}: the store failed: the disk is full; the person doing it again heals it, or put \
             the row right by hand"
        )
    );
}

#[test]
fn a_disconnection_that_could_not_be_noted_is_reported_with_what_it_takes_to_put_it_right() {
    let (shop, mut ada) = connected();
    shop.world.store.down_to_disconnect.set(true);
    assert_eq!(location(&ada.send(&shop, &disconnection(&ada))), "/connect/result/disconnect_not_saved");
    let report = shop.world.reports.borrow()[0].to_string();
    for part in ["disconnect_not_saved", ACCOUNT, "has ended at Stripe", "subject ada", "livemode false"] {
        assert!(report.contains(part), "{part}: {report}");
    }
}

#[test]
fn an_account_that_was_made_and_could_not_be_kept_is_reported_with_what_it_takes_to_put_it_right() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.world.store.failures_to_write.set(2);
    let made = ada.submit(&shop, "/connect/create", "country=GB&email=ada%40example.com");
    assert!(location(&made).contains("/setup/"), "the store is asked again");
    shop.world.store.down_to_settle.set(true);
    let page = ada.submit(&shop, "/connect/create", "country=GB&email=ada%40example.org");
    assert_eq!(location(&page), "/connect/result/created_not_saved");
    let report = shop.world.reports.borrow()[0].to_string();
    for part in ["created_not_saved: acct_", "was made at Stripe", "subject ada", "livemode false", "request req_"]
    {
        assert!(report.contains(part), "{part}: {report}");
    }
}

#[test]
fn an_exchange_of_unknown_outcome_is_reported_with_its_subject() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop);
    shop.world.wire.set(Wire::LosesTheAnswer);
    assert_eq!(location(&ada.send(&shop, &callback)), "/connect/result/unknown");
    let report = shop.world.reports.borrow()[0].to_string();
    assert!(report.ends_with("; the subject is ada"), "{report}");
}

#[test]
fn a_request_that_is_dropped_while_stripe_is_at_work_is_reported_and_doing_it_again_heals_it() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop);
    shop.world.wire.set(Wire::HoldsTheAnswer);
    {
        let mut connecting = pin!(shop.handler.handle(&callback, &shop.world));
        assert!(poll(connecting.as_mut()).is_none());
    }
    assert_eq!(shop.reported(), ["unknown"]);
    let report = shop.world.reports.borrow()[0].detail.clone();
    assert!(
        report.starts_with("the exchange for the subject ada was cut off while Stripe was at work"),
        "{report}"
    );
    assert!(report.contains("Run Handler::handle to its end"), "{report}");

    shop.world.wire.set(Wire::Works);
    let authorize_url = ada.press_connect(&shop);
    assert_eq!(ada.come_back(&shop, &shop.consent(&authorize_url)), "/home");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);

    shop.world.wire.set(Wire::HoldsTheAnswer);
    {
        let request = disconnection(&ada);
        let mut disconnecting = pin!(shop.handler.handle(&request, &shop.world));
        assert!(poll(disconnecting.as_mut()).is_none());
    }
    assert_eq!(shop.reported(), ["unknown", "disconnect_unknown"]);
    let report = shop.world.reports.borrow()[1].detail.clone();
    assert!(report.contains(ACCOUNT) && report.contains("subject ada"), "{report}");

    shop.world.wire.set(Wire::Works);
    assert_eq!(location(&ada.send(&shop, &disconnection(&ada))), "/home");
    assert!(shop.accounts_of("ada").is_empty());

    shop.world.wire.set(Wire::HoldsTheAnswer);
    let headers = [("sec-fetch-site", "same-origin")];
    let creation = ada.request(Method::Post, "/connect/create", &headers, "country=GB&email=ada%40example.com");
    {
        let mut creating = pin!(shop.handler.handle(&creation, &shop.world));
        assert!(poll(creating.as_mut()).is_none());
    }
    assert_eq!(shop.reported()[2..], ["stripe_unavailable"]);
}
