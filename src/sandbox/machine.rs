//! [`Sandbox`]: the state machine. What comes in is found an endpoint, goes wrong as was asked for, is answered, told to
//! platforms, and noted.

use super::account::SandboxAccount;
use super::api::Api;
use super::authorize::AuthorizeRequest;
use super::call::Call;
use super::clock::Clock;
use super::endpoint::{Endpoint, check};
use super::event::{Cause, events};
use super::fault::{Fault, FaultRule};
use super::fault::{Faults, Trouble};
use super::idempotency::{Keyed, Replays};
use super::ledger::Ledger;
use super::platform::SandboxPlatform;
use super::refusal::Refusal;
use super::request_log::{RequestEntry, RequestLog};
use super::seed::Seed;
use super::token::TokenRequest;
use super::webhook::Webhooks;
use super::{authorize, credentials, dashboard, deauthorize, pages, setup};
use crate::server::{Method, Request, Response};
use std::fmt;

/// A stand-in for Stripe: its platforms, accounts, codes, connections, events, and a log of requests.
///
/// ```
/// use stripe_connect_oauth::sandbox::{Sandbox, SandboxPlatform};
/// use stripe_connect_oauth::server::{Method, Request, SecretKey, read_account, retrieve_account};
/// use stripe_connect_oauth::{AccountId, ClientId, ConnectBase, RedirectUri};
///
/// let key = SecretKey::parse("sk_test_123")?;
/// let callback = RedirectUri::parse("https://shop.example/connect/callback", None)?;
/// let mut sandbox = Sandbox::new(SandboxPlatform::new(ClientId::parse("ca_1")?, callback, key.clone()));
/// let (now, random) = (1_700_000_000, [7; 32]);
///
/// // An account is connected, as if its owner had agreed long ago.
/// let connect = Request {
///     method: Method::Post,
///     url: "http://localhost:12111/_sandbox/connections".to_owned(),
///     headers: Vec::new(),
///     body: br#"{"stripe_user_id": "acct_1SandboxBakery01"}"#.to_vec(),
/// };
/// assert_eq!(sandbox.handle(&connect, now, random).status, 200);
///
/// // So the platform can look at it.
/// let base = ConnectBase::stand_in("http://localhost:12111")?;
/// let request = retrieve_account(&base, &key, &AccountId::parse("acct_1SandboxBakery01")?);
/// let account = read_account(&sandbox.handle(&request, now, random))?;
/// assert!(account.charges_enabled);
///
/// sandbox.reset();
/// assert!(read_account(&sandbox.handle(&request, now, random)).is_err(), "nothing is connected any more");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Sandbox {
    /// Those that a reset leaves, then those that a control has added.
    pub(super) platforms: Vec<SandboxPlatform>,
    pub(super) registered: usize,
    /// The accounts and faults that a reset brings back.
    pub(super) accounts: Vec<SandboxAccount>,
    pub(super) standing_faults: Vec<FaultRule>,
    pub(super) clock: Clock,
    pub(super) ledger: Ledger,
    pub(super) replays: Replays,
    pub(super) webhooks: Webhooks,
    pub(super) faults: Faults,
    pub(super) log: RequestLog,
    pub(super) served: u64,
}

impl Sandbox {
    /// A sandbox where one platform is registered.
    pub fn new(platform: SandboxPlatform) -> Sandbox {
        Sandbox {
            platforms: vec![platform],
            registered: 1,
            accounts: Vec::new(),
            standing_faults: Vec::new(),
            clock: Clock::default(),
            ledger: Ledger::new(),
            replays: Replays::default(),
            webhooks: Webhooks::default(),
            faults: Faults::default(),
            log: RequestLog::default(),
            served: 0,
        }
    }

