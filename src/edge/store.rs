//! [`Store`]: what must outlive a request, namely who claimed which flow, and the connections.

use super::outcome::Outcome;
use crate::server::TokenScope;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::subject::Subject;
use crate::vocabulary::text::hex;
use crate::vocabulary::words::words;
use serde::Serialize;
use sha2::Sha256;
use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// SHA-256 in lower-case hexadecimal: flows and codes are kept under one, so that nobody who reads the
/// store learns a state or a code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Digest(String);

impl Digest {
    /// The digest of `text`.
    pub fn of(text: &str) -> Digest {
        use sha2::Digest as _;
        Digest(hex(&Sha256::digest(text.as_bytes())))
    }

    /// Takes back a digest that a store has kept.
    pub fn kept(text: impl Into<String>) -> Digest {
        Digest(text.into())
    }

    /// The 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How long a claim is kept: far longer than its code or its flow could live.
const CLAIM_KEPT_SECONDS: u64 = 24 * 60 * 60;
/// How long an event is kept: Stripe sends one again for three days.
const EVENT_KEPT_SECONDS: u64 = 7 * 24 * 60 * 60;
/// How long whoever began an event has to finish it, before another may begin it again.
const EVENT_LEASE_SECONDS: u64 = 60;

/// The right to spend one code for one flow. There is one for each flow and one for each code, ever.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The digest of the flow's state.
    pub flow: Digest,
    /// The digest of the authorization code.
    pub code: Digest,
    /// Who claims it.
    pub subject: Subject,
    /// Unix time in seconds.
    pub claimed_at: u64,
}

/// A claim that was made before.
#[derive(Debug, Clone)]
pub struct ClaimRecord {
    /// The claim.
    pub claim: Claim,
    /// How it ended; `None` while the exchange is at work.
    pub outcome: Option<Outcome>,
}

/// A connected account: what the platform keeps. No secret stands open in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Connection {
    /// The platform's user who connected it.
    pub subject: Subject,
    /// The account's id.
    pub account_id: AccountId,
    /// The mode of the connection.
    pub livemode: Livemode,
    /// What was granted.
    pub scope: TokenScope,
    /// Unix time in seconds.
    pub connected_at: u64,
    /// When it ended, in Unix time in seconds; `None` while it is live.
    pub disconnected_at: Option<u64>,
    /// The refresh token, sealed; `None` unless the platform keeps them. See
    /// [`ConfigBuilder::refresh_token_secrets`](super::ConfigBuilder::refresh_token_secrets).
    pub refresh_token: Option<String>,
}

impl Connection {
    /// The connection as its own subject may read it, in JSON.
    pub fn view(&self) -> impl Serialize + fmt::Debug + use<> {
        View {
            account_id: self.account_id.as_str().to_owned(),
            livemode: self.livemode.as_bool(),
            scope: self.scope.as_str(),
            connected_at: self.connected_at,
            disconnected_at: self.disconnected_at,
        }
    }

    /// Whether it is the connection of `account_id` in this mode.
    pub(crate) fn is_of(&self, account_id: &AccountId, livemode: Livemode) -> bool {
        (&self.account_id, self.livemode) == (account_id, livemode)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("subject", &self.subject)
            .field("account_id", &self.account_id)
            .field("livemode", &self.livemode)
            .field("scope", &self.scope)
            .field("connected_at", &self.connected_at)
            .field("disconnected_at", &self.disconnected_at)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Serialize)]
struct View {
    account_id: String,
    livemode: bool,
    scope: &'static str,
    connected_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnected_at: Option<u64>,
}

words! {
    /// What a store answers to [`Store::begin_event`].
    pub enum EventProgress {
        /// It is the caller's to handle, for the next 60 seconds.
        New = "new",
        /// Another request began it less than 60 seconds ago, and has not finished it.
        InProgress = "in_progress",
        /// It was handled before.
        Done = "done",
    }
}

