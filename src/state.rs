//! [`State`]: the nonce that ties a callback to the flow it ends.

use crate::error::ConnectError;
use crate::text::join;
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
        State(base64url(&random))
    }

    /// A state from a slice of the host's randomness, which must have 32 bytes.
    #[cfg(feature = "js")]
    pub(crate) fn from_slice(random: &[u8]) -> Result<State, ConnectError> {
        match random.try_into() {
            Ok(random) => Ok(State::from_random(random)),
            Err(_) => Err(ConnectError::invalid("state", "needs 32 random bytes")),
        }
    }

    /// Reads a state that was made earlier. Anything but 32 bytes of base64url is refused, so that a
    /// user id or a constant can't be used as one.
    pub fn parse(text: &str) -> Result<State, ConnectError> {
        const FIX: &str = "use a value from newState(), kept until the browser comes back";
        if text.is_empty() {
            return Err(ConnectError::missing("state", FIX));
        }
        let is_digit = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        // 256 bits leave two of the last digit's six unused, and zero.
        let is_last = |b: &u8| b"AEIMQUYcgkosw048".contains(b);
        if text.len() == 43 && text.bytes().all(is_digit) && text.as_bytes().last().is_some_and(is_last) {
            return Ok(State(text.to_owned()));
        }
        Err(ConnectError::invalid("state", &join(&["must be 32 random bytes in 43 base64url characters: ", FIX])))
    }

    /// The state as it stands in the authorize URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `candidate` is this state, in time that does not depend on where they differ.
    pub fn verify(&self, candidate: &str) -> bool {
        same_secret(&self.0, candidate)
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State([redacted])")
    }
}

/// Whether two texts are the same, in time that depends on their lengths only.
pub(crate) fn same_secret(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// RFC 4648 §5 without padding. By hand, because the browser build has room for no library here; a test
/// holds it against one.
fn base64url(bytes: &[u8; 32]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().zip([16, 8, 0]).fold(0, |bits, (byte, shift)| bits | (usize::from(*byte) << shift));
        text.extend([18, 12, 6, 0].iter().filter_map(|shift| DIGITS.get((bits >> shift) & 63)).map(|digit| char::from(*digit)));
    }
    // 32 bytes are ten threes and a two, whose last digit is only padding.
    text.truncate(43);
    text
}
