//! Requests that can't say they are from the platform's own page, and what they lead to: one press more, and never
//! a dead end. Requests of another site, which lead nowhere; and requests that nobody has made yet.
//!
//! Tests named `attack_N_…` are the proof of the defence against attack N. What must hold for every
//! response (no code, no secret, no cache, no Referer, a strict policy) is asserted in `support`.
#![cfg(all(feature = "edge", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::type_complexity
)]

mod support;

use serde_json::{Value, json};
use stripe_connect_oauth::server::{Method, Response};
use support::{ACCOUNT, Browser, SHOP, START, STRIPE, Shop, assert_no_canary, location, printed, query, settings};
use url::form_urlencoded;

type Headers = &'static [(&'static str, &'static str)];

/// What a browser sends that can't, or won't, say whose page asks.
const SAYS_NOTHING: [Headers; 4] = [
    &[],
    &[("origin", "null")],
    &[("origin", "null"), ("referer", "https://shop.example/")],
    &[("sec-fetch-site", "none")],
];

/// What a browser sends for a page of another site.
const ANOTHER_SITE: [Headers; 6] = [
    &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
    &[("sec-fetch-site", "same-site"), ("origin", "https://blog.shop.example")],
    &[("sec-fetch-site", "cross-site"), ("origin", "null")],
    &[("sec-fetch-site", "cross-site")],
    &[("origin", "https://evil.example")],
    &[("referer", "https://evil.example/")],
];

const DISCONNECT: &str = "account=acct_1SandboxBakery01&return_to=%2Fpayouts";
const CREATE: &str = "country=GB&email=ada%40apples.example&return_to=%2Fpayouts";

/// Each action with a form that does it, and the heading of the page that asks first.
const ACTIONS: [(&str, &str, &str); 3] = [
    ("/connect/start", "return_to=%2Fpayouts", "Do you want to connect Stripe?"),
    ("/connect/disconnect", DISCONNECT, "Do you want to disconnect Stripe?"),
    ("/connect/create", CREATE, "Do you want a new Stripe account?"),
];

/// A shop where ada has one account, and Stripe ends the connection of the next one that asks.
fn shop() -> (Shop, Browser) {
    let shop = Shop::open();
    shop.keep("ada", ACCOUNT, START - 3600);
    (shop, Browser::of("ada"))
}

fn post(browser: &mut Browser, shop: &Shop, url: &str, headers: Headers, form: &str) -> Response {
    browser.send(shop, &browser.request(Method::Post, url, headers, form))
}

/// The form of a page: where it goes, and what it sends.
fn form_of(page: &Response) -> (String, String) {
    let between = |text: &str, before: &str, after: &str| -> String {
        let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
        rest.split_once(after).unwrap().0.to_owned()
    };
    let unescape = |text: &str| {
        text.replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    };
    let form = between(&page.body, "<form", "</form>");
    let mut fields = form_urlencoded::Serializer::new(String::new());
    for input in form.split("<input type=\"hidden\"").skip(1) {
        fields.append_pair(&between(input, "name=\"", "\""), &unescape(&between(input, "value=\"", "\"")));
    }
    (between(&form, "action=\"", "\""), fields.finish())
}

/// Asks for an action without a word of where from, and gives the form of the page that asks back.
fn asked(browser: &mut Browser, shop: &Shop, url: &str, form: &str) -> (String, String) {
    let page = post(browser, shop, url, &[], form);
    assert_eq!(page.status, 403, "{}", page.body);
    form_of(&page)
}

/// Nothing was asked of Stripe, and nobody is on the way there.
#[track_caller]
fn assert_untouched(shop: &Shop, browser: &Browser) {
    assert!(shop.asked().is_empty(), "{:?}", shop.asked());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert!(!browser.cookies.keys().any(|name| name.starts_with("__Host-stripe-connect.")));
    assert!(shop.reported().is_empty());
}

fn deauthorized() -> Option<Response> {
    Some(Response::json(200, json!({ "stripe_user_id": ACCOUNT }).to_string()))
}

// One press more.

