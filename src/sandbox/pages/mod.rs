//! The pages a person sees. Each says on top that it is a stand-in. No script; every value is escaped.

mod consent;
mod dashboard;
mod onboarding;
mod requests;

pub(super) use consent::consent;
pub(super) use dashboard::{account, accounts};
pub(super) use onboarding::onboarding;
pub(super) use requests::requests;

use super::account_state::AccountState;
use super::platform::SandboxPlatform;
use crate::server::Response;
use crate::vocabulary::html::escape;
use crate::vocabulary::redirect_uri::RedirectUri;

/// Where the style sheet is.
pub(super) const STYLE_PATH: &str = "/_sandbox/style.css";

/// The style sheet.
pub(super) fn style() -> Response {
    Response::new(200, "text/css; charset=utf-8", include_str!("../style.css"))
}

/// What this is, and where to look.
pub(super) fn index(platforms: &[SandboxPlatform]) -> Response {
    let platforms: String = platforms.iter().map(registration).collect();
    let main = format!(
        "<h1>This plays Stripe’s part</h1>\
         <p>A stand-in for what connects an account to a platform: Stripe’s OAuth endpoints, and the API around \
         them. It keeps everything in memory and forgets it when it stops.</p>\
         {platforms}\
         <ul class=\"links\">\
         <li><a href=\"/dashboard\">Dashboards</a> of the accounts: see and end their connections</li>\
         <li><a href=\"/_sandbox/requests\">Requests</a> everything that was asked here</li>\
         <li><a href=\"/_sandbox/log\">Token requests</a> every request to /oauth/token, as JSON</li>\
         <li><a href=\"/_sandbox/ledger\">Connections</a> every account that was connected, as JSON</li>\
         <li><a href=\"/_sandbox/events\">Events</a> what platforms were told, as JSON</li>\
         <li><a href=\"/_sandbox/webhooks\">Webhooks</a> where it went, and how that went, as JSON</li>\
         <li><a href=\"/_sandbox/faults\">Faults</a> what goes wrong on demand, as JSON</li>\
         </ul>"
    );
    page("Stand-in for Stripe", &main, "; form-action 'none'")
}

fn registration(platform: &SandboxPlatform) -> String {
    let item = |uri: &RedirectUri| format!("<dd><code>{}</code></dd>", escape(uri.as_str()));
    let client_ids = platform.client_ids().map(|(id, mode)| {
        let mode = if mode.as_bool() { "live" } else { "test" };
        format!("<dd><code>{}</code> {mode}</dd>", escape(id.as_str()))
    });
    format!(
        "<h2>{name}</h2><dl><dt>client_id</dt>{client_ids}<dt>redirect_uri</dt>{uris}</dl>",
        name = escape(&platform.name),
        client_ids = client_ids.collect::<String>(),
        uris = platform.redirect_uris.iter().map(item).collect::<String>(),
    )
}

/// A choice of states; its own label names it.
fn select_state(name: &str, chosen: AccountState) -> String {
    let option = |state: AccountState| {
        let selected = if state == chosen { " selected" } else { "" };
        format!("<option value=\"{}\"{selected}>{}</option>", state.as_str(), state.label())
    };
    let options: String = AccountState::ALL.iter().copied().map(option).collect();
    format!("<select name=\"{name}\">{options}</select>")
}

/// A state, where it is not the usual one.
fn state_mark(state: AccountState) -> String {
    match state {
        AccountState::Active => String::new(),
        _ => format!("<em>{}</em>", state.label()),
    }
}

/// `title` and `main` are markup already.
fn page(title: &str, main: &str, policy: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title} · Stand-in for Stripe</title><link rel=\"stylesheet\" href=\"{STYLE_PATH}\"></head>\
         <body><header><strong>Stand-in for Stripe</strong> <span>This is not Stripe. No real account, no real money.</span></header>\
         <main>{main}</main></body></html>"
    );
    let csp = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    Response::html(200, html).with_header("content-security-policy", [csp, policy].concat())
}
