//! The life of a connection, told as stories: a shop, its users' browsers, and Stripe's stand-in.
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
use std::fmt::Debug;
use std::pin::pin;
use stripe_connect_oauth::edge::{ConfigBuilder, Digest, Outcome};
use stripe_connect_oauth::server::{Method, Request, Response};
use stripe_connect_oauth::{ErrorCode, Rejection, Scope, StripeLanding};
use support::bypasses::{LEADS_AWAY, ORIGIN, STAYS_HOME};
use support::{
    ACCOUNT, Browser, LIVE_KEY, SECRET_KEY, SHOP, START, STRIPE, Shop, Wire, assert_no_canary, configured,
    location, poll, printed, query, run, settings,
};
use url::{Url, form_urlencoded};

const LIFETIME: u64 = 3600;

/// A user's browser with one flow under way, and the callback Stripe sent it to.
fn back_from_stripe(shop: &Shop, user: &str) -> (Browser, String) {
    let mut browser = Browser::of(user);
    let authorize_url = browser.press_connect(shop);
    let callback = shop.consent(&authorize_url);
    (browser, callback)
}

/// Nothing was sent to Stripe and nothing is kept.
#[track_caller]
fn assert_nothing_happened(shop: &Shop) {
    assert_eq!(shop.token_requests(), 0);
    for user in ["ada", "eve"] {
        assert!(shop.accounts_of(user).is_empty(), "{user} has an account");
    }
}

fn json_of(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"));
    serde_json::from_str(&response.body).unwrap()
}

/// What the reply says happened, after its hint was checked to be there.
#[track_caller]
fn outcome_of(response: &Response) -> (u16, String) {
    let body = json_of(response);
    assert_eq!(body["hint"].is_string(), body["outcome"] != "connected", "{body}");
    (response.status, body["outcome"].as_str().unwrap().to_owned())
}

// How it should go.

#[test]
fn a_person_connects_an_account_and_lands_where_they_wanted() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let authorize_url = ada.press_connect_with(&shop, "return_to=%2Fpayouts%3Ftab%3D2");
    assert_eq!(ada.come_back(&shop, &shop.consent(&authorize_url)), "/payouts?tab=2");
    assert_eq!(shop.token_requests(), 1);
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert!(shop.connected_at_stripe() && shop.reported().is_empty());
    assert!(ada.flow_cookies().is_empty(), "a finished flow leaves no cookie");
}

#[test]
fn the_button_leads_to_stripe_with_what_the_platform_configured() {
    let mut shop = Shop::open();
    let pairs =
        |url: &str| -> Vec<(String, String)> { Url::parse(url).unwrap().query_pairs().into_owned().collect() };
    let authorize_url = Browser::of("ada").press_connect(&shop);
    let state = query(&authorize_url, "state");
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = [
        pair("response_type", "code"),
        pair("client_id", "ca_shop"),
        pair("redirect_uri", "https://shop.example/connect/callback"),
        pair("scope", "read_write"),
        pair("state", &state),
        pair("stripe_user[first_name]", "ada"),
    ];
    assert_eq!(pairs(&authorize_url), expected);

    shop.deploy(|settings| {
        settings.scope = None;
        settings.stripe_landing = Some(StripeLanding::Register);
        settings.always_prompt = Some(true);
    });
    let authorize_url = Browser::of("ada").press_connect(&shop);
    assert_ne!(query(&authorize_url, "state"), state, "every flow has a state of its own");
    let names: Vec<_> = pairs(&authorize_url).into_iter().map(|(name, _)| name).collect();
    assert!(!names.contains(&"scope".to_owned()), "an absent scope stays absent");
    assert_eq!(query(&authorize_url, "stripe_landing"), "register");
    assert_eq!(query(&authorize_url, "always_prompt"), "true");
}

#[test]
fn a_button_that_is_a_link_works_without_a_form() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let started = ada.start(&shop, Method::Get, "/connect/start?return_to=/payouts", "");
    assert_eq!(ada.come_back(&shop, &shop.consent(location(&started))), "/payouts");
}

#[test]
fn a_person_who_cancels_sees_that_nothing_was_connected() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let authorize_url = ada.press_connect(&shop);
    assert_eq!(ada.come_back(&shop, &shop.cancel(&authorize_url)), "/connect/result/denied");
    let page = ada.open(&shop, "/connect/result/denied");
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("You cancelled") && page.body.contains("action=\"/connect/start\""),
        "{}",
        page.body
    );
    assert!(ada.flow_cookies().is_empty());
    assert_nothing_happened(&shop);
}

#[test]
fn an_error_of_stripes_own_is_shown_and_reported() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let state = query(&ada.press_connect(&shop), "state");
    let callback = format!("/connect/callback?error=temporarily_unavailable&state={state}");
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/failed");
    assert_eq!(shop.reported(), ["failed"]);
    assert_nothing_happened(&shop);
}

#[test]
fn a_reload_shows_the_first_result_with_one_token_request() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    for _ in 0..3 {
        assert_eq!(ada.come_back(&shop, &callback), "/home");
    }
    assert_eq!(shop.token_requests(), 1);
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert!(shop.connected_at_stripe(), "a code sent twice would have revoked it");
}

#[test]
fn a_reload_of_a_failure_shows_that_failure_again() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.spend_elsewhere(&callback);
    for _ in 0..2 {
        assert_eq!(ada.come_back(&shop, &callback), "/connect/result/code_used");
    }
    assert_eq!(shop.token_requests(), 1);
}

