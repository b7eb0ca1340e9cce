//! Where a person goes from a page of the handler's: back to where they wanted to go, to the platform's sign-in and
//! on from there, or nowhere, while the page looks again by itself.

use super::*;

const PAYOUTS: &str = "return_to=%2Fpayouts%3Ftab%3D2";

/// Where the page's links lead.
fn links(page: &Response) -> Vec<String> {
    let hrefs = page.body.split("<a ").skip(1).filter_map(|tag| tag.split_once("href=\"")?.1.split_once('"'));
    hrefs.map(|(href, _)| href.replace("&amp;", "&")).collect()
}

/// The cookie that keeps a callback, which is the application's own.
fn kept_callback() -> String {
    ["__Host-stripe-connect-callback.", &Digest::of("ca_shop test").as_str()[..8]].concat()
}

/// A shop with a sign-in, where ada pressed the button on her payouts' page, and Stripe sent her back.
fn back_at_a_shop_with_a_sign_in() -> (Shop, Browser, String) {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.sign_in_url = "/login".to_owned());
    let mut ada = Browser::of("ada");
    let authorize_url = ada.press_connect_with(&shop, PAYOUTS);
    let callback = shop.consent(&authorize_url);
    (shop, ada, callback)
}

#[test]
fn return_to_survives_a_denial_and_a_failure_and_the_button_there_keeps_it() {
    for (what, outcome) in [("denied", "denied"), ("failed", "failed"), ("late", "expired"), ("used", "code_used")]
    {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        let authorize_url = ada.press_connect_with(&shop, PAYOUTS);
        let callback = match what {
            "denied" => shop.cancel(&authorize_url),
            "failed" => {
                format!("/connect/callback?error=server_error&state={}", query(&authorize_url, "state"))
            }
            _ => shop.consent(&authorize_url),
        };
        match what {
            "late" => shop.wait(LIFETIME),
            "used" => shop.spend_elsewhere(&callback),
            _ => {}
        }
        let end = ada.come_back(&shop, &callback);
        assert_eq!(end, format!("/connect/result/{outcome}?{PAYOUTS}"));
        let page = ada.open(&shop, &end);
        assert_eq!(links(&page), ["/payouts?tab=2"], "{what}");
        assert!(
            page.body.contains("<input type=\"hidden\" name=\"return_to\" value=\"/payouts?tab=2\">"),
            "{what}"
        );

        // Who presses the button there goes where they wanted to go at first.
        let authorize_url = ada.press_connect_with(&shop, PAYOUTS);
        assert_eq!(ada.come_back(&shop, &shop.consent(&authorize_url)), "/payouts?tab=2");
    }
}

#[test]
fn return_to_survives_on_pages_that_stay_where_they_are() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let authorize_url = ada.press_connect_with(&shop, PAYOUTS);
    let callback = shop.consent(&authorize_url);
    let signed_out = Browser { cookies: ada.cookies.clone() };
    shop.world.store.down.set(true);
    assert_eq!(links(&ada.open(&shop, &callback)), ["/payouts?tab=2"], "store_unavailable");
    shop.world.store.down.set(false);
    let mut nobody = signed_out;
    nobody.sign_out();
    assert_eq!(links(&nobody.open(&shop, &callback)), ["/payouts?tab=2"], "not_signed_in");
    let started = nobody.start(&shop, Method::Post, "/connect/start", PAYOUTS);
    assert_eq!((started.status, links(&started)), (401, vec!["/payouts?tab=2".to_owned()]));
}

#[test]
fn where_another_user_wanted_to_go_is_not_told() {
    let shop = Shop::open();
    let mut browser = Browser::of("eve");
    let authorize_url = browser.press_connect_with(&shop, "return_to=%2Fusers%2Feve");
    let callback = shop.consent(&authorize_url);
    browser.sign_in("ada");
    assert_eq!(browser.come_back(&shop, &callback), "/connect/result/another_subject");
}

#[test]
fn attack_8_a_result_pages_way_back_stays_on_this_site() {
    let shop = Shop::open();
    for path in LEADS_AWAY {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", path).finish();
        for outcome in ["denied", "not_connected"] {
            let page = Browser::of("ada").open(&shop, &format!("/connect/result/{outcome}?{query}"));
            assert_eq!(links(&page), ["/home"], "{path:?}");
        }
        let done = Browser::of("ada").open(&shop, &format!("/connect/result/connected?{query}"));
        assert_eq!(location(&done), "/home", "{path:?}");
    }
    // Stripe's query says nothing about it.
    let callback = "/connect/callback?error=access_denied&return_to=/elsewhere";
    assert_eq!(Browser::of("ada").come_back(&shop, callback), "/connect/result/denied");
}

