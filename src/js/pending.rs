//! Flows under way in this tab, kept in `sessionStorage`: one entry a flow, used once, expiring.

use crate::callback::{Callback, CallbackQuery, Rejection, without_parameters};
use crate::error::{ConnectError, ErrorCode};
use crate::state::State;
use crate::subject::Subject;
use js_sys::{Array, Date, JSON};
use wasm_bindgen::prelude::*;
use web_sys::{Storage, Window};

const PREFIX: &str = "stripe-connect-oauth.";
/// Creating a Stripe account takes time.
const LIFETIME_MS: f64 = 60.0 * 60.0 * 1000.0;
/// How many flows a tab keeps; the oldest makes room.
const MAX_FLOWS: usize = 5;

/// A flow that began in this tab.
pub(crate) struct Pending {
    pub(crate) state: State,
    pub(crate) subject: Subject,
    /// Milliseconds since 1970.
    expires_at: f64,
    /// The code it ended with. The same callback again, after a reload or in React's strict mode, has
    /// the same result; another code has none.
    code: Option<String>,
}

impl Pending {
    fn key(state: &str) -> String {
        [PREFIX, state.get(..16).unwrap_or(state)].concat()
    }

    /// A JSON list of expiry, state, subject and code.
    fn write(&self) -> Option<String> {
        let (state, subject) = (JsValue::from(self.state.as_str()), JsValue::from(self.subject.as_str()));
        let list = Array::of(&[self.expires_at.into(), state, subject, self.code.clone().into()]);
        JSON::stringify(&list).ok()?.as_string()
    }

    fn read(text: &str) -> Option<Pending> {
        let list = Array::from(&JSON::parse(text).ok()?);
        Some(Pending {
            expires_at: list.get(0).as_f64()?,
            state: State::parse(&list.get(1).as_string()?).ok()?,
            subject: Subject::parse(&list.get(2).as_string()?).ok()?,
            code: list.get(3).as_string(),
        })
    }
}

/// Keeps a new flow, and lets go of those that expired or are too many.
pub(crate) fn keep(state: &State, subject: &Subject) -> Result<(), ConnectError> {
    let storage = storage()?;
    let now = Date::now();
    let mut live = Vec::new();
    for key in keys(&storage) {
        match stored(&storage, &key).filter(|pending| now < pending.expires_at) {
            Some(pending) => live.push((pending.expires_at, key)),
            None => remove(&storage, &key),
        }
    }
    live.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
    let too_many = live.len().saturating_add(1).saturating_sub(MAX_FLOWS);
    for (_, key) in live.into_iter().take(too_many) {
        remove(&storage, &key);
    }
    let pending =
        Pending { state: state.clone(), subject: subject.clone(), expires_at: now + LIFETIME_MS, code: None };
    put(&storage, &pending)
}

/// What the callback says, for the flow it belongs to, if that flow began in this tab.
pub(crate) fn finish(
    query: &CallbackQuery,
    current: Option<&Subject>,
) -> Result<(Callback, Option<Pending>), ConnectError> {
    let Some(candidate) = query.state() else { return Ok((query.unmatched(Rejection::StateMissing), None)) };
    let storage = storage()?;
    let key = Pending::key(candidate);
    let Some(mut pending) = stored(&storage, &key) else {
        return Ok((query.unmatched(Rejection::NotStarted), None));
    };

    let callback = query.verify(&pending.state);
    if let Callback::Rejected(_) = callback {
        // A forged or damaged link ends no flow.
        return Ok((callback, None));
    }
    let refuse = |rejection| {
        remove(&storage, &key);
        Ok((Callback::Rejected(rejection), None))
    };
    if Date::now() >= pending.expires_at {
        return refuse(Rejection::Expired);
    }
    if current.is_some_and(|current| *current != pending.subject) {
        return refuse(Rejection::AnotherSubject);
    }
    let Callback::Authorized(authorized) = &callback else {
        remove(&storage, &key);
        return Ok((callback, None));
    };
    let code = authorized.code().as_str();
    match &pending.code {
        Some(used) if used != code => return Ok((Callback::Rejected(Rejection::AlreadyUsed), None)),
        Some(_) => {}
        None => {
            pending.code = Some(code.to_owned());
            put(&storage, &pending)?;
        }
    }
    Ok((callback, Some(pending)))
}

/// The page's own address.
pub(crate) fn address() -> Result<String, ConnectError> {
    window()?.location().href().map_err(|_| unavailable())
}

/// Takes the protocol's parameters out of the address bar, and so out of the history and of `Referer`.
pub(crate) fn clean_address() -> Result<(), JsValue> {
    let window = window()?;
    let location = window.location();
    let search = location.search()?;
    let rest = without_parameters(search.strip_prefix('?').unwrap_or(""));
    let mark = if rest.is_empty() { "" } else { "?" };
    let clean = [&*location.pathname()?, mark, &*rest, &*location.hash()?].concat();
    let history = window.history()?;
    history.replace_state_with_url(&history.state()?, "", Some(&clean))
}

fn window() -> Result<Window, ConnectError> {
    web_sys::window().ok_or_else(unavailable)
}

fn storage() -> Result<Storage, ConnectError> {
    window()?.session_storage().ok().flatten().ok_or_else(unavailable)
}

fn unavailable() -> ConnectError {
    let what =
        "is not available: call this in a page, with site data allowed, or use the edge style, which needs none";
    ConnectError::new(ErrorCode::StorageUnavailable, "sessionStorage", what)
}

fn keys(storage: &Storage) -> Vec<String> {
    let all = (0..storage.length().unwrap_or(0)).filter_map(|i| storage.key(i).ok().flatten());
    all.filter(|key| key.starts_with(PREFIX)).collect()
}

fn stored(storage: &Storage, key: &str) -> Option<Pending> {
    Pending::read(&storage.get_item(key).ok().flatten()?)
}

fn put(storage: &Storage, pending: &Pending) -> Result<(), ConnectError> {
    let text = pending.write().ok_or_else(unavailable)?;
    storage.set_item(&Pending::key(pending.state.as_str()), &text).map_err(|_| unavailable())
}

fn remove(storage: &Storage, key: &str) {
    // A storage that can't forget was refused by `put` already.
    let _ = storage.remove_item(key);
}
