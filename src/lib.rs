//! Connect a platform to its users' Stripe accounts, with Stripe's OAuth flow.
//!
//! The flow has a *front channel* (the button, the authorize URL, the redirect back), which is public
//! knowledge and safe in a browser, and a *back channel* (the code exchange), which needs the platform's
//! secret key. This crate keeps the two apart: without features it is the front channel alone.
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
//! # Scope of this crate
//!
//! It performs no I/O: no clock, no randomness, no network, no storage. They arrive as arguments, or
//! through `edge::Host`. It sends nothing to Stripe itself; it builds requests and reads replies.
//!
//! Not affiliated with Stripe.

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

pub use front::authorize::{AuthorizeUrl, StripeLanding};
pub use front::button::{Button, ButtonLook, ButtonSize};
pub use front::callback::{
    AuthorizationCode, Authorized, Callback, CallbackQuery, MAX_CALLBACK_BYTES, Rejection, parse_callback,
};
pub use front::pending::PendingFlows;
pub use front::platform::Platform;
pub use front::prefill::{DroppedField, Prefill, PrefillField};
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

/// The README's Rust code runs as written.
#[cfg(all(doctest, feature = "edge"))]
#[doc = include_str!("../README.md")]
struct Readme;
