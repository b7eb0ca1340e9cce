//! Entry `stripe-connect-oauth/server`: webhooks. JavaScript parses the body once it was found to be signed.

use super::failure::webhook_failure;
use super::packed::{Fields, thrown as refused};
use crate::server::{Tolerance, WebhookSecret, verify_webhook};
use crate::vocabulary::error::ConnectError;
use wasm_bindgen::prelude::*;

/// `verifyWebhook(rawBody, signatureHeader, secrets, options)`, where JavaScript has the clock, in Unix seconds.
/// Gives the event's account, which stands under another name in old ones.
#[wasm_bindgen(js_name = verifyWebhook)]
pub fn verify(
    raw_body: &[u8],
    header: &str,
    secrets: &str,
    options: &str,
    clock: f64,
) -> Result<Option<String>, JsValue> {
    let read = || Ok((secrets_of(secrets)?, now(options, clock)?, tolerance(options)?));
    let (secrets, now, tolerance) = read().map_err(|error: ConnectError| refused(&error))?;
    match verify_webhook(raw_body, header, &secrets, now, tolerance) {
        Ok(event) => Ok(event.account.map(|account| account.as_str().to_owned())),
        Err(error) => Err(webhook_failure(error)),
    }
}

fn secrets_of(packed: &str) -> Result<Vec<WebhookSecret>, ConnectError> {
    const PARAM: &str = "secrets";
    let read = |text: &str| WebhookSecret::parse(text).map_err(|error| error.renamed(PARAM));
    let fields = Fields::read(packed, &["secrets["])?;
    let secrets = fields.inside("secrets[").map(|field| read(field.text(PARAM)?)).collect::<Result<Vec<_>, _>>()?;
    // An empty list is a missing secret.
    if secrets.is_empty() { read("").map(|secret| vec![secret]) } else { Ok(secrets) }
}

fn now(options: &str, clock: f64) -> Result<u64, ConnectError> {
    const RULE: &str = "must be Unix time in seconds: Date.now() has milliseconds";
    match fields(options)?.number("now")?.unwrap_or(clock as u64) {
        // As seconds, the next is in the year 5138.
        now @ ..100_000_000_000 => Ok(now),
        _ => Err(ConnectError::invalid("now", RULE)),
    }
}

fn tolerance(options: &str) -> Result<Tolerance, ConnectError> {
    fields(options)?.number("tolerance")?.map_or(Ok(Tolerance::default()), Tolerance::seconds)
}

fn fields(options: &str) -> Result<Fields<'_>, ConnectError> {
    Fields::read(options, &["now", "tolerance"])
}
