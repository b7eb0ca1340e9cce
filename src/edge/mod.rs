//! One handler for the whole life of a connection, over one [`Host`].
//!
//! The rules it keeps: a flow is finished by the same user, in the same browser, once; a code is sent to
//! Stripe at most once; and nobody is left on a page that doesn't say what happened and what to do.

mod account;
mod action;
mod answer;
mod application;
mod astray;
mod callback;
mod config;
mod config_builder;
mod confirm;
mod confirmation;
mod connection;
mod connections;
mod create;
mod disconnect;
mod done;
mod exchange;
mod flow_cookie;
mod form;
mod given;
mod handler;
mod host;
mod known;
mod leave;
mod limit;
mod memory;
mod memory_store;
mod onboard;
mod outcome;
mod pages;
mod proof;
mod record;
mod routes;
mod same_origin;
mod seldom;
mod sign_in;
mod start;
mod store;
mod threads;
mod visit;
mod webhook;

pub use application::Application;
pub use config::Config;
#[cfg(feature = "js")]
pub(crate) use config_builder::A_LIST;
pub use config_builder::ConfigBuilder;
pub use connection::Connection;
pub use done::WhenDone;
pub use given::Given;
pub use handler::Handler;
#[cfg(feature = "js")]
pub(crate) use host::not_filled_in;
pub use host::{EventError, Host, Problem, Start};
pub use leave::Leaving;
pub use memory_store::MemoryStore;
pub use outcome::{Next, Outcome};
pub use routes::Route;
pub use store::{Claim, ClaimRecord, Digest, EventProgress, Store, StoreError};
pub use threads::{MaybeSend, MaybeSync};
