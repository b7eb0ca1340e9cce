//! What Stripe tells of the connected accounts through webhooks, told as stories.
//!
//! Tests named `attack_16_…` are the proof of the defence against forged and replayed events.
#![cfg(all(feature = "edge", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::type_complexity
)]

mod support;

use serde_json::{Value, json};
use std::pin::pin;
use stripe_connect_oauth::server::{Method, Response, WebhookSecret, sign_webhook};
use support::{
    ACCOUNT, Browser, Hook, LIVE_KEY, START, Shop, WEBHOOK_SECRET, assert_no_canary, configured, location, poll,
    printed, run,
};

const DEAUTHORIZED: &str = "account.application.deauthorized";

/// A shop where ada connected her account an hour ago.
fn connected() -> Shop {
    let shop = Shop::open();
    shop.keep("ada", ACCOUNT, START - 3600);
    shop
}

/// An event of the shop's own application, about ada's account.
fn event(id: &str, kind: &str, more: &Value) -> String {
    let mut event = json!({
        "id": id,
        "object": "event",
        "api_version": "2025-03-31",
        "account": ACCOUNT,
        "created": START,
        "livemode": false,
        "type": kind,
        "data": {"object": {"id": "ca_shop", "object": "application", "name": "The Shop"}},
        "pending_webhooks": 1,
        "request": null,
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event.to_string()
}

fn deauthorized(id: &str) -> String {
    event(id, DEAUTHORIZED, &json!({}))
}

fn signature(body: &str, at: u64) -> String {
    sign_webhook(body.as_bytes(), &WebhookSecret::parse(WEBHOOK_SECRET).unwrap(), at)
}

/// Stripe sends an event, signed now.
fn send(shop: &Shop, body: &str) -> (u16, String) {
    deliver(shop, body, &signature(body, shop.now()))
}

fn deliver(shop: &Shop, body: &str, signature: &str) -> (u16, String) {
    let headers = [("stripe-signature", signature), ("content-type", "application/json; charset=utf-8")];
    let mut stripe = Browser::default();
    let request = stripe.request(Method::Post, "/connect/webhook", &headers, body);
    outcome_of(&stripe.send(shop, &request))
}

fn outcome_of(response: &Response) -> (u16, String) {
    let body: Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(body["hint"].is_string(), response.status != 200, "{body}");
    (response.status, body["outcome"].as_str().unwrap().to_owned())
}

fn received() -> (u16, String) {
    (200, "received".to_owned())
}

fn heard(shop: &Shop) -> Vec<String> {
    shop.world.heard.borrow().iter().map(|(kind, _)| kind.clone()).collect()
}

// How it should go.

#[test]
fn an_account_that_took_its_access_away_is_disconnected_at_once() {
    let shop = connected();
    shop.wait(30);
    assert_eq!(send(&shop, &deauthorized("evt_1")), received());
    assert!(shop.accounts_of("ada").is_empty());
    assert_eq!(shop.ended("ada"), [(ACCOUNT.to_owned(), START)], "since the event, not since it came");
    assert_eq!(*shop.world.heard.borrow(), [(DEAUTHORIZED.to_owned(), Some(ACCOUNT.to_owned()))]);
    assert!(shop.asked().is_empty(), "nothing can be asked of an account that is gone");
    assert!(shop.reported().is_empty());
}

#[test]
fn the_account_is_taken_from_the_top_of_the_event() {
    let shop = connected();
    shop.keep("eve", "acct_other", START - 3600);
    let object = json!({"id": "ca_shop", "object": "application", "account": "acct_other"});
    send(&shop, &event("evt_1", DEAUTHORIZED, &json!({"data": {"object": object, "account": "acct_other"}})));
    assert!(shop.accounts_of("ada").is_empty());
    assert_eq!(shop.accounts_of("eve"), ["acct_other"]);
}

#[test]
fn an_account_that_nobody_here_has_is_acknowledged() {
    let shop = connected();
    assert_eq!(send(&shop, &event("evt_1", DEAUTHORIZED, &json!({"account": "acct_unheard0f"}))), received());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn an_event_of_the_platform_itself_has_no_account_and_ends_nothing() {
    for kind in ["account.updated", DEAUTHORIZED] {
        let shop = connected();
        assert_eq!(send(&shop, &event("evt_1", kind, &json!({"account": null}))), received());
        assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
        assert_eq!(*shop.world.heard.borrow(), [(kind.to_owned(), None)]);
    }
}

#[test]
fn an_event_of_an_old_api_version_names_the_account_otherwise_and_ends_its_connection() {
    for name in ["user_id", "stripe_user_id"] {
        let shop = connected();
        let old =
            event("evt_1", DEAUTHORIZED, &json!({"api_version": "2016-03-07", "account": null, name: ACCOUNT}));
        assert_eq!(send(&shop, &old), received());
        assert_eq!(shop.ended("ada"), [(ACCOUNT.to_owned(), START)], "{name}");
        assert_eq!(*shop.world.heard.borrow(), [(DEAUTHORIZED.to_owned(), Some(ACCOUNT.to_owned()))]);
        assert!(shop.reported().is_empty());
    }
}

#[test]
fn a_deauthorization_of_ours_that_names_no_account_is_acknowledged_and_reported() {
    let shop = connected();
    assert_eq!(send(&shop, &event("evt_1", DEAUTHORIZED, &json!({"account": null}))), received());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert_eq!(shop.reported(), ["received"]);
    let detail = shop.world.reports.borrow()[0].detail.clone();
    assert!(detail.starts_with("evt_1 tells") && detail.contains("account, user_id or stripe_user_id"), "{detail}");

    let shop = connected();
    let others = json!({"account": null, "data": {"object": {"id": "ca_theShopsApp", "object": "application"}}});
    assert_eq!(send(&shop, &event("evt_1", DEAUTHORIZED, &others)), received());
    assert!(shop.reported().is_empty(), "another application's is not ours to report");
}

#[test]
fn an_event_of_an_application_by_a_name_that_is_none_of_ours_is_acknowledged() {
    let shop = connected();
    let fixture = json!({"id": "evt_deauth", "object": "event", "created": 1, "type": DEAUTHORIZED,
        "account": "acct_1", "livemode": false, "data": {"object": {"id": "ca_test_platform"}}});
    assert_eq!(send(&shop, &fixture.to_string()), received());
    assert_eq!((shop.accounts_of("ada"), shop.reported().len()), (vec![ACCOUNT.to_owned()], 0));
}

#[test]
fn what_an_event_lacks_is_named_to_stripes_dashboard_and_in_the_report() {
    let shop = connected();
    let body = json!({"type": DEAUTHORIZED, "object": "event", "account": ACCOUNT}).to_string();
    let headers = [("stripe-signature", &*signature(&body, START))];
    let mut stripe = Browser::default();
    let request = stripe.request(Method::Post, "/connect/webhook", &headers, &body);
    let refused: Value = serde_json::from_str(&stripe.send(&shop, &request).body).unwrap();
    let message = "the body is signed but is not an event: id is missing or odd";
    assert_eq!((&refused["reason"], &refused["message"]), (&json!("not_an_event"), &json!(message)));
    assert!(shop.world.reports.borrow()[0].detail.starts_with(message));
}

#[test]
fn another_application_of_the_platforms_ends_no_connection_of_this_one() {
    let shop = connected();
    let object = json!({"id": "ca_theShopsApp", "object": "application"});
    assert_eq!(send(&shop, &event("evt_1", DEAUTHORIZED, &json!({"data": {"object": object}}))), received());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert_eq!(heard(&shop), [DEAUTHORIZED], "the platform hears of it all the same");
}

#[test]
fn every_kind_of_event_reaches_the_hook_and_only_one_ends_a_connection() {
    let shop = connected();
    let kinds = ["account.application.authorized", "account.updated", "payout.paid", "a.kind.of.tomorrow"];
    for (at, kind) in kinds.iter().enumerate() {
        assert_eq!(send(&shop, &event(&format!("evt_{at}"), kind, &json!({}))), received());
    }
    assert_eq!(heard(&shop), kinds);
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn a_secret_is_rolled_while_both_are_listed() {
    let mut shop = connected();
    shop.deploy(|settings| settings.webhook_secrets.insert(0, "whsec_canary0004".into()));
    assert_eq!(send(&shop, &deauthorized("evt_1")), received());
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn without_a_secret_there_is_no_webhook() {
    let mut shop = Shop::open();
    assert!(shop.handler.route("/connect/webhook").is_some());
    shop.deploy(|settings| settings.webhook_secrets.clear());
    assert!(shop.handler.route("/connect/webhook").is_none());
}

#[test]
fn a_wrong_secret_is_refused_with_the_configuration() {
    for (secret, code) in [
        ("", "missing_parameter"),
        ("undefined", "invalid_value"),
        ("sk_test_canary0001", "wrong_credential"),
        ("whsec_canary 003", "invalid_value"),
    ] {
        let refused = configured(|settings| settings.webhook_secrets.push(secret.into())).unwrap_err();
        assert_eq!((refused.code().as_str(), refused.param()), (code, "webhook_secrets"), "{secret}");
        assert_no_canary(&printed(&refused));
    }
}

// Forged, replayed, of the other mode.

#[test]
fn attack_16_what_stripe_did_not_sign_changes_nothing_and_fills_no_log() {
    let body = deauthorized("evt_1");
    let altered = body.replace(ACCOUNT, "acct_1SandboxBakery02");
    let right = signature(&body, START);
    let (_, hex) = right.split_once("v1=").unwrap();
    let with_other_secret =
        sign_webhook(body.as_bytes(), &WebhookSecret::parse("whsec_guessed001").unwrap(), START);
    let forged = [
        (&body, String::new(), "not_signed"),
        (&body, "hello".to_owned(), "malformed_signature"),
        (&body, format!("t={START}"), "no_usable_signature"),
        (&body, format!("t={START},v0={hex}"), "no_usable_signature"),
        (&body, with_other_secret, "signature_mismatch"),
        (&body, format!("t={START},v1={}", "0".repeat(64)), "signature_mismatch"),
        (&body, format!("t={},v1={hex}", START + 1), "signature_mismatch"),
        (&body, format!("t={START},t={START},v1={hex}"), "repeated_timestamp"),
        (&altered, right.clone(), "signature_mismatch"),
    ];
    for (body, signature, reason) in forged {
        let shop = connected();
        let mut stripe = Browser::default();
        let headers = [("stripe-signature", &*signature)];
        let request = stripe.request(Method::Post, "/connect/webhook", &headers, body);
        let refused = stripe.send(&shop, &request);
        assert_eq!(outcome_of(&refused), (400, "webhook_rejected".to_owned()));
        assert!(refused.body.contains(reason), "{}", refused.body);
        assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
        assert!(heard(&shop).is_empty() && shop.reported().is_empty());
    }
}

#[test]
fn attack_16_the_signature_is_of_the_very_bytes_that_came() {
    let shop = connected();
    let body = format!("\u{feff}{}", deauthorized("evt_1"));
    let without_mark = deauthorized("evt_1");
    assert_eq!(deliver(&shop, &body, &signature(&without_mark, START)).1, "webhook_rejected");
    assert_eq!(
        deliver(&shop, &format!("{without_mark}\n"), &signature(&without_mark, START)).1,
        "webhook_rejected"
    );
    let reordered: Value = serde_json::from_str(&without_mark).unwrap();
    let spaced = serde_json::to_string_pretty(&reordered).unwrap();
    assert_eq!(deliver(&shop, &spaced, &signature(&without_mark, START)).1, "webhook_rejected");
    assert_eq!(deliver(&shop, &spaced, &signature(&spaced, START)), received());
}

#[test]
fn attack_16_a_signature_of_long_ago_or_of_a_time_to_come_is_refused_and_reported() {
    for (signed_at, ok) in [(START - 300, true), (START - 301, false), (START + 300, true), (START + 301, false)] {
        let shop = connected();
        let body = deauthorized("evt_1");
        let (status, outcome) = deliver(&shop, &body, &signature(&body, signed_at));
        assert_eq!(status == 200, ok, "{signed_at}");
        assert_eq!(shop.accounts_of("ada").is_empty(), ok);
        assert_eq!(shop.reported(), if ok { vec![] } else { vec![&*outcome] }, "the clock may be wrong: say so");
    }
}

#[test]
fn attack_16_a_replayed_event_has_no_second_effect() {
    let shop = connected();
    let body = deauthorized("evt_1");
    let signed = signature(&body, START);
    assert_eq!(deliver(&shop, &body, &signed), received());
    shop.keep("ada", ACCOUNT, START);
    for _ in 0..3 {
        shop.wait(60);
        assert_eq!(deliver(&shop, &body, &signed), received());
    }
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT], "connected again in the very second of the event");
    assert_eq!(heard(&shop).len(), 1);
    shop.wait(3 * 86_400);
    assert_eq!(send(&shop, &body), received(), "Stripe's own retry, three days later, is signed afresh");
    assert_eq!(heard(&shop).len(), 1);
}

#[test]
fn an_event_of_the_other_mode_is_acknowledged_and_passed_over() {
    let shop = connected();
    assert_eq!(send(&shop, &event("evt_1", DEAUTHORIZED, &json!({"livemode": true}))), received());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert!(heard(&shop).is_empty());

    let mut shop = connected();
    shop.deploy(|settings| settings.secret_key = LIVE_KEY.into());
    assert_eq!(send(&shop, &deauthorized("evt_1")), received());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT], "a test event does nothing to a live platform");
    assert!(heard(&shop).is_empty() && shop.reported().is_empty());
}

#[test]
fn a_signed_body_that_is_no_event_is_refused_and_reported() {
    let thin = json!({"id": "evt_1", "object": "v2.core.event", "type": "v1.account.updated"}).to_string();
    for body in ["{}", "null", "", "{\"id\":", &thin] {
        let shop = connected();
        assert_eq!(send(&shop, body), (400, "webhook_rejected".to_owned()), "{body}");
        assert_eq!(shop.reported(), ["webhook_rejected"]);
    }
}

#[test]
fn a_large_event_is_read_and_one_beyond_all_bounds_is_not() {
    let shop = connected();
    assert_eq!(shop.handler.route("/connect/webhook").unwrap().body_limit(), 262_144);
    let padded = |length: usize| {
        let body = event("evt_1", DEAUTHORIZED, &json!({"padding": ""}));
        let padding = "x".repeat(length - body.len());
        body.replace("\"padding\":\"\"", &format!("\"padding\":\"{padding}\""))
    };
    assert_eq!(send(&shop, &padded(262_145)), (400, "webhook_rejected".to_owned()));
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert_eq!(send(&shop, &padded(262_144)), received());
    assert!(shop.accounts_of("ada").is_empty());
}

// Out of order, twice, at once.

#[test]
fn a_deauthorization_that_comes_after_a_reconnection_ends_nothing() {
    let shop = connected();
    shop.keep("ada", ACCOUNT, START + 10);
    shop.wait(20);
    assert_eq!(send(&shop, &deauthorized("evt_1")), received());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert_eq!(heard(&shop), [DEAUTHORIZED]);

    shop.wait(20);
    let newer = event("evt_2", DEAUTHORIZED, &json!({"created": START + 30}));
    assert_eq!(send(&shop, &newer), received());
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn two_events_in_either_order_leave_the_account_disconnected() {
    for order in [[0, 1], [1, 0]] {
        let shop = connected();
        let events = [
            deauthorized("evt_1"),
            event("evt_2", "account.application.authorized", &json!({"created": START - 3600})),
        ];
        for at in order {
            assert_eq!(send(&shop, &events[at]), received());
        }
        assert!(shop.accounts_of("ada").is_empty());
    }
}

#[test]
fn the_event_of_the_persons_own_disconnection_changes_nothing_more() {
    let shop = connected();
    let mut ada = Browser::of("ada");
    let reply = json!({ "stripe_user_id": ACCOUNT }).to_string();
    shop.stripe_answers([Some(Response::json(200, reply))]);
    assert_eq!(location(&ada.submit(&shop, "/connect/disconnect", &format!("account={ACCOUNT}"))), "/home");
    assert_eq!(send(&shop, &event("evt_1", DEAUTHORIZED, &json!({"created": START + 2}))), received());
    assert_eq!(shop.ended("ada"), [(ACCOUNT.to_owned(), START)]);
}

#[test]
fn a_duplicate_that_comes_while_the_first_is_at_work_is_sent_again_later() {
    let shop = connected();
    let body = deauthorized("evt_1");
    let signed = signature(&body, START);
    let headers = [("stripe-signature", &*signed)];
    let request = Browser::default().request(Method::Post, "/connect/webhook", &headers, &body);
    shop.world.hook.set(Hook::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none());
    assert_eq!(send(&shop, &body), (409, "event_in_progress".to_owned()));

    shop.world.hook.set(Hook::Works);
    assert_eq!(outcome_of(&Browser::default().receive(run(first).unwrap().unwrap())), received());
    assert_eq!(send(&shop, &body), received());
    assert_eq!(heard(&shop).len(), 1);
}

#[test]
fn an_event_whose_request_died_is_handled_by_the_next_one() {
    let shop = connected();
    let body = deauthorized("evt_1");
    let signed = signature(&body, START);
    let request =
        Browser::default().request(Method::Post, "/connect/webhook", &[("stripe-signature", &*signed)], &body);
    shop.world.hook.set(Hook::Holds);
    {
        let mut first = pin!(shop.handler.handle(&request, &shop.world));
        assert!(poll(first.as_mut()).is_none(), "it begins, and is never heard of again");
    }
    shop.world.hook.set(Hook::Works);
    shop.wait(59);
    assert_eq!(send(&shop, &body).1, "event_in_progress");
    shop.wait(1);
    assert_eq!(send(&shop, &body), received());
    assert_eq!(heard(&shop), [DEAUTHORIZED]);
}

// Whatever fails is tried again.

#[test]
fn a_hook_that_fails_is_reported_and_hears_of_the_event_again() {
    let shop = connected();
    let body = deauthorized("evt_1");
    shop.world.hook.set(Hook::Fails);
    assert_eq!(send(&shop, &body), (500, "event_failed".to_owned()));
    assert_eq!(shop.reported(), ["event_failed"]);
    assert!(shop.world.reports.borrow()[0].detail.contains("the mailer is down"));
    assert!(shop.accounts_of("ada").is_empty(), "the clean-up does not wait for the hook");

    shop.world.hook.set(Hook::Works);
    shop.wait(3600);
    assert_eq!(send(&shop, &body), received());
    assert_eq!(heard(&shop), [DEAUTHORIZED]);
    assert_eq!(send(&shop, &body), received());
    assert_eq!(heard(&shop).len(), 1);
}

#[test]
fn a_store_that_fails_at_any_step_is_reported_and_the_event_is_handled_when_it_comes_again() {
    let steps: [(fn(&Shop, bool), usize); 3] = [
        (|shop, down| shop.world.store.down_to_begin_event.set(down), 1),
        (|shop, down| shop.world.store.down_to_disconnect.set(down), 1),
        // The hook has heard of it, and hears of it once more: it can't be told that it did.
        (|shop, down| shop.world.store.down_to_finish_event.set(down), 2),
    ];
    for (fail, times) in steps {
        let shop = connected();
        let body = deauthorized("evt_1");
        fail(&shop, true);
        assert_eq!(send(&shop, &body), (503, "store_unavailable".to_owned()));
        assert_eq!(shop.reported(), ["store_unavailable"]);

        fail(&shop, false);
        shop.wait(3600);
        assert_eq!(send(&shop, &body), received());
        assert!(shop.accounts_of("ada").is_empty());
        assert_eq!(heard(&shop).len(), times);
    }
}

#[test]
fn attack_13_no_webhook_secret_is_printed() {
    let shop = connected();
    let body = deauthorized("evt_1");
    send(&shop, &body);
    let request =
        Browser::default().request(Method::Post, "/connect/webhook", &[("stripe-signature", "canary")], &body);
    let config = configured(|_| {}).unwrap();
    for text in [printed(&shop.handler), printed(&config), printed(&support::settings()), printed(&request)] {
        assert_no_canary(&text);
        assert!(!text.contains(ACCOUNT), "{text}");
    }
}
