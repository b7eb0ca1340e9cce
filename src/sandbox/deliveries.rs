//! The webhooks of a [`Sandbox`], which its host sends: where they go, which are due, and how each went.

use super::machine::Sandbox;
use super::webhook::Delivery;
use super::webhook_endpoint::WebhookEndpoint;

impl Sandbox {
    /// Sends events to this address from now on; one of the same URL gives way.
    ///
    /// ```
    /// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
    /// # use example::*;
    /// # let now = 1_700_000_000;
    /// # let mut sandbox = connected(now)?;
    /// use stripe_connect_oauth::sandbox::WebhookEndpoint;
    /// use stripe_connect_oauth::server::WebhookSecret;
    ///
    /// let secret = WebhookSecret::parse("whsec_sandbox123")?;
    /// sandbox.add_webhook_endpoint(WebhookEndpoint::new("http://localhost:8787/connect/webhook", secret)?);
    /// assert_eq!(sandbox.next_delivery_at(), None, "nothing has happened yet");
    /// # Ok::<(), ConnectError>(())
    /// ```
    pub fn add_webhook_endpoint(&mut self, endpoint: WebhookEndpoint) {
        self.webhooks.add(endpoint);
    }

    /// The webhooks to send now, when the host's time is `now`: each once, signed. Say then how each went.
    ///
    /// ```
    /// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
    /// # use example::*;
    /// # let now = 1_700_000_000;
    /// # let mut sandbox = connected(now)?;
    /// let change = post("/_sandbox/accounts", r#"{"id": "acct_1SandboxBakery01", "state": "restricted"}"#);
    /// sandbox.handle(&change, now, [7; 32]);
    ///
    /// for delivery in sandbox.take_due_deliveries(now) {
    ///     let status = Some(200); // what `delivery.request` was answered, when you sent it
    ///     sandbox.delivered(delivery.id, status, now);
    /// }
    /// assert_eq!(sandbox.next_delivery_at(), None);
    /// # Ok::<(), ConnectError>(())
    /// ```
    pub fn take_due_deliveries(&mut self, now: u64) -> Vec<Delivery> {
        self.webhooks.take(self.clock.now(now), false)
    }

    /// The same for every webhook that waits, due or not, paused or not: what a test calls that will not wait.
    ///
    /// ```
    /// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
    /// # use example::*;
    /// # let now = 1_700_000_000;
    /// # let mut sandbox = connected(now)?;
    /// let change = post("/_sandbox/accounts", r#"{"id": "acct_1SandboxBakery01", "state": "restricted"}"#);
    /// sandbox.handle(&change, now, [7; 32]);
    /// let first = sandbox.take_all_deliveries(now);
    /// sandbox.delivered(first[0].id, None, now); // no answer came, so it waits for its next turn
    /// assert!(sandbox.take_due_deliveries(now).is_empty());
    /// assert_eq!(sandbox.take_all_deliveries(now).len(), 1);
    /// # Ok::<(), ConnectError>(())
    /// ```
    pub fn take_all_deliveries(&mut self, now: u64) -> Vec<Delivery> {
        self.webhooks.take(self.clock.now(now), true)
    }

    /// Whether the webhooks that a request caused are to be sent before that request is answered, as Stripe may: a
    /// control says so. Send what [`Sandbox::take_due_deliveries`] gives, and then the answer.
    ///
    /// ```
    /// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
    /// # use example::*;
    /// # let now = 1_700_000_000;
    /// # let mut sandbox = connected(now)?;
    /// assert!(!sandbox.sends_webhooks_first());
    /// sandbox.handle(&post("/_sandbox/webhooks", r#"{"before_answer": true}"#), now, [7; 32]);
    /// assert!(sandbox.sends_webhooks_first());
    /// # Ok::<(), ConnectError>(())
    /// ```
    pub fn sends_webhooks_first(&self) -> bool {
        self.webhooks.goes_first
    }

    /// How a delivery went: the status of the answer, or `None` when none came. Unless it was 200 to 299, the
    /// webhook is sent again after a wait that grows, for three days.
    ///
    /// ```
    /// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
    /// # use example::*;
    /// # let now = 1_700_000_000;
    /// # let mut sandbox = connected(now)?;
    /// let change = post("/_sandbox/accounts", r#"{"id": "acct_1SandboxBakery01", "state": "restricted"}"#);
    /// sandbox.handle(&change, now, [7; 32]);
    /// let delivery = &sandbox.take_due_deliveries(now)[0];
    /// sandbox.delivered(delivery.id, Some(500), now);
    /// assert_eq!(sandbox.next_delivery_at(), Some(now + 10), "it is sent again");
    /// # Ok::<(), ConnectError>(())
    /// ```
    pub fn delivered(&mut self, id: u64, status: Option<u16>, now: u64) {
        self.webhooks.delivered(id, status, self.clock.now(now));
    }

    /// When to call [`Sandbox::take_due_deliveries`] next, in the host's time.
    ///
    /// ```
    /// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
    /// # use example::*;
    /// # let now = 1_700_000_000;
    /// # let mut sandbox = connected(now)?;
    /// let change = post("/_sandbox/accounts", r#"{"id": "acct_1SandboxBakery01", "state": "restricted"}"#);
    /// sandbox.handle(&change, now, [7; 32]);
    /// assert_eq!(sandbox.next_delivery_at(), Some(now));
    /// # Ok::<(), ConnectError>(())
    /// ```
    pub fn next_delivery_at(&self) -> Option<u64> {
        self.webhooks.next_at().map(|at| self.clock.host(at))
    }
}
