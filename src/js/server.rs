//! Entry `stripe-connect-oauth/server`: the exchange, for those who write their own handler.

use super::message::pairs;
use super::packed::{Fields, answer, thrown as refused};
use crate::callback::AuthorizationCode;
use crate::error::ConnectError;
use crate::flow::Flow;
use crate::origin::ConnectBase;
use crate::server::{ExchangeError, Request, Response, SecretKey, Token, code_exchange, read_token};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What carries a request to Stripe: `send(method, url, headers, body)`, with the headers as a flat
    /// list. It resolves to `[status, headers, body]`, or to `undefined` when no answer came.
    pub type Sender;
    #[wasm_bindgen(method, structural, catch)]
    async fn send(
        this: &Sender,
        method: &str,
        url: &str,
        headers: Vec<String>,
        body: &str,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(extends = js_sys::Error)]
    type Thrown;
    #[wasm_bindgen(constructor, js_class = "Error")]
    fn new(message: &str) -> Thrown;
    #[wasm_bindgen(method, setter)]
    fn set_name(this: &Thrown, name: &str);
    #[wasm_bindgen(method, setter)]
    fn set_code(this: &Thrown, code: &str);
    #[wasm_bindgen(method, setter)]
    fn set_hint(this: &Thrown, hint: &str);
    #[wasm_bindgen(method, setter)]
    fn set_status(this: &Thrown, status: u16);
    #[wasm_bindgen(method, setter)]
    fn set_error(this: &Thrown, error: Option<String>);
    #[wasm_bindgen(method, setter)]
    fn set_request_id(this: &Thrown, request_id: Option<String>);
}

/// What `exchangeCode` resolves to. No token crosses: Stripe deprecates them for Connect.
#[derive(Serialize)]
struct Connected {
    stripe_user_id: String,
    livemode: bool,
    scope: &'static str,
}

impl From<Token> for Connected {
    fn from(token: Token) -> Connected {
        Connected {
            stripe_user_id: token.stripe_user_id.as_str().to_owned(),
            livemode: token.livemode.as_bool(),
            scope: token.scope.as_str(),
        }
    }
}

/// Whether the options of `exchangeCode` are right, before its code is taken.
#[wasm_bindgen(js_name = checkExchange)]
pub fn check_exchange(options: &str) -> String {
    answer(exchange_options(options).map(|_| String::new()))
}

/// `exchangeCode(callback, options)`, once JavaScript has seen that the callback is a verified one.
#[wasm_bindgen(js_name = exchangeCode)]
pub async fn exchange_code(code: String, options: String, sender: Sender) -> Result<JsValue, JsValue> {
    let (key, request) = prepare(&code, &options).map_err(|error| refused(&error))?;
    let reply = send(&sender, request).await.ok_or_else(ExchangeError::no_answer);
    match reply.and_then(|reply| read_token(&reply, key.livemode())) {
        Ok(token) => Ok(serde_wasm_bindgen::to_value(&Connected::from(token))?),
        Err(error) => Err(thrown(&error)),
    }
}

fn prepare(code: &str, options: &str) -> Result<(SecretKey, Request), ConnectError> {
    let (key, base) = exchange_options(options)?;
    let code =
        AuthorizationCode::read(code).ok_or_else(|| ConnectError::invalid("code", "is not a code of Stripe's"))?;
    let request = code_exchange(&base, &key, Flow::Standard, code, &[]);
    Ok((key, request))
}

fn exchange_options(options: &str) -> Result<(SecretKey, ConnectBase), ConnectError> {
    let options = Fields::read(options, &["secret_key", "connect_base"])?;
    let key = SecretKey::parse(options.text("secret_key")?.unwrap_or_default())?;
    let base = match options.text("connect_base")? {
        Some(origin) => ConnectBase::stand_in(origin)?,
        None => ConnectBase::stripe(),
    };
    Ok((key, base))
}

/// Sends `request` through JavaScript; `None` when no readable answer came.
pub(crate) async fn send(sender: &Sender, request: Request) -> Option<Response> {
    let headers = request.headers.into_iter().flat_map(|(name, value)| [name, value]).collect();
    let answer = sender.send(request.method.as_str(), &request.url, headers, &request.body).await.ok()?;
    if answer.is_undefined() {
        return None;
    }
    let answer = js_sys::Array::from(&answer);
    let status = answer.get(0).as_f64()?;
    let headers: Vec<String> =
        js_sys::Array::from(&answer.get(1)).iter().filter_map(|text| text.as_string()).collect();
    Some(Response { status: status as u16, headers: pairs(headers), body: answer.get(2).as_string()? })
}

fn thrown(error: &ExchangeError) -> JsValue {
    let code = match error {
        ExchangeError::Refused { .. } => "refused",
        ExchangeError::ModeMismatch { .. } => "mode_mismatch",
        _ => "unknown",
    };
    let thrown = Thrown::new(&error.to_string());
    thrown.set_name("ExchangeError");
    thrown.set_code(code);
    thrown.set_hint(error.hint());
    if let Some(stripe) = error.stripe_error() {
        thrown.set_status(stripe.status);
        thrown.set_error(stripe.error.clone());
        thrown.set_request_id(stripe.request_id.clone());
    }
    thrown.into()
}
