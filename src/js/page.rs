//! The page around the bindings: what it keeps, and its address.

use super::thrown::thrown;
use wasm_bindgen::prelude::*;
use web_sys::{Storage, Url, window};

/// The flows under way in this tab, under the key that the npm package has.
const KEY: &str = "stripe-connect-oauth";

/// The protocol's parameters; there is no answer without one of the first three.
const ANSWER: [&str; 6] = ["code", "error", "state", "error_description", "scope", "iss"];

/// What the page keeps.
pub(super) struct Page(Storage);

impl Page {
    pub(super) fn open() -> Result<Page, JsValue> {
        let storage = window().and_then(|window| window.session_storage().ok().flatten());
        storage.map(Page).ok_or_else(blocked)
    }

    pub(super) fn kept(&self) -> Result<String, JsValue> {
        self.0.get_item(KEY).map(Option::unwrap_or_default).map_err(|_| blocked())
    }

    pub(super) fn keep(&self, flows: &str) -> Result<(), JsValue> {
        self.0.set_item(KEY, flows).map_err(|_| blocked())
    }
}

/// Storage that is blocked, absent or full, or not of a page: in the words of `pkg/entries/front.js`.
fn blocked() -> JsValue {
    let what =
        "sessionStorage is blocked or this is no page: allow site data, call it in the page or use the edge style";
    thrown("storage_unavailable", "sessionStorage", what)
}

/// The page's address, out of whose bar, and so out of the history and of `Referer`, this takes the protocol's parameters.
/// An address that holds no answer is left alone: a page may have a `scope` of its own.
pub(super) fn take_address() -> String {
    let Some(window) = window() else { return String::new() };
    let address = window.location().href().unwrap_or_default();
    if let Some(cleaned) = cleaned(&address) {
        // Only an address of another origin would be refused.
        let _done = window
            .history()
            .and_then(|history| history.replace_state_with_url(&history.state()?, "", Some(&cleaned)));
    }
    address
}

/// The address without the protocol's parameters, if it holds an answer.
fn cleaned(address: &str) -> Option<String> {
    let url = Url::new(address).ok()?;
    let params = url.search_params();
    if !ANSWER.iter().take(3).any(|name| params.has(name)) {
        return None;
    }
    ANSWER.iter().for_each(|name| params.delete(name));
    Some(url.href())
}
