//! [`Application`]: whose rows a store keeps.

use crate::vocabulary::ids::ClientId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::text::hex;
use sha2::{Digest, Sha256};

/// The platform's OAuth application in one mode: a store's rows belong to one, so that several handlers share a store
/// and neither sees, ends or marks as done what is another's. Stripe's word for what a client id names.
///
/// ```
/// use stripe_connect_oauth::edge::Application;
/// use stripe_connect_oauth::{ClientId, Livemode};
///
/// let application = Application { client_id: ClientId::parse("ca_123")?, livemode: Livemode::Test };
/// # let _ = application;
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Application {
    /// The platform's `ca_…`.
    pub client_id: ClientId,
    /// The mode of the key.
    pub livemode: Livemode,
}

impl Application {
    /// What tells its cookies from another application's on the same site.
    pub(crate) fn tag(&self) -> String {
        let mode = if self.livemode.as_bool() { "live" } else { "test" };
        let digest = Sha256::digest([self.client_id.as_str(), " ", mode].concat());
        hex(&digest).get(..8).unwrap_or_default().to_owned()
    }
}
