//! The protocol's parameters, as a query writes them.

use super::text::{cut, pieces};
use std::fmt;
use std::str::Bytes;

/// Their names, and where each is kept.
const NAMES: [&str; 6] = ["code", "error", "state", "scope", "error_description", "iss"];
pub(crate) const CODE: usize = 0;
pub(crate) const ERROR: usize = 1;
pub(crate) const STATE: usize = 2;
pub(crate) const SCOPE: usize = 3;
pub(crate) const DESCRIPTION: usize = 4;
pub(crate) const ISSUER: usize = 5;

/// What a query has of them, in the order of [`NAMES`].
pub(crate) type Params = [Param; 6];

/// One of the protocol's parameters, as often as it stands in the query.
pub(crate) enum Param {
    Absent,
    Once(String),
    Twice,
    Broken,
}

impl Param {
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Param::Absent)
    }
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

/// Reads the protocol's parameters; any other is passed over (RFC 6749 §4.1.2).
pub(crate) fn read_params(query: &str) -> Params {
    let mut params = [const { Param::Absent }; 6];
    for pair in pieces(query, b'&') {
        let (name, value) = cut(pair, b'=').unwrap_or((pair, ""));
        let at = decode(name).and_then(|name| NAMES.iter().position(|known| *known == name));
        let Some(param) = at.and_then(|at| params.get_mut(at)) else { continue };
        *param = match (&param, decode(value)) {
            (Param::Absent, Some(value)) => Param::Once(value),
            (Param::Absent, None) => Param::Broken,
            _ => Param::Twice,
        };
    }
    params
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
pub(crate) fn octet(bytes: &mut Bytes<'_>) -> Option<u8> {
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
