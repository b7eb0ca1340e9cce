//! Access that is denied, revoked, or not sure; and what the platform's operator must mend.

use super::*;

#[test]
fn access_is_denied_by_code_or_by_text_and_by_nothing_else() {
    type Make = fn(StripeError) -> AccountError;
    let gone = "The provided key 'sk_test_canary' does not have access to account 'acct_1' (or that account does not \
                exist). Application access may have been revoked.";
    let connect = "Only Stripe Connect platforms can work with other accounts.";
    let again = "try again in a moment, with the same idempotency_key where there is one";
    let revoked = "the account's owner disconnected it: let the person connect again; but if no client_id was given, \
                   secret_key may be another platform's, so end nothing before you are sure";
    let not_a_platform: Make =
        |error| AccountError::PlatformNotReady { problem: PlatformProblem::NotAPlatform, error };
    let no_link = "You requested an account link for an account that is not connected to your platform or does not \
                   exist.";
    let rows: [(u16, Option<&str>, &str, Make, &str); 23] = [
        (403, Some("account_invalid"), gone, AccountError::Revoked, revoked),
        (403, Some("account_invalid"), "", AccountError::Revoked, revoked),
        (403, None, gone, AccountError::Revoked, revoked),
        (400, None, no_link, AccountError::Revoked, revoked),
        (404, None, no_link, AccountError::Revoked, revoked),
        (401, Some("platform_api_key_expired"), "Expired API Key", AccountError::Revoked, revoked),
        (403, Some("platform_account_required"), connect, not_a_platform, PlatformProblem::NotAPlatform.hint()),
        (
            403,
            None,
            "This account may not do that.",
            AccountError::MissingPermission,
            "secret_key may not do this: see Stripe's description",
        ),
        (
            403,
            Some("more_permissions_required_for_application"),
            "",
            AccountError::MissingPermission,
            "the key or the app lacks a permission: add it in the dashboard or in the app's manifest",
        ),
        (
            403,
            Some("more_permissions_required"),
            "",
            AccountError::MissingPermission,
            "the key or the app lacks a permission: add it in the dashboard or in the app's manifest",
        ),
        (403, None, "Application access may have been revoked.", AccountError::Revoked, revoked),
        (400, None, gone, AccountError::Revoked, revoked),
        (
            401,
            None,
            "Expired API Key provided. Platform access may have been revoked.",
            AccountError::Revoked,
            revoked,
        ),
        (400, Some("account_invalid"), "No such account", AccountError::Refused, SEE),
        (409, None, gone, AccountError::Unavailable, again),
        (401, None, "Invalid API Key provided: sk_test_canary", AccountError::Refused, CHECK_KEY),
        (
            404,
            Some("resource_missing"),
            "No such account",
            AccountError::Refused,
            "there is no such account for this key: check its mode",
        ),
        (
            400,
            Some("idempotency_error"),
            "Keys for idempotent requests",
            AccountError::Refused,
            "the idempotency_key was used for a request with other parameters: give another one",
        ),
        (400, Some("email_invalid"), "Invalid email", AccountError::Refused, SEE),
        (409, Some("idempotency_key_in_use"), "", AccountError::Unavailable, again),
        (429, Some("rate_limit"), "", AccountError::Unavailable, again),
        (500, Some("account_invalid"), "", AccountError::Unavailable, again),
        (503, None, "", AccountError::Unavailable, again),
    ];
    for (status, code, message, make, hint) in rows {
        let body = serde_json::json!({
            "error": { "type": "invalid_request_error", "code": code, "message": message },
        });
        let reply = Response::json(status, body.to_string());
        for error in [read_account(&reply).unwrap_err(), read_account_link(&reply).unwrap_err()] {
            assert_eq!(error, make(error.stripe_error().clone()), "{status} {code:?}");
            assert_eq!(error.hint(), hint, "{code:?}");
            let code = code.unwrap_or("invalid_request_error");
            let start = format!("Stripe answered {status} {code}: ");
            assert!(error.to_string().starts_with(&start) && error.to_string().ends_with(&format!("; {hint}")));
            assert!(!format!("{error}{}", printed(&error)).contains("canary"));
        }
    }
    assert_eq!(AccountError::no_answer().to_string(), format!("Stripe did not answer; {again}"));
}