    /// Registers another platform, whose codes do not belong to the first.
    ///
    /// ```
    /// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
    /// # use example::*;
    /// # let now = 1_700_000_000;
    /// # let mut sandbox = connected(now)?;
    /// sandbox.register(platform("ca_2")?);
    /// let consent = get("/oauth/authorize?response_type=code&client_id=ca_2");
    /// assert_eq!(sandbox.handle(&consent, now, [7; 32]).status, 200);
    /// # Ok::<(), ConnectError>(())
    /// ```
    pub fn register(&mut self, platform: SandboxPlatform) {
        self.platforms.insert(self.registered.min(self.platforms.len()), platform);
        self.registered = self.registered.saturating_add(1);
    }

    /// Adds an account to begin with; one of the same id gives way.
    ///
    /// ```
    /// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
    /// # use example::*;
    /// # let now = 1_700_000_000;
    /// # let mut sandbox = connected(now)?;
    /// use stripe_connect_oauth::AccountId;
    /// use stripe_connect_oauth::sandbox::{AccountState, SandboxAccount};
    ///
    /// let account = SandboxAccount::new(AccountId::parse("acct_1Corner")?);
    /// sandbox.add_account(SandboxAccount { state: AccountState::Restricted, ..account });
    /// # assert!(sandbox.handle(&get("/dashboard"), now, [7; 32]).body.contains("acct_1Corner"));
    /// # Ok::<(), ConnectError>(())
    /// ```
    pub fn add_account(&mut self, account: SandboxAccount) {
        self.ledger.seed_account(&account);
        self.accounts.push(account);
    }

    /// Moves the sandbox's time forward, ahead of the host's.
    ///
    /// ```
    /// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
    /// # use example::*;
    /// # let now = 1_700_000_000;
    /// # let mut sandbox = connected(now)?;
    /// sandbox.advance(301); // a code that was given out before has expired now
    /// # assert!(sandbox.handle(&get("/_sandbox/clock"), now, [7; 32]).body.contains("1700000301"));
    /// # Ok::<(), ConnectError>(())
    /// ```
    pub fn advance(&mut self, seconds: u64) {
        self.clock.advance(seconds);
    }

    /// Has something go wrong from now on.
    ///
    /// ```
    /// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
    /// # use example::*;
    /// # let now = 1_700_000_000;
    /// # let mut sandbox = connected(now)?;
    /// use stripe_connect_oauth::sandbox::{Fault, FaultRule};
    ///
    /// sandbox.add_fault(FaultRule { times: Some(1), ..FaultRule::new(Fault::ResetBefore) });
    /// let request = post("/oauth/token", "");
    /// assert!(sandbox.serve(&request, now, [7; 32]).response.is_none(), "close the connection");
    /// assert!(sandbox.serve(&request, now, [7; 32]).response.is_some());
    /// # Ok::<(), ConnectError>(())
    /// ```
    pub fn add_fault(&mut self, rule: FaultRule) {
        self.standing_faults.push(rule.clone());
        self.faults.add(rule);
    }

    /// Forgets everything but the registrations, and the accounts and faults that were added from Rust. The
    /// time is the host's again, and the same requests with the same bytes get the same answers as at first.
    pub fn reset(&mut self) {
        self.platforms.truncate(self.registered);
        self.ledger = Ledger::new();
        self.accounts.iter().for_each(|account| self.ledger.seed_account(account));
        self.clock = Clock::default();
        self.replays = Replays::default();
        self.webhooks.reset();
        self.faults.clear();
        self.standing_faults.iter().for_each(|rule| self.faults.add(rule.clone()));
        self.log = RequestLog::default();
        self.served = 0;
    }

    /// Answers one request. `now` is in Unix seconds; `random` becomes the ids that this request makes.
    ///
    /// It is [`Sandbox::serve`] for a host that can neither wait nor hang up: a delay is passed over, and a lost
    /// connection is an empty 502.
    pub fn handle(&mut self, request: &Request, now: u64, random: [u8; 32]) -> Response {
        let lost = || Response { status: 502, headers: Vec::new(), body: String::new() };
        self.serve(request, now, random).response.unwrap_or_else(lost)
    }

