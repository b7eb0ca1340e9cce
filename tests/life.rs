//! Whole lives of connections, from the button to the end, between the shop and Stripe's stand-in: each request
//! of one side is answered by the other.
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

use serde_json::Value;
use stripe_connect_oauth::sandbox::{Fault, FaultRule};
use stripe_connect_oauth::server::{Method, Response};
use support::{ACCOUNT, Browser, OTHERS_KEY, STRIPE, Shop, Wire, location};

// `make browser` runs these in the workers of three browsers as well.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

const THIS: &str = "account=acct_1SandboxBakery01";
const LOOK: &str = "/connect/account?account=acct_1SandboxBakery01";
const DETAILS: &str = "country=FR&email=ada%40example.com";

fn json_of(response: &Response) -> Value {
    serde_json::from_str(&response.body).unwrap()
}

/// What a script is told, or the status of the account it looked at.
fn told(response: &Response) -> String {
    let body = json_of(response);
    body["outcome"].as_str().or(body["account"]["status"].as_str()).unwrap().to_owned()
}

fn connect(shop: &Shop, browser: &mut Browser) {
    let authorize_url = browser.press_connect(shop);
    assert_eq!(browser.come_back(shop, &shop.consent(&authorize_url)), "/home");
}

/// Ada's accounts as the page lists them: how many are live, and how many have ended.
fn listed(shop: &Shop, browser: &mut Browser) -> (usize, usize) {
    let lists = json_of(&browser.open(shop, "/connect/connections"));
    (lists["connections"].as_array().unwrap().len(), lists["disconnected"].as_array().unwrap().len())
}

#[test]
fn connected_looked_at_disconnected_and_connected_again() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    connect(&shop, &mut ada);
    assert_eq!(told(&ada.open(&shop, LOOK)), "active");

    shop.wait(60);
    assert_eq!(told(&ada.script(&shop, "/connect/disconnect", THIS)), "disconnected");
    assert!(!shop.connected_at_stripe());
    assert_eq!(listed(&shop, &mut ada), (0, 1));
    assert_eq!(told(&ada.open(&shop, LOOK)), "not_connected");

    shop.wait(60);
    connect(&shop, &mut ada);
    assert_eq!((told(&ada.open(&shop, LOOK)), listed(&shop, &mut ada)), ("active".to_owned(), (1, 0)));
    assert!(shop.connected_at_stripe() && shop.reported().is_empty());
}

#[test]
fn revoked_in_stripes_dashboard_it_is_gone_from_the_list_when_the_event_comes() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    connect(&shop, &mut ada);
    shop.wait(60);
    shop.revoke_at_stripe(ACCOUNT);
    assert_eq!(listed(&shop, &mut ada), (1, 0), "nobody has told the shop");
    assert_eq!(shop.deliver_events(), [200, 200]);
    assert_eq!(listed(&shop, &mut ada), (0, 1));
    let heard: Vec<_> = shop.world.heard.borrow().iter().map(|(kind, _)| kind.clone()).collect();
    assert_eq!(heard, ["account.application.authorized", "account.application.deauthorized"]);

    shop.wait(60);
    connect(&shop, &mut ada);
    assert!(shop.deliver_events().iter().all(|status| *status == 200), "the old events come once more");
    assert_eq!(listed(&shop, &mut ada), (1, 0), "and end nothing that was made since");
    assert_eq!(shop.world.heard.borrow().len(), 3);
}

#[test]
fn revoked_in_stripes_dashboard_it_is_gone_from_the_list_when_someone_looks() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    connect(&shop, &mut ada);
    shop.wait(60);
    shop.revoke_at_stripe(ACCOUNT);
    assert_eq!(told(&ada.open(&shop, LOOK)), "revoked");
    assert_eq!(listed(&shop, &mut ada), (0, 1));
}

#[test]
fn a_deploy_with_another_platforms_key_ends_nothing_and_the_right_key_heals_it() {
    let mut shop = Shop::open();
    let mut ada = Browser::of("ada");
    connect(&shop, &mut ada);
    shop.deploy(|settings| settings.secret_key = OTHERS_KEY.into());
    for _ in 0..2 {
        assert_eq!(told(&ada.open(&shop, LOOK)), "unreachable");
        assert_eq!(listed(&shop, &mut ada), (1, 0));
    }
    assert_eq!(shop.reported(), ["unreachable"], "once a minute, however often they look");
    let detail = &shop.world.reports.borrow()[0].detail.clone();
    assert!(detail.contains("No such application: ca_shop"), "{detail}");
    assert!(detail.contains("give the key of client_id's platform"), "{detail}");

    shop.deploy(|_| {});
    assert_eq!(told(&ada.open(&shop, LOOK)), "active");
    shop.wait(60);
    shop.revoke_at_stripe(ACCOUNT);
    assert_eq!(told(&ada.open(&shop, LOOK)), "revoked");
    assert_eq!((listed(&shop, &mut ada), shop.reported().len()), ((0, 1), 1));
}

#[test]
fn revoked_in_stripes_dashboard_it_is_disconnected_without_complaint() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    connect(&shop, &mut ada);
    shop.wait(60);
    shop.revoke_at_stripe(ACCOUNT);
    assert_eq!(told(&ada.script(&shop, "/connect/disconnect", THIS)), "disconnected");
    assert_eq!(listed(&shop, &mut ada), (0, 1));
    assert!(shop.reported().is_empty());
}

