//! `GET /connect/connections`: the signed-in person's own, live and ended.

use super::account::view;
use super::answer::json_of;
use super::connection::Connection;
use super::form;
use super::host::Host;
use super::outcome::Outcome;
use super::store::Store;
use super::visit::{MALFORMED, StepResult, Stop, Visit};
use crate::server::{Response, extend};
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::subject::Subject;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// Of how many connections, the newest, a list tells what Stripe says of their accounts.
const MAX_EXPANDED: usize = 10;

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
    /// The subject's connections in JSON, without any secret. With `expand=account`, what Stripe says of the newest is
    /// told beside each.
    pub(crate) async fn connections(&self) -> StepResult<Response, H> {
        let expand = form::query(self.request).ok_or(MALFORMED)?;
        let newest = match form::field(expand, "expand").as_deref() {
            None => 0,
            Some("account") => MAX_EXPANDED,
            Some(_) => return Err(MALFORMED.into()),
        };
        let subject = self.signed_in().await?;
        let live = self.or_unavailable(self.host.store().connections(self.application(), &subject).await)?;
        let told = join_all(live.iter().take(newest).map(|connection| self.told_of(connection))).await;
        let told = told.into_iter().collect::<Result<Vec<_>, _>>()?;
        let ended = self.or_unavailable(self.host.store().disconnected(self.application(), &subject).await)?;
        // Asking may have shown that one has ended.
        let has_ended = |one: &Connection| ended.iter().any(|ended| ended.account_id == one.account_id);
        let told = told.into_iter().chain(std::iter::repeat(Vec::new()));
        let live = live.iter().zip(told).filter(|(one, told)| told.is_empty() || !has_ended(one));
        let live: Vec<_> = live
            .map(|(connection, told)| {
                let mut view = json!(connection.view());
                extend(&mut view, told);
                view
            })
            .collect();
        let ended: Vec<_> = ended.iter().map(Connection::view).collect();
        Ok(json_of(200, &json!({ "connections": live, "disconnected": ended })))
    }

    /// What is told of a connection's account: how it is, or why that is not known.
    async fn told_of(&self, connection: &Connection) -> StepResult<Vec<(&'static str, Value)>, H> {
        let language = &self.config.language;
        match self.retrieve(connection).await {
            Ok(account) => Ok(vec![("account", view(connection, &account, language))]),
            Err(Stop::Outcome(outcome)) => Ok(vec![
                ("account", Value::Null),
                ("outcome", outcome.as_str().into()),
                ("hint", outcome.hint_in(language).into()),
            ]),
            Err(stop) => Err(stop),
        }
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
