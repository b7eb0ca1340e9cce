//! [`Handler`]: the routes, and the flow from the pressed button to the kept account.

use super::answer::{answer, json_of, method_not_allowed, not_on_a_guess, private, reply, show};
use super::config::{Config, is_return_path};
use super::confirm::{self, Action};
use super::flow_cookie::{self, Flow, MAX_FLOWS};
use super::form;
use super::host::{Host, Problem, not_filled_in};
use super::outcome::Outcome;
use super::pages;
use super::record::{Watch, unwritten};
use super::same_origin::{Asker, asker, is_speculative};
use super::store::{Claim, ClaimRecord, Connection, Digest, Store, StoreError};
use super::webhook::MAX_EVENT_BYTES;
use crate::front::callback::{AuthorizationCode, Callback, CallbackQuery, Rejection};
use crate::front::prefill::Prefill;
use crate::server::{ExchangeError, Method, Request, Response, Token, code_exchange, read_token};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::redirect_uri::RedirectUri;
use crate::vocabulary::state::State;
use crate::vocabulary::subject::Subject;
use serde::Deserialize;
use serde_json::json;

/// How long a second request for the same callback waits for the first one's result.
const WAIT_STEPS: u32 = 40;
const WAIT_STEP_MS: u32 = 250;
/// A claim older than this has lost its exchange: whoever made it is gone.
const LOST_AFTER_SECONDS: u64 = 60;
/// An exchange that took as long leaves its owner the time to end the access again before it is kept.
const SLOW_SECONDS: u64 = 2;
/// How much longer than its flow a cookie is kept, so that a person who comes too late is told so.
const GRACE_SECONDS: u64 = 3600;

/// Answers the requests under the configured prefix.
#[derive(Debug)]
pub struct Handler {
    pub(crate) config: Config,
}

/// A path of ours.
#[derive(Debug, Clone, Copy)]
enum Route {
    Start,
    Callback,
    Exchange,
    Connections,
    Disconnect,
    Account,
    Create,
    Onboard,
    Webhook,
    Result(Outcome),
}

/// What [`Handler::conclude`] did for a code, and what it made.
struct Conclusion {
    outcome: Outcome,
    connection: Option<Connection>,
}

impl From<Outcome> for Conclusion {
    fn from(outcome: Outcome) -> Conclusion {
        Conclusion { outcome, connection: None }
    }
}

/// The body of `POST /connect/exchange`.
#[derive(Deserialize)]
struct ExchangeBody {
    code: String,
    state: String,
    subject: String,
}

impl Handler {
    /// A handler for this configuration.
    pub fn new(config: Config) -> Handler {
        Handler { config }
    }

    /// Which of Stripe's flows it runs.
    #[cfg(feature = "js")]
    pub(crate) const fn flow(&self) -> crate::Flow {
        self.config.flow
    }

    /// Whether `path` is one of the handler's. Any other is the platform's own.
    pub fn serves(&self, path: &str) -> bool {
        self.route(path).is_some()
    }

    /// How many bytes the body of a request to `path` may have; `None` when the path is not the handler's. A
    /// host need not read more: it may answer a longer body with [`Handler::refuse_body`].
    pub fn body_limit(&self, path: &str) -> Option<usize> {
        Some(match self.route(path)? {
            Route::Webhook => MAX_EVENT_BYTES,
            _ => form::MAX_FORM_BYTES,
        })
    }

    /// The answer to a request whose body is longer than [`Handler::body_limit`], or not UTF-8, and so can't be
    /// handed over in `request`; `None` when its path is not ours.
    pub fn refuse_body(&self, request: &Request) -> Option<Response> {
        let malformed = Outcome::Rejected(Rejection::Malformed);
        let response = match self.route(request.path())? {
            Route::Exchange => reply(&self.config, malformed, None),
            Route::Webhook => reply(&self.config, Outcome::WebhookRejected, None),
            Route::Start => pages::page(&self.config, malformed),
            _ => answer(&self.config, request, malformed, ""),
        };
        Some(private(response))
    }

