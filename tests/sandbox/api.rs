//! The API: accounts, links, calls on behalf of an account, idempotency (§6 of the protocol).

use super::*;
use stripe_connect_oauth::server::{
    AccountError, AccountStatus, IdempotencyKey, NewAccount, NewAccountLink, create_account, create_account_link,
    on_behalf_of, read_account, read_account_link, retrieve_account,
};

const JSON: [(&str, &str); 1] = [("accept", "application/json")];

fn account(sandbox: &mut Sandbox, id: &str) -> Response {
    call(sandbox, &with_key(Method::Get, &["/v1/accounts/", id].concat(), &JSON, ""), NOW)
}

fn create(sandbox: &mut Sandbox, headers: &[(&str, &str)], body: &str) -> Response {
    call(sandbox, &with_key(Method::Post, "/v1/accounts", headers, body), NOW)
}

fn link(sandbox: &mut Sandbox, id: &str) -> Response {
    let body = format!(
        "account={id}&refresh_url=https://shop.example/again&return_url=https://shop.example/back&type=account_onboarding"
    );
    call(sandbox, &with_key(Method::Post, "/v1/account_links", &[], &body), NOW)
}

/// A new account, and the path and query of its link.
fn with_link(sandbox: &mut Sandbox) -> (String, String) {
    let id = ok(&create(sandbox, &[], "type=standard&country=NO&email=ada@example.com"))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let url = ok(&link(sandbox, &id))["url"].as_str().unwrap().to_owned();
    (id, url.strip_prefix(BASE).unwrap().to_owned())
}

fn at(sandbox: &mut Sandbox, method: Method, path: &str, body: &str, now: u64) -> Response {
    sandbox.handle(&request(method, path, &[], body), now, [5; 32])
}

