//! How an account is, in one word, as what Stripe says of it tells.

use super::account::Account;
use super::disabled_reason::DisabledReason;
use crate::vocabulary::account_status::AccountStatus;

impl Account {
    /// How the account is, in one word: a rejection and a pause stand above all; then what the owner must do; then
    /// Stripe's reason; then what works.
    pub fn status(&self) -> AccountStatus {
        let requirements = &self.requirements;
        let reason = requirements.disabled_reason.as_ref().map(DisabledReason::status);
        let is_asked = !requirements.currently_due.is_empty() || !requirements.past_due.is_empty();
        match (reason, self.charges_enabled, self.payouts_enabled) {
            (Some(status @ (AccountStatus::Rejected | AccountStatus::Paused)), ..) => status,
            _ if !self.details_submitted => AccountStatus::FinishOnboarding,
            (Some(status), ..) => status,
            (None, true, true) if is_asked => AccountStatus::InformationDue,
            (None, true, true) => AccountStatus::Active,
            (None, ..) if is_asked => AccountStatus::InformationOverdue,
            (None, ..) if !requirements.pending_verification.is_empty() => AccountStatus::InReview,
            (None, true, false) => AccountStatus::PayoutsPaused,
            (None, false, true) => AccountStatus::ChargesPaused,
            (None, false, false) => AccountStatus::Disabled,
        }
    }
}

impl DisabledReason {
    /// What the reason alone makes of the account.
    fn status(&self) -> AccountStatus {
        match self {
            DisabledReason::RequestedCapabilities => AccountStatus::CapabilitiesNeeded,
            DisabledReason::Listed
            | DisabledReason::Other
            | DisabledReason::RequirementsPendingVerification
            | DisabledReason::UnderReview => AccountStatus::InReview,
            DisabledReason::PlatformPaused => AccountStatus::Paused,
            DisabledReason::RequirementsPastDue => AccountStatus::InformationOverdue,
            DisabledReason::RejectedFraud
            | DisabledReason::RejectedIncompleteVerification
            | DisabledReason::RejectedListed
            | DisabledReason::RejectedOther
            | DisabledReason::RejectedPlatformFraud
            | DisabledReason::RejectedPlatformOther
            | DisabledReason::RejectedPlatformTermsOfService
            | DisabledReason::RejectedTermsOfService => AccountStatus::Rejected,
            // A new kind of rejection is one all the same.
            DisabledReason::Unrecognized(word) if word.starts_with("rejected.") => AccountStatus::Rejected,
            DisabledReason::Unrecognized(_) => AccountStatus::Disabled,
        }
    }
}
