//! The page behind an account link: it opens once, and what is sent off there finishes the account.

use super::account_state::AccountState;
use super::form::Form;
use super::ledger::Ledger;
use super::pages;
use super::refusal::Refusal;
use crate::server::{Method, Request, Response};

/// Shows the form, or takes it. A link that was used or has expired leads to the platform's `refresh_url`.
pub(super) fn setup(
    request: &Request,
    account: &str,
    key: &str,
    ledger: &mut Ledger,
    now: u64,
) -> Result<Response, Refusal> {
    let none = || Refusal::api(404, "There is no such account link.");
    let link = ledger.link(account, key).ok_or_else(none)?;
    let (refresh, back) = (Response::see_other(&*link.refresh_url), Response::see_other(&*link.return_url));
    let form = Form::read(&request.body);
    match (request.method, form.get("decision")) {
        (Method::Post, Some("finish" | "later")) if !ledger.finish_link(key, now) => Ok(refresh),
        (Method::Post, Some("finish")) => {
            let state = form.get("account_state").and_then(|word| AccountState::parse(word).ok());
            ledger.set_state(account, state.unwrap_or_default(), now).ok_or_else(none)?;
            Ok(back)
        }
        (Method::Post, Some("later")) => Ok(back),
        (Method::Post, _) => Err(Refusal::api(400, "The form was sent with neither of its buttons.")),
        // What only looks does not use the link up.
        (Method::Head, _) => Ok(Response::html(200, "")),
        _ if !ledger.open_link(key, now) => Ok(refresh),
        _ => match (ledger.account(account), ledger.link(account, key)) {
            (Some(account), Some(link)) => Ok(pages::onboarding(account, link)),
            _ => Err(none()),
        },
    }
}
