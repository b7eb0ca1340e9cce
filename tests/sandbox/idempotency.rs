//! Idempotency keys.

use super::*;

#[test]
fn the_same_idempotency_key_gets_the_same_answer_and_makes_one_account() {
    let mut sandbox = sandbox();
    let key = [("idempotency-key", "order-7")];
    let first = create(&mut sandbox, &key, "country=US");
    let second = create(&mut sandbox, &key, "country=US");
    assert_eq!(first.body, second.body);
    assert_eq!((first.header("idempotent-replayed"), second.header("idempotent-replayed")), (None, Some("true")));
    assert_eq!(second.header("idempotency-key"), Some("order-7"));
    assert_eq!(second.header("original-request"), first.header("request-id"));
    assert_ne!(second.header("request-id"), first.header("request-id"));
    let without = create(&mut sandbox, &[], "country=US");
    assert_ne!(without.body, first.body);
}

#[test]
fn the_same_idempotency_key_with_other_parameters_is_an_idempotency_error() {
    let mut sandbox = sandbox();
    let key = [("idempotency-key", "order-7")];
    let id = ok(&create(&mut sandbox, &key, "country=US"))["id"].as_str().unwrap().to_owned();
    let elsewhere = format!("account={id}");
    for (path, body) in [("/v1/accounts", "country=FR"), ("/v1/account_links", &*elsewhere)] {
        let refused = call(&mut sandbox, &with_key(Method::Post, path, &key, body), NOW);
        let error = &json_of(&refused)["error"];
        assert_eq!((refused.status, error["type"].as_str()), (400, Some("idempotency_error")));
        let begin = "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than 'order-7'";
        assert!(error["message"].as_str().unwrap().starts_with(begin), "{error}");
    }
}

#[test]
fn an_idempotency_key_is_each_callers_own_and_lasts_a_day() {
    let mut sandbox = sandbox();
    let key = ("idempotency-key", "order-7");
    let first = create(&mut sandbox, &[key], "country=US").body;
    for other in ["Bearer sk_live_canary0002", "Bearer sk_test_canary0003"] {
        let theirs = create(&mut sandbox, &[("authorization", other), key], "country=FR");
        assert_eq!(theirs.status, 200, "{other}: {}", theirs.body);
    }
    let later = |sandbox: &mut Sandbox, now| {
        call(sandbox, &with_key(Method::Post, "/v1/accounts", &[key], "country=US"), now).body
    };
    assert_eq!(later(&mut sandbox, NOW + 86_399), first);
    assert_ne!(later(&mut sandbox, NOW + 86_400), first);
}

#[test]
fn a_refusal_is_replayed_too_unless_the_request_was_sent_away_before_it_was_carried_out() {
    let mut sandbox = sandbox();
    let key = ("idempotency-key", "order-7");
    for (again, replayed) in [(false, None), (true, Some("true"))] {
        let refused = create(&mut sandbox, &[key], "country=XX");
        assert_eq!((refused.status, refused.header("idempotent-replayed")), (400, replayed), "{again}");
        assert_eq!(json_of(&refused)["error"]["code"], "country_code_invalid");
    }
    assert_eq!(json_of(&create(&mut sandbox, &[key], "country=US"))["error"]["type"], "idempotency_error");

    let key = ("idempotency-key", "order-8");
    for (headers, body) in [
        (vec![key, ("authorization", "Bearer sk_test_nobodys")], "country=US"),
        (vec![key], "country=US&colour=red"),
    ] {
        assert!(create(&mut sandbox, &headers, body).status >= 400);
    }
    assert_eq!(create(&mut sandbox, &[key], "country=US").status, 200);
    let long = "k".repeat(256);
    let refused = create(&mut sandbox, &[("idempotency-key", &*long)], "country=US");
    assert_eq!(json_of(&refused)["error"]["type"], "idempotency_error");
}

#[test]
fn a_failure_of_stripes_own_is_replayed_and_one_of_a_gateway_is_not() {
    use stripe_connect_oauth::sandbox::{Fault, FaultRule};
    for (fault, effect, then) in [
        (Fault::ServerError, true, (500, Some("true"))),
        (Fault::ServerError, false, (500, Some("true"))),
        (Fault::BadGateway, true, (200, Some("true"))),
        (Fault::BadGateway, false, (200, None)),
        (Fault::RateLimited, false, (200, None)),
    ] {
        let mut sandbox = sandbox();
        sandbox.add_fault(FaultRule { effect, times: Some(1), ..FaultRule::new(fault) });
        let key = [("idempotency-key", "order-7")];
        let accounts = |sandbox: &mut Sandbox| {
            ok(&call(sandbox, &with_key(Method::Get, "/v1/accounts", &[], ""), NOW))["data"]
                .as_array()
                .unwrap()
                .len()
        };
        assert!(create(&mut sandbox, &key, "country=US").status >= 429);
        assert_eq!(accounts(&mut sandbox), usize::from(effect), "{fault:?}");
        let again = create(&mut sandbox, &key, "country=US");
        assert_eq!((again.status, again.header("idempotent-replayed")), then, "{fault:?} {effect}");
    }
    // What was answered already stays the answer.
    let mut sandbox = sandbox();
    let key = [("idempotency-key", "order-7")];
    create(&mut sandbox, &key, "country=US");
    sandbox.add_fault(FaultRule { times: Some(1), ..FaultRule::new(Fault::ServerError) });
    assert_eq!(create(&mut sandbox, &key, "country=US").status, 500);
    assert_eq!(create(&mut sandbox, &key, "country=US").status, 200);
}