#[test]
fn a_start_that_cannot_say_where_it_is_from_is_asked_about_and_one_press_connects() {
    for headers in SAYS_NOTHING {
        for method in [Method::Get, Method::Post] {
            let shop = Shop::open();
            let mut ada = Browser::of("ada");
            let (url, form) = match method {
                Method::Get => ("/connect/start?return_to=/payouts%3Ftab%3D2%26a%3D%2522", ""),
                _ => ("/connect/start", "return_to=/payouts%3Ftab%3D2%26a%3D%2522"),
            };
            let page = ada.send(&shop, &ada.request(method, url, headers, form));
            assert_eq!(page.status, 403, "{method:?} {headers:?}");
            assert!(page.body.contains("Do you want to connect Stripe?"), "{}", page.body);
            assert!(page.body.contains("could not see that this request came from our own page"));
            assert!(shop.asked().is_empty() && ada.flow_cookies() == ["__Host-stripe-connect-confirm"]);

            let (action, form) = form_of(&page);
            assert_eq!(action, "/connect/start");
            let started = post(&mut ada, &shop, &action, headers, &form);
            assert_eq!(started.status, 303, "{method:?} {headers:?} {}", started.body);
            assert!(location(&started).starts_with(STRIPE));
            assert!(!location(&started).contains("confirmation"));
            let landed = ada.come_back(&shop, &shop.consent(location(&started)));
            assert_eq!(landed, "/payouts?tab=2&a=%22", "where the request wanted to go");
            assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
            assert!(ada.flow_cookies().is_empty(), "neither a flow nor a confirmation is left");
        }
    }
}

#[test]
fn a_disconnection_that_cannot_say_where_it_is_from_is_asked_about_and_one_press_disconnects() {
    for headers in SAYS_NOTHING {
        let (shop, mut ada) = shop();
        let page = post(&mut ada, &shop, "/connect/disconnect", headers, DISCONNECT);
        assert_eq!(page.status, 403, "{headers:?}");
        assert!(
            page.body.contains("Do you want to disconnect Stripe?") && page.body.contains(">Disconnect</button>")
        );
        assert!(shop.asked().is_empty());

        shop.stripe_answers([deauthorized()]);
        let (action, form) = form_of(&page);
        assert_eq!(action, "/connect/disconnect");
        assert_eq!(location(&post(&mut ada, &shop, &action, headers, &form)), "/payouts");
        assert!(shop.accounts_of("ada").is_empty() && ada.flow_cookies().is_empty());
    }
}

#[test]
fn an_account_that_cannot_say_where_it_is_asked_from_is_asked_about_and_one_press_makes_it() {
    for headers in SAYS_NOTHING {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        let page = post(&mut ada, &shop, "/connect/create", headers, CREATE);
        assert_eq!(page.status, 403, "{headers:?}");
        assert!(
            page.body.contains("Do you want a new Stripe account?")
                && page.body.contains(">Open an account</button>")
        );
        assert!(shop.asked().is_empty());

        let (action, form) = form_of(&page);
        assert_eq!(action, "/connect/create");
        let made = post(&mut ada, &shop, &action, headers, &form);
        assert_eq!(made.status, 303, "{}", made.body);
        assert_eq!(shop.accounts_of("ada").len(), 1);
        assert!(shop.asked()[0].1.contains("email=ada%40apples.example"));
        assert!(ada.flow_cookies().is_empty());
    }
}

#[test]
fn who_is_asked_sees_fixed_words_and_the_values_stand_hidden_and_escaped() {
    let (shop, mut ada) = shop();
    let path = "/\"><b>'&canary";
    for (url, form, title) in ACTIONS {
        let encoded = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", path).finish();
        let form = [form.split("return_to").next().unwrap(), "pad=Press+this+now&", &encoded].concat();
        // `Browser` looks for the canary in every body, so its letters are made others here.
        let page = post(&mut ada, &shop, url, &[], &form.replace("canary", "kanari"));
        assert!(page.body.contains(title) && page.body.contains("value=\"/&quot;&gt;&lt;b&gt;&#39;&amp;kanari\""));
        assert!(!page.body.contains("Press this now") && !page.body.contains("<b>"), "{}", page.body);
        let shown: Vec<_> =
            page.body.split('<').filter_map(|tag| tag.split_once('>')).map(|(_, text)| text).collect();
        assert!(!shown.concat().contains("kanari") && !shown.concat().contains("acct_"), "{shown:?}");
    }
}

