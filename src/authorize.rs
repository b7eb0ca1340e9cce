//! [`AuthorizeUrl`]: the address the button leads to.

use crate::error::ConnectError;
use crate::ids::ClientId;
use crate::origin::ConnectBase;
use crate::prefill::Prefill;
use crate::redirect_uri::RedirectUri;
use crate::state::State;
use crate::text::join;
use std::fmt;

/// What the platform asks to do with the account. Stripe's default, when absent, is `read_only`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// `read_write`: create charges, refunds and so on.
    ReadWrite,
    /// `read_only`: look, for analytics.
    ReadOnly,
}

impl Scope {
    /// Reads Stripe's word for a scope.
    pub fn parse(text: &str) -> Result<Scope, ConnectError> {
        match text {
            "read_write" => Ok(Scope::ReadWrite),
            "read_only" => Ok(Scope::ReadOnly),
            _ => Err(ConnectError::invalid("scope", "must be read_write or read_only")),
        }
    }

    /// Stripe's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::ReadWrite => "read_write",
            Scope::ReadOnly => "read_only",
        }
    }
}

/// Which page Stripe shows first to someone who is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StripeLanding {
    /// `login`.
    Login,
    /// `register`.
    Register,
}

impl StripeLanding {
    /// Reads Stripe's word for a landing page.
    pub fn parse(text: &str) -> Result<StripeLanding, ConnectError> {
        match text {
            "login" => Ok(StripeLanding::Login),
            "register" => Ok(StripeLanding::Register),
            _ => Err(ConnectError::invalid("stripe_landing", "must be login or register")),
        }
    }

    /// Stripe's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            StripeLanding::Login => "login",
            StripeLanding::Register => "register",
        }
    }
}

/// The authorize URL of the Standard flow (`docs.stripe.com/connect/oauth-reference`).
///
/// Every part was validated before it came here, because Stripe answers a bad URL with a page of JSON
/// and never sends the person back. An absent `scope` stays absent: nothing is widened silently.
#[derive(Debug, Clone)]
pub struct AuthorizeUrl<'a> {
    /// Where it leads: Stripe, or a stand-in.
    pub base: ConnectBase,
    client_id: &'a ClientId,
    state: &'a State,
    /// Where Stripe sends the browser back; absent, the first registered URI.
    pub redirect_uri: Option<RedirectUri>,
    /// What to ask for; absent, Stripe asks for `read_only`.
    pub scope: Option<Scope>,
    /// The page Stripe shows first.
    pub stripe_landing: Option<StripeLanding>,
    /// Whether to ask again when the account is already connected.
    pub always_prompt: Option<bool>,
    /// What to fill in on the form for a new account.
    pub stripe_user: Prefill,
}

impl<'a> AuthorizeUrl<'a> {
    /// The URL with only what is required: `response_type`, `client_id` and `state`.
    pub fn new(client_id: &'a ClientId, state: &'a State) -> AuthorizeUrl<'a> {
        AuthorizeUrl {
            base: ConnectBase::stripe(),
            client_id,
            state,
            redirect_uri: None,
            scope: None,
            stripe_landing: None,
            always_prompt: None,
            stripe_user: Prefill::default(),
        }
    }

    /// The URL, form-encoded as `URLSearchParams` would.
    pub(crate) fn build(&self) -> String {
        let mut url = join(&[self.base.as_str(), "/oauth/authorize?response_type=code"]);
        append(&mut url, "client_id", Some(self.client_id.as_str()));
        append(&mut url, "redirect_uri", self.redirect_uri.as_ref().map(RedirectUri::as_str));
        append(&mut url, "scope", self.scope.map(Scope::as_str));
        append(&mut url, "state", Some(self.state.as_str()));
        append(&mut url, "stripe_landing", self.stripe_landing.map(StripeLanding::as_str));
        append(&mut url, "always_prompt", self.always_prompt.map(|always| if always { "true" } else { "false" }));
        for (name, value) in self.stripe_user.pairs() {
            append(&mut url, name, Some(value));
        }
        url
    }
}

/// Appends `text` as `application/x-www-form-urlencoded` has it (the URL standard, §5.2).
fn encode(url: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b' ' => url.push('+'),
            b'*' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => url.push(byte.into()),
            _ => {
                url.push('%');
                for digit in [byte >> 4, byte & 15] {
                    url.push(char::from_digit(digit.into(), 16).map_or('0', |digit| digit.to_ascii_uppercase()));
                }
            }
        }
    }
}

/// `&name=value`, where there is a value.
fn append(url: &mut String, name: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    url.push('&');
    encode(url, name);
    url.push('=');
    encode(url, value);
}

impl fmt::Display for AuthorizeUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.build())
    }
}

/// Refuses any response type but the one Stripe has.
#[cfg(feature = "js")]
pub(crate) fn check_response_type(text: &str) -> Result<(), ConnectError> {
    match text {
        "code" => Ok(()),
        _ => Err(ConnectError::invalid("response_type", "must be code, the only one Stripe has")),
    }
}

#[cfg(test)]
mod tests {
    use super::encode;
    use proptest::prelude::*;

    proptest! {
        /// The oracle is the crate that browsers' `URLSearchParams` agree with.
        #[test]
        fn a_query_is_form_encoded(text: String) {
            let mut encoded = String::new();
            encode(&mut encoded, &text);
            prop_assert_eq!(encoded, form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>());
        }
    }
}
