//! [`Livemode`]: test or live.

/// Stripe's `livemode`: whether real money moves.
///
/// ```
/// use stripe_connect_oauth::Livemode;
///
/// assert_eq!(Livemode::from(true), Livemode::Live);
/// assert!(!Livemode::Test.as_bool());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(from = "bool", into = "bool"))]
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

impl From<Livemode> for bool {
    fn from(livemode: Livemode) -> bool {
        livemode.as_bool()
    }
}

impl From<bool> for Livemode {
    fn from(livemode: bool) -> Livemode {
        if livemode { Livemode::Live } else { Livemode::Test }
    }
}
