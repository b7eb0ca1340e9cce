//! `GET` and `POST /connect/start`: the button was pressed.

use super::action::Action;
use super::config_builder::is_return_path;
use super::flow_cookie::{self, Fingerprint, Flow, MAX_FLOWS};
use super::form;
use super::host::{Host, not_filled_in};
use super::outcome::Outcome;
use super::same_origin::site_of;
use super::store::Digest;
use super::visit::{MALFORMED, StepResult, Stop, Visit};
use crate::front::prefill::Prefill;
use crate::server::Response;
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::origin::browser_origin;
use crate::vocabulary::redirect_uri::RedirectUri;
use crate::vocabulary::state::State;
use crate::vocabulary::subject::Subject;

/// How much longer than its flow a cookie is kept, so that a person who comes too late is told so.
const GRACE_SECONDS: u64 = 3600;

/// How often a state is drawn, for one whose cookie is free.
const MAX_DRAWS: usize = 8;

impl<H: Host> Visit<'_, H> {
    /// Remembers who, where and when in a sealed cookie, and goes to Stripe.
    pub(crate) async fn start(&self) -> StepResult<Response, H> {
        let return_to = self.return_to().ok_or(MALFORMED)?;
        let subject = self.same_origin_subject(Action::Start, &[("return_to", &return_to)]).await?;

        let mut start = self.host.start(self.request, &subject).await.map_err(Stop::Host)?;
        let redirect_uri = self.or_misconfigured(self.config.redirect_uri(&start, self.request))?;
        self.comes_back_to_its_site(&redirect_uri)?;
        self.prove_store().await?;
        self.prove_platform().await?;
        let (live, surplus) = self.flows();
        let (state, name) = self.state_beside(&live)?;
        let flow = Flow {
            state,
            subject: Fingerprint::of_subject(&subject),
            commitment: self.config.commitment(&redirect_uri),
            expires_at: self.now().saturating_add(self.config.flow_lifetime),
            return_to,
        };
        let cookie = self.flow_cookie(&name, &flow)?;
        let prefill = self.prefill(start.stripe_user.take(), &subject).await?;
        let url = self.or_misconfigured(self.config.authorize_url(&flow.state, &redirect_uri, &start, prefill))?;

        let response = Response::see_other(url).with_header("set-cookie", cookie);
        let to_clear = surplus.into_iter().filter(|surplus| *surplus != name);
        Ok(to_clear
            .fold(response, |response, surplus| response.with_header("set-cookie", flow_cookie::clear(surplus))))
    }

    /// The `return_to` that came with the request, else the configured one; `None` for one that leads away.
    pub(crate) fn return_to(&self) -> Option<String> {
        let query = form::query(self.request)?;
        let asked = form::field(&self.request.body, "return_to").or_else(|| form::field(query, "return_to"));
        match asked {
            Some(path) => is_return_path(&path).then(|| path.into_owned()),
            None => Some(self.config.return_to.clone()),
        }
    }

    /// Stripe sends nobody back to the cookies of another site.
    fn comes_back_to_its_site(&self, redirect_uri: &RedirectUri) -> Result<(), Outcome> {
        let ours = browser_origin(redirect_uri.as_str());
        match site_of(self.request) {
            Some(site) if site != ours => Err(self.elsewhere(&site, &ours)),
            _ => Ok(()),
        }
    }

    /// What the platform asked for, unless it can't be: then the person is told, and its developers are told what.
    fn or_misconfigured<T>(&self, asked: Result<T, ConnectError>) -> Result<T, Outcome> {
        asked.map_err(|error| self.report(Outcome::ConfigMismatch, error.message()))
    }

    /// A new state and the name of its cookie: drawn again where a flow that is under way in this browser has it, so
    /// that two tabs don't fight. With four of sixteen taken, eight draws leave one start in 65,536 to take one over.
    fn state_beside(&self, live: &[&str]) -> StepResult<(State, String), H> {
        let mut drawn = self.draw_state()?;
        for _ in 1..MAX_DRAWS {
            if !live.contains(&&*drawn.1) {
                break;
            }
            drawn = self.draw_state()?;
        }
        Ok(drawn)
    }

    fn draw_state(&self) -> StepResult<(State, String), H> {
        let state = State::from_random(self.random()?);
        let name = self.config.flow_cookies.name(&Digest::of(state.as_str()));
        Ok((state, name))
    }

    /// `Set-Cookie` with the new flow, sealed.
    fn flow_cookie(&self, name: &str, flow: &Flow) -> StepResult<String, H> {
        let sealed = self.config.flow_cookies.seal(name, flow, self.random()?).ok_or(Outcome::Refused)?;
        Ok(flow_cookie::set(name, &sealed, self.config.flow_lifetime.saturating_add(GRACE_SECONDS)))
    }

    /// What Stripe's form is filled in with: nothing, where a value is wrong, as Stripe itself would leave it. The
    /// platform hears why.
    async fn prefill(&self, of_start: Option<Prefill>, subject: &Subject) -> StepResult<Prefill, H> {
        let prefill = match of_start {
            Some(stripe_user) => stripe_user,
            None => self.host.prefill(subject).await.map_err(Stop::Host)?,
        };
        let Err(error) = prefill.check(self.config.flow) else { return Ok(prefill) };
        self.report(Outcome::Started, not_filled_in(error.message()));
        Ok(Prefill::default())
    }

    /// The cookies of the flows under way in this browser beside which one more may start; and those that no longer
    /// open, have expired, or are the oldest of too many.
    fn flows(&self) -> (Vec<&str>, Vec<&str>) {
        let cookies = &self.config.flow_cookies;
        let mut live = Vec::new();
        let mut surplus = Vec::new();
        for (name, sealed) in cookies.all(self.request) {
            match cookies.open(name, sealed) {
                Some(flow) if self.now() < flow.expires_at => live.push((flow.expires_at, name)),
                _ => surplus.push(name),
            }
        }
        live.sort_unstable();
        // One place is for the flow that starts now.
        let too_many = live.len().saturating_add(1).saturating_sub(MAX_FLOWS);
        surplus.extend(live.drain(..too_many).map(|(_, name)| name));
        (live.into_iter().map(|(_, name)| name).collect(), surplus)
    }
}
