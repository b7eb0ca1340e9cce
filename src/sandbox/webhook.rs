//! [`Webhooks`]: events on their way to a platform, signed, until they arrive.

use super::api_version::ApiVersion;
use super::event::Event;
use super::settings::Settings;
use super::webhook_endpoint::WebhookEndpoint;
use crate::server::{Method, Request, WebhookSecret};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::ids::ClientId;
use crate::vocabulary::livemode::Livemode;
use serde_json::{Value, json};
use std::collections::VecDeque;

/// The first wait after a failure, in seconds; each wait is four times the one before, up to half a day.
const FIRST_WAIT: u64 = 10;
const LONGEST_WAIT: u64 = 12 * 3600;

/// Stripe tries for three days (`docs.stripe.com/webhooks`).
const GIVE_UP_AFTER: u64 = 3 * 86_400;

/// How long a rolled secret signs beside its successor, unless told otherwise.
const KEEP_ROLLED: u64 = 86_400;

/// With disorder, every second event is held back for so long that the next one overtakes it.
const HELD_BACK: u64 = 10;

/// How many copies of an event can be asked for.
const MOST_DUPLICATES: u64 = 10;

/// How many events, and how many deliveries that are over, are kept to be looked at.
const KEPT: usize = 1000;

/// A webhook to send: `POST` it as it stands, once, then say how it went with
/// [`Sandbox::delivered`](super::Sandbox::delivered).
///
/// ```
/// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
/// # use example::*;
/// # let now = 1_700_000_000;
/// # let mut sandbox = connected(now)?;
/// let change = post("/_sandbox/accounts", r#"{"id": "acct_1SandboxBakery01", "state": "restricted"}"#);
/// sandbox.handle(&change, now, [7; 32]);
///
/// let delivery = &sandbox.take_due_deliveries(now)[0];
/// assert_eq!(delivery.request.url, "http://localhost:8787/connect/webhook");
/// assert!(delivery.request.header("stripe-signature").is_some());
/// # Ok::<(), ConnectError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Delivery {
    /// What to call it by.
    pub id: u64,
    /// The signed request.
    pub request: Request,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Waits { until: u64 },
    UnderWay,
    Arrived,
    GivenUp,
}

/// One event on its way to one endpoint.
struct Parcel {
    id: u64,
    event: String,
    kind: &'static str,
    url: String,
    body: String,
    created: u64,
    attempts: u32,
    /// The last answer; absent, none came.
    status: Option<u16>,
    progress: Progress,
}

impl Parcel {
    fn json(&self) -> Value {
        let (state, next_at) = match self.progress {
            Progress::Waits { until } => ("waiting", Some(until)),
            Progress::UnderWay => ("under_way", None),
            Progress::Arrived => ("delivered", None),
            Progress::GivenUp => ("given_up", None),
        };
        json!({
            "id": self.id, "event": self.event, "type": self.kind, "url": self.url, "attempts": self.attempts,
            "status": self.status, "state": state, "next_at": next_at,
        })
    }

    const fn is_over(&self) -> bool {
        matches!(self.progress, Progress::Arrived | Progress::GivenUp)
    }
}

/// An event that was told, to be looked at and sent again.
struct Told {
    id: String,
    kind: &'static str,
    created: u64,
    /// In its platform's version.
    body: String,
    /// Of each endpoint the URL, and the event in the endpoint's version.
    copies: Vec<(String, String)>,
}

impl Told {
    /// One for each endpoint.
    fn parcels(&self, last_id: &mut u64, until: u64) -> Vec<Parcel> {
        let parcel = |(url, body): &(String, String)| {
            *last_id = last_id.saturating_add(1);
            Parcel {
                id: *last_id,
                event: self.id.clone(),
                kind: self.kind,
                url: url.clone(),
                body: body.clone(),
                created: self.created,
                attempts: 0,
                status: None,
                progress: Progress::Waits { until },
            }
        };
        self.copies.iter().map(parcel).collect()
    }
}

/// The events, the endpoints, and what is on its way to them.
#[derive(Default)]
pub(super) struct Webhooks {
    endpoints: Vec<WebhookEndpoint>,
    told: VecDeque<Told>,
    parcels: Vec<Parcel>,
    last_id: u64,
    /// How many more times each event is sent.
    duplicates: u64,
    is_disordered: bool,
    is_held_back: bool,
    is_paused: bool,
    /// Whether what a request causes is sent before that request is answered.
    pub(super) goes_first: bool,
}

