//! Several handlers on one store, told as stories: rows belong to an application, a client id in one mode.
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
use stripe_connect_oauth::edge::{Application, Claim, ConfigBuilder, Connection, Digest, Outcome, Store};
use stripe_connect_oauth::server::{Method, TokenScope, WebhookSecret, sign_webhook};
use stripe_connect_oauth::{AccountId, ClientId, Livemode, Subject};
use support::{ACCOUNT, Browser, LIVE_KEY, OTHERS_KEY, START, Shop, WEBHOOK_SECRET, query, run};

/// How the shop's other handlers differ from its first: by the client id, and by the mode.
const OTHERS: [fn(&mut ConfigBuilder); 2] = [
    |settings| (settings.client_id, settings.secret_key) = ("ca_theOther".into(), OTHERS_KEY.into()),
    |settings| settings.secret_key = LIVE_KEY.into(),
];

/// Whose rows the handlers' are, the first one's first.
fn applications() -> [Application; 3] {
    [("ca_shop", Livemode::Test), ("ca_theOther", Livemode::Test), ("ca_shop", Livemode::Live)]
        .map(|(client_id, livemode)| Application { client_id: ClientId::parse(client_id).unwrap(), livemode })
}

/// Ada has connected an account to each of the three.
fn connected_to_all() -> Shop {
    let shop = Shop::open();
    for application in applications() {
        let connection = Connection {
            subject: Subject::parse("ada").unwrap(),
            client_id: application.client_id.clone(),
            account_id: AccountId::parse(ACCOUNT).unwrap(),
            livemode: application.livemode,
            scope: TokenScope::ReadWrite,
            connected_at: START - 3600,
            disconnected_at: None,
            refresh_token: None,
        };
        let flow = Digest::of("kept");
        run(shop.world.store.inner.settle(&application, &flow, Outcome::Connected, Some(&connection))).unwrap();
    }
    shop
}

/// How many accounts of ada's are live for each of the three.
fn live(shop: &Shop) -> [usize; 3] {
    let ada = Subject::parse("ada").unwrap();
    applications().map(|application| run(shop.world.store.inner.connections(&application, &ada)).unwrap().len())
}

/// Stripe tells that ada's account took its access from `client_id` away.
fn deauthorized(shop: &Shop, client_id: &str, livemode: bool) {
    let event = json!({
        "id": "evt_1", "object": "event", "type": "account.application.deauthorized", "account": ACCOUNT,
        "created": START, "livemode": livemode, "data": {"object": {"id": client_id, "object": "application"}},
    });
    let body = event.to_string();
    let signature = sign_webhook(body.as_bytes(), &WebhookSecret::parse(WEBHOOK_SECRET).unwrap(), shop.now());
    let mut stripe = Browser::default();
    let request = stripe.request(Method::Post, "/connect/webhook", &[("stripe-signature", &signature)], &body);
    assert_eq!(stripe.send(shop, &request).status, 200);
}

fn listed(shop: &Shop, browser: &mut Browser) -> Value {
    serde_json::from_str(&browser.open(shop, "/connect/connections").body).unwrap()
}

#[test]
fn an_event_that_one_handler_passed_over_is_new_for_the_other() {
    let mut shop = connected_to_all();
    // Each handler's endpoint hears of every event: the first has nothing to end for another application.
    deauthorized(&shop, "ca_theOther", false);
    assert_eq!(live(&shop), [1, 1, 1]);
    shop.deploy(OTHERS[0]);
    deauthorized(&shop, "ca_theOther", false);
    assert_eq!(live(&shop), [1, 0, 1]);
    assert_eq!(shop.world.heard.borrow().len(), 2, "each one's hook hears of it");
    deauthorized(&shop, "ca_theOther", false);
    assert_eq!(shop.world.heard.borrow().len(), 2, "once");
}

#[test]
fn a_deauthorization_of_one_application_ends_no_others_connection() {
    let ends: [(fn(&mut ConfigBuilder), &str, bool, [usize; 3]); 3] = [
        (|_| {}, "ca_shop", false, [0, 1, 1]),
        (OTHERS[0], "ca_theOther", false, [1, 0, 1]),
        (OTHERS[1], "ca_shop", true, [1, 1, 0]),
    ];
    for (handler, client_id, livemode, left) in ends {
        let mut shop = connected_to_all();
        shop.deploy(handler);
        deauthorized(&shop, client_id, livemode);
        assert_eq!(live(&shop), left, "{client_id} {livemode}");
    }
}

#[test]
fn a_handler_lists_its_own_rows_only_and_a_live_one_no_test_rows() {
    let mut shop = Shop::open();
    shop.keep("ada", ACCOUNT, START - 3600);
    let mut browser = Browser::of("ada");
    assert_eq!(listed(&shop, &mut browser)["connections"].as_array().unwrap().len(), 1);
    run(shop.world.store.inner.disconnect(&shop.application(), &AccountId::parse(ACCOUNT).unwrap(), START - 1800))
        .unwrap();
    assert_eq!(listed(&shop, &mut browser)["disconnected"].as_array().unwrap().len(), 1);
    for handler in OTHERS {
        shop.deploy(handler);
        assert_eq!(listed(&shop, &mut browser), json!({"connections": [], "disconnected": []}));
        let other = browser.open(&shop, &format!("/connect/account?account={ACCOUNT}"));
        assert_eq!(other.status, 404, "{}", other.body);
    }
}

#[test]
fn a_code_that_another_handler_has_claimed_is_still_its_owners() {
    let shop = Shop::open();
    let mut browser = Browser::of("ada");
    let callback = shop.consent(&browser.press_connect(&shop));
    let claim = Claim {
        flow: Digest::of(&query(&callback, "state")),
        code: Digest::of(&query(&callback, "code")),
        subject: Subject::parse("eve").unwrap(),
        claimed_at: START,
    };
    let [_, others @ ..] = applications();
    for other in others {
        assert!(run(shop.world.store.inner.claim(&other, &claim)).unwrap().is_none());
    }
    browser.come_back(&shop, &callback);
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn what_one_handler_connects_is_its_own_row_and_replaces_no_others() {
    let shop = connected_to_all();
    let mut browser = Browser::of("ada");
    let callback = shop.consent(&browser.press_connect(&shop));
    browser.come_back(&shop, &callback);
    assert_eq!(live(&shop), [1, 1, 1]);
    let ada = Subject::parse("ada").unwrap();
    let times = applications().map(|application| {
        let [kept] =
            <[Connection; 1]>::try_from(run(shop.world.store.inner.connections(&application, &ada)).unwrap())
                .unwrap();
        assert_eq!((kept.client_id, kept.livemode), (application.client_id, application.livemode));
        kept.connected_at
    });
    assert_eq!(times, [START, START - 3600, START - 3600]);
}