    /// Answers a request; `None` when its path is not ours. An error is the host's own, passed on.
    ///
    /// Run the future to its end, whatever becomes of the client, such as in a task of its own. One that is dropped
    /// while Stripe is at work is reported: Stripe may have connected an account then that is not kept.
    pub async fn handle<H: Host>(&self, request: &Request, host: &H) -> Result<Option<Response>, H::Error> {
        let Some(route) = self.route(request.path()) else { return Ok(None) };
        let response = match (route, request.method) {
            // A guess starts no flow, spends no code and uses no link up.
            (Route::Start | Route::Callback | Route::Onboard, Method::Get) if is_speculative(request) => {
                not_on_a_guess()
            }
            (Route::Start, Method::Get | Method::Post) => self.start(request, host).await?,
            (Route::Callback, Method::Get) => self.callback(request, host).await?,
            (Route::Exchange, Method::Post) => self.exchange(request, host).await?,
            (Route::Connections, Method::Get | Method::Head) => self.connections(request, host).await?,
            (Route::Disconnect, Method::Post) => self.disconnect(request, host).await?,
            (Route::Account, Method::Get) => self.account(request, host).await?,
            (Route::Create, Method::Post) => self.create(request, host).await?,
            (Route::Onboard, Method::Get) => self.onboard(request, host).await?,
            (Route::Webhook, Method::Post) => self.webhook(request, host).await,
            (Route::Result(outcome), Method::Get | Method::Head) => pages::page(&self.config, outcome),
            // HEAD is no callback: a link preview must not spend a code.
            (Route::Start, _) => method_not_allowed("GET, POST"),
            (Route::Callback | Route::Account | Route::Onboard, _) => method_not_allowed("GET"),
            (Route::Exchange | Route::Disconnect | Route::Create | Route::Webhook, _) => method_not_allowed("POST"),
            (Route::Connections | Route::Result(_), _) => method_not_allowed("GET, HEAD"),
        };
        Ok(Some(private(confirm::forget(request, response))))
    }

    fn route(&self, path: &str) -> Option<Route> {
        if self.config.callbacks_at(path).next().is_some() {
            return Some(Route::Callback);
        }
        let route = path.strip_prefix(&self.config.prefix)?.strip_prefix('/')?;
        match route {
            "start" => Some(Route::Start),
            "exchange" => Some(Route::Exchange),
            "connections" => Some(Route::Connections),
            "disconnect" => Some(Route::Disconnect),
            "account" => Some(Route::Account),
            "create" => self.config.deferred_accounts.then_some(Route::Create),
            "onboard" => self.config.deferred_accounts.then_some(Route::Onboard),
            // Without a secret nothing could be verified.
            "webhook" => (!self.config.webhook_secrets.is_empty()).then_some(Route::Webhook),
            _ => {
                let outcome = Outcome::parse(route.strip_prefix("result/")?)?;
                outcome.has_page().then_some(Route::Result(outcome))
            }
        }
    }

