//! [`Ledger`]: what Stripe would remember. Accounts, the codes given out for them, the connections made, and
//! the tokens and links that came of it.

use super::account::{Account, SandboxAccount, previous_attributes};
use super::account_state::AccountState;
use super::kept::{
    AccessToken, AccountLink, Code, CodeEntry, Connection, DeauthorizeRefusal, Ending, Happening, RefreshToken,
    beginning,
};
use super::platform::SandboxPlatform;
use super::seed::Seed;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use std::collections::{BTreeMap, BTreeSet};

/// How many of the accounts made here can be logged in to again: the newest.
const LISTED_NEW_ACCOUNTS: usize = 3;

/// How long a person may take over the form behind a link.
const FORM_SECONDS: u64 = 3600;

#[derive(Default)]
pub(super) struct Ledger {
    /// Those that were there from the start, then those made since.
    pub(super) accounts: Vec<Account>,
    pub(super) seeded: usize,
    pub(super) codes: BTreeMap<String, Code>,
    pub(super) connections: Vec<Connection>,
    pub(super) access_tokens: BTreeMap<String, AccessToken>,
    pub(super) refresh_tokens: BTreeMap<String, RefreshToken>,
    pub(super) links: BTreeMap<String, AccountLink>,
    pub(super) happenings: Vec<Happening>,
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

    /// Ends one grant; for good. The platform hears of it when it was the account's last one.
    pub(super) fn revoke(&mut self, at: usize, ending: Ending) {
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