/// RFC 9113 §8.2.3: a browser may send each cookie in a field of its own on HTTP/2.
#[test]
fn cookies_split_over_several_fields_are_all_read() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let mut request = ada.request(Method::Get, &callback, &[("sec-fetch-site", "cross-site")], "");
    let joined = request.header("cookie").unwrap().to_owned();
    request.headers.retain(|(name, _)| name != "cookie");
    let (flows, others): (Vec<_>, Vec<_>) = joined.split("; ").partition(|cookie| cookie.starts_with("__Host-"));
    assert_eq!((flows.len(), &*others), (1, &["session=ada"][..]));
    let fields = ["session=ada", "theme=dark; a", flows[0]].map(str::to_owned);
    request.headers.extend(fields.into_iter().map(|field| ("cookie".to_owned(), field)));
    assert_eq!(location(&ada.send(&shop, &request)), "/home");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn two_tabs_finish_in_either_order() {
    for order in [[0, 1], [1, 0]] {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        let tabs = ["one", "two"].map(|tab| ada.press_connect_with(&shop, &format!("return_to=/{tab}")));
        let callbacks = tabs.map(|authorize_url| shop.consent(&authorize_url));
        for tab in order {
            assert_eq!(ada.come_back(&shop, &callbacks[tab]), ["/one", "/two"][tab]);
        }
        assert_eq!(shop.token_requests(), 2);
        assert_eq!(shop.accounts_of("ada"), [ACCOUNT], "one account, connected twice, is kept once");
    }
}

// Same user, same browser, once, in time.

#[test]
fn attack_1_a_callback_in_another_browser_is_refused_without_a_token_request() {
    let shop = Shop::open();
    let (_, callback) = back_from_stripe(&shop, "eve");
    let mut victim = Browser::of("ada");
    assert_eq!(victim.come_back(&shop, &callback), "/connect/result/not_started");
    assert_nothing_happened(&shop);
}

#[test]
fn attack_1_even_a_callback_that_was_finished_elsewhere_tells_another_user_nothing() {
    let shop = Shop::open();
    let (mut eve, callback) = back_from_stripe(&shop, "eve");
    assert_eq!(eve.come_back(&shop, &callback), "/home");
    let mut victim = Browser::of("ada");
    victim.press_connect(&shop);
    assert_eq!(victim.come_back(&shop, &callback), "/connect/result/not_started");
    assert!(shop.accounts_of("ada").is_empty());
    assert_eq!(shop.token_requests(), 1);
}

#[test]
fn attack_1_the_state_alone_is_not_the_cookie() {
    let shop = Shop::open();
    let (eve, callback) = back_from_stripe(&shop, "eve");
    let mut victim = Browser::of("ada");
    let name = eve.flow_cookies()[0].clone();
    for forged in [query(&callback, "state"), String::new(), "{}".to_owned(), "A".repeat(400)] {
        victim.cookies.insert(name.clone(), forged);
        assert_eq!(victim.come_back(&shop, &callback), "/connect/result/not_started");
    }
    assert_nothing_happened(&shop);
}

#[test]
fn attack_2_started_as_one_user_and_finished_as_another_is_refused_and_burns_the_code() {
    let shop = Shop::open();
    let (mut browser, callback) = back_from_stripe(&shop, "eve");
    let with_cookie = browser.clone();
    browser.sign_in("ada");
    assert_eq!(browser.come_back(&shop, &callback), "/connect/result/another_subject");
    assert_nothing_happened(&shop);

    let mut eve = with_cookie;
    assert_eq!(eve.come_back(&shop, &callback), "/connect/result/already_used", "the code is burnt");
    assert_nothing_happened(&shop);
}

#[test]
fn attack_2_and_3_a_start_that_another_site_asked_for_is_refused() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let table: [(Method, &[(&str, &str)], bool); 15] = [
        (Method::Get, &[("sec-fetch-site", "cross-site")], false),
        (Method::Get, &[("sec-fetch-site", "same-site")], false),
        (Method::Get, &[], false),
        (Method::Get, &[("sec-fetch-site", "none")], false),
        (Method::Get, &[("referer", "https://shop.example/")], true),
        (Method::Get, &[("referer", "https://evil.example/https://shop.example/")], false),
        (Method::Post, &[("sec-fetch-site", "cross-site"), ("origin", SHOP)], false),
        (Method::Post, &[("origin", "https://evil.example")], false),
        (Method::Post, &[("origin", "null")], false),
        (Method::Post, &[], false),
        (Method::Post, &[("origin", SHOP)], true),
        (Method::Post, &[("origin", SHOP), ("referer", "https://evil.example/")], true),
        (Method::Post, &[("origin", "null"), ("referer", "https://shop.example/")], false),
        (Method::Post, &[("referer", "https://shop.example/")], true),
        (Method::Post, &[("referer", "https://evil.example/")], false),
    ];
    for (method, headers, allowed) in table {
        let response = ada.send(&shop, &ada.request(method, "/connect/start", headers, ""));
        assert_eq!(response.status, if allowed { 303 } else { 403 }, "{method:?} {headers:?}");
        let starts =
            |(name, value): &(String, String)| name == "set-cookie" && value.starts_with("__Host-stripe-connect.");
        assert_eq!(response.headers.iter().any(starts), allowed, "{method:?} {headers:?}");
        assert!(allowed || response.body.contains("Do you want to connect Stripe?"));
    }
}

#[test]
fn nobody_who_is_signed_out_starts_or_finishes() {
    let shop = Shop::open();
    let started = Browser::default().start(&shop, Method::Post, "/connect/start", "");
    assert_eq!((started.status, started.header("set-cookie")), (401, None));

    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    ada.sign_out();
    let page = ada.open(&shop, &callback);
    assert_eq!((page.status, page.header("set-cookie")), (401, None));
    assert!(page.body.contains("Please sign in"));
    assert_nothing_happened(&shop);

    ada.sign_in("ada");
    assert_eq!(ada.come_back(&shop, &callback), "/home", "the page says to sign in and reload, and that works");
}

#[test]
fn attack_4_a_flow_expires_at_its_3600th_second() {
    for (after, ends) in
        [(LIFETIME - 1, "/home"), (LIFETIME, "/connect/result/expired"), (LIFETIME + 1, "/connect/result/expired")]
    {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        let authorize_url = ada.press_connect(&shop);
        shop.wait(after);
        let callback = shop.consent(&authorize_url);
        assert_eq!(ada.come_back(&shop, &callback), ends, "{after}");
        assert_eq!(shop.token_requests(), usize::from(ends == "/home"));
        assert!(ada.flow_cookies().is_empty());
    }
}

