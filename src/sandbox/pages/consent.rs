//! The consent page: who asks, for what, and with which account.

use super::page::{page, select_state};
use crate::front::authorize::StripeLanding;
use crate::front::prefill::{Prefill, PrefillField};
use crate::sandbox::account::Account;
use crate::sandbox::account_state::AccountState;
use crate::sandbox::authorize::AuthorizeRequest;
use crate::server::{Response, TokenScope};
use crate::vocabulary::flow::Flow;
use crate::vocabulary::html::escape;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::redirect_uri::RedirectUri;

/// The consent page, with the panel for `asked.landing`.
///
/// There is no `form-action` here: Chromium holds the redirect after the form against it as well, and
/// every redirect after that one, and where the platform sends the browser on is for the platform to say.
pub(in crate::sandbox) fn consent(asked: &AuthorizeRequest<'_>, query: &str, accounts: &[&Account]) -> Response {
    let name = escape(&asked.platform.name);
    // Nobody can log in where there is no account.
    let landing = if accounts.is_empty() { StripeLanding::Register } else { asked.landing };
    let panel = match landing {
        StripeLanding::Login => log_in(accounts),
        StripeLanding::Register => create_account(&asked.prefill),
    };
    let tabs = if accounts.is_empty() {
        String::new()
    } else {
        format!(
            "<nav aria-label=\"Account\">{}{}</nav>",
            tab("Log in", landing, StripeLanding::Login, query),
            tab("Create an account", landing, StripeLanding::Register, query),
        )
    };
    let main = format!(
        "<p class=\"mode\">{mode}</p>\
         <h1>{title} <strong>{name}</strong></h1>\
         <p>{name} would then be able to</p><ul class=\"allows\">{allows}</ul>\
         {tabs}\
         <form method=\"post\" action=\"{action}\">{panel}\
         <div class=\"decision\"><button name=\"decision\" value=\"connect\">Connect</button>\
         <button name=\"decision\" value=\"cancel\" class=\"quiet\" formnovalidate>Cancel</button></div></form>\
         <p class=\"quiet\">Either way you go back to {host}.</p>",
        mode = mode(asked.livemode, asked.flow),
        title = if asked.flow == Flow::App { "Install" } else { "Connect an account to" },
        allows = allows(asked),
        action = escape(&with_landing(query, landing)),
        host = escape(host(asked.redirect_uri)),
    );
    page(&format!("Connect to {name}"), &main, "")
}

fn mode(livemode: Livemode, flow: Flow) -> String {
    let mode = match livemode {
        Livemode::Test => "Test mode",
        Livemode::Live => "Live mode, pretended",
    };
    match flow {
        Flow::Standard => mode.to_owned(),
        Flow::Express => [mode, " · Express"].concat(),
        Flow::App => [mode, " · Stripe App"].concat(),
    }
}

/// The scope in plain words.
fn allows(asked: &AuthorizeRequest<'_>) -> String {
    match asked.scope {
        TokenScope::ReadWrite => "<li>see the account’s payments, customers and balance</li>\
             <li>take payments and give refunds in the account’s name</li>\
             <li>change its customers, products and settings</li>"
            .to_owned(),
        TokenScope::ReadOnly => {
            "<li>see the account’s payments, customers and balance, and change nothing</li>".to_owned()
        }
        TokenScope::Express => {
            let capabilities = asked.capabilities.iter().map(|capability| {
                format!("<li>give the account the capability <code>{}</code></li>", capability.as_str())
            });
            ["<li>make an Express account for you, and pay it out</li>", &*capabilities.collect::<String>()]
                .concat()
        }
        TokenScope::StripeApps => "<li>do in the account what the app’s manifest says</li>".to_owned(),
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

fn log_in(accounts: &[&Account]) -> String {
    let choice = |(index, account): (usize, &&Account)| {
        format!(
            "<label class=\"choice\"><input type=\"radio\" name=\"account\" value=\"{id}\"{checked}>\
             <span>{name}<small>{detail} {state}</small></span></label>",
            id = escape(&account.id),
            checked = if index == 0 { " checked" } else { "" },
            name = escape(&account.name),
            detail = escape(&account.detail()),
            state = super::page::state_mark(account.state),
        )
    };
    let choices: String = accounts.iter().enumerate().map(choice).collect();
    format!("<fieldset><legend>Log in as</legend>{choices}</fieldset>")
}

/// The fields everyone sees, then those that were prefilled besides.
fn create_account(prefill: &Prefill) -> String {
    const SHOWN: [(PrefillField, &str, &str); 6] = [
        (PrefillField::Email, "E-mail", "type=\"email\""),
        (PrefillField::BusinessName, "Business name", "type=\"text\""),
        (PrefillField::FirstName, "First name", "type=\"text\""),
        (PrefillField::LastName, "Last name", "type=\"text\""),
        (PrefillField::Url, "Website", "type=\"url\" placeholder=\"https://\""),
        (PrefillField::Country, "Country", COUNTRY),
    ];
    let shown = SHOWN.map(|(field, label, attributes)| {
        let value = prefill.pairs().find(|(name, _)| *name == field.as_str()).map_or("", |(_, value)| value);
        input(field.as_str(), value, label, attributes)
    });
    let others = prefill.pairs().filter(|(name, _)| SHOWN.iter().all(|(field, ..)| field.as_str() != *name));
    let others = others.map(|(name, value)| input(name, value, &label_of(name), "type=\"text\""));
    format!(
        "<input type=\"hidden\" name=\"account\" value=\"new\">\
         <p class=\"quiet\">Use made-up details: everyone who uses this stand-in can see them.</p>\
         <div class=\"fields\">{}{}<label class=\"wide\">How Stripe will see the account{}</label></div>",
        shown.concat(),
        others.collect::<String>(),
        select_state("account_state", AccountState::Active),
    )
}

const COUNTRY: &str =
    "type=\"text\" pattern=\"[A-Z]{2}\" title=\"Two capital letters, such as US\" placeholder=\"US\"";

/// `stripe_user[dob_day]` is *Dob day*.
fn label_of(name: &str) -> String {
    let inner = name.strip_prefix("stripe_user[").and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
    let words = inner.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A field has the name it has in the query, so the form is read by the same rule.
fn input(name: &str, value: &str, label: &str, attributes: &str) -> String {
    format!(
        "<label>{label}<input name=\"{name}\" value=\"{value}\" maxlength=\"{max}\" autocomplete=\"off\" {attributes}></label>",
        value = escape(value),
        max = Prefill::MAX_BYTES,
    )
}
