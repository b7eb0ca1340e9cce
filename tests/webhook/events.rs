//! Events.

use super::*;

#[test]
fn a_deauthorization_names_the_account_at_the_top_and_the_application_in_its_data() {
    let deauthorized = event(DEAUTHORIZED).unwrap();
    assert_eq!((deauthorized.id.as_str(), deauthorized.created), ("evt_1", 1_699_999_990));
    assert_eq!(deauthorized.livemode, Livemode::Test);
    assert_eq!(deauthorized.account.unwrap().as_str(), "acct_1");
    assert_eq!(deauthorized.kind, EventKind::Deauthorized { application: "ca_1".to_owned() });
    assert_eq!(deauthorized.kind.as_str(), "account.application.deauthorized");
}

#[test]
fn an_authorization_is_told_from_a_deauthorization() {
    let authorized = event(&DEAUTHORIZED.replace("deauthorized", "authorized")).unwrap();
    assert_eq!(authorized.kind, EventKind::Authorized { application: "ca_1".to_owned() });
    assert_eq!(authorized.kind.as_str(), "account.application.authorized");
}

/// It is some application, and not one of ours.
#[test]
fn an_application_of_any_name_is_no_reason_to_refuse_an_event() {
    for name in ["ca_test_platform", "cus_1", "app_1", "é"] {
        let kind = event(&DEAUTHORIZED.replace("ca_1", name)).unwrap().kind;
        assert_eq!(kind, EventKind::Deauthorized { application: name.to_owned() });
    }
}

