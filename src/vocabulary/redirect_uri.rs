//! [`RedirectUri`]: where Stripe sends the browser back.

use super::convert::as_text;
use super::error::{ConnectError, ErrorCode};
use super::livemode::Livemode;
use super::origin::{HttpUrl, NOT_PRIVATE};
use super::query::{Param, read_params};
use super::text::cut;

const PARAM: &str = "redirect_uri";

/// An absolute URL without fragment or user information; https, or http on this machine outside live
/// mode (`docs.stripe.com/connect/oauth-reference`, RFC 6749 §3.1.2).
///
/// Its query has none of the names that Stripe's answer has, such as `state`.
///
/// Stripe compares redirect URIs as strings, so this type keeps the text exactly as given.
///
/// ```
/// use stripe_connect_oauth::{Livemode, RedirectUri};
///
/// assert!(RedirectUri::parse("https://shop.example/connect/callback", Some(Livemode::Live)).is_ok());
/// assert!(RedirectUri::parse("http://localhost:8787/connect/callback", Some(Livemode::Test)).is_ok());
/// assert!(RedirectUri::parse("http://localhost:8787/connect/callback", Some(Livemode::Live)).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// The limit on its length, in bytes.
    pub const MAX_BYTES: usize = 2048;

    /// Reads a redirect URI. With `livemode` unknown, http on this machine is allowed: only Stripe
    /// knows a client id's mode. So do `FromStr`, `TryFrom` and serde read it.
    pub fn parse(text: &str, livemode: Option<Livemode>) -> Result<RedirectUri, ConnectError> {
        RedirectUri::check(text, livemode)?;
        Ok(RedirectUri(text.to_owned()))
    }

    pub(crate) fn check(text: &str, livemode: Option<Livemode>) -> Result<(), ConnectError> {
        if text.is_empty() {
            return Err(ConnectError::missing(PARAM, "leave it out, or give a registered URL"));
        }
        if text.len() > RedirectUri::MAX_BYTES {
            return Err(ConnectError::new(ErrorCode::TooLong, PARAM, "is longer than 2048 bytes"));
        }
        let url = HttpUrl::read(text).map_err(|what| ConnectError::invalid(PARAM, what))?;
        if !url.https && livemode == Some(Livemode::Live) {
            return Err(ConnectError::invalid(PARAM, "must use https in live mode"));
        }
        if !url.is_private() {
            return Err(ConnectError::invalid(PARAM, NOT_PRIVATE));
        }
        // Stripe's answer has them too, and one that stands there twice is refused.
        let (_, query) = cut(url.path_and_query, b'?').unwrap_or_default();
        if !read_params(query).iter().all(Param::is_absent) {
            return Err(ConnectError::invalid(PARAM, "has a parameter of Stripe's answer in its query: rename it"));
        }
        Ok(())
    }

    /// The text exactly as given.
    ///
    /// ```
    /// use stripe_connect_oauth::RedirectUri;
    ///
    /// let uri = RedirectUri::parse("https://Shop.example:443/back", None)?;
    /// assert_eq!(uri.as_str(), "https://Shop.example:443/back", "Stripe compares character for character");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

as_text! { RedirectUri: |text| RedirectUri::parse(text, None); }