/// The store did not do what it was asked. The message goes to [`Host::report`](super::Host::report).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(pub String);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store failed: {}", self.0)
    }
}

impl std::error::Error for StoreError {}

/// What must outlive a request. Two requests at once, anywhere, see the same store.
pub trait Store {
    /// Claims a flow and a code in one atomic step: `None` when the claim is now made, otherwise the
    /// record that stands in its way, by flow first, else by code.
    fn claim(&self, claim: &Claim) -> impl Future<Output = Result<Option<ClaimRecord>, StoreError>>;

    /// The record of a flow, if it was claimed.
    fn claimed(&self, flow: &Digest) -> impl Future<Output = Result<Option<ClaimRecord>, StoreError>>;

    /// Ends a claim, and keeps the connection it made, both or neither. A connection of the same subject,
    /// account and mode is replaced, and is live again if it had ended.
    fn settle(
        &self,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> impl Future<Output = Result<(), StoreError>>;

    /// The subject's live connections, the newest first. One that has ended is never among them.
    fn connections(&self, subject: &Subject) -> impl Future<Output = Result<Vec<Connection>, StoreError>>;

    /// The subject's connections that have ended, the last to end first.
    fn disconnected(&self, subject: &Subject) -> impl Future<Output = Result<Vec<Connection>, StoreError>>;

    /// Ends the account's connection, whoever made it, and lets its refresh token go. One that was made
    /// after `at` stays: what ended was the connection before it.
    fn disconnect(
        &self,
        account_id: &AccountId,
        livemode: Livemode,
        at: u64,
    ) -> impl Future<Output = Result<(), StoreError>>;

    /// Begins to handle the webhook event with this id, in one atomic step: of several requests at once,
    /// one is told [`EventProgress::New`]. Times are Unix time in seconds. Events that began a week ago may
    /// be let go.
    fn begin_event(&self, id: &str, now: u64) -> impl Future<Output = Result<EventProgress, StoreError>>;

    /// The event was handled, and never begins again.
    fn finish_event(&self, id: &str) -> impl Future<Output = Result<(), StoreError>>;
}

/// A store in this process's memory: for tests and for one long-lived server. Each question is one look-up,
/// however much is kept.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

#[derive(Debug, Default)]
struct Tables {
    claims: HashMap<Digest, ClaimRecord>,
    /// The flows of the claims, by their codes.
    flows: HashMap<Digest, Digest>,
    claimed: Ages<Digest>,
    connections: HashMap<Subject, Vec<Connection>>,
    /// Whose connections an account has.
    subjects: HashMap<(AccountId, Livemode), HashSet<Subject>>,
    events: HashMap<String, EventRecord>,
    begun: Ages<String>,
}

#[derive(Debug)]
struct EventRecord {
    begun_at: u64,
    done: bool,
}

/// What was put in, and when, in that order.
#[derive(Debug)]
struct Ages<K>(VecDeque<(u64, K)>);

impl<K> Default for Ages<K> {
    fn default() -> Ages<K> {
        Ages(VecDeque::new())
    }
}

impl<K> Ages<K> {
    fn add(&mut self, at: u64, key: K) {
        self.0.push_back((at, key));
    }

    /// Takes out the first, if it is from before `limit`. So a clock that was set back keeps a few a little longer.
    fn pop_before(&mut self, limit: u64) -> Option<(u64, K)> {
        self.0.front().is_some_and(|(at, _)| *at < limit).then(|| self.0.pop_front())?
    }
}

impl Tables {
    fn let_claims_go(&mut self, before: u64) {
        while let Some((_, flow)) = self.claimed.pop_before(before) {
            let Some(record) = self.claims.remove(&flow) else { continue };
            self.flows.remove(&record.claim.code);
        }
    }

