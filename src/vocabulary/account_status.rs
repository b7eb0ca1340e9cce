//! [`AccountStatus`]: how an account is, in one word, and [`NextStep`]: who does what about it.

use super::words::words;

words! {
    /// How an account is, in one word: what a platform shows its user.
    ///
    /// ```
    /// use stripe_connect_oauth::{AccountStatus, Language, NextStep};
    ///
    /// let status = AccountStatus::FinishOnboarding; // of `server::Account::status`
    /// assert_eq!(status.next_step(), NextStep::GiveInformation);
    /// println!("{}", status.hint());
    /// println!("{}", status.hint_in(&Language::GERMAN));
    ///
    /// assert_eq!(status.as_str(), "finish_onboarding");
    /// assert_eq!(AccountStatus::parse("active"), Some(AccountStatus::Active));
    /// ```
    #[non_exhaustive]
    pub enum AccountStatus {
        /// It takes payments and is paid out, and nothing is asked for.
        Active = "active",
        /// It works, and Stripe asks for information by a deadline.
        InformationDue = "information_due",
        /// Its owner has not finished Stripe's form.
        FinishOnboarding = "finish_onboarding",
        /// It is restricted until its owner gives information that is overdue.
        InformationOverdue = "information_overdue",
        /// It is restricted until the platform asks Stripe for capabilities.
        CapabilitiesNeeded = "capabilities_needed",
        /// It is restricted while Stripe checks it.
        InReview = "in_review",
        /// It is restricted, and Stripe gives no reason: it does not show everyone what it asks of an account.
        Restricted = "restricted",
        /// It takes payments, but is not paid out.
        PayoutsPaused = "payouts_paused",
        /// It is paid out, but can't take payments.
        ChargesPaused = "charges_paused",
        /// The platform paused it.
        Paused = "paused",
        /// Stripe or the platform rejected it, for good.
        Rejected = "rejected",
        /// It is disabled, for a reason of Stripe's that is not known here.
        Disabled = "disabled",
    }
}

words! {
    /// Who does what next about an account.
    ///
    /// ```
    /// use stripe_connect_oauth::{AccountStatus, NextStep};
    ///
    /// assert_eq!(AccountStatus::InReview.next_step(), NextStep::Wait);
    /// assert_eq!(NextStep::AskStripe.as_str(), "ask_stripe");
    /// assert_eq!(NextStep::parse("nothing"), Some(NextStep::Nothing));
    /// ```
    #[non_exhaustive]
    pub enum NextStep {
        /// Nobody has to do anything.
        Nothing = "nothing",
        /// The owner gives Stripe information: through an account link (`server::create_account_link`) for an
        /// account the platform made, else in the dashboard at `dashboard.stripe.com`.
        GiveInformation = "give_information",
        /// Wait for Stripe.
        Wait = "wait",
        /// The platform acts: it asks for capabilities, or takes its own pause back.
        PlatformActs = "platform_acts",
        /// The owner looks into the dashboard at `dashboard.stripe.com`: more may stand there than we are told.
        LookAtDashboard = "look_at_dashboard",
        /// The owner asks Stripe's support.
        AskStripe = "ask_stripe",
    }
}

impl AccountStatus {
    /// Who does what next.
    pub const fn next_step(self) -> NextStep {
        match self {
            AccountStatus::Active => NextStep::Nothing,
            AccountStatus::InformationDue | AccountStatus::FinishOnboarding | AccountStatus::InformationOverdue => {
                NextStep::GiveInformation
            }
            AccountStatus::InReview => NextStep::Wait,
            AccountStatus::CapabilitiesNeeded | AccountStatus::Paused => NextStep::PlatformActs,
            AccountStatus::Restricted | AccountStatus::PayoutsPaused | AccountStatus::ChargesPaused => {
                NextStep::LookAtDashboard
            }
            AccountStatus::Rejected | AccountStatus::Disabled => NextStep::AskStripe,
        }
    }
}
