//! `GET /connect/account`: how the person's own account is at Stripe.

use super::answer::json_of;
use super::connection::Connection;
use super::form;
use super::host::Host;
use super::outcome::Outcome;
use super::visit::{MALFORMED, StepResult, Visit};
use crate::server::{
    Account, AccountError, DeauthorizeError, Response, RetryKind, probe_application, read_account, read_probe,
    retrieve_account,
};
use crate::texts::Language;
use serde_json::{Value, json};

impl<H: Host> Visit<'_, H> {
    /// The status of the subject's own live connection, in JSON.
    pub(crate) async fn account(&self) -> StepResult<Response, H> {
        let subject = self.signed_in().await?;
        let account = form::query(self.request).and_then(form::account).ok_or(MALFORMED)?;
        let connection = self.live_connection(&subject, &account).await?;
        let account = self.retrieve(&connection).await?;
        Ok(json_of(200, &json!({ "account": view(&connection, &account, &self.config.language) })))
    }

    /// Asks Stripe.
    pub(crate) async fn retrieve(&self, connection: &Connection) -> StepResult<Account, H> {
        let config = self.config;
        let began = self.now();
        let request = retrieve_account(&config.base, &config.secret_key, &connection.account_id);
        let reply = self.send_again(RetryKind::ApiGet, request).await?;
        match reply.ok_or_else(AccountError::no_answer).and_then(|reply| read_account(&reply)) {
            Ok(account) => Ok(account),
            Err(error) => Err(self.record_account_error(error, connection, began).await?.into()),
        }
    }

    /// Whether access to an account that was connected a moment ago has been revoked, which is noted then. Asked
    /// once, and only where an ending may have been missed: without a clear answer, the connection stands.
    pub(crate) async fn has_ended(&self, connection: &Connection) -> bool {
        let config = self.config;
        let began = self.now();
        let request = retrieve_account(&config.base, &config.secret_key, &connection.account_id);
        let Some(reply) = self.host.send(request).await else { return false };
        let Err(error @ AccountError::Revoked(_)) = read_account(&reply) else { return false };
        matches!(self.record_account_error(error, connection, began).await, Ok(Outcome::Revoked))
    }

    /// What became of a request about `connection` that began at `began`. Access that was revoked is noted in
    /// the store, once it is proven that the key is the client id's own: Stripe says the same to any other key. A
    /// person may revoke it at any time, so that is no problem to report.
    pub(crate) async fn record_account_error(
        &self,
        error: AccountError,
        connection: &Connection,
        began: u64,
    ) -> StepResult<Outcome, H> {
        let error = match error {
            AccountError::Revoked(_) => self.proven(error).await?,
            other => other,
        };
        let outcome = Outcome::from(&error);
        match outcome {
            Outcome::Revoked => _ = self.record_disconnection(connection, began).await,
            // With a key that may not ask for it, so may every look be.
            Outcome::Unreachable => _ = self.report_seldom(&self.memory.unreachable, outcome, error.to_string()),
            _ => _ = self.report(outcome, error.to_string()),
        }
        Ok(outcome)
    }

    /// The error, in the light of whether the key is of the platform whose client id it is.
    async fn proven(&self, error: AccountError) -> StepResult<AccountError, H> {
        let config = self.config;
        let request = probe_application(&config.base, &config.secret_key, config.client_id());
        let reply = self.send_again(RetryKind::Deauthorize, request).await?;
        let proof = reply.ok_or_else(DeauthorizeError::no_answer).and_then(|reply| read_probe(&reply));
        Ok(error.proven(proof))
    }
}

/// The account as its own subject may read it.
pub(crate) fn view(connection: &Connection, account: &Account, language: &Language) -> Value {
    let whose =
        [("account_id", connection.account_id.as_str().into()), ("livemode", connection.livemode.as_bool().into())];
    account.view(language, whose.into())
}
