//! `POST /connect/create` and `GET /connect/onboard`: a Standard account that the platform makes for a person,
//! and the way to finish it at Stripe (deferred activation, `docs.stripe.com/connect/standard-accounts`).

use super::answer::{answer, json_of, wants_json};
use super::confirm::Action;
use super::disconnect::Own;
use super::form;
use super::handler::{Handler, report_store};
use super::host::{Host, Problem};
use super::outcome::Outcome;
use super::record::{Watch, unwritten};
use super::send::random_key;
use super::store::{Claim, Connection, Digest, Store};
use crate::front::callback::Rejection;
use crate::server::{
    AccountError, IdempotencyKey, NewAccount, NewAccountLink, Request, Response, RetryKind, Secret, TokenScope,
    create_account, create_account_link, list_accounts, read_account_id, read_account_link, read_claimed_account,
};
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::subject::Subject;
use serde_json::json;

const MALFORMED: Outcome = Outcome::Rejected(Rejection::Malformed);

/// How many times a day Stripe is asked for an account with the same details, after it refused.
const MAX_ATTEMPTS: u32 = 24;

/// How far Stripe's clock and the host's may be apart.
const CLOCKS_DIFFER_SECONDS: u64 = 300;

/// An attempt to make an account, as a press comes to it.
enum Attempt {
    /// It is to be sent: for the first time, or again after one at `since`, in Unix seconds, that may have made the
    /// account.
    Open { since: u64, is_first: bool },
    /// Stripe has refused it.
    Refused(Outcome),
    /// Nothing is to be sent for this press.
    Closed(Outcome),
}

/// What Stripe made of an attempt.
enum Made {
    Account {
        id: AccountId,
        /// Stripe's id of the request.
        request_id: Option<String>,
    },
    /// No account, or nobody knows. Whether Stripe looked at the request tells if that holds for an earlier try too.
    No { outcome: Outcome, is_looked_at: bool },
    /// Stripe failed, and repeats that failure for a day; whether it had made the account, its answer does not tell.
    SavedFailure(AccountError),
}

/// Whether Stripe has decided against an account, so that none was made.
const fn is_refusal(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::StripeRefused | Outcome::MissingPermission | Outcome::PlatformNotReady)
}

/// The outcome, after the error was reported.
fn report_error<H: Host>(error: &AccountError, host: &H) -> Outcome {
    let outcome = Outcome::from(error);
    host.report(&Problem { outcome, detail: error.to_string() });
    outcome
}