    fn let_events_go(&mut self, before: u64) {
        while let Some((at, id)) = self.begun.pop_before(before) {
            // One that was begun again has a younger place as well.
            if self.events.get(&id).is_some_and(|event| event.begun_at == at) {
                self.events.remove(&id);
            }
        }
    }
}

impl MemoryStore {
    /// A panic elsewhere can't leave the tables half-written, so a poisoned lock is still good.
    fn tables(&self) -> std::sync::MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of_subject(&self, subject: &Subject, is_live: bool) -> Vec<Connection> {
        let tables = self.tables();
        let kept = tables.connections.get(subject).into_iter().flatten();
        kept.filter(|kept| kept.disconnected_at.is_none() == is_live).cloned().collect()
    }
}

impl Store for MemoryStore {
    async fn claim(&self, claim: &Claim) -> Result<Option<ClaimRecord>, StoreError> {
        let mut tables = self.tables();
        tables.let_claims_go(claim.claimed_at.saturating_sub(CLAIM_KEPT_SECONDS));
        let of_code = || tables.claims.get(tables.flows.get(&claim.code)?);
        if let Some(record) = tables.claims.get(&claim.flow).or_else(of_code) {
            return Ok(Some(record.clone()));
        }
        tables.claimed.add(claim.claimed_at, claim.flow.clone());
        tables.flows.insert(claim.code.clone(), claim.flow.clone());
        tables.claims.insert(claim.flow.clone(), ClaimRecord { claim: claim.clone(), outcome: None });
        Ok(None)
    }

    async fn claimed(&self, flow: &Digest) -> Result<Option<ClaimRecord>, StoreError> {
        Ok(self.tables().claims.get(flow).cloned())
    }

