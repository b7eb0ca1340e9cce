//! Stripe's side of the protocol: a stand-in for tests and demos. It is not Stripe, and moves no money.
//!
//! [`Sandbox`] is a state machine without I/O: the host brings each request, the time and 32 random
//! bytes, and gets the response. The same requests with the same bytes give the same answers.
//!
//! ```
//! use stripe_connect_oauth::server::{Method, Request, SecretKey};
//! use stripe_connect_oauth::{ClientId, RedirectUri};
//! use stripe_connect_oauth::sandbox::{Sandbox, SandboxPlatform};
//!
//! # fn main() -> Result<(), stripe_connect_oauth::ConnectError> {
//! let mut sandbox = Sandbox::new(SandboxPlatform::new(
//!     ClientId::parse("ca_sandbox123")?,
//!     RedirectUri::parse("https://shop.example/connect/callback", None)?,
//!     SecretKey::parse("sk_test_sandbox123")?,
//! ));
//! let request = Request {
//!     method: Method::Get,
//!     url: "http://localhost:12111/oauth/authorize?response_type=code&client_id=ca_sandbox123".to_owned(),
//!     headers: Vec::new(),
//!     body: Vec::new(),
//! };
//! let page = sandbox.handle(&request, 1_700_000_000, [7; 32]);
//! assert_eq!(page.status, 200);
//! assert!(page.body.contains("Stand-in for Stripe"));
//! # Ok(())
//! # }
//! ```
//!
//! It stands for `connect.stripe.com`, `marketplace.stripe.com` and `api.stripe.com` at once:
//!
//! | Address | Answers |
//! |---|---|
//! | `GET /oauth/authorize`, `/oauth/v2/authorize`, `/express/oauth/authorize` | the consent page, or Stripe's JSON error |
//! | `GET /oauth/v2/authorize`, `/oauth/v2/chnlink_…/authorize` | the same for a Stripe App |
//! | `POST` to the same | the person's decision: a redirect back with `code`, or with `access_denied` |
//! | `POST /oauth/token`, for apps `/v1/oauth/token` | tokens for a code or a refresh token, or Stripe's JSON error |
//! | `POST /oauth/deauthorize` | the end of a connection |
//! | `GET /v1/account`, `/v1/accounts/:id`, `/v1/balance` | the account's JSON; with `Stripe-Account`, on behalf |
//! | `GET /v1/accounts` | the connected accounts, the newest first |
//! | `POST /v1/accounts`, `/v1/account_links` | a Standard account, and the link to finish it |
//! | `GET /setup/s/…` | the page behind that link |
//! | `GET /dashboard` | the accounts' own dashboards, where a platform is disconnected |
//! | `GET /` | what this is |
//!
//! And for tests, in JSON:
//!
//! | Address | Answers |
//! |---|---|
//! | `GET /_sandbox/ledger` | every connection: account, scope, when, whether and by whom it was revoked |
//! | `GET /_sandbox/codes` | every code: when it was given out, whether it was spent |
//! | `GET /_sandbox/log` | every request to the token endpoints: time, status, error, masked code |
//! | `GET /_sandbox/requests` | the newest requests of any kind; to a browser, a page |
//! | `GET /_sandbox/events` | what platforms were told |
//! | `GET`, `POST /_sandbox/accounts` | the accounts; changes or makes one |
//! | `GET`, `POST /_sandbox/platforms` | the platforms; registers another one, until a reset |
//! | `POST /_sandbox/connections` | connects an account without asking anyone |
//! | `GET`, `POST /_sandbox/webhooks` | where events go; adds an endpoint, rolls its secret, has events sent twice or in disorder |
//! | `GET`, `POST /_sandbox/faults` | what goes wrong; adds a [`FaultRule`] |
//! | `GET`, `POST /_sandbox/clock` | the sandbox's time; `{"advance": 60}` or `{"now": 1700000000}` moves it |
//! | `POST /_sandbox/reset` | forgets all but the registrations and the accounts it began with |
//!
//! The page always asks, whatever `always_prompt` says.
//!
//! It keeps everything it was told until it is dropped or reset.

mod account;
mod account_state;
mod api;
mod api_version;
mod authorize;
mod call;
mod clock;
mod control;
mod credentials;
mod dashboard;
mod deauthorize;
mod deliveries;
mod endpoint;
mod event;
mod fault;
mod form;
mod idempotency;
mod issuing;
mod kept;
mod ledger;
mod machine;
mod pages;
mod platform;
mod platform_refusal;
mod refusal;
mod request_log;
mod same_site;
mod seed;
mod settings;
mod setup;
mod token;
mod webhook;
mod webhook_endpoint;

pub use account::SandboxAccount;
pub use account_state::AccountState;
pub use api_version::ApiVersion;
pub use call::MAX_BYTES;
pub use fault::{Fault, FaultRule};
pub use machine::{Sandbox, Served};
pub use platform::SandboxPlatform;
pub use webhook::Delivery;
pub use webhook_endpoint::WebhookEndpoint;
