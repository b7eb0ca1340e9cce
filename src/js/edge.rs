//! Entry `stripe-connect-oauth/edge`: the handler, for which JavaScript does what it can't do itself (`host.rs`).

use super::host::{EdgeHost, HostError, JsHost};
use super::message::{read_head, write_response};
use super::packed::{Answer, Field, Fields, NOT_TEXT, invalid_type, refusal};
use crate::edge::{A_LIST, Config, ConfigBuilder, Handler, Leaving, WhenDone};
use crate::front::authorize::StripeLanding;
use crate::server::Method;
use crate::texts::Language;
use crate::vocabulary::capability::Capability;
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::ChannelLink;
use crate::vocabulary::origin::ConnectBase;
use crate::vocabulary::scope::Scope;
use crate::vocabulary::subject::Subject;
use js_sys::Promise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// The handler behind `createConnect`: one for the life of the worker, never handed to users.
#[wasm_bindgen]
#[derive(Debug)]
pub struct EdgeCore {
    handler: Rc<Handler>,
}

#[wasm_bindgen]
impl EdgeCore {
    /// Reads and checks the packed options.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<EdgeCore, JsValue> {
        let config = config(options).map_err(|error| refusal(&error))?;
        Ok(EdgeCore { handler: Rc::new(Handler::new(config)) })
    }

    /// Answers a request, of which method, URL and headers come with the call. `undefined` at once when its path is
    /// not ours; else a promise of the packed response, or of an error in its place. It rejects only with what the
    /// platform's own code threw.
    pub fn handle(&self, head: &str, host: EdgeHost) -> Option<Promise> {
        let mut request = read_head(head)?;
        let handler = Rc::clone(&self.handler);
        let host = JsHost { js: host, flow: handler.flow() };
        let Some(route) = handler.route(request.path()) else {
            handler.pass_by(&request, &host);
            return None;
        };
        let answering = async move {
            if request.method == Method::Post {
                let Some(body) = host.body(route.body_limit()).await? else { return Ok(Handler::not_in_time()) };
                request.body = body;
            }
            handler.answer(route, &request, &host).await
        };
        Some(promise(async { Ok(["\0", &write_response(&answering.await?)].concat()) }))
    }

    /// Ends all connections of a subject, and deletes what is kept of it if `erases`: a promise of the outcome, and of
    /// each account with its own.
    pub fn leave(&self, subject: &str, erases: bool, host: EdgeHost) -> Promise {
        let subject = Fields::read(subject, "subject").and_then(|packed| Subject::parse(packed.text("subject")));
        let handler = Rc::clone(&self.handler);
        let host = JsHost { js: host, flow: handler.flow() };
        promise(async move {
            let subject = subject?;
            let leaving = match erases {
                true => handler.erase(&subject, &host).await?,
                false => handler.disconnect_all(&subject, &host).await?,
            };
            Ok(packed(&leaving))
        })
    }
}

/// A promise of a packed answer, or of an error in its place. It rejects only with what the platform's own code threw.
fn promise(answering: impl Future<Output = Result<String, HostError>> + 'static) -> Promise {
    future_to_promise(async {
        match answering.await {
            Ok(answer) => Ok(answer.into()),
            Err(HostError::Refused(error)) => Ok(refusal(&error).into()),
            Err(HostError::Thrown(thrown)) => Err(thrown),
        }
    })
}

fn packed(leaving: &Leaving) -> String {
    let mut answer = Answer::default();
    answer.add(leaving.outcome.as_str());
    for (account, outcome) in &leaving.accounts {
        answer.add(account.as_str());
        answer.add(outcome.as_str());
    }
    answer.finish(Ok(()))
}

const OPTIONS: &str = "client_id secret_key redirect_uri redirect_uris[ cookie_secrets[ prefix scope \
                       stripe_landing always_prompt? flow suggested_capabilities[ assert_capabilities[ channel_link \
                       connect_base language{ platform_name return_to when_done sign_in_url stylesheets[ flow_lifetime# \
                       page_style? deferred_accounts? webhook_secrets[ refresh_token_secrets[ identify! start! prefill! \
                       onEvent! report! fetch! store!";

fn config(options: &str) -> Result<Config, ConnectError> {
    let is_pasted =
        |field: Field<'_>| field.name == "redirect_uris" && field.is("string") && field.value.contains(',');
    if Fields(options).all().any(is_pasted) {
        return Err(invalid_type("redirect_uris", A_LIST));
    }
    let options = Fields::read(options, OPTIONS)?;
    let flow = options.value("flow").map_or(Ok(Flow::Standard), Flow::parse)?;
    // Where the flow has none, no value of it is right.
    let of_another_flow = |name: &&str| flow != Flow::Standard && options.value(name).is_some();
    if let Some(name) = ["scope", "stripe_landing"].into_iter().find(of_another_flow) {
        return Err(flow.has_no(name));
    }
    let texts = |name| options.texts(name).map(str::to_owned).collect();
    let capabilities = |param: &str, name| -> Result<Vec<Capability>, ConnectError> {
        let capability = |text| Capability::parse(text).map_err(|error| error.renamed(param));
        options.texts(name).map(capability).collect()
    };
    let mut read = ConfigBuilder {
        client_id: options.text("client_id").into(),
        secret_key: options.text("secret_key").into(),
        redirect_uri: options.text("redirect_uri").into(),
        redirect_uris: options.texts("redirect_uris[").map(Into::into).collect(),
        cookie_secrets: texts("cookie_secrets["),
        stylesheets: texts("stylesheets["),
        webhook_secrets: options.texts("webhook_secrets[").map(Into::into).collect(),
        refresh_token_secrets: texts("refresh_token_secrets["),
        scope: options.value("scope").map(Scope::parse).transpose()?,
        stripe_landing: options.value("stripe_landing").map(StripeLanding::parse).transpose()?,
        always_prompt: options.boolean("always_prompt"),
        flow,
        suggested_capabilities: capabilities("suggested_capabilities", "suggested_capabilities[")?,
        assert_capabilities: capabilities("assert_capabilities", "assert_capabilities[")?,
        channel_link: options.value("channel_link").map(ChannelLink::parse).transpose()?,
        when_done: options.value("when_done").map_or(Ok(WhenDone::Page), WhenDone::parse)?,
        language: language(options)?,
        page_style: options.boolean("page_style").unwrap_or_default(),
        deferred_accounts: options.boolean("deferred_accounts").unwrap_or_default(),
        ..ConfigBuilder::default()
    };
    if let Some(origin) = options.value("connect_base") {
        read.base = ConnectBase::stand_in(origin)?;
    }
    for (slot, name) in [
        (&mut read.prefix, "prefix"),
        (&mut read.platform_name, "platform_name"),
        (&mut read.return_to, "return_to"),
        (&mut read.sign_in_url, "sign_in_url"),
    ] {
        if let Some(given) = options.value(name) {
            *slot = given.to_owned();
        }
    }
    if let Some(seconds) = options.number("flow_lifetime") {
        read.flow_lifetime = seconds;
    }
    read.build()
}

/// The platform's language: `lang`, `dir`, and texts by their names. What it lacks is in English.
fn language(options: Fields<'_>) -> Result<Language, ConnectError> {
    let mut language = Language::ENGLISH;
    for field in options.inside("language[") {
        if !field.is("string") {
            return Err(invalid_type(field.name, NOT_TEXT));
        }
        let name = field.name.strip_prefix("language[").and_then(|name| name.strip_suffix(']'));
        language.set(name.unwrap_or_default(), field.value).map_err(|error| error.renamed(field.name))?;
    }
    Ok(language)
}
