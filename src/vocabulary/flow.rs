//! [`Flow`]: which of Stripe's three flows a platform uses.

use super::error::{ConnectError, ErrorCode};
use super::text::join;
use super::words::words;

words! {
    /// Which of Stripe's flows connects the account.
    ///
    /// ```
    /// use stripe_connect_oauth::Flow;
    ///
    /// assert_eq!(Flow::parse("express")?, Flow::Express);
    /// assert_eq!(Flow::default().as_str(), "standard");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    #[derive(Default)]
    pub enum Flow("flow") {
        /// `standard`: Connect, for accounts with a dashboard of their own.
        #[default]
        Standard = "standard",
        /// `express`: Connect, for Express accounts. Closed to new platforms.
        Express = "express",
        /// `app`: Stripe Apps.
        App = "app",
    }
}

impl Flow {
    /// The refusal of a parameter that this flow does not have.
    pub(crate) fn has_no(self, param: &str) -> ConnectError {
        let what = join(&["is not part of the ", self.as_str(), " flow: leave it out"]);
        ConnectError::new(ErrorCode::UnknownParameter, param, &what)
    }
}
