//! `GET /connect/callback`: Stripe sent the browser back. A flow is finished under the configuration it was started
//! under, in time, by the user who started it, once.

use super::answer::to_person;
use super::exchange::{Attempt, is_repeat};
use super::flow_cookie::{self, Fingerprint, Flow};
use super::host::Host;
use super::outcome::Outcome;
use super::pages;
use super::sign_in::{callback_query, forget_callback};
use super::store::{ClaimRecord, Digest, Store};
use super::visit::{MALFORMED, StepResult, Stop, Visit};
use crate::front::callback::{Callback, Rejection};
use crate::front::callback_query::CallbackQuery;
use crate::server::Response;
use crate::vocabulary::redirect_uri::RedirectUri;
use crate::vocabulary::state::State;
use crate::vocabulary::subject::Subject;

impl<H: Host> Visit<'_, H> {
    /// Finishes the flow that the query and the browser's cookie belong to.
    pub(crate) async fn callback(&self) -> StepResult<Response, H> {
        let text = callback_query(self.config, self.request);
        let query = CallbackQuery::read(&["?", &*text].concat());
        let subject = match self.signed_in().await {
            Err(Stop::Outcome(Outcome::NotSignedIn)) => return self.callback_not_signed_in(&text),
            subject => subject?,
        };
        let found = self.flow_of(&query);
        let ended = match &found {
            Some((_, flow)) => self.finish(&query, flow, subject).await,
            None => self.without_flow(&query, &subject).await,
        };
        let outcome = match ended {
            Ok(outcome) | Err(Stop::Outcome(outcome)) => outcome,
            Err(stop) => return Err(stop),
        };
        // Where another person wanted to go is theirs to know.
        let is_anothers = outcome == Outcome::Rejected(Rejection::AnotherSubject);
        let return_to = match &found {
            Some((_, flow)) if !is_anothers => &flow.return_to,
            _ => &self.config.return_to,
        };
        if outcome == Outcome::StillWorking {
            return Ok(pages::waiting(self.config, return_to));
        }
        let response = to_person(self.config, outcome, return_to);
        if outcome.asks_to_reload() {
            // The cookies stay: reloading this very page can still finish.
            return Ok(response);
        }
        let response = forget_callback(self.config, self.request, response);
        Ok(match found {
            Some((name, _)) => response.with_header("set-cookie", flow_cookie::clear(&name)),
            None => response,
        })
    }

    /// The flow that the callback in the address belongs to.
    pub(crate) fn flow(&self) -> Option<Flow> {
        let query = CallbackQuery::read(&["?", &*callback_query(self.config, self.request)].concat());
        self.flow_of(&query).map(|(_, flow)| flow)
    }

    /// The flow that the query belongs to, and its cookie's name.
    fn flow_of(&self, query: &CallbackQuery) -> Option<(String, Flow)> {
        let state = query.state()?;
        let cookies = &self.config.flow_cookies;
        let name = cookies.name(&Digest::of(state));
        let sealed = cookies.all(self.request).get(&*name).copied()?;
        // A later flow may have taken the place of this one.
        let flow = cookies.open(&name, sealed).filter(|flow| flow.state.verify(state))?;
        Some((name, flow))
    }

    /// The callback of a flow that this browser started.
    async fn finish(&self, query: &CallbackQuery, flow: &Flow, subject: Subject) -> StepResult<Outcome, H> {
        let attempt = Attempt { id: Digest::of(flow.state.as_str()), subject };
        let callback = query.verify(&flow.state);
        if flow.subject != Fingerprint::of_subject(&attempt.subject) {
            self.burn(callback, &attempt).await;
            return Err(Outcome::Rejected(Rejection::AnotherSubject).into());
        }
        let is_committed = |uri: &RedirectUri| flow.commitment == self.config.commitment(uri);
        if !self.config.callbacks_at(self.request.path()).any(is_committed) {
            let detail = "the flow was started under another client_id, mode, redirect_uri or base";
            return Err(self.report(Outcome::ConfigMismatch, detail).into());
        }
        if self.now() >= flow.expires_at {
            return Err(Outcome::Rejected(Rejection::Expired).into());
        }
        match callback {
            Callback::Authorized(authorized) => {
                self.conclude(authorized.into_code(), &attempt).await?;
                Ok(Outcome::Connected)
            }
            Callback::Failed { error, .. } => {
                Ok(self.report(Outcome::Failed, ["Stripe sent the error ", &error].concat()))
            }
            Callback::Denied { .. } => Ok(Outcome::Denied),
            Callback::Rejected(rejection) => Ok(Outcome::Rejected(rejection)),
            Callback::None => Ok(MALFORMED),
        }
    }

    /// A code that came back to the wrong user is claimed and never sent, so that nobody who shares the browser can use
    /// it later.
    async fn burn(&self, callback: Callback, attempt: &Attempt) {
        let Callback::Authorized(authorized) = callback else { return };
        let refused = Outcome::Rejected(Rejection::AnotherSubject);
        let claim = attempt.claim(&authorized.into_code(), self.now());
        let burnt = match self.host.store().claim(self.application(), &claim).await {
            Ok(None) => self.settle(&attempt.id, refused, None).await,
            Ok(Some(_)) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = burnt {
            self.report(refused, error.to_string());
        }
    }

    /// A callback without its cookie: the same one again, another of a flow that has connected, or one that this
    /// browser did not start.
    async fn without_flow(&self, query: &CallbackQuery, subject: &Subject) -> StepResult<Outcome, H> {
        let Some(state) = query.state() else { return Ok(outcome_without_flow(query, Rejection::StateMissing)) };
        let id = Digest::of(state);
        let outcome = self.repeated(query, &id, subject).await?;
        // A state that is none was never one of ours.
        if outcome == Outcome::Rejected(Rejection::NotStarted) && State::parse(state).is_ok() {
            let cookies = &self.config.flow_cookies;
            let name = cookies.name(&id);
            let sealed = cookies.all(self.request).get(&*name).copied();
            let is_shut = sealed.is_some_and(|sealed| cookies.open(&name, sealed).is_none());
            self.report_seldom(&self.memory.cookieless, outcome, self.why_not_started(is_shut));
        }
        Ok(outcome)
    }

    /// The same, told by what was claimed.
    async fn repeated(&self, query: &CallbackQuery, id: &Digest, subject: &Subject) -> StepResult<Outcome, H> {
        let record = self.or_unavailable(self.host.store().claimed(self.application(), id).await)?;
        match (record, query.unverified_code()) {
            (Some(record), Some(code)) if is_repeat(&record, &Digest::of(code), subject) => {
                Ok(self.await_result(record).await)
            }
            (Some(record), _) if has_connected(&record, subject) => self.still_connected(subject).await,
            _ => Ok(outcome_without_flow(query, Rejection::NotStarted)),
        }
    }

    /// Who went back to Stripe's page after it had worked, and agreed or cancelled there. Neither changes what was done,
    /// and a new code is never sent: for that there has to be a new start.
    async fn still_connected(&self, subject: &Subject) -> StepResult<Outcome, H> {
        let connections = self.or_unavailable(self.host.store().connections(self.application(), subject).await)?;
        Ok(if connections.is_empty() { Outcome::Rejected(Rejection::AlreadyUsed) } else { Outcome::Connected })
    }
}

