//! Webhooks: signed, delivered, tried again; duplicates, disorder and rolled secrets on demand (§5).

use super::*;
use stripe_connect_oauth::sandbox::{Delivery, WebhookEndpoint};
use stripe_connect_oauth::server::{EventKind, Tolerance, WebhookError, WebhookSecret, verify_webhook};

const URL: &str = "http://localhost:8787/connect/webhook";
const OLD: &str = "whsec_canary00001";
const NEW: &str = "whsec_canary00002";

fn listening() -> Sandbox {
    let mut sandbox = sandbox();
    sandbox.add_webhook_endpoint(WebhookEndpoint::new(URL, WebhookSecret::parse(OLD).unwrap()).unwrap());
    sandbox
}

fn change(sandbox: &mut Sandbox, settings: Value) -> Value {
    ok(&control(sandbox, "/_sandbox/webhooks", settings))
}

/// Something happens: the account changes, and changes back.
fn happen(sandbox: &mut Sandbox) {
    control(sandbox, "/_sandbox/connections", json!({"stripe_user_id": ACCOUNT}));
    for state in ["restricted", "active"] {
        ok(&control(sandbox, "/_sandbox/accounts", json!({"id": ACCOUNT, "state": state})));
    }
}

fn verified(delivery: &Delivery, secret: &str, now: u64) -> Result<String, WebhookError> {
    let header = delivery.request.header("stripe-signature").unwrap();
    let secrets = [WebhookSecret::parse(secret).unwrap()];
    let body = &delivery.request.body;
    verify_webhook(body, header, &secrets, now, Tolerance::seconds(1).unwrap()).map(|event| event.id.to_string())
}

fn event_id(delivery: &Delivery) -> String {
    let body: Value = serde_json::from_slice(&delivery.request.body).unwrap();
    body["id"].as_str().unwrap().to_owned()
}

