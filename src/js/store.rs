//! The platform's own store (`pkg/stores/store.d.ts`). Each call crosses once, with its arguments as one JSON list and
//! its answer as one JSON text, which is read here: what is not of its type is the store's error.

use super::host::{JsHost, text};
use crate::edge::{Claim, ClaimRecord, Connection, Digest, EventProgress, Outcome, Store, StoreError};
use crate::server::TokenScope;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::subject::Subject;
use serde_json::{Value, json};

impl JsHost {
    /// What the store's `method` answered, if anything.
    async fn ask(&self, method: &str, arguments: &Value) -> Result<Option<Value>, StoreError> {
        let answer = self.js.store(method, &arguments.to_string()).await.map_err(|said| StoreError(text(&said)))?;
        // `JSON.stringify` made it: what can't be read of it is a lone surrogate.
        let read =
            |json: String| serde_json::from_str(&json).map_err(|_| error("it gave back a text that is no Unicode"));
        answer.as_string().map(read).transpose()
    }

    async fn list(&self, method: &str, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        match self.ask(method, &json!([subject.as_str()])).await? {
            Some(Value::Array(rows)) => rows.into_iter().map(|row| connection(row, subject)).collect(),
            _ => Err(error("it gave back no list of connections")),
        }
    }
}

impl Store for JsHost {
    async fn claim(&self, claim: &Claim) -> Result<Option<ClaimRecord>, StoreError> {
        let Claim { flow, code, subject, claimed_at } = claim;
        let claim = json!({
            "flow": flow.as_str(),
            "code": code.as_str(),
            "subject": subject.as_str(),
            "claimed_at": claimed_at,
        });
        claim_record(self.ask("claim", &json!([claim])).await?)
    }

    async fn claimed(&self, flow: &Digest) -> Result<Option<ClaimRecord>, StoreError> {
        claim_record(self.ask("claimed", &json!([flow.as_str()])).await?)
    }

    async fn settle(
        &self,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> Result<(), StoreError> {
        let connection = connection.map(|connection| {
            json!({
                "subject": connection.subject.as_str(),
                "account_id": connection.account_id.as_str(),
                "livemode": connection.livemode.as_bool(),
                "scope": connection.scope.as_str(),
                "connected_at": connection.connected_at,
                "disconnected_at": connection.disconnected_at,
                "refresh_token": connection.refresh_token,
            })
        });
        self.ask("settle", &json!([flow.as_str(), outcome.as_str(), connection])).await.map(drop)
    }

    async fn connections(&self, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        self.list("connections", subject).await
    }

    async fn disconnected(&self, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        self.list("disconnected", subject).await
    }

    async fn disconnect(&self, account_id: &AccountId, livemode: Livemode, at: u64) -> Result<(), StoreError> {
        self.ask("disconnect", &json!([account_id.as_str(), livemode.as_bool(), at])).await.map(drop)
    }

    async fn begin_event(&self, id: &str, now: u64) -> Result<EventProgress, StoreError> {
        let progress = self.ask("beginEvent", &json!([id, now])).await?;
        let progress = progress.as_ref().and_then(Value::as_str).and_then(EventProgress::parse);
        progress.ok_or_else(|| error("beginEvent must give new, in_progress or done"))
    }

    async fn finish_event(&self, id: &str) -> Result<(), StoreError> {
        self.ask("finishEvent", &json!([id])).await.map(drop)
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

fn connection(fields: Value, subject: &Subject) -> Result<Connection, StoreError> {
    let row = Row { what: "connection", fields };
    Ok(Connection {
        subject: subject.clone(),
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
