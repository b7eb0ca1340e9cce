//! [`Requirements`]: what Stripe asks of an account.

use super::disabled_reason::DisabledReason;
use super::object::{Object, Unreadable};

/// What Stripe asks of an account. Each list holds the names of Stripe's fields.
///
/// ```
/// use stripe_connect_oauth::server::{Response, read_account};
///
/// let reply = Response::json(200, r#"{"id":"acct_1","type":"standard",
///     "charges_enabled":true,"payouts_enabled":true,"details_submitted":true,
///     "requirements":{"currently_due":["external_account"],"current_deadline":1700000000}}"#);
/// let account = read_account(&reply)?;
/// assert_eq!(account.requirements.currently_due, ["external_account"]);
/// assert_eq!(account.requirements.current_deadline, Some(1_700_000_000));
/// # Ok::<(), stripe_connect_oauth::server::AccountError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Wanted by `current_deadline`.
    pub currently_due: Vec<String>,
    /// Wanted, and too late: what depends on it is disabled.
    pub past_due: Vec<String>,
    /// Wanted some day.
    pub eventually_due: Vec<String>,
    /// Given, and being checked.
    pub pending_verification: Vec<String>,
    /// What was given and would not do.
    pub errors: Vec<RequirementError>,
    /// When `currently_due` is due, in Unix seconds.
    pub current_deadline: Option<u64>,
    /// Why the account is disabled.
    pub disabled_reason: Option<DisabledReason>,
}

/// What was given to Stripe and would not do.
///
/// ```
/// use stripe_connect_oauth::server::{Response, read_account};
///
/// let reply = Response::json(200, r#"{"id":"acct_1","charges_enabled":true,"payouts_enabled":true,
///     "details_submitted":true,"requirements":{"errors":[{"code":"verification_document_expired",
///     "reason":"The document has expired.","requirement":"individual.verification.document"}]}}"#);
/// let account = read_account(&reply)?;
/// assert_eq!(account.requirements.errors[0].reason, "The document has expired.");
/// # Ok::<(), stripe_connect_oauth::server::AccountError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequirementError {
    /// Stripe's code for it, such as `verification_document_expired`.
    pub code: String,
    /// Why it would not do and what would, in Stripe's English, for the account's owner.
    pub reason: String,
    /// The field it is about.
    pub requirement: String,
}

impl Requirements {
    /// Whether there is something that its owner has to give.
    pub(super) fn is_due(&self) -> bool {
        !self.currently_due.is_empty() || !self.past_due.is_empty()
    }

    /// Whether something has to be given by a day that is set, be it due now or not.
    pub(super) fn has_deadline(&self) -> bool {
        self.current_deadline.is_some() && self.pending_verification.is_empty()
    }

    /// `requirements` and `future_requirements`.
    pub(super) fn read(mut body: Object) -> Result<Requirements, Unreadable> {
        Ok(Requirements {
            currently_due: body.texts("currently_due")?.unwrap_or_default(),
            past_due: body.texts("past_due")?.unwrap_or_default(),
            eventually_due: body.texts("eventually_due")?.unwrap_or_default(),
            pending_verification: body.texts("pending_verification")?.unwrap_or_default(),
            errors: body.objects("errors")?.into_iter().map(RequirementError::read).collect::<Result<_, _>>()?,
            current_deadline: body.number("current_deadline")?,
            disabled_reason: disabled_reason(&mut body)?,
        })
    }

    /// `verification`, which stood for them before 2019-02-19: one list, of what is due or what is overdue.
    pub(super) fn read_verification(mut body: Object) -> Result<Requirements, Unreadable> {
        let disabled_reason = disabled_reason(&mut body)?;
        let fields_needed = body.texts("fields_needed")?.unwrap_or_default();
        let is_overdue = disabled_reason == Some(DisabledReason::FieldsNeeded);
        Ok(Requirements {
            past_due: if is_overdue { fields_needed.clone() } else { Vec::new() },
            currently_due: fields_needed,
            current_deadline: body.number("due_by")?,
            disabled_reason,
            ..Requirements::default()
        })
    }
}

fn disabled_reason(body: &mut Object) -> Result<Option<DisabledReason>, Unreadable> {
    Ok(body.text("disabled_reason")?.map(|word| DisabledReason::read(&word)))
}

impl RequirementError {
    fn read(mut body: Object) -> Result<RequirementError, Unreadable> {
        Ok(RequirementError {
            code: body.text("code")?.unwrap_or_default(),
            reason: body.text("reason")?.unwrap_or_default(),
            requirement: body.text("requirement")?.unwrap_or_default(),
        })
    }
}
