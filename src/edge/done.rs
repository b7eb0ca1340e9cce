//! What was done is said: on our own page, or on the platform's.

use super::outcome::Outcome;
use crate::server::Request;
use crate::vocabulary::words::words;

words! {
    /// Where people are told that an account was connected or disconnected.
    ///
    /// ```
    /// use stripe_connect_oauth::edge::{ConfigBuilder, WhenDone};
    ///
    /// // A platform whose own page says it.
    /// let config = ConfigBuilder {
    ///     client_id: "ca_123".into(),
    ///     secret_key: "sk_test_123".into(),
    ///     redirect_uri: "https://shop.example/connect/callback".into(),
    ///     cookie_secrets: vec!["a random text of at least 32 characters".to_owned()],
    ///     when_done: WhenDone::parse("return")?,
    ///     ..ConfigBuilder::default()
    /// };
    /// assert!(config.build().is_ok());
    /// assert_eq!(WhenDone::default().as_str(), "page");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    #[derive(Default)]
    pub enum WhenDone("when_done") {
        /// On a page of the handler's, with a link to `return_to`.
        #[default]
        Page = "page",
        /// On the platform's own: people go straight to `return_to`, with the cookie `__Host-stripe-connect-done` that
        /// says what was done, such as `connected`.
        Return = "return",
    }
}

/// No link claims that something was done: who comes without this cookie is led on. It holds the outcome's name, and
/// no secret: a page may read it by script.
const COOKIE: &str = "__Host-stripe-connect-done";

/// Long enough to reload the page, and over when it is old news.
const LIFETIME_SECONDS: u64 = 120;

/// `Lax`: a connection is done in a navigation that Stripe's page began.
pub(crate) fn cookie(outcome: Outcome) -> String {
    format!("{COOKIE}={outcome}; Path=/; Max-Age={LIFETIME_SECONDS}; Secure; SameSite=Lax")
}

/// Whether `outcome` came about in this browser, just now.
pub(crate) fn is_done(request: &Request, outcome: Outcome) -> bool {
    request.cookies().any(|cookie| cookie == (COOKIE, outcome.as_str()))
}
