//! [`Connection`]: a connected account, as the platform keeps it.

use crate::server::TokenScope;
use crate::vocabulary::ids::{AccountId, ClientId};
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::subject::Subject;
use serde::Serialize;
use std::fmt;

/// A connected account: what the platform keeps. No secret stands open in it.
///
/// With the feature `serde` it is the row of the stores that come with the npm package, field by field. What its
/// subject may read of it is [`Connection::view`].
///
/// ```
/// use stripe_connect_oauth::edge::Connection;
/// use stripe_connect_oauth::server::TokenScope;
/// use stripe_connect_oauth::{AccountId, ClientId, Livemode, Subject};
///
/// let connection = Connection {
///     subject: Subject::parse("ada")?,
///     client_id: ClientId::parse("ca_123")?,
///     account_id: AccountId::parse("acct_1")?,
///     livemode: Livemode::Test,
///     scope: TokenScope::ReadWrite,
///     connected_at: 1_700_000_000,
///     disconnected_at: None,
///     refresh_token: None,
/// };
/// assert!(connection.disconnected_at.is_none(), "it is live");
/// println!("{:?}", connection.view()); // what Ada may read of it
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Connection {
    /// The platform's user who connected it.
    pub subject: Subject,
    /// The platform's `ca_…`, to which it was connected.
    pub client_id: ClientId,
    /// The account's id.
    pub account_id: AccountId,
    /// The mode of the connection.
    pub livemode: Livemode,
    /// What was granted.
    pub scope: TokenScope,
    /// Unix time in seconds.
    pub connected_at: u64,
    /// When it ended, in Unix time in seconds; `None` while it is live.
    pub disconnected_at: Option<u64>,
    /// The refresh token, sealed; `None` unless the platform keeps them. See
    /// [`ConfigBuilder::refresh_token_secrets`](super::ConfigBuilder::refresh_token_secrets).
    pub refresh_token: Option<String>,
}

impl Connection {
    /// The connection as its own subject may read it, in JSON.
    pub fn view(&self) -> impl Serialize + fmt::Debug + use<> {
        View {
            account_id: self.account_id.as_str().to_owned(),
            livemode: self.livemode.as_bool(),
            scope: self.scope.as_str(),
            connected_at: self.connected_at,
            disconnected_at: self.disconnected_at,
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("subject", &self.subject)
            .field("client_id", &self.client_id)
            .field("account_id", &self.account_id)
            .field("livemode", &self.livemode)
            .field("scope", &self.scope)
            .field("connected_at", &self.connected_at)
            .field("disconnected_at", &self.disconnected_at)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Serialize)]
struct View {
    account_id: String,
    livemode: bool,
    scope: &'static str,
    connected_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnected_at: Option<u64>,
}
