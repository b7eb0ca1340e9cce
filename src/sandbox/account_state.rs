//! [`AccountState`]: how Stripe sees a made-up account.

use crate::vocabulary::words::words;

words! {
    /// How Stripe sees an account: what it may do, and what is asked of it.
    ///
    /// ```
    /// use stripe_connect_oauth::sandbox::AccountState;
    ///
    /// assert_eq!(AccountState::parse("in_review")?, AccountState::InReview);
    /// assert_eq!(AccountState::default().as_str(), "active");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    #[derive(Default)]
    #[non_exhaustive]
    pub enum AccountState("state") {
        /// `active`: it takes payments and is paid out.
        #[default]
        Active = "active",
        /// `onboarding`: its owner has not finished Stripe's form (`details_submitted` is false).
        Onboarding = "onboarding",
        /// `information_due`: it works, and information is wanted within 14 days.
        InformationDue = "information_due",
        /// `restricted`: information is past due, so neither payments nor payouts work.
        Restricted = "restricted",
        /// `in_review`: neither works while Stripe looks into it (`under_review`).
        InReview = "in_review",
        /// `payouts_paused`: it takes payments and is not paid out.
        PayoutsPaused = "payouts_paused",
        /// `paused`: the platform paused it (`platform_paused`).
        Paused = "paused",
        /// `rejected`: for good (`rejected.terms_of_service`).
        Rejected = "rejected",
    }
}

impl AccountState {
    /// The state in a person's words.
    pub(super) const fn label(self) -> &'static str {
        match self {
            AccountState::Active => "Active",
            AccountState::Onboarding => "Not finished",
            AccountState::InformationDue => "Information due",
            AccountState::Restricted => "Restricted",
            AccountState::InReview => "In review",
            AccountState::PayoutsPaused => "Payouts paused",
            AccountState::Paused => "Paused by the platform",
            AccountState::Rejected => "Rejected",
        }
    }

    pub(super) const fn details_submitted(self) -> bool {
        !matches!(self, AccountState::Onboarding)
    }

    pub(super) const fn charges_enabled(self) -> bool {
        matches!(self, AccountState::Active | AccountState::InformationDue | AccountState::PayoutsPaused)
    }

    pub(super) const fn payouts_enabled(self) -> bool {
        matches!(self, AccountState::Active | AccountState::InformationDue)
    }

    /// What a capability is in this state.
    pub(super) const fn capability(self) -> &'static str {
        match self {
            AccountState::InReview => "pending",
            _ if self.charges_enabled() => "active",
            _ => "inactive",
        }
    }

    pub(super) const fn disabled_reason(self) -> Option<&'static str> {
        match self {
            AccountState::Onboarding | AccountState::Restricted => Some("requirements.past_due"),
            AccountState::InReview => Some("under_review"),
            AccountState::Paused => Some("platform_paused"),
            AccountState::Rejected => Some("rejected.terms_of_service"),
            AccountState::Active | AccountState::InformationDue | AccountState::PayoutsPaused => None,
        }
    }

    /// What Stripe asks for now.
    pub(super) const fn currently_due(self) -> &'static [&'static str] {
        match self {
            AccountState::Onboarding => &[
                "business_profile.product_description",
                "business_profile.url",
                "external_account",
                "tos_acceptance.date",
                "tos_acceptance.ip",
            ],
            AccountState::InformationDue | AccountState::Restricted => &["individual.verification.document"],
            _ => &[],
        }
    }

    pub(super) const fn past_due(self) -> &'static [&'static str] {
        match self {
            AccountState::Onboarding => &["external_account", "tos_acceptance.date", "tos_acceptance.ip"],
            AccountState::Restricted => self.currently_due(),
            _ => &[],
        }
    }
}
