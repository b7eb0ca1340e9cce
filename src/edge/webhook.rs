//! `POST /connect/webhook`: Stripe tells what happened to the connected accounts. Its signature is what proves
//! that it is Stripe; no session and no origin is asked for.

use super::answer::{json_of, reply};
use super::host::Host;
use super::outcome::Outcome;
use super::store::{EventProgress, Store, StoreError};
use super::visit::Visit;
use crate::server::{Event, EventKind, Response, Tolerance, WebhookError, verify_webhook};
use serde_json::json;

impl<H: Host> Visit<'_, H> {
    /// Takes an event: cleans up in the store, then tells the platform's hook. Stripe sends again what is not
    /// answered with 2xx, for three days, so whatever fails is tried again.
    pub(crate) async fn webhook(&self) -> Response {
        match self.verified_event() {
            Ok((event, body)) => {
                let (Ok(outcome) | Err(outcome)) = self.handled(&event, body).await;
                reply(self.config, outcome, None)
            }
            Err(error) => self.refused(error),
        }
    }

    /// The event, and its text.
    fn verified_event(&self) -> Result<(Event, &str), WebhookError> {
        let body = &self.request.body;
        if body.len() > self.route.body_limit() {
            return Err(WebhookError::BodyTooLong);
        }
        let signature = self.request.header("stripe-signature").unwrap_or_default();
        let secrets = &self.config.webhook_secrets;
        let event = verify_webhook(body, signature, secrets, self.now(), Tolerance::default())?;
        let text = self.request.body_text().ok_or(WebhookError::NotAnEvent { field: "body" })?;
        Ok((event, text))
    }

    /// Begins the event, unless it is done or at work elsewhere, and takes it.
    async fn handled(&self, event: &Event, body: &str) -> Result<Outcome, Outcome> {
        // Both live and test events are sent to a live endpoint (`docs.stripe.com/connect/webhooks`).
        if event.livemode != self.config.secret_key.livemode() {
            return Ok(Outcome::Received);
        }
        match self.or_unavailable(
            self.host.store().begin_event(self.application(), event.id.as_str(), self.now()).await,
        )? {
            EventProgress::New => {}
            EventProgress::InProgress => return Ok(Outcome::EventInProgress),
            EventProgress::Done => return Ok(Outcome::Received),
        }
        if let Err(outcome) = self.taken(event, body).await {
            // Whoever has it sent again at once, in Stripe's dashboard, need not wait for its lease to end.
            self.or_unavailable(self.host.store().release_event(self.application(), event.id.as_str()).await)?;
            return Err(outcome);
        }
        self.or_unavailable(self.host.store().finish_event(self.application(), event.id.as_str()).await)?;
        Ok(Outcome::Received)
    }

    /// The handler's own clean-up, then the platform's hook.
    async fn taken(&self, event: &Event, body: &str) -> Result<(), Outcome> {
        self.or_unavailable(self.clean_up(event).await)?;
        let heard = self.host.on_event(event, body).await;
        heard.map_err(|error| self.report(Outcome::EventFailed, error.to_string()))
    }

    /// Ends the connection of an account that took its access away, as of when it did so: a late event ends
    /// no connection that was made since. Events tell of Stripe's clock, connections of the host's.
    async fn clean_up(&self, event: &Event) -> Result<(), StoreError> {
        let EventKind::Deauthorized { application } = &event.kind else { return Ok(()) };
        // The platform's Stripe App, say, is another application: its end is not this connection's.
        if application != self.config.client_id().as_str() {
            return Ok(());
        }
        let Some(account) = &event.account else {
            let what = " tells that an account took its access away, and not which: it has no account, user_id or \
                        stripe_user_id. If it is not a connection of the platform's own account, its connection is \
                        still listed";
            self.report(Outcome::Received, [event.id.as_str(), what].concat());
            return Ok(());
        };
        self.host.store().disconnect(self.application(), account, event.created).await
    }

    /// 400, with the reason: Stripe's dashboard shows it to the developer. What was not signed is reported once a
    /// minute, so that nobody can fill the logs.
    fn refused(&self, error: WebhookError) -> Response {
        let outcome = Outcome::WebhookRejected;
        let is_signed = matches!(
            error,
            WebhookError::TooOld
                | WebhookError::InTheFuture
                | WebhookError::NotAnEvent { .. }
                | WebhookError::ThinEvent
        );
        match is_signed {
            true => self.report(outcome, error.to_string()),
            false => self.report_seldom(&self.memory.unsigned, outcome, error.to_string()),
        };
        let body = json!({
            "outcome": outcome.as_str(),
            "reason": error.as_str(),
            "message": error.message(),
            "hint": error.hint(),
        });
        json_of(outcome.status(), &body)
    }
}
