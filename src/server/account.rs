//! Connected accounts through the API: how one is, and a new one with the link to finish it.

use super::deauthorize::DeauthorizeError;
use super::disabled_reason::DisabledReason;
use super::http::{Request, Response};
use super::idempotency_key::IdempotencyKey;
use super::object::{Object, Odd};
use super::platform_problem::PlatformProblem;
use super::secret::{Secret, SecretKey};
use super::stripe_error::StripeError;
use crate::front::prefill::{Prefill, PrefillField};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::origin::{ConnectBase, HttpUrl};
use crate::vocabulary::redirect_uri::RedirectUri;
use crate::vocabulary::words::words;
#[cfg(feature = "edge")]
use serde_json::Value;
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
    claim: Option<String>,
}

/// Where an account that the handler had made keeps what tells it from others, so that it is found again.
const CLAIM: &str = "connect_claim";

impl NewAccount {
    /// `country` is two capital letters (ISO 3166-1), where the business is. Stripe does not let it change.
    pub fn new(country: &str, email: &str) -> Result<NewAccount, ConnectError> {
        Ok(NewAccount {
            country: checked("country", PrefillField::Country, country)?,
            email: checked("email", PrefillField::Email, email)?,
            claim: None,
        })
    }

    /// Has Stripe keep `claim` in the account's metadata, for [`read_claimed_account`].
    #[cfg(feature = "edge")]
    pub(crate) fn with_claim(self, claim: &str) -> NewAccount {
        NewAccount { claim: Some(claim.to_owned()), ..self }
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
    let mut fields = vec![("type", "standard"), ("country", &*account.country), ("email", &*account.email)];
    let metadata = ["metadata[", CLAIM, "]"].concat();
    fields.extend(account.claim.as_deref().map(|claim| (&*metadata, claim)));
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

words! {
    /// The kind of a connected account.
    #[non_exhaustive]
    pub enum AccountType, or else Unrecognized {
        /// `standard`: a dashboard of its own.
        Standard = "standard",
        /// `express`: Stripe's short dashboard.
        Express = "express",
        /// `custom`: no dashboard.
        Custom = "custom",
        /// `none`, or no word at all: its `controller` says what it is.
        None = "none",
    }
}

/// Why the API gave no account, or no link.
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

/// Reads the answer to [`retrieve_account`] or [`create_account`].
pub fn read_account(reply: &Response) -> Result<Account, AccountError> {
    read(reply, Account::read)
}

/// Reads the id of the account that [`create_account`] made, whatever else of it can't be read.
#[cfg(feature = "edge")]
pub(crate) fn read_account_id(reply: &Response) -> Result<AccountId, AccountError> {
    read(reply, |mut body| id(&mut body))
}

/// The request for the platform's newest accounts. Read its answer with [`read_claimed_account`].
#[cfg(feature = "edge")]
pub(crate) fn list_accounts(base: &ConnectBase, key: &SecretKey) -> Request {
    Request::get([base.api(), "/v1/accounts?limit=100"].concat(), key)
}

/// The account that was made with `claim` at `since` or later, in Unix seconds, if there is one. When the list does
/// not reach back that far, nothing is known.
#[cfg(feature = "edge")]
pub(crate) fn read_claimed_account(
    reply: &Response,
    claim: &str,
    since: u64,
) -> Result<Option<AccountId>, AccountError> {
    read(reply, |mut body| {
        let Some(Value::Array(accounts)) = body.take("data") else { return Err(Odd("data")) };
        let mut oldest = None;
        for mut account in accounts.into_iter().filter_map(Object::of) {
            let kept = account.object("metadata").ok().flatten().and_then(|mut kept| kept.take(CLAIM));
            if kept.is_some_and(|kept| kept == claim) {
                return id(&mut account).map(Some);
            }
            oldest = account.number("created").ok().flatten();
        }
        match body.boolean("has_more")? {
            Some(true) if oldest.is_none_or(|oldest| oldest >= since) => Err(Odd("the end of its list")),
            _ => Ok(None),
        }
    })
}

/// Reads a success with `fields`.
fn read<T>(reply: &Response, fields: impl FnOnce(Object) -> Result<T, Odd>) -> Result<T, AccountError> {
    if reply.status != 200 {
        return Err(AccountError::read(reply));
    }
    let odd = |odd| AccountError::Unavailable(StripeError::odd(reply, odd));
    Object::read(&reply.body).and_then(fields).map_err(odd)
}

fn id(body: &mut Object) -> Result<AccountId, Odd> {
    let text = body.text("id")?.ok_or(Odd("id"))?;
    AccountId::parse(&text).map_err(|_| Odd("id"))
}

impl Account {
    /// The account, as it also stands in the event `account.updated`.
    pub(super) fn read(mut body: Object) -> Result<Account, Odd> {
        Ok(Account {
            id: id(&mut body)?,
            // Old versions of the API have `managed` instead of `type`,
            account_type: match (body.text("type")?, body.boolean("managed")?) {
                (Some(word), _) => AccountType::read(&word),
                (None, Some(true)) => AccountType::Custom,
                (None, Some(false)) => AccountType::Standard,
                (None, None) => AccountType::None,
            },
            charges_enabled: body.boolean("charges_enabled")?.ok_or(Odd("charges_enabled"))?,
            // and `transfers_enabled` instead of `payouts_enabled`.
            payouts_enabled: (body.boolean("payouts_enabled")?.or(body.boolean("transfers_enabled")?))
                .ok_or(Odd("payouts_enabled"))?,
            details_submitted: body.boolean("details_submitted")?.ok_or(Odd("details_submitted"))?,
            requirements: body.object("requirements")?.map(Requirements::read).transpose()?.unwrap_or_default(),
            country: body.text("country")?,
            email: body.text("email")?,
        })
    }
}

impl Requirements {
    fn read(mut body: Object) -> Result<Requirements, Odd> {
        Ok(Requirements {
            currently_due: body.texts("currently_due")?.unwrap_or_default(),
            past_due: body.texts("past_due")?.unwrap_or_default(),
            eventually_due: body.texts("eventually_due")?.unwrap_or_default(),
            pending_verification: body.texts("pending_verification")?.unwrap_or_default(),
            current_deadline: body.number("current_deadline")?,
            disabled_reason: body.text("disabled_reason")?.map(|word| DisabledReason::read(&word)),
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

/// Reads the answer to [`create_account_link`].
pub fn read_account_link(reply: &Response) -> Result<AccountLink, AccountError> {
    read(reply, |mut body| {
        let url = body.text("url")?.ok_or(Odd("url"))?;
        let before_fragment = url.split('#').next().unwrap_or_default();
        if !HttpUrl::read(before_fragment).is_ok_and(|url| url.is_private()) {
            return Err(Odd("url"));
        }
        let expires_at = body.number("expires_at")?.ok_or(Odd("expires_at"))?;
        Ok(AccountLink { url: Secret::new(url), expires_at })
    })
}
