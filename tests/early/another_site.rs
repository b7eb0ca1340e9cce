//! On another site than the redirect URI's, which never sees the flow's cookie.

use super::*;

const WWW: &str = "https://www.shop.example";
const LAN: &str = "http://192.168.1.5:3000";

/// Presses the button on `site`, in a browser that says so by these headers.
fn press_on(shop: &Shop, site: &str, headers: &[(&str, &str)]) -> Response {
    let mut ada = Browser::of("ada");
    ada.send(shop, &ada.request(Method::Post, &format!("{site}/connect/start"), headers, ""))
}

#[track_caller]
fn assert_not_sent(shop: &Shop, response: &Response, site: &str, ours: &str) {
    assert_eq!((response.status, response.header("location"), response.header("set-cookie")), (400, None, None));
    assert!(response.body.contains(&format!("<a href=\"{ours}/home\">")), "{}", response.body);
    let [report] = &*reports(shop) else { panic!("{:?}", reports(shop)) };
    assert!(report.starts_with("wrong_site: /connect/start "), "{report}");
    assert!(report.contains(&format!("on {site},")) && report.contains(&format!("on {ours}:")), "{report}");
}

#[test]
fn a_start_on_another_site_than_its_redirect_uris_is_not_sent_to_stripe_and_is_reported() {
    for (site, callback) in [
        (WWW, "https://shop.example/connect/callback"),
        ("https://shop.example", "https://www.shop.example/connect/callback"),
        ("http://127.0.0.1:8787", "http://localhost:8787/connect/callback"),
        ("http://localhost:3000", "http://localhost:8787/connect/callback"),
        ("https://preview-7.shop.example", "https://shop.example/connect/callback"),
    ] {
        let ours = callback.strip_suffix("/connect/callback").unwrap();
        for headers in [
            &[("sec-fetch-site", "same-origin"), ("origin", site)][..],
            &[("sec-fetch-site", "same-origin"), ("referer", &format!("{site}/"))],
            // An old browser.
            &[("origin", site)],
        ] {
            let mut shop = Shop::open();
            shop.deploy(|settings| settings.redirect_uri = callback.into());
            assert_not_sent(&shop, &press_on(&shop, site, headers), site, ours);
        }
    }
}

#[test]
fn over_http_on_a_lan_where_browsers_send_no_more_than_the_origin_it_is_told_as_well() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.redirect_uri = "http://localhost:3000/connect/callback".into());
    assert_not_sent(&shop, &press_on(&shop, LAN, &[("origin", LAN)]), LAN, "http://localhost:3000");

    // Nor is anything else refused there as another site's, for good and without a word.
    let mut ada = Browser::of("ada");
    for (path, kind, body) in [
        ("/connect/disconnect", "application/x-www-form-urlencoded", "account=acct_1"),
        ("/connect/create", "application/x-www-form-urlencoded", "country=FR&email=a%40b.example"),
        ("/connect/exchange", "application/json", "{}"),
    ] {
        shop.wait(60);
        let headers = [("origin", LAN), ("content-type", kind), ("accept", "application/json")];
        let refused = ada.send(&shop, &ada.request(Method::Post, &format!("{LAN}{path}"), &headers, body));
        assert!(refused.body.contains("\"wrong_site\""), "{path} {}", refused.body);
        assert!(reports(&shop).last().unwrap().contains(path));
    }
}

#[test]
fn a_start_that_the_platform_sends_back_to_another_of_its_sites_is_not_sent_either() {
    let mut shop = Shop::open();
    let market = "https://market.example/connect/callback";
    shop.deploy(with_uris(&["https://shop.example/connect/callback", market]));
    let start = Start { redirect_uri: Some(market.to_owned()), ..Start::default() };
    shop.world.starts.borrow_mut().insert("ada".to_owned(), start);
    let refused = press_on(&shop, SHOP, &[("sec-fetch-site", "same-origin"), ("origin", SHOP)]);
    assert_eq!((refused.status, refused.header("location")), (400, None));
    assert!(
        reports(&shop)[0].contains("on https://shop.example, and the redirect URI is on https://market.example")
    );
}

