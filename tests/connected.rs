//! What comes after a connection was made, told as stories: it is looked at, ended by the person, and an account
//! is made for someone who has none.
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
use std::pin::pin;
use stripe_connect_oauth::edge::{ConfigBuilder, Store};
use stripe_connect_oauth::server::{Method, RefreshTokenKeys, Response};
use stripe_connect_oauth::{AccountId, Livemode, Subject};
use support::{
    ACCOUNT, Browser, LIVE_KEY, SHOP, START, STRIPE, Shop, Wire, assert_no_canary, configured, location, poll,
    printed, query, run,
};

const OTHER: &str = "acct_2SandboxFlorist";

/// A shop where ada connected her account an hour ago.
fn connected() -> (Shop, Browser) {
    let shop = Shop::open();
    shop.keep("ada", ACCOUNT, START - 3600);
    (shop, Browser::of("ada"))
}

fn json_of(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"));
    serde_json::from_str(&response.body).unwrap()
}

/// What a script was told, after its hint was checked to be there.
#[track_caller]
fn told(response: &Response) -> (u16, String) {
    let body = json_of(response);
    let outcome = body["outcome"].as_str().unwrap_or_else(|| panic!("{body}"));
    let is_success = ["disconnected", "created"].contains(&outcome);
    assert_eq!(body["hint"].is_string(), !is_success, "{body}");
    (response.status, outcome.to_owned())
}

fn answers(status: u16, body: &Value) -> Option<Response> {
    Some(Response::json(status, body.to_string()).with_header("request-id", "req_story"))
}

fn oauth_error(error: &str, description: &str) -> Option<Response> {
    answers(401, &json!({ "error": error, "error_description": description }))
}

fn api_error(status: u16, code: &str) -> Option<Response> {
    answers(
        status,
        &json!({"error": {"type": "invalid_request_error", "code": code, "message": "No sk_test_canary0001"}}),
    )
}

fn server_error() -> Option<Response> {
    answers(500, &json!({"error": {"type": "api_error", "message": "Sorry"}}))
}

// A refresh token is kept for a platform that asks for it.

const REFRESH_SECRET: &str = "canary: another thirty-two characters";

fn token(refresh_token: &str) -> Option<Response> {
    let scope = "read_write";
    answers(
        200,
        &json!({"stripe_user_id": ACCOUNT, "livemode": false, "scope": scope, "refresh_token": refresh_token}),
    )
}

/// The sealed refresh token of ada's connection, once she has connected.
fn kept_token(shop: &Shop) -> Option<String> {
    let mut ada = Browser::of("ada");
    let authorize_url = ada.press_connect(shop);
    assert_eq!(ada.come_back(shop, &shop.consent(&authorize_url)), "/home");
    let ada = Subject::parse("ada").unwrap();
    run(shop.world.store.inner.connections(&ada)).unwrap()[0].refresh_token.clone()
}

#[test]
fn no_refresh_token_is_kept_unless_the_platform_asks_for_it() {
    let shop = Shop::open();
    shop.stripe_answers([token("rt_canary5")]);
    assert_eq!(kept_token(&shop), None);
}

#[test]
fn a_refresh_token_is_kept_sealed_under_the_platforms_secret() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.refresh_token_secrets = vec![REFRESH_SECRET.to_owned()]);
    shop.stripe_answers([token("rt_canary5"), token("rt_canary5")]);
    let sealed = kept_token(&shop).unwrap();
    assert_no_canary(&sealed);
    assert_no_canary(&printed(&shop.world.store.inner));
    assert_no_canary(&printed(&shop.handler));

    let account = AccountId::parse(ACCOUNT).unwrap();
    let keys = |secrets: &[&str]| {
        let secrets: Vec<_> = secrets.iter().map(|secret| secret.to_string()).collect();
        RefreshTokenKeys::derive(&secrets).unwrap()
    };
    let rolled = keys(&["a newer secret of 32 characters or so", REFRESH_SECRET]);
    assert_eq!(rolled.open(&sealed, &account, Livemode::Test).unwrap().expose(), "rt_canary5");
    assert!(rolled.open(&sealed, &account, Livemode::Live).is_err(), "it is of its mode");
    assert!(rolled.open(&sealed, &AccountId::parse(OTHER).unwrap(), Livemode::Test).is_err(), "and its account");
    assert!(keys(&[support::COOKIE_SECRET]).open(&sealed, &account, Livemode::Test).is_err());
    assert_ne!(kept_token(&shop).unwrap(), sealed, "no nonce is used twice");

    let mut ada = Browser::of("ada");
    assert!(!ada.open(&shop, "/connect/connections").body.contains("refresh_token"), "not for a browser");
}

#[test]
fn a_connection_without_a_refresh_token_is_kept_all_the_same() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.refresh_token_secrets = vec![REFRESH_SECRET.to_owned()]);
    let without = json!({"stripe_user_id": ACCOUNT, "livemode": false, "scope": "read_write"});
    shop.stripe_answers([answers(200, &without)]);
    assert_eq!(kept_token(&shop), None);
    assert!(shop.reported().is_empty());
    shop.stripe_answers([token(&format!("rt_{}", "1".repeat(4096)))]);
    assert_eq!(kept_token(&shop), None);
    assert_eq!(shop.reported(), ["connected"], "one that can't be sealed is reported");
}

#[test]
fn a_wrong_refresh_token_secret_is_refused_with_the_configuration() {
    let refused = configured(|settings| settings.refresh_token_secrets = vec!["canary".to_owned()]).unwrap_err();
    assert_eq!((refused.code().as_str(), refused.param()), ("invalid_value", "refresh_token_secrets"));
    assert_no_canary(&printed(&refused));
}

// A person disconnects their account.

fn deauthorized() -> Option<Response> {
    answers(200, &json!({ "stripe_user_id": ACCOUNT }))
}

fn already_disconnected() -> Option<Response> {
    let description =
        format!("This application is not connected to stripe account {ACCOUNT}, or that account does not exist.");
    oauth_error("invalid_client", &description)
}

const THIS: &str = "account=acct_1SandboxBakery01";

