//! The token is of one action, with these values, of one subject, in one browser, for ten minutes, for one press.

use super::*;

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
fn a_press_on_our_own_page_meanwhile_leaves_the_question_open() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let (action, form) = asked(&mut ada, &shop, "/connect/start", "return_to=%2Fpayouts");
    ada.press_connect(&shop);
    assert_eq!(post(&mut ada, &shop, &action, &[], &form).status, 303);
}

#[test]
fn attack_2_a_token_of_another_subject_confirms_nothing() {
    for (url, form, title) in ACTIONS {
        let (shop, mut browser) = shop();
        shop.keep("eve", ACCOUNT, START);
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
        let name = ada.flow_cookies()[0].clone();
        let cookie = ada.cookies[&name].clone();
        let mut bare = Browser::of("ada");
        let mut others = Browser::of("ada");
        asked(&mut others, &shop, url, form.split("&confirmation").next().unwrap());
        assert_ne!(others.cookies[&name], cookie);
        let mut forged = Browser::of("ada");
        forged.cookies.insert(name.clone(), String::new());
        for mut browser in [bare.clone(), others, forged] {
            let page = post(&mut browser, &shop, &action, &[], &form);
            assert!(page.status == 403 && page.body.contains(title), "{url}");
            assert_untouched(&shop, &browser);
        }
        bare.cookies.insert(name, cookie);
        shop.stripe_answers([deauthorized()].into_iter().filter(|_| url == "/connect/disconnect"));
        assert_eq!(post(&mut bare, &shop, &action, &[], &form).status, 303, "it was the cookie");
    }
}

#[test]
fn attack_3_a_token_confirms_no_other_action_and_no_other_values() {
    let values = [
        "return_to=%2Fother",
        "account=acct_1SandboxBakery01&return_to=%2Fother",
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
        // What was disconnected is connected again.
        shop.keep("ada", ACCOUNT, START);
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
fn each_client_id_and_each_mode_has_a_confirmation_of_its_own() {
    let others: [fn(&mut ConfigBuilder); 2] =
        [|settings| settings.client_id = "ca_other".into(), |settings| settings.secret_key = LIVE_KEY.into()];
    for other in others {
        let (mut shop, mut ada) = shop();
        let (action, form) = asked(&mut ada, &shop, "/connect/start", "");
        shop.deploy(other);
        asked(&mut ada, &shop, "/connect/start", "");
        assert_eq!(ada.flow_cookies().len(), 2);
        shop.deploy(|settings| settings.secret_key = SECRET_KEY.into());
        assert_eq!(post(&mut ada, &shop, &action, &[], &form).status, 303);
    }
}

#[test]
fn a_token_survives_the_rotation_of_the_cookie_secret_as_long_as_the_old_one_is_listed() {
    let new = || "the new secret, also random and long".to_owned();
    let old = || settings().cookie_secrets[0].clone();
    for (secrets, status) in [(vec![old(), new()], 303), (vec![new(), old()], 303), (vec![new()], 403)] {
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
    let (name, value) = name_and_value.split_once('=').unwrap();
    let application = name.strip_prefix("__Host-stripe-connect-confirm.").unwrap();
    assert!(application.len() == 8 && application.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
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
