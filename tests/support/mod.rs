//! A small world to tell stories in: a shop with the handler, Stripe's stand-in, and people's browsers.
//!
//! The clock, the store and the wire to Stripe are simulated, so a test says what fails and when. What
//! must hold for every response is asserted where every response passes: in [`Browser`].

// Each test file takes what it needs.
#![allow(dead_code)]

pub(crate) mod bypasses;
mod cells;

use cells::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use stripe_connect_oauth::edge::{
    Claim, ClaimRecord, Config, ConfigBuilder, Connection, Digest, EventError, EventProgress, Handler, Host,
    MemoryStore, Outcome, Problem, Start, Store, StoreError,
};
use stripe_connect_oauth::sandbox::{FaultRule, Sandbox, SandboxPlatform};
use stripe_connect_oauth::server::{
    Event, Method, Request, Response, SecretKey, TokenScope, WebhookSecret, sign_webhook,
};
use stripe_connect_oauth::{
    AccountId, ClientId, ConnectBase, ConnectError, Flow, Livemode, Prefill, PrefillField, RedirectUri, Scope,
    Subject,
};
use url::Url;

pub(crate) const SHOP: &str = "https://shop.example";
pub(crate) const STRIPE: &str = "http://localhost:12111";
pub(crate) const SECRET_KEY: &str = "sk_test_canary0001";
pub(crate) const LIVE_KEY: &str = "sk_live_canary0002";
/// Of another platform that is registered at Stripe.
pub(crate) const OTHERS_KEY: &str = "sk_test_canary0008";
pub(crate) const COOKIE_SECRET: &str = "canary: thirty-two characters or more";
pub(crate) const WEBHOOK_SECRET: &str = "whsec_canary0003";
pub(crate) const ACCOUNT: &str = "acct_1SandboxBakery01";
/// The redirect URIs that Stripe knows of.
const REGISTERED: [&str; 5] = [
    "https://shop.example/connect/callback",
    "https://shop.example/pay/stripe/callback",
    "https://shop.example/sellers/stripe?from=stripe",
    "https://shop.example/couriers/stripe",
    "https://market.example/connect/callback",
];
/// A session that makes the platform's own `identify` fail.
pub(crate) const BROKEN_SESSION: &str = "broken";
pub(crate) const START: u64 = 1_700_000_000;

/// No response, page, report or log may ever hold one of these.
const CANARIES: [&str; 2] = ["canary", "<script"];

/// What a shop with these pages tells the handler.
pub(crate) fn settings() -> ConfigBuilder {
    ConfigBuilder {
        client_id: "ca_shop".into(),
        secret_key: SECRET_KEY.into(),
        redirect_uri: format!("{SHOP}/connect/callback").into(),
        cookie_secrets: vec![COOKIE_SECRET.to_owned()],
        base: ConnectBase::stand_in(STRIPE).unwrap(),
        webhook_secrets: vec![WEBHOOK_SECRET.into()],
        scope: Some(Scope::ReadWrite),
        deferred_accounts: true,
        platform_name: "The <Shop>".to_owned(),
        return_to: "/home".to_owned(),
        ..ConfigBuilder::default()
    }
}

/// How the wire to Stripe, and Stripe, behave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wire {
    Works,
    /// Stripe hears the request, and its answer is lost.
    LosesTheAnswer,
    /// The request waits until the wire works again.
    Holds,
    /// Stripe hears the request, and its answer waits until the wire works again.
    HoldsTheAnswer,
    Redirects,
    BadGateway,
    AnswersLive,
}

/// How the platform's own hook behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hook {
    Works,
    Fails,
    /// It waits until it works again.
    Holds,
}

/// A store that can be down.
#[derive(Default)]
pub(crate) struct FaultyStore {
    pub(crate) inner: MemoryStore,
    pub(crate) down: Cell<bool>,
    pub(crate) down_to_settle: Cell<bool>,
    /// How many times it fails to write, before it works again.
    pub(crate) failures_to_write: Cell<u32>,
    pub(crate) down_to_disconnect: Cell<bool>,
    pub(crate) down_to_begin_event: Cell<bool>,
    pub(crate) down_to_finish_event: Cell<bool>,
}