#[test]
fn an_account_that_cannot_be_read_is_unavailable_and_not_revoked() {
    let html = "<html>canary</html>".to_owned();
    let odd_id = account_json(serde_json::json!({ "id": "acc_1" }));
    let no_charges = account_json(serde_json::json!({ "charges_enabled": null }));
    let no_payouts = account_json(serde_json::json!({ "payouts_enabled": null }));
    let no_details = account_json(serde_json::json!({ "details_submitted": "yes" }));
    let odd_requirements = account_json(serde_json::json!({ "requirements": { "currently_due": "everything" } }));
    let rows = [
        (200, html.clone()),
        (200, String::new()),
        (200, "null".to_owned()),
        (200, odd_id),
        (200, no_charges),
        (200, no_payouts),
        (200, no_details),
        (200, odd_requirements),
        (302, html.clone()),
        (404, html),
    ];
    for (status, body) in rows {
        let error = read_account(&Response::json(status, &*body)).unwrap_err();
        assert!(matches!(error, AccountError::Unavailable(_)), "{status} {body}: {error}");
        assert!(!format!("{error}{error:?}").contains("canary"));
    }
    let page = read_account(&Response::json(403, "<html>")).unwrap_err();
    assert!(matches!(page, AccountError::MissingPermission(_)), "a gateway's 403 revokes nothing");
}

#[test]
fn revoked_counts_only_with_the_key_of_the_right_platform() {
    let revoked = || AccountError::Revoked(StripeError { status: 403, ..StripeError::no_answer() });
    let doubt = |error: &str, description: &str| {
        let body = serde_json::json!({ "error": error, "error_description": description }).to_string();
        read_probe(&Response::json(401, body).with_header("request-id", "req_2"))
    };
    let proven = doubt("invalid_client", "This application is not connected to stripe account acct_made_up");
    assert_eq!(revoked().proven(proven), revoked());

    let others = revoked().proven(doubt("invalid_client", "No such application: ca_123"));
    let hint = "secret_key is of another platform than client_id, so nothing is known of the account: give the key of \
                client_id's platform, and end nothing";
    assert_eq!(
        others.to_string(),
        format!(
            "Stripe answered 403 without a readable error; asked for client_id, Stripe answered 401 invalid_client: No \
             such application: ca_123 (request req_2); {hint}"
        )
    );
    assert_eq!((others.hint(), others.stripe_error().status), (hint, 403));

    let hint = "whether secret_key is of client_id's platform is not sure, so nothing is known of the account: end \
                nothing, and check both";
    for unsure in [doubt("new_code", "Something."), Err(DeauthorizeError::no_answer())] {
        let error = revoked().proven(unsure);
        assert!(matches!(error, AccountError::Unreachable { .. }) && error.hint() == hint, "{error}");
    }
    let refused = AccountError::Refused(StripeError::no_answer());
    assert_eq!(refused.clone().proven(Err(DeauthorizeError::no_answer())), refused);
}