fn told(sandbox: &mut Sandbox) -> Vec<String> {
    let told = ok(&get(sandbox, "/_sandbox/events"));
    told.as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_event_is_sent_signed_to_the_endpoint() {
    let mut sandbox = listening();
    connected(&mut sandbox, "client_id=ca_test");
    assert_eq!(sandbox.next_delivery_at(), Some(NOW));
    let sent = sandbox.take_due_deliveries(NOW);
    let [delivery] = sent.as_slice() else { panic!("{} deliveries", sent.len()) };
    assert_eq!((delivery.request.method, &*delivery.request.url), (Method::Post, URL));
    assert_eq!(delivery.request.header("content-type"), Some("application/json; charset=utf-8"));
    let header = delivery.request.header("stripe-signature").unwrap();
    let secrets = [WebhookSecret::parse(OLD).unwrap()];
    let body = &delivery.request.body;
    let event = verify_webhook(body, header, &secrets, NOW, Tolerance::default()).unwrap();
    assert!(matches!(event.kind, EventKind::Authorized { .. }), "{event:?}");
    assert_eq!(event.account.unwrap().as_str(), ACCOUNT);
    assert_eq!(event.livemode, Livemode::Test);
    let shown: Value = serde_json::from_slice(&delivery.request.body).unwrap();
    assert_eq!(shown["pending_webhooks"], 1);
    assert!(sandbox.take_due_deliveries(NOW).is_empty(), "it is under way");
    sandbox.delivered(delivery.id, Some(200), NOW);
    assert_eq!(sandbox.next_delivery_at(), None);
    assert!(sandbox.take_due_deliveries(NOW + 10_000_000).is_empty());
}

#[test]
fn a_delivery_that_fails_is_tried_again_signed_afresh_after_growing_waits() {
    let mut sandbox = listening();
    connected(&mut sandbox, "client_id=ca_test");
    let mut now = NOW;
    let mut ids = Vec::new();
    for (wait, status) in [(10, None), (40, Some(500)), (160, Some(404)), (640, Some(302)), (2560, Some(199))] {
        let sent = sandbox.take_due_deliveries(now);
        assert_eq!(sent.len(), 1);
        ids.push(verified(&sent[0], OLD, now).unwrap());
        sandbox.delivered(sent[0].id, status, now);
        assert_eq!(sandbox.next_delivery_at(), Some(now + wait), "{status:?}");
        assert!(sandbox.take_due_deliveries(now + wait - 1).is_empty());
        now += wait;
    }
    assert!(ids.iter().all(|id| *id == ids[0]), "it is the same event");
    let sent = sandbox.take_due_deliveries(now);
    sandbox.delivered(sent[0].id, Some(299), now);
    assert_eq!(sandbox.next_delivery_at(), None);
    let shown = change(&mut sandbox, json!({}));
    assert_eq!(
        (&shown["deliveries"][0]["attempts"], &shown["deliveries"][0]["state"]),
        (&json!(6), &json!("delivered"))
    );
}

#[test]
fn after_three_days_it_is_given_up() {
    let mut sandbox = listening();
    connected(&mut sandbox, "client_id=ca_test");
    let mut now = NOW;
    while let Some(at) = sandbox.next_delivery_at() {
        now = at;
        let sent = sandbox.take_due_deliveries(now);
        sandbox.delivered(sent[0].id, Some(500), now);
    }
    let three_days = 3 * 86_400;
    assert!((three_days - 43_200..=three_days).contains(&(now - NOW)), "{}", now - NOW);
    let shown = change(&mut sandbox, json!({}));
    assert_eq!(shown["deliveries"][0]["state"], "given_up");
}

#[test]
fn duplicates_are_the_same_event_more_than_once() {
    let mut sandbox = listening();
    change(&mut sandbox, json!({"duplicates": 2}));
    connected(&mut sandbox, "client_id=ca_test");
    let sent = sandbox.take_due_deliveries(NOW);
    assert_eq!(sent.iter().map(event_id).collect::<Vec<_>>(), vec![told(&mut sandbox).remove(0); 3]);
    let ids: std::collections::BTreeSet<_> = sent.iter().map(|delivery| delivery.id).collect();
    assert_eq!(ids.len(), 3);
}

#[test]
fn with_disorder_the_second_event_overtakes_the_first() {
    let mut sandbox = listening();
    change(&mut sandbox, json!({"disorder": true}));
    happen(&mut sandbox);
    let events = told(&mut sandbox);
    let sent = sandbox.take_due_deliveries(NOW);
    assert_eq!(sent.iter().map(event_id).collect::<Vec<_>>(), events[1..]);
    let sent = sandbox.take_due_deliveries(NOW + 10);
    assert_eq!(sent.iter().map(event_id).collect::<Vec<_>>(), events[..1]);
    happen(&mut sandbox);
    let all: Vec<_> = sandbox.take_all_deliveries(NOW).iter().map(event_id).collect();
    let events = told(&mut sandbox);
    assert_eq!(all, [events[3].clone(), events[2].clone()], "also for who does not wait");
}

#[test]
fn a_rolled_secret_signs_beside_its_successor_for_a_day() {
    let mut sandbox = listening();
    change(&mut sandbox, json!({"roll_secret": NEW}));
    connected(&mut sandbox, "client_id=ca_test");
    let both = sandbox.take_due_deliveries(NOW).remove(0);
    assert_eq!(both.request.header("stripe-signature").unwrap().matches("v1=").count(), 2);
    assert!(verified(&both, OLD, NOW).is_ok() && verified(&both, NEW, NOW).is_ok());
    sandbox.delivered(both.id, None, NOW);
    let later = NOW + 86_400;
    let one = sandbox.take_due_deliveries(later).remove(0);
    assert_eq!(verified(&one, OLD, later), Err(WebhookError::SignatureMismatch));
    assert!(verified(&one, NEW, later).is_ok());
}

#[test]
fn a_rolled_secret_may_end_at_once() {
    let mut sandbox = listening();
    change(&mut sandbox, json!({"roll_secret": NEW, "keep_old_for": 0, "url": URL}));
    connected(&mut sandbox, "client_id=ca_test");
    let one = sandbox.take_due_deliveries(NOW).remove(0);
    assert_eq!(one.request.header("stripe-signature").unwrap().matches("v1=").count(), 1);
    assert!(verified(&one, NEW, NOW).is_ok());
}

#[test]
fn an_event_can_be_sent_again() {
    let mut sandbox = listening();
    connected(&mut sandbox, "client_id=ca_test");
    let first = sandbox.take_due_deliveries(NOW).remove(0);
    sandbox.delivered(first.id, Some(200), NOW);
    change(&mut sandbox, json!({"resend": event_id(&first)}));
    let again = sandbox.take_due_deliveries(NOW).remove(0);
    assert_eq!((event_id(&again), again.request.body), (event_id(&first), first.request.body));
}

#[test]
fn while_paused_nothing_is_sent_but_to_who_asks_for_all() {
    let mut sandbox = listening();
    change(&mut sandbox, json!({"paused": true}));
    connected(&mut sandbox, "client_id=ca_test");
    assert_eq!((sandbox.take_due_deliveries(NOW).len(), sandbox.next_delivery_at()), (0, None));
    assert_eq!(sandbox.take_all_deliveries(NOW).len(), 1);
    happen(&mut sandbox);
    change(&mut sandbox, json!({"paused": false}));
    assert_eq!(sandbox.take_due_deliveries(NOW).len(), 2);
}

#[test]
fn an_endpoint_hears_of_its_application_and_its_mode() {
    let mut sandbox = sandbox();
    for (url, settings) in [
        ("http://localhost/all", json!({})),
        ("http://localhost/test", json!({"livemode": false})),
        ("http://localhost/one", json!({"client_id": "ca_test"})),
    ] {
        let mut given = json!({"url": url, "secret": OLD});
        given.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        change(&mut sandbox, given);
    }
    let mut heard = |client_id: &str, key: &str| {
        let code = code_for(&mut sandbox, &["client_id=", client_id].concat());
        assert_eq!(exchange_with(&mut sandbox, key, &code, NOW).status, 200);
        let sent = sandbox.take_due_deliveries(NOW);
        sent.into_iter()
            .map(|delivery| delivery.request.url.rsplit('/').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(heard("ca_test", TEST_KEY), ["all", "test", "one"]);
    assert_eq!(heard("ca_live", "sk_live_canary0004"), ["all"], "a live endpoint hears of both modes");
}

#[test]
fn an_endpoint_that_was_removed_hears_no_more() {
    let mut sandbox = listening();
    connected(&mut sandbox, "client_id=ca_test");
    let shown = change(&mut sandbox, json!({"url": URL, "remove": true}));
    assert_eq!(shown["endpoints"], json!([]));
    assert!(sandbox.take_due_deliveries(NOW).is_empty());
    assert_eq!(sandbox.next_delivery_at(), None);
    happen(&mut sandbox);
    assert!(sandbox.take_all_deliveries(NOW).is_empty());
}

#[test]
fn deliveries_follow_the_clock_that_a_test_moves() {
    let mut sandbox = listening();
    connected(&mut sandbox, "client_id=ca_test");
    let sent = sandbox.take_due_deliveries(NOW);
    sandbox.delivered(sent[0].id, None, NOW);
    sandbox.advance(10);
    assert_eq!(sandbox.next_delivery_at(), Some(NOW));
    let sent = sandbox.take_due_deliveries(NOW);
    assert!(verified(&sent[0], OLD, NOW + 10).is_ok(), "signed at the sandbox's time");
}

#[test]
fn a_reset_keeps_the_endpoints_and_forgets_the_rest() {
    let mut sandbox = listening();
    change(&mut sandbox, json!({"duplicates": 1, "disorder": true, "paused": true}));
    connected(&mut sandbox, "client_id=ca_test");
    sandbox.reset();
    assert!(sandbox.take_all_deliveries(NOW).is_empty());
    let shown = change(&mut sandbox, json!({}));
    assert_eq!(shown["endpoints"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&shown["duplicates"], &shown["disorder"], &shown["paused"]),
        (&json!(0), &json!(false), &json!(false))
    );
    connected(&mut sandbox, "client_id=ca_test");
    assert_eq!(sandbox.take_due_deliveries(NOW).len(), 1);
}

#[test]
fn no_webhook_page_or_print_shows_a_secret() {
    let mut sandbox = listening();
    change(&mut sandbox, json!({"roll_secret": NEW}));
    connected(&mut sandbox, "client_id=ca_test");
    let sent = sandbox.take_due_deliveries(NOW);
    let shown = get(&mut sandbox, "/_sandbox/webhooks").body;
    let endpoint = WebhookEndpoint::new(URL, WebhookSecret::parse(OLD).unwrap()).unwrap();
    for text in
        [shown, format!("{sent:?} {endpoint:?} {sandbox:?}"), sent[0].request.body_text().unwrap().to_owned()]
    {
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn a_mistake_in_a_webhook_setting_names_the_field_and_changes_nothing() {
    let mut sandbox = listening();
    let before = change(&mut sandbox, json!({}));
    for (settings, param) in [
        (json!({"url": "localhost:1", "secret": OLD}), "url"),
        (json!({"url": "http://localhost/"}), "secret"),
        (json!({"url": "http://localhost/", "secret": "short"}), "secret"),
        (json!({"url": "http://localhost/", "secret": OLD, "client_id": "shop"}), "client_id"),
        (json!({"secret": OLD}), "url"),
        (json!({"remove": true}), "url"),
        (json!({"roll_secret": "sk_test_canary"}), "roll_secret"),
        (json!({"duplicates": 11, "paused": true}), "duplicates"),
        (json!({"disorder": "yes"}), "disorder"),
        (json!({"resend": "evt_nothing", "paused": true}), "resend"),
        (json!({"retry": true}), "retry"),
    ] {
        let refused = control(&mut sandbox, "/_sandbox/webhooks", settings.clone());
        assert_eq!((refused.status, &json_of(&refused)["error"]["param"]), (400, &json!(param)), "{settings}");
        assert!(!refused.body.contains("canary"), "{}", refused.body);
    }
    assert_eq!(change(&mut sandbox, json!({})), before);
}
