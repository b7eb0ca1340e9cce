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
    let (application, place) = name.strip_prefix("__Host-stripe-connect.").unwrap().split_once('.').unwrap();
    assert_eq!((application.len(), place.len()), (8, 1), "{name}");
    assert!([application, place].concat().bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
    assert!(value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{value}");
    assert_eq!(attributes, "Path=/; Max-Age=7200; Secure; HttpOnly; SameSite=Lax");

    let state = query(location(&response), "state");
    assert!(!cookie.contains(&state), "the state is not in the cookie");
    let again = ada.start(&shop, Method::Post, "/connect/start", "return_to=/payouts");
    let nonce = |cookie: &str| cookie.split_once('=').unwrap().1[..32].to_owned();
    assert_ne!(nonce(again.header("set-cookie").unwrap()), nonce(cookie), "no nonce is used twice");
}

/// Longest first: ids, URLs, and values that another way of writing them makes several times as long.
fn a_shop_at_every_limit() -> Shop {
    let mut shop = Shop::open();
    shop.deploy(|settings| {
        settings.client_id = format!("ca_{}", "a".repeat(252)).into();
        settings.redirect_uri = format!("{SHOP}/connect/callback?{}", "a".repeat(2048 - 38)).into();
    });
    shop.stripe_answers([None]); // who knows no such client id
    shop
}

#[test]
fn five_flow_cookies_of_the_oddest_values_take_less_than_5_kb() {
    let shop = a_shop_at_every_limit();
    let oddest = [format!("{}abc", "\u{1f9c1}".repeat(63)), "\"".repeat(255), "\\".repeat(255)];
    for (subject, letter) in oddest.iter().zip(["\"", "<", "%"]) {
        assert_eq!(subject.len(), 255);
        let mut ada = Browser::of(subject);
        let return_to = format!("/{}", letter.repeat(511));
        let form = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", &return_to).finish();
        for _ in 0..5 {
            shop.wait(1);
            ada.press_connect_with(&shop, &form);
        }
        ada.sign_out();
        assert_eq!(ada.cookies.len(), 5);
        let field: Vec<_> = ada.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let bytes = field.join("; ").len();
        assert!(bytes <= 5 * 1024, "{bytes}");
    }
}

#[test]
fn who_the_user_is_does_not_change_how_long_the_flow_cookie_is() {
    let shop = Shop::open();
    let length_for = |subject: &str| {
        let mut browser = Browser::of(subject);
        browser.press_connect(&shop);
        browser.cookies[&browser.flow_cookies()[0]].len()
    };
    assert_eq!(length_for("1"), length_for(&"\u{1f9c1}".repeat(63)));
}

#[test]
fn each_client_id_and_each_mode_has_flow_cookies_of_its_own() {
    let mut shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let others: [fn(&mut ConfigBuilder); 2] =
        [|settings| settings.client_id = "ca_other".into(), |settings| settings.secret_key = LIVE_KEY.into()];
    for other in others {
        shop.deploy(other);
        shop.stripe_answers([None]); // who knows no such pair
        for _ in 0..6 {
            ada.press_connect(&shop);
        }
        shop.deploy(|settings| settings.secret_key = SECRET_KEY.into());
    }
    assert_eq!(ada.flow_cookies().len(), 1 + 5 + 5, "each keeps five, and the first is still there");
    assert_eq!(ada.come_back(&shop, &callback), "/home");
}

#[test]
fn thirty_starts_at_once_leave_sixteen_cookies_and_the_next_start_five() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let headers = [("sec-fetch-site", "same-origin"), ("origin", SHOP)];
    let request = ada.request(Method::Post, "/connect/start", &headers, "");
    for _ in 0..30 {
        let started = ada.send(&shop, &request);
        assert_eq!(started.status, 303);
    }
    assert!((10..=16).contains(&ada.flow_cookies().len()), "{}", ada.flow_cookies().len());
    ada.press_connect(&shop);
    assert_eq!(ada.flow_cookies().len(), 5);
}