#[test]
fn attack_4_a_shorter_lifetime_is_kept_by_the_seal_and_not_by_the_browser() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.flow_lifetime = 60);
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.wait(60);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/expired");
    assert_nothing_happened(&shop);
}

#[test]
fn attack_4_two_callbacks_at_once_make_one_token_request_and_both_are_connected() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let request = ada.request(Method::Get, &callback, &[], "");
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    let mut second = pin!(shop.handler.handle(&request, &shop.world));

    assert!(poll(first.as_mut()).is_none(), "the first waits for Stripe");
    for _ in 0..5 {
        assert!(poll(second.as_mut()).is_none(), "the second waits for the first");
    }
    assert_eq!(shop.token_requests(), 1);
    shop.world.wire.set(Wire::Works);
    for response in [run(first), run(second)] {
        assert_eq!(location(&ada.receive(response.unwrap().unwrap())), "/home");
    }
    assert_eq!(shop.token_requests(), 1);
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert!(shop.connected_at_stripe());
}

#[test]
fn a_second_callback_that_waited_ten_seconds_is_told_that_the_first_is_at_work() {
    let shop = Shop::open();
    let (ada, callback) = back_from_stripe(&shop, "ada");
    let request = ada.request(Method::Get, &callback, &[], "");
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none());
    let mut second = ada.clone();
    let waiting = second.open(&shop, &callback);
    assert_eq!(
        (waiting.status, waiting.header("location")),
        (202, None),
        "the callback's address stays, to reload"
    );
    assert!(waiting.body.contains("Please reload this page in a few seconds"));
    assert_eq!(shop.token_requests(), 1);

    shop.world.wire.set(Wire::Works);
    run(first).unwrap();
    assert_eq!(second.come_back(&shop, &callback), "/home", "and the reload shows the first one's result");
    assert_eq!(shop.token_requests(), 1);
}

#[test]
fn a_callback_whose_first_request_died_is_unknown_after_a_minute() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let request = ada.request(Method::Get, &callback, &[], "");
    shop.world.wire.set(Wire::Holds);
    {
        let mut first = pin!(shop.handler.handle(&request, &shop.world));
        assert!(poll(first.as_mut()).is_none(), "it claims, sends, and is never heard of again");
    }
    shop.wait(60);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/unknown");
    assert_eq!(shop.token_requests(), 1, "nothing is sent again");
}

#[test]
fn attack_5_a_code_from_another_flow_is_not_exchanged() {
    let shop = Shop::open();
    let (_, attackers) = back_from_stripe(&shop, "eve");
    let (mut ada, own) = back_from_stripe(&shop, "ada");
    let injected = format!("/connect/callback?code={}&state=guess", query(&attackers, "code"));
    assert_eq!(ada.come_back(&shop, &injected), "/connect/result/not_started");
    assert_nothing_happened(&shop);
    assert_eq!(ada.come_back(&shop, &own), "/home", "ada's own flow is alive");
}

#[test]
fn attack_5_a_code_is_claimed_once_for_all_flows() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let [one, two] = [(); 2].map(|()| ada.press_connect(&shop));
    let first = shop.consent(&one);
    let replayed = format!("/connect/callback?code={}&state={}", query(&first, "code"), query(&two, "state"));
    assert_eq!(ada.come_back(&shop, &first), "/home");
    assert_eq!(ada.come_back(&shop, &replayed), "/connect/result/already_used");
    assert_eq!(shop.token_requests(), 1);
    assert!(shop.connected_at_stripe());
}

#[test]
fn attack_6_a_configuration_that_changed_under_a_flow_ends_it() {
    let changes: [(&str, fn(&mut ConfigBuilder)); 4] = [
        ("client id", |settings| settings.client_id = "ca_other".into()),
        ("mode", |settings| settings.secret_key = LIVE_KEY.into()),
        ("redirect URI", |settings| settings.redirect_uri = format!("{SHOP}/connect/callback?from=stripe").into()),
        ("Stripe", |settings| settings.base = stripe_connect_oauth::ConnectBase::stripe()),
    ];
    for (what, change) in changes {
        let mut shop = Shop::open();
        let (mut ada, callback) = back_from_stripe(&shop, "ada");
        shop.deploy(change);
        assert_eq!(ada.come_back(&shop, &callback), "/connect/result/config_mismatch", "{what}");
        assert_eq!(shop.reported(), ["config_mismatch"], "the page says that we have been told");
        assert_nothing_happened(&shop);
    }
}

#[test]
fn attack_6_an_unexpected_issuer_is_refused() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let mixed_up = format!("{callback}&iss=https://evil.example");
    assert_eq!(ada.come_back(&shop, &mixed_up), "/connect/result/unexpected_issuer");
    assert_nothing_happened(&shop);
}

#[test]
fn attack_6_a_connection_of_the_other_mode_is_not_kept() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.world.wire.set(Wire::AnswersLive);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/mode_mismatch");
    assert!(shop.accounts_of("ada").is_empty());
    assert_eq!(shop.reported(), ["mode_mismatch"]);
}

#[test]
fn attack_6_a_key_of_the_other_mode_is_reported_as_the_mistake_it_is() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.secret_key = LIVE_KEY.into());
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/mode_mismatch");
    assert_eq!(shop.reported(), ["mode_mismatch"]);
}

#[test]
fn attack_7_a_polluted_callback_is_refused() {
    for (extra, outcome) in [
        ("&code=ac_evil", "duplicate_parameter"),
        ("&c%6fde=ac_evil", "duplicate_parameter"),
        ("&state=x", "duplicate_parameter"),
        ("&scope=x&scope=y", "duplicate_parameter"),
        ("&error=access_denied", "conflicting_parameters"),
        ("&error_description=%zz", "malformed"),
        ("&error_description=%ff", "malformed"),
        (&format!("&pad={}", "a".repeat(8192)), "too_long"),
    ] {
        let shop = Shop::open();
        let (mut ada, callback) = back_from_stripe(&shop, "ada");
        let end = ada.come_back(&shop, &format!("{callback}{extra}"));
        assert_eq!(end, format!("/connect/result/{outcome}"), "{extra:.40}");
        assert_nothing_happened(&shop);
    }
}

