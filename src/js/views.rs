//! What the calls of `/server` resolve to: plain objects, with Stripe's names. What is absent is `null`, as
//! it is at Stripe.

use crate::server::{Account, AccountLink, RefreshedToken, Secret, Token, TokenScope};
use crate::vocabulary::livemode::Livemode;
use serde::Serialize;

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

/// An account, with Stripe's names, and then our reading of it.
#[derive(Serialize)]
pub(crate) struct AccountView<'a> {
    id: &'a str,
    r#type: &'a str,
    country: Option<&'a str>,
    email: Option<&'a str>,
    charges_enabled: bool,
    payouts_enabled: bool,
    details_submitted: bool,
    requirements: RequirementsView<'a>,
    status: &'static str,
    next_step: &'static str,
    hint: &'static str,
}

#[derive(Serialize)]
struct RequirementsView<'a> {
    currently_due: &'a [String],
    past_due: &'a [String],
    eventually_due: &'a [String],
    pending_verification: &'a [String],
    current_deadline: Option<u64>,
    disabled_reason: Option<&'a str>,
}

impl<'a> From<&'a Account> for AccountView<'a> {
    fn from(account: &'a Account) -> AccountView<'a> {
        let (status, asked) = (account.status(), &account.requirements);
        AccountView {
            id: account.id.as_str(),
            r#type: account.account_type.as_str(),
            country: account.country.as_deref(),
            email: account.email.as_deref(),
            charges_enabled: account.charges_enabled,
            payouts_enabled: account.payouts_enabled,
            details_submitted: account.details_submitted,
            requirements: RequirementsView {
                currently_due: &asked.currently_due,
                past_due: &asked.past_due,
                eventually_due: &asked.eventually_due,
                pending_verification: &asked.pending_verification,
                current_deadline: asked.current_deadline,
                disabled_reason: asked.disabled_reason.as_ref().map(|reason| reason.as_str()),
            },
            status: status.as_str(),
            next_step: status.next_step().as_str(),
            hint: status.hint(),
        }
    }
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
