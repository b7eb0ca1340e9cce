//! [`ConfigBuilder`]: what the platform tells the handler once, and the rules that it must keep.

use super::application::Application;
use super::config::{Config, MISSING, path_of};
use super::confirmation::Confirmations;
use super::done::WhenDone;
use super::flow_cookie::FlowCookies;
use super::given::Given;
use super::host::Start;
use crate::front::authorize::StripeLanding;
use crate::front::platform::Platform;
use crate::front::prefill::Prefill;
use crate::server::{RefreshTokenKeys, SecretKey, WebhookSecret, check_assertion};
use crate::texts::{Language, Phrase, Text};
use crate::vocabulary::capability::Capability;
use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::{ChannelLink, ClientId};
use crate::vocabulary::origin::{ConnectBase, is_local_path};
use crate::vocabulary::redirect_uri::RedirectUri;
use crate::vocabulary::scope::Scope;
use crate::vocabulary::state::State;

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
    /// Random texts of at least 32 characters. The first seals flow cookies and confirmations; all open them. To rotate,
    /// put the new one last; once every machine has it, first; and an hour after every machine has that, take the old one
    /// away. One that is put first at once seals what the machines that wait for it can't open.
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
    /// Where people are told that an account was connected or disconnected. Default: on a page of the handler's.
    pub when_done: WhenDone,
    /// Where people sign in: a path of the platform's, or an https URL. It is given the path to come back to, as
    /// `return_to`. Empty: the pages ask to sign in, without a link.
    pub sign_in_url: String,
    /// The platform's own stylesheets for the handler's pages, as paths. Empty: a plain built-in one.
    pub stylesheets: Vec<String>,
    /// How long a flow may take, in seconds: 1 to 3600. Default 3600, since creating a Stripe account
    /// takes time.
    pub flow_lifetime: u64,
    /// Whether pages begin and finish flows themselves (page style): `{prefix}/exchange` is served, where they post what
    /// came back. Default: no, and the path is the platform's own.
    pub page_style: bool,
    /// Whether signed-in users may have Standard accounts made in the platform's name: `/create` and `/onboard`
    /// are served. Default: no.
    pub deferred_accounts: bool,
    /// The signing secrets of the Connect webhook endpoint, `whsec_…`: more than one while a rolled one is
    /// still alive, in any order. Without any, `{prefix}/webhook` is not served.
    pub webhook_secrets: Vec<Given<WebhookSecret>>,
    /// Random texts of at least 32 characters, to keep refresh tokens under: [`Connection::refresh_token`]
    /// is then sealed with the first, and [`RefreshTokenKeys`] of all opens it. They are rotated as `cookie_secrets` are,
    /// but the old one stays while a token lives that it sealed. Empty: none is kept, since the platform's own key with
    /// the `Stripe-Account` header does all of it for Connect.
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
            when_done: WhenDone::default(),
            sign_in_url: String::new(),
            stylesheets: Vec::new(),
            flow_lifetime: 3600,
            page_style: false,
            deferred_accounts: false,
            webhook_secrets: Vec::new(),
            refresh_token_secrets: Vec::new(),
        }
    }
}

impl std::fmt::Debug for ConfigBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A secret key that was given in its place stays hidden.
        let client_id = self.client_id.read();
        let shown = client_id.as_ref().map_or("[redacted]", ClientId::as_str);
        f.debug_struct("ConfigBuilder").field("client_id", &shown).finish_non_exhaustive()
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
        check_sign_in_url(&self.sign_in_url)?;
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
        let application = Application { client_id: platform.client_id().clone(), livemode: secret_key.livemode() };
        let config = Config {
            platform,
            secret_key,
            flow_cookies: FlowCookies::of(&application, &self.cookie_secrets)?,
            confirmations: Confirmations::of(&application, &self.cookie_secrets)?,
            application,
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
            when_done: self.when_done,
            sign_in_url: Some(self.sign_in_url).filter(|url| !url.is_empty()),
            stylesheets: self.stylesheets,
            flow_lifetime: self.flow_lifetime,
            page_style: self.page_style,
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

/// A path of this site, or an address as a redirect URI is one: with https, or of this machine, and no fragment.
fn check_sign_in_url(url: &str) -> Result<(), ConnectError> {
    let is_path = check_path("sign_in_url", url).is_ok() && !url.contains('#');
    if url.is_empty() || is_path || RedirectUri::parse(url, None).is_ok() {
        return Ok(());
    }
    Err(ConnectError::invalid("sign_in_url", "must be a path of this site, such as /login, or an https URL"))
}

/// The limit on `return_to`: it travels in the flow cookie.
const MAX_PATH_BYTES: usize = 512;

/// A `return_to` that came with a request.
pub(crate) fn is_return_path(path: &str) -> bool {
    check_path("return_to", path).is_ok()
}