#[test]
fn a_tampered_or_missing_state_is_refused_and_ends_no_flow() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let state = query(&callback, "state");
    let other_state = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
    for (tampered, outcome) in [
        (callback.replace(&state, other_state), "not_started"),
        (callback.replace(&state, &state.to_lowercase()), "not_started"),
        (callback.replace(&state, ""), "not_started"),
        (callback.replace(&format!("&state={state}"), ""), "state_missing"),
    ] {
        assert_eq!(ada.come_back(&shop, &tampered), format!("/connect/result/{outcome}"), "{tampered}");
    }
    assert_nothing_happened(&shop);
    assert_eq!(ada.come_back(&shop, &callback), "/home");
}

#[test]
fn a_tampered_cookie_opens_nothing() {
    let shop = Shop::open();
    let (ada, callback) = back_from_stripe(&shop, "ada");
    let name = ada.flow_cookies()[0].clone();
    let sealed = ada.cookies[&name].clone();
    let flipped = |at: usize| -> String {
        sealed.char_indices().map(|(i, c)| if i == at { if c == 'A' { 'B' } else { 'A' } } else { c }).collect()
    };
    let every_tenth = (0..sealed.len() - 1).step_by(10).map(flipped);
    let others = ["", "=", "!", &sealed[1..], &sealed[..sealed.len() - 4]].map(str::to_owned);
    for tampered in every_tenth.chain(others).chain([format!("{sealed}AAAA"), format!("{sealed}=")]) {
        let mut thief = ada.clone();
        thief.cookies.insert(name.clone(), tampered.clone());
        assert_eq!(thief.come_back(&shop, &callback), "/connect/result/not_started", "{tampered}");
    }
    assert_nothing_happened(&shop);
}

#[test]
fn a_cookie_moved_to_another_flows_name_does_not_open() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    ada.press_connect(&shop);
    let first = ada.flow_cookies()[0].clone();
    let second_callback = shop.consent(&ada.press_connect(&shop));
    let second = ada.flow_cookies().into_iter().find(|name| *name != first).unwrap();
    let moved = ada.cookies[&first].clone();
    ada.cookies.insert(second, moved);
    assert_eq!(ada.come_back(&shop, &second_callback), "/connect/result/not_started");
    assert_nothing_happened(&shop);
}

#[test]
fn the_flow_cookie_is_sealed_and_tied_to_this_host() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let response = ada.start(&shop, Method::Post, "/connect/start", "return_to=/payouts");
    let cookie = response.header("set-cookie").unwrap();
    let (name, rest) = cookie.split_once('=').unwrap();
    let (value, attributes) = rest.split_once("; ").unwrap();
    let digits = name.strip_prefix("__Host-stripe-connect.").unwrap();
    assert!(digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
    assert!(value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{value}");
    assert_eq!(attributes, "Path=/; Max-Age=7200; Secure; HttpOnly; SameSite=Lax");

    let state = query(location(&response), "state");
    assert!(!cookie.contains(&state) && !name.contains(&state[..8]), "the state is not in the cookie's name");
    let again = ada.start(&shop, Method::Post, "/connect/start", "return_to=/payouts");
    let nonce = |cookie: &str| cookie.split_once('=').unwrap().1[..32].to_owned();
    assert_ne!(nonce(again.header("set-cookie").unwrap()), nonce(cookie), "no nonce is used twice");
}

#[test]
fn the_flow_cookie_fits_into_a_browser_at_every_limit() {
    let mut shop = Shop::open();
    shop.deploy(|settings| {
        settings.client_id = format!("ca_{}", "a".repeat(252)).into();
        settings.redirect_uri = format!("{SHOP}/connect/callback?{}", "a".repeat(2048 - 38)).into();
    });
    let mut ada = Browser::of(&"\"".repeat(255));
    let response = ada.start(&shop, Method::Post, "/connect/start", &format!("return_to=/{}", "\"".repeat(511)));
    let cookie = response.header("set-cookie").unwrap();
    let name_and_value = cookie.split(';').next().unwrap();
    assert!(name_and_value.len() <= 4096, "a browser drops {} bytes (RFC 6265 section 6.1)", name_and_value.len());
}

#[test]
fn a_flow_survives_the_rotation_of_the_cookie_secret_as_long_as_the_old_one_is_listed() {
    let new = || "the new secret, also random and long".to_owned();
    let old = || settings().cookie_secrets[0].clone();
    for (secrets, ends) in
        [(vec![new(), old()], "/home"), (vec![old(), new()], "/home"), (vec![new()], "/connect/result/not_started")]
    {
        let mut shop = Shop::open();
        let (mut ada, callback) = back_from_stripe(&shop, "ada");
        shop.deploy(|settings| settings.cookie_secrets = secrets);
        assert_eq!(ada.come_back(&shop, &callback), ends);
    }
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.cookie_secrets = vec![new(), old()]);
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.deploy(|settings| settings.cookie_secrets = vec![new()]);
    assert_eq!(ada.come_back(&shop, &callback), "/home", "the first secret seals");
}

#[test]
fn a_browser_keeps_five_flows_and_the_oldest_makes_room() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let authorize_urls: Vec<_> = (0..6)
        .map(|_| {
            shop.wait(1);
            ada.press_connect(&shop)
        })
        .collect();
    assert_eq!(ada.flow_cookies().len(), 5);
    let callbacks: Vec<_> = authorize_urls.iter().map(|url| shop.consent(url)).collect();
    assert_eq!(ada.come_back(&shop, &callbacks[0]), "/connect/result/not_started");
    for callback in &callbacks[1..] {
        assert_eq!(ada.come_back(&shop, callback), "/home");
    }
}

