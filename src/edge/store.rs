//! [`Store`]: what must outlive a request, namely who claimed which flow, and the connections.

use super::outcome::Outcome;
use crate::ids::AccountId;
use crate::livemode::Livemode;
use crate::server::TokenScope;
use crate::subject::Subject;
use crate::text::hex;
use serde::Serialize;
use sha2::Sha256;
use std::collections::HashMap;
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
const KEPT_SECONDS: u64 = 24 * 60 * 60;

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

/// A connected account: what the platform keeps. No secret is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

impl Connection {
    /// The connection as its own subject may read it, in JSON.
    pub fn view(&self) -> impl Serialize + fmt::Debug + use<> {
        View {
            account_id: self.account_id.as_str().to_owned(),
            livemode: self.livemode.as_bool(),
            scope: self.scope.as_str(),
            connected_at: self.connected_at,
        }
    }
}

#[derive(Debug, Serialize)]
struct View {
    account_id: String,
    livemode: bool,
    scope: &'static str,
    connected_at: u64,
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

    /// Ends a claim, and keeps the connection it made, both or neither.
    fn settle(
        &self,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> impl Future<Output = Result<(), StoreError>>;

    /// The subject's connections, the newest first.
    fn connections(&self, subject: &Subject) -> impl Future<Output = Result<Vec<Connection>, StoreError>>;
}

/// A store in this process's memory: for tests and for one long-lived server.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

#[derive(Debug, Default)]
struct Tables {
    claims: HashMap<Digest, ClaimRecord>,
    connections: Vec<Connection>,
}

impl MemoryStore {
    /// A panic elsewhere can't leave the tables half-written, so a poisoned lock is still good.
    fn tables(&self) -> std::sync::MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    async fn claim(&self, claim: &Claim) -> Result<Option<ClaimRecord>, StoreError> {
        let mut tables = self.tables();
        tables.claims.retain(|_, record| claim.claimed_at <= record.claim.claimed_at.saturating_add(KEPT_SECONDS));
        let same_code = |record: &&ClaimRecord| record.claim.code == claim.code;
        if let Some(record) = tables.claims.get(&claim.flow).or_else(|| tables.claims.values().find(same_code)) {
            return Ok(Some(record.clone()));
        }
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
            let same = |old: &Connection| {
                (&old.subject, &old.account_id, old.livemode) == (&new.subject, &new.account_id, new.livemode)
            };
            tables.connections.retain(|old| !same(old));
            tables.connections.insert(0, new.clone());
        }
        Ok(())
    }

    async fn connections(&self, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        Ok(self.tables().connections.iter().filter(|kept| kept.subject == *subject).cloned().collect())
    }
}
