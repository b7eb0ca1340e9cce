//! [`Memory`]: what a handler remembers from one request to the next, and may forget: nothing that a flow needs.

use super::seldom::Seldom;

/// One handler's, for as long as it lives. Whatever needs a clock is told the time.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Webhooks that nobody signed.
    pub(crate) unsigned: Seldom,
    /// Requests on a site that is none of the redirect URIs'.
    pub(crate) elsewhere: Seldom,
    /// Callbacks without the cookie of their flow.
    pub(crate) cookieless: Seldom,
    /// Accounts that can't be reached, perhaps for a key that may not ask.
    pub(crate) unreachable: Seldom,
}