#[test]
fn what_is_wrong_is_told_before_anyone_is_asked() {
    let (shop, mut ada) = shop();
    for (url, form, outcome) in [
        ("/connect/start", "return_to=//evil.example", "malformed"),
        ("/connect/disconnect", "account=acct_1&return_to=//evil.example", "malformed"),
        ("/connect/disconnect", "account=everyone", "malformed"),
        ("/connect/create", "country=GB&email=ada%40apples.example&return_to=//evil.example", "malformed"),
        ("/connect/create", "country=gb&email=ada%40apples.example", "invalid_details"),
    ] {
        let answer = post(&mut ada, &shop, url, &[], form);
        match answer.status {
            303 => assert_eq!(location(&answer), format!("/connect/result/{outcome}"), "{form}"),
            status => assert_eq!((status, outcome), (400, "malformed"), "{form}"),
        }
        assert!(ada.flow_cookies().is_empty());
    }
    assert_untouched(&shop, &ada);
}

#[test]
fn a_script_is_told_in_json_that_nobody_confirmed() {
    let (shop, mut ada) = shop();
    for (url, form, _) in ACTIONS {
        let outcome = if url == "/connect/start" { "cross_site" } else { "unconfirmed" };
        for headers in
            [&[("accept", "application/json")][..], &[("accept", "application/json"), ("origin", "null")]]
        {
            let told = ada.send(&shop, &ada.request(Method::Post, url, headers, form));
            let body: Value = serde_json::from_str(&told.body).unwrap();
            assert_eq!((told.status, body["outcome"].as_str()), (403, Some(outcome)));
            assert!(body["hint"].as_str().unwrap().contains("our own page"));
            assert_eq!(told.header("set-cookie"), None, "it gets no token, and no cookie to use it with");
        }
    }
    assert_untouched(&shop, &ada);
    assert!(shop.handler.route("/connect/result/unconfirmed").is_none(), "no link asks for a confirmation");
}

#[test]
fn who_is_signed_out_is_asked_to_sign_in_and_nothing_is_sealed() {
    let (shop, _) = shop();
    for (url, form, title) in ACTIONS {
        for headers in SAYS_NOTHING {
            let mut nobody = Browser::default();
            let page = post(&mut nobody, &shop, url, headers, form);
            assert_eq!((page.status, page.header("set-cookie")), (401, None), "{url} {headers:?}");
            // As the page says: sign in, and reload.
            nobody.sign_in("ada");
            assert!(post(&mut nobody, &shop, url, headers, form).body.contains(title));
        }
    }
    assert!(shop.asked().is_empty());
}

// The token is of one action, with these values, of one subject, in one browser, for ten minutes, for one press.

#[test]
fn attack_3_another_sites_request_is_refused_though_it_has_the_token_and_the_cookie() {
    for (url, form, _) in ACTIONS {
        for headers in ANOTHER_SITE {
            let (shop, mut ada) = shop();
            let (action, form) = asked(&mut ada, &shop, url, form);
            let refused = post(&mut ada, &shop, &action, headers, &form);
            assert_eq!(refused.status, 403, "{url} {headers:?}");
            assert_eq!(refused.header("set-cookie"), None);
            assert!(!refused.body.contains("confirmation"), "another site's request is given no token");
            assert_untouched(&shop, &ada);
        }
    }
}

#[test]
fn attack_3_a_start_from_another_site_keeps_where_to_go_and_the_press_on_our_page_starts() {
    for headers in ANOTHER_SITE {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        let page = post(&mut ada, &shop, "/connect/start", headers, "return_to=%2Fpayouts");
        assert!(page.body.contains("Do you want to connect Stripe?"));
        let (action, form) = form_of(&page);
        assert_eq!(form, "return_to=%2Fpayouts");
        let started = ada.submit(&shop, &action, &form);
        assert_eq!(ada.come_back(&shop, &shop.consent(location(&started))), "/payouts");
    }
}

