//! The platform's own address, as it is written and as browsers write it.

use super::*;

#[test]
fn a_redirect_uri_in_capitals_or_with_the_schemes_own_port_is_our_own_page() {
    for (uri, origin) in [
        ("https://Shop.Example/connect/callback", SHOP),
        ("https://shop.example:443/connect/callback", SHOP),
        ("https://SHOP.example:443/connect/callback", SHOP),
        ("http://localhost:80/connect/callback", "http://localhost"),
        ("http://LOCALHOST/connect/callback", "http://localhost"),
        ("http://localhost:8787/connect/callback", "http://localhost:8787"),
        ("https://shop.example:80/connect/callback", "https://shop.example:80"),
    ] {
        let mut shop = Shop::open();
        if support::configured(|settings| settings.redirect_uri = uri.into()).is_err() {
            assert_eq!(uri, "http://LOCALHOST/connect/callback", "localhost is written small");
            continue;
        }
        shop.deploy(|settings| settings.redirect_uri = uri.into());
        let referer = format!("{origin}/payouts");
        for (method, headers) in [
            (Method::Post, [("origin", origin)]),
            (Method::Post, [("referer", &*referer)]),
            (Method::Get, [("referer", &*referer)]),
        ] {
            let mut ada = Browser::of("ada");
            let started = ada.send(&shop, &ada.request(method, "/connect/start", &headers, ""));
            assert_eq!(started.status, 303, "{uri} {headers:?}");
            assert_eq!(
                query(location(&started), "redirect_uri"),
                uri,
                "Stripe compares it character for character"
            );
        }
        let mut ada = Browser::of("ada");
        let foreign = [("origin", "https://shop.example.evil")];
        assert_eq!(ada.send(&shop, &ada.request(Method::Post, "/connect/start", &foreign, "")).status, 403);
    }
}