    /// The button was pressed: remember who, where and when in a sealed cookie, and go to Stripe.
    async fn start<H: Host>(&self, request: &Request, host: &H) -> Result<Response, H::Error> {
        let Some(return_to) = self.return_to(request) else {
            return Ok(pages::page(&self.config, Outcome::Rejected(Rejection::Malformed)));
        };
        let fields = [("return_to", &*return_to)];
        let subject = match self.asker(Action::Start, &fields, request, host).await? {
            Ok(subject) => subject,
            Err(response) => return Ok(response),
        };

        let mut start = host.start(request, &subject).await?;
        let redirect_uri = match self.config.redirect_uri(&start, request) {
            Ok(redirect_uri) => redirect_uri,
            Err(error) => return Ok(self.misconfigured(&error, host)),
        };

        let (mut state, mut nonce) = ([0; 32], [0; 24]);
        host.fill_random(&mut state)?;
        host.fill_random(&mut nonce)?;
        let state = State::from_random(state);
        let lifetime = self.config.flow_lifetime;
        let expires_at = host.now().saturating_add(lifetime);
        let flow = Flow::new(&state, &subject, self.commitment(&redirect_uri), expires_at, return_to);

        let name = flow_cookie::name(&Digest::of(state.as_str()));
        let Some(sealed) = self.config.keys.seal(&name, &flow, nonce) else {
            return Ok(pages::page(&self.config, Outcome::Refused));
        };
        let mut prefill = match start.stripe_user.take() {
            Some(stripe_user) => stripe_user,
            None => host.prefill(&subject).await?,
        };
        if let Err(error) = prefill.check(self.config.flow) {
            // The person finds an empty form, as Stripe leaves it when a value is wrong; the platform hears why.
            host.report(&Problem { outcome: Outcome::Started, detail: not_filled_in(error.message()) });
            prefill = Prefill::default();
        }
        let url = match self.config.authorize_url(&state, &redirect_uri, &start, prefill) {
            Ok(url) => url,
            Err(error) => return Ok(self.misconfigured(&error, host)),
        };
        let mut response = Response::see_other(url)
            .with_header("set-cookie", flow_cookie::set(&name, &sealed, lifetime.saturating_add(GRACE_SECONDS)));
        for surplus in self.surplus_flows(request, host.now()) {
            response = response.with_header("set-cookie", flow_cookie::clear(&surplus));
        }
        Ok(response)
    }

    /// The platform asked for what can't be: the person is told, and its developers are told what.
    fn misconfigured<H: Host>(&self, error: &ConnectError, host: &H) -> Response {
        let outcome = Outcome::ConfigMismatch;
        host.report(&Problem { outcome, detail: error.message().to_owned() });
        pages::page(&self.config, outcome)
    }

    /// The `return_to` that came with the request, else the configured one; `None` for one that leads away.
    pub(crate) fn return_to(&self, request: &Request) -> Option<String> {
        if !form::fits(request) {
            return None;
        }
        let asked = |form| form::field(form, "return_to");
        match asked(&request.body).or_else(|| asked(request.query())) {
            Some(path) => is_return_path(&path).then(|| path.into_owned()),
            None => Some(self.config.return_to.clone()),
        }
    }

    /// The flow cookies that no longer open, have expired, or are the oldest of too many.
    fn surplus_flows(&self, request: &Request, now: u64) -> Vec<String> {
        let mut live = Vec::new();
        let mut surplus = Vec::new();
        for (name, sealed) in flow_cookie::all(request.header("cookie").unwrap_or("")) {
            match self.config.keys.open(name, sealed) {
                Some(flow) if now < flow.expires_at => live.push((flow.expires_at, name.to_owned())),
                _ => surplus.push(name.to_owned()),
            }
        }
        live.sort_unstable();
        // One place is for the flow that starts now.
        let too_many = live.len().saturating_add(1).saturating_sub(MAX_FLOWS);
        surplus.extend(live.into_iter().take(too_many).map(|(_, name)| name));
        surplus
    }

    /// What a flow commits to, so that a callback can't end under another configuration (RFC 9700 §4.4). A
    /// digest, so that the cookie stays small.
    fn commitment(&self, redirect_uri: &RedirectUri) -> String {
        let config = &self.config;
        let livemode = if config.secret_key.livemode().as_bool() { "live" } else { "test" };
        let parts = [
            config.base.connect(),
            config.flow.as_str(),
            livemode,
            config.client_id().as_str(),
            redirect_uri.as_str(),
        ];
        Digest::of(&parts.join(" ")).as_str().to_owned()
    }

