//! An account's own dashboard, and the list of accounts to choose one from.

use super::page::{page, select_state, state_mark};
use crate::sandbox::account::Account;
use crate::sandbox::kept::Connection;
use crate::sandbox::platform::SandboxPlatform;
use crate::server::Response;
use crate::vocabulary::html::escape;

/// Every account, to look into.
pub(in crate::sandbox) fn accounts(accounts: &[Account]) -> Response {
    let item = |account: &Account| {
        format!(
            "<li><a href=\"/dashboard/{id}\">{name}<small>{detail} {state}</small></a></li>",
            id = escape(&account.id),
            name = escape(&account.name),
            detail = escape(&account.detail()),
            state = state_mark(account.state),
        )
    };
    let main = format!(
        "<p class=\"crumbs\"><a href=\"/\">Stand-in for Stripe</a></p>\
         <h1>Whose dashboard?</h1><p>These made-up accounts can be connected. Look into one, as its owner.</p>\
         <ul class=\"choices\">{}</ul>",
        accounts.iter().map(item).collect::<String>()
    );
    page("Dashboards", &main, "; form-action 'none'")
}

/// One account: what it may do, and which platforms reach it.
pub(in crate::sandbox) fn account(
    account: &Account,
    standing: &[&Connection],
    platforms: &[SandboxPlatform],
) -> Response {
    let name = escape(&account.name);
    let connected: String = standing.iter().map(|connection| platform(connection, account, platforms)).collect();
    let controller = platforms.iter().find(|platform| account.is_controlled_by(platform));
    let controller = controller.map_or_else(String::new, |platform| {
        format!(
            "<li><div><strong>{}</strong><small>made this account, and controls it</small></div></li>",
            escape(&platform.name)
        )
    });
    let platforms = match [controller, connected].concat() {
        none if none.is_empty() => "<p class=\"quiet\">No platform is connected.</p>".to_owned(),
        some => format!("<ul class=\"choices\">{some}</ul>"),
    };
    let main = format!(
        "<p class=\"crumbs\"><a href=\"/dashboard\">Dashboards</a></p>\
         <h1>{name} {state}</h1>\
         <dl><dt>Account</dt><dd><code>{id}</code></dd><dt>E-mail and country</dt><dd>{detail}</dd>\
         <dt>Payments</dt><dd>{charges}</dd><dt>Payouts</dt><dd>{payouts}</dd></dl>\
         <h2>Connected platforms</h2>{platforms}\
         <h2>How Stripe sees it</h2>\
         <form method=\"post\" class=\"row\"><label>State{states}</label>\
         <button name=\"action\" value=\"see_as\" class=\"quiet\">Change</button></form>\
         <p class=\"quiet\">Connected platforms hear of a change as <code>account.updated</code>.</p>",
        state = state_mark(account.state),
        id = escape(&account.id),
        detail = escape(&account.detail()),
        charges = works(account.state.charges_enabled()),
        payouts = works(account.state.payouts_enabled()),
        states = select_state("account_state", account.state),
    );
    page(&name, &main, "; form-action 'self'")
}

const fn works(enabled: bool) -> &'static str {
    if enabled { "work" } else { "do not work" }
}

fn platform(connection: &Connection, account: &Account, platforms: &[SandboxPlatform]) -> String {
    let client_id = escape(&connection.client_id);
    let name = platforms.iter().find(|platform| platform.client_id(&connection.client_id).is_some());
    let name = name.map_or_else(String::new, |platform| escape(&platform.name));
    let mode = if connection.livemode { "live mode" } else { "test mode" };
    let disconnect = if account.is_express {
        "<small>an Express account stays connected</small>".to_owned()
    } else {
        format!(
            "<form method=\"post\"><input type=\"hidden\" name=\"client_id\" value=\"{client_id}\">\
             <button name=\"action\" value=\"disconnect\" class=\"quiet\" aria-describedby=\"{client_id}\">\
             Disconnect this platform</button></form>"
        )
    };
    format!(
        "<li><div id=\"{client_id}\"><strong>{name}</strong><small>{scope} · {mode} · {client_id}</small></div>{disconnect}</li>",
        scope = connection.scope.as_str(),
    )
}
