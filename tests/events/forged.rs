//! Forged, replayed, of the other mode.

use super::*;

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
        assert!(heard(&shop).is_empty());
        let reports = shop.world.reports.borrow();
        assert_eq!(reports.len(), 1, "{reason}: a developer whose secret is wrong must hear of it");
        assert!(!reports[0].detail.contains("v1=") && !reports[0].detail.contains("evt_1"), "{}", reports[0]);
    }
}

#[test]
fn attack_16_webhooks_refused_for_their_signature_are_reported_once_a_minute() {
    let shop = connected();
    let body = deauthorized("evt_1");
    for _ in 0..100 {
        assert_eq!(deliver(&shop, &body, "").1, "webhook_rejected");
    }
    shop.wait(60);
    deliver(&shop, &body, "t=1,v1=forged");
    shop.wait(60);
    deliver(&shop, &body, "");
    let reports: Vec<String> = shop.world.reports.borrow().iter().map(|report| report.detail.clone()).collect();
    assert_eq!(reports.len(), 3, "{reports:?}");
    assert!(reports[0].starts_with("Stripe-Signature is missing; "), "{}", reports[0]);
    assert!(reports[1].starts_with("no signature is of this body and one of the secrets; "), "{}", reports[1]);
    assert!(reports[1].ends_with("; and 99 more like it before"), "{}", reports[1]);
    assert!(!reports[2].contains("more like it"), "{}", reports[2]);
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
