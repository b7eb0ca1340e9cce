//! [`Store`]: what must outlive a request, namely who claimed which flow, and the connections.

use super::application::Application;
use super::connection::Connection;
use super::outcome::Outcome;
use super::threads::{MaybeSend, MaybeSync};
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::subject::Subject;
use crate::vocabulary::text::hex;
use crate::vocabulary::words::words;
use sha2::Sha256;
use std::fmt;

/// SHA-256 in lower-case hexadecimal: flows and codes are kept under one, so that nobody who reads the
/// store learns a state or a code.
///
/// ```
/// use stripe_connect_oauth::edge::Digest;
///
/// let digest = Digest::of("ac_123");
/// assert_eq!(digest.as_str().len(), 64);
/// assert_eq!(Digest::kept(digest.as_str()), digest);
/// ```
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

/// The right to spend one code for one flow. There is one for each flow and one for each code, ever.
///
/// ```
/// use stripe_connect_oauth::Subject;
/// use stripe_connect_oauth::edge::Claim;
///
/// /// The row of a claim: two unique columns, so that one insert claims both or neither.
/// fn row(claim: &Claim) -> [&str; 3] {
///     [claim.flow.as_str(), claim.code.as_str(), claim.subject.as_str()]
/// }
/// # let _ = row;
/// ```
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
///
/// ```
/// use stripe_connect_oauth::edge::{Claim, ClaimRecord, Digest, Outcome};
/// use stripe_connect_oauth::{ConnectError, Subject};
///
/// /// A claim, out of its row.
/// fn record(row: [&str; 3], claimed_at: u64, outcome: Option<Outcome>) -> Result<ClaimRecord, ConnectError> {
///     let [flow, code, subject] = row;
///     let (flow, code, subject) = (Digest::kept(flow), Digest::kept(code), Subject::parse(subject)?);
///     Ok(ClaimRecord { claim: Claim { flow, code, subject, claimed_at }, outcome })
/// }
/// # let _ = record;
/// ```
#[derive(Debug, Clone)]
pub struct ClaimRecord {
    /// The claim.
    pub claim: Claim,
    /// How it ended; `None` while the exchange is at work.
    pub outcome: Option<Outcome>,
}

words! {
    /// What a store answers to [`Store::begin_event`].
    ///
    /// ```
    /// use stripe_connect_oauth::edge::EventProgress;
    ///
    /// assert_eq!(EventProgress::parse("in_progress"), Some(EventProgress::InProgress));
    /// assert_eq!(EventProgress::Done.as_str(), "done");
    /// ```
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
///
/// ```
/// use stripe_connect_oauth::edge::StoreError;
///
/// let lost = std::io::Error::other("the connection was lost");
/// assert_eq!(StoreError(lost.to_string()).to_string(), "the store failed: the connection was lost");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(pub String);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store failed: {}", self.0)
    }
}

impl std::error::Error for StoreError {}

