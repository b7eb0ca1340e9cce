//! The token and deauthorize endpoints, beyond the exchange of a code: §3 and §4 of the protocol.

use super::*;

/// `ca_dual` in test mode and `ca_duallive` in live mode, one platform.
fn dual() -> Sandbox {
    let mut dual = platform("ca_dual", Livemode::Test, &[TEST_KEY, LIVE_KEY]);
    dual.live_client_id = Some(ClientId::parse("ca_duallive").unwrap());
    let mut sandbox = Sandbox::new(dual);
    sandbox.register(platform("ca_other", Livemode::Test, &["sk_test_canary0003"]));
    sandbox
}

fn refresh(sandbox: &mut Sandbox, key: &str, token: &str, rest: &str) -> Response {
    let bearer = ["Bearer ", key].concat();
    let body = format!("grant_type=refresh_token&refresh_token={token}{rest}");
    post_token(sandbox, &[("authorization", &*bearer)], &body, NOW)
}

fn deauthorize(sandbox: &mut Sandbox, key: &str, body: &str) -> Response {
    let bearer = ["Bearer ", key].concat();
    call(sandbox, &with_key(Method::Post, "/oauth/deauthorize", &[("authorization", &*bearer)], body), NOW)
}

fn text<'a>(body: &'a Value, field: &str) -> &'a str {
    body[field].as_str().unwrap()
}

#[test]
fn a_refresh_token_becomes_a_new_access_token_and_stays() {
    let mut sandbox = dual();
    let first = connected(&mut sandbox, "client_id=ca_dual&scope=read_write");
    let second = ok(&refresh(&mut sandbox, TEST_KEY, text(&first, "refresh_token"), ""));
    assert_eq!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(second["stripe_user_id"], ACCOUNT);
    assert_eq!(second["scope"], "read_write");
    assert_ne!(second["access_token"], first["access_token"]);
    assert_eq!(refresh(&mut sandbox, TEST_KEY, text(&first, "refresh_token"), "").status, 200);
}

#[test]
fn a_refresh_revokes_the_access_token_of_the_same_scope_and_mode_and_no_other() {
    let mut sandbox = dual();
    let first = connected(&mut sandbox, "client_id=ca_dual&scope=read_write");
    let token = text(&first, "refresh_token").to_owned();
    let narrow = ok(&refresh(&mut sandbox, TEST_KEY, &token, "&scope=read_only"));
    let again = ok(&refresh(&mut sandbox, TEST_KEY, &token, ""));
    let status = |sandbox: &mut Sandbox, body: &Value| {
        let bearer = ["Bearer ", text(body, "access_token")].concat();
        call(sandbox, &with_key(Method::Get, "/v1/account", &[("authorization", &*bearer)], ""), NOW).status
    };
    assert_eq!([first, narrow, again].map(|body| status(&mut sandbox, &body)), [401, 200, 200]);
}

#[test]
fn a_refresh_may_narrow_the_scope_and_never_widen_it() {
    let mut sandbox = dual();
    let wide = connected(&mut sandbox, "client_id=ca_dual&scope=read_write");
    let narrowed = ok(&refresh(&mut sandbox, TEST_KEY, text(&wide, "refresh_token"), "&scope=read_only"));
    assert_eq!(narrowed["scope"], "read_only");
    let narrow = connected(&mut sandbox, "client_id=ca_dual&scope=read_only");
    let refused = refresh(&mut sandbox, TEST_KEY, text(&narrow, "refresh_token"), "&scope=read_write");
    assert_refused(&refused, 400, "invalid_scope", "Invalid scope provided: read_write.");
    let refused = refresh(&mut sandbox, TEST_KEY, text(&wide, "refresh_token"), "&scope=invalid_scope");
    assert_refused(&refused, 400, "invalid_scope", "Invalid scope provided: invalid_scope.");
}

#[test]
fn a_refresh_with_the_other_modes_key_gives_that_modes_token() {
    let mut sandbox = dual();
    let test = connected(&mut sandbox, "client_id=ca_dual&scope=read_write");
    let live = ok(&refresh(&mut sandbox, LIVE_KEY, text(&test, "refresh_token"), ""));
    assert_eq!(live["livemode"], true);
    assert!(text(&live, "access_token").starts_with("sk_live_"));
    assert!(text(&live, "stripe_publishable_key").starts_with("pk_live_"));
    let back = ok(&refresh(&mut sandbox, TEST_KEY, text(&live, "refresh_token"), ""));
    assert_eq!(back["livemode"], false);
}

#[test]
fn a_refresh_token_that_is_absent_unknown_revoked_or_another_platforms_is_refused() {
    let mut sandbox = dual();
    let body = connected(&mut sandbox, "client_id=ca_dual");
    let token = text(&body, "refresh_token");
    let refused = refresh(&mut sandbox, TEST_KEY, "", "");
    assert_refused(&refused, 400, "invalid_request", "No refresh token specified");
    let refused = refresh(&mut sandbox, TEST_KEY, "rt_unknown", "");
    assert_refused(&refused, 400, "invalid_grant", "Refresh token does not exist: rt_unknown");
    let refused = refresh(&mut sandbox, "sk_test_canary0003", token, "");
    assert_refused(&refused, 400, "invalid_grant", "Refresh token provided does not belong to you");
    let form = format!("client_id=ca_dual&stripe_user_id={ACCOUNT}");
    assert_eq!(deauthorize(&mut sandbox, TEST_KEY, &form).status, 200);
    let refused = refresh(&mut sandbox, TEST_KEY, token, "");
    assert_refused(&refused, 400, "invalid_grant", &["Refresh token does not exist: ", token].concat());
}

