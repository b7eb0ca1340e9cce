//! [`Event`]: what happened, as a webhook tells it. It is made only of a body that Stripe signed.

use super::account::Account;
use super::object::{Object, Unreadable};
use super::webhook_error::WebhookError;
use crate::vocabulary::convert::as_text;
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::text::all;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

/// An event's id, `evt_…`. Stripe sends an event more than once; its id stays the same.
///
/// ```
/// use stripe_connect_oauth::server::EventId;
///
/// let seen = EventId::parse("evt_1NG8Du2eZvKYlo2C")?;
/// assert_eq!(seen.as_str(), "evt_1NG8Du2eZvKYlo2C");
/// assert!(EventId::parse("acct_1").is_err());
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventId(String);

impl EventId {
    /// Reads an id that was kept: `evt_` and letters, digits or underscores, 255 bytes at most.
    pub fn parse(text: &str) -> Result<EventId, ConnectError> {
        const RULE: &str = "must be evt_ and then only letters, digits and underscores, 255 bytes at most";
        let rest = text.strip_prefix("evt_").filter(|rest| !rest.is_empty() && text.len() <= 255);
        match rest {
            Some(rest) if all(rest, |b| b.is_ascii_alphanumeric() || b == b'_') => Ok(EventId(text.to_owned())),
            _ => Err(ConnectError::invalid("event_id", RULE)),
        }
    }

    /// The id as Stripe writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

as_text! { EventId: EventId::parse; }

/// An event that Stripe signed (`docs.stripe.com/api/events/object`).
///
/// ```
/// # use stripe_connect_oauth::server::{Tolerance, WebhookSecret, sign_webhook, verify_webhook};
/// use stripe_connect_oauth::Livemode;
/// use stripe_connect_oauth::server::{Event, EventKind};
///
/// /// What a platform does with one that it has not seen before.
/// fn handle(event: &Event) {
///     if event.livemode == Livemode::Test {
///         return; // test events come to live endpoints too
///     }
///     match (&event.account, &event.kind) {
///         (Some(account), EventKind::Deauthorized { .. }) => println!("{account} left, at {}", event.created),
///         _ => println!("{}: nothing to do for {}", event.id, event.kind.as_str()),
///     }
/// }
/// # let secret = WebhookSecret::parse("whsec_5dc4a9b17ae0f6a8")?;
/// # let body = br#"{"id":"evt_1","object":"event","type":"x","created":1,"livemode":true,"data":{"object":{}}}"#;
/// # handle(&verify_webhook(body, &sign_webhook(body, &secret, 1), &[secret], 1, Tolerance::default())?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Handle each id once: duplicates happen.
    pub id: EventId,
    /// When it happened, in Unix seconds. Events come out of order.
    pub created: u64,
    /// The mode it happened in. Test events come to live Connect endpoints too.
    pub livemode: Livemode,
    /// The connected account it happened to; `None` when that is the platform itself. Stripe names it `account`;
    /// in events of endpoints with an API version before 2017-05-25, `user_id`, and in some `stripe_user_id`.
    pub account: Option<AccountId>,
    /// What happened.
    pub kind: EventKind,
}

/// What happened (`docs.stripe.com/api/events/types`).
///
/// ```
/// use stripe_connect_oauth::server::EventKind;
///
/// let kind = EventKind::Deauthorized { application: "ca_123".to_owned() };
/// assert_eq!(kind.as_str(), "account.application.deauthorized");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// `account.application.deauthorized`: [`Event::account`] took its access away from the platform.
    Deauthorized {
        /// The platform that lost access, as Stripe writes its client id.
        application: String,
    },
    /// `account.application.authorized`: [`Event::account`] gave the platform access.
    Authorized {
        /// The platform that has access, as Stripe writes its client id.
        application: String,
    },
    /// `account.updated`: how the account is now.
    AccountUpdated(Box<Account>),
    /// Any other type, by name; and an `account.updated` whose account can't be read.
    Other(String),
}

impl EventKind {
    /// Stripe's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            EventKind::Deauthorized { .. } => "account.application.deauthorized",
            EventKind::Authorized { .. } => "account.application.authorized",
            EventKind::AccountUpdated(_) => "account.updated",
            EventKind::Other(name) => name,
        }
    }
}