impl Webhooks {
    /// Adds an endpoint; one of the same URL gives way.
    pub(super) fn add(&mut self, endpoint: WebhookEndpoint) {
        self.endpoints.retain(|known| known.url != endpoint.url);
        self.endpoints.push(endpoint);
    }

    /// Forgets everything but the endpoints.
    pub(super) fn reset(&mut self) {
        *self = Webhooks { endpoints: std::mem::take(&mut self.endpoints), ..Webhooks::default() };
    }

    /// Sends an event on its way to every endpoint that hears of it.
    pub(super) fn announce(&mut self, mut event: Event, now: u64) {
        let hearing: Vec<_> = self.endpoints.iter().filter(|endpoint| endpoint.hears_of(&event)).collect();
        event.pending_webhooks = hearing.len();
        let copy = |to: &WebhookEndpoint| {
            (to.url.clone(), to.api_version.as_ref().unwrap_or(&event.version).event(&event))
        };
        let copies = hearing.into_iter().map(copy).collect();
        let body = event.version.event(&event);
        let told = Told { id: event.id, kind: event.kind, created: now, body, copies };
        self.is_held_back = self.is_disordered && !self.is_held_back;
        let until = if self.is_held_back { now.saturating_add(HELD_BACK) } else { now };
        for _ in 0..=self.duplicates {
            self.parcels.extend(told.parcels(&mut self.last_id, until));
        }
        if self.told.len() >= KEPT {
            self.told.pop_front();
        }
        self.told.push_back(told);
    }

    /// The webhooks whose time has come, or every one that waits; the earliest first.
    pub(super) fn take(&mut self, now: u64, all: bool) -> Vec<Delivery> {
        if self.is_paused && !all {
            return Vec::new();
        }
        let mut due: Vec<(u64, &mut Parcel)> = self
            .parcels
            .iter_mut()
            .filter_map(|parcel| match parcel.progress {
                Progress::Waits { until } if all || until <= now => Some((until, parcel)),
                _ => None,
            })
            .collect();
        due.sort_by_key(|(until, parcel)| (*until, parcel.id));
        let mut deliveries = Vec::new();
        for (_, parcel) in due {
            // Its endpoint may have been removed meanwhile.
            let Some(endpoint) = self.endpoints.iter().find(|known| known.url == parcel.url) else {
                parcel.progress = Progress::GivenUp;
                continue;
            };
            parcel.progress = Progress::UnderWay;
            parcel.attempts = parcel.attempts.saturating_add(1);
            let headers = [
                ("content-type", "application/json; charset=utf-8"),
                ("stripe-signature", &*endpoint.sign(&parcel.body, now)),
                ("user-agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)"),
            ];
            let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
            let request = Request {
                method: Method::Post,
                url: parcel.url.clone(),
                headers,
                body: parcel.body.clone().into_bytes(),
            };
            deliveries.push(Delivery { id: parcel.id, request });
        }
        deliveries
    }

    /// Takes note of how a delivery went: over, or once more after a wait.
    pub(super) fn delivered(&mut self, id: u64, status: Option<u16>, now: u64) {
        let Some(parcel) = self.parcels.iter_mut().find(|parcel| parcel.id == id) else { return };
        if parcel.progress != Progress::UnderWay {
            return;
        }
        parcel.status = status;
        parcel.progress = match status {
            Some(200..=299) => Progress::Arrived,
            _ => {
                let times = 4_u64.saturating_pow(parcel.attempts.saturating_sub(1));
                let until = now.saturating_add(FIRST_WAIT.saturating_mul(times).min(LONGEST_WAIT));
                if until.saturating_sub(parcel.created) > GIVE_UP_AFTER {
                    Progress::GivenUp
                } else {
                    Progress::Waits { until }
                }
            }
        };
        let over = self.parcels.iter().filter(|parcel| parcel.is_over()).count();
        let mut surplus = over.saturating_sub(KEPT);
        self.parcels.retain(|parcel| {
            let goes = surplus > 0 && parcel.is_over();
            surplus = surplus.saturating_sub(usize::from(goes));
            !goes
        });
    }

