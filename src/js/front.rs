//! Entry `stripe-connect-oauth`: the front channel for any JavaScript host. Texts in, texts out.

use super::packed::{Answer, Field, Fields};
use super::prefill::field_of;
use crate::front::authorize::{Draft, StripeLanding, check_response_type};
use crate::front::button::{Button, ButtonLook, ButtonSize};
use crate::front::callback::Callback;
use crate::front::callback_query::{CallbackQuery, parse_callback};
use crate::front::pending::PendingFlows;
use crate::front::platform::choose_redirect_uri;
use crate::vocabulary::capability::Capability;
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::{ChannelLink, ClientId};
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::origin::ConnectBase;
use crate::vocabulary::scope::Scope;
use crate::vocabulary::state::State;
use crate::vocabulary::subject::Subject;
use crate::vocabulary::text::{cut, number, pieces};
#[cfg(not(feature = "bindings"))]
use wasm_bindgen::prelude::*;

/// The parameters, marked as [`Fields::read`] wants them.
const PARAMS: &str = "client_id state redirect_uri response_type scope stripe_landing always_prompt? \
                      suggested_capabilities[ stripe_user{";
/// `authorizeUrl` takes all but the first two.
const OPTIONS: &str = "subject flow_lifetime# flow livemode? redirect_uris[ connect_base channel_link";

/// The one door to the front channel. After the call's name stands what JavaScript brings of its own: the time in
/// Unix seconds, 32 bytes from `crypto.getRandomValues` in base64url, and the flows kept so far, each with a NUL
/// before it. One door, because every exported function weighs as much as the work it does.
/// `bindings` exports functions instead, which go through it.
#[cfg_attr(not(feature = "bindings"), wasm_bindgen)]
pub fn call(first: &str, second: &str, name: &str) -> String {
    let (name, given) = cut(name, 0).unwrap_or((name, ""));
    let mut answer = Answer::default();
    let done = match name {
        "authorizeUrl" => authorize_url(first, second, &mut answer),
        "newState" => new_state(given, &mut answer),
        "parseCallback" => parse(first, second, &mut answer),
        "beginConnect" => begin_connect(first, second, given, &mut answer),
        "finishConnect" => finish_connect(first, second, given, &mut answer),
        _ => connect_button(first, &mut answer),
    };
    answer.finish(done)
}

fn authorize_url(params: &str, options: &str, answer: &mut Answer) -> Result<(), ConnectError> {
    let options = Fields::read(options, OPTIONS.strip_prefix("subject flow_lifetime# ").unwrap_or_default())?;
    let params = Fields::read(params, PARAMS)?;
    let state = params.value("state").unwrap_or_default();
    State::check(state)?;
    add_url(params, options, state, answer)
}

fn new_state(given: &str, answer: &mut Answer) -> Result<(), ConnectError> {
    State::check(given)?;
    answer.add(given);
    Ok(())
}

fn parse(input: &str, options: &str, answer: &mut Answer) -> Result<(), ConnectError> {
    let options = Fields::read(options, "state")?;
    let state = State::parse(options.value("state").unwrap_or_default())?;
    describe(&parse_callback(input, &state), answer);
    Ok(())
}

/// Answers with state, URL, and the flows to keep.
fn begin_connect(params: &str, options: &str, given: &str, answer: &mut Answer) -> Result<(), ConnectError> {
    let options = Fields::read(options, OPTIONS)?;
    let subject = Subject::parse(options.value("subject").unwrap_or_default())?;
    let params = Fields::read(params, PARAMS)?;
    if params.value("state").is_some() {
        return Err(ConnectError::invalid("state", "is made and kept by beginConnect: leave it out"));
    }
    let lifetime = options.value("flow_lifetime").map_or(Some(PendingFlows::LIFETIME_SECONDS), number);
    let lifetime = PendingFlows::check_lifetime(lifetime)?;
    let (now, random, mut flows) = read_given(given);
    let state = State::parse(random)?;
    answer.add(state.as_str());
    add_url(params, options, state.as_str(), answer)?;
    flows.begin(&state, &subject, now, lifetime);
    answer.add(flows.as_str());
    Ok(())
}

/// Answers with the callback, its flow's state and subject, and the flows to keep.
fn finish_connect(input: &str, options: &str, given: &str, answer: &mut Answer) -> Result<(), ConnectError> {
    let options = Fields::read(options, "subject")?;
    let subject = options.value("subject").map(Subject::parse).transpose()?;
    let query = CallbackQuery::read(input);
    let (now, _, mut flows) = read_given(given);
    let callback = flows.finish(&query, subject.as_ref(), now);
    describe(&callback, answer);
    // Only the state of a finished flow is repeated: any other may hold whatever a link can.
    if let (Callback::Authorized(_), Some(subject)) = (&callback, flows.subject_of(&query)) {
        answer.add_field("state", query.state().unwrap_or_default());
        answer.add_field("subject", subject);
    }
    answer.add(flows.as_str());
    Ok(())
}

