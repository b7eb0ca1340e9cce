//! [`Livemode`]: test or live.

/// Stripe's `livemode`: whether real money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Livemode {
    /// `livemode: true`.
    Live,
    /// `livemode: false`: test mode and sandboxes.
    Test,
}

impl Livemode {
    /// The mode as Stripe's boolean.
    pub const fn as_bool(self) -> bool {
        matches!(self, Livemode::Live)
    }
}

impl From<bool> for Livemode {
    fn from(livemode: bool) -> Livemode {
        if livemode { Livemode::Live } else { Livemode::Test }
    }
}