    async fn settle(
        &self,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> Result<(), StoreError> {
        let mut tables = self.tables();
        if let Some(record) = tables.claims.get_mut(flow) {
            record.outcome = Some(outcome);
        }
        if let Some(new) = connection {
            let account = (new.account_id.clone(), new.livemode);
            tables.subjects.entry(account).or_default().insert(new.subject.clone());
            let kept = tables.connections.entry(new.subject.clone()).or_default();
            kept.retain(|old| !old.is_of(&new.account_id, new.livemode));
            kept.push(Connection { disconnected_at: None, ..new.clone() });
        }
        Ok(())
    }

    async fn connections(&self, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        let mut live = self.of_subject(subject, true);
        live.sort_by(|a, b| (b.connected_at, a.account_id.as_str()).cmp(&(a.connected_at, b.account_id.as_str())));
        Ok(live)
    }

    async fn disconnected(&self, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        let mut ended = self.of_subject(subject, false);
        ended.sort_by(|a, b| {
            (b.disconnected_at, a.account_id.as_str()).cmp(&(a.disconnected_at, b.account_id.as_str()))
        });
        Ok(ended)
    }

    async fn disconnect(&self, account_id: &AccountId, livemode: Livemode, at: u64) -> Result<(), StoreError> {
        let Tables { connections, subjects, .. } = &mut *self.tables();
        for subject in subjects.get(&(account_id.clone(), livemode)).into_iter().flatten() {
            for kept in connections.get_mut(subject).into_iter().flatten() {
                let is_live_since = kept.disconnected_at.is_none() && kept.connected_at <= at;
                if is_live_since && kept.is_of(account_id, livemode) {
                    kept.disconnected_at = Some(at);
                    kept.refresh_token = None;
                }
            }
        }
        Ok(())
    }

    async fn begin_event(&self, id: &str, now: u64) -> Result<EventProgress, StoreError> {
        let mut tables = self.tables();
        tables.let_events_go(now.saturating_sub(EVENT_KEPT_SECONDS));
        match tables.events.get(id) {
            Some(event) if event.done => return Ok(EventProgress::Done),
            Some(event) if now < event.begun_at.saturating_add(EVENT_LEASE_SECONDS) => {
                return Ok(EventProgress::InProgress);
            }
            _ => {}
        }
        tables.begun.add(now, id.to_owned());
        tables.events.insert(id.to_owned(), EventRecord { begun_at: now, done: false });
        Ok(EventProgress::New)
    }

    async fn finish_event(&self, id: &str) -> Result<(), StoreError> {
        if let Some(event) = self.tables().events.get_mut(id) {
            event.done = true;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    const WEEK: u64 = 7 * 24 * 60 * 60;

    /// A memory store answers at once.
    fn now<T>(answer: impl Future<Output = Result<T, StoreError>>) -> T {
        match pin!(answer).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(answer)) => answer,
            _ => panic!("it waits or failed"),
        }
    }

    fn connection(subject: &str, account_id: &str, connected_at: u64) -> Connection {
        Connection {
            subject: Subject::parse(subject).unwrap_or_else(|error| panic!("{error}")),
            account_id: account(account_id),
            livemode: Livemode::Test,
            scope: TokenScope::ReadWrite,
            connected_at,
            disconnected_at: None,
            refresh_token: Some("sealed".to_owned()),
        }
    }

    fn account(id: &str) -> AccountId {
        AccountId::parse(id).unwrap_or_else(|error| panic!("{error}"))
    }

    fn keep(store: &MemoryStore, connection: &Connection) {
        now(store.settle(&Digest::of("flow"), Outcome::Connected, Some(connection)));
    }

    #[test]
    fn an_ending_from_before_the_connection_was_made_ends_nothing() {
        for (at, ends) in [(99, false), (100, true), (101, true)] {
            let store = MemoryStore::default();
            let ada = connection("ada", "acct_1", 100);
            keep(&store, &ada);
            now(store.disconnect(&ada.account_id, Livemode::Test, at));
            assert_eq!(now(store.connections(&ada.subject)).is_empty(), ends, "{at}");
        }
    }

    #[test]
    fn what_ended_is_ended_for_every_subject_in_its_mode_and_once() {
        let store = MemoryStore::default();
        let live = Connection { livemode: Livemode::Live, ..connection("ada", "acct_1", 100) };
        let [ada, eve] = ["ada", "eve"].map(|subject| connection(subject, "acct_1", 100));
        for kept in [&live, &ada, &eve] {
            keep(&store, kept);
        }
        for at in [200, 300] {
            now(store.disconnect(&account("acct_1"), Livemode::Test, at));
        }
        assert_eq!(now(store.connections(&ada.subject)), [live]);
        assert!(now(store.connections(&eve.subject)).is_empty());
        let ended = Connection { disconnected_at: Some(200), refresh_token: None, ..ada.clone() };
        assert_eq!(now(store.disconnected(&ada.subject)), [ended]);

        let again = Connection { connected_at: 400, ..ada };
        keep(&store, &Connection { disconnected_at: Some(200), ..again.clone() });
        now(store.disconnect(&again.account_id, Livemode::Test, 300));
        assert_eq!(now(store.connections(&again.subject))[0], again);
        assert!(now(store.disconnected(&again.subject)).is_empty(), "connecting again makes it live");
    }

    #[test]
    fn the_newest_comes_first_and_then_by_account() {
        let store = MemoryStore::default();
        for (id, at) in [("acct_b", 1), ("acct_c", 2), ("acct_a", 1)] {
            keep(&store, &connection("ada", id, at));
        }
        let ids = |kept: Vec<Connection>| kept.iter().map(|one| one.account_id.to_string()).collect::<Vec<_>>();
        let ada = connection("ada", "acct_x", 0).subject;
        assert_eq!(ids(now(store.connections(&ada))), ["acct_c", "acct_a", "acct_b"]);
        for (id, at) in [("acct_a", 7), ("acct_b", 8), ("acct_c", 7)] {
            now(store.disconnect(&account(id), Livemode::Test, at));
        }
        assert_eq!(ids(now(store.disconnected(&ada))), ["acct_b", "acct_a", "acct_c"]);
    }

    #[test]
    fn an_event_is_new_once_in_each_sixty_seconds_until_it_is_done() {
        use EventProgress::{Done, InProgress, New};
        let store = MemoryStore::default();
        for (at, progress) in [(0, New), (59, InProgress), (60, New), (119, InProgress)] {
            assert_eq!(now(store.begin_event("evt_1", at)), progress, "{at}");
        }
        now(store.finish_event("evt_1"));
        for (at, progress) in [(120, Done), (60 + WEEK, Done), (61 + WEEK, New)] {
            assert_eq!(now(store.begin_event("evt_1", at)), progress, "{at}");
        }
        assert_eq!(now(store.begin_event("evt_2", 0)), New);
    }

    fn claim(flow: &str, code: &str, claimed_at: u64) -> Claim {
        let subject = connection("ada", "acct_1", 0).subject;
        Claim { flow: Digest::of(flow), code: Digest::of(code), subject, claimed_at }
    }

    #[test]
    fn a_claim_is_let_go_after_a_day_and_so_is_its_code() {
        const DAY: u64 = 24 * 60 * 60;
        let store = MemoryStore::default();
        assert!(now(store.claim(&claim("flow", "code", 1))).is_none());
        let record = now(store.claim(&claim("other", "code", 1 + DAY))).map(|record| record.claim.flow);
        assert_eq!(record, Some(Digest::of("flow")));
        assert!(now(store.claim(&claim("other", "code", 2 + DAY))).is_none());
        assert!(now(store.claimed(&Digest::of("flow"))).is_none());
    }

    #[test]
    fn an_event_begun_again_is_as_young_as_its_last_beginning() {
        let store = MemoryStore::default();
        for at in [0, 100] {
            assert_eq!(now(store.begin_event("evt_1", at)), EventProgress::New);
        }
        now(store.finish_event("evt_1"));
        assert_eq!(now(store.begin_event("evt_2", 1 + WEEK)), EventProgress::New);
        assert_eq!(now(store.begin_event("evt_1", 1 + WEEK)), EventProgress::Done);
    }

    /// How long a hundred calls of each kind take a store that keeps so many rows, at their fastest.
    fn costs(kept: usize) -> [std::time::Duration; 5] {
        let store = MemoryStore::default();
        let begin = |i: usize| {
            now(store.claim(&claim(&format!("flow-{i}"), &format!("code-{i}"), 0)));
        };
        let settle = |i: usize| keep(&store, &connection(&format!("user-{i}"), &format!("acct_{i}"), 0));
        let list = |i: usize| {
            assert_eq!(now(store.connections(&connection(&format!("user-{i}"), "acct_1", 0).subject)).len(), 1)
        };
        let end = |i: usize| now(store.disconnect(&account(&format!("acct_{i}")), Livemode::Test, 0));
        let hear = |i: usize| assert_eq!(now(store.begin_event(&format!("evt_{i}"), 0)), EventProgress::New);
        for i in 0..kept {
            begin(i);
            settle(i);
            hear(i);
        }
        let calls: [&dyn Fn(usize); 5] = [&begin, &settle, &list, &end, &hear];
        calls.map(|call| {
            let mut rest = kept..;
            let rounds = (0..9).map(|_| {
                let begun = std::time::Instant::now();
                rest.by_ref().take(100).for_each(call);
                begun.elapsed()
            });
            rounds.min().unwrap_or_default()
        })
    }

    #[test]
    fn what_a_call_costs_does_not_grow_with_what_is_kept() {
        let (few, many) = (costs(500), costs(8_000));
        for (at, (few, many)) in few.into_iter().zip(many).enumerate() {
            assert!(many < 5 * few + std::time::Duration::from_millis(1), "call {at}: {few:?}, then {many:?}");
        }
    }

    #[test]
    fn the_words_of_an_events_progress_lead_back_to_it() {
        for progress in [EventProgress::New, EventProgress::InProgress, EventProgress::Done] {
            assert_eq!(EventProgress::parse(progress.as_str()), Some(progress));
        }
        assert_eq!(EventProgress::parse("finished"), None);
    }
}
