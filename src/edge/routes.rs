//! The routes: which paths are the handler's, what each takes, and how each tells an outcome.

use super::config::Config;
use super::form::MAX_FORM_BYTES;
use super::outcome::Outcome;
use crate::server::Method;

/// A path of the handler's, as [`Handler::route`](super::Handler::route) finds it.
///
/// ```
/// use stripe_connect_oauth::edge::{ConfigBuilder, Handler};
///
/// let config = ConfigBuilder {
///     client_id: "ca_123".into(),
///     secret_key: "sk_test_123".into(),
///     redirect_uri: "https://shop.example/connect/callback".into(),
///     cookie_secrets: vec!["a random text of at least 32 characters".to_owned()],
///     ..ConfigBuilder::default()
/// };
/// let handler = Handler::new(config.build()?);
/// assert_eq!(handler.route("/connect/callback").map(|route| route.body_limit()), Some(0));
/// assert!(handler.route("/payouts").is_none(), "the platform's own");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Route {
    pub(crate) step: Step,
    /// The path, under the prefix.
    path: &'static str,
    /// The methods it takes, as the `Allow` header names them.
    pub(crate) allow: &'static str,
    /// Whether a GET does more than read, so that no browser may send it on a guess.
    pub(crate) acts_on_get: bool,
    body_limit: usize,
    pub(crate) audience: Audience,
    is_served: fn(&Config) -> bool,
}

/// What is done there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Start,
    Callback,
    Exchange,
    Connections,
    Disconnect,
    Account,
    Create,
    Onboard,
    Webhook,
    Result(Outcome),
}

/// Who hears how it ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Audience {
    /// A script: JSON.
    Json,
    /// The page style's script: JSON in its words.
    InPage,
    /// A person, by an address that says it and can be loaded again.
    Person,
    /// A script that asks for JSON, else a person, by an address.
    Either,
    /// A script that asks for JSON, else a person, there and then.
    Page,
}

/// The limit on a webhook's body, in bytes. Stripe's events have some tens of KB.
const MAX_EVENT_BYTES: usize = 262_144;

const ALWAYS: fn(&Config) -> bool = |_| true;
const IF_PAGE_STYLE: fn(&Config) -> bool = |config| config.page_style;
const IF_DEFERRED: fn(&Config) -> bool = |config| config.deferred_accounts;
/// Without a secret nothing could be verified.
const IF_SIGNED: fn(&Config) -> bool = |config| !config.webhook_secrets.is_empty();

/// HEAD is no callback: a link preview must not spend a code.
#[rustfmt::skip]
const CALLBACK: Route =
    Route { step: Step::Callback,    path: "callback",    allow: "GET",       acts_on_get: true,  body_limit: 0,               audience: Audience::Person, is_served: ALWAYS };

#[rustfmt::skip]
pub(crate) const DISCONNECT: Route =
    Route { step: Step::Disconnect,  path: "disconnect",  allow: "POST",      acts_on_get: false, body_limit: MAX_FORM_BYTES,  audience: Audience::Either, is_served: ALWAYS };

#[rustfmt::skip]
const ROUTES: [Route; 8] = [
    Route { step: Step::Start,       path: "start",       allow: "GET, POST", acts_on_get: true,  body_limit: MAX_FORM_BYTES,  audience: Audience::Page,   is_served: ALWAYS },
    Route { step: Step::Exchange,    path: "exchange",    allow: "POST",      acts_on_get: false, body_limit: MAX_FORM_BYTES,  audience: Audience::InPage, is_served: IF_PAGE_STYLE },
    Route { step: Step::Connections, path: "connections", allow: "GET, HEAD", acts_on_get: false, body_limit: 0,               audience: Audience::Json,   is_served: ALWAYS },
    DISCONNECT,
    Route { step: Step::Account,     path: "account",     allow: "GET",       acts_on_get: false, body_limit: 0,               audience: Audience::Json,   is_served: ALWAYS },
    Route { step: Step::Create,      path: "create",      allow: "POST",      acts_on_get: false, body_limit: MAX_FORM_BYTES,  audience: Audience::Either, is_served: IF_DEFERRED },
    Route { step: Step::Onboard,     path: "onboard",     allow: "GET",       acts_on_get: true,  body_limit: 0,               audience: Audience::Either, is_served: IF_DEFERRED },
    Route { step: Step::Webhook,     path: "webhook",     allow: "POST",      acts_on_get: false, body_limit: MAX_EVENT_BYTES, audience: Audience::Json,   is_served: IF_SIGNED },
];

/// The page of an outcome, whose name follows.
pub(crate) const RESULT: &str = "result/";

const fn result(outcome: Outcome) -> Route {
    Route {
        step: Step::Result(outcome),
        path: RESULT,
        allow: "GET, HEAD",
        acts_on_get: false,
        body_limit: 0,
        audience: Audience::Page,
        is_served: ALWAYS,
    }
}

impl Route {
    /// The route of a request to `path`.
    pub(crate) fn at(path: &str, config: &Config) -> Option<Route> {
        if config.callbacks_at(path).next().is_some() {
            return Some(CALLBACK);
        }
        let path = path.strip_prefix(&config.prefix)?.strip_prefix('/')?;
        if let Some(name) = path.strip_prefix(RESULT) {
            return Outcome::parse(name).filter(|outcome| outcome.has_page()).map(result);
        }
        ROUTES.into_iter().find(|route| route.path == path && (route.is_served)(config))
    }

    /// How many bytes the body of a request may have here. A host hands over as many and one more, if there are
    /// more: what is longer is refused.
    pub const fn body_limit(&self) -> usize {
        self.body_limit
    }

    /// The path, under the prefix.
    pub(crate) const fn path(&self) -> &'static str {
        self.path
    }

    pub(crate) fn takes(&self, method: Method) -> bool {
        self.allow.split(", ").any(|allowed| allowed == method.as_str())
    }
}
