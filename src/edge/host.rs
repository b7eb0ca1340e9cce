//! [`Host`]: everything the handler can't do itself.

use super::outcome::Outcome;
use super::store::Store;
use super::threads::{MaybeSend, MaybeSync};
use crate::front::authorize::StripeLanding;
use crate::front::prefill::Prefill;
use crate::server::{Event, Request, Response};
use crate::vocabulary::scope::Scope;
use crate::vocabulary::subject::Subject;
use std::fmt;

/// Time, randomness, the network, the store, and who is signed in. A worker, a native server and the
/// tests each implement it once.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use stripe_connect_oauth::Subject;
/// use stripe_connect_oauth::edge::{Host, MemoryStore, Problem};
/// use stripe_connect_oauth::server::{Request, Response};
///
/// struct Shop {
///     store: MemoryStore,
/// }
///
/// impl Host for Shop {
///     type Error = std::io::Error;
///     type Store = MemoryStore;
///
///     fn store(&self) -> &MemoryStore {
///         &self.store
///     }
///
///     fn now(&self) -> u64 {
///         SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_secs())
///     }
///
///     fn fill_random(&self, bytes: &mut [u8]) -> Result<(), std::io::Error> {
///         use std::io::Read;
///         std::fs::File::open("/dev/urandom")?.read_exact(bytes)
///     }
///
///     async fn send(&self, request: Request) -> Option<Response> {
///         client::send(request).await // follows no redirect, retries nothing, gives up after some seconds
///     }
///
///     async fn sleep(&self, milliseconds: u32) {
///         client::sleep(Duration::from_millis(milliseconds.into())).await;
///     }
///
///     async fn identify(&self, request: &Request) -> Result<Option<Subject>, std::io::Error> {
///         Ok(request.header("cookie").and_then(sessions::user)) // the platform's own
///     }
///
///     fn report(&self, problem: &Problem) {
///         eprintln!("{problem}");
///     }
/// }
/// # mod client {
/// #     use stripe_connect_oauth::server::{Request, Response};
/// #     pub(crate) async fn send(_: Request) -> Option<Response> { None }
/// #     pub(crate) async fn sleep(_: std::time::Duration) {}
/// # }
/// # mod sessions {
/// #     pub(crate) fn user(_: &str) -> Option<stripe_connect_oauth::Subject> { None }
/// # }
/// ```
pub trait Host: MaybeSync {
    /// A mistake of the host's own, such as `identify` throwing. The handler passes it on untouched.
    type Error: MaybeSend;
    /// Where claims and connections are kept.
    type Store: Store;

    /// The store.
    fn store(&self) -> &Self::Store;

    /// Unix time in seconds.
    fn now(&self) -> u64;

    /// Fills `bytes` from a cryptographic source.
    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Self::Error>;

    /// Sends a request to Stripe and waits for the answer; `None` when none came in time. It must not
    /// follow redirects (the secret key would go along) and must not retry (a code is sent once).
    fn send(&self, request: Request) -> impl Future<Output = Option<Response>> + MaybeSend;

    /// Waits.
    fn sleep(&self, milliseconds: u32) -> impl Future<Output = ()> + MaybeSend;

    /// Who is signed in at the platform, from the request's own session; `None` for nobody.
    fn identify(&self, request: &Request)
    -> impl Future<Output = Result<Option<Subject>, Self::Error>> + MaybeSend;

    /// What this start has of its own: where its user is sent back to, which page of Stripe's they see first, and the
    /// like. Default: everything is as it was configured.
    fn start(
        &self,
        request: &Request,
        subject: &Subject,
    ) -> impl Future<Output = Result<Start, Self::Error>> + MaybeSend {
        let _ = (request, subject);
        async { Ok(Start::default()) }
    }

    /// What to fill in on Stripe's form for this user, unless [`Host::start`] says it. [`Prefill::clean`] makes it of
    /// what people typed.
    fn prefill(&self, subject: &Subject) -> impl Future<Output = Result<Prefill, Self::Error>> + MaybeSend {
        let _ = subject;
        async { Ok(Prefill::default()) }
    }

    /// Hears of a webhook event that Stripe signed, of the key's mode, after the handler's own clean-up. `body`
    /// is the event as Stripe wrote it, in JSON. After an error Stripe is asked to send the event again; it
    /// does so for three days. It may come here more than once: when this takes longer than 60 seconds, or
    /// when the store fails right after it.
    fn on_event(&self, event: &Event, body: &str) -> impl Future<Output = Result<(), EventError>> + MaybeSend {
        let _ = (event, body);
        async { Ok(()) }
    }

    /// Hears of what the platform's developers should know. It holds no secret, code or state.
    fn report(&self, problem: &Problem);
}

/// What one start has of its own. `None` is as it was configured.
///
/// ```
/// use stripe_connect_oauth::StripeLanding;
/// use stripe_connect_oauth::edge::Start;
///
/// // Someone who is known to have a Stripe account logs in to it, rather than being asked to make one.
/// let start = Start { stripe_landing: Some(StripeLanding::Login), ..Start::default() };
/// ```
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// Where Stripe sends the browser back: one of
    /// [`ConfigBuilder::redirect_uris`](super::ConfigBuilder::redirect_uris), character for character.
    pub redirect_uri: Option<String>,
    /// What to ask for. Standard only.
    pub scope: Option<Scope>,
    /// The page Stripe shows first. Standard only.
    pub stripe_landing: Option<StripeLanding>,
    /// Whether Stripe asks again when the account is already connected. Standard only.
    pub always_prompt: Option<bool>,
    /// What to fill in on the form for a new account. [`Host::prefill`] is not asked then.
    pub stripe_user: Option<Prefill>,
}

/// The platform's own hook did not do what it should with an event. The message goes to [`Host::report`].
///
/// ```
/// use stripe_connect_oauth::edge::EventError;
/// use stripe_connect_oauth::server::{Event, EventKind};
///
/// /// What `Host::on_event` may do.
/// fn on_event(event: &Event, mail: impl Fn(&str) -> std::io::Result<()>) -> Result<(), EventError> {
///     match &event.kind {
///         EventKind::Deauthorized { .. } => mail("one left").map_err(|error| EventError(error.to_string())),
///         _ => Ok(()),
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventError(pub String);

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the hook failed: {}", self.0)
    }
}

impl std::error::Error for EventError {}

/// Something that went wrong behind a page a person saw.
///
/// ```
/// use stripe_connect_oauth::edge::{Outcome, Problem};
///
/// let problem = Problem { outcome: Outcome::Started, detail: "the form was not filled in".to_owned() };
/// assert_eq!(problem.to_string(), "started: the form was not filled in");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What the person was told; [`Outcome::Started`] when nothing, and the person went on to Stripe.
    pub outcome: Outcome,
    /// What a developer should know: Stripe's error with its request id and a hint, or the store's.
    pub detail: String,
}

/// What to report of a start whose form stays empty.
pub(crate) fn not_filled_in(why: &str) -> String {
    ["the form was not filled in: ", why].concat()
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.outcome.as_str(), self.detail)
    }
}
