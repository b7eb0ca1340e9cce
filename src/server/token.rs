//! The token endpoint, `POST /oauth/token`: an authorization code becomes a connected account.

use super::http::{Method, Request, Response};
use super::secret::{Secret, SecretKey};
use super::stripe_error::{GrantProblem, StripeError};
use crate::callback::AuthorizationCode;
use crate::ids::AccountId;
use crate::livemode::Livemode;
use crate::origin::ConnectBase;
use serde::Deserialize;
use std::fmt;

/// The request that spends `code`.
///
/// Send it once. The endpoint is not idempotent, and Stripe revokes the connection when a code is used
/// twice (`docs.stripe.com/connect/oauth-reference`); that is why the code is consumed here.
pub fn code_exchange(base: &ConnectBase, key: &SecretKey, code: AuthorizationCode) -> Request {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", code.as_str())
        .finish();
    Request {
        method: Method::Post,
        url: [base.as_str(), "/oauth/token"].concat(),
        headers: vec![
            ("authorization".to_owned(), key.bearer()),
            ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
            ("accept".to_owned(), "application/json".to_owned()),
        ],
        body,
    }
}

/// A connected account, as the token endpoint describes it.
#[derive(Debug, Clone)]
pub struct Token {
    /// The connected account's id: what to store.
    pub stripe_user_id: AccountId,
    /// The mode of the connection; it always equals the key's.
    pub livemode: Livemode,
    /// What was granted.
    pub scope: TokenScope,
    /// Deprecated for Connect, and so often absent: use your own key with the `Stripe-Account` header.
    pub access_token: Option<Secret>,
    /// Deprecated for Connect, and so often absent.
    pub refresh_token: Option<Secret>,
    /// Deprecated for Connect, and so often absent. It is public.
    pub stripe_publishable_key: Option<String>,
}

/// The scope of a token, which has more words than a request has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenScope {
    /// `read_write`.
    ReadWrite,
    /// `read_only`.
    ReadOnly,
    /// `express`: the account came through the Express flow.
    Express,
    /// `stripe_apps`: the permissions are in the app's manifest.
    StripeApps,
}

impl TokenScope {
    /// Reads Stripe's word for it.
    pub fn parse(text: &str) -> Option<TokenScope> {
        Some(match text {
            "read_write" => TokenScope::ReadWrite,
            "read_only" => TokenScope::ReadOnly,
            "express" => TokenScope::Express,
            "stripe_apps" => TokenScope::StripeApps,
            _ => return None,
        })
    }

    /// Stripe's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            TokenScope::ReadWrite => "read_write",
            TokenScope::ReadOnly => "read_only",
            TokenScope::Express => "express",
            TokenScope::StripeApps => "stripe_apps",
        }
    }
}

/// Why an exchange gave no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExchangeError {
    /// Stripe refused: the code was not accepted, nothing was connected by this request.
    Refused(StripeError),
    /// Nobody knows whether Stripe connected the account: no answer, a server error, or an answer
    /// that can't be read. Don't send the code again; start a new flow, which heals either case.
    Unknown(StripeError),
    /// The connection is of the other mode than the key: test and live configuration are mixed.
    ModeMismatch {
        /// The mode Stripe answered with.
        livemode: Livemode,
    },
}

const MIXED_MODES: &str = "use a client_id and a secret_key of the same mode, both test or both live";

impl ExchangeError {
    /// No answer came at all: a timeout or a lost connection.
    pub fn no_answer() -> ExchangeError {
        ExchangeError::Unknown(StripeError { status: 0, request_id: None, error: None, description: None })
    }

    /// What the developer should do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ExchangeError::ModeMismatch { .. } => MIXED_MODES,
            ExchangeError::Unknown(_) => {
                "do not send the code again: let the person connect once more, which heals either case"
            }
            ExchangeError::Refused(error) => refusal_hint(error),
        }
    }
}

fn refusal_hint(error: &StripeError) -> &'static str {
    match (error.grant_problem(), error.error.as_deref()) {
        (Some(GrantProblem::Used), _) => {
            "the code was used before, and Stripe has revoked what it gave: let the person connect again"
        }
        (Some(GrantProblem::Expired), _) => "a code lives for five minutes: let the person connect again",
        (Some(GrantProblem::Mode), _) => MIXED_MODES,
        (Some(GrantProblem::NotYours), _) => "secret_key and client_id belong to different platforms",
        (Some(GrantProblem::NotFound), _) => "the code is not known to Stripe: let the person connect again",
        (None, Some("invalid_client" | "invalid_request_error")) => "check secret_key: Stripe does not accept it",
        (None, _) => "see Stripe's description, and the request id in the dashboard's logs",
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExchangeError::Refused(error) => write!(f, "{error}")?,
            ExchangeError::Unknown(error) if error.status == 0 => f.write_str("Stripe did not answer")?,
            ExchangeError::Unknown(error) => write!(f, "{error}")?,
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

#[derive(Deserialize)]
struct TokenBody {
    stripe_user_id: String,
    livemode: bool,
    scope: String,
    access_token: Option<String>,
    refresh_token: Option<String>,
    stripe_publishable_key: Option<String>,
}

/// Reads the token endpoint's answer to a request made with a key of `key_mode`.
pub fn read_token(reply: &Response, key_mode: Livemode) -> Result<Token, ExchangeError> {
    if reply.status != 200 {
        let error = StripeError::read(reply);
        return Err(if error.is_ambiguous() {
            ExchangeError::Unknown(error)
        } else {
            ExchangeError::Refused(error)
        });
    }
    let unreadable = || ExchangeError::Unknown(StripeError::read(reply));
    let body: TokenBody = serde_json::from_str(&reply.body).map_err(|_| unreadable())?;
    let livemode = Livemode::from(body.livemode);
    if livemode != key_mode {
        return Err(ExchangeError::ModeMismatch { livemode });
    }
    Ok(Token {
        stripe_user_id: AccountId::parse(&body.stripe_user_id).map_err(|_| unreadable())?,
        livemode,
        scope: TokenScope::parse(&body.scope).ok_or_else(unreadable)?,
        access_token: body.access_token.map(Secret::new),
        refresh_token: body.refresh_token.map(Secret::new),
        stripe_publishable_key: body.stripe_publishable_key,
    })
}
