//! A store that can be down.

use super::*;

/// A store that can be down.
#[derive(Default)]
pub(crate) struct FaultyStore {
    pub(crate) inner: MemoryStore,
    pub(crate) down: Cell<bool>,
    pub(crate) down_to_settle: Cell<bool>,
    /// How many times it fails to write, before it works again.
    pub(crate) failures_to_write: Cell<u32>,
    pub(crate) down_to_disconnect: Cell<bool>,
    pub(crate) down_to_begin_event: Cell<bool>,
    pub(crate) down_to_finish_event: Cell<bool>,
}

impl FaultyStore {
    pub(crate) fn check(&self, down: &Cell<bool>) -> Result<(), StoreError> {
        if down.get() { Err(StoreError("the disk is full".to_owned())) } else { Ok(()) }
    }

    pub(crate) fn fail_to_write(&self) -> Result<(), StoreError> {
        let left = self.failures_to_write.get();
        self.failures_to_write.set(left.saturating_sub(1));
        if left > 0 { Err(StoreError("the disk is full".to_owned())) } else { Ok(()) }
    }
}

impl Store for FaultyStore {
    async fn claim(&self, claim: &Claim) -> Result<Option<ClaimRecord>, StoreError> {
        self.check(&self.down)?;
        self.inner.claim(claim).await
    }

    async fn claimed(&self, flow: &Digest) -> Result<Option<ClaimRecord>, StoreError> {
        self.check(&self.down)?;
        self.inner.claimed(flow).await
    }

    async fn settle(
        &self,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> Result<(), StoreError> {
        self.check(&self.down)?;
        self.check(&self.down_to_settle)?;
        self.fail_to_write()?;
        self.inner.settle(flow, outcome, connection).await
    }

    async fn connections(&self, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        self.check(&self.down)?;
        self.inner.connections(subject).await
    }

    async fn disconnected(&self, subject: &Subject) -> Result<Vec<Connection>, StoreError> {
        self.check(&self.down)?;
        self.inner.disconnected(subject).await
    }

    async fn disconnect(&self, account_id: &AccountId, livemode: Livemode, at: u64) -> Result<(), StoreError> {
        self.check(&self.down)?;
        self.check(&self.down_to_disconnect)?;
        self.fail_to_write()?;
        self.inner.disconnect(account_id, livemode, at).await
    }

    async fn begin_event(&self, id: &str, now: u64) -> Result<EventProgress, StoreError> {
        self.check(&self.down)?;
        self.check(&self.down_to_begin_event)?;
        self.inner.begin_event(id, now).await
    }

    async fn finish_event(&self, id: &str) -> Result<(), StoreError> {
        self.check(&self.down)?;
        self.check(&self.down_to_finish_event)?;
        self.inner.finish_event(id).await
    }
}
