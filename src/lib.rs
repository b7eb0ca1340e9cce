//! Connect a platform to its users' Stripe accounts, with Stripe's OAuth flow.
//!
//! # Overview
//!
//! 1. A page shows a *Connect with Stripe* button ([`Button`]).
//! 2. The platform mints a nonce ([`State`]) and sends the browser to Stripe ([`AuthorizeUrl`]).
//! 3. Stripe sends the browser back, with a code or an error ([`parse_callback`]).
//! 4. The platform exchanges the code, once, for the account's id ([`server::code_exchange`]).
//! 5. It keeps the id, looks at the account now and then, hears of its end ([`server::verify_webhook`]), and calls
//!    Stripe in its name ([`server::on_behalf_of`]).
//!
//! Steps 1 to 3 are the *front channel*: public knowledge, safe in a browser. Steps 4 and 5 are the *back channel*,
//! which needs the platform's secret key. The crate keeps the two apart: without features it is the front channel
//! alone. [`edge::Handler`] does all five, on its routes under `/connect`, over a [`Host`](edge::Host) that you
//! write once.
//!
//! ```text
//!  your page                  your server                        Stripe
//!  ─────────                  ───────────                        ──────
//!  [Connect with Stripe] ───▶ /connect/start
//!                             who? sealed cookie, state ───────▶ consent page
//!                                                                  log in, or create
//!                             /connect/callback ◀──── code ─────   an account
//!                             same user? same browser?
//!                             once: claim, then ─── code+key ──▶ /oauth/token
//!                             keep the account ◀── acct_… ──────
//!  connected ◀─────────────── 303 to a clean address
//! ```
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | none | the front channel: the button, the authorize URL, the redirect back. One small dependency |
//! | `server` | the back channel in [`server`]: requests are built and replies read; nothing is sent |
//! | `edge` | the handler for the whole life of a connection, in [`edge`]. Turns `server` on |
//! | `sandbox` | Stripe's side, a stand-in for tests, in [`sandbox`]. Turns `server` on |
//! | `http` | requests and responses from and to the `http` crate's types. Turns `server` on |
//! | `serde` | ids, words and connections as serde keeps them, checked as they are read |
//! | `web` | the front channel in a browser's page, in [`web`]: for Leptos, Yew, Dioxus and the like |
//! | `url` | redirect and authorize URLs from and to the `url` crate's type |
//! | `bindings` | the front channel as functions that JavaScript calls, for a package of your own made by wasm-pack |
//!
//! None is on by default. `js`, `js-front`, `js-prefill`, `small-alloc` and `wiping-alloc` are for the npm package's
//! builds.
//!
//! # Send someone to Stripe
//!
//! ```
//! use stripe_connect_oauth::{AuthorizeUrl, ClientId, Scope, State};
//!
//! # fn main() -> Result<(), stripe_connect_oauth::ConnectError> {
//! let random = [7; 32]; // 32 bytes of your host's randomness
//! let state = State::from_random(random);
//! let client_id = ClientId::parse("ca_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb")?;
//! let mut url = AuthorizeUrl::new(&client_id, &state);
//! url.scope = Some(Scope::ReadWrite);
//! assert!(url.build()?.starts_with("https://connect.stripe.com/oauth/authorize?response_type=code&client_id=ca_"));
//! # Ok(())
//! # }
//! ```
//!
//! # Read what came back
//!
//! ```
//! use stripe_connect_oauth::{Callback, State, parse_callback};
//!
//! # let state = State::from_random([7; 32]);
//! let query = format!("?scope=read_write&code=ac_123&state={}", state.as_str());
//! match parse_callback(&query, &state) {
//!     Callback::Authorized(authorized) => assert_eq!(authorized.code().as_str(), "ac_123"),
//!     refused => println!("{}", refused.hint()),
//! }
//! ```
//!
//! # Exchange the code
//!
//! A code can be had from a verified callback only, and is moved into the request that spends it.
//!
//! ```
//! # #[cfg(feature = "server")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use stripe_connect_oauth::server::{Response, SecretKey, code_exchange, read_token};
//! use stripe_connect_oauth::{AuthorizationCode, ConnectBase, Flow};
//!
//! fn exchange(
//!     code: AuthorizationCode,
//!     send: impl FnOnce(stripe_connect_oauth::server::Request) -> Response, // your HTTP client
//! ) -> Result<String, Box<dyn std::error::Error>> {
//!     let key = SecretKey::parse("sk_test_123")?; // from the environment
//!     let reply = send(code_exchange(&ConnectBase::stripe(), &key, Flow::Standard, code, &[]));
//!     let token = read_token(&reply, key.livemode())?;
//!     Ok(token.stripe_user_id.to_string()) // what to keep
//! }
//! # let state = stripe_connect_oauth::State::from_random([7; 32]);
//! # let query = format!("?code=ac_123&state={}", state.as_str());
//! # let callback = stripe_connect_oauth::parse_callback(&query, &state);
//! # let stripe_connect_oauth::Callback::Authorized(authorized) = callback else { return Ok(()) };
//! # let reply = r#"{"stripe_user_id":"acct_1","livemode":false,"scope":"read_write"}"#;
//! # assert_eq!(exchange(authorized.into_code(), |_| Response::json(200, reply))?, "acct_1");
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "server"))]
//! # fn main() {}
//! ```
//!
//! # Serve it all
//!
//! The handler keeps the rules: the same user in the same browser, a code once, a clean address afterwards. What it
//! can't do itself it asks its [`Host`](edge::Host) for, whose page shows one. Here a server has the `http` crate's
//! types, as most do:
//!
//! ```
//! # #[cfg(all(feature = "edge", feature = "http"))]
//! # mod shop {
//! use stripe_connect_oauth::edge::{Handler, Host};
//! use stripe_connect_oauth::server::Request;
//!
//! /// An answer, or `None` where the path is the platform's own.
//! async fn serve<H: Host<Error = std::io::Error>>(
//!     handler: &Handler,
//!     host: &H,
//!     request: http::Request<Vec<u8>>,
//! ) -> Result<Option<http::Response<String>>, Box<dyn std::error::Error>> {
//!     // The origin is your configuration's, for `Host` is whatever the client wrote.
//!     let request = Request::from_http(request, "https://shop.example")?;
//!     let Some(response) = handler.handle(&request, host).await? else { return Ok(None) };
//!     Ok(Some(response.try_into()?))
//! }
//! # }
//! ```
//!
//! # Test without Stripe
//!
//! ```
//! # #[cfg(feature = "sandbox")]
//! # fn main() -> Result<(), stripe_connect_oauth::ConnectError> {
//! use stripe_connect_oauth::sandbox::{Sandbox, SandboxPlatform};
//! use stripe_connect_oauth::server::{Method, Request, SecretKey};
//! use stripe_connect_oauth::{AuthorizeUrl, ClientId, ConnectBase, RedirectUri, State};
//!
//! let (client_id, state) = (ClientId::parse("ca_123")?, State::from_random([7; 32]));
//! let callback = RedirectUri::parse("https://shop.example/connect/callback", None)?;
//! let key = SecretKey::parse("sk_test_123")?;
//! let mut sandbox = Sandbox::new(SandboxPlatform::new(client_id.clone(), callback, key));
//!
//! let mut url = AuthorizeUrl::new(&client_id, &state);
//! url.base = ConnectBase::stand_in("http://localhost:12111")?;
//! let visit = Request { method: Method::Get, url: url.build()?, headers: Vec::new(), body: Vec::new() };
//! let consent = sandbox.handle(&visit, 1_700_000_000, [7; 32]);
//! assert_eq!(consent.status, 200);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "sandbox"))]
//! # fn main() {}
//! ```
//!
//! # Scope of this crate
//!
//! It performs no I/O: no clock, no randomness, no network, no storage. They arrive as arguments, or through
//! [`edge::Host`]. It sends nothing to Stripe itself; it builds requests and reads replies. It does not panic, and has
//! no `unsafe`. Of Stripe's API it has what connects an account and looks after the connection; for charges, payouts
//! and the rest take a client of the API, with the headers of [`server::on_behalf_of`].
//!
//! Not affiliated with Stripe.