    /// Answers one request, with the faults that were asked for.
    ///
    /// ```
    /// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
    /// # use example::*;
    /// # let now = 1_700_000_000;
    /// # let mut sandbox = connected(now)?;
    /// use stripe_connect_oauth::sandbox::{Fault, FaultRule};
    ///
    /// sandbox.add_fault(FaultRule { milliseconds: 3000, ..FaultRule::new(Fault::Delay) });
    /// let served = sandbox.serve(&post("/oauth/token", ""), now, [7; 32]);
    /// assert_eq!((served.milliseconds, served.response.is_some()), (3000, true));
    /// # Ok::<(), ConnectError>(())
    /// ```
    pub fn serve(&mut self, request: &Request, now: u64, random: [u8; 32]) -> Served {
        let mut seed = Seed::new(random, self.served);
        self.served = self.served.wrapping_add(1);
        let request_id = seed.id("req_", 14);
        let mut call = Call { request, request_id, now: self.clock.now(now), host_now: now, seed };
        let Served { milliseconds, response } = self.route(&mut call);
        let finish = |response: Response| {
            let mut response = response
                .with_header("request-id", &*call.request_id)
                .with_header("cache-control", "no-store")
                // Not `no-referrer`: a browser without Sec-Fetch-Site would send its forms with `Origin: null`.
                .with_header("referrer-policy", "strict-origin")
                .with_header("x-content-type-options", "nosniff");
            if request.method == Method::Head {
                response.body.clear();
            }
            response
        };
        Served { milliseconds, response: response.map(finish) }
    }

    fn route(&mut self, call: &mut Call<'_>) -> Served {
        let request = call.request;
        let endpoint = Endpoint::at(request.path());
        let is_call = endpoint.is_some_and(Endpoint::is_called_by_platforms);
        let trouble = match endpoint {
            // What asks for faults, and looks at what they did, is spared.
            Some(endpoint) if !endpoint.is_logged() => Trouble::default(),
            _ => self.faults.trigger(request, endpoint, &mut call.seed),
        };
        let failing = self.failing(endpoint, &trouble, call);
        let (served, error) = self.carry_out(endpoint, &trouble, call);
        if let (Some(keyed), Some(failure)) = (failing, &served.response) {
            self.replays.keep(keyed, failure, &call.request_id, call.now);
        }
        self.send_events(is_call, call);
        if endpoint.is_none_or(Endpoint::is_logged) {
            let entry = RequestEntry {
                status: served.response.as_ref().map_or(0, |response| response.status),
                error,
                fault: trouble.name(),
                ..RequestEntry::new(request, &call.request_id, call.now)
            };
            if let Some(Endpoint::Token { .. }) = endpoint {
                self.log.note_token_request(request, &entry);
            }
            self.log.note(entry);
        }
        served
    }

