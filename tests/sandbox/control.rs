//! What a test looks at and changes: the ledger, the clock, the logs, the events.

use super::*;

fn events(sandbox: &mut Sandbox) -> Vec<Value> {
    json_of(&get(sandbox, "/_sandbox/events")).as_array().unwrap().clone()
}

fn codes(sandbox: &mut Sandbox) -> Value {
    json_of(&get(sandbox, "/_sandbox/codes"))
}

#[test]
fn the_clock_moves_forward_and_to_a_time() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test");
    assert_eq!(ok(&get(&mut sandbox, "/_sandbox/clock")), json!({"now": NOW}));
    let moved = control(&mut sandbox, "/_sandbox/clock", json!({"advance": 301}));
    assert_eq!(ok(&moved), json!({"now": NOW + 301}));
    assert_refused(&exchange(&mut sandbox, &code), 400, "invalid_grant", "Authorization code expired");
    let moved = control(&mut sandbox, "/_sandbox/clock", json!({"now": NOW + 300}));
    assert_eq!(ok(&moved), json!({"now": NOW + 300}));
    assert_eq!(exchange(&mut sandbox, &code).status, 200);
    sandbox.advance(5);
    assert_eq!(ok(&get(&mut sandbox, "/_sandbox/clock")), json!({"now": NOW + 305}));
}

#[test]
fn a_mistake_in_a_control_names_the_field() {
    let mut sandbox = sandbox();
    for (path, body, code, param) in [
        ("clock", json!({}), "missing_parameter", "advance"),
        ("clock", json!({"advance": 1, "now": 1}), "invalid_value", "now"),
        ("clock", json!({"advance": -1}), "invalid_type", "advance"),
        ("clock", json!({"forward": 1}), "unknown_parameter", "forward"),
        ("clock", json!([]), "invalid_type", "body"),
        ("reset", json!({"all": true}), "unknown_parameter", "all"),
        ("accounts", json!({"id": "bakery"}), "invalid_value", "id"),
        ("accounts", json!({"state": "good"}), "invalid_value", "state"),
        ("accounts", json!({"name": 7}), "invalid_type", "name"),
        ("connections", json!({}), "missing_parameter", "stripe_user_id"),
        ("connections", json!({"stripe_user_id": "acct_nowhere"}), "invalid_value", "stripe_user_id"),
        ("connections", json!({"stripe_user_id": ACCOUNT, "client_id": "ca_x"}), "invalid_value", "client_id"),
        ("connections", json!({"stripe_user_id": ACCOUNT, "scope": "all"}), "invalid_value", "scope"),
    ] {
        let refused = control(&mut sandbox, &["/_sandbox/", path].concat(), body.clone());
        let error = &json_of(&refused)["error"];
        assert_eq!((refused.status, &error["code"], &error["param"]), (400, &json!(code), &json!(param)), "{body}");
    }
    assert_eq!(ledger(&mut sandbox), json!([]));
}

#[test]
fn an_account_can_be_added_and_changed() {
    let mut sandbox = sandbox();
    let shop = json!({"id": "acct_Corner", "name": "Corner", "email": "c@example.com", "country": "JP"});
    let listed = ok(&control(&mut sandbox, "/_sandbox/accounts", shop));
    let corner = listed.as_array().unwrap().last().unwrap();
    assert_eq!(
        *corner,
        json!({"id": "acct_Corner", "name": "Corner", "email": "c@example.com", "country": "JP", "type": "standard",
               "state": "active", "connected_to": []})
    );
    let form = "account=acct_Corner&decision=connect";
    let code = code_of(&decide(&mut sandbox, "client_id=ca_test", form));
    assert_eq!(exchange(&mut sandbox, &code).status, 200);
    let listed =
        ok(&control(&mut sandbox, "/_sandbox/accounts", json!({"id": "acct_Corner", "state": "rejected"})));
    let corner = listed.as_array().unwrap().last().unwrap();
    assert_eq!((&corner["state"], &corner["name"]), (&json!("rejected"), &json!("Corner")));
    assert_eq!(corner["connected_to"], json!(["ca_test"]));
    let before = listed.as_array().unwrap().len();
    assert_eq!(ok(&control(&mut sandbox, "/_sandbox/accounts", json!({}))).as_array().unwrap().len(), before + 1);
}

