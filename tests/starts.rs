//! Each start for itself: where its user is sent back to, and what it has of its own beside the configuration.
#![cfg(all(feature = "edge", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

mod support;

use stripe_connect_oauth::edge::{ConfigBuilder, Start};
use stripe_connect_oauth::server::Method;
use stripe_connect_oauth::{ErrorCode, Flow, Prefill, PrefillField, Scope, StripeLanding};
use support::{ACCOUNT, Browser, SHOP, Shop, configured, location, query};

const CALLBACK: &str = "https://shop.example/connect/callback";
const SELLERS: &str = "https://shop.example/sellers/stripe?from=stripe";
const COURIERS: &str = "https://shop.example/couriers/stripe";
const MARKET: &str = "https://market.example/connect/callback";

fn with_uris(uris: &[&str]) -> impl FnOnce(&mut ConfigBuilder) {
    let uris = uris.iter().map(|uri| (*uri).into()).collect();
    move |settings| (settings.redirect_uri, settings.redirect_uris) = ("".into(), uris)
}

/// A shop with several redirect URIs.
fn shop(uris: &[&str]) -> Shop {
    let mut shop = Shop::open();
    shop.deploy(with_uris(uris));
    shop
}

fn starts_with(shop: &Shop, user: &str, start: Start) {
    shop.world.starts.borrow_mut().insert(user.to_owned(), start);
}

fn sent_back_to(uri: &str) -> Start {
    Start { redirect_uri: Some(uri.to_owned()), ..Start::default() }
}

#[test]
fn some_users_are_sent_back_to_one_redirect_uri_and_others_to_another() {
    let shop = shop(&[CALLBACK, SELLERS, COURIERS]);
    starts_with(&shop, "ada", sent_back_to(SELLERS));
    starts_with(&shop, "eve", sent_back_to(COURIERS));
    for (user, uri) in [("ada", SELLERS), ("eve", COURIERS), ("grace", CALLBACK)] {
        let mut browser = Browser::of(user);
        let authorize_url = browser.press_connect(&shop);
        assert_eq!(query(&authorize_url, "redirect_uri"), uri, "the first is the default");
        let callback = shop.consent(&authorize_url);
        assert!(callback.starts_with(uri), "{callback}");
        assert_eq!(browser.come_back(&shop, &callback), "/home");
        assert_eq!(shop.accounts_of(user), [ACCOUNT]);
    }
}

#[test]
fn a_flow_is_finished_only_at_the_redirect_uri_it_was_started_for() {
    let shop = shop(&[CALLBACK, SELLERS, COURIERS]);
    let mut ada = Browser::of("ada");
    let authorize_url = ada.press_connect(&shop);
    let callback = shop.consent(&authorize_url).replace(CALLBACK, COURIERS);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/config_mismatch");
    assert_eq!(shop.token_requests(), 0);
    assert_eq!(shop.reported(), ["config_mismatch"]);
}

#[test]
fn a_redirect_uri_that_is_not_registered_is_never_chosen() {
    let shop = shop(&[CALLBACK, SELLERS]);
    for uri in [COURIERS, "https://shop.example/connect/callback/", "https://evil.example/connect/callback", ""] {
        starts_with(&shop, "ada", sent_back_to(uri));
        shop.world.reports.borrow_mut().clear();
        let page = Browser::of("ada").start(&shop, Method::Post, "/connect/start", "");
        assert_eq!((page.status, page.header("location"), page.header("set-cookie")), (500, None, None), "{uri}");
        let report = shop.world.reports.borrow()[0].to_string();
        assert!(report.starts_with("config_mismatch: redirect_uri "), "{report}");
    }
    let report = &shop.world.reports;
    starts_with(&shop, "ada", sent_back_to(COURIERS));
    report.borrow_mut().clear();
    Browser::of("ada").start(&shop, Method::Post, "/connect/start", "");
    assert_eq!(report.borrow()[0].detail, "redirect_uri must equal one of redirect_uris, character for character");
}

