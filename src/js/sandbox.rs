//! The sandbox for JavaScript: one object that holds it, and `handle`. `pkg/sandbox.js` is its only caller.

use super::message::{pairs, parts};
use super::packed::{Fields, thrown};
use crate::error::ConnectError;
use crate::flow::Flow;
use crate::ids::ClientId;
use crate::livemode::Livemode;
use crate::redirect_uri::RedirectUri;
use crate::sandbox::{Sandbox, SandboxPlatform};
use crate::server::{Method, Request, SecretKey};
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

    /// Answers a request with `[status, headers, body]`; `now` in Unix seconds, `random` of 32 bytes.
    pub fn handle(
        &mut self,
        method: &str,
        url: String,
        headers: Vec<String>,
        body: String,
        now: f64,
        random: &[u8],
    ) -> JsValue {
        let request = Request { method: Method::parse(method), url, headers: pairs(headers), body };
        let mut seed = [0; 32];
        seed.iter_mut().zip(random).for_each(|(to, from)| *to = *from);
        parts(&self.0.handle(&request, now as u64, seed))
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
        Some(text) => {
            let id = ClientId::parse(text);
            id.map(Some).map_err(|_| ConnectError::invalid(PARAM, "must be ca_ and then only letters and digits"))
        }
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
