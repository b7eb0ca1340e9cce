//! [`AccountStatus`]: how an account is, in one word, and what comes next.

/// Why Stripe disabled an account (`docs.stripe.com/api/accounts/object`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisabledReason {
    /// `action_required.requested_capabilities`: the platform must ask for capabilities.
    RequestedCapabilities,
    /// `listed`: the person may be on a list of prohibited ones; Stripe looks into it.
    Listed,
    /// `other`: Stripe looks into it.
    Other,
    /// `platform_paused`: the platform paused the account.
    PlatformPaused,
    /// `rejected.fraud`.
    RejectedFraud,
    /// `rejected.incomplete_verification`.
    RejectedIncompleteVerification,
    /// `rejected.listed`.
    RejectedListed,
    /// `rejected.other`.
    RejectedOther,
    /// `rejected.platform_fraud`.
    RejectedPlatformFraud,
    /// `rejected.platform_other`.
    RejectedPlatformOther,
    /// `rejected.platform_terms_of_service`.
    RejectedPlatformTermsOfService,
    /// `rejected.terms_of_service`.
    RejectedTermsOfService,
    /// `requirements.past_due`: information is wanted and too late.
    RequirementsPastDue,
    /// `requirements.pending_verification`: information is being checked.
    RequirementsPendingVerification,
    /// `under_review`.
    UnderReview,
    /// A word that was not known when this was written.
    Unrecognized(String),
}

impl DisabledReason {
    const KNOWN: [DisabledReason; 15] = [
        DisabledReason::RequestedCapabilities,
        DisabledReason::Listed,
        DisabledReason::Other,
        DisabledReason::PlatformPaused,
        DisabledReason::RejectedFraud,
        DisabledReason::RejectedIncompleteVerification,
        DisabledReason::RejectedListed,
        DisabledReason::RejectedOther,
        DisabledReason::RejectedPlatformFraud,
        DisabledReason::RejectedPlatformOther,
        DisabledReason::RejectedPlatformTermsOfService,
        DisabledReason::RejectedTermsOfService,
        DisabledReason::RequirementsPastDue,
        DisabledReason::RequirementsPendingVerification,
        DisabledReason::UnderReview,
    ];

    /// Reads Stripe's word for it.
    pub(crate) fn read(word: &str) -> DisabledReason {
        let known = DisabledReason::KNOWN.into_iter().find(|reason| reason.as_str() == word);
        known.unwrap_or_else(|| DisabledReason::Unrecognized(word.to_owned()))
    }

    /// Stripe's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            DisabledReason::RequestedCapabilities => "action_required.requested_capabilities",
            DisabledReason::Listed => "listed",
            DisabledReason::Other => "other",
            DisabledReason::PlatformPaused => "platform_paused",
            DisabledReason::RejectedFraud => "rejected.fraud",
            DisabledReason::RejectedIncompleteVerification => "rejected.incomplete_verification",
            DisabledReason::RejectedListed => "rejected.listed",
            DisabledReason::RejectedOther => "rejected.other",
            DisabledReason::RejectedPlatformFraud => "rejected.platform_fraud",
            DisabledReason::RejectedPlatformOther => "rejected.platform_other",
            DisabledReason::RejectedPlatformTermsOfService => "rejected.platform_terms_of_service",
            DisabledReason::RejectedTermsOfService => "rejected.terms_of_service",
            DisabledReason::RequirementsPastDue => "requirements.past_due",
            DisabledReason::RequirementsPendingVerification => "requirements.pending_verification",
            DisabledReason::UnderReview => "under_review",
            DisabledReason::Unrecognized(word) => word,
        }
    }

    /// What the reason alone makes of the account.
    pub(super) fn status(&self) -> AccountStatus {
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

/// How an account is, in one word: what a platform shows its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountStatus {
    /// It takes payments and is paid out, and nothing is asked for.
    Active,
    /// It works, and Stripe asks for information by a deadline.
    InformationDue,
    /// Its owner has not finished Stripe's form.
    FinishOnboarding,
    /// It is restricted until its owner gives information that is overdue.
    InformationOverdue,
    /// It is restricted until the platform asks Stripe for capabilities.
    CapabilitiesNeeded,
    /// It is restricted while Stripe checks it.
    InReview,
    /// It takes payments, but is not paid out.
    PayoutsPaused,
    /// It is paid out, but can't take payments.
    ChargesPaused,
    /// The platform paused it.
    Paused,
    /// Stripe or the platform rejected it, for good.
    Rejected,
    /// It is disabled, and Stripe gives no reason that is known here.
    Disabled,
}

