//! An account as JSON tells of it: Stripe's names, and then our reading of it. What is absent is `null`, as it is at
//! Stripe.

use super::account::{Account, CapabilityStatus};
use super::disabled_reason::DisabledReason;
use super::requirements::{RequirementError, Requirements};
use crate::texts::Language;
use serde_json::{Map, Value, json};

impl Account {
    /// All of it but whose it is: the id and the e-mail address.
    pub(crate) fn view(&self, language: &Language) -> Map<String, Value> {
        let status = self.status();
        let capabilities = self.capabilities.iter();
        let fields = [
            ("type", json!(self.account_type.as_str())),
            ("display_name", json!(self.display_name)),
            ("country", json!(self.country)),
            ("default_currency", json!(self.default_currency)),
            ("charges_enabled", json!(self.charges_enabled)),
            ("payouts_enabled", json!(self.payouts_enabled)),
            ("details_submitted", json!(self.details_submitted)),
            (
                "capabilities",
                capabilities
                    .map(|(name, status)| (name.clone(), json!(CapabilityStatus::as_str(status))))
                    .collect(),
            ),
            ("requirements", self.requirements.view()),
            ("future_requirements", self.future_requirements.view()),
            ("status", json!(status.as_str())),
            ("next_step", json!(status.next_step().as_str())),
            ("hint", json!(status.hint_in(language))),
        ];
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

impl Requirements {
    fn view(&self) -> Value {
        json!({
            "currently_due": self.currently_due,
            "past_due": self.past_due,
            "eventually_due": self.eventually_due,
            "pending_verification": self.pending_verification,
            "errors": self.errors.iter().map(RequirementError::view).collect::<Vec<_>>(),
            "current_deadline": self.current_deadline,
            "disabled_reason": self.disabled_reason.as_ref().map(DisabledReason::as_str),
        })
    }
}

impl RequirementError {
    fn view(&self) -> Value {
        json!({ "code": self.code, "reason": self.reason, "requirement": self.requirement })
    }
}
