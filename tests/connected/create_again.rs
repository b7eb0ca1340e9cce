//! An account that Stripe refuses, or fails over, and what the next press does.

use super::*;

#[test]
fn a_creation_that_stripe_refuses_or_never_answers_is_told_apart_and_may_be_tried_again() {
    for (scripted, status, outcome, tries) in [
        ([api_error(400, "email_invalid"), None, None], 502, "stripe_refused", 1),
        ([api_error(403, "more_permissions_required"), None, None], 502, "missing_permission", 1),
        ([api_error(403, "platform_account_required"), None, None], 500, "platform_not_ready", 1),
        ([api_error(401, "api_key_expired"), None, None], 502, "stripe_refused", 1),
        ([api_error(401, "platform_api_key_expired"), None, None], 502, "stripe_refused", 1),
        ([api_error(403, "account_invalid"), None, None], 502, "stripe_refused", 1),
        ([None, server_error(), None], 503, "stripe_unavailable", 3),
        ([api_error(409, "idempotency_key_in_use"), None, None], 503, "stripe_unavailable", 3),
        ([api_error(429, "rate_limit"), None, None], 503, "stripe_unavailable", 1),
    ] {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        shop.stripe_answers(scripted.into_iter().take(tries));
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (status, outcome.to_owned()));
        assert_eq!((shop.asked().len(), shop.reported()), (tries, vec![outcome]));
        shop.stripe_answers([answers(200, &account(&json!({})))]);
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (200, "created".to_owned()));
        let keys = idempotency_keys(&shop);
        let (next, tried) = keys.split_last().unwrap();
        assert!(tried.iter().all(|key| *key == keys[0]), "every try is the same operation: {keys:?}");
        let is_unknown = outcome == "stripe_unavailable";
        assert_eq!(*next == keys[0], is_unknown, "a refusal gives the next press a key of its own: {keys:?}");
        let sent = shop.asked();
        let claims: Vec<_> = sent.iter().map(|(_, form)| form.split_once("connect_claim").unwrap().1).collect();
        assert!(claims.iter().all(|claim| *claim == claims[0]), "and all are found by one claim");
    }
}

#[test]
fn what_the_platforms_operator_must_mend_is_told_to_the_operator() {
    let text = "You can only create new accounts if you've signed up for Connect, which you can learn how to do at \
                https://stripe.com/docs/connect.";
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.stripe_answers([api_text(400, text), api_text(400, text)]);
    let script = ada.script(&shop, "/connect/create", DETAILS);
    assert_eq!(told(&script), (500, "platform_not_ready".to_owned()));
    assert_eq!(location(&ada.submit(&shop, "/connect/create", DETAILS)), "/connect/result/platform_not_ready");
    let page = ada.open(&shop, "/connect/result/platform_not_ready");
    for body in [script.body, page.body] {
        assert!(body.contains("not about you or your account"), "{body}");
        assert!(!body.contains("again") && !body.contains("<form") && !body.contains("signed up"), "{body}");
    }
    let report = shop.world.reports.borrow()[0].clone();
    assert_eq!(report.outcome.as_str(), "platform_not_ready");
    assert!(report.detail.contains("https://dashboard.stripe.com/connect"), "{report}");

    // Also where it shows with a link.
    shop.keep("ada", ACCOUNT, START - 3600);
    shop.stripe_answers([api_text(400, "You must complete your platform profile to use Connect.")]);
    let onboard = ada.open(&shop, &format!("/connect/onboard?{THIS}"));
    assert_eq!(location(&onboard), "/connect/result/platform_not_ready");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

/// A bad key says nothing of the account that a try with the right one may have made.
#[test]
fn a_refusal_of_the_key_after_a_try_that_may_have_made_the_account_keeps_the_idempotency_key() {
    let refusal = |status| api_error(status, "email_invalid");
    let replayed = || refusal(403).map(|reply| reply.with_header("idempotent-replayed", "true"));
    for (before, refused, is_kept) in [
        (vec![None, None, None], refusal(401), true),
        (vec![None, None, None], refusal(403), true),
        (vec![answers(200, &account(&json!({})))], refusal(401), true),
        (vec![None, None, None], replayed(), false),
        (vec![None, None, None], refusal(400), false),
    ] {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        shop.stripe_answers(before);
        ada.script(&shop, "/connect/create", DETAILS);
        shop.stripe_answers([refused]);
        let status = ada.script(&shop, "/connect/create", DETAILS).status;
        assert_eq!(status, 502, "the refusal is told all the same");
        shop.stripe_answers([answers(200, &account(&json!({})))]);
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "created");
        let keys = idempotency_keys(&shop);
        assert_eq!(keys.first() == keys.last(), is_kept, "{keys:?}");
    }
}

