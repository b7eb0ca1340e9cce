//! [`Event`]: what happened, as a webhook tells it. It is made only of a body that Stripe signed.

use super::account::{Account, AccountBody};
use super::webhook::WebhookError;
use crate::ids::{AccountId, ClientId};
use crate::livemode::Livemode;
use crate::text::all;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::fmt;

/// An event's id, `evt_…`. Stripe sends an event more than once; its id stays the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventId(String);

impl EventId {
    fn read(text: String) -> Option<EventId> {
        let rest = text.strip_prefix("evt_").filter(|rest| !rest.is_empty() && text.len() <= 255)?;
        all(rest, |b| b.is_ascii_alphanumeric() || b == b'_').then_some(())?;
        Some(EventId(text))
    }

    /// The id as Stripe writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An event that Stripe signed (`docs.stripe.com/api/events/object`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Handle each id once: duplicates happen.
    pub id: EventId,
    /// When it happened, in Unix seconds. Events come out of order.
    pub created: u64,
    /// The mode it happened in. Test events come to live Connect endpoints too.
    pub livemode: Livemode,
    /// The connected account it happened to; `None` when that is the platform itself.
    pub account: Option<AccountId>,
    /// What happened.
    pub kind: EventKind,
}

/// What happened (`docs.stripe.com/api/events/types`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// `account.application.deauthorized`: [`Event::account`] took its access away from the platform.
    Deauthorized {
        /// The platform that lost access.
        application: ClientId,
    },
    /// `account.application.authorized`: [`Event::account`] gave the platform access.
    Authorized {
        /// The platform that has access.
        application: ClientId,
    },
    /// `account.updated`: how the account is now.
    AccountUpdated(Box<Account>),
    /// Any other type, by name; and an `account.updated` whose account is in the words of another API version.
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

#[derive(Deserialize)]
struct Head {
    object: String,
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    r#type: String,
    created: u64,
    livemode: bool,
    /// At the top, and nowhere else: `data.object` is the application, or the account as it is now.
    account: Option<String>,
    #[serde(rename = "data")]
    _data: Data<IgnoredAny>,
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
    let body = str::from_utf8(body).map_err(|_| WebhookError::NotAnEvent)?;
    let head: Head = read(body)?;
    match &*head.object {
        "event" => {}
        "v2.core.event" => return Err(WebhookError::ThinEvent),
        _ => return Err(WebhookError::NotAnEvent),
    }
    let event: Envelope = read(body)?;
    let account = event.account.map(|id| AccountId::parse(&id)).transpose();
    Ok(Event {
        id: EventId::read(event.id).ok_or(WebhookError::NotAnEvent)?,
        created: event.created,
        livemode: Livemode::from(event.livemode),
        account: account.map_err(|_| WebhookError::NotAnEvent)?,
        kind: kind(event.r#type, body)?,
    })
}

fn kind(name: String, body: &str) -> Result<EventKind, WebhookError> {
    Ok(match &*name {
        "account.application.deauthorized" => EventKind::Deauthorized { application: application(body)? },
        "account.application.authorized" => EventKind::Authorized { application: application(body)? },
        "account.updated" => match read(body).ok().and_then(|about: About<AccountBody>| about.data.object.read()) {
            Some(account) => EventKind::AccountUpdated(Box::new(account)),
            None => EventKind::Other(name),
        },
        _ => EventKind::Other(name),
    })
}

fn application(body: &str) -> Result<ClientId, WebhookError> {
    let about: About<Application> = read(body)?;
    ClientId::parse(&about.data.object.id).map_err(|_| WebhookError::NotAnEvent)
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, WebhookError> {
    serde_json::from_str(body).map_err(|_| WebhookError::NotAnEvent)
}
