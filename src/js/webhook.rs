//! Entry `stripe-connect-oauth/server`: webhooks. JavaScript parses the body once it was found to be signed.

use super::failure::{Failure, answer, webhook_failure};
use super::packed::Fields;
use crate::server::{Tolerance, WebhookSecret, verify_webhook};
use crate::vocabulary::error::ConnectError;
use wasm_bindgen::prelude::*;

/// `verifyWebhook(rawBody, signatureHeader, secrets, options)`, where JavaScript has the clock, in Unix seconds.
/// Gives the event's account, which stands under another name in old ones; nothing when it has none.
#[wasm_bindgen(js_name = verifyWebhook)]
pub fn verify(raw_body: &[u8], header: &str, secrets: &str, options: &str, clock: f64) -> String {
    answer(account_of(raw_body, header, secrets, options, clock))
}

fn account_of(raw_body: &[u8], header: &str, secrets: &str, options: &str, clock: f64) -> Result<String, Failure> {
    let secrets = secrets_of(secrets)?;
    let options = Fields::read(options, "now# tolerance#")?;
    let now = now(options, clock)?;
    let tolerance = options.number("tolerance").map_or(Ok(Tolerance::default()), Tolerance::seconds)?;
    let event = verify_webhook(raw_body, header, &secrets, now, tolerance).map_err(webhook_failure)?;
    Ok(event.account.map(|account| account.as_str().to_owned()).unwrap_or_default())
}

fn secrets_of(packed: &str) -> Result<Vec<WebhookSecret>, ConnectError> {
    let read = |text: &str| WebhookSecret::parse(text).map_err(|error| error.renamed("secrets"));
    let secrets = Fields::read(packed, "secrets[")?.texts("secrets[").map(read).collect::<Result<Vec<_>, _>>()?;
    // An empty list is a missing secret.
    if secrets.is_empty() { read("").map(|secret| vec![secret]) } else { Ok(secrets) }
}

fn now(options: Fields<'_>, clock: f64) -> Result<u64, ConnectError> {
    const RULE: &str = "must be Unix time in seconds: Date.now() has milliseconds";
    match options.number("now").unwrap_or(clock as u64) {
        // As seconds, the next is in the year 5138.
        now @ ..100_000_000_000 => Ok(now),
        _ => Err(ConnectError::invalid("now", RULE)),
    }
}
