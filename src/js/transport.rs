//! Requests to Stripe and their answers, which JavaScript carries, and the randomness that goes into them.

use super::message::{read_response, write_request};
use crate::server::{Request, Response, Retry};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What sends to Stripe and waits; made by `transport` in `pkg/shared/host.js`. In an answer's place stands
    /// `aborted` or `timed_out`, when that ended the whole call; and nothing, when no answer came.
    pub type Transport;
    #[wasm_bindgen(method, structural, catch, js_name = send)]
    async fn js_send(this: &Transport, request: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = sleep)]
    async fn js_sleep(this: &Transport, milliseconds: u32) -> Result<JsValue, JsValue>;

    /// Fills `bytes` from the host's cryptographic source.
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), JsValue>;
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
    /// What ended the whole call, if that stands there.
    fn read(answer: Option<&str>) -> Option<Silence> {
        match answer {
            Some("aborted") => Some(Silence::Aborted),
            Some("timed_out") => Some(Silence::TimedOut),
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

impl Transport {
    /// Sends `request`, once.
    pub(crate) async fn send(&self, request: &Request) -> Result<Response, Silence> {
        let answer = self.js_send(&write_request(request)).await.ok().and_then(|answer| answer.as_string());
        match Silence::read(answer.as_deref()) {
            Some(silence) => Err(silence),
            None => answer.as_deref().and_then(read_response).ok_or(Silence::Lost),
        }
    }

    /// Waits, unless the whole call ends before.
    pub(crate) async fn sleep(&self, milliseconds: u32) -> Result<(), Silence> {
        let woken = self.js_sleep(milliseconds).await.ok().and_then(|woken| woken.as_string());
        Silence::read(woken.as_deref()).map_or(Ok(()), Err)
    }

    /// Sends `request` as often as `retry` says, waiting in between. The handler has a loop of its own
    /// (`edge/visit.rs`): nothing ends it early, and its host gives the randomness.
    pub(crate) async fn send_again(&self, request: &Request, retry: &mut Retry) -> Result<Response, Silence> {
        loop {
            let answer = self.send(request).await;
            let reply = match &answer {
                Ok(reply) => Some(reply),
                Err(Silence::Lost) => None,
                Err(Silence::Aborted | Silence::TimedOut) => return answer,
            };
            let jitter = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
            let Some(milliseconds) = retry.after(reply, jitter) else { return answer };
            self.sleep(milliseconds).await?;
        }
    }
}
