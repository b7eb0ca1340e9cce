//! [`Capability`]: what an Express account shall be able to do.

use super::words::words;

words! {
    /// A capability of an Express account (`docs.stripe.com/connect/oauth-express-accounts`).
    ///
    /// ```
    /// use stripe_connect_oauth::Capability;
    ///
    /// assert_eq!(Capability::parse("card_payments")?, Capability::CardPayments);
    /// assert_eq!(Capability::Transfers.as_str(), "transfers");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    #[non_exhaustive]
    pub enum Capability("suggested_capabilities") {
        /// `transfers`: be paid by the platform.
        Transfers = "transfers",
        /// `card_payments`: take card payments of its own.
        CardPayments = "card_payments",
        /// `tax_reporting_us_1099_k`: seen in platforms' URLs, in no page of Stripe's.
        TaxReportingUs1099K = "tax_reporting_us_1099_k",
        /// `tax_reporting_us_1099_misc`: seen in platforms' URLs, in no page of Stripe's.
        TaxReportingUs1099Misc = "tax_reporting_us_1099_misc",
    }
}