#[test]
fn attack_2_a_token_of_another_subject_confirms_nothing() {
    for (url, form, title) in ACTIONS {
        let (shop, mut browser) = shop();
        browser.sign_in("eve");
        let (action, form) = asked(&mut browser, &shop, url, form);
        browser.sign_in("ada");
        let page = post(&mut browser, &shop, &action, &[], &form);
        assert!(page.status == 403 && page.body.contains(title), "{url}");
        assert_untouched(&shop, &browser);
    }
}

#[test]
fn attack_3_a_token_confirms_nothing_in_another_browser() {
    for (url, form, title) in ACTIONS {
        let (shop, mut ada) = shop();
        let (action, form) = asked(&mut ada, &shop, url, form);
        let cookie = ada.cookies["__Host-stripe-connect-confirm"].clone();
        let mut bare = Browser::of("ada");
        let mut others = Browser::of("ada");
        asked(&mut others, &shop, url, form.split("&confirmation").next().unwrap());
        assert_ne!(others.cookies["__Host-stripe-connect-confirm"], cookie);
        let mut forged = Browser::of("ada");
        forged.cookies.insert("__Host-stripe-connect-confirm".to_owned(), String::new());
        for mut browser in [bare.clone(), others, forged] {
            let page = post(&mut browser, &shop, &action, &[], &form);
            assert!(page.status == 403 && page.body.contains(title), "{url}");
            assert_untouched(&shop, &browser);
        }
        bare.cookies.insert("__Host-stripe-connect-confirm".to_owned(), cookie);
        shop.stripe_answers([deauthorized()].into_iter().filter(|_| url == "/connect/disconnect"));
        assert_eq!(post(&mut bare, &shop, &action, &[], &form).status, 303, "it was the cookie");
    }
}

#[test]
fn attack_3_a_token_confirms_no_other_action_and_no_other_values() {
    let values = [
        "return_to=%2Fother",
        "account=acct_2SandboxFlorist&return_to=%2Fpayouts",
        "country=FR&email=ada%40apples.example&return_to=%2Fpayouts",
    ];
    for (url, form, _) in ACTIONS {
        let (shop, mut ada) = shop();
        let (_, confirmed) = asked(&mut ada, &shop, url, form);
        let (_, token) = confirmed.rsplit_once("&confirmation=").unwrap();
        for ((other_url, other_form, title), other_values) in ACTIONS.into_iter().zip(values) {
            for form in [other_form, other_values] {
                if (other_url, form) == (url, other_form) {
                    continue;
                }
                let mut thief = ada.clone();
                let page = post(&mut thief, &shop, other_url, &[], &format!("{form}&confirmation={token}"));
                assert!(page.status == 403 && page.body.contains(title), "{url} confirmed {other_url} {form}");
                assert_untouched(&shop, &thief);
            }
        }
    }
}

#[test]
fn attack_4_a_token_expires_at_its_600th_second() {
    for (after, starts) in [(599, true), (600, false), (601, false)] {
        let (shop, mut ada) = shop();
        let (action, form) = asked(&mut ada, &shop, "/connect/start", "");
        shop.wait(after);
        // The browser has kept the cookie for longer than it was told to.
        assert_eq!(post(&mut ada, &shop, &action, &[], &form).status == 303, starts, "{after}");
    }
}

#[test]
fn attack_4_a_token_is_for_one_press() {
    for (url, form, title) in ACTIONS {
        let (shop, mut ada) = shop();
        let (action, form) = asked(&mut ada, &shop, url, form);
        shop.stripe_answers([deauthorized()].into_iter().filter(|_| url == "/connect/disconnect"));
        assert_eq!(post(&mut ada, &shop, &action, &[], &form).status, 303);
        let sent = shop.asked().len();
        let page = post(&mut ada, &shop, &action, &[], &form);
        assert!(page.status == 403 && page.body.contains(title), "{url}");
        assert_eq!(shop.asked().len(), sent, "{url}");
    }
}

