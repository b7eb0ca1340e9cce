//! [`AuthorizeUrl`]: the address the button leads to.

use crate::error::ConnectError;
use crate::ids::ClientId;
use crate::origin::ConnectBase;
use crate::prefill::Prefill;
use crate::redirect_uri::RedirectUri;
use crate::state::State;
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
    base: ConnectBase,
    client_id: &'a ClientId,
    state: &'a State,
    redirect_uri: Option<RedirectUri>,
    scope: Option<Scope>,
    stripe_landing: Option<StripeLanding>,
    always_prompt: Option<bool>,
    stripe_user: Prefill,
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

    /// Leads to a stand-in for Stripe.
    #[must_use]
    pub fn base(mut self, base: ConnectBase) -> Self {
        self.base = base;
        self
    }

    /// Where Stripe sends the browser back; absent, the first registered URI.
    #[must_use]
    pub fn redirect_uri(mut self, redirect_uri: RedirectUri) -> Self {
        self.redirect_uri = Some(redirect_uri);
        self
    }

    /// What to ask for; absent, Stripe asks for `read_only`.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// The page shown first.
    #[must_use]
    pub fn stripe_landing(mut self, landing: StripeLanding) -> Self {
        self.stripe_landing = Some(landing);
        self
    }

    /// Whether to ask again when the account is already connected.
    #[must_use]
    pub fn always_prompt(mut self, always: bool) -> Self {
        self.always_prompt = Some(always);
        self
    }

    /// What to fill in on the form for a new account.
    #[must_use]
    pub fn stripe_user(mut self, prefill: Prefill) -> Self {
        self.stripe_user = prefill;
        self
    }

    fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let optional = [
            ("redirect_uri", self.redirect_uri.as_ref().map(RedirectUri::as_str)),
            ("scope", self.scope.map(Scope::as_str)),
            ("stripe_landing", self.stripe_landing.map(StripeLanding::as_str)),
            ("always_prompt", self.always_prompt.map(|always| if always { "true" } else { "false" })),
        ];
        [("response_type", "code"), ("client_id", self.client_id.as_str()), ("state", self.state.as_str())]
            .into_iter()
            .chain(optional.into_iter().filter_map(|(name, value)| Some((name, value?))))
            .chain(self.stripe_user.pairs())
    }

    /// The URL, form-encoded as `URLSearchParams` would.
    pub(crate) fn build(&self) -> String {
        let endpoint = [self.base.as_str(), "/oauth/authorize?"].concat();
        let start = endpoint.len();
        form_urlencoded::Serializer::for_suffix(endpoint, start).extend_pairs(self.pairs()).finish()
    }
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
