//! A flow from the page that begins it to the page that Stripe sends the browser back to.

use super::page::{Kept, new_state, now, take_address};
use crate::front::callback::Callback;
use crate::front::callback_query::CallbackQuery;
use crate::front::pending::PendingFlows;
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::state::State;
use crate::vocabulary::subject::Subject;
use std::cell::RefCell;
use web_sys::Window;

/// Begins a flow for the signed-in user that may take `lifetime` seconds: makes its state, keeps both in the tab's
/// `sessionStorage`, and gives the authorize URL to go to, which is what `url` makes of the state.
///
/// It fails where `url` does, over a `lifetime` of other than 1 to 3600, and with
/// [`StorageUnavailable`](crate::ErrorCode::StorageUnavailable) where the browser keeps nothing.
///
/// ```no_run
/// use stripe_connect_oauth::{AuthorizeUrl, ClientId, PendingFlows, RedirectUri, Scope, Subject, web};
///
/// # fn main() -> Result<(), stripe_connect_oauth::ConnectError> {
/// # let window = web_sys::window().unwrap();
/// let client_id = ClientId::parse("ca_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb")?;
/// let subject = Subject::parse("user-42")?; // who is signed in
/// let url = web::begin(&window, &subject, PendingFlows::LIFETIME_SECONDS, |state| {
///     let mut url = AuthorizeUrl::new(&client_id, state);
///     url.redirect_uri = Some(RedirectUri::parse("https://shop.example/return", None)?);
///     url.scope = Some(Scope::ReadWrite);
///     url.build()
/// })?;
/// let _left = window.location().assign(&url);
/// # Ok(())
/// # }
/// ```
pub fn begin(
    window: &Window,
    subject: &Subject,
    lifetime: u64,
    url: impl FnOnce(&State) -> Result<String, ConnectError>,
) -> Result<String, ConnectError> {
    let lifetime = PendingFlows::check_lifetime(Some(lifetime))?;
    let state = new_state(window)?;
    let url = url(&state)?;
    let kept = Kept::open(Some(window))?;
    let mut flows = PendingFlows::kept(kept.flows()?);
    flows.begin(&state, subject, now(), lifetime);
    kept.keep(flows.as_str())?;
    Ok(url)
}

/// Finishes the flow that the page's own address tells of, and takes Stripe's answer out of the address, whatever
/// happens.
///
/// `current` is who is signed in now, where the page knows it: another user can't finish the flow. Called again with the
/// same, as when a component is made a second time, it gives the first result again, as long as the page lives.
///
/// It fails with [`StorageUnavailable`](crate::ErrorCode::StorageUnavailable) where the browser keeps nothing. All else
/// is a [`Callback`], and [`Callback::None`] where someone just opened the page.
///
/// ```no_run
/// use stripe_connect_oauth::{Callback, Subject, web};
///
/// # fn main() -> Result<(), stripe_connect_oauth::ConnectError> {
/// # let window = web_sys::window().unwrap();
/// let subject = Subject::parse("user-42")?; // who is signed in
/// let finished = web::finish(&window, Some(&subject))?;
/// match (&finished.callback, &finished.flow) {
///     (Callback::Authorized(authorized), Some(flow)) => {
///         // Post this to the worker, once.
///         let body = [authorized.code().as_str(), flow.state.as_str(), flow.subject.as_str()];
///     }
///     (other, _) => println!("{}", other.hint()),
/// }
/// # Ok(())
/// # }
/// ```
pub fn finish(window: &Window, current: Option<&Subject>) -> Result<Finished, ConnectError> {
    // First of all: a code in the address is in the history, and in what the page sends.
    let address = take_address(window);
    let kept = Kept::open(Some(window))?;
    let came = Came { window: window.clone(), current: current.cloned(), address, flows: kept.flows()?, at: now() };
    let (finished, flows) = came.finish();
    kept.keep(flows.as_str())?;
    LAST.with_borrow_mut(|last| match (&finished.callback, &last) {
        (Callback::None, Some(last)) if last.is_of(&came) => Ok(last.finish().0),
        (Callback::None, _) => Ok(finished),
        _ => {
            *last = Some(came);
            Ok(finished)
        }
    })
}

/// How a flow came back to the page.
///
/// ```no_run
/// use stripe_connect_oauth::{Callback, web::Finished};
///
/// /// Whether there is something to post to the worker.
/// fn is_to_exchange(finished: &Finished) -> bool {
///     matches!(finished.callback, Callback::Authorized(_)) && finished.flow.is_some()
/// }
/// ```
#[derive(Debug)]
pub struct Finished {
    /// What came back.
    pub callback: Callback,
    /// The flow it belongs to, of a callback that is [`Callback::Authorized`]. The state of any other may be whatever a
    /// link can hold.
    pub flow: Option<FinishedFlow>,
}

/// What the worker wants to know besides the code: the flow that it came back to.
///
/// ```no_run
/// use stripe_connect_oauth::web::FinishedFlow;
///
/// /// Whose flow it was.
/// fn whose(flow: &FinishedFlow) -> &str {
///     flow.subject.as_str()
/// }
/// ```
#[derive(Debug)]
pub struct FinishedFlow {
    /// Its state.
    pub state: State,
    /// For whom it began.
    pub subject: Subject,
}

thread_local! {
    /// What the last callback in this page's own address was read from.
    static LAST: RefCell<Option<Came>> = const { RefCell::new(None) };
}

/// All that a result is made of, so that it can be made again. A result itself is not copied, for a code is spent once.
struct Came {
    window: Window,
    current: Option<Subject>,
    address: String,
    flows: String,
    at: u64,
}

impl Came {
    /// Whether the same page asks for the same user.
    fn is_of(&self, other: &Came) -> bool {
        self.window == other.window && self.current == other.current
    }

    fn finish(&self) -> (Finished, PendingFlows) {
        let query = CallbackQuery::read(&self.address);
        let mut flows = PendingFlows::kept(self.flows.clone());
        let callback = flows.finish(&query, self.current.as_ref(), self.at);
        let is_authorized = matches!(callback, Callback::Authorized(_));
        let state = query.state().and_then(|state| State::parse(state).ok());
        let subject = flows.subject_of(&query).and_then(|subject| Subject::parse(subject).ok());
        let flow = state.zip(subject).filter(|_| is_authorized);
        let flow = flow.map(|(state, subject)| FinishedFlow { state, subject });
        (Finished { callback, flow }, flows)
    }
}
