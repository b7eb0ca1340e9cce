//! Entry `stripe-connect-oauth`: the front channel for any JavaScript host.

use super::pending;
use super::value::{boolean, fields, invalid_type, new_state, text, texts, unknown};
use crate::authorize::{AuthorizeUrl, Scope, StripeLanding, check_response_type};
use crate::button::{Button, ButtonLook, ButtonSize};
use crate::callback::{Callback, CallbackQuery, parse_callback};
use crate::error::ConnectError;
use crate::ids::ClientId;
use crate::origin::ConnectBase;
use crate::platform::{Livemode, Platform};
use crate::prefill::{Prefill, PrefillField};
use crate::state::State;
use crate::subject::Subject;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What `parseCallback` and `finishConnect` return; see `index.d.ts`.
    #[wasm_bindgen(extends = js_sys::Object)]
    pub type CallbackObject;
    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> CallbackObject;
    #[wasm_bindgen(method, setter)]
    fn set_outcome(this: &CallbackObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_code(this: &CallbackObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_scope(this: &CallbackObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_state(this: &CallbackObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_subject(this: &CallbackObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_verified(this: &CallbackObject, value: bool);
    #[wasm_bindgen(method, setter)]
    fn set_error(this: &CallbackObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_reason(this: &CallbackObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_hint(this: &CallbackObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_untrusted_description(this: &CallbackObject, value: &str);

    /// What `beginConnect` returns.
    #[wasm_bindgen(extends = js_sys::Object)]
    pub type Begun;
    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> Begun;
    #[wasm_bindgen(method, setter)]
    fn set_url(this: &Begun, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_state(this: &Begun, value: &str);

    /// A `URL`, a `Location`, an `<a>`: whatever has an address.
    type Addressed;
    #[wasm_bindgen(method, getter, structural)]
    fn href(this: &Addressed) -> JsValue;
    #[wasm_bindgen(js_name = String)]
    fn string_of(value: &JsValue) -> String;
}

/// The front channel's options, gathered from both arguments.
#[derive(Default)]
struct Options {
    livemode: Option<Livemode>,
    redirect_uris: Vec<String>,
    base: ConnectBase,
    subject: Option<Subject>,
}

impl Options {
    /// `with_subject` for the calls that keep the flow.
    fn read(object: &JsValue, with_subject: bool) -> Result<Options, ConnectError> {
        let mut options = Options::default();
        for (name, value) in fields("options", object)? {
            match &*name {
                "flow" => check_flow(&text("flow", &value)?)?,
                "livemode" => options.livemode = Some(boolean("livemode", &value)?.into()),
                "redirect_uris" => options.redirect_uris = texts("redirect_uris", &value)?,
                "connect_base" => options.base = ConnectBase::stand_in(&text("connect_base", &value)?)?,
                "subject" if with_subject => options.subject = Some(Subject::parse(&text("subject", &value)?)?),
                _ => return Err(unknown(&name)),
            }
        }
        Ok(options)
    }
}

fn check_flow(flow: &str) -> Result<(), ConnectError> {
    match flow {
        "standard" => Ok(()),
        _ => Err(ConnectError::invalid("flow", "must be standard, the only one in this version")),
    }
}

/// The authorize URL for `params`; `state` only when the caller keeps it.
fn build_url(params: &JsValue, options: &Options, kept_state: Option<&State>) -> Result<String, ConnectError> {
    let (mut client_id, mut state, mut redirect_uri) = (String::new(), String::new(), None);
    let (mut scope, mut landing, mut always_prompt, mut prefill) = (None, None, None, Prefill::default());
    for (name, value) in fields("params", params)? {
        match &*name {
            "client_id" => client_id = text("client_id", &value)?,
            "state" if kept_state.is_none() => state = text("state", &value)?,
            "state" => {
                return Err(ConnectError::invalid("state", "is made and kept by beginConnect: leave it out"));
            }
            "redirect_uri" => redirect_uri = Some(text("redirect_uri", &value)?),
            "response_type" => check_response_type(&text("response_type", &value)?)?,
            "scope" => scope = Some(Scope::parse(&text("scope", &value)?)?),
            "stripe_landing" => landing = Some(StripeLanding::parse(&text("stripe_landing", &value)?)?),
            "always_prompt" => always_prompt = Some(boolean("always_prompt", &value)?),
            "stripe_user" => prefill = read_prefill(&value)?,
            _ => return Err(unknown(&name)),
        }
    }
    let mut platform = Platform::new(ClientId::parse(&client_id)?, options.livemode);
    for registered in &options.redirect_uris {
        platform.register(registered)?;
    }
    let parsed_state;
    let state = match kept_state {
        Some(kept) => kept,
        None => {
            parsed_state = State::parse(&state)?;
            &parsed_state
        }
    };
    let mut url = AuthorizeUrl::new(platform.client_id(), state).base(options.base.clone()).stripe_user(prefill);
    if let Some(uri) = platform.redirect_uri(redirect_uri.as_deref())? {
        url = url.redirect_uri(uri);
    }
    if let Some(scope) = scope {
        url = url.scope(scope);
    }
    if let Some(landing) = landing {
        url = url.stripe_landing(landing);
    }
    if let Some(always) = always_prompt {
        url = url.always_prompt(always);
    }
    Ok(url.build())
}

/// `stripe_user`, as an object of texts.
pub(crate) fn read_prefill(object: &JsValue) -> Result<Prefill, ConnectError> {
    let mut prefill = Prefill::default();
    for (name, value) in fields("stripe_user", object)? {
        let field = PrefillField::parse(&name)?;
        prefill.set(field, &text(field.as_str(), &value)?)?;
    }
    Ok(prefill)
}

/// `authorizeUrl(params, options?)`.
#[wasm_bindgen(js_name = authorizeUrl)]
pub fn authorize_url(params: &JsValue, options: &JsValue) -> Result<String, JsValue> {
    let options = Options::read(options, false)?;
    Ok(build_url(params, &options, None)?)
}

/// `newState()`.
#[wasm_bindgen(js_name = newState)]
pub fn js_new_state() -> Result<String, JsValue> {
    Ok(new_state()?.as_str().to_owned())
}

/// `parseCallback(input, { state })`.
#[wasm_bindgen(js_name = parseCallback)]
pub fn js_parse_callback(input: &JsValue, options: &JsValue) -> Result<CallbackObject, JsValue> {
    let mut state = String::new();
    for (name, value) in fields("options", options)? {
        match &*name {
            "state" => state = text("state", &value)?,
            _ => return Err(unknown(&name).into()),
        }
    }
    let state = State::parse(&state)?;
    Ok(callback_object(&parse_callback(&callback_input(input)?, &state)))
}

/// `beginConnect(params, options)`.
#[wasm_bindgen(js_name = beginConnect)]
pub fn begin_connect(params: &JsValue, options: &JsValue) -> Result<Begun, JsValue> {
    let options = Options::read(options, true)?;
    let Some(subject) = &options.subject else {
        return Err(ConnectError::missing("subject", "give the id of the signed-in user").into());
    };
    let state = new_state()?;
    let url = build_url(params, &options, Some(&state))?;
    pending::keep(&state, subject)?;
    let begun = Begun::new();
    begun.set_url(&url);
    begun.set_state(state.as_str());
    Ok(begun)
}

/// `finishConnect(input?, options?)`.
#[wasm_bindgen(js_name = finishConnect)]
pub fn finish_connect(input: &JsValue, options: &JsValue) -> Result<CallbackObject, JsValue> {
    let mut subject = None;
    for (name, value) in fields("options", options)? {
        match &*name {
            "subject" => subject = Some(Subject::parse(&text("subject", &value)?)?),
            _ => return Err(unknown(&name).into()),
        }
    }
    let from_page = input.is_undefined();
    let input = if from_page { pending::address()? } else { callback_input(input)? };
    let query = CallbackQuery::read(&input);
    let (callback, flow) = pending::finish(&query, subject.as_ref())?;
    if from_page && !matches!(callback, Callback::None) {
        pending::clean_address()?;
    }
    let object = callback_object(&callback);
    if let (Callback::Authorized(_), Some(flow)) = (&callback, flow) {
        object.set_state(flow.state.as_str());
        object.set_subject(flow.subject.as_str());
    }
    Ok(object)
}

/// `connectButton(options)`.
#[wasm_bindgen(js_name = connectButton)]
pub fn connect_button(options: &JsValue) -> Result<String, JsValue> {
    let (mut href, mut action, mut label, mut hidden) = (None, None, None, Vec::new());
    let (mut look, mut size) = (ButtonLook::default(), ButtonSize::default());
    for (name, value) in fields("options", options)? {
        match &*name {
            "href" => href = Some(text("href", &value)?),
            "action" => action = Some(text("action", &value)?),
            "look" => look = ButtonLook::parse(&text("look", &value)?)?,
            "size" => size = ButtonSize::parse(&text("size", &value)?)?,
            "label" => label = Some(text("label", &value)?),
            "fields" => hidden = fields("fields", &value)?,
            _ => return Err(unknown(&name).into()),
        }
    }
    let mut button = match (href, action) {
        (Some(href), None) => Button::link(&href)?,
        (None, Some(action)) => Button::form(&action)?,
        (None, None) => {
            return Err(ConnectError::missing("href", "give href for a link, or action for a form").into());
        }
        (Some(_), Some(_)) => {
            return Err(ConnectError::invalid("action", "can't stand beside href: give one of them").into());
        }
    };
    button = button.look(look).size(size);
    if let Some(label) = label {
        button = button.label(&label)?;
    }
    for (name, value) in hidden {
        button = button.field(&name, &text("fields", &value)?)?;
    }
    Ok(button.to_html())
}

/// A URL or a query as text; a `URL`, a `Location` or a `URLSearchParams` as what it stands for.
fn callback_input(input: &JsValue) -> Result<String, ConnectError> {
    if let Some(text) = input.as_string() {
        return Ok(text);
    }
    if !input.is_object() {
        return Err(invalid_type("input", "must be a URL, or a query that begins with ?"));
    }
    match input.unchecked_ref::<Addressed>().href().as_string() {
        Some(href) => Ok(href),
        None => Ok(["?", &*string_of(input)].concat()),
    }
}

fn callback_object(callback: &Callback) -> CallbackObject {
    let object = CallbackObject::new();
    match callback {
        Callback::Authorized(authorized) => {
            object.set_outcome("authorized");
            object.set_code(authorized.code().as_str());
            if let Some(scope) = authorized.scope() {
                object.set_scope(scope.as_str());
            }
            return object;
        }
        Callback::Denied { verified, .. } => {
            object.set_outcome("denied");
            object.set_verified(*verified);
        }
        Callback::Failed { error, .. } => {
            object.set_outcome("failed");
            object.set_error(error);
        }
        Callback::Rejected(rejection) => {
            object.set_outcome("rejected");
            object.set_reason(rejection.as_str());
        }
        Callback::None => object.set_outcome("none"),
    }
    object.set_hint(callback.hint());
    if let Some(description) = callback.untrusted_description() {
        object.set_untrusted_description(description);
    }
    object
}
