//! An account as JSON tells of it: Stripe's names, and then our reading of it. What is absent is `null`, as it is at
//! Stripe.

use super::account::Account;
use super::disabled_reason::DisabledReason;
use super::requirements::{RequirementError, Requirements};
use crate::texts::Language;
use serde_json::{Value, json};

impl Account {
    /// All of it but whose it is, which `who` says.
    pub(crate) fn view(&self, language: &Language, who: Vec<(&str, Value)>) -> Value {
        let status = self.status();
        let mut capabilities = json!({});
        extend(&mut capabilities, self.capabilities.iter().map(|(name, status)| (&**name, status.as_str().into())));
        let mut view = json!({
            "type": self.account_type.as_str(),
            "display_name": self.display_name,
            "country": self.country,
            "default_currency": self.default_currency,
            "charges_enabled": self.charges_enabled,
            "payouts_enabled": self.payouts_enabled,
            "details_submitted": self.details_submitted,
            "capabilities": capabilities,
            "requirements": self.requirements.view(),
            "future_requirements": self.future_requirements.view(),
            "status": status.as_str(),
            "next_step": status.next_step().as_str(),
            "hint": status.hint_in(language),
        });
        extend(&mut view, who);
        view
    }
}

/// Adds fields to an object. One by one: made of a list at once, it would be sorted first, by some kilobytes of code.
pub(crate) fn extend<'a>(object: &mut Value, fields: impl IntoIterator<Item = (&'a str, Value)>) {
    let Value::Object(object) = object else { return };
    for (name, value) in fields {
        object.insert(name.to_owned(), value);
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
