//! The authorize endpoints, and the person's decision. Errors are shown as JSON; only a denial redirects
//! (`docs.stripe.com/connect/oauth-reference`).

use super::account::Account;
use super::account_state::AccountState;
use super::form::Form;
use super::kept::Grant;
use super::ledger::Ledger;
use super::platform::SandboxPlatform;
use super::refusal::Refusal;
use super::seed::Seed;
use crate::front::authorize::StripeLanding;
use crate::front::prefill::Prefill;
use crate::server::{Response, TokenScope};
use crate::vocabulary::capability::Capability;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::ClientId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::redirect_uri::RedirectUri;
use crate::vocabulary::scope::Scope;

/// Which of the authorize addresses was asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AuthorizePath {
    /// `/oauth/authorize`: Standard.
    Standard,
    /// `/oauth/v2/authorize`: Standard's newer path, and on `marketplace.stripe.com` that of Stripe Apps.
    V2,
    /// `/express/oauth/authorize`.
    Express,
    /// `/oauth/v2/chnlink_…/authorize`: an app's link for external tests.
    ChannelLink,
}

impl AuthorizePath {
    pub(super) fn read(path: &str) -> Option<AuthorizePath> {
        match path {
            "/oauth/authorize" => Some(AuthorizePath::Standard),
            "/oauth/v2/authorize" => Some(AuthorizePath::V2),
            "/express/oauth/authorize" => Some(AuthorizePath::Express),
            _ => {
                let link = path.strip_prefix("/oauth/v2/chnlink_")?.strip_suffix("/authorize")?;
                let is_link = !link.is_empty() && link.bytes().all(|byte| byte.is_ascii_alphanumeric());
                is_link.then_some(AuthorizePath::ChannelLink)
            }
        }
    }

    /// The flow it begins for this registration: an app and a Connect platform share a path.
    fn flow(self, is_app: bool) -> Option<Flow> {
        match (self, is_app) {
            (AuthorizePath::Standard | AuthorizePath::V2, false) => Some(Flow::Standard),
            (AuthorizePath::Express, false) => Some(Flow::Express),
            (AuthorizePath::V2 | AuthorizePath::ChannelLink, true) => Some(Flow::App),
            _ => None,
        }
    }
}

/// A query that Stripe would show its consent page for.
pub(super) struct AuthorizeRequest<'a> {
    pub(super) platform: &'a SandboxPlatform,
    pub(super) flow: Flow,
    pub(super) livemode: Livemode,
    pub(super) redirect_uri: &'a RedirectUri,
    pub(super) scope: TokenScope,
    pub(super) landing: StripeLanding,
    pub(super) prefill: Prefill,
    pub(super) capabilities: Vec<Capability>,
    client_id: &'a ClientId,
    state: Option<String>,
}

impl<'a> AuthorizeRequest<'a> {
    /// Reads the query. A refusal is shown as JSON and never redirected.
    pub(super) fn read(
        path: AuthorizePath,
        query: &str,
        platforms: &'a [SandboxPlatform],
    ) -> Result<AuthorizeRequest<'a>, Refusal> {
        let form = Form::read(query);
        AuthorizeRequest::check(path, &form, platforms).map_err(|refusal| refusal.with_state(form.get("state")))
    }

    fn check(
        path: AuthorizePath,
        form: &Form,
        platforms: &'a [SandboxPlatform],
    ) -> Result<AuthorizeRequest<'a>, Refusal> {
        let (platform, (client_id, livemode)) = registration(form, platforms)?;
        let flow = path.flow(platform.is_app()).ok_or_else(no_application)?;
        check_enabled(platform, flow)?;
        check_response_type(form, flow)?;
        let scope = scope(form, flow)?;
        Ok(AuthorizeRequest {
            platform,
            flow,
            livemode,
            redirect_uri: redirect_uri(form, platform)?,
            scope,
            landing: landing(form, scope),
            prefill: form.prefill(flow),
            capabilities: form.capabilities("suggested_capabilities"),
            client_id,
            state: form.get("state").map(str::to_owned),
        })
    }

    fn grant(&self) -> Grant<'_> {
        Grant { client_id: self.client_id, livemode: self.livemode, flow: self.flow, scope: self.scope }
    }

    /// Sends the browser back with `answer`.
    fn redirect(&self, answer: &[(&str, &str)]) -> Response {
        let mut url = self.redirect_uri.to_string();
        if !url.ends_with(['?', '&']) {
            url.push(if url.contains('?') { '&' } else { '?' });
        }
        let start = url.len();
        Response::see_other(form_urlencoded::Serializer::for_suffix(url, start).extend_pairs(answer).finish())
    }

    fn redirect_with_state(&self, answer: &[(&str, &str)]) -> Response {
        let state = self.state.as_deref().map(|state| ("state", state));
        self.redirect(&answer.iter().copied().chain(state).collect::<Vec<_>>())
    }

    fn connected(&self, code: &str) -> Response {
        match self.flow {
            Flow::Standard => self.redirect_with_state(&[("scope", self.scope.as_str()), ("code", code)]),
            Flow::Express | Flow::App => self.redirect_with_state(&[("code", code)]),
        }
    }

    /// The Apps flow loses the state on its way back (stripe/stripe-apps#948).
    fn denied(&self) -> Response {
        const DENIED: [(&str, &str); 2] =
            [("error", "access_denied"), ("error_description", "The user denied your request")];
        match self.flow {
            Flow::App => self.redirect(&DENIED),
            Flow::Standard | Flow::Express => self.redirect_with_state(&DENIED),
        }
    }
}

