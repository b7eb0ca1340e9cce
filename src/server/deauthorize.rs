//! The deauthorize endpoint, `POST /oauth/deauthorize`: the platform gives up its access to an account.

use super::http::{Request, Response};
use super::object::{Object, Unreadable};
use super::secret::SecretKey;
use super::stripe_error::StripeError;
use crate::vocabulary::ids::{AccountId, ClientId};
use crate::vocabulary::origin::ConnectBase;
use std::fmt;

/// The request that disconnects `account` from the application `client_id`. The key must be of the
/// client id's mode. It may be sent again: see [`Deauthorized::AlreadyDisconnected`].
///
/// ```
/// use stripe_connect_oauth::server::{SecretKey, deauthorize};
/// use stripe_connect_oauth::{AccountId, ClientId, ConnectBase};
///
/// let key = SecretKey::parse("sk_test_123")?;
/// let (client_id, account) = (ClientId::parse("ca_123")?, AccountId::parse("acct_1")?);
/// let request = deauthorize(&ConnectBase::stripe(), &key, &client_id, &account);
/// assert_eq!(request.url, "https://connect.stripe.com/oauth/deauthorize");
/// assert_eq!(request.body_text(), Some("client_id=ca_123&stripe_user_id=acct_1"));
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub fn deauthorize(base: &ConnectBase, key: &SecretKey, client_id: &ClientId, account: &AccountId) -> Request {
    request(base, key, client_id, account.as_str())
}

/// The request that tells whether `client_id` is an application of the platform that `key` is of. It changes
/// nothing: it would disconnect an account that can't exist. Read its answer with [`read_probe`].
///
/// ```
/// use stripe_connect_oauth::server::{SecretKey, probe_application};
/// use stripe_connect_oauth::{ClientId, ConnectBase};
///
/// let key = SecretKey::parse("sk_test_123")?;
/// let request = probe_application(&ConnectBase::stripe(), &key, &ClientId::parse("ca_123")?);
/// assert_eq!(request.url, "https://connect.stripe.com/oauth/deauthorize");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub fn probe_application(base: &ConnectBase, key: &SecretKey, client_id: &ClientId) -> Request {
    // Stripe's own ids are longer, and have one underscore.
    request(base, key, client_id, "acct_made_up")
}

fn request(base: &ConnectBase, key: &SecretKey, client_id: &ClientId, account: &str) -> Request {
    let url = [base.connect(), "/oauth/deauthorize"].concat();
    let fields = [("client_id", client_id.as_str()), ("stripe_user_id", account)];
    Request::form(url, key, &fields)
}

/// How a disconnection went well.
///
/// ```
/// use stripe_connect_oauth::AccountId;
/// use stripe_connect_oauth::server::{Deauthorized, Response, read_deauthorization};
///
/// let account = AccountId::parse("acct_1")?;
/// let reply = Response::json(200, r#"{"stripe_user_id":"acct_1"}"#);
/// match read_deauthorization(&reply, &account)? {
///     Deauthorized::Done | Deauthorized::AlreadyDisconnected => println!("{account} is disconnected"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deauthorized {
    /// Stripe disconnected the account.
    Done,
    /// It was not connected, or does not exist: Stripe does not tell the two apart. After a retry, this is
    /// what the first try did.
    AlreadyDisconnected,
}

/// Why an account was not disconnected.
///
/// ```
/// use stripe_connect_oauth::AccountId;
/// use stripe_connect_oauth::server::{DeauthorizeError, Response, read_deauthorization};
///
/// let other = r#"{"error":"invalid_client","error_description":"No such application: 'ca_123'"}"#;
/// let error = read_deauthorization(&Response::json(401, other), &AccountId::parse("acct_1")?).unwrap_err();
/// assert!(matches!(error, DeauthorizeError::NotYours(_)));
/// assert_eq!(error.stripe_error().status, 401);
/// assert_eq!(error.hint(), "client_id is not an application of the platform that secret_key is of");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
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
    ///
    /// ```
    /// use stripe_connect_oauth::server::DeauthorizeError;
    ///
    /// assert!(matches!(DeauthorizeError::no_answer(), DeauthorizeError::Unknown(_)), "so send it again");
    /// ```
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

    /// Whether it is of client id and key alone, so that no code of theirs could be exchanged either.
    #[cfg(feature = "edge")]
    pub(crate) fn ends_every_flow(&self) -> bool {
        match self {
            DeauthorizeError::NotYours(_) | DeauthorizeError::ModeMismatch(_) => true,
            DeauthorizeError::Refused(error) => {
                error.is("api_key_expired")
                    || ["No such API key", "Invalid API Key provided"].iter().any(|text| error.says(text))
            }
            DeauthorizeError::Controlled(_) | DeauthorizeError::Unknown(_) => false,
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

/// Reads the answer to [`deauthorize`] for `account`. The revocation was successful if Stripe answers with
/// the account's id.
///
/// ```
/// use stripe_connect_oauth::AccountId;
/// use stripe_connect_oauth::server::{Deauthorized, Response, read_deauthorization};
///
/// let gone = r#"{
///     "error": "invalid_client",
///     "error_description": "This application is not connected to stripe account acct_1"
/// }"#;
/// let ended = read_deauthorization(&Response::json(401, gone), &AccountId::parse("acct_1")?)?;
/// assert_eq!(ended, Deauthorized::AlreadyDisconnected);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_deauthorization(reply: &Response, account: &AccountId) -> Result<Deauthorized, DeauthorizeError> {
    if reply.status == 200 {
        return match done_for(reply, account) {
            Ok(()) => Ok(Deauthorized::Done),
            Err(odd) => Err(DeauthorizeError::Unknown(StripeError::odd(reply, odd))),
        };
    }
    let error = StripeError::read(reply);
    match is_about_the_account(&error) {
        true => Ok(Deauthorized::AlreadyDisconnected),
        false => Err(DeauthorizeError::read(error)),
    }
}

fn done_for(reply: &Response, account: &AccountId) -> Result<(), Unreadable> {
    let named = Object::read(&reply.body)?.text("stripe_user_id")?;
    named.filter(|id| id == account.as_str()).map(drop).ok_or(Unreadable("stripe_user_id"))
}

/// Reads the answer to [`probe_application`]. `Ok` proves that the client id is of the key's platform: Stripe
/// found nothing wrong but the account, and it looks at the application first.
/// [`DeauthorizeError::NotYours`] says that the key is another platform's. Any other error proves nothing.
///
/// The order and the texts are those of `docs.stripe.com/connect/oauth-reference` and of Stripe's libraries'
/// tests; they are not confirmed by a call of the live endpoint.
///
/// ```
/// use stripe_connect_oauth::server::{Response, read_probe};
///
/// let right = r#"{"error":"invalid_client","error_description":"No such user: acct_made_up"}"#;
/// assert_eq!(read_probe(&Response::json(401, right)), Ok(()));
/// assert!(read_probe(&Response::json(500, "")).is_err(), "that proves nothing");
/// ```
pub fn read_probe(reply: &Response) -> Result<(), DeauthorizeError> {
    let error = StripeError::read(reply);
    match () {
        () if reply.status == 200 => Err(DeauthorizeError::Unknown(error)),
        () if is_about_the_account(&error) => Ok(()),
        () => Err(DeauthorizeError::read(error)),
    }
}

/// Whether all that Stripe has against a deauthorization is the account: not connected, or not there. Never
/// /invalid/, which "Invalid API Key" has too.
fn is_about_the_account(error: &StripeError) -> bool {
    error.is("invalid_client")
        && ["is not connected to stripe account", "No such user"].iter().any(|text| error.says(text))
}
