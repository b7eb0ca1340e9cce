//! `POST /connect/disconnect`: a person ends the connection of their own account.

use super::action::Action;
use super::answer::answer;
use super::connection::Connection;
use super::connections::OwnConnection;
use super::form;
use super::host::Host;
use super::outcome::Outcome;
use super::record::Watch;
use super::visit::{MALFORMED, StepResult, Visit};
use crate::server::{DeauthorizeError, Response, RetryKind, deauthorize, read_deauthorization};

impl<H: Host> Visit<'_, H> {
    /// Ends the connection at Stripe and in the store, in this order: if the store fails in between, it
    /// still lists the account, and disconnecting once more finishes.
    pub(crate) async fn disconnect(&self) -> StepResult<Response, H> {
        let account = form::account(&self.request.body).ok_or(MALFORMED)?;
        let return_to = self.return_to().ok_or(MALFORMED)?;
        let fields = [("account", account.as_str()), ("return_to", &return_to)];
        let subject = self.same_origin_subject(Action::Disconnect, &fields).await?;
        match self.own_connection(&subject, &account).await? {
            OwnConnection::Live(connection) => self.end(&connection).await?,
            OwnConnection::Ended => {}
            OwnConnection::None => return Err(Outcome::NotConnected.into()),
        }
        Ok(answer(self.config, self.request, Outcome::Disconnected, &return_to))
    }

    async fn end(&self, connection: &Connection) -> StepResult<(), H> {
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
