//! [`Event`]: what Stripe tells a platform, in its envelope (`docs.stripe.com/api/events/object`).

use super::api::API_VERSION;
use super::kept::Happening;
use super::ledger::Ledger;
use super::platform::SandboxPlatform;
use super::seed::Seed;
use serde::Serialize;
use serde_json::{Value, json};

/// One event for one platform.
#[derive(Serialize)]
pub(super) struct Event {
    pub(super) id: String,
    api_version: &'static str,
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
        api_version: API_VERSION,
        account: account.to_owned(),
        created: cause.now,
        data,
        livemode,
        object: "event",
        pending_webhooks: 0,
        request: json!({"id": cause.request_id, "idempotency_key": cause.idempotency_key}),
        kind,
        client_id: client_id.to_owned(),
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
    let platform = platforms.iter().find(|platform| platform.client_id(client_id).is_some());
    json!({"id": client_id, "object": "application", "name": platform.map(|platform| &platform.name)})
}
