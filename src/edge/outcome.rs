//! How the handler takes an [`Outcome`], and what Stripe's errors are as outcomes.

use crate::server::{AccountError, DeauthorizeError, ExchangeError, TokenProblem};

pub use crate::vocabulary::outcome::{Next, Outcome};

impl Outcome {
    /// Whether a page of its own tells of it. No link can ask for something to be confirmed, and nobody but Stripe
    /// hears how a webhook ended.
    pub(crate) const fn has_page(self) -> bool {
        match self.next() {
            Next::Done => self.is_said(),
            Next::Confirm | Next::Resend => false,
            _ => true,
        }
    }

    /// Whether it was done, and people are told so: else they see it by where it leads.
    pub(crate) const fn is_said(self) -> bool {
        matches!(self, Outcome::Connected | Outcome::Disconnected | Outcome::Forgotten)
    }

    /// Whether what was asked for was done.
    pub(crate) const fn is_success(self) -> bool {
        matches!(self.next(), Next::Done)
    }

    /// Whether loading the same address again can still finish: then the answer stays there.
    pub(crate) const fn asks_to_reload(self) -> bool {
        matches!(self.next(), Next::Reload)
    }

    /// Whether the way on is to connect, or connect again.
    pub(crate) const fn asks_to_connect(self) -> bool {
        matches!(self.next(), Next::Connect)
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
                TokenProblem::CapabilityNotGranted => Outcome::CapabilityNotGranted,
                _ => Outcome::Refused,
            },
            _ => Outcome::Unknown,
        }
    }
}

impl From<&DeauthorizeError> for Outcome {
    fn from(error: &DeauthorizeError) -> Outcome {
        match error {
            DeauthorizeError::NotYours(_) => Outcome::NotOurs,
            DeauthorizeError::Controlled(_) => Outcome::Controlled,
            DeauthorizeError::ModeMismatch(_) => Outcome::ModeMismatch,
            DeauthorizeError::Refused(_) => Outcome::NotDisconnected,
            DeauthorizeError::Unknown(_) => Outcome::DisconnectUnknown,
        }
    }
}

impl From<&AccountError> for Outcome {
    fn from(error: &AccountError) -> Outcome {
        match error {
            AccountError::Revoked(_) => Outcome::Revoked,
            AccountError::Unreachable { .. } => Outcome::Unreachable,
            AccountError::PlatformNotReady { .. } => Outcome::PlatformNotReady,
            AccountError::MissingPermission(_) => Outcome::MissingPermission,
            AccountError::Refused(_) => Outcome::StripeRefused,
            AccountError::Unavailable(_) => Outcome::StripeUnavailable,
        }
    }
}
