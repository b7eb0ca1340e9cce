//! Connected accounts through the API: how one is, and a new one with the link to finish it.

use super::account_status::{AccountStatus, DisabledReason};
use super::http::{Request, Response};
use super::idempotency_key::IdempotencyKey;
use super::secret::{Secret, SecretKey};
use super::stripe_error::StripeError;
use crate::error::ConnectError;
use crate::ids::AccountId;
use crate::livemode::Livemode;
use crate::origin::{ConnectBase, HttpUrl};
use crate::prefill::{Prefill, PrefillField};
use crate::redirect_uri::RedirectUri;
use serde::Deserialize;
use std::fmt;

/// The request for how `account` is, made as the platform.
pub fn retrieve_account(base: &ConnectBase, key: &SecretKey, account: &AccountId) -> Request {
    Request::get([base.api(), "/v1/accounts/", account.as_str()].concat(), key)
}

/// A Standard account to be made (deferred activation): its owner finishes it later, through a link.
///
/// ```
/// use stripe_connect_oauth::server::NewAccount;
///
/// assert!(NewAccount::new("FR", "ada@example.com").is_ok());
/// assert_eq!(NewAccount::new("fr", "ada@example.com").unwrap_err().param(), "country");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    country: String,
    email: String,
}

impl NewAccount {
    /// `country` is two capital letters (ISO 3166-1), where the business is. Stripe does not let it change.
    pub fn new(country: &str, email: &str) -> Result<NewAccount, ConnectError> {
        Ok(NewAccount {
            country: checked("country", PrefillField::Country, country)?,
            email: checked("email", PrefillField::Email, email)?,
        })
    }
}

/// The prefill field's rule, under the parameter's own name.
fn checked(param: &str, field: PrefillField, value: &str) -> Result<String, ConnectError> {
    if value.is_empty() {
        return Err(ConnectError::missing(param, "a new account needs country and email"));
    }
    Prefill::default().set(field, value).map_err(|error| error.renamed(param))?;
    Ok(value.to_owned())
}

/// The request that makes a Standard account. Read its answer with [`read_account`].
pub fn create_account(
    base: &ConnectBase,
    key: &SecretKey,
    account: &NewAccount,
    idempotency_key: &IdempotencyKey,
) -> Request {
    let fields = [("type", "standard"), ("country", &*account.country), ("email", &*account.email)];
    Request::form([base.api(), "/v1/accounts"].concat(), key, &fields)
        .with_header("idempotency-key", idempotency_key.as_str())
}

/// A link to be made, that leads an account's owner through what Stripe still asks for.
///
/// It is for accounts that the platform made; who connected through OAuth has Stripe's dashboard for that.
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

/// An account, as the API describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The kind of account.
    pub account_type: AccountType,
    /// Whether it can take payments.
    pub charges_enabled: bool,
    /// Whether its money is paid out.
    pub payouts_enabled: bool,
    /// Whether its owner has finished Stripe's form.
    pub details_submitted: bool,
    /// What Stripe still asks for.
    pub requirements: Requirements,
    /// Two letters, ISO 3166-1.
    pub country: Option<String>,
    /// The account's e-mail address.
    pub email: Option<String>,
}

/// What Stripe asks of an account. Each list holds the names of Stripe's fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Wanted by `current_deadline`.
    pub currently_due: Vec<String>,
    /// Wanted, and too late: what depends on it is disabled.
    pub past_due: Vec<String>,
    /// Wanted some day.
    pub eventually_due: Vec<String>,
    /// Given, and being checked.
    pub pending_verification: Vec<String>,
    /// When `currently_due` is due, in Unix seconds.
    pub current_deadline: Option<u64>,
    /// Why the account is disabled.
    pub disabled_reason: Option<DisabledReason>,
}

/// The kind of a connected account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountType {
    /// `standard`: a dashboard of its own.
    Standard,
    /// `express`: Stripe's short dashboard.
    Express,
    /// `custom`: no dashboard.
    Custom,
    /// `none`, or no word at all: its `controller` says what it is.
    None,
    /// A word that was not known when this was written.
    Unrecognized(String),
}

impl AccountType {
    fn read(word: &str) -> AccountType {
        match word {
            "standard" => AccountType::Standard,
            "express" => AccountType::Express,
            "custom" => AccountType::Custom,
            "none" => AccountType::None,
            _ => AccountType::Unrecognized(word.to_owned()),
        }
    }

    /// Stripe's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            AccountType::Standard => "standard",
            AccountType::Express => "express",
            AccountType::Custom => "custom",
            AccountType::None => "none",
            AccountType::Unrecognized(word) => word,
        }
    }
}

impl Account {
    /// How the account is, in one word.
    pub fn status(&self) -> AccountStatus {
        AccountStatus::of(self)
    }
}

