//! The platform's own store (`pkg/stores/store.d.ts`). Each call crosses once, with its arguments as one JSON list
//! and its answer as one JSON text, which is read here: what is not of its type is the store's error.

use super::host::{JsHost, text};
use crate::edge::{Application, Claim, ClaimRecord, Connection, Digest, EventProgress, Outcome, Store, StoreError};
use crate::server::TokenScope;
use crate::vocabulary::ids::{AccountId, ClientId};
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::subject::Subject;
use serde_json::{Value, json};

impl JsHost {
    /// What the store's `method` answered, if anything. The application is each method's first argument.
    async fn ask(
        &self,
        method: &str,
        application: &Application,
        arguments: &[Value],
    ) -> Result<Option<Value>, StoreError> {
        let application = json!({
            "client_id": application.client_id.as_str(),
            "livemode": application.livemode.as_bool(),
        });
        let list = Value::from([&[application], arguments].concat()).to_string();
        let answer = self.js.store(method, &list).await.map_err(|said| StoreError(text(&said)))?;
        // `JSON.stringify` made it: what can't be read of it is a lone surrogate.
        let read =
            |json: String| serde_json::from_str(&json).map_err(|_| error("it gave back a text that is no Unicode"));
        answer.as_string().map(read).transpose()
    }

    async fn list(
        &self,
        method: &str,
        application: &Application,
        argument: &str,
    ) -> Result<Vec<Connection>, StoreError> {
        match self.ask(method, application, &[argument.into()]).await? {
            Some(Value::Array(rows)) => rows.into_iter().map(connection).collect(),
            _ => Err(error("it gave back no list of connections")),
        }
    }
}

impl Store for JsHost {
    async fn check(&self) -> Result<(), StoreError> {
        let checked = self.js.store("check", "[]").await;
        checked.map(drop).map_err(|said| StoreError(text(&said)))
    }

    async fn claim(&self, application: &Application, claim: &Claim) -> Result<Option<ClaimRecord>, StoreError> {
        let Claim { flow, code, subject, claimed_at } = claim;
        let claim = json!({
            "flow": flow.as_str(),
            "code": code.as_str(),
            "subject": subject.as_str(),
            "claimed_at": claimed_at,
        });
        claim_record(self.ask("claim", application, &[claim]).await?)
    }

    async fn claimed(&self, application: &Application, flow: &Digest) -> Result<Option<ClaimRecord>, StoreError> {
        claim_record(self.ask("claimed", application, &[flow.as_str().into()]).await?)
    }

    async fn claims_since(
        &self,
        application: &Application,
        subject: &Subject,
        since: u64,
    ) -> Result<u64, StoreError> {
        let count = self.ask("claimsSince", application, &[subject.as_str().into(), since.into()]).await?;
        count.as_ref().and_then(time).ok_or_else(|| error("claimsSince must give a number"))
    }