    /// Stripe sent the browser back.
    async fn callback<H: Host>(&self, request: &Request, host: &H) -> Result<Response, H::Error> {
        let query = CallbackQuery::read(&["?", request.query()].concat());
        let Some(subject) = host.identify(request).await? else {
            return Ok(pages::page(&self.config, Outcome::NotSignedIn));
        };
        let Some(state) = query.state() else {
            return Ok(show(&self.config, outcome_without_flow(&query, Rejection::StateMissing)));
        };
        let id = Digest::of(state);
        let name = flow_cookie::name(&id);
        let sealed =
            flow_cookie::all(request.header("cookie").unwrap_or("")).find(|(candidate, _)| *candidate == name);
        let flow = sealed.and_then(|(_, sealed)| self.config.keys.open(&name, sealed));
        let Some((flow, state)) = flow.and_then(|flow| flow.state().map(|state| (flow, state))) else {
            let outcome = self.repeated(&query, &id, &subject, host).await;
            return Ok(match outcome {
                Outcome::Connected => Response::see_other(self.config.return_to.clone()),
                outcome if outcome.asks_to_reload() => pages::page(&self.config, outcome),
                outcome => show(&self.config, outcome),
            });
        };

        let outcome = self.finish(request, &query, &flow, &state, &subject, host).await?;
        if outcome.asks_to_reload() {
            // The cookie stays: reloading this very page can still finish.
            return Ok(pages::page(&self.config, outcome));
        }
        let response = match outcome {
            Outcome::Connected => Response::see_other(flow.return_to),
            outcome => show(&self.config, outcome),
        };
        Ok(response.with_header("set-cookie", flow_cookie::clear(&name)))
    }

    /// The callback of a flow this browser started: same configuration, in time, same user, once.
    async fn finish<H: Host>(
        &self,
        request: &Request,
        query: &CallbackQuery,
        flow: &Flow,
        state: &State,
        subject: &Subject,
        host: &H,
    ) -> Result<Outcome, H::Error> {
        let id = Digest::of(state.as_str());
        let callback = query.verify(state);
        if !flow.belongs_to(subject) {
            self.burn(callback, &id, subject, host).await;
            return Ok(Outcome::Rejected(Rejection::AnotherSubject));
        }
        let is_committed = |uri: &RedirectUri| flow.commitment == self.commitment(uri);
        if !self.config.callbacks_at(request.path()).any(is_committed) {
            let detail = "the flow was started under another client_id, mode, redirect_uri or base".to_owned();
            host.report(&Problem { outcome: Outcome::ConfigMismatch, detail });
            return Ok(Outcome::ConfigMismatch);
        }
        if host.now() >= flow.expires_at {
            return Ok(Outcome::Rejected(Rejection::Expired));
        }
        Ok(match callback {
            Callback::Authorized(authorized) => {
                self.conclude(&id, authorized.into_code(), subject, host).await?.outcome
            }
            Callback::Denied { .. } => Outcome::Denied,
            Callback::Failed { error, .. } => {
                host.report(&Problem {
                    outcome: Outcome::Failed,
                    detail: ["Stripe sent the error ", &error].concat(),
                });
                Outcome::Failed
            }
            Callback::Rejected(rejection) => Outcome::Rejected(rejection),
            Callback::None => Outcome::Rejected(Rejection::Malformed),
        })
    }

