//! The pages besides the consent page: dashboards, and what holds for every page.

use super::*;

fn post(sandbox: &mut Sandbox, path: &str, body: &str) -> Response {
    sandbox.handle(&request(Method::Post, path, &[], body), NOW, [3; 32])
}

fn dashboard() -> String {
    ["/dashboard/", ACCOUNT].concat()
}

/// A sandbox with something on every page, and the pages' paths.
fn every_page() -> (Sandbox, Vec<String>) {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test&state=%3Cscript%3E");
    let made = "country=FR&business_profile[name]=%3Cscript%3E";
    let id = ok(&call(&mut sandbox, &with_key(Method::Post, "/v1/accounts", &[], made), NOW))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let form = format!(
        "account={id}&refresh_url=https://a.example/&return_url=https://a.example/&type=account_onboarding"
    );
    let link = ok(&call(&mut sandbox, &with_key(Method::Post, "/v1/account_links", &[], &form), NOW));
    let setup = link["url"].as_str().unwrap().strip_prefix(BASE).unwrap().to_owned();
    let paths = ["/", "/dashboard", "/_sandbox/requests", "/oauth/authorize?client_id=ca_test&response_type=code"];
    let paths = paths.map(str::to_owned).into_iter().chain([dashboard(), ["/dashboard/", &*id].concat(), setup]);
    (sandbox, paths.collect())
}

#[test]
fn every_page_is_marked_and_closed() {
    let (mut sandbox, paths) = every_page();
    for path in paths {
        let accept = [("accept", "text/html")];
        let page = sandbox.handle(&request(Method::Get, &path, &accept, ""), NOW, [3; 32]);
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")), "{path}");
        assert!(page.body.contains("<strong>Stand-in for Stripe</strong> <span>This is not Stripe."), "{path}");
        let policy = page.header("content-security-policy").unwrap();
        let closed = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
        assert!(policy.starts_with(closed), "{path}: {policy}");
        for open in ["<script", " style=", "<style", "<Platform>"] {
            assert!(!page.body.contains(open), "{path}: {open}");
        }
        assert_eq!(page.body.matches("<h1>").count(), 1, "{path}");
    }
}

#[test]
fn the_first_page_leads_to_all_others() {
    let page = get(&mut sandbox(), "/").body;
    for path in [
        "/dashboard",
        "/_sandbox/requests",
        "/_sandbox/log",
        "/_sandbox/ledger",
        "/_sandbox/events",
        "/_sandbox/webhooks",
        "/_sandbox/faults",
    ] {
        assert!(page.contains(&format!("<a href=\"{path}\">")), "{path}");
    }
}

#[test]
fn the_dashboards_can_be_chosen_from() {
    let page = get(&mut sandbox(), "/dashboard").body;
    assert!(page.contains(&format!("<a href=\"{}\"", dashboard())) && page.contains("Rejected"), "{page}");
    assert_eq!(get(&mut sandbox(), "/dashboard/acct_nowhere").status, 404);
}

#[test]
fn the_owner_disconnects_a_platform_and_it_hears_of_it() {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    let page = get(&mut sandbox, &dashboard()).body;
    assert!(page.contains("Disconnect this platform") && page.contains("ca_test"), "{page}");
    for _ in 0..2 {
        let back = post(&mut sandbox, &dashboard(), "action=disconnect&client_id=ca_test");
        assert_eq!((back.status, back.header("location")), (303, Some(&*dashboard())), "twice is once");
    }
    assert_eq!(ledger(&mut sandbox)[0]["revoked_by"], "account");
    let told = json_of(&get(&mut sandbox, "/_sandbox/events"));
    assert_eq!(told.as_array().unwrap().len(), 2);
    assert_eq!(told[1]["type"], "account.application.deauthorized");
    assert_eq!(told[1]["request"], json!({"id": null, "idempotency_key": null}));
    assert!(get(&mut sandbox, &dashboard()).body.contains("No platform is connected."));
    assert_eq!(
        call(&mut sandbox, &with_key(Method::Get, "/v1/balance", &[("stripe-account", ACCOUNT)], ""), NOW).status,
        403
    );
}

#[test]
fn an_account_that_a_platform_made_is_not_disconnected_by_its_owner() {
    let mut sandbox = sandbox();
    let made = ok(&call(&mut sandbox, &with_key(Method::Post, "/v1/accounts", &[], "country=FR"), NOW));
    let path = ["/dashboard/", made["id"].as_str().unwrap()].concat();
    let page = get(&mut sandbox, &path).body;
    assert!(page.contains("made this account, and controls it") && !page.contains("Disconnect this platform"));
    assert_eq!(post(&mut sandbox, &path, "action=disconnect&client_id=ca_test").status, 400);
}

#[test]
fn the_dashboard_changes_how_stripe_sees_the_account() {
    let mut sandbox = sandbox();
    connected(&mut sandbox, "client_id=ca_test");
    assert_eq!(post(&mut sandbox, &dashboard(), "action=see_as&account_state=in_review").status, 303);
    let page = get(&mut sandbox, &dashboard()).body;
    assert!(page.contains("<em>In review</em>") && page.contains("do not work"), "{page}");
    assert_eq!(post(&mut sandbox, &dashboard(), "action=see_as&account_state=good").status, 400);
    assert_eq!(post(&mut sandbox, &dashboard(), "action=close").status, 400);
    assert_eq!(post(&mut sandbox, &dashboard(), "action=disconnect&client_id=ca_nobody").status, 404);
}

#[test]
fn a_new_account_is_seen_as_the_form_says() {
    let mut sandbox = sandbox();
    let form = "account=new&decision=connect&account_state=payouts_paused";
    let code = code_of(&decide(&mut sandbox, "client_id=ca_test", form));
    let id = ok(&exchange(&mut sandbox, &code))["stripe_user_id"].as_str().unwrap().to_owned();
    let read = ok(&call(&mut sandbox, &with_key(Method::Get, &["/v1/accounts/", &*id].concat(), &[], ""), NOW));
    assert_eq!((&read["charges_enabled"], &read["payouts_enabled"]), (&json!(true), &json!(false)));
}

#[test]
fn accounts_that_a_platform_made_are_not_offered_for_connecting() {
    let mut sandbox = sandbox();
    let made = ok(&call(&mut sandbox, &with_key(Method::Post, "/v1/accounts", &[], "country=FR"), NOW));
    let id = made["id"].as_str().unwrap();
    let page = get(&mut sandbox, "/oauth/authorize?client_id=ca_live&response_type=code").body;
    assert!(page.contains(ACCOUNT) && !page.contains(id));
    let form = format!("account={id}&decision=connect");
    assert_eq!(decide(&mut sandbox, "client_id=ca_live", &form).status, 400);
}
