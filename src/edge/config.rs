//! [`Config`]: what the platform tells the handler once.

use super::confirmation::ConfirmationKeys;
use super::flow_cookie::CookieKeys;
use super::given::Given;
use super::host::Start;
use super::store::Digest;
use crate::front::authorize::{AuthorizeUrl, StripeLanding};
use crate::front::platform::Platform;
use crate::front::prefill::Prefill;
use crate::server::{RefreshTokenKeys, Request, SecretKey, WebhookSecret, check_assertion};
use crate::texts::{Language, Phrase, Text};
use crate::vocabulary::capability::Capability;
use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::{ChannelLink, ClientId};
use crate::vocabulary::origin::{ConnectBase, browser_origin, is_local_path, split_origin};
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
    pub(crate) secret_key: SecretKey,
    pub(crate) prefix: String,
    pub(crate) keys: CookieKeys,
    pub(crate) confirmation_keys: ConfirmationKeys,
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
    pub(crate) stylesheets: Vec<String>,
    pub(crate) flow_lifetime: u64,
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

    /// What a flow commits to, so that a callback can't end under another configuration (RFC 9700 §4.4). A
    /// digest, so that the cookie stays small.
    pub(crate) fn commitment(&self, redirect_uri: &RedirectUri) -> String {
        let livemode = if self.secret_key.livemode().as_bool() { "live" } else { "test" };
        let parts =
            [self.base.connect(), self.flow.as_str(), livemode, self.client_id().as_str(), redirect_uri.as_str()];
        Digest::of(&parts.join(" ")).as_str().to_owned()
    }

    /// The path of one of the handler's routes.
    pub(crate) fn path(&self, route: &str) -> String {
        [&*self.prefix, "/", route].concat()
    }
}

/// Gathers a [`Config`]. Texts come in as the platform wrote them, or as values that were read before;
/// [`ConfigBuilder::build`] checks them.
///
/// ```
/// use stripe_connect_oauth::edge::ConfigBuilder;
///
/// let config = ConfigBuilder {
///     client_id: "ca_123".into(),
///     secret_key: "sk_test_123".into(),
///     redirect_uri: "https://shop.example/connect/callback".into(),
///     cookie_secrets: vec!["a random text of at least 32 characters".into()],
///     ..ConfigBuilder::default()
/// }
/// .build()?;
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Clone)]
pub struct ConfigBuilder {
    /// The platform's `ca_…`.
    pub client_id: Given<ClientId>,
    /// The platform's `sk_…`.
    pub secret_key: Given<SecretKey>,
    /// The registered redirect URI whose path is `{prefix}/callback`.
    pub redirect_uri: Given<RedirectUri>,
    /// In place of `redirect_uri`: several registered ones (`docs.stripe.com/connect/oauth-reference`), each on a path
    /// that is the handler's alone. The first is the default, [`Start::redirect_uri`] chooses another, and the callback
    /// is served on the path of each. Where they are of several sites, a start comes back to its own.
    pub redirect_uris: Vec<Given<RedirectUri>>,
    /// Random texts of at least 32 characters. The first seals new flow cookies and confirmations; all open old
    /// ones, so a secret is rotated by putting the new one in front for an hour.
    pub cookie_secrets: Vec<String>,
    /// Where the handler's routes begin. Default `/connect`.
    pub prefix: String,
    /// What to ask for; absent, Stripe asks for `read_only`.
    pub scope: Option<Scope>,
    /// The page Stripe shows first.
    pub stripe_landing: Option<StripeLanding>,
    /// Whether Stripe asks again when the account is already connected.
    pub always_prompt: Option<bool>,
    /// Which of Stripe's flows connects accounts. Default: Standard.
    pub flow: Flow,
    /// What an Express account should be able to do.
    pub suggested_capabilities: Vec<Capability>,
    /// What an Express account must be able to do, or its connection fails: transfers and card payments.
    pub assert_capabilities: Vec<Capability>,
    /// The link by which a Stripe App is tested outside its own account.
    pub channel_link: Option<ChannelLink>,
    /// A stand-in for Stripe.
    pub base: ConnectBase,
    /// What people read on the handler's pages and in the hints of its replies. Default: English.
    pub language: Language,
    /// The platform's name on the handler's pages. Empty: the language's own word for it, such as *the site*.
    pub platform_name: String,
    /// Where people go afterwards: a path of the platform's. Default `/`.
    pub return_to: String,
    /// The platform's own stylesheets for the handler's pages, as paths. Empty: a plain built-in one.
    pub stylesheets: Vec<String>,
    /// How long a flow may take, in seconds: 1 to 3600. Default 3600, since creating a Stripe account
    /// takes time.
    pub flow_lifetime: u64,
    /// Whether signed-in users may have Standard accounts made in the platform's name: `/create` and `/onboard`
    /// are served. Default: no.
    pub deferred_accounts: bool,
    /// The signing secrets of the Connect webhook endpoint, `whsec_…`: more than one while a rolled one is
    /// still alive. Without any, `{prefix}/webhook` is not served.
    pub webhook_secrets: Vec<Given<WebhookSecret>>,
    /// Random texts of at least 32 characters, to keep refresh tokens under: [`Connection::refresh_token`]
    /// is then sealed with the first, and [`RefreshTokenKeys`] of all opens it. Empty: none is kept, since
    /// the platform's own key with the `Stripe-Account` header does all of it for Connect.
    ///
    /// [`Connection::refresh_token`]: super::Connection::refresh_token
    pub refresh_token_secrets: Vec<String>,
}

