//! What Stripe's endpoints answer. Errors and their texts are those of
//! `docs.stripe.com/connect/oauth-reference` and of answers people have reported.

use super::SandboxPlatform;
use super::ledger::{CodeRefusal, Connection, Ledger};
use super::seed::Seed;
use crate::authorize::{Scope, StripeLanding};
use crate::livemode::Livemode;
use crate::prefill::{Prefill, PrefillField};
use crate::redirect_uri::RedirectUri;
use crate::server::{Request, Response, SecretKey};
use base64ct::{Base64, Encoding};
use serde::Serialize;

/// Form-encoded fields, as a query or a body carries them. Of a repeated field the first counts.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn read(text: &str) -> Form {
        Form(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| &**value)
    }

    fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// The `stripe_user[…]` fields. Like Stripe, it drops bad values without a word.
    fn prefill(&self) -> Prefill {
        let mut prefill = Prefill::default();
        for (name, value) in &self.0 {
            let field = name.strip_prefix("stripe_user[").and_then(|rest| rest.strip_suffix(']'));
            if let Some(field) = field.and_then(|field| PrefillField::parse(field).ok()) {
                let _ignored = prefill.set(field, value);
            }
        }
        prefill
    }
}

/// A refusal, in one of Stripe's two shapes.
pub(super) enum Refusal {
    /// `{"error": "…", "error_description": "…"}`.
    OAuth { status: u16, error: &'static str, description: Option<String>, state: Option<String> },
    /// `{"error": {"message": "…", "type": "…"}}`.
    Api { status: u16, message: String, r#type: Option<&'static str> },
    /// The API's shape, and the methods that are allowed.
    Method { allow: &'static str },
}

impl Refusal {
    pub(super) fn api(status: u16, message: impl Into<String>) -> Refusal {
        Refusal::Api { status, message: message.into(), r#type: None }
    }

    fn oauth(status: u16, error: &'static str, description: impl Into<String>) -> Refusal {
        Refusal::OAuth { status, error, description: Some(description.into()), state: None }
    }

    /// Echoes the state, which only OAuth's shape does.
    fn with_state(self, echo: Option<&str>) -> Refusal {
        match self {
            Refusal::OAuth { status, error, description, .. } => {
                Refusal::OAuth { status, error, description, state: echo.map(str::to_owned) }
            }
            other => other,
        }
    }

    pub(super) fn status(&self) -> u16 {
        match self {
            Refusal::OAuth { status, .. } | Refusal::Api { status, .. } => *status,
            Refusal::Method { .. } => 405,
        }
    }

    /// The error's name, which holds nothing of the request.
    pub(super) fn error(&self) -> &'static str {
        match self {
            Refusal::OAuth { error, .. } => error,
            Refusal::Api { r#type: Some(r#type), .. } => r#type,
            Refusal::Api { .. } | Refusal::Method { .. } => "invalid_request_error",
        }
    }

    pub(super) fn response(&self) -> Response {
        let status = self.status();
        match self {
            Refusal::OAuth { error, description, state, .. } => json(
                status,
                &OAuthBody { error, error_description: description.as_deref(), state: state.as_deref() },
            ),
            Refusal::Api { message, r#type, .. } => {
                json(status, &ApiBody { error: ApiError { message, r#type: *r#type } })
            }
            Refusal::Method { allow } => {
                let message = ["This address takes ", allow, "."].concat();
                Refusal::api(status, message).response().with_header("allow", *allow)
            }
        }
    }
}

#[derive(Serialize)]
struct OAuthBody<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
}

#[derive(Serialize)]
struct ApiBody<'a> {
    error: ApiError<'a>,
}

#[derive(Serialize)]
struct ApiError<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'a str>,
}

/// Strings, numbers and lists of them always serialize.
pub(super) fn json(status: u16, body: &impl Serialize) -> Response {
    Response::json(status, serde_json::to_string(body).unwrap_or_default())
}

/// A query that Stripe would show its consent page for.
pub(super) struct AuthorizeRequest<'a> {
    pub(super) platform: &'a SandboxPlatform,
    pub(super) redirect_uri: &'a RedirectUri,
    pub(super) scope: Scope,
    pub(super) landing: StripeLanding,
    pub(super) prefill: Prefill,
    state: Option<String>,
}

impl<'a> AuthorizeRequest<'a> {
    /// Reads the query. A refusal is shown as JSON and never redirected.
    pub(super) fn read(query: &str, platforms: &'a [SandboxPlatform]) -> Result<AuthorizeRequest<'a>, Refusal> {
        let form = Form::read(query);
        AuthorizeRequest::check(&form, platforms).map_err(|refusal| refusal.with_state(form.get("state")))
    }

    fn check(form: &Form, platforms: &'a [SandboxPlatform]) -> Result<AuthorizeRequest<'a>, Refusal> {
        let platform = platform(form, platforms)?;
        check_response_type(form)?;
        let scope = scope(form)?;
        Ok(AuthorizeRequest {
            platform,
            redirect_uri: redirect_uri(form, platform)?,
            scope,
            landing: landing(form, scope),
            prefill: form.prefill(),
            state: form.get("state").map(str::to_owned),
        })
    }

    /// Sends the browser back with `answer` and the state.
    fn redirect(&self, answer: &[(&str, &str)]) -> Response {
        let mut url = self.redirect_uri.to_string();
        if !url.ends_with(['?', '&']) {
            url.push(if url.contains('?') { '&' } else { '?' });
        }
        let start = url.len();
        let state = self.state.as_deref().map(|state| ("state", state));
        let pairs = answer.iter().copied().chain(state);
        Response::see_other(form_urlencoded::Serializer::for_suffix(url, start).extend_pairs(pairs).finish())
    }
}

fn platform<'a>(form: &Form, platforms: &'a [SandboxPlatform]) -> Result<&'a SandboxPlatform, Refusal> {
    let asked = form.get("client_id");
    platforms
        .iter()
        .find(|platform| asked == Some(platform.client_id.as_str()))
        .ok_or_else(|| Refusal::api(400, "No application matches the supplied client identifier"))
}

fn check_response_type(form: &Form) -> Result<(), Refusal> {
    match form.get("response_type") {
        Some("code") => Ok(()),
        Some(other) => {
            let text = format!("Only 'code' response_type is supported, but '{other}' was provided");
            Err(Refusal::oauth(400, "unsupported_response_type", text))
        }
        None => Err(Refusal::oauth(400, "invalid_request", "No response type specified")),
    }
}

/// Absent, it is `read_only`.
fn scope(form: &Form) -> Result<Scope, Refusal> {
    let Some(asked) = form.get("scope") else { return Ok(Scope::ReadOnly) };
    Scope::parse(asked)
        .map_err(|_| Refusal::oauth(400, "invalid_scope", format!("Invalid scope provided: {asked}.")))
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

/// Absent, it is `login` for `read_only` and `register` for `read_write`.
fn landing(form: &Form, scope: Scope) -> StripeLanding {
    let asked = form.get("stripe_landing").and_then(|asked| StripeLanding::parse(asked).ok());
    asked.unwrap_or(match scope {
        Scope::ReadOnly => StripeLanding::Login,
        Scope::ReadWrite => StripeLanding::Register,
    })
}

/// The consent form came back: the person connects an account, or cancels.
pub(super) fn decide(
    asked: &AuthorizeRequest<'_>,
    body: &str,
    ledger: &mut Ledger,
    now: u64,
    seed: &mut Seed,
) -> Result<Response, Refusal> {
    let form = Form::read(body);
    match form.get("decision") {
        Some("connect") => {
            let account = account(&form, ledger, seed)?;
            let code = ledger.issue_code(asked.platform, account, asked.scope, now, seed);
            Ok(asked.redirect(&[("scope", asked.scope.as_str()), ("code", &*code)]))
        }
        Some("cancel") => {
            Ok(asked.redirect(&[("error", "access_denied"), ("error_description", "The user denied your request")]))
        }
        _ => Err(Refusal::api(400, "The consent form was sent with neither of its buttons.")),
    }
}

/// The account that was logged in to, or a new one.
fn account(form: &Form, ledger: &mut Ledger, seed: &mut Seed) -> Result<String, Refusal> {
    match form.get("account") {
        Some("new") => Ok(ledger.create_account(&form.prefill(), seed)),
        Some(id) if ledger.has_account(id) => Ok(id.to_owned()),
        _ => Err(Refusal::api(400, "No such account.")),
    }
}

/// `POST /oauth/token`.
pub(super) fn token(
    request: &Request,
    platforms: &[SandboxPlatform],
    ledger: &mut Ledger,
    now: u64,
    seed: &mut Seed,
) -> Result<Response, Refusal> {
    let form = Form::read(&request.body);
    let (platform, key) = authenticate(request, &form, platforms)?;
    check_grant_type(&form)?;
    let code = form
        .filled("code")
        .ok_or_else(|| Refusal::oauth(400, "invalid_request", "No authorization code specified"))?;
    let connection = ledger
        .spend_code(code, platform, key.livemode(), now)
        .map_err(|refusal| Refusal::oauth(400, "invalid_grant", invalid_grant(&refusal, code, key.livemode())))?;
    Ok(json(200, &TokenBody::new(&connection, seed)))
}

fn check_grant_type(form: &Form) -> Result<(), Refusal> {
    match form.filled("grant_type") {
        Some("authorization_code") => Ok(()),
        // Stripe sends no description here.
        Some(_) => {
            Err(Refusal::OAuth { status: 400, error: "unsupported_grant_type", description: None, state: None })
        }
        None => Err(Refusal::oauth(400, "invalid_request", "No grant type specified")),
    }
}

fn invalid_grant(refusal: &CodeRefusal, code: &str, key_mode: Livemode) -> String {
    match (refusal, key_mode) {
        (CodeRefusal::Unknown, _) => return ["Authorization code does not exist: ", code].concat(),
        (CodeRefusal::NotYours, _) => "Authorization code provided does not belong to you",
        (CodeRefusal::OtherMode, Livemode::Live) => {
            "Passed in livemode API key but authorization code only supports returning test keys"
        }
        (CodeRefusal::OtherMode, Livemode::Test) => {
            "Passed in testmode API key but authorization code only supports returning live keys"
        }
        (CodeRefusal::AlreadyUsed, _) => {
            "This authorization code has already been used. All tokens issued with this code have been revoked."
        }
        (CodeRefusal::Expired, _) => "Authorization code expired",
    }
    .to_owned()
}

/// All seven fields, of which Stripe has deprecated three.
#[derive(Serialize)]
struct TokenBody<'a> {
    access_token: String,
    livemode: bool,
    refresh_token: String,
    token_type: &'static str,
    stripe_publishable_key: String,
    stripe_user_id: &'a str,
    scope: &'static str,
}

impl TokenBody<'_> {
    fn new<'a>(connection: &'a Connection, seed: &mut Seed) -> TokenBody<'a> {
        let (secret, publishable) =
            if connection.livemode { ("sk_live_", "pk_live_") } else { ("sk_test_", "pk_test_") };
        TokenBody {
            access_token: seed.id(secret, 24),
            livemode: connection.livemode,
            refresh_token: seed.id("rt_", 48),
            token_type: "bearer",
            stripe_publishable_key: seed.id(publishable, 24),
            stripe_user_id: &connection.stripe_user_id,
            scope: connection.scope,
        }
    }
}