    /// What a failure of Stripe's own is kept under, as any other answer to an idempotency key is.
    fn failing<'r>(
        &mut self,
        endpoint: Option<Endpoint<'_>>,
        trouble: &Trouble,
        call: &mut Call<'r>,
    ) -> Option<Keyed<'r>> {
        let fails = trouble.fault.is_some_and(|(fault, _)| fault.is_kept()) && endpoint == Some(Endpoint::Api);
        let Sandbox { platforms, ledger, replays, .. } = self;
        let Call { request, request_id, now, seed, .. } = call;
        let request: &'r Request = request;
        fails.then(|| Api { platforms, ledger, replays, request_id, now: *now, seed }.unanswered(request)).flatten()
    }

    /// The answer, and the name of its error, with what goes wrong with it.
    fn carry_out(
        &mut self,
        endpoint: Option<Endpoint<'_>>,
        trouble: &Trouble,
        call: &mut Call<'_>,
    ) -> (Served, Option<&'static str>) {
        let request = call.request;
        let milliseconds = trouble.milliseconds;
        let version = credentials::version(request, &self.platforms).unwrap_or_default();
        let headed = |response: Response| match endpoint {
            // What is no JSON is not the API's: a gateway's page, a redirect.
            Some(Endpoint::Api) if response.header("content-type").is_some_and(|kind| kind.contains("json")) => {
                response.with_header("stripe-version", version.as_str())
            }
            _ => response,
        };
        let instead = trouble.fault.and_then(|(fault, _)| fault.instead(request.origin())).map(headed);
        if trouble.is_before_the_effect() {
            return (Served { milliseconds, response: instead }, None);
        }
        let answer = match endpoint {
            Some(endpoint) => check(request, endpoint).and_then(|()| self.answer(endpoint, call)),
            None => Err(Refusal::unrecognized(request.method.as_str(), request.path())),
        };
        let error = answer.as_ref().err().map(Refusal::error);
        let response = headed(answer.unwrap_or_else(|refusal| refusal.response()));
        let response = match trouble.fault {
            None => Some(response),
            Some((Fault::ResetAfter, _)) => None,
            Some((fault, _)) => instead.or_else(|| Some(fault.corrupt(response))),
        };
        (Served { milliseconds, response }, error)
    }

    fn answer(&mut self, endpoint: Endpoint<'_>, call: &mut Call<'_>) -> Result<Response, Refusal> {
        if let Endpoint::Control(control) = endpoint {
            return self.control(control, call);
        }
        let Sandbox { platforms, ledger, replays, .. } = self;
        let Call { request, request_id, now, seed, .. } = call;
        let now = *now;
        match endpoint {
            Endpoint::Authorize(path) => {
                let asked = AuthorizeRequest::read(path, request.query(), platforms)?;
                match request.method {
                    Method::Post => authorize::decide(&asked, &request.body, ledger, now, seed),
                    _ => {
                        let accounts = ledger.accounts_to_connect(asked.platform, asked.flow);
                        Ok(pages::consent(&asked, request.query(), &accounts))
                    }
                }
            }
            Endpoint::Token { is_app } => TokenRequest { is_app, platforms, ledger, now, seed }.answer(request),
            Endpoint::Deauthorize => deauthorize::deauthorize(request, platforms, ledger, now),
            Endpoint::Api => Api { platforms, ledger, replays, request_id, now, seed }.answer(request),
            Endpoint::Setup { account, key } => setup::setup(request, account, key, ledger, now),
            Endpoint::Dashboard { account } => dashboard::dashboard(request, account, platforms, ledger, now),
            Endpoint::Dashboards => Ok(pages::accounts(ledger.accounts())),
            Endpoint::Style => Ok(pages::style()),
            Endpoint::Index | Endpoint::Control(_) => Ok(pages::index(platforms)),
        }
    }

    /// Makes events of what has happened, and sends them on their way.
    fn send_events(&mut self, is_call: bool, call: &mut Call<'_>) {
        let cause = Cause {
            request_id: is_call.then_some(&*call.request_id),
            idempotency_key: call.request.header("idempotency-key").filter(|_| is_call),
            now: call.now,
        };
        for happening in self.ledger.take_happenings() {
            for event in events(&happening, &cause, &self.platforms, &self.ledger, &mut call.seed) {
                self.webhooks.announce(event, call.now);
            }
        }
    }
}

/// What the host does with a request.
///
/// ```
/// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
/// # use example::*;
/// # let now = 1_700_000_000;
/// # let mut sandbox = connected(now)?;
/// use stripe_connect_oauth::sandbox::Served;
///
/// let Served { milliseconds, response } = sandbox.serve(&post("/oauth/token", ""), now, [7; 32]);
/// // Wait for so long, then send the response; or without one, close the connection.
/// assert_eq!((milliseconds, response.map(|response| response.status)), (0, Some(401)));
/// # Ok::<(), ConnectError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Served {
    /// How long to wait before the answer, in milliseconds.
    pub milliseconds: u32,
    /// The answer; `None`: close the connection without one.
    pub response: Option<Response>,
}

impl fmt::Debug for Sandbox {
    /// The codes stay out of sight.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("platforms", &self.platforms).finish_non_exhaustive()
    }
}
