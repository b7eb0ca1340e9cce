//! [`Event`]: what Stripe tells a platform, in its envelope (`docs.stripe.com/api/events/object`).

use super::api_version::ApiVersion;
use super::kept::Happening;
use super::ledger::Ledger;
use super::platform::SandboxPlatform;
use super::seed::Seed;
use serde::Serialize;
use serde_json::{Value, json};

/// One event for one platform, in its newest shape.
#[derive(Serialize)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) account: String,
    created: u64,
    data: Value,
    pub(super) livemode: bool,
    object: &'static str,
    pub(super) pending_webhooks: usize,
    request: Value,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// Whom it is for: Stripe sends these to the related application only.
    #[serde(skip)]
    pub(super) client_id: String,
    /// The platform's version, which it is told in where an endpoint has none.
    #[serde(skip)]
    pub(super) version: ApiVersion,
}

/// What an event came of: the request that caused it, with its idempotency key.
pub(super) struct Cause<'a> {
    /// `None` for what a person did on a page.
    pub(super) request_id: Option<&'a str>,
    pub(super) idempotency_key: Option<&'a str>,
    pub(super) now: u64,
}

/// The events of a happening: one for each application that is related to the account.
pub(super) fn events(
    happening: &Happening,
    cause: &Cause<'_>,
    platforms: &[SandboxPlatform],
    ledger: &Ledger,
    seed: &mut Seed,
) -> Vec<Event> {
    let mut event = |kind, account: &str, client_id: &str, livemode, data| Event {
        id: seed.id("evt_1", 23),
        account: account.to_owned(),
        created: cause.now,
        data,
        livemode,
        object: "event",
        pending_webhooks: 0,
        request: json!({"id": cause.request_id, "idempotency_key": cause.idempotency_key}),
        kind,
        client_id: client_id.to_owned(),
        version: platform(client_id, platforms).map(|platform| platform.api_version.clone()).unwrap_or_default(),
    };
    match happening {
        Happening::Authorized { client_id, account, livemode } => {
            let data = json!({"object": application(client_id, platforms)});
            vec![event("account.application.authorized", account, client_id, *livemode, data)]
        }
        Happening::Deauthorized { client_id, account, livemode } => {
            let data = json!({"object": application(client_id, platforms)});
            vec![event("account.application.deauthorized", account, client_id, *livemode, data)]
        }
        Happening::Updated { account, previous } => {
            let object = ledger.account(account).map(super::account::Account::json);
            let data = json!({"object": object, "previous_attributes": previous});
            let related = ledger.related(account, platforms).into_iter();
            related.map(|(id, livemode)| event("account.updated", account, &id, livemode, data.clone())).collect()
        }
    }
}

fn application(client_id: &str, platforms: &[SandboxPlatform]) -> Value {
    let name = platform(client_id, platforms).map(|platform| &platform.name);
    json!({"id": client_id, "object": "application", "name": name})
}

fn platform<'a>(client_id: &str, platforms: &'a [SandboxPlatform]) -> Option<&'a SandboxPlatform> {
    platforms.iter().find(|platform| platform.client_id(client_id).is_some())
}
