//! How it should go.

use super::*;

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
