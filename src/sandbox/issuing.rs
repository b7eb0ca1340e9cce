//! What the ledger gives out: codes for a grant, tokens for a code, new tokens for a refresh token.

use super::kept::{
    AccessToken, Code, CodeRefusal, Connection, Ending, Grant, Happening, Presented, RefreshRefusal, RefreshToken,
    RevokedBy, Tokens,
};
use super::ledger::Ledger;
use super::seed::Seed;
use crate::server::TokenScope;
use crate::vocabulary::capability::Capability;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::livemode::Livemode;

/// A code lives this long (`docs.stripe.com/connect/oauth-reference`: it "expires in 5 minutes"). At the
/// 300th second it is still good.
const CODE_SECONDS: u64 = 300;

/// An access token of a Stripe App lives an hour, a refresh token a year
/// (`docs.stripe.com/stripe-apps/api-authentication/oauth`). Those of Connect live until they are revoked.
const APP_ACCESS_SECONDS: u64 = 3600;
const APP_REFRESH_SECONDS: u64 = 365 * 86_400;

/// What a key has behind `sk_test_`, as long as Stripe's.
const KEY_LENGTH: usize = 99;

impl Ledger {
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
        let access_token = seed.id(secret, KEY_LENGTH);
        let scope = presented.scope.unwrap_or(connection.scope);
        let expires_at =
            (connection.scope == TokenScope::StripeApps).then(|| now.saturating_add(APP_ACCESS_SECONDS));
        let account = connection.stripe_user_id.clone();
        let kept = AccessToken { connection: at, account: account.clone(), livemode, scope, expires_at };
        self.access_tokens.insert(access_token.clone(), kept);
        let stripe_publishable_key = seed.id(publishable, KEY_LENGTH);
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

    /// The access token written `sent`, whether its connection stands or not.
    pub(super) fn access_token(&self, sent: &str) -> Option<&AccessToken> {
        self.access_tokens.get(sent)
    }

    /// Whether the connection of a token does.
    pub(super) fn stands(&self, token: &AccessToken) -> bool {
        self.connections.get(token.connection).is_some_and(|connection| !connection.revoked)
    }
}

/// Whether `asked` is no more than `granted`.
fn is_within(asked: TokenScope, granted: TokenScope) -> bool {
    asked == granted || (asked, granted) == (TokenScope::ReadOnly, TokenScope::ReadWrite)
}