/// Why the API gave no account, or no link.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountError {
    /// The platform has no access to the account (403 `account_invalid`): its owner disconnected it, or it
    /// does not exist.
    Revoked(StripeError),
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
    pub fn no_answer() -> AccountError {
        AccountError::Unavailable(StripeError::no_answer())
    }

    fn read(reply: &Response) -> AccountError {
        let error = StripeError::read(reply);
        match reply.status {
            403 if error.is("account_invalid") => AccountError::Revoked(error),
            403 => AccountError::MissingPermission(error),
            _ if error.is_ambiguous() || error.is_busy() => AccountError::Unavailable(error),
            _ => AccountError::Refused(error),
        }
    }

    /// What Stripe said.
    pub fn stripe_error(&self) -> &StripeError {
        match self {
            AccountError::Revoked(error)
            | AccountError::MissingPermission(error)
            | AccountError::Refused(error)
            | AccountError::Unavailable(error) => error,
        }
    }

    /// What the developer should do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            AccountError::Revoked(_) => {
                "the account's owner disconnected it, or secret_key is another platform's: let the person connect again"
            }
            AccountError::MissingPermission(error) => match error.error.as_deref() {
                Some("platform_account_required") => {
                    "secret_key is not a Connect platform's: sign up for Connect, or give the platform's key"
                }
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
        write!(f, "{}; {}", self.stripe_error(), self.hint())
    }
}

impl std::error::Error for AccountError {}

#[derive(Deserialize)]
pub(super) struct AccountBody {
    id: String,
    r#type: Option<String>,
    /// What old versions of the API have instead of `type`.
    managed: Option<bool>,
    charges_enabled: bool,
    payouts_enabled: Option<bool>,
    /// What old versions of the API have instead of `payouts_enabled`.
    transfers_enabled: Option<bool>,
    details_submitted: bool,
    requirements: Option<RequirementsBody>,
    country: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
struct RequirementsBody {
    currently_due: Option<Vec<String>>,
    past_due: Option<Vec<String>>,
    eventually_due: Option<Vec<String>>,
    pending_verification: Option<Vec<String>>,
    current_deadline: Option<u64>,
    disabled_reason: Option<String>,
}

impl From<RequirementsBody> for Requirements {
    fn from(body: RequirementsBody) -> Requirements {
        Requirements {
            currently_due: body.currently_due.unwrap_or_default(),
            past_due: body.past_due.unwrap_or_default(),
            eventually_due: body.eventually_due.unwrap_or_default(),
            pending_verification: body.pending_verification.unwrap_or_default(),
            current_deadline: body.current_deadline,
            disabled_reason: body.disabled_reason.map(|word| DisabledReason::read(&word)),
        }
    }
}

/// Reads the answer to [`retrieve_account`] or [`create_account`].
pub fn read_account(reply: &Response) -> Result<Account, AccountError> {
    if reply.status != 200 {
        return Err(AccountError::read(reply));
    }
    let unreadable = || AccountError::Unavailable(StripeError::read(reply));
    serde_json::from_str(&reply.body).ok().and_then(AccountBody::read).ok_or_else(unreadable)
}

impl AccountBody {
    /// The account, as it also stands in the event `account.updated`.
    pub(super) fn read(self) -> Option<Account> {
        Some(Account {
            id: AccountId::parse(&self.id).ok()?,
            account_type: match (self.r#type, self.managed) {
                (Some(word), _) => AccountType::read(&word),
                (None, Some(true)) => AccountType::Custom,
                (None, Some(false)) => AccountType::Standard,
                (None, None) => AccountType::None,
            },
            charges_enabled: self.charges_enabled,
            payouts_enabled: self.payouts_enabled.or(self.transfers_enabled)?,
            details_submitted: self.details_submitted,
            requirements: self.requirements.map(Requirements::from).unwrap_or_default(),
            country: self.country,
            email: self.email,
        })
    }
}

/// A link for one person, once, for a few minutes: redirect to it, and keep it nowhere.
#[derive(Debug, Clone)]
pub struct AccountLink {
    /// Where to send the account's owner. Whoever has it acts as the owner.
    pub url: Secret,
    /// When it stops working, in Unix seconds.
    pub expires_at: u64,
}

#[derive(Deserialize)]
struct AccountLinkBody {
    url: String,
    expires_at: u64,
}

/// Reads the answer to [`create_account_link`].
pub fn read_account_link(reply: &Response) -> Result<AccountLink, AccountError> {
    if reply.status != 200 {
        return Err(AccountError::read(reply));
    }
    let unreadable = || AccountError::Unavailable(StripeError::read(reply));
    let body: AccountLinkBody = serde_json::from_str(&reply.body).map_err(|_| unreadable())?;
    let before_fragment = body.url.split('#').next().unwrap_or_default();
    let is_private = HttpUrl::read(before_fragment).is_ok_and(|url| url.is_private());
    if !is_private {
        return Err(unreadable());
    }
    Ok(AccountLink { url: Secret::new(body.url), expires_at: body.expires_at })
}
