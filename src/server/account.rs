//! [`Account`]: how a connected account is, through the API.

use super::account_error::{AccountError, read};
use super::disabled_reason::DisabledReason;
use super::http::{Request, Response};
use super::object::{Object, Unreadable};
use super::secret::SecretKey;
use crate::vocabulary::account_status::AccountStatus;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::origin::ConnectBase;
use crate::vocabulary::words::words;

/// The request for how `account` is, made as the platform.
///
/// ```
/// use stripe_connect_oauth::server::{SecretKey, retrieve_account};
/// use stripe_connect_oauth::{AccountId, ConnectBase};
///
/// let key = SecretKey::parse("sk_test_123")?;
/// let request = retrieve_account(&ConnectBase::stripe(), &key, &AccountId::parse("acct_1")?);
/// assert_eq!(request.url, "https://api.stripe.com/v1/accounts/acct_1");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub fn retrieve_account(base: &ConnectBase, key: &SecretKey, account: &AccountId) -> Request {
    Request::get([base.api(), "/v1/accounts/", account.as_str()].concat(), key)
}

/// An account, as the API describes it.
///
/// ```
/// use stripe_connect_oauth::server::{AccountType, Response, read_account};
///
/// let reply = Response::json(200, r#"{"id":"acct_1","type":"standard","country":"FR",
///     "charges_enabled":true,"payouts_enabled":false,"details_submitted":false}"#);
/// let account = read_account(&reply)?;
/// assert_eq!(account.id.as_str(), "acct_1");
/// assert_eq!(account.account_type, AccountType::Standard);
/// assert_eq!(account.status().as_str(), "finish_onboarding");
/// # Ok::<(), stripe_connect_oauth::server::AccountError>(())
/// ```
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
///
/// ```
/// use stripe_connect_oauth::server::{Response, read_account};
///
/// let reply = Response::json(200, r#"{"id":"acct_1","type":"standard",
///     "charges_enabled":true,"payouts_enabled":true,"details_submitted":true,
///     "requirements":{"currently_due":["external_account"],"current_deadline":1700000000}}"#);
/// let account = read_account(&reply)?;
/// assert_eq!(account.requirements.currently_due, ["external_account"]);
/// assert_eq!(account.requirements.current_deadline, Some(1_700_000_000));
/// # Ok::<(), stripe_connect_oauth::server::AccountError>(())
/// ```
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
    ///
    /// ```
    /// use stripe_connect_oauth::server::AccountType;
    ///
    /// assert_eq!(AccountType::Express.as_str(), "express");
    /// assert_eq!(AccountType::Unrecognized("kiosk".to_owned()).as_str(), "kiosk");
    /// ```
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

/// Reads the answer to [`retrieve_account`] or [`create_account`](super::create_account).
///
/// ```
/// use stripe_connect_oauth::server::{AccountError, Response, read_account};
///
/// let odd = Response::json(200, r#"{"id":"acct_1"}"#);
/// let error = read_account(&odd).unwrap_err();
/// assert!(matches!(error, AccountError::Unavailable(_)));
/// assert!(error.to_string().starts_with("Stripe answered 200 and charges_enabled is missing or odd"), "{error}");
/// ```
pub fn read_account(reply: &Response) -> Result<Account, AccountError> {
    read(reply, Account::read)
}

/// The id in an account's JSON.
pub(super) fn id(body: &mut Object) -> Result<AccountId, Unreadable> {
    let text = body.text("id")?.ok_or(Unreadable("id"))?;
    AccountId::parse(&text).map_err(|_| Unreadable("id"))
}

impl Account {
    /// How the account is, in one word.
    pub fn status(&self) -> AccountStatus {
        let requirements = &self.requirements;
        let reason = requirements.disabled_reason.as_ref().map(DisabledReason::status);
        let is_asked = !requirements.currently_due.is_empty() || !requirements.past_due.is_empty();
        // A rejection and a pause stand above all; then what the owner must do; then Stripe's reason; then what works.
        match (reason, self.charges_enabled, self.payouts_enabled) {
            (Some(status @ (AccountStatus::Rejected | AccountStatus::Paused)), ..) => status,
            _ if !self.details_submitted => AccountStatus::FinishOnboarding,
            (Some(status), ..) => status,
            (None, true, true) if is_asked => AccountStatus::InformationDue,
            (None, true, true) => AccountStatus::Active,
            (None, ..) if is_asked => AccountStatus::InformationOverdue,
            (None, ..) if !requirements.pending_verification.is_empty() => AccountStatus::InReview,
            (None, true, false) => AccountStatus::PayoutsPaused,
            (None, false, true) => AccountStatus::ChargesPaused,
            (None, false, false) => AccountStatus::Disabled,
        }
    }

    /// The account, as it also stands in the event `account.updated`.
    pub(super) fn read(mut body: Object) -> Result<Account, Unreadable> {
        Ok(Account {
            id: id(&mut body)?,
            // Old versions of the API have `managed` instead of `type`,
            account_type: match (body.text("type")?, body.boolean("managed")?) {
                (Some(word), _) => AccountType::read(&word),
                (None, Some(true)) => AccountType::Custom,
                (None, Some(false)) => AccountType::Standard,
                (None, None) => AccountType::None,
            },
            charges_enabled: body.boolean("charges_enabled")?.ok_or(Unreadable("charges_enabled"))?,
            // and `transfers_enabled` instead of `payouts_enabled`.
            payouts_enabled: (body.boolean("payouts_enabled")?.or(body.boolean("transfers_enabled")?))
                .ok_or(Unreadable("payouts_enabled"))?,
            details_submitted: body.boolean("details_submitted")?.ok_or(Unreadable("details_submitted"))?,
            requirements: body.object("requirements")?.map(Requirements::read).transpose()?.unwrap_or_default(),
            country: body.text("country")?,
            email: body.text("email")?,
        })
    }
}

impl Requirements {
    fn read(mut body: Object) -> Result<Requirements, Unreadable> {
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
