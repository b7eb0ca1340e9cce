//! [`AccountError`]: why the API gave no account, or no link.

use super::deauthorize::DeauthorizeError;
use super::http::Response;
use super::object::{Object, Unreadable};
use super::platform_problem::PlatformProblem;
use super::stripe_error::StripeError;
use std::fmt;

/// Why the API gave no account, or no link.
///
/// ```
/// use stripe_connect_oauth::server::{AccountError, Response, read_account};
///
/// let denied = r#"{"error":{"code":"account_invalid","message":"The key does not have access to acct_1"}}"#;
/// let error = read_account(&Response::json(403, denied)).unwrap_err();
/// assert!(matches!(error, AccountError::Revoked(_)), "perhaps: see `proven`");
/// assert_eq!(error.stripe_error().status, 403);
/// assert_eq!(error.problem(), None, "nothing that the platform's operator has to mend");
/// println!("{}", error.hint());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountError {
    /// The key has no access to the account: its owner disconnected it, it does not exist, or the key is another
    /// platform's. Stripe says the same of all three, so let [`AccountError::proven`] tell before anything is
    /// ended.
    Revoked(StripeError),
    /// The key has no access to the account, and whether it is the right platform's is not sure or not so: nothing
    /// is known of the account.
    Unreachable {
        /// What Stripe said of the account.
        error: StripeError,
        /// What it said of key and client id; [`DeauthorizeError::NotYours`] if they are two platforms'.
        doubt: Box<DeauthorizeError>,
    },
    /// Stripe makes no accounts or links for this platform, until its operator has done something.
    PlatformNotReady {
        /// What there is to do.
        problem: PlatformProblem,
        /// What Stripe said.
        error: StripeError,
    },
    /// The key may not do this (any other 403). The account may be connected all the same.
    MissingPermission(StripeError),
    /// Stripe refused for another reason: see its description.
    Refused(StripeError),
    /// No answer, a server error, too many requests, or an answer that can't be read. It may be sent
    /// again, a `POST` with the same idempotency key.
    Unavailable(StripeError),
}

impl AccountError {
    /// No answer came at all: a timeout or a lost connection.
    ///
    /// ```
    /// use stripe_connect_oauth::server::AccountError;
    ///
    /// assert!(AccountError::no_answer().to_string().starts_with("Stripe did not answer"));
    /// ```
    pub fn no_answer() -> AccountError {
        AccountError::Unavailable(StripeError::no_answer())
    }

    fn read(reply: &Response) -> AccountError {
        let error = StripeError::read(reply);
        match (reply.status, PlatformProblem::of(&error)) {
            (400..429, Some(problem)) if !error.is_busy() => AccountError::PlatformNotReady { problem, error },
            _ if denies_access(&error) => AccountError::Revoked(error),
            (403, _) => AccountError::MissingPermission(error),
            _ if error.is_ambiguous() || error.is_busy() => AccountError::Unavailable(error),
            _ => AccountError::Refused(error),
        }
    }

    /// [`AccountError::Revoked`] in the light of [`read_probe`]'s answer: what it says of the account counts
    /// only with the key of the right platform. Any other error stays what it is.
    ///
    /// [`read_probe`]: super::read_probe
    ///
    /// ```
    /// use stripe_connect_oauth::server::{AccountError, Response, read_account, read_probe};
    ///
    /// # let denied = r#"{"error":{"code":"account_invalid","message":"…"}}"#;
    /// let error = read_account(&Response::json(403, denied)).unwrap_err();
    ///
    /// // What the answer to `probe_application` says: the client id is not of this key's platform.
    /// let other = r#"{"error":"invalid_client","error_description":"No such application: 'ca_123'"}"#;
    /// let error = error.proven(read_probe(&Response::json(401, other)));
    /// assert!(matches!(error, AccountError::Unreachable { .. }), "nothing is known: end nothing");
    /// ```
    #[must_use]
    pub fn proven(self, probe: Result<(), DeauthorizeError>) -> AccountError {
        match (self, probe) {
            (AccountError::Revoked(error), Err(doubt)) => AccountError::Unreachable { error, doubt: doubt.into() },
            (other, _) => other,
        }
    }

