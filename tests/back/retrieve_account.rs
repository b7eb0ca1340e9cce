//! The account, protocol §6.

use super::*;
use std::collections::BTreeMap;

#[test]
fn an_account_is_retrieved_from_the_api_as_the_platform() {
    for (base, url) in [
        (ConnectBase::stripe(), "https://api.stripe.com/v1/accounts/acct_1"),
        (stand_in(), "http://localhost:12111/v1/accounts/acct_1"),
    ] {
        let request = retrieve_account(&base, &test_key(), &account_id());
        assert_eq!((request.method, &*request.url, &*request.body), (Method::Get, url, &b""[..]));
        assert_eq!(request.header("authorization"), Some("Bearer sk_test_123"));
        assert_eq!(request.header("stripe-account"), None, "the path says whose it is");
        assert_eq!(request.header("stripe-version"), Some(STRIPE_VERSION), "whatever the platform's default is");
    }
}

#[test]
fn an_account_has_what_the_api_documents() {
    let read = account(serde_json::json!({
        "requirements": {
            "currently_due": ["a"], "past_due": ["b"], "eventually_due": ["c", "d"], "pending_verification": ["e"],
            "current_deadline": 1_700_000_000, "disabled_reason": "requirements.past_due", "alternatives": null,
            "errors": [{"code": "invalid_value_other", "reason": "It can’t be this.", "requirement": "a", "more": 1}],
        },
        "future_requirements": { "eventually_due": ["f"], "current_deadline": 1_800_000_000 },
        "capabilities": { "card_payments": "active", "transfers": "pending", "new": "new_word", "none": null },
        "default_currency": "eur",
        "business_profile": { "name": "Ada", "url": "https://apples.example" },
        "settings": { "dashboard": { "display_name": "Ada’s Apples", "timezone": "Etc/UTC" } },
        "some_day": [1],
    }));
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let expected = Account {
        id: account_id(),
        account_type: AccountType::Standard,
        charges_enabled: true,
        payouts_enabled: true,
        details_submitted: true,
        requirements: Requirements {
            currently_due: list(&["a"]),
            past_due: list(&["b"]),
            eventually_due: list(&["c", "d"]),
            pending_verification: list(&["e"]),
            current_deadline: Some(1_700_000_000),
            errors: vec![RequirementError {
                code: "invalid_value_other".to_owned(),
                reason: "It can’t be this.".to_owned(),
                requirement: "a".to_owned(),
            }],
            disabled_reason: Some(DisabledReason::RequirementsPastDue),
        },
        future_requirements: Requirements {
            eventually_due: list(&["f"]),
            current_deadline: Some(1_800_000_000),
            ..Requirements::default()
        },
        capabilities: BTreeMap::from([
            ("card_payments".to_owned(), CapabilityStatus::Active),
            ("transfers".to_owned(), CapabilityStatus::Pending),
            ("new".to_owned(), CapabilityStatus::Unrecognized("new_word".to_owned())),
        ]),
        display_name: Some("Ada’s Apples".to_owned()),
        default_currency: Some("eur".to_owned()),
        country: Some("FR".to_owned()),
        email: Some("ada@example.com".to_owned()),
    };
    assert_eq!(read, expected);

    let bare = account(serde_json::json!({
        "email": null, "country": null, "default_currency": null, "requirements": null, "future_requirements": null,
        "capabilities": null, "settings": null, "business_profile": null,
    }));
    assert_eq!((bare.email, bare.country, bare.default_currency, bare.display_name), (None, None, None, None));
    assert_eq!((bare.requirements, bare.future_requirements), (Requirements::default(), Requirements::default()));
    assert!(bare.capabilities.is_empty());
    let nulls = serde_json::json!({ "requirements": { "currently_due": null, "disabled_reason": null } });
    assert_eq!(account(nulls).requirements, Requirements::default());
}

#[test]
fn every_kind_of_account_is_read_also_from_old_versions_of_the_api() {
    for (fields, word) in [
        (serde_json::json!({ "type": "standard" }), "standard"),
        (serde_json::json!({ "type": "express" }), "express"),
        (serde_json::json!({ "type": "custom" }), "custom"),
        (serde_json::json!({ "type": "none" }), "none"),
        (serde_json::json!({ "type": "new_kind" }), "new_kind"),
        (serde_json::json!({ "type": null }), "none"),
        (serde_json::json!({ "type": null, "managed": false }), "standard"),
        (serde_json::json!({ "type": null, "managed": true }), "custom"),
    ] {
        assert_eq!(account(fields).account_type.as_str(), word);
    }
    let old = r#"{"id":"acct_1","object":"account","managed":false,"display_name":"Ada","charges_enabled":true,
        "transfers_enabled":false,"details_submitted":true,"country":"FR","email":"ada@example.com"}"#;
    let old = read_account(&Response::json(200, old)).unwrap();
    assert_eq!((old.payouts_enabled, old.account_type), (false, AccountType::Standard));
    assert!(!account(serde_json::json!({ "payouts_enabled": false, "transfers_enabled": true })).payouts_enabled);
}

