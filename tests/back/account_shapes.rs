//! An account as any version of the API describes it, and what is made of the more telling shapes.

use super::*;
use serde_json::{Value, json};

/// An account's JSON of its own, of which nothing is usual.
fn read(json: &Value) -> Account {
    read_account(&Response::json(200, json.to_string())).unwrap()
}

#[test]
fn an_account_is_read_in_the_words_of_every_api_version_since_2014() {
    let document = ["legal_entity.verification.document"];
    // Before 2014-11-05, before 2015-07-13, before 2017-04-06 and before 2019-02-19.
    let oldest = json!({"id": "acct_1", "charge_enabled": true, "transfer_enabled": true, "details_submitted": true,
        "display_name": "Ada", "country": "GB", "default_currency": "gbp", "currencies_supported": ["gbp"]});
    let contacted = json!({"id": "acct_1", "managed": true, "charges_enabled": true, "transfers_enabled": false,
        "details_submitted": true, "display_name": null, "business_name": "Ada's Apples",
        "verification": {"fields_needed": document, "due_by": null, "contacted": true}});
    let managed = json!({"id": "acct_1", "managed": false, "charges_enabled": true, "transfers_enabled": true,
        "details_submitted": true, "display_name": "Ada",
        "verification": {"fields_needed": [], "due_by": null, "disabled_reason": null}});
    let due = json!({"id": "acct_1", "type": "standard", "charges_enabled": true, "payouts_enabled": true,
        "details_submitted": true, "display_name": "Ada", "business_name": "Ada's Apples",
        "verification": {"fields_needed": document, "due_by": 1_554_669_463, "disabled_reason": null}});
    for (json, kind, name, status) in [
        (&oldest, "none", "Ada", "active"),
        (&contacted, "custom", "Ada's Apples", "information_overdue"),
        (&managed, "standard", "Ada", "active"),
        (&due, "standard", "Ada", "information_due"),
    ] {
        let account = read(json);
        let told = (account.account_type.as_str(), account.display_name.as_deref(), account.status().as_str());
        assert_eq!(told, (kind, Some(name), status), "{json}");
    }
    assert_eq!(read(&oldest).default_currency.as_deref(), Some("gbp"));
    let due = read(&due).requirements;
    assert_eq!((due.currently_due, due.current_deadline), (vec![document[0].to_owned()], Some(1_554_669_463)));
    assert!(due.past_due.is_empty());
}

#[test]
fn what_was_overdue_before_2019_is_past_due() {
    let asked = account(json!({"charges_enabled": false, "payouts_enabled": false,
        "verification": {"disabled_reason": "fields_needed", "due_by": 1, "fields_needed": ["external_account"]}}));
    let requirements = &asked.requirements;
    assert_eq!(
        (&*requirements.past_due, &*requirements.currently_due),
        (&requirements.currently_due[..], &["external_account".to_owned()][..])
    );
    assert_eq!(requirements.disabled_reason, Some(DisabledReason::FieldsNeeded));
    assert_eq!(asked.status(), AccountStatus::InformationOverdue);
    // The newer one counts, where there are both.
    let both = account(json!({"requirements": {"currently_due": []}, "verification": {"fields_needed": ["a"]}}));
    assert_eq!(both.status(), AccountStatus::Active);
    for (reason, status) in [
        ("rejected.listed", AccountStatus::Rejected),
        ("under_review", AccountStatus::InReview),
        ("listed", AccountStatus::InReview),
        ("other", AccountStatus::InReview),
    ] {
        let old = account(json!({"charges_enabled": false, "payouts_enabled": false,
            "verification": {"disabled_reason": reason, "due_by": null, "fields_needed": []}}));
        assert_eq!(old.status(), status, "{reason}");
    }
}

#[test]
fn a_name_is_the_dashboards_else_the_businesss_else_an_old_versions() {
    for (fields, name) in [
        (json!({"settings": {"dashboard": {"display_name": "A"}}, "business_profile": {"name": "B"}}), Some("A")),
        (json!({"settings": {"dashboard": {"display_name": ""}}, "business_profile": {"name": "B"}}), Some("B")),
        (
            json!({"settings": {"dashboard": null}, "business_profile": {"name": "B"}, "display_name": "C"}),
            Some("B"),
        ),
        (json!({"settings": {}, "display_name": "C", "business_name": "D"}), Some("C")),
        (json!({"business_profile": {"name": null}, "business_name": "D"}), Some("D")),
        (json!({"business_profile": {}}), None),
    ] {
        assert_eq!(account(fields.clone()).display_name.as_deref(), name, "{fields}");
    }
}

