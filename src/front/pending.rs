//! [`PendingFlows`]: what a page keeps between leaving for Stripe and coming back.

use super::callback::{Callback, Rejection};
use super::callback_query::CallbackQuery;
#[cfg(any(feature = "js-front", feature = "web"))]
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::state::{State, same_secret};
use crate::vocabulary::subject::Subject;
use crate::vocabulary::text::{cut, decimal, join, number, pieces};
use std::fmt;

/// How many flows a tab keeps; the oldest makes room.
const MAX_FLOWS: usize = 5;

/// The flows under way in one tab, kept as text in `sessionStorage`: one line a flow, single use,
/// expiring after at most 60 minutes.
///
/// ```
/// use stripe_connect_oauth::{Callback, CallbackQuery, PendingFlows, State, Subject};
///
/// let state = State::from_random([7; 32]);
/// let query = CallbackQuery::read(&format!("?code=ac_123&state={}", state.as_str()));
///
/// let mut flows = PendingFlows::kept(String::new());
/// flows.begin(&state, &Subject::parse("user-1")?, 1_700_000_000, PendingFlows::LIFETIME_SECONDS);
///
/// let callback = flows.finish(&query, None, 1_700_000_060);
/// assert!(matches!(callback, Callback::Authorized(_)));
/// assert_eq!(flows.subject_of(&query), Some("user-1"));
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub struct PendingFlows(String);

/// A flow that began in this tab. Its line has the four with spaces between; only the last may hold one.
#[derive(Clone, Copy)]
struct Flow<'a> {
    /// In Unix seconds; always a number.
    expires_at: &'a str,
    state: &'a str,
    /// The code it ended with, else empty. The same callback again, as after a reload, has the same result;
    /// another code has none.
    code: &'a str,
    subject: &'a str,
}

impl<'a> Flow<'a> {
    fn read(line: &'a str) -> Option<Flow<'a>> {
        let (expires_at, rest) = cut(line, b' ')?;
        let (state, rest) = cut(rest, b' ')?;
        let (code, subject) = cut(rest, b' ')?;
        number(expires_at)?;
        Some(Flow { expires_at, state, code, subject })
    }

    fn is_over(self, now: u64) -> bool {
        number(self.expires_at).is_none_or(|expires_at| now >= expires_at)
    }

    fn write(self, text: &mut String) {
        text.push_str(&join(&[self.expires_at, " ", self.state, " ", self.code, " ", self.subject, "\n"]));
    }
}

impl fmt::Debug for PendingFlows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingFlows([redacted])")
    }
}

impl PendingFlows {
    /// How long a flow may take, and how long it takes by default: making a Stripe account takes time.
    pub const LIFETIME_SECONDS: u64 = 3600;

    /// How long a flow may take, where that is said.
    #[cfg(any(feature = "js-front", feature = "web"))]
    pub(crate) fn check_lifetime(seconds: Option<u64>) -> Result<u64, ConnectError> {
        match seconds {
            Some(seconds @ 1..=Self::LIFETIME_SECONDS) => Ok(seconds),
            _ => Err(ConnectError::invalid("flow_lifetime", "must be 1 to 3600 seconds")),
        }
    }

    /// Takes back what [`PendingFlows::as_str`] gave. A line that is not a flow is passed over.
    pub fn kept(text: String) -> PendingFlows {
        PendingFlows(text)
    }

    /// The flows as text to keep.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn flows(&self) -> impl Iterator<Item = Flow<'_>> {
        pieces(&self.0, b'\n').filter_map(Flow::read)
    }

    fn find(&self, query: &CallbackQuery) -> Option<Flow<'_>> {
        let candidate = query.state()?;
        self.flows().find(|flow| same_secret(flow.state, candidate))
    }

    /// Begins a flow at `now`, in Unix seconds, that may take `lifetime` seconds, and no more than
    /// [`PendingFlows::LIFETIME_SECONDS`]; lets go of those that expired or are too many.
    pub fn begin(&mut self, state: &State, subject: &Subject, now: u64, lifetime: u64) {
        let expires_at = decimal(now.saturating_add(lifetime.min(Self::LIFETIME_SECONDS)));
        let (state, subject) = (state.as_str(), subject.as_str());
        self.rewrite(now, state, Some(Flow { expires_at: &expires_at, state, code: "", subject }));
    }

    /// Puts `flow` in the place of the one with this state; keeps no more than there may be.
    fn rewrite(&mut self, now: u64, state: &str, flow: Option<Flow<'_>>) {
        let mut kept = String::new();
        let mut count = 1_usize;
        for other in self.flows() {
            if other.state != state && !other.is_over(now) {
                other.write(&mut kept);
                count = count.wrapping_add(1);
            }
        }
        // New flows are added at the end, so the first are the oldest.
        for _ in MAX_FLOWS..count {
            kept = cut(&kept, b'\n').map_or("", |(_, rest)| rest).to_owned();
        }
        if let Some(flow) = flow {
            flow.write(&mut kept);
        }
        self.0 = kept;
    }

    /// What the callback says, for the flow it belongs to.
    ///
    /// `current` is who is signed in now, where the page knows it: another user can't finish the flow. A
    /// forged or damaged link ends no flow.
    pub fn finish(&mut self, query: &CallbackQuery, current: Option<&Subject>, now: u64) -> Callback {
        let kept = PendingFlows(self.0.clone());
        let Some(flow) = kept.find(query) else { return query.unmatched(Rejection::NotStarted) };
        let Ok(state) = State::parse(flow.state) else { return query.unmatched(Rejection::NotStarted) };
        let callback = if flow.is_over(now) {
            Callback::Rejected(Rejection::Expired)
        } else if current.is_some_and(|current| current.as_str() != flow.subject) {
            Callback::Rejected(Rejection::AnotherSubject)
        } else {
            query.verify(&state)
        };
        let code = match &callback {
            Callback::Authorized(authorized) => authorized.code().as_str(),
            Callback::Denied { .. } | Callback::Failed { .. } => "",
            Callback::Rejected(Rejection::Expired | Rejection::AnotherSubject) => {
                self.rewrite(now, flow.state, None);
                return callback;
            }
            Callback::Rejected(_) | Callback::None => return callback,
        };
        // Who goes back to Stripe's page afterwards can agree there anew, or cancel. Neither undoes what is done.
        if !flow.code.is_empty() && flow.code != code {
            return Callback::Rejected(Rejection::AlreadyUsed);
        }
        self.rewrite(now, flow.state, (!code.is_empty()).then_some(Flow { code, ..flow }));
        callback
    }

    /// For whom the flow of this callback began, while it is kept.
    pub fn subject_of(&self, query: &CallbackQuery) -> Option<&str> {
        Some(self.find(query)?.subject)
    }
}