#[test]
fn a_start_on_another_of_the_platforms_sites_comes_back_to_that_site() {
    let shop = shop(&[CALLBACK, MARKET]);
    for (site, uri) in [(SHOP, CALLBACK), ("https://market.example", MARKET)] {
        let mut ada = Browser::of("ada");
        let url = format!("{site}/connect/start");
        for headers in [vec![("sec-fetch-site", "same-origin"), ("origin", site)], vec![("origin", site)]] {
            let response = ada.send(&shop, &ada.request(Method::Post, &url, &headers, ""));
            assert_eq!(query(location(&response), "redirect_uri"), uri);
        }
        let onward = ada.send(&shop, &ada.request(Method::Get, &url, &[("sec-fetch-site", "same-origin")], ""));
        assert_eq!(query(location(&onward), "redirect_uri"), uri, "a link has no Origin");
        let callback = shop.consent(location(&onward));
        assert_eq!(ada.come_back(&shop, &callback), "/home");
    }
}

#[test]
fn a_page_that_hides_its_origin_comes_back_to_its_own_site_all_the_same() {
    let shop = shop(&[CALLBACK, MARKET]);
    let mut ada = Browser::of("ada");
    let headers = [("sec-fetch-site", "same-origin"), ("origin", "null")];
    let request = ada.request(Method::Post, "https://market.example/connect/start", &headers, "");
    let response = ada.send(&shop, &request);
    assert_eq!(query(location(&response), "redirect_uri"), MARKET);
}

/// Such as one that hands all of the platform's sites to one server, under its first name.
#[test]
fn behind_a_proxy_that_changes_the_address_a_start_comes_back_to_the_site_that_its_page_names() {
    let shop = shop(&[CALLBACK, MARKET]);
    let headers = [("sec-fetch-site", "same-origin"), ("origin", "https://market.example")];
    let mut ada = Browser::of("ada");
    let request = ada.request(Method::Post, "https://shop.example/connect/start", &headers, "");
    assert_eq!(query(location(&ada.send(&shop, &request)), "redirect_uri"), MARKET);
}

#[test]
fn the_callback_is_served_on_the_path_of_each_redirect_uri() {
    let shop = shop(&[SELLERS, COURIERS]);
    for (path, is_served) in [
        ("/sellers/stripe", true),
        ("/couriers/stripe", true),
        ("/connect/start", true),
        ("/connect/callback", false),
        ("/sellers", false),
        ("/couriers/stripe/", false),
    ] {
        assert_eq!(shop.handler.route(path).is_some(), is_served, "{path}");
    }
}

#[test]
fn a_list_of_redirect_uris_is_checked_one_by_one() {
    use ErrorCode::{InvalidValue, MissingParameter};
    const LIST: &str = "is a list with commas, as the dashboard has it: give redirect_uris, a text for each URI";
    let pasted = [CALLBACK, SELLERS].join(",");
    let spaced = [CALLBACK, SELLERS].join(", ");
    let table: [(&str, &[&str], ErrorCode, &str, &str); 9] = [
        (
            "",
            &[],
            MissingParameter,
            "redirect_uri",
            "is missing: give the registered URL of the handler's callback",
        ),
        (&pasted, &[], InvalidValue, "redirect_uri", LIST),
        ("", &[&spaced], InvalidValue, "redirect_uris", LIST),
        (CALLBACK, &[SELLERS], InvalidValue, "redirect_uri", "can't stand beside redirect_uris: list it there"),
        ("", &[CALLBACK, "/sellers"], InvalidValue, "redirect_uris", "must be absolute and begin with https://"),
        (
            "",
            &["https://shop.example/connect/start"],
            InvalidValue,
            "redirect_uris",
            "must not have the path of another route of the handler's",
        ),
        (
            "",
            &["https://shop.example/"],
            InvalidValue,
            "redirect_uris",
            "must each have a path: the handler answers there, and no page of yours",
        ),
        (
            "",
            &["https://shop.example?a=/b"],
            InvalidValue,
            "redirect_uris",
            "must each have a path: the handler answers there, and no page of yours",
        ),
        (
            COURIERS,
            &[],
            InvalidValue,
            "redirect_uri",
            "must have the path /connect/callback, where the handler listens",
        ),
    ];
    for (one, several, code, param, what) in table {
        let error = configured(|settings| {
            settings.redirect_uri = one.into();
            settings.redirect_uris = several.iter().map(|uri| (*uri).into()).collect();
        });
        let error = error.map(|_| ()).unwrap_err();
        assert_eq!((error.code(), error.param()), (code, param), "{error}");
        assert_eq!(error.message(), format!("{param} {what}"));
    }
    // A comma alone makes no list.
    configured(with_uris(&["https://shop.example/stripe?shops=a,b"])).unwrap();
}