#[test]
fn a_person_disconnects_their_account_and_it_is_gone_from_the_list_at_once() {
    let (shop, mut ada) = connected();
    shop.keep("ada", OTHER, START - 60);
    shop.stripe_answers([deauthorized()]);
    let form = format!("{THIS}&return_to=%2Fpayouts%3Ftab%3D2");
    let gone = ada.submit(&shop, "/connect/disconnect", &form);
    assert_eq!((gone.status, location(&gone)), (303, "/payouts?tab=2"));
    let asked = [("/oauth/deauthorize".to_owned(), format!("client_id=ca_shop&stripe_user_id={ACCOUNT}"))];
    assert_eq!(shop.asked(), asked);

    let listed = json_of(&ada.open(&shop, "/connect/connections"));
    let [live, ended] = ["connections", "disconnected"].map(|list| listed[list].as_array().unwrap());
    assert_eq!((live.len(), live[0]["account_id"].as_str()), (1, Some(OTHER)));
    let expected = json!({
        "account_id": ACCOUNT,
        "livemode": false,
        "scope": "read_write",
        "connected_at": START - 3600,
        "disconnected_at": START,
    });
    assert_eq!(ended, &[expected]);
    assert!(shop.reported().is_empty());
}

#[test]
fn a_script_that_disconnects_is_told_in_json() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([deauthorized()]);
    let gone = ada.script(&shop, "/connect/disconnect", THIS);
    assert_eq!((gone.status, json_of(&gone)), (200, json!({"outcome": "disconnected"})));
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn an_account_that_was_disconnected_at_stripe_already_counts_as_done() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([already_disconnected()]);
    assert_eq!(location(&ada.submit(&shop, "/connect/disconnect", THIS)), "/home");
    assert_eq!(shop.ended("ada"), [(ACCOUNT.to_owned(), START)]);
    assert!(shop.reported().is_empty());
}

#[test]
fn disconnecting_twice_asks_stripe_once() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([deauthorized()]);
    for _ in 0..3 {
        assert_eq!(told(&ada.script(&shop, "/connect/disconnect", THIS)), (200, "disconnected".to_owned()));
    }
    assert_eq!(shop.asked().len(), 1);
}

#[test]
fn what_stripe_refuses_to_disconnect_is_told_apart_and_stays_connected() {
    let rows = [
        (oauth_error("invalid_client", "No such application: ca_shop"), 500, "not_ours"),
        (oauth_error("no_deauth_on_controlled_account", "This account is controlled."), 409, "controlled"),
        (oauth_error("invalid_client", "no_deauth_on_controlled_account: reject it"), 409, "controlled"),
        (
            oauth_error("invalid_client", "Passed in livemode API key for a testmode client_id"),
            500,
            "mode_mismatch",
        ),
        (oauth_error("invalid_client", "Invalid API Key provided: sk_test_canary0001"), 502, "not_disconnected"),
    ];
    for (answer, status, outcome) in rows {
        let (shop, mut ada) = connected();
        shop.stripe_answers([answer.clone(), answer]);
        assert_eq!(told(&ada.script(&shop, "/connect/disconnect", THIS)), (status, outcome.to_owned()));
        let page = ada.submit(&shop, "/connect/disconnect", THIS);
        assert_eq!(location(&page), format!("/connect/result/{outcome}"));
        assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
        assert_eq!(shop.asked().len(), 2, "a refusal is not sent again");
        assert_eq!(shop.reported(), [outcome, outcome]);
        assert!(shop.world.reports.borrow()[0].detail.contains("(request req_story)"));
    }
}

#[test]
fn another_subjects_account_is_not_disconnected_and_not_told_of() {
    let (shop, _) = connected();
    shop.keep("eve", OTHER, START);
    let mut eve = Browser::of("eve");
    let unknown = eve.script(&shop, "/connect/disconnect", "account=acct_unheard0f");
    let adas = eve.script(&shop, "/connect/disconnect", THIS);
    assert_eq!(told(&adas), (404, "not_connected".to_owned()));
    assert_eq!((adas.status, &adas.headers, &adas.body), (unknown.status, &unknown.headers, &unknown.body));
    assert_eq!(location(&eve.submit(&shop, "/connect/disconnect", THIS)), "/connect/result/not_connected");
    assert!(shop.asked().is_empty() && shop.reported().is_empty());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn an_account_another_subject_still_uses_is_not_ended_by_one_who_has_left() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([deauthorized()]);
    ada.submit(&shop, "/connect/disconnect", THIS);
    shop.wait(60);
    shop.keep("eve", ACCOUNT, START + 30);
    assert_eq!(told(&ada.script(&shop, "/connect/disconnect", THIS)).1, "disconnected");
    assert_eq!(shop.asked().len(), 1);
    assert_eq!(shop.accounts_of("eve"), [ACCOUNT]);
}

#[test]
fn a_connection_of_the_other_mode_is_not_this_keys_to_end() {
    let (mut shop, mut ada) = connected();
    shop.deploy(|settings| settings.secret_key = LIVE_KEY.into());
    assert_eq!(told(&ada.script(&shop, "/connect/disconnect", THIS)), (404, "not_connected".to_owned()));
    assert!(shop.asked().is_empty());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

/// What a page of the platform's sends, and what pages of other sites can make a browser send.
const SITES: [(&[(&str, &str)], bool); 10] = [
    (&[("sec-fetch-site", "same-origin"), ("origin", SHOP)], true),
    (&[("origin", SHOP)], true),
    (&[("referer", "https://shop.example/")], true),
    (&[("referer", "https://evil.example/")], false),
    (&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], false),
    (&[("sec-fetch-site", "same-site"), ("origin", "https://blog.shop.example")], false),
    (&[("sec-fetch-site", "none")], false),
    (&[("origin", "https://evil.example")], false),
    (&[("origin", "null")], false),
    (&[], false),
];

#[test]
fn attack_3_a_disconnection_that_another_site_asked_for_is_refused() {
    for (headers, is_ours) in SITES {
        let (shop, mut ada) = connected();
        shop.stripe_answers([deauthorized()]);
        let page = ada.send(&shop, &ada.request(Method::Post, "/connect/disconnect", headers, THIS));
        assert_eq!(page.status, if is_ours { 303 } else { 403 }, "{headers:?}");
        assert_eq!(shop.asked().len(), usize::from(is_ours), "{headers:?}");
        assert_eq!(shop.accounts_of("ada").is_empty(), is_ours);
        assert!(is_ours || page.body.contains("nothing was done"));
    }
}

#[test]
fn nobody_who_is_signed_out_disconnects() {
    let (shop, _) = connected();
    let mut nobody = Browser::default();
    assert_eq!(nobody.submit(&shop, "/connect/disconnect", THIS).status, 401);
    assert_eq!(told(&nobody.script(&shop, "/connect/disconnect", THIS)), (401, "not_signed_in".to_owned()));
    assert!(shop.asked().is_empty());
}

