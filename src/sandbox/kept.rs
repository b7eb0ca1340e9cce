//! What the [`Ledger`](super::ledger::Ledger) keeps: codes, connections, tokens and links, and what it says of them.

use super::platform::SandboxPlatform;
use crate::server::TokenScope;
use crate::vocabulary::capability::Capability;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::ClientId;
use crate::vocabulary::livemode::Livemode;
use serde::Serialize;
use serde_json::Value;

/// A link for onboarding can be opened for some minutes.
const LINK_SECONDS: u64 = 300;

/// An authorization code, and what became of it.
pub(super) struct Code {
    pub(super) client_id: ClientId,
    pub(super) livemode: Livemode,
    pub(super) flow: Flow,
    pub(super) account: String,
    pub(super) scope: TokenScope,
    pub(super) issued_at: u64,
    /// Where the connection stands that it was spent for.
    pub(super) connection: Option<usize>,
    /// How often it was taken for good coin: more than once revokes.
    pub(super) sent: u32,
}

/// Who presents a code or a refresh token, and when.
#[derive(Clone, Copy)]
pub(super) struct Presented<'a> {
    pub(super) platform: &'a SandboxPlatform,
    pub(super) key_mode: Livemode,
    /// Whether it came to the endpoint of Stripe Apps.
    pub(super) is_app: bool,
    /// What is asked for, where that may be less than was granted.
    pub(super) scope: Option<TokenScope>,
    pub(super) now: u64,
}

/// What a person agrees to.
pub(super) struct Grant<'a> {
    pub(super) client_id: &'a ClientId,
    pub(super) livemode: Livemode,
    pub(super) flow: Flow,
    pub(super) scope: TokenScope,
}

/// One account connected to one platform, by one code.
#[derive(Clone, Serialize)]
pub(super) struct Connection {
    pub(super) client_id: String,
    pub(super) stripe_user_id: String,
    #[serde(serialize_with = "word_of_scope")]
    pub(super) scope: TokenScope,
    pub(super) livemode: bool,
    pub(super) connected_at: u64,
    pub(super) revoked: bool,
    pub(super) revoked_at: Option<u64>,
    pub(super) revoked_by: Option<RevokedBy>,
}

fn word_of_scope<S: serde::Serializer>(scope: &TokenScope, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(scope.as_str())
}

/// Who ended a connection.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RevokedBy {
    /// Its code was sent a second time.
    CodeReuse,
    /// The platform, through `/oauth/deauthorize`.
    Platform,
    /// The account's owner, in the dashboard.
    Account,
}

/// How a connection ended.
#[derive(Clone, Copy)]
pub(super) struct Ending {
    pub(super) by: RevokedBy,
    pub(super) at: u64,
}

/// One entry of `/_sandbox/codes`.
#[derive(Serialize)]
pub(super) struct CodeEntry<'a> {
    pub(super) code: String,
    pub(super) client_id: &'a str,
    pub(super) stripe_user_id: &'a str,
    pub(super) livemode: bool,
    pub(super) issued_at: u64,
    pub(super) sent: u32,
    pub(super) spent: bool,
    pub(super) revoked: bool,
}

/// What opens the API for one account.
pub(super) struct AccessToken {
    pub(super) connection: usize,
    pub(super) account: String,
    pub(super) livemode: Livemode,
    pub(super) scope: TokenScope,
    pub(super) expires_at: Option<u64>,
}

impl AccessToken {
    pub(super) fn has_expired(&self, now: u64) -> bool {
        self.expires_at.is_some_and(|at| now >= at)
    }
}

pub(super) struct RefreshToken {
    pub(super) connection: usize,
    pub(super) expires_at: Option<u64>,
}

/// What the token endpoint hands out.
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) refresh_token: String,
    pub(super) stripe_publishable_key: String,
    pub(super) stripe_user_id: String,
    pub(super) scope: TokenScope,
    pub(super) livemode: Livemode,
}

/// Why a code gives no connection.
pub(super) enum CodeRefusal {
    Unknown,
    NotYours,
    OtherMode,
    AlreadyUsed,
    Expired,
    Capability(Capability),
}

/// Why a refresh token gives no access token.
pub(super) enum RefreshRefusal {
    Unknown,
    NotYours,
    Expired,
    WiderScope,
}

/// Why an account stays connected.
pub(super) enum DeauthorizeRefusal {
    NotConnected,
    Controlled,
}

/// A link for onboarding.
pub(super) struct AccountLink {
    pub(super) account: String,
    pub(super) platform: String,
    pub(super) refresh_url: String,
    pub(super) return_url: String,
    pub(super) expires_at: u64,
    pub(super) opened_at: Option<u64>,
    pub(super) is_finished: bool,
}

impl AccountLink {
    /// One that nobody has opened yet. Both URLs are the platform's.
    pub(super) fn new(
        account: &str,
        platform: &SandboxPlatform,
        refresh_url: &str,
        return_url: &str,
        now: u64,
    ) -> AccountLink {
        AccountLink {
            account: account.to_owned(),
            platform: platform.name.clone(),
            refresh_url: refresh_url.to_owned(),
            return_url: return_url.to_owned(),
            expires_at: now.saturating_add(LINK_SECONDS),
            opened_at: None,
            is_finished: false,
        }
    }
}

/// Something that Stripe tells platforms about.
pub(super) enum Happening {
    Authorized { client_id: String, account: String, livemode: bool },
    Deauthorized { client_id: String, account: String, livemode: bool },
    Updated { account: String, previous: Value },
}

/// The beginning of a secret, enough to find it again by.
pub(super) fn beginning(secret: &str) -> String {
    let begin: String = secret.chars().take(7).collect();
    [&*begin, "…"].concat()
}