#[test]
fn done_is_said_on_a_page_of_its_own_that_leads_on() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.when_done = WhenDone::default());
    let mut ada = Browser::of("ada");
    let authorize_url = ada.press_connect_with(&shop, PAYOUTS);
    let callback = shop.consent(&authorize_url);
    let end = ada.come_back(&shop, &callback);
    assert_eq!(end, format!("/connect/result/connected?{PAYOUTS}"));
    let page = ada.open(&shop, &end);
    assert_eq!((page.status, links(&page)), (200, vec!["/payouts?tab=2".to_owned()]));
    assert!(page.body.contains("<h1>Your Stripe account is connected</h1>"));
    assert!(!page.body.contains("<form"), "there is nothing more to do");

    // Reloading the callback says so again; another browser is led on, by whatever link.
    assert_eq!(ada.come_back(&shop, &callback), end.split('?').next().unwrap());
    let elsewhere = Browser::of("ada").open(&shop, &end);
    assert_eq!((elsewhere.status, location(&elsewhere)), (303, "/payouts?tab=2"));
    // What was connected is not what was disconnected.
    assert_eq!(location(&ada.open(&shop, "/connect/result/disconnected")), "/home");

    let shown = ada.submit(&shop, "/connect/disconnect", &format!("account={ACCOUNT}&{PAYOUTS}&confirmed=yes"));
    let page = ada.open(&shop, location(&shown));
    assert_eq!(links(&page), ["/payouts?tab=2"]);
    assert!(page.body.contains("<h1>Your Stripe account is disconnected</h1>"));
}

#[test]
fn done_is_said_to_the_platforms_own_page_by_a_cookie_that_no_other_site_can_set() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let connected = ada.open(&shop, &callback);
    let cookies: Vec<_> = connected.headers.iter().filter(|(name, _)| name == "set-cookie").collect();
    assert_eq!(cookies[0].1, "__Host-stripe-connect-done=connected; Path=/; Max-Age=120; Secure; SameSite=Lax");
    assert_eq!((location(&connected), cookies.len()), ("/home", 2), "and the flow's own is taken away");

    let (mut eve, _) = back_from_stripe(&shop, "eve");
    eve.come_back(&shop, "/connect/callback?error=access_denied");
    assert!(!eve.cookies.contains_key("__Host-stripe-connect-done"), "nothing was done");
}

#[test]
fn not_signed_in_leads_to_the_sign_in_and_back_to_what_was_wanted() {
    let (shop, _, _) = back_at_a_shop_with_a_sign_in();
    let mut nobody = Browser::default();
    let come_back = |page: &Response| -> String {
        let sign_in = links(page)[0].clone();
        assert!(sign_in.starts_with("/login?return_to="), "{sign_in}");
        query(&format!("{SHOP}{sign_in}"), "return_to")
    };
    let page = nobody.start(&shop, Method::Post, "/connect/start", PAYOUTS);
    assert!(
        page.body.contains(">Sign in</a>") && page.body.contains("Then you can go on where you were."),
        "{}",
        page.body
    );
    assert_eq!(come_back(&page), format!("/connect/start?{PAYOUTS}"));
    let onboard = format!("/connect/onboard?account={ACCOUNT}&{PAYOUTS}");
    assert_eq!(come_back(&nobody.open(&shop, &onboard)), onboard);
    // A form is sent once more from the page it stands on.
    let form = format!("account={ACCOUNT}&{PAYOUTS}");
    assert_eq!(come_back(&nobody.submit(&shop, "/connect/disconnect", &form)), "/payouts?tab=2");

    // The way back starts, on a page of the platform's own.
    let start = format!("/connect/start?{PAYOUTS}");
    let started = Browser::of("ada").start(&shop, Method::Get, &start, "");
    assert!(location(&started).starts_with(STRIPE));

    let reply = json_of(&nobody.open(&shop, "/connect/connections"));
    assert_eq!(
        (reply["outcome"].as_str(), reply["sign_in_url"].as_str()),
        (Some("not_signed_in"), Some("/login?return_to=%2Fhome"))
    );
    let reply = json_of(&nobody.script(&shop, "/connect/disconnect", &form));
    assert_eq!(reply["sign_in_url"], "/login?return_to=%2Fpayouts%3Ftab%3D2");
}

#[test]
fn who_signs_in_after_stripe_comes_back_to_a_callback_without_a_code_and_finishes() {
    let (shop, mut ada, callback) = back_at_a_shop_with_a_sign_in();
    ada.sign_out();
    let page = ada.open(&shop, &callback);
    assert_eq!(
        (page.status, links(&page).as_slice()),
        (401, ["/login?return_to=%2Fconnect%2Fcallback".to_owned(), "/payouts?tab=2".to_owned()].as_slice())
    );
    assert_nothing_happened(&shop);
    // Still nobody: the cookie stays.
    let kept = ada.cookies[&*kept_callback()].clone();
    assert_eq!(ada.open(&shop, "/connect/callback").status, 401);
    assert_eq!(ada.cookies[&*kept_callback()], kept);

    ada.sign_in("ada");
    assert_eq!(ada.come_back(&shop, "/connect/callback"), "/payouts?tab=2");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert!(ada.flow_cookies().is_empty(), "neither the flow's nor the callback's is left");
    assert_eq!(ada.come_back(&shop, "/connect/callback"), "/connect/result/malformed");
}

