//! [`Account`]: how a connected account is, through the API.

use super::account_error::{AccountError, read};
use super::disabled_reason::DisabledReason;
use super::http::{Request, Response};
use super::object::{Object, Unreadable};
use super::requirements::Requirements;
use super::secret::SecretKey;
use crate::vocabulary::account_status::AccountStatus;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::origin::ConnectBase;
use crate::vocabulary::words::words;
use std::collections::BTreeMap;

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

/// An account, as any version of the API since 2014 describes it.
///
/// ```
/// use stripe_connect_oauth::server::{AccountType, CapabilityStatus, Response, read_account};
///
/// let reply = Response::json(200, r#"{"id":"acct_1","type":"standard","country":"FR","default_currency":"eur",
///     "settings":{"dashboard":{"display_name":"Ada's Apples"}},"capabilities":{"transfers":"pending"},
///     "charges_enabled":true,"payouts_enabled":false,"details_submitted":false}"#);
/// let account = read_account(&reply)?;
/// assert_eq!(account.id.as_str(), "acct_1");
/// assert_eq!(account.display_name.as_deref(), Some("Ada's Apples"));
/// assert_eq!(account.account_type, AccountType::Standard);
/// assert_eq!(account.capabilities["transfers"], CapabilityStatus::Pending);
/// assert_eq!(account.status().as_str(), "finish_onboarding");
/// # Ok::<(), stripe_connect_oauth::server::AccountError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The kind of account.
    pub account_type: AccountType,
    /// The name people know it by: the one in its dashboard (`settings.dashboard.display_name`), else its business's.
    pub display_name: Option<String>,
    /// Two letters, ISO 3166-1.
    pub country: Option<String>,
    /// Three small letters, ISO 4217.
    pub default_currency: Option<String>,
    /// The account's e-mail address.
    pub email: Option<String>,
    /// Whether it can take payments.
    pub charges_enabled: bool,
    /// Whether its money is paid out.
    pub payouts_enabled: bool,
    /// Whether its owner has finished Stripe's form.
    pub details_submitted: bool,
    /// What it was asked to be able to do, by Stripe's names such as `card_payments`, and how far each is.
    pub capabilities: BTreeMap<String, CapabilityStatus>,
    /// What Stripe still asks for.
    pub requirements: Requirements,
    /// What it will ask for besides, from `current_deadline` on.
    pub future_requirements: Requirements,
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

