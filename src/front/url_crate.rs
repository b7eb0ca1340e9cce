//! Redirect and authorize URLs as the `url` crate has them.

use super::authorize::AuthorizeUrl;
use super::callback_query::CallbackQuery;
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::redirect_uri::RedirectUri;
use url::Url;

/// A [`Url`] has been put in order: a host is in lower case, the scheme's own port is gone, a path is at least `/`, and
/// `.` and `..` are resolved. Stripe compares redirect URIs as strings, so register the one that it writes; one that is
/// registered otherwise is kept as it is by [`RedirectUri::parse`].
///
/// ```
/// use stripe_connect_oauth::RedirectUri;
/// use url::Url;
///
/// let url = Url::parse("https://Shop.example:443")?;
/// assert_eq!(RedirectUri::try_from(&url)?.as_str(), "https://shop.example/");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl TryFrom<&Url> for RedirectUri {
    type Error = ConnectError;

    fn try_from(url: &Url) -> Result<RedirectUri, ConnectError> {
        RedirectUri::parse(url.as_str(), None)
    }
}

/// To take apart or to compare by what it means; what Stripe compares is its text.
///
/// It fails where the host has an `xn--` label of characters that IDNA has no place for.
///
/// ```
/// use stripe_connect_oauth::RedirectUri;
/// use url::Url;
///
/// let uri = RedirectUri::parse("https://shop.example/connect/callback?from=stripe", None)?;
/// assert_eq!(Url::try_from(&uri)?.path(), "/connect/callback");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl TryFrom<&RedirectUri> for Url {
    type Error = url::ParseError;

    fn try_from(uri: &RedirectUri) -> Result<Url, url::ParseError> {
        Url::parse(uri.as_str())
    }
}

/// What [`AuthorizeUrl::build`] writes.
///
/// ```
/// use stripe_connect_oauth::{AuthorizeUrl, ClientId, State};
/// use url::Url;
///
/// let (client_id, state) = (ClientId::parse("ca_123")?, State::from_random([7; 32]));
/// let url = Url::try_from(&AuthorizeUrl::new(&client_id, &state))?;
/// assert_eq!(url.host_str(), Some("connect.stripe.com"));
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
impl TryFrom<&AuthorizeUrl<'_>> for Url {
    type Error = ConnectError;

    fn try_from(url: &AuthorizeUrl<'_>) -> Result<Url, ConnectError> {
        // Stripe's own origins can be read; a stand-in's is the user's.
        let unread = |_| ConnectError::invalid("connect_base", "has a host that the url crate can't read");
        Url::parse(&url.build()?).map_err(unread)
    }
}

/// The redirect back, as [`CallbackQuery::read`] reads it.
///
/// ```
/// use stripe_connect_oauth::{Callback, CallbackQuery, State};
/// use url::Url;
///
/// let state = State::from_random([7; 32]);
/// let mut url = Url::parse("https://shop.example/return?code=ac_123")?;
/// url.query_pairs_mut().append_pair("state", state.as_str());
/// assert!(matches!(CallbackQuery::from(&url).verify(&state), Callback::Authorized(_)));
/// # Ok::<(), url::ParseError>(())
/// ```
impl From<&Url> for CallbackQuery {
    fn from(url: &Url) -> CallbackQuery {
        CallbackQuery::read(url.as_str())
    }
}
