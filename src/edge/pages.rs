//! What the handler shows a person: one short page for each way a request can end.

use super::config::Config;
use super::outcome::Outcome;
use crate::button::{Button, ButtonSize};
use crate::html::escape;
use crate::origin::ConnectBase;
use crate::server::Response;
use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

/// The look of a page when the platform gives no stylesheet.
const STYLE: &str = "\
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}\
body{margin:0;min-height:100vh;display:grid;place-items:center}\
main{max-width:34rem;padding:2rem 1.25rem}\
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}\
.platform{font-weight:600;opacity:.75}\
.actions{display:flex;flex-wrap:wrap;gap:1rem 1.5rem;align-items:center;margin-top:1.5rem}\
.stripe-connect{font:inherit;min-height:3rem;padding:0 1.25rem;border:0;border-radius:4px;background:#533afd;color:#fff;cursor:pointer}\
:focus-visible{outline:3px solid;outline-offset:3px}";

/// The page that says how a request ended.
///
/// Its text is fixed: nothing of the request is in it, so nobody can put words in it.
pub(crate) fn page(config: &Config, outcome: Outcome) -> Response {
    let platform = escape(&config.platform_name);
    let actions = [retry(config, outcome), back(config, &platform)].concat();
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title} · {platform}</title>{style}</head>\
         <body class=\"stripe-connect-page\"><main><p class=\"platform\">{platform}</p>\
         <h1>{title}</h1><p>{hint}</p><div class=\"actions\">{actions}</div></main></body></html>",
        title = escape(outcome.title()),
        hint = escape(outcome.hint()),
        style = style(config),
    );
    Response::html(outcome.status(), body).with_header("content-security-policy", policy(config))
}

/// The button that starts again, where that helps.
fn retry(config: &Config, outcome: Outcome) -> String {
    if !outcome.asks_to_connect() {
        return String::new();
    }
    let Ok(mut button) = Button::form(&config.path("start")) else { return String::new() };
    button.size = ButtonSize::Large;
    button.to_html()
}

fn back(config: &Config, platform: &str) -> String {
    format!("<a href=\"{}\">Back to {platform}</a>", escape(&config.return_to))
}

fn style(config: &Config) -> String {
    if config.stylesheets.is_empty() {
        return ["<style>", STYLE, "</style>"].concat();
    }
    let link = |path: &String| ["<link rel=\"stylesheet\" href=\"", &*escape(path), "\">"].concat();
    config.stylesheets.iter().map(link).collect()
}

/// Nothing loads but the style. `form-action` names Stripe, with the hosts it may pass a person between,
/// because browsers hold it against every redirect that follows the form.
fn policy(config: &Config) -> String {
    let style = if config.stylesheets.is_empty() {
        format!("'sha256-{}'", Base64::encode_string(&Sha256::digest(STYLE)))
    } else {
        "'self'".to_owned()
    };
    let stripe = if config.base == ConnectBase::stripe() { "https://*.stripe.com" } else { config.base.connect() };
    format!(
        "default-src 'none'; style-src {style}; img-src 'self' data:; form-action 'self' {stripe}; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}
