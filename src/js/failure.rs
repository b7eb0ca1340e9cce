//! What the calls of `/server` answer with: a text or the JSON of an object, the parts of a `ConnectError`, or the JSON
//! of a failure, which JavaScript throws as a real `Error` (`resultOf` in `pkg/entries/server.js`).

use super::packed::refusal;
use super::transport::Silence;
use crate::server::{AccountError, DeauthorizeError, ExchangeError, StripeError, WebhookError};
use crate::vocabulary::error::ConnectError;
use serde::Serialize;

/// Why a call has no result: the text that stands in its place.
pub(crate) struct Failure(String);

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Failure {
        Failure(refusal(&error))
    }
}

/// A result, or what stands in its place.
pub(crate) fn answer(result: Result<String, impl Into<Failure>>) -> String {
    result.map_or_else(|failure| failure.into().0, |text| ["\0", &text].concat())
}

/// Views and failures are texts, numbers and lists, which JSON has.
pub(crate) fn json(view: &impl Serialize) -> String {
    serde_json::to_string(view).unwrap_or_default()
}

/// An `Error` named `ExchangeError`, `StripeError` or `WebhookError`. What is absent is left out.
#[derive(Serialize)]
struct Thrown<'a> {
    name: &'static str,
    message: &'a str,
    code: &'static str,
    hint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

impl<'a> Thrown<'a> {
    fn new(name: &'static str, code: &'static str, message: &'a str, hint: &'a str) -> Thrown<'a> {
        let (problem, status, error, request_id) = (None, None, None, None);
        Thrown { name, message, code, hint, problem, status, error, request_id }
    }

    fn with_stripe(mut self, stripe: Option<&'a StripeError>) -> Thrown<'a> {
        self.status = stripe.map(|stripe| stripe.status);
        self.error = stripe.and_then(|stripe| stripe.error.as_deref());
        self.request_id = stripe.and_then(|stripe| stripe.request_id.as_deref());
        self
    }

    /// Without an answer of Stripe's, it says why there is none.
    fn into_failure(self, silence: Option<Silence>) -> Failure {
        let Some(silence) = silence else { return Failure(json(&self)) };
        let message = [silence.what(), "; ", self.hint].concat();
        Failure(json(&Thrown { message: &message, ..self }))
    }
}

pub(crate) fn exchange_failure(error: &ExchangeError, silence: Option<Silence>) -> Failure {
    let code = match error {
        ExchangeError::Refused { .. } => "refused",
        ExchangeError::Unavailable(_) => silence.map_or("unavailable", Silence::code),
        ExchangeError::ModeMismatch { .. } => "mode_mismatch",
        _ => "unknown",
    };
    let message = error.to_string();
    let thrown = Thrown::new("ExchangeError", code, &message, error.hint()).with_stripe(error.stripe_error());
    Thrown { problem: error.problem().map(|problem| problem.as_str()), ..thrown }.into_failure(silence)
}

pub(crate) fn deauthorize_failure(error: &DeauthorizeError, silence: Option<Silence>) -> Failure {
    let code = match error {
        DeauthorizeError::NotYours(_) => "not_yours",
        DeauthorizeError::Controlled(_) => "controlled_account",
        DeauthorizeError::ModeMismatch(_) => "mode_mismatch",
        DeauthorizeError::Refused(_) => "refused",
        DeauthorizeError::Unknown(_) => silence.map_or("unavailable", Silence::code),
    };
    let message = error.to_string();
    let thrown = Thrown::new("StripeError", code, &message, error.hint());
    thrown.with_stripe(Some(error.stripe_error())).into_failure(silence)
}

pub(crate) fn webhook_failure(error: WebhookError) -> Failure {
    Thrown::new("WebhookError", error.as_str(), &error.to_string(), error.hint()).into_failure(None)
}

pub(crate) fn account_failure(error: &AccountError, silence: Option<Silence>) -> Failure {
    let code = match error {
        AccountError::Revoked(_) => "revoked",
        AccountError::Unreachable { .. } => "unreachable",
        AccountError::PlatformNotReady { .. } => "platform_not_ready",
        AccountError::MissingPermission(_) => "missing_permission",
        AccountError::Refused(_) => "refused",
        AccountError::Unavailable(_) => silence.map_or("unavailable", Silence::code),
    };
    let message = error.to_string();
    let thrown = Thrown::new("StripeError", code, &message, error.hint()).with_stripe(Some(error.stripe_error()));
    Thrown { problem: error.problem().map(|problem| problem.as_str()), ..thrown }.into_failure(silence)
}
