//! `POST /connect/create` and `GET /connect/onboard`: a Standard account that the platform makes for a person,
//! and the way to finish it at Stripe (deferred activation, `docs.stripe.com/connect/standard-accounts`).

use super::answer::{answer, json_of, wants_json};
use super::confirm::Action;
use super::disconnect::Own;
use super::form;
use super::handler::{Handler, report_store};
use super::host::{Host, Problem};
use super::outcome::Outcome;
use super::send::random_key;
use super::store::{Claim, Connection, Digest, Store};
use crate::callback::Rejection;
use crate::ids::AccountId;
use crate::server::{
    Account, AccountError, IdempotencyKey, NewAccount, NewAccountLink, Request, Response, RetryKind, Secret,
    TokenScope, create_account, create_account_link, read_account, read_account_link,
};
use crate::subject::Subject;
use serde_json::json;

const MALFORMED: Outcome = Outcome::Rejected(Rejection::Malformed);

impl Handler {
    /// Makes an account for the subject, keeps it, and leads on to Stripe.
    pub(crate) async fn create<H: Host>(&self, request: &Request, host: &H) -> Result<Response, H::Error> {
        let Some(return_to) = self.return_to(request) else {
            return Ok(answer(&self.config, request, MALFORMED, ""));
        };
        let [country, email] =
            ["country", "email"].map(|name| form::field(&request.body, name).unwrap_or_default());
        let Ok(new) = NewAccount::new(&country, &email) else {
            return Ok(answer(&self.config, request, Outcome::InvalidDetails, ""));
        };
        let fields = [("country", &*country), ("email", &*email), ("return_to", &*return_to)];
        let subject = match self.asker(Action::Create, &fields, request, host).await? {
            Ok(subject) => subject,
            Err(response) => return Ok(response),
        };
        let connection = match self.make(&new, &[&country, &email], &subject, host).await? {
            Ok(connection) => connection,
            Err(outcome) => return Ok(answer(&self.config, request, outcome, "")),
        };
        if wants_json(request) {
            let onboard = self.onboard_path(&connection.account_id, &return_to, false);
            let outcome = Outcome::Created.as_str();
            return Ok(json_of(
                200,
                &json!({ "outcome": outcome, "connection": connection.view(), "onboard": onboard }),
            ));
        }
        self.lead_on(request, &connection, &return_to, host).await
    }

    /// Makes the account, once: who presses twice with the same details, at once or within a day, gets the
    /// same one. Every try has the same idempotency key, so Stripe answers with the first one's account.
    async fn make<H: Host>(
        &self,
        new: &NewAccount,
        details: &[&str],
        subject: &Subject,
        host: &H,
    ) -> Result<Result<Connection, Outcome>, H::Error> {
        // After a disconnection the same details make a new account.
        let ended = match host.store().disconnected(subject).await {
            Ok(ended) => ended.len().to_string(),
            Err(error) => return Ok(Err(report_store(host, Outcome::StoreUnavailable, &error))),
        };
        let livemode = self.config.secret_key.livemode();
        let mode = if livemode.as_bool() { "live" } else { "test" };
        let mut parts = vec!["create", mode, subject.as_str(), &ended];
        parts.extend(details);
        // No part holds a control character.
        let id = Digest::of(&parts.join("\0"));

        let (flow, code) = (id.clone(), id.clone());
        let claim = Claim { flow, code, subject: subject.clone(), claimed_at: host.now() };
        match host.store().claim(&claim).await {
            Ok(Some(record)) if record.outcome.is_none() => {
                let outcome = self.await_result(record, host).await;
                if outcome.asks_to_reload() {
                    return Ok(Err(outcome));
                }
            }
            Ok(_) => {}
            Err(error) => return Ok(Err(report_store(host, Outcome::StoreUnavailable, &error))),
        }

        let made = match IdempotencyKey::parse(id.as_str()) {
            Ok(key) => self.ask_for_account(new, &key, host).await?,
            Err(_) => return Ok(Err(Outcome::StripeRefused)),
        };
        let (outcome, connection) = match made {
            Ok(account) => {
                let connection = Connection {
                    subject: subject.clone(),
                    account_id: account.id,
                    livemode,
                    scope: TokenScope::ReadWrite,
                    connected_at: host.now(),
                    disconnected_at: None,
                    refresh_token: None,
                };
                (Outcome::Created, Some(connection))
            }
            Err(outcome) => (outcome, None),
        };
        let settled = host.store().settle(&id, outcome, connection.as_ref()).await;
        Ok(match (connection, settled) {
            (Some(connection), Ok(())) => Ok(connection),
            (Some(_), Err(error)) => Err(report_store(host, Outcome::CreatedNotSaved, &error)),
            (None, Ok(())) => Err(outcome),
            (None, Err(error)) => {
                report_store(host, outcome, &error);
                Err(outcome)
            }
        })
    }

