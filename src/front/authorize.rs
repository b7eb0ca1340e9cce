//! [`AuthorizeUrl`]: the address the button leads to.

use super::prefill::Prefill;
use crate::vocabulary::capability::Capability;
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::{ChannelLink, ClientId};
use crate::vocabulary::origin::{CONNECT, ConnectBase, MARKETPLACE};
use crate::vocabulary::redirect_uri::RedirectUri;
use crate::vocabulary::scope::Scope;
use crate::vocabulary::state::State;
use crate::vocabulary::words::words;

words! {
    /// Which page Stripe shows first to someone who is not signed in.
    ///
    /// ```
    /// use stripe_connect_oauth::StripeLanding;
    ///
    /// assert_eq!(StripeLanding::parse("register")?, StripeLanding::Register);
    /// assert_eq!(StripeLanding::Login.as_str(), "login");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    pub enum StripeLanding("stripe_landing") {
        /// `login`.
        Login = "login",
        /// `register`.
        Register = "register",
    }
}

/// The authorize URL of any of the flows (`docs.stripe.com/connect/oauth-reference`,
/// `docs.stripe.com/connect/oauth-express-accounts`, `docs.stripe.com/stripe-apps/api-authentication/oauth`).
///
/// Every part was validated before it came here, and [`AuthorizeUrl::build`] refuses what is not the
/// flow's, because Stripe answers a bad URL with a page of JSON and never sends the person back. An absent
/// `scope` stays absent: nothing is widened silently.
///
/// ```
/// use stripe_connect_oauth::{AuthorizeUrl, Capability, ClientId, Flow, Scope, State};
///
/// let (client_id, state) = (ClientId::parse("ca_123")?, State::from_random([7; 32]));
/// let mut url = AuthorizeUrl::new(&client_id, &state);
/// url.flow = Flow::Express;
/// url.suggested_capabilities = vec![Capability::Transfers];
/// assert!(url.build()?.starts_with("https://connect.stripe.com/express/oauth/authorize?"));
///
/// url.scope = Some(Scope::ReadWrite);
/// assert_eq!(url.build().unwrap_err().to_string(), "scope is not part of the express flow: leave it out");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone)]
pub struct AuthorizeUrl<'a> {
    /// Where it leads: Stripe, or a stand-in.
    pub base: ConnectBase,
    /// Which of Stripe's flows it begins.
    pub flow: Flow,
    client_id: &'a ClientId,
    state: &'a State,
    /// Where Stripe sends the browser back; absent, the first registered URI.
    pub redirect_uri: Option<RedirectUri>,
    /// What to ask for; absent, Stripe asks for `read_only`. Standard only.
    pub scope: Option<Scope>,
    /// The page Stripe shows first. Standard only.
    pub stripe_landing: Option<StripeLanding>,
    /// Whether to ask again when the account is already connected. Standard only.
    pub always_prompt: Option<bool>,
    /// What the account should be able to do. Express only.
    pub suggested_capabilities: Vec<Capability>,
    /// What to fill in on the form for a new account. Not for Stripe Apps.
    pub stripe_user: Prefill,
    /// The link by which an app is tested outside its own account. Stripe Apps only.
    pub channel_link: Option<ChannelLink>,
}

