//! A user leaves: all that they have connected ends, and what is kept of them goes. The platform's own code asks for it.

use super::connection::Connection;
use super::handler::Handler;
use super::host::Host;
use super::outcome::Outcome;
use super::routes::DISCONNECT;
use super::store::Store;
use super::visit::{StepResult, Stop, Visit};
use crate::server::{Method, Request};
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::subject::Subject;

/// Younger claims are kept, so that a callback that is under way finds its own.
const CLAIMS_KEPT_SECONDS: u64 = 3600;

/// What became of a user's connections.
///
/// ```
/// use stripe_connect_oauth::edge::{Handler, Host, Leaving, Outcome};
/// use stripe_connect_oauth::{ConnectError, Subject};
///
/// /// A user has deleted their account with the platform.
/// async fn delete<H: Host>(handler: &Handler, host: &H, user: &Subject) -> Result<bool, H::Error> {
///     let Leaving { outcome, accounts } = handler.erase(user, host).await?;
///     for (account, outcome) in accounts {
///         println!("{account}: {outcome}");
///     }
///     Ok(outcome == Outcome::Disconnected) // else what is left stays kept: ask again later
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// [`Outcome::Disconnected`] when all of it is done; else what stood in the way first. Asking again goes on from
    /// there.
    pub outcome: Outcome,
    /// Each account with how it ended: [`Outcome::Disconnected`] at Stripe, [`Outcome::Forgotten`] where another user
    /// has connected the same one, or why it did not end.
    pub accounts: Vec<(AccountId, Outcome)>,
}

impl Handler {
    /// Ends all connections of `subject`: at Stripe, and in the store; in the store alone where another user has
    /// connected the same account, who keeps it. What fails stays, and is reported.
    ///
    /// ```
    /// use stripe_connect_oauth::Subject;
    /// use stripe_connect_oauth::edge::{Handler, Host, Leaving};
    ///
    /// async fn close<H: Host>(handler: &Handler, host: &H, user: &Subject) -> Result<Leaving, H::Error> {
    ///     handler.disconnect_all(user, host).await
    /// }
    /// ```
    pub async fn disconnect_all<H: Host>(&self, subject: &Subject, host: &H) -> Result<Leaving, H::Error> {
        let request = nobodys_request();
        let visit = self.visit(DISCONNECT, &request, host);
        visit.disconnect_all(subject).await
    }

    /// Ends all connections of `subject` as [`Handler::disconnect_all`] does, and then deletes what the store keeps of
    /// them. While a connection is left, nothing is deleted. Claims of the last hour are let go by their age.
    ///
    /// ```
    /// use stripe_connect_oauth::Subject;
    /// use stripe_connect_oauth::edge::{Handler, Host, Outcome};
    ///
    /// async fn erased<H: Host>(handler: &Handler, host: &H, user: &Subject) -> Result<bool, H::Error> {
    ///     Ok(handler.erase(user, host).await?.outcome == Outcome::Disconnected)
    /// }
    /// ```
    pub async fn erase<H: Host>(&self, subject: &Subject, host: &H) -> Result<Leaving, H::Error> {
        let request = nobodys_request();
        let visit = self.visit(DISCONNECT, &request, host);
        let mut leaving = visit.disconnect_all(subject).await?;
        if leaving.outcome.is_success() {
            leaving.outcome = visit.erase(subject).await;
        }
        Ok(leaving)
    }
}

/// No browser asks: nothing is read of it.
fn nobodys_request() -> Request {
    Request { method: Method::Post, url: String::new(), headers: Vec::new(), body: Vec::new() }
}

impl<H: Host> Visit<'_, H> {
    async fn disconnect_all(&self, subject: &Subject) -> Result<Leaving, H::Error> {
        let mut leaving = Leaving { outcome: Outcome::Disconnected, accounts: Vec::new() };
        let live = match self.or_unavailable(self.host.store().connections(self.application(), subject).await) {
            Ok(live) => live,
            Err(outcome) => return Ok(Leaving { outcome, ..leaving }),
        };
        for connection in live {
            let outcome = match self.leave(&connection).await {
                Ok(outcome) | Err(Stop::Outcome(outcome)) => outcome,
                Err(Stop::Host(error)) => return Err(error),
                // Nothing answers a person here.
                Err(Stop::Answer(_)) => Outcome::DisconnectUnknown,
            };
            if leaving.outcome.is_success() && !outcome.is_success() {
                leaving.outcome = outcome;
            }
            leaving.accounts.push((connection.account_id, outcome));
        }
        Ok(leaving)
    }

    /// Ends one of them. Who stays keeps the account.
    async fn leave(&self, connection: &Connection) -> StepResult<Outcome, H> {
        if !self.others_of(connection).await?.is_empty() {
            return Ok(self.forget(connection).await?);
        }
        self.end(connection).await?;
        Ok(Outcome::Disconnected)
    }

    async fn erase(&self, subject: &Subject) -> Outcome {
        let before = self.now().saturating_sub(CLAIMS_KEPT_SECONDS);
        let erase = || self.host.store().erase(self.application(), subject, before);
        match self.or_unavailable(self.write_again(erase).await) {
            Ok(()) => Outcome::Disconnected,
            Err(outcome) => outcome,
        }
    }
}
