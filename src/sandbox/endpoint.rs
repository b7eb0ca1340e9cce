//! [`Endpoint`]: the addresses of Stripe's that the sandbox stands for, and its own; what each takes.

use super::authorize::AuthorizePath;
use super::call::MAX_BYTES;
use super::pages;
use super::refusal::Refusal;
use crate::server::Request;
use crate::vocabulary::words::words;

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint<'a> {
    Index,
    Authorize(AuthorizePath),
    Token { is_app: bool },
    Deauthorize,
    Api,
    Setup { account: &'a str, key: &'a str },
    Dashboards,
    Dashboard { account: &'a str },
    Control(Control),
    Style,
}

impl<'a> Endpoint<'a> {
    /// The endpoint at a path.
    pub(super) fn at(path: &'a str) -> Option<Endpoint<'a>> {
        match path {
            "/" => return Some(Endpoint::Index),
            "/oauth/token" => return Some(Endpoint::Token { is_app: false }),
            "/v1/oauth/token" => return Some(Endpoint::Token { is_app: true }),
            "/oauth/deauthorize" => return Some(Endpoint::Deauthorize),
            "/dashboard" => return Some(Endpoint::Dashboards),
            pages::STYLE_PATH => return Some(Endpoint::Style),
            _ => {}
        }
        if path.starts_with("/v1/") {
            return Some(Endpoint::Api);
        }
        if let Some(rest) = path.strip_prefix("/setup/s/") {
            let (account, key) = rest.split_once('/')?;
            return Some(Endpoint::Setup { account, key });
        }
        if let Some(account) = path.strip_prefix("/dashboard/") {
            return Some(Endpoint::Dashboard { account });
        }
        match path.strip_prefix("/_sandbox/") {
            Some(name) => Control::parse(name).map(Endpoint::Control),
            None => AuthorizePath::read(path).map(Endpoint::Authorize),
        }
    }

    /// The methods it takes, as the `Allow` header names them.
    pub(super) const fn allow(self) -> &'static str {
        match self {
            Endpoint::Authorize(_) | Endpoint::Setup { .. } | Endpoint::Dashboard { .. } | Endpoint::Api => {
                "GET, HEAD, POST"
            }
            Endpoint::Token { .. } | Endpoint::Deauthorize => "POST",
            Endpoint::Control(control) => control.allow(),
            Endpoint::Index | Endpoint::Dashboards | Endpoint::Style => "GET, HEAD",
        }
    }

    /// Whether it is called by servers with keys, rather than opened by people.
    pub(super) const fn is_called_by_platforms(self) -> bool {
        matches!(self, Endpoint::Token { .. } | Endpoint::Deauthorize | Endpoint::Api)
    }

    /// Whether it is Stripe's: what looks at the sandbox itself is no news.
    pub(super) const fn is_logged(self) -> bool {
        !matches!(self, Endpoint::Control(_) | Endpoint::Style | Endpoint::Index)
    }
}

words! {
    /// One of the addresses under `/_sandbox/`.
    pub(super) enum Control {
        /// The requests to the token endpoints.
        Log = "log",
        /// The newest requests of any kind.
        Requests = "requests",
        /// Every connection.
        Ledger = "ledger",
        /// Every code.
        Codes = "codes",
        /// What platforms were told.
        Events = "events",
        /// The accounts; changes or makes one.
        Accounts = "accounts",
        /// The platforms; registers another one.
        Platforms = "platforms",
        /// Connects an account without asking anyone.
        Connections = "connections",
        /// The sandbox's time; moves it.
        Clock = "clock",
        /// Where events go.
        Webhooks = "webhooks",
        /// What goes wrong.
        Faults = "faults",
        /// Forgets all but what it began with.
        Reset = "reset",
    }
}

impl Control {
    pub(super) const fn allow(self) -> &'static str {
        match self {
            Control::Log | Control::Requests | Control::Ledger | Control::Codes | Control::Events => "GET, HEAD",
            Control::Accounts | Control::Platforms | Control::Clock | Control::Webhooks | Control::Faults => {
                "GET, HEAD, POST"
            }
            Control::Connections | Control::Reset => "POST",
        }
    }
}

/// Method and size, before anything is read.
pub(super) fn check(request: &Request, endpoint: Endpoint<'_>) -> Result<(), Refusal> {
    let allow = endpoint.allow();
    if !allow.split(", ").any(|method| method == request.method.as_str()) {
        return Err(match endpoint {
            Endpoint::Api => Refusal::unrecognized(request.method.as_str(), request.path()),
            _ => Refusal::Method { allow },
        });
    }
    if request.query().len() > MAX_BYTES {
        return Err(Refusal::api(414, "The query is longer than 16 KB."));
    }
    if request.body.len() > MAX_BYTES {
        return Err(Refusal::api(413, "The body is longer than 16 KB."));
    }
    Ok(())
}
