//! Nothing is lost, and nothing is sent twice.

use super::*;

#[test]
fn a_store_that_is_down_before_the_claim_sends_nothing_and_a_reload_works() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.world.store.down.set(true);
    let page = ada.open(&shop, &callback);
    assert_eq!((page.status, page.header("location")), (503, None), "the callback's address stays, to reload");
    assert!(page.body.contains("nothing was sent to Stripe") && page.body.contains("reload this page"));
    assert_eq!(shop.reported(), ["store_unavailable"]);
    assert_nothing_happened(&shop);

    shop.world.store.down.set(false);
    assert_eq!(ada.come_back(&shop, &callback), "/home");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn a_reload_while_the_store_is_down_can_be_reloaded_too() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    assert_eq!(ada.come_back(&shop, &callback), "/home");
    shop.world.store.down.set(true);
    let page = ada.open(&shop, &callback);
    assert_eq!((page.status, page.header("location")), (503, None), "the callback's address stays, to reload");
    shop.world.store.down.set(false);
    assert_eq!(ada.come_back(&shop, &callback), "/home");
}

#[test]
fn a_store_that_fails_after_the_exchange_is_healed_by_connecting_again() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.world.store.down_to_settle.set(true);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/not_saved");
    assert_eq!(shop.reported(), ["not_saved"]);
    let page = ada.open(&shop, "/connect/result/not_saved");
    assert!(page.body.contains("Please connect once more to finish") && page.body.contains("/connect/start"));

    shop.world.store.down_to_settle.set(false);
    let authorize_url = ada.press_connect(&shop);
    assert_eq!(ada.come_back(&shop, &shop.consent(&authorize_url)), "/home");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert_eq!(shop.token_requests(), 2, "two codes, each sent once");
}

#[test]
fn who_goes_back_to_stripe_after_success_is_told_that_it_is_connected_and_the_new_code_is_never_sent() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let authorize_url = ada.press_connect(&shop);
    assert_eq!(ada.come_back(&shop, &shop.consent(&authorize_url)), "/home");
    let again = shop.consent(&authorize_url);
    let cancelled = shop.cancel(&authorize_url);
    for callback in [&again, &cancelled] {
        assert_eq!(ada.come_back(&shop, callback), "/home", "{callback}");
        assert_eq!(Browser::of("eve").come_back(&shop, &again), "/connect/result/not_started", "nobody else is");
    }
    assert_eq!((shop.token_requests(), shop.accounts_of("ada")), (1, vec![ACCOUNT.to_owned()]));

    // Not, where it has ended since: then there has to be a new start.
    ada.script(&shop, "/connect/disconnect", &format!("account={ACCOUNT}"));
    for callback in [&again, &cancelled] {
        assert_eq!(ada.come_back(&shop, callback), "/connect/result/already_used", "{callback}");
    }
    assert_eq!(shop.token_requests(), 1);
}

#[test]
fn a_claim_that_vanishes_while_someone_waits_for_it_is_unknown_at_once() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let [flow, code] = ["state", "code"].map(|name| Digest::of(&query(&callback, name)));
    let claim = Claim { flow, code, subject: Subject::parse("ada").unwrap(), claimed_at: shop.now() };
    assert!(run(shop.world.store.inner.claim(&shop.application(), &claim)).unwrap().is_none());
    shop.world.store.loses_claims.set(true);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/unknown");
    assert_eq!(shop.milliseconds_since_start(), 250);
    assert_nothing_happened(&shop);
}

#[test]
fn a_claim_is_lost_at_its_sixtieth_second_and_nobody_waits_for_it_any_longer() {
    for (age, waited) in [(59, 1000), (60, 0)] {
        let shop = Shop::open();
        let (mut ada, callback) = back_from_stripe(&shop, "ada");
        let [flow, code] = ["state", "code"].map(|name| Digest::of(&query(&callback, name)));
        let claim = Claim { flow, code, subject: Subject::parse("ada").unwrap(), claimed_at: shop.now() };
        assert!(run(shop.world.store.inner.claim(&shop.application(), &claim)).unwrap().is_none());
        shop.wait(age);
        assert_eq!(ada.come_back(&shop, &callback), "/connect/result/unknown");
        assert_eq!(shop.milliseconds_since_start(), age * 1000 + waited, "{age}");
        assert_nothing_happened(&shop);
    }
}

#[test]
fn an_answer_that_is_lost_is_unknown_and_the_code_is_never_sent_again() {
    for (wire, detail) in [(Wire::LosesTheAnswer, "did not answer"), (Wire::BadGateway, "answered 502")] {
        let shop = Shop::open();
        let (mut ada, callback) = back_from_stripe(&shop, "ada");
        shop.world.wire.set(wire);
        assert_eq!(ada.come_back(&shop, &callback), "/connect/result/unknown");
        shop.world.wire.set(Wire::Works);
        assert_eq!(ada.come_back(&shop, &callback), "/connect/result/unknown", "after a reload");
        assert_eq!(shop.token_requests(), 1);
        assert!(shop.connected_at_stripe(), "Stripe had connected it, and a second try would have revoked it");
        let reports = shop.world.reports.borrow();
        assert!(reports.len() == 1 && reports[0].detail.contains(detail), "{reports:?}");
    }
}

#[test]
fn attack_15_a_redirect_of_the_token_endpoint_is_not_followed() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.world.sent.borrow_mut().clear();
    shop.world.wire.set(Wire::Redirects);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/unknown");
    let sent = shop.world.sent.borrow();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].url, format!("{STRIPE}/oauth/token"));
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn a_code_that_was_used_elsewhere_is_told_apart() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.spend_elsewhere(&callback);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/code_used");
    assert_eq!(shop.reported(), ["code_used"]);
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn a_code_older_than_five_minutes_is_told_apart() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.wait(301);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/code_expired");
    assert_eq!(shop.reported(), ["code_expired"]);
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn an_account_without_an_asserted_capability_is_told_apart() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let description = "assert_capabilities expects capability: card_payments";
    let refusal = json!({"error": "invalid_request", "error_description": description});
    shop.stripe_answers([Some(Response::json(400, refusal.to_string()))]);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/capability_not_granted");
    assert_eq!(shop.reported(), ["capability_not_granted"]);
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn a_refusal_for_another_reason_is_reported_with_its_request_id() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.secret_key = "sk_test_ofNobody".into());
    shop.stripe_answers([None]); // when the start asks
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/refused");
    let reports = shop.world.reports.borrow();
    assert!(reports[0].detail.contains("invalid_client") && reports[0].detail.contains("(request req_"));
    assert!(!reports[0].detail.contains("ofNobody"));
}
