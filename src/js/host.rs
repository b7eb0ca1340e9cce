//! What the handler can't do itself, done by JavaScript: the [`Host`] and, in `store.rs`, its store.

use super::packed::{Fields, invalid_type};
use super::prefill::{Cleaned, clean};
use super::transport::{Transport, fill_random};
use crate::edge::{EventError, Host, Outcome, Problem, Start, not_filled_in};
use crate::front::authorize::StripeLanding;
use crate::front::prefill::Prefill;
use crate::server::{Event, Request, Response};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::scope::Scope;
use crate::vocabulary::subject::Subject;
use js_sys::{Date, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// All that JavaScript does for one request to the handler; made by `edgeHost` in `pkg/shared/host.js`. What
    /// the platform's hooks give comes as `pack` writes it.
    #[wasm_bindgen(extends = Transport)]
    pub type EdgeHost;
    /// The first bytes of the request's body, one more than `limit` at most; nothing when they don't come in time.
    #[wasm_bindgen(method, structural, catch)]
    async fn body(this: &EdgeHost, limit: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    async fn identify(this: &EdgeHost) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    async fn start(this: &EdgeHost, subject: &str) -> Result<JsValue, JsValue>;
    /// Rejects with what its error says, as the next ones do.
    #[wasm_bindgen(method, structural, catch)]
    async fn prefill(this: &EdgeHost, subject: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = onEvent)]
    async fn on_event(this: &EdgeHost, body: &str, account: Option<String>) -> Result<JsValue, JsValue>;
    /// Calls a method of the platform's store with a JSON list of arguments. Resolves to its answer as JSON, or to
    /// nothing.
    #[wasm_bindgen(method, structural, catch)]
    pub(crate) async fn store(this: &EdgeHost, method: &str, arguments: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn report(this: &EdgeHost, outcome: &str, detail: &str) -> Result<(), JsValue>;
}

/// The host of one request.
pub(crate) struct JsHost {
    pub(crate) js: EdgeHost,
    pub(crate) flow: Flow,
}

/// Why a request has no answer.
pub(crate) enum HostError {
    /// The platform's own code threw this. It is passed on, the very same.
    Thrown(JsValue),
    /// The platform's own code gave what can't be.
    Refused(ConnectError),
}

impl From<JsValue> for HostError {
    fn from(thrown: JsValue) -> HostError {
        HostError::Thrown(thrown)
    }
}

impl From<ConnectError> for HostError {
    fn from(error: ConnectError) -> HostError {
        HostError::Refused(error)
    }
}

impl JsHost {
    /// The bytes of the request's body, or enough of them to see that there are more than `limit`; `None` when they
    /// don't come in time.
    pub(crate) async fn body(&self, limit: usize) -> Result<Option<Vec<u8>>, HostError> {
        let bytes = self.js.body(limit.try_into().unwrap_or(u32::MAX)).await?;
        if bytes.is_undefined() {
            return Ok(None);
        }
        Ok(Some(bytes.dyn_into::<Uint8Array>()?.to_vec()))
    }
}

impl Host for JsHost {
    type Error = HostError;
    type Store = JsHost;

    fn store(&self) -> &JsHost {
        self
    }

    fn now(&self) -> u64 {
        (Date::now() / 1000.0) as u64
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), HostError> {
        Ok(fill_random(bytes)?)
    }

    async fn send(&self, request: Request) -> Option<Response> {
        self.js.send(&request).await.ok()
    }

    async fn sleep(&self, milliseconds: u32) {
        // Waking early only asks the store once more.
        let _ = self.js.sleep(milliseconds).await;
    }

    async fn identify(&self, _: &Request) -> Result<Option<Subject>, HostError> {
        let packed = text(&self.js.identify().await?);
        let Some(given) = Fields(&packed).all().next() else { return Ok(None) };
        if !given.is("string") {
            let article = if given.kind().starts_with(['i', 'o']) { "an " } else { "a " };
            let what = ["must give a text, or null for nobody: it gave ", article, given.kind()].concat();
            return Err(invalid_type("identify", &what).into());
        }
        let subject =
            Subject::parse(given.value).map_err(|error| error.of_what("identify", "gave a subject that "))?;
        Ok(Some(subject))
    }

    async fn start(&self, _: &Request, subject: &Subject) -> Result<Start, HostError> {
        let packed = text(&self.js.start(subject.as_str()).await?);
        // What is no object has no fields that an error could name.
        let of_start = |error: ConnectError| match error.param() {
            "options" => invalid_type("start", "must give an object, or nothing"),
            _ => error,
        };
        let given = Fields::read(&packed, "redirect_uri scope stripe_landing always_prompt?").map_err(of_start)?;
        Ok(Start {
            redirect_uri: given.value("redirect_uri").map(str::to_owned),
            scope: given.value("scope").map(Scope::parse).transpose()?,
            stripe_landing: given.value("stripe_landing").map(StripeLanding::parse).transpose()?,
            always_prompt: given.boolean("always_prompt"),
            // JavaScript gives it as `prefill`, where a mistake costs nobody the way.
            stripe_user: None,
        })
    }

    async fn prefill(&self, subject: &Subject) -> Result<Prefill, HostError> {
        // Whatever it is, the person goes on, with what is right in the form.
        let (prefill, problem) = match self.js.prefill(subject.as_str()).await {
            Ok(packed) => cleaned(&text(&packed), self.flow),
            Err(said) => (Prefill::default(), not_filled_in(&text(&said))),
        };
        if !problem.is_empty() {
            Host::report(self, &Problem { outcome: Outcome::Started, detail: problem });
        }
        Ok(prefill)
    }

    async fn on_event(&self, event: &Event, body: &str) -> Result<(), EventError> {
        let account = event.account.as_ref().map(|account| account.as_str().to_owned());
        self.js.on_event(body, account).await.map(drop).map_err(|said| EventError(text(&said)))
    }

    fn report(&self, problem: &Problem) {
        // There is nobody left to tell.
        let _ = self.js.report(problem.outcome.as_str(), &problem.detail);
    }
}

/// What `pkg/shared/host.js` has made a text of.
pub(crate) fn text(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
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