#[test]
fn a_start_clears_cookies_that_expired_or_no_longer_open() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    ada.press_connect(&shop);
    let expired = ada.flow_cookies();
    ada.cookies.insert("__Host-stripe-connect.junk".to_owned(), "junk".to_owned());
    ada.cookies.insert("__Host-other".to_owned(), "the platform's own".to_owned());
    shop.wait(LIFETIME);
    ada.press_connect(&shop);
    assert_eq!(ada.flow_cookies().len(), 2, "the new one, and the one that is not ours");
    assert!(!ada.flow_cookies().contains(&expired[0]) && ada.cookies.contains_key("__Host-other"));
}

#[test]
fn a_head_request_spends_nothing() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let preview = ada.send(&shop, &ada.request(Method::Head, &callback, &[], ""));
    assert_eq!((preview.status, preview.header("allow"), preview.header("set-cookie")), (405, Some("GET"), None));
    assert_nothing_happened(&shop);
    assert_eq!(ada.come_back(&shop, &callback), "/home");
}

// Nothing is lost, and nothing is sent twice.

#[test]
fn a_store_that_is_down_before_the_claim_sends_nothing_and_a_reload_works() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.world.store.down.set(true);
    let page = ada.open(&shop, &callback);
    assert_eq!((page.status, page.header("location")), (503, None), "the callback's address stays, to reload");
    assert!(page.body.contains("nothing was sent to Stripe") && page.body.contains("reload this page"));
    assert_eq!(shop.reported(), ["store_unavailable"]);
    assert_nothing_happened(&shop);

    shop.world.store.down.set(false);
    assert_eq!(ada.come_back(&shop, &callback), "/home");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn a_reload_while_the_store_is_down_can_be_reloaded_too() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    assert_eq!(ada.come_back(&shop, &callback), "/home");
    shop.world.store.down.set(true);
    let page = ada.open(&shop, &callback);
    assert_eq!((page.status, page.header("location")), (503, None), "the callback's address stays, to reload");
    shop.world.store.down.set(false);
    assert_eq!(ada.come_back(&shop, &callback), "/home");
}

#[test]
fn a_store_that_fails_after_the_exchange_is_healed_by_connecting_again() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.world.store.down_to_settle.set(true);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/not_saved");
    assert_eq!(shop.reported(), ["not_saved"]);
    let page = ada.open(&shop, "/connect/result/not_saved");
    assert!(page.body.contains("Please connect once more to finish") && page.body.contains("/connect/start"));

    shop.world.store.down_to_settle.set(false);
    let authorize_url = ada.press_connect(&shop);
    assert_eq!(ada.come_back(&shop, &shop.consent(&authorize_url)), "/home");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert_eq!(shop.token_requests(), 2, "two codes, each sent once");
}

#[test]
fn an_answer_that_is_lost_is_unknown_and_the_code_is_never_sent_again() {
    for (wire, detail) in [(Wire::LosesTheAnswer, "did not answer"), (Wire::BadGateway, "answered 502")] {
        let shop = Shop::open();
        let (mut ada, callback) = back_from_stripe(&shop, "ada");
        shop.world.wire.set(wire);
        assert_eq!(ada.come_back(&shop, &callback), "/connect/result/unknown");
        shop.world.wire.set(Wire::Works);
        assert_eq!(ada.come_back(&shop, &callback), "/connect/result/unknown", "after a reload");
        assert_eq!(shop.token_requests(), 1);
        assert!(shop.connected_at_stripe(), "Stripe had connected it, and a second try would have revoked it");
        let reports = shop.world.reports.borrow();
        assert!(reports.len() == 1 && reports[0].detail.contains(detail), "{reports:?}");
    }
}

#[test]
fn attack_15_a_redirect_of_the_token_endpoint_is_not_followed() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.world.wire.set(Wire::Redirects);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/unknown");
    let sent = shop.world.sent.borrow();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].url, format!("{STRIPE}/oauth/token"));
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn a_code_that_was_used_elsewhere_is_told_apart() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.spend_elsewhere(&callback);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/code_used");
    assert_eq!(shop.reported(), ["code_used"]);
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn a_code_older_than_five_minutes_is_told_apart() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.wait(301);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/code_expired");
    assert_eq!(shop.reported(), ["code_expired"]);
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn an_account_without_an_asserted_capability_is_told_apart() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let description = "assert_capabilities expects capability: card_payments";
    let refusal = json!({"error": "invalid_request", "error_description": description});
    shop.stripe_answers([Some(Response::json(400, refusal.to_string()))]);
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/capability_not_granted");
    assert_eq!(shop.reported(), ["capability_not_granted"]);
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn a_refusal_for_another_reason_is_reported_with_its_request_id() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.secret_key = "sk_test_ofNobody".into());
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    assert_eq!(ada.come_back(&shop, &callback), "/connect/result/refused");
    let reports = shop.world.reports.borrow();
    assert!(reports[0].detail.contains("invalid_client") && reports[0].detail.contains("(request req_"));
    assert!(!reports[0].detail.contains("ofNobody"));
}

// What a link can do to a person.

#[test]
fn attack_8_return_to_stays_on_this_site() {
    let shop = Shop::open();
    let encoded =
        |path: &str| form_urlencoded::Serializer::new(String::new()).append_pair("return_to", path).finish();
    let too_long = format!("/{}", "a".repeat(512));
    let refused = LEADS_AWAY.iter().copied().chain([&*too_long, "/caf\u{e9}", "/\u{2028}"]);
    for path in refused {
        let form = encoded(path);
        for (method, url, form) in [
            (Method::Post, "/connect/start".to_owned(), &*form),
            (Method::Post, format!("/connect/start?{form}"), ""),
            (Method::Get, format!("/connect/start?{form}"), ""),
        ] {
            let response = Browser::of("ada").start(&shop, method, &url, form);
            assert_eq!((response.status, response.header("set-cookie")), (400, None), "{path:?}");
        }
    }
    let home = Url::parse(ORIGIN).unwrap();
    let longest = format!("/{}", "a".repeat(511));
    for path in STAYS_HOME.iter().copied().chain([&*longest]) {
        let mut ada = Browser::of("ada");
        let authorize_url = ada.press_connect_with(&shop, &encoded(path));
        let landed = ada.come_back(&shop, &shop.consent(&authorize_url));
        assert_eq!(landed, path);
        assert_eq!(home.join(&landed).unwrap().origin(), home.origin(), "{path}");
    }
}