#[test]
fn what_is_odd_or_missing_is_named() {
    for (fields, named) in [
        (json!({"charges_enabled": null}), "charges_enabled"),
        (json!({"payouts_enabled": null}), "payouts_enabled"),
        (json!({"payouts_enabled": null, "transfers_enabled": "yes"}), "transfers_enabled"),
        (json!({"details_submitted": null}), "details_submitted"),
        (json!({"capabilities": ["transfers"]}), "capabilities"),
        (json!({"capabilities": {"transfers": {"status": "active"}}}), "capabilities"),
        (json!({"default_currency": 7}), "default_currency"),
        (json!({"verification": []}), "verification"),
        (json!({"verification": {"fields_needed": "a"}}), "fields_needed"),
        (json!({"requirements": {"errors": ["a"]}}), "errors"),
        (json!({"future_requirements": {"currently_due": [1]}}), "currently_due"),
    ] {
        let error = read_account(&Response::json(200, account_json(fields.clone()))).unwrap_err();
        let start = format!("Stripe answered 200 and {named} is missing or odd");
        assert!(error.to_string().starts_with(&start), "{fields}: {error}");
    }
}

/// `charges_enabled`, `payouts_enabled`, and what else Stripe says.
#[track_caller]
fn assert_status(rows: &[(bool, bool, Value, AccountStatus)]) {
    for (charges, payouts, more, status) in rows {
        let mut fields = json!({"charges_enabled": charges, "payouts_enabled": payouts});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(account(fields).status(), *status, "{charges} {payouts} {more}");
    }
}

#[test]
fn what_is_due_is_told_before_what_waits() {
    use AccountStatus as Status;
    let waits = "requirements.pending_verification";
    let due = |reason: Value| json!({"requirements": {"currently_due": ["a"], "pending_verification": ["b"], "disabled_reason": reason}});
    assert_status(&[
        (false, false, due(json!(waits)), Status::InformationOverdue),
        (false, false, due(json!("under_review")), Status::InformationOverdue),
        (false, false, due(json!("a_new_reason")), Status::InformationOverdue),
        (false, false, due(json!(null)), Status::InformationOverdue),
        (true, true, due(json!(null)), Status::InformationDue),
        (true, true, due(json!(waits)), Status::InformationDue),
        (false, false, due(json!("rejected.fraud")), Status::Rejected),
        (false, false, due(json!("platform_paused")), Status::Paused),
        (false, false, due(json!("action_required.requested_capabilities")), Status::CapabilitiesNeeded),
        (
            false,
            false,
            json!({"requirements": {"past_due": ["a"], "disabled_reason": waits}}),
            Status::InformationOverdue,
        ),
        (
            false,
            false,
            json!({"requirements": {"pending_verification": ["b"], "disabled_reason": waits}}),
            Status::InReview,
        ),
    ]);
}

#[test]
fn what_comes_due_on_a_day_that_is_set_is_told_while_there_is_time() {
    use AccountStatus as Status;
    let document = "person_1.verification.document";
    let future = |future: Value| json!({ "future_requirements": future });
    let now = |now: Value| json!({ "requirements": now });
    assert_status(&[
        (
            true,
            true,
            future(json!({"currently_due": [document], "current_deadline": 1_800_000_000})),
            Status::InformationDue,
        ),
        (true, true, future(json!({"currently_due": [document]})), Status::InformationDue),
        (true, true, future(json!({"current_deadline": 1_800_000_000})), Status::InformationDue),
        (true, true, future(json!({"eventually_due": [document]})), Status::Active),
        (true, true, future(json!({"currently_due": [], "current_deadline": null})), Status::Active),
        (
            true,
            true,
            now(json!({"eventually_due": [document], "current_deadline": 1_800_000_000})),
            Status::InformationDue,
        ),
        (true, true, now(json!({"eventually_due": [document]})), Status::Active),
        (
            true,
            true,
            now(json!({"pending_verification": [document], "current_deadline": 1_800_000_000})),
            Status::Active,
        ),
        // What does not work now is what counts.
        (true, false, future(json!({"currently_due": [document]})), Status::PayoutsPaused),
        (false, false, future(json!({"current_deadline": 1_800_000_000})), Status::Restricted),
    ]);
}

