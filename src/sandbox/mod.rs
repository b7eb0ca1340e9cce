//! Stripe's side of the protocol: a stand-in for tests and demos. It is not Stripe, and moves no money.
//!
//! [`Sandbox`] is a state machine without I/O: the host brings each request, the time and 32 random
//! bytes, and gets the response. The same requests with the same bytes give the same answers.
//!
//! ```
//! use stripe_connect_oauth::server::{Method, Request, SecretKey};
//! use stripe_connect_oauth::{ClientId, Livemode, RedirectUri};
//! use stripe_connect_oauth::sandbox::{Sandbox, SandboxPlatform};
//!
//! # fn main() -> Result<(), stripe_connect_oauth::ConnectError> {
//! let mut sandbox = Sandbox::new(SandboxPlatform {
//!     client_id: ClientId::parse("ca_sandbox123")?,
//!     name: "Acme Platform".to_owned(),
//!     redirect_uris: vec![RedirectUri::parse("https://shop.example/connect/callback", None)?],
//!     livemode: Livemode::Test,
//!     secret_keys: vec![SecretKey::parse("sk_test_sandbox123")?],
//! });
//! let request = Request {
//!     method: Method::Get,
//!     url: "http://localhost:12111/oauth/authorize?response_type=code&client_id=ca_sandbox123".to_owned(),
//!     headers: Vec::new(),
//!     body: String::new(),
//! };
//! let page = sandbox.handle(&request, 1_700_000_000, [7; 32]);
//! assert_eq!(page.status, 200);
//! assert!(page.body.contains("Stand-in for Stripe"));
//! # Ok(())
//! # }
//! ```
//!
//! | Address | Answers |
//! |---|---|
//! | `GET /oauth/authorize`, `GET /oauth/v2/authorize` | the consent page, or Stripe's JSON error |
//! | `POST` to the same | the person's decision: a redirect back with `code`, or with `access_denied` |
//! | `POST /oauth/token` | a connected account for a code, or Stripe's JSON error |
//! | `GET /_sandbox/log` | every request to `/oauth/token`: time, status, error, masked code |
//! | `GET /_sandbox/ledger` | every connection: account, scope, when, whether it was revoked |
//! | `GET /` | what this is |
//!
//! Not yet: the `refresh_token` grant (it is answered with `unsupported_grant_type`), `/oauth/deauthorize`,
//! Express, and `always_prompt`: the page always asks.
//!
//! It keeps everything it was told until it is dropped.

mod endpoints;
mod ledger;
mod pages;
mod seed;

use crate::ids::ClientId;
use crate::livemode::Livemode;
use crate::redirect_uri::RedirectUri;
use crate::server::{Method, Request, Response, SecretKey};
use endpoints::{AuthorizeRequest, Form, Refusal, json};
use ledger::Ledger;
use seed::Seed;
use serde::Serialize;
use std::fmt;

/// The limit on a query and on a body, each, in bytes. What is longer is refused before it is read.
pub const MAX_BYTES: usize = 16 * 1024;

/// A platform as it is registered at Stripe.
#[derive(Debug, Clone)]
pub struct SandboxPlatform {
    /// The platform's client id.
    pub client_id: ClientId,
    /// The name the consent page shows.
    pub name: String,
    /// The redirect URIs registered for it. The first is the default.
    pub redirect_uris: Vec<RedirectUri>,
    /// The mode of the client id, and so of the codes it obtains.
    pub livemode: Livemode,
    /// The platform's secret keys. One of the other mode is known, but spends no code of this client id.
    pub secret_keys: Vec<SecretKey>,
}

/// A stand-in for Stripe: its platforms, accounts, codes, connections, and a log of token requests.
pub struct Sandbox {
    platforms: Vec<SandboxPlatform>,
    ledger: Ledger,
    log: Vec<LogEntry>,
    served: u64,
}

impl Sandbox {
    /// A sandbox where one platform is registered.
    pub fn new(platform: SandboxPlatform) -> Sandbox {
        Sandbox { platforms: vec![platform], ledger: Ledger::new(), log: Vec::new(), served: 0 }
    }

    /// Registers another platform, whose codes do not belong to the first.
    pub fn register(&mut self, platform: SandboxPlatform) {
        self.platforms.push(platform);
    }

