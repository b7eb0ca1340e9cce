//! [`SandboxPlatform`]: a platform as it is registered at Stripe.

use super::api_version::ApiVersion;
use crate::server::SecretKey;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::ClientId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::redirect_uri::RedirectUri;

/// A platform, or a Stripe App, as it is registered at Stripe.
///
/// ```
/// use stripe_connect_oauth::sandbox::SandboxPlatform;
/// use stripe_connect_oauth::server::SecretKey;
/// use stripe_connect_oauth::{ClientId, Flow, RedirectUri};
///
/// # fn main() -> Result<(), stripe_connect_oauth::ConnectError> {
/// let callback = RedirectUri::parse("https://shop.example/connect/callback", None)?;
/// let platform =
///     SandboxPlatform::new(ClientId::parse("ca_1")?, callback, SecretKey::parse("sk_test_1")?);
/// assert_eq!(platform.flows, [Flow::Standard, Flow::Express]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SandboxPlatform {
    /// The platform's client id.
    pub client_id: ClientId,
    /// The platform's client id of live mode, where `client_id` is the one of test mode.
    pub live_client_id: Option<ClientId>,
    /// The name the consent page shows.
    pub name: String,
    /// The redirect URIs registered for it. The first is the default.
    pub redirect_uris: Vec<RedirectUri>,
    /// The mode of `client_id`, and so of the codes it obtains.
    pub livemode: Livemode,
    /// The flows it may use: of Standard and Express those that are enabled in its settings, or the Apps flow
    /// alone, which makes it a Stripe App.
    pub flows: Vec<Flow>,
    /// The platform's secret keys, of either mode. One of the other mode than a code spends none of them.
    pub secret_keys: Vec<SecretKey>,
    /// The version that its calls are answered in, and its events are told in, where they name none.
    pub api_version: ApiVersion,
}

impl SandboxPlatform {
    /// A Connect platform with one client id, of the key's mode, that may use both of Connect's flows.
    pub fn new(client_id: ClientId, redirect_uri: RedirectUri, secret_key: SecretKey) -> SandboxPlatform {
        SandboxPlatform {
            client_id,
            live_client_id: None,
            name: "Acme Platform".to_owned(),
            redirect_uris: vec![redirect_uri],
            livemode: secret_key.livemode(),
            flows: vec![Flow::Standard, Flow::Express],
            secret_keys: vec![secret_key],
            api_version: ApiVersion::default(),
        }
    }

    /// Each client id and its mode.
    pub(super) fn client_ids(&self) -> impl Iterator<Item = (&ClientId, Livemode)> {
        let live = self.live_client_id.iter().map(|id| (id, Livemode::Live));
        std::iter::once((&self.client_id, self.livemode)).chain(live)
    }

    /// The client id that is written `text`, and its mode.
    pub(super) fn client_id(&self, text: &str) -> Option<(&ClientId, Livemode)> {
        self.client_ids().find(|(id, _)| id.as_str() == text)
    }

    pub(super) fn is_app(&self) -> bool {
        self.flows.contains(&Flow::App)
    }

    /// The id of the platform's own account.
    pub(super) fn account_id(&self) -> String {
        let id = self.client_id.as_str();
        ["acct_1Platform", id.strip_prefix("ca_").unwrap_or(id)].concat()
    }
}