#[test]
fn a_malformed_disconnection_is_refused() {
    let (shop, mut ada) = connected();
    let padded = format!("{THIS}&pad={}", "a".repeat(4096));
    let bodies = [
        "",
        "account=",
        "account=ca_shop",
        "account=acct_1%00",
        "Account=acct_1SandboxBakery01",
        "{\"account\":\"acct_1SandboxBakery01\"}",
        "account=acct_1SandboxBakery01&return_to=https://evil.example",
        "account=acct_1SandboxBakery01&return_to=//evil.example",
        &padded,
    ];
    for body in bodies {
        assert_eq!(told(&ada.script(&shop, "/connect/disconnect", body)), (400, "malformed".to_owned()), "{body}");
        assert_eq!(location(&ada.submit(&shop, "/connect/disconnect", body)), "/connect/result/malformed");
    }
    assert!(shop.asked().is_empty());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn a_disconnection_without_an_answer_is_sent_again_twice_with_a_growing_wait() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([None, server_error(), already_disconnected()]);
    assert_eq!(told(&ada.script(&shop, "/connect/disconnect", THIS)), (200, "disconnected".to_owned()));
    let asked = shop.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|again| *again == asked[0]));
    let waited = shop.milliseconds_since_start();
    assert!((1000..1500).contains(&waited), "half a second, then up to a whole one: {waited}");
    assert_eq!(shop.ended("ada"), [(ACCOUNT.to_owned(), START)]);
}

#[test]
fn a_disconnection_that_stripe_never_answers_is_unknown_and_doing_it_again_heals() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([None, None, None]);
    let page = ada.submit(&shop, "/connect/disconnect", THIS);
    assert_eq!(location(&page), "/connect/result/disconnect_unknown");
    assert_eq!((shop.asked().len(), shop.accounts_of("ada")), (3, vec![ACCOUNT.to_owned()]));
    assert_eq!(shop.reported(), ["disconnect_unknown"]);

    shop.stripe_answers([already_disconnected()]);
    assert_eq!(location(&ada.submit(&shop, "/connect/disconnect", THIS)), "/home");
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn attack_15_a_redirect_of_the_deauthorize_endpoint_is_not_followed() {
    let (shop, mut ada) = connected();
    let redirect = Response::see_other("https://evil.example/oauth/deauthorize");
    shop.stripe_answers([Some(redirect)]);
    assert_eq!(told(&ada.script(&shop, "/connect/disconnect", THIS)), (502, "disconnect_unknown".to_owned()));
    assert_eq!(shop.asked().len(), 1);
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn a_store_that_is_down_before_a_disconnection_sends_nothing() {
    let (shop, mut ada) = connected();
    shop.world.store.down.set(true);
    let page = ada.submit(&shop, "/connect/disconnect", THIS);
    assert_eq!((page.status, page.header("location")), (503, None), "reloading the page sends the form again");
    assert!(page.body.contains("nothing was sent to Stripe"));
    assert!(shop.asked().is_empty());
    assert_eq!(shop.reported(), ["store_unavailable"]);
}

#[test]
fn a_store_that_fails_after_stripe_disconnected_is_healed_by_disconnecting_again() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([deauthorized(), already_disconnected()]);
    shop.world.store.down_to_disconnect.set(true);
    let page = ada.submit(&shop, "/connect/disconnect", THIS);
    assert_eq!(location(&page), "/connect/result/disconnect_not_saved");
    let told = ada.open(&shop, "/connect/result/disconnect_not_saved");
    assert!(told.body.contains("Please disconnect it once more to finish"));
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT], "it is listed still, so that it can be disconnected again");
    assert_eq!(shop.reported(), ["disconnect_not_saved"]);

    shop.world.store.down_to_disconnect.set(false);
    assert_eq!(location(&ada.submit(&shop, "/connect/disconnect", THIS)), "/home");
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn a_connection_made_while_the_old_one_is_disconnected_stays() {
    let (shop, ada) = connected();
    let headers = [("origin", SHOP)];
    let request = ada.request(Method::Post, "/connect/disconnect", &headers, THIS);
    shop.stripe_answers([deauthorized(), answers(200, &account(&json!({})))]);
    shop.world.wire.set(Wire::Holds);
    let mut disconnecting = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(disconnecting.as_mut()).is_none());
    shop.wait(5);
    shop.keep("ada", ACCOUNT, START + 5);
    shop.wait(5);
    shop.world.wire.set(Wire::Works);
    run(disconnecting).unwrap();
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn a_connection_from_a_machine_whose_clock_is_ahead_is_ended_all_the_same() {
    let shop = Shop::open();
    shop.keep("ada", ACCOUNT, START + 5);
    shop.stripe_answers([deauthorized()]);
    Browser::of("ada").submit(&shop, "/connect/disconnect", THIS);
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn a_disconnected_account_is_connected_again() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([deauthorized()]);
    ada.submit(&shop, "/connect/disconnect", THIS);
    shop.wait(60);
    let authorize_url = ada.press_connect(&shop);
    assert_eq!(ada.come_back(&shop, &shop.consent(&authorize_url)), "/home");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert!(shop.ended("ada").is_empty());
}

// A person looks at their account.

const LOOK: &str = "/connect/account?account=acct_1SandboxBakery01";

fn account(more: &Value) -> Value {
    let mut account = json!({
        "id": ACCOUNT,
        "object": "account",
        "type": "standard",
        "country": "FR",
        "email": "ada@example.com",
        "charges_enabled": true,
        "payouts_enabled": true,
        "details_submitted": true,
        "requirements": {
            "currently_due": [],
            "past_due": [],
            "eventually_due": ["external_account"],
            "pending_verification": [],
            "current_deadline": null,
            "disabled_reason": null,
        },
    });
    for (name, value) in more.as_object().unwrap() {
        account[name] = value.clone();
    }
    account
}

#[test]
fn a_person_sees_how_their_account_is() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([answers(200, &account(&json!({})))]);
    let seen = ada.open(&shop, LOOK);
    assert_eq!(seen.status, 200);
    let expected = json!({ "account": {
        "account_id": ACCOUNT,
        "livemode": false,
        "status": "active",
        "next_step": "nothing",
        "hint": "Your Stripe account is ready.",
        "type": "standard",
        "country": "FR",
        "charges_enabled": true,
        "payouts_enabled": true,
        "details_submitted": true,
        "requirements": {
            "currently_due": [],
            "past_due": [],
            "eventually_due": ["external_account"],
            "pending_verification": [],
            "current_deadline": null,
            "disabled_reason": null,
        },
    }});
    assert_eq!(json_of(&seen), expected);
    let sent = shop.world.sent.borrow();
    assert_eq!((sent[0].method, &*sent[0].url), (Method::Get, &*format!("{STRIPE}/v1/accounts/{ACCOUNT}")));
}

