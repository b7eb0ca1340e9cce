//! `POST /connect/webhook`: Stripe tells what happened to the connected accounts. Its signature is what proves
//! that it is Stripe; no session and no origin is asked for.

use super::answer::{json_of, reply};
use super::handler::{Handler, report_store};
use super::host::{Host, Problem};
use super::outcome::Outcome;
use super::store::{EventProgress, Store, StoreError};
use crate::server::{Event, EventKind, Request, Response, Tolerance, WebhookError, verify_webhook};
use serde_json::json;

/// The limit on a webhook's body, in bytes. Stripe's events have some tens of KB.
pub(crate) const MAX_EVENT_BYTES: usize = 262_144;

impl Handler {
    /// Takes an event: cleans up in the store, then tells the platform's hook. Stripe sends again what is not
    /// answered with 2xx, for three days, so whatever fails is tried again.
    pub(crate) async fn webhook<H: Host>(&self, request: &Request, host: &H) -> Response {
        let event = match self.verify(request, host.now()) {
            Ok(event) => event,
            Err(error) => return refuse(error, host),
        };
        // Both live and test events are sent to a live endpoint (`docs.stripe.com/connect/webhooks`).
        if event.livemode != self.config.secret_key.livemode() {
            return reply(&self.config, Outcome::Received, None);
        }
        let outcome = match host.store().begin_event(event.id.as_str(), host.now()).await {
            Ok(EventProgress::New) => self.take(&event, &request.body, host).await,
            Ok(EventProgress::InProgress) => Outcome::EventInProgress,
            Ok(EventProgress::Done) => Outcome::Received,
            Err(error) => report_store(host, Outcome::StoreUnavailable, &error),
        };
        reply(&self.config, outcome, None)
    }

    fn verify(&self, request: &Request, now: u64) -> Result<Event, WebhookError> {
        if request.body.len() > MAX_EVENT_BYTES {
            return Err(WebhookError::BodyTooLong);
        }
        let signature = request.header("stripe-signature").unwrap_or_default();
        let secrets = &self.config.webhook_secrets;
        verify_webhook(request.body.as_bytes(), signature, secrets, now, Tolerance::default())
    }

    async fn take<H: Host>(&self, event: &Event, body: &str, host: &H) -> Outcome {
        if let Err(error) = self.clean_up(event, host).await {
            return report_store(host, Outcome::StoreUnavailable, &error);
        }
        if let Err(error) = host.on_event(event, body).await {
            host.report(&Problem { outcome: Outcome::EventFailed, detail: error.to_string() });
            return Outcome::EventFailed;
        }
        match host.store().finish_event(event.id.as_str()).await {
            Ok(()) => Outcome::Received,
            Err(error) => report_store(host, Outcome::StoreUnavailable, &error),
        }
    }

    /// Ends the connection of an account that took its access away, as of when it did so: a late event ends
    /// no connection that was made since. Events tell of Stripe's clock, connections of the host's.
    async fn clean_up<H: Host>(&self, event: &Event, host: &H) -> Result<(), StoreError> {
        let EventKind::Deauthorized { application } = &event.kind else { return Ok(()) };
        // The platform's Stripe App, say, is another application: its end is not this connection's.
        if application != self.config.client_id().as_str() {
            return Ok(());
        }
        let Some(account) = &event.account else {
            let what = " tells that an account took its access away, and not which: it has no account, user_id or \
                        stripe_user_id. If it is not a connection of the platform's own account, its connection is \
                        still listed";
            host.report(&Problem { outcome: Outcome::Received, detail: [event.id.as_str(), what].concat() });
            return Ok(());
        };
        host.store().disconnect(account, event.livemode, event.created).await
    }
}

/// 400, with the reason: Stripe's dashboard shows it to the developer. What was not signed is not reported, so
/// that nobody can fill the logs.
fn refuse<H: Host>(error: WebhookError, host: &H) -> Response {
    let outcome = Outcome::WebhookRejected;
    let is_signed = matches!(
        error,
        WebhookError::TooOld
            | WebhookError::InTheFuture
            | WebhookError::NotAnEvent { .. }
            | WebhookError::ThinEvent
    );
    if is_signed {
        host.report(&Problem { outcome, detail: error.to_string() });
    }
    let body = json!({
        "outcome": outcome.as_str(),
        "reason": error.as_str(),
        "message": error.message(),
        "hint": error.hint(),
    });
    json_of(outcome.status(), &body)
}
