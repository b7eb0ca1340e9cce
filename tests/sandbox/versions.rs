//! The versions of the API: what Stripe's objects were before they changed.

use super::*;
use stripe_connect_oauth::sandbox::WebhookEndpoint;
use stripe_connect_oauth::server::{AccountStatus, Tolerance, WebhookSecret, read_account, verify_webhook};

const SECRET: &str = "whsec_canary00001";
const DEFAULT: &str = "2025-03-31.basil";

/// The account in this state, in this version.
fn account_in(state: &str, version: &str) -> Response {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    ok(&control(&mut sandbox, "/_sandbox/accounts", json!({"id": ACCOUNT, "state": state})));
    let path = ["/v1/accounts/", ACCOUNT].concat();
    call(&mut sandbox, &with_key(Method::Get, &path, &[("stripe-version", version)], ""), NOW)
}

#[test]
fn an_account_is_answered_in_the_version_that_is_asked_for() {
    // Of each version whether it has: requirements, type, payouts_enabled.
    for (version, has) in [
        ("2026-10-28.endive", [true, true, true]),
        ("2019-02-19", [true, true, true]),
        ("2018-11-08", [false, true, true]),
        ("2017-05-25", [false, true, true]),
        ("2017-04-06", [false, false, true]),
        ("2017-02-14", [false, false, false]),
        ("2014-01-31", [false, false, false]),
    ] {
        let response = account_in("active", version);
        let account = ok(&response);
        assert_eq!(response.header("stripe-version"), Some(version));
        let fields = |names: [&str; 3]| names.map(|name| account.get(name).is_some());
        assert_eq!(fields(["requirements", "type", "payouts_enabled"]), has, "{version}");
        assert_eq!(fields(["verification", "managed", "transfers_enabled"]), has.map(|has| !has), "{version}");
        assert_eq!(fields(["business_profile", "settings", "future_requirements"]), [has[0]; 3], "{version}");
        assert_eq!(
            (account.get("business_name").is_some(), account.get("display_name").is_some()),
            (!has[0], !has[0])
        );
    }
}

#[test]
fn an_account_that_owes_information_says_so_in_its_versions_words() {
    let now = &ok(&account_in("restricted", "2019-02-19"))["requirements"];
    assert_eq!(
        (&now["disabled_reason"], &now["currently_due"]),
        (&json!("requirements.past_due"), &json!(["individual.verification.document"]))
    );
    let before = &ok(&account_in("restricted", "2018-11-08"))["verification"];
    assert_eq!(
        *before,
        json!({
            "disabled_reason": "fields_needed", "due_by": null,
            "fields_needed": ["legal_entity.verification.document"],
        })
    );
    let due = &ok(&account_in("information_due", "2018-11-08"))["verification"];
    assert_eq!((&due["disabled_reason"], &due["due_by"]), (&json!(null), &json!(NOW + 14 * 86_400)));
    let rejected = &ok(&account_in("rejected", "2018-11-08"))["verification"];
    assert_eq!(rejected["disabled_reason"], "rejected.terms_of_service");
}

#[test]
fn a_reader_sees_the_same_account_in_every_version() {
    for state in AccountState::ALL {
        let status = |version: &str| read_account(&account_in(state.as_str(), version)).unwrap().status();
        let newest = status(DEFAULT);
        for version in ["2018-11-08", "2017-02-14", "2014-01-31"] {
            assert_eq!(
                status(version),
                newest,
                "{state} in {version}: {}",
                account_in(state.as_str(), version).body
            );
        }
    }
    assert_eq!(
        read_account(&account_in("restricted", "2017-02-14")).unwrap().status(),
        AccountStatus::InformationOverdue
    );
}

#[test]
fn a_version_that_is_none_is_refused_in_stripes_words() {
    for version in [
        "2019-2-19",
        "2019-12-03, 2019-12-03",
        "2018-11-21 accounts_upgrade=true",
        "2020-13-01",
        "2010-01-01",
        "2025-03-31",
        "2025-09-30.acacia",
        "2026-08-27.basil",
        "2018-11-08.acacia",
        "latest",
        "",
    ] {
        let refused = account_in("active", version);
        let text = assert_api_error(&refused, 400, None, None);
        assert_eq!(text, ["Invalid Stripe API version: ", version].concat());
        assert_eq!(refused.header("stripe-version"), Some(DEFAULT));
    }
    for version in ["2025-03-31.preview; feature_beta=v3", "2024-06-20; custom_beta=v1", "2027-03-31.fuchsia"] {
        assert_eq!(account_in("active", version).status, 200, "{version}");
    }
}

#[test]
fn every_answer_of_the_api_names_its_version_errors_too() {
    let mut sandbox = sandbox();
    let asked = ("stripe-version", "2019-02-19");
    for (headers, path, status) in [
        (vec![asked], "/v1/account", 200),
        (vec![asked], "/v1/accounts/acct_nowhere", 403),
        (vec![asked], "/v1/nowhere", 404),
        (vec![asked, ("authorization", "Bearer sk_test_nobody00001")], "/v1/account", 401),
    ] {
        let response = call(&mut sandbox, &with_key(Method::Get, path, &headers, ""), NOW);
        assert_eq!((response.status, response.header("stripe-version")), (status, Some("2019-02-19")), "{path}");
    }
    for (fault, version) in [("429", Some("2019-02-19")), ("500", Some("2019-02-19")), ("502", None)] {
        ok(&control(&mut sandbox, "/_sandbox/faults", json!({"fault": fault, "times": 1})));
        let response = call(&mut sandbox, &with_key(Method::Get, "/v1/account", &[asked], ""), NOW);
        assert_eq!(response.header("stripe-version"), version, "{fault}");
    }
}