    /// When the next webhook is to be sent.
    pub(super) fn next_at(&self) -> Option<u64> {
        let waits = |parcel: &Parcel| match parcel.progress {
            Progress::Waits { until } => Some(until),
            _ => None,
        };
        self.parcels.iter().filter_map(waits).min().filter(|_| !self.is_paused)
    }

    /// The events that were told, as a list in JSON.
    pub(super) fn events(&self) -> String {
        let bodies: Vec<&str> = self.told.iter().map(|told| &*told.body).collect();
        ["[", &*bodies.join(","), "]"].concat()
    }

    /// Endpoints, deliveries and settings. No secret is in it.
    pub(super) fn json(&self) -> Value {
        json!({
            "endpoints": self.endpoints.iter().map(WebhookEndpoint::json).collect::<Vec<_>>(),
            "deliveries": self.parcels.iter().map(Parcel::json).collect::<Vec<_>>(),
            "duplicates": self.duplicates,
            "disorder": self.is_disordered,
            "paused": self.is_paused,
            "before_answer": self.goes_first,
        })
    }

    /// The fields of [`Webhooks::change`].
    pub(super) const FIELDS: [&str; 13] = [
        "url",
        "secret",
        "client_id",
        "livemode",
        "api_version",
        "remove",
        "roll_secret",
        "keep_old_for",
        "duplicates",
        "disorder",
        "paused",
        "before_answer",
        "resend",
    ];

    /// Adds or removes an endpoint, rolls its secret, sends an event again, or changes how events travel.
    pub(super) fn change(&mut self, given: &Settings, now: u64) -> Result<(), ConnectError> {
        let duplicates = given.number("duplicates")?.unwrap_or(self.duplicates);
        if duplicates > MOST_DUPLICATES {
            return Err(ConnectError::invalid("duplicates", "must be 10 or less"));
        }
        let is_disordered = given.boolean("disorder")?.unwrap_or(self.is_disordered);
        let is_paused = given.boolean("paused")?.unwrap_or(self.is_paused);
        let goes_first = given.boolean("before_answer")?.unwrap_or(self.goes_first);
        if let Some(event) = given.text("resend")? {
            self.resend(event, now)?;
        }
        self.change_endpoint(given, now)?;
        (self.duplicates, self.is_disordered) = (duplicates, is_disordered);
        (self.is_paused, self.goes_first) = (is_paused, goes_first);
        Ok(())
    }

    fn change_endpoint(&mut self, given: &Settings, now: u64) -> Result<(), ConnectError> {
        let url = given.text("url")?;
        let secret = given.text("secret")?;
        if let Some(secret) = given.text("roll_secret")? {
            let secret = signing_secret("roll_secret", secret)?;
            let until = now.saturating_add(given.number("keep_old_for")?.unwrap_or(KEEP_ROLLED));
            for known in self.endpoints.iter_mut().filter(|known| url.is_none_or(|url| known.url == url)) {
                known.roll(&secret, now, until);
            }
            return Ok(());
        }
        match (url, given.boolean("remove")?) {
            (Some(url), Some(true)) => self.endpoints.retain(|known| known.url != url),
            (Some(url), _) => {
                let secret = signing_secret("secret", secret.unwrap_or_default())?;
                let client_id = given.text("client_id")?.map(ClientId::parse).transpose()?;
                let livemode = Livemode::from(given.boolean("livemode")?.unwrap_or(true));
                let api_version = given.text("api_version")?.map(ApiVersion::parse).transpose()?;
                let mut endpoint = WebhookEndpoint::new(url, secret)?;
                (endpoint.client_id, endpoint.livemode, endpoint.api_version) = (client_id, livemode, api_version);
                self.add(endpoint);
            }
            (None, removal) if secret.is_some() || removal.is_some() => {
                return Err(ConnectError::missing("url", "give the endpoint's"));
            }
            (None, _) => {}
        }
        Ok(())
    }

    /// Sends an event once more to every endpoint it went to.
    fn resend(&mut self, event: &str, now: u64) -> Result<(), ConnectError> {
        let told = self.told.iter().find(|told| told.id == event);
        let told = told.ok_or_else(|| ConnectError::invalid("resend", "is no event's id that was told here"))?;
        self.parcels.extend(told.parcels(&mut self.last_id, now));
        Ok(())
    }
}

fn signing_secret(param: &str, text: &str) -> Result<WebhookSecret, ConnectError> {
    WebhookSecret::parse(text).map_err(|error| error.renamed(param))
}
