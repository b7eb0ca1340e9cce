//! [`Ledger`]: what Stripe would remember. Accounts, the codes given out for them, the connections made.

use super::SandboxPlatform;
use super::seed::Seed;
use crate::authorize::Scope;
use crate::ids::ClientId;
use crate::livemode::Livemode;
use crate::prefill::{Prefill, PrefillField};
use serde::Serialize;
use std::collections::BTreeMap;

/// A code lives this long (`docs.stripe.com/connect/oauth-reference`: it "expires in 5 minutes"). At the
/// 300th second it is still good.
const CODE_SECONDS: u64 = 300;

/// How many of the accounts made here can be logged in to again: the newest.
const LISTED_NEW_ACCOUNTS: usize = 3;

/// A made-up Stripe account.
pub(super) struct Account {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) detail: String,
}

/// An authorization code, and what became of it.
struct Code {
    client_id: ClientId,
    livemode: Livemode,
    account: String,
    scope: Scope,
    issued_at: u64,
    /// Where the connection stands that it was spent for.
    connection: Option<usize>,
}

/// One account connected to one platform, by one code.
#[derive(Clone, Serialize)]
pub(super) struct Connection {
    client_id: String,
    pub(super) stripe_user_id: String,
    pub(super) scope: &'static str,
    pub(super) livemode: bool,
    connected_at: u64,
    revoked: bool,
}

/// Why a code gives no connection.
pub(super) enum CodeRefusal {
    Unknown,
    NotYours,
    OtherMode,
    AlreadyUsed,
    Expired,
}

pub(super) struct Ledger {
    test_accounts: [Account; 3],
    new_accounts: Vec<Account>,
    codes: BTreeMap<String, Code>,
    connections: Vec<Connection>,
}

impl Ledger {
    pub(super) fn new() -> Ledger {
        let account = |id: &str, name: &str, detail: &str| Account {
            id: id.to_owned(),
            name: name.to_owned(),
            detail: detail.to_owned(),
        };
        Ledger {
            test_accounts: [
                account("acct_1SandboxBakery01", "Rosewater Bakery", "rosewater@example.com · US"),
                account("acct_1SandboxBooks001", "Blue Door Books", "bluedoor@example.com · CA"),
                account("acct_1SandboxCafe0001", "Café Nordlys", "nordlys@example.com · NO"),
            ],
            new_accounts: Vec::new(),
            codes: BTreeMap::new(),
            connections: Vec::new(),
        }
    }

    /// The accounts one can log in as.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.test_accounts.iter().chain(self.new_accounts.iter().rev().take(LISTED_NEW_ACCOUNTS))
    }

    pub(super) fn has_account(&self, id: &str) -> bool {
        self.test_accounts.iter().chain(&self.new_accounts).any(|account| account.id == id)
    }

    /// Makes an account with what was filled in, and gives its id.
    pub(super) fn create_account(&mut self, details: &Prefill, seed: &mut Seed) -> String {
        let id = seed.id("acct_", 16);
        let name = joined(details, &[PrefillField::BusinessName], "")
            .or_else(|| joined(details, &[PrefillField::FirstName, PrefillField::LastName], " "))
            .unwrap_or_else(|| "New test account".to_owned());
        let detail = joined(details, &[PrefillField::Email, PrefillField::Country], " · ");
        self.new_accounts.push(Account { id: id.clone(), name, detail: detail.unwrap_or_default() });
        id
    }

    /// Gives out a code for `account`.
    pub(super) fn issue_code(
        &mut self,
        platform: &SandboxPlatform,
        account: String,
        scope: Scope,
        now: u64,
        seed: &mut Seed,
    ) -> String {
        let code = seed.id("ac_", 32);
        let client_id = platform.client_id.clone();
        let issued =
            Code { client_id, livemode: platform.livemode, account, scope, issued_at: now, connection: None };
        self.codes.insert(code.clone(), issued);
        code
    }

    /// Spends a code of the platform's, or says why not. Used a second time, it loses what it gave
    /// (RFC 6749 §4.1.2). Another platform's key, or one of the other mode, does a code no harm.
    pub(super) fn spend_code(
        &mut self,
        code: &str,
        platform: &SandboxPlatform,
        key_mode: Livemode,
        now: u64,
    ) -> Result<Connection, CodeRefusal> {
        let code = self.codes.get_mut(code).ok_or(CodeRefusal::Unknown)?;
        if code.client_id != platform.client_id {
            return Err(CodeRefusal::NotYours);
        }
        if code.livemode != key_mode {
            return Err(CodeRefusal::OtherMode);
        }
        if let Some(connection) = code.connection {
            self.connections.get_mut(connection).into_iter().for_each(|made| made.revoked = true);
            return Err(CodeRefusal::AlreadyUsed);
        }
        if now.saturating_sub(code.issued_at) > CODE_SECONDS {
            return Err(CodeRefusal::Expired);
        }
        let connection = Connection {
            client_id: code.client_id.to_string(),
            stripe_user_id: code.account.clone(),
            scope: code.scope.as_str(),
            livemode: code.livemode.as_bool(),
            connected_at: now,
            revoked: false,
        };
        code.connection = Some(self.connections.len());
        self.connections.push(connection.clone());
        Ok(connection)
    }

    /// Every connection ever made, oldest first.
    pub(super) fn connections(&self) -> &[Connection] {
        &self.connections
    }
}

/// The fields that are filled in, one after the other; `None` when none is.
fn joined(details: &Prefill, fields: &[PrefillField], between: &str) -> Option<String> {
    let value =
        |field: &PrefillField| details.pairs().find(|(name, _)| *name == field.as_str()).map(|(_, value)| value);
    let filled: Vec<&str> = fields.iter().filter_map(value).collect();
    (!filled.is_empty()).then(|| filled.join(between))
}