#[test]
fn what_stripe_asks_for_is_one_status_and_one_next_step() {
    let due = json!({"currently_due": ["tos_acceptance.date"], "past_due": [], "eventually_due": [],
        "pending_verification": [], "current_deadline": 1_800_000_000, "disabled_reason": "requirements.past_due"});
    let rows = [
        (json!({"details_submitted": false, "charges_enabled": false}), "finish_onboarding", "give_information"),
        (json!({"charges_enabled": false, "requirements": due}), "information_overdue", "give_information"),
        (json!({"payouts_enabled": false}), "payouts_paused", "ask_stripe"),
    ];
    for (more, status, next_step) in rows {
        let (shop, mut ada) = connected();
        shop.stripe_answers([answers(200, &account(&more))]);
        let seen = json_of(&ada.open(&shop, LOOK));
        assert_eq!(
            (&seen["account"]["status"], &seen["account"]["next_step"]),
            (&json!(status), &json!(next_step))
        );
        if let Some(reason) = more["requirements"]["disabled_reason"].as_str() {
            assert_eq!(seen["account"]["requirements"]["disabled_reason"], reason);
            assert_eq!(seen["account"]["requirements"]["current_deadline"], 1_800_000_000);
        }
    }
}

/// What Stripe says of the account that a probe makes up: key and client id are one platform's.
fn right_key() -> Option<Response> {
    oauth_error(
        "invalid_client",
        "This application is not connected to stripe account acct_made_up, or that account does not exist.",
    )
}

#[test]
fn access_that_was_revoked_at_stripe_is_stored_as_disconnected() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([api_error(403, "account_invalid"), right_key()]);
    assert_eq!(told(&ada.open(&shop, LOOK)), (410, "revoked".to_owned()));
    let probe = ("/oauth/deauthorize".to_owned(), "client_id=ca_shop&stripe_user_id=acct_made_up".to_owned());
    assert_eq!(shop.asked()[1], probe, "never the account itself");
    assert_eq!(shop.ended("ada"), [(ACCOUNT.to_owned(), START)]);
    assert!(shop.accounts_of("ada").is_empty());
    assert!(shop.reported().is_empty(), "a person may do so, it is no problem of the platform's");
    assert_eq!(told(&ada.open(&shop, LOOK)), (404, "not_connected".to_owned()));
}

#[test]
fn revoked_is_told_even_if_the_store_fails_to_note_it_and_the_next_look_heals() {
    let (shop, mut ada) = connected();
    let revoked = || [api_error(403, "account_invalid"), right_key()];
    shop.stripe_answers(revoked().into_iter().chain(revoked()));
    shop.world.store.down_to_disconnect.set(true);
    assert_eq!(told(&ada.open(&shop, LOOK)), (410, "revoked".to_owned()));
    assert_eq!(shop.reported(), ["disconnect_not_saved"]);
    shop.world.store.down_to_disconnect.set(false);
    ada.open(&shop, LOOK);
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn a_missing_permission_is_not_a_revocation() {
    for code in ["more_permissions_required_for_application", ""] {
        let (shop, mut ada) = connected();
        shop.stripe_answers([api_error(403, code)]);
        assert_eq!(told(&ada.open(&shop, LOOK)), (502, "missing_permission".to_owned()));
        assert_eq!(shop.accounts_of("ada"), [ACCOUNT], "{code}");
        assert_eq!(shop.reported(), ["missing_permission"]);
    }
}

/// Stripe's text, which comes with and without a code.
const DENIED: &str = "The provided key 'sk_test_***' does not have access to account 'acct_1SandboxBakery01' (or that \
                      account does not exist). Application access may have been revoked.";
const NO_LINK: &str = "You requested an account link for an account that is not connected to your platform or does not \
                       exist.";

fn api_text(status: u16, message: &str) -> Option<Response> {
    answers(status, &json!({"error": {"type": "invalid_request_error", "message": message}}))
}

/// A shop that keeps ada's refresh token.
fn with_a_token() -> Shop {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.refresh_token_secrets = vec![REFRESH_SECRET.to_owned()]);
    shop.stripe_answers([token("rt_canary5")]);
    assert!(kept_token(&shop).is_some());
    shop
}

/// The sealed refresh token of ada's live connection.
fn token_now(shop: &Shop) -> Option<String> {
    let live = run(shop.world.store.inner.connections(&Subject::parse("ada").unwrap())).unwrap();
    live.into_iter().next().and_then(|connection| connection.refresh_token)
}

#[test]
fn nothing_ends_before_it_is_proven_that_the_key_is_the_client_ids() {
    let others = || oauth_error("invalid_client", "No such application: ca_shop");
    let wrong = "give the key of client_id's platform";
    let unsure = "is not sure";
    let looks = [(LOOK.to_owned(), DENIED, 403), (format!("/connect/onboard?{THIS}"), NO_LINK, 400)];
    for (path, text, status) in looks {
        for (doubt, told_why) in [
            (vec![others()], wrong),
            (vec![oauth_error("invalid_client", "Invalid API Key provided: sk_test_canary0001")], unsure),
            (vec![api_text(403, "The provided key does not have the required permissions.")], unsure),
            (vec![None, None, None], unsure),
            (vec![server_error(), server_error(), server_error()], unsure),
            (vec![answers(200, &json!({"stripe_user_id": "acct_made_up"}))], unsure),
        ] {
            let shop = with_a_token();
            let sealed = token_now(&shop);
            let mut ada = Browser::of("ada");
            shop.stripe_answers([api_text(status, text)].into_iter().chain(doubt));
            let seen = ada.open(&shop, &path);
            match seen.status {
                303 => assert_eq!(location(&seen), "/connect/result/unreachable"),
                _ => assert_eq!(told(&seen), (502, "unreachable".to_owned())),
            }
            assert_eq!((shop.accounts_of("ada"), token_now(&shop)), (vec![ACCOUNT.to_owned()], sealed));
            assert!(shop.ended("ada").is_empty());
            assert_eq!(shop.reported(), ["unreachable"]);
            let detail = shop.world.reports.borrow()[0].detail.clone();
            assert!(detail.contains(told_why) && detail.contains("(request req_story)"), "{detail}");

            // The right key is back, and nothing was lost.
            shop.stripe_answers([answers(200, &account(&json!({})))]);
            assert_eq!(ada.open(&shop, LOOK).status, 200);
        }
        let shop = with_a_token();
        shop.stripe_answers([api_text(status, text), right_key()]);
        Browser::of("ada").open(&shop, &path);
        assert_eq!(shop.ended("ada").len(), 1, "{path}");
        assert!(shop.reported().is_empty());
    }
}

#[test]
fn an_account_that_can_not_be_reached_is_no_reason_to_connect_again() {
    let (shop, mut ada) = connected();
    let page = ada.open(&shop, "/connect/result/unreachable");
    assert_eq!(page.status, 502);
    assert!(page.body.contains("We can’t reach this account") && page.body.contains("Nothing has changed"));
    assert!(!page.body.contains("<form"), "{}", page.body);
}

