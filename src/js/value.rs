//! Values in and out: options read with their types checked, errors thrown as real `Error`s.

use crate::error::{ConnectError, ErrorCode};
use crate::state::State;
use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(extends = js_sys::Error)]
    type Thrown;
    #[wasm_bindgen(constructor, js_class = "Error")]
    fn new(message: &str) -> Thrown;
    #[wasm_bindgen(method, setter)]
    fn set_name(this: &Thrown, name: &str);
    #[wasm_bindgen(method, setter)]
    fn set_code(this: &Thrown, code: &str);
    #[wasm_bindgen(method, setter)]
    fn set_param(this: &Thrown, param: &str);
}

impl From<ConnectError> for JsValue {
    fn from(error: ConnectError) -> JsValue {
        let thrown = Thrown::new(error.message());
        thrown.set_name("ConnectError");
        thrown.set_code(error.code().as_str());
        thrown.set_param(error.param());
        thrown.into()
    }
}

/// The fields of an options object that are there, in their order. `undefined` counts as absent.
pub(crate) fn fields(param: &str, object: &JsValue) -> Result<Vec<(String, JsValue)>, ConnectError> {
    if object.is_undefined() {
        return Ok(Vec::new());
    }
    let Some(object) = object.dyn_ref::<Object>().filter(|_| !Array::is_array(object) && !object.is_function())
    else {
        return Err(invalid_type(param, "must be an object"));
    };
    let read = |entry: JsValue| {
        let entry = Array::from(&entry);
        Some((entry.get(0).as_string()?, entry.get(1)))
    };
    let entries = Object::entries(object);
    Ok(entries.iter().filter_map(read).filter(|(_, value)| !value.is_undefined()).collect())
}

pub(crate) fn text(param: &str, value: &JsValue) -> Result<String, ConnectError> {
    value.as_string().ok_or_else(|| invalid_type(param, "must be a string"))
}

pub(crate) fn boolean(param: &str, value: &JsValue) -> Result<bool, ConnectError> {
    value.as_bool().ok_or_else(|| invalid_type(param, "must be true or false"))
}

pub(crate) fn texts(param: &str, value: &JsValue) -> Result<Vec<String>, ConnectError> {
    let not_a_list = || invalid_type(param, "must be a list of strings");
    if !Array::is_array(value) {
        return Err(not_a_list());
    }
    Array::from(value).iter().map(|item| item.as_string().ok_or_else(not_a_list)).collect()
}

pub(crate) fn invalid_type(param: &str, what: &str) -> ConnectError {
    ConnectError::new(ErrorCode::InvalidType, param.to_owned(), what)
}

pub(crate) fn unknown(param: &str) -> ConnectError {
    ConnectError::new(ErrorCode::UnknownParameter, param.to_owned(), "is not a parameter here: check its spelling")
}

/// A state from the host's own cryptographic randomness.
pub(crate) fn new_state() -> Result<State, ConnectError> {
    let mut random = [0; 32];
    fill_random(&mut random)?;
    Ok(State::from_random(random))
}

pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), ConnectError> {
    let unavailable = |_| {
        let what = "needs crypto.getRandomValues: call this inside a request or event handler";
        ConnectError::new(ErrorCode::RandomnessUnavailable, "state", what)
    };
    get_random_values(bytes).map(|_| ()).map_err(unavailable)
}
