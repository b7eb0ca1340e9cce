//! Entry `stripe-connect-oauth`: the front channel for any JavaScript host. Texts in, texts out.

use super::packed::{Fields, answer};
use crate::authorize::{AuthorizeUrl, Scope, StripeLanding, check_response_type};
use crate::button::{Button, ButtonLook, ButtonSize};
use crate::callback::{Callback, CallbackQuery, parse_callback};
use crate::error::ConnectError;
use crate::ids::ClientId;
use crate::origin::ConnectBase;
use crate::pending::PendingFlows;
use crate::platform::{Livemode, Platform};
use crate::prefill::{Prefill, PrefillField};
use crate::state::State;
use crate::subject::Subject;
use crate::text::join;
use wasm_bindgen::prelude::*;

const PARAMS: [&str; 8] = [
    "client_id",
    "state",
    "redirect_uri",
    "response_type",
    "scope",
    "stripe_landing",
    "always_prompt",
    "stripe_user[",
];
const URL_OPTIONS: [&str; 4] = ["flow", "livemode", "redirect_uris[", "connect_base"];
const BEGIN_OPTIONS: [&str; 5] = ["subject", "flow", "livemode", "redirect_uris[", "connect_base"];

/// `authorizeUrl(params, options?)`.
#[wasm_bindgen(js_name = authorizeUrl)]
pub fn authorize_url(params: &str, options: &str) -> String {
    let url = || {
        let options = Fields::read(options, &URL_OPTIONS)?;
        let params = Fields::read(params, &PARAMS)?;
        let state = State::parse(params.text("state")?.unwrap_or_default())?;
        build_url(params, options, &state)
    };
    answer(url())
}

/// `newState()`, from 32 bytes of `crypto.getRandomValues`.
#[wasm_bindgen(js_name = newState)]
pub fn new_state(random: &[u8]) -> String {
    answer(State::from_slice(random).map(|state| state.as_str().to_owned()))
}

/// `parseCallback(input, { state })`.
#[wasm_bindgen(js_name = parseCallback)]
pub fn js_parse_callback(input: &str, options: &str) -> String {
    let callback = || {
        let options = Fields::read(options, &["state"])?;
        let state = State::parse(options.text("state")?.unwrap_or_default())?;
        Ok(describe(&parse_callback(input, &state)))
    };
    answer(callback())
}

/// `beginConnect(params, options)`, from 32 bytes of `crypto.getRandomValues`, the flows kept so far and
/// the time in seconds. Answers with state, URL, and the flows to keep.
#[wasm_bindgen(js_name = beginConnect)]
pub fn begin_connect(params: &str, options: &str, random: &[u8], kept: String, now: f64) -> String {
    let begun = || {
        let options = Fields::read(options, &BEGIN_OPTIONS)?;
        let subject = Subject::parse(options.text("subject")?.unwrap_or_default())?;
        let params = Fields::read(params, &PARAMS)?;
        if params.get("state").is_some() {
            return Err(ConnectError::invalid("state", "is made and kept by beginConnect: leave it out"));
        }
        let state = State::from_slice(random)?;
        let url = build_url(params, options, &state)?;
        let mut flows = PendingFlows::kept(kept);
        flows.begin(&state, &subject, now as u64);
        Ok(join(&[state.as_str(), "\0", &url, "\0", flows.as_str()]))
    };
    answer(begun())
}

/// `finishConnect(input?, options?)`, from the flows kept so far and the time in seconds. Answers with the
/// flows to keep, then the callback.
#[wasm_bindgen(js_name = finishConnect)]
pub fn finish_connect(input: &str, options: &str, kept: String, now: f64) -> String {
    let finished = || {
        let options = Fields::read(options, &["subject"])?;
        let subject = options.text("subject")?.map(Subject::parse).transpose()?;
        let query = CallbackQuery::read(input);
        let mut flows = PendingFlows::kept(kept);
        let callback = flows.finish(&query, subject.as_ref(), now as u64);
        let begun_for = flows.subject_of(&query).unwrap_or_default();
        Ok(join(&[flows.as_str(), "\0", &describe(&callback), "\0", query.state().unwrap_or_default(), "\0", begun_for]))
    };
    answer(finished())
}

