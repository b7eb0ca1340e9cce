//! The JavaScript boundary: the only files that know wasm-bindgen.
//!
//! No class of ours crosses to users and nothing must be freed by them: plain objects and strings only.
//! Every argument is checked before use, whatever its type.

// wasm-bindgen exports only what is `pub`, though no Rust path leads here.
#![allow(unreachable_pub)]

#[cfg(feature = "bindings")]
pub mod bindings;
#[cfg(feature = "edge")]
mod edge;
#[cfg(feature = "server")]
mod failure;
#[cfg(feature = "js-front")]
mod front;
#[cfg(feature = "bindings")]
mod given;
#[cfg(feature = "edge")]
mod host;
#[cfg(feature = "server")]
mod message;
mod packed;
#[cfg(any(feature = "edge", feature = "js-front", feature = "js-prefill"))]
mod prefill;
#[cfg(feature = "sandbox")]
mod sandbox;
#[cfg(feature = "server")]
mod seal;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "edge")]
mod store;
#[cfg(feature = "bindings")]
mod thrown;
#[cfg(feature = "server")]
mod transport;
#[cfg(feature = "server")]
mod views;
#[cfg(feature = "server")]
mod webhook;