/// A sandbox whose platform is at an old version, and hears of events in these versions.
fn listening(endpoints: &[(&str, Option<&str>)]) -> Sandbox {
    let old = ApiVersion::parse("2018-11-08").unwrap();
    let mut sandbox =
        Sandbox::new(SandboxPlatform { api_version: old, ..platform("ca_old", Livemode::Test, &[TEST_KEY]) });
    for (url, version) in endpoints {
        let mut endpoint = WebhookEndpoint::new(url, WebhookSecret::parse(SECRET).unwrap()).unwrap();
        endpoint.api_version = version.map(|version| ApiVersion::parse(version).unwrap());
        sandbox.add_webhook_endpoint(endpoint);
    }
    sandbox
}

#[test]
fn a_platforms_own_version_answers_where_none_is_asked_for() {
    let mut sandbox = listening(&[]);
    connected(&mut sandbox, "client_id=ca_old");
    let response = account(&mut sandbox, ACCOUNT);
    assert_eq!(response.header("stripe-version"), Some("2018-11-08"));
    assert!(ok(&response).get("verification").is_some());
    let listed = ok(&call(&mut sandbox, &with_key(Method::Get, "/v1/accounts", &[], ""), NOW));
    assert!(listed["data"][0].get("verification").is_some());
    let made = ok(&call(&mut sandbox, &with_key(Method::Post, "/v1/accounts", &[], "country=FR"), NOW));
    let needed = made["verification"]["fields_needed"].as_array().unwrap().clone();
    assert!(
        needed.contains(&json!("business_url")) && needed.contains(&json!("product_description")),
        "{needed:?}"
    );
}

#[test]
fn an_event_is_told_in_the_endpoints_version() {
    let (old, platforms, new) =
        ("http://shop.example/old", "http://shop.example/platforms", "http://shop.example/new");
    let mut sandbox = listening(&[(old, Some("2017-02-14")), (platforms, None), (new, Some(DEFAULT))]);
    connected(&mut sandbox, "client_id=ca_old");
    ok(&control(&mut sandbox, "/_sandbox/accounts", json!({"id": ACCOUNT, "state": "restricted"})));
    let sent = sandbox.take_all_deliveries(NOW);
    let to = |url: &str, kind: &str| -> Value {
        let events = sent.iter().filter(|delivery| delivery.request.url == url);
        let mut events = events.map(|delivery| serde_json::from_slice::<Value>(&delivery.request.body).unwrap());
        events.find(|event| event["type"] == kind).unwrap()
    };

    let event = to(old, "account.application.authorized");
    assert_eq!((&event["api_version"], &event["user_id"]), (&json!("2017-02-14"), &json!(ACCOUNT)));
    assert_eq!(event.get("account"), None);
    assert!(event["request"].as_str().unwrap().starts_with("req_"));
    let event = to(new, "account.application.authorized");
    assert_eq!((&event["account"], event.get("user_id")), (&json!(ACCOUNT), None));

    let event = to(platforms, "account.updated");
    assert_eq!(event["api_version"], "2018-11-08");
    assert_eq!(event["data"]["object"]["verification"]["disabled_reason"], "fields_needed");
    let previous = &event["data"]["previous_attributes"];
    assert_eq!(previous["verification"]["disabled_reason"], json!(null));
    assert_eq!((previous.get("requirements"), previous.get("managed")), (None, None));
    let event = to(old, "account.updated");
    assert_eq!(event["data"]["previous_attributes"]["transfers_enabled"], true);
    let told = ok(&get(&mut sandbox, "/_sandbox/events"));
    assert_eq!(told[0]["api_version"], "2018-11-08", "as the platform is told");

    for delivery in &sent {
        let header = delivery.request.header("stripe-signature").unwrap();
        let secrets = [WebhookSecret::parse(SECRET).unwrap()];
        let event = verify_webhook(&delivery.request.body, header, &secrets, NOW, Tolerance::default()).unwrap();
        assert_eq!(event.account.unwrap().as_str(), ACCOUNT);
    }
}

#[test]
fn an_event_that_is_sent_again_keeps_its_version() {
    let url = "http://shop.example/old";
    let mut sandbox = listening(&[(url, Some("2017-02-14"))]);
    connected(&mut sandbox, "client_id=ca_old");
    let first = sandbox.take_all_deliveries(NOW);
    let event: Value = serde_json::from_slice(&first[0].request.body).unwrap();
    ok(&control(&mut sandbox, "/_sandbox/webhooks", json!({"resend": event["id"]})));
    assert_eq!(sandbox.take_all_deliveries(NOW)[0].request.body, first[0].request.body);
}