/// Whether the claim is of a flow that this user has finished, and well.
fn has_connected(record: &ClaimRecord, subject: &Subject) -> bool {
    record.outcome == Some(Outcome::Connected) && record.claim.subject == *subject
}

impl<H: Host> Visit<'_, H> {
    /// What may have become of the cookie of a callback's flow.
    fn why_not_started(&self, is_shut: bool) -> String {
        if is_shut {
            return "the cookie of a callback's flow does not open: keep each old text in cookie_secrets for as long as \
                    a flow may take, and put a new one last until every machine has it"
                .to_owned();
        }
        let why = "a callback came without the cookie of its flow: it began in another browser, on another host than \
                   the callback's, under another client_id or mode, or hours ago, or others that began at the same \
                   time took its place";
        let is_plain = |uri: &RedirectUri| uri.as_str().starts_with("http:");
        if !self.config.callbacks_at(self.request.path()).any(is_plain) {
            return why.to_owned();
        }
        let safari = "; or in Safari, which keeps no Secure cookie on plain http, not even on localhost: give this \
                      machine https, or try another browser. localhost and 127.0.0.1 are two hosts";
        [why, safari].concat()
    }
}

fn outcome_without_flow(query: &CallbackQuery, reason: Rejection) -> Outcome {
    match query.unmatched(reason) {
        Callback::Denied { .. } => Outcome::Denied,
        Callback::Rejected(rejection) => Outcome::Rejected(rejection),
        _ => MALFORMED,
    }
}