/// `connectButton(options)`.
#[wasm_bindgen(js_name = connectButton)]
pub fn connect_button(options: &str) -> String {
    let button = || {
        let options = Fields::read(options, &["href", "action", "look", "size", "label", "fields["])?;
        let mut button = match (options.text("href")?, options.text("action")?) {
            (Some(href), None) => Button::link(href)?,
            (None, Some(action)) => Button::form(action)?,
            (None, None) => return Err(ConnectError::missing("href", "give href for a link, or action for a form")),
            (Some(_), Some(_)) => return Err(ConnectError::invalid("action", "can't stand beside href: give one of them")),
        };
        if let Some(look) = options.text("look")? {
            button.look = ButtonLook::parse(look)?;
        }
        if let Some(size) = options.text("size")? {
            button.size = ButtonSize::parse(size)?;
        }
        if let Some(label) = options.text("label")? {
            button.set_label(label)?;
        }
        for field in options.inside("fields[") {
            button.add_field(field.name, field.text("fields")?)?;
        }
        Ok(button.to_html())
    };
    answer(button())
}

fn build_url(params: Fields<'_>, options: Fields<'_>, state: &State) -> Result<String, ConnectError> {
    if options.text("flow")?.is_some_and(|flow| flow != "standard") {
        return Err(ConnectError::invalid("flow", "must be standard, the only one in this version"));
    }
    if let Some(response_type) = params.text("response_type")? {
        check_response_type(response_type)?;
    }
    let client_id = ClientId::parse(params.text("client_id")?.unwrap_or_default())?;
    let mut platform = Platform::new(client_id, options.boolean("livemode")?.map(Livemode::from));
    for registered in options.inside("redirect_uris[") {
        platform.register(registered.text("redirect_uris")?)?;
    }
    let mut url = AuthorizeUrl::new(platform.client_id(), state);
    if let Some(origin) = options.text("connect_base")? {
        url.base = ConnectBase::stand_in(origin)?;
    }
    url.redirect_uri = platform.redirect_uri(params.text("redirect_uri")?)?;
    url.scope = params.text("scope")?.map(Scope::parse).transpose()?;
    url.stripe_landing = params.text("stripe_landing")?.map(StripeLanding::parse).transpose()?;
    url.always_prompt = params.boolean("always_prompt")?;
    url.stripe_user = prefill(params, "stripe_user[")?;
    Ok(url.build())
}

/// The prefill fields inside the object called `name`.
pub(crate) fn prefill(fields: Fields<'_>, name: &str) -> Result<Prefill, ConnectError> {
    let mut prefill = Prefill::default();
    for given in fields.inside(name) {
        let field = PrefillField::parse(given.name)?;
        prefill.set(field, given.text(field.as_str())?)?;
    }
    Ok(prefill)
}

/// A callback as the values of `CALLBACK` in `pkg/front.js`, in its order, separated by NUL.
fn describe(callback: &Callback) -> String {
    let (outcome, code, error, reason) = match callback {
        Callback::Authorized(authorized) => ("authorized", authorized.code().as_str(), "", ""),
        Callback::Denied { .. } => ("denied", "", "", ""),
        Callback::Failed { error, .. } => ("failed", "", &**error, ""),
        Callback::Rejected(rejection) => ("rejected", "", "", rejection.as_str()),
        Callback::None => ("none", "", "", ""),
    };
    let scope = match callback {
        Callback::Authorized(authorized) => authorized.scope().map_or("", Scope::as_str),
        _ => "",
    };
    let verified = match callback {
        Callback::Denied { verified: true, .. } => "true",
        _ => "",
    };
    let (hint, description) = (callback.hint(), callback.untrusted_description().unwrap_or_default());
    let values = [outcome, code, scope, verified, error, reason, hint, description];
    let mut text = String::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            text.push('\0');
        }
        text.push_str(value);
    }
    text
}
