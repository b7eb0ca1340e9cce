//! [`Flow`]: which of Stripe's three flows a platform uses.

use crate::error::ConnectError;

/// Which of Stripe's flows connects the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Flow {
    /// `standard`: Connect, for accounts with a dashboard of their own.
    #[default]
    Standard,
    /// `express`: Connect, for Express accounts. Closed to new platforms.
    Express,
    /// `app`: Stripe Apps.
    App,
}

impl Flow {
    /// Reads a flow's name.
    pub fn parse(text: &str) -> Result<Flow, ConnectError> {
        match text {
            "standard" => Ok(Flow::Standard),
            "express" => Ok(Flow::Express),
            "app" => Ok(Flow::App),
            _ => Err(ConnectError::invalid("flow", "must be standard, express or app")),
        }
    }

    /// The flow's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Flow::Standard => "standard",
            Flow::Express => "express",
            Flow::App => "app",
        }
    }
}
