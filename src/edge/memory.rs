//! [`Memory`]: what a handler remembers from one request to the next, and may forget: nothing that a flow needs.

use super::seldom::Seldom;

/// One handler's, for as long as it lives. Whatever needs a clock is told the time.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Webhooks that nobody signed.
    pub(crate) unsigned: Seldom,
}