#[test]
fn a_disconnection_whose_answer_is_lost_is_done_by_its_retry() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    connect(&shop, &mut ada);
    shop.world.wire.set(Wire::LosesTheAnswer);
    assert_eq!(told(&ada.script(&shop, "/connect/disconnect", THIS)), "disconnect_unknown");
    assert!(!shop.connected_at_stripe(), "Stripe had heard the first one");
    shop.world.wire.set(Wire::Works);
    assert_eq!(told(&ada.script(&shop, "/connect/disconnect", THIS)), "disconnected");
    assert_eq!(listed(&shop, &mut ada), (0, 1));
}

#[test]
fn an_account_is_made_finished_and_stays_the_platforms() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let led = ada.submit(&shop, "/connect/create", &format!("{DETAILS}&return_to=/payouts"));
    let link = location(&led).to_owned();
    assert!(link.starts_with(&format!("{STRIPE}/setup/s/")), "{link}");
    let account = shop.accounts_of("ada").pop().unwrap();
    let look = format!("/connect/account?account={account}");
    let seen = json_of(&ada.open(&shop, &look));
    assert_eq!(
        (&seen["account"]["status"], &seen["account"]["country"]),
        (&"finish_onboarding".into(), &"FR".into())
    );

    // The person leaves, comes back with the link that was used, and gets a new one.
    assert_eq!(shop.visit_stripe(Method::Get, &link, "").status, 200);
    let used = shop.visit_stripe(Method::Get, &link, "");
    let again = ada.open(&shop, location(&used));
    let fresh = location(&again).to_owned();
    assert_ne!(fresh, link);
    assert_eq!(shop.visit_stripe(Method::Get, &fresh, "").status, 200);
    let finished = shop.visit_stripe(Method::Post, &fresh, "decision=finish");
    assert_eq!(location(&ada.open(&shop, location(&finished))), "/payouts");
    assert_eq!(told(&ada.open(&shop, &look)), "active");

    let form = format!("account={account}");
    assert_eq!(told(&ada.script(&shop, "/connect/disconnect", &form)), "controlled");
    assert_eq!(shop.accounts_of("ada"), [account]);
}

#[test]
fn two_presses_and_a_lost_answer_make_one_account_at_stripe() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let accounts = |shop: &Shop| -> usize {
        let listed: Value = serde_json::from_str(&shop.look_at_stripe("/_sandbox/accounts")).unwrap();
        listed.as_array().unwrap().len()
    };
    let before = accounts(&shop);
    shop.world.wire.set(Wire::LosesTheAnswer);
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), "stripe_unavailable");
    assert_eq!(accounts(&shop), before + 1, "Stripe had heard the first one, and knew the others by their key");
    shop.world.wire.set(Wire::Works);
    let [one, two] = [(); 2].map(|()| json_of(&ada.script(&shop, "/connect/create", DETAILS)));
    assert_eq!(one["connection"]["account_id"], two["connection"]["account_id"]);
    assert_eq!((accounts(&shop), listed(&shop, &mut ada)), (before + 1, (1, 0)));
}

fn accounts_at_stripe(shop: &Shop) -> usize {
    let listed: Value = serde_json::from_str(&shop.look_at_stripe("/_sandbox/accounts")).unwrap();
    listed.as_array().unwrap().len()
}

/// Stripe fails while it makes an account, once.
fn failing(effect: bool) -> FaultRule {
    let path = Some("/v1/accounts".to_owned());
    FaultRule { effect, path, times: Some(1), ..FaultRule::new(Fault::ServerError) }
}

#[test]
fn an_account_that_stripe_made_before_it_failed_is_found_and_adopted() {
    for is_lost in [false, true] {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        let before = accounts_at_stripe(&shop);
        shop.fails_at_stripe(failing(true));
        if is_lost {
            shop.world.wire.set(Wire::LosesTheAnswer);
            assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), "stripe_unavailable");
            shop.world.wire.set(Wire::Works);
        }
        for _ in 0..2 {
            assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), "created");
        }
        assert_eq!((accounts_at_stripe(&shop), listed(&shop, &mut ada)), (before + 1, (1, 0)), "{is_lost}");
    }
}

#[test]
fn a_failure_that_stripe_saved_and_that_made_nothing_is_left_behind_within_the_press() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let before = accounts_at_stripe(&shop);
    shop.fails_at_stripe(failing(false));
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), "created");
    assert_eq!((accounts_at_stripe(&shop), listed(&shop, &mut ada)), (before + 1, (1, 0)));
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), "created");
    assert_eq!((accounts_at_stripe(&shop), listed(&shop, &mut ada)), (before + 1, (1, 0)));
    assert!(shop.reported().is_empty());
}

#[test]
fn a_form_of_stripes_is_not_for_an_account_that_connected_with_its_own() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    connect(&shop, &mut ada);
    let refused = ada.open(&shop, &format!("/connect/onboard?{THIS}"));
    assert_eq!(location(&refused), "/connect/result/stripe_refused");
    assert_eq!(listed(&shop, &mut ada), (1, 0));
}
