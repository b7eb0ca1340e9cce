//! A person disconnects their account.

use super::*;

fn already_disconnected() -> Option<Response> {
    let description =
        format!("This application is not connected to stripe account {ACCOUNT}, or that account does not exist.");
    oauth_error("invalid_client", &description)
}

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