#[test]
fn one_platform_has_a_client_id_for_each_mode() {
    let mut sandbox = dual();
    let code = code_for(&mut sandbox, "client_id=ca_duallive");
    let text = "Passed in testmode API key but authorization code only supports returning live keys";
    assert_refused(&exchange(&mut sandbox, &code), 400, "invalid_grant", text);
    let live = ok(&exchange_with(&mut sandbox, LIVE_KEY, &code, NOW));
    assert_eq!(live["livemode"], true);
}

#[test]
fn deauthorizing_ends_every_connection_of_the_account_to_the_application() {
    let mut sandbox = dual();
    let first = connected(&mut sandbox, "client_id=ca_dual");
    connected(&mut sandbox, "client_id=ca_dual");
    let form = format!("client_id=ca_dual&stripe_user_id={ACCOUNT}");
    assert_eq!(ok(&deauthorize(&mut sandbox, TEST_KEY, &form)), json!({"stripe_user_id": ACCOUNT}));
    let connections = ledger(&mut sandbox);
    for connection in connections.as_array().unwrap() {
        assert_eq!((&connection["revoked"], &connection["revoked_by"]), (&json!(true), &json!("platform")));
        assert_eq!(connection["revoked_at"], NOW);
    }
    let bearer = ["Bearer ", text(&first, "access_token")].concat();
    let refused =
        call(&mut sandbox, &with_key(Method::Get, "/v1/account", &[("authorization", &*bearer)], ""), NOW);
    let message = assert_api_error(&refused, 401, Some("platform_api_key_expired"), None);
    let token = text(&first, "access_token");
    let shown = ["sk_test_", &*"*".repeat(93), &token[token.len() - 6..]].concat();
    assert_eq!(message, format!("Expired API Key provided: {shown}. Platform access may have been revoked."));
}

#[test]
fn deauthorizing_what_is_not_connected_is_invalid_client_by_text() {
    let mut sandbox = dual();
    for account in [ACCOUNT, "acct_nowhere"] {
        let form = format!("client_id=ca_dual&stripe_user_id={account}");
        let text = format!(
            "This application is not connected to stripe account {account}, or that account does not exist."
        );
        assert_refused(&deauthorize(&mut sandbox, TEST_KEY, &form), 401, "invalid_client", &text);
    }
}

#[test]
fn deauthorizing_anothers_application_is_no_such_application() {
    let mut sandbox = dual();
    connected(&mut sandbox, "client_id=ca_dual");
    for client_id in ["ca_123", "ca_other"] {
        let form = format!("client_id={client_id}&stripe_user_id={ACCOUNT}");
        let text = ["No such application: ", client_id].concat();
        assert_refused(&deauthorize(&mut sandbox, TEST_KEY, &form), 401, "invalid_client", &text);
    }
    assert_eq!(ledger(&mut sandbox)[0]["revoked"], false);
}

#[test]
fn deauthorizing_with_a_key_of_the_other_mode_is_invalid_client() {
    let mut sandbox = dual();
    connected(&mut sandbox, "client_id=ca_dual");
    let form = format!("client_id=ca_dual&stripe_user_id={ACCOUNT}");
    let text = "Passed in livemode API key but the application is in testmode";
    assert_refused(&deauthorize(&mut sandbox, LIVE_KEY, &form), 401, "invalid_client", text);
    let form = format!("client_id=ca_duallive&stripe_user_id={ACCOUNT}");
    let text = "Passed in testmode API key but the application is in livemode";
    assert_refused(&deauthorize(&mut sandbox, TEST_KEY, &form), 401, "invalid_client", text);
    assert_eq!(ledger(&mut sandbox)[0]["revoked"], false);
}

#[test]
fn deauthorizing_without_a_parameter_is_an_invalid_request() {
    let mut sandbox = dual();
    let refused = deauthorize(&mut sandbox, TEST_KEY, "stripe_user_id=acct_1");
    assert_refused(&refused, 400, "invalid_request", "No client_id specified");
    let refused = deauthorize(&mut sandbox, TEST_KEY, "client_id=ca_dual&stripe_user_id=");
    assert_refused(&refused, 400, "invalid_request", "No stripe_user_id specified");
    let refused = deauthorize(&mut sandbox, "sk_test_nobody00001", "");
    assert_refused(&refused, 401, "invalid_client", "No such API key: sk_test_*******0001");
}

