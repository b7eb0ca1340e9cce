//! What the calls of `/server` throw: real `Error`s, named `ExchangeError`, `StripeError` and `WebhookError`.

use super::sender::Silence;
use crate::server::{AccountError, DeauthorizeError, ExchangeError, StripeError, WebhookError};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = js_sys::Error)]
    type Thrown;
    #[wasm_bindgen(constructor, js_class = "Error")]
    fn new(message: &str) -> Thrown;
    #[wasm_bindgen(method, setter)]
    fn set_name(this: &Thrown, name: &str);
    #[wasm_bindgen(method, setter)]
    fn set_code(this: &Thrown, code: &str);
    #[wasm_bindgen(method, setter)]
    fn set_problem(this: &Thrown, problem: Option<String>);
    #[wasm_bindgen(method, setter)]
    fn set_hint(this: &Thrown, hint: &str);
    #[wasm_bindgen(method, setter)]
    fn set_status(this: &Thrown, status: u16);
    #[wasm_bindgen(method, setter)]
    fn set_error(this: &Thrown, error: Option<String>);
    #[wasm_bindgen(method, setter)]
    fn set_request_id(this: &Thrown, request_id: Option<String>);
}

pub(crate) fn exchange_failure(error: &ExchangeError, silence: Option<Silence>) -> JsValue {
    let code = match error {
        ExchangeError::Refused { .. } => "refused",
        ExchangeError::Unavailable(_) => silence.map_or("unavailable", Silence::code),
        ExchangeError::ModeMismatch { .. } => "mode_mismatch",
        _ => "unknown",
    };
    let thrown = failure("ExchangeError", code, &error.to_string(), error.hint(), silence, error.stripe_error());
    thrown.set_problem(error.problem().map(|problem| problem.as_str().to_owned()));
    thrown.into()
}

pub(crate) fn deauthorize_failure(error: &DeauthorizeError, silence: Option<Silence>) -> JsValue {
    let code = match error {
        DeauthorizeError::NotYours(_) => "not_yours",
        DeauthorizeError::Controlled(_) => "controlled_account",
        DeauthorizeError::ModeMismatch(_) => "mode_mismatch",
        DeauthorizeError::Refused(_) => "refused",
        DeauthorizeError::Unknown(_) => silence.map_or("unavailable", Silence::code),
    };
    failure("StripeError", code, &error.to_string(), error.hint(), silence, Some(error.stripe_error())).into()
}

pub(crate) fn webhook_failure(error: WebhookError) -> JsValue {
    failure("WebhookError", error.as_str(), &error.to_string(), error.hint(), None, None).into()
}

pub(crate) fn account_failure(error: &AccountError, silence: Option<Silence>) -> JsValue {
    let code = match error {
        AccountError::Revoked(_) => "revoked",
        AccountError::Unreachable { .. } => "unreachable",
        AccountError::PlatformNotReady { .. } => "platform_not_ready",
        AccountError::MissingPermission(_) => "missing_permission",
        AccountError::Refused(_) => "refused",
        AccountError::Unavailable(_) => silence.map_or("unavailable", Silence::code),
    };
    let thrown =
        failure("StripeError", code, &error.to_string(), error.hint(), silence, Some(error.stripe_error()));
    if let Some(problem) = error.problem() {
        thrown.set_problem(Some(problem.as_str().to_owned()));
    }
    thrown.into()
}

/// A real `Error`. Without an answer, it says why there is none.
fn failure(
    name: &str,
    code: &str,
    message: &str,
    hint: &str,
    silence: Option<Silence>,
    stripe: Option<&StripeError>,
) -> Thrown {
    let thrown = match silence {
        Some(silence) => Thrown::new(&[silence.what(), "; ", hint].concat()),
        None => Thrown::new(message),
    };
    thrown.set_name(name);
    thrown.set_code(code);
    thrown.set_hint(hint);
    if let Some(stripe) = stripe {
        thrown.set_status(stripe.status);
        thrown.set_error(stripe.error.clone());
        thrown.set_request_id(stripe.request_id.clone());
    }
    thrown
}
