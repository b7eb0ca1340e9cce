//! [`PendingFlows`]: what a page keeps between leaving for Stripe and coming back.

use crate::callback::{Callback, CallbackQuery, Rejection};
use crate::state::{State, same_secret};
use crate::subject::Subject;
use crate::text::{cut, join, number, pieces};
use std::fmt;

/// Creating a Stripe account takes time.
const LIFETIME_SECONDS: u64 = 3600;
/// How many flows a tab keeps; the oldest makes room.
const MAX_FLOWS: usize = 5;

/// The flows under way in one tab, kept as text in `sessionStorage`: one line a flow, single use,
/// expiring after 60 minutes.
///
/// ```
/// use stripe_connect_oauth::{Callback, CallbackQuery, PendingFlows, State, Subject};
///
/// let state = State::from_random([7; 32]);
/// let query = CallbackQuery::read(&format!("?code=ac_123&state={}", state.as_str()));
///
/// let mut flows = PendingFlows::kept(String::new());
/// flows.begin(&state, &Subject::parse("user-1")?, 1_700_000_000);
///
/// let callback = flows.finish(&query, None, 1_700_000_060);
/// assert!(matches!(callback, Callback::Authorized(_)));
/// assert_eq!(flows.subject_of(&query), Some("user-1"));
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub struct PendingFlows(String);

/// A flow that began in this tab, as its line has it.
#[derive(Clone, Copy)]
struct Flow<'a> {
    line: &'a str,
    expires_at: u64,
    state: &'a str,
    /// The code it ended with, else empty. The same callback again, after a reload or in React's strict
    /// mode, has the same result; another code has none.
    code: &'a str,
    subject: &'a str,
}

impl<'a> Flow<'a> {
    /// Expiry, state, code and subject; only the last may hold a space.
    fn read(line: &'a str) -> Option<Flow<'a>> {
        let (expires_at, rest) = cut(line, b' ')?;
        let (state, rest) = cut(rest, b' ')?;
        let (code, subject) = cut(rest, b' ')?;
        Some(Flow { line, expires_at: number(expires_at)?, state, code, subject })
    }
}

impl fmt::Debug for PendingFlows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingFlows([redacted])")
    }
}

impl PendingFlows {
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

    /// Begins a flow at `now`, in Unix seconds; lets go of those that expired or are too many.
    pub fn begin(&mut self, state: &State, subject: &Subject, now: u64) {
        let expires_at = decimal(now.saturating_add(LIFETIME_SECONDS));
        self.rewrite(now, state.as_str(), &[&expires_at, " ", state.as_str(), "  ", subject.as_str(), "\n"]);
    }

    /// Puts `line` in the place of the flow with this state; keeps no more than there may be.
    fn rewrite(&mut self, now: u64, state: &str, line: &[&str]) {
        let others = || self.flows().filter(|flow| now < flow.expires_at && flow.state != state);
        // New flows are added at the end, so the first are the oldest.
        let surplus = others().count().saturating_add(1).saturating_sub(MAX_FLOWS);
        let mut kept = String::new();
        for flow in others().skip(surplus) {
            kept.push_str(&join(&[flow.line, "\n"]));
        }
        kept.push_str(&join(line));
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
        let callback = if now >= flow.expires_at {
            Callback::Rejected(Rejection::Expired)
        } else if current.is_some_and(|current| current.as_str() != flow.subject) {
            Callback::Rejected(Rejection::AnotherSubject)
        } else {
            query.verify(&state)
        };
        match &callback {
            Callback::Authorized(authorized) => {
                let code = authorized.code().as_str();
                if !flow.code.is_empty() && flow.code != code {
                    return Callback::Rejected(Rejection::AlreadyUsed);
                }
                let expires_at = decimal(flow.expires_at);
                self.rewrite(now, flow.state, &[&expires_at, " ", flow.state, " ", code, " ", flow.subject, "\n"]);
            }
            Callback::Rejected(Rejection::Expired | Rejection::AnotherSubject)
            | Callback::Denied { .. }
            | Callback::Failed { .. } => self.rewrite(now, flow.state, &[]),
            Callback::Rejected(_) | Callback::None => {}
        }
        callback
    }

    /// For whom the flow of this callback began, while it is kept.
    pub fn subject_of(&self, query: &CallbackQuery) -> Option<&str> {
        Some(self.find(query)?.subject)
    }
}

/// `number` in decimal digits, without the formatting machinery that the browser build does without.
fn decimal(mut number: u64) -> String {
    let mut digits = String::new();
    loop {
        let digit = u32::try_from(number % 10).ok().and_then(|digit| char::from_digit(digit, 10));
        digits.insert(0, digit.unwrap_or('0'));
        number /= 10;
        if number == 0 {
            return digits;
        }
    }
}
