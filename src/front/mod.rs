//! The front channel: the button, the way to Stripe and the redirect back. It holds no secret, so it may run in a browser.
//! Its public items are re-exported at the crate's root.

pub(crate) mod authorize;
pub(crate) mod button;
pub(crate) mod callback;
pub(crate) mod callback_query;
pub(crate) mod clean_prefill;
pub(crate) mod pending;
pub(crate) mod platform;
pub(crate) mod prefill;
#[cfg(feature = "url")]
mod url_crate;