#[test]
fn attack_2_a_callback_that_was_kept_is_its_own_users_and_its_own_paths() {
    let (shop, mut browser, callback) = back_at_a_shop_with_a_sign_in();
    browser.sign_out();
    browser.open(&shop, &callback);
    let kept = browser.cookies[&*kept_callback()].clone();

    // In another browser there is no flow.
    let mut eve = Browser::of("eve");
    eve.cookies.insert(kept_callback(), kept.clone());
    assert_eq!(eve.come_back(&shop, "/connect/callback"), "/connect/result/not_started");
    // Nor does it open when it was changed, or under another path.
    for (path, forged) in [("/connect/callback", &kept[1..]), ("/connect/callback", "")] {
        let mut thief = browser.clone();
        thief.sign_in("ada");
        thief.cookies.insert(kept_callback(), forged.to_owned());
        assert_eq!(thief.come_back(&shop, path), "/connect/result/malformed");
    }
    let mut elsewhere = Shop::open();
    elsewhere.deploy(|settings| {
        settings.redirect_uri = "".into();
        settings.redirect_uris = vec!["https://shop.example/couriers/stripe".into()];
    });
    let mut thief = browser.clone();
    thief.sign_in("ada");
    assert_eq!(thief.come_back(&elsewhere, "/couriers/stripe"), "/connect/result/malformed");
    // Another user of this one burns the code.
    browser.sign_in("eve");
    assert_eq!(browser.come_back(&shop, "/connect/callback"), "/connect/result/another_subject");
    assert_nothing_happened(&shop);
}

#[test]
fn a_callback_too_long_for_a_cookie_is_not_kept_and_a_reload_still_finishes() {
    let (shop, mut ada, callback) = back_at_a_shop_with_a_sign_in();
    ada.sign_out();
    let long = format!("{callback}&pad={}", "a".repeat(2048));
    let page = ada.open(&shop, &long);
    assert_eq!((page.header("set-cookie"), &*links(&page)[0]), (None, "/login?return_to=%2Fpayouts%3Ftab%3D2"));
    ada.sign_in("ada");
    assert_eq!(ada.come_back(&shop, &long), "/payouts?tab=2");
}

#[test]
fn a_sign_in_url_is_a_path_of_this_site_or_an_https_url() {
    for url in
        ["", "/login", "/login?from=stripe", "https://accounts.shop.example/login", "http://localhost:3000/login"]
    {
        configured(|settings| settings.sign_in_url = url.to_owned()).unwrap();
    }
    for url in [
        "login",
        "//evil.example",
        "/\\evil.example",
        "/login#top",
        "https://shop.example/#top",
        "http://shop.example/login",
        "javascript:alert(1)",
        "/a\nb",
        " ",
    ] {
        let error = configured(|settings| settings.sign_in_url = url.to_owned()).unwrap_err();
        assert_eq!(
            error.message(),
            "sign_in_url must be a path of this site, such as /login, or an https URL",
            "{url:?}"
        );
    }
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.sign_in_url = "https://accounts.shop.example/login?app=1".to_owned());
    let page = Browser::default().start(&shop, Method::Post, "/connect/start", PAYOUTS);
    let expected = "https://accounts.shop.example/login?app=1&return_to=%2Fconnect%2Fstart%3Freturn_to%3D%252Fpayouts%253Ftab%253D2";
    assert_eq!(links(&page)[0], expected);
}

#[test]
fn still_working_looks_again_by_itself_and_comes_to_an_end() {
    let shop = Shop::open();
    let (ada, callback) = back_from_stripe(&shop, "ada");
    let request = ada.request(Method::Get, &callback, &[], "");
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none(), "it claims, sends, and is never heard of again");
    let mut waiting = ada.clone();
    let mut looks = 0;
    let end = loop {
        let page = waiting.open(&shop, &callback);
        let Some(seconds) = page.header("refresh") else { break page };
        assert_eq!((page.status, seconds), (202, "2"));
        assert!(page.body.contains("This page looks again by itself"), "{}", page.body);
        shop.wait(seconds.parse().unwrap());
        looks += 1;
    };
    assert_eq!((looks, location(&end)), (5, "/connect/result/unknown"), "ten seconds each, and a minute in all");
    assert_eq!(shop.token_requests(), 1);
    // The page of the outcome itself has nothing to look at again.
    let page = waiting.open(&shop, "/connect/result/still_working");
    assert_eq!(page.header("refresh"), None);
    assert!(page.body.contains("Please reload this page"));
}
