//! `GET /connect/account`: how the person's own account is at Stripe.

use super::answer::{json_of, reply};
use super::disconnect::Own;
use super::form;
use super::handler::Handler;
use super::host::{Host, Problem};
use super::outcome::Outcome;
use super::store::Connection;
use crate::front::callback::Rejection;
use crate::server::{
    Account, AccountError, DeauthorizeError, DisabledReason, Request, Response, RetryKind, probe_application,
    read_account, read_probe, retrieve_account,
};
use crate::texts::Language;
use serde_json::{Value, json};

impl Handler {
    /// The status of the subject's own live connection, in JSON.
    pub(crate) async fn account<H: Host>(&self, request: &Request, host: &H) -> Result<Response, H::Error> {
        let Some(subject) = host.identify(request).await? else {
            return Ok(reply(&self.config, Outcome::NotSignedIn, None));
        };
        let Some(account) = Some(request.query()).filter(|_| form::fits(request)).and_then(form::account) else {
            return Ok(reply(&self.config, Outcome::Rejected(Rejection::Malformed), None));
        };
        Ok(match self.own(&subject, &account, host).await {
            Ok(Own::Live(connection)) => match self.retrieve(&connection, host).await? {
                Ok(account) => json_of(200, &view(&connection, &account, &self.config.language)),
                Err(outcome) => reply(&self.config, outcome, None),
            },
            Ok(Own::Ended | Own::None) => reply(&self.config, Outcome::NotConnected, None),
            Err(outcome) => reply(&self.config, outcome, None),
        })
    }

    /// Asks Stripe.
    async fn retrieve<H: Host>(
        &self,
        connection: &Connection,
        host: &H,
    ) -> Result<Result<Account, Outcome>, H::Error> {
        let config = &self.config;
        let began = host.now();
        let request = retrieve_account(&config.base, &config.secret_key, &connection.account_id);
        let reply = self.send_again(RetryKind::ApiGet, request, host).await?;
        Ok(match reply.ok_or_else(AccountError::no_answer).and_then(|reply| read_account(&reply)) {
            Ok(account) => Ok(account),
            Err(error) => Err(self.note_error(error, connection, began, host).await?),
        })
    }

    /// Whether access to an account that was connected a moment ago has been revoked, which is noted then. Asked
    /// once, and only where an ending may have been missed: without a clear answer, the connection stands.
    pub(crate) async fn has_ended<H: Host>(&self, connection: &Connection, host: &H) -> bool {
        let config = &self.config;
        let began = host.now();
        let request = retrieve_account(&config.base, &config.secret_key, &connection.account_id);
        let Some(reply) = host.send(request).await else { return false };
        let Err(error @ AccountError::Revoked(_)) = read_account(&reply) else { return false };
        matches!(self.note_error(error, connection, began, host).await, Ok(Outcome::Revoked))
    }

    /// What became of a request about `connection` that began at `began`. Access that was revoked is noted in
    /// the store, once it is proven that the key is the client id's own: Stripe says the same to any other key. A
    /// person may revoke it at any time, so that is no problem to report.
    pub(crate) async fn note_error<H: Host>(
        &self,
        error: AccountError,
        connection: &Connection,
        began: u64,
        host: &H,
    ) -> Result<Outcome, H::Error> {
        let error = match error {
            AccountError::Revoked(_) => error.proven(self.probe(host).await?),
            other => other,
        };
        let outcome = Outcome::from(&error);
        if outcome == Outcome::Revoked {
            self.note_end(connection, began, host).await;
        } else {
            host.report(&Problem { outcome, detail: error.to_string() });
        }
        Ok(outcome)
    }

    /// Whether the key is of the platform whose client id it is.
    async fn probe<H: Host>(&self, host: &H) -> Result<Result<(), DeauthorizeError>, H::Error> {
        let config = &self.config;
        let request = probe_application(&config.base, &config.secret_key, config.client_id());
        let reply = self.send_again(RetryKind::Deauthorize, request, host).await?;
        Ok(reply.ok_or_else(DeauthorizeError::no_answer).and_then(|reply| read_probe(&reply)))
    }
}

/// The account as its own subject may read it.
fn view(connection: &Connection, account: &Account, language: &Language) -> Value {
    let status = account.status();
    let requirements = &account.requirements;
    json!({ "account": {
        "account_id": account.id.as_str(),
        "livemode": connection.livemode.as_bool(),
        "status": status.as_str(),
        "next_step": status.next_step().as_str(),
        "hint": status.hint_in(language),
        "type": account.account_type.as_str(),
        "country": account.country,
        "charges_enabled": account.charges_enabled,
        "payouts_enabled": account.payouts_enabled,
        "details_submitted": account.details_submitted,
        "requirements": {
            "currently_due": requirements.currently_due,
            "past_due": requirements.past_due,
            "eventually_due": requirements.eventually_due,
            "pending_verification": requirements.pending_verification,
            "current_deadline": requirements.current_deadline,
            "disabled_reason": requirements.disabled_reason.as_ref().map(DisabledReason::as_str),
        },
    }})
}
