//! [`Scope`]: what the platform may do with a connected account.

use super::words::words;

words! {
    /// What the platform asks to do with the account. Stripe's default, when absent, is `read_only`.
    pub enum Scope("scope") {
        /// `read_write`: create charges, refunds and so on.
        ReadWrite = "read_write",
        /// `read_only`: look, for analytics.
        ReadOnly = "read_only",
    }
}
