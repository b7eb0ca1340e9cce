//! [`NewAccountLink`] and [`AccountLink`]: how an account's owner finishes it at Stripe.

use super::account_error::{AccountError, read};
use super::http::{Request, Response};
use super::idempotency_key::IdempotencyKey;
use super::object::Unreadable;
use super::secret::{Secret, SecretKey};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::origin::{ConnectBase, HttpUrl};
use crate::vocabulary::redirect_uri::RedirectUri;

/// A link to be made, that leads an account's owner through what Stripe still asks for.
///
/// It is for accounts that the platform made; who connected through OAuth has Stripe's dashboard for that.
///
/// ```
/// use stripe_connect_oauth::server::NewAccountLink;
/// use stripe_connect_oauth::{AccountId, Livemode};
///
/// let account = AccountId::parse("acct_1")?;
/// let (again, done) = ("https://shop.example/onboard", "https://shop.example/payouts");
/// assert!(NewAccountLink::new(&account, again, done, Livemode::Live).is_ok());
/// assert_eq!(NewAccountLink::new(&account, "/onboard", done, Livemode::Live).unwrap_err().param(), "refresh_url");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccountLink {
    account: AccountId,
    refresh_url: RedirectUri,
    return_url: RedirectUri,
}

impl NewAccountLink {
    /// `refresh_url` is where Stripe sends a person whose link has expired or was used: make another one
    /// there. `return_url` is where it sends those who leave or finish; it says nothing of which, so
    /// retrieve the account. Both have https, or outside live mode http on this machine.
    pub fn new(
        account: &AccountId,
        refresh_url: &str,
        return_url: &str,
        livemode: Livemode,
    ) -> Result<NewAccountLink, ConnectError> {
        let url = |param: &str, text: &str| {
            if text.is_empty() {
                return Err(ConnectError::missing(param, "give an absolute URL of your site"));
            }
            RedirectUri::parse(text, Some(livemode)).map_err(|error| error.renamed(param))
        };
        Ok(NewAccountLink {
            account: account.clone(),
            refresh_url: url("refresh_url", refresh_url)?,
            return_url: url("return_url", return_url)?,
        })
    }
}

/// The request for a link. Read its answer with [`read_account_link`].
///
/// ```
/// use stripe_connect_oauth::server::{IdempotencyKey, NewAccountLink, SecretKey, create_account_link};
/// use stripe_connect_oauth::{AccountId, ConnectBase, Livemode};
///
/// let key = SecretKey::parse("sk_test_123")?;
/// let site = "https://shop.example/payouts";
/// let link = NewAccountLink::new(&AccountId::parse("acct_1")?, site, site, Livemode::Test)?;
/// let once = IdempotencyKey::from_random([7; 16]); // of your host's randomness
/// let request = create_account_link(&ConnectBase::stripe(), &key, &link, &once);
/// assert_eq!(request.url, "https://api.stripe.com/v1/account_links");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub fn create_account_link(
    base: &ConnectBase,
    key: &SecretKey,
    link: &NewAccountLink,
    idempotency_key: &IdempotencyKey,
) -> Request {
    let fields = [
        ("account", link.account.as_str()),
        ("refresh_url", link.refresh_url.as_str()),
        ("return_url", link.return_url.as_str()),
        ("type", "account_onboarding"),
    ];
    Request::form([base.api(), "/v1/account_links"].concat(), key, &fields)
        .with_header("idempotency-key", idempotency_key.as_str())
}

/// A link for one person, once, for a few minutes: redirect to it, and keep it nowhere.
///
/// ```
/// use stripe_connect_oauth::server::{Response, read_account_link};
///
/// let reply = Response::json(200, r#"{"url":"https://connect.stripe.com/setup/s/1","expires_at":1700000300}"#);
/// let link = read_account_link(&reply)?;
/// assert_eq!(link.expires_at, 1_700_000_300);
/// let onwards = Response::see_other(link.url.expose());
/// # assert_eq!(onwards.status, 303);
/// # Ok::<(), stripe_connect_oauth::server::AccountError>(())
/// ```
#[derive(Debug, Clone)]
pub struct AccountLink {
    /// Where to send the account's owner. Whoever has it acts as the owner.
    pub url: Secret,
    /// When it stops working, in Unix seconds.
    pub expires_at: u64,
}

/// Reads the answer to [`create_account_link`].
///
/// ```
/// use stripe_connect_oauth::server::{AccountError, Response, read_account_link};
///
/// let reply = Response::json(400, r#"{"error":{"type":"invalid_request_error","message":"No such account."}}"#);
/// assert!(matches!(read_account_link(&reply), Err(AccountError::Refused(_))));
/// ```
pub fn read_account_link(reply: &Response) -> Result<AccountLink, AccountError> {
    read(reply, |mut body| {
        let url = body.text("url")?.ok_or(Unreadable("url"))?;
        let before_fragment = url.split('#').next().unwrap_or_default();
        if !HttpUrl::read(before_fragment).is_ok_and(|url| url.is_private()) {
            return Err(Unreadable("url"));
        }
        let expires_at = body.number("expires_at")?.ok_or(Unreadable("expires_at"))?;
        Ok(AccountLink { url: Secret::new(url), expires_at })
    })
}
