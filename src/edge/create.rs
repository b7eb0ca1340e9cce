//! `POST /connect/create`: a Standard account that the platform makes for a person (deferred activation,
//! `docs.stripe.com/connect/standard-accounts`).

use super::action::Action;
use super::answer::{json_of, wants_json};
use super::connection::Connection;
use super::form;
use super::host::Host;
use super::outcome::Outcome;
use super::record::{Watch, not_saved};
use super::store::{Claim, Digest, Store};
use super::visit::{MALFORMED, StepResult, Stop, Visit};
use crate::server::{
    AccountError, IdempotencyKey, NewAccount, Response, RetryKind, TokenScope, create_account, list_accounts,
    read_account_id, read_claimed_account,
};
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::subject::Subject;
use serde_json::json;

/// How many times a day Stripe is asked for an account with the same details, after it refused.
const MAX_ATTEMPTS: u32 = 24;

/// How far Stripe's clock and the host's may be apart.
const CLOCKS_DIFFER_SECONDS: u64 = 300;

/// The account that someone asks for.
struct Making<'a> {
    subject: &'a Subject,
    /// What claims the first attempt: a digest of who asks for what. The account's metadata holds it.
    operation: Digest,
    new: NewAccount,
}

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

/// What an attempt has come to.
enum Attempted {
    Made {
        connection: Connection,
        /// Stripe's id of the request.
        request_id: Option<String>,
    },
    /// Stripe has refused it before.
    Refused(Outcome),
    /// Stripe failed, repeats that for a day, and has made no account.
    Failed,
}

/// What Stripe answered to an attempt.
enum Answered {
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

/// What claims an attempt, and its idempotency key. The first one's is the operation's own.
fn key_of_attempt(operation: &Digest, number: u32) -> Digest {
    match number {
        0 => operation.clone(),
        _ => Digest::of(&[operation.as_str(), " ", &*number.to_string()].concat()),
    }
}

impl<H: Host> Visit<'_, H> {
    /// Makes an account for the subject, keeps it, and leads on to Stripe.
    pub(crate) async fn create(&self) -> StepResult<Response, H> {
        let return_to = self.return_to().ok_or(MALFORMED)?;
        let [country, email] =
            ["country", "email"].map(|name| form::field(&self.request.body, name).unwrap_or_default());
        let new = NewAccount::new(&country, &email).map_err(|_| Outcome::InvalidDetails)?;
        let fields = [("country", &*country), ("email", &*email), ("return_to", &*return_to)];
        let subject = self.same_origin_subject(Action::Create, &fields).await?;

        let what = ["the making of an account for the subject ", subject.as_str()].concat();
        let watch = Watch::over(self.host, Outcome::StripeUnavailable, &what);
        let made = self.make(new, &[&country, &email], &subject).await;
        watch.done();
        let connection = made?;
        if !wants_json(self.request) {
            return self.lead_on(&connection, &return_to).await;
        }
        let onboard = self.onboard_path(&connection.account_id, &return_to, false);
        let outcome = Outcome::Created.as_str();
        Ok(json_of(200, &json!({ "outcome": outcome, "connection": connection.view(), "onboard": onboard })))
    }

    /// Makes the account, once: who presses twice with the same details, at once or within a day, gets the
    /// same one. Every try has the same idempotency key, so Stripe answers with the first one's account; but a
    /// refusal, which Stripe would also repeat for a day, gives the next press a key of its own.
    async fn make(&self, new: NewAccount, details: &[&str], subject: &Subject) -> StepResult<Connection, H> {
        let operation = self.operation(details, subject).await?;
        let making = Making { subject, new: new.with_claim(operation.as_str()), operation };
        let mut refused = Outcome::StripeRefused;
        // One new attempt a press, after a failure that Stripe saved.
        let mut may_go_on = true;
        for number in 0..MAX_ATTEMPTS {
            let id = key_of_attempt(&making.operation, number);
            match self.attempt(&making, &id, may_go_on).await? {
                Attempted::Made { connection, request_id } => {
                    return Ok(self.keep(&id, connection, request_id.as_deref()).await?);
                }
                Attempted::Refused(outcome) => refused = outcome,
                Attempted::Failed => {
                    may_go_on = false;
                    self.settle_failed(&id, refused).await;
                }
            }
        }
        let detail = "too many attempts with the same details were refused: Stripe is asked again when the first of \
                      them is a day old";
        Err(self.report(refused, detail).into())
    }

    /// After a disconnection the same details make a new account.
    async fn operation(&self, details: &[&str], subject: &Subject) -> Result<Digest, Outcome> {
        let ended = self
            .or_unavailable(self.host.store().disconnected(self.application(), subject).await)?
            .len()
            .to_string();
        let mode = if self.config.secret_key.livemode().as_bool() { "live" } else { "test" };
        let parts = [&["create", mode, subject.as_str(), &ended], details].concat();
        // No part holds a control character.
        Ok(Digest::of(&parts.join("\0")))
    }

