//! [`Memory`]: what a handler remembers from one request to the next, and may forget: nothing that a flow needs.

use super::known::Known;
use super::seldom::Seldom;
use std::sync::atomic::AtomicBool;

/// One handler's, for as long as it lives. Whatever needs a clock is told the time.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Whether client id and key belong together.
    pub(crate) platform: Known,
    /// Whether the store was found to be one.
    pub(crate) has_store: AtomicBool,
    /// Webhooks that nobody signed.
    pub(crate) unsigned: Seldom,
    /// Requests on a site that is none of the redirect URIs'.
    pub(crate) elsewhere: Seldom,
    /// Callbacks without the cookie of their flow.
    pub(crate) cookieless: Seldom,
    /// What a user has tried too often.
    pub(crate) too_many: Seldom,
    /// Callbacks on another path than where the handler listens.
    pub(crate) astray: Seldom,
    /// Accounts that can't be reached, perhaps for a key that may not ask.
    pub(crate) unreachable: Seldom,
}
