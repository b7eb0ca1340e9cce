//! Punycode (RFC 3492), as far as a host's labels need it: by hand, for the `idna` crate brings tables of many times the
//! browser's bytes.

use super::text::cut_last;
use std::str::Bytes;

/// Whether a label of letters, digits and hyphens is plain or, where it begins with `xn--`, the Punycode of a text that is
/// not all ASCII. Chromium takes any; Firefox, Safari and the `url` crate refuse what is not, and what is not in IDNA's
/// tables besides (`tests/support/labels.rs`).
pub(crate) fn is_plain_or_punycode(label: &str) -> bool {
    !matches!(label.as_bytes(), [b'x' | b'X', b'n' | b'N', b'-', b'-', ..]) || decode(label).is_some()
}

/// Follows the decoder of RFC 3492 §6.2 and keeps of the text no more than its length.
fn decode(label: &str) -> Option<()> {
    let (plain, digits) = cut_last(label, b'-')?;
    let mut length = u64::try_from(plain.len()).ok()?.saturating_sub(4);
    let (mut point, mut at, mut bias) = (128_u64, 0_u64, 72_u64);
    let mut digits = digits.bytes();
    while digits.len() > 0 {
        let delta = number(&mut digits, bias)?;
        let is_first = at == 0;
        length = length.saturating_add(1);
        at = at.wrapping_add(delta);
        point = point.wrapping_add(at.checked_div(length)?);
        at = at.checked_rem(length)?.wrapping_add(1);
        // What is left out is in nobody's table: controls, Latin capitals, surrogates, private use, wide forms.
        if !matches!(point, 0xa1..=0xbf | 0xd7 | 0xdf..=0xd7ff | 0xf900..=0xfe73 | 0x1_0000..=0x3_ffff) {
            return None;
        }
        bias = adapt(if is_first { delta / 700 } else { delta / 2 }, length)?;
    }
    (at > 0 && plain.len() != 4).then_some(())
}

/// A number of as many digits as it needs: how many is in the digits themselves (§3.3).
fn number(digits: &mut Bytes<'_>, bias: u64) -> Option<u64> {
    let (mut number, mut weight, mut k) = (0_u64, 1_u64, 36_u64);
    while weight >> 32 == 0 {
        let byte = digits.next()?;
        let digit = u64::from(if byte < b'A' { byte.wrapping_sub(22) } else { (byte & 31).wrapping_sub(1) });
        number = number.wrapping_add(digit.wrapping_mul(weight));
        let threshold = k.saturating_sub(bias).clamp(1, 26);
        if digit < threshold {
            return Some(number);
        }
        weight = weight.wrapping_mul(36_u64.wrapping_sub(threshold));
        k = k.wrapping_add(36);
    }
    None
}

/// The bias for the next number (§6.1).
fn adapt(mut delta: u64, length: u64) -> Option<u64> {
    delta = delta.wrapping_add(delta.checked_div(length)?);
    let mut k = 0_u64;
    while delta > 455 {
        delta /= 35;
        k = k.wrapping_add(36);
    }
    Some(k.wrapping_add(delta.wrapping_mul(36).checked_div(delta.saturating_add(38))?))
}

#[cfg(test)]
mod tests {
    use super::is_plain_or_punycode;
    use proptest::prelude::*;

    /// The code points that no parser takes, as IDNA's table has them in whole ranges (UTS #46).
    fn is_in_nobodys_table(c: char) -> bool {
        matches!(c, '\0'..='\u{a0}' | 'À'..='Ö' | 'Ø'..='Þ' | '\u{e000}'..='\u{f8ff}' | '\u{fe74}'..='\u{ffff}')
            || c >= '\u{40000}'
    }

    /// The naive twin: what the `idna` crate's decoder makes of it.
    fn assert_read_as_punycode(encoded: &str) {
        let decoded = idna::punycode::decode_to_string(&encoded.to_ascii_lowercase());
        let beyond_ascii = |text: String| text.chars().filter(|c| !c.is_ascii()).collect::<String>();
        let is_sound = decoded
            .map(beyond_ascii)
            .is_some_and(|text| !text.is_empty() && !text.chars().any(is_in_nobodys_table));
        assert_eq!(is_plain_or_punycode(&format!("xn--{encoded}")), is_sound, "{encoded}");
    }

    #[test]
    fn short_labels_are_read_as_the_idna_crate_reads_them() {
        let digits = "abkyz0129-";
        for length in 1..=5_u32 {
            for number in 0..10_u32.pow(length) {
                let digit = |at| digits.chars().nth((number / 10_u32.pow(at) % 10).try_into().unwrap()).unwrap();
                let encoded: String = (0..length).map(digit).collect();
                assert_read_as_punycode(&encoded);
            }
        }
    }

    proptest! {
        #[test]
        fn any_label_is_read_as_the_idna_crate_reads_it(encoded in "[a-zA-Z0-9]{0,30}-?[a-zA-Z0-9-]{0,28}") {
            assert_read_as_punycode(&encoded);
        }

        /// Whatever stands in a host, Punycode writes it.
        #[test]
        fn what_the_idna_crate_writes_is_read(text in "[a-z0-9ßà-ö中-龥а-я가-힣😀-🙏]{1,16}") {
            let encoded = idna::punycode::encode_str(&text).unwrap();
            prop_assert_eq!(is_plain_or_punycode(&format!("xn--{encoded}")), !text.is_ascii());
        }
    }
}
