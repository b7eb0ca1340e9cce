//! [`State`]: the nonce that ties a callback to the flow it ends.

use crate::error::ConnectError;
use base64ct::{Base64UrlUnpadded, Encoding};
use std::fmt;
use subtle::ConstantTimeEq;

/// An OAuth `state`: 256 random bits, as 43 base64url characters (RFC 6749 §10.12, RFC 9700 §4.7).
///
/// It cannot be compared with `==`, only verified in constant time, and it does not print itself.
///
/// ```
/// use stripe_connect_oauth::State;
///
/// let state = State::from_random([7; 32]);
/// assert!(state.verify(state.as_str()));
/// assert!(!state.verify("guess"));
/// assert_eq!(format!("{state:?}"), "State([redacted])");
/// ```
#[derive(Clone)]
#[must_use = "a state that is not kept cannot be verified when the browser comes back"]
pub struct State(String);

impl State {
    /// A state from 32 bytes of the host's cryptographic randomness.
    pub fn from_random(random: [u8; 32]) -> State {
        State(Base64UrlUnpadded::encode_string(&random))
    }

    /// Reads a state that was made earlier. Anything but 32 bytes of base64url is refused, so that a
    /// user id or a constant can't be used as one.
    pub fn parse(text: &str) -> Result<State, ConnectError> {
        const FIX: &str = "use a value from newState(), kept until the browser comes back";
        if text.is_empty() {
            return Err(ConnectError::missing("state", FIX));
        }
        let mut bytes = [0; 32];
        match Base64UrlUnpadded::decode(text, &mut bytes) {
            Ok(decoded) if decoded.len() == 32 => Ok(State(text.to_owned())),
            _ => Err(ConnectError::invalid(
                "state",
                &["must be 32 random bytes in 43 base64url characters: ", FIX].concat(),
            )),
        }
    }

    /// The state as it stands in the authorize URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `candidate` is this state, in time that does not depend on where they differ.
    pub fn verify(&self, candidate: &str) -> bool {
        self.0.as_bytes().ct_eq(candidate.as_bytes()).into()
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State([redacted])")
    }
}
