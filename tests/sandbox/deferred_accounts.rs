//! Accounts that a platform makes, and the links to finish them.

use super::*;

/// A new account, and the path and query of its link.
fn with_link(sandbox: &mut Sandbox) -> (String, String) {
    let id = ok(&create(sandbox, &[], "type=standard&country=NO&email=ada@example.com"))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let url = ok(&link(sandbox, &id))["url"].as_str().unwrap().to_owned();
    (id, url.strip_prefix(BASE).unwrap().to_owned())
}

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
