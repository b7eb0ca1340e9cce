//! The API: accounts, links, calls on behalf of an account, idempotency (§6 of the protocol).

use super::*;
use stripe_connect_oauth::server::{
    AccountError, AccountStatus, IdempotencyKey, NewAccount, NewAccountLink, create_account, create_account_link,
    on_behalf_of, read_account, read_account_link, retrieve_account,
};

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
fn an_account_has_every_field_that_stripes_own_types_ask_for() {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    let read = ok(&account(&mut sandbox, ACCOUNT));
    for path in [
        "/business_profile/minority_owned_business_designation",
        "/business_profile/specified_commercial_transactions_act_url",
        "/settings/branding/icon",
        "/settings/branding/logo",
        "/settings/branding/primary_color",
        "/settings/branding/secondary_color",
        "/settings/card_payments/statement_descriptor_prefix",
        "/settings/card_payments/statement_descriptor_prefix_kana",
        "/settings/card_payments/statement_descriptor_prefix_kanji",
        "/settings/payments/statement_descriptor",
        "/settings/payments/statement_descriptor_kana",
        "/settings/payments/statement_descriptor_kanji",
        "/settings/payments/statement_descriptor_prefix_kana",
        "/settings/payments/statement_descriptor_prefix_kanji",
    ] {
        assert_eq!(read.pointer(path), Some(&json!(null)), "{path}");
    }
}

#[test]
fn access_that_was_never_given_or_was_revoked_is_403_account_invalid() {
    let mut sandbox = sandbox();
    let text = |id: &str| {
        format!(
            "The provided key 'sk_test_******0001' does not have access to account '{id}' (or that account does not \
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
    assert_eq!(unknown, "Invalid API Key provided: sk_test_******6789");
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
