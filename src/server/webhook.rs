//! Webhooks: [`verify_webhook`] believes a request only when Stripe signed it, for this endpoint, just now.

use super::event::{Event, read_event};
use super::secret::leaving_no_key;
use super::webhook_error::WebhookError;
use crate::vocabulary::convert::from_text;
use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::ids::credential;
use crate::vocabulary::text::{all, hex, number};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use subtle::{Choice, ConstantTimeEq};

/// The longest body that is read, in bytes: far above any of Stripe's events.
///
/// ```
/// use stripe_connect_oauth::server::{MAX_WEBHOOK_BYTES, Tolerance, WebhookError, verify_webhook};
///
/// let too_long = vec![b' '; MAX_WEBHOOK_BYTES + 1];
/// assert_eq!(verify_webhook(&too_long, "t=1,v1=a", &[], 1, Tolerance::default()), Err(WebhookError::BodyTooLong));
/// ```
pub const MAX_WEBHOOK_BYTES: usize = 1_048_576;
/// The longest `Stripe-Signature` that is read, in bytes: room for some fifty signatures.
///
/// ```
/// use stripe_connect_oauth::server::{MAX_SIGNATURE_BYTES, Tolerance, WebhookError, verify_webhook};
///
/// let too_long = "v1=a,".repeat(MAX_SIGNATURE_BYTES);
/// let error = verify_webhook(b"{}", &too_long, &[], 1, Tolerance::default()).unwrap_err();
/// assert_eq!(error, WebhookError::MalformedSignature);
/// ```
pub const MAX_SIGNATURE_BYTES: usize = 4096;

/// An endpoint's signing secret, `whsec_…`. Stripe has one for each endpoint, each mode, and its CLI.
///
/// The text is used whole, prefix included. The prefix is not asked for, so that a test may sign with a
/// secret of its own; but a text under 10 characters, such as `undefined`, is no secret, and anyone could
/// sign with it.
///
/// ```
/// use stripe_connect_oauth::server::WebhookSecret;
///
/// let secret = WebhookSecret::parse("whsec_5dc4a9b17ae0f6a8")?;
/// assert_eq!(format!("{secret:?}"), "WebhookSecret([redacted])");
/// assert!(WebhookSecret::parse("undefined").is_err());
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
// The keyed state, not the text: it is zeroized, and can't be printed or compared.
#[derive(Clone)]
pub struct WebhookSecret(Hmac<Sha256>);

impl WebhookSecret {
    /// Reads a secret: 10 to 255 visible ASCII characters. The error never repeats the text.
    pub fn parse(text: &str) -> Result<WebhookSecret, ConnectError> {
        const PARAM: &str = "webhook_secret";
        const FIX: &str = "give the endpoint's signing secret, which begins with whsec_";
        const TOO_SHORT: &str = "must have 10 characters or more: it may be the word undefined, or a placeholder";
        const UNSEEN: &str = "must be visible ASCII characters: it may have a space or a line break";
        if text.is_empty() {
            return Err(ConnectError::missing(PARAM, FIX));
        }
        if text.len() > 255 {
            return Err(ConnectError::new(ErrorCode::TooLong, PARAM, "is longer than 255 bytes"));
        }
        if let Some(other) = credential(text).filter(|_| !text.starts_with("whsec_")) {
            let what = ["is ", other, ", not a signing secret: ", FIX].concat();
            return Err(ConnectError::new(ErrorCode::WrongCredential, PARAM, &what));
        }
        if !all(text, |b| b.is_ascii_graphic()) {
            return Err(ConnectError::invalid(PARAM, UNSEEN));
        }
        let keyed = leaving_no_key(|| Hmac::new_from_slice(text.as_bytes())).ok().filter(|_| text.len() >= 10);
        keyed.map(WebhookSecret).ok_or_else(|| ConnectError::invalid(PARAM, TOO_SHORT))
    }

    /// The signature of `timestamp.body`, as 64 digits.
    fn sign(&self, timestamp: &str, body: &[u8]) -> String {
        let sign = || self.0.clone().chain_update(timestamp).chain_update(b".").chain_update(body).finalize();
        hex(&leaving_no_key(sign).into_bytes())
    }
}

from_text! { WebhookSecret: WebhookSecret::parse; }

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret([redacted])")
    }
}

/// How far a signature's time may be from now, before or after. Default: 300 seconds, as Stripe's own.
///
/// A retry is signed afresh, so a wider one gains nothing but replays.
///
/// ```
/// use stripe_connect_oauth::server::Tolerance;
///
/// assert_eq!(Tolerance::seconds(300)?, Tolerance::default());
/// assert!(Tolerance::seconds(0).is_err(), "the check can't be switched off");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance(u64);

impl Tolerance {
    /// From 1 second to 86 400, a day. Zero, which switches the check off in Stripe's libraries, is refused.
    pub fn seconds(seconds: u64) -> Result<Tolerance, ConnectError> {
        const RULE: &str = "must be from 1 to 86400 seconds: the check of the time can't be switched off";
        match seconds {
            1..=86_400 => Ok(Tolerance(seconds)),
            _ => Err(ConnectError::invalid("tolerance", RULE)),
        }
    }
}