#[test]
fn the_account_is_read_by_whichever_name_an_api_version_gave_it() {
    let account = |fields: &str| event(&DEAUTHORIZED.replace(r#""account":"acct_1""#, fields));
    for (fields, id) in [
        (r#""user_id":"acct_2""#, Some("acct_2")),
        (r#""stripe_user_id":"acct_3""#, Some("acct_3")),
        (r#""account":null,"user_id":"acct_2""#, Some("acct_2")),
        (r#""stripe_user_id":"acct_3","user_id":"acct_2""#, Some("acct_2")),
        (r#""user_id":"acct_2","account":"acct_1""#, Some("acct_1")),
        (r#""user_id":"usr_1","account":"acct_test_token""#, Some("acct_test_token")),
        (r#""user_id":null,"stripe_user_id":null"#, None),
        (r#""userId":"acct_2""#, None),
    ] {
        let read = account(fields).unwrap().account;
        assert_eq!(read.as_ref().map(|account| account.as_str()), id, "{fields}");
    }
    for (fields, field) in [
        (r#""user_id":"usr_1""#, "user_id"),
        (r#""stripe_user_id":7"#, "stripe_user_id"),
        (r#""account":"","user_id":"acct_2""#, "account"),
        (r#""user_id":"acct_2","user_id":"acct_3""#, "its JSON"),
    ] {
        assert_eq!(account(fields), Err(NotAnEvent { field }), "{fields}");
    }
}

#[test]
fn an_account_inside_data_is_not_the_connected_account() {
    let body = DEAUTHORIZED.replace(r#""name":"Shop""#, r#""account":"acct_evil""#);
    assert_eq!(event(&body).unwrap().account.unwrap().as_str(), "acct_1");
    for nobody in ["", r#""account":null,"#] {
        let body = body.replace(r#""account":"acct_1","#, nobody);
        assert_eq!(event(&body).unwrap().account, None, "{nobody}");
    }
}

#[test]
fn livemode_is_the_events_own() {
    let live = DEAUTHORIZED.replace(r#""livemode":false"#, r#""livemode":true"#);
    assert_eq!(event(&live).unwrap().livemode, Livemode::Live);
}

/// `account.updated` about `object`.
fn updated(object: &str) -> String {
    let head =
        r#"{"id":"evt_2","object":"event","created":1,"livemode":true,"account":"acct_2","type":"account.updated""#;
    format!(r#"{head},"data":{{"object":{object},"previous_attributes":{{"charges_enabled":true}}}}}}"#)
}

#[test]
fn an_updated_account_comes_as_it_is_now() {
    let object = r#"{"id":"acct_2","object":"account","type":"standard","charges_enabled":false,"payouts_enabled":false,
        "details_submitted":false,"country":"FR","email":null,"requirements":{"currently_due":["email"]}}"#;
    let updated = event(&updated(object)).unwrap();
    assert_eq!(updated.kind.as_str(), "account.updated");
    assert_eq!(updated.account.unwrap().as_str(), "acct_2");
    let EventKind::AccountUpdated(account) = updated.kind else { panic!("{:?}", updated.kind) };
    assert_eq!((account.id.as_str(), account.country.as_deref()), ("acct_2", Some("FR")));
    assert_eq!(account.status(), AccountStatus::FinishOnboarding);
}

/// It is Stripe's, so refusing it would have it sent again for three days.
#[test]
fn an_updated_account_in_words_of_another_version_is_passed_on_by_name() {
    for object in ["{}", r#"{"id":"acct_2"}"#, r#"{"id":"cus_2","charges_enabled":true}"#, "[]", "null"] {
        assert_eq!(
            event(&updated(object)).unwrap().kind,
            EventKind::Other("account.updated".to_owned()),
            "{object}"
        );
    }
}

#[test]
fn every_other_event_is_passed_on_by_name() {
    for name in
        ["customer.created", "account.application.unknown", "capability.updated", "v2.core.account.updated", ""]
    {
        let kind = event(&DEAUTHORIZED.replace("account.application.deauthorized", name)).unwrap().kind;
        assert_eq!((kind.as_str(), &kind), (name, &EventKind::Other(name.to_owned())));
    }
}

#[test]
fn a_thin_event_is_refused_by_name() {
    let thin = r#"{"id":"evt_234","object":"v2.core.event","type":"v1.billing.meter.error_report_triggered",
        "created":"2022-02-15T00:27:45.330Z","livemode":true}"#;
    assert_eq!(event(thin), Err(ThinEvent));
    assert_eq!(received(thin, "t=1,v1=0"), Err(SignatureMismatch));
}

#[test]
fn a_signed_body_that_is_no_event_is_refused() {
    let replaced = |from: &str, to: &str| {
        assert!(DEAUTHORIZED.contains(from), "{from}");
        DEAUTHORIZED.replace(from, to)
    };
    let json = "its JSON";
    for (body, field) in [
        (String::new(), json),
        ("null".to_owned(), json),
        ("1".to_owned(), json),
        ("[]".to_owned(), json),
        ("{}".to_owned(), "object"),
        ("not json".to_owned(), json),
        (format!("{DEAUTHORIZED}{DEAUTHORIZED}"), json),
        (format!("\u{feff}{DEAUTHORIZED}"), json),
        (DEAUTHORIZED[..DEAUTHORIZED.len() - 1].to_owned(), json),
        (replaced(r#""object":"event","#, ""), "object"),
        (replaced(r#""object":"event","#, r#""object":"customer","#), "object"),
        (replaced(r#""object":"event","#, r#""object":"event","object":"event","#), json),
        (replaced(r#""id":"evt_1","#, ""), "id"),
        (replaced("evt_1", "evt_"), "id"),
        (replaced("evt_1", "cus_1"), "id"),
        (replaced("evt_1", "evt_1/2"), "id"),
        (replaced("evt_1", "evt_1.2"), "id"),
        (replaced("evt_1", &format!("evt_{}", "1".repeat(252))), "id"),
        (replaced("1699999990", "\"1699999990\""), "created"),
        (replaced("1699999990", "-1"), "created"),
        (replaced(r#""livemode":false,"#, ""), "livemode"),
        (replaced(r#""livemode":false,"#, r#""livemode":"false","#), "livemode"),
        (replaced(r#""account":"acct_1""#, r#""account":"cus_1""#), "account"),
        (replaced(r#""account":"acct_1""#, r#""account":{"id":"acct_1"}"#), "account"),
        (replaced(r#""account":"acct_1""#, r#""account":"acct_1","account":"acct_2""#), json),
        (replaced(r#""type":"account.application.deauthorized","#, ""), "type"),
        (replaced(r#""data":{"object""#, r#""data":{"subject""#), "data.object"),
        (replaced(r#""data":{"object""#, r#""more":{"object""#), "data.object"),
        (replaced(r#""id":"ca_1","#, ""), "data.object.id"),
        (replaced(r#""id":"ca_1""#, r#""id":1"#), "data.object.id"),
        // A fixture of a public test suite.
        (r#"{"type":"account.application.deauthorized","account":"acct_tenant1"}"#.to_owned(), "object"),
    ] {
        let error = event(&body).unwrap_err();
        assert_eq!(error, NotAnEvent { field }, "{body}");
        assert!(error.to_string().contains(&format!(": {field} is missing or odd; ")), "{error}");
    }
    let latin1 = [DEAUTHORIZED.as_bytes(), b"\xe9"].concat();
    let header = sign_webhook(&latin1, &endpoint()[0], NOW);
    let verdict = verify_webhook(&latin1, &header, &endpoint(), NOW, Tolerance::default());
    assert_eq!(verdict, Err(NotAnEvent { field: json }));
}

#[test]
fn an_event_of_any_name_has_an_object() {
    let about = |data: &str| {
        let head = r#"{"id":"evt_3","object":"event","type":"customer.created","created":1,"livemode":true"#;
        event(&format!("{head}{data}}}"))
    };
    assert!(about(r#","data":{"object":{}}"#).is_ok());
    for without in ["", r#","data":null"#, r#","data":{}"#, r#","data":[]"#] {
        assert_eq!(about(without), Err(NotAnEvent { field: "data.object" }), "{without}");
    }
}

#[test]
fn an_events_id_may_be_of_255_bytes_and_has_letters_digits_and_underscores() {
    for id in ["evt_1", "evt_test_webhook", &format!("evt_{}", "1".repeat(251))] {
        assert_eq!(event(&DEAUTHORIZED.replace("evt_1", id)).unwrap().id.to_string(), id);
    }
}
