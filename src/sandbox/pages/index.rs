//! The first page: what this is.

use super::page::page;
use crate::sandbox::platform::SandboxPlatform;
use crate::server::Response;
use crate::vocabulary::html::escape;
use crate::vocabulary::redirect_uri::RedirectUri;

/// What this is, and where to look.
pub(in crate::sandbox) fn index(platforms: &[SandboxPlatform]) -> Response {
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
