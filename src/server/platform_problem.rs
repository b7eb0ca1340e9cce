//! [`PlatformProblem`]: what only the platform's operator can mend, in Stripe's dashboard.

use super::stripe_error::StripeError;
use crate::vocabulary::words::words;

words! {
    /// Why Stripe lets a platform make no accounts, or no links for them. Nothing that the account's owner does changes
    /// it, and Stripe's own text would mislead them: its "your account" is the platform's.
    ///
    /// ```
    /// use stripe_connect_oauth::server::{AccountError, PlatformProblem};
    ///
    /// /// What to mail to the platform's operator: nothing is wrong with the account's owner.
    /// fn mail(error: &AccountError) -> Option<String> {
    ///     let problem = error.problem()?;
    ///     Some(format!("{}: {}", problem.as_str(), problem.hint()))
    /// }
    /// # let _ = mail;
    /// assert_eq!(PlatformProblem::parse("not_activated"), Some(PlatformProblem::NotActivated));
    /// ```
    #[non_exhaustive]
    pub enum PlatformProblem {
        /// The platform has not signed up for Connect.
        NotSignedUp = "not_signed_up",
        /// It has not acknowledged its duties: managing losses, collecting requirements, or both.
        ResponsibilitiesNotAcknowledged = "responsibilities_not_acknowledged",
        /// Its platform profile is not completed, or its identity not verified.
        ProfileNotCompleted = "profile_not_completed",
        /// Its own account is not activated.
        NotActivated = "not_activated",
        /// Stripe has closed the creation of Accounts v1 to it, as to all new platforms since August 2026.
        AccountsV1Closed = "accounts_v1_closed",
        /// Platforms of its country, such as France, make accounts with account tokens.
        AccountTokenRequired = "account_token_required",
        /// The platform may not make accounts with such a dashboard, or such responsibilities.
        ControllerNotSupported = "controller_not_supported",
        /// The key is of an account that is no Connect platform.
        NotAPlatform = "not_a_platform",
    }
}

/// Parts of Stripe's texts, most of which come without a code, and the codes, where a final `_` stands for any
/// ending. Those of Accounts v2 are there too.
const ROWS: [(PlatformProblem, &[&str], &[&str]); 8] = [
    (PlatformProblem::NotSignedUp, &["signed up for Connect"], &["platform_registration_required"]),
    (
        PlatformProblem::ResponsibilitiesNotAcknowledged,
        &["review the responsibilities of"],
        &[
            "account_creation_liability_unacknowledged",
            "account_creation_requirement_collection_unacknowledged",
            "account_creation_requirement_collection_and_liability_unacknowledged",
        ],
    ),
    (
        PlatformProblem::ProfileNotCompleted,
        &["complete your platform profile"],
        &["connect_profile_not_submitted", "connect_identity_not_verified"],
    ),
    (PlatformProblem::NotActivated, &["account must be activated"], &["account_create_activation_required"]),
    (PlatformProblem::AccountsV1Closed, &["no longer recommends Accounts v1"], &[]),
    (PlatformProblem::AccountTokenRequired, &["via account tokens"], &["account_token_required_for_v2_account"]),
    (PlatformProblem::ControllerNotSupported, &["stripe_dashboard[type]"], &["account_controller_"]),
    (
        PlatformProblem::NotAPlatform,
        &["Only Stripe Connect platforms can work with other accounts"],
        &["platform_account_required"],
    ),
];

impl PlatformProblem {
    /// The problem that a refusal of Stripe's tells of.
    pub(super) fn of(error: &StripeError) -> Option<PlatformProblem> {
        let code = error.error.as_deref().unwrap_or_default();
        let is_it = |known: &&str| code == *known || known.ends_with('_') && code.starts_with(known);
        let found = ROWS
            .iter()
            .find(|(_, texts, codes)| codes.iter().any(is_it) || texts.iter().any(|text| error.says(text)));
        found.map(|(problem, ..)| *problem)
    }

    /// What the platform's operator should do about it, and where.
    pub const fn hint(self) -> &'static str {
        match self {
            PlatformProblem::NotSignedUp => {
                "sign the platform up for Connect: Get started at https://dashboard.stripe.com/connect"
            }
            PlatformProblem::ResponsibilitiesNotAcknowledged => {
                "acknowledge the platform's responsibilities at \
                 https://dashboard.stripe.com/settings/connect/platform-profile; Stripe may review that first"
            }
            PlatformProblem::ProfileNotCompleted => {
                "complete the platform's profile at https://dashboard.stripe.com/connect/accounts/overview"
            }
            PlatformProblem::NotActivated => {
                "activate the platform's own account at https://dashboard.stripe.com/account/onboarding; Stripe's \
                 review may take days"
            }
            PlatformProblem::AccountsV1Closed => {
                "turn on Accounts v1 support, in each mode and sandbox by itself, at \
                 https://dashboard.stripe.com/settings/developers/api-policies/feat_accounts_v1_support"
            }
            PlatformProblem::AccountTokenRequired => {
                "platforms of this country make accounts with account tokens \
                 (https://docs.stripe.com/connect/account-tokens), which this library does not: let people connect \
                 an account of their own"
            }
            PlatformProblem::ControllerNotSupported => {
                "the platform may not make accounts of this kind: see Stripe's description and \
                 https://dashboard.stripe.com/settings/connect"
            }
            PlatformProblem::NotAPlatform => {
                "secret_key is not a Connect platform's: give the platform's key, or sign up for Connect at \
                 https://dashboard.stripe.com/connect"
            }
        }
    }
}
