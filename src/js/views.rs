//! What the calls of `/server` resolve to: plain objects, with Stripe's names. What is absent is `null`, as
//! it is at Stripe.

use crate::server::{Account, AccountLink, RefreshedToken, Secret, Token, TokenScope};
use crate::texts::Language;
use crate::vocabulary::livemode::Livemode;
use serde::Serialize;
use serde_json::Value;

/// What `exchangeCode` and `refreshToken` resolve to. From an exchange no token crosses unless it was asked for:
/// Stripe deprecates them for Connect.
#[derive(Serialize)]
pub(crate) struct TokenView {
    #[serde(skip_serializing_if = "Option::is_none")]
    stripe_user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    livemode: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    capabilities: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stripe_publishable_key: Option<String>,
}

impl TokenView {
    /// With `tokens`, all that Stripe gave; else with `refresh_token` that one, and with neither none.
    pub(crate) fn exchanged(token: Token, tokens: bool, refresh_token: bool) -> TokenView {
        TokenView {
            stripe_user_id: Some(token.stripe_user_id.as_str().to_owned()),
            livemode: Some(token.livemode.as_bool()),
            scope: Some(token.scope.as_str()),
            capabilities: token.capabilities.iter().map(|capability| capability.as_str()).collect(),
            access_token: exposed(token.access_token.filter(|_| tokens)),
            refresh_token: exposed(token.refresh_token.filter(|_| tokens || refresh_token)),
            stripe_publishable_key: token.stripe_publishable_key.filter(|_| tokens),
        }
    }

    /// The refresh token is there in any case: a Stripe App's old one is dead.
    pub(crate) fn refreshed(token: RefreshedToken, tokens: bool) -> TokenView {
        TokenView {
            stripe_user_id: token.stripe_user_id.map(|id| id.as_str().to_owned()),
            livemode: token.livemode.map(Livemode::as_bool),
            scope: token.scope.map(TokenScope::as_str),
            capabilities: Vec::new(),
            access_token: exposed(token.access_token.filter(|_| tokens)),
            refresh_token: exposed(token.refresh_token),
            stripe_publishable_key: token.stripe_publishable_key.filter(|_| tokens),
        }
    }
}

fn exposed(secret: Option<Secret>) -> Option<String> {
    secret.map(|secret| secret.expose().to_owned())
}

#[derive(Serialize)]
pub(crate) struct DeauthorizedView<'a> {
    pub(crate) stripe_user_id: &'a str,
    pub(crate) already_disconnected: bool,
}

/// What `retrieveAccount` and `createAccount` resolve to.
pub(crate) fn account_view(account: &Account) -> Value {
    let whose = [("id", account.id.as_str().into()), ("email", account.email.as_deref().into())];
    account.view(&Language::ENGLISH, whose.into())
}

#[derive(Serialize)]
pub(crate) struct AccountLinkView<'a> {
    url: &'a str,
    expires_at: u64,
}

impl<'a> From<&'a AccountLink> for AccountLinkView<'a> {
    fn from(link: &'a AccountLink) -> AccountLinkView<'a> {
        AccountLinkView { url: link.url.expose(), expires_at: link.expires_at }
    }
}