fn read_given(given: &str) -> (u64, &str, PendingFlows) {
    let mut parts = pieces(given, 0);
    let mut next = || parts.next().unwrap_or_default();
    (number(next()).unwrap_or_default(), next(), PendingFlows::kept(next().to_owned()))
}

fn connect_button(options: &str, answer: &mut Answer) -> Result<(), ConnectError> {
    let options = Fields::read(options, "href action look size label")?;
    let mut button = match (options.value("href"), options.value("action")) {
        (Some(href), None) => Button::link(href)?,
        (None, Some(action)) => Button::form(action)?,
        (None, None) => return Err(ConnectError::missing("href", "give href for a link, or action for a form")),
        (Some(_), Some(_)) => {
            return Err(ConnectError::invalid("action", "can't stand beside href: give one of them"));
        }
    };
    if let Some(look) = options.value("look") {
        button.look = ButtonLook::parse(look)?;
    }
    if let Some(size) = options.value("size") {
        button.size = ButtonSize::parse(size)?;
    }
    if let Some(label) = options.value("label") {
        button.set_label(label)?;
    }
    answer.add(&button.to_html());
    Ok(())
}

fn add_url(params: Fields<'_>, options: Fields<'_>, state: &str, answer: &mut Answer) -> Result<(), ConnectError> {
    let mut url = Draft::new(options.value("flow").map_or(Ok(Flow::Standard), Flow::parse)?);
    write_url(params, options, state, &mut url)?;
    answer.add(&url.url);
    Ok(())
}

fn write_url(params: Fields<'_>, options: Fields<'_>, state: &str, url: &mut Draft) -> Result<(), ConnectError> {
    let client_id = params.value("client_id").unwrap_or_default();
    ClientId::check(client_id)?;
    let stand_in = match options.value("connect_base") {
        Some(origin) => ConnectBase::read(origin)?,
        None => None,
    };
    let link = options.value("channel_link");
    if let Some(link) = link {
        ChannelLink::check(link)?;
    }
    url.begin(stand_in, link, client_id)?;
    let livemode = options.value("livemode").map(|livemode| Livemode::from(livemode == "true"));
    let registered = options.inside("redirect_uris[").map(|field| field.value);
    if options.value("redirect_uris").is_some() && options.inside("redirect_uris[").next().is_none() {
        return Err(ConnectError::invalid("redirect_uris", "must list a URI"));
    }
    if let Some(redirect_uri) = choose_redirect_uri(params.value("redirect_uri"), registered, livemode)? {
        url.add("redirect_uri", redirect_uri)?;
    }
    url.add("state", state)?;
    for given in params.all() {
        add_given(given, params, url)?;
    }
    Ok(())
}

/// Adds one of the parameters, but those that `write_url` adds, and checks it: one that the flow does not have is that
/// first of all.
fn add_given(given: Field<'_>, params: Fields<'_>, url: &mut Draft) -> Result<(), ConnectError> {
    match given.name {
        "client_id" | "redirect_uri" | "state" | "suggested_capabilities" | "stripe_user" => return Ok(()),
        "response_type" => return check_response_type(url.flow, given.value),
        _ => url.add(given.name, given.value)?,
    }
    match given.name {
        "scope" => Scope::parse(given.value).map(drop),
        "stripe_landing" => StripeLanding::parse(given.value).map(drop),
        "always_prompt" => Ok(()),
        name if name.starts_with("stripe_user[") => {
            let field = field_of(given)?;
            field.check(given.value)?;
            field.check_in(url.flow, given.value, &|needed| params.value(needed.as_str()))
        }
        // The only other names that `PARAMS` lets through.
        _ => Capability::parse(given.value).map(drop),
    }
}

/// A callback as names and values, which are the fields of the JavaScript object.
fn describe(callback: &Callback, answer: &mut Answer) {
    let mut outcome = |outcome| answer.add_field("outcome", outcome);
    match callback {
        Callback::Authorized(authorized) => {
            outcome("authorized");
            answer.add_field("code", authorized.code().as_str());
            answer.add_field("scope", authorized.scope().map_or("", Scope::as_str));
        }
        Callback::Denied { verified, .. } => {
            outcome("denied");
            answer.add_field("verified", if *verified { "true" } else { "" });
        }
        Callback::Failed { error, .. } => {
            outcome("failed");
            answer.add_field("error", error);
        }
        Callback::Rejected(rejection) => {
            outcome("rejected");
            answer.add_field("reason", rejection.as_str());
        }
        Callback::None => outcome("none"),
    }
    answer.add_field("hint", callback.hint());
    answer.add_field("untrusted_description", callback.untrusted_description().unwrap_or_default());
}