#[test]
fn an_account_that_the_platform_made_cannot_be_deauthorized() {
    let mut sandbox = dual();
    let made = ok(&call(&mut sandbox, &with_key(Method::Post, "/v1/accounts", &[], "country=FR"), NOW));
    let id = text(&made, "id");
    let form = format!("client_id=ca_dual&stripe_user_id={id}");
    let refused = json_of(&deauthorize(&mut sandbox, TEST_KEY, &form));
    assert_eq!(refused["error"], "invalid_client");
    assert!(text(&refused, "error_description").starts_with("no_deauth_on_controlled_account: "));
    let path = ["/v1/accounts/", id].concat();
    assert_eq!(call(&mut sandbox, &with_key(Method::Get, &path, &[], ""), NOW).status, 200);
}

#[test]
fn reusing_a_code_is_for_good_though_the_account_connects_again() {
    let mut sandbox = dual();
    let code = code_for(&mut sandbox, "client_id=ca_dual");
    assert_eq!(exchange(&mut sandbox, &code).status, 200);
    assert_eq!(exchange(&mut sandbox, &code).status, 400);
    connected(&mut sandbox, "client_id=ca_dual");
    let connections = ledger(&mut sandbox);
    assert_eq!(connections[0]["revoked_by"], "code_reuse");
    assert_eq!((&connections[0]["revoked"], &connections[1]["revoked"]), (&json!(true), &json!(false)));
}

/// A multipart body of these fields, and its header.
fn multipart(fields: &[(&str, &str)]) -> (&'static str, String) {
    let part = |(name, value): &(&str, &str)| {
        format!("--XX--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts: String = fields.iter().map(part).collect();
    ("multipart/form-data; boundary=XX--X", [&*parts, "--XX--X--\r\n"].concat())
}

#[test]
fn parameters_may_come_in_the_query() {
    let mut sandbox = dual();
    let code = code_for(&mut sandbox, "client_id=ca_dual");
    let query = format!("/oauth/token?grant_type=authorization_code&client_secret={TEST_KEY}&code={code}");
    let body = ok(&sandbox.handle(&request(Method::Post, &query, &[], ""), NOW, [9; 32]));
    assert_eq!(body["stripe_user_id"], ACCOUNT);
    let log = json_of(&get(&mut sandbox, "/_sandbox/log"));
    assert_eq!(log[0]["code"], json!([&code[..7], "…"].concat()));
}

#[test]
fn the_body_counts_before_the_query() {
    let mut sandbox = dual();
    let code = code_for(&mut sandbox, "client_id=ca_dual");
    let body = format!("grant_type=authorization_code&client_secret={TEST_KEY}&code={code}");
    let both = request(Method::Post, "/oauth/token?code=ac_other", &[], &body);
    assert_eq!(sandbox.handle(&both, NOW, [9; 32]).status, 200);
}

#[test]
fn parameters_may_come_as_multipart() {
    let mut sandbox = dual();
    let account = text(&connected(&mut sandbox, "client_id=ca_dual"), "stripe_user_id").to_owned();
    let (kind, body) = multipart(&[("client_id", "ca_dual"), ("stripe_user_id", &account)]);
    let headers = [("content-type", kind)];
    let answer = call(&mut sandbox, &with_key(Method::Post, "/oauth/deauthorize", &headers, &body), NOW);
    assert_eq!(ok(&answer), json!({"stripe_user_id": account}));
}

#[test]
fn a_multipart_body_holds_only_whole_parts_with_a_name() {
    let cut = "--X\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n";
    let nameless = "--X\r\nContent-Disposition: form-data\r\n\r\nauthorization_code\r\n--X--";
    let other = "--Y\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\npassword\r\n--Y--";
    let after = "--X--\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\npassword\r\n--X--";
    for body in [cut, nameless, other, after, ""] {
        let headers = [
            ("authorization", "Bearer sk_test_canary0001"),
            ("content-type", "multipart/form-data; boundary=\"X\""),
        ];
        let refused = post_token(&mut dual(), &headers, body, NOW);
        assert_refused(&refused, 400, "invalid_request", "No grant type specified");
    }
}

#[test]
fn an_idempotency_key_stands_for_the_fields_however_they_are_sent() {
    let mut sandbox = dual();
    let (kind, body) = multipart(&[("country", "NO"), ("email", "ada@example.com")]);
    let key = ("idempotency-key", "k1");
    let mut create = |headers: &[(&str, &str)], body: &str| {
        ok(&call(&mut sandbox, &with_key(Method::Post, "/v1/accounts", headers, body), NOW))
    };
    let first = create(&[key, ("content-type", kind)], &body);
    assert_eq!(create(&[key], "country=NO&email=ada%40example.com")["id"], first["id"]);
}

#[test]
fn the_token_endpoint_too_knows_one_response_type() {
    let mut sandbox = dual();
    let code = code_for(&mut sandbox, "client_id=ca_dual");
    let ask = |sandbox: &mut Sandbox, word: &str| {
        let body = format!("grant_type=authorization_code&code={code}&response_type={word}");
        call(sandbox, &with_key(Method::Post, "/oauth/token", &[], &body), NOW)
    };
    let text = "Only 'code' response_type is supported, but 'token' was provided";
    assert_refused(&ask(&mut sandbox, "token"), 400, "unsupported_response_type", text);
    assert_eq!(ask(&mut sandbox, "code").status, 200);
}