    async fn settle(
        &self,
        application: &Application,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> Result<(), StoreError> {
        let connection = connection.map(|connection| {
            json!({
                "subject": connection.subject.as_str(),
                "client_id": connection.client_id.as_str(),
                "account_id": connection.account_id.as_str(),
                "livemode": connection.livemode.as_bool(),
                "scope": connection.scope.as_str(),
                "connected_at": connection.connected_at,
                "disconnected_at": connection.disconnected_at,
                "refresh_token": connection.refresh_token,
            })
        });
        let arguments = [flow.as_str().into(), outcome.as_str().into(), json!(connection)];
        self.ask("settle", application, &arguments).await.map(drop)
    }

    async fn connections(
        &self,
        application: &Application,
        subject: &Subject,
    ) -> Result<Vec<Connection>, StoreError> {
        self.list("connections", application, subject.as_str()).await
    }

    async fn disconnected(
        &self,
        application: &Application,
        subject: &Subject,
    ) -> Result<Vec<Connection>, StoreError> {
        self.list("disconnected", application, subject.as_str()).await
    }

    async fn connections_of(
        &self,
        application: &Application,
        account_id: &AccountId,
    ) -> Result<Vec<Connection>, StoreError> {
        self.list("connectionsOf", application, account_id.as_str()).await
    }

    async fn disconnect(
        &self,
        application: &Application,
        account_id: &AccountId,
        at: u64,
    ) -> Result<(), StoreError> {
        self.ask("disconnect", application, &[account_id.as_str().into(), at.into()]).await.map(drop)
    }

    async fn forget(
        &self,
        application: &Application,
        subject: &Subject,
        account_id: &AccountId,
        at: u64,
    ) -> Result<(), StoreError> {
        let arguments = [subject.as_str().into(), account_id.as_str().into(), at.into()];
        self.ask("forget", application, &arguments).await.map(drop)
    }

    async fn erase(&self, application: &Application, subject: &Subject, before: u64) -> Result<(), StoreError> {
        self.ask("erase", application, &[subject.as_str().into(), before.into()]).await.map(drop)
    }

    async fn begin_event(
        &self,
        application: &Application,
        id: &str,
        now: u64,
    ) -> Result<EventProgress, StoreError> {
        let progress = self.ask("beginEvent", application, &[id.into(), now.into()]).await?;
        let progress = progress.as_ref().and_then(Value::as_str).and_then(EventProgress::parse);
        progress.ok_or_else(|| error("beginEvent must give new, in_progress or done"))
    }

    async fn finish_event(&self, application: &Application, id: &str) -> Result<(), StoreError> {
        self.ask("finishEvent", application, &[id.into()]).await.map(drop)
    }

    async fn release_event(&self, application: &Application, id: &str) -> Result<(), StoreError> {
        self.ask("releaseEvent", application, &[id.into()]).await.map(drop)
    }
}

/// A row of the store's, read field by field so that an error can say which one it was; never its value.
struct Row {
    what: &'static str,
    fields: Value,
}

impl Row {
    /// What `read` makes of a field's value, which is null when the field is missing.
    fn field<T>(&self, name: &str, read: impl Fn(&Value) -> Option<T>) -> Result<T, StoreError> {
        let value = self.fields.get(name).unwrap_or(&Value::Null);
        read(value).ok_or_else(|| {
            StoreError(["it gave back a ", self.what, " whose ", name, " is missing or not of its type"].concat())
        })
    }

    fn optional<T>(&self, name: &str, read: impl Fn(&Value) -> Option<T>) -> Result<Option<T>, StoreError> {
        self.field(name, |value| if value.is_null() { Some(None) } else { read(value).map(Some) })
    }
}

/// A text.
fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Unix time in seconds.
fn time(value: &Value) -> Option<u64> {
    value.as_f64().map(|seconds| seconds as u64)
}

/// True or false; a database without booleans has 0 and 1.
fn livemode(value: &Value) -> Option<Livemode> {
    value.as_bool().or(value.as_f64().map(|number| number != 0.0)).map(Livemode::from)
}

fn connection(fields: Value) -> Result<Connection, StoreError> {
    let row = Row { what: "connection", fields };
    Ok(Connection {
        subject: row.field("subject", |value| Subject::parse(value.as_str()?).ok())?,
        client_id: row.field("client_id", |value| ClientId::parse(value.as_str()?).ok())?,
        account_id: row.field("account_id", |value| AccountId::parse(value.as_str()?).ok())?,
        livemode: row.field("livemode", livemode)?,
        scope: row.field("scope", |value| TokenScope::parse(value.as_str()?))?,
        connected_at: row.field("connected_at", time)?,
        disconnected_at: row.optional("disconnected_at", time)?,
        refresh_token: row.optional("refresh_token", string)?,
    })
}

fn claim_record(fields: Option<Value>) -> Result<Option<ClaimRecord>, StoreError> {
    let Some(fields) = fields else { return Ok(None) };
    let row = Row { what: "claim", fields };
    let claim = Claim {
        flow: row.field("flow", string).map(Digest::kept)?,
        code: row.field("code", string).map(Digest::kept)?,
        subject: row.field("subject", |value| Subject::parse(value.as_str()?).ok())?,
        claimed_at: row.field("claimed_at", time)?,
    };
    Ok(Some(ClaimRecord { claim, outcome: row.optional("outcome", |value| Outcome::parse(value.as_str()?))? }))
}

fn error(what: &str) -> StoreError {
    StoreError(what.to_owned())
}
