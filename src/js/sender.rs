//! Requests to Stripe and their answers, carried by JavaScript.

use super::message::pairs;
use crate::server::{Request, Response, Retry};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What carries requests to Stripe and waits; made in `pkg/shared/host.js`. `send(method, url, headers, body)`,
    /// with the headers as a flat list, resolves to `[status, headers, body]`. It resolves to `undefined`
    /// when no answer came, and to `aborted` or `timed_out` when that ended the whole call.
    pub type Sender;
    #[wasm_bindgen(method, structural, catch)]
    async fn send(
        this: &Sender,
        method: &str,
        url: &str,
        headers: Vec<String>,
        body: &str,
    ) -> Result<JsValue, JsValue>;
    /// Resolves to `undefined` after that long, or to `aborted` or `timed_out` before.
    #[wasm_bindgen(method, structural, catch)]
    async fn sleep(this: &Sender, milliseconds: u32) -> Result<JsValue, JsValue>;
}

/// Why no answer came.
#[derive(Clone, Copy)]
pub(crate) enum Silence {
    /// The connection was lost, or never made.
    Lost,
    /// The caller's signal ended the call.
    Aborted,
    /// The call's time is over.
    TimedOut,
}

impl Silence {
    /// What stands in an answer's place.
    fn read(answer: &JsValue) -> Option<Silence> {
        match answer.as_string().as_deref() {
            Some("aborted") => Some(Silence::Aborted),
            Some("timed_out") => Some(Silence::TimedOut),
            _ if answer.is_undefined() => Some(Silence::Lost),
            _ => None,
        }
    }

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Silence::Lost => "unavailable",
            Silence::Aborted => "aborted",
            Silence::TimedOut => "timed_out",
        }
    }

    pub(crate) const fn what(self) -> &'static str {
        match self {
            Silence::Lost => "Stripe did not answer",
            Silence::Aborted => "the call was stopped by its signal",
            Silence::TimedOut => "Stripe did not answer before the timeout",
        }
    }
}

/// Sends `request` through JavaScript, once; `None` when no readable answer came.
pub(crate) async fn send(sender: &Sender, request: Request) -> Option<Response> {
    send_once(sender, &request).await.ok()
}

async fn send_once(sender: &Sender, request: &Request) -> Result<Response, Silence> {
    let headers = request.headers.iter().flat_map(|(name, value)| [name.clone(), value.clone()]).collect();
    let body = request.body_text().unwrap_or_default();
    let answer = sender.send(request.method.as_str(), &request.url, headers, body).await;
    let answer = answer.map_err(|_| Silence::Lost)?;
    match Silence::read(&answer) {
        Some(silence) => Err(silence),
        None => response(&answer).ok_or(Silence::Lost),
    }
}

fn response(answer: &JsValue) -> Option<Response> {
    let answer = js_sys::Array::from(answer);
    let status = answer.get(0).as_f64()?;
    let headers: Vec<String> =
        js_sys::Array::from(&answer.get(1)).iter().filter_map(|text| text.as_string()).collect();
    Some(Response { status: status as u16, headers: pairs(headers), body: answer.get(2).as_string()? })
}

/// Sends `request` as often as `retry` says, waiting in between.
pub(crate) async fn send_and_retry(
    sender: &Sender,
    request: Request,
    retry: &mut Retry,
) -> Result<Response, Silence> {
    loop {
        let answer = send_once(sender, &request).await;
        let reply = match &answer {
            Ok(reply) => Some(reply),
            Err(Silence::Lost) => None,
            Err(Silence::Aborted | Silence::TimedOut) => return answer,
        };
        let jitter = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
        let Some(milliseconds) = retry.after(reply, jitter) else { return answer };
        let slept = sender.sleep(milliseconds).await.unwrap_or(JsValue::UNDEFINED);
        if let Some(silence @ (Silence::Aborted | Silence::TimedOut)) = Silence::read(&slept) {
            return Err(silence);
        }
    }
}
