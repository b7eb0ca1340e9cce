//! Entry `stripe-connect-oauth/edge`: the handler, with JavaScript carrying requests, fetch and the store.

use super::message::{pairs, parts};
use super::packed::{Fields, invalid_type, thrown};
use super::prefill::{Cleaned, clean};
use super::server::{Sender, send};
use crate::edge::{
    A_LIST, Claim, ClaimRecord, Config, ConfigBuilder, Connection, Digest, EventError, EventProgress, Handler,
    Host, Outcome, Problem, Start, Store, StoreError, not_filled_in,
};
use crate::front::authorize::StripeLanding;
use crate::front::prefill::Prefill;
use crate::server::{Event, Method, Request, Response, TokenScope};
use crate::texts::Language;
use crate::vocabulary::capability::Capability;
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::{AccountId, ChannelLink};
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::origin::ConnectBase;
use crate::vocabulary::scope::Scope;
use crate::vocabulary::subject::Subject;
use js_sys::{Date, Object, Reflect};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn get_random_values(bytes: &mut [u8]) -> Result<(), JsValue>;

    /// What JavaScript does for one request; made in `pkg/entries/edge.js`.
    pub type Carrier;
    #[wasm_bindgen(method, structural, catch)]
    async fn identify(this: &Carrier) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    async fn start(this: &Carrier, subject: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    async fn prefill(this: &Carrier, subject: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    async fn sleep(this: &Carrier, milliseconds: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = onEvent)]
    async fn on_event(this: &Carrier, body: &str, account: Option<String>) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn report(this: &Carrier, outcome: &str, detail: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, structural, getter, catch)]
    fn store(this: &Carrier) -> Result<StoreObject, JsValue>;

    /// The platform's store: `Store` of `stores/store.d.ts`.
    pub(crate) type StoreObject;
    #[wasm_bindgen(method, structural, catch)]
    async fn claim(this: &StoreObject, claim: &ClaimObject) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    async fn claimed(this: &StoreObject, flow: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    async fn settle(
        this: &StoreObject,
        flow: &str,
        outcome: &str,
        connection: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    async fn connections(this: &StoreObject, subject: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    async fn disconnected(this: &StoreObject, subject: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    async fn disconnect(this: &StoreObject, account_id: &str, livemode: bool, at: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = beginEvent)]
    async fn begin_event(this: &StoreObject, id: &str, now: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = finishEvent)]
    async fn finish_event(this: &StoreObject, id: &str) -> Result<JsValue, JsValue>;

    /// A claim, or its record, in a store.
    #[wasm_bindgen(extends = Object)]
    type ClaimObject;
    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> ClaimObject;
    #[wasm_bindgen(method, setter)]
    fn set_flow(this: &ClaimObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_code(this: &ClaimObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_subject(this: &ClaimObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_claimed_at(this: &ClaimObject, value: f64);

    /// A connection in a store.
    #[wasm_bindgen(extends = Object)]
    type ConnectionObject;
    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> ConnectionObject;
    #[wasm_bindgen(method, setter)]
    fn set_subject(this: &ConnectionObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_account_id(this: &ConnectionObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_livemode(this: &ConnectionObject, value: bool);
    #[wasm_bindgen(method, setter)]
    fn set_scope(this: &ConnectionObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_connected_at(this: &ConnectionObject, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_disconnected_at(this: &ConnectionObject, value: &JsValue);
    #[wasm_bindgen(method, setter)]
    fn set_refresh_token(this: &ConnectionObject, value: &JsValue);
}

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
        let config = config(options).map_err(|error| thrown(&error))?;
        Ok(EdgeCore { handler: Rc::new(Handler::new(config)) })
    }

    /// How many bytes the body of a request to `path` may have; `undefined` when the path is not the
    /// handler's.
    #[wasm_bindgen(js_name = bodyLimit)]
    pub fn body_limit(&self, path: &str) -> Option<u32> {
        self.handler.route(path).and_then(|route| route.body_limit().try_into().ok())
    }

    /// Answers a request with `[status, headers, body]`.
    pub fn handle(
        &self,
        method: &str,
        url: String,
        headers: Vec<String>,
        body: Vec<u8>,
        carrier: Carrier,
    ) -> js_sys::Promise {
        let handler = Rc::clone(&self.handler);
        let request = Request { method: Method::parse(method), url, headers: pairs(headers), body };
        wasm_bindgen_futures::future_to_promise(async move {
            let store = JsStore(carrier.store()?);
            let host = JsHost { carrier, store, flow: handler.flow() };
            Ok(match handler.handle(&request, &host).await? {
                Some(response) => parts(&response),
                None => JsValue::UNDEFINED,
            })
        })
    }
}

const OPTIONS: [&str; 22] = [
    "client_id",
    "secret_key",
    "redirect_uri",
    "redirect_uris[",
    "cookie_secrets[",
    "prefix",
    "scope",
    "stripe_landing",
    "always_prompt",
    "flow",
    "suggested_capabilities[",
    "assert_capabilities[",
    "channel_link",
    "connect_base",
    "language[",
    "platform_name",
    "return_to",
    "stylesheets[",
    "flow_lifetime",
    "deferred_accounts",
    "webhook_secrets[",
    "refresh_token_secrets[",
];

fn config(options: &str) -> Result<Config, ConnectError> {
    if Fields(options).all().any(|field| field.name == "redirect_uris" && field.is("string")) {
        return Err(invalid_type("redirect_uris", A_LIST));
    }
    let options = Fields::read(options, &OPTIONS)?;
    let text = |name: &str| Ok(options.text(name)?.map(str::to_owned));
    let texts = |name: &str, param: &str| -> Result<Vec<String>, ConnectError> {
        options.inside(name).map(|field| Ok(field.text(param)?.to_owned())).collect()
    };
    let capabilities = |name: &str, param: &str| -> Result<Vec<Capability>, ConnectError> {
        let capability = |text: &str| Capability::parse(text).map_err(|error| error.renamed(param));
        options.inside(name).map(|field| capability(field.text(param)?)).collect()
    };
    let mut read = ConfigBuilder {
        client_id: text("client_id")?.unwrap_or_default().into(),
        secret_key: text("secret_key")?.unwrap_or_default().into(),
        redirect_uri: text("redirect_uri")?.unwrap_or_default().into(),
        redirect_uris: texts("redirect_uris[", "redirect_uris")?.into_iter().map(Into::into).collect(),
        cookie_secrets: texts("cookie_secrets[", "cookie_secrets")?,
        stylesheets: texts("stylesheets[", "stylesheets")?,
        webhook_secrets: texts("webhook_secrets[", "webhook_secrets")?.into_iter().map(Into::into).collect(),
        refresh_token_secrets: texts("refresh_token_secrets[", "refresh_token_secrets")?,
        scope: options.text("scope")?.map(Scope::parse).transpose()?,
        stripe_landing: options.text("stripe_landing")?.map(StripeLanding::parse).transpose()?,
        always_prompt: options.boolean("always_prompt")?,
        flow: options.text("flow")?.map_or(Ok(Flow::Standard), Flow::parse)?,
        suggested_capabilities: capabilities("suggested_capabilities[", "suggested_capabilities")?,
        assert_capabilities: capabilities("assert_capabilities[", "assert_capabilities")?,
        channel_link: options.text("channel_link")?.map(ChannelLink::parse).transpose()?,
        language: language(options)?,
        ..ConfigBuilder::default()
    };
    if let Some(origin) = options.text("connect_base")? {
        read.base = ConnectBase::stand_in(origin)?;
    }
    for (slot, name) in [
        (&mut read.prefix, "prefix"),
        (&mut read.platform_name, "platform_name"),
        (&mut read.return_to, "return_to"),
    ] {
        if let Some(given) = text(name)? {
            *slot = given;
        }
    }
    read.deferred_accounts = options.boolean("deferred_accounts")?.unwrap_or_default();
    if let Some(seconds) = options.number("flow_lifetime")? {
        read.flow_lifetime = seconds;
    }
    read.build()
}

/// The platform's language: `lang`, `dir`, and texts by their names. What it lacks is in English.
fn language(options: Fields<'_>) -> Result<Language, ConnectError> {
    let mut language = Language::ENGLISH;
    for field in options.inside("language[") {
        let value = field.text(field.name)?;
        let name = field.name.strip_prefix("language[").and_then(|name| name.strip_suffix(']'));
        language.set(name.unwrap_or_default(), value).map_err(|error| error.renamed(field.name))?;
    }
    Ok(language)
}

/// What the platform's `start` gave, but for what it fills in: JavaScript gives that in [`Carrier::prefill`]'s place.
fn start(packed: &str) -> Result<Start, ConnectError> {
    let given = Fields::read(packed, &["redirect_uri", "scope", "stripe_landing", "always_prompt"])?;
    Ok(Start {
        redirect_uri: given.text("redirect_uri")?.map(str::to_owned),
        scope: given.text("scope")?.map(Scope::parse).transpose()?,
        stripe_landing: given.text("stripe_landing")?.map(StripeLanding::parse).transpose()?,
        always_prompt: given.boolean("always_prompt")?,
        stripe_user: None,
    })
}

struct JsHost {
    carrier: Carrier,
    store: JsStore,
    flow: Flow,
}

impl Host for JsHost {
    type Error = JsValue;
    type Store = JsStore;

    fn store(&self) -> &JsStore {
        &self.store
    }

    fn now(&self) -> u64 {
        (Date::now() / 1000.0) as u64
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), JsValue> {
        get_random_values(bytes)
    }

    async fn send(&self, request: Request) -> Option<Response> {
        send(self.carrier.unchecked_ref::<Sender>(), request).await
    }

    async fn sleep(&self, milliseconds: u32) {
        // Waking early only asks the store once more.
        let _ = self.carrier.sleep(milliseconds).await;
    }

    async fn identify(&self, _: &Request) -> Result<Option<Subject>, JsValue> {
        let subject = self.carrier.identify().await?;
        if subject.is_null() || subject.is_undefined() {
            return Ok(None);
        }
        let subject = subject.as_string().ok_or_else(|| invalid_type("subject", "must be a string"));
        Ok(Some(subject.and_then(|subject| Subject::parse(&subject)).map_err(|error| thrown(&error))?))
    }

    async fn start(&self, _: &Request, subject: &Subject) -> Result<Start, JsValue> {
        let packed = self.carrier.start(subject.as_str()).await?.as_string().unwrap_or_default();
        Ok(start(&packed).map_err(|error| thrown(&error))?)
    }

    async fn prefill(&self, subject: &Subject) -> Result<Prefill, JsValue> {
        let given = self.carrier.prefill(subject.as_str()).await;
        let packed = given.map(|packed| packed.as_string().unwrap_or_default());
        // Whatever it is, the person goes on, with what is right in the form.
        let (prefill, problem) = match &packed {
            Ok(packed) => cleaned(packed, self.flow),
            Err(error) => (Prefill::default(), not_filled_in(&message(error))),
        };
        if !problem.is_empty() {
            self.report(&Problem { outcome: Outcome::Started, detail: problem });
        }
        Ok(prefill)
    }

    async fn on_event(&self, event: &Event, body: &str) -> Result<(), EventError> {
        let account = event.account.as_ref().map(|account| account.as_str().to_owned());
        self.carrier.on_event(body, account).await.map(drop).map_err(|error| EventError(message(&error)))
    }

    fn report(&self, problem: &Problem) {
        // There is nobody left to tell.
        let _ = self.carrier.report(problem.outcome.as_str(), &problem.detail);
    }
}

/// What the platform's `prefill` gave, for the flow; and what the platform should know of it, if anything.
fn cleaned(packed: &str, flow: Flow) -> (Prefill, String) {
    match clean(packed, flow) {
        Ok(Cleaned { prefill, dropped }) => {
            (prefill, dropped.into_iter().map(|(_, what)| what).collect::<Vec<_>>().join("; "))
        }
        Err(error) => (Prefill::default(), not_filled_in(error.message())),
    }
}

struct JsStore(StoreObject);

impl Store for JsStore {
    async fn claim(&self, claim: &Claim) -> Result<Option<ClaimRecord>, StoreError> {
        let object = ClaimObject::new();
        object.set_flow(claim.flow.as_str());
        object.set_code(claim.code.as_str());
        object.set_subject(claim.subject.as_str());
        object.set_claimed_at(claim.claimed_at as f64);
        claim_record(&self.0.claim(&object).await.map_err(|error| failed(&error))?)
    }

    async fn claimed(&self, flow: &Digest) -> Result<Option<ClaimRecord>, StoreError> {
        claim_record(&self.0.claimed(flow.as_str()).await.map_err(|error| failed(&error))?)
    }

    async fn settle(
        &self,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> Result<(), StoreError> {
        let connection = connection.map_or(JsValue::NULL, |connection| connection_object(connection).into());
        self.0.settle(flow.as_str(), outcome.as_str(), &connection).await.map_err(|error| failed(&error))?;
        Ok(())
    }

    async fn connections(&self, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        connections(self.0.connections(subject.as_str()).await, subject)
    }

    async fn disconnected(&self, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        connections(self.0.disconnected(subject.as_str()).await, subject)
    }

    async fn disconnect(&self, account_id: &AccountId, livemode: Livemode, at: u64) -> Result<(), StoreError> {
        let ended = self.0.disconnect(account_id.as_str(), livemode.as_bool(), at as f64).await;
        ended.map(drop).map_err(|error| failed(&error))
    }

    async fn begin_event(&self, id: &str, now: u64) -> Result<EventProgress, StoreError> {
        let progress = self.0.begin_event(id, now as f64).await.map_err(|error| failed(&error))?;
        let progress = progress.as_string().and_then(|word| EventProgress::parse(&word));
        progress.ok_or_else(|| StoreError("beginEvent must give new, in_progress or done".to_owned()))
    }

    async fn finish_event(&self, id: &str) -> Result<(), StoreError> {
        self.0.finish_event(id).await.map(drop).map_err(|error| failed(&error))
    }
}

fn connections(rows: Result<JsValue, JsValue>, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
    let rows = rows.map_err(|error| failed(&error))?;
    let length = field(&rows, "length").filter(|_| rows.is_object()).and_then(|length| length.as_f64());
    let length = length.ok_or_else(|| StoreError("it gave back no list of connections".to_owned()))?;
    let row = |at| Reflect::get_u32(&rows, at).ok();
    let read = |at| row(at).and_then(|row| connection(&row, subject)).ok_or_else(|| odd("connection"));
    (0..length as u32).map(read).collect()
}

/// A field of an object that the platform's own code made: looking at it may throw.
fn field(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok()
}

fn connection_object(connection: &Connection) -> ConnectionObject {
    let object = ConnectionObject::new();
    object.set_subject(connection.subject.as_str());
    object.set_account_id(connection.account_id.as_str());
    object.set_livemode(connection.livemode.as_bool());
    object.set_scope(connection.scope.as_str());
    object.set_connected_at(connection.connected_at as f64);
    object.set_disconnected_at(&connection.disconnected_at.map_or(JsValue::NULL, |at| (at as f64).into()));
    object.set_refresh_token(&connection.refresh_token.as_deref().map_or(JsValue::NULL, JsValue::from));
    object
}

/// A row of the store's; a database without booleans has 0 and 1.
fn connection(row: &JsValue, subject: &Subject) -> Option<Connection> {
    let field = |name| field(row, name);
    let livemode = field("livemode")?;
    Some(Connection {
        subject: subject.clone(),
        account_id: AccountId::parse(&field("account_id")?.as_string()?).ok()?,
        livemode: Livemode::from(livemode.as_bool().or(livemode.as_f64().map(|number| number != 0.0))?),
        scope: TokenScope::parse(&field("scope")?.as_string()?)?,
        connected_at: field("connected_at")?.as_f64()? as u64,
        disconnected_at: field("disconnected_at")?.as_f64().map(|at| at as u64),
        refresh_token: field("refresh_token")?.as_string(),
    })
}

fn claim_record(row: &JsValue) -> Result<Option<ClaimRecord>, StoreError> {
    if row.is_null() || row.is_undefined() {
        return Ok(None);
    }
    let field = |name| field(row, name);
    let read = || {
        let claim = Claim {
            flow: Digest::kept(field("flow")?.as_string()?),
            code: Digest::kept(field("code")?.as_string()?),
            subject: Subject::parse(&field("subject")?.as_string()?).ok()?,
            claimed_at: field("claimed_at")?.as_f64()? as u64,
        };
        Some(ClaimRecord { claim, outcome: field("outcome")?.as_string().and_then(|name| Outcome::parse(&name)) })
    };
    read().map(Some).ok_or_else(|| odd("claim"))
}

fn odd(what: &str) -> StoreError {
    StoreError(format!("it gave back a {what} without all of its fields"))
}

/// What a rejected promise of the store's says.
fn failed(error: &JsValue) -> StoreError {
    StoreError(message(error))
}

/// What an error of the platform's own code says, from whatever realm it is. Some say it in their code alone.
fn message(error: &JsValue) -> String {
    let text = |name| field(error, name)?.as_string().filter(|text| !text.is_empty());
    text("message").or_else(|| text("code")).unwrap_or_else(|| "it rejected without an Error".to_owned())
}
