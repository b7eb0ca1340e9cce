//! The sandbox for JavaScript: one object that holds it. `pkg/entries/sandbox.js` is its only caller.

use super::message::{read_head, write_request, write_response};
use super::packed::{Fields, refusal};
use crate::sandbox::{ApiVersion, Delivery, Sandbox, SandboxPlatform};
use crate::server::{Request, SecretKey};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::ClientId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::redirect_uri::RedirectUri;
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
        let platform = platform(options).map_err(|error| refusal(&error))?;
        Ok(SandboxCore(Sandbox::new(platform)))
    }

    /// Registers another platform, or throws a `ConnectError`.
    pub fn register(&mut self, options: &str) -> Result<(), JsValue> {
        self.0.register(platform(options).map_err(|error| refusal(&error))?);
        Ok(())
    }

    /// What the sandbox begins with: the JSON of one of its `accounts`, `faults` or `webhook` settings.
    #[wasm_bindgen(js_name = beginWith)]
    pub fn begin_with(&mut self, what: &str, json: &str) -> Result<(), JsValue> {
        self.0.begin_with(what, json).map_err(|error| refusal(&error).into())
    }

    /// What to do with a request, of which `head` is all but the body: how many milliseconds to wait, and then the
    /// packed response, or nothing for a connection to close. `now` in Unix seconds, `random` of 32 bytes.
    pub fn serve(&mut self, head: &str, body: Vec<u8>, now: f64, random: &[u8]) -> String {
        let mut seed = [0; 32];
        seed.iter_mut().zip(random).for_each(|(to, from)| *to = *from);
        let Some(request) = read_head(head) else { return String::new() };
        let served = self.0.serve(&Request { body, ..request }, now as u64, seed);
        let milliseconds = ["\0", &served.milliseconds.to_string()].concat();
        match &served.response {
            Some(response) => [&milliseconds, "\0", &*write_response(response)].concat(),
            None => milliseconds,
        }
    }

    /// The webhooks to send now, or `all` that wait: of each its id, and then the packed request.
    #[wasm_bindgen(js_name = takeDeliveries)]
    pub fn take_deliveries(&mut self, now: f64, all: bool) -> Vec<String> {
        let now = now as u64;
        let due = if all { self.0.take_all_deliveries(now) } else { self.0.take_due_deliveries(now) };
        let packed = |Delivery { id, request }| [&id.to_string(), "\0", &*write_request(&request)].concat();
        due.into_iter().map(packed).collect()
    }

    /// Whether webhooks are sent before the answer to what caused them.
    #[wasm_bindgen(js_name = sendsWebhooksFirst)]
    pub fn sends_webhooks_first(&self) -> bool {
        self.0.sends_webhooks_first()
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
    let known = "client_id live_client_id name redirect_uris[ livemode? flows[ secret_keys[ api_version";
    let options = Fields::read(options, known)?;
    let livemode = Livemode::from(options.boolean("livemode").unwrap_or_default());
    let redirect_uris = options.texts("redirect_uris[").map(|text| RedirectUri::parse(text, Some(livemode)));
    let flows = options.texts("flows[").map(Flow::parse);
    Ok(SandboxPlatform {
        client_id: ClientId::parse(options.text("client_id"))?,
        live_client_id: live_client_id(options, livemode)?,
        name: options.text("name").to_owned(),
        redirect_uris: redirect_uris.collect::<Result<_, _>>()?,
        livemode,
        flows: flows_of_one_kind(flows.collect::<Result<_, _>>()?)?,
        api_version: options.value("api_version").map(ApiVersion::parse).transpose()?.unwrap_or_default(),
        secret_keys: options.texts("secret_keys[").map(SecretKey::parse).collect::<Result<_, _>>()?,
    })
}

fn live_client_id(options: Fields<'_>, livemode: Livemode) -> Result<Option<ClientId>, ConnectError> {
    const PARAM: &str = "live_client_id";
    const BOTH_LIVE: &str = "goes with livemode false: client_id is the live one already";
    match options.value(PARAM) {
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
