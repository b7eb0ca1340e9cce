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

#[path = "own_page/address.rs"]
mod address;
#[path = "own_page/answers.rs"]
mod answers;
#[path = "own_page/guesses.rs"]
mod guesses;
#[path = "own_page/one_press.rs"]
mod one_press;
mod support;
#[path = "own_page/token.rs"]
mod token;

use serde_json::{Value, json};
use stripe_connect_oauth::edge::ConfigBuilder;
use stripe_connect_oauth::server::{Method, Response};
use support::{
    ACCOUNT, Browser, LIVE_KEY, SECRET_KEY, SHOP, START, STRIPE, Shop, assert_no_canary, location, printed, query,
    settings,
};
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