#[test]
fn a_connection_made_while_the_old_ones_end_is_being_proven_stays() {
    let (shop, ada) = connected();
    shop.stripe_answers([api_error(403, "account_invalid"), right_key()]);
    shop.world.wire.set(Wire::Holds);
    let request = ada.request(Method::Get, LOOK, &[], "");
    let mut looking = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(looking.as_mut()).is_none());
    shop.wait(5);
    shop.keep("ada", ACCOUNT, START + 5);
    shop.world.wire.set(Wire::Works);
    run(looking).unwrap();
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn a_look_that_stripe_does_not_answer_is_sent_again_and_ends_nothing() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([None, server_error(), answers(200, &account(&json!({})))]);
    assert_eq!(ada.open(&shop, LOOK).status, 200);
    assert_eq!(shop.asked().len(), 3);

    for (scripted, outcome, status, tries) in [
        ([None, None, None], "stripe_unavailable", 503, 3),
        ([server_error(), server_error(), server_error()], "stripe_unavailable", 503, 3),
        ([api_error(401, "api_key_expired"), None, None], "stripe_refused", 502, 1),
        ([api_error(404, "resource_missing"), None, None], "stripe_refused", 502, 1),
    ] {
        let (shop, mut ada) = connected();
        shop.stripe_answers(scripted);
        assert_eq!(told(&ada.open(&shop, LOOK)), (status, outcome.to_owned()));
        assert_eq!((shop.asked().len(), shop.accounts_of("ada").len()), (tries, 1));
        assert_eq!(shop.reported(), [outcome]);
    }
}

#[test]
fn another_subjects_account_is_not_looked_at() {
    let (shop, mut ada) = connected();
    let mut eve = Browser::of("eve");
    assert_eq!(told(&eve.open(&shop, LOOK)), (404, "not_connected".to_owned()));
    assert_eq!(told(&Browser::default().open(&shop, LOOK)), (401, "not_signed_in".to_owned()));
    for query in
        ["", "?account=", "?account=ca_1", "?Account=acct_1", &format!("?account={ACCOUNT}&{}", "a".repeat(4096))]
    {
        let refused = ada.open(&shop, &format!("/connect/account{query}"));
        assert_eq!(told(&refused), (400, "malformed".to_owned()), "{query}");
    }
    shop.world.store.down.set(true);
    assert_eq!(told(&ada.open(&shop, LOOK)), (503, "store_unavailable".to_owned()));
    assert!(shop.asked().is_empty());
}

// An account is made for a person who has none.

const DETAILS: &str = "country=FR&email=ada%40example.com";

fn link(url: &str) -> Option<Response> {
    answers(200, &json!({"object": "account_link", "created": START, "expires_at": START + 300, "url": url}))
}

const FORM: &str = "http://localhost:12111/setup/s/once1";

fn idempotency_keys(shop: &Shop) -> Vec<String> {
    let sent = shop.world.sent.borrow();
    sent.iter().map(|request| request.header("idempotency-key").unwrap().to_owned()).collect()
}

#[test]
fn a_person_without_an_account_gets_one_and_is_led_to_finish_it() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.stripe_answers([answers(200, &account(&json!({"details_submitted": false}))), link(FORM)]);
    let led = ada.submit(&shop, "/connect/create", &format!("{DETAILS}&return_to=/payouts?tab=2"));
    assert_eq!((led.status, location(&led)), (303, FORM));
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);

    let asked = shop.asked();
    let form = "type=standard&country=FR&email=ada%40example.com&metadata%5Bconnect_claim%5D=";
    let claim = asked[0].1.strip_prefix(form).unwrap_or_else(|| panic!("{asked:?}"));
    assert_eq!((&*asked[0].0, claim), ("/v1/accounts", &*idempotency_keys(&shop)[0]));
    assert_eq!((asked.len(), &*asked[1].0), (2, "/v1/account_links"));
    let sent = format!("{STRIPE}?{}", asked[1].1);
    assert_eq!(
        (query(&sent, "account"), query(&sent, "type")),
        (ACCOUNT.to_owned(), "account_onboarding".to_owned())
    );

    // Stripe sends the person to one or the other of these.
    let back = ada.open(&shop, &query(&sent, "return_url"));
    assert_eq!(location(&back), "/payouts?tab=2");
    shop.stripe_answers([link("http://localhost:12111/setup/s/once2")]);
    let again = ada.open(&shop, &query(&sent, "refresh_url"));
    assert_eq!(location(&again), "http://localhost:12111/setup/s/once2", "a link that was used leads to a new one");
    assert_eq!(shop.asked()[2], asked[1], "for the same account, with the same way back");
    let keys = idempotency_keys(&shop);
    assert_ne!(keys[1], keys[2], "with one key, Stripe would give the used link again");
}

#[test]
fn no_account_is_made_in_the_platforms_name_unless_it_asked_for_that() {
    let mut shop = Shop::open();
    let routes = ["/connect/create", "/connect/onboard"];
    assert!(routes.iter().all(|path| shop.handler.route(path).is_some()));
    shop.deploy(|settings| settings.deferred_accounts = false);
    assert!(routes.iter().all(|path| shop.handler.route(path).is_none()));
    assert!(!ConfigBuilder::default().deferred_accounts);
}

#[test]
fn a_script_that_creates_learns_of_the_connection_and_where_to_go() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.stripe_answers([answers(200, &account(&json!({})))]);
    let made = ada.script(&shop, "/connect/create", DETAILS);
    let connection =
        json!({"account_id": ACCOUNT, "livemode": false, "scope": "read_write", "connected_at": START});
    let onboard = format!("/connect/onboard?account={ACCOUNT}&return_to=%2Fhome");
    assert_eq!(json_of(&made), json!({"outcome": "created", "connection": connection, "onboard": onboard}));
    shop.stripe_answers([link(FORM)]);
    assert_eq!(location(&ada.open(&shop, &onboard)), FORM);
}

#[test]
fn a_double_press_makes_one_account() {
    let shop = Shop::open();
    let ada = Browser::of("ada");
    let headers = [("accept", "application/json"), ("origin", SHOP)];
    let request = ada.request(Method::Post, "/connect/create", &headers, DETAILS);
    let same = || answers(200, &account(&json!({})));
    shop.stripe_answers([same(), same()]);
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    let mut second = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none());
    for _ in 0..5 {
        assert!(poll(second.as_mut()).is_none(), "the second waits for the first");
    }
    assert_eq!(shop.asked().len(), 1);
    shop.world.wire.set(Wire::Works);
    for response in [run(first), run(second)] {
        assert_eq!(told(&response.unwrap().unwrap()), (200, "created".to_owned()));
    }
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    let keys = idempotency_keys(&shop);
    assert_eq!(keys[0], keys[1], "so that Stripe makes one account of two requests");
    assert_eq!(keys[0].len(), 64);
}

