//! [`ApiVersion`]: a version of Stripe's API, and what its objects were like before they changed.
//!
//! Everything is made in its newest shape. For an older version it goes back through the changes, one after the
//! other, as at Stripe (`stripe.com/blog/api-versioning`).

use crate::vocabulary::convert::as_text;
use crate::vocabulary::error::ConnectError;
use serde::Serialize;
use serde_json::{Map, Value};

/// A version of the API: a date, and since 2024-09-30 the name of its train.
///
/// ```
/// use stripe_connect_oauth::sandbox::ApiVersion;
///
/// assert_eq!(ApiVersion::parse("2018-11-08")?.as_str(), "2018-11-08");
/// assert!(ApiVersion::parse("2019-2-19").is_err(), "Stripe refuses it too");
/// assert_eq!(ApiVersion::default().as_str(), "2025-03-31.basil");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ApiVersion(String);

as_text! {
    ApiVersion: ApiVersion::parse;
}

/// The first version of all.
const FIRST: &str = "2011-01-01";

/// The trains, and the version that each began with. Later ones are not known here, and are taken at their word.
const TRAINS: [(&str, &str); 5] = [
    ("2024-09-30", "acacia"),
    ("2025-03-31", "basil"),
    ("2025-09-30", "clover"),
    ("2026-03-25", "dahlia"),
    ("2026-09-30", "endive"),
];

type Object = Map<String, Value>;

