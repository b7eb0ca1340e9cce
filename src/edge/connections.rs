//! `GET /connect/connections`: the signed-in person's own, live and ended.

use super::answer::json_of;
use super::connection::Connection;
use super::host::Host;
use super::outcome::Outcome;
use super::store::Store;
use super::visit::{Stepped, Visit};
use crate::server::Response;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::subject::Subject;
use serde_json::json;

/// What the store knows of a subject and an account, in the mode of the key.
pub(crate) enum Own {
    /// The subject's live connection.
    Live(Connection),
    /// The subject's connection, which has ended.
    Ended,
    /// None, or another subject's.
    None,
}

impl<H: Host> Visit<'_, H> {
    /// The subject's connections in JSON, without any secret.
    pub(crate) async fn connections(&self) -> Stepped<Response, H> {
        let subject = self.signed_in().await?;
        let views = |kept: Vec<Connection>| kept.iter().map(Connection::view).collect::<Vec<_>>();
        let live = views(self.kept(self.host.store().connections(&subject).await)?);
        let ended = views(self.kept(self.host.store().disconnected(&subject).await)?);
        Ok(json_of(200, &json!({ "connections": live, "disconnected": ended })))
    }

    /// What `account` is to `subject`.
    pub(crate) async fn own(&self, subject: &Subject, account: &AccountId) -> Result<Own, Outcome> {
        let livemode = self.config.secret_key.livemode();
        let is_it = |kept: &Connection| kept.is_of(account, livemode);
        let live = self.kept(self.host.store().connections(subject).await)?;
        if let Some(connection) = live.into_iter().find(is_it) {
            return Ok(Own::Live(connection));
        }
        let ended = self.kept(self.host.store().disconnected(subject).await)?;
        Ok(if ended.iter().any(is_it) { Own::Ended } else { Own::None })
    }

    /// The subject's live connection to `account`.
    pub(crate) async fn own_live(&self, subject: &Subject, account: &AccountId) -> Result<Connection, Outcome> {
        match self.own(subject, account).await? {
            Own::Live(connection) => Ok(connection),
            Own::Ended | Own::None => Err(Outcome::NotConnected),
        }
    }
}