impl FaultyStore {
    fn check(&self, down: &Cell<bool>) -> Result<(), StoreError> {
        if down.get() { Err(StoreError("the disk is full".to_owned())) } else { Ok(()) }
    }

    fn fail_to_write(&self) -> Result<(), StoreError> {
        let left = self.failures_to_write.get();
        self.failures_to_write.set(left.saturating_sub(1));
        if left > 0 { Err(StoreError("the disk is full".to_owned())) } else { Ok(()) }
    }
}

impl Store for FaultyStore {
    async fn claim(&self, claim: &Claim) -> Result<Option<ClaimRecord>, StoreError> {
        self.check(&self.down)?;
        self.inner.claim(claim).await
    }

    async fn claimed(&self, flow: &Digest) -> Result<Option<ClaimRecord>, StoreError> {
        self.check(&self.down)?;
        self.inner.claimed(flow).await
    }

    async fn settle(
        &self,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> Result<(), StoreError> {
        self.check(&self.down)?;
        self.check(&self.down_to_settle)?;
        self.fail_to_write()?;
        self.inner.settle(flow, outcome, connection).await
    }

    async fn connections(&self, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        self.check(&self.down)?;
        self.inner.connections(subject).await
    }

    async fn disconnected(&self, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        self.check(&self.down)?;
        self.inner.disconnected(subject).await
    }

    async fn disconnect(&self, account_id: &AccountId, livemode: Livemode, at: u64) -> Result<(), StoreError> {
        self.check(&self.down)?;
        self.check(&self.down_to_disconnect)?;
        self.fail_to_write()?;
        self.inner.disconnect(account_id, livemode, at).await
    }

    async fn begin_event(&self, id: &str, now: u64) -> Result<EventProgress, StoreError> {
        self.check(&self.down)?;
        self.check(&self.down_to_begin_event)?;
        self.inner.begin_event(id, now).await
    }

    async fn finish_event(&self, id: &str) -> Result<(), StoreError> {
        self.check(&self.down)?;
        self.check(&self.down_to_finish_event)?;
        self.inner.finish_event(id).await
    }
}

/// Everything around the handler.
pub(crate) struct World {
    pub(crate) store: FaultyStore,
    pub(crate) wire: Cell<Wire>,
    /// Requests that left for Stripe.
    pub(crate) sent: RefCell<Vec<Request>>,
    /// What Stripe answers next, before its stand-in is asked again; `None` is an answer that is lost.
    pub(crate) script: RefCell<VecDeque<Option<Response>>>,
    pub(crate) reports: RefCell<Vec<Problem>>,
    /// The events the platform's own hook heard of, as kind and account.
    pub(crate) heard: RefCell<Vec<(String, Option<String>)>>,
    pub(crate) hook: Cell<Hook>,
    /// What the platform says of each user's start.
    pub(crate) starts: RefCell<BTreeMap<String, Start>>,
    stripe: RefCell<Sandbox>,
    milliseconds: Cell<u64>,
    random: Cell<u64>,
}

impl World {
    /// The shop is registered at Stripe for these flows: of Connect's, or as an app.
    fn registered_for(flows: Vec<Flow>) -> World {
        let mut stripe = Sandbox::new(SandboxPlatform {
            client_id: ClientId::parse("ca_shop").unwrap(),
            live_client_id: None,
            flows,
            name: "The Shop".to_owned(),
            redirect_uris: REGISTERED.map(|uri| RedirectUri::parse(uri, None).unwrap()).to_vec(),
            livemode: Livemode::Test,
            secret_keys: [SECRET_KEY, LIVE_KEY].map(|key| SecretKey::parse(key).unwrap()).to_vec(),
        });
        stripe.register(SandboxPlatform::new(
            ClientId::parse("ca_theOther").unwrap(),
            RedirectUri::parse("https://other.example/callback", None).unwrap(),
            SecretKey::parse(OTHERS_KEY).unwrap(),
        ));
        World {
            store: FaultyStore::default(),
            wire: Cell::new(Wire::Works),
            sent: RefCell::default(),
            script: RefCell::default(),
            heard: RefCell::default(),
            hook: Cell::new(Hook::Works),
            starts: RefCell::default(),
            reports: RefCell::default(),
            stripe: RefCell::new(stripe),
            milliseconds: Cell::new(START * 1000),
            random: Cell::new(1),
        }
    }