impl<'a> AuthorizeUrl<'a> {
    /// The URL of the Standard flow with only what is required: `response_type`, `client_id` and `state`.
    pub fn new(client_id: &'a ClientId, state: &'a State) -> AuthorizeUrl<'a> {
        AuthorizeUrl {
            base: ConnectBase::stripe(),
            flow: Flow::default(),
            client_id,
            state,
            redirect_uri: None,
            scope: None,
            stripe_landing: None,
            always_prompt: None,
            suggested_capabilities: Vec::new(),
            stripe_user: Prefill::default(),
            channel_link: None,
        }
    }

    /// The URL, form-encoded as `URLSearchParams` would, or the first parameter that is not the flow's or
    /// wants another beside it.
    pub fn build(&self) -> Result<String, ConnectError> {
        let mut url = Draft::new(self.flow);
        let link = self.channel_link.as_ref().map(ChannelLink::as_str);
        url.begin(self.base.as_stand_in(), link, self.client_id.as_str())?;
        if let Some(redirect_uri) = &self.redirect_uri {
            url.add("redirect_uri", redirect_uri.as_str())?;
        }
        if let Some(scope) = self.scope {
            url.add("scope", scope.as_str())?;
        }
        url.add("state", self.state.as_str())?;
        if let Some(stripe_landing) = self.stripe_landing {
            url.add("stripe_landing", stripe_landing.as_str())?;
        }
        if let Some(always_prompt) = self.always_prompt {
            url.add("always_prompt", if always_prompt { "true" } else { "false" })?;
        }
        for (at, capability) in self.suggested_capabilities.iter().enumerate() {
            url.add(&format!("{CAPABILITIES}[{at}]"), capability.as_str())?;
        }
        self.stripe_user.check(self.flow)?;
        for (param, value) in self.stripe_user.pairs() {
            url.add(param, value)?;
        }
        Ok(url.url)
    }
}

const CAPABILITIES: &str = "suggested_capabilities";

/// The URL while it is written. Values come from [`AuthorizeUrl`] or, in the browser build, as texts that
/// were checked; which of them the flow has is decided here for both.
pub(crate) struct Draft {
    pub(crate) flow: Flow,
    pub(crate) url: String,
}

impl Draft {
    pub(crate) const fn new(flow: Flow) -> Draft {
        Draft { flow, url: String::new() }
    }

    /// Writes everything up to the client id. `link` is a channel link's id.
    pub(crate) fn begin(
        &mut self,
        stand_in: Option<&str>,
        link: Option<&str>,
        client_id: &str,
    ) -> Result<(), ConnectError> {
        let (origin, path) = match self.flow {
            Flow::Standard => (CONNECT, "/oauth/authorize?response_type=code&client_id="),
            Flow::Express => (CONNECT, "/express/oauth/authorize?response_type=code&client_id="),
            Flow::App if link.is_some() => (MARKETPLACE, "/oauth/v2/"),
            Flow::App => (MARKETPLACE, "/oauth/v2/authorize?client_id="),
        };
        self.url.push_str(stand_in.unwrap_or(origin));
        self.url.push_str(path);
        if let Some(link) = link {
            if self.flow != Flow::App {
                return Err(self.flow.has_no(ChannelLink::PARAM));
            }
            self.url.push_str(link);
            self.url.push_str("/authorize?client_id=");
        }
        // Letters, digits and `_` need no encoding.
        self.url.push_str(client_id);
        Ok(())
    }

    /// Adds a parameter, unless the flow does not have it (`docs.stripe.com/connect/oauth-reference`). A
    /// prefill field was checked for the flow before.
    pub(crate) fn add(&mut self, param: &str, value: &str) -> Result<(), ConnectError> {
        let (is_in_flow, named) = match param {
            "scope" | "stripe_landing" | "always_prompt" => (self.flow == Flow::Standard, param),
            _ if param.starts_with(CAPABILITIES) => (self.flow == Flow::Express, CAPABILITIES),
            _ => (true, param),
        };
        if !is_in_flow {
            return Err(self.flow.has_no(named));
        }
        self.url.push('&');
        encode(&mut self.url, param);
        self.url.push('=');
        encode(&mut self.url, value);
        Ok(())
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

/// Refuses any response type but the one Connect has. Stripe Apps have none.
#[cfg(feature = "js-front")]
pub(crate) fn check_response_type(flow: Flow, text: &str) -> Result<(), ConnectError> {
    let param = "response_type";
    match (flow, text) {
        (Flow::App, _) => Err(flow.has_no(param)),
        (_, "code") => Ok(()),
        _ => Err(ConnectError::invalid(param, "must be code, the only one Stripe has")),
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