#[test]
fn a_start_leaves_the_flows_under_way_in_their_places() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    for start in 1..=200 {
        shop.wait(1);
        ada.press_connect(&shop);
        assert_eq!(ada.flow_cookies().len(), start.min(5), "the {start}th start took another flow's place");
    }
}

#[test]
fn a_flow_whose_place_another_took_was_not_started_here_and_leaves_the_other_alone() {
    let shop = Shop::open();
    let (mut ada, first) = back_from_stripe(&shop, "ada");
    let place = ada.flow_cookies();
    // Another start at the same time, which did not see the cookie of the first.
    let (other, second) = std::iter::repeat_with(|| back_from_stripe(&shop, "ada"))
        .find(|(other, _)| other.flow_cookies() == place)
        .unwrap();
    ada.cookies.extend(other.cookies);
    assert_eq!(ada.come_back(&shop, &first), "/connect/result/not_started");
    assert_nothing_happened(&shop);
    assert!(shop.world.reports.borrow()[0].detail.contains("others that began at the same time took its place"));
    assert_eq!(ada.come_back(&shop, &second), "/home");
}

#[test]
fn a_flood_of_cookies_is_answered_with_sixteen_that_are_cleared_at_most() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    ada.press_connect(&shop);
    let (prefix, _) = ada.flow_cookies()[0].rsplit_once('.').map(|(one, two)| (one.to_owned(), two.len())).unwrap();
    let hex = |at: u32| format!("{at:x}");
    let junk = (0..4000).map(|at| (format!("{prefix}.{}", hex(at)), hex(at)));
    ada.cookies.extend(junk);
    ada.cookies.insert(format!("{prefix}.0"), "A".repeat(100_000));
    let request = ada.request(Method::Post, "/connect/start", &[("sec-fetch-site", "same-origin")], "");
    let response = ada.send(&shop, &request);
    let cookies = response.headers.iter().filter(|(name, _)| name == "set-cookie").count();
    assert_eq!((response.status, cookies), (303, 16), "the new one, and what stood in the fifteen other places");
}

/// The steps of a rotation, as two machines have them while one is being deployed.
fn rotated(step: usize) -> Vec<String> {
    let [old, new] = ["old", "new"].map(|age| format!("the {age} secret, also random and long"));
    [vec![old.clone()], vec![old.clone(), new.clone()], vec![new.clone(), old], vec![new]][step].clone()
}

/// Where a flow ends that one machine starts and another finishes.
fn ends_across(starts: usize, finishes: usize) -> String {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.cookie_secrets = rotated(starts));
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    shop.deploy(|settings| settings.cookie_secrets = rotated(finishes));
    ada.come_back(&shop, &callback)
}

#[test]
fn a_cookie_secret_appended_then_promoted_then_taken_away_ends_no_flow_while_a_deployment_rolls() {
    for (before, after) in [(0, 0), (0, 1), (1, 2), (2, 3), (3, 3)] {
        assert_eq!(ends_across(before, after), "/home", "{before} to {after}");
        // Then the browser comes to a machine that is not deployed yet.
        assert_eq!(ends_across(after, before), "/home", "{after} to {before}");
    }
    // What the old one sealed opens until it is taken away, an hour after the last that it sealed.
    assert_eq!(ends_across(1, 3), "/connect/result/not_started");
}

#[test]
fn a_cookie_secret_put_in_front_at_once_ends_flows_while_a_deployment_rolls() {
    assert_eq!(ends_across(2, 0), "/connect/result/not_started");
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
    let expired = ada.cookies.clone();
    let name = ada.flow_cookies()[0].clone();
    let junk = [&name[..name.len() - 1], if name.ends_with('0') { "1" } else { "0" }].concat();
    ada.cookies.insert(junk, "junk".to_owned());
    ada.cookies.insert("__Host-other".to_owned(), "the platform's own".to_owned());
    shop.wait(LIFETIME);
    ada.press_connect(&shop);
    assert_eq!(ada.flow_cookies().len(), 2, "the new one, and the one that is not ours");
    assert!(ada.cookies.get(&name) != expired.get(&name) && ada.cookies.contains_key("__Host-other"));
}
