//! What the handler shows a person: one short page for each way a request can end.

use super::action::{Action, Fields};
use super::config::Config;
use super::outcome::Outcome;
use crate::front::button::{Button, ButtonSize};
use crate::server::Response;
use crate::texts::{Direction, Phrase, Text};
use crate::vocabulary::html::escape;
use crate::vocabulary::origin::ConnectBase;
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
.stripe-connect,.stripe-connect-confirm{font:inherit;min-height:3rem;padding:0 1.25rem;border:0;border-radius:4px;background:#533afd;color:#fff;cursor:pointer}\
:focus-visible{outline:3px solid;outline-offset:3px}";

/// The page that says how a request ended, with the button that starts again where that helps.
///
/// Its text is the language's: nothing of the request is in it, so nobody can put words in it.
pub(crate) fn page(config: &Config, outcome: Outcome) -> Response {
    let form = outcome.asks_to_connect().then(|| form(config, Action::Start, &[]));
    let language = &config.language;
    layout(config, outcome.status(), outcome.title_in(language), outcome.hint_in(language), form)
}

/// The page that asks whether a person means `action`, which its form then does.
///
/// Its text is the language's as well. `fields` stand hidden in the form: they are valid.
pub(crate) fn confirm(config: &Config, action: Action, fields: Fields<'_>) -> Response {
    let form = form(config, action, fields);
    let (title, hint) = action.asks();
    let say = |text| config.language.text(text);
    layout(config, action.unconfirmed().status(), say(title), say(hint), Some(form))
}

/// Under `no-referrer` a browser sends `Origin: null` with a form, and one without `Sec-Fetch-Site` has nothing else
/// to say that the form is ours. `strict-origin` lets it say that, and never the address that the page stands on.
fn layout(config: &Config, status: u16, title: &str, hint: &str, form: Option<String>) -> Response {
    let language = &config.language;
    let platform = escape(&config.platform_name);
    let referrer = if form.is_some() { "strict-origin" } else { "no-referrer" };
    let actions = [form.unwrap_or_default(), back(config, &platform)].concat();
    let body = format!(
        "<!doctype html><html lang=\"{lang}\"{dir}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title} · {platform}</title>{style}</head>\
         <body class=\"stripe-connect-page\"><main><p class=\"platform\">{platform}</p>\
         <h1>{title}</h1><p>{hint}</p><div class=\"actions\">{actions}</div></main></body></html>",
        lang = escape(language.tag()),
        dir = if language.direction() == Direction::RightToLeft { " dir=\"rtl\"" } else { "" },
        title = escape(title),
        hint = escape(hint),
        style = style(config),
    );
    Response::html(status, body)
        .with_header("content-security-policy", policy(config))
        .with_header("referrer-policy", referrer)
}

/// The form that does `action` with these values.
fn form(config: &Config, action: Action, fields: Fields<'_>) -> String {
    let path = config.path(action.as_str());
    let button = match (action, Button::form(&path)) {
        (Action::Start, Ok(mut button)) => {
            button.size = ButtonSize::Large;
            let text = Text::Phrase(Phrase::ButtonLabel);
            let label = config.language.text(text);
            if label != text.english() {
                // Was looked at as the language was given.
                let _ = button.set_label(label);
            }
            button.to_html()
        }
        _ => format!(
            "<form method=\"post\" action=\"{}\"><button class=\"stripe-connect-confirm\">{}</button></form>",
            escape(&path),
            escape(config.language.text(action.label())),
        ),
    };
    let hidden = |(name, value): &(&str, &str)| {
        format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value))
    };
    let hidden: String = fields.iter().map(hidden).collect();
    button.replacen("<button", &[&hidden, "<button"].concat(), 1)
}

fn back(config: &Config, platform: &str) -> String {
    let text = escape(config.language.text(Text::Phrase(Phrase::PageBack))).replace("{platform}", platform);
    format!("<a href=\"{}\">{text}</a>", escape(&config.return_to))
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
