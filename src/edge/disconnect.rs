//! `POST /connect/disconnect`: a person ends the connection of their own account.

use super::answer::answer;
use super::confirm::Action;
use super::form;
use super::handler::Handler;
use super::host::{Host, Problem};
use super::outcome::Outcome;
use super::record::Watch;
use super::store::{Connection, Store};
use crate::front::callback::Rejection;
use crate::server::{DeauthorizeError, Request, Response, RetryKind, deauthorize, read_deauthorization};
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::subject::Subject;

/// What the store knows of a subject and an account, in the mode of the key.
pub(crate) enum Own {
    /// The subject's live connection.
    Live(Connection),
    /// The subject's connection, which has ended.
    Ended,
    /// None, or another subject's.
    None,
}

impl Handler {
    /// Ends the connection at Stripe and in the store, in this order: if the store fails in between, it
    /// still lists the account, and disconnecting once more finishes.
    pub(crate) async fn disconnect<H: Host>(&self, request: &Request, host: &H) -> Result<Response, H::Error> {
        let malformed = Outcome::Rejected(Rejection::Malformed);
        let (Some(account), Some(return_to)) = (form::account(&request.body), self.return_to(request)) else {
            return Ok(answer(&self.config, request, malformed, ""));
        };
        let fields = [("account", account.as_str()), ("return_to", &return_to)];
        let subject = match self.asker(Action::Disconnect, &fields, request, host).await? {
            Ok(subject) => subject,
            Err(response) => return Ok(response),
        };
        let outcome = match self.own(&subject, &account, host).await {
            Ok(Own::Live(connection)) => self.end(&connection, host).await?,
            Ok(Own::Ended) => Outcome::Disconnected,
            Ok(Own::None) => Outcome::NotConnected,
            Err(outcome) => outcome,
        };
        Ok(answer(&self.config, request, outcome, &return_to))
    }

    async fn end<H: Host>(&self, connection: &Connection, host: &H) -> Result<Outcome, H::Error> {
        let config = &self.config;
        let account = &connection.account_id;
        let subject = connection.subject.as_str();
        let watch = Watch::over(
            host,
            Outcome::DisconnectUnknown,
            &["the disconnection of ", account.as_str(), " for the subject ", subject].concat(),
        );
        let began = host.now();
        let request = deauthorize(&config.base, &config.secret_key, config.client_id(), account);
        let reply = self.send_again(RetryKind::Deauthorize, request, host).await?;
        let ended = reply.ok_or_else(DeauthorizeError::no_answer);
        // Done, and done already, are the same to the person.
        let outcome = match ended.and_then(|reply| read_deauthorization(&reply, account)) {
            Ok(_) if self.note_end(connection, began, host).await => Outcome::Disconnected,
            Ok(_) => Outcome::DisconnectNotSaved,
            Err(error) => {
                let outcome = Outcome::from(&error);
                host.report(&Problem { outcome, detail: error.to_string() });
                outcome
            }
        };
        watch.done();
        // Who connected again meanwhile may have lost that as well: Stripe alone knows which came first.
        if outcome == Outcome::Disconnected
            && let Ok(Own::Live(again)) = self.own(&connection.subject, account, host).await
        {
            self.has_ended(&again, host).await;
        }
        Ok(outcome)
    }

    /// What `account` is to `subject`.
    pub(crate) async fn own<H: Host>(
        &self,
        subject: &Subject,
        account: &AccountId,
        host: &H,
    ) -> Result<Own, Outcome> {
        let livemode = self.config.secret_key.livemode();
        let is_it = |kept: &Connection| kept.is_of(account, livemode);
        let unavailable = |error| super::handler::report_store(host, Outcome::StoreUnavailable, &error);
        let live = host.store().connections(subject).await.map_err(unavailable)?;
        if let Some(connection) = live.into_iter().find(is_it) {
            return Ok(Own::Live(connection));
        }
        let ended = host.store().disconnected(subject).await.map_err(unavailable)?;
        Ok(if ended.iter().any(is_it) { Own::Ended } else { Own::None })
    }
}