impl Default for Tolerance {
    fn default() -> Tolerance {
        Tolerance(300)
    }
}

/// Reads an event that Stripe signed (`docs.stripe.com/webhooks#verify-manually`).
///
/// `raw_body` is the request's body as it came, byte for byte; `header` is its `Stripe-Signature`, empty when
/// there is none; `secrets` are the endpoint's, more than one while a rolled one is still alive; `now` is Unix
/// time in seconds. The header must be `t=…,v1=…` in any order: exactly one `t`, in digits without leading
/// zeros, and any number of `v1`, each of which is tried with every secret. Other schemes are passed over.
///
/// Events come more than once and out of order: handle each [`Event::id`] once. Test events come to live
/// endpoints too: look at [`Event::livemode`].
///
/// ```
/// use stripe_connect_oauth::server::{EventKind, Tolerance, WebhookSecret, sign_webhook, verify_webhook};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let secrets = [WebhookSecret::parse("whsec_5dc4a9b17ae0f6a8")?];
/// let body = br#"{"id":"evt_1","object":"event","type":"account.application.deauthorized","created":1533204620,
///     "livemode":false,"account":"acct_1","data":{"object":{"id":"ca_1","object":"application"}}}"#;
/// # let [secret] = &secrets;
/// # let header = sign_webhook(body, secret, 1533204620);
///
/// let event = verify_webhook(body, &header, &secrets, 1533204625, Tolerance::default())?;
/// if let EventKind::Deauthorized { .. } = event.kind {
///     assert_eq!(event.account.map(|id| id.to_string()).as_deref(), Some("acct_1"));
/// }
/// # Ok(())
/// # }
/// ```
pub fn verify_webhook(
    raw_body: &[u8],
    header: &str,
    secrets: &[WebhookSecret],
    now: u64,
    tolerance: Tolerance,
) -> Result<Event, WebhookError> {
    verify_webhook_signature(raw_body, header, secrets, now, tolerance)?;
    read_event(raw_body)
}

/// The first half of [`verify_webhook`]: whether Stripe signed `raw_body`, whatever it says. For bodies that are no
/// event, such as the `{"id":…,"object":…}` that the suites of Stripe's libraries sign, and those that are read elsewhere.
///
/// ```
/// use stripe_connect_oauth::server::{Tolerance, WebhookError, WebhookSecret, sign_webhook, verify_webhook_signature};
///
/// let secrets = [WebhookSecret::parse("whsec_of_a_test")?];
/// let body = br#"{"id":"evt_test_webhook","object":"event"}"#;
/// let header = sign_webhook(body, &secrets[0], 1_700_000_000);
/// let verify = |body| verify_webhook_signature(body, &header, &secrets, 1_700_000_000, Tolerance::default());
/// assert_eq!(verify(body), Ok(()));
/// assert_eq!(verify(b"{}"), Err(WebhookError::SignatureMismatch));
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub fn verify_webhook_signature(
    raw_body: &[u8],
    header: &str,
    secrets: &[WebhookSecret],
    now: u64,
    tolerance: Tolerance,
) -> Result<(), WebhookError> {
    if raw_body.len() > MAX_WEBHOOK_BYTES {
        return Err(WebhookError::BodyTooLong);
    }
    let signature = Signature::read(header)?;
    if !signature.is_of(raw_body, secrets) {
        return Err(WebhookError::SignatureMismatch);
    }
    // Only now: who learns that a signature is too old should know that it is Stripe's.
    if signature.seconds.abs_diff(now) > tolerance.0 {
        return Err(if signature.seconds > now { WebhookError::InTheFuture } else { WebhookError::TooOld });
    }
    Ok(())
}

/// A `Stripe-Signature` for `body`, signed at `timestamp` in Unix seconds: for tests, and stand-ins for Stripe.
///
/// ```
/// use stripe_connect_oauth::server::{Tolerance, WebhookSecret, sign_webhook, verify_webhook};
///
/// let secrets = [WebhookSecret::parse("whsec_of_a_test")?];
/// let body = br#"{"id":"evt_1","object":"event","type":"payout.paid","created":1,"livemode":false,
///     "data":{"object":{}}}"#;
/// let header = sign_webhook(body, &secrets[0], 1_700_000_000);
/// assert!(verify_webhook(body, &header, &secrets, 1_700_000_000, Tolerance::default()).is_ok());
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub fn sign_webhook(body: &[u8], secret: &WebhookSecret, timestamp: u64) -> String {
    let timestamp = timestamp.to_string();
    let signature = secret.sign(&timestamp, body);
    format!("t={timestamp},v1={signature}")
}

/// A `Stripe-Signature` that keeps the header's syntax.
struct Signature<'a> {
    /// The value of `t`, which is part of what was signed.
    timestamp: &'a str,
    seconds: u64,
    header: &'a str,
}