    /// Sends one attempt, unless an earlier press has. What ends the making is noted for the next press.
    async fn attempt(&self, making: &Making<'_>, id: &Digest, may_go_on: bool) -> StepResult<Attempted, H> {
        let (since, is_first) = match self.begin(id, making.subject).await {
            Attempt::Open { since, is_first } => (since, is_first),
            Attempt::Refused(outcome) => return Ok(Attempted::Refused(outcome)),
            Attempt::Closed(outcome) => return Err(outcome.into()),
        };
        if let Err(outcome) = self.within_limit(making.subject).await {
            if is_first {
                self.settle_failed(id, outcome).await;
            }
            return Err(outcome.into());
        }
        // What ends the account's connection from now on is later than its beginning.
        let connected_at = self.now();
        let (account_id, request_id) = match self.ask_for_account(&making.new, id).await? {
            Answered::Account { id, request_id } => (id, request_id),
            Answered::No { outcome, is_looked_at } if is_refusal(outcome) && !is_first && !is_looked_at => {
                // An earlier try may have made the account all the same: its key is kept.
                self.settle_failed(id, Outcome::StripeUnavailable).await;
                return Err(outcome.into());
            }
            Answered::No { outcome, .. } => return Err(self.settle_and_stop(id, outcome).await),
            Answered::SavedFailure(error) => match self.find_account(&making.operation, since).await {
                Ok(Some(found)) => (found, None),
                Ok(None) if may_go_on => return Ok(Attempted::Failed),
                Ok(None) => {
                    let outcome = self.report(Outcome::from(&error), error.to_string());
                    return Err(self.settle_and_stop(id, outcome).await);
                }
                Err(Stop::Outcome(outcome)) => return Err(self.settle_and_stop(id, outcome).await),
                Err(stop) => return Err(stop),
            },
        };
        let connection = Connection {
            subject: making.subject.clone(),
            client_id: self.config.client_id().clone(),
            account_id,
            livemode: self.application().livemode,
            scope: TokenScope::ReadWrite,
            connected_at,
            disconnected_at: None,
            refresh_token: None,
        };
        Ok(Attempted::Made { connection, request_id })
    }

    async fn settle_and_stop(&self, id: &Digest, outcome: Outcome) -> Stop<H::Error> {
        self.settle_failed(id, outcome).await;
        outcome.into()
    }

    async fn keep(
        &self,
        id: &Digest,
        connection: Connection,
        request_id: Option<&str>,
    ) -> Result<Connection, Outcome> {
        let Err(error) = self.settle(id, Outcome::Created, Some(&connection)).await else {
            return Ok(connection);
        };
        let detail = not_saved("was made", &connection, request_id, &error);
        Err(self.report(Outcome::CreatedNotSaved, detail))
    }

    /// Claims an attempt, or sees how it went.
    async fn begin(&self, id: &Digest, subject: &Subject) -> Attempt {
        let (flow, code) = (id.clone(), id.clone());
        let claim = Claim { flow, code, subject: subject.clone(), claimed_at: self.now() };
        let record = match self.or_unavailable(self.host.store().claim(self.application(), &claim).await) {
            Ok(None) => return Attempt::Open { since: claim.claimed_at, is_first: true },
            Ok(Some(record)) => record,
            Err(outcome) => return Attempt::Closed(outcome),
        };
        let since = record.claim.claimed_at;
        match record.outcome {
            Some(outcome) if is_refusal(outcome) => Attempt::Refused(outcome),
            Some(_) => Attempt::Open { since, is_first: false },
            // The press that is at work speaks for this one too; only its account is asked for once more.
            None => match self.await_result(record).await {
                outcome if outcome.asks_to_reload() || is_refusal(outcome) => Attempt::Closed(outcome),
                _ => Attempt::Open { since, is_first: false },
            },
        }
    }

    async fn ask_for_account(&self, new: &NewAccount, id: &Digest) -> StepResult<Answered, H> {
        let Ok(key) = IdempotencyKey::parse(id.as_str()) else {
            return Ok(Answered::No { outcome: Outcome::StripeRefused, is_looked_at: false });
        };
        let request = create_account(&self.config.base, &self.config.secret_key, new, &key);
        let reply = self.send_again(RetryKind::ApiPost { idempotency_key: true }, request).await?;
        let is_replayed = reply.as_ref().is_some_and(Response::is_replayed);
        let request_id = reply.as_ref().and_then(Response::request_id);
        let status = reply.as_ref().map_or(0, |reply| reply.status);
        // For its key alone Stripe sends a request away before it looks at the rest.
        let is_looked_at = is_replayed || !matches!(status, 401 | 403);
        Ok(match reply.ok_or_else(AccountError::no_answer).and_then(|reply| read_account_id(&reply)) {
            Ok(id) => Answered::Account { id, request_id },
            Err(error) if is_replayed && status >= 500 => Answered::SavedFailure(error),
            Err(error) => {
                let error = error.of_a_new_account();
                let outcome = self.report(Outcome::from(&error), error.to_string());
                Answered::No { outcome, is_looked_at }
            }
        })
    }

    /// The account that an attempt at `operation` has made though Stripe answered with a failure, if it did.
    async fn find_account(&self, operation: &Digest, since: u64) -> StepResult<Option<AccountId>, H> {
        let request = list_accounts(&self.config.base, &self.config.secret_key);
        let reply = self.send_again(RetryKind::ApiGet, request).await?;
        // Stripe's clock and ours may differ.
        let since = since.saturating_sub(CLOCKS_DIFFER_SECONDS);
        let found = reply
            .ok_or_else(AccountError::no_answer)
            .and_then(|reply| read_claimed_account(&reply, operation.as_str(), since));
        found.map_err(|error| {
            let what = "Stripe may have made an account, and the list of the newest does not tell: ";
            self.report(Outcome::StripeUnavailable, [what, &*error.to_string()].concat()).into()
        })
    }
}
