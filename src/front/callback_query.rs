//! [`CallbackQuery`]: the redirect back as it stands in the address, until it is verified.

use super::callback::{AuthorizationCode, Authorized, Callback};
use crate::vocabulary::query::{CODE, DESCRIPTION, ERROR, ISSUER, Param, Params, SCOPE, STATE, read_params};
use crate::vocabulary::rejection::Rejection;
use crate::vocabulary::scope::Scope;
use crate::vocabulary::state::State;
use crate::vocabulary::text::{all, cut};

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
    params: Params,
    too_long: bool,
}

impl CallbackQuery {
    /// Reads the whole URL, or its query beginning with `?`. Parameters that are not the protocol's
    /// are passed over (RFC 6749 §4.1.2).
    pub fn read(input: &str) -> CallbackQuery {
        let too_long = input.len() > MAX_CALLBACK_BYTES;
        let params = read_params(if too_long { "" } else { query_of(input) });
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
        if self.params.iter().take(3).all(Param::is_absent) {
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

/// Lower-case words joined by underscores, as every error code of RFC 6749 and of Stripe is.
fn is_error_code(text: &str) -> bool {
    (1..=64).contains(&text.len()) && all(text, |b| b.is_ascii_lowercase() || b == b'_')
}