#[test]
fn attack_8_a_start_that_is_too_big_is_refused() {
    let shop = Shop::open();
    let long = format!("pad={}", "a".repeat(4096));
    let url = format!("/connect/start?{long}");
    assert_eq!(Browser::of("ada").start(&shop, Method::Post, "/connect/start", &long).status, 400);
    assert_eq!(Browser::of("ada").start(&shop, Method::Get, &url, "").status, 400);
}

#[test]
fn attack_9_markup_in_a_callback_is_in_no_response() {
    let polyglots = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=canary()>",
        "'-canary()-'",
        "javascript:/*--></title></style></textarea></script><svg/onload='canary()'>",
        "canary\r\nset-cookie: a=b\r\n\r\n<h1>canary",
        "{{canary}}${canary}",
    ];
    let pages = polyglots.map(|text| {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        let state = query(&ada.press_connect(&shop), "state");
        let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let links = [
            format!("error=access_denied&error_description={text}"),
            format!("error=server_error&error_description={text}"),
            format!("error={text}&error_description={text}"),
            format!("error={text}&state={text}"),
            format!("code={text}&state={text}&scope={text}"),
            format!("{text}={text}&code=ac_1&state={text}"),
            format!("error=server_error&error_description={text}&state={state}"),
        ];
        for link in links {
            // `Browser` looks for the canary and for scripts in every header and body.
            let end = ada.come_back(&shop, &format!("/connect/callback?{link}"));
            ada.open(&shop, &end);
            ada.open(&shop, &format!("{end}?error_description={text}#{text}"));
        }
        for problem in shop.world.reports.borrow().iter() {
            assert_no_canary(&printed(problem));
        }
    });
    assert_eq!(pages.len(), polyglots.len());
}

#[test]
fn attack_10_a_forged_denial_leaves_every_flow_alive() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    for (forged, end) in [
        ("error=access_denied", "denied"),
        ("error=access_denied&state=guess", "not_started"),
        ("error=server_error", "state_missing"),
        ("code=ac_1", "state_missing"),
        ("", "malformed"),
    ] {
        assert_eq!(ada.come_back(&shop, &format!("/connect/callback?{forged}")), format!("/connect/result/{end}"));
        assert_eq!(ada.flow_cookies().len(), 1, "{forged}");
    }
    assert!(shop.reported().is_empty(), "nobody fills the logs with forged links");
    assert_eq!(ada.come_back(&shop, &callback), "/home");
}

#[test]
fn attack_11_and_17_every_response_is_private_and_every_page_is_locked_down() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let mut pages = 0;
    // `Browser` asserts the headers and the policy of each.
    let results = OUTCOMES.map(|outcome| format!("/connect/result/{outcome}"));
    let paths = [
        "/connect/start",
        "/connect/exchange",
        "/connect/connections",
        "/connect/disconnect",
        "/connect/account",
        "/connect/create",
        "/connect/onboard",
        "/connect/webhook",
        "/connect/callback",
        &*callback,
    ];
    for path in paths.into_iter().chain(results.iter().map(|path| &**path)) {
        for method in [Method::Get, Method::Head, Method::Post, Method::Other] {
            for signed_in in [true, false] {
                if signed_in {
                    ada.sign_in("ada")
                } else {
                    ada.sign_out()
                }
                let response = ada.send(&shop, &ada.request(method, path, &[], ""));
                pages += usize::from(response.header("content-security-policy").is_some());
            }
        }
    }
    assert!(pages > OUTCOMES.len());
}

/// Every outcome that has a page.
const OUTCOMES: [&str; 40] = [
    "denied",
    "state_mismatch",
    "state_missing",
    "duplicate_parameter",
    "conflicting_parameters",
    "malformed",
    "too_long",
    "unexpected_issuer",
    "not_started",
    "expired",
    "another_subject",
    "already_used",
    "failed",
    "config_mismatch",
    "code_used",
    "code_expired",
    "capability_not_granted",
    "refused",
    "mode_mismatch",
    "unknown",
    "not_saved",
    "store_unavailable",
    "still_working",
    "not_signed_in",
    "cross_site",
    "foreign",
    "not_connected",
    "not_ours",
    "controlled",
    "not_disconnected",
    "disconnect_unknown",
    "disconnect_not_saved",
    "revoked",
    "unreachable",
    "missing_permission",
    "stripe_refused",
    "stripe_unavailable",
    "platform_not_ready",
    "invalid_details",
    "created_not_saved",
];

#[test]
fn every_way_to_end_has_a_page_that_says_what_happened_and_what_to_do() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    for name in OUTCOMES {
        let outcome = Outcome::parse(name).unwrap();
        assert_eq!(outcome.as_str(), name);
        let page = ada.open(&shop, &format!("/connect/result/{name}"));
        assert_eq!(page.status, outcome.status(), "{name}");
        assert!(!outcome.hint().is_empty() && outcome.hint().ends_with('.'), "{name}");
        assert!(page.body.contains("The &lt;Shop&gt;") && page.body.contains("<a href=\"/home\">"), "{name}");
    }
    assert_eq!(Outcome::parse("everything"), None);
}

#[test]
fn no_link_can_claim_that_something_was_done() {
    let shop = Shop::open();
    assert!(shop.handler.route("/connect/result/denied").is_some());
    for done in ["started", "connected", "disconnected", "created", "received"] {
        assert!(Outcome::parse(done).is_some());
        assert!(shop.handler.route(&format!("/connect/result/{done}")).is_none(), "{done}");
    }
}

