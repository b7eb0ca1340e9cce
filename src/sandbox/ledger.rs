//! [`Ledger`]: what Stripe would remember. Accounts, the codes given out for them, the connections made, and
//! the tokens and links that came of it.

use super::account::{Account, SandboxAccount, previous_attributes};
use super::account_state::AccountState;
use super::platform::SandboxPlatform;
use super::seed::Seed;
use crate::server::TokenScope;
use crate::vocabulary::capability::Capability;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::{AccountId, ClientId};
use crate::vocabulary::livemode::Livemode;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A code lives this long (`docs.stripe.com/connect/oauth-reference`: it "expires in 5 minutes"). At the
/// 300th second it is still good.
const CODE_SECONDS: u64 = 300;

/// An access token of a Stripe App lives an hour, a refresh token a year
/// (`docs.stripe.com/stripe-apps/api-authentication/oauth`). Those of Connect live until they are revoked.
const APP_ACCESS_SECONDS: u64 = 3600;
const APP_REFRESH_SECONDS: u64 = 365 * 86_400;

/// A link for onboarding can be opened for some minutes, and filled in for as long as a person may take.
const LINK_SECONDS: u64 = 300;
const FORM_SECONDS: u64 = 3600;

/// How many of the accounts made here can be logged in to again: the newest.
const LISTED_NEW_ACCOUNTS: usize = 3;

/// An authorization code, and what became of it.
struct Code {
    client_id: ClientId,
    livemode: Livemode,
    flow: Flow,
    account: String,
    scope: TokenScope,
    issued_at: u64,
    /// Where the connection stands that it was spent for.
    connection: Option<usize>,
    /// How often it was taken for good coin: more than once revokes.
    sent: u32,
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
    revoked_at: Option<u64>,
    revoked_by: Option<RevokedBy>,
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
    code: String,
    client_id: &'a str,
    stripe_user_id: &'a str,
    livemode: bool,
    issued_at: u64,
    sent: u32,
    spent: bool,
    revoked: bool,
}

/// What opens the API for one account.
pub(super) struct AccessToken {
    connection: usize,
    pub(super) account: String,
    pub(super) livemode: Livemode,
    scope: TokenScope,
    expires_at: Option<u64>,
}

impl AccessToken {
    pub(super) fn has_expired(&self, now: u64) -> bool {
        self.expires_at.is_some_and(|at| now >= at)
    }
}

struct RefreshToken {
    connection: usize,
    expires_at: Option<u64>,
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
    opened_at: Option<u64>,
    is_finished: bool,
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

#[derive(Default)]
pub(super) struct Ledger {
    /// Those that were there from the start, then those made since.
    accounts: Vec<Account>,
    seeded: usize,
    codes: BTreeMap<String, Code>,
    connections: Vec<Connection>,
    access_tokens: BTreeMap<String, AccessToken>,
    refresh_tokens: BTreeMap<String, RefreshToken>,
    links: BTreeMap<String, AccountLink>,
    happenings: Vec<Happening>,
}

/// The accounts that every sandbox begins with.
const FIRST_ACCOUNTS: [(&str, &str, &str, &str, AccountState); 8] = [
    ("acct_1SandboxBakery01", "Rosewater Bakery", "rosewater@example.com", "US", AccountState::Active),
    ("acct_1SandboxBooks001", "Blue Door Books", "bluedoor@example.com", "CA", AccountState::Active),
    ("acct_1SandboxCafe0001", "Café Nordlys", "nordlys@example.com", "NO", AccountState::Active),
    ("acct_1SandboxCycles01", "Tandem Cycles", "tandem@example.com", "GB", AccountState::InformationDue),
    ("acct_1SandboxPottery1", "Harbour Pottery", "harbour@example.com", "US", AccountState::Restricted),
    ("acct_1SandboxPress001", "Little Press", "littlepress@example.com", "DE", AccountState::InReview),
    ("acct_1SandboxTailor01", "Needle & Thread", "needle@example.com", "FR", AccountState::PayoutsPaused),
    ("acct_1SandboxRaffle01", "Golden Raffle", "raffle@example.com", "US", AccountState::Rejected),
];

impl Ledger {
    pub(super) fn new() -> Ledger {
        let mut ledger = Ledger::default();
        for (id, name, email, country, state) in FIRST_ACCOUNTS {
            // Every one of these ids is one.
            let Ok(id) = AccountId::parse(id) else { continue };
            let (name, email, country) = (name.to_owned(), email.to_owned(), country.to_owned());
            ledger.seed_account(&SandboxAccount { id, name, email, country, state });
        }
        ledger
    }