/// The platform that the request's secret key belongs to. The header counts before the body.
fn authenticate<'a>(
    request: &Request,
    form: &Form,
    platforms: &'a [SandboxPlatform],
) -> Result<(&'a SandboxPlatform, &'a SecretKey), Refusal> {
    const NONE: &str = "No authentication was provided. Send your secret API key using the Authorization header, \
                        or as a client_secret POST parameter.";
    let sent = request.header("authorization").map(key_in_header);
    let sent = sent
        .or_else(|| form.filled("client_secret").map(str::to_owned))
        .filter(|sent| !sent.is_empty())
        .ok_or_else(|| Refusal::oauth(401, "invalid_client", NONE))?;
    if sent.starts_with("pk_") {
        let message = "Publishable key sent, but only secret keys can be used".to_owned();
        return Err(Refusal::Api { status: 401, message, r#type: Some("invalid_request_error") });
    }
    platforms
        .iter()
        .flat_map(|platform| platform.secret_keys.iter().map(move |key| (platform, key)))
        .find(|(_, key)| key.verify(&sent))
        .ok_or_else(|| Refusal::oauth(401, "invalid_client", ["No such API key: ", &*masked(&sent)].concat()))
}

/// The key in `Bearer sk_…` or in `Basic base64(sk_…:)`; any other header as a whole, as Stripe reads it:
/// that is how people come to see `No such API key: Bearer`.
fn key_in_header(header: &str) -> String {
    match header.trim().split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim().to_owned(),
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("basic") => {
            basic_user(key.trim()).unwrap_or_else(|| key.trim().to_owned())
        }
        _ => header.trim().to_owned(),
    }
}

fn basic_user(encoded: &str) -> Option<String> {
    let decoded = String::from_utf8(Base64::decode_vec(encoded).ok()?).ok()?;
    decoded.split(':').next().map(str::to_owned)
}

/// `sk_test_****123`: the kind of key, and the last three characters of a long one.
fn masked(key: &str) -> String {
    if key.eq_ignore_ascii_case("bearer") || key.eq_ignore_ascii_case("basic") {
        return key.to_owned();
    }
    let words = key.matches('_').count().min(2);
    let kind: String = key.split_inclusive('_').take(words).take_while(|word| word.len() <= 6).collect();
    let secret = key.chars().skip(kind.chars().count());
    let hidden = secret.clone().count().saturating_sub(3);
    let shown: String = if hidden < 6 { String::new() } else { secret.skip(hidden).collect() };
    [&*kind, "****", &*shown].concat()
}
