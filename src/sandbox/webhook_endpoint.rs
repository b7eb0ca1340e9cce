//! [`WebhookEndpoint`]: where events go, and what signs them there.

use super::api_version::ApiVersion;
use super::event::Event;
use crate::server::{WebhookSecret, sign_webhook};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::ids::ClientId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::origin::HttpUrl;
use serde_json::{Value, json};

/// An address of a platform that hears of events.
///
/// ```
/// use stripe_connect_oauth::sandbox::WebhookEndpoint;
/// use stripe_connect_oauth::server::WebhookSecret;
///
/// let secret = WebhookSecret::parse("whsec_sandbox123")?;
/// let endpoint = WebhookEndpoint::new("http://localhost:8787/connect/webhook", secret)?;
/// assert_eq!(endpoint.client_id, None, "events of every platform");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone)]
pub struct WebhookEndpoint {
    pub(super) url: String,
    secret: WebhookSecret,
    /// The secrets before it, the newest first, and until when they sign.
    rolled: Vec<(WebhookSecret, u64)>,
    /// The application whose events it hears of; absent, all of them.
    pub client_id: Option<ClientId>,
    /// A live endpoint hears of test events as well, as Stripe's Connect endpoints do; a test endpoint of
    /// those alone.
    pub livemode: Livemode,
    /// The version it is told events in; absent, that of each event's platform.
    pub api_version: Option<ApiVersion>,
}

impl WebhookEndpoint {
    /// A live endpoint, for the events of every platform. The URL is absolute, with http or https.
    pub fn new(url: &str, secret: WebhookSecret) -> Result<WebhookEndpoint, ConnectError> {
        HttpUrl::read(url).map_err(|what| ConnectError::invalid("url", what))?;
        let url = url.to_owned();
        let (rolled, livemode) = (Vec::new(), Livemode::Live);
        Ok(WebhookEndpoint { url, secret, rolled, client_id: None, livemode, api_version: None })
    }

    /// Whether it is told of `event`.
    pub(super) fn hears_of(&self, event: &Event) -> bool {
        let is_its_application = self.client_id.as_ref().is_none_or(|id| id.as_str() == event.client_id);
        is_its_application && (self.livemode == Livemode::Live || !event.livemode)
    }

    /// `t=…,v1=…`, with a `v1` for each secret that is alive.
    pub(super) fn sign(&self, body: &str, now: u64) -> String {
        let mut header = sign_webhook(body.as_bytes(), &self.secret, now);
        for (secret, _) in self.rolled.iter().filter(|(_, until)| now < *until) {
            let signed = sign_webhook(body.as_bytes(), secret, now);
            if let Some((_, signature)) = signed.split_once(',') {
                header.push(',');
                header.push_str(signature);
            }
        }
        header
    }

    /// Gives it a new secret; the old one signs beside it until `until`.
    pub(super) fn roll(&mut self, secret: &WebhookSecret, now: u64, until: u64) {
        self.rolled.retain(|(_, until)| now < *until);
        let old = std::mem::replace(&mut self.secret, secret.clone());
        self.rolled.insert(0, (old, until));
    }

    /// What may be looked at of it. No secret is in it.
    pub(super) fn json(&self) -> Value {
        json!({
            "url": self.url,
            "client_id": self.client_id.as_ref().map(ClientId::as_str),
            "livemode": self.livemode.as_bool(),
            "api_version": self.api_version.as_ref().map(ApiVersion::as_str),
            "rolled_secrets": self.rolled.len(),
        })
    }
}
