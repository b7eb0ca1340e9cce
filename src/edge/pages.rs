//! What the handler shows a person: one short page for each way a request can end.

use super::action::{Action, Ending, Fields, Question};
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
.actions,.actions form{display:flex;flex-wrap:wrap;gap:1rem 1.5rem;align-items:center}\
.actions{margin-top:1.5rem}\
a.stripe-connect-confirm{display:inline-flex;align-items:center;text-decoration:none}\
.stripe-connect,.stripe-connect-confirm{font:inherit;min-height:3rem;padding:0 1.25rem;border:0;border-radius:4px;background:#533afd;color:#fff;cursor:pointer}\
:focus-visible{outline:3px solid;outline-offset:3px}";

/// The page that says how a request ended, with the button that starts again where that helps.
///
/// Its text is the language's: nothing of the request is in it, so nobody can put words in it. Its links lead to
/// paths of this site.
pub(crate) fn page(config: &Config, outcome: Outcome, return_to: &str) -> Response {
    let start = || form(config, Action::Start, &[("return_to", return_to)], &[]);
    let offers = if outcome.asks_to_connect() { start() } else { String::new() };
    layout(config, &Page { offers, ..of(config, outcome, return_to) })
}

/// The page that waits for another request's result: it looks again by itself. There is an end to it, for a claim is
/// lost after a minute.
pub(crate) fn waiting(config: &Config, return_to: &str) -> Response {
    let hint = say(config, Phrase::WaitingHint);
    let page = Page { hint, ..of(config, Outcome::StillWorking, return_to) };
    layout(config, &page).with_header("refresh", "2")
}

/// The page that asks to sign in, with the link to where.
pub(crate) fn sign_in(config: &Config, sign_in_url: Option<&str>, return_to: &str) -> Response {
    let page = of(config, Outcome::NotSignedIn, return_to);
    let Some(url) = sign_in_url else { return layout(config, &page) };
    let label = escape(say(config, Phrase::SignInLabel));
    let offers = format!("<a class=\"stripe-connect-confirm\" href=\"{}\">{label}</a>", escape(url));
    layout(config, &Page { hint: say(config, Phrase::SignInHint), offers, ..page })
}

/// The page that asks whether a person means an action, which its form then does.
pub(crate) fn confirm(config: &Config, question: &Question<'_>) -> Response {
    let Question { action, fields, ending, is_proven } = *question;
    let (title, hint) = action.asks();
    let hint = match ending {
        Some(ending) => ending.hint(&config.language, is_proven),
        None => config.language.text(hint).to_owned(),
    };
    let return_to = fields.iter().find(|(name, _)| *name == "return_to").map_or("", |(_, path)| path);
    let sent = [fields, ending.map_or(&[], Ending::fields)].concat();
    let others = ending.is_some_and(|ending| ending.others > 0 && !ending.is_local);
    let only_here = [("deauthorize", "no", say(config, Phrase::ConfirmForgetLabel))];
    let page = Page {
        status: if is_proven { 200 } else { action.unconfirmed().status() },
        title: config.language.text(title),
        hint: &hint,
        offers: form(config, action, &sent, if others { &only_here } else { &[] }),
        site: String::new(),
        return_to,
    };
    layout(config, &page)
}

/// What stands on a page.
struct Page<'a> {
    status: u16,
    title: &'a str,
    hint: &'a str,
    /// Markup: what leads on, before the link that leads back.
    offers: String,
    /// The platform's site, where the page may stand on another.
    site: String,
    return_to: &'a str,
}

fn of<'a>(config: &'a Config, outcome: Outcome, return_to: &'a str) -> Page<'a> {
    let language = &config.language;
    let (title, hint) = (outcome.title_in(language), outcome.hint_in(language));
    // From another site, the way on leads to the right one.
    let site = if outcome == Outcome::WrongSite { config.site() } else { String::new() };
    Page { status: outcome.status(), title, hint, offers: String::new(), site, return_to }
}

fn say(config: &Config, phrase: Phrase) -> &str {
    config.language.text(Text::Phrase(phrase))
}

/// Under `no-referrer` a browser sends `Origin: null` with a form, and one without `Sec-Fetch-Site` has nothing else
/// to say that the form is ours. `strict-origin` lets it say that, and never the address that the page stands on.
fn layout(config: &Config, page: &Page<'_>) -> Response {
    let language = &config.language;
    let platform = escape(&config.platform_name);
    let referrer = if page.offers.contains("<form") { "strict-origin" } else { "no-referrer" };
    let body = format!(
        "<!doctype html><html lang=\"{lang}\"{dir}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title} · {platform}</title>{style}</head>\
         <body class=\"stripe-connect-page\"><main><p class=\"platform\">{platform}</p>\
         <h1>{title}</h1><p>{hint}</p><div class=\"actions\">{offers}{back}</div></main></body></html>",
        lang = escape(language.tag()),
        dir = if language.direction() == Direction::RightToLeft { " dir=\"rtl\"" } else { "" },
        title = escape(page.title),
        hint = escape(page.hint),
        style = style(config),
        offers = page.offers,
        back = back(config, &platform, page),
    );
    Response::html(page.status, body)
        .with_header("content-security-policy", policy(config))
        .with_header("referrer-policy", referrer)
}

/// A form's further buttons: each has a name, a value and a label.
type Buttons<'a> = &'a [(&'static str, &'static str, &'a str)];

/// The form that does `action` with these values.
fn form(config: &Config, action: Action, fields: Fields<'_>, others: Buttons<'_>) -> String {
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
            "<form method=\"post\" action=\"{}\"><button class=\"stripe-connect-confirm\">{}</button>{}</form>",
            escape(&path),
            escape(config.language.text(action.label())),
            others.iter().map(other_button).collect::<String>(),
        ),
    };
    let hidden = |(name, value): &(&str, &str)| {
        format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value))
    };
    let hidden: String = fields.iter().map(hidden).collect();
    button.replacen("<button", &[&hidden, "<button"].concat(), 1)
}

fn other_button((name, value, label): &(&str, &str, &str)) -> String {
    let label = escape(label);
    format!("<button class=\"stripe-connect-confirm\" name=\"{name}\" value=\"{value}\">{label}</button>")
}

fn back(config: &Config, platform: &str, page: &Page<'_>) -> String {
    let text = escape(say(config, Phrase::PageBack)).replace("{platform}", platform);
    format!("<a href=\"{}{}\">{text}</a>", escape(&page.site), escape(page.return_to))
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
