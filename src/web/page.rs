//! The page: its clock and randomness, what it keeps, and its address.

use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::state::State;
use std::time::Duration;
use web_sys::js_sys::{Date, Uint8Array};
use web_sys::{Storage, Url, Window};

/// The npm package's key (`pkg/entries/front.js`), so that pages of both finish each other's flows.
const KEY: &str = "stripe-connect-oauth";

/// The protocol's parameters; there is no answer without one of the first three.
const ANSWER: [&str; 6] = ["code", "error", "state", "error_description", "scope", "iss"];

/// The time in Unix seconds.
pub(crate) fn now() -> u64 {
    Duration::try_from_secs_f64(Date::now() / 1000.0).unwrap_or_default().as_secs()
}

/// A state of the page's own randomness.
pub(crate) fn new_state(window: &Window) -> Result<State, ConnectError> {
    // Not into the module's own memory: where that is shared between threads, browsers refuse it.
    let random = Uint8Array::new_with_length(32);
    let filled = window.crypto().and_then(|crypto| crypto.get_random_values_with_array_buffer_view(&random));
    if filled.is_err() {
        return Err(ConnectError::missing(
            "crypto",
            "a state needs its getRandomValues, as each browser's page has it",
        ));
    }
    let mut bytes = [0; 32];
    random.copy_to(&mut bytes);
    Ok(State::from_random(bytes))
}

/// What the tab keeps.
pub(crate) struct Kept(Storage);

impl Kept {
    pub(crate) fn open(window: Option<&Window>) -> Result<Kept, ConnectError> {
        window.and_then(|window| window.session_storage().ok().flatten()).map(Kept).ok_or_else(blocked)
    }

    /// The flows under way, as text.
    pub(crate) fn flows(&self) -> Result<String, ConnectError> {
        self.0.get_item(KEY).map(Option::unwrap_or_default).map_err(|_| blocked())
    }

    pub(crate) fn keep(&self, flows: &str) -> Result<(), ConnectError> {
        self.0.set_item(KEY, flows).map_err(|_| blocked())
    }
}

/// Storage that is blocked, absent or full, or not of a page: in the words of `pkg/entries/front.js`.
fn blocked() -> ConnectError {
    let what = "is blocked or this is no page: allow site data, call it in the page or use the edge style";
    ConnectError::new(ErrorCode::StorageUnavailable, "sessionStorage", what)
}

/// The page's address, out of whose bar, and so out of the history and of `Referer`, this takes the protocol's
/// parameters. An address that holds no answer is left alone: a page may have a `scope` of its own.
pub(crate) fn take_address(window: &Window) -> String {
    let address = window.location().href().unwrap_or_default();
    if let Some(cleaned) = cleaned(&address) {
        // Only an address of another origin would be refused.
        let _replaced = window
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
