//! [`Config`]: what the platform told the handler once, and what follows from it for a request.

use super::application::Application;
use super::confirmation::Confirmations;
use super::done::WhenDone;
use super::flow_cookie::{Fingerprint, FlowCookies};
use super::host::Start;
use crate::front::authorize::{AuthorizeUrl, StripeLanding};
use crate::front::platform::Platform;
use crate::front::prefill::Prefill;
use crate::server::{RefreshTokenKeys, Request, SecretKey, WebhookSecret};
use crate::texts::Language;
use crate::vocabulary::capability::Capability;
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::{ChannelLink, ClientId};
use crate::vocabulary::origin::{ConnectBase, browser_origin, split_origin};
use crate::vocabulary::redirect_uri::RedirectUri;
use crate::vocabulary::scope::Scope;
use crate::vocabulary::state::State;

/// The handler's configuration, checked as a whole: every value here is valid.
///
/// ```
/// use stripe_connect_oauth::edge::{Config, ConfigBuilder};
///
/// fn configured() -> Result<Config, stripe_connect_oauth::ConnectError> {
///     let builder = ConfigBuilder {
///         client_id: "ca_123".into(),
///         secret_key: "sk_test_123".into(),
///         redirect_uri: "https://shop.example/back".into(),
///         ..ConfigBuilder::default()
///     };
///     builder.build()
/// }
/// assert_eq!(
///     configured().unwrap_err().to_string(),
///     "redirect_uri must have the path /connect/callback, where the handler listens"
/// );
/// ```
#[derive(Debug)]
pub struct Config {
    pub(crate) platform: Platform,
    /// Whose rows the store keeps for this handler.
    pub(crate) application: Application,
    pub(crate) secret_key: SecretKey,
    pub(crate) prefix: String,
    pub(crate) flow_cookies: FlowCookies,
    pub(crate) confirmations: Confirmations,
    pub(crate) scope: Option<Scope>,
    pub(crate) stripe_landing: Option<StripeLanding>,
    pub(crate) always_prompt: Option<bool>,
    pub(crate) flow: Flow,
    pub(crate) suggested_capabilities: Vec<Capability>,
    pub(crate) assert_capabilities: Vec<Capability>,
    pub(crate) channel_link: Option<ChannelLink>,
    pub(crate) base: ConnectBase,
    pub(crate) language: Language,
    pub(crate) platform_name: String,
    pub(crate) return_to: String,
    pub(crate) when_done: WhenDone,
    pub(crate) sign_in_url: Option<String>,
    pub(crate) stylesheets: Vec<String>,
    pub(crate) flow_lifetime: u64,
    pub(crate) page_style: bool,
    pub(crate) deferred_accounts: bool,
    pub(crate) webhook_secrets: Vec<WebhookSecret>,
    pub(crate) refresh_token_keys: Option<RefreshTokenKeys>,
}

impl Config {
    pub(crate) fn client_id(&self) -> &ClientId {
        self.platform.client_id()
    }

    /// Whether a browser means one of the platform's sites by `origin`.
    pub(crate) fn is_own_origin(&self, origin: &str) -> bool {
        self.callback_on(origin).is_some()
    }

    /// The first redirect URI on the site that browsers call `origin`.
    fn callback_on(&self, origin: &str) -> Option<&RedirectUri> {
        self.platform.redirect_uris().iter().find(|uri| origin == browser_origin(uri.as_str()))
    }

    /// The redirect URI on the site where `request` was made; where that is none of the platform's, the default.
    fn callback_beside(&self, request: &Request) -> Option<&RedirectUri> {
        // A page may hide its origin (`null`), and what stands in front of us may change the address.
        let signs = [request.header("origin"), Some(&*request.url)].into_iter().flatten();
        let here = signs.map(browser_origin).find_map(|origin| self.callback_on(&origin));
        here.or_else(|| self.platform.redirect_uris().first())
    }

    /// The platform's first site, as browsers name it.
    pub(crate) fn site(&self) -> String {
        self.platform.redirect_uris().first().map(|uri| browser_origin(uri.as_str())).unwrap_or_default()
    }

    /// Scheme, host and port of the platform's site where `request` was made.
    pub(crate) fn origin_of(&self, request: &Request) -> &str {
        self.callback_beside(request).map_or("", |uri| split_origin(uri.as_str()).0)
    }

    /// The redirect URI of a start: the one that `start` chose, else the first on the site where it begins, for the
    /// flow's cookie stays there.
    pub(crate) fn redirect_uri(&self, start: &Start, request: &Request) -> Result<RedirectUri, ConnectError> {
        let default = self.callback_beside(request).map(RedirectUri::as_str);
        let chosen = self.platform.redirect_uri(start.redirect_uri.as_deref().or(default))?;
        chosen.ok_or_else(|| ConnectError::missing("redirect_uri", MISSING))
    }

    /// The redirect URIs that lead to `path`.
    pub(crate) fn callbacks_at(&self, path: &str) -> impl Iterator<Item = &RedirectUri> {
        self.platform.redirect_uris().iter().filter(move |uri| path_of(uri.as_str()) == path)
    }

    /// Where the button leads, with this state, for this start.
    pub(crate) fn authorize_url(
        &self,
        state: &State,
        redirect_uri: &RedirectUri,
        start: &Start,
        prefill: Prefill,
    ) -> Result<String, ConnectError> {
        let mut url = AuthorizeUrl::new(self.client_id(), state);
        url.base = self.base.clone();
        url.flow = self.flow;
        url.redirect_uri = Some(redirect_uri.clone());
        url.scope = start.scope.or(self.scope);
        url.stripe_landing = start.stripe_landing.or(self.stripe_landing);
        url.always_prompt = start.always_prompt.or(self.always_prompt);
        url.suggested_capabilities = self.suggested_capabilities.clone();
        url.channel_link = self.channel_link.clone();
        url.stripe_user = prefill;
        url.build()
    }

    /// What a flow commits to, so that a callback can't end under another configuration (RFC 9700 §4.4).
    pub(crate) fn commitment(&self, redirect_uri: &RedirectUri) -> Fingerprint {
        let livemode = if self.secret_key.livemode().as_bool() { "live" } else { "test" };
        let parts =
            [self.base.connect(), self.flow.as_str(), livemode, self.client_id().as_str(), redirect_uri.as_str()];
        Fingerprint::of(&parts.join(" "))
    }

    /// The path of one of the handler's routes.
    pub(crate) fn path(&self, route: &str) -> String {
        [&*self.prefix, "/", route].concat()
    }
}

/// What to say where no redirect URI was given.
pub(super) const MISSING: &str = "give the registered URL of the handler's callback";

/// The path of a URL, without its query.
pub(super) fn path_of(url: &str) -> &str {
    let (_, path) = split_origin(url);
    path.split('?').next().unwrap_or_default()
}
