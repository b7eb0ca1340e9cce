//! How it should go.

use super::*;

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