#[track_caller]
fn assert_api_error(response: &Response, status: u16, code: Option<&str>, param: Option<&str>) -> String {
    let error = &json_of(response)["error"];
    assert_eq!((response.status, error["type"].as_str()), (status, Some("invalid_request_error")), "{error}");
    assert_eq!(error.get("code").and_then(Value::as_str), code, "{error}");
    assert_eq!(error.get("param").and_then(Value::as_str), param, "{error}");
    let page = code.map(|code| format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-")));
    assert_eq!(error.get("doc_url").and_then(Value::as_str), page.as_deref(), "{error}");
    error["message"].as_str().unwrap().to_owned()
}

#[test]
fn a_platform_reads_its_own_account_and_connected_ones() {
    let mut sandbox = sandbox();
    let own = ok(&call(&mut sandbox, &with_key(Method::Get, "/v1/account", &JSON, ""), NOW));
    assert_eq!(own["object"], "account");
    assert_eq!(ok(&account(&mut sandbox, own["id"].as_str().unwrap())), own);
    connected(&mut sandbox, "client_id=ca_test");
    let read = ok(&account(&mut sandbox, ACCOUNT));
    assert_eq!(read["id"], ACCOUNT);
    assert_eq!(read["email"], "rosewater@example.com");
    assert_eq!(read["capabilities"], json!({"card_payments": "active", "transfers": "active"}));
    assert_eq!(read["default_currency"], "usd");
    assert_eq!(read["controller"], json!({"type": "account"}));
}

#[test]
fn access_that_was_never_given_or_was_revoked_is_403_account_invalid() {
    let mut sandbox = sandbox();
    let text = |id: &str| {
        format!(
            "The provided key 'sk_test_****001' does not have access to account '{id}' (or that account does not \
             exist). Application access may have been revoked."
        )
    };
    for id in [ACCOUNT, "acct_nowhere"] {
        let refused = account(&mut sandbox, id);
        assert_eq!(assert_api_error(&refused, 403, Some("account_invalid"), None), text(id));
    }
    connected(&mut sandbox, "client_id=ca_test");
    assert_eq!(account(&mut sandbox, ACCOUNT).status, 200);
    let elsewhere = [("authorization", "Bearer sk_test_canary0003")];
    let path = ["/v1/accounts/", ACCOUNT].concat();
    assert_eq!(
        call(&mut sandbox, &with_key(Method::Get, &path, &elsewhere, ""), NOW).status,
        403,
        "another platform's"
    );
    let form = format!("client_id=ca_test&stripe_user_id={ACCOUNT}");
    call(&mut sandbox, &with_key(Method::Post, "/oauth/deauthorize", &[], &form), NOW);
    assert_api_error(&account(&mut sandbox, ACCOUNT), 403, Some("account_invalid"), None);
}

#[test]
fn stripe_account_makes_a_call_one_on_behalf_of_the_account() {
    let mut sandbox = sandbox();
    let on_behalf = [("stripe-account", ACCOUNT)];
    for path in ["/v1/account", "/v1/balance"] {
        let refused = call(&mut sandbox, &with_key(Method::Get, path, &on_behalf, ""), NOW);
        assert_api_error(&refused, 403, Some("account_invalid"), None);
    }
    connected(&mut sandbox, "client_id=ca_test");
    assert_eq!(ok(&call(&mut sandbox, &with_key(Method::Get, "/v1/account", &on_behalf, ""), NOW))["id"], ACCOUNT);
    let theirs = ok(&call(&mut sandbox, &with_key(Method::Get, "/v1/balance", &on_behalf, ""), NOW));
    let own = ok(&call(&mut sandbox, &with_key(Method::Get, "/v1/balance", &[], ""), NOW));
    assert_eq!((&theirs["object"], &theirs["livemode"]), (&json!("balance"), &json!(false)));
    assert_ne!(theirs["available"], own["available"]);
}

#[test]
fn a_test_connection_opens_to_test_keys_and_a_live_one_to_both() {
    let mut dual = platform("ca_dual", Livemode::Test, &[TEST_KEY, LIVE_KEY]);
    dual.live_client_id = Some(ClientId::parse("ca_duallive").unwrap());
    let mut sandbox = Sandbox::new(dual);
    let status = |sandbox: &mut Sandbox, key: &str, id: &str| {
        let bearer = ["Bearer ", key].concat();
        call(
            sandbox,
            &with_key(Method::Get, &["/v1/accounts/", id].concat(), &[("authorization", &*bearer)], ""),
            NOW,
        )
        .status
    };
    let token = connected(&mut sandbox, "client_id=ca_dual");
    assert_eq!([TEST_KEY, LIVE_KEY].map(|key| status(&mut sandbox, key, ACCOUNT)), [200, 403]);
    let body = format!("grant_type=refresh_token&refresh_token={}", token["refresh_token"].as_str().unwrap());
    post_token(&mut sandbox, &[("authorization", &*["Bearer ", LIVE_KEY].concat())], &body, NOW);
    assert_eq!(status(&mut sandbox, LIVE_KEY, ACCOUNT), 200, "a refresh with the live key opened it");
    let books = "acct_1SandboxBooks001";
    let back = decide(&mut sandbox, "client_id=ca_duallive", &format!("account={books}&decision=connect"));
    exchange_with(&mut sandbox, LIVE_KEY, &code_of(&back), NOW);
    assert_eq!([TEST_KEY, LIVE_KEY].map(|key| status(&mut sandbox, key, books)), [200, 200]);
}

#[test]
fn an_access_token_is_the_account_itself_and_reaches_no_other() {
    let mut sandbox = sandbox();
    let token = connected(&mut sandbox, "client_id=ca_test");
    let bearer = ["Bearer ", token["access_token"].as_str().unwrap()].concat();
    let own = [("authorization", &*bearer)];
    assert_eq!(ok(&call(&mut sandbox, &with_key(Method::Get, "/v1/account", &own, ""), NOW))["id"], ACCOUNT);
    let other = [("authorization", &*bearer), ("stripe-account", "acct_1SandboxBooks001")];
    assert_eq!(call(&mut sandbox, &with_key(Method::Get, "/v1/account", &other, ""), NOW).status, 403);
    let refused = call(&mut sandbox, &with_key(Method::Post, "/v1/accounts", &own, "country=US"), NOW);
    assert_api_error(&refused, 403, Some("platform_account_required"), None);
}

#[test]
fn the_api_takes_bearer_and_basic_and_says_what_is_wrong_with_a_key() {
    let mut sandbox = sandbox();
    let basic = [("authorization", "Basic c2tfdGVzdF9jYW5hcnkwMDAxOg==")];
    assert_eq!(call(&mut sandbox, &with_key(Method::Get, "/v1/account", &basic, ""), NOW).status, 200);
    let with = |sandbox: &mut Sandbox, header: &str| {
        call(sandbox, &with_key(Method::Get, "/v1/account", &[("authorization", header)], ""), NOW)
    };
    let none = assert_api_error(&with(&mut sandbox, ""), 401, None, None);
    assert!(none.starts_with("You did not provide an API key."), "{none}");
    let unknown = assert_api_error(&with(&mut sandbox, "Bearer sk_test_0123456789"), 401, None, None);
    assert_eq!(unknown, "Invalid API Key provided: sk_test_****789");
    let publishable =
        assert_api_error(&with(&mut sandbox, "Bearer pk_test_1"), 401, Some("secret_key_required"), None);
    assert!(publishable.contains("publishable"), "{publishable}");
}

#[test]
fn an_address_that_the_api_does_not_have_is_404() {
    let mut sandbox = sandbox();
    for (method, path) in [
        (Method::Get, "/v1/charges"),
        (Method::Get, "/v1/accounts/"),
        (Method::Get, "/v1/accounts/acct_1/persons"),
        (Method::Post, "/v1/balance"),
        (Method::Other, "/v1/account"),
    ] {
        let message = assert_api_error(&call(&mut sandbox, &with_key(method, path, &[], ""), NOW), 404, None, None);
        assert!(
            message.starts_with(&format!("Unrecognized request URL ({}: {path}).", method.as_str())),
            "{message}"
        );
    }
}

#[test]
fn every_state_reads_as_its_status() {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    let key = SecretKey::parse(TEST_KEY).unwrap();
    let base = ConnectBase::stand_in(BASE).unwrap();
    let ask = retrieve_account(&base, &key, &AccountId::parse(ACCOUNT).unwrap());
    for (state, status) in [
        ("active", AccountStatus::Active),
        ("onboarding", AccountStatus::FinishOnboarding),
        ("information_due", AccountStatus::InformationDue),
        ("restricted", AccountStatus::InformationOverdue),
        ("in_review", AccountStatus::InReview),
        ("payouts_paused", AccountStatus::PayoutsPaused),
        ("paused", AccountStatus::Paused),
        ("rejected", AccountStatus::Rejected),
    ] {
        ok(&control(&mut sandbox, "/_sandbox/accounts", json!({"id": ACCOUNT, "state": state})));
        let read = read_account(&sandbox.handle(&ask, NOW, [1; 32])).unwrap();
        assert_eq!(read.status(), status, "{state}");
        let due = read.requirements.current_deadline;
        assert_eq!(due, (state == "information_due").then_some(NOW + 14 * 86_400), "{state}");
    }
}

#[test]
fn the_first_accounts_show_every_state_there_is_to_see() {
    let mut sandbox = sandbox();
    let listed = json_of(&get(&mut sandbox, "/_sandbox/accounts"));
    let states: Vec<_> =
        listed.as_array().unwrap().iter().map(|account| account["state"].as_str().unwrap()).collect();
    assert_eq!(
        states,
        ["active", "active", "active", "information_due", "restricted", "in_review", "payouts_paused", "rejected"]
    );
}

// Deferred creation.

#[test]
fn a_standard_account_is_made_from_country_and_email_and_is_not_finished() {
    let mut sandbox = sandbox();
    let made = ok(&create(
        &mut sandbox,
        &[],
        "type=standard&country=NO&email=ada%40example.com&business_profile[name]=Ada%27s&metadata[order]=7",
    ));
    assert_eq!(made["type"], "standard");
    assert_eq!(made["country"], "NO");
    assert_eq!(made["default_currency"], "nok");
    assert_eq!(made["email"], "ada@example.com");
    assert_eq!(made["business_profile"]["name"], "Ada's");
    assert_eq!(made["metadata"], json!({"order": "7"}));
    assert_eq!(made["created"], NOW);
    for works in ["charges_enabled", "payouts_enabled", "details_submitted"] {
        assert_eq!(made[works], false, "{works}");
    }
    assert_eq!(made["controller"]["is_controller"], true);
    assert_eq!(ok(&account(&mut sandbox, made["id"].as_str().unwrap())), made);
    let live = [("authorization", "Bearer sk_live_canary0002")];
    let path = ["/v1/accounts/", made["id"].as_str().unwrap()].concat();
    assert_eq!(
        call(&mut sandbox, &with_key(Method::Get, &path, &live, ""), NOW).status,
        403,
        "it is in one mode only"
    );
}

#[test]
fn a_bad_parameter_of_a_new_account_is_named() {
    let mut sandbox = sandbox();
    for (body, code, param) in [
        ("country=XX", Some("country_code_invalid"), "country"),
        ("country=no", Some("country_code_invalid"), "country"),
        ("email=nobody", Some("email_invalid"), "email"),
        ("type=custom", None, "type"),
        ("kind=standard", Some("parameter_unknown"), "kind"),
        ("business_profile[mcc]=1", Some("parameter_unknown"), "business_profile[mcc]"),
        ("business_profile[name=1", Some("parameter_unknown"), "business_profile[name"),
    ] {
        assert_api_error(&create(&mut sandbox, &[], body), 400, code, Some(param));
    }
}

#[test]
fn only_a_platform_on_its_own_behalf_makes_accounts_and_links() {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    for path in ["/v1/accounts", "/v1/account_links"] {
        let refused = call(&mut sandbox, &with_key(Method::Post, path, &[("stripe-account", ACCOUNT)], ""), NOW);
        assert_api_error(&refused, 403, Some("platform_account_required"), None);
    }
}

#[test]
fn an_account_link_opens_once_and_finishing_it_activates_the_account() {
    let mut sandbox = sandbox();
    let (id, path) = with_link(&mut sandbox);
    assert!(path.starts_with(&format!("/setup/s/{id}/")), "{path}");
    let looked_at = at(&mut sandbox, Method::Head, &path, "", NOW);
    assert_eq!(looked_at.status, 200, "what only looks does not use it up");
    let page = at(&mut sandbox, Method::Get, &path, "", NOW);
    assert!(
        page.body.contains("Acme &lt;Platform&gt;") && page.body.contains("ada@example.com · NO"),
        "{}",
        page.body
    );
    let again = at(&mut sandbox, Method::Get, &path, "", NOW);
    assert_eq!((again.status, again.header("location")), (303, Some("https://shop.example/again")));
    let done = at(&mut sandbox, Method::Post, &path, "decision=finish", NOW + 3599);
    assert_eq!((done.status, done.header("location")), (303, Some("https://shop.example/back")));
    let finished = ok(&account(&mut sandbox, &id));
    for works in ["charges_enabled", "payouts_enabled", "details_submitted"] {
        assert_eq!(finished[works], true, "{works}");
    }
    let twice = at(&mut sandbox, Method::Post, &path, "decision=finish", NOW);
    assert_eq!(twice.header("location"), Some("https://shop.example/again"));
}

#[test]
fn an_account_link_expires_and_so_does_its_form() {
    let mut sandbox = sandbox();
    let (_, path) = with_link(&mut sandbox);
    let late = at(&mut sandbox, Method::Get, &path, "", NOW + 300);
    assert_eq!(late.header("location"), Some("https://shop.example/again"));
    assert_eq!(at(&mut sandbox, Method::Get, &path, "", NOW + 299).status, 200);
    let late = at(&mut sandbox, Method::Post, &path, "decision=finish", NOW + 299 + 3600);
    assert_eq!(late.header("location"), Some("https://shop.example/again"));
}

#[test]
fn who_saves_for_later_comes_back_unfinished() {
    let mut sandbox = sandbox();
    let (id, path) = with_link(&mut sandbox);
    let back = at(&mut sandbox, Method::Post, &path, "decision=later", NOW);
    assert_eq!(back.header("location"), Some("https://shop.example/back"));
    assert_eq!(ok(&account(&mut sandbox, &id))["details_submitted"], false);
    assert_eq!(at(&mut sandbox, Method::Post, &path, "decision=what", NOW).status, 400);
    assert_eq!(at(&mut sandbox, Method::Get, "/setup/s/acct_1/nokey", "", NOW).status, 404);
}

#[test]
fn the_owner_chooses_how_the_account_comes_out() {
    let mut sandbox = sandbox();
    let (id, path) = with_link(&mut sandbox);
    at(&mut sandbox, Method::Post, &path, "decision=finish&account_state=in_review", NOW);
    assert_eq!(ok(&account(&mut sandbox, &id))["requirements"]["disabled_reason"], "under_review");
}

#[test]
fn a_bad_parameter_of_an_account_link_is_named() {
    let mut sandbox = sandbox();
    let (id, _) = with_link(&mut sandbox);
    let good = [
        ("account", &*id),
        ("refresh_url", "https://shop.example/again"),
        ("return_url", "https://shop.example/back"),
        ("type", "account_onboarding"),
    ];
    let with = |sandbox: &mut Sandbox, key: &str, changed: &str, value: Option<&str>| {
        let pairs = good.iter().filter_map(|(name, good)| {
            if *name == changed { value.map(|value| (*name, value)) } else { Some((*name, *good)) }
        });
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let bearer = ["Bearer ", key].concat();
        call(sandbox, &with_key(Method::Post, "/v1/account_links", &[("authorization", &*bearer)], &body), NOW)
    };
    for (name, _) in good {
        let refused = with(&mut sandbox, TEST_KEY, name, None);
        let message = assert_api_error(&refused, 400, Some("parameter_missing"), Some(name));
        assert_eq!(message, format!("Missing required param: {name}."));
    }
    for (name, value, code) in [
        ("type", "account_update", None),
        ("type", "bogus", None),
        ("refresh_url", "shop.example", Some("url_invalid")),
        ("return_url", "/back", Some("url_invalid")),
    ] {
        assert_api_error(&with(&mut sandbox, TEST_KEY, name, Some(value)), 400, code, Some(name));
    }
    assert_api_error(&with(&mut sandbox, TEST_KEY, "account", Some("acct_x")), 403, Some("account_invalid"), None);
    let refused = with(&mut sandbox, LIVE_KEY, "return_url", Some("http://localhost:1/back"));
    let message = assert_api_error(&refused, 400, None, Some("return_url"));
    assert_eq!(message, "Livemode requests must always be redirected via HTTPS.");
    assert_eq!(with(&mut sandbox, TEST_KEY, "return_url", Some("http://localhost:1/back")).status, 200);
}

#[test]
fn an_account_that_connected_through_oauth_has_no_account_link() {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    assert_api_error(&link(&mut sandbox, ACCOUNT), 400, None, Some("account"));
}

// Idempotency.

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

#[test]
fn a_platforms_accounts_are_listed_the_newest_first_with_their_metadata() {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    let ids: Vec<String> = (0..3)
        .map(|at| {
            let form = format!("country=US&metadata[order]={at}");
            let made = call(&mut sandbox, &with_key(Method::Post, "/v1/accounts", &[], &form), NOW + 10 - at % 2);
            ok(&made)["id"].as_str().unwrap().to_owned()
        })
        .collect();
    let list = |sandbox: &mut Sandbox, query: &str| {
        let path = format!("/v1/accounts{query}");
        ok(&call(sandbox, &with_key(Method::Get, &path, &[], ""), NOW + 20))
    };
    let all = list(&mut sandbox, "?limit=100");
    assert_eq!(
        (&all["object"], &all["url"], &all["has_more"]),
        (&json!("list"), &json!("/v1/accounts"), &json!(false))
    );
    let listed: Vec<_> = all["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(listed, [&*ids[2], &*ids[0], &*ids[1], ACCOUNT]);
    assert_eq!(all["data"][0]["metadata"], json!({"order": "2"}));
    let some = list(&mut sandbox, "?limit=2");
    assert_eq!((some["data"].as_array().unwrap().len(), &some["has_more"]), (2, &json!(true)));
    for query in ["?limit=0", "?limit=101", "?limit=x", "?colour=red"] {
        assert_eq!(
            call(&mut sandbox, &with_key(Method::Get, &format!("/v1/accounts{query}"), &[], ""), NOW).status,
            400
        );
    }
    let others = [("authorization", "Bearer sk_test_canary0003")];
    assert_eq!(
        ok(&call(&mut sandbox, &with_key(Method::Get, "/v1/accounts", &others, ""), NOW))["data"],
        json!([])
    );
}

#[test]
fn every_answer_of_the_api_names_its_version() {
    let mut sandbox = sandbox();
    let asked = [("stripe-version", "2026-10-28.endive")];
    let answer = call(&mut sandbox, &with_key(Method::Get, "/v1/account", &asked, ""), NOW);
    assert_eq!(answer.header("stripe-version"), Some("2026-10-28.endive"));
    let answer = call(&mut sandbox, &with_key(Method::Get, "/v1/account", &[], ""), NOW);
    assert!(answer.header("stripe-version").is_some());
}

// The crate's own back channel against it.

#[test]
fn the_crates_own_calls_are_understood() {
    let mut sandbox = sandbox();
    let key = SecretKey::parse(TEST_KEY).unwrap();
    let base = ConnectBase::stand_in(BASE).unwrap();
    let id = AccountId::parse(ACCOUNT).unwrap();
    let revoked = read_account(&sandbox.handle(&retrieve_account(&base, &key, &id), NOW, [1; 32])).unwrap_err();
    assert!(matches!(revoked, AccountError::Revoked(_)), "{revoked}");
    let idempotency = IdempotencyKey::parse("order-7").unwrap();
    let new = NewAccount::new("FR", "ada@example.com").unwrap();
    let made = sandbox.handle(&create_account(&base, &key, &new, &idempotency), NOW, [1; 32]);
    let made = read_account(&made).unwrap();
    assert_eq!(made.status(), AccountStatus::FinishOnboarding);
    let wanted =
        NewAccountLink::new(&made.id, "https://shop.example/a", "https://shop.example/b", Livemode::Test).unwrap();
    let key_of_link = IdempotencyKey::parse("link-7").unwrap();
    let answer = sandbox.handle(&create_account_link(&base, &key, &wanted, &key_of_link), NOW, [1; 32]);
    let link = read_account_link(&answer).unwrap();
    assert_eq!(link.expires_at, NOW + 300);
    assert!(link.url.expose().starts_with(&format!("{BASE}/setup/s/")));
    connected(&mut sandbox, "client_id=ca_test");
    let headers = on_behalf_of(&key, &id);
    let url = [BASE, "/v1/balance"].concat();
    let balance = Request { method: Method::Get, url, headers, body: Vec::new() };
    assert_eq!(sandbox.handle(&balance, NOW, [1; 32]).status, 200);
}
