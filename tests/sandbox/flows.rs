//! Express and Stripe Apps: how they differ from Standard (§1, §2 and §3 of the protocol).

use super::*;

const HOUR: u64 = 3600;

/// `ca_both` with both of Connect's flows, `ca_standard` and `ca_express` with one, and the app `ca_app`.
fn flows() -> Sandbox {
    let registered = |client_id, key: &str, flows: &[Flow]| {
        let mut platform = platform(client_id, Livemode::Test, &[key]);
        platform.flows = flows.to_vec();
        platform
    };
    let mut sandbox = Sandbox::new(registered("ca_both", TEST_KEY, &[Flow::Standard, Flow::Express]));
    sandbox.register(registered("ca_standard", "sk_test_canary0005", &[Flow::Standard]));
    sandbox.register(registered("ca_express", "sk_test_canary0006", &[Flow::Express]));
    sandbox.register(registered("ca_app", "sk_test_canary0007", &[Flow::App]));
    sandbox
}

fn connect_new(sandbox: &mut Sandbox, path: &str, query: &str) -> Response {
    decide_at(sandbox, path, query, "account=new&decision=connect")
}

fn app_token(sandbox: &mut Sandbox, body: &str, now: u64) -> Response {
    let headers = [("authorization", "Bearer sk_test_canary0007")];
    sandbox.handle(&request(Method::Post, "/v1/oauth/token", &headers, body), now, [9; 32])
}

fn installed(sandbox: &mut Sandbox) -> Value {
    let back = decide_at(
        sandbox,
        "/oauth/v2/authorize",
        "client_id=ca_app",
        &format!("account={ACCOUNT}&decision=connect"),
    );
    let body = ["grant_type=authorization_code&code=", &*code_of(&back)].concat();
    ok(&app_token(sandbox, &body, NOW))
}

fn rolled(sandbox: &mut Sandbox, token: &Value, now: u64) -> Response {
    let body = ["grant_type=refresh_token&refresh_token=", token["refresh_token"].as_str().unwrap()].concat();
    app_token(sandbox, &body, now)
}

#[test]
fn each_registration_may_use_its_own_flows_only() {
    let mut sandbox = flows();
    let mut status = |path: &str, client_id: &str| {
        get(&mut sandbox, &format!("{path}?response_type=code&client_id={client_id}")).status
    };
    for (path, shown) in [
        ("/oauth/authorize", [200, 200, 400, 400]),
        ("/oauth/v2/authorize", [200, 200, 400, 200]),
        ("/express/oauth/authorize", [200, 403, 200, 400]),
        ("/oauth/v2/chnlink_61abc/authorize", [400, 400, 400, 200]),
    ] {
        let clients = ["ca_both", "ca_standard", "ca_express", "ca_app"];
        assert_eq!(clients.map(|client_id| status(path, client_id)), shown, "{path}");
    }
    assert_eq!(status("/oauth/v2/chnlink_/authorize", "ca_app"), 404);
    assert_eq!(status("/oauth/v2/chnlink_a/b/authorize", "ca_app"), 404);
}

#[test]
fn express_is_refused_to_whom_it_is_closed() {
    let refused = get(&mut flows(), "/express/oauth/authorize?client_id=ca_standard&state=s");
    let error = json!({"code": "forbidden", "message": "Cannot onboard via express oauth due to gated access."});
    assert_eq!((refused.status, json_of(&refused)), (403, json!({"error": error})));
}

#[test]
fn standard_is_refused_where_it_is_disabled() {
    let refused = get(&mut flows(), "/oauth/authorize?client_id=ca_express&response_type=code");
    let message = "Standard OAuth is disabled for this Stripe Connect integration. If you own this integration, you can enable the Standard OAuth flow in the Connect Settings page in your dashboard.";
    assert_eq!(json_of(&refused), json!({"error": {"message": message}}));
}

#[test]
fn express_takes_no_scope_and_needs_no_response_type() {
    let mut sandbox = flows();
    for query in ["client_id=ca_both", "client_id=ca_both&scope=read_write", "client_id=ca_both&scope=bogus"] {
        assert_eq!(get(&mut sandbox, &["/express/oauth/authorize?", query].concat()).status, 200, "{query}");
    }
    let refused = get(&mut sandbox, "/express/oauth/authorize?client_id=ca_both&response_type=token");
    assert_eq!(json_of(&refused)["error"], "unsupported_response_type");
}

#[test]
fn express_comes_back_with_code_and_state_and_its_own_scope() {
    let mut sandbox = flows();
    let back = connect_new(&mut sandbox, "/express/oauth/authorize", "client_id=ca_both&state=s");
    let location = back.header("location").unwrap();
    assert!(location.starts_with("https://shop.example/connect/callback?code=ac_"), "{location}");
    assert!(location.ends_with("&state=s") && !location.contains("scope"), "{location}");
    let body = ok(&exchange(&mut sandbox, &code_of(&back)));
    assert_eq!(body["scope"], "express");
    let path = ["/v1/accounts/", body["stripe_user_id"].as_str().unwrap()].concat();
    assert_eq!(ok(&call(&mut sandbox, &with_key(Method::Get, &path, &[], ""), NOW))["type"], "express");
}

