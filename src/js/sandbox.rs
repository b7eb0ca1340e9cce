//! The sandbox for JavaScript: one object that holds it. `pkg/entries/sandbox.js` is its only caller.

use super::message::{pairs, parts};
use super::packed::{Fields, thrown};
use crate::sandbox::{Delivery, Sandbox, SandboxPlatform};
use crate::server::{Method, Request, SecretKey};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::ClientId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::redirect_uri::RedirectUri;
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// The sandbox's state, in wasm memory.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SandboxCore(Sandbox);

#[wasm_bindgen]
impl SandboxCore {
    /// Registers the platform, or throws a `ConnectError`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<SandboxCore, JsValue> {
        let platform = platform(options).map_err(|error| thrown(&error))?;
        Ok(SandboxCore(Sandbox::new(platform)))
    }

    /// Registers another platform, or throws a `ConnectError`.
    pub fn register(&mut self, options: &str) -> Result<(), JsValue> {
        self.0.register(platform(options).map_err(|error| thrown(&error))?);
        Ok(())
    }

    /// What the sandbox begins with: the JSON of one of its `accounts`, `faults` or `webhook` settings.
    #[wasm_bindgen(js_name = beginWith)]
    pub fn begin_with(&mut self, what: &str, json: &str) -> Result<(), JsValue> {
        self.0.begin_with(what, json).map_err(|error| thrown(&error).into())
    }

    /// What to do with a request: `[milliseconds, answer]`, where the answer is `[status, headers, body]`, or
    /// `undefined` for a connection to close. `now` in Unix seconds, `random` of 32 bytes.
    pub fn serve(
        &mut self,
        method: &str,
        url: String,
        headers: Vec<String>,
        body: Vec<u8>,
        now: f64,
        random: &[u8],
    ) -> JsValue {
        let request = Request { method: Method::parse(method), url, headers: pairs(headers), body };
        let mut seed = [0; 32];
        seed.iter_mut().zip(random).for_each(|(to, from)| *to = *from);
        let served = self.0.serve(&request, now as u64, seed);
        let answer = served.response.as_ref().map_or(JsValue::UNDEFINED, parts);
        Array::of(&[served.milliseconds.into(), answer]).into()
    }

    /// The webhooks to send now, or `all` that wait, each as `[id, method, url, headers, body]`.
    #[wasm_bindgen(js_name = takeDeliveries)]
    pub fn take_deliveries(&mut self, now: f64, all: bool) -> JsValue {
        let now = now as u64;
        let taken = if all { self.0.take_all_deliveries(now) } else { self.0.take_due_deliveries(now) };
        let sent = taken.into_iter().map(|Delivery { id, request }| {
            let body = JsValue::from(request.body_text().unwrap_or_default());
            let headers = request.headers.into_iter().flat_map(|(name, value)| [name, value].map(JsValue::from));
            let headers: Array = headers.collect();
            let method = JsValue::from(request.method.as_str());
            JsValue::from(Array::of(&[JsValue::from(id as f64), method, request.url.into(), headers.into(), body]))
        });
        sent.collect::<Array>().into()
    }

    /// How a delivery went: the status of its answer, or `undefined` when none came.
    pub fn delivered(&mut self, id: f64, status: Option<u16>, now: f64) {
        self.0.delivered(id as u64, status, now as u64);
    }

    /// When the next webhook is to be sent, in Unix seconds.
    #[wasm_bindgen(js_name = nextDeliveryAt)]
    pub fn next_delivery_at(&self) -> Option<f64> {
        self.0.next_delivery_at().map(|at| at as f64)
    }
}

fn platform(options: &str) -> Result<SandboxPlatform, ConnectError> {
    let known = ["client_id", "live_client_id", "name", "redirect_uris[", "livemode", "flows[", "secret_keys["];
    let options = Fields::read(options, &known)?;
    let livemode = Livemode::from(options.boolean("livemode")?.unwrap_or_default());
    let redirect_uri = |text: &str| RedirectUri::parse(text, Some(livemode));
    let redirect_uris = options.inside("redirect_uris[").map(|field| redirect_uri(field.text("redirect_uris")?));
    let secret_keys = options.inside("secret_keys[").map(|field| SecretKey::parse(field.text("secret_keys")?));
    let flows = options.inside("flows[").map(|field| Flow::parse(field.text("flows")?));
    Ok(SandboxPlatform {
        client_id: ClientId::parse(options.text("client_id")?.unwrap_or_default())?,
        live_client_id: live_client_id(options, livemode)?,
        name: options.text("name")?.unwrap_or_default().to_owned(),
        redirect_uris: redirect_uris.collect::<Result<_, _>>()?,
        livemode,
        flows: flows_of_one_kind(flows.collect::<Result<_, _>>()?)?,
        secret_keys: secret_keys.collect::<Result<_, _>>()?,
    })
}

fn live_client_id(options: Fields<'_>, livemode: Livemode) -> Result<Option<ClientId>, ConnectError> {
    const PARAM: &str = "live_client_id";
    const BOTH_LIVE: &str = "goes with livemode false: client_id is the live one already";
    match options.text(PARAM)? {
        None => Ok(None),
        Some(_) if livemode == Livemode::Live => Err(ConnectError::invalid(PARAM, BOTH_LIVE)),
        Some(text) => ClientId::parse(text).map(Some).map_err(|error| error.renamed(PARAM)),
    }
}

/// A Stripe App is no Connect platform.
fn flows_of_one_kind(flows: Vec<Flow>) -> Result<Vec<Flow>, ConnectError> {
    match flows.as_slice() {
        [] => Err(ConnectError::missing("flows", "give standard, express, both, or app alone")),
        [Flow::App] => Ok(flows),
        _ if flows.contains(&Flow::App) => {
            Err(ConnectError::invalid("flows", "must have app alone, or not at all"))
        }
        _ => Ok(flows),
    }
}