#[test]
fn a_proxy_that_changes_the_address_costs_nobody_their_start() {
    let shop = Shop::open();
    let origin = ("origin", SHOP);
    for url in ["http://10.0.0.7:8080", "http://shop.example", "http://localhost:3000"] {
        for headers in
            [&[("sec-fetch-site", "same-origin"), origin][..], &[origin], &[("sec-fetch-site", "same-origin")]]
        {
            assert_eq!(press_on(&shop, url, headers).status, 303, "{url} {headers:?}");
        }
    }
    assert!(reports(&shop).is_empty());
}

#[test]
fn attack_3_another_sites_start_is_asked_about_as_before_and_reported_by_nobody() {
    let shop = Shop::open();
    for headers in [&[("origin", "https://evil.example")][..], &[("sec-fetch-site", "cross-site"), ("origin", WWW)]]
    {
        let page = press_on(&shop, SHOP, headers);
        assert_eq!(page.status, 403);
        assert!(page.body.contains("<form"), "{}", page.body);
    }
    assert!(reports(&shop).is_empty());
}

#[test]
fn starts_on_another_site_are_reported_once_a_minute() {
    let shop = Shop::open();
    for _ in 0..100 {
        press_on(&shop, WWW, &[("origin", WWW)]);
    }
    assert_eq!(reports(&shop).len(), 1);
}

#[test]
fn the_page_that_says_so_leads_to_the_right_site_under_its_own_address_too() {
    let shop = Shop::open();
    let page = Browser::default().open(&shop, "/connect/result/wrong_site");
    assert!(page.body.contains("<a href=\"https://shop.example/home\">"), "{}", page.body);
    let other = Browser::default().open(&shop, "/connect/result/foreign");
    assert!(other.body.contains("<a href=\"/home\">"), "{}", other.body);
}

/// Goes to Stripe and comes back without the flow's cookie.
fn lose_the_cookie(shop: &Shop, site: &str) -> Vec<String> {
    let (mut ada, mut other) = (Browser::of("ada"), Browser::of("ada"));
    let headers = [("sec-fetch-site", "same-origin"), ("origin", site)];
    let sent = ada.send(shop, &ada.request(Method::Post, &format!("{site}/connect/start"), &headers, ""));
    let state = query(location(&sent), "state");
    for _ in 0..3 {
        let back = other.open(shop, &format!("{site}/connect/callback?code=ac_1&state={state}"));
        assert_eq!(location(&back), "/connect/result/not_started");
    }
    reports(shop)
}

#[test]
fn a_callback_without_its_cookie_is_reported_and_on_plain_http_says_what_safari_does() {
    let over_https = lose_the_cookie(&Shop::open(), SHOP);
    assert_eq!(over_https.len(), 1, "{over_https:?}");
    assert!(over_https[0].starts_with("not_started: a callback came without the cookie of its flow"));
    assert!(!over_https[0].contains("Safari"));

    let mut shop = Shop::open();
    shop.deploy(|settings| settings.redirect_uri = "http://localhost:8787/connect/callback".into());
    let over_http = lose_the_cookie(&shop, "http://localhost:8787");
    assert!(over_http[0].contains("Safari, which keeps no Secure cookie on plain http"), "{over_http:?}");
}

#[test]
fn a_flow_whose_cookie_no_secret_opens_is_reported_with_what_to_keep() {
    let mut shop = Shop::open();
    let mut ada = Browser::of("ada");
    let state = query(&ada.press_connect(&shop), "state");
    shop.deploy(|settings| {
        settings.cookie_secrets = vec!["canary: a new text of thirty-two characters".to_owned()]
    });
    let end = ada.come_back(&shop, &format!("{SHOP}/connect/callback?code=ac_1&state={state}"));
    assert_eq!(end, "/connect/result/not_started");
    assert!(reports(&shop)[0].contains("keep each old text in cookie_secrets"), "{:?}", reports(&shop));
}