#[test]
fn what_a_webhook_ends_with_has_no_page() {
    let shop = Shop::open();
    for name in ["webhook_rejected", "event_in_progress", "event_failed"] {
        let outcome = Outcome::parse(name).unwrap();
        assert!(outcome.status() >= 400 && outcome.hint().ends_with('.') && !outcome.title().is_empty());
        assert!(shop.handler.route(&format!("/connect/result/{name}")).is_none(), "{name}");
    }
}

#[test]
fn only_where_connecting_is_the_way_on_a_page_has_the_button() {
    let shop = Shop::open();
    let without = OUTCOMES.into_iter().filter(|name| {
        let page = Browser::of("ada").open(&shop, &format!("/connect/result/{name}"));
        !page.body.contains("action=\"/connect/start\"")
    });
    let expected = [
        "store_unavailable",
        "still_working",
        "not_signed_in",
        "foreign",
        "not_connected",
        "not_ours",
        "controlled",
        "not_disconnected",
        "disconnect_unknown",
        "disconnect_not_saved",
        "unreachable",
        "missing_permission",
        "stripe_refused",
        "stripe_unavailable",
        "platform_not_ready",
        "invalid_details",
        "created_not_saved",
    ];
    assert_eq!(without.collect::<Vec<_>>(), expected);
}

#[test]
fn a_page_may_wear_the_platforms_own_stylesheet_and_its_policy_follows() {
    let mut shop = Shop::open();
    let policy_of = |shop: &Shop| {
        let page = Browser::of("ada").open(shop, "/connect/result/denied");
        (page.header("content-security-policy").unwrap().to_owned(), page.body)
    };
    let (policy, body) = policy_of(&shop);
    assert!(policy.contains("style-src 'sha256-") && body.contains("<style>"));
    assert!(policy.contains(&format!("form-action 'self' {STRIPE};")), "{policy}");

    shop.deploy(|settings| {
        settings.stylesheets = vec!["/a.css?\"><b>".to_owned()];
        settings.base = stripe_connect_oauth::ConnectBase::stripe();
    });
    let (policy, body) = policy_of(&shop);
    assert!(policy.contains("style-src 'self';") && !body.contains("<style>"));
    assert!(body.contains("href=\"/a.css?&quot;&gt;&lt;b&gt;\""), "{body}");
    assert!(policy.contains("form-action 'self' https://*.stripe.com;"), "{policy}");
}

#[test]
fn attack_13_no_secret_is_printed() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let code = query(&callback, "code");
    let state = query(&callback, "state");
    ada.come_back(&shop, &callback);
    let config = settings().build().unwrap();
    let sent = shop.world.sent.borrow();
    let request = ada.request(Method::Get, &callback, &[], "canary");
    let things: [&dyn Debug; 7] = [
        &shop.handler,
        &config,
        &settings(),
        &shop.world.store.inner,
        &sent[0],
        &request,
        &ada.open(&shop, "/connect/connections"),
    ];
    for thing in things {
        let text = printed(thing);
        assert_no_canary(&text);
        assert!(!text.contains(&code) && !text.contains(&state), "{text}");
    }
    assert!(sent[0].header("authorization").unwrap().ends_with(SECRET_KEY), "it was there to be printed");
    let refused = configured(|settings| settings.secret_key = "canary".into()).unwrap_err();
    assert_no_canary(&printed(&refused));
    let refused = configured(|settings| settings.cookie_secrets = vec!["canary".to_owned()]).unwrap_err();
    assert_no_canary(&printed(&refused));
}

#[test]
fn the_store_learns_no_state_and_no_code() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    ada.come_back(&shop, &callback);
    let kept = printed(&shop.world.store.inner);
    for digest in [query(&callback, "state"), query(&callback, "code")].map(|text| Digest::of(&text)) {
        assert!(kept.contains(digest.as_str()), "kept under its digest");
    }
    assert_eq!(
        Digest::of("abc").as_str(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "SHA-256 (FIPS 180-4)"
    );
}

// The page style's exchange.

/// What the page posts after it has read `callback`.
fn body_for(callback: &str, subject: &str) -> String {
    json!({"code": query(callback, "code"), "state": query(callback, "state"), "subject": subject}).to_string()
}

/// A callback as the page style gets one: the page made the state, and no cookie was set.
fn back_in_the_page(shop: &Shop) -> String {
    let (_, callback) = back_from_stripe(shop, "ada");
    callback
}

#[test]
fn the_page_exchanges_its_code_and_learns_of_the_connection() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let response = Browser::of("ada").post_exchange(&shop, &body_for(&callback, "ada"));
    assert_eq!(response.status, 200);
    let connection =
        json!({"account_id": ACCOUNT, "livemode": false, "scope": "read_write", "connected_at": START});
    assert_eq!(json_of(&response), json!({"outcome": "connected", "connection": connection}));
    assert_eq!((shop.token_requests(), shop.accounts_of("ada")), (1, vec![ACCOUNT.to_owned()]));
}

#[test]
fn a_replayed_exchange_says_connected_again_with_no_second_token_request() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let mut ada = Browser::of("ada");
    ada.post_exchange(&shop, &body_for(&callback, "ada"));
    for _ in 0..2 {
        let replayed = ada.post_exchange(&shop, &body_for(&callback, "ada"));
        assert_eq!((replayed.status, json_of(&replayed)), (200, json!({"outcome": "connected"})));
    }
    assert_eq!(shop.token_requests(), 1);
    assert!(shop.connected_at_stripe());
}

#[test]
fn two_exchanges_at_once_make_one_token_request() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let request =
        Browser::of("ada").request(Method::Post, "/connect/exchange", &headers, &body_for(&callback, "ada"));
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    let mut second = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none() && poll(second.as_mut()).is_none());
    shop.world.wire.set(Wire::Works);
    for response in [run(first), run(second)] {
        assert_eq!(outcome_of(&response.unwrap().unwrap()), (200, "connected".to_owned()));
    }
    assert_eq!(shop.token_requests(), 1);
}

