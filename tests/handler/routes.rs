//! The list, the routes, the configuration.

use super::*;

#[test]
fn the_list_holds_the_subjects_own_connections_and_no_secret() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    ada.come_back(&shop, &callback);
    shop.wait(10);
    let authorize_url = ada.press_connect(&shop);
    let created = shop.consent_with_a_new_account(&authorize_url);
    ada.come_back(&shop, &created);

    let listed = json_of(&ada.open(&shop, "/connect/connections"));
    let accounts = listed["connections"].as_array().unwrap();
    assert_eq!(accounts.len(), 2);
    assert_eq!(
        accounts[1],
        json!({"account_id": ACCOUNT, "livemode": false, "scope": "read_write", "connected_at": START})
    );
    assert_eq!(accounts[0]["connected_at"], START + 10, "the newest first");

    let others = Browser::of("eve").open(&shop, "/connect/connections");
    assert_eq!((others.status, json_of(&others)), (200, json!({"connections": [], "disconnected": []})));
    let nobodys = Browser::default().open(&shop, "/connect/connections");
    assert_eq!(outcome_of(&nobodys), (401, "not_signed_in".to_owned()));
    shop.world.store.down.set(true);
    assert_eq!(outcome_of(&ada.open(&shop, "/connect/connections")), (503, "store_unavailable".to_owned()));
}

#[test]
fn a_path_that_is_not_the_handlers_is_the_platforms() {
    let shop = Shop::open();
    let paths = [
        "/",
        "/connect",
        "/connect/",
        "/connect/starts",
        "/connect/start/",
        "/connect/Start",
        "/connectstart",
        "/x/connect/start",
        "/connect//start",
        "/connect/result",
        "/connect/result/",
        "/connect/result/everything",
        "/connect/result/denied/",
        "/connect/%73tart",
        "/CONNECT/start",
    ];
    for path in paths {
        let request = Browser::of("ada").request(Method::Get, path, &[], "");
        assert_eq!(run(shop.handler.handle(&request, &shop.world)), Ok(None), "{path}");
        assert!(shop.handler.route(path).is_none());
    }
    assert!(
        shop.handler.route("/connect/start").is_some() && shop.handler.route("/connect/result/denied").is_some()
    );
}

#[test]
fn a_method_that_a_path_does_not_take_is_405_with_allow() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    for (path, allow) in [
        ("/connect/start", "GET, POST"),
        ("/connect/callback", "GET"),
        ("/connect/exchange", "POST"),
        ("/connect/connections", "GET, HEAD"),
        ("/connect/disconnect", "POST"),
        ("/connect/account", "GET"),
        ("/connect/create", "POST"),
        ("/connect/onboard", "GET"),
        ("/connect/webhook", "POST"),
        ("/connect/result/denied", "GET, HEAD"),
    ] {
        for method in [Method::Get, Method::Head, Method::Post, Method::Other] {
            let response = ada.send(&shop, &ada.request(method, path, &[("sec-fetch-site", "cross-site")], ""));
            let allowed = allow.split(", ").any(|name| name == method.as_str());
            assert_eq!(response.status == 405, !allowed, "{method:?} {path}");
            assert_eq!(response.header("allow"), (!allowed).then_some(allow), "{method:?} {path}");
        }
    }
}

#[test]
fn the_prefix_is_the_platforms_choice() {
    let mut shop = Shop::open();
    shop.deploy(|settings| {
        settings.prefix = "/pay/stripe".to_owned();
        settings.redirect_uri = format!("{SHOP}/pay/stripe/callback").into();
    });
    let mut ada = Browser::of("ada");
    let started = ada.start(&shop, Method::Post, "/pay/stripe/start", "");
    let callback = shop.consent(location(&started));
    assert!(callback.starts_with("https://shop.example/pay/stripe/callback?"));
    assert_eq!(ada.come_back(&shop, "/pay/stripe/callback?error=access_denied"), "/pay/stripe/result/denied");
    let page = ada.open(&shop, "/pay/stripe/result/denied");
    assert!(page.body.contains("action=\"/pay/stripe/start\""));
    assert_eq!(ada.come_back(&shop, &callback), "/home");
    assert!(shop.handler.route("/connect/start").is_none());
}

