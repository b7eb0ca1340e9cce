//! [`MemoryStore`]: a store in this process's memory.

use super::connection::Connection;
use super::outcome::Outcome;
use super::store::{Claim, ClaimRecord, Digest, EventProgress, Store, StoreError};
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::subject::Subject;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// How long a claim is kept: far longer than its code or its flow could live.
const CLAIM_KEPT_SECONDS: u64 = 24 * 60 * 60;
/// How long an event is kept: Stripe sends one again for three days.
const EVENT_KEPT_SECONDS: u64 = 7 * 24 * 60 * 60;
/// How long whoever began an event has to finish it, before another may begin it again.
const EVENT_LEASE_SECONDS: u64 = 60;

/// A store in this process's memory: for tests and for one long-lived server. Each question is one look-up,
/// however much is kept.
///
/// ```
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// use stripe_connect_oauth::Subject;
/// use stripe_connect_oauth::edge::{MemoryStore, Store};
///
/// let store = MemoryStore::default();
/// assert!(store.connections(&Subject::parse("ada")?).await?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
mod tests;
