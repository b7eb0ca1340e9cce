//! [`Account`]: a made-up Stripe account, and the JSON that the API shows of it.

use super::account_state::AccountState;
use super::platform::SandboxPlatform;
use super::seed::Seed;
#[cfg(feature = "js")]
use super::settings::Settings;
use crate::front::prefill::{Prefill, PrefillField};
use crate::vocabulary::capability::Capability;
#[cfg(feature = "js")]
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// When the accounts that a sandbox begins with were made.
pub(super) const LONG_AGO: u64 = 1_577_836_800;

/// Within this time Stripe wants the information it asks for.
const DEADLINE_SECONDS: u64 = 14 * 86_400;

/// The countries where Stripe has accounts.
const COUNTRIES: &str = "AE AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GI GR HK HR HU IE IN IT JP LI LT LU \
                         LV MT MX MY NL NO NZ PL PT RO SE SG SI SK TH US";

/// An account to begin with.
///
/// ```
/// use stripe_connect_oauth::AccountId;
/// use stripe_connect_oauth::sandbox::{AccountState, SandboxAccount};
///
/// let account = SandboxAccount {
///     name: "Corner Shop".to_owned(),
///     state: AccountState::Restricted,
///     ..SandboxAccount::new(AccountId::parse("acct_1CornerShop")?)
/// };
/// assert_eq!(account.country, "US");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone)]
pub struct SandboxAccount {
    /// The account's id.
    pub id: AccountId,
    /// The business's name.
    pub name: String,
    /// Its e-mail address.
    pub email: String,
    /// Two capital letters, ISO 3166-1.
    pub country: String,
    /// How Stripe sees it.
    pub state: AccountState,
}

impl SandboxAccount {
    /// An active account in the US.
    pub fn new(id: AccountId) -> SandboxAccount {
        SandboxAccount {
            id,
            name: "Test account".to_owned(),
            email: "owner@example.com".to_owned(),
            country: "US".to_owned(),
            state: AccountState::Active,
        }
    }
}

#[cfg(feature = "js")]
impl SandboxAccount {
    /// `{"id", "name", "email", "country", "state"}`, of which only `id` must be there.
    pub(super) fn read(given: &Settings) -> Result<SandboxAccount, ConnectError> {
        let id = AccountId::parse(given.text("id")?.unwrap_or_default()).map_err(|error| error.renamed("id"))?;
        let usual = SandboxAccount::new(id);
        let text = |name: &str, usual: &str| given.text(name).map(|text| text.unwrap_or(usual).to_owned());
        Ok(SandboxAccount {
            name: text("name", &usual.name)?,
            email: text("email", &usual.email)?,
            country: text("country", &usual.country)?,
            state: given.text("state")?.map(AccountState::parse).transpose()?.unwrap_or_default(),
            ..usual
        })
    }
}

/// Who controls an account.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Controller {
    /// The platform's own account.
    pub(super) account: String,
    /// The mode of the key that made it: it is in no other.
    pub(super) livemode: Livemode,
}

#[derive(Clone)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) country: Option<String>,
    pub(super) url: Option<String>,
    pub(super) business_type: Option<String>,
    pub(super) product_description: Option<String>,
    pub(super) is_express: bool,
    pub(super) state: AccountState,
    /// Since when it is in this state.
    pub(super) since: u64,
    pub(super) created: u64,
    pub(super) capabilities: Vec<Capability>,
    /// The platform that made it through the API, and so controls it.
    pub(super) controller: Option<Controller>,
    pub(super) metadata: BTreeMap<String, String>,
}

impl Account {
    fn named(id: String, name: String, created: u64) -> Account {
        Account {
            id,
            name,
            email: None,
            country: None,
            url: None,
            business_type: None,
            product_description: None,
            is_express: false,
            state: AccountState::Active,
            since: created,
            created,
            capabilities: vec![Capability::CardPayments, Capability::Transfers],
            controller: None,
            metadata: BTreeMap::new(),
        }
    }

    /// One of those a sandbox begins with.
    pub(super) fn seeded(account: &SandboxAccount) -> Account {
        Account {
            email: Some(account.email.clone()),
            country: Some(account.country.clone()),
            state: account.state,
            ..Account::named(account.id.to_string(), account.name.clone(), LONG_AGO)
        }
    }

    /// One that a person made on the consent page.
    pub(super) fn registered(details: &Prefill, now: u64, seed: &mut Seed) -> Account {
        let value = |field: PrefillField| {
            details.pairs().find(|(name, _)| *name == field.as_str()).map(|(_, value)| value.to_owned())
        };
        let person = [PrefillField::FirstName, PrefillField::LastName].map(value);
        let person: Vec<String> = person.into_iter().flatten().collect();
        let person = (!person.is_empty()).then(|| person.join(" "));
        let name = value(PrefillField::BusinessName).or(person);
        Account {
            email: value(PrefillField::Email),
            country: value(PrefillField::Country),
            url: value(PrefillField::Url),
            business_type: value(PrefillField::BusinessType),
            product_description: value(PrefillField::ProductDescription),
            ..Account::named(seed.id("acct_", 16), name.unwrap_or_else(|| "New test account".to_owned()), now)
        }
    }

    /// One that a platform made through the API: nothing of it works yet.
    pub(super) fn created(controller: Controller, now: u64, seed: &mut Seed) -> Account {
        Account {
            state: AccountState::Onboarding,
            controller: Some(controller),
            ..Account::named(seed.id("acct_", 16), "New test account".to_owned(), now)
        }
    }

    /// The platform's own.
    pub(super) fn of_platform(platform: &SandboxPlatform) -> Account {
        Account {
            email: Some("platform@example.com".to_owned()),
            country: Some("US".to_owned()),
            ..Account::named(platform.account_id(), platform.name.clone(), LONG_AGO)
        }
    }

