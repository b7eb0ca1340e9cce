//! The token endpoint: one test a row of Stripe's errors.

use super::*;

#[test]
fn a_code_becomes_a_token_with_all_seven_fields() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test&scope=read_write");
    let response = exchange(&mut sandbox, &code);
    assert_eq!(response.status, 200);
    let body = json_of(&response);
    assert_eq!(body.as_object().unwrap().len(), 7);
    for (field, prefix) in
        [("access_token", "sk_test_"), ("refresh_token", "rt_"), ("stripe_publishable_key", "pk_test_")]
    {
        assert!(body[field].as_str().unwrap().starts_with(prefix), "{field}");
    }
    assert_eq!(body["livemode"], false);
    assert_eq!(body["token_type"], "bearer");
    assert_eq!(body["stripe_user_id"], ACCOUNT);
    assert_eq!(body["scope"], "read_write");
    let connection = json!({
        "client_id": "ca_test", "stripe_user_id": ACCOUNT, "scope": "read_write", "livemode": false,
        "connected_at": NOW, "revoked": false, "revoked_at": null, "revoked_by": null,
    });
    assert_eq!(ledger(&mut sandbox), json!([connection]));
}

#[test]
fn the_key_may_come_as_bearer_as_basic_user_or_in_the_body() {
    let mut sandbox = sandbox();
    let basic = "Basic c2tfdGVzdF9jYW5hcnkwMDAxOg=="; // sk_test_canary0001:
    for (header, secret) in
        [("Bearer sk_test_canary0001", ""), (basic, ""), ("", "&client_secret=sk_test_canary0001")]
    {
        let code = code_for(&mut sandbox, "client_id=ca_test");
        let headers: &[_] = if header.is_empty() { &[] } else { &[("authorization", header)] };
        let response =
            post_token(&mut sandbox, headers, &format!("grant_type=authorization_code&code={code}{secret}"), NOW);
        assert_eq!(response.status, 200, "{header}{secret}");
    }
}

#[test]
fn no_authentication_is_401() {
    let text = "No authentication was provided. Send your secret API key using the Authorization header, or as a client_secret POST parameter.";
    for body in ["", "grant_type=authorization_code&code=ac_1", "client_secret="] {
        assert_refused(&post_token(&mut sandbox(), &[], body, NOW), 401, "invalid_client", text);
    }
}

#[test]
fn an_unknown_key_is_401_and_masked_as_stripe_masks_it() {
    let long = ["Bearer rk_live_", &*"0".repeat(93), "abcdef"].concat();
    let cases = [
        ("Bearer sk_test_000000000000000000001234", "sk_test_********************1234"),
        (&*long, &*["rk_live_", &*"*".repeat(93), "abcdef"].concat()),
        ("Bearer sk_test_0123456789", "sk_test_******6789"),
        ("Bearer sk_test_short", "sk_test_*****"),
        ("Basic Y2FfMTIzNDU2Nzg5MDEyOg==", "ca_********9012"),
        ("Basic !", "*"),
        ("Bearer", "Bearer"),
        ("Bearer ", "Bearer"),
        ("Bearer undefined", "*****ined"),
        ("Bearer hunter2hunter2", "**********ter2"),
    ];
    for (header, shown) in cases {
        let refused =
            post_token(&mut sandbox(), &[("authorization", header)], "grant_type=authorization_code", NOW);
        assert_refused(&refused, 401, "invalid_client", &["No such API key: ", shown].concat());
    }
}

#[test]
fn a_publishable_key_is_401_in_the_apis_shape() {
    let refused = exchange_with(&mut sandbox(), "pk_test_1", "ac_1", NOW);
    let error = json!({"message": "Publishable key sent, but only secret keys can be used", "type": "invalid_request_error"});
    assert_eq!((refused.status, json_of(&refused)), (401, json!({"error": error})));
}

#[test]
fn a_missing_grant_type_is_an_invalid_request() {
    let refused = post_token(&mut sandbox(), &[("authorization", "Bearer sk_test_canary0001")], "code=ac_1", NOW);
    assert_refused(&refused, 400, "invalid_request", "No grant type specified");
}

#[test]
fn an_unsupported_grant_type_has_no_description() {
    let refused =
        post_token(&mut sandbox(), &[("authorization", "Bearer sk_test_canary0001")], "grant_type=password", NOW);
    assert_eq!((refused.status, json_of(&refused)), (400, json!({"error": "unsupported_grant_type"})));
}

#[test]
fn a_missing_code_is_an_invalid_request() {
    assert_refused(&exchange(&mut sandbox(), ""), 400, "invalid_request", "No authorization code specified");
}

#[test]
fn an_unknown_code_is_an_invalid_grant() {
    assert_refused(
        &exchange(&mut sandbox(), "ac_123"),
        400,
        "invalid_grant",
        "Authorization code does not exist: ac_123",
    );
}

#[test]
fn a_code_is_good_for_300_seconds_and_no_longer() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test");
    let late = exchange_with(&mut sandbox, TEST_KEY, &code, NOW + 301);
    assert_refused(&late, 400, "invalid_grant", "Authorization code expired");
    assert_eq!(exchange_with(&mut sandbox, TEST_KEY, &code, NOW + 300).status, 200);
}

#[test]
fn a_code_used_twice_loses_its_connection_and_no_other() {
    let mut sandbox = sandbox();
    let first = code_for(&mut sandbox, "client_id=ca_test");
    let second = code_for(&mut sandbox, "client_id=ca_test");
    assert_eq!(exchange(&mut sandbox, &first).status, 200);
    assert_eq!(exchange(&mut sandbox, &second).status, 200);
    let text = "This authorization code has already been used. All tokens issued with this code have been revoked.";
    let reused = exchange_with(&mut sandbox, TEST_KEY, &first, NOW + 1000);
    assert_refused(&reused, 400, "invalid_grant", text);
    let connections = ledger(&mut sandbox);
    assert_eq!((&connections[0]["revoked"], &connections[1]["revoked"]), (&json!(true), &json!(false)));
}

#[test]
fn a_key_of_the_other_mode_is_refused_and_does_the_code_no_harm() {
    let mut sandbox = sandbox();
    let test_code = code_for(&mut sandbox, "client_id=ca_test");
    let live_code = code_for(&mut sandbox, "client_id=ca_live");
    let text = "Passed in livemode API key but authorization code only supports returning test keys";
    assert_refused(&exchange_with(&mut sandbox, LIVE_KEY, &test_code, NOW), 400, "invalid_grant", text);
    let text = "Passed in testmode API key but authorization code only supports returning live keys";
    assert_refused(&exchange_with(&mut sandbox, "sk_test_canary0003", &live_code, NOW), 400, "invalid_grant", text);
    assert_eq!(exchange(&mut sandbox, &test_code).status, 200);
    let live = exchange_with(&mut sandbox, "sk_live_canary0004", &live_code, NOW);
    assert_eq!((live.status, &json_of(&live)["livemode"]), (200, &json!(true)));
}

#[test]
fn a_code_of_another_platform_is_refused_even_when_it_was_used() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test");
    let text = "Authorization code provided does not belong to you";
    assert_refused(&exchange_with(&mut sandbox, "sk_test_canary0003", &code, NOW), 400, "invalid_grant", text);
    assert_eq!(exchange(&mut sandbox, &code).status, 200);
    assert_refused(&exchange_with(&mut sandbox, "sk_test_canary0003", &code, NOW), 400, "invalid_grant", text);
    assert_eq!(ledger(&mut sandbox)[0]["revoked"], false);
}
