//! [`WebhookError`]: why a webhook was not believed, or not understood.

use std::fmt;

/// Why a webhook was not believed, or not understood. Answer it with 400, and do nothing.
///
/// ```
/// use stripe_connect_oauth::server::{Response, Tolerance, WebhookError, WebhookSecret, verify_webhook};
///
/// let secrets = [WebhookSecret::parse("whsec_5dc4a9b17ae0f6a8")?];
/// let error = verify_webhook(b"{}", "t=1,v1=forged", &secrets, 1, Tolerance::default()).unwrap_err();
/// assert_eq!(error, WebhookError::SignatureMismatch);
/// assert_eq!(error.as_str(), "signature_mismatch");
/// println!("{}", error.hint()); // for the developers' log
/// let answer = Response::new(400, "text/plain", error.as_str());
/// # assert_eq!(answer.status, 400);
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookError {
    /// The body is longer than [`MAX_WEBHOOK_BYTES`](super::MAX_WEBHOOK_BYTES).
    BodyTooLong,
    /// There is no `Stripe-Signature`.
    NotSigned,
    /// `Stripe-Signature` is not `t=…,v1=…`, or is longer than [`MAX_SIGNATURE_BYTES`](super::MAX_SIGNATURE_BYTES).
    MalformedSignature,
    /// `Stripe-Signature` has more than one `t`, so that nobody knows which one was signed.
    RepeatedTimestamp,
    /// `Stripe-Signature` has no `v1`. Other schemes are never accepted: `v0` is a fake that Stripe sends in test mode.
    NoUsableSignature,
    /// No `v1` was made of this body with any of the secrets.
    SignatureMismatch,
    /// Signed by Stripe, longer ago than the tolerance: a replay, or a late delivery.
    TooOld,
    /// Signed by Stripe, later than now by more than the tolerance.
    InTheFuture,
    /// Signed by Stripe, and not an event as Stripe writes it.
    NotAnEvent {
        /// The first field that is missing or odd.
        field: &'static str,
    },
    /// Signed by Stripe, and a thin event (`v2.core.event`), which has no data.
    ThinEvent,
}

impl WebhookError {
    /// The code as JavaScript sees it.
    pub const fn as_str(self) -> &'static str {
        match self {
            WebhookError::BodyTooLong => "body_too_long",
            WebhookError::NotSigned => "not_signed",
            WebhookError::MalformedSignature => "malformed_signature",
            WebhookError::RepeatedTimestamp => "repeated_timestamp",
            WebhookError::NoUsableSignature => "no_usable_signature",
            WebhookError::SignatureMismatch => "signature_mismatch",
            WebhookError::TooOld => "too_old",
            WebhookError::InTheFuture => "in_the_future",
            WebhookError::NotAnEvent { .. } => "not_an_event",
            WebhookError::ThinEvent => "thin_event",
        }
    }

    /// What is wrong, without the hint.
    pub(crate) fn message(self) -> String {
        let what = match self {
            WebhookError::BodyTooLong => "the body is longer than 1048576 bytes",
            WebhookError::NotSigned => "Stripe-Signature is missing",
            WebhookError::MalformedSignature => "Stripe-Signature is malformed",
            WebhookError::RepeatedTimestamp => "Stripe-Signature has more than one t",
            WebhookError::NoUsableSignature => "Stripe-Signature has no v1",
            WebhookError::SignatureMismatch => "no signature is of this body and one of the secrets",
            WebhookError::TooOld => "the signature is older than the tolerance",
            WebhookError::InTheFuture => "the signature is of a time to come",
            WebhookError::NotAnEvent { field } => {
                return format!("the body is signed but is not an event: {field} is missing or odd");
            }
            WebhookError::ThinEvent => "the body is a thin event, v2.core.event",
        };
        what.to_owned()
    }

    /// What the developer should do about it.
    pub const fn hint(self) -> &'static str {
        match self {
            WebhookError::BodyTooLong => "no event of Stripe's is that long: refuse the request",
            WebhookError::NotSigned => {
                "refuse the request: it is not Stripe's, or something on the way took the header"
            }
            WebhookError::MalformedSignature | WebhookError::RepeatedTimestamp => {
                "pass the header as it came; if you did, refuse the request: it is not Stripe's"
            }
            WebhookError::NoUsableSignature => "refuse the request: only v1 proves that Stripe sent it",
            WebhookError::SignatureMismatch => {
                "use the signing secret of this very endpoint and mode (the CLI has its own), and the body's raw \
                 bytes, before any parser; if you do, refuse the request: it is not Stripe's"
            }
            WebhookError::TooOld => {
                "check this machine's clock; if it is right, refuse the request: it may be a replay"
            }
            WebhookError::InTheFuture => "check this machine's clock: Stripe signs when it sends",
            WebhookError::NotAnEvent { .. } => {
                "send this endpoint snapshot events only; one that a test makes up needs Stripe's fields: id, object, \
                 type, created, livemode and data.object"
            }
            WebhookError::ThinEvent => {
                "give thin events an endpoint of their own: this one is for snapshot events, which have their data"
            }
        }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message(), self.hint())
    }
}

impl std::error::Error for WebhookError {}
