//! [`IdempotencyKey`]: what makes a `POST` of the API safe to send again.

use crate::vocabulary::convert::as_text;
use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::text::all;

const PARAM: &str = "idempotency_key";

/// The value of an `Idempotency-Key` header. For 24 hours, Stripe answers a request that has the same key
/// with the first one's result, and refuses it when its parameters differ
/// (`docs.stripe.com/api/idempotent_requests`).
///
/// A random key makes retries safe. A key of your own, such as the order's or the user's id, makes the
/// whole operation happen once.
///
/// ```
/// use stripe_connect_oauth::server::IdempotencyKey;
///
/// let random = [7; 16]; // 16 bytes of your host's randomness
/// assert_eq!(IdempotencyKey::from_random(random).as_str(), "07070707-0707-4707-8707-070707070707");
/// assert_eq!(IdempotencyKey::parse("account-of-user-42")?.as_str(), "account-of-user-42");
/// assert!(IdempotencyKey::parse("two words").is_err());
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// A random UUID (version 4).
    pub fn from_random(random: [u8; 16]) -> IdempotencyKey {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = random;
        let (g, i) = ((g & 0x0f) | 0x40, (i & 0x3f) | 0x80);
        let groups: [&[u8]; 5] = [&[a, b, c, d], &[e, f], &[g, h], &[i, j], &[k, l, m, n, o, p]];
        let hex = |group: &[u8]| group.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        IdempotencyKey(groups.map(hex).join("-"))
    }

    /// Reads a key of your own: 1 to 255 visible ASCII characters, without spaces.
    pub fn parse(text: &str) -> Result<IdempotencyKey, ConnectError> {
        if text.is_empty() {
            return Err(ConnectError::missing(
                PARAM,
                "leave it out, or give a text that is this operation's alone",
            ));
        }
        if text.len() > 255 {
            return Err(ConnectError::new(ErrorCode::TooLong, PARAM, "is longer than 255 characters"));
        }
        if !all(text, |byte| byte.is_ascii_graphic()) {
            return Err(ConnectError::invalid(PARAM, "must be visible ASCII characters, without spaces"));
        }
        Ok(IdempotencyKey(text.to_owned()))
    }

    /// The key as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

as_text! { IdempotencyKey: IdempotencyKey::parse; }
