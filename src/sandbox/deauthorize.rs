//! `POST /oauth/deauthorize`: a platform gives up its access to an account.

use super::credentials;
use super::form::Form;
use super::kept::{DeauthorizeRefusal, Ending, RevokedBy};
use super::ledger::Ledger;
use super::platform::SandboxPlatform;
use super::refusal::{Refusal, json};
use crate::server::{Request, Response};
use crate::vocabulary::livemode::Livemode;
use serde::Serialize;

#[derive(Serialize)]
struct Body<'a> {
    stripe_user_id: &'a str,
}

/// Ends the connection of `stripe_user_id` to `client_id`.
pub(super) fn deauthorize(
    request: &Request,
    platforms: &[SandboxPlatform],
    ledger: &mut Ledger,
    now: u64,
) -> Result<Response, Refusal> {
    let form = Form::of(request);
    let (platform, key) = credentials::platform(request, &form, platforms)?;
    let client_id = required(&form, "client_id")?;
    let account = required(&form, "stripe_user_id")?;
    let mode = platform.client_id(client_id).map(|(_, mode)| mode);
    let mode = mode.ok_or_else(|| invalid_client(["No such application: ", client_id].concat()))?;
    check_mode(mode, key.livemode())?;
    let ending = Ending { by: RevokedBy::Platform, at: now };
    match ledger.deauthorize(client_id, platform, account, ending) {
        Ok(()) => Ok(json(200, &Body { stripe_user_id: account })),
        Err(DeauthorizeRefusal::NotConnected) => Err(invalid_client(format!(
            "This application is not connected to stripe account {account}, or that account does not exist."
        ))),
        // Whether Stripe has the word as the error or in the description is not documented.
        Err(DeauthorizeRefusal::Controlled) => Err(invalid_client(format!(
            "no_deauth_on_controlled_account: the account {account} is controlled by your platform and cannot be \
             disconnected. Use POST /v1/accounts/:id/reject instead."
        ))),
    }
}

fn invalid_client(description: String) -> Refusal {
    Refusal::oauth(401, "invalid_client", description)
}

fn required<'a>(form: &'a Form, name: &str) -> Result<&'a str, Refusal> {
    form.get(name).ok_or_else(|| Refusal::oauth(400, "invalid_request", ["No ", name, " specified"].concat()))
}

/// How Stripe words this is not documented; here it is worded as for a code.
fn check_mode(application: Livemode, key: Livemode) -> Result<(), Refusal> {
    match (application, key) {
        (Livemode::Test, Livemode::Live) => {
            Err(invalid_client("Passed in livemode API key but the application is in testmode".to_owned()))
        }
        (Livemode::Live, Livemode::Test) => {
            Err(invalid_client("Passed in testmode API key but the application is in livemode".to_owned()))
        }
        _ => Ok(()),
    }
}