/// What the event itself says, at the top. A name that stands there twice makes it no event: other readers might
/// take the other one.
#[derive(Deserialize)]
struct Envelope {
    object: Option<Value>,
    id: Option<Value>,
    r#type: Option<Value>,
    created: Option<Value>,
    livemode: Option<Value>,
    /// At the top, and nowhere else: `data.object` is the application, or the account as it is now.
    account: Option<Value>,
    user_id: Option<Value>,
    stripe_user_id: Option<Value>,
}

#[derive(Deserialize)]
struct About<T> {
    data: Data<T>,
}

#[derive(Deserialize)]
struct Data<T> {
    object: T,
}

#[derive(Deserialize)]
struct Application {
    id: String,
}

/// Reads the body of a webhook whose signature was found right.
pub(super) fn read_event(body: &[u8]) -> Result<Event, WebhookError> {
    let is_thin = |event: &Envelope| event.object.as_ref().is_some_and(|word| word == "v2.core.event");
    let body = str::from_utf8(body).map_err(|_| Unreadable("its JSON"));
    let read = body.and_then(|body| Ok((body, read::<Envelope>(body, "its JSON")?)));
    match read {
        Ok((_, event)) if is_thin(&event) => Err(WebhookError::ThinEvent),
        Ok((body, event)) => event.read(body).map_err(|Unreadable(field)| WebhookError::NotAnEvent { field }),
        Err(Unreadable(field)) => Err(WebhookError::NotAnEvent { field }),
    }
}

impl Envelope {
    fn read(self, body: &str) -> Result<Event, Unreadable> {
        let is_event = |word: &Value| word == "event";
        self.object.as_ref().filter(|word| is_event(word)).ok_or(Unreadable("object"))?;
        let name = self.r#type.as_ref().and_then(Value::as_str).ok_or(Unreadable("type"))?;
        Ok(Event {
            id: self.id()?,
            created: self.created.as_ref().and_then(Value::as_u64).ok_or(Unreadable("created"))?,
            livemode: self.livemode.as_ref().and_then(Value::as_bool).ok_or(Unreadable("livemode"))?.into(),
            account: self.account()?,
            kind: kind(name, body)?,
        })
    }

    fn id(&self) -> Result<EventId, Unreadable> {
        let text = self.id.as_ref().and_then(Value::as_str);
        text.and_then(|text| EventId::parse(text).ok()).ok_or(Unreadable("id"))
    }

    /// The first of its names that is there.
    fn account(&self) -> Result<Option<AccountId>, Unreadable> {
        let names =
            [("account", &self.account), ("user_id", &self.user_id), ("stripe_user_id", &self.stripe_user_id)];
        let Some((name, value)) = names.into_iter().find_map(|(name, value)| Some((name, value.as_ref()?))) else {
            return Ok(None);
        };
        let id = value.as_str().and_then(|id| AccountId::parse(id).ok());
        id.map(Some).ok_or(Unreadable(name))
    }
}

fn kind(name: &str, body: &str) -> Result<EventKind, Unreadable> {
    read::<About<IgnoredAny>>(body, "data.object")?;
    Ok(match name {
        "account.application.deauthorized" => EventKind::Deauthorized { application: application(body)? },
        "account.application.authorized" => EventKind::Authorized { application: application(body)? },
        "account.updated" => match account(body) {
            Some(account) => EventKind::AccountUpdated(Box::new(account)),
            None => EventKind::Other(name.to_owned()),
        },
        _ => EventKind::Other(name.to_owned()),
    })
}

fn application(body: &str) -> Result<String, Unreadable> {
    read::<About<Application>>(body, "data.object.id").map(|about| about.data.object.id)
}

fn account(body: &str) -> Option<Account> {
    let about: About<Value> = read(body, "data.object").ok()?;
    Account::read(Object::of(about.data.object)?).ok()
}

/// Reads `body`, in which `name` is odd if it can't be read.
fn read<T: DeserializeOwned>(body: &str, name: &'static str) -> Result<T, Unreadable> {
    serde_json::from_str(body).map_err(|_| Unreadable(name))
}