#![cfg_attr(docsrs, feature(doc_cfg))]
// The links lead to what every feature adds. They are checked where all of it is built: `make docs`, and docs.rs.
#![cfg_attr(not(docsrs), allow(rustdoc::broken_intra_doc_links))]

// Without `js`, wasm-pack packs a module that exports nothing, after it has overwritten pkg/package.json. It compiles first.
// Who depends on this crate does not meet this, for Cargo names the package that is asked for; nor does `wasm-pack test`,
// which has debug assertions.
#[cfg(all(target_arch = "wasm32", not(feature = "js"), not(debug_assertions)))]
const _: () = assert!(
    option_env!("CARGO_PRIMARY_PACKAGE").is_none(),
    "without the feature `bindings` this crate exports nothing to JavaScript. Either `npm install \
     stripe-connect-oauth`, or `wasm-pack build --target web --out-dir target/bindings --features bindings`: see \
     docs/wasm-pack.md"
);

mod front;
mod texts;
mod vocabulary;

#[cfg(feature = "edge")]
pub mod edge;
#[cfg(feature = "js")]
mod js;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "web")]
pub mod web;

/// For the tests in a browser. What links the crate exports these to JavaScript by itself.
#[cfg(feature = "bindings")]
#[doc(hidden)]
pub use js::bindings;

pub use front::authorize::{AuthorizeUrl, StripeLanding};
pub use front::button::{Button, ButtonLook, ButtonSize};
pub use front::callback::{AuthorizationCode, Authorized, Callback, Rejection};
pub use front::callback_query::{CallbackQuery, MAX_CALLBACK_BYTES, parse_callback};
pub use front::clean_prefill::DroppedField;
pub use front::pending::PendingFlows;
pub use front::platform::Platform;
pub use front::prefill::{Prefill, PrefillField};
pub use texts::{Direction, Language, Phrase, Text};
pub use vocabulary::account_status::{AccountStatus, NextStep};
pub use vocabulary::capability::Capability;
pub use vocabulary::error::{ConnectError, ErrorCode};
pub use vocabulary::flow::Flow;
pub use vocabulary::ids::{AccountId, ChannelLink, ClientId};
pub use vocabulary::livemode::Livemode;
pub use vocabulary::origin::ConnectBase;
pub use vocabulary::outcome::{Next, Outcome};
pub use vocabulary::redirect_uri::RedirectUri;
pub use vocabulary::scope::Scope;
pub use vocabulary::state::State;
pub use vocabulary::subject::Subject;

#[cfg(all(feature = "small-alloc", target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

#[cfg(all(feature = "wiping-alloc", target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// The README's Rust code runs as written.
#[cfg(all(doctest, feature = "edge"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// And the code of docs/rust.md.
#[cfg(all(doctest, feature = "web"))]
#[doc = include_str!("../docs/rust.md")]
struct RustDocument;
