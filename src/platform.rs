//! [`Platform`]: what is registered at Stripe for the platform, as far as the front channel may know it.

use crate::error::{ConnectError, ErrorCode};
use crate::ids::ClientId;
use crate::livemode::Livemode;
use crate::redirect_uri::RedirectUri;

/// The platform's registration: its client id, its mode where known, its redirect URIs.
#[derive(Debug, Clone)]
pub struct Platform {
    client_id: ClientId,
    livemode: Option<Livemode>,
    redirect_uris: Vec<RedirectUri>,
}

impl Platform {
    /// A platform with no redirect URIs listed: any valid one may then be asked for.
    pub fn new(client_id: ClientId, livemode: Option<Livemode>) -> Platform {
        Platform { client_id, livemode, redirect_uris: Vec::new() }
    }

    /// Adds a registered redirect URI. The first one added is the default, as at Stripe.
    pub fn register(&mut self, redirect_uri: &str) -> Result<(), ConnectError> {
        self.redirect_uris.push(RedirectUri::parse(redirect_uri, self.livemode)?);
        Ok(())
    }

    /// The platform's client id.
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// The redirect URI to use: the one asked for, if it is registered, else the default.
    ///
    /// Membership is by exact string, as Stripe compares (RFC 9700 §2.1).
    pub fn redirect_uri(&self, asked: Option<&str>) -> Result<Option<RedirectUri>, ConnectError> {
        let Some(asked) = asked else { return Ok(self.redirect_uris.first().cloned()) };
        let asked = RedirectUri::parse(asked, self.livemode)?;
        if self.redirect_uris.is_empty() || self.redirect_uris.contains(&asked) {
            return Ok(Some(asked));
        }
        let what = "must equal one of redirect_uris, character for character";
        Err(ConnectError::new(ErrorCode::RedirectUriNotAllowed, "redirect_uri", what))
    }
}