#[test]
fn a_configuration_is_refused_with_the_first_thing_that_is_wrong() {
    use ErrorCode::{InvalidValue, MissingParameter, TooLong, WrongCredential};
    type Change = fn(&mut ConfigBuilder);
    let path = "must be a path of this site that begins with one slash, such as /payouts";
    let prefix = "must be a path such as /connect, without a slash at its end";
    let listens = "must have the path /connect/callback, where the handler listens";
    let table: [(Change, ErrorCode, &str, &str); 27] = [
        (
            |s| s.client_id = "".into(),
            MissingParameter,
            "client_id",
            "is missing: copy the one that begins with ca_ from the dashboard's Connect settings",
        ),
        (
            |s| s.client_id = "pk_test_1".into(),
            WrongCredential,
            "client_id",
            "is a publishable key, not a client id: copy the one that begins with ca_ from the dashboard's Connect settings",
        ),
        (
            |s| s.secret_key = "".into(),
            MissingParameter,
            "secret_key",
            "is missing: give the platform's key that begins with sk_test_ or sk_live_, from the server's environment",
        ),
        (
            |s| s.secret_key = "pk_test_1".into(),
            WrongCredential,
            "secret_key",
            "is a publishable key, not a secret key: give the platform's key that begins with sk_test_ or sk_live_, from the server's environment",
        ),
        (|s| s.prefix.clear(), InvalidValue, "prefix", prefix),
        (|s| s.prefix = "/".to_owned(), InvalidValue, "prefix", prefix),
        (|s| s.prefix = "connect".to_owned(), InvalidValue, "prefix", prefix),
        (|s| s.prefix = "/connect/".to_owned(), InvalidValue, "prefix", prefix),
        (|s| s.prefix = "//connect".to_owned(), InvalidValue, "prefix", prefix),
        (|s| s.prefix = "/con nect".to_owned(), InvalidValue, "prefix", prefix),
        (|s| s.prefix = "/connect?x".to_owned(), InvalidValue, "prefix", prefix),
        (
            |s| s.redirect_uri = "".into(),
            MissingParameter,
            "redirect_uri",
            "is missing: give the registered URL of the handler's callback",
        ),
        (
            |s| s.redirect_uri = "/connect/callback".into(),
            InvalidValue,
            "redirect_uri",
            "must be absolute and begin with https://",
        ),
        (
            |s| {
                s.secret_key = LIVE_KEY.into();
                s.redirect_uri = "http://localhost/connect/callback".into();
            },
            InvalidValue,
            "redirect_uri",
            "must use https in live mode",
        ),
        (|s| s.redirect_uri = SHOP.into(), InvalidValue, "redirect_uri", listens),
        (|s| s.redirect_uri = format!("{SHOP}/connect/callback/").into(), InvalidValue, "redirect_uri", listens),
        (|s| s.redirect_uri = format!("{SHOP}/x/connect/callback").into(), InvalidValue, "redirect_uri", listens),
        (|s| s.redirect_uri = format!("{SHOP}?/connect/callback").into(), InvalidValue, "redirect_uri", listens),
        (
            |s| s.prefix = "/pay".to_owned(),
            InvalidValue,
            "redirect_uri",
            "must have the path /pay/callback, where the handler listens",
        ),
        (|s| s.return_to = "//evil.example".to_owned(), InvalidValue, "return_to", path),
        (|s| s.return_to = "https://shop.example/".to_owned(), InvalidValue, "return_to", path),
        (|s| s.return_to = format!("/{}", "a".repeat(512)), TooLong, "return_to", "is longer than 512 bytes"),
        (
            |s| s.stylesheets = vec!["/a.css".to_owned(), "//evil.example/a.css".to_owned()],
            InvalidValue,
            "stylesheets",
            path,
        ),
        (|s| s.flow_lifetime = 0, InvalidValue, "flow_lifetime", "must be 1 to 3600 seconds"),
        (|s| s.flow_lifetime = 3601, InvalidValue, "flow_lifetime", "must be 1 to 3600 seconds"),
        (
            |s| s.cookie_secrets.clear(),
            MissingParameter,
            "cookie_secrets",
            "is missing: give at least one random text of 32 characters or more",
        ),
        (
            |s| s.cookie_secrets.push("a".repeat(31)),
            InvalidValue,
            "cookie_secrets",
            "must each have 32 random characters or more",
        ),
    ];
    for (at, (change, code, param, what)) in table.into_iter().enumerate() {
        let Err(error) = configured(change) else { panic!("case {at} ({param}) was accepted") };
        assert_eq!((error.code(), error.param()), (code, param), "{error}");
        assert_eq!(error.message(), format!("{param} {what}"));
    }
    let accepted: [Change; 6] = [
        |_| {},
        |s| s.redirect_uri = format!("{SHOP}/connect/callback?from=stripe").into(),
        |s| s.redirect_uri = "http://localhost:8787/connect/callback".into(),
        |s| s.secret_key = LIVE_KEY.into(),
        |s| (s.flow_lifetime, s.scope) = (1, Some(Scope::ReadOnly)),
        |s| s.cookie_secrets = vec!["a".repeat(32), "b".repeat(32)],
    ];
    for change in accepted {
        configured(change).unwrap();
    }
}

#[test]
fn a_mistake_of_the_hosts_own_is_passed_on() {
    let shop = Shop::open();
    let request = Request {
        method: Method::Get,
        url: format!("{SHOP}/connect/connections"),
        headers: vec![("cookie".to_owned(), format!("session={}", support::BROKEN_SESSION))],
        body: Vec::new(),
    };
    assert_eq!(run(shop.handler.handle(&request, &shop.world)), Err(()));
}

#[test]
fn every_rejection_is_an_outcome_of_the_same_name() {
    assert_eq!(Outcome::Rejected(Rejection::NotStarted).as_str(), Rejection::NotStarted.as_str());
    assert_eq!(Outcome::parse("not_started"), Some(Outcome::Rejected(Rejection::NotStarted)));
}