#[test]
fn a_press_that_waited_for_one_that_is_refused_is_no_attempt_of_its_own() {
    let shop = Shop::open();
    let ada = Browser::of("ada");
    let headers = [("accept", "application/json"), ("origin", SHOP)];
    let request = ada.request(Method::Post, "/connect/create", &headers, DETAILS);
    shop.stripe_answers([api_error(400, "email_invalid")]);
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    let mut second = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none() && poll(second.as_mut()).is_none());
    shop.world.wire.set(Wire::Works);
    for response in [run(first), run(second)] {
        assert_eq!(told(&response.unwrap().unwrap()).1, "stripe_refused");
    }
    assert_eq!(shop.asked().len(), 1);
}

#[test]
fn after_too_many_refusals_in_a_day_the_last_one_is_told_and_stripe_is_not_asked() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    for _ in 0..24 {
        // No more than a few of them in an hour, for which there is another limit.
        shop.wait(600);
        shop.stripe_answers([api_error(400, "email_invalid")]);
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "stripe_refused");
    }
    let keys: std::collections::HashSet<_> = idempotency_keys(&shop).into_iter().collect();
    assert_eq!(keys.len(), 24);
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (502, "stripe_refused".to_owned()));
    assert_eq!(shop.asked().len(), 24);
    assert!(shop.world.reports.borrow()[24].detail.starts_with("too many attempts"));
    shop.stripe_answers([answers(200, &account(&json!({})))]);
    let other = "country=FR&email=a%40example.com";
    assert_eq!(
        told(&ada.script(&shop, "/connect/create", other)).1,
        "created",
        "other details are another account"
    );

    shop.wait(86_400 + 1);
    shop.stripe_answers([answers(200, &account(&json!({})))]);
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "created", "and so is another day");
}

/// A failure of Stripe's, which it saved for the key.
fn saved_failure() -> Option<Response> {
    server_error().map(|failure| failure.with_header("idempotent-replayed", "true"))
}

/// A shop, and what ada's claim is there.
fn claimed() -> (Shop, Browser, String) {
    let (shop, ada) = (Shop::open(), Browser::of("ada"));
    let scout = Shop::open();
    scout.stripe_answers([None, None, None]);
    ada.clone().script(&scout, "/connect/create", DETAILS);
    let claim = idempotency_keys(&scout)[0].clone();
    (shop, ada, claim)
}

#[test]
fn a_failure_that_stripe_saved_leads_to_the_account_it_made_or_to_a_new_attempt() {
    let (shop, mut ada, claim) = claimed();
    let others = account(&json!({"id": OTHER, "created": START, "metadata": {"connect_claim": "x"}}));
    let ours = json!({"id": ACCOUNT, "created": START, "metadata": {"connect_claim": claim}});
    shop.stripe_answers([saved_failure(), list(&[others.clone(), ours], true)]);
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (200, "created".to_owned()));
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert_eq!(shop.asked()[1].0, "/v1/accounts");
    assert_eq!(shop.world.sent.borrow()[1].query(), "limit=100");
    assert!(shop.reported().is_empty());

    for lists in [
        list(&[], false),
        list(std::slice::from_ref(&others), false),
        list(&[account(&json!({"created": START - 301}))], true),
    ] {
        let (shop, mut ada, _) = claimed();
        shop.stripe_answers([saved_failure(), lists, answers(200, &account(&json!({})))]);
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "created");
        let sent = shop.world.sent.borrow();
        assert_eq!(sent.len(), 3);
        assert_ne!(sent[0].header("idempotency-key"), sent[2].header("idempotency-key"));
        assert_eq!(sent[0].body, sent[2].body);
    }
}

#[test]
fn a_list_that_does_not_tell_keeps_the_key_and_the_outcome_unknown() {
    let odd = |claim: &str| json!({"id": "cus_1", "created": START, "metadata": {"connect_claim": claim}});
    let (_, _, claim) = claimed();
    for lists in [
        vec![None, None, None],
        vec![api_error(403, "more_permissions_required")],
        vec![api_error(401, "api_key_expired")],
        vec![answers(200, &json!({"data": {}}))],
        vec![answers(200, &json!([]))],
        vec![list(&[odd(&claim)], false)],
        vec![list(&[account(&json!({"created": START - 300}))], true)],
        vec![list(&[account(&json!({}))], true)],
    ] {
        let (shop, mut ada, _) = claimed();
        let asked = 1 + lists.len();
        shop.stripe_answers([saved_failure()].into_iter().chain(lists));
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (503, "stripe_unavailable".to_owned()));
        assert_eq!((shop.asked().len(), shop.reported()), (asked, vec!["stripe_unavailable"]));
        shop.stripe_answers([answers(200, &account(&json!({})))]);
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "created");
        let sent = shop.world.sent.borrow();
        assert_eq!(sent[asked].header("idempotency-key"), sent[0].header("idempotency-key"));
    }
}

