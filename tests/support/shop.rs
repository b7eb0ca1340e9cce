//! The shop: its handler, and what its developers see.

use super::*;

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
            client_id: self.application().client_id,
            account_id: AccountId::parse(account).unwrap(),
            livemode: Livemode::Test,
            scope: TokenScope::ReadWrite,
            connected_at,
            disconnected_at: None,
            refresh_token: None,
        };
        let (application, flow) = (self.application(), Digest::of("kept"));
        run(self.world.store.inner.settle(&application, &flow, Outcome::Connected, Some(&connection))).unwrap();
    }

    /// Whose rows the store keeps for the shop.
    pub(crate) fn application(&self) -> Application {
        Application { client_id: ClientId::parse("ca_shop").unwrap(), livemode: Livemode::Test }
    }

    /// The live connections that the shop has kept for `user`, the newest first.
    pub(crate) fn connections_of(&self, user: &str) -> Vec<Connection> {
        run(self.world.store.inner.connections(&self.application(), &Subject::parse(user).unwrap())).unwrap()
    }

    /// When the connections of `user` ended, the last first.
    pub(crate) fn ended(&self, user: &str) -> Vec<(String, u64)> {
        let ended =
            run(self.world.store.inner.disconnected(&self.application(), &Subject::parse(user).unwrap())).unwrap();
        ended.iter().map(|one| (one.account_id.to_string(), one.disconnected_at.unwrap())).collect()
    }

    /// The accounts the shop has kept for `user`, the newest first.
    pub(crate) fn accounts_of(&self, user: &str) -> Vec<String> {
        self.connections_of(user).iter().map(|connection| connection.account_id.to_string()).collect()
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
