//! [`Callback`]: what the redirect back said. Only a verified one yields a code.

use crate::texts::{Language, Phrase, Text, rejection_hint};
use crate::vocabulary::outcome::Outcome;
use crate::vocabulary::scope::Scope;
use crate::vocabulary::text::all;
use std::fmt;

pub use crate::vocabulary::rejection::Rejection;

/// A code that Stripe sent back to the browser that started the flow.
///
/// There is no public constructor: it comes out of a verified callback or not at all, so that an
/// injected code (RFC 9700 §4.5) can't reach the exchange. It is not `Clone`: a code is spent once.
///
/// ```compile_fail,E0423
/// let injected = stripe_connect_oauth::AuthorizationCode("ac_123".to_owned());
/// ```
pub struct AuthorizationCode(String);

impl AuthorizationCode {
    /// `ac_` and letters, digits or underscores; at most 255 bytes.
    pub(crate) fn read(text: &str) -> Option<AuthorizationCode> {
        let rest = text.strip_prefix("ac_")?;
        let plain = !rest.is_empty() && all(rest, |b| b.is_ascii_alphanumeric() || b == b'_');
        (plain && text.len() <= 255).then(|| AuthorizationCode(text.to_owned()))
    }

    /// The code as Stripe wrote it.
    ///
    /// ```
    /// use stripe_connect_oauth::{Callback, State, parse_callback};
    ///
    /// let state = State::from_random([7; 32]);
    /// let query = format!("?code=ac_123&state={}", state.as_str());
    /// let Callback::Authorized(authorized) = parse_callback(&query, &state) else { return };
    /// assert_eq!(authorized.into_code().as_str(), "ac_123");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthorizationCode([redacted])")
    }
}

/// What the redirect said.
///
/// ```
/// use stripe_connect_oauth::{Callback, State, parse_callback};
///
/// let state = State::from_random([7; 32]);
/// let denied = format!("?error=access_denied&error_description=No&state={}", state.as_str());
/// match parse_callback(&denied, &state) {
///     Callback::Authorized(authorized) => println!("exchange {:?}", authorized.code()),
///     Callback::Denied { verified, .. } => assert!(verified, "this very person said no"),
///     Callback::Failed { error, .. } => println!("Stripe says {error}"),
///     Callback::Rejected(why) => println!("not ours: {}", why.as_str()),
///     Callback::None => println!("someone just opened the page"),
/// }
/// ```
#[derive(Debug)]
pub enum Callback {
    /// The person connected an account; the code can be exchanged.
    Authorized(Authorized),
    /// The person said no. Without `verified` anyone could have made this link: end the flow in the
    /// page, touch nothing else. Stripe Apps leave the state out of a denial.
    Denied {
        /// Whether the state was there and right.
        verified: bool,
        /// `error_description`, for logs only; see [`Callback::untrusted_description`].
        untrusted_description: Option<String>,
    },
    /// Stripe sent another error, with the right state.
    Failed {
        /// Stripe's `error` code, such as `invalid_scope`.
        error: String,
        /// `error_description`, for logs only; see [`Callback::untrusted_description`].
        untrusted_description: Option<String>,
    },
    /// The callback does not belong to this flow, or Stripe could not have written it.
    Rejected(Rejection),
    /// No OAuth parameters at all: someone just opened the page.
    None,
}

/// A verified callback with its code.
///
/// ```
/// use stripe_connect_oauth::{Callback, Scope, State, parse_callback};
///
/// let state = State::from_random([7; 32]);
/// let query = format!("?scope=read_only&code=ac_123&state={}", state.as_str());
/// if let Callback::Authorized(authorized) = parse_callback(&query, &state) {
///     assert_eq!(authorized.code().as_str(), "ac_123");
///     assert_eq!(authorized.scope(), Some(Scope::ReadOnly));
///     let code = authorized.into_code(); // for `server::code_exchange`, once
/// }
/// ```
#[derive(Debug)]
pub struct Authorized {
    pub(super) code: AuthorizationCode,
    pub(super) scope: Option<Scope>,
}

impl Authorized {
    /// The code, to look at.
    pub fn code(&self) -> &AuthorizationCode {
        &self.code
    }

    /// The code, to exchange.
    pub fn into_code(self) -> AuthorizationCode {
        self.code
    }

    /// The scope Stripe says was granted, if it said. The token's scope is what counts.
    pub fn scope(&self) -> Option<Scope> {
        self.scope
    }
}

impl Callback {
    /// What a person should read, in plain English; empty for [`Callback::Authorized`].
    ///
    /// Each text by itself, so that the browser build carries no other.
    ///
    /// ```
    /// use stripe_connect_oauth::{State, parse_callback};
    ///
    /// let callback = parse_callback("?error=access_denied", &State::from_random([7; 32]));
    /// assert_eq!(callback.hint(), "You cancelled at Stripe. Nothing was connected.");
    /// ```
    pub const fn hint(&self) -> &'static str {
        match self {
            Callback::Authorized(_) => "",
            Callback::Denied { .. } => const { Text::Hint(Outcome::Denied).english() },
            Callback::Failed { .. } => const { Text::Phrase(Phrase::PageStyleFailedHint).english() },
            Callback::Rejected(rejection) => rejection_hint(*rejection),
            Callback::None => const { Text::Phrase(Phrase::PageStyleNoneHint).english() },
        }
    }

    /// What a person should read, in another language; empty for [`Callback::Authorized`].
    ///
    /// ```
    /// use stripe_connect_oauth::{Language, State, parse_callback};
    ///
    /// let callback = parse_callback("?error=access_denied", &State::from_random([7; 32]));
    /// assert!(callback.hint_in(&Language::GERMAN).starts_with("Sie haben bei Stripe abgebrochen."));
    /// ```
    #[inline]
    pub fn hint_in<'a>(&self, language: &'a Language) -> &'a str {
        language.text(match self {
            Callback::Authorized(_) => return "",
            Callback::Denied { .. } => Text::Hint(Outcome::Denied),
            Callback::Failed { .. } => Text::Phrase(Phrase::PageStyleFailedHint),
            Callback::Rejected(rejection) => Text::Hint(Outcome::Rejected(*rejection)),
            Callback::None => Text::Phrase(Phrase::PageStyleNoneHint),
        })
    }

    /// `error_description` as the link had it, at most 256 characters without controls. Anyone can
    /// write such a link: keep it for logs, never show it.
    ///
    /// ```
    /// use stripe_connect_oauth::{State, parse_callback};
    ///
    /// let link = "?error=access_denied&error_description=Call+0900+123";
    /// let callback = parse_callback(link, &State::from_random([7; 32]));
    /// assert_eq!(callback.untrusted_description(), Some("Call 0900 123"), "anyone may have written that");
    /// ```
    pub fn untrusted_description(&self) -> Option<&str> {
        match self {
            Callback::Denied { untrusted_description, .. } | Callback::Failed { untrusted_description, .. } => {
                untrusted_description.as_deref()
            }
            _ => None,
        }
    }
}