/// Who does what next about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NextStep {
    /// Nobody has to do anything.
    Nothing,
    /// The owner gives Stripe information: through [`create_account_link`](super::create_account_link) for an
    /// account the platform made, else in the dashboard at `dashboard.stripe.com`.
    GiveInformation,
    /// Wait for Stripe.
    Wait,
    /// The platform acts: it asks for capabilities, or takes its own pause back.
    PlatformActs,
    /// The owner asks Stripe's support.
    AskStripe,
}

impl AccountStatus {
    /// The status's name: in JSON and for JavaScript.
    pub const fn as_str(self) -> &'static str {
        match self {
            AccountStatus::Active => "active",
            AccountStatus::InformationDue => "information_due",
            AccountStatus::FinishOnboarding => "finish_onboarding",
            AccountStatus::InformationOverdue => "information_overdue",
            AccountStatus::CapabilitiesNeeded => "capabilities_needed",
            AccountStatus::InReview => "in_review",
            AccountStatus::PayoutsPaused => "payouts_paused",
            AccountStatus::ChargesPaused => "charges_paused",
            AccountStatus::Paused => "paused",
            AccountStatus::Rejected => "rejected",
            AccountStatus::Disabled => "disabled",
        }
    }

    /// Who does what next.
    pub const fn next_step(self) -> NextStep {
        match self {
            AccountStatus::Active => NextStep::Nothing,
            AccountStatus::InformationDue | AccountStatus::FinishOnboarding | AccountStatus::InformationOverdue => {
                NextStep::GiveInformation
            }
            AccountStatus::InReview => NextStep::Wait,
            AccountStatus::CapabilitiesNeeded | AccountStatus::Paused => NextStep::PlatformActs,
            AccountStatus::PayoutsPaused
            | AccountStatus::ChargesPaused
            | AccountStatus::Rejected
            | AccountStatus::Disabled => NextStep::AskStripe,
        }
    }

    /// What it means and what to do, in plain English for the account's owner.
    pub const fn hint(self) -> &'static str {
        match self {
            AccountStatus::Active => "Your Stripe account is ready.",
            AccountStatus::InformationDue => {
                "Your Stripe account works. Stripe needs some more information to keep it so: please give it soon."
            }
            AccountStatus::FinishOnboarding => {
                "Your Stripe account is not finished. Please complete the remaining steps with Stripe."
            }
            AccountStatus::InformationOverdue => {
                "Stripe has limited your account until it gets some information. Please give it to Stripe."
            }
            AccountStatus::CapabilitiesNeeded => {
                "We have to ask Stripe to enable your account. There is nothing you need to do."
            }
            AccountStatus::InReview => "Stripe is checking your account. This can take some days; please wait.",
            AccountStatus::PayoutsPaused => {
                "Your account takes payments, but Stripe does not pay them out. Please look into your Stripe dashboard."
            }
            AccountStatus::ChargesPaused => {
                "Your account can't take payments at the moment. Please look into your Stripe dashboard."
            }
            AccountStatus::Paused => "We have paused your account. Please ask us why.",
            AccountStatus::Rejected => {
                "This Stripe account was closed and can't be used. Please ask Stripe's support."
            }
            AccountStatus::Disabled => "Stripe has disabled your account. Please ask Stripe's support.",
        }
    }
}

impl NextStep {
    /// The step's name: in JSON and for JavaScript.
    pub const fn as_str(self) -> &'static str {
        match self {
            NextStep::Nothing => "nothing",
            NextStep::GiveInformation => "give_information",
            NextStep::Wait => "wait",
            NextStep::PlatformActs => "platform_acts",
            NextStep::AskStripe => "ask_stripe",
        }
    }
}