#[test]
fn a_press_that_waited_ten_seconds_for_the_first_is_told_so() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let headers = [("origin", SHOP)];
    let request = ada.request(Method::Post, "/connect/create", &headers, DETAILS);
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none());
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (202, "still_working".to_owned()));
    assert_eq!(shop.asked().len(), 1);
}

#[test]
fn every_other_person_mode_country_or_address_is_another_account() {
    let mut shop = Shop::open();
    let rows = [
        ("ada", DETAILS),
        ("eve", DETAILS),
        ("ada", "country=DE&email=ada%40example.com"),
        ("ada", "country=FR&email=a%40example.com"),
    ];
    let make = |shop: &Shop, user: &str, details: &str| {
        shop.stripe_answers([answers(200, &account(&json!({})))]);
        assert_eq!(told(&Browser::of(user).script(shop, "/connect/create", details)).1, "created");
    };
    for (user, details) in rows {
        make(&shop, user, details);
    }
    shop.deploy(|settings| settings.secret_key = LIVE_KEY.into());
    make(&shop, "ada", DETAILS);
    let keys = idempotency_keys(&shop);
    let different: std::collections::HashSet<_> = keys.iter().collect();
    assert_eq!(different.len(), 5, "{keys:?}");
}

#[test]
fn after_a_disconnection_the_same_details_make_a_new_account() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.stripe_answers([
        answers(200, &account(&json!({}))),
        deauthorized(),
        answers(200, &account(&json!({"id": OTHER}))),
    ]);
    ada.script(&shop, "/connect/create", DETAILS);
    ada.submit(&shop, "/connect/disconnect", THIS);
    ada.script(&shop, "/connect/create", DETAILS);
    assert_eq!(shop.accounts_of("ada"), [OTHER]);
    let sent = shop.world.sent.borrow();
    assert_ne!(sent[0].header("idempotency-key"), sent[2].header("idempotency-key"));
}

#[test]
fn attack_3_an_account_that_another_site_asked_for_is_not_made() {
    for (headers, is_ours) in SITES {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        shop.stripe_answers([answers(200, &account(&json!({}))), link(FORM)]);
        let page = ada.send(&shop, &ada.request(Method::Post, "/connect/create", headers, DETAILS));
        assert_eq!(page.status, if is_ours { 303 } else { 403 }, "{headers:?}");
        assert_eq!(shop.asked().len(), 2 * usize::from(is_ours), "{headers:?}");
    }
}

#[test]
fn a_creation_without_a_right_country_and_address_is_refused_before_stripe() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    for body in [
        "",
        "country=FR",
        "email=ada%40example.com",
        "country=fr&email=ada%40example.com",
        "country=FRA&email=ada%40example.com",
        "country=FR&email=ada",
        "country=FR&email=ada%40example.com%0d%0abcc:x",
    ] {
        assert_eq!(
            told(&ada.script(&shop, "/connect/create", body)),
            (400, "invalid_details".to_owned()),
            "{body}"
        );
        assert_eq!(location(&ada.submit(&shop, "/connect/create", body)), "/connect/result/invalid_details");
    }
    let away = format!("{DETAILS}&return_to=//evil.example");
    let long = format!("{DETAILS}&pad={}", "a".repeat(4096));
    for body in [&*away, &*long] {
        assert_eq!(told(&ada.script(&shop, "/connect/create", body)), (400, "malformed".to_owned()));
    }
    assert_eq!(told(&Browser::default().script(&shop, "/connect/create", DETAILS)).1, "not_signed_in");
    assert!(shop.asked().is_empty() && shop.accounts_of("ada").is_empty());
}

#[test]
fn a_creation_that_stripe_refuses_or_never_answers_is_told_apart_and_may_be_tried_again() {
    for (scripted, status, outcome, tries) in [
        ([api_error(400, "email_invalid"), None, None], 502, "stripe_refused", 1),
        ([api_error(403, "more_permissions_required"), None, None], 502, "missing_permission", 1),
        ([api_error(403, "platform_account_required"), None, None], 500, "platform_not_ready", 1),
        ([api_error(401, "api_key_expired"), None, None], 502, "stripe_refused", 1),
        ([api_error(401, "platform_api_key_expired"), None, None], 502, "stripe_refused", 1),
        ([api_error(403, "account_invalid"), None, None], 502, "stripe_refused", 1),
        ([None, server_error(), None], 503, "stripe_unavailable", 3),
        ([api_error(409, "idempotency_key_in_use"), None, None], 503, "stripe_unavailable", 3),
        ([api_error(429, "rate_limit"), None, None], 503, "stripe_unavailable", 1),
    ] {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        shop.stripe_answers(scripted.into_iter().take(tries));
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (status, outcome.to_owned()));
        assert_eq!((shop.asked().len(), shop.reported()), (tries, vec![outcome]));
        shop.stripe_answers([answers(200, &account(&json!({})))]);
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (200, "created".to_owned()));
        let keys = idempotency_keys(&shop);
        let (next, tried) = keys.split_last().unwrap();
        assert!(tried.iter().all(|key| *key == keys[0]), "every try is the same operation: {keys:?}");
        let is_unknown = outcome == "stripe_unavailable";
        assert_eq!(*next == keys[0], is_unknown, "a refusal gives the next press a key of its own: {keys:?}");
        let sent = shop.asked();
        let claims: Vec<_> = sent.iter().map(|(_, form)| form.split_once("connect_claim").unwrap().1).collect();
        assert!(claims.iter().all(|claim| *claim == claims[0]), "and all are found by one claim");
    }
}