    fn at_stripe(&self, request: &Request) -> Response {
        self.stripe.borrow_mut().handle(request, self.now(), [9; 32])
    }
}

impl Host for World {
    type Error = ();
    type Store = FaultyStore;

    fn store(&self) -> &FaultyStore {
        &self.store
    }

    fn now(&self) -> u64 {
        self.milliseconds.get() / 1000
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), ()> {
        for byte in bytes {
            // xorshift64: different every time, the same in every run.
            let mut bits = self.random.get();
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            self.random.set(bits);
            *byte = bits.to_le_bytes()[3];
        }
        Ok(())
    }

    async fn send(&self, request: Request) -> Option<Response> {
        self.sent.borrow_mut().push(request.clone());
        while self.wire.get() == Wire::Holds {
            step().await;
        }
        if let Some(scripted) = self.script.borrow_mut().pop_front() {
            return scripted;
        }
        let answer = self.at_stripe(&request);
        while self.wire.get() == Wire::HoldsTheAnswer {
            step().await;
        }
        match self.wire.get() {
            Wire::LosesTheAnswer => None,
            Wire::Redirects => {
                Some(Response { status: 307, ..answer }.with_header("location", "https://evil.example/oauth/token"))
            }
            Wire::BadGateway => Some(Response::html(502, "<h1>Bad gateway</h1> sk_test_canary0001")),
            Wire::AnswersLive => {
                Some(Response::json(200, answer.body.replace("\"livemode\":false", "\"livemode\":true")))
            }
            Wire::Works | Wire::Holds | Wire::HoldsTheAnswer => Some(answer),
        }
    }

    async fn sleep(&self, milliseconds: u32) {
        self.milliseconds.set(self.milliseconds.get() + u64::from(milliseconds));
        step().await;
    }

    async fn identify(&self, request: &Request) -> Result<Option<Subject>, ()> {
        let cookies = request.header("cookie").unwrap_or("");
        let session = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("session="));
        if session == Some(BROKEN_SESSION) {
            return Err(());
        }
        Ok(session.map(|user| Subject::parse(user).unwrap()))
    }

    async fn start(&self, _: &Request, subject: &Subject) -> Result<Start, ()> {
        Ok(self.starts.borrow().get(subject.as_str()).cloned().unwrap_or_default())
    }

    async fn prefill(&self, subject: &Subject) -> Result<Prefill, ()> {
        let mut prefill = Prefill::default();
        prefill.set(PrefillField::FirstName, subject.as_str()).unwrap();
        Ok(prefill)
    }

    async fn on_event(&self, event: &Event, body: &str) -> Result<(), EventError> {
        while self.hook.get() == Hook::Holds {
            step().await;
        }
        if self.hook.get() == Hook::Fails {
            return Err(EventError("the mailer is down".to_owned()));
        }
        assert!(body.contains(event.id.as_str()));
        let account = event.account.as_ref().map(|id| id.to_string());
        self.heard.borrow_mut().push((event.kind.as_str().to_owned(), account));
        Ok(())
    }

    fn report(&self, problem: &Problem) {
        assert_no_canary(&format!("{problem} {problem:?} {problem:#?}"));
        self.reports.borrow_mut().push(problem.clone());
    }
}

/// The shop: its handler and the world around it.
pub(crate) struct Shop {
    pub(crate) world: World,
    pub(crate) handler: Handler,
}

impl Shop {
    pub(crate) fn open() -> Shop {
        let world = World::registered_for(vec![Flow::Standard, Flow::Express]);
        Shop { world, handler: Handler::new(settings().build().unwrap()) }
    }

    /// The same shop as a Stripe App.
    pub(crate) fn open_as_an_app() -> Shop {
        let world = World::registered_for(vec![Flow::App]);
        let config = configured(|settings| (settings.flow, settings.scope) = (Flow::App, None));
        Shop { world, handler: Handler::new(config.unwrap()) }
    }

    /// The same shop, with the same store and at the same Stripe, deployed anew.
    pub(crate) fn deploy(&mut self, change: impl FnOnce(&mut ConfigBuilder)) {
        self.handler = Handler::new(configured(change).unwrap());
    }

    pub(crate) fn wait(&self, seconds: u64) {
        self.world.milliseconds.set(self.world.milliseconds.get() + seconds * 1000);
    }

