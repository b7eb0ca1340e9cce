//! [`DisabledReason`]: why Stripe disabled an account.

use crate::vocabulary::account_status::AccountStatus;
use crate::vocabulary::words::words;

words! {
    /// Why Stripe disabled an account (`docs.stripe.com/api/accounts/object`).
    ///
    /// ```
    /// use stripe_connect_oauth::server::DisabledReason;
    ///
    /// assert_eq!(DisabledReason::RequirementsPastDue.as_str(), "requirements.past_due");
    /// ```
    #[non_exhaustive]
    pub enum DisabledReason, or else Unrecognized {
        /// `action_required.requested_capabilities`: the platform must ask for capabilities.
        RequestedCapabilities = "action_required.requested_capabilities",
        /// `fields_needed`: what `requirements.past_due` was called before 2019-02-19.
        FieldsNeeded = "fields_needed",
        /// `listed`: the person may be on a list of prohibited ones; Stripe looks into it.
        Listed = "listed",
        /// `other`: Stripe looks into it.
        Other = "other",
        /// `platform_paused`: the platform paused the account.
        PlatformPaused = "platform_paused",
        /// `rejected.fraud`.
        RejectedFraud = "rejected.fraud",
        /// `rejected.incomplete_verification`.
        RejectedIncompleteVerification = "rejected.incomplete_verification",
        /// `rejected.listed`.
        RejectedListed = "rejected.listed",
        /// `rejected.other`.
        RejectedOther = "rejected.other",
        /// `rejected.platform_fraud`.
        RejectedPlatformFraud = "rejected.platform_fraud",
        /// `rejected.platform_other`.
        RejectedPlatformOther = "rejected.platform_other",
        /// `rejected.platform_terms_of_service`.
        RejectedPlatformTermsOfService = "rejected.platform_terms_of_service",
        /// `rejected.terms_of_service`.
        RejectedTermsOfService = "rejected.terms_of_service",
        /// `requirements.past_due`: information is wanted and too late.
        RequirementsPastDue = "requirements.past_due",
        /// `requirements.pending_verification`: information is being checked.
        RequirementsPendingVerification = "requirements.pending_verification",
        /// `under_review`.
        UnderReview = "under_review",
    }
}

impl DisabledReason {
    /// What the reason alone makes of the account.
    pub(super) fn status(&self) -> AccountStatus {
        match self {
            DisabledReason::RequestedCapabilities => AccountStatus::CapabilitiesNeeded,
            DisabledReason::Listed
            | DisabledReason::Other
            | DisabledReason::RequirementsPendingVerification
            | DisabledReason::UnderReview => AccountStatus::InReview,
            DisabledReason::PlatformPaused => AccountStatus::Paused,
            DisabledReason::FieldsNeeded | DisabledReason::RequirementsPastDue => AccountStatus::InformationOverdue,
            DisabledReason::RejectedFraud
            | DisabledReason::RejectedIncompleteVerification
            | DisabledReason::RejectedListed
            | DisabledReason::RejectedOther
            | DisabledReason::RejectedPlatformFraud
            | DisabledReason::RejectedPlatformOther
            | DisabledReason::RejectedPlatformTermsOfService
            | DisabledReason::RejectedTermsOfService => AccountStatus::Rejected,
            // A new kind of rejection is one all the same.
            DisabledReason::Unrecognized(word) if word.starts_with("rejected") => AccountStatus::Rejected,
            DisabledReason::Unrecognized(_) => AccountStatus::Disabled,
        }
    }
}
