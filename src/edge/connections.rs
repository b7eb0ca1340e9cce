//! `GET /connect/connections`: the signed-in person's own, live and ended.

use super::answer::json_of;
use super::connection::Connection;
use super::host::Host;
use super::outcome::Outcome;
use super::store::Store;
use super::visit::{StepResult, Visit};
use crate::server::Response;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::subject::Subject;
use serde_json::json;

/// What the store knows of a subject and an account.
pub(crate) enum OwnConnection {
    /// The subject's live connection.
    Live(Connection),
    /// The subject's connection, which has ended.
    Ended,
    /// None, or another subject's.
    None,
}

impl<H: Host> Visit<'_, H> {
    /// The subject's connections in JSON, without any secret.
    pub(crate) async fn connections(&self) -> StepResult<Response, H> {
        let subject = self.signed_in().await?;
        let views = |kept: Vec<Connection>| kept.iter().map(Connection::view).collect::<Vec<_>>();
        let live = views(self.or_unavailable(self.host.store().connections(self.application(), &subject).await)?);
        let ended = views(self.or_unavailable(self.host.store().disconnected(self.application(), &subject).await)?);
        Ok(json_of(200, &json!({ "connections": live, "disconnected": ended })))
    }

    /// What `account` is to `subject`.
    pub(crate) async fn own_connection(
        &self,
        subject: &Subject,
        account: &AccountId,
    ) -> Result<OwnConnection, Outcome> {
        let is_it = |kept: &Connection| kept.account_id == *account;
        let live = self.or_unavailable(self.host.store().connections(self.application(), subject).await)?;
        if let Some(connection) = live.into_iter().find(is_it) {
            return Ok(OwnConnection::Live(connection));
        }
        let ended = self.or_unavailable(self.host.store().disconnected(self.application(), subject).await)?;
        Ok(if ended.iter().any(is_it) { OwnConnection::Ended } else { OwnConnection::None })
    }

    /// The subject's live connection to `account`.
    pub(crate) async fn live_connection(
        &self,
        subject: &Subject,
        account: &AccountId,
    ) -> Result<Connection, Outcome> {
        match self.own_connection(subject, account).await? {
            OwnConnection::Live(connection) => Ok(connection),
            OwnConnection::Ended | OwnConnection::None => Err(Outcome::NotConnected),
        }
    }
}
