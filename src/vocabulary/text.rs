//! Cutting and joining text. The standard library's searchers and `concat` do the same with a quarter of
//! the browser build's size in panics and their messages.

/// `text` before and after its first `at`, an ASCII byte.
pub(crate) fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    around(text, text.bytes().position(|byte| byte == at)?)
}

/// `text` before and after its last `at`, an ASCII byte.
pub(crate) fn cut_last(text: &str, at: u8) -> Option<(&str, &str)> {
    around(text, text.bytes().rposition(|byte| byte == at)?)
}

fn around(text: &str, position: usize) -> Option<(&str, &str)> {
    Some((text.get(..position)?, text.get(position.checked_add(1)?..)?))
}

/// The pieces of `text` between one ASCII byte and the next; one empty piece when `text` is empty.
pub(crate) fn pieces(text: &str, at: u8) -> Pieces<'_> {
    Pieces { rest: Some(text), at }
}

#[derive(Clone)]
pub(crate) struct Pieces<'a> {
    rest: Option<&'a str>,
    at: u8,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let (piece, rest) = match cut(rest, self.at) {
            Some((piece, rest)) => (piece, Some(rest)),
            None => (rest, None),
        };
        self.rest = rest;
        Some(piece)
    }
}

/// Whether every byte of `text` keeps the rule.
pub(crate) fn all(text: &str, rule: fn(u8) -> bool) -> bool {
    text.bytes().all(rule)
}

/// A line of text: something visible in it, and no control character.
pub(crate) fn is_line(text: &str) -> bool {
    !has_control(text) && !all(text, |b| b == b' ')
}

/// Whether a control character of ASCII is in `text`.
pub(crate) fn has_control(text: &str) -> bool {
    !all(text, |b| !b.is_ascii_control())
}

/// The value of a decimal number of at most 15 digits.
pub(crate) fn number(digits: &str) -> Option<u64> {
    let mut number = 0_u64;
    for byte in digits.bytes() {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number = number.wrapping_mul(10).wrapping_add(digit.into());
    }
    (1..=15).contains(&digits.len()).then_some(number)
}

/// `number` in decimal digits, without the formatting machinery that the browser build does without.
pub(crate) fn decimal(mut number: u64) -> String {
    let mut digits = String::new();
    loop {
        let digit = u32::try_from(number % 10).ok().and_then(|digit| char::from_digit(digit, 10));
        digits.insert(0, digit.unwrap_or('0'));
        number /= 10;
        if number == 0 {
            return digits;
        }
    }
}

/// The parts, one after the other.
pub(crate) fn join(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// The bytes in lower-case hexadecimal.
#[cfg(feature = "server")]
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0'));
    bytes.iter().flat_map(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The naive twins: what the standard library does.
        #[test]
        fn cutting_and_joining_are_the_standard_librarys(text in "[a=&é]{0,12}") {
            prop_assert_eq!(cut(&text, b'='), text.split_once('='));
            prop_assert_eq!(cut_last(&text, b'='), text.rsplit_once('='));
            prop_assert_eq!(pieces(&text, b'&').collect::<Vec<_>>(), text.split('&').collect::<Vec<_>>());
            prop_assert_eq!(join(&[&text, "x", &text]), [&text, "x", &text].concat());
        }
    }
}
