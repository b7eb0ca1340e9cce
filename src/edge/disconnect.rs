//! `POST /connect/disconnect`: a person ends the connection of their own account.

use super::action::{Action, Ending, Fields, Question};
use super::answer::{answer, reply_with, to_person, wants_json};
use super::confirm::Proof;
use super::connection::Connection;
use super::connections::OwnConnection;
use super::form;
use super::host::Host;
use super::outcome::Outcome;
use super::record::Watch;
use super::store::Store;
use super::visit::{MALFORMED, StepResult, Visit};
use crate::server::{DeauthorizeError, Response, RetryKind, deauthorize, read_deauthorization};
use crate::vocabulary::subject::Subject;

/// How many of them are named in a report.
const MAX_TOLD: usize = 20;

impl<H: Host> Visit<'_, H> {
    /// Ends the subject's own connection, after they were asked: at Stripe and in the store, or, with `deauthorize=no`,
    /// in the store only.
    pub(crate) async fn disconnect(&self) -> StepResult<Response, H> {
        let form = &self.request.body;
        let account = form::account(form).ok_or(MALFORMED)?;
        let return_to = self.return_to().ok_or(MALFORMED)?;
        let is_local = !form::yes_or_no(form, "deauthorize", true).ok_or(MALFORMED)?;
        let says_confirmed = form::yes_or_no(form, "confirmed", false).ok_or(MALFORMED)?;

        let asked_for = [("account", account.as_str()), ("return_to", &*return_to)];
        let (subject, proof) = self.asked_for(Action::Disconnect, &asked_for).await?;
        let connection = match self.own_connection(&subject, &account).await? {
            OwnConnection::Live(connection) => connection,
            OwnConnection::Ended => {
                return Ok(answer(self.config, self.request, Outcome::Disconnected, &return_to));
            }
            OwnConnection::None => return Err(Outcome::NotConnected.into()),
        };
        let others = self.others_of(&connection).await?;
        let is_meant = match proof {
            Proof::Confirmed => true,
            // A script, or a page of the platform's that has asked.
            Proof::OwnPage => says_confirmed || wants_json(self.request),
            Proof::Missing => false,
        };
        if !is_meant {
            let ending = Ending { account: &account, others: others.len(), is_local };
            return Err(self.ask_to_end(&asked_for, &ending, (&subject, proof))?.into());
        }
        if is_local {
            let outcome = self.forget(&connection).await?;
            return Ok(answer(self.config, self.request, outcome, &return_to));
        }
        self.end(&connection).await?;
        self.tell_of(&connection, &others);
        if wants_json(self.request) {
            let count = (!others.is_empty()).then(|| ("others", others.len().into()));
            return Ok(reply_with(self.config, Outcome::Disconnected, count));
        }
        Ok(to_person(self.config, Outcome::Disconnected, &return_to))
    }

    /// The page that says what ends, and asks.
    fn ask_to_end(
        &self,
        fields: Fields<'_>,
        ending: &Ending<'_>,
        (subject, proof): (&Subject, Proof),
    ) -> StepResult<Response, H> {
        let is_proven = proof == Proof::OwnPage;
        let question = Question { action: Action::Disconnect, fields, ending: Some(ending), is_proven };
        self.ask(&question, subject)
    }

    /// The live connections that others have made to the same account: at Stripe they are one.
    pub(crate) async fn others_of(&self, connection: &Connection) -> Result<Vec<Connection>, Outcome> {
        let (application, account) = (self.application(), &connection.account_id);
        let mut live = self.or_unavailable(self.host.store().connections_of(application, account).await)?;
        live.retain(|other| other.subject != connection.subject);
        Ok(live)
    }

    /// Tells the developers for whom else it ended: they know these people, and can tell them.
    fn tell_of(&self, connection: &Connection, others: &[Connection]) {
        if others.is_empty() {
            return;
        }
        let subjects: Vec<_> = others.iter().take(MAX_TOLD).map(|other| other.subject.as_str()).collect();
        let detail = format!(
            "{account} was disconnected by the subject {subject}, and so it has ended for {count} more who had \
             connected it. Tell them: {subjects}",
            account = connection.account_id,
            subject = connection.subject.as_str(),
            count = others.len(),
            subjects = subjects.join(", "),
        );
        self.report(Outcome::Disconnected, detail);
    }

    /// Ends the connection for its subject, in the store. At Stripe nothing changes.
    pub(crate) async fn forget(&self, connection: &Connection) -> Result<Outcome, Outcome> {
        self.or_unavailable(self.record_forgetting(connection).await)?;
        Ok(Outcome::Forgotten)
    }

    /// Ends the connection at Stripe and in the store, in this order: if the store fails in between, it
    /// still lists the account, and disconnecting once more finishes.
    pub(crate) async fn end(&self, connection: &Connection) -> StepResult<(), H> {
        let account = &connection.account_id;
        let subject = connection.subject.as_str();
        let what = ["the disconnection of ", account.as_str(), " for the subject ", subject].concat();
        let watch = Watch::over(self.host, Outcome::DisconnectUnknown, &what);
        let began = self.now();
        let request = deauthorize(&self.config.base, &self.config.secret_key, self.config.client_id(), account);
        let reply = self.send_again(RetryKind::Deauthorize, request).await?;
        let ended = reply.ok_or_else(DeauthorizeError::no_answer);
        // Done, and done already, are the same to the person.
        let ended = match ended.and_then(|reply| read_deauthorization(&reply, account)) {
            Ok(_) if self.record_disconnection(connection, began).await => Ok(()),
            Ok(_) => Err(Outcome::DisconnectNotSaved),
            Err(error) => Err(self.report(Outcome::from(&error), error.to_string())),
        };
        watch.done();
        ended?;
        // Who connected again meanwhile may have lost that as well: Stripe alone knows which came first.
        if let Ok(OwnConnection::Live(again)) = self.own_connection(&connection.subject, account).await {
            self.has_ended(&again).await;
        }
        Ok(())
    }
}
