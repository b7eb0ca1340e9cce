//! The code for the account: claimed, sent to Stripe once, and what came of it kept. Both styles end here; the page
//! style comes by `POST /connect/exchange`, after the browser has checked the state.

use super::answer::reply;
use super::connection::Connection;
use super::host::Host;
use super::outcome::Outcome;
use super::record::{Watch, not_saved};
use super::same_origin::{Asker, asker, site_of};
use super::store::{Claim, ClaimRecord, Digest, Store};
use super::visit::{MALFORMED, StepResult, Visit};
use crate::front::callback::{AuthorizationCode, Rejection};
use crate::server::{ExchangeError, NONCE_BYTES, Request, Response, Token, code_exchange, read_token};
use crate::vocabulary::state::State;
use crate::vocabulary::subject::Subject;
use serde::Deserialize;

/// How long a second request for the same callback waits for the first one's result.
const WAIT_STEPS: u32 = 40;
const WAIT_STEP_MS: u32 = 250;
/// A claim older than this has lost its exchange: whoever made it is gone.
const LOST_AFTER_SECONDS: u64 = 60;
/// An exchange that took as long leaves its owner the time to end the access again before it is kept.
const SLOW_SECONDS: u64 = 2;

/// Who finishes which flow.
pub(crate) struct Attempt {
    /// The digest of the flow's state.
    pub(crate) id: Digest,
    pub(crate) subject: Subject,
}

impl Attempt {
    pub(crate) fn claim(&self, code: &AuthorizationCode, now: u64) -> Claim {
        Claim {
            flow: self.id.clone(),
            code: Digest::of(code.as_str()),
            subject: self.subject.clone(),
            claimed_at: now,
        }
    }
}

/// Whether the claim in the way is this very callback's own, made by the same user.
pub(crate) fn is_repeat(record: &ClaimRecord, code: &Digest, subject: &Subject) -> bool {
    record.claim.code == *code && record.claim.subject == *subject
}