#[test]
fn a_token_that_led_to_a_reload_is_good_for_the_reload() {
    let (shop, mut ada) = shop();
    let (action, form) = asked(&mut ada, &shop, "/connect/disconnect", DISCONNECT);
    shop.world.store.down.set(true);
    assert_eq!(post(&mut ada, &shop, &action, &[], &form).status, 503);
    shop.world.store.down.set(false);
    shop.stripe_answers([deauthorized()]);
    assert_eq!(location(&post(&mut ada, &shop, &action, &[], &form)), "/payouts");
}

#[test]
fn a_tampered_token_confirms_nothing() {
    let (shop, mut ada) = shop();
    let (action, form) = asked(&mut ada, &shop, "/connect/start", "");
    let (fields, token) = form.rsplit_once('=').unwrap();
    let flipped = |at: usize| -> String {
        token.char_indices().map(|(i, c)| if i == at { if c == 'A' { 'B' } else { 'A' } } else { c }).collect()
    };
    let others = ["", "A", "null", &token[1..], &token[..token.len() - 4]].map(str::to_owned);
    for tampered in (0..token.len() - 1).step_by(7).map(flipped).chain(others).chain([format!("{token}AAAA")]) {
        let mut thief = ada.clone();
        let page = post(&mut thief, &shop, &action, &[], &format!("{fields}={tampered}"));
        assert_eq!(page.status, 403, "{tampered}");
        assert_untouched(&shop, &thief);
    }
    assert_eq!(post(&mut ada, &shop, &action, &[], &form).status, 303, "it was whole");
}

#[test]
fn attack_3_a_token_in_an_address_starts_nothing() {
    let (shop, mut ada) = shop();
    let (action, form) = asked(&mut ada, &shop, "/connect/start", "");
    let url = format!("{action}?{form}");
    for (method, headers) in [(Method::Get, SAYS_NOTHING[0]), (Method::Get, SAYS_NOTHING[3]), (Method::Post, &[])] {
        let page = ada.clone().send(&shop, &ada.request(method, &url, headers, ""));
        assert_eq!(page.status, 403, "{method:?}");
        assert!(!shop.asked().iter().any(|_| true));
    }
    assert_untouched(&shop, &ada);
}

#[test]
fn a_flow_cookie_is_no_token_and_a_token_no_flow() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let callback = shop.consent(&ada.press_connect(&shop));
    let (name, sealed) = ada.cookies.iter().find(|(name, _)| name.starts_with("__Host-")).unwrap();
    let (name, sealed) = (name.clone(), sealed.clone());
    let (action, form) = asked(&mut ada, &shop, "/connect/start", "");
    let (fields, token) = form.rsplit_once('=').unwrap();
    assert_eq!(post(&mut ada, &shop, &action, &[], &format!("{fields}={sealed}")).status, 403);
    ada.cookies.insert(name, token.to_owned());
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/not_started");
}

#[test]
fn a_token_survives_the_rotation_of_the_cookie_secret_as_long_as_the_old_one_is_listed() {
    let new = || "the new secret, also random and long".to_owned();
    let old = || settings().cookie_secrets[0].clone();
    for (secrets, status) in [(vec![new(), old()], 303), (vec![new()], 403)] {
        let (mut shop, mut ada) = shop();
        let (action, form) = asked(&mut ada, &shop, "/connect/start", "");
        shop.deploy(|settings| settings.cookie_secrets = secrets);
        assert_eq!(post(&mut ada, &shop, &action, &[], &form).status, status);
    }
}

