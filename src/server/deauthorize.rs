//! The deauthorize endpoint, `POST /oauth/deauthorize`: the platform gives up its access to an account.

use super::http::{Request, Response};
use super::secret::SecretKey;
use super::stripe_error::StripeError;
use crate::ids::{AccountId, ClientId};
use crate::origin::ConnectBase;
use serde::Deserialize;
use std::fmt;

/// The request that disconnects `account` from the application `client_id`. The key must be of the
/// client id's mode. It may be sent again: see [`Deauthorized::AlreadyDisconnected`].
pub fn deauthorize(base: &ConnectBase, key: &SecretKey, client_id: &ClientId, account: &AccountId) -> Request {
    let url = [base.connect(), "/oauth/deauthorize"].concat();
    let fields = [("client_id", client_id.as_str()), ("stripe_user_id", account.as_str())];
    Request::form(url, key, &fields)
}

/// How a disconnection went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deauthorized {
    /// Stripe disconnected the account.
    Done,
    /// It was not connected, or does not exist: Stripe does not tell the two apart. After a retry, this is
    /// what the first try did.
    AlreadyDisconnected,
}

/// Why an account was not disconnected.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeauthorizeError {
    /// The client id is not an application of the key's platform.
    NotYours(StripeError),
    /// The platform controls the account, and so can't disconnect it.
    Controlled(StripeError),
    /// Key and client id are of different modes.
    ModeMismatch(StripeError),
    /// Stripe refused for another reason: see its description.
    Refused(StripeError),
    /// Nobody knows whether Stripe disconnected the account. It may be sent again.
    Unknown(StripeError),
}

impl DeauthorizeError {
    /// No answer came at all: a timeout or a lost connection.
    pub fn no_answer() -> DeauthorizeError {
        DeauthorizeError::Unknown(StripeError::no_answer())
    }

    /// Stripe tells these apart by text alone: `invalid_client` has four causes
    /// (`docs.stripe.com/connect/oauth-reference`).
    fn read(error: StripeError) -> DeauthorizeError {
        const CONTROLLED: &str = "no_deauth_on_controlled_account";
        match () {
            () if error.is_ambiguous() || error.is_busy() => DeauthorizeError::Unknown(error),
            () if error.says("No such application") => DeauthorizeError::NotYours(error),
            () if error.is(CONTROLLED) || error.says(CONTROLLED) => DeauthorizeError::Controlled(error),
            () if error.speaks_of_mode() => DeauthorizeError::ModeMismatch(error),
            () => DeauthorizeError::Refused(error),
        }
    }

    /// What Stripe said.
    pub fn stripe_error(&self) -> &StripeError {
        match self {
            DeauthorizeError::NotYours(error)
            | DeauthorizeError::Controlled(error)
            | DeauthorizeError::ModeMismatch(error)
            | DeauthorizeError::Refused(error)
            | DeauthorizeError::Unknown(error) => error,
        }
    }

    /// What the developer should do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            DeauthorizeError::NotYours(_) => {
                "client_id is not an application of the platform that secret_key is of"
            }
            DeauthorizeError::Controlled(_) => {
                "the platform controls this account, and can only reject it: POST /v1/accounts/:id/reject"
            }
            DeauthorizeError::ModeMismatch(_) => {
                "use a client_id and a secret_key of the same mode, both test or both live"
            }
            DeauthorizeError::Refused(error) if error.status == 401 => {
                "check secret_key and client_id: Stripe does not accept them"
            }
            DeauthorizeError::Refused(_) => "see Stripe's description, and the request id in the dashboard's logs",
            DeauthorizeError::Unknown(_) => "send it again: an account that is disconnected already is no mistake",
        }
    }
}

impl fmt::Display for DeauthorizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.stripe_error(), self.hint())
    }
}

impl std::error::Error for DeauthorizeError {}

#[derive(Deserialize)]
struct Body {
    stripe_user_id: String,
}

/// Reads the answer to [`deauthorize`] for `account`. The revocation was successful if Stripe answers with
/// the account's id.
pub fn read_deauthorization(reply: &Response, account: &AccountId) -> Result<Deauthorized, DeauthorizeError> {
    let error = StripeError::read(reply);
    if reply.status == 200 {
        return match serde_json::from_str::<Body>(&reply.body) {
            Ok(body) if body.stripe_user_id == account.as_str() => Ok(Deauthorized::Done),
            _ => Err(DeauthorizeError::Unknown(error)),
        };
    }
    // Never /invalid/, which "Invalid API Key" has too.
    if error.is("invalid_client") && error.says("is not connected to stripe account") {
        return Ok(Deauthorized::AlreadyDisconnected);
    }
    Err(DeauthorizeError::read(error))
}
