//! The flow cookie: the browser's half of a flow.

use super::*;

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
    shop.stripe_answers([None]); // who knows no such client id
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
