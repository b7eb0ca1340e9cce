//! [`CallbackQuery`]: the redirect back as it stands in the address, until it is verified.

use super::callback::{AuthorizationCode, Authorized, Callback};
use crate::vocabulary::rejection::Rejection;
use crate::vocabulary::scope::Scope;
use crate::vocabulary::state::State;
use crate::vocabulary::text::{all, cut, pieces};
use std::fmt;
use std::str::Bytes;

/// The limit on a callback's length, in bytes. A longer one is refused before it is parsed.
///
/// ```
/// use stripe_connect_oauth::{Callback, MAX_CALLBACK_BYTES, Rejection, State, parse_callback};
///
/// let long = format!("?code=ac_{}", "1".repeat(MAX_CALLBACK_BYTES));
/// let callback = parse_callback(&long, &State::from_random([7; 32]));
/// assert!(matches!(callback, Callback::Rejected(Rejection::TooLong)));
/// ```
pub const MAX_CALLBACK_BYTES: usize = 8192;

/// Reads the redirect: `input` is the whole URL, or its query beginning with `?`.
///
/// ```
/// use stripe_connect_oauth::{Callback, Rejection, State, parse_callback};
///
/// let state = State::from_random([7; 32]);
/// let forged = parse_callback("?code=ac_attacker&state=guess", &state);
/// assert!(matches!(forged, Callback::Rejected(Rejection::StateMismatch)));
/// ```
pub fn parse_callback(input: &str, state: &State) -> Callback {
    CallbackQuery::read(input).verify(state)
}

/// A callback's parameters, read but not believed. Nothing but its state can be taken out before
/// [`CallbackQuery::verify`].
///
/// ```
/// use stripe_connect_oauth::{Callback, CallbackQuery, Rejection, State};
///
/// let state = State::from_random([7; 32]);
/// let query = CallbackQuery::read(&format!("?code=ac_123&state={}", state.as_str()));
///
/// // Find the flow that it claims to end, then believe it or not.
/// assert_eq!(query.state(), Some(state.as_str()));
/// assert!(matches!(query.verify(&state), Callback::Authorized(_)));
/// assert!(matches!(query.unmatched(Rejection::NotStarted), Callback::Rejected(Rejection::NotStarted)));
/// ```
#[derive(Debug)]
pub struct CallbackQuery {
    /// In the order of [`NAMES`].
    params: [Param; 6],
    too_long: bool,
}

/// The protocol's parameters, and where each is kept.
const NAMES: [&str; 6] = ["code", "error", "state", "scope", "error_description", "iss"];
const CODE: usize = 0;
const ERROR: usize = 1;
const STATE: usize = 2;
const SCOPE: usize = 3;
const DESCRIPTION: usize = 4;
const ISSUER: usize = 5;

impl CallbackQuery {
    /// Reads the whole URL, or its query beginning with `?`. Parameters that are not the protocol's
    /// are passed over (RFC 6749 §4.1.2).
    pub fn read(input: &str) -> CallbackQuery {
        let mut params = [const { Param::Absent }; 6];
        let too_long = input.len() > MAX_CALLBACK_BYTES;
        for pair in pieces(if too_long { "" } else { query_of(input) }, b'&') {
            let (name, value) = cut(pair, b'=').unwrap_or((pair, ""));
            let at = decode(name).and_then(|name| NAMES.iter().position(|known| *known == name));
            let Some(param) = at.and_then(|at| params.get_mut(at)) else { continue };
            *param = match (&param, decode(value)) {
                (Param::Absent, Some(value)) => Param::Once(value),
                (Param::Absent, None) => Param::Broken,
                _ => Param::Twice,
            };
        }
        CallbackQuery { params, too_long }
    }

    fn once(&self, at: usize) -> Option<&str> {
        match self.params.get(at) {
            Some(Param::Once(value)) => Some(value),
            _ => None,
        }
    }

    /// The state the link carries, unverified: to find the flow it claims to belong to.
    pub fn state(&self) -> Option<&str> {
        self.once(STATE)
    }

    /// The code the link carries, unverified: to recognise a callback that was already finished.
    #[cfg(feature = "edge")]
    pub(crate) fn unverified_code(&self) -> Option<&str> {
        self.once(CODE)
    }

    /// What the callback says, if it belongs to the flow that began with `state`.
    pub fn verify(&self, state: &State) -> Callback {
        if let Some(early) = self.without_flow() {
            return early;
        }
        match self.state() {
            None => Callback::Rejected(Rejection::StateMissing),
            Some(candidate) if !state.verify(candidate) => Callback::Rejected(Rejection::StateMismatch),
            Some(_) => self.verified(),
        }
    }

    /// What the callback says when no flow matches it: the reason, unless it shows one of its own.
    pub fn unmatched(&self, reason: Rejection) -> Callback {
        self.without_flow().unwrap_or(match self.state() {
            None => Callback::Rejected(Rejection::StateMissing),
            Some(_) => Callback::Rejected(reason),
        })
    }