#[test]
fn what_the_platforms_operator_must_mend_is_told_to_the_operator() {
    let text = "You can only create new accounts if you've signed up for Connect, which you can learn how to do at \
                https://stripe.com/docs/connect.";
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.stripe_answers([api_text(400, text), api_text(400, text)]);
    let script = ada.script(&shop, "/connect/create", DETAILS);
    assert_eq!(told(&script), (500, "platform_not_ready".to_owned()));
    assert_eq!(location(&ada.submit(&shop, "/connect/create", DETAILS)), "/connect/result/platform_not_ready");
    let page = ada.open(&shop, "/connect/result/platform_not_ready");
    for body in [script.body, page.body] {
        assert!(body.contains("not about you or your account"), "{body}");
        assert!(!body.contains("again") && !body.contains("<form") && !body.contains("signed up"), "{body}");
    }
    let report = shop.world.reports.borrow()[0].clone();
    assert_eq!(report.outcome.as_str(), "platform_not_ready");
    assert!(report.detail.contains("https://dashboard.stripe.com/connect"), "{report}");

    // Also where it shows with a link.
    shop.keep("ada", ACCOUNT, START - 3600);
    shop.stripe_answers([api_text(400, "You must complete your platform profile to use Connect.")]);
    let onboard = ada.open(&shop, &format!("/connect/onboard?{THIS}"));
    assert_eq!(location(&onboard), "/connect/result/platform_not_ready");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

/// A bad key says nothing of the account that a try with the right one may have made.
#[test]
fn a_refusal_of_the_key_after_a_try_that_may_have_made_the_account_keeps_the_idempotency_key() {
    let refusal = |status| api_error(status, "email_invalid");
    let replayed = || refusal(403).map(|reply| reply.with_header("idempotent-replayed", "true"));
    for (before, refused, is_kept) in [
        (vec![None, None, None], refusal(401), true),
        (vec![None, None, None], refusal(403), true),
        (vec![answers(200, &account(&json!({})))], refusal(401), true),
        (vec![None, None, None], replayed(), false),
        (vec![None, None, None], refusal(400), false),
    ] {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        shop.stripe_answers(before);
        ada.script(&shop, "/connect/create", DETAILS);
        shop.stripe_answers([refused]);
        let status = ada.script(&shop, "/connect/create", DETAILS).status;
        assert_eq!(status, 502, "the refusal is told all the same");
        shop.stripe_answers([answers(200, &account(&json!({})))]);
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "created");
        let keys = idempotency_keys(&shop);
        assert_eq!(keys.first() == keys.last(), is_kept, "{keys:?}");
    }
}

#[test]
fn a_press_that_waited_for_one_that_is_refused_is_no_attempt_of_its_own() {
    let shop = Shop::open();
    let ada = Browser::of("ada");
    let headers = [("accept", "application/json"), ("origin", SHOP)];
    let request = ada.request(Method::Post, "/connect/create", &headers, DETAILS);
    shop.stripe_answers([api_error(400, "email_invalid")]);
    shop.world.wire.set(Wire::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    let mut second = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none() && poll(second.as_mut()).is_none());
    shop.world.wire.set(Wire::Works);
    for response in [run(first), run(second)] {
        assert_eq!(told(&response.unwrap().unwrap()).1, "stripe_refused");
    }
    assert_eq!(shop.asked().len(), 1);
}

#[test]
fn after_too_many_refusals_in_a_day_the_last_one_is_told_and_stripe_is_not_asked() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    for _ in 0..24 {
        shop.stripe_answers([api_error(400, "email_invalid")]);
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "stripe_refused");
    }
    let keys: std::collections::HashSet<_> = idempotency_keys(&shop).into_iter().collect();
    assert_eq!(keys.len(), 24);
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (502, "stripe_refused".to_owned()));
    assert_eq!(shop.asked().len(), 24);
    assert!(shop.world.reports.borrow()[24].detail.starts_with("too many attempts"));
    shop.stripe_answers([answers(200, &account(&json!({})))]);
    let other = "country=FR&email=a%40example.com";
    assert_eq!(
        told(&ada.script(&shop, "/connect/create", other)).1,
        "created",
        "other details are another account"
    );

    shop.wait(86_400 + 1);
    shop.stripe_answers([answers(200, &account(&json!({})))]);
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "created", "and so is another day");
}

/// A failure of Stripe's, which it saved for the key.
fn saved_failure() -> Option<Response> {
    server_error().map(|failure| failure.with_header("idempotent-replayed", "true"))
}

/// The newest accounts of the platform.
fn list(accounts: &[Value], has_more: bool) -> Option<Response> {
    answers(200, &json!({"object": "list", "url": "/v1/accounts", "has_more": has_more, "data": accounts}))
}

/// A shop, and what ada's claim is there.
fn claimed() -> (Shop, Browser, String) {
    let (shop, ada) = (Shop::open(), Browser::of("ada"));
    let scout = Shop::open();
    scout.stripe_answers([None, None, None]);
    ada.clone().script(&scout, "/connect/create", DETAILS);
    let claim = idempotency_keys(&scout)[0].clone();
    (shop, ada, claim)
}

#[test]
fn a_failure_that_stripe_saved_leads_to_the_account_it_made_or_to_a_new_attempt() {
    let (shop, mut ada, claim) = claimed();
    let others = account(&json!({"id": OTHER, "created": START, "metadata": {"connect_claim": "x"}}));
    let ours = json!({"id": ACCOUNT, "created": START, "metadata": {"connect_claim": claim}});
    shop.stripe_answers([saved_failure(), list(&[others.clone(), ours], true)]);
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (200, "created".to_owned()));
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert_eq!(shop.asked()[1].0, "/v1/accounts");
    assert_eq!(shop.world.sent.borrow()[1].query(), "limit=100");
    assert!(shop.reported().is_empty());

    for lists in [
        list(&[], false),
        list(std::slice::from_ref(&others), false),
        list(&[account(&json!({"created": START - 301}))], true),
    ] {
        let (shop, mut ada, _) = claimed();
        shop.stripe_answers([saved_failure(), lists, answers(200, &account(&json!({})))]);
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "created");
        let sent = shop.world.sent.borrow();
        assert_eq!(sent.len(), 3);
        assert_ne!(sent[0].header("idempotency-key"), sent[2].header("idempotency-key"));
        assert_eq!(sent[0].body, sent[2].body);
    }
}

#[test]
fn a_list_that_does_not_tell_keeps_the_key_and_the_outcome_unknown() {
    let odd = |claim: &str| json!({"id": "cus_1", "created": START, "metadata": {"connect_claim": claim}});
    let (_, _, claim) = claimed();
    for lists in [
        vec![None, None, None],
        vec![api_error(403, "more_permissions_required")],
        vec![api_error(401, "api_key_expired")],
        vec![answers(200, &json!({"data": {}}))],
        vec![answers(200, &json!([]))],
        vec![list(&[odd(&claim)], false)],
        vec![list(&[account(&json!({"created": START - 300}))], true)],
        vec![list(&[account(&json!({}))], true)],
    ] {
        let (shop, mut ada, _) = claimed();
        let asked = 1 + lists.len();
        shop.stripe_answers([saved_failure()].into_iter().chain(lists));
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (503, "stripe_unavailable".to_owned()));
        assert_eq!((shop.asked().len(), shop.reported()), (asked, vec!["stripe_unavailable"]));
        shop.stripe_answers([answers(200, &account(&json!({})))]);
        assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "created");
        let sent = shop.world.sent.borrow();
        assert_eq!(sent[asked].header("idempotency-key"), sent[0].header("idempotency-key"));
    }
}