    async fn ask_for_account<H: Host>(
        &self,
        new: &NewAccount,
        key: &IdempotencyKey,
        host: &H,
    ) -> Result<Result<Account, Outcome>, H::Error> {
        let request = create_account(&self.config.base, &self.config.secret_key, new, key);
        let reply = self.send_again(RetryKind::ApiPost { idempotency_key: true }, request, host).await?;
        let account = reply.ok_or_else(AccountError::no_answer).and_then(|reply| read_account(&reply));
        Ok(account.map_err(|error| {
            let outcome = Outcome::from(&error);
            host.report(&Problem { outcome, detail: error.to_string() });
            outcome
        }))
    }

    /// Leads to Stripe's form for the subject's own account, with a new link each time: Stripe sends a person
    /// here when a link has expired or was used. With `done`, back to the platform.
    pub(crate) async fn onboard<H: Host>(&self, request: &Request, host: &H) -> Result<Response, H::Error> {
        let query = request.query();
        let (Some(account), Some(return_to)) = (form::account(query), self.return_to(request)) else {
            return Ok(answer(&self.config, request, MALFORMED, ""));
        };
        if form::field(query, "done").is_some() {
            return Ok(Response::see_other(return_to));
        }
        let Some(subject) = host.identify(request).await? else {
            return Ok(answer(&self.config, request, Outcome::NotSignedIn, ""));
        };
        match self.own(&subject, &account, host).await {
            Ok(Own::Live(connection)) => self.lead_on(request, &connection, &return_to, host).await,
            Ok(Own::Ended | Own::None) => Ok(answer(&self.config, request, Outcome::NotConnected, "")),
            Err(outcome) => Ok(answer(&self.config, request, outcome, "")),
        }
    }

    /// A redirect to a new account link, or why there is none.
    async fn lead_on<H: Host>(
        &self,
        request: &Request,
        connection: &Connection,
        return_to: &str,
        host: &H,
    ) -> Result<Response, H::Error> {
        let account = &connection.account_id;
        let [refresh_url, return_url] = [false, true]
            .map(|done| [self.config.origin(), &*self.onboard_path(account, return_to, done)].concat());
        let livemode = self.config.secret_key.livemode();
        let Ok(link) = NewAccountLink::new(account, &refresh_url, &return_url, livemode) else {
            return Ok(answer(&self.config, request, MALFORMED, ""));
        };
        let began = host.now();
        Ok(match self.ask_for_link(&link, host).await? {
            Ok(url) => Response::see_other(url.expose()),
            Err(error) => {
                let outcome = self.note_error(&error, connection, began, host).await;
                answer(&self.config, request, outcome, "")
            }
        })
    }

    async fn ask_for_link<H: Host>(
        &self,
        link: &NewAccountLink,
        host: &H,
    ) -> Result<Result<Secret, AccountError>, H::Error> {
        let key = random_key(host)?;
        let request = create_account_link(&self.config.base, &self.config.secret_key, link, &key);
        let reply = self.send_again(RetryKind::ApiPost { idempotency_key: true }, request, host).await?;
        let link = reply.ok_or_else(AccountError::no_answer).and_then(|reply| read_account_link(&reply));
        Ok(link.map(|link| link.url))
    }

    /// The path of [`Handler::onboard`] for an account.
    fn onboard_path(&self, account: &AccountId, return_to: &str, done: bool) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("account", account.as_str()).append_pair("return_to", return_to);
        if done {
            query.append_pair("done", "1");
        }
        [&*self.config.path("onboard?"), &*query.finish()].concat()
    }
}
