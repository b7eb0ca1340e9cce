//! [`Retry`]: whether a request that went wrong is sent again, and after how long.

use super::http::Response;
use super::stripe_error::StripeError;
use crate::vocabulary::flow::Flow;

/// What kind of request it is: some must not be sent twice.
///
/// ```
/// use stripe_connect_oauth::server::{Retry, RetryKind};
///
/// assert_eq!(Retry::new(RetryKind::CodeExchange).after(None, 0), None, "a code is sent once");
/// let with_key = RetryKind::ApiPost { idempotency_key: true };
/// assert_eq!(Retry::new(with_key).after(None, 0), Some(500));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RetryKind {
    /// The exchange of a code: never. Stripe revokes the connection when a code is used twice.
    CodeExchange,
    /// A refresh: on Connect, but never in the Apps flow, where each one replaces the refresh token.
    Refresh(Flow),
    /// A disconnection: done twice, it is still done.
    Deauthorize,
    /// A `GET` of the API, always.
    ApiGet,
    /// A `POST` of the API, only when it has an `Idempotency-Key`.
    ApiPost {
        /// Whether it has one.
        idempotency_key: bool,
    },
}

impl RetryKind {
    /// Whether sending the request again does no more than sending it once.
    const fn is_safe(self) -> bool {
        match self {
            RetryKind::CodeExchange | RetryKind::Refresh(Flow::App) => false,
            RetryKind::Refresh(Flow::Standard | Flow::Express) | RetryKind::Deauthorize | RetryKind::ApiGet => true,
            RetryKind::ApiPost { idempotency_key } => idempotency_key,
        }
    }
}

/// Counts the retries of one request, and decides on the next, as Stripe's own libraries do
/// (`docs.stripe.com/error-low-level`). It does not wait or send: its owner does.
///
/// ```
/// use stripe_connect_oauth::server::{Response, Retry, RetryKind};
///
/// let mut retry = Retry::new(RetryKind::ApiGet);
/// assert!(!retry.retried());
/// let random = 0x8000_0000; // of your host's randomness
/// assert_eq!(retry.after(None, random), Some(500), "no answer: again in half a second");
/// assert_eq!(retry.after(Some(&Response::json(500, "")), random), Some(750));
/// assert_eq!(retry.after(None, random), None, "twice, and no more");
/// ```
#[derive(Debug, Clone)]
pub struct Retry {
    kind: RetryKind,
    retries: u32,
}

impl Retry {
    /// How often a request is sent again at most.
    pub const MAX: u32 = 2;
    /// The shortest wait, in milliseconds.
    const MIN_MS: u64 = 500;

    /// A request that was not sent again yet.
    pub fn new(kind: RetryKind) -> Retry {
        Retry { kind, retries: 0 }
    }

    /// Whether to send the request again after `reply`, or after none: then in how many milliseconds.
    /// `random` is any number; it spreads the waits.
    pub fn after(&mut self, reply: Option<&Response>, random: u32) -> Option<u32> {
        if !self.kind.is_safe() || self.retries >= Retry::MAX || !is_worth_it(reply) {
            return None;
        }
        // Half a second, doubled each time, less up to half at random. The five seconds at which Stripe's
        // libraries stop doubling are never reached.
        let doubled = Retry::MIN_MS << self.retries;
        self.retries = self.retries.saturating_add(1);
        let half = doubled / 2;
        let jitter = half.saturating_mul(random.into()) >> 32;
        u32::try_from(half.saturating_add(jitter).max(Retry::MIN_MS)).ok()
    }

    /// Whether the request was sent more than once.
    pub fn retried(&self) -> bool {
        self.retries > 0
    }
}

/// Whether another try may go better. Stripe's header decides, where there is one.
fn is_worth_it(reply: Option<&Response>) -> bool {
    let Some(reply) = reply else { return true };
    // What Stripe saved for the request's idempotency key stays the same for a day.
    if reply.is_replayed() {
        return false;
    }
    match (reply.status, reply.header("stripe-should-retry")) {
        // A success is done, and a redirect is not followed: neither gets better.
        (200..400, _) => false,
        (_, Some("true")) => true,
        (_, Some("false")) => false,
        (409 | 500.., _) => true,
        (429, _) => StripeError::read(reply).is("lock_timeout"),
        _ => false,
    }
}