#[test]
fn a_press_makes_one_new_attempt_at_most_and_the_next_goes_on_from_there() {
    let (shop, mut ada, _) = claimed();
    shop.stripe_answers([saved_failure(), list(&[], false), saved_failure(), list(&[], false)]);
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)), (503, "stripe_unavailable".to_owned()));
    assert_eq!(shop.reported(), ["stripe_unavailable"]);
    shop.stripe_answers([saved_failure(), list(&[], false), answers(200, &account(&json!({})))]);
    assert_eq!(told(&ada.script(&shop, "/connect/create", DETAILS)).1, "created");
    let sent = shop.world.sent.borrow();
    let keys: Vec<_> = sent.iter().filter_map(|request| request.header("idempotency-key")).collect();
    assert_eq!(keys.len(), 4);
    assert!(keys[0] != keys[1] && keys[1] == keys[2] && keys[2] != keys[3] && keys[0] != keys[3], "{keys:?}");
}

#[test]
fn an_account_is_kept_by_its_id_whatever_else_of_it_is_odd_and_from_before_it_was_asked_for() {
    let shop = Shop::open();
    let ada = Browser::of("ada");
    let headers = [("accept", "application/json"), ("origin", SHOP)];
    let request = ada.request(Method::Post, "/connect/create", &headers, DETAILS);
    shop.stripe_answers([answers(200, &json!({"id": ACCOUNT, "charges_enabled": null}))]);
    shop.world.wire.set(Wire::Holds);
    let mut creating = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(creating.as_mut()).is_none());
    shop.wait(20);
    shop.world.wire.set(Wire::Works);
    let made = json_of(&run(creating).unwrap().unwrap());
    assert_eq!((&made["outcome"], &made["connection"]["connected_at"]), (&json!("created"), &json!(START)));
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
}

#[test]
fn a_store_that_fails_before_or_after_a_creation_is_healed_by_trying_again() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.world.store.down.set(true);
    assert_eq!(ada.submit(&shop, "/connect/create", DETAILS).status, 503);
    assert!(shop.asked().is_empty());
    shop.world.store.down.set(false);

    shop.world.store.down_to_settle.set(true);
    shop.stripe_answers([answers(200, &account(&json!({})))]);
    let page = ada.submit(&shop, "/connect/create", DETAILS);
    assert_eq!(location(&page), "/connect/result/created_not_saved");
    assert_eq!(shop.reported(), ["store_unavailable", "created_not_saved"]);
    shop.world.store.down_to_settle.set(false);
    shop.wait(60);
    shop.stripe_answers([answers(200, &account(&json!({}))), link(FORM)]);
    assert_eq!(location(&ada.submit(&shop, "/connect/create", DETAILS)), FORM);
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    let keys = idempotency_keys(&shop);
    assert_eq!(keys[0], keys[1], "Stripe answers with the account it had made");
}

#[test]
fn a_link_that_stripe_does_not_give_leaves_the_account_to_finish_later() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    shop.stripe_answers([answers(200, &account(&json!({}))), None, None, None]);
    let page = ada.submit(&shop, "/connect/create", DETAILS);
    assert_eq!(location(&page), "/connect/result/stripe_unavailable");
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    let keys = idempotency_keys(&shop);
    assert_eq!((keys.len(), &keys[1], &keys[2]), (4, &keys[3], &keys[3]), "one link, asked for three times");

    shop.stripe_answers([api_error(400, "account_link_invalid")]);
    let onboard = format!("/connect/onboard?account={ACCOUNT}");
    assert_eq!(location(&ada.open(&shop, &onboard)), "/connect/result/stripe_refused");
    shop.stripe_answers([api_error(403, "account_invalid"), right_key()]);
    assert_eq!(location(&ada.open(&shop, &onboard)), "/connect/result/revoked");
    assert!(shop.accounts_of("ada").is_empty(), "revoked is stored wherever it shows");
}

#[test]
fn a_link_is_made_for_the_subjects_own_live_account_only() {
    let (shop, _) = connected();
    let onboard = format!("/connect/onboard?account={ACCOUNT}");
    let mut eve = Browser::of("eve");
    assert_eq!(location(&eve.open(&shop, &onboard)), "/connect/result/not_connected");
    assert_eq!(Browser::default().open(&shop, &onboard).status, 401);
    let mut ada = Browser::of("ada");
    for query in [
        "",
        "?account=x",
        &format!("?account={ACCOUNT}&return_to=//evil.example"),
        "?done=1&return_to=//evil.example",
    ] {
        let refused = ada.open(&shop, &format!("/connect/onboard{query}"));
        assert_eq!(location(&refused), "/connect/result/malformed", "{query}");
    }
    assert!(shop.asked().is_empty());
}

#[test]
fn attack_8_the_way_back_from_stripe_stays_on_this_site() {
    let (shop, mut ada) = connected();
    for away in support::bypasses::LEADS_AWAY {
        let path: String = url::form_urlencoded::byte_serialize(away.as_bytes()).collect();
        let refused = ada.open(&shop, &format!("/connect/onboard?account={ACCOUNT}&done=1&return_to={path}"));
        assert_eq!(location(&refused), "/connect/result/malformed", "{away}");
    }
    assert!(shop.asked().is_empty());
}

#[test]
fn a_link_that_leads_to_a_place_that_is_not_private_is_not_followed() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([link("http://evil.example/setup")]);
    let page = ada.open(&shop, &format!("/connect/onboard?account={ACCOUNT}"));
    assert_eq!(location(&page), "/connect/result/stripe_unavailable");
}

#[test]
fn a_request_whose_body_can_not_be_read_is_refused_as_its_route_refuses() {
    let (shop, mut ada) = connected();
    for (path, status) in [
        ("/connect/start", 400),
        ("/connect/exchange", 400),
        ("/connect/disconnect", 303),
        ("/connect/create", 303),
    ] {
        assert_eq!(shop.handler.route(path).unwrap().body_limit(), 4096);
        let form = format!("account={ACCOUNT}&country=DE&return_to=%2Fhome&padding=");
        let long = form.clone() + &"x".repeat(4097 - form.len());
        for body in [long.as_bytes(), &[form.as_bytes(), &[0xff]].concat()] {
            let mut request = ada.request(Method::Post, path, &[("origin", SHOP)], "");
            request.body = body.to_vec();
            let refused = ada.send(&shop, &request);
            assert_eq!(refused.status, status, "{path}");
            if status == 303 {
                assert_eq!(location(&refused), "/connect/result/malformed", "{path}");
            }
        }
    }
    assert!(shop.world.sent.borrow().is_empty());
}