impl Default for ConfigBuilder {
    fn default() -> ConfigBuilder {
        ConfigBuilder {
            client_id: Given::default(),
            secret_key: Given::default(),
            redirect_uri: Given::default(),
            redirect_uris: Vec::new(),
            cookie_secrets: Vec::new(),
            prefix: "/connect".to_owned(),
            scope: None,
            stripe_landing: None,
            always_prompt: None,
            flow: Flow::default(),
            suggested_capabilities: Vec::new(),
            assert_capabilities: Vec::new(),
            channel_link: None,
            base: ConnectBase::stripe(),
            language: Language::default(),
            platform_name: String::new(),
            return_to: "/".to_owned(),
            stylesheets: Vec::new(),
            flow_lifetime: 3600,
            deferred_accounts: false,
            webhook_secrets: Vec::new(),
            refresh_token_secrets: Vec::new(),
        }
    }
}

impl ConfigBuilder {
    /// The configuration, or the first thing that is wrong with it.
    pub fn build(self) -> Result<Config, ConnectError> {
        let client_id = self.client_id.read()?;
        let secret_key = self.secret_key.read()?;
        check_prefix(&self.prefix)?;
        let platform = self.platform(client_id, &secret_key)?;
        check_path("return_to", &self.return_to)?;
        for stylesheet in &self.stylesheets {
            check_path("stylesheets", stylesheet)?;
        }
        if !(1..=3600).contains(&self.flow_lifetime) {
            return Err(ConnectError::invalid("flow_lifetime", "must be 1 to 3600 seconds"));
        }
        let webhook_secret =
            |secret: &Given<WebhookSecret>| secret.read().map_err(|error| error.renamed("webhook_secrets"));
        let refresh_token_secrets = Some(&*self.refresh_token_secrets).filter(|secrets| !secrets.is_empty());
        let platform_name = match self.platform_name {
            name if name.is_empty() => self.language.text(Text::Phrase(Phrase::PlatformName)).to_owned(),
            name => name,
        };
        let config = Config {
            platform,
            secret_key,
            keys: CookieKeys::derive(&self.cookie_secrets)?,
            confirmation_keys: ConfirmationKeys::derive(&self.cookie_secrets)?,
            prefix: self.prefix,
            scope: self.scope,
            stripe_landing: self.stripe_landing,
            always_prompt: self.always_prompt,
            flow: self.flow,
            suggested_capabilities: self.suggested_capabilities,
            assert_capabilities: self.assert_capabilities,
            channel_link: self.channel_link,
            base: self.base,
            language: self.language,
            platform_name,
            return_to: self.return_to,
            stylesheets: self.stylesheets,
            flow_lifetime: self.flow_lifetime,
            deferred_accounts: self.deferred_accounts,
            webhook_secrets: self.webhook_secrets.iter().map(webhook_secret).collect::<Result<_, _>>()?,
            refresh_token_keys: refresh_token_secrets.map(RefreshTokenKeys::derive).transpose()?,
        };
        check_assertion(config.flow, &config.assert_capabilities)?;
        // Whatever the flow does not have shows here, not when someone presses the button.
        for redirect_uri in config.platform.redirect_uris() {
            config.authorize_url(
                &State::from_random([0; 32]),
                redirect_uri,
                &Start::default(),
                Prefill::default(),
            )?;
        }
        Ok(config)
    }

