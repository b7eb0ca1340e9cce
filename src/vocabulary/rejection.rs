//! [`Rejection`]: why a callback was refused.

use super::words::words;

words! {
    /// Why a callback was refused.
    ///
    /// ```
    /// use stripe_connect_oauth::{Callback, Rejection, State, parse_callback};
    ///
    /// let forged = parse_callback("?code=ac_attacker&state=guess", &State::from_random([7; 32]));
    /// let Callback::Rejected(why) = forged else { return };
    /// assert_eq!(why.as_str(), "state_mismatch"); // for a log
    /// assert_eq!(Rejection::parse("expired"), Some(Rejection::Expired));
    /// ```
    #[non_exhaustive]
    pub enum Rejection {
        /// The state is not the one this flow began with.
        StateMismatch = "state_mismatch",
        /// There is no state.
        StateMissing = "state_missing",
        /// A parameter of the protocol stands twice (RFC 6749 §3.1).
        DuplicateParameter = "duplicate_parameter",
        /// Both `code` and `error`, or half of an answer.
        ConflictingParameters = "conflicting_parameters",
        /// Broken percent-encoding, invalid UTF-8, or a value Stripe does not write.
        Malformed = "malformed",
        /// Over [`MAX_CALLBACK_BYTES`](crate::MAX_CALLBACK_BYTES).
        TooLong = "too_long",
        /// An `iss`: another authorization server's answer (RFC 9207). Stripe sends none.
        UnexpectedIssuer = "unexpected_issuer",
        /// This browser has no such flow under way.
        NotStarted = "not_started",
        /// The flow took longer than it may.
        Expired = "expired",
        /// Another user of the platform began this flow.
        AnotherSubject = "another_subject",
        /// The flow was already finished with another code.
        AlreadyUsed = "already_used",
    }
}
