//! [`MemoryStore`]: a store in this process's memory.

use super::application::Application;
use super::connection::Connection;
use super::outcome::Outcome;
use super::store::{Claim, ClaimRecord, Digest, EventProgress, Store, StoreError};
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::subject::Subject;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// How long a claim is kept: far longer than its code or its flow could live.
const CLAIM_KEPT_SECONDS: u64 = 24 * 60 * 60;
/// How long an event is kept: Stripe sends one again for three days.
const EVENT_KEPT_SECONDS: u64 = 7 * 24 * 60 * 60;
/// How many old rows one call lets go: whoever comes after a million of them does not wait for all.
const LET_GO: usize = 100;
/// How long whoever began an event has to finish it, before another may begin it again.
const EVENT_LEASE_SECONDS: u64 = 60;

/// A store in this process's memory: for tests and for one long-lived server. Each question is one look-up,
/// however much is kept.
///
/// ```
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// use stripe_connect_oauth::edge::{Application, MemoryStore, Store};
/// use stripe_connect_oauth::{ClientId, Livemode, Subject};
///
/// let store = MemoryStore::default();
/// let shop = Application { client_id: ClientId::parse("ca_123")?, livemode: Livemode::Test };
/// assert!(store.connections(&shop, &Subject::parse("ada")?).await?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore {
    applications: Mutex<HashMap<Application, Tables>>,
}

/// What is kept for one application.
#[derive(Debug, Default)]
struct Tables {
    claims: HashMap<Digest, ClaimRecord>,
    /// The flows of the claims, by their codes.
    flows: HashMap<Digest, Digest>,
    claimed: Ages<Digest>,
    /// When each subject made its claims.
    claims_of: HashMap<Subject, VecDeque<(u64, Digest)>>,
    connections: HashMap<Subject, Vec<Connection>>,
    /// Whose connections an account has.
    subjects: HashMap<AccountId, HashSet<Subject>>,
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
        for _ in 0..LET_GO {
            let Some((at, flow)) = self.claimed.pop_before(before) else { return };
            // One that was claimed again has a younger place as well.
            if self.claims.get(&flow).is_some_and(|record| record.claim.claimed_at == at) {
                self.let_claim_go(&flow);
            }
        }
    }

    /// The claim in the way of another, by flow first, else by code.
    fn in_the_way_of(&self, claim: &Claim) -> Option<&ClaimRecord> {
        self.claims.get(&claim.flow).or_else(|| self.claims.get(self.flows.get(&claim.code)?))
    }

    fn let_claim_go(&mut self, flow: &Digest) {
        let Some(ClaimRecord { claim, .. }) = self.claims.remove(flow) else { return };
        self.flows.remove(&claim.code);
        let Some(of_subject) = self.claims_of.get_mut(&claim.subject) else { return };
        of_subject.retain(|(_, kept)| kept != flow);
        if of_subject.is_empty() {
            self.claims_of.remove(&claim.subject);
        }
    }

    fn let_events_go(&mut self, before: u64) {
        for _ in 0..LET_GO {
            let Some((at, id)) = self.begun.pop_before(before) else { return };
            // One that was begun again has a younger place as well.
            if self.events.get(&id).is_some_and(|event| event.begun_at == at) {
                self.events.remove(&id);
            }
        }
    }
}

impl MemoryStore {
    /// Looks at what is kept for `application`, or changes it, in one step. A panic elsewhere can't leave the tables
    /// half-written, so a poisoned lock is still good.
    fn with<T>(&self, application: &Application, step: impl FnOnce(&mut Tables) -> T) -> Result<T, StoreError> {
        let mut applications = self.applications.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(step(applications.entry(application.clone()).or_default()))
    }
}

/// The newest first, then by account.
fn newest_first(mut live: Vec<Connection>) -> Vec<Connection> {
    live.sort_by(|a, b| (b.connected_at, a.account_id.as_str()).cmp(&(a.connected_at, b.account_id.as_str())));
    live
}

impl Tables {
    fn of_subject(&self, subject: &Subject, is_live: bool) -> Vec<Connection> {
        let kept = self.connections.get(subject).into_iter().flatten();
        kept.filter(|kept| kept.disconnected_at.is_none() == is_live).cloned().collect()
    }

    /// Ends the connection that `subject` has had to the account since `at` or before.
    fn end(&mut self, subject: &Subject, account_id: &AccountId, at: u64) {
        for kept in self.connections.get_mut(subject).into_iter().flatten() {
            let is_live_since = kept.disconnected_at.is_none() && kept.connected_at <= at;
            if is_live_since && kept.account_id == *account_id {
                kept.disconnected_at = Some(at);
                kept.refresh_token = None;
            }
        }
    }
}

impl Store for MemoryStore {
    async fn claim(&self, application: &Application, claim: &Claim) -> Result<Option<ClaimRecord>, StoreError> {
        self.with(application, |tables| {
            let limit = claim.claimed_at.saturating_sub(CLAIM_KEPT_SECONDS);
            tables.let_claims_go(limit);
            while let Some(record) = tables.in_the_way_of(claim).cloned() {
                if record.claim.claimed_at >= limit {
                    return Some(record);
                }
                tables.let_claim_go(&record.claim.flow);
            }
            let Claim { flow, code, subject, claimed_at } = claim.clone();
            tables.claimed.add(claimed_at, flow.clone());
            tables.claims_of.entry(subject).or_default().push_back((claimed_at, flow.clone()));
            tables.flows.insert(code, flow.clone());
            tables.claims.insert(flow, ClaimRecord { claim: claim.clone(), outcome: None });
            None
        })
    }

