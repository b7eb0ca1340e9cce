//! The flow cookie: what the browser that started a flow must bring back to finish it.
//!
//! One cookie a flow, so that two tabs don't fight, in one of sixteen places. The places are the application's own, so
//! that two handlers on one site don't fight either. The state decides which, and the value is sealed: someone who
//! learns the state from a URL still has no cookie. `__Host-` ties it to this very host.

use super::application::Application;
use super::store::Digest;
use crate::server::{NONCE_BYTES, Request, SealingKeys};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::state::State;
use crate::vocabulary::subject::Subject;
use sha2::Sha256;
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;

/// How many flows one browser may have under way; the oldest makes room.
pub(crate) const MAX_FLOWS: usize = 5;

/// A longer value was not sealed here, whatever the flow.
const MAX_SEALED_BYTES: usize = 1024;

/// What a flow was started with. The callback must fit all of it.
pub(crate) struct Flow {
    /// The state in the authorize URL.
    pub(crate) state: State,
    /// Who started it.
    pub(crate) subject: Fingerprint,
    /// The configuration it was started under; see `Config::commitment`.
    pub(crate) commitment: Fingerprint,
    /// Unix time in seconds; from this second on it is too late.
    pub(crate) expires_at: u64,
    /// Where the person goes afterwards.
    pub(crate) return_to: String,
}

/// SHA-256 of what is only compared later, so that a cookie is small whatever was compared.
#[derive(Clone)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(crate) fn of(text: &str) -> Fingerprint {
        use sha2::Digest as _;
        Fingerprint(Sha256::digest(text.as_bytes()).into())
    }

    pub(crate) fn of_subject(subject: &Subject) -> Fingerprint {
        Fingerprint::of(subject.as_str())
    }
}

impl PartialEq for Fingerprint {
    /// In time that does not depend on where they differ.
    fn eq(&self, other: &Fingerprint) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Flow {
    /// As it is sealed: what has a fixed length first.
    fn packed(&self) -> Vec<u8> {
        let Flow { state, subject, commitment, expires_at, return_to } = self;
        let expires_at = expires_at.to_be_bytes();
        [&expires_at, state.as_str().as_bytes(), &subject.0, &commitment.0, return_to.as_bytes()].concat()
    }

    fn unpacked(packed: &[u8]) -> Option<Flow> {
        let (expires_at, rest) = packed.split_first_chunk()?;
        let (state, rest) = rest.split_first_chunk::<43>()?;
        let (subject, rest) = rest.split_first_chunk()?;
        let (commitment, return_to) = rest.split_first_chunk()?;
        Some(Flow {
            state: State::parse(str::from_utf8(state).ok()?).ok()?,
            subject: Fingerprint(*subject),
            commitment: Fingerprint(*commitment),
            expires_at: u64::from_be_bytes(*expires_at),
            return_to: str::from_utf8(return_to).ok()?.to_owned(),
        })
    }
}

/// `Set-Cookie` for a new flow. `Lax`: Stripe's redirect back is a top-level GET from another site.
pub(crate) fn set(name: &str, sealed: &str, max_age: u64) -> String {
    format!("{name}={sealed}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Lax")
}

/// `Set-Cookie` that takes a flow away.
pub(crate) fn clear(name: &str) -> String {
    set(name, "", 0)
}

/// The flow cookies of an application: their names, and the keys that seal and open them. The first key seals, every
/// one opens.
#[derive(Debug)]
pub(crate) struct FlowCookies {
    /// What their names begin with.
    prefix: String,
    keys: SealingKeys,
}

impl FlowCookies {
    /// One key for each of the platform's secrets.
    pub(crate) fn of(application: &Application, secrets: &[String]) -> Result<FlowCookies, ConnectError> {
        let keys = SealingKeys::derive("stripe-connect-oauth flow cookie 2", "cookie_secrets", secrets)?;
        Ok(FlowCookies { prefix: ["__Host-stripe-connect.", &*application.tag(), "."].concat(), keys })
    }

    /// The name of the cookie for the flow whose state has this digest: one of sixteen, for whoever starts without end.
    pub(crate) fn name(&self, flow: &Digest) -> String {
        [&*self.prefix, flow.as_str().get(..1).unwrap_or_default()].concat()
    }

    /// The sealed values that came with a request, by name: sixteen at most, whatever else came.
    pub(crate) fn all<'a>(&self, request: &'a Request) -> BTreeMap<&'a str, &'a str> {
        let is_ours = |name: &str| {
            name.strip_prefix(&*self.prefix)
                .is_some_and(|place| matches!(place.as_bytes(), [b'0'..=b'9' | b'a'..=b'f']))
        };
        request.cookies().filter(|(name, _)| is_ours(name)).collect()
    }

    /// Seals `flow` for the cookie called `name`. A sealed value opens under no other name.
    pub(crate) fn seal(&self, name: &str, flow: &Flow, nonce: [u8; NONCE_BYTES]) -> Option<String> {
        self.keys.seal(name, &flow.packed(), nonce)
    }

    /// Opens a sealed value, or `None` if it was not sealed here, for this name, whole.
    pub(crate) fn open(&self, name: &str, sealed: &str) -> Option<Flow> {
        let sealed = Some(sealed).filter(|sealed| sealed.len() <= MAX_SEALED_BYTES)?;
        Flow::unpacked(&self.keys.open(name, sealed)?)
    }
}