    pub(crate) fn token_requests(&self) -> usize {
        self.world.sent.borrow().iter().filter(|request| request.path() == "/oauth/token").count()
    }

    pub(crate) fn now(&self) -> u64 {
        self.world.now()
    }

    pub(crate) fn milliseconds_since_start(&self) -> u64 {
        self.world.milliseconds.get() - START * 1000
    }

    /// The paths and bodies of the requests that left for Stripe.
    pub(crate) fn asked(&self) -> Vec<(String, String)> {
        self.world.sent.borrow().iter().map(|sent| (sent.path().to_owned(), text_of(sent).to_owned())).collect()
    }

    /// Stripe will answer so, in this order.
    pub(crate) fn stripe_answers(&self, answers: impl IntoIterator<Item = Option<Response>>) {
        self.world.script.borrow_mut().extend(answers);
    }

    /// `user` connected `account` some time ago.
    pub(crate) fn keep(&self, user: &str, account: &str, connected_at: u64) {
        let connection = Connection {
            subject: Subject::parse(user).unwrap(),
            account_id: AccountId::parse(account).unwrap(),
            livemode: Livemode::Test,
            scope: TokenScope::ReadWrite,
            connected_at,
            disconnected_at: None,
            refresh_token: None,
        };
        run(self.world.store.inner.settle(&Digest::of("kept"), Outcome::Connected, Some(&connection))).unwrap();
    }

    /// When the connections of `user` ended, the last first.
    pub(crate) fn ended(&self, user: &str) -> Vec<(String, u64)> {
        let ended = run(self.world.store.inner.disconnected(&Subject::parse(user).unwrap())).unwrap();
        ended.iter().map(|one| (one.account_id.to_string(), one.disconnected_at.unwrap())).collect()
    }

    /// The accounts the shop has kept for `user`, the newest first.
    pub(crate) fn accounts_of(&self, user: &str) -> Vec<String> {
        let kept = run(self.world.store.inner.connections(&Subject::parse(user).unwrap())).unwrap();
        kept.iter().map(|connection| connection.account_id.to_string()).collect()
    }

    /// What the person was told in each case that was reported to the developers.
    pub(crate) fn reported(&self) -> Vec<&'static str> {
        self.world.reports.borrow().iter().map(|problem| problem.outcome.as_str()).collect()
    }

    /// The person connects an account at Stripe, which sends the browser to the address this gives.
    pub(crate) fn consent(&self, authorize_url: &str) -> String {
        self.decide(authorize_url, &format!("account={ACCOUNT}&decision=connect"))
    }

    /// The person creates an account at Stripe, and connects it.
    pub(crate) fn consent_with_a_new_account(&self, authorize_url: &str) -> String {
        self.decide(authorize_url, "account=new&decision=connect")
    }

    /// The person cancels at Stripe.
    pub(crate) fn cancel(&self, authorize_url: &str) -> String {
        self.decide(authorize_url, "decision=cancel")
    }

    fn decide(&self, authorize_url: &str, body: &str) -> String {
        let url = authorize_url.to_owned();
        let request = Request { method: Method::Post, url, headers: Vec::new(), body: body.into() };
        let response = self.world.at_stripe(&request);
        response.header("location").unwrap_or_else(|| panic!("{}", response.body)).to_owned()
    }

    /// Someone spends the code of `callback` elsewhere, with the shop's own key.
    pub(crate) fn spend_elsewhere(&self, callback: &str) {
        let body = format!("grant_type=authorization_code&code={}", query(callback, "code"));
        let headers = vec![("authorization".to_owned(), format!("Bearer {SECRET_KEY}"))];
        let url = format!("{STRIPE}/oauth/token");
        let answer = self.world.at_stripe(&Request { method: Method::Post, url, headers, body: body.into() });
        assert_eq!(answer.status, 200);
    }

    /// Whether Stripe holds a connection that was not revoked.
    pub(crate) fn connected_at_stripe(&self) -> bool {
        self.look_at_stripe("/_sandbox/ledger").contains("\"revoked\":false")
    }

    /// Something goes wrong at Stripe from now on.
    pub(crate) fn fails_at_stripe(&self, rule: FaultRule) {
        self.world.stripe.borrow_mut().add_fault(rule);
    }

    /// What the stand-in shows at a path.
    pub(crate) fn look_at_stripe(&self, path: &str) -> String {
        self.visit_stripe(Method::Get, &format!("{STRIPE}{path}"), "").body
    }

    /// A person opens a page of Stripe's, or sends its form off.
    pub(crate) fn visit_stripe(&self, method: Method, url: &str, form: &str) -> Response {
        let request = Request { method, url: url.to_owned(), headers: Vec::new(), body: form.into() };
        self.world.at_stripe(&request)
    }

    /// The owner of an account disconnects the shop in Stripe's dashboard.
    pub(crate) fn revoke_at_stripe(&self, account: &str) {
        let url = format!("{STRIPE}/dashboard/{account}");
        let answer = self.visit_stripe(Method::Post, &url, "action=disconnect&client_id=ca_shop");
        assert_eq!(answer.status, 303, "{}", answer.body);
    }

    /// Stripe sends the shop every event it has made so far, signed now. Gives the status of each answer.
    pub(crate) fn deliver_events(&self) -> Vec<u16> {
        let events: Vec<serde_json::Value> =
            serde_json::from_str(&self.look_at_stripe("/_sandbox/events")).unwrap();
        events.iter().map(|event| self.deliver(&event.to_string())).collect()
    }

    fn deliver(&self, event: &str) -> u16 {
        let secret = WebhookSecret::parse(WEBHOOK_SECRET).unwrap();
        let signature = sign_webhook(event.as_bytes(), &secret, self.now());
        let headers = [("stripe-signature", &*signature)];
        let mut stripe = Browser::default();
        let request = stripe.request(Method::Post, "/connect/webhook", &headers, event);
        stripe.send(self, &request).status
    }
}

