//! Everything around the handler: the clock, the store, the wire to Stripe and the platform's own hooks.

use super::*;

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
    /// The accounts that these events told of, as they were read.
    pub(crate) updated: RefCell<Vec<Account>>,
    pub(crate) hook: Cell<Hook>,
    /// What the platform says of each user's start.
    pub(crate) starts: RefCell<BTreeMap<String, Start>>,
    pub(crate) stripe: RefCell<Sandbox>,
    pub(crate) milliseconds: Cell<u64>,
    pub(crate) random: Cell<u64>,
}

impl World {
    /// The shop is registered at Stripe for these flows: of Connect's, or as an app.
    pub(crate) fn registered_for(flows: Vec<Flow>) -> World {
        let mut stripe = Sandbox::new(SandboxPlatform {
            client_id: ClientId::parse("ca_shop").unwrap(),
            live_client_id: None,
            flows,
            name: "The Shop".to_owned(),
            redirect_uris: REGISTERED.map(|uri| RedirectUri::parse(uri, None).unwrap()).to_vec(),
            livemode: Livemode::Test,
            secret_keys: [SECRET_KEY, LIVE_KEY].map(|key| SecretKey::parse(key).unwrap()).to_vec(),
            api_version: ApiVersion::default(),
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
            updated: RefCell::default(),
            hook: Cell::new(Hook::Works),
            starts: RefCell::default(),
            reports: RefCell::default(),
            stripe: RefCell::new(stripe),
            milliseconds: Cell::new(START * 1000),
            random: Cell::new(1),
        }
    }

    pub(crate) fn at_stripe(&self, request: &Request) -> Response {
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
        if let EventKind::AccountUpdated(account) = &event.kind {
            self.updated.borrow_mut().push((**account).clone());
        }
        Ok(())
    }

    fn report(&self, problem: &Problem) {
        assert_no_canary(&format!("{problem} {problem:?} {problem:#?}"));
        self.reports.borrow_mut().push(problem.clone());
    }
}