    /// The verdicts that need no flow: nothing there, damaged, or a denial without state.
    fn without_flow(&self) -> Option<Callback> {
        if self.too_long {
            return Some(Callback::Rejected(Rejection::TooLong));
        }
        // Only an answer or its state make it a callback; a page may have a `scope` of its own.
        if self.params.iter().take(3).all(|param| matches!(param, Param::Absent)) {
            return Some(Callback::None);
        }
        for param in &self.params {
            match param {
                Param::Twice => return Some(Callback::Rejected(Rejection::DuplicateParameter)),
                Param::Broken => return Some(Callback::Rejected(Rejection::Malformed)),
                Param::Absent | Param::Once(_) => {}
            }
        }
        if self.once(ISSUER).is_some() {
            return Some(Callback::Rejected(Rejection::UnexpectedIssuer));
        }
        if self.once(CODE).is_some() == self.once(ERROR).is_some() {
            return Some(Callback::Rejected(Rejection::ConflictingParameters));
        }
        // Stripe Apps leave the state out of a denial (stripe/stripe-apps#948).
        (self.state().is_none() && self.once(ERROR) == Some("access_denied")).then(|| self.denied(false))
    }

    /// The answer itself. Only [`CallbackQuery::verify`] calls this, after the state was verified.
    fn verified(&self) -> Callback {
        if let Some(code) = self.once(CODE) {
            let scope = self.once(SCOPE).and_then(|scope| Scope::parse(scope).ok());
            return match AuthorizationCode::read(code) {
                Some(code) => Callback::Authorized(Authorized { code, scope }),
                None => Callback::Rejected(Rejection::Malformed),
            };
        }
        match self.once(ERROR) {
            Some("access_denied") => self.denied(true),
            Some(error) if is_error_code(error) => {
                Callback::Failed { error: error.to_owned(), untrusted_description: self.description() }
            }
            _ => Callback::Rejected(Rejection::Malformed),
        }
    }

    fn denied(&self, verified: bool) -> Callback {
        Callback::Denied { verified, untrusted_description: self.description() }
    }

    fn description(&self) -> Option<String> {
        let text = self.once(DESCRIPTION)?;
        let mut plain = String::new();
        for c in text.chars().take(256) {
            if !c.is_control() {
                plain.push(c);
            }
        }
        Some(plain)
    }
}

/// The query of a URL, or of a text that begins with `?`; a text that has neither a `?` nor the look of
/// a URL is a query already.
fn query_of(input: &str) -> &str {
    let before_fragment = cut(input, b'#').map_or(input, |(before, _)| before);
    match cut(before_fragment, b'?') {
        Some((_, query)) => query,
        None if !all(before_fragment, |b| b != b':' && b != b'/') => "",
        None => before_fragment,
    }
}

/// One of the protocol's parameters, as often as it stands in the query.
enum Param {
    Absent,
    Once(String),
    Twice,
    Broken,
}

impl fmt::Debug for Param {
    /// The value may be a code or a state: only its presence is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Param::Absent => "absent",
            Param::Once(_) => "[redacted]",
            Param::Twice => "repeated",
            Param::Broken => "broken",
        })
    }
}

/// Lower-case words joined by underscores, as every error code of RFC 6749 and of Stripe is.
fn is_error_code(text: &str) -> bool {
    (1..=64).contains(&text.len()) && all(text, |b| b.is_ascii_lowercase() || b == b'_')
}

/// Form decoding without forgiveness: `None` for a broken `%` or for bytes that are not UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = String::new();
    while bytes.len() > 0 {
        decoded.push(character(&mut bytes)?);
    }
    Some(decoded)
}

/// The next character, from its bytes in UTF-8 (RFC 3629 §3): their number stands in the first one, and must
/// be the least that will do. By hand, for the standard reader is two hundred bytes of the browser's 16,000.
fn character(bytes: &mut Bytes<'_>) -> Option<char> {
    let first = octet(bytes)?;
    let length = first.leading_ones();
    let mut scalar = u32::from(first) & (0x7f >> length);
    for _ in 1..length {
        let next = octet(bytes)?;
        if next.leading_ones() != 1 {
            return None;
        }
        scalar = (scalar << 6) | u32::from(next & 0x3f);
    }
    let character = char::from_u32(scalar)?;
    let is_shortest = length != 1 && usize::try_from(length.max(1)) == Ok(character.len_utf8());
    is_shortest.then_some(character)
}

/// The next byte that the text stands for.
fn octet(bytes: &mut Bytes<'_>) -> Option<u8> {
    Some(match bytes.next()? {
        b'+' => b' ',
        b'%' => (hex_digit(bytes.next()?)? << 4) | hex_digit(bytes.next()?)?,
        byte => byte,
    })
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::decode;
    use proptest::prelude::*;

    /// The naive twin: what the standard library makes of the same bytes.
    fn assert_read_as_utf8(bytes: &[u8]) {
        let escaped: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
        assert_eq!(decode(&escaped), String::from_utf8(bytes.to_vec()).ok(), "{escaped}");
    }

    #[test]
    fn only_utf8_is_read() {
        for first in 0..=255 {
            assert_read_as_utf8(&[first]);
            for second in 0..=255 {
                assert_read_as_utf8(&[first, second]);
                assert_read_as_utf8(&[first, second, 0x80]);
                assert_read_as_utf8(&[first, second, 0xbf, 0xbf]);
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_back(text: String, bytes: Vec<u8>) {
            prop_assert_eq!(decode(&text.replace('%', "%25").replace('+', "%2B")), Some(text));
            assert_read_as_utf8(&bytes);
        }
    }
}
