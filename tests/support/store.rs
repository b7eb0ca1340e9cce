//! A store that can be down.

use super::*;

/// A store that can be down.
#[derive(Default)]
pub(crate) struct FaultyStore {
    pub(crate) inner: MemoryStore,
    pub(crate) down: Cell<bool>,
    /// What it says when it is asked whether it can keep anything.
    pub(crate) unfit: Cell<bool>,
    pub(crate) down_to_settle: Cell<bool>,
    /// Claims are in the way, and can't be found afterwards.
    pub(crate) loses_claims: Cell<bool>,
    pub(crate) down_to_count: Cell<bool>,
    /// Whether what was counted is told only when this is over.
    pub(crate) holds_counts: Cell<bool>,
    /// How many times it fails to write, before it works again.
    pub(crate) failures_to_write: Cell<u32>,
    pub(crate) down_to_disconnect: Cell<bool>,
    pub(crate) down_to_begin_event: Cell<bool>,
    pub(crate) down_to_finish_event: Cell<bool>,
}

impl FaultyStore {
    pub(crate) fn fail_while(&self, down: &Cell<bool>) -> Result<(), StoreError> {
        if down.get() { Err(StoreError("the disk is full".to_owned())) } else { Ok(()) }
    }

    pub(crate) fn fail_to_write(&self) -> Result<(), StoreError> {
        let left = self.failures_to_write.get();
        self.failures_to_write.set(left.saturating_sub(1));
        if left > 0 { Err(StoreError("the disk is full".to_owned())) } else { Ok(()) }
    }
}

impl Store for FaultyStore {
    async fn check(&self) -> Result<(), StoreError> {
        self.fail_while(&self.unfit)
    }

    async fn claim(&self, application: &Application, claim: &Claim) -> Result<Option<ClaimRecord>, StoreError> {
        self.fail_while(&self.down)?;
        self.inner.claim(application, claim).await
    }

    async fn claimed(&self, application: &Application, flow: &Digest) -> Result<Option<ClaimRecord>, StoreError> {
        self.fail_while(&self.down)?;
        let found = self.inner.claimed(application, flow).await?;
        Ok(found.filter(|_| !self.loses_claims.get()))
    }

    async fn claims_since(
        &self,
        application: &Application,
        subject: &Subject,
        since: u64,
    ) -> Result<u64, StoreError> {
        self.fail_while(&self.down)?;
        self.fail_while(&self.down_to_count)?;
        let counted = self.inner.claims_since(application, subject, since).await;
        while self.holds_counts.get() {
            step().await;
        }
        counted
    }

    async fn settle(
        &self,
        application: &Application,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> Result<(), StoreError> {
        self.fail_while(&self.down)?;
        self.fail_while(&self.down_to_settle)?;
        self.fail_to_write()?;
        self.inner.settle(application, flow, outcome, connection).await
    }

    async fn connections(
        &self,
        application: &Application,
        subject: &Subject,
    ) -> Result<Vec<Connection>, StoreError> {
        self.fail_while(&self.down)?;
        self.inner.connections(application, subject).await
    }

    async fn disconnected(
        &self,
        application: &Application,
        subject: &Subject,
    ) -> Result<Vec<Connection>, StoreError> {
        self.fail_while(&self.down)?;
        self.inner.disconnected(application, subject).await
    }

    async fn connections_of(
        &self,
        application: &Application,
        account_id: &AccountId,
    ) -> Result<Vec<Connection>, StoreError> {
        self.fail_while(&self.down)?;
        self.inner.connections_of(application, account_id).await
    }

    async fn disconnect(
        &self,
        application: &Application,
        account_id: &AccountId,
        at: u64,
    ) -> Result<(), StoreError> {
        self.fail_while(&self.down)?;
        self.fail_while(&self.down_to_disconnect)?;
        self.fail_to_write()?;
        self.inner.disconnect(application, account_id, at).await
    }

    async fn forget(
        &self,
        application: &Application,
        subject: &Subject,
        account_id: &AccountId,
        at: u64,
    ) -> Result<(), StoreError> {
        self.fail_while(&self.down)?;
        self.fail_while(&self.down_to_disconnect)?;
        self.fail_to_write()?;
        self.inner.forget(application, subject, account_id, at).await
    }

    async fn erase(&self, application: &Application, subject: &Subject, before: u64) -> Result<(), StoreError> {
        self.fail_while(&self.down)?;
        self.fail_to_write()?;
        self.inner.erase(application, subject, before).await
    }

    async fn begin_event(
        &self,
        application: &Application,
        id: &str,
        now: u64,
    ) -> Result<EventProgress, StoreError> {
        self.fail_while(&self.down)?;
        self.fail_while(&self.down_to_begin_event)?;
        self.inner.begin_event(application, id, now).await
    }

    async fn finish_event(&self, application: &Application, id: &str) -> Result<(), StoreError> {
        self.fail_while(&self.down)?;
        self.fail_while(&self.down_to_finish_event)?;
        self.inner.finish_event(application, id).await
    }

    async fn release_event(&self, application: &Application, id: &str) -> Result<(), StoreError> {
        self.fail_while(&self.down)?;
        self.inner.release_event(application, id).await
    }
}
