//! What Stripe refuses a platform for the sake of its own settings: [`Fault`]s, each with Stripe's words.

use super::api::not_a_platform;
use super::authorize::standard_disabled;
use super::fault::Fault;
use super::refusal::Refusal;

/// The refusals of `POST /v1/accounts` that come without a code.
const OF_CREATION: [(Fault, &str); 8] = [
    (
        Fault::NotSignedUp,
        "You can only create new accounts if you've signed up for Connect, which you can do at \
         https://dashboard.stripe.com/connect.",
    ),
    (
        Fault::LossesNotAcknowledged,
        "Please review the responsibilities of managing losses for connected accounts at \
         https://dashboard.stripe.com/settings/connect/platform-profile.",
    ),
    (
        Fault::RequirementsNotAcknowledged,
        "Please review the responsibilities of collecting requirements for connected accounts at \
         https://dashboard.stripe.com/settings/connect/platform-profile.",
    ),
    (
        Fault::ProfileNotCompleted,
        "You must complete your platform profile to use Connect and create live connected accounts. Visit your \
         dashboard at https://dashboard.stripe.com/connect/accounts/overview to answer the questionnaire.",
    ),
    (
        Fault::NotActivated,
        "Your account must be activated in order to create accounts. You can activate your accounts at \
         https://dashboard.stripe.com/account/onboarding.",
    ),
    (
        Fault::AccountsV1Closed,
        "Stripe no longer recommends Accounts v1 for new Connect integrations. Create connected accounts with POST \
         /v2/core/accounts instead: https://docs.stripe.com/api/v2/core/accounts. Read more about Accounts v2: \
         https://docs.stripe.com/connect/accounts-v2/account-creation. If your integration requires v1 account \
         creation for a supported compatibility scenario, enable Accounts v1 support in the Dashboard: \
         https://dashboard.stripe.com/settings/developers/api-policies/feat_accounts_v1_support.",
    ),
    (Fault::AccountTokenRequired, "Connect platforms based in FR must create Custom accounts via account tokens."),
    (
        Fault::ControllerNotSupported,
        "When stripe_dashboard[type]=express, your platform must collect fees and be liable for negative balances.",
    ),
];

impl Fault {
    /// What `POST /v1/accounts` says to the platform.
    pub(super) fn of_creation(self) -> Option<Refusal> {
        if self == Fault::NotAPlatform {
            return Some(not_a_platform());
        }
        let (_, text) = OF_CREATION.iter().find(|(fault, _)| *fault == self)?;
        Some(Refusal::invalid(400, *text))
    }

    /// What a platform is told, there or on the authorize page.
    pub(super) fn of_settings(self) -> Option<Refusal> {
        let of_page = (self == Fault::StandardOauthDisabled).then(standard_disabled);
        of_page.or_else(|| self.of_creation())
    }
}
