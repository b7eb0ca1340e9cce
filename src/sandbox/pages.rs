//! The pages a person sees. Each says on top that it is a stand-in. No script; every value is escaped.

use super::SandboxPlatform;
use super::endpoints::AuthorizeRequest;
use super::ledger::Account;
use crate::authorize::{Scope, StripeLanding};
use crate::html::escape;
use crate::livemode::Livemode;
use crate::prefill::{Prefill, PrefillField};
use crate::redirect_uri::RedirectUri;
use crate::server::Response;

/// Where the style sheet is.
pub(super) const STYLE_PATH: &str = "/_sandbox/style.css";

/// The style sheet.
pub(super) fn style() -> Response {
    Response::new(200, "text/css; charset=utf-8", include_str!("style.css"))
}

/// What this is, and where to look.
pub(super) fn index(platforms: &[SandboxPlatform]) -> Response {
    let platforms: String = platforms.iter().map(registration).collect();
    let main = format!(
        "<h1>This plays Stripe’s part</h1>\
         <p>A stand-in for Stripe’s OAuth endpoints, for tests and demos. It keeps everything in memory and \
         forgets it when it stops.</p>\
         {platforms}\
         <ul class=\"links\">\
         <li><a href=\"/_sandbox/log\">Token requests</a> every request to /oauth/token</li>\
         <li><a href=\"/_sandbox/ledger\">Connections</a> every account that was connected</li>\
         </ul>"
    );
    page("Stand-in for Stripe", &main, "; form-action 'none'")
}

fn registration(platform: &SandboxPlatform) -> String {
    let item = |uri: &RedirectUri| format!("<dd><code>{}</code></dd>", escape(uri.as_str()));
    format!(
        "<h2>{name}</h2><dl><dt>client_id</dt><dd><code>{client_id}</code></dd><dt>redirect_uri</dt>{uris}</dl>",
        name = escape(&platform.name),
        client_id = escape(platform.client_id.as_str()),
        uris = platform.redirect_uris.iter().map(item).collect::<String>(),
    )
}

/// The consent page, with the panel for `asked.landing`.
///
/// There is no `form-action` here: Chromium holds the redirect after the form against it as well, and
/// every redirect after that one, and where the platform sends the browser on is for the platform to say.
pub(super) fn consent<'a>(
    asked: &AuthorizeRequest<'_>,
    query: &str,
    accounts: impl Iterator<Item = &'a Account>,
) -> Response {
    let name = escape(&asked.platform.name);
    let panel = match asked.landing {
        StripeLanding::Login => log_in(accounts),
        StripeLanding::Register => create_account(&asked.prefill),
    };
    let main = format!(
        "<p class=\"mode\">{mode}</p>\
         <h1>Connect an account to <strong>{name}</strong></h1>\
         <p>{name} would then be able to</p><ul class=\"allows\">{allows}</ul>\
         <nav aria-label=\"Account\">{log_in}{create}</nav>\
         <form method=\"post\" action=\"{action}\">{panel}\
         <div class=\"decision\"><button name=\"decision\" value=\"connect\">Connect</button>\
         <button name=\"decision\" value=\"cancel\" class=\"quiet\" formnovalidate>Cancel</button></div></form>\
         <p class=\"quiet\">Either way you go back to {host}.</p>",
        mode = mode(asked.platform.livemode),
        allows = allows(asked.scope),
        log_in = tab("Log in", asked.landing, StripeLanding::Login, query),
        create = tab("Create an account", asked.landing, StripeLanding::Register, query),
        action = escape(&with_landing(query, asked.landing)),
        host = escape(host(asked.redirect_uri)),
    );
    page(&format!("Connect to {name}"), &main, "")
}

const fn mode(livemode: Livemode) -> &'static str {
    match livemode {
        Livemode::Test => "Test mode",
        Livemode::Live => "Live mode, pretended",
    }
}

/// The scope in plain words.
const fn allows(scope: Scope) -> &'static str {
    match scope {
        Scope::ReadWrite => {
            "<li>see the account’s payments, customers and balance</li>\
             <li>take payments and give refunds in the account’s name</li>\
             <li>change its customers, products and settings</li>"
        }
        Scope::ReadOnly => "<li>see the account’s payments, customers and balance, and change nothing</li>",
    }
}

/// The host, with its port.
fn host(redirect_uri: &RedirectUri) -> &str {
    let text = redirect_uri.as_str();
    let after_scheme = text.split_once("://").map_or(text, |(_, rest)| rest);
    after_scheme.split(['/', '?']).next().unwrap_or(after_scheme)
}

fn tab(text: &str, shown: StripeLanding, landing: StripeLanding, query: &str) -> String {
    let current = if shown == landing { " aria-current=\"page\"" } else { "" };
    format!("<a href=\"{}\"{current}>{text}</a>", escape(&with_landing(query, landing)))
}

/// This page's address with another `stripe_landing`.
fn with_landing(query: &str, landing: StripeLanding) -> String {
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "stripe_landing");
    form_urlencoded::Serializer::for_suffix("?".to_owned(), 1)
        .extend_pairs(others)
        .append_pair("stripe_landing", landing.as_str())
        .finish()
}

fn log_in<'a>(accounts: impl Iterator<Item = &'a Account>) -> String {
    let choice = |(index, account): (usize, &Account)| {
        format!(
            "<label class=\"choice\"><input type=\"radio\" name=\"account\" value=\"{id}\"{checked}>\
             <span>{name}<small>{detail}</small></span></label>",
            id = escape(&account.id),
            checked = if index == 0 { " checked" } else { "" },
            name = escape(&account.name),
            detail = escape(&account.detail),
        )
    };
    let choices: String = accounts.enumerate().map(choice).collect();
    format!("<fieldset><legend>Log in as</legend>{choices}</fieldset>")
}

fn create_account(prefill: &Prefill) -> String {
    let fields = [
        input(prefill, PrefillField::Email, "E-mail", "type=\"email\""),
        input(prefill, PrefillField::BusinessName, "Business name", "type=\"text\""),
        input(prefill, PrefillField::FirstName, "First name", "type=\"text\""),
        input(prefill, PrefillField::LastName, "Last name", "type=\"text\""),
        input(prefill, PrefillField::Url, "Website", "type=\"url\" placeholder=\"https://\""),
        input(prefill, PrefillField::Country, "Country", COUNTRY),
    ];
    format!(
        "<input type=\"hidden\" name=\"account\" value=\"new\">\
         <p class=\"quiet\">Use made-up details: everyone who uses this stand-in can see them.</p>\
         <div class=\"fields\">{}</div>",
        fields.concat()
    )
}

const COUNTRY: &str =
    "type=\"text\" pattern=\"[A-Z]{2}\" title=\"Two capital letters, such as US\" placeholder=\"US\"";

/// A field has the name it has in the query, so the form is read by the same rule.
fn input(prefill: &Prefill, field: PrefillField, label: &str, attributes: &str) -> String {
    let value = prefill.pairs().find(|(name, _)| *name == field.as_str()).map_or("", |(_, value)| value);
    format!(
        "<label>{label}<input name=\"{name}\" value=\"{value}\" maxlength=\"{max}\" autocomplete=\"off\" {attributes}></label>",
        name = field.as_str(),
        value = escape(value),
        max = Prefill::MAX_BYTES,
    )
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