#[test]
fn an_account_can_be_connected_without_asking() {
    let mut sandbox = sandbox();
    let made = ok(&control(&mut sandbox, "/_sandbox/connections", json!({"stripe_user_id": ACCOUNT})));
    assert_eq!((&made[0]["client_id"], &made[0]["scope"]), (&json!("ca_test"), &json!("read_write")));
    let given = json!({"stripe_user_id": ACCOUNT, "client_id": "ca_live", "scope": "read_only"});
    let made = ok(&control(&mut sandbox, "/_sandbox/connections", given));
    assert_eq!((&made[1]["livemode"], &made[1]["scope"]), (&json!(true), &json!("read_only")));
    assert_eq!(
        call(&mut sandbox, &with_key(Method::Get, "/v1/balance", &[("stripe-account", ACCOUNT)], ""), NOW).status,
        200
    );
    assert_eq!(events(&mut sandbox).len(), 0, "as if it had been long ago");
}

#[test]
fn the_codes_show_what_became_of_each_and_open_nothing() {
    let mut sandbox = sandbox();
    let spent = code_for(&mut sandbox, "client_id=ca_test");
    let twice = code_for(&mut sandbox, "client_id=ca_test");
    let unspent = code_for(&mut sandbox, "client_id=ca_test");
    exchange(&mut sandbox, &spent);
    exchange(&mut sandbox, &twice);
    exchange(&mut sandbox, &twice);
    let listed = codes(&mut sandbox);
    let of = |code: &str| {
        let shown = [&code[..7], "…"].concat();
        let found = listed.as_array().unwrap().iter().find(|entry| entry["code"] == *shown).unwrap();
        (found["sent"].as_u64().unwrap(), found["spent"] == true, found["revoked"] == true)
    };
    assert_eq!(of(&spent), (1, true, false));
    assert_eq!(of(&twice), (2, true, true));
    assert_eq!(of(&unspent), (0, false, false));
    assert!([spent, twice, unspent].iter().all(|code| !listed.to_string().contains(code.as_str())));
}

#[test]
fn a_reset_forgets_all_but_what_it_began_with() {
    let begin = |sandbox: &mut Sandbox| {
        let form = "account=new&decision=connect";
        let code = code_of(&decide(sandbox, "client_id=ca_test", form));
        ok(&exchange(sandbox, &code))
    };
    let mut sandbox = sandbox();
    let first = begin(&mut sandbox);
    control(&mut sandbox, "/_sandbox/clock", json!({"advance": 1000}));
    control(&mut sandbox, "/_sandbox/accounts", json!({"id": "acct_Corner"}));
    assert_eq!(ok(&control(&mut sandbox, "/_sandbox/reset", json!({}))), json!({}));
    assert_eq!(begin(&mut sandbox), first, "the same requests get the same answers as at first");
    for path in ["ledger", "codes", "log", "requests", "events"] {
        sandbox.reset();
        assert_eq!(ok(&get(&mut sandbox, &["/_sandbox/", path].concat())), json!([]), "{path}");
    }
    assert_eq!(ok(&get(&mut sandbox, "/_sandbox/clock"))["now"], NOW);
    assert_eq!(ok(&get(&mut sandbox, "/_sandbox/accounts")).as_array().unwrap().len(), 8);
}

#[test]
fn a_reset_brings_the_accounts_back_that_were_added_from_rust() {
    let mut sandbox = sandbox();
    let id = AccountId::parse("acct_Corner").unwrap();
    sandbox.add_account(SandboxAccount { state: AccountState::Paused, ..SandboxAccount::new(id) });
    sandbox.reset();
    let listed = ok(&get(&mut sandbox, "/_sandbox/accounts"));
    let corner = listed.as_array().unwrap().last().unwrap();
    assert_eq!((&corner["id"], &corner["state"]), (&json!("acct_Corner"), &json!("paused")));
}

