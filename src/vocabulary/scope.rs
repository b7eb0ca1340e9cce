//! [`Scope`]: what the platform may do with a connected account.

use super::words::words;

words! {
    /// What the platform asks to do with the account. Stripe's default, when absent, is `read_only`.
    ///
    /// ```
    /// use stripe_connect_oauth::Scope;
    ///
    /// assert_eq!(Scope::parse("read_write")?, Scope::ReadWrite);
    /// assert_eq!(Scope::ReadOnly.as_str(), "read_only");
    /// assert_eq!(Scope::parse("write").unwrap_err().to_string(), "scope must be read_write or read_only");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    pub enum Scope("scope") {
        /// `read_write`: create charges, refunds and so on.
        ReadWrite = "read_write",
        /// `read_only`: look, for analytics.
        ReadOnly = "read_only",
    }
}
