//! What a caller of the bindings gave, as `pkg/shared/packed.js` writes it for the other builds: one text, by whose
//! rules `packed` reads it. So a mistake has one error, whichever build it meets.

use super::thrown::thrown;
use crate::vocabulary::text::join;
use js_sys::{Array, Reflect, Symbol};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Runs the object's getters, which may throw.
    #[wasm_bindgen(catch, js_namespace = Object)]
    fn entries(object: &JsValue) -> Result<Array, JsValue>;
    /// A list without holes, and with nothing besides its items.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    fn items(list: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = String)]
    fn text_of(value: &JsValue) -> Result<String, JsValue>;
}

/// A field of an object.
#[derive(Deserialize)]
struct Entry(String, #[serde(with = "serde_wasm_bindgen::preserve")] JsValue);

/// Packs an options object, or what stands in its place.
pub(super) fn pack(given: &JsValue) -> Result<String, JsValue> {
    let mut packed = String::new();
    if given.is_object() {
        add_fields(given, None, &mut packed)?;
    } else if !given.is_undefined() {
        add("", given, &mut packed)?;
    }
    Ok(packed)
}

/// What is inside objects and lists follows them, one level deep, as `outer[name]`.
fn add_fields(object: &JsValue, outer: Option<&str>, packed: &mut String) -> Result<(), JsValue> {
    let is_list = Array::is_array(object);
    let fields = if is_list { entries(&items(object)?)? } else { entries(object)? };
    for Entry(name, value) in serde_wasm_bindgen::from_value::<Vec<Entry>>(fields.into())? {
        if value.is_undefined() && !is_list {
            continue;
        }
        let name = clean(&name);
        let name = outer.map_or_else(|| name.clone(), |outer| join(&[outer, "[", &name, "]"]));
        add(&name, &value, packed)?;
        if outer.is_none() && value.is_object() {
            add_fields(&value, Some(&name), packed)?;
        }
    }
    Ok(())
}

/// Adds a field: its name, its JavaScript type, and its value if that is text, a number, true or false.
fn add(name: &str, value: &JsValue, packed: &mut String) -> Result<(), JsValue> {
    let kind = match value.is_object() {
        true if Array::is_array(value) => "list".to_owned(),
        true if is_plain(value)? || entries(value)?.length() > 0 => "object".to_owned(),
        // A `Map` or the like, which hides its fields, is no object.
        true => "instance".to_owned(),
        false if value.is_null() => "null".to_owned(),
        false => value.js_typeof().as_string().unwrap_or_default(),
    };
    let has_text = matches!(&*kind, "string" | "number" | "boolean");
    let text = if has_text { clean(&text_of(value)?) } else { String::new() };
    packed.push_str(&join(&[name, "\0", &kind, "\0", &text, "\0"]));
    Ok(())
}

/// Whether nothing but an `Object.prototype` stands behind it, of whatever realm: hosts have more than one.
fn is_plain(object: &JsValue) -> Result<bool, JsValue> {
    let prototype = Reflect::get_prototype_of(object)?;
    Ok(prototype.is_null() || Reflect::get_prototype_of(&prototype)?.is_null())
}

/// A URL or a query as text; a `URL`, a `Location` or a `URLSearchParams`, of any realm, as what it stands for.
pub(super) fn address(input: &JsValue) -> Result<String, JsValue> {
    if let Some(text) = input.as_string() {
        return Ok(text);
    }
    if input.is_object() {
        if let Some(href) = Reflect::get(input, &"href".into())?.as_string() {
            return Ok(href);
        }
        if Reflect::get(input, &Symbol::to_string_tag())? == "URLSearchParams" {
            return Ok(join(&["?", &text_of(input)?]));
        }
    }
    Err(thrown("invalid_type", "input", "input must be a URL or its query"))
}

/// A NUL stays a control character, so the core refuses it like one.
fn clean(text: &str) -> String {
    text.replace('\0', "\u{1}")
}