#[test]
fn an_account_that_only_asked_for_transfers_is_ready_without_charges() {
    use AccountStatus as Status;
    let asked = |capabilities: Value| json!({ "type": "none", "controller": {"type": "application"}, "capabilities": capabilities });
    assert_status(&[
        (false, true, asked(json!({"transfers": "active"})), Status::Active),
        (false, true, asked(json!({"platform_payments": "active"})), Status::Active),
        (false, true, asked(json!({"transfers": "active", "card_payments": "unrequested"})), Status::Active),
        (false, true, asked(json!({"transfers": "active", "tax_reporting_us_1099_k": "inactive"})), Status::Active),
        (false, false, asked(json!({"transfers": "active"})), Status::Restricted),
        (false, true, asked(json!({"transfers": "inactive"})), Status::ChargesPaused),
        (false, true, asked(json!({"transfers": "pending"})), Status::InReview),
        (false, true, asked(json!({"transfers": "a_new_word"})), Status::ChargesPaused),
        (false, true, asked(json!({"transfers": "active", "card_payments": "inactive"})), Status::ChargesPaused),
        (false, true, asked(json!({"transfers": "active", "card_payments": "pending"})), Status::InReview),
        (
            false,
            true,
            asked(json!({"transfers": "active", "sepa_debit_payments": "inactive"})),
            Status::ChargesPaused,
        ),
        (false, true, asked(json!({"legacy_payments": "inactive"})), Status::ChargesPaused),
        (true, true, asked(json!({"legacy_payments": "active"})), Status::Active),
        (false, true, asked(json!({})), Status::ChargesPaused),
        (true, true, asked(json!({})), Status::Active),
    ]);
    let due = json!({"capabilities": {"transfers": "active"}, "requirements": {"currently_due": ["a"]}});
    assert_status(&[(false, true, due, Status::InformationDue)]);
}

#[test]
fn an_account_none_of_whose_capabilities_is_active_is_not_ready() {
    use AccountStatus as Status;
    let inactive = json!({"capabilities": {"card_payments": "inactive", "transfers": "inactive"}});
    let due = json!({"capabilities": {"card_payments": "inactive"}, "requirements": {"currently_due": ["a"]}});
    let unheard_of = json!({"capabilities": {"card_payments": "a_new_word"}});
    assert_status(&[
        (false, false, inactive.clone(), Status::Restricted),
        (true, true, inactive, Status::Restricted),
        (true, true, due, Status::InformationOverdue),
        (true, true, unheard_of, Status::Restricted),
        (true, true, json!({"capabilities": {"card_payments": "active", "transfers": "inactive"}}), Status::Active),
    ]);
}

#[test]
fn where_stripe_gives_no_reason_none_is_claimed() {
    for more in [json!({}), json!({"requirements": null}), json!({"requirements": {}}), json!({"capabilities": {}})]
    {
        assert_status(&[
            (false, false, more.clone(), AccountStatus::Restricted),
            (true, false, more.clone(), AccountStatus::PayoutsPaused),
            (false, true, more, AccountStatus::ChargesPaused),
        ]);
    }
    for status in [AccountStatus::Restricted, AccountStatus::PayoutsPaused, AccountStatus::ChargesPaused] {
        assert_eq!(status.next_step(), NextStep::LookAtDashboard, "{status}");
        assert!(status.hint().contains("look into your Stripe dashboard"), "{status}");
    }
}

#[test]
fn a_reason_that_is_not_known_is_never_active() {
    for reason in
        ["a_new_reason", "rejected", "rejected.for_a_new_reason", "rejected_platform_fraud", "requirements.new"]
    {
        for works in [true, false] {
            let told = account(json!({"charges_enabled": works, "payouts_enabled": works,
                "requirements": {"disabled_reason": reason}}))
            .status();
            let is_rejected = reason.starts_with("rejected");
            assert_eq!(
                told,
                if is_rejected { AccountStatus::Rejected } else { AccountStatus::Disabled },
                "{reason}"
            );
        }
    }
}