    /// The same of an account that is still to be made, to which nobody could lose access: the key is refused.
    #[cfg(any(feature = "edge", feature = "js"))]
    pub(crate) fn of_a_new_account(self) -> AccountError {
        match self {
            AccountError::Revoked(error) => AccountError::Refused(error),
            other => other,
        }
    }

    /// What Stripe said.
    pub fn stripe_error(&self) -> &StripeError {
        match self {
            AccountError::Revoked(error)
            | AccountError::Unreachable { error, .. }
            | AccountError::PlatformNotReady { error, .. }
            | AccountError::MissingPermission(error)
            | AccountError::Refused(error)
            | AccountError::Unavailable(error) => error,
        }
    }

    /// What the platform's operator has to mend, when it is that.
    pub fn problem(&self) -> Option<PlatformProblem> {
        match self {
            AccountError::PlatformNotReady { problem, .. } => Some(*problem),
            _ => None,
        }
    }

    /// What the developer should do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            AccountError::Revoked(_) => {
                "the account's owner disconnected it: let the person connect again; but if no client_id was given, \
                 secret_key may be another platform's, so end nothing before you are sure"
            }
            AccountError::Unreachable { doubt, .. } if matches!(**doubt, DeauthorizeError::NotYours(_)) => {
                "secret_key is of another platform than client_id, so nothing is known of the account: give the key \
                 of client_id's platform, and end nothing"
            }
            AccountError::Unreachable { .. } => {
                "whether secret_key is of client_id's platform is not sure, so nothing is known of the account: end \
                 nothing, and check both"
            }
            AccountError::PlatformNotReady { problem, .. } => problem.hint(),
            AccountError::MissingPermission(error) => match error.error.as_deref() {
                Some(code) if code.starts_with("more_permissions_required") => {
                    "the key or the app lacks a permission: add it in the dashboard or in the app's manifest"
                }
                _ => "secret_key may not do this: see Stripe's description",
            },
            AccountError::Refused(error) => match (error.status, error.error.as_deref()) {
                (401, _) => "check secret_key: Stripe does not accept it",
                (_, Some("idempotency_error")) => {
                    "the idempotency_key was used for a request with other parameters: give another one"
                }
                (_, Some("resource_missing")) => "there is no such account for this key: check its mode",
                _ => "see Stripe's description, and the request id in the dashboard's logs",
            },
            AccountError::Unavailable(_) => {
                "try again in a moment, with the same idempotency_key where there is one"
            }
        }
    }
}

impl fmt::Display for AccountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; ", self.stripe_error())?;
        if let AccountError::Unreachable { doubt, .. } = self {
            write!(f, "asked for client_id, {}; ", doubt.stripe_error())?;
        }
        f.write_str(self.hint())
    }
}

impl std::error::Error for AccountError {}

/// Whether Stripe says that the key has no access to the account. It says so with a code or without one, and of
/// links in other words; a connected account's own token, once it is revoked, has a code of its own.
fn denies_access(error: &StripeError) -> bool {
    const TEXTS: [&str; 3] =
        ["does not have access to account", "access may have been revoked", "not connected to your platform"];
    match error.status {
        403 if error.is("account_invalid") => true,
        401 if error.is("platform_api_key_expired") => true,
        400..429 if !error.is_busy() => TEXTS.iter().any(|text| error.says(text)),
        _ => false,
    }
}

/// Reads a success with `fields`.
pub(super) fn read<T>(
    reply: &Response,
    fields: impl FnOnce(Object) -> Result<T, Unreadable>,
) -> Result<T, AccountError> {
    if reply.status != 200 {
        return Err(AccountError::read(reply));
    }
    let odd = |odd| AccountError::Unavailable(StripeError::odd(reply, odd));
    Object::read(&reply.body).and_then(fields).map_err(odd)
}