/// What Stripe says to a platform that may not make accounts, in its own words, and the code of Accounts v2.
const NOT_READY: [(PlatformProblem, &str, &str, &str); 17] = [
    (
        PlatformProblem::NotSignedUp,
        "You can only create new accounts if you've signed up for Connect, which you can do at \
         https://dashboard.stripe.com/connect.",
        "platform_registration_required",
        "https://dashboard.stripe.com/connect",
    ),
    (
        PlatformProblem::NotSignedUp,
        "You can only create new accounts if you've signed up for Connect, which you can learn how to do at \
         https://stripe.com/docs/connect.",
        "",
        "https://dashboard.stripe.com/connect",
    ),
    (
        PlatformProblem::ResponsibilitiesNotAcknowledged,
        "Please review the responsibilities of managing losses for connected accounts at \
         https://dashboard.stripe.com/settings/connect/platform-profile.",
        "account_creation_liability_unacknowledged",
        "https://dashboard.stripe.com/settings/connect/platform-profile",
    ),
    (
        PlatformProblem::ResponsibilitiesNotAcknowledged,
        "Please review the responsibilities of collecting requirements for connected accounts at \
         https://dashboard.stripe.com/settings/connect/platform-profile.",
        "account_creation_requirement_collection_unacknowledged",
        "https://dashboard.stripe.com/settings/connect/platform-profile",
    ),
    (
        PlatformProblem::ResponsibilitiesNotAcknowledged,
        "",
        "account_creation_requirement_collection_and_liability_unacknowledged",
        "https://dashboard.stripe.com/settings/connect/platform-profile",
    ),
    (
        PlatformProblem::ProfileNotCompleted,
        "You must complete your platform profile to use Connect and create live connected accounts. Visit your \
         dashboard at https://dashboard.stripe.com/connect/accounts/overview to answer the questionnaire.",
        "connect_profile_not_submitted",
        "https://dashboard.stripe.com/connect/accounts/overview",
    ),
    (
        PlatformProblem::ProfileNotCompleted,
        "",
        "connect_identity_not_verified",
        "https://dashboard.stripe.com/connect/accounts/overview",
    ),
    (
        PlatformProblem::NotActivated,
        "Your account must be activated in order to create accounts. You can activate your accounts at \
         https://dashboard.stripe.com/account/onboarding.",
        "account_create_activation_required",
        "https://dashboard.stripe.com/account/onboarding",
    ),
    (
        PlatformProblem::AccountsV1Closed,
        "Stripe no longer recommends Accounts v1 for new Connect integrations. Create connected accounts with POST \
         /v2/core/accounts instead: https://docs.stripe.com/api/v2/core/accounts.",
        "",
        "https://dashboard.stripe.com/settings/developers/api-policies/feat_accounts_v1_support",
    ),
    (
        PlatformProblem::AccountTokenRequired,
        "Connect platforms based in FR must create Custom accounts via account tokens.",
        "account_token_required_for_v2_account",
        "https://docs.stripe.com/connect/account-tokens",
    ),
    (
        PlatformProblem::ControllerNotSupported,
        "When stripe_dashboard[type]=express, your platform must collect fees and be liable for negative balances.",
        "account_controller_express_dash_without_application_losses_or_fees",
        "https://dashboard.stripe.com/settings/connect",
    ),
    (
        PlatformProblem::ControllerNotSupported,
        "When stripe_dashboard[type]=none and requirement_collection=stripe, Stripe must be liable.",
        "account_controller_stripe_pricing_platform_liable",
        "https://dashboard.stripe.com/settings/connect",
    ),
    (
        PlatformProblem::NotAPlatform,
        "Only Stripe Connect platforms can work with other accounts. If you specified a client_id parameter, make \
         sure it's correct.",
        "platform_account_required",
        "https://dashboard.stripe.com/connect",
    ),
    (PlatformProblem::NotAPlatform, "", "platform_account_required", "give the platform's key"),
    (PlatformProblem::NotSignedUp, "", "platform_registration_required", "Get started"),
    (PlatformProblem::NotActivated, "", "account_create_activation_required", "review"),
    (PlatformProblem::AccountTokenRequired, "", "account_token_required_for_v2_account", "account of their own"),
];

#[test]
fn what_the_platforms_operator_must_mend_is_told_apart_by_text_or_code_with_the_page_to_do_it() {
    for (problem, message, code, page) in NOT_READY {
        let bodies = [
            serde_json::json!({ "error": { "type": "invalid_request_error", "message": message } }),
            serde_json::json!({ "error": { "code": code, "message": "Something else." } }),
        ];
        for (body, given) in bodies.into_iter().zip([message, code]) {
            for status in [400, 403].into_iter().filter(|_| !given.is_empty()) {
                let reply = Response::json(status, body.to_string());
                for error in [read_account(&reply).unwrap_err(), read_account_link(&reply).unwrap_err()] {
                    assert_eq!(error.problem(), Some(problem), "{status} {given}");
                    assert_eq!(error.hint(), problem.hint());
                    assert!(error.hint().contains(page) && error.to_string().ends_with(error.hint()), "{error}");
                }
            }
        }
    }
    let names: std::collections::HashSet<_> = NOT_READY.iter().map(|(problem, ..)| problem.as_str()).collect();
    assert_eq!(names.len(), 8);
    // Another's failure, or being busy, says nothing of the platform.
    for status in [409, 429, 500] {
        let body = serde_json::json!({ "error": { "code": "platform_account_required", "message": "" } });
        let error = read_account(&Response::json(status, body.to_string())).unwrap_err();
        assert!(matches!(error, AccountError::Unavailable(_)), "{status}");
    }
}