fn no_application() -> Refusal {
    Refusal::api(400, "No application matches the supplied client identifier")
}

type Registration<'a> = (&'a SandboxPlatform, (&'a ClientId, Livemode));

fn registration<'a>(form: &Form, platforms: &'a [SandboxPlatform]) -> Result<Registration<'a>, Refusal> {
    let asked = form.get("client_id").unwrap_or_default();
    let found = platforms.iter().find_map(|platform| Some((platform, platform.client_id(asked)?)));
    found.ok_or_else(no_application)
}

/// The Standard flow is switched off, as it is for a platform at first.
pub(super) fn standard_disabled() -> Refusal {
    const TEXT: &str = "Standard OAuth is disabled for this Stripe Connect integration. If you own this \
                        integration, you can enable the Standard OAuth flow in the Connect Settings page in \
                        your dashboard.";
    Refusal::api(400, TEXT)
}

/// Whether the platform's settings allow the flow.
fn check_enabled(platform: &SandboxPlatform, flow: Flow) -> Result<(), Refusal> {
    match flow {
        _ if platform.flows.contains(&flow) => Ok(()),
        Flow::Express => {
            let text = "Cannot onboard via express oauth due to gated access.";
            Err(Refusal::api(403, text).with_bare_code("forbidden"))
        }
        Flow::Standard | Flow::App => Err(standard_disabled()),
    }
}

/// Express may leave it out; Apps have no such parameter.
fn check_response_type(form: &Form, flow: Flow) -> Result<(), Refusal> {
    match (form.get("response_type"), flow) {
        (Some("code"), _) | (None, Flow::Express) | (_, Flow::App) => Ok(()),
        (Some(other), _) => Err(Refusal::response_type(other)),
        (None, Flow::Standard) => Err(Refusal::oauth(400, "invalid_request", "No response type specified")),
    }
}

/// Absent, it is `read_only`. Only Standard asks for one.
fn scope(form: &Form, flow: Flow) -> Result<TokenScope, Refusal> {
    match (flow, form.get("scope")) {
        (Flow::Express, _) => Ok(TokenScope::Express),
        (Flow::App, _) => Ok(TokenScope::StripeApps),
        (Flow::Standard, None) => Ok(TokenScope::ReadOnly),
        (Flow::Standard, Some(asked)) => match Scope::parse(asked) {
            Ok(Scope::ReadWrite) => Ok(TokenScope::ReadWrite),
            Ok(Scope::ReadOnly) => Ok(TokenScope::ReadOnly),
            Err(_) => Err(Refusal::oauth(400, "invalid_scope", format!("Invalid scope provided: {asked}."))),
        },
    }
}

/// Absent, it is the first one registered; else it must equal one of them as a string.
fn redirect_uri<'a>(form: &Form, platform: &'a SandboxPlatform) -> Result<&'a RedirectUri, Refusal> {
    let asked = form.get("redirect_uri");
    let registered = platform.redirect_uris.iter().find(|uri| asked.is_none_or(|asked| asked == uri.as_str()));
    registered.ok_or_else(|| {
        let asked = asked.unwrap_or_default();
        let text = format!(
            "Invalid redirect URI '{asked}'. Ensure this uri exactly matches one of the uris specified in your \
             application settings"
        );
        Refusal::oauth(400, "invalid_redirect_uri", text)
    })
}

/// Absent, it is `login` for `read_only` and for apps, which are installed into accounts, else `register`.
fn landing(form: &Form, scope: TokenScope) -> StripeLanding {
    let asked = form.get("stripe_landing").and_then(|asked| StripeLanding::parse(asked).ok());
    asked.unwrap_or(match scope {
        TokenScope::ReadOnly | TokenScope::StripeApps => StripeLanding::Login,
        TokenScope::ReadWrite | TokenScope::Express => StripeLanding::Register,
    })
}

/// The consent form came back: the person connects an account, or cancels.
pub(super) fn decide(
    asked: &AuthorizeRequest<'_>,
    body: &[u8],
    ledger: &mut Ledger,
    now: u64,
    seed: &mut Seed,
) -> Result<Response, Refusal> {
    let form = Form::read(body);
    match form.get("decision") {
        Some("connect") => {
            let account = account(asked, &form, ledger, now, seed)?;
            Ok(asked.connected(&ledger.issue_code(&asked.grant(), account, now, seed)))
        }
        Some("cancel") => Ok(asked.denied()),
        _ => Err(Refusal::api(400, "The consent form was sent with neither of its buttons.")),
    }
}

/// The account that was logged in to, or a new one.
fn account(
    asked: &AuthorizeRequest<'_>,
    form: &Form,
    ledger: &mut Ledger,
    now: u64,
    seed: &mut Seed,
) -> Result<String, Refusal> {
    match form.get("account") {
        Some("new") => {
            let mut account = Account::registered(&form.prefill(asked.flow), now, seed);
            let state = form.get("account_state").and_then(|word| AccountState::parse(word).ok());
            account.state = state.unwrap_or_default();
            if asked.flow == Flow::Express {
                account.is_express = true;
                account.capabilities.clone_from(&asked.capabilities);
            }
            Ok(ledger.add_account(account))
        }
        Some(id) if ledger.can_connect(id, asked.platform, asked.flow) => Ok(id.to_owned()),
        _ => Err(Refusal::api(400, "No such account.")),
    }
}
