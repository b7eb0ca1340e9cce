//! Webhooks: what is believed, what is refused, and what an event says.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::string_slice)]

#[path = "webhook/errors.rs"]
mod errors;
#[path = "webhook/events.rs"]
mod events;
#[path = "webhook/secret.rs"]
mod secret;
#[path = "webhook/signature.rs"]
mod signature;
#[path = "webhook/vectors.rs"]
mod vectors;

use proptest::prelude::*;
use std::collections::HashSet;
use stripe_connect_oauth::ErrorCode::{InvalidValue, MissingParameter, TooLong, WrongCredential};
use stripe_connect_oauth::Livemode;
use stripe_connect_oauth::server::WebhookError::{
    BodyTooLong, InTheFuture, MalformedSignature, NoUsableSignature, NotAnEvent, NotSigned, RepeatedTimestamp,
    SignatureMismatch, ThinEvent, TooOld,
};
use stripe_connect_oauth::server::{
    AccountStatus, Event, EventKind, MAX_SIGNATURE_BYTES, MAX_WEBHOOK_BYTES, Tolerance, WebhookError,
    WebhookSecret, sign_webhook, verify_webhook, verify_webhook_signature,
};

const NOW: u64 = 1_700_000_000;

const DEAUTHORIZED: &str = r#"{"id":"evt_1","object":"event","api_version":"2025-03-31.basil","created":1699999990,
    "livemode":false,"pending_webhooks":1,"request":{"id":null,"idempotency_key":null},"account":"acct_1",
    "type":"account.application.deauthorized",
    "data":{"object":{"id":"ca_1","object":"application","name":"Shop"}}}"#;

fn secret(text: &str) -> WebhookSecret {
    WebhookSecret::parse(text).unwrap()
}

fn endpoint() -> [WebhookSecret; 1] {
    [secret("whsec_0123456789abcdef")]
}

/// A signature of the endpoint's own, made now.
fn signed(body: &str) -> String {
    sign_webhook(body.as_bytes(), &endpoint()[0], NOW)
}

/// What the endpoint makes of a body and a header that come now.
fn received(body: &str, header: &str) -> Result<Event, WebhookError> {
    verify_webhook(body.as_bytes(), header, &endpoint(), NOW, Tolerance::default())
}

/// What a body says that Stripe signed.
fn event(body: &str) -> Result<Event, WebhookError> {
    received(body, &signed(body))
}

/// Its digits alone.
fn v1(header: &str) -> &str {
    header.split_once(",v1=").unwrap().1
}
