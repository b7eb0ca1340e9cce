//! The dashboard of a made-up account: its owner sees which platforms it is connected to, and ends that.

use super::account_state::AccountState;
use super::form::Form;
use super::kept::{DeauthorizeRefusal, Ending, RevokedBy};
use super::ledger::Ledger;
use super::pages;
use super::platform::SandboxPlatform;
use super::refusal::Refusal;
use super::same_site::check_same_site;
use crate::server::{Method, Request, Response};

/// Shows an account, or does what its owner asks for.
pub(super) fn dashboard(
    request: &Request,
    id: &str,
    platforms: &[SandboxPlatform],
    ledger: &mut Ledger,
    now: u64,
) -> Result<Response, Refusal> {
    let account = ledger.account(id).ok_or_else(none)?;
    if request.method != Method::Post {
        return Ok(pages::account(account, &ledger.standing(id), platforms));
    }
    check_same_site(request)?;
    let form = Form::read(&request.body);
    match form.get("action") {
        Some("disconnect") => disconnect(&form, id, platforms, ledger, now)?,
        Some("see_as") => {
            let state = AccountState::parse(form.get("account_state").unwrap_or_default())?;
            ledger.set_state(id, state, now).ok_or_else(none)?;
        }
        _ => return Err(Refusal::api(400, "The form was sent with none of its buttons.")),
    }
    Ok(Response::see_other(["/dashboard/", id].concat()))
}

fn none() -> Refusal {
    Refusal::api(404, "There is no such account.")
}

fn disconnect(
    form: &Form,
    id: &str,
    platforms: &[SandboxPlatform],
    ledger: &mut Ledger,
    now: u64,
) -> Result<(), Refusal> {
    let client_id = form.get("client_id").unwrap_or_default();
    let platform = platforms.iter().find(|platform| platform.client_id(client_id).is_some());
    let platform = platform.ok_or_else(|| Refusal::api(404, "There is no such platform."))?;
    let ending = Ending { by: RevokedBy::Account, at: now };
    match ledger.deauthorize(client_id, platform, id, ending) {
        // Twice is once: the page may have been sent again.
        Ok(()) | Err(DeauthorizeRefusal::NotConnected) => Ok(()),
        Err(DeauthorizeRefusal::Controlled) => {
            Err(Refusal::api(400, "The platform controls this account: it can't be disconnected here."))
        }
    }
}