    /// The platform as it is registered, with where Stripe sends people back.
    fn platform(&self, client_id: ClientId, secret_key: &SecretKey) -> Result<Platform, ConnectError> {
        let mut platform = Platform::new(client_id, Some(secret_key.livemode()));
        match (self.redirect_uri.as_str(), &*self.redirect_uris) {
            ("", []) => return Err(ConnectError::missing("redirect_uri", MISSING)),
            (one, []) => {
                check_one("redirect_uri", one)?;
                platform.register(one)?;
                self.check_callback(one)?;
            }
            ("", several) => {
                for one in several.iter().map(Given::as_str) {
                    check_one("redirect_uris", one)?;
                    platform.register(one).map_err(|error| error.renamed("redirect_uris"))?;
                    self.check_callbacks_path(one)?;
                }
            }
            _ => {
                return Err(ConnectError::invalid(
                    "redirect_uri",
                    "can't stand beside redirect_uris: list it there",
                ));
            }
        }
        Ok(platform)
    }

    /// Stripe must send the browser to the route that listens.
    fn check_callback(&self, redirect_uri: &str) -> Result<(), ConnectError> {
        let listening = [&*self.prefix, "/callback"].concat();
        if path_of(redirect_uri) == listening {
            return Ok(());
        }
        let what = ["must have the path ", &listening, ", where the handler listens"].concat();
        Err(ConnectError::invalid("redirect_uri", &what))
    }

    /// The handler answers on this path, so it can be neither another route's nor the platform's first page.
    fn check_callbacks_path(&self, redirect_uri: &str) -> Result<(), ConnectError> {
        let path = path_of(redirect_uri);
        let what = match path.strip_prefix(&*self.prefix) {
            Some(route) if route.starts_with('/') && route != "/callback" => {
                "must not have the path of another route of the handler's"
            }
            _ if matches!(path, "" | "/") => {
                "must each have a path: the handler answers there, and no page of yours"
            }
            _ => return Ok(()),
        };
        Err(ConnectError::invalid("redirect_uris", what))
    }
}

const MISSING: &str = "give the registered URL of the handler's callback";

/// Refuses what the dashboard has in one field: a list, separated by commas.
fn check_one(param: &str, text: &str) -> Result<(), ConnectError> {
    let is_another = |after: &str| after.trim_start().starts_with("http");
    if text.split(',').skip(1).any(is_another) {
        return Err(ConnectError::invalid(param, A_LIST));
    }
    Ok(())
}

/// What to say of the dashboard's list, in a text.
pub(crate) const A_LIST: &str =
    "is a list with commas, as the dashboard has it: give redirect_uris, a text for each URI";

/// The path of a URL, without its query.
fn path_of(url: &str) -> &str {
    let (_, path) = split_origin(url);
    path.split('?').next().unwrap_or_default()
}

impl std::fmt::Debug for ConfigBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConfigBuilder").field("client_id", &self.client_id.as_str()).finish_non_exhaustive()
    }
}

fn check_prefix(prefix: &str) -> Result<(), ConnectError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-_.".contains(&b);
    if is_local_path(prefix) && !prefix.ends_with('/') && prefix.bytes().all(plain) {
        return Ok(());
    }
    Err(ConnectError::invalid("prefix", "must be a path such as /connect, without a slash at its end"))
}

/// A value that ends up in `Location` or `href`, so it must stay on this origin.
fn check_path(param: &'static str, path: &str) -> Result<(), ConnectError> {
    if path.len() > MAX_PATH_BYTES {
        return Err(ConnectError::new(ErrorCode::TooLong, param, "is longer than 512 bytes"));
    }
    if !is_local_path(path) || !path.is_ascii() {
        return Err(ConnectError::invalid(
            param,
            "must be a path of this site that begins with one slash, such as /payouts",
        ));
    }
    Ok(())
}

/// The limit on `return_to`: it travels in the flow cookie.
const MAX_PATH_BYTES: usize = 512;

/// A `return_to` that came with a request.
pub(crate) fn is_return_path(path: &str) -> bool {
    check_path("return_to", path).is_ok()
}