#[test]
fn another_sites_page_may_change_nothing() {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    let dashboard = ["/dashboard/", ACCOUNT].concat();
    let cases: [(&[(&str, &str)], bool); 7] = [
        (&[], true),
        (&[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:9")], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("sec-fetch-site", "cross-site"), ("origin", BASE)], false),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("origin", BASE)], true),
        (&[("origin", "https://evil.example")], false),
    ];
    for (headers, allowed) in cases {
        for (path, body) in
            [("/_sandbox/clock", "{\"advance\":0}"), (&*dashboard, "action=see_as&account_state=active")]
        {
            let response = sandbox.handle(&request(Method::Post, path, headers, body), NOW, [1; 32]);
            assert_eq!(response.status != 403, allowed, "{path} {headers:?}");
        }
    }
}

// Events.

#[test]
fn connecting_and_disconnecting_are_events_in_stripes_envelope() {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    let form = format!("client_id=ca_test&stripe_user_id={ACCOUNT}");
    let done =
        call(&mut sandbox, &with_key(Method::Post, "/oauth/deauthorize", &[("idempotency-key", "k1")], &form), NOW);
    let told = events(&mut sandbox);
    let expected = |kind: &str, event: &Value, request: Value| {
        json!({
            "id": event["id"], "object": "event", "account": ACCOUNT, "api_version": event["api_version"],
            "created": NOW, "livemode": false, "pending_webhooks": 0, "type": kind, "request": request,
            "data": {"object": {"id": "ca_test", "object": "application", "name": "Acme <Platform>"}},
        })
    };
    let id = json!({"id": told[0]["request"]["id"], "idempotency_key": null});
    assert_eq!(told[0], expected("account.application.authorized", &told[0], id));
    let id = json!({"id": done.header("request-id"), "idempotency_key": "k1"});
    assert_eq!(told[1], expected("account.application.deauthorized", &told[1], id));
    assert!(told.iter().all(|event| event["id"].as_str().unwrap().starts_with("evt_")));
    assert_ne!(told[0]["id"], told[1]["id"]);
    assert_eq!(told.len(), 2);
}

#[test]
fn an_account_is_deauthorized_when_its_last_connection_ends() {
    let mut sandbox = sandbox();
    let first = code_for(&mut sandbox, "client_id=ca_test");
    let second = code_for(&mut sandbox, "client_id=ca_test");
    exchange(&mut sandbox, &first);
    exchange(&mut sandbox, &second);
    exchange(&mut sandbox, &first);
    assert_eq!(events(&mut sandbox).len(), 2, "two connections, of which one stands");
    exchange(&mut sandbox, &second);
    exchange(&mut sandbox, &second);
    let kinds: Vec<_> = events(&mut sandbox).iter().map(|event| event["type"].clone()).collect();
    assert_eq!(kinds[2..], [json!("account.application.deauthorized")], "once");
}

#[test]
fn a_change_is_told_to_every_application_the_account_is_connected_to_with_its_old_values() {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    control(&mut sandbox, "/_sandbox/connections", json!({"stripe_user_id": ACCOUNT, "client_id": "ca_live"}));
    control(&mut sandbox, "/_sandbox/accounts", json!({"id": ACCOUNT, "state": "restricted"}));
    let told: Vec<_> =
        events(&mut sandbox).into_iter().filter(|event| event["type"] == "account.updated").collect();
    assert_eq!(told.iter().map(|event| event["livemode"] == true).collect::<Vec<_>>(), [true, false]);
    let data = &told[0]["data"];
    assert_eq!(data["object"]["id"], ACCOUNT);
    assert_eq!(data["object"]["charges_enabled"], false);
    assert_eq!(
        data["previous_attributes"],
        json!({
            "capabilities": {"card_payments": "active", "transfers": "active"},
            "charges_enabled": true,
            "payouts_enabled": true,
            "requirements": {"currently_due": [], "disabled_reason": null, "eventually_due": [], "past_due": []},
        })
    );
    assert_eq!(told[0]["request"], json!({"id": null, "idempotency_key": null}));
    control(&mut sandbox, "/_sandbox/accounts", json!({"id": ACCOUNT, "state": "restricted"}));
    assert_eq!(events(&mut sandbox).len(), 3, "no change is no event");
}

#[test]
fn finishing_an_account_is_told_to_the_platform_that_made_it() {
    let mut sandbox = sandbox();
    let made = ok(&call(&mut sandbox, &with_key(Method::Post, "/v1/accounts", &[], "country=FR"), NOW));
    control(&mut sandbox, "/_sandbox/accounts", json!({"id": made["id"], "state": "active"}));
    let told = events(&mut sandbox);
    assert_eq!((told.len(), &told[0]["account"], &told[0]["type"]), (1, &made["id"], &json!("account.updated")));
    assert_eq!(told[0]["data"]["previous_attributes"]["details_submitted"], false);
}

// The request log.

#[test]
fn the_request_log_holds_every_request_to_stripe_and_no_secret() {
    let mut sandbox = sandbox();
    let token = connected(&mut sandbox, "client_id=ca_test&state=a-state-nonce-canary");
    let refresh = token["refresh_token"].as_str().unwrap();
    let body = format!("grant_type=refresh_token&refresh_token={refresh}&client_secret=sk_test_canary0001");
    post_token(&mut sandbox, &[], &body, NOW);
    let made = ok(&call(
        &mut sandbox,
        &with_key(Method::Post, "/v1/accounts", &[("idempotency-key", "k1")], "country=FR"),
        NOW,
    ));
    let form = format!(
        "account={}&refresh_url=https://a.example/&return_url=https://a.example/&type=account_onboarding",
        made["id"].as_str().unwrap()
    );
    let link = ok(&call(&mut sandbox, &with_key(Method::Post, "/v1/account_links", &[], &form), NOW));
    let path = link["url"].as_str().unwrap().strip_prefix(BASE).unwrap().to_owned();
    get(&mut sandbox, &path);
    call(&mut sandbox, &with_key(Method::Get, "/v1/balance", &[("stripe-account", "acct_x")], ""), NOW);
    get(&mut sandbox, "/nowhere?sk_live_canary=sk_live_canary");
    let log = get(&mut sandbox, "/_sandbox/requests");
    let entries = ok(&log);
    let shown: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            (entry["method"].as_str().unwrap(), entry["path"].as_str().unwrap(), entry["status"].as_u64().unwrap())
        })
        .collect();
    let setup = format!("/setup/s/{}/…", made["id"].as_str().unwrap());
    assert_eq!(
        shown,
        [
            ("POST", "/oauth/authorize", 303),
            ("POST", "/oauth/token", 200),
            ("POST", "/oauth/token", 200),
            ("POST", "/v1/accounts", 200),
            ("POST", "/v1/account_links", 200),
            ("GET", &*setup, 200),
            ("GET", "/v1/balance", 403),
            ("GET", "/nowhere", 404),
        ]
    );
    assert_eq!(entries[3]["idempotency_key"], "k1");
    assert_eq!(entries[3]["key"], "sk_test_******0001");
    assert_eq!(
        (&entries[6]["stripe_account"], &entries[6]["error"]),
        (&json!("acct_x"), &json!("account_invalid"))
    );
    let key = path.rsplit('/').next().unwrap();
    for secret in ["canary", refresh, key, token["access_token"].as_str().unwrap()] {
        assert!(!log.body.contains(secret), "{secret}: {}", log.body);
    }
}

#[test]
fn the_request_log_is_a_page_for_a_browser_and_keeps_the_newest_thousand() {
    let mut sandbox = sandbox();
    for at in 0..1001 {
        get(&mut sandbox, &format!("/oauth/authorize?at={at}&<script>"));
    }
    let log = ok(&get(&mut sandbox, "/_sandbox/requests"));
    assert_eq!(log.as_array().unwrap().len(), 1000);
    assert_eq!(log[0]["params"][0], json!(["at", "1"]));
    let page = sandbox.handle(
        &request(Method::Get, "/_sandbox/requests", &[("accept", "text/html,*/*")], ""),
        NOW,
        [1; 32],
    );
    assert!(page.body.contains("GET /oauth/authorize") && page.body.contains("&lt;script&gt;"));
    assert!(!page.body.contains("<script"));
}