#[test]
fn suggested_capabilities_are_what_can_be_asserted() {
    let path = "/express/oauth/authorize";
    let mut sandbox = flows();
    let mut assert = |suggested: &str, asserted: &str| {
        let back = connect_new(&mut sandbox, path, &["client_id=ca_both", suggested].concat());
        let body = ["grant_type=authorization_code&code=", &*code_of(&back), asserted].concat();
        post_token(&mut sandbox, &[("authorization", "Bearer sk_test_canary0001")], &body, NOW)
    };
    for list in ["&suggested_capabilities[]=transfers", "&suggested_capabilities%5B0%5D=transfers"] {
        let body = ok(&assert(list, "&assert_capabilities[]=transfers"));
        assert_eq!(body["capabilities"], "transfers");
    }
    assert_eq!(ok(&assert("&suggested_capabilities[]=transfers", "")).get("capabilities"), None);
    let refused = assert("&suggested_capabilities[]=transfers", "&assert_capabilities[0]=card_payments");
    assert_refused(&refused, 400, "invalid_request", "assert_capabilities expects capability: card_payments");
}

#[test]
fn a_capability_that_is_not_there_does_the_code_no_harm() {
    let mut sandbox = flows();
    let code = code_of(&connect_new(&mut sandbox, "/express/oauth/authorize", "client_id=ca_both"));
    let body = ["grant_type=authorization_code&assert_capabilities[]=transfers&code=", &*code].concat();
    let refused = post_token(&mut sandbox, &[("authorization", "Bearer sk_test_canary0001")], &body, NOW);
    assert_eq!(refused.status, 400);
    assert_eq!(exchange(&mut sandbox, &code).status, 200);
}

#[test]
fn express_logs_in_to_the_accounts_this_platform_made_by_it_only() {
    let mut sandbox = flows();
    let page = get(&mut sandbox, "/express/oauth/authorize?client_id=ca_both&stripe_landing=login").body;
    assert!(page.contains("E-mail") && !page.contains("Log in"), "nobody has an account yet");
    let form = format!("account={ACCOUNT}&decision=connect");
    let refused = decide_at(&mut sandbox, "/express/oauth/authorize", "client_id=ca_both", &form);
    assert_eq!(refused.status, 400, "a Standard account is no Express account");
    let back = connect_new(&mut sandbox, "/express/oauth/authorize", "client_id=ca_both");
    let id = ok(&exchange(&mut sandbox, &code_of(&back)))["stripe_user_id"].as_str().unwrap().to_owned();
    let page = get(&mut sandbox, "/express/oauth/authorize?client_id=ca_both&stripe_landing=login").body;
    assert!(page.contains(&id) && !page.contains(ACCOUNT), "{page}");
    let elsewhere = get(&mut sandbox, "/express/oauth/authorize?client_id=ca_express&stripe_landing=login").body;
    assert!(!elsewhere.contains(&id));
}

#[test]
fn an_express_account_cannot_be_deauthorized() {
    let mut sandbox = flows();
    let back = connect_new(&mut sandbox, "/express/oauth/authorize", "client_id=ca_both");
    let id = ok(&exchange(&mut sandbox, &code_of(&back)))["stripe_user_id"].as_str().unwrap().to_owned();
    let form = format!("client_id=ca_both&stripe_user_id={id}");
    let refused = json_of(&call(&mut sandbox, &with_key(Method::Post, "/oauth/deauthorize", &[], &form), NOW));
    assert!(refused["error_description"].as_str().unwrap().starts_with("no_deauth_on_controlled_account"));
    assert_eq!(ledger(&mut sandbox)[0]["revoked"], false);
}

#[test]
fn an_app_needs_no_response_type_and_comes_back_with_code_and_state() {
    let mut sandbox = flows();
    for path in ["/oauth/v2/authorize", "/oauth/v2/chnlink_61abc/authorize"] {
        let form = format!("account={ACCOUNT}&decision=connect");
        let back = decide_at(&mut sandbox, path, "client_id=ca_app&state=s&scope=bogus", &form);
        let location = back.header("location").unwrap();
        assert!(location.starts_with("https://shop.example/connect/callback?code=ac_"), "{location}");
        assert!(location.ends_with("&state=s") && !location.contains("scope"), "{location}");
    }
}

#[test]
fn the_denial_of_an_app_loses_the_state() {
    let mut sandbox = flows();
    let denied = |sandbox: &mut Sandbox, client_id: &str| {
        let query = format!("response_type=code&client_id={client_id}&state=s");
        let response = decide_at(sandbox, "/oauth/v2/authorize", &query, "decision=cancel");
        response.header("location").unwrap().split_once('?').unwrap().1.to_owned()
    };
    let denial = "error=access_denied&error_description=The+user+denied+your+request";
    assert_eq!(denied(&mut sandbox, "ca_app"), denial);
    assert_eq!(denied(&mut sandbox, "ca_both"), [denial, "&state=s"].concat());
}

