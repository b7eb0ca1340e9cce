//! The front channel as functions that JavaScript calls by name: what `wasm-pack build --features bindings` packs for
//! the web, a bundler or Node. They do in Rust what `pkg/entries/front.js` does in the npm package, whose types are
//! theirs. No class crosses, so that nobody has to free one.

use super::front::call;
use super::given::{address, pack};
use super::thrown::thrown;
use crate::vocabulary::state::State;
use crate::vocabulary::text::{decimal, join, pieces};
use crate::web::page::{Kept, now, take_address};
use js_sys::{Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::window;

/// The npm package's, so that both are called alike.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("../../pkg/entries/front.d.ts");

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn fill_random(bytes: &mut [u8]) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn tag_of(value: &JsValue) -> String;
}

thread_local! {
    /// What `finishConnect` made of this page's own address, after the options it was called with.
    static LAST: RefCell<(String, JsValue)> = const { RefCell::new((String::new(), JsValue::UNDEFINED)) };
}

/// The authorize URL.
#[wasm_bindgen(js_name = authorizeUrl, skip_typescript)]
pub fn authorize_url(params: &JsValue, options: &JsValue) -> Result<String, JsValue> {
    only(&call(&pack(params)?, &pack(options)?, "authorizeUrl"))
}

/// A state of 256 random bits.
#[wasm_bindgen(js_name = newState, skip_typescript)]
pub fn new_state() -> Result<String, JsValue> {
    only(&call("", "", &join(&["newState\0", random()?.as_str()])))
}

/// What the redirect back said.
#[wasm_bindgen(js_name = parseCallback, skip_typescript)]
pub fn parse_callback(input: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let answer = call(&address(input)?, &pack(options)?, "parseCallback");
    callback(values(&answer)?)
}

/// Begins a flow in the page.
#[wasm_bindgen(js_name = beginConnect, skip_typescript)]
pub fn begin_connect(params: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let kept = Kept::open(window().as_ref())?;
    let answer = call(&pack(params)?, &pack(options)?, &given("beginConnect", &kept)?);
    let mut values = values(&answer)?;
    let mut next = || values.next().unwrap_or_default();
    let (state, url, flows) = (next(), next(), next());
    kept.keep(flows)?;
    let begun = Object::new();
    Reflect::set(&begun, &"url".into(), &url.into())?;
    Reflect::set(&begun, &"state".into(), &state.into())?;
    Ok(begun.into())
}

/// Finishes a flow in the page: of the redirect in `input`, or in the page's own address.
#[wasm_bindgen(js_name = finishConnect, skip_typescript)]
pub fn finish_connect(input: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    if !input.is_undefined() {
        return finish(&address(input)?, &pack(options)?);
    }
    // First of all, so that it is done whatever happens: a code in the address is in the history, and in what the page
    // sends.
    let address = window().as_ref().map(take_address).unwrap_or_default();
    let options = pack(options)?;
    let finished = finish(&address, &options)?;
    again(options, finished)
}

/// The first call takes the answer out of the address: for who asks again, it is still what came back.
fn again(options: String, finished: JsValue) -> Result<JsValue, JsValue> {
    let is_new = Reflect::get(&finished, &"outcome".into())? != "none";
    LAST.with_borrow_mut(|last| {
        if is_new {
            *last = (options, finished);
        } else if last.0 != options || last.1.is_undefined() {
            return Ok(finished);
        }
        Ok(last.1.clone())
    })
}

fn finish(input: &str, options: &str) -> Result<JsValue, JsValue> {
    let kept = Kept::open(window().as_ref())?;
    let answer = call(input, options, &given("finishConnect", &kept)?);
    let mut values: Vec<&str> = values(&answer)?.collect();
    kept.keep(values.pop().unwrap_or_default())?;
    callback(values.into_iter())
}

/// The markup of the button.
#[wasm_bindgen(js_name = connectButton, skip_typescript)]
pub fn connect_button(options: &JsValue) -> Result<String, JsValue> {
    only(&call(&pack(options)?, "", "connectButton"))
}

/// Whether an error is one of these functions'.
#[wasm_bindgen(js_name = isConnectError, skip_typescript)]
pub fn is_connect_error(error: &JsValue) -> bool {
    // By its tag: an error of another realm is no `Error` of this one's.
    tag_of(error) == "[object Error]"
        && Reflect::get(error, &"name".into()).is_ok_and(|name| name == "ConnectError")
}

fn random() -> Result<State, JsValue> {
    let mut bytes = [0; 32];
    fill_random(&mut bytes)?;
    Ok(State::from_random(bytes))
}

/// A call's name with what the core can't know: the time, randomness, and the flows kept so far.
fn given(name: &str, kept: &Kept) -> Result<String, JsValue> {
    Ok(join(&[name, "\0", &decimal(now()), "\0", random()?.as_str(), "\0", &kept.flows()?]))
}

/// The values of an answer, each of which has a NUL before it, or the error that stands in their place.
fn values(answer: &str) -> Result<impl Iterator<Item = &str>, JsValue> {
    let mut parts = pieces(answer, 0);
    let mut next = || parts.next().unwrap_or_default();
    match next() {
        "" => Ok(parts),
        code => Err(thrown(code, next(), next())),
    }
}

fn only(answer: &str) -> Result<String, JsValue> {
    Ok(values(answer)?.next().unwrap_or_default().to_owned())
}

/// A callback from its names and values.
fn callback<'a>(mut values: impl Iterator<Item = &'a str>) -> Result<JsValue, JsValue> {
    let read = Object::new();
    while let (Some(name), Some(value)) = (values.next(), values.next()) {
        Reflect::set(&read, &name.into(), &value.into())?;
    }
    if Reflect::get(&read, &"outcome".into())? == "denied" {
        let verified = Reflect::has(&read, &"verified".into())?;
        Reflect::set(&read, &"verified".into(), &verified.into())?;
    }
    Ok(read.into())
}