/// What must outlive a request. Two requests at once, anywhere, see the same store.
///
/// Every row belongs to an [`Application`], and no method sees or changes another's. Times are Unix time in seconds.
///
/// ```
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// use stripe_connect_oauth::edge::{Application, Claim, Digest, EventProgress, MemoryStore, Outcome, Store};
/// use stripe_connect_oauth::{ClientId, Livemode, State, Subject};
///
/// let store = MemoryStore::default(); // every store answers like this one
/// let shop = Application { client_id: ClientId::parse("ca_123")?, livemode: Livemode::Test };
/// let (ada, eve) = (Subject::parse("ada")?, Subject::parse("eve")?);
/// let (flow, code) = (Digest::of(State::from_random([7; 32]).as_str()), Digest::of("ac_123"));
///
/// // Of two requests with one code, the first may spend it. The other one gets to see who was first.
/// let claim = Claim { flow: flow.clone(), code, subject: ada.clone(), claimed_at: 1_700_000_000 };
/// assert!(store.claim(&shop, &claim).await?.is_none());
/// let first = store.claim(&shop, &Claim { subject: eve, ..claim.clone() }).await?;
/// assert_eq!(first.map(|record| record.claim.subject), Some(ada.clone()));
///
/// // How it ended is kept with the claim, and a connection with it, both or neither.
/// store.settle(&shop, &flow, Outcome::Connected, None).await?;
/// assert_eq!(store.claimed(&shop, &flow).await?.and_then(|record| record.outcome), Some(Outcome::Connected));
/// assert!(store.connections(&shop, &ada).await?.is_empty());
///
/// // An event is new once.
/// assert_eq!(store.begin_event(&shop, "evt_1", 1_700_000_000).await?, EventProgress::New);
/// store.finish_event(&shop, "evt_1").await?;
/// assert_eq!(store.begin_event(&shop, "evt_1", 1_700_000_060).await?, EventProgress::Done);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Store: MaybeSync {
    /// Whether it can keep what it will be asked to, such as whether its tables are there: asked before the first
    /// person leaves for Stripe. The error says what to do.
    fn check(&self) -> impl Future<Output = Result<(), StoreError>> + MaybeSend {
        async { Ok(()) }
    }

    /// Claims a flow and a code in one atomic step: `None` when the claim is now made, otherwise the
    /// record that stands in its way, by flow first, else by code.
    fn claim(
        &self,
        application: &Application,
        claim: &Claim,
    ) -> impl Future<Output = Result<Option<ClaimRecord>, StoreError>> + MaybeSend;

    /// The record of a flow, if it was claimed.
    fn claimed(
        &self,
        application: &Application,
        flow: &Digest,
    ) -> impl Future<Output = Result<Option<ClaimRecord>, StoreError>> + MaybeSend;

    /// How many claims the subject has made since `since`, that second included.
    fn claims_since(
        &self,
        application: &Application,
        subject: &Subject,
        since: u64,
    ) -> impl Future<Output = Result<u64, StoreError>> + MaybeSend;

    /// Ends a claim, and keeps the connection it made, both or neither. A connection of the same subject
    /// and account is replaced, and is live again if it had ended.
    fn settle(
        &self,
        application: &Application,
        flow: &Digest,
        outcome: Outcome,
        connection: Option<&Connection>,
    ) -> impl Future<Output = Result<(), StoreError>> + MaybeSend;

    /// The subject's live connections, the newest first. One that has ended is never among them.
    fn connections(
        &self,
        application: &Application,
        subject: &Subject,
    ) -> impl Future<Output = Result<Vec<Connection>, StoreError>> + MaybeSend;

    /// The subject's connections that have ended, the last to end first.
    fn disconnected(
        &self,
        application: &Application,
        subject: &Subject,
    ) -> impl Future<Output = Result<Vec<Connection>, StoreError>> + MaybeSend;

    /// The live connections of an account, whoever made them, the newest first: at Stripe they are one.
    fn connections_of(
        &self,
        application: &Application,
        account_id: &AccountId,
    ) -> impl Future<Output = Result<Vec<Connection>, StoreError>> + MaybeSend;

    /// Ends the account's connection, whoever made it, and lets its refresh token go. One that was made
    /// after `at` stays: what ended was the connection before it.
    fn disconnect(
        &self,
        application: &Application,
        account_id: &AccountId,
        at: u64,
    ) -> impl Future<Output = Result<(), StoreError>> + MaybeSend;

    /// Ends one subject's connection of the account and no other's, and lets its refresh token go; as
    /// [`Store::disconnect`] does otherwise.
    fn forget(
        &self,
        application: &Application,
        subject: &Subject,
        account_id: &AccountId,
        at: u64,
    ) -> impl Future<Output = Result<(), StoreError>> + MaybeSend;

    /// Deletes what is kept of the subject: the connections that have ended, and the claims made before `before`. A
    /// live connection stays, for it has to end at Stripe first; younger claims are let go by their age.
    fn erase(
        &self,
        application: &Application,
        subject: &Subject,
        before: u64,
    ) -> impl Future<Output = Result<(), StoreError>> + MaybeSend;

    /// Begins to handle the webhook event with this id, in one atomic step: of several requests at once,
    /// one is told [`EventProgress::New`]. Events that began a week ago may be let go.
    fn begin_event(
        &self,
        application: &Application,
        id: &str,
        now: u64,
    ) -> impl Future<Output = Result<EventProgress, StoreError>> + MaybeSend;

    /// The event was handled, and never begins again.
    fn finish_event(
        &self,
        application: &Application,
        id: &str,
    ) -> impl Future<Output = Result<(), StoreError>> + MaybeSend;

    /// The event was not handled, and may begin again at once. One that was finished stays so.
    fn release_event(
        &self,
        application: &Application,
        id: &str,
    ) -> impl Future<Output = Result<(), StoreError>> + MaybeSend;
}