words! {
    /// How far a capability is (`docs.stripe.com/api/capabilities/object`).
    ///
    /// ```
    /// use stripe_connect_oauth::server::CapabilityStatus;
    ///
    /// assert_eq!(CapabilityStatus::Active.as_str(), "active");
    /// assert_eq!(CapabilityStatus::Unrecognized("restricted".to_owned()).as_str(), "restricted");
    /// ```
    #[non_exhaustive]
    pub enum CapabilityStatus, or else Unrecognized {
        /// `active`: the account can do it.
        Active = "active",
        /// `inactive`: it was asked for, and the account can't.
        Inactive = "inactive",
        /// `pending`: Stripe checks what was given.
        Pending = "pending",
        /// `unrequested`: nobody asked for it.
        Unrequested = "unrequested",
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
    /// How the account is, in one word. What its owner must do stands before what waits, and that before what works.
    pub fn status(&self) -> AccountStatus {
        use AccountStatus::*;
        let reason = self.requirements.disabled_reason.as_ref().map(DisabledReason::status);
        let comes = self.requirements.has_deadline() || self.future_requirements.has_deadline();
        let (is_due, works) = (self.requirements.is_due(), self.works());
        match reason {
            Some(status @ (Rejected | Paused)) => status,
            _ if !self.details_submitted => FinishOnboarding,
            Some(status @ (CapabilitiesNeeded | InformationOverdue)) => status,
            _ if is_due && works => InformationDue,
            _ if is_due => InformationOverdue,
            Some(status) => status,
            None if works && (comes || self.future_requirements.is_due()) => InformationDue,
            None if works => Active,
            None if self.is_being_checked() => InReview,
            None => self.half_working(),
        }
    }

    /// Whether it does what it was asked to be able to do. One that is only paid by the platform takes no payments of
    /// its own, and is as it should be.
    fn works(&self) -> bool {
        let is_active = |status: &CapabilityStatus| *status == CapabilityStatus::Active;
        let can_nothing = !self.capabilities.is_empty() && !self.capabilities.values().any(is_active);
        let is_recipient = || {
            !self.asked().any(|(name, _)| takes_payments(name))
                && self.asked().any(|(name, status)| is_transfers(name) && is_active(status))
        };
        self.payouts_enabled && !can_nothing && (self.charges_enabled || is_recipient())
    }

    /// The capabilities that were asked for.
    fn asked(&self) -> impl Iterator<Item = (&str, &CapabilityStatus)> {
        let asked = self.capabilities.iter().filter(|(_, status)| **status != CapabilityStatus::Unrequested);
        asked.map(|(name, status)| (&**name, status))
    }

    fn is_being_checked(&self) -> bool {
        let is_pending = |(name, status): (&str, &CapabilityStatus)| {
            *status == CapabilityStatus::Pending && (name == "card_payments" || is_transfers(name))
        };
        !self.requirements.pending_verification.is_empty() || self.asked().any(is_pending)
    }

    /// What does not work, where Stripe gives no reason.
    fn half_working(&self) -> AccountStatus {
        match (self.charges_enabled, self.payouts_enabled) {
            (true, false) => AccountStatus::PayoutsPaused,
            (false, true) => AccountStatus::ChargesPaused,
            (true, true) | (false, false) => AccountStatus::Restricted,
        }
    }

    /// The account, as it also stands in the event `account.updated`, which is in the endpoint's version of the API.
    pub(super) fn read(mut body: Object) -> Result<Account, Unreadable> {
        Ok(Account {
            id: id(&mut body)?,
            // Before `type` there was `managed`.
            account_type: match (body.text("type")?, body.boolean("managed")?) {
                (Some(word), _) => AccountType::read(&word),
                (None, Some(true)) => AccountType::Custom,
                (None, Some(false)) => AccountType::Standard,
                (None, None) => AccountType::None,
            },
            display_name: display_name(&mut body)?,
            country: body.text("country")?,
            default_currency: body.text("default_currency")?,
            email: body.text("email")?,
            // Before 2014-11-05 these were `charge_enabled` and `transfer_enabled`, and before 2017-04-06
            // `payouts_enabled` was `transfers_enabled`.
            charges_enabled: enabled(&mut body, "charges_enabled", &["charge_enabled"])?,
            payouts_enabled: enabled(&mut body, "payouts_enabled", &["transfers_enabled", "transfer_enabled"])?,
            details_submitted: enabled(&mut body, "details_submitted", &[])?,
            capabilities: capabilities(&mut body)?,
            // Before 2019-02-19 there was `verification`.
            requirements: match (body.object("requirements")?, body.object("verification")?) {
                (Some(requirements), _) => Requirements::read(requirements)?,
                (None, Some(verification)) => Requirements::read_verification(verification)?,
                (None, None) => Requirements::default(),
            },
            future_requirements: match body.object("future_requirements")? {
                Some(requirements) => Requirements::read(requirements)?,
                None => Requirements::default(),
            },
        })
    }
}

/// Whether something is enabled, by its `name` or by those it had `before`.
fn enabled(body: &mut Object, name: &'static str, before: &[&'static str]) -> Result<bool, Unreadable> {
    let mut names = std::iter::once(name).chain(before.iter().copied());
    names.find_map(|name| body.boolean(name).transpose()).unwrap_or(Err(Unreadable(name)))
}

/// The name, from where each version of the API has it.
fn display_name(body: &mut Object) -> Result<Option<String>, Unreadable> {
    let within = |parent: Option<Object>, name| parent.map_or(Ok(None), |mut parent| parent.text(name));
    let dashboard = body.object("settings")?.map_or(Ok(None), |mut settings| settings.object("dashboard"))?;
    let names = [
        within(dashboard, "display_name")?,
        within(body.object("business_profile")?, "name")?,
        // Before 2019-02-19.
        body.text("display_name")?,
        body.text("business_name")?,
    ];
    Ok(names.into_iter().flatten().find(|name| !name.is_empty()))
}

fn capabilities(body: &mut Object) -> Result<BTreeMap<String, CapabilityStatus>, Unreadable> {
    let mut capabilities = BTreeMap::new();
    for (name, word) in body.texts_by_name("capabilities")? {
        capabilities.insert(name, CapabilityStatus::read(&word));
    }
    Ok(capabilities)
}

/// Whether a capability is for payments that the account takes itself, by card (`card_payments`, `legacy_payments`) or
/// otherwise (`sepa_debit_payments`).
fn takes_payments(capability: &str) -> bool {
    capability.ends_with("_payments") && !is_transfers(capability)
}

/// To be paid by the platform; before 2019-08-14, `platform_payments`.
fn is_transfers(capability: &str) -> bool {
    matches!(capability, "transfers" | "platform_payments")
}