    /// Whether this platform made it, in whichever mode.
    pub(super) fn is_controlled_by(&self, platform: &SandboxPlatform) -> bool {
        self.controller.as_ref().is_some_and(|controller| controller.account == platform.account_id())
    }

    /// `ada@example.com · NO`: what tells it apart on a page.
    pub(super) fn detail(&self) -> String {
        [&self.email, &self.country].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" · ")
    }

    pub(super) const fn kind(&self) -> &'static str {
        if self.is_express { "express" } else { "standard" }
    }

    /// The account as `account` of the API.
    pub(super) fn json(&self) -> Value {
        let state = self.state;
        let capability = |capability: &Capability| (capability.as_str().to_owned(), json!(state.capability()));
        let deadline = (state == AccountState::InformationDue).then(|| self.since.saturating_add(DEADLINE_SECONDS));
        json!({
            "id": self.id,
            "object": "account",
            "business_profile": {
                "mcc": null,
                "minority_owned_business_designation": null,
                "name": self.name,
                "product_description": self.product_description,
                "specified_commercial_transactions_act_url": null,
                "support_address": null,
                "support_email": null,
                "support_phone": null,
                "support_url": null,
                "url": self.url,
            },
            "business_type": self.business_type,
            "capabilities": self.capabilities.iter().map(capability).collect::<Map<_, _>>(),
            "charges_enabled": state.charges_enabled(),
            "controller": self.controller_json(),
            "country": self.country.as_deref().unwrap_or("US"),
            "created": self.created,
            "default_currency": currency(self.country.as_deref().unwrap_or("US")),
            "details_submitted": state.details_submitted(),
            "email": self.email,
            "future_requirements": requirements(&[], &[], None, None),
            "metadata": self.metadata,
            "payouts_enabled": state.payouts_enabled(),
            "requirements": requirements(
                state.currently_due(), state.past_due(), deadline, state.disabled_reason(),
            ),
            "settings": {
                "branding": {"icon": null, "logo": null, "primary_color": null, "secondary_color": null},
                "card_payments": {
                    "statement_descriptor_prefix": null,
                    "statement_descriptor_prefix_kana": null,
                    "statement_descriptor_prefix_kanji": null,
                },
                "dashboard": {"display_name": self.name, "timezone": "Etc/UTC"},
                "payments": {
                    "statement_descriptor": null,
                    "statement_descriptor_kana": null,
                    "statement_descriptor_kanji": null,
                    "statement_descriptor_prefix_kana": null,
                    "statement_descriptor_prefix_kanji": null,
                },
            },
            "type": self.kind(),
        })
    }

    fn controller_json(&self) -> Value {
        match (&self.controller, self.is_express) {
            (None, false) => json!({"type": "account"}),
            (_, is_express) => json!({
                "fees": {"payer": if is_express { "application_express" } else { "account" }},
                "is_controller": true,
                "losses": {"payments": if is_express { "application" } else { "stripe" }},
                "requirement_collection": "stripe",
                "stripe_dashboard": {"type": if is_express { "express" } else { "full" }},
                "type": "application",
            }),
        }
    }

    /// `balance` of the API: made up from the id, so that it stays the same.
    pub(super) fn balance(&self, livemode: bool) -> Value {
        let currency = currency(self.country.as_deref().unwrap_or("US"));
        let cents = |factor: u64| {
            let sum: u64 = self.id.bytes().map(u64::from).fold(0, u64::wrapping_add);
            let amount = sum.wrapping_mul(factor) % 100_000;
            json!([{"amount": amount, "currency": currency, "source_types": {"card": amount}}])
        };
        json!({"object": "balance", "available": cents(37), "livemode": livemode, "pending": cents(11)})
    }
}

fn requirements(
    currently_due: &[&str],
    past_due: &[&str],
    deadline: Option<u64>,
    disabled_reason: Option<&str>,
) -> Value {
    json!({
        "alternatives": [],
        "current_deadline": deadline,
        "currently_due": currently_due,
        "disabled_reason": disabled_reason,
        "errors": [],
        "eventually_due": currently_due,
        "past_due": past_due,
        "pending_verification": [],
    })
}

/// Whether Stripe has accounts in this country.
pub(super) fn is_country(code: &str) -> bool {
    COUNTRIES.split_ascii_whitespace().any(|country| country == code)
}

fn currency(country: &str) -> &'static str {
    match country {
        "AE" => "aed",
        "AU" => "aud",
        "BG" => "bgn",
        "BR" => "brl",
        "CA" => "cad",
        "CH" | "LI" => "chf",
        "CZ" => "czk",
        "DK" => "dkk",
        "GB" | "GI" => "gbp",
        "HK" => "hkd",
        "HU" => "huf",
        "IN" => "inr",
        "JP" => "jpy",
        "MX" => "mxn",
        "MY" => "myr",
        "NO" => "nok",
        "NZ" => "nzd",
        "PL" => "pln",
        "RO" => "ron",
        "SE" => "sek",
        "SG" => "sgd",
        "TH" => "thb",
        "US" => "usd",
        _ => "eur",
    }
}

/// What of `old` is different in `new`, with its old value: `previous_attributes` of an event.
pub(super) fn previous_attributes(old: &Value, new: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return old.clone() };
    let changed = old.iter().filter(|(name, value)| new.get(*name) != Some(value));
    let before = |(name, value): (&String, &Value)| {
        (name.clone(), new.get(name).map_or_else(|| value.clone(), |new| previous_attributes(value, new)))
    };
    Value::Object(changed.map(before).collect())
}
