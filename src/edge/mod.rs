//! One handler for the whole life of a connection, over one [`Host`].
//!
//! The rules it keeps: a flow is finished by the same user, in the same browser, once; a code is sent to
//! Stripe at most once; and nobody is left on a page that doesn't say what happened and what to do.

mod answer;
mod config;
mod confirm;
mod disconnect;
mod flow_cookie;
mod form;
mod handler;
mod host;
mod onboarding;
mod outcome;
mod pages;
mod record;
mod same_origin;
mod send;
mod status;
mod store;
mod webhook;

#[cfg(feature = "js")]
pub(crate) use config::A_LIST;
pub use config::{Config, ConfigBuilder};
pub use handler::Handler;
#[cfg(feature = "js")]
pub(crate) use host::not_filled_in;
pub use host::{EventError, Host, Problem, Start};
pub use outcome::{Next, Outcome};
pub use store::{Claim, ClaimRecord, Connection, Digest, EventProgress, MemoryStore, Store, StoreError};
