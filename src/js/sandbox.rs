//! The sandbox for JavaScript: one object that holds it, and `handle`. `pkg/sandbox.js` is its only caller.

use super::value::{boolean, text, texts};
use crate::error::ConnectError;
use crate::ids::ClientId;
use crate::platform::Livemode;
use crate::redirect_uri::RedirectUri;
use crate::sandbox::{Sandbox, SandboxPlatform};
use crate::server::{Method, Request, Response, SecretKey};
use js_sys::{Array, JsString, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The platform to register; `sandbox.js` has filled in the defaults.
    #[wasm_bindgen(js_name = SandboxOptions)]
    pub type Options;
    #[wasm_bindgen(method, getter)]
    fn client_id(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn name(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn redirect_uris(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn livemode(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn secret_keys(this: &Options) -> JsValue;

    /// What `handle` gives back.
    #[wasm_bindgen(extends = Object)]
    type Reply;
    #[wasm_bindgen(method, setter)]
    fn set_status(this: &Reply, status: u16);
    #[wasm_bindgen(method, setter)]
    fn set_headers(this: &Reply, headers: &Array);
    #[wasm_bindgen(method, setter)]
    fn set_body(this: &Reply, body: &str);
}

/// The sandbox's state, in wasm memory.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SandboxCore(Sandbox);

#[wasm_bindgen]
impl SandboxCore {
    /// Registers the platform, or throws a `ConnectError`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &Options) -> Result<SandboxCore, JsValue> {
        Ok(SandboxCore(Sandbox::new(platform(options)?)))
    }

    /// Answers a request: `{status, headers: [[name, value]], body}`. Header names and values alternate
    /// in `headers`; `now` is in Unix seconds; `random` is 32 bytes.
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
        reply(&self.0.handle(&request, now as u64, seed))
    }
}

fn platform(options: &Options) -> Result<SandboxPlatform, ConnectError> {
    let livemode = Livemode::from(boolean("livemode", &options.livemode())?);
    let redirect_uris = texts("redirect_uris", &options.redirect_uris())?;
    let secret_keys = texts("secret_keys", &options.secret_keys())?;
    Ok(SandboxPlatform {
        client_id: ClientId::parse(&text("client_id", &options.client_id())?)?,
        name: text("name", &options.name())?,
        redirect_uris: redirect_uris
            .iter()
            .map(|uri| RedirectUri::parse(uri, Some(livemode)))
            .collect::<Result<_, _>>()?,
        livemode,
        secret_keys: secret_keys.iter().map(|key| SecretKey::parse(key)).collect::<Result<_, _>>()?,
    })
}

fn pairs(flat: Vec<String>) -> Vec<(String, String)> {
    let mut flat = flat.into_iter();
    std::iter::from_fn(|| Some((flat.next()?, flat.next()?))).collect()
}

fn reply(response: &Response) -> JsValue {
    let pair = |(name, value): &(String, String)| Array::of2(&JsString::from(&**name), &JsString::from(&**value));
    let reply = Object::new().unchecked_into::<Reply>();
    reply.set_status(response.status);
    reply.set_headers(&response.headers.iter().map(pair).collect());
    reply.set_body(&response.body);
    reply.into()
}