#[test]
fn every_disabled_reason_makes_one_status_and_one_next_step() {
    let rows = [
        ("action_required.requested_capabilities", AccountStatus::CapabilitiesNeeded, NextStep::PlatformActs),
        ("fields_needed", AccountStatus::InformationOverdue, NextStep::GiveInformation),
        ("listed", AccountStatus::InReview, NextStep::Wait),
        ("other", AccountStatus::InReview, NextStep::Wait),
        ("platform_paused", AccountStatus::Paused, NextStep::PlatformActs),
        ("rejected.fraud", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.incomplete_verification", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.listed", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.other", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.platform_fraud", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.platform_other", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.platform_terms_of_service", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.terms_of_service", AccountStatus::Rejected, NextStep::AskStripe),
        ("rejected.for_a_new_reason", AccountStatus::Rejected, NextStep::AskStripe),
        ("requirements.past_due", AccountStatus::InformationOverdue, NextStep::GiveInformation),
        ("requirements.pending_verification", AccountStatus::InReview, NextStep::Wait),
        ("under_review", AccountStatus::InReview, NextStep::Wait),
        ("a_new_reason", AccountStatus::Disabled, NextStep::AskStripe),
    ];
    for (reason, status, step) in rows {
        let read = account(serde_json::json!({
            "charges_enabled": false, "payouts_enabled": false, "requirements": { "disabled_reason": reason },
        }));
        let kept = read.requirements.disabled_reason.as_ref().unwrap();
        let is_known = !reason.contains("new_reason");
        assert_eq!((kept.as_str(), !matches!(kept, DisabledReason::Unrecognized(_))), (reason, is_known));
        assert_eq!((read.status(), read.status().next_step()), (status, step), "{reason}");
    }
}

#[test]
fn charges_payouts_details_and_requirements_make_one_status() {
    use AccountStatus as Status;
    let due = serde_json::json!({ "currently_due": ["individual.id_number"] });
    let past_due = serde_json::json!({ "past_due": ["individual.id_number"] });
    let some_day = serde_json::json!({ "eventually_due": ["individual.id_number"] });
    let pending = serde_json::json!({ "pending_verification": ["individual.id_number"] });
    let rejected = serde_json::json!({ "disabled_reason": "rejected.fraud" });
    let paused = serde_json::json!({ "disabled_reason": "platform_paused" });
    let reviewed = serde_json::json!({ "disabled_reason": "under_review" });
    let nothing = serde_json::json!({});
    let rows = [
        (true, true, true, &nothing, Status::Active),
        (true, true, true, &some_day, Status::Active),
        (true, true, true, &pending, Status::Active),
        (true, true, true, &due, Status::InformationDue),
        (true, true, true, &past_due, Status::InformationDue),
        (true, false, true, &nothing, Status::PayoutsPaused),
        (false, true, true, &nothing, Status::ChargesPaused),
        (false, false, true, &nothing, Status::Restricted),
        (true, false, true, &due, Status::InformationOverdue),
        (false, true, true, &past_due, Status::InformationOverdue),
        (false, false, true, &pending, Status::InReview),
        (true, false, true, &pending, Status::InReview),
        (true, false, true, &reviewed, Status::InReview),
        (true, true, false, &nothing, Status::FinishOnboarding),
        (false, false, false, &due, Status::FinishOnboarding),
        (false, false, false, &reviewed, Status::FinishOnboarding),
        (false, false, false, &rejected, Status::Rejected),
        (false, false, false, &paused, Status::Paused),
        (true, true, true, &paused, Status::Paused),
    ];
    for (charges, payouts, details, requirements, status) in rows {
        let read = account(serde_json::json!({
            "charges_enabled": charges, "payouts_enabled": payouts, "details_submitted": details,
            "requirements": requirements,
        }));
        assert_eq!(read.status(), status, "{charges} {payouts} {details} {requirements}");
    }
}

#[test]
fn every_status_has_a_name_a_next_step_and_a_hint() {
    use AccountStatus as Status;
    let rows = [
        (Status::Active, "active", "nothing", "Your Stripe account is ready."),
        (
            Status::InformationDue,
            "information_due",
            "give_information",
            "Your Stripe account works. Stripe needs some more information to keep it so: please give it soon.",
        ),
        (
            Status::FinishOnboarding,
            "finish_onboarding",
            "give_information",
            "Your Stripe account is not finished. Please complete the remaining steps with Stripe.",
        ),
        (
            Status::InformationOverdue,
            "information_overdue",
            "give_information",
            "Stripe has limited your account until it gets some information. Please give it to Stripe.",
        ),
        (
            Status::CapabilitiesNeeded,
            "capabilities_needed",
            "platform_acts",
            "We have to ask Stripe to enable your account. There is nothing you need to do.",
        ),
        (
            Status::InReview,
            "in_review",
            "wait",
            "Stripe is checking your account. This can take some days; please wait.",
        ),
        (
            Status::Restricted,
            "restricted",
            "look_at_dashboard",
            "Your Stripe account does not work fully at the moment. Please look into your Stripe dashboard.",
        ),
        (
            Status::PayoutsPaused,
            "payouts_paused",
            "look_at_dashboard",
            "Your account takes payments, but Stripe does not pay them out. Please look into your Stripe dashboard.",
        ),
        (
            Status::ChargesPaused,
            "charges_paused",
            "look_at_dashboard",
            "Your account can't take payments at the moment. Please look into your Stripe dashboard.",
        ),
        (Status::Paused, "paused", "platform_acts", "We have paused your account. Please ask us why."),
        (
            Status::Rejected,
            "rejected",
            "ask_stripe",
            "This Stripe account was closed and can't be used. Please ask Stripe's support.",
        ),
        (
            Status::Disabled,
            "disabled",
            "ask_stripe",
            "Stripe has disabled your account. Please ask Stripe's support.",
        ),
    ];
    assert_eq!(rows.len(), Status::ALL.len());
    for (status, name, step, hint) in rows {
        assert_eq!((status.as_str(), status.next_step().as_str(), status.hint()), (name, step, hint));
    }
}