#[test]
fn the_confirmation_is_tied_to_this_host_and_printed_nowhere() {
    let (shop, mut ada) = shop();
    let page = post(&mut ada, &shop, "/connect/start", &[], "");
    let cookie = page.header("set-cookie").unwrap();
    let (name_and_value, attributes) = cookie.split_once("; ").unwrap();
    let value = name_and_value.strip_prefix("__Host-stripe-connect-confirm=").unwrap();
    assert!(
        value.len() == 43 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'),
        "{value}"
    );
    assert_eq!(attributes, "Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Strict");
    let (action, form) = form_of(&page);
    let token = form.rsplit_once('=').unwrap().1.to_owned();
    assert!(!token.contains(value) && !page.body.contains(value), "the page does not know the cookie");

    let request = ada.request(Method::Post, &action, &[], &form);
    let started = ada.send(&shop, &request);
    for text in
        [printed(&shop.handler), printed(&request), printed(&started), printed(&*shop.world.reports.borrow())]
    {
        assert_no_canary(&text);
        assert!(!text.contains(&token) && !text.contains(value), "{text}");
    }
    assert!(!location(&started).contains(&token));
}

// A request that nobody made.

#[test]
fn what_a_browser_asks_on_a_guess_starts_nothing_and_the_real_request_is_answered_anew() {
    let guesses = [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-moz", "prefetch"),
    ];
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let callback = shop.consent(&ada.press_connect(&shop));
    shop.keep("ada", "acct_2SandboxFlorist", START);
    let cookies = ada.cookies.clone();
    for path in ["/connect/start", &*callback, "/connect/onboard?account=acct_2SandboxFlorist"] {
        for guess in guesses {
            let headers = [("sec-fetch-site", "same-origin"), guess];
            let answer = ada.send(&shop, &ada.request(Method::Get, path, &headers, ""));
            // No success, and not to be kept: a browser throws it away, and asks again when it is meant.
            assert_eq!(
                (answer.status, answer.header("cache-control")),
                (503, Some("no-store")),
                "{path} {guess:?}"
            );
            assert_eq!((answer.header("location"), answer.header("set-cookie")), (None, None));
        }
    }
    assert!(shop.asked().is_empty() && ada.cookies == cookies);
    assert_eq!(ada.start(&shop, Method::Get, "/connect/start", "").status, 303);
    assert_eq!(ada.come_back(&shop, &callback), "/home", "no guess has spent the code");
}

#[test]
fn a_head_request_starts_nothing() {
    let (shop, mut ada) = shop();
    let own: Headers = &[("sec-fetch-site", "same-origin"), ("origin", SHOP)];
    for headers in [own, &[("sec-purpose", "prefetch")], &[]] {
        let answer = ada.send(&shop, &ada.request(Method::Head, "/connect/start", headers, ""));
        assert_eq!(
            (answer.status, answer.header("allow"), answer.header("set-cookie")),
            (405, Some("GET, POST"), None)
        );
    }
    assert_untouched(&shop, &ada);
}

// What our own answers let a browser say.

#[test]
fn attack_11_a_page_with_a_form_tells_its_origin_and_every_other_answer_nothing() {
    let (shop, mut ada) = shop();
    let callback = shop.consent(&ada.press_connect(&shop));
    let policy = |response: &Response| response.header("referrer-policy").unwrap().to_owned();

    let asking = post(&mut ada, &shop, "/connect/disconnect", &[], DISCONNECT);
    assert!(asking.body.contains("<form") && policy(&asking) == "strict-origin");
    for (result, expected) in [
        ("denied", "strict-origin"),
        ("expired", "strict-origin"),
        ("not_connected", "no-referrer"),
        ("foreign", "no-referrer"),
    ] {
        let page = ada.open(&shop, &format!("/connect/result/{result}"));
        assert_eq!(
            (page.body.contains("<form"), &*policy(&page)),
            (expected == "strict-origin", expected),
            "{result}"
        );
    }
    let redirect = ada.start(&shop, Method::Post, "/connect/start", "");
    let list = ada.open(&shop, "/connect/connections");
    assert_eq!([policy(&redirect), policy(&list)], ["no-referrer", "no-referrer"]);

    // Pages that stand on the callback's own address.
    shop.world.store.down.set(true);
    let unavailable = ada.open(&shop, &callback);
    let signed_out = Browser::default().open(&shop, &callback);
    for page in [unavailable, signed_out] {
        assert!(page.header("location").is_none() && !page.body.contains("<form"));
        assert_eq!(policy(&page), "no-referrer");
    }
}

// The platform's own address, as it is written and as browsers write it.

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
