//! What comes of a platform's own settings, and of another platform's key.

use super::*;
use stripe_connect_oauth::sandbox::{Fault, FaultRule};
use stripe_connect_oauth::server::{
    IdempotencyKey, NewAccount, PlatformProblem, create_account, read_account, retrieve_account,
};

fn base() -> ConnectBase {
    ConnectBase::stand_in(BASE).unwrap()
}

#[test]
fn what_stripe_refuses_a_platform_that_makes_accounts_is_said_in_stripes_words() {
    for (fault, status, problem, words) in [
        ("not_signed_up", 400, PlatformProblem::NotSignedUp, "if you've signed up for Connect"),
        (
            "losses_not_acknowledged",
            400,
            PlatformProblem::ResponsibilitiesNotAcknowledged,
            "of managing losses for",
        ),
        (
            "requirements_not_acknowledged",
            400,
            PlatformProblem::ResponsibilitiesNotAcknowledged,
            "of collecting requirements for",
        ),
        ("profile_not_completed", 400, PlatformProblem::ProfileNotCompleted, "complete your platform profile"),
        ("not_activated", 400, PlatformProblem::NotActivated, "must be activated in order to create"),
        ("accounts_v1_closed", 400, PlatformProblem::AccountsV1Closed, "feat_accounts_v1_support"),
        ("account_token_required", 400, PlatformProblem::AccountTokenRequired, "based in FR"),
        (
            "controller_not_supported",
            400,
            PlatformProblem::ControllerNotSupported,
            "stripe_dashboard[type]=express",
        ),
        ("not_a_platform", 403, PlatformProblem::NotAPlatform, "Only Stripe Connect platforms"),
    ] {
        let mut sandbox = sandbox();
        ok(&control(&mut sandbox, "/_sandbox/faults", json!({"fault": fault, "effect": true})));
        let (key, attempt) = (SecretKey::parse(TEST_KEY).unwrap(), IdempotencyKey::parse("1").unwrap());
        let new = NewAccount::new("FR", "owner@example.com").unwrap();
        let refused = call(&mut sandbox, &create_account(&base(), &key, &new, &attempt), NOW);
        let code = (status == 403).then_some("platform_account_required");
        let message = assert_api_error(&refused, status, code, None);
        assert!(message.contains(words), "{message}");
        let read = read_account(&refused).unwrap_err();
        assert_eq!(read.problem(), Some(problem), "{read:?}");
        let made = ok(&call(&mut sandbox, &with_key(Method::Get, "/v1/accounts", &[], ""), NOW));
        assert_eq!(made["data"], json!([]), "nothing else is refused, and nothing was made");
        assert_eq!(authorize("client_id=ca_test&response_type=code").status, 200);
    }
}

#[test]
fn a_refusal_of_the_platform_is_replayed_for_its_key_after_its_cause_is_gone() {
    let mut sandbox = sandbox();
    sandbox.add_fault(FaultRule { times: Some(1), ..FaultRule::new(Fault::AccountsV1Closed) });
    let made = |sandbox: &mut Sandbox, key: &str, now: u64| {
        call(sandbox, &with_key(Method::Post, "/v1/accounts", &[("idempotency-key", key)], "country=FR"), now)
    };
    let refused = made(&mut sandbox, "k1", NOW);
    assert_eq!(refused.status, 400);
    let again = made(&mut sandbox, "k1", NOW + 60);
    assert_eq!((again.status, &again.body), (400, &refused.body));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(made(&mut sandbox, "k2", NOW + 60).status, 200);
    assert_eq!(made(&mut sandbox, "k1", NOW + 86_400).status, 200, "after a day");
}

#[test]
fn standard_oauth_can_be_switched_off_and_says_so_before_it_looks_at_anything() {
    let mut sandbox = sandbox();
    let rule = json!({"fault": "standard_oauth_disabled"});
    ok(&control(&mut sandbox, "/_sandbox/faults", rule));
    for path in ["/oauth/authorize", "/oauth/v2/authorize"] {
        let refused = get(&mut sandbox, &[path, "?client_id=ca_test&redirect_uri=nonsense"].concat());
        assert_eq!(refused.status, 400);
        let message = json_of(&refused)["error"]["message"].clone();
        assert!(
            message.as_str().unwrap().starts_with("Standard OAuth is disabled for this Stripe Connect"),
            "{message}"
        );
    }
    assert_eq!(get(&mut sandbox, "/express/oauth/authorize?client_id=ca_test").status, 200);
    assert_eq!(call(&mut sandbox, &with_key(Method::Get, "/v1/account", &[], ""), NOW).status, 200);
}

#[test]
fn another_platform_has_no_access_to_the_firsts_accounts_and_cannot_end_their_connections() {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    let other = json!({
        "client_id": "ca_other", "secret_key": "sk_test_canary0009", "redirect_uri": "https://other.example/cb",
        "name": "Other", "api_version": "2018-11-08",
    });
    let listed = control(&mut sandbox, "/_sandbox/platforms", other.clone());
    let entry = &ok(&listed)[2];
    assert_eq!((&entry["client_id"], &entry["api_version"]), (&json!("ca_other"), &json!("2018-11-08")));
    assert!(!listed.body.contains("canary"), "{}", listed.body);

    let key = SecretKey::parse("sk_test_canary0009").unwrap();
    let refused = call(&mut sandbox, &retrieve_account(&base(), &key, &AccountId::parse(ACCOUNT).unwrap()), NOW);
    assert_api_error(&refused, 403, Some("account_invalid"), None);
    let bearer = [("authorization", "Bearer sk_test_canary0009")];
    let form = format!("client_id=ca_test&stripe_user_id={ACCOUNT}");
    let refused = call(&mut sandbox, &with_key(Method::Post, "/oauth/deauthorize", &bearer, &form), NOW);
    assert_refused(&refused, 401, "invalid_client", "No such application: ca_test");
    let code = code_for(&mut sandbox, "client_id=ca_test");
    let refused = exchange_with(&mut sandbox, "sk_test_canary0009", &code, NOW);
    assert_refused(&refused, 400, "invalid_grant", "Authorization code provided does not belong to you");

    let twice = json_of(&control(&mut sandbox, "/_sandbox/platforms", other));
    assert_eq!((&twice["error"]["code"], &twice["error"]["param"]), (&json!("invalid_value"), &json!("client_id")));
    sandbox.reset();
    assert_eq!(ok(&get(&mut sandbox, "/_sandbox/platforms")).as_array().unwrap().len(), 2);
}

#[test]
fn a_mistake_in_a_platform_names_the_field() {
    let mut sandbox = sandbox();
    let right =
        json!({"client_id": "ca_o", "secret_key": "sk_test_canary0009", "redirect_uri": "https://o.example/"});
    for (field, value) in [
        ("client_id", json!("acct_1")),
        ("secret_key", json!("pk_test_canary")),
        ("redirect_uri", json!("o.example")),
        ("api_version", json!("2019-2-19")),
        ("flows", json!("standard")),
    ] {
        let mut wrong = right.clone();
        wrong[field] = value;
        let refused = control(&mut sandbox, "/_sandbox/platforms", wrong);
        assert_eq!((refused.status, &json_of(&refused)["error"]["param"]), (400, &json!(field)));
        assert!(!refused.body.contains("canary"), "{}", refused.body);
    }
}
