//! The flow cookie: what the browser that started a flow must bring back to finish it.
//!
//! One cookie a flow, so that two tabs don't fight. Its name comes from the state, its value is sealed:
//! someone who learns the state from a URL still has no cookie. `__Host-` ties it to this very host.

use super::store::Digest;
use crate::server::{NONCE_BYTES, Request, SealingKeys};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::state::State;
use crate::vocabulary::subject::Subject;
use serde::{Deserialize, Serialize};

/// How many flows one browser may have under way; the oldest makes room.
pub(crate) const MAX_FLOWS: usize = 5;

const NAME: &str = "__Host-stripe-connect.";

/// What a flow was started with. The callback must fit all of it.
pub(crate) struct Flow {
    /// The state in the authorize URL.
    pub(crate) state: State,
    /// Who started it.
    pub(crate) subject: Subject,
    /// The configuration it was started under; see `Config::commitment`.
    pub(crate) commitment: String,
    /// Unix time in seconds; from this second on it is too late.
    pub(crate) expires_at: u64,
    /// Where the person goes afterwards.
    pub(crate) return_to: String,
}

/// The same as it is sealed.
#[derive(Serialize, Deserialize)]
struct Sealed {
    state: String,
    subject: String,
    commitment: String,
    expires_at: u64,
    return_to: String,
}

impl Sealed {
    fn of(flow: &Flow) -> Sealed {
        Sealed {
            state: flow.state.as_str().to_owned(),
            subject: flow.subject.as_str().to_owned(),
            commitment: flow.commitment.clone(),
            expires_at: flow.expires_at,
            return_to: flow.return_to.clone(),
        }
    }

    fn flow(self) -> Option<Flow> {
        let Sealed { state, subject, commitment, expires_at, return_to } = self;
        let (state, subject) = (State::parse(&state).ok()?, Subject::parse(&subject).ok()?);
        Some(Flow { state, subject, commitment, expires_at, return_to })
    }
}

/// The name of the cookie for the flow whose state has this digest.
pub(crate) fn name(flow: &Digest) -> String {
    [NAME, flow.as_str().get(..16).unwrap_or_default()].concat()
}

/// `Set-Cookie` for a new flow. `Lax`: Stripe's redirect back is a top-level GET from another site.
pub(crate) fn set(name: &str, sealed: &str, max_age: u64) -> String {
    format!("{name}={sealed}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Lax")
}

/// `Set-Cookie` that takes a flow away.
pub(crate) fn clear(name: &str) -> String {
    set(name, "", 0)
}

/// The flow cookies that came with a request, as names and sealed values.
pub(crate) fn all(request: &Request) -> impl Iterator<Item = (&str, &str)> {
    request.cookies().filter(|(name, _)| name.starts_with(NAME))
}

/// The keys that seal and open flow cookies: the first seals, every one opens.
#[derive(Debug)]
pub(crate) struct CookieKeys(SealingKeys);

impl CookieKeys {
    /// One key for each of the platform's secrets.
    pub(crate) fn derive(secrets: &[String]) -> Result<CookieKeys, ConnectError> {
        SealingKeys::derive("stripe-connect-oauth flow cookie 1", "cookie_secrets", secrets).map(CookieKeys)
    }

    /// Seals `flow` for the cookie called `name`. A sealed value opens under no other name.
    pub(crate) fn seal(&self, name: &str, flow: &Flow, nonce: [u8; NONCE_BYTES]) -> Option<String> {
        self.0.seal(name, &serde_json::to_vec(&Sealed::of(flow)).ok()?, nonce)
    }

    /// Opens a sealed value, or `None` if it was not sealed here, for this name, whole.
    pub(crate) fn open(&self, name: &str, sealed: &str) -> Option<Flow> {
        serde_json::from_slice::<Sealed>(&self.0.open(name, sealed)?).ok()?.flow()
    }
}
