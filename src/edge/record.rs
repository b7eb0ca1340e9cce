//! What Stripe has done is written down: insistently, since each of these writes may be done twice, and with a report
//! that tells enough to do it by hand, should all fail.

use super::connection::Connection;
use super::host::{Host, Problem};
use super::outcome::Outcome;
use super::store::{Digest, Store, StoreError};
use super::threads::{MaybeSend, MaybeSync};
use super::visit::Visit;

/// The waits before the store is asked again, in milliseconds.
const WAITS_MS: [u32; 2] = [250, 1000];

impl<H: Host> Visit<'_, H> {
    /// Ends a claim and keeps the connection it made, however often the store must be asked.
    pub(crate) async fn settle(
        &self,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> Result<(), StoreError> {
        self.write_again(|| self.host.store().settle(self.application(), flow, outcome, connection)).await
    }

    /// Ends a claim that made no connection. Where that can't be noted, the claim stays as if it were at work.
    pub(crate) async fn settle_failed(&self, flow: &Digest, outcome: Outcome) {
        if let Err(error) = self.settle(flow, outcome, None).await {
            self.report(outcome, error.to_string());
        }
    }

    /// Notes that `connection` had ended at `at`; whether the store took it. A connection of the same account
    /// that was made meanwhile stays, but this one ends even if another machine's clock was ahead of ours.
    pub(crate) async fn record_disconnection(&self, connection: &Connection, at: u64) -> bool {
        let at = at.max(connection.connected_at);
        let end = || self.host.store().disconnect(self.application(), &connection.account_id, at);
        let Err(error) = self.write_again(end).await else { return true };
        self.report(Outcome::DisconnectNotSaved, not_saved("has ended", connection, None, &error));
        false
    }

    /// Ends the connection of its subject alone, as of now.
    pub(crate) async fn record_forgetting(&self, connection: &Connection) -> Result<(), StoreError> {
        let Connection { subject, account_id, connected_at, .. } = connection;
        let at = self.now().max(*connected_at);
        self.write_again(|| self.host.store().forget(self.application(), subject, account_id, at)).await
    }

    /// Writes; after a failure, writes again.
    pub(crate) async fn write_again<W: Future<Output = Result<(), StoreError>> + MaybeSend>(
        &self,
        write: impl Fn() -> W + MaybeSend + MaybeSync,
    ) -> Result<(), StoreError> {
        for wait in WAITS_MS {
            if write().await.is_ok() {
                return Ok(());
            }
            self.host.sleep(wait).await;
        }
        write().await
    }
}

/// What a developer needs to put right by hand what the store did not take. No secret is in it.
pub(crate) fn not_saved(
    what: &str,
    connection: &Connection,
    request_id: Option<&str>,
    error: &StoreError,
) -> String {
    let Connection { subject, account_id, livemode, scope, .. } = connection;
    format!(
        "{account_id} {what} at Stripe, for the subject {subject}, livemode {livemode}, scope {scope}, request {request}: \
         {error}; the person doing it again heals it, or put the row right by hand",
        subject = subject.as_str(),
        livemode = livemode.as_bool(),
        scope = scope.as_str(),
        request = request_id.unwrap_or("unknown"),
    )
}

/// Watches over what Stripe was asked to do. A host that drops the request's future in between cuts it off: then
/// nobody would hear that Stripe may have done it.
pub(crate) struct Watch<'a, H: Host> {
    host: &'a H,
    unfinished: Option<Problem>,
}

impl<'a, H: Host> Watch<'a, H> {
    /// `outcome` is what the person has to be told, should it be cut off; `what` is at work, and for whom.
    pub(crate) fn over(host: &'a H, outcome: Outcome, what: &str) -> Watch<'a, H> {
        let detail = [
            what,
            " was cut off while Stripe was at work, by an error of the host's own or because the request's future was \
             dropped. Run Handler::handle to its end, in a task of its own, whatever becomes of the client; the person \
             doing it again heals it",
        ]
        .concat();
        Watch { host, unfinished: Some(Problem { outcome, detail }) }
    }

    /// It came to its end.
    pub(crate) fn done(mut self) {
        self.unfinished = None;
    }
}

impl<H: Host> Drop for Watch<'_, H> {
    fn drop(&mut self) {
        if let Some(problem) = self.unfinished.take() {
            self.host.report(&problem);
        }
    }
}