    /// A code that came back to the wrong user is claimed and never sent, so that nobody who shares the
    /// browser can use it later.
    async fn burn<H: Host>(&self, callback: Callback, id: &Digest, subject: &Subject, host: &H) {
        let Callback::Authorized(authorized) = callback else { return };
        let refused = Outcome::Rejected(Rejection::AnotherSubject);
        let claim = claim(id, &authorized.into_code(), subject, host.now());
        let burnt = match host.store().claim(&claim).await {
            Ok(None) => self.settle(id, refused, None, host).await,
            Ok(Some(_)) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = burnt {
            report_store(host, refused, &error);
        }
    }

    /// A callback without its cookie: the same one again, or one that this browser did not start.
    async fn repeated<H: Host>(&self, query: &CallbackQuery, id: &Digest, subject: &Subject, host: &H) -> Outcome {
        let record = match host.store().claimed(id).await {
            Ok(record) => record,
            Err(error) => return report_store(host, Outcome::StoreUnavailable, &error),
        };
        match (record, query.unverified_code()) {
            (Some(record), Some(code)) if is_repeat(&record, &Digest::of(code), subject) => {
                self.await_result(record, host).await
            }
            _ => outcome_without_flow(query, Rejection::NotStarted),
        }
    }

    /// The page style's exchange: the browser has checked the state and says for whom.
    async fn exchange<H: Host>(&self, request: &Request, host: &H) -> Result<Response, H::Error> {
        // A page of another site can't send JSON before it has asked for leave (CORS), which it does under its
        // origin and which it gets from nobody here. So where no header came at all, it is our own page's.
        let asker = asker(request, |origin| self.config.is_own_origin(origin));
        if !matches!(asker, Asker::OwnPage | Asker::Unsaid) {
            return Ok(reply(&self.config, Outcome::CrossSite, None));
        }
        let Some(subject) = host.identify(request).await? else {
            return Ok(reply(&self.config, Outcome::NotSignedIn, None));
        };
        let Some((state, code, claimed_subject)) = exchange_body(request) else {
            return Ok(reply(&self.config, Outcome::Rejected(Rejection::Malformed), None));
        };
        let id = Digest::of(state.as_str());
        if claimed_subject != subject.as_str() {
            return Ok(reply(&self.config, Outcome::Rejected(Rejection::AnotherSubject), None));
        }
        let Conclusion { outcome, connection } = self.conclude(&id, code, &subject, host).await?;
        Ok(reply(&self.config, outcome, connection.as_ref()))
    }

    /// Claims the code, sends it to Stripe once, and keeps what came of it.
    async fn conclude<H: Host>(
        &self,
        id: &Digest,
        code: AuthorizationCode,
        subject: &Subject,
        host: &H,
    ) -> Result<Conclusion, H::Error> {
        // Drawn while nothing can be lost by it.
        let mut nonce = [0; 24];
        host.fill_random(&mut nonce)?;
        let claim = claim(id, &code, subject, host.now());
        match host.store().claim(&claim).await {
            Ok(None) => {}
            Ok(Some(record)) if is_repeat(&record, &claim.code, subject) && record.claim.flow == *id => {
                return Ok(self.await_result(record, host).await.into());
            }
            Ok(Some(_)) => return Ok(Outcome::Rejected(Rejection::AlreadyUsed).into()),
            Err(error) => return Ok(report_store(host, Outcome::StoreUnavailable, &error).into()),
        }
        let watch =
            Watch::over(host, Outcome::Unknown, &["the exchange for the subject ", subject.as_str()].concat());
        // Access that its owner ends while Stripe is at work ends this connection, and none before it.
        let connected_at = host.now();
        let conclusion = match self.send_once(code, host).await {
            Ok((token, request_id)) => {
                let connection = Connection {
                    subject: subject.clone(),
                    refresh_token: self.sealed_refresh_token(&token, nonce, host),
                    account_id: token.stripe_user_id,
                    livemode: token.livemode,
                    scope: token.scope,
                    connected_at,
                    disconnected_at: None,
                };
                self.keep(id, connection, request_id.as_deref(), host).await
            }
            Err(error) => {
                let outcome = Outcome::from(&error);
                host.report(&Problem { outcome, detail: format!("{error}; the subject is {}", subject.as_str()) });
                self.settle_failed(id, outcome, host).await;
                outcome.into()
            }
        };
        watch.done();
        Ok(conclusion)
    }

    /// The answer to the code, with Stripe's id for the request.
    async fn send_once<H: Host>(
        &self,
        code: AuthorizationCode,
        host: &H,
    ) -> Result<(Token, Option<String>), ExchangeError> {
        let Config { base, secret_key: key, flow, assert_capabilities, .. } = &self.config;
        let request = code_exchange(base, key, *flow, code, assert_capabilities);
        let reply = host.send(request).await.ok_or_else(ExchangeError::no_answer)?;
        Ok((read_token(&reply, key.livemode())?, reply.request_id()))
    }

    async fn keep<H: Host>(
        &self,
        id: &Digest,
        connection: Connection,
        request_id: Option<&str>,
        host: &H,
    ) -> Conclusion {
        if let Err(error) = self.settle(id, Outcome::Connected, Some(&connection), host).await {
            let detail = unwritten("is connected", &connection, request_id, &error);
            host.report(&Problem { outcome: Outcome::NotSaved, detail });
            return Outcome::NotSaved.into();
        }
        // An ending that came in before there was anything to end has ended nothing.
        let took = host.now().saturating_sub(connection.connected_at);
        if took >= SLOW_SECONDS && self.has_ended(&connection, host).await {
            return Outcome::Revoked.into();
        }
        Conclusion { outcome: Outcome::Connected, connection: Some(connection) }
    }

    /// The refresh token for the store, where the platform keeps them. A connection without it is still one.
    fn sealed_refresh_token<H: Host>(&self, token: &Token, nonce: [u8; 24], host: &H) -> Option<String> {
        let (keys, refresh_token) = (self.config.refresh_token_keys.as_ref()?, token.refresh_token.as_ref()?);
        let sealed = keys.seal(refresh_token, &token.stripe_user_id, token.livemode, nonce);
        sealed
            .map_err(|error| host.report(&Problem { outcome: Outcome::Connected, detail: error.to_string() }))
            .ok()
    }

    /// The result of a claim that another request made, once it is there.
    pub(crate) async fn await_result<H: Host>(&self, mut record: ClaimRecord, host: &H) -> Outcome {
        for _ in 0..WAIT_STEPS {
            if let Some(outcome) = record.outcome {
                return outcome;
            }
            if host.now() >= record.claim.claimed_at.saturating_add(LOST_AFTER_SECONDS) {
                return Outcome::Unknown;
            }
            host.sleep(WAIT_STEP_MS).await;
            record = match host.store().claimed(&record.claim.flow).await {
                Ok(Some(record)) => record,
                Ok(None) => return Outcome::Unknown,
                Err(error) => return report_store(host, Outcome::StoreUnavailable, &error),
            };
        }
        Outcome::StillWorking
    }

    /// The signed-in subject's connections, live and ended, without any secret.
    async fn connections<H: Host>(&self, request: &Request, host: &H) -> Result<Response, H::Error> {
        let Some(subject) = host.identify(request).await? else {
            return Ok(reply(&self.config, Outcome::NotSignedIn, None));
        };
        let store = host.store();
        let lists = async { Ok((store.connections(&subject).await?, store.disconnected(&subject).await?)) };
        Ok(match lists.await {
            Ok((live, ended)) => {
                let views = |kept: &[Connection]| kept.iter().map(Connection::view).collect::<Vec<_>>();
                json_of(200, &json!({ "connections": views(&live), "disconnected": views(&ended) }))
            }
            Err(error) => reply(&self.config, report_store(host, Outcome::StoreUnavailable, &error), None),
        })
    }
}

fn claim(flow: &Digest, code: &AuthorizationCode, subject: &Subject, now: u64) -> Claim {
    Claim { flow: flow.clone(), code: Digest::of(code.as_str()), subject: subject.clone(), claimed_at: now }
}

/// Whether the claim in the way is this very callback's own, made by the same user.
fn is_repeat(record: &ClaimRecord, code: &Digest, subject: &Subject) -> bool {
    record.claim.code == *code && record.claim.subject == *subject
}

fn outcome_without_flow(query: &CallbackQuery, reason: Rejection) -> Outcome {
    match query.unmatched(reason) {
        Callback::Denied { .. } => Outcome::Denied,
        Callback::Rejected(rejection) => Outcome::Rejected(rejection),
        _ => Outcome::Rejected(Rejection::Malformed),
    }
}

fn exchange_body(request: &Request) -> Option<(State, AuthorizationCode, String)> {
    // A form on another site can't send this type.
    let is_json = request.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    if !is_json || request.body.len() > form::MAX_FORM_BYTES {
        return None;
    }
    let body: ExchangeBody = serde_json::from_str(&request.body).ok()?;
    Some((State::parse(&body.state).ok()?, AuthorizationCode::read(&body.code)?, body.subject))
}

/// The outcome, after the store's failure was reported.
pub(crate) fn report_store<H: Host>(host: &H, outcome: Outcome, error: &StoreError) -> Outcome {
    host.report(&Problem { outcome, detail: error.to_string() });
    outcome
}
