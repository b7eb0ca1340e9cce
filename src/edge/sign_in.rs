//! Nobody is signed in: the way to the platform's sign-in, and back to what was wanted.

use super::answer::{reply_to_page, reply_with, wants_json};
use super::config::Config;
use super::form::with_return_to;
use super::host::Host;
use super::outcome::Outcome;
use super::pages;
use super::routes::{Audience, Step};
use super::visit::{StepResult, Visit};
use crate::server::{Request, Response};

/// The callback's query, while its owner signs in: so no code is in the platform's addresses and logs. The name is the
/// application's own.
fn cookie_name(config: &Config) -> String {
    ["__Host-stripe-connect-callback.", &*config.application.tag()].concat()
}

/// As long as Stripe takes a code.
const LIFETIME_SECONDS: u64 = 300;

/// A longer query is no callback of Stripe's, and sealed it would not fit into a cookie.
const MAX_QUERY_BYTES: usize = 2048;

impl<H: Host> Visit<'_, H> {
    /// Asks to sign in, and leads back to what was asked for where an address does that; else to where the person
    /// came from.
    pub(crate) fn not_signed_in(&self) -> Response {
        let way_back = self.way_back();
        self.sign_in_to(&match self.route.step {
            Step::Start => with_return_to(&self.config.path("start"), &way_back),
            Step::Onboard => [self.request.path(), "?", self.request.query()].concat(),
            _ => way_back,
        })
    }

    /// The callback's page: reloading it can still finish, and so can the way back from the sign-in, for which a
    /// cookie keeps the query.
    pub(crate) fn callback_not_signed_in(&self, query: &str) -> StepResult<Response, H> {
        let path = self.request.path();
        let has_link = self.config.sign_in_url.is_some();
        if !has_link || query.is_empty() || query.len() > MAX_QUERY_BYTES {
            return Ok(self.not_signed_in());
        }
        let page = self.sign_in_to(path);
        if self.request.query().is_empty() {
            // It is kept already.
            return Ok(page);
        }
        let sealed = self.config.confirmations.keys().seal(&place(path), query.as_bytes(), self.random()?);
        let cookie = cookie(self.config, &sealed.unwrap_or_default(), LIFETIME_SECONDS);
        Ok(page.with_header("set-cookie", cookie))
    }

    fn sign_in_to(&self, come_back: &str) -> Response {
        let config = self.config;
        let sign_in_url = config.sign_in_url.as_ref().map(|url| with_return_to(url, come_back));
        let more = sign_in_url.as_ref().map(|url| ("sign_in_url", url.as_str().into()));
        match self.route.audience {
            Audience::InPage => return reply_to_page(config, Outcome::NotSignedIn, more),
            Audience::Json => return reply_with(config, Outcome::NotSignedIn, more),
            Audience::Either | Audience::Page if wants_json(self.request) => {
                return reply_with(config, Outcome::NotSignedIn, more);
            }
            Audience::Either | Audience::Page | Audience::Person => {}
        }
        pages::sign_in(config, sign_in_url.as_deref(), &self.way_back())
    }
}

/// The query of a callback that its owner comes back to from the sign-in, else the request's own.
pub(crate) fn callback_query(config: &Config, request: &Request) -> String {
    let kept = || {
        let (_, sealed) = request.cookies().find(|(name, _)| *name == cookie_name(config))?;
        String::from_utf8(config.confirmations.keys().open(&place(request.path()), sealed)?).ok()
    };
    match request.query() {
        "" => kept().unwrap_or_default(),
        query => query.to_owned(),
    }
}

/// A callback that came to its end need not be kept.
pub(crate) fn forget_callback(config: &Config, request: &Request, response: Response) -> Response {
    match request.cookies().any(|(name, _)| name == cookie_name(config)) {
        true => response.with_header("set-cookie", cookie(config, "", 0)),
        false => response,
    }
}

fn cookie(config: &Config, sealed: &str, max_age: u64) -> String {
    let name = cookie_name(config);
    format!("{name}={sealed}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Lax")
}

/// What a kept query is sealed to. No action is called so.
fn place(path: &str) -> String {
    ["callback", path].join("\0")
}
