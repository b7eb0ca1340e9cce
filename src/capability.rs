//! [`Capability`]: what an Express account shall be able to do.

use crate::error::ConnectError;

/// A capability of an Express account (`docs.stripe.com/connect/oauth-express-accounts`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// `transfers`.
    Transfers,
    /// `card_payments`.
    CardPayments,
    /// `tax_reporting_us_1099_k`.
    TaxReportingUs1099K,
    /// `tax_reporting_us_1099_misc`.
    TaxReportingUs1099Misc,
}

impl Capability {
    /// Reads Stripe's word for a capability.
    pub fn parse(text: &str) -> Result<Capability, ConnectError> {
        match text {
            "transfers" => Ok(Capability::Transfers),
            "card_payments" => Ok(Capability::CardPayments),
            "tax_reporting_us_1099_k" => Ok(Capability::TaxReportingUs1099K),
            "tax_reporting_us_1099_misc" => Ok(Capability::TaxReportingUs1099Misc),
            _ => Err(ConnectError::invalid("suggested_capabilities", "must hold capabilities such as transfers")),
        }
    }

    /// Stripe's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Capability::Transfers => "transfers",
            Capability::CardPayments => "card_payments",
            Capability::TaxReportingUs1099K => "tax_reporting_us_1099_k",
            Capability::TaxReportingUs1099Misc => "tax_reporting_us_1099_misc",
        }
    }
}
