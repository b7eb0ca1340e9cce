//! A `ConnectError` as JavaScript catches it.

use crate::vocabulary::error::ConnectError;
use js_sys::{Error, Reflect};
use wasm_bindgen::prelude::*;

/// An `Error` named `ConnectError`, with `code` and `param`.
pub(super) fn thrown(code: &str, param: &str, message: &str) -> JsValue {
    let error = Error::new(message);
    error.set_name("ConnectError");
    for (name, value) in [("code", code), ("param", param)] {
        // Nothing refuses a field of an error that was just made.
        let _set = Reflect::set(&error, &name.into(), &value.into());
    }
    error.into()
}

impl From<ConnectError> for JsValue {
    fn from(error: ConnectError) -> JsValue {
        thrown(error.code().as_str(), error.param(), error.message())
    }
}
