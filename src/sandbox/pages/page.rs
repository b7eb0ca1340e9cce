//! What the pages have in common.

use crate::sandbox::account_state::AccountState;
use crate::server::Response;

/// Where the style sheet is.
pub(in crate::sandbox) const STYLE_PATH: &str = "/_sandbox/style.css";

/// The style sheet.
pub(in crate::sandbox) fn style() -> Response {
    Response::new(200, "text/css; charset=utf-8", include_str!("../style.css"))
}

/// A choice of states; its own label names it.
pub(super) fn select_state(name: &str, chosen: AccountState) -> String {
    let option = |state: AccountState| {
        let selected = if state == chosen { " selected" } else { "" };
        format!("<option value=\"{}\"{selected}>{}</option>", state.as_str(), state.label())
    };
    let options: String = AccountState::ALL.iter().copied().map(option).collect();
    format!("<select name=\"{name}\">{options}</select>")
}

/// A state, where it is not the usual one.
pub(super) fn state_mark(state: AccountState) -> String {
    match state {
        AccountState::Active => String::new(),
        _ => format!("<em>{}</em>", state.label()),
    }
}

/// `title` and `main` are markup already.
pub(super) fn page(title: &str, main: &str, policy: &str) -> Response {
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
