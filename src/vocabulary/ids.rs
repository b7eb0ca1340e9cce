//! Stripe's identifiers: [`ClientId`] (`ca_…`), [`AccountId`] (`acct_…`) and [`ChannelLink`] (`chnlink_…`).

use super::convert::as_text;
use super::error::{ConnectError, ErrorCode};
use super::text::{all, cut, join};

/// No Stripe id is near this long; Stripe's documentation asks for room for 255.
const MAX_ID_BYTES: usize = 255;

/// The platform's OAuth client id, `ca_` and letters or digits. It is public.
///
/// The id does not tell test from live mode: each is one or the other, and Stripe alone knows
/// which (`docs.stripe.com/connect/oauth-standard-accounts`).
///
/// ```
/// use stripe_connect_oauth::ClientId;
///
/// assert_eq!(ClientId::parse("ca_123")?.as_str(), "ca_123");
/// assert!(ClientId::parse("acct_123").is_err());
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    const PARAM: &'static str = "client_id";
    const FIX: &'static str = "copy the one that begins with ca_ from the dashboard's Connect settings";

    /// Reads a client id, and says what a pasted key or account id is.
    pub fn parse(text: &str) -> Result<ClientId, ConnectError> {
        ClientId::check(text)?;
        Ok(ClientId(text.to_owned()))
    }

    pub(crate) fn check(text: &str) -> Result<(), ConnectError> {
        if text.is_empty() {
            return Err(ConnectError::missing(Self::PARAM, Self::FIX));
        }
        if let Some(other) = credential(text).filter(|_| !text.starts_with("ca_")) {
            let what = join(&["is ", other, ", not a client id: ", Self::FIX]);
            return Err(ConnectError::new(ErrorCode::WrongCredential, Self::PARAM, &what));
        }
        check_id(text, "ca_", Self::PARAM)
    }

    /// The id as Stripe writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A connected account's id, `acct_` and letters, digits or underscores. This is what a platform stores.
///
/// Stripe's own ids have no second underscore; those of its libraries' fixtures do, such as `acct_test_token`.
///
/// ```
/// use stripe_connect_oauth::AccountId;
///
/// let account = AccountId::parse("acct_1032D82eZvKYlo2C")?;
/// assert_eq!(account.as_str(), "acct_1032D82eZvKYlo2C");
/// assert_eq!(AccountId::parse("ca_123").unwrap_err().param(), "stripe_user_id");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// Reads an account id.
    pub fn parse(text: &str) -> Result<AccountId, ConnectError> {
        const PARAM: &str = "stripe_user_id";
        if text.is_empty() {
            return Err(ConnectError::missing(PARAM, "a connected account's id begins with acct_"));
        }
        if text.len() > MAX_ID_BYTES {
            return Err(ConnectError::new(ErrorCode::TooLong, PARAM, "is longer than 255 bytes"));
        }
        match text.strip_prefix("acct_") {
            Some(rest) if !rest.is_empty() && all(rest, |b| b.is_ascii_alphanumeric() || b == b'_') => {
                Ok(AccountId(text.to_owned()))
            }
            _ => {
                const RULE: &str = "must be acct_ and then only letters, digits and underscores";
                Err(ConnectError::invalid(PARAM, RULE))
            }
        }
    }

    /// The id as Stripe writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The id of a Stripe App's channel link, `chnlink_` and letters or digits: it stands in the authorize URL
/// of an app that is tested outside its account (`docs.stripe.com/stripe-apps/api-authentication/oauth`).
///
/// ```
/// use stripe_connect_oauth::{AuthorizeUrl, ChannelLink, ClientId, Flow, State};
///
/// let link = ChannelLink::parse("chnlink_61Pr")?;
/// assert_eq!(link.as_str(), "chnlink_61Pr");
///
/// let (client_id, state) = (ClientId::parse("ca_123")?, State::from_random([7; 32]));
/// let mut url = AuthorizeUrl::new(&client_id, &state);
/// url.flow = Flow::App;
/// url.channel_link = Some(link);
/// assert!(url.build()?.starts_with("https://marketplace.stripe.com/oauth/v2/chnlink_61Pr/authorize?"));
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChannelLink(String);

impl ChannelLink {
    pub(crate) const PARAM: &'static str = "channel_link";

    /// Reads a channel link's id.
    pub fn parse(text: &str) -> Result<ChannelLink, ConnectError> {
        ChannelLink::check(text)?;
        Ok(ChannelLink(text.to_owned()))
    }

    pub(crate) fn check(text: &str) -> Result<(), ConnectError> {
        check_id(text, "chnlink_", ChannelLink::PARAM)
    }

    /// The id as Stripe writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

as_text! {
    ClientId: ClientId::parse;
    AccountId: AccountId::parse;
    ChannelLink: ChannelLink::parse;
}

/// `prefix`, then at least one letter or digit, and nothing else.
fn check_id(text: &str, prefix: &str, param: &str) -> Result<(), ConnectError> {
    if text.len() > MAX_ID_BYTES {
        return Err(ConnectError::new(ErrorCode::TooLong, param, "is longer than 255 bytes"));
    }
    match text.strip_prefix(prefix) {
        Some(rest) if !rest.is_empty() && all(rest, |b| b.is_ascii_alphanumeric()) => Ok(()),
        _ => {
            let what = join(&["must be ", prefix, " and then only letters and digits"]);
            Err(ConnectError::invalid(param, &what))
        }
    }
}

/// Which of Stripe's credentials `text` is, in words, by its prefix.
///
/// The words never repeat the value, which may be a secret. The prefixes stand here without their
/// underscore so that a search of a browser bundle for secret keys finds none.
pub(crate) fn credential(text: &str) -> Option<&'static str> {
    let (prefix, _) = cut(text, b'_')?;
    match prefix {
        "sk" | "rk" => Some("a secret key (roll it if a browser has seen it)"),
        "pk" => Some("a publishable key"),
        "ca" => Some("a client id"),
        "acct" => Some("an account id"),
        "whsec" => Some("a webhook signing secret"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_ca_and_alphanumerics() {
        for good in ["ca_1", "ca_123", "ca_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb"] {
            assert_eq!(ClientId::parse(good).map(|id| id.to_string()).as_deref(), Ok(good));
        }
        for bad in ["ca_", "CA_123", " ca_123", "ca_123\n", "ca_1-2", "ca_é", "client"] {
            assert_eq!(ClientId::parse(bad).map_err(|e| e.code()), Err(ErrorCode::InvalidValue), "{bad:?}");
        }
    }

    #[test]
    fn the_length_limit_is_255_bytes() {
        let id = |n: usize| format!("ca_{}", "a".repeat(n));
        assert!(ClientId::parse(&id(252)).is_ok());
        assert_eq!(ClientId::parse(&id(253)).map_err(|e| e.code()), Err(ErrorCode::TooLong));
    }

    #[test]
    fn a_pasted_credential_is_named_and_never_repeated() {
        for pasted in ["sk_live_canary", "rk_test_canary", "pk_test_canary", "acct_canary", "whsec_canary"] {
            let Err(error) = ClientId::parse(pasted) else { panic!("{pasted} was accepted") };
            assert_eq!(error.code(), ErrorCode::WrongCredential);
            assert!(!format!("{error}{error:?}").contains("canary"), "{error}");
        }
    }
}