    /// Answers one request. `now` is in Unix seconds; `random` becomes the ids that this request makes.
    pub fn handle(&mut self, request: &Request, now: u64, random: [u8; 32]) -> Response {
        let mut seed = Seed::new(random, self.served);
        self.served = self.served.wrapping_add(1);
        let request_id = seed.id("req_", 14);
        let mut response = self
            .route(request, now, &mut seed)
            .with_header("request-id", request_id)
            .with_header("cache-control", "no-store")
            .with_header("referrer-policy", "no-referrer")
            .with_header("x-content-type-options", "nosniff");
        if request.method == Method::Head {
            response.body.clear();
        }
        response
    }

    fn route(&mut self, request: &Request, now: u64, seed: &mut Seed) -> Response {
        let Some(endpoint) = Endpoint::at(request.path()) else {
            return Refusal::api(404, "Unrecognized request URL.").response();
        };
        let answer = check(request, endpoint).and_then(|()| self.answer(request, endpoint, now, seed));
        if endpoint == Endpoint::Token {
            self.log.push(LogEntry::new(request, now, &answer));
        }
        answer.unwrap_or_else(|refusal| refusal.response())
    }

    fn answer(
        &mut self,
        request: &Request,
        endpoint: Endpoint,
        now: u64,
        seed: &mut Seed,
    ) -> Result<Response, Refusal> {
        match endpoint {
            Endpoint::Authorize => {
                let asked = AuthorizeRequest::read(request.query(), &self.platforms)?;
                match request.method {
                    Method::Post => endpoints::decide(&asked, &request.body, &mut self.ledger, now, seed),
                    _ => Ok(pages::consent(&asked, request.query(), self.ledger.accounts())),
                }
            }
            Endpoint::Token => endpoints::token(request, &self.platforms, &mut self.ledger, now, seed),
            Endpoint::Log => Ok(json(200, &self.log)),
            Endpoint::Ledger => Ok(json(200, &self.ledger.connections())),
            Endpoint::Index => Ok(pages::index(&self.platforms)),
            Endpoint::Style => Ok(pages::style()),
        }
    }
}

impl fmt::Debug for Sandbox {
    /// The codes stay out of sight.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("platforms", &self.platforms).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    Index,
    Authorize,
    Token,
    Log,
    Ledger,
    Style,
}

impl Endpoint {
    fn at(path: &str) -> Option<Endpoint> {
        Some(match path {
            "/" => Endpoint::Index,
            "/oauth/authorize" | "/oauth/v2/authorize" => Endpoint::Authorize,
            "/oauth/token" => Endpoint::Token,
            "/_sandbox/log" => Endpoint::Log,
            "/_sandbox/ledger" => Endpoint::Ledger,
            pages::STYLE_PATH => Endpoint::Style,
            _ => return None,
        })
    }

    /// The methods it takes, as the `Allow` header names them.
    const fn allow(self) -> &'static str {
        match self {
            Endpoint::Authorize => "GET, HEAD, POST",
            Endpoint::Token => "POST",
            _ => "GET, HEAD",
        }
    }
}

/// Method and size, before anything is read.
fn check(request: &Request, endpoint: Endpoint) -> Result<(), Refusal> {
    let allow = endpoint.allow();
    if !allow.split(", ").any(|method| method == request.method.as_str()) {
        return Err(Refusal::Method { allow });
    }
    if request.query().len() > MAX_BYTES {
        return Err(Refusal::api(414, "The query is longer than 16 KB."));
    }
    if request.body.len() > MAX_BYTES {
        return Err(Refusal::api(413, "The body is longer than 16 KB."));
    }
    Ok(())
}

/// One request to `/oauth/token`. It holds nothing that could be used.
#[derive(Serialize)]
struct LogEntry {
    time: u64,
    status: u16,
    error: Option<&'static str>,
    code: Option<String>,
}

impl LogEntry {
    fn new(request: &Request, now: u64, answer: &Result<Response, Refusal>) -> LogEntry {
        let (status, error) = match answer {
            Ok(response) => (response.status, None),
            Err(refusal) => (refusal.status(), Some(refusal.error())),
        };
        LogEntry { time: now, status, error, code: masked_code(&request.body) }
    }
}

fn masked_code(body: &str) -> Option<String> {
    if body.len() > MAX_BYTES {
        return None;
    }
    let begin: String = Form::read(body).get("code")?.chars().take(7).collect();
    Some([&*begin, "…"].concat())
}
