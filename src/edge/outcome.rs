//! [`Outcome`]: how a flow ended, in the words a person reads.

use crate::callback::{Callback, Rejection};
use crate::server::{ExchangeError, TokenProblem};

/// How a request of the flow ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The account is connected and kept.
    Connected,
    /// The person said no at Stripe.
    Denied,
    /// The callback was refused: nothing was sent to Stripe.
    Rejected(Rejection),
    /// Stripe sent an error of its own instead of a code.
    Failed,
    /// The platform's configuration changed under the flow, or belongs to another flow.
    ConfigMismatch,
    /// The code was used before; Stripe has revoked what it gave.
    CodeUsed,
    /// The code was older than five minutes.
    CodeExpired,
    /// Stripe refused the exchange for another reason.
    Refused,
    /// Test and live configuration are mixed.
    ModeMismatch,
    /// Nobody knows whether Stripe connected the account.
    Unknown,
    /// Stripe connected the account, but the store did not keep it.
    NotSaved,
    /// The store did not answer before anything was sent to Stripe.
    StoreUnavailable,
    /// The first request for this callback is still at work.
    StillWorking,
    /// Nobody is signed in at the platform.
    NotSignedIn,
    /// Another site asked for the flow to start.
    CrossSite,
}

impl Outcome {
    const ALL: [Outcome; 25] = [
        Outcome::Connected,
        Outcome::Denied,
        Outcome::Rejected(Rejection::StateMismatch),
        Outcome::Rejected(Rejection::StateMissing),
        Outcome::Rejected(Rejection::DuplicateParameter),
        Outcome::Rejected(Rejection::ConflictingParameters),
        Outcome::Rejected(Rejection::Malformed),
        Outcome::Rejected(Rejection::TooLong),
        Outcome::Rejected(Rejection::UnexpectedIssuer),
        Outcome::Rejected(Rejection::NotStarted),
        Outcome::Rejected(Rejection::Expired),
        Outcome::Rejected(Rejection::AnotherSubject),
        Outcome::Rejected(Rejection::AlreadyUsed),
        Outcome::Failed,
        Outcome::ConfigMismatch,
        Outcome::CodeUsed,
        Outcome::CodeExpired,
        Outcome::Refused,
        Outcome::ModeMismatch,
        Outcome::Unknown,
        Outcome::NotSaved,
        Outcome::StoreUnavailable,
        Outcome::StillWorking,
        Outcome::NotSignedIn,
        Outcome::CrossSite,
    ];

    /// The outcome's name: in JSON, in the store and in the result page's path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Connected => "connected",
            Outcome::Denied => "denied",
            Outcome::Rejected(rejection) => rejection.as_str(),
            Outcome::Failed => "failed",
            Outcome::ConfigMismatch => "config_mismatch",
            Outcome::CodeUsed => "code_used",
            Outcome::CodeExpired => "code_expired",
            Outcome::Refused => "refused",
            Outcome::ModeMismatch => "mode_mismatch",
            Outcome::Unknown => "unknown",
            Outcome::NotSaved => "not_saved",
            Outcome::StoreUnavailable => "store_unavailable",
            Outcome::StillWorking => "still_working",
            Outcome::NotSignedIn => "not_signed_in",
            Outcome::CrossSite => "cross_site",
        }
    }

    /// The outcome by its name.
    pub fn parse(name: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }

    /// The HTTP status of a reply that says so.
    pub const fn status(self) -> u16 {
        match self {
            Outcome::Connected | Outcome::Denied => 200,
            Outcome::StillWorking => 202,
            Outcome::NotSignedIn => 401,
            Outcome::Rejected(Rejection::AnotherSubject) | Outcome::CrossSite => 403,
            Outcome::CodeUsed | Outcome::Rejected(Rejection::AlreadyUsed) => 409,
            Outcome::Rejected(_) | Outcome::CodeExpired => 400,
            Outcome::Failed | Outcome::Refused | Outcome::Unknown => 502,
            Outcome::ConfigMismatch | Outcome::ModeMismatch => 500,
            Outcome::NotSaved | Outcome::StoreUnavailable => 503,
        }
    }

    /// The page's heading.
    pub const fn title(self) -> &'static str {
        match self {
            Outcome::Connected => "Your Stripe account is connected",
            Outcome::Denied => "You cancelled",
            Outcome::Rejected(Rejection::Expired) => "That took too long",
            Outcome::Rejected(Rejection::AnotherSubject) => "Another user started this",
            Outcome::Rejected(Rejection::AlreadyUsed) => "Already finished",
            Outcome::Rejected(_) => "That link did not work",
            Outcome::CodeUsed | Outcome::CodeExpired => "Please connect again",
            Outcome::Failed | Outcome::Refused => "Stripe could not connect your account",
            Outcome::ConfigMismatch | Outcome::ModeMismatch => "We made a mistake",
            Outcome::Unknown => "We are not sure it worked",
            Outcome::NotSaved => "Almost done",
            Outcome::StoreUnavailable => "Please try again in a moment",
            Outcome::StillWorking => "Still connecting",
            Outcome::NotSignedIn => "Please sign in",
            Outcome::CrossSite => "Do you want to connect Stripe?",
        }
    }

    /// What happened and what to do, in plain English.
    pub const fn hint(self) -> &'static str {
        match self {
            Outcome::Connected => "You can close this page.",
            Outcome::Denied => Callback::Denied { verified: true, untrusted_description: None }.hint(),
            Outcome::Rejected(rejection) => Callback::Rejected(rejection).hint(),
            Outcome::Failed | Outcome::Refused => {
                "Stripe did not accept the request. Nothing was connected. Please try again; if it happens again, tell us."
            }
            Outcome::ConfigMismatch | Outcome::ModeMismatch => {
                "Our connection to Stripe is set up wrongly, and we have been told. Nothing was charged. Please try again later."
            }
            Outcome::CodeUsed => {
                "The answer from Stripe had been used before, so Stripe withdrew it for safety. Please connect again."
            }
            Outcome::CodeExpired => {
                "The answer from Stripe was more than five minutes old. Nothing was connected. Please connect again."
            }
            Outcome::Unknown => {
                "Stripe did not tell us whether your account is connected. Please connect again: if it already worked, this only confirms it."
            }
            Outcome::NotSaved => {
                "Stripe has connected your account, but we could not save it. Please connect once more to finish; nothing is done twice."
            }
            Outcome::StoreUnavailable => {
                "We could not reach our own records, so nothing was sent to Stripe. Please reload this page."
            }
            Outcome::StillWorking => "Your account is being connected. Please reload this page in a few seconds.",
            Outcome::NotSignedIn => "Sign in first, in another tab if you like, then reload this page.",
            Outcome::CrossSite => {
                "This request came from another website. If you want to connect your Stripe account, press the button."
            }
        }
    }
}

impl From<&ExchangeError> for Outcome {
    fn from(error: &ExchangeError) -> Outcome {
        match error {
            ExchangeError::ModeMismatch { .. } => Outcome::ModeMismatch,
            ExchangeError::Refused { problem, .. } => match problem {
                TokenProblem::CodeUsed => Outcome::CodeUsed,
                TokenProblem::CodeExpired => Outcome::CodeExpired,
                TokenProblem::ModeMismatch => Outcome::ModeMismatch,
                _ => Outcome::Refused,
            },
            _ => Outcome::Unknown,
        }
    }
}