#[test]
fn a_press_makes_one_new_attempt_at_most_and_the_next_goes_on_from_there() {
    let (shop, mut ada, _) = claimed();
    shop.stripe_answers([saved_failure(), list(&[], false), saved_failure(), list(&[], false)]);
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (503, "stripe_unavailable".to_owned()));
    assert_eq!(shop.reported(), ["stripe_unavailable"]);
    shop.stripe_answers([saved_failure(), list(&[], false), answers(200, &account(&json!({})))]);
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "created");
    let sent = shop.world.sent.borrow();
    let keys: Vec<_> = sent.iter().filter_map(|request| request.header("idempotency-key")).collect();
    assert_eq!(keys.len(), 4);
    assert!(keys[0] != keys[1] && keys[1] == keys[2] && keys[2] != keys[3] && keys[0] != keys[3], "{keys:?}");
}

#[test]
fn an_account_is_kept_by_its_id_whatever_else_of_it_is_odd_and_from_before_it_was_asked_for() {
    let shop = Shop::open();
    let ada = Browser::of("ada");
    let headers = [("accept", "application/json"), ("origin", SHOP)];
    let request = ada.request(Method::Post, "/connect/create", &headers, DETAILS);
    shop.stripe_answers([answers(200, &json!({"id": ACCOUNT, "charges_enabled": null}))]);
    shop.world.wire.set(Wire::Holds);
    let mut creating = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(creating.as_mut()).is_none());
    shop.wait(20);
    shop.world.wire.set(Wire::Works);
    let made = json_of(&run(creating).unwrap().unwrap());
    assert_eq!((&made["outcome"], &made["connection"]["connected_at"]), (&json!("created"), &json!(START)));
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn a_store_that_fails_before_or_after_a_creation_is_healed_by_trying_again() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.world.store.down.set(true);
    assert_eq!(ada.submit(&shop, "/connect/create", DETAILS).status, 503);
    assert!(shop.asked().is_empty());
    shop.world.store.down.set(false);

    shop.world.store.down_to_settle.set(true);
    shop.stripe_answers([answers(200, &account(&json!({})))]);
    let page = ada.submit(&shop, "/connect/create", DETAILS);
    assert_eq!(location(&page), "/connect/result/created_not_saved");
    assert_eq!(shop.reported(), ["store_unavailable", "created_not_saved"]);
    shop.world.store.down_to_settle.set(false);
    shop.wait(60);
    shop.stripe_answers([answers(200, &account(&json!({}))), link(FORM)]);
    assert_eq!(location(&ada.submit(&shop, "/connect/create", DETAILS)), FORM);
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    let keys = idempotency_keys(&shop);
    assert_eq!(keys[0], keys[1], "Stripe answers with the account it had made");
}

#[test]
fn of_many_accounts_that_one_user_asks_for_twenty_in_an_hour_are_asked_of_stripe() {
    let shop = Shop::open();
    let mut eve = Browser::of("eve");
    let details = |at: usize| format!("country=FR&email=eve{at}%40example.com");
    for at in 0..30 {
        shop.stripe_answers((at < 20).then(|| api_error(400, "email_invalid")));
        let expected = if at < 20 { (502, "stripe_refused") } else { (429, "too_many") };
        let response = eve.script(&shop, "/connect/create", &details(at));
        assert_eq!(told(&response), (expected.0, expected.1.to_owned()), "{at}");
    }
    assert_eq!(told(&eve.script(&shop, "/connect/create", &details(29))).1, "too_many", "nor by pressing again");
    assert_eq!(shop.asked().len(), 20);
    shop.stripe_answers([answers(200, &account(&json!({})))]);
    let mut ada = Browser::of("ada");
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "created", "another user is none the worse");

    shop.wait(3601);
    shop.stripe_answers([answers(200, &account(&json!({})))]);
    assert_eq!(told(&eve.script(&shop, "/connect/create", &details(29))).1, "created");
}