impl<H: Host> Visit<'_, H> {
    /// The page style's exchange: the page says for whom.
    pub(crate) async fn exchange(&self) -> StepResult<Response, H> {
        // A page of another site can't send JSON before it has asked for leave (CORS), which it does under its
        // origin and which it gets from nobody here. So where no header came at all, it is our own page's.
        let asker = asker(self.request, |origin| self.config.is_own_origin(origin));
        if !matches!(asker, Asker::OwnPage | Asker::Unsaid) {
            let elsewhere = |site: String| self.elsewhere(&site, &self.config.site());
            return Err(site_of(self.request).map_or(Outcome::CrossSite, elsewhere).into());
        }
        let subject = self.signed_in().await?;
        let body = ExchangeBody::read(self.request).ok_or(MALFORMED)?;
        if body.subject != subject.as_str() {
            return Err(Outcome::Rejected(Rejection::AnotherSubject).into());
        }
        let attempt = Attempt { id: Digest::of(body.state.as_str()), subject };
        let connection = self.conclude(body.code, &attempt).await?;
        Ok(reply(self.config, Outcome::Connected, connection.as_ref()))
    }

    /// Claims the code, sends it to Stripe once, and keeps what came of it: the connection, or `None` where the same
    /// request had made it before. Whatever else comes of it ends the visit.
    pub(crate) async fn conclude(
        &self,
        code: AuthorizationCode,
        attempt: &Attempt,
    ) -> StepResult<Option<Connection>, H> {
        // Drawn while nothing can be lost by it.
        let nonce = self.random()?;
        let claim = attempt.claim(&code, self.now());
        match self.or_unavailable(self.host.store().claim(self.application(), &claim).await)? {
            None => {}
            Some(record) if is_repeat(&record, &claim.code, &claim.subject) && record.claim.flow == claim.flow => {
                return match self.await_result(record).await {
                    Outcome::Connected => Ok(None),
                    outcome => Err(outcome.into()),
                };
            }
            Some(_) => return Err(Outcome::Rejected(Rejection::AlreadyUsed).into()),
        }
        let what = ["the exchange for the subject ", attempt.subject.as_str()].concat();
        let watch = Watch::over(self.host, Outcome::Unknown, &what);
        let connection = self.spend(code, nonce, attempt).await;
        watch.done();
        Ok(Some(connection?))
    }

    /// Sends the claimed code, and keeps the connection.
    async fn spend(
        &self,
        code: AuthorizationCode,
        nonce: [u8; NONCE_BYTES],
        attempt: &Attempt,
    ) -> Result<Connection, Outcome> {
        let Attempt { id, subject } = attempt;
        if let Err(outcome) = self.within_limit(subject).await {
            self.settle_failed(id, outcome).await;
            return Err(outcome);
        }
        // Access that its owner ends while Stripe is at work ends this connection, and none before it.
        let connected_at = self.now();
        let (token, request_id) = match self.send_once(code).await {
            Ok(given) => given,
            Err(error) => {
                let detail = format!("{error}; the subject is {}", subject.as_str());
                let outcome = self.report(Outcome::from(&error), detail);
                self.settle_failed(id, outcome).await;
                return Err(outcome);
            }
        };
        let connection = Connection {
            subject: subject.clone(),
            client_id: self.config.client_id().clone(),
            refresh_token: self.sealed_refresh_token(&token, nonce),
            account_id: token.stripe_user_id,
            livemode: token.livemode,
            scope: token.scope,
            connected_at,
            disconnected_at: None,
        };
        if let Err(error) = self.settle(id, Outcome::Connected, Some(&connection)).await {
            let detail = not_saved("is connected", &connection, request_id.as_deref(), &error);
            return Err(self.report(Outcome::NotSaved, detail));
        }
        // An ending that came in before there was anything to end has ended nothing.
        let took = self.now().saturating_sub(connected_at);
        if took >= SLOW_SECONDS && self.has_ended(&connection).await {
            return Err(Outcome::Revoked);
        }
        Ok(connection)
    }

    /// The answer to the code, with Stripe's id for the request.
    async fn send_once(&self, code: AuthorizationCode) -> Result<(Token, Option<String>), ExchangeError> {
        let config = self.config;
        let key = &config.secret_key;
        let request = code_exchange(&config.base, key, config.flow, code, &config.assert_capabilities);
        let reply = self.host.send(request).await.ok_or_else(ExchangeError::no_answer)?;
        Ok((read_token(&reply, key.livemode())?, reply.request_id()))
    }

    /// The refresh token for the store, where the platform keeps them. A connection without it is still one.
    fn sealed_refresh_token(&self, token: &Token, nonce: [u8; NONCE_BYTES]) -> Option<String> {
        let (keys, refresh_token) = (self.config.refresh_token_keys.as_ref()?, token.refresh_token.as_ref()?);
        let sealed = keys.seal(refresh_token, &token.stripe_user_id, token.livemode, nonce);
        sealed.map_err(|error| self.report(Outcome::Connected, error.to_string())).ok()
    }

    /// The result of a claim that another request made, once it is there.
    pub(crate) async fn await_result(&self, mut record: ClaimRecord) -> Outcome {
        for _ in 0..WAIT_STEPS {
            if let Some(outcome) = record.outcome {
                return outcome;
            }
            if self.now() >= record.claim.claimed_at.saturating_add(LOST_AFTER_SECONDS) {
                return Outcome::Unknown;
            }
            self.host.sleep(WAIT_STEP_MS).await;
            record = match self
                .or_unavailable(self.host.store().claimed(self.application(), &record.claim.flow).await)
            {
                Ok(Some(record)) => record,
                Ok(None) => return Outcome::Unknown,
                Err(outcome) => return outcome,
            };
        }
        Outcome::StillWorking
    }
}

/// What the page sends.
struct ExchangeBody {
    code: AuthorizationCode,
    state: State,
    subject: String,
}

impl ExchangeBody {
    fn read(request: &Request) -> Option<ExchangeBody> {
        #[derive(Deserialize)]
        struct Fields {
            code: String,
            state: String,
            subject: String,
        }
        // A form on another site can't send this type.
        let is_json = request.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
        let fields: Fields = serde_json::from_slice(&request.body).ok().filter(|_| is_json)?;
        Some(ExchangeBody {
            code: AuthorizationCode::read(&fields.code)?,
            state: State::parse(&fields.state).ok()?,
            subject: fields.subject,
        })
    }
}
