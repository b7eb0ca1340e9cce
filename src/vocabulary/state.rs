//! [`State`]: the nonce that ties a callback to the flow it ends.

use super::convert::from_text;
use super::error::ConnectError;
use super::text::{all, join};
use std::fmt;
use subtle::ConstantTimeEq;

/// An OAuth `state`: 256 random bits, as 43 base64url characters (RFC 6749 §10.12, RFC 9700 §4.7).
///
/// It cannot be compared with `==`, only verified in constant time, and it does not print itself: it is for one
/// browser, and logs are read by others. So it has `FromStr`, and neither `Display`, `AsRef<str>` nor serde's traits.
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

    /// Reads a state that was made earlier. Anything but 32 bytes of base64url is refused, so that a
    /// user id or a constant can't be used as one.
    ///
    /// ```
    /// use stripe_connect_oauth::State;
    ///
    /// let kept = State::from_random([7; 32]).as_str().to_owned();
    /// assert!(State::parse(&kept)?.verify(&kept));
    /// assert_eq!(State::parse("user-1").unwrap_err().param(), "state");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    pub fn parse(text: &str) -> Result<State, ConnectError> {
        State::check(text)?;
        Ok(State(text.to_owned()))
    }

    pub(crate) fn check(text: &str) -> Result<(), ConnectError> {
        const FIX: &str = "use a value from newState()";
        if text.is_empty() {
            return Err(ConnectError::missing("state", FIX));
        }
        let digits = all(text, |b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        // 256 bits leave two of the last digit's six unused, and zero.
        let last =
            DIGITS.iter().position(|digit| text.as_bytes().last() == Some(digit)).is_some_and(|six| six & 3 == 0);
        if text.len() == 43 && digits && last {
            return Ok(());
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

from_text! { State: State::parse; }

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State([redacted])")
    }
}

/// Whether two texts are the same, in time that depends on their lengths only.
pub(crate) fn same_secret(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// The base64url alphabet.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// RFC 4648 §5 without padding. By hand, so that the front channel needs no library; a test holds it against
/// one.
fn base64url(bytes: &[u8; 32]) -> String {
    let mut text = String::new();
    let mut bits = 0;
    for (at, byte) in bytes.iter().enumerate() {
        bits = (bits << 8) | usize::from(*byte);
        // The digits that this byte completes: one, one, two; and so on.
        let shifts: &[u8] = match at % 3 {
            0 => &[2],
            1 => &[4],
            _ => &[6, 0],
        };
        for shift in shifts {
            text.push(DIGITS.get((bits >> shift) & 63).map_or('A', |digit| char::from(*digit)));
        }
    }
    // The last four bits, and two zeros.
    text.push(DIGITS.get((bits << 2) & 63).map_or('A', |digit| char::from(*digit)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64UrlUnpadded, Encoding};
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    /// Long texts make it plain: one that stops at the first difference is many times faster.
    #[test]
    fn attack_14_a_comparison_does_not_say_where_texts_differ() {
        let most = "a".repeat(1 << 18);
        let [text, early, late] =
            [["a", &*most, "a"], ["b", &*most, "a"], ["a", &*most, "b"]].map(|parts| parts.concat());
        assert!(same_secret(&text, &text.clone()) && !same_secret(&text, &early) && !same_secret(&text, &late));
        let fastest = |other: &str| -> Duration {
            let tries = (0..25).map(|_| {
                let began = Instant::now();
                std::hint::black_box(same_secret(&text, std::hint::black_box(other)));
                began.elapsed()
            });
            tries.min().unwrap_or_default()
        };
        let (early, late) = (fastest(&early), fastest(&late));
        assert!(late < early * 4, "{early:?} where the first letter differs, {late:?} where the last does");
    }

    proptest! {
        #[test]
        fn a_state_is_base64url(random: [u8; 32]) {
            let state = State::from_random(random);
            prop_assert_eq!(state.as_str(), Base64UrlUnpadded::encode_string(&random));
        }

        /// What is read back is what could have been made: an oracle that decodes strictly agrees.
        #[test]
        fn only_32_bytes_of_base64url_are_a_state(text in "[A-Za-z0-9_=+-]{42,44}") {
            let decoded = Base64UrlUnpadded::decode_vec(&text).is_ok_and(|bytes| bytes.len() == 32);
            prop_assert_eq!(State::parse(&text).is_ok(), decoded, "{}", text);
        }
    }
}
