//! The token endpoints: `POST /oauth/token`, and `POST /v1/oauth/token` for Stripe Apps.

use super::credentials;
use super::form::Form;
use super::kept::{CodeRefusal, Presented, RefreshRefusal, Tokens};
use super::ledger::Ledger;
use super::platform::SandboxPlatform;
use super::refusal::{Refusal, json};
use super::seed::Seed;
use crate::server::{Request, Response, TokenScope};
use crate::vocabulary::capability::Capability;
use crate::vocabulary::livemode::Livemode;
use serde::Serialize;

/// One request of the token endpoint: a code or a refresh token becomes tokens.
pub(super) struct TokenRequest<'a> {
    /// Whether it is the endpoint of Stripe Apps, which knows nothing of Connect's codes and tokens.
    pub(super) is_app: bool,
    pub(super) platforms: &'a [SandboxPlatform],
    pub(super) ledger: &'a mut Ledger,
    pub(super) now: u64,
    pub(super) seed: &'a mut Seed,
}

impl TokenRequest<'_> {
    pub(super) fn answer(self, request: &Request) -> Result<Response, Refusal> {
        let TokenRequest { is_app, platforms, ledger, now, seed } = self;
        let form = Form::of(request);
        let (platform, key) = credentials::platform(request, &form, platforms)?;
        // It is no parameter of this endpoint, but among the errors that Stripe lists for it.
        if let Some(other) = form.get("response_type").filter(|word| *word != "code") {
            return Err(Refusal::response_type(other));
        }
        let presented = Presented { platform, key_mode: key.livemode(), is_app, scope: None, now };
        match form.get("grant_type") {
            Some("authorization_code") => exchange(&form, &presented, ledger, seed),
            Some("refresh_token") => refresh(&form, &presented, ledger, seed),
            // Stripe sends no description here.
            Some(_) => {
                Err(Refusal::OAuth { status: 400, error: "unsupported_grant_type", description: None, state: None })
            }
            None => Err(Refusal::oauth(400, "invalid_request", "No grant type specified")),
        }
    }
}

fn exchange(
    form: &Form,
    presented: &Presented<'_>,
    ledger: &mut Ledger,
    seed: &mut Seed,
) -> Result<Response, Refusal> {
    let code = form
        .get("code")
        .ok_or_else(|| Refusal::oauth(400, "invalid_request", "No authorization code specified"))?;
    let asserted = form.capabilities("assert_capabilities");
    let tokens = ledger
        .spend_code(code, presented, &asserted, seed)
        .map_err(|refusal| code_refusal(&refusal, code, presented.key_mode))?;
    Ok(json(200, &TokenBody::new(&tokens, &asserted)))
}

fn code_refusal(refusal: &CodeRefusal, code: &str, key_mode: Livemode) -> Refusal {
    let description = match (refusal, key_mode) {
        (CodeRefusal::Capability(absent), _) => {
            let text = ["assert_capabilities expects capability: ", absent.as_str()].concat();
            return Refusal::oauth(400, "invalid_request", text);
        }
        (CodeRefusal::Unknown, _) => &*["Authorization code does not exist: ", code].concat(),
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
    };
    Refusal::oauth(400, "invalid_grant", description)
}

/// How Stripe words a bad refresh token is not documented.
fn refresh(
    form: &Form,
    presented: &Presented<'_>,
    ledger: &mut Ledger,
    seed: &mut Seed,
) -> Result<Response, Refusal> {
    let token = form
        .get("refresh_token")
        .ok_or_else(|| Refusal::oauth(400, "invalid_request", "No refresh token specified"))?;
    let asked = form.get("scope");
    let invalid_scope =
        |asked: &str| Refusal::oauth(400, "invalid_scope", format!("Invalid scope provided: {asked}."));
    let scope = asked.map(|asked| TokenScope::parse(asked).ok_or_else(|| invalid_scope(asked))).transpose()?;
    let tokens = ledger.refresh(token, &Presented { scope, ..*presented }, seed).map_err(|refusal| {
        let description = match refusal {
            RefreshRefusal::Unknown => &*["Refresh token does not exist: ", token].concat(),
            RefreshRefusal::NotYours => "Refresh token provided does not belong to you",
            RefreshRefusal::Expired => "Refresh token expired",
            RefreshRefusal::WiderScope => return invalid_scope(asked.unwrap_or_default()),
        };
        Refusal::oauth(400, "invalid_grant", description)
    })?;
    Ok(json(200, &TokenBody::new(&tokens, &[])))
}

/// All seven fields, of which Stripe has deprecated three; and the capabilities that were asserted.
#[derive(Serialize)]
struct TokenBody<'a> {
    access_token: &'a str,
    livemode: bool,
    refresh_token: &'a str,
    token_type: &'static str,
    stripe_publishable_key: &'a str,
    stripe_user_id: &'a str,
    scope: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    capabilities: Option<String>,
}

impl TokenBody<'_> {
    fn new<'a>(tokens: &'a Tokens, asserted: &[Capability]) -> TokenBody<'a> {
        let words: Vec<_> = asserted.iter().map(|capability| capability.as_str()).collect();
        TokenBody {
            access_token: &tokens.access_token,
            livemode: tokens.livemode.as_bool(),
            refresh_token: &tokens.refresh_token,
            token_type: "bearer",
            stripe_publishable_key: &tokens.stripe_publishable_key,
            stripe_user_id: &tokens.stripe_user_id,
            scope: tokens.scope.as_str(),
            capabilities: (!words.is_empty()).then(|| words.join(",")),
        }
    }
}