    /// An account that was there from the start; one of the same id gives way.
    pub(super) fn seed_account(&mut self, account: &SandboxAccount) {
        let account = Account::seeded(account);
        match self.account_mut(&account.id) {
            Some(known) => *known = account,
            None => {
                self.accounts.insert(self.seeded.min(self.accounts.len()), account);
                self.seeded = self.seeded.saturating_add(1);
            }
        }
    }

    pub(super) fn add_account(&mut self, account: Account) -> String {
        let id = account.id.clone();
        self.accounts.push(account);
        id
    }

    pub(super) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.id == id)
    }

    /// Every account.
    pub(super) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The accounts one can log in as on a consent page: those with a dashboard of their own, or for the
    /// Express flow those that this platform made by it. Another platform's can't be connected
    /// (`docs.stripe.com/connect/oauth-changes-for-standard-platforms`).
    pub(super) fn accounts_to_connect(&self, platform: &SandboxPlatform, flow: Flow) -> Vec<&Account> {
        let fits = |account: &&Account| match flow {
            Flow::Express => account.is_express && self.grants(platform, &account.id).next().is_some(),
            Flow::Standard | Flow::App => !account.is_express && account.controller.is_none(),
        };
        let (seeded, new) = self.accounts.split_at(self.seeded.min(self.accounts.len()));
        let new = new.iter().rev().filter(fits).take(LISTED_NEW_ACCOUNTS);
        seeded.iter().filter(fits).chain(new).collect()
    }

    /// Whether `id` may be connected by this flow, listed or not.
    pub(super) fn can_connect(&self, id: &str, platform: &SandboxPlatform, flow: Flow) -> bool {
        self.account(id).is_some_and(|account| match flow {
            Flow::Express => account.is_express && self.grants(platform, id).next().is_some(),
            Flow::Standard | Flow::App => !account.is_express && account.controller.is_none(),
        })
    }

    /// Every grant of the account to the platform, revoked ones too.
    fn grants(&self, platform: &SandboxPlatform, account: &str) -> impl Iterator<Item = &Connection> {
        self.connections.iter().filter(move |connection| {
            connection.stripe_user_id == account && platform.client_id(&connection.client_id).is_some()
        })
    }

    /// What the account is connected to: one connection for each application, the newest.
    pub(super) fn standing(&self, account: &str) -> Vec<&Connection> {
        let of_this = |connection: &&Connection| !connection.revoked && connection.stripe_user_id == account;
        let newest = self.connections.iter().filter(of_this).map(|connection| (&*connection.client_id, connection));
        newest.collect::<BTreeMap<_, _>>().into_values().collect()
    }

    /// Whether the platform's keys of this mode open the account. Who connected in live mode can be reached
    /// with test keys too.
    pub(super) fn has_access(&self, platform: &SandboxPlatform, account: &str, livemode: Livemode) -> bool {
        let is_made_by_it = self
            .account(account)
            .and_then(|known| known.controller.as_ref())
            .is_some_and(|by| by.account == platform.account_id() && by.livemode == livemode);
        let opens = |at: usize, connection: &Connection| {
            connection.livemode
                || livemode == Livemode::Test
                || self.access_tokens.values().any(|token| token.connection == at && token.livemode == livemode)
        };
        is_made_by_it
            || self.connections.iter().enumerate().any(|(at, connection)| {
                !connection.revoked
                    && connection.stripe_user_id == account
                    && platform.client_id(&connection.client_id).is_some()
                    && opens(at, connection)
            })
    }

    /// Gives out a code for `account`.
    pub(super) fn issue_code(&mut self, grant: &Grant<'_>, account: String, now: u64, seed: &mut Seed) -> String {
        let code = seed.id("ac_", 32);
        let issued = Code {
            client_id: grant.client_id.clone(),
            livemode: grant.livemode,
            flow: grant.flow,
            account,
            scope: grant.scope,
            issued_at: now,
            connection: None,
            sent: 0,
        };
        self.codes.insert(code.clone(), issued);
        code
    }

    /// Spends a code of the platform's, or says why not. Used a second time, it loses what it gave
    /// (RFC 6749 §4.1.2). Another platform's key, one of the other mode, or a capability that is not there,
    /// does a code no harm.
    pub(super) fn spend_code(
        &mut self,
        code: &str,
        presented: &Presented<'_>,
        asserted: &[Capability],
        seed: &mut Seed,
    ) -> Result<Tokens, CodeRefusal> {
        let Presented { platform, key_mode, is_app, now, .. } = *presented;
        let code = self.codes.get_mut(code).filter(|code| (code.flow == Flow::App) == is_app);
        let code = code.ok_or(CodeRefusal::Unknown)?;
        if platform.client_id(code.client_id.as_str()).is_none() {
            return Err(CodeRefusal::NotYours);
        }
        if code.livemode != key_mode {
            return Err(CodeRefusal::OtherMode);
        }
        if let Some(connection) = code.connection {
            code.sent = code.sent.saturating_add(1);
            self.revoke(connection, Ending { by: RevokedBy::CodeReuse, at: now });
            return Err(CodeRefusal::AlreadyUsed);
        }
        if now.saturating_sub(code.issued_at) > CODE_SECONDS {
            return Err(CodeRefusal::Expired);
        }
        let account = self.accounts.iter().find(|account| account.id == code.account);
        let has = |capability: &Capability| account.is_some_and(|known| known.capabilities.contains(capability));
        if let Some(absent) = asserted.iter().find(|capability| !has(capability)) {
            return Err(CodeRefusal::Capability(*absent));
        }
        code.sent = code.sent.saturating_add(1);
        let at = self.connections.len();
        code.connection = Some(at);
        let connection = Connection {
            client_id: code.client_id.to_string(),
            stripe_user_id: code.account.clone(),
            scope: code.scope,
            livemode: code.livemode.as_bool(),
            connected_at: now,
            revoked: false,
            revoked_at: None,
            revoked_by: None,
        };
        self.connect(connection);
        let refresh_token = self.issue_refresh_token(at, is_app, now, seed);
        self.issue_tokens(at, refresh_token, presented, seed).ok_or(CodeRefusal::Unknown)
    }

    fn connect(&mut self, connection: Connection) {
        self.happenings.push(Happening::Authorized {
            client_id: connection.client_id.clone(),
            account: connection.stripe_user_id.clone(),
            livemode: connection.livemode,
        });
        self.connections.push(connection);
    }

    /// Connects an account without anyone having been asked, as if it had been long ago.
    pub(super) fn seed_connection(&mut self, grant: &Grant<'_>, account: &str, now: u64) {
        self.connections.push(Connection {
            client_id: grant.client_id.to_string(),
            stripe_user_id: account.to_owned(),
            scope: grant.scope,
            livemode: grant.livemode.as_bool(),
            connected_at: now,
            revoked: false,
            revoked_at: None,
            revoked_by: None,
        });
    }

    fn issue_refresh_token(&mut self, connection: usize, is_app: bool, now: u64, seed: &mut Seed) -> String {
        let token = seed.id("rt_", 48);
        let expires_at = is_app.then(|| now.saturating_add(APP_REFRESH_SECONDS));
        self.refresh_tokens.insert(token.clone(), RefreshToken { connection, expires_at });
        token
    }

    fn issue_tokens(
        &mut self,
        at: usize,
        refresh_token: String,
        presented: &Presented<'_>,
        seed: &mut Seed,
    ) -> Option<Tokens> {
        let (livemode, now) = (presented.key_mode, presented.now);
        let connection = self.connections.get(at)?;
        let (secret, publishable) = match livemode {
            Livemode::Live => ("sk_live_", "pk_live_"),
            Livemode::Test => ("sk_test_", "pk_test_"),
        };
        let access_token = seed.id(secret, 24);
        let scope = presented.scope.unwrap_or(connection.scope);
        let expires_at =
            (connection.scope == TokenScope::StripeApps).then(|| now.saturating_add(APP_ACCESS_SECONDS));
        let account = connection.stripe_user_id.clone();
        let kept = AccessToken { connection: at, account: account.clone(), livemode, scope, expires_at };
        self.access_tokens.insert(access_token.clone(), kept);
        let stripe_publishable_key = seed.id(publishable, 24);
        Some(Tokens {
            access_token,
            refresh_token,
            stripe_publishable_key,
            stripe_user_id: account,
            scope,
            livemode,
        })
    }

    /// A new access token, of the key's mode, and of the connection's scope or a narrower one. On Connect it
    /// takes the place of the one with the same scope and mode; in a Stripe App the refresh token itself gives
    /// way to a new one.
    pub(super) fn refresh(
        &mut self,
        token: &str,
        presented: &Presented<'_>,
        seed: &mut Seed,
    ) -> Result<Tokens, RefreshRefusal> {
        let Presented { platform, key_mode, is_app, scope, now } = *presented;
        let known = self.refresh_tokens.get(token).ok_or(RefreshRefusal::Unknown)?;
        let at = known.connection;
        let expired = known.expires_at.is_some_and(|expires| now >= expires);
        let connection = self.connections.get(at).ok_or(RefreshRefusal::Unknown)?;
        let of_apps = connection.scope == TokenScope::StripeApps;
        if connection.revoked || of_apps != is_app {
            return Err(RefreshRefusal::Unknown);
        }
        if platform.client_id(&connection.client_id).is_none() {
            return Err(RefreshRefusal::NotYours);
        }
        if expired {
            return Err(RefreshRefusal::Expired);
        }
        if scope.is_some_and(|scope| !is_within(scope, connection.scope)) {
            return Err(RefreshRefusal::WiderScope);
        }
        let refresh_token = if is_app {
            self.refresh_tokens.remove(token);
            self.issue_refresh_token(at, true, now, seed)
        } else {
            let granted = scope.unwrap_or(connection.scope);
            self.access_tokens
                .retain(|_, old| (old.connection, old.scope, old.livemode) != (at, granted, key_mode));
            token.to_owned()
        };
        self.issue_tokens(at, refresh_token, presented, seed).ok_or(RefreshRefusal::Unknown)
    }

    /// The access token written `sent`, while its connection stands.
    pub(super) fn access_token(&self, sent: &str) -> Option<&AccessToken> {
        self.access_tokens
            .get(sent)
            .filter(|token| self.connections.get(token.connection).is_some_and(|connection| !connection.revoked))
    }

    /// Ends one grant; for good. The platform hears of it when it was the account's last one.
    fn revoke(&mut self, at: usize, ending: Ending) {
        let Some(connection) = self.connections.get_mut(at).filter(|connection| !connection.revoked) else {
            return;
        };
        connection.revoked = true;
        connection.revoked_at = Some(ending.at);
        connection.revoked_by = Some(ending.by);
        let ended = connection.clone();
        let is_connected = self.connections.iter().any(|other| {
            !other.revoked && (&other.client_id, &other.stripe_user_id) == (&ended.client_id, &ended.stripe_user_id)
        });
        if !is_connected {
            let Connection { client_id, stripe_user_id: account, livemode, .. } = ended;
            self.happenings.push(Happening::Deauthorized { client_id, account, livemode });
        }
    }

    /// Ends every grant of `account` to `client_id`. Accounts that a platform controls can't be disconnected.
    pub(super) fn deauthorize(
        &mut self,
        client_id: &str,
        platform: &SandboxPlatform,
        account: &str,
        ending: Ending,
    ) -> Result<(), DeauthorizeRefusal> {
        if self.account(account).is_some_and(|known| known.is_controlled_by(platform)) {
            return Err(DeauthorizeRefusal::Controlled);
        }
        let of_this = |connection: &Connection| {
            !connection.revoked && connection.client_id == client_id && connection.stripe_user_id == account
        };
        let standing = self.connections.iter().enumerate().filter(|(_, connection)| of_this(connection));
        let standing: Vec<usize> = standing.map(|(at, _)| at).collect();
        if standing.is_empty() {
            return Err(DeauthorizeRefusal::NotConnected);
        }
        if self.account(account).is_some_and(|known| known.is_express) {
            return Err(DeauthorizeRefusal::Controlled);
        }
        standing.into_iter().for_each(|at| self.revoke(at, ending));
        Ok(())
    }

    /// Changes how Stripe sees an account, and what is known of it.
    pub(super) fn update_account(&mut self, id: &str, change: impl FnOnce(&mut Account)) -> Option<()> {
        let account = self.account_mut(id)?;
        let before = account.json();
        change(account);
        let previous = previous_attributes(&before, &account.json());
        if previous.as_object().is_some_and(|changed| !changed.is_empty()) {
            self.happenings.push(Happening::Updated { account: id.to_owned(), previous });
        }
        Some(())
    }

    /// The same for its state alone.
    pub(super) fn set_state(&mut self, id: &str, state: AccountState, now: u64) -> Option<()> {
        self.update_account(id, |account| {
            account.state = state;
            account.since = now;
        })
    }

    /// Gives out a link for onboarding; the key is a part of it.
    pub(super) fn issue_link(&mut self, link: AccountLink, seed: &mut Seed) -> String {
        let key = seed.id("", 24);
        self.links.insert(key.clone(), link);
        key
    }

    pub(super) fn link(&self, account: &str, key: &str) -> Option<&AccountLink> {
        self.links.get(key).filter(|link| link.account == account)
    }

    /// Opens a link, which works once and before it expires.
    pub(super) fn open_link(&mut self, key: &str, now: u64) -> bool {
        let Some(link) = self.links.get_mut(key) else { return false };
        let is_good = link.opened_at.is_none() && !link.is_finished && now < link.expires_at;
        if is_good {
            link.opened_at = Some(now);
        }
        is_good
    }

    /// Sends off the form behind a link, once.
    pub(super) fn finish_link(&mut self, key: &str, now: u64) -> bool {
        let Some(link) = self.links.get_mut(key) else { return false };
        let until = link.opened_at.map_or(link.expires_at, |opened| opened.saturating_add(FORM_SECONDS));
        let is_good = !link.is_finished && now < until;
        link.is_finished |= is_good;
        is_good
    }

    /// Every connection ever made, oldest first.
    pub(super) fn connections(&self) -> &[Connection] {
        &self.connections
    }

    /// Every code ever given out, by its beginning.
    pub(super) fn codes(&self) -> Vec<CodeEntry<'_>> {
        self.codes.iter().map(|(code, known)| self.code_entry(code, known)).collect()
    }

    fn code_entry<'a>(&'a self, code: &str, known: &'a Code) -> CodeEntry<'a> {
        let connection = known.connection.and_then(|at| self.connections.get(at));
        CodeEntry {
            code: beginning(code),
            client_id: known.client_id.as_str(),
            stripe_user_id: &known.account,
            livemode: known.livemode.as_bool(),
            issued_at: known.issued_at,
            sent: known.sent,
            spent: connection.is_some(),
            revoked: connection.is_some_and(|connection| connection.revoked),
        }
    }

    /// The applications that hear of the account: each it is connected to, and the one that controls it.
    pub(super) fn related(&self, account: &str, platforms: &[SandboxPlatform]) -> BTreeSet<(String, bool)> {
        let standing = self
            .connections
            .iter()
            .filter(|connection| !connection.revoked && connection.stripe_user_id == account)
            .map(|connection| (connection.client_id.clone(), connection.livemode));
        let controller = self.account(account).and_then(|known| known.controller.as_ref());
        let platform = controller
            .and_then(|by| Some((by, platforms.iter().find(|platform| platform.account_id() == by.account)?)));
        let controlling = platform.and_then(|(by, platform)| {
            let of_mode = platform.client_ids().find(|(_, mode)| *mode == by.livemode);
            Some((of_mode.or_else(|| platform.client_ids().next())?.0.to_string(), by.livemode.as_bool()))
        });
        standing.chain(controlling).collect()
    }

    /// What has happened since this was last asked.
    pub(super) fn take_happenings(&mut self) -> Vec<Happening> {
        std::mem::take(&mut self.happenings)
    }
}

/// The beginning of a secret, enough to find it again by.
pub(super) fn beginning(secret: &str) -> String {
    let begin: String = secret.chars().take(7).collect();
    [&*begin, "…"].concat()
}

/// Whether `asked` is no more than `granted`.
fn is_within(asked: TokenScope, granted: TokenScope) -> bool {
    asked == granted || (asked, granted) == (TokenScope::ReadOnly, TokenScope::ReadWrite)
}