    async fn claimed(&self, application: &Application, flow: &Digest) -> Result<Option<ClaimRecord>, StoreError> {
        self.with(application, |tables| tables.claims.get(flow).cloned())
    }

    async fn claims_since(
        &self,
        application: &Application,
        subject: &Subject,
        since: u64,
    ) -> Result<u64, StoreError> {
        self.with(application, |tables| {
            let made = tables.claims_of.get(subject).into_iter().flatten();
            made.map(|(at, _)| u64::from(*at >= since)).sum()
        })
    }

    async fn settle(
        &self,
        application: &Application,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> Result<(), StoreError> {
        self.with(application, |tables| {
            if let Some(record) = tables.claims.get_mut(flow) {
                record.outcome = Some(outcome);
            }
            if let Some(new) = connection {
                tables.subjects.entry(new.account_id.clone()).or_default().insert(new.subject.clone());
                let kept = tables.connections.entry(new.subject.clone()).or_default();
                kept.retain(|old| old.account_id != new.account_id);
                kept.push(Connection { disconnected_at: None, ..new.clone() });
            }
        })
    }

    async fn connections(
        &self,
        application: &Application,
        subject: &Subject,
    ) -> Result<Vec<Connection>, StoreError> {
        self.with(application, |tables| newest_first(tables.of_subject(subject, true)))
    }

    async fn disconnected(
        &self,
        application: &Application,
        subject: &Subject,
    ) -> Result<Vec<Connection>, StoreError> {
        let mut ended = self.with(application, |tables| tables.of_subject(subject, false))?;
        ended.sort_by(|a, b| {
            (b.disconnected_at, a.account_id.as_str()).cmp(&(a.disconnected_at, b.account_id.as_str()))
        });
        Ok(ended)
    }

    async fn connections_of(
        &self,
        application: &Application,
        account_id: &AccountId,
    ) -> Result<Vec<Connection>, StoreError> {
        self.with(application, |tables| {
            let subjects = tables.subjects.get(account_id).into_iter().flatten();
            let mut live: Vec<_> = subjects.flat_map(|subject| tables.of_subject(subject, true)).collect();
            live.retain(|kept| kept.account_id == *account_id);
            live.sort_by(|a, b| (b.connected_at, a.subject.as_str()).cmp(&(a.connected_at, b.subject.as_str())));
            live
        })
    }

    async fn disconnect(
        &self,
        application: &Application,
        account_id: &AccountId,
        at: u64,
    ) -> Result<(), StoreError> {
        self.with(application, |tables| {
            for subject in tables.subjects.get(account_id).cloned().into_iter().flatten() {
                tables.end(&subject, account_id, at);
            }
        })
    }

    async fn forget(
        &self,
        application: &Application,
        subject: &Subject,
        account_id: &AccountId,
        at: u64,
    ) -> Result<(), StoreError> {
        self.with(application, |tables| tables.end(subject, account_id, at))
    }

    async fn erase(&self, application: &Application, subject: &Subject, before: u64) -> Result<(), StoreError> {
        self.with(application, |tables| {
            let made = tables.claims_of.get(subject).into_iter().flatten();
            let old: Vec<_> = made.filter(|(at, _)| *at < before).map(|(_, flow)| flow.clone()).collect();
            for flow in old {
                tables.let_claim_go(&flow);
            }
            let kept = tables.connections.remove(subject).unwrap_or_default();
            let (live, ended): (Vec<_>, Vec<_>) = kept.into_iter().partition(|kept| kept.disconnected_at.is_none());
            for connection in ended {
                let Some(subjects) = tables.subjects.get_mut(&connection.account_id) else { continue };
                subjects.remove(subject);
                if subjects.is_empty() {
                    tables.subjects.remove(&connection.account_id);
                }
            }
            if !live.is_empty() {
                tables.connections.insert(subject.clone(), live);
            }
        })
    }

    async fn begin_event(
        &self,
        application: &Application,
        id: &str,
        now: u64,
    ) -> Result<EventProgress, StoreError> {
        self.with(application, |tables| {
            let limit = now.saturating_sub(EVENT_KEPT_SECONDS);
            tables.let_events_go(limit);
            match tables.events.get(id).filter(|event| event.begun_at >= limit) {
                Some(event) if event.done => return EventProgress::Done,
                Some(event) if now < event.begun_at.saturating_add(EVENT_LEASE_SECONDS) => {
                    return EventProgress::InProgress;
                }
                _ => {}
            }
            tables.begun.add(now, id.to_owned());
            tables.events.insert(id.to_owned(), EventRecord { begun_at: now, done: false });
            EventProgress::New
        })
    }

    async fn finish_event(&self, application: &Application, id: &str) -> Result<(), StoreError> {
        self.with(application, |tables| {
            if let Some(event) = tables.events.get_mut(id) {
                event.done = true;
            }
        })
    }

    async fn release_event(&self, application: &Application, id: &str) -> Result<(), StoreError> {
        self.with(application, |tables| {
            if tables.events.get(id).is_some_and(|event| !event.done) {
                tables.events.remove(id);
            }
        })
    }
}

#[cfg(test)]
mod tests;
