//! HTTP messages across the boundary: headers as a flat list of names and values.

/// A flat list of names and values as headers.
pub(crate) fn pairs(flat: Vec<String>) -> Vec<(String, String)> {
    let mut flat = flat.into_iter();
    std::iter::from_fn(|| Some((flat.next()?, flat.next()?))).collect()
}

/// A response as `[status, headers, body]`.
#[cfg(any(feature = "edge", feature = "sandbox"))]
pub(crate) fn parts(response: &crate::server::Response) -> wasm_bindgen::JsValue {
    use js_sys::Array;
    use wasm_bindgen::JsValue;

    let headers = response.headers.iter().flat_map(|(name, value)| [JsValue::from(name), JsValue::from(value)]);
    let headers: Array = headers.collect();
    let parts: [JsValue; 3] = [response.status.into(), headers.into(), JsValue::from(&*response.body)];
    Array::of(&parts).into()
}