/// The version from which an object is as it is now, and what makes it what it was before. The newest first.
type Change = (&'static str, fn(&mut Object));

const OF_ACCOUNTS: [Change; 3] = [
    ("2019-02-19", before_requirements),
    ("2017-05-25", before_types),
    ("2017-04-06", |account| moved(account, "payouts_enabled", "transfers_enabled")),
];

const OF_EVENTS: [Change; 2] = [
    ("2017-05-25", |event| moved(event, "account", "user_id")),
    ("2017-05-25", |event| moved(event, "request.id", "request")),
];

impl ApiVersion {
    /// Reads a version. Which dates had a release is not known here; that it is a date, and goes with its train, is.
    pub fn parse(text: &str) -> Result<ApiVersion, ConnectError> {
        // A preview names its features behind it: `2025-03-31.preview; feature_beta=v3`.
        let release = text.split_once(';').map_or(text, |(release, _)| release);
        let (date, train) = release.split_once('.').map_or((release, None), |(date, train)| (date, Some(train)));
        if is_date(date) && date >= FIRST && is_train(train, date) {
            return Ok(ApiVersion(text.to_owned()));
        }
        Err(ConnectError::invalid(
            "api_version",
            "must be a version of Stripe's API such as 2018-11-08 or 2025-03-31.basil",
        ))
    }

    /// The version as Stripe writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An account, or what of one has changed, as this version has it.
    pub(super) fn account(&self, newest: Value) -> Value {
        self.back(newest, &OF_ACCOUNTS)
    }

    /// An event as this version has it, and the account in it.
    pub(super) fn event(&self, event: &impl Serialize) -> String {
        let newest = serde_json::to_value(event).unwrap_or_default();
        let mut event = self.back(newest, &OF_EVENTS);
        let is_of_account = event.pointer("/data/object/object").is_some_and(|kind| kind == "account");
        for part in ["/data/object", "/data/previous_attributes"] {
            if let Some(part) = event.pointer_mut(part).filter(|_| is_of_account) {
                *part = self.account(part.take());
            }
        }
        if let Value::Object(event) = &mut event {
            event.insert("api_version".to_owned(), self.as_str().into());
        }
        event.to_string()
    }

    fn back(&self, mut newest: Value, changes: &[Change]) -> Value {
        let before = changes.iter().filter(|(since, _)| self.as_str() < *since);
        if let Value::Object(object) = &mut newest {
            before.for_each(|(_, change)| change(object));
        }
        newest
    }
}

impl Default for ApiVersion {
    /// The one that is answered with when none is asked for.
    fn default() -> ApiVersion {
        ApiVersion("2025-03-31.basil".to_owned())
    }
}

fn is_date(text: &str) -> bool {
    let number = |part: &str, length: usize, most: u32| {
        part.len() == length
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse().is_ok_and(|number: u32| (1..=most).contains(&number))
    };
    match *text.split('-').collect::<Vec<_>>() {
        [year, month, day] => number(year, 4, 9999) && number(month, 2, 12) && number(day, 2, 31),
        _ => false,
    }
}

fn is_train(train: Option<&str>, date: &str) -> bool {
    let running = TRAINS.iter().rev().find(|(since, _)| date >= *since);
    match (running, train) {
        (None, None) => true,
        (Some(_), Some("preview")) => true,
        (Some((_, name)), Some(train)) if *name == train => true,
        (Some(newest), Some(train)) if TRAINS.last() == Some(newest) => {
            !TRAINS.iter().any(|(_, name)| *name == train)
                && !train.is_empty()
                && train.bytes().all(|byte| byte.is_ascii_lowercase())
        }
        _ => false,
    }
}

/// `requirements` was `verification`, and `business_profile` and `settings` stood at the top.
fn before_requirements(account: &mut Object) {
    const MOVED: [(&str, &str); 11] = [
        ("requirements.currently_due", "verification.fields_needed"),
        ("requirements.current_deadline", "verification.due_by"),
        ("requirements.disabled_reason", "verification.disabled_reason"),
        ("business_profile.name", "business_name"),
        ("business_profile.product_description", "product_description"),
        ("business_profile.support_email", "support_email"),
        ("business_profile.support_phone", "support_phone"),
        ("business_profile.support_url", "support_url"),
        ("business_profile.url", "business_url"),
        ("settings.dashboard.display_name", "display_name"),
        ("settings.dashboard.timezone", "timezone"),
    ];
    for (now, before) in MOVED {
        moved(account, now, before);
    }
    for gone in ["requirements", "future_requirements", "business_profile", "settings"] {
        account.remove(gone);
    }
    if let Some(Value::Object(verification)) = account.get_mut("verification") {
        if let Some(Value::Array(fields)) = verification.get_mut("fields_needed") {
            fields.iter_mut().for_each(|field| *field = field_needed(field.as_str().unwrap_or_default()).into());
        }
        if let Some(reason) =
            verification.get_mut("disabled_reason").filter(|reason| *reason == "requirements.past_due")
        {
            *reason = "fields_needed".into();
        }
    }
}

/// What is asked for, by its name of that time.
fn field_needed(field: &str) -> String {
    const NAMES: [(&str, &str); 3] = [
        ("individual.", "legal_entity."),
        ("business_profile.url", "business_url"),
        ("business_profile.product_description", "product_description"),
    ];
    let renamed = NAMES.iter().find_map(|(now, before)| Some([before, field.strip_prefix(now)?].concat()));
    renamed.unwrap_or_else(|| field.to_owned())
}

/// An account was `managed` or not. Here nobody makes one that is: today's word for it is `custom`.
fn before_types(account: &mut Object) {
    if let Some(kind) = account.remove("type") {
        account.insert("managed".to_owned(), (kind == "custom").into());
    }
}

/// Moves what is there; both are paths, `a.b`.
fn moved(object: &mut Object, from: &str, to: &str) {
    let Some(value) = taken(object, from) else { return };
    match to.split_once('.') {
        None => drop(object.insert(to.to_owned(), value)),
        Some((outer, name)) => {
            let outer = object.entry(outer).or_insert_with(|| Object::new().into());
            if let Value::Object(outer) = outer {
                outer.insert(name.to_owned(), value);
            }
        }
    }
}

fn taken(object: &mut Object, path: &str) -> Option<Value> {
    match path.split_once('.') {
        None => object.remove(path),
        Some((outer, rest)) => taken(object.get_mut(outer)?.as_object_mut()?, rest),
    }
}
