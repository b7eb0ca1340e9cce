//! Entry `stripe-connect-oauth`: the front channel for any JavaScript host. Texts in, texts out.

use super::packed::{Fields, answer, list};
use crate::authorize::{AuthorizeUrl, Scope, StripeLanding, check_response_type};
use crate::button::{Button, ButtonLook, ButtonSize};
use crate::callback::{Callback, CallbackQuery, parse_callback};
use crate::error::ConnectError;
use crate::ids::ClientId;
use crate::livemode::Livemode;
use crate::origin::ConnectBase;
use crate::pending::PendingFlows;
use crate::platform::Platform;
use crate::prefill::{Prefill, PrefillField};
use crate::state::State;
use crate::subject::Subject;
use crate::text::{number, pieces};
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
/// `authorizeUrl` takes all but the first.
const OPTIONS: [&str; 5] = ["subject", "flow", "livemode", "redirect_uris[", "connect_base"];

/// The one door to the front channel. `given` is what JavaScript brings of its own: the time in Unix
/// seconds, 64 hexadecimal digits from `crypto.getRandomValues`, and the flows kept so far, separated by
/// NUL. One door, because every exported function weighs as much as the work it does.
#[wasm_bindgen]
pub fn call(name: &str, first: &str, second: &str, given: &str) -> String {
    answer(match name {
        "authorizeUrl" => authorize_url(first, second),
        "newState" => State::from_hex(given).map(|state| state.as_str().to_owned()),
        "parseCallback" => parse(first, second),
        "beginConnect" => begin_connect(first, second, given),
        "finishConnect" => finish_connect(first, second, given),
        _ => connect_button(first),
    })
}

fn authorize_url(params: &str, options: &str) -> Result<String, ConnectError> {
    let options = Fields::read(options, OPTIONS.split_first().map_or(&[], |(_, rest)| rest))?;
    let params = Fields::read(params, &PARAMS)?;
    let state = State::parse(params.text("state")?.unwrap_or_default())?;
    build_url(params, options, &state)
}

fn parse(input: &str, options: &str) -> Result<String, ConnectError> {
    let options = Fields::read(options, &["state"])?;
    let state = State::parse(options.text("state")?.unwrap_or_default())?;
    Ok(describe(&parse_callback(input, &state)))
}

/// Answers with state, URL, and the flows to keep.
fn begin_connect(params: &str, options: &str, given: &str) -> Result<String, ConnectError> {
    let options = Fields::read(options, &OPTIONS)?;
    let subject = Subject::parse(options.text("subject")?.unwrap_or_default())?;
    let params = Fields::read(params, &PARAMS)?;
    if params.get("state").is_some() {
        return Err(ConnectError::invalid("state", "is made and kept by beginConnect: leave it out"));
    }
    let (now, random, mut flows) = read_given(given);
    let state = State::from_hex(random)?;
    let url = build_url(params, options, &state)?;
    flows.begin(&state, &subject, now);
    Ok(list(&[state.as_str(), &url, flows.as_str()]))
}

/// Answers with the callback, its flow's state and subject, and the flows to keep.
fn finish_connect(input: &str, options: &str, given: &str) -> Result<String, ConnectError> {
    let options = Fields::read(options, &["subject"])?;
    let subject = options.text("subject")?.map(Subject::parse).transpose()?;
    let query = CallbackQuery::read(input);
    let (now, _, mut flows) = read_given(given);
    let callback = flows.finish(&query, subject.as_ref(), now);
    // Only the state of a finished flow is repeated: any other may hold whatever a link can.
    let (state, subject) = match (&callback, flows.subject_of(&query)) {
        (Callback::Authorized(_), Some(subject)) => (query.state().unwrap_or_default(), subject),
        _ => ("", ""),
    };
    Ok(list(&[&describe(&callback), state, subject, flows.as_str()]))
}

fn read_given(given: &str) -> (u64, &str, PendingFlows) {
    let mut parts = pieces(given, 0);
    let mut next = || parts.next().unwrap_or_default();
    (number(next()).unwrap_or_default(), next(), PendingFlows::kept(next().to_owned()))
}

fn connect_button(options: &str) -> Result<String, ConnectError> {
    let options = Fields::read(options, &["href", "action", "look", "size", "label"])?;
    let mut button = match (options.text("href")?, options.text("action")?) {
        (Some(href), None) => Button::link(href)?,
        (None, Some(action)) => Button::form(action)?,
        (None, None) => return Err(ConnectError::missing("href", "give href for a link, or action for a form")),
        (Some(_), Some(_)) => {
            return Err(ConnectError::invalid("action", "can't stand beside href: give one of them"));
        }
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
    Ok(button.to_html())
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
    if options.get("redirect_uris").is_some() && options.inside("redirect_uris[").next().is_none() {
        return Err(ConnectError::invalid("redirect_uris", "must list a URI"));
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
    let [mut code, mut scope, mut verified, mut error, mut reason] = [""; 5];
    let outcome = match callback {
        Callback::Authorized(authorized) => {
            code = authorized.code().as_str();
            scope = authorized.scope().map_or("", Scope::as_str);
            "authorized"
        }
        Callback::Denied { verified: is_verified, .. } => {
            verified = if *is_verified { "true" } else { "" };
            "denied"
        }
        Callback::Failed { error: sent, .. } => {
            error = sent;
            "failed"
        }
        Callback::Rejected(rejection) => {
            reason = rejection.as_str();
            "rejected"
        }
        Callback::None => "none",
    };
    let description = callback.untrusted_description().unwrap_or("");
    list(&[outcome, code, scope, verified, error, reason, callback.hint(), description])
}