#[test]
fn an_apps_code_is_spent_at_its_own_endpoint_and_has_its_own_scope() {
    let mut sandbox = flows();
    let form = format!("account={ACCOUNT}&decision=connect");
    let code = code_of(&decide_at(&mut sandbox, "/oauth/v2/authorize", "client_id=ca_app", &form));
    let body = ["grant_type=authorization_code&code=", &*code].concat();
    let headers = [("authorization", "Bearer sk_test_canary0007")];
    let elsewhere = post_token(&mut sandbox, &headers, &body, NOW);
    let text = ["Authorization code does not exist: ", &*code].concat();
    assert_refused(&elsewhere, 400, "invalid_grant", &text);
    let token = ok(&app_token(&mut sandbox, &body, NOW));
    assert_eq!(token["scope"], "stripe_apps");
    assert_eq!(token.get("expires_in"), None);
    let connect = code_for(&mut sandbox, "client_id=ca_both");
    let bearer = [("authorization", "Bearer sk_test_canary0001")];
    let body = ["grant_type=authorization_code&code=", &*connect].concat();
    let elsewhere = sandbox.handle(&request(Method::Post, "/v1/oauth/token", &bearer, &body), NOW, [9; 32]);
    assert_eq!(json_of(&elsewhere)["error"], "invalid_grant");
    assert_eq!(exchange(&mut sandbox, &connect).status, 200);
}

#[test]
fn an_apps_refresh_token_rolls_and_the_old_one_dies() {
    let mut sandbox = flows();
    let first = installed(&mut sandbox);
    let second = ok(&rolled(&mut sandbox, &first, NOW));
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    let dead = rolled(&mut sandbox, &first, NOW);
    assert_eq!(json_of(&dead)["error"], "invalid_grant");
    assert_eq!(rolled(&mut sandbox, &second, NOW).status, 200);
}

#[test]
fn an_apps_access_token_lives_an_hour_and_its_refresh_token_a_year() {
    let mut sandbox = flows();
    let token = installed(&mut sandbox);
    let bearer = ["Bearer ", token["access_token"].as_str().unwrap()].concat();
    let headers = [("authorization", &*bearer)];
    let mut account = |now| call(&mut sandbox, &with_key(Method::Get, "/v1/account", &headers, ""), now);
    assert_eq!(ok(&account(NOW + HOUR - 1))["id"], ACCOUNT);
    let expired = account(NOW + HOUR);
    assert_eq!((expired.status, &json_of(&expired)["error"]["code"]), (401, &json!("api_key_expired")));
    let year = 365 * 24 * HOUR;
    let late = rolled(&mut sandbox, &token, NOW + year);
    assert_refused(&late, 400, "invalid_grant", "Refresh token expired");
    assert_eq!(rolled(&mut sandbox, &token, NOW + year - 1).status, 200);
}

#[test]
fn an_access_token_of_connect_lives_until_it_is_revoked() {
    let mut sandbox = flows();
    let token = connected(&mut sandbox, "client_id=ca_both");
    let bearer = ["Bearer ", token["access_token"].as_str().unwrap()].concat();
    let ten_years = NOW + 10 * 365 * 24 * HOUR;
    let account =
        call(&mut sandbox, &with_key(Method::Get, "/v1/account", &[("authorization", &*bearer)], ""), ten_years);
    assert_eq!(ok(&account)["id"], ACCOUNT);
}

#[test]
fn a_refresh_token_is_good_at_its_own_endpoint_only() {
    let mut sandbox = flows();
    let app = installed(&mut sandbox);
    let connect = connected(&mut sandbox, "client_id=ca_both");
    let mut status = |path: &str, key: &str, token: &Value| {
        let bearer = ["Bearer ", key].concat();
        let body = ["grant_type=refresh_token&refresh_token=", token["refresh_token"].as_str().unwrap()].concat();
        let headers = [("authorization", &*bearer)];
        sandbox.handle(&request(Method::Post, path, &headers, &body), NOW, [9; 32]).status
    };
    assert_eq!(status("/oauth/token", "sk_test_canary0007", &app), 400);
    assert_eq!(status("/v1/oauth/token", TEST_KEY, &connect), 400);
    assert_eq!(status("/v1/oauth/token", "sk_test_canary0007", &app), 200);
    assert_eq!(status("/oauth/token", TEST_KEY, &connect), 200);
}

#[test]
fn an_app_makes_no_accounts() {
    let mut sandbox = flows();
    let app = [("authorization", "Bearer sk_test_canary0007")];
    let refused = call(&mut sandbox, &with_key(Method::Post, "/v1/accounts", &app, "country=US"), NOW);
    assert_eq!((refused.status, &json_of(&refused)["error"]["code"]), (403, &json!("platform_account_required")));
}