#[test]
fn attack_2_an_exchange_for_another_user_is_refused() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let refused = Browser::of("ada").post_exchange(&shop, &body_for(&callback, "eve"));
    assert_eq!(outcome_of(&refused), (403, "another_subject".to_owned()));
    assert_nothing_happened(&shop);
}

#[test]
fn an_exchange_of_a_signed_out_user_is_refused() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let refused = Browser::default().post_exchange(&shop, &body_for(&callback, "ada"));
    assert_eq!(outcome_of(&refused), (401, "not_signed_in".to_owned()));
    assert_nothing_happened(&shop);
}

#[test]
fn attack_3_an_exchange_from_another_site_or_from_a_form_is_refused() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let mut ada = Browser::of("ada");
    let json = ("content-type", "application/json");
    let cross_site: [&[(&str, &str)]; 8] = [
        &[json, ("origin", "null")],
        &[json, ("referer", "https://evil.example/")],
        &[json, ("sec-fetch-site", "none"), ("referer", "https://shop.example/")],
        &[json, ("sec-fetch-site", "cross-site")],
        &[json, ("sec-fetch-site", "same-site")],
        &[json, ("sec-fetch-site", "none")],
        &[json, ("origin", "https://evil.example")],
        &[json, ("sec-fetch-site", "cross-site"), ("origin", SHOP)],
    ];
    let forms: [&[(&str, &str)]; 3] = [
        &[("sec-fetch-site", "same-origin")],
        &[("content-type", "text/plain"), ("sec-fetch-site", "same-origin")],
        &[("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")],
    ];
    let tables = [(&cross_site[..], (403, "cross_site")), (&forms[..], (400, "malformed"))];
    for (headers, (status, outcome)) in
        tables.iter().flat_map(|(table, expected)| table.iter().map(move |row| (row, *expected)))
    {
        let request = ada.request(Method::Post, "/connect/exchange", headers, &body_for(&callback, "ada"));
        assert_eq!(outcome_of(&ada.send(&shop, &request)), (status, outcome.to_owned()), "{headers:?}");
    }
    assert_nothing_happened(&shop);
    let json = ("content-type", "application/json; charset=utf-8");
    let own: [&[(&str, &str)]; 3] =
        [&[json, ("origin", SHOP)], &[json, ("referer", "https://shop.example/")], &[json]];
    for headers in own {
        let callback = back_in_the_page(&shop);
        let request = ada.request(Method::Post, "/connect/exchange", headers, &body_for(&callback, "ada"));
        assert_eq!(ada.send(&shop, &request).status, 200, "{headers:?}");
    }
}

#[test]
fn a_malformed_exchange_is_refused() {
    let shop = Shop::open();
    let callback = back_in_the_page(&shop);
    let (code, state) = (query(&callback, "code"), query(&callback, "state"));
    let good = body_for(&callback, "ada");
    let padded = format!("{}{}", good, " ".repeat(4097 - good.len()));
    let bodies = [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        good[..good.len() - 1].to_owned(),
        good.replace("\"subject\"", "\"user\""),
        good.replace(&code, ""),
        good.replace(&code, "sk_test_1"),
        good.replace(&code, &format!("{code}&grant_type=refresh_token")),
        good.replace(&state, ""),
        good.replace(&state, "user-1"),
        good.replace("{", &format!("{{\"code\":\"{code}\",")),
        format!("code={code}&state={state}&subject=ada"),
        padded,
    ];
    for body in bodies {
        let refused = Browser::of("ada").post_exchange(&shop, &body);
        assert_eq!(outcome_of(&refused), (400, "malformed".to_owned()), "{body}");
    }
    assert_nothing_happened(&shop);
    let largest = format!("{}{}", good, " ".repeat(4096 - good.len()));
    assert_eq!(Browser::of("ada").post_exchange(&shop, &largest).status, 200);
}

#[test]
fn attack_5_a_code_or_state_that_was_exchanged_is_not_exchanged_with_another() {
    let shop = Shop::open();
    let [one, two] = [(); 2].map(|()| back_in_the_page(&shop));
    let mut ada = Browser::of("ada");
    ada.post_exchange(&shop, &body_for(&one, "ada"));
    for (code_of, state_of) in [(&one, &two), (&two, &one)] {
        let mixed = json!({"code": query(code_of, "code"), "state": query(state_of, "state"), "subject": "ada"});
        let refused = ada.post_exchange(&shop, &mixed.to_string());
        assert_eq!(outcome_of(&refused), (409, "already_used".to_owned()));
    }
    let stolen = Browser::of("eve").post_exchange(&shop, &body_for(&one, "eve"));
    assert_eq!(outcome_of(&stolen), (409, "already_used".to_owned()));
    assert_eq!(shop.token_requests(), 1);
}

#[test]
fn an_exchange_that_fails_says_how() {
    let rows: [(fn(&Shop, &str), u16, &str); 5] = [
        (|shop, _| shop.world.store.down.set(true), 503, "store_unavailable"),
        (|shop, _| shop.world.store.down_to_settle.set(true), 503, "not_saved"),
        (|shop, _| shop.world.wire.set(Wire::LosesTheAnswer), 502, "unknown"),
        (|shop, callback| shop.spend_elsewhere(callback), 409, "code_used"),
        (|shop, _| shop.wait(301), 400, "code_expired"),
    ];
    for (fail, status, outcome) in rows {
        let shop = Shop::open();
        let callback = back_in_the_page(&shop);
        fail(&shop, &callback);
        let response = Browser::of("ada").post_exchange(&shop, &body_for(&callback, "ada"));
        assert_eq!(outcome_of(&response), (status, outcome.to_owned()));
        assert_eq!(shop.reported(), [outcome]);
    }
}

// The list, the routes, the configuration.

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