impl<'a> Signature<'a> {
    fn read(header: &'a str) -> Result<Signature<'a>, WebhookError> {
        if header.is_empty() {
            return Err(WebhookError::NotSigned);
        }
        if header.len() > MAX_SIGNATURE_BYTES {
            return Err(WebhookError::MalformedSignature);
        }
        let (mut timestamp, mut is_signed) = (None, false);
        for item in header.split(',') {
            let (scheme, value) = item.split_once('=').ok_or(WebhookError::MalformedSignature)?;
            if !is_word(scheme) || !is_word(value) {
                return Err(WebhookError::MalformedSignature);
            }
            if scheme == "t" && timestamp.replace(value).is_some() {
                return Err(WebhookError::RepeatedTimestamp);
            }
            is_signed |= scheme == "v1";
        }
        // Stripe's libraries print the number anew before they sign it: of 017 and 17, which was signed?
        let timestamp = timestamp.filter(|digits| *digits == "0" || !digits.starts_with('0'));
        let timestamp = timestamp.ok_or(WebhookError::MalformedSignature)?;
        let seconds = number(timestamp).ok_or(WebhookError::MalformedSignature)?;
        if !is_signed {
            return Err(WebhookError::NoUsableSignature);
        }
        Ok(Signature { timestamp, seconds, header })
    }

    /// The values of every `v1`.
    fn candidates(&self) -> impl Iterator<Item = &'a str> {
        self.header.split(',').filter_map(|item| item.strip_prefix("v1="))
    }

    /// Whether one of the signatures is of `body` and one of `secrets`.
    fn is_of(&self, body: &[u8], secrets: &[WebhookSecret]) -> bool {
        let tried = |secret: &WebhookSecret| is_among(self.candidates(), &secret.sign(self.timestamp, body));
        secrets.iter().map(tried).fold(Choice::from(0), |found, matches| found | matches).into()
    }
}

/// Whether `expected` is among `candidates`: each is looked at, in time that does not depend on where it differs.
fn is_among<'a>(candidates: impl Iterator<Item = &'a str>, expected: &str) -> Choice {
    candidates.fold(Choice::from(0), |found, candidate| found | candidate.as_bytes().ct_eq(expected.as_bytes()))
}

/// Visible ASCII, and some of it.
fn is_word(text: &str) -> bool {
    !text.is_empty() && all(text, |b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::time::{Duration, Instant};
    use zeroize::ZeroizeOnDrop;

    /// The vectors of stripe-node's `test/crypto/helpers.ts`.
    #[test]
    fn the_hash_is_hmac_sha256_with_the_whole_secret_as_its_key() {
        let secret = WebhookSecret::parse("test_secret").unwrap();
        for (text, expected) in [
            ("", "f7f9bd47fb987337b5796fdc1fdb9ba221d0d5396814bfcaf9521f43fd8927fd"),
            (
                r#"{"obj1":"hello","obj2":"world"}"#,
                "bebb1a643997f419b315ddba19e6f5411e1ce7f810ba6d3617ce72823092f363",
            ),
            ("\u{1f600}", "837da296d05c4fe31f61d5d7ead035099d9585a5bcde87de952012a78f0b0c43"),
        ] {
            assert_eq!(hex(&secret.0.clone().chain_update(text).finalize().into_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn every_candidate_is_looked_at_wherever_the_right_one_stands() {
        let right = "a".repeat(64);
        let wrong = "b".repeat(64);
        for at in 0..3 {
            let mut candidates = [&*wrong; 3];
            candidates[at] = &right;
            let looked_at = Cell::new(0);
            let counted = candidates.into_iter().inspect(|_| looked_at.set(looked_at.get() + 1));
            assert!(bool::from(is_among(counted, &right)), "{at}");
            assert_eq!(looked_at.get(), 3, "{at}");
        }
    }

    /// Long texts make it plain: one that stops at the first difference is many times faster.
    #[test]
    fn attack_14_a_comparison_does_not_say_where_signatures_differ() {
        let most = "a".repeat(1 << 18);
        let [right, early, late] =
            [["a", &*most, "a"], ["b", &*most, "a"], ["a", &*most, "b"]].map(|parts| parts.concat());
        let fastest = |candidate: &str| -> Duration {
            let tries = (0..25).map(|_| {
                let began = Instant::now();
                assert!(!bool::from(is_among([std::hint::black_box(candidate)].into_iter(), &right)));
                began.elapsed()
            });
            tries.min().unwrap_or_default()
        };
        let (early, late) = (fastest(&early), fastest(&late));
        assert!(late < early * 4, "{early:?} where the first digit differs, {late:?} where the last does");
    }

    /// The keyed state is two of Sha256's, and nothing else.
    #[test]
    fn a_secret_leaves_no_copy_in_memory() {
        const fn zeroized<T: ZeroizeOnDrop>() {}
        const { zeroized::<Sha256>() };
    }
}
