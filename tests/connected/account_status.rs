//! A person looks at their account.

use super::*;

const LOOK: &str = "/connect/account?account=acct_1SandboxBakery01";

#[test]
fn a_person_sees_how_their_account_is() {
    let (shop, mut ada) = connected();
    let error =
        json!({"code": "invalid_value_other", "reason": "It can’t be this.", "requirement": "external_account"});
    let more = json!({
        "settings": {"dashboard": {"display_name": "Ada’s Apples"}},
        "default_currency": "eur",
        "capabilities": {"card_payments": "active", "transfers": "a_new_word"},
        "future_requirements": {"eventually_due": ["tos_acceptance.date"], "errors": [error]},
    });
    shop.stripe_answers([answers(200, &account(&more))]);
    let seen = ada.open(&shop, LOOK);
    assert_eq!(seen.status, 200);
    let expected = json!({ "account": {
        "account_id": ACCOUNT,
        "livemode": false,
        "status": "active",
        "next_step": "nothing",
        "hint": "Your Stripe account is ready.",
        "type": "standard",
        "display_name": "Ada’s Apples",
        "country": "FR",
        "default_currency": "eur",
        "charges_enabled": true,
        "payouts_enabled": true,
        "details_submitted": true,
        "capabilities": {"card_payments": "active", "transfers": "a_new_word"},
        "requirements": {
            "currently_due": [],
            "past_due": [],
            "eventually_due": ["external_account"],
            "pending_verification": [],
            "errors": [],
            "current_deadline": null,
            "disabled_reason": null,
        },
        "future_requirements": {
            "currently_due": [],
            "past_due": [],
            "eventually_due": ["tos_acceptance.date"],
            "pending_verification": [],
            "errors": [error],
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
        (json!({"payouts_enabled": false}), "payouts_paused", "look_at_dashboard"),
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

/// A shop that keeps ada's refresh token.
fn with_a_token() -> Shop {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.refresh_token_secrets = vec![REFRESH_SECRET.to_owned()]);
    assert!(kept_token(&shop, token("rt_canary5")).is_some());
    shop
}

/// The sealed refresh token of ada's live connection.
fn token_now(shop: &Shop) -> Option<String> {
    shop.connections_of("ada").into_iter().next().and_then(|connection| connection.refresh_token)
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