#[test]
fn a_start_has_its_own_landing_scope_and_prompt_and_the_rest_as_configured() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.stripe_landing = Some(StripeLanding::Register));
    starts_with(&shop, "ada", Start { stripe_landing: Some(StripeLanding::Login), ..Start::default() });
    let (scope, always_prompt) = (Some(Scope::ReadOnly), Some(true));
    starts_with(&shop, "eve", Start { scope, always_prompt, ..Start::default() });
    for (user, landing, scope, prompts) in
        [("ada", "login", "read_write", false), ("eve", "register", "read_only", true)]
    {
        let url = Browser::of(user).press_connect(&shop);
        assert_eq!((&*query(&url, "stripe_landing"), &*query(&url, "scope")), (landing, scope), "{user}");
        assert_eq!(url.contains("always_prompt=true"), prompts);
    }
}

#[test]
fn a_start_that_fills_in_the_form_is_asked_for_no_prefill() {
    let shop = Shop::open();
    let mut stripe_user = Prefill::default();
    stripe_user.set(PrefillField::Email, "ada@example.com").unwrap();
    starts_with(&shop, "ada", Start { stripe_user: Some(stripe_user), ..Start::default() });
    let url = Browser::of("ada").press_connect(&shop);
    assert_eq!(query(&url, "stripe_user[email]"), "ada@example.com");
    assert!(!url.contains("first_name"), "{url}");
    let url = Browser::of("eve").press_connect(&shop);
    assert_eq!(query(&url, "stripe_user[first_name]"), "eve");
}

#[test]
fn a_start_with_what_its_flow_does_not_have_leaves_for_nowhere_and_is_reported() {
    let mut shop = Shop::open();
    shop.deploy(|settings| (settings.flow, settings.scope) = (Flow::Express, None));
    starts_with(&shop, "ada", Start { scope: Some(Scope::ReadWrite), ..Start::default() });
    let page = Browser::of("ada").start(&shop, Method::Post, "/connect/start", "");
    assert_eq!((page.status, page.header("location")), (500, None));
    let reports = shop.world.reports.borrow();
    let last = reports.last().unwrap().to_string();
    assert_eq!(last, "config_mismatch: scope is not part of the express flow: leave it out");
}

#[test]
fn a_handler_with_a_name_of_stripes_answer_in_its_redirect_uri_is_refused() {
    for query in ["state=CA", "scope=admin", "error=0", "code=1", "iss=x"] {
        let uri = format!("{CALLBACK}?{query}");
        let alone = configured(|settings| settings.redirect_uri = uri.as_str().into());
        let listed = configured(with_uris(&[CALLBACK, &uri]));
        for (error, param) in [(alone, "redirect_uri"), (listed, "redirect_uris")] {
            let error = error.map(|_| ()).unwrap_err();
            let what = "has a parameter of Stripe's answer in its query: rename it";
            assert_eq!((error.code(), error.message()), (ErrorCode::InvalidValue, &*format!("{param} {what}")));
        }
    }
}
