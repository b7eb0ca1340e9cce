//! The page behind an account link, where the owner finishes an account.

use super::page::{page, select_state};
use crate::sandbox::account::Account;
use crate::sandbox::account_state::AccountState;
use crate::sandbox::kept::AccountLink;
use crate::server::Response;
use crate::vocabulary::html::escape;

/// The form. Like the consent page it has no `form-action`: its answer redirects to the platform.
pub(in crate::sandbox) fn onboarding(account: &Account, link: &AccountLink) -> Response {
    let name = escape(&link.platform);
    let main = format!(
        "<h1>Finish the account that <strong>{name}</strong> made for you</h1>\
         <p>Stripe would ask for your details here: who you are, what you sell, where to pay you out.</p>\
         <dl><dt>Account</dt><dd>{account_name} <code>{id}</code></dd><dt>E-mail and country</dt><dd>{detail}</dd></dl>\
         <form method=\"post\"><div class=\"fields\">\
         <label class=\"wide\">How Stripe will see the account{states}</label></div>\
         <div class=\"decision\"><button name=\"decision\" value=\"finish\">Finish</button>\
         <button name=\"decision\" value=\"later\" class=\"quiet\">Save for later</button></div></form>\
         <p class=\"quiet\">Either way you go back to {name}.</p>",
        account_name = escape(&account.name),
        id = escape(&account.id),
        detail = escape(&account.detail()),
        states = select_state("account_state", AccountState::Active),
    );
    page(&format!("Finish your account for {name}"), &main, "")
}
