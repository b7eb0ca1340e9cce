//! Entry `stripe-connect-oauth/server`: webhooks. JavaScript parses the body once it was found to be signed.

use super::failure::{Failure, answer, webhook_failure};
use super::packed::Fields;
use crate::server::{Event, Tolerance, WebhookSecret, verify_webhook, verify_webhook_signature};
use crate::vocabulary::error::ConnectError;
use wasm_bindgen::prelude::*;

/// `verifyWebhook(rawBody, signatureHeader, secrets, options)`, where JavaScript has the clock, in Unix seconds.
/// Gives the event's account, which stands under another name in old ones; nothing when it has none.
#[wasm_bindgen(js_name = verifyWebhook)]
pub fn verify(raw_body: &[u8], header: &str, secrets: &str, options: &str, clock: f64) -> String {
    let account_of = |event: Event| event.account.map(|account| account.as_str().to_owned()).unwrap_or_default();
    let verified = Terms::read(secrets, options, clock).and_then(|Terms { secrets, now, tolerance }| {
        verify_webhook(raw_body, header, &secrets, now, tolerance).map(account_of).map_err(webhook_failure)
    });
    answer(verified)
}

/// `verifyWebhookSignature`, of the same arguments. Gives nothing: JavaScript has the body.
#[wasm_bindgen(js_name = verifyWebhookSignature)]
pub fn verify_signature(raw_body: &[u8], header: &str, secrets: &str, options: &str, clock: f64) -> String {
    let verified = Terms::read(secrets, options, clock).and_then(|Terms { secrets, now, tolerance }| {
        let verified = verify_webhook_signature(raw_body, header, &secrets, now, tolerance);
        verified.map(|()| String::new()).map_err(webhook_failure)
    });
    answer(verified)
}

/// What a signature is held against.
struct Terms {
    secrets: Vec<WebhookSecret>,
    now: u64,
    tolerance: Tolerance,
}

impl Terms {
    fn read(secrets: &str, options: &str, clock: f64) -> Result<Terms, Failure> {
        let secrets = secrets_of(secrets)?;
        let options = Fields::read(options, "now# tolerance#")?;
        let now = now(options, clock)?;
        let tolerance = options.number("tolerance").map_or(Ok(Tolerance::default()), Tolerance::seconds)?;
        Ok(Terms { secrets, now, tolerance })
    }
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
