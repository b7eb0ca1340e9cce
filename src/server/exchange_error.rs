//! [`ExchangeError`]: why an exchange, or a refresh, gave no token.

use super::http::Response;
use super::stripe_error::StripeError;
use super::token_problem::TokenProblem;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::livemode::Livemode;
use std::fmt;

/// Why an exchange, or a refresh, gave no token.
///
/// ```
/// use stripe_connect_oauth::Livemode;
/// use stripe_connect_oauth::server::{ExchangeError, Response, TokenProblem, read_token};
///
/// let used = r#"{"error":"invalid_grant","error_description":"This authorization code has already been used."}"#;
/// let error = read_token(&Response::json(400, used), Livemode::Test).unwrap_err();
/// assert_eq!(error.problem(), Some(TokenProblem::CodeUsed));
/// assert_eq!(error.stripe_error().map(|error| error.status), Some(400));
/// println!("{}", error.hint()); // for the developers' log
///
/// let lost = read_token(&Response::html(502, "Bad Gateway"), Livemode::Test).unwrap_err();
/// assert!(matches!(lost, ExchangeError::Unknown(_)), "don't send the code again");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExchangeError {
    /// Stripe refused: nothing was connected by this request.
    Refused {
        /// What was wrong, in one word.
        problem: TokenProblem,
        /// What Stripe said.
        error: StripeError,
    },
    /// Nobody knows whether Stripe connected the account: no answer, a server error, or an answer
    /// that can't be read. Don't send the code again; start a new flow, which heals either case.
    Unknown(StripeError),
    /// The same of a Stripe App's refresh: Stripe may have replaced the refresh token, and then this one
    /// is dead. Don't send it again unasked.
    RefreshUnknown(StripeError),
    /// A refresh that had no result, and lost nothing by it: it may be sent again.
    Unavailable(StripeError),
    /// The token is of the other mode than the key: test and live configuration are mixed.
    ModeMismatch {
        /// The mode Stripe answered with.
        livemode: Livemode,
    },
}

impl ExchangeError {
    /// No answer came to an exchange: a timeout or a lost connection.
    ///
    /// ```
    /// use stripe_connect_oauth::server::ExchangeError;
    ///
    /// assert!(matches!(ExchangeError::no_answer(), ExchangeError::Unknown(_)), "it may be connected");
    /// ```
    pub fn no_answer() -> ExchangeError {
        ExchangeError::Unknown(StripeError::no_answer())
    }

    /// No answer came to a refresh in `flow`.
    ///
    /// ```
    /// use stripe_connect_oauth::Flow;
    /// use stripe_connect_oauth::server::ExchangeError;
    ///
    /// assert!(matches!(ExchangeError::no_refresh(Flow::Standard), ExchangeError::Unavailable(_)), "ask again");
    /// assert!(matches!(ExchangeError::no_refresh(Flow::App), ExchangeError::RefreshUnknown(_)), "it may be dead");
    /// ```
    pub fn no_refresh(flow: Flow) -> ExchangeError {
        ExchangeError::unreadable(Grant::Refresh(flow), StripeError::no_answer())
    }

    pub(super) fn unreadable(grant: Grant, error: StripeError) -> ExchangeError {
        match grant {
            Grant::Code => ExchangeError::Unknown(error),
            Grant::Refresh(Flow::App) => ExchangeError::RefreshUnknown(error),
            Grant::Refresh(_) => ExchangeError::Unavailable(error),
        }
    }

    /// A reply that is no success.
    pub(super) fn read(grant: Grant, reply: &Response) -> ExchangeError {
        let error = StripeError::read(reply);
        if error.is_ambiguous() {
            return ExchangeError::unreadable(grant, error);
        }
        match (TokenProblem::of(&error), grant) {
            // What Stripe did not look at may be sent again, and replaced nothing.
            (_, Grant::Refresh(_)) if error.is_busy() => ExchangeError::Unavailable(error),
            (TokenProblem::ModeMismatch, _) => {
                ExchangeError::Refused { problem: TokenProblem::ModeMismatch, error }
            }
            (_, Grant::Refresh(_)) if error.is("invalid_grant") => {
                ExchangeError::Refused { problem: TokenProblem::RefreshTokenUnknown, error }
            }
            (problem, _) => ExchangeError::Refused { problem, error },
        }
    }

    /// What Stripe said, if it said anything against it.
    pub fn stripe_error(&self) -> Option<&StripeError> {
        match self {
            ExchangeError::Refused { error, .. }
            | ExchangeError::Unknown(error)
            | ExchangeError::RefreshUnknown(error)
            | ExchangeError::Unavailable(error) => Some(error),
            ExchangeError::ModeMismatch { .. } => None,
        }
    }

    /// What was wrong with the request, when Stripe refused it.
    pub fn problem(&self) -> Option<TokenProblem> {
        match self {
            ExchangeError::Refused { problem, .. } => Some(*problem),
            _ => None,
        }
    }

    /// What the developer should do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ExchangeError::Refused { problem, .. } => problem.hint(),
            ExchangeError::ModeMismatch { .. } => TokenProblem::ModeMismatch.hint(),
            ExchangeError::Unknown(_) => {
                "do not send the code again: let the person connect once more, which heals either case"
            }
            ExchangeError::RefreshUnknown(_) => {
                "Stripe may have replaced the refresh token without telling: let the person connect again"
            }
            ExchangeError::Unavailable(_) => "nothing is lost: try again in a moment",
        }
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExchangeError::Refused { error, .. }
            | ExchangeError::Unknown(error)
            | ExchangeError::RefreshUnknown(error)
            | ExchangeError::Unavailable(error) => write!(f, "{error}")?,
            ExchangeError::ModeMismatch { livemode } => {
                write!(
                    f,
                    "Stripe connected the account with livemode {}, the key's is the other",
                    livemode.as_bool()
                )?;
            }
        }
        write!(f, "; {}", self.hint())
    }
}

impl std::error::Error for ExchangeError {}

/// What was given for a token.
#[derive(Clone, Copy)]
pub(super) enum Grant {
    Code,
    Refresh(Flow),
}