pub(crate) fn configured(change: impl FnOnce(&mut ConfigBuilder)) -> Result<Config, ConnectError> {
    let mut settings = settings();
    change(&mut settings);
    settings.build()
}

/// Someone's browser: a cookie jar, and the session cookie of whoever is signed in to the shop.
#[derive(Default, Clone)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn of(user: &str) -> Browser {
        let mut browser = Browser::default();
        browser.sign_in(user);
        browser
    }

    pub(crate) fn sign_in(&mut self, user: &str) {
        self.cookies.insert("session".to_owned(), user.to_owned());
    }

    pub(crate) fn sign_out(&mut self) {
        self.cookies.remove("session");
    }

    /// The cookies of flows under way, by name.
    pub(crate) fn flow_cookies(&self) -> Vec<String> {
        self.cookies.keys().filter(|name| name.starts_with("__Host-")).cloned().collect()
    }

    /// A request as this browser makes it.
    pub(crate) fn request(&self, method: Method, url: &str, headers: &[(&str, &str)], body: &str) -> Request {
        let url = if url.starts_with('/') { format!("{SHOP}{url}") } else { url.to_owned() };
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut headers: Vec<_> =
            headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        if !cookies.is_empty() {
            headers.push(("cookie".to_owned(), cookies.join("; ")));
        }
        Request { method, url, headers, body: body.into() }
    }

    /// Sends a request and takes the cookies of the response.
    pub(crate) fn send(&mut self, shop: &Shop, request: &Request) -> Response {
        let response = run(shop.handler.handle(request, &shop.world)).unwrap();
        self.receive(response.unwrap_or_else(|| panic!("{} is not the handler's", request.url)))
    }

    /// Takes a response: every one of them must pass here.
    pub(crate) fn receive(&mut self, response: Response) -> Response {
        assert_safe(&response);
        for (_, cookie) in response.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("; Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    /// Presses the button, and is sent to Stripe.
    pub(crate) fn press_connect(&mut self, shop: &Shop) -> String {
        self.press_connect_with(shop, "")
    }

    pub(crate) fn press_connect_with(&mut self, shop: &Shop, form: &str) -> String {
        let response = self.start(shop, Method::Post, "/connect/start", form);
        assert_eq!(response.status, 303, "{}", response.body);
        location(&response).to_owned()
    }

    pub(crate) fn start(&mut self, shop: &Shop, method: Method, url: &str, form: &str) -> Response {
        self.send(shop, &self.request(method, url, &[("sec-fetch-site", "same-origin"), ("origin", SHOP)], form))
    }

    /// Opens an address, as a redirect from Stripe or a link on another site does.
    pub(crate) fn open(&mut self, shop: &Shop, url: &str) -> Response {
        self.send(shop, &self.request(Method::Get, url, &[("sec-fetch-site", "cross-site")], ""))
    }

    /// Opens a callback, and gives where it ends: the page's path.
    pub(crate) fn come_back(&mut self, shop: &Shop, callback: &str) -> String {
        let response = self.open(shop, callback);
        assert_eq!(response.status, 303, "a callback is left for a clean address");
        location(&response).to_owned()
    }

    /// Submits a form of the platform's own page.
    pub(crate) fn submit(&mut self, shop: &Shop, url: &str, form: &str) -> Response {
        self.send(
            shop,
            &self.request(Method::Post, url, &[("sec-fetch-site", "same-origin"), ("origin", SHOP)], form),
        )
    }

    /// Sends a form by script.
    pub(crate) fn script(&mut self, shop: &Shop, url: &str, form: &str) -> Response {
        let headers = [("accept", "application/json"), ("sec-fetch-site", "same-origin"), ("origin", SHOP)];
        self.send(shop, &self.request(Method::Post, url, &headers, form))
    }

    /// The page's own request to the exchange.
    pub(crate) fn post_exchange(&mut self, shop: &Shop, body: &str) -> Response {
        let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin"), ("origin", SHOP)];
        self.send(shop, &self.request(Method::Post, "/connect/exchange", &headers, body))
    }
}

/// A request's body, which is text.
pub(crate) fn text_of(request: &Request) -> &str {
    request.body_text().expect("what we send is text")
}

pub(crate) fn location(response: &Response) -> &str {
    response.header("location").unwrap_or_else(|| panic!("{} {}", response.status, response.body))
}

/// A parameter of a URL's query.
pub(crate) fn query(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    let value = url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    value.unwrap_or_else(|| panic!("no {name} in {url}"))
}

#[track_caller]
pub(crate) fn assert_no_canary(text: &str) {
    for canary in CANARIES {
        assert!(!text.to_lowercase().contains(canary), "{canary} in {text}");
    }
}

/// Attacks 9, 11, 13 and 17: what holds for every response of the handler.
#[track_caller]
fn assert_safe(response: &Response) {
    let all = |name: &str| -> Vec<&str> {
        response.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| &**value).collect()
    };
    assert_eq!(all("cache-control"), ["no-store"]);
    // A form's Origin must not be null in a browser that has no Sec-Fetch-Site; nothing else tells of itself.
    let has_form = response.body.contains("<form");
    assert_eq!(all("referrer-policy"), [if has_form { "strict-origin" } else { "no-referrer" }]);
    assert_eq!(all("x-content-type-options"), ["nosniff"]);
    assert_no_canary(&response.body);
    for (_, value) in &response.headers {
        assert_no_canary(value);
        assert!(!value.contains(['\r', '\n']), "{value:?}");
    }
    if response.status == 303 {
        let location = location(response);
        let pages = ["/oauth/authorize?", "/express/oauth/authorize?", "/oauth/v2/"];
        let leaves_for_stripe = pages.iter().any(|page| location.starts_with(&[STRIPE, page].concat()));
        assert!(leaves_for_stripe || !location.contains("ac_") && !location.contains("state="), "{location}");
    }
    if response.header("content-type") == Some("text/html; charset=utf-8") {
        let policy = response.header("content-security-policy").expect("a page without a policy");
        for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.split("; ").any(|kept| kept == directive), "{directive}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
        assert!(!response.body.contains("<Shop") && !response.body.contains("ac_"), "{}", response.body);
    }
}

/// Runs a future that needs nothing but to be polled again.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    for _ in 0..1000 {
        if let Some(result) = poll(future.as_mut()) {
            return result;
        }
    }
    panic!("stuck");
}

/// One step of a future.
pub(crate) fn poll<T>(future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}

/// Lets the others take a step.
async fn step() {
    let mut stepped = false;
    std::future::poll_fn(|_| if std::mem::replace(&mut stepped, true) { Poll::Ready(()) } else { Poll::Pending })
        .await;
}

/// Everything a developer could print of a value.
pub(crate) fn printed(value: &dyn Debug) -> String {
    format!("{value:?}\n{value:#?}\n")
}
