//! [`Platform`]: what is registered at Stripe for the platform, as far as the front channel may know it.

use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::ids::ClientId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::redirect_uri::RedirectUri;

/// The platform's registration: its client id, its mode where known, its redirect URIs.
///
/// ```
/// use stripe_connect_oauth::{ClientId, ErrorCode, Livemode, Platform};
///
/// let mut platform = Platform::new(ClientId::parse("ca_123")?, Some(Livemode::Live));
/// platform.register("https://shop.example/sellers/stripe")?;
/// platform.register("https://shop.example/couriers/stripe")?;
/// assert_eq!(platform.client_id().as_str(), "ca_123");
/// assert_eq!(platform.redirect_uris().len(), 2);
///
/// let default = platform.redirect_uri(None)?;
/// assert_eq!(default.as_ref().map(|uri| uri.as_str()), Some("https://shop.example/sellers/stripe"));
/// let error = platform.redirect_uri(Some("https://shop.example/sellers/stripe/")).unwrap_err();
/// assert_eq!(error.code(), ErrorCode::RedirectUriNotAllowed);
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
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

    /// The registered redirect URIs, the default first.
    pub fn redirect_uris(&self) -> &[RedirectUri] {
        &self.redirect_uris
    }

    /// The redirect URI to use: the one asked for, if it is registered, else the default.
    ///
    /// Membership is by exact string, as Stripe compares (RFC 9700 §2.1).
    pub fn redirect_uri(&self, asked: Option<&str>) -> Result<Option<RedirectUri>, ConnectError> {
        let registered = self.redirect_uris.iter().map(RedirectUri::as_str);
        let chosen = choose_redirect_uri(asked, registered, self.livemode)?;
        chosen.map(|chosen| RedirectUri::parse(chosen, self.livemode)).transpose()
    }
}

/// [`Platform::redirect_uri`] over texts, each of which is checked.
pub(crate) fn choose_redirect_uri<'a>(
    asked: Option<&'a str>,
    registered: impl Iterator<Item = &'a str>,
    livemode: Option<Livemode>,
) -> Result<Option<&'a str>, ConnectError> {
    if let Some(asked) = asked {
        RedirectUri::check(asked, livemode)?;
    }
    let mut chosen = asked;
    // With none registered, any may be asked for.
    let mut is_listed = true;
    for (at, registered) in registered.enumerate() {
        RedirectUri::check(registered, livemode)?;
        chosen = chosen.or(Some(registered));
        is_listed = (is_listed && at > 0) || chosen == Some(registered);
    }
    if is_listed {
        return Ok(chosen);
    }
    let what = "must equal one of redirect_uris, character for character";
    Err(ConnectError::new(ErrorCode::RedirectUriNotAllowed, "redirect_uri", what))
}