/// What claims an attempt, and its idempotency key. The first one's is the operation's own.
fn key_of_attempt(operation: &Digest, number: u32) -> Digest {
    match number {
        0 => operation.clone(),
        _ => Digest::of(&[operation.as_str(), " ", &*number.to_string()].concat()),
    }
}

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
        let what = ["the making of an account for the subject ", subject.as_str()].concat();
        let watch = Watch::over(host, Outcome::StripeUnavailable, &what);
        let made = self.make(new, &[&country, &email], &subject, host).await;
        watch.done();
        let connection = match made? {
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
    /// same one. Every try has the same idempotency key, so Stripe answers with the first one's account; but a
    /// refusal, which Stripe would also repeat for a day, gives the next press a key of its own.
    async fn make<H: Host>(
        &self,
        new: NewAccount,
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
        let operation = Digest::of(&parts.join("\0"));
        let new = new.with_claim(operation.as_str());

        let mut refused = Outcome::StripeRefused;
        // One new attempt a press, after a failure that Stripe saved.
        let mut may_go_on = true;
        for number in 0..MAX_ATTEMPTS {
            let id = key_of_attempt(&operation, number);
            let (since, is_first) = match self.begin(&id, subject, host).await {
                Attempt::Open { since, is_first } => (since, is_first),
                Attempt::Refused(outcome) => {
                    refused = outcome;
                    continue;
                }
                Attempt::Closed(outcome) => return Ok(Err(outcome)),
            };
            // What ends the account's connection from now on is later than its beginning.
            let began = host.now();
            let made = match self.ask_for_account(&new, &id, host).await? {
                Made::Account { id, request_id } => Ok((id, request_id)),
                Made::No { outcome, is_looked_at } if is_refusal(outcome) && !is_first && !is_looked_at => {
                    // An earlier try may have made the account all the same: its key is kept.
                    self.settle_failed(&id, Outcome::StripeUnavailable, host).await;
                    return Ok(Err(outcome));
                }
                Made::No { outcome, .. } => Err(outcome),
                Made::SavedFailure(error) => match self.find_account(&operation, since, host).await? {
                    Ok(None) if may_go_on => {
                        may_go_on = false;
                        self.settle_failed(&id, refused, host).await;
                        continue;
                    }
                    Ok(Some(found)) => Ok((found, None)),
                    Ok(None) => Err(report_error(&error, host)),
                    Err(outcome) => Err(outcome),
                },
            };
            let (account_id, request_id) = match made {
                Ok(account) => account,
                Err(outcome) => {
                    self.settle_failed(&id, outcome, host).await;
                    return Ok(Err(outcome));
                }
            };
            let connection = Connection {
                subject: subject.clone(),
                account_id,
                livemode,
                scope: TokenScope::ReadWrite,
                connected_at: began,
                disconnected_at: None,
                refresh_token: None,
            };
            let Err(error) = self.settle(&id, Outcome::Created, Some(&connection), host).await else {
                return Ok(Ok(connection));
            };
            let outcome = Outcome::CreatedNotSaved;
            let detail = unwritten("was made", &connection, request_id.as_deref(), &error);
            host.report(&Problem { outcome, detail });
            return Ok(Err(outcome));
        }
        let detail = "too many attempts with the same details were refused: Stripe is asked again when the first of \
                      them is a day old";
        host.report(&Problem { outcome: refused, detail: detail.to_owned() });
        Ok(Err(refused))
    }

    /// Claims an attempt, or sees how it went.
    async fn begin<H: Host>(&self, id: &Digest, subject: &Subject, host: &H) -> Attempt {
        let (flow, code) = (id.clone(), id.clone());
        let claim = Claim { flow, code, subject: subject.clone(), claimed_at: host.now() };
        let record = match host.store().claim(&claim).await {
            Ok(None) => return Attempt::Open { since: claim.claimed_at, is_first: true },
            Ok(Some(record)) => record,
            Err(error) => return Attempt::Closed(report_store(host, Outcome::StoreUnavailable, &error)),
        };
        let since = record.claim.claimed_at;
        match record.outcome {
            Some(outcome) if is_refusal(outcome) => Attempt::Refused(outcome),
            Some(_) => Attempt::Open { since, is_first: false },
            // The press that is at work speaks for this one too; only its account is asked for once more.
            None => match self.await_result(record, host).await {
                outcome if outcome.asks_to_reload() || is_refusal(outcome) => Attempt::Closed(outcome),
                _ => Attempt::Open { since, is_first: false },
            },
        }
    }

    async fn ask_for_account<H: Host>(&self, new: &NewAccount, id: &Digest, host: &H) -> Result<Made, H::Error> {
        let Ok(key) = IdempotencyKey::parse(id.as_str()) else {
            return Ok(Made::No { outcome: Outcome::StripeRefused, is_looked_at: false });
        };
        let request = create_account(&self.config.base, &self.config.secret_key, new, &key);
        let reply = self.send_again(RetryKind::ApiPost { idempotency_key: true }, request, host).await?;
        let is_replayed = reply.as_ref().is_some_and(Response::is_replayed);
        let request_id = reply.as_ref().and_then(Response::request_id);
        let status = reply.as_ref().map_or(0, |reply| reply.status);
        // For its key alone Stripe sends a request away before it looks at the rest.
        let is_looked_at = is_replayed || !matches!(status, 401 | 403);
        Ok(match reply.ok_or_else(AccountError::no_answer).and_then(|reply| read_account_id(&reply)) {
            Ok(id) => Made::Account { id, request_id },
            Err(error) if is_replayed && status >= 500 => Made::SavedFailure(error),
            Err(error) => Made::No { outcome: report_error(&error.of_a_new_account(), host), is_looked_at },
        })
    }

    /// The account that an attempt at `operation` has made though Stripe answered with a failure, if it did.
    async fn find_account<H: Host>(
        &self,
        operation: &Digest,
        since: u64,
        host: &H,
    ) -> Result<Result<Option<AccountId>, Outcome>, H::Error> {
        let request = list_accounts(&self.config.base, &self.config.secret_key);
        let reply = self.send_again(RetryKind::ApiGet, request, host).await?;
        // Stripe's clock and ours may differ.
        let since = since.saturating_sub(CLOCKS_DIFFER_SECONDS);
        let found = reply
            .ok_or_else(AccountError::no_answer)
            .and_then(|reply| read_claimed_account(&reply, operation.as_str(), since));
        Ok(found.map_err(|error| {
            let outcome = Outcome::StripeUnavailable;
            let what = "Stripe may have made an account, and the list of the newest does not tell: ";
            host.report(&Problem { outcome, detail: [what, &*error.to_string()].concat() });
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
            .map(|done| [self.config.origin_of(request), &*self.onboard_path(account, return_to, done)].concat());
        let livemode = self.config.secret_key.livemode();
        let Ok(link) = NewAccountLink::new(account, &refresh_url, &return_url, livemode) else {
            return Ok(answer(&self.config, request, MALFORMED, ""));
        };
        let began = host.now();
        Ok(match self.ask_for_link(&link, host).await? {
            Ok(url) => Response::see_other(url.expose()),
            Err(error) => {
                let outcome = self.note_error(error, connection, began, host).await?;
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
