//! [`Visit`]: one request on its way through the handler, and what its steps ask of the host.

use super::answer::{answer, method_not_allowed, not_on_a_guess, reply, reply_to_page, to_person, wants_json};
use super::application::Application;
use super::config::Config;
use super::done::is_done;
use super::host::{Host, Problem};
use super::memory::Memory;
use super::outcome::Outcome;
use super::pages;
use super::routes::{Audience, Route, Step};
use super::same_origin::is_speculative;
use super::seldom::Seldom;
use super::store::StoreError;
use crate::front::callback::Rejection;
use crate::server::{Method, Request, Response, Retry, RetryKind};
use crate::vocabulary::subject::Subject;

/// What a request is refused with that can't be read.
pub(crate) const MALFORMED: Outcome = Outcome::Rejected(Rejection::Malformed);

/// A request, and what answers it.
pub(crate) struct Visit<'a, H: Host> {
    pub(crate) route: Route,
    pub(crate) request: &'a Request,
    pub(crate) config: &'a Config,
    pub(crate) memory: &'a Memory,
    pub(crate) host: &'a H,
}

/// What ends a visit before its last step.
pub(crate) enum Stop<E> {
    /// A mistake of the host's own, which is passed on.
    Host(E),
    /// How it ended, which the route tells in its way.
    Outcome(Outcome),
    /// An answer that is told already, such as a page that asks.
    Answer(Response),
}

impl<E> From<Outcome> for Stop<E> {
    fn from(outcome: Outcome) -> Stop<E> {
        Stop::Outcome(outcome)
    }
}

impl<E> From<Response> for Stop<E> {
    fn from(response: Response) -> Stop<E> {
        Stop::Answer(response)
    }
}

/// What a step gives, or what ends the visit there.
pub(crate) type StepResult<T, H> = Result<T, Stop<<H as Host>::Error>>;

impl<H: Host> Visit<'_, H> {
    /// The answer, whichever way it ends. An error is the host's own.
    pub(crate) async fn answered(&self) -> Result<Response, H::Error> {
        match self.steps().await {
            Ok(response) | Err(Stop::Answer(response)) => Ok(response),
            Err(Stop::Outcome(outcome)) => Ok(self.respond(outcome)),
            Err(Stop::Host(error)) => Err(error),
        }
    }

    async fn steps(&self) -> StepResult<Response, H> {
        self.admit()?;
        match self.route.step {
            Step::Start => self.start().await,
            Step::Callback => self.callback().await,
            Step::Exchange => self.exchange().await,
            Step::Connections => self.connections().await,
            Step::Disconnect => self.disconnect().await,
            Step::Account => self.account().await,
            Step::Create => self.create().await,
            Step::Onboard => self.onboard().await,
            Step::Webhook => Ok(self.webhook().await),
            Step::Result(outcome) => Ok(self.result(outcome)),
        }
    }

    /// Method, size and alphabet, before anything is read.
    fn admit(&self) -> StepResult<(), H> {
        let (route, request) = (&self.route, self.request);
        if !route.takes(request.method) {
            return Err(method_not_allowed(route.allow).into());
        }
        // A guess starts no flow, spends no code and uses no link up.
        if route.acts_on_get && request.method == Method::Get && is_speculative(request) {
            return Err(not_on_a_guess().into());
        }
        // A webhook is refused in words of its own, which Stripe's dashboard shows.
        let is_readable = request.body.len() <= route.body_limit() && request.body_text().is_some();
        if request.method == Method::Post && route.step != Step::Webhook && !is_readable {
            return Err(MALFORMED.into());
        }
        Ok(())
    }

    /// How it ended, told as this route tells it.
    fn respond(&self, outcome: Outcome) -> Response {
        let way_back = self.way_back();
        match self.route.audience {
            _ if outcome == Outcome::NotSignedIn => self.not_signed_in(),
            Audience::Json => reply(self.config, outcome, None),
            Audience::InPage => reply_to_page(self.config, outcome, None),
            Audience::Either => answer(self.config, self.request, outcome, &way_back),
            Audience::Person => to_person(self.config, outcome, &way_back),
            Audience::Page if wants_json(self.request) => reply(self.config, outcome, None),
            Audience::Page => pages::page(self.config, outcome, &way_back),
        }
    }

    /// The page of an outcome. No link claims that something was done: then it leads on.
    fn result(&self, outcome: Outcome) -> Response {
        let way_back = self.way_back();
        if outcome.is_success() && !is_done(self.request, outcome) {
            return Response::see_other(way_back);
        }
        pages::page(self.config, outcome, &way_back)
    }

    /// Where a page leads back to: where the person wanted to go, as far as the request says. A callback's query is
    /// Stripe's; its flow knows.
    pub(crate) fn way_back(&self) -> String {
        let asked = match self.route.step {
            Step::Callback => self.flow().map(|flow| flow.return_to),
            _ => self.return_to(),
        };
        asked.unwrap_or_else(|| self.config.return_to.clone())
    }

    /// Whose rows the store is asked for.
    pub(crate) fn application(&self) -> &Application {
        &self.config.application
    }

    /// Unix time in seconds.
    pub(crate) fn now(&self) -> u64 {
        self.host.now()
    }

    /// Bytes from a cryptographic source.
    pub(crate) fn random<const N: usize>(&self) -> StepResult<[u8; N], H> {
        let mut bytes = [0; N];
        self.host.fill_random(&mut bytes).map_err(Stop::Host)?;
        Ok(bytes)
    }

    /// Who is signed in.
    pub(crate) async fn signed_in(&self) -> StepResult<Subject, H> {
        let subject = self.host.identify(self.request).await.map_err(Stop::Host)?;
        subject.ok_or(Stop::Outcome(Outcome::NotSignedIn))
    }

    /// Sends `request`, and again with a growing wait where [`Retry`] allows it; gives the last answer, `None` when
    /// none came.
    pub(crate) async fn send_again(&self, kind: RetryKind, request: Request) -> StepResult<Option<Response>, H> {
        let mut retry = Retry::new(kind);
        loop {
            let reply = self.host.send(request.clone()).await;
            let random = u32::from_le_bytes(self.random()?);
            match retry.after(reply.as_ref(), random) {
                Some(milliseconds) => self.host.sleep(milliseconds).await,
                None => return Ok(reply),
            }
        }
    }

    /// The outcome, after the platform's developers were told of it.
    pub(crate) fn report(&self, outcome: Outcome, detail: impl Into<String>) -> Outcome {
        self.host.report(&Problem { outcome, detail: detail.into() });
        outcome
    }

    /// The same of what anyone can cause as often as they like.
    pub(crate) fn report_seldom(&self, like_it: &Seldom, outcome: Outcome, detail: impl Into<String>) -> Outcome {
        match like_it.due(self.now()) {
            None => outcome,
            Some(0) => self.report(outcome, detail),
            Some(more) => self.report(outcome, format!("{}; and {more} more like it before", detail.into())),
        }
    }

    /// What the store gave; a failure ends the visit before anything is lost, and is reported.
    pub(crate) fn or_unavailable<T>(&self, given: Result<T, StoreError>) -> Result<T, Outcome> {
        given.map_err(|error| self.report(Outcome::StoreUnavailable, error.to_string()))
    }
}
