//! The token endpoint, `POST /oauth/token`: an authorization code, or a refresh token, becomes access to a
//! connected account.

use super::exchange_error::{ExchangeError, Grant};
use super::http::{Request, Response};
use super::object::{Object, Unreadable};
use super::secret::{Secret, SecretKey};
use super::stripe_error::StripeError;
use crate::front::callback::AuthorizationCode;
use crate::vocabulary::capability::Capability;
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::origin::ConnectBase;
use crate::vocabulary::scope::Scope;
use crate::vocabulary::words::words;
use serde_json::Value;

/// The request that spends `code`, which came through `flow`.
///
/// Send it once. The endpoint is not idempotent, and Stripe revokes the connection when a code is used
/// twice (`docs.stripe.com/connect/oauth-reference`); that is why the code is consumed here.
///
/// With `assert_capabilities`, Stripe refuses instead of connecting an Express account that did not get
/// them. [`check_assertion`] says beforehand what may be asserted; the other flows' requests leave them out.
///
/// ```
/// # use stripe_connect_oauth::{Callback, State, parse_callback};
/// # let state = State::from_random([7; 32]);
/// # let query = format!("?code=ac_123&state={}", state.as_str());
/// # let Callback::Authorized(authorized) = parse_callback(&query, &state) else { panic!() };
/// use stripe_connect_oauth::server::{SecretKey, code_exchange};
/// use stripe_connect_oauth::{ConnectBase, Flow};
///
/// let key = SecretKey::parse("sk_test_123")?;
/// let code = authorized.into_code(); // of a verified callback
/// let request = code_exchange(&ConnectBase::stripe(), &key, Flow::Standard, code, &[]);
/// assert_eq!(request.url, "https://connect.stripe.com/oauth/token");
/// assert_eq!(request.body_text(), Some("grant_type=authorization_code&code=ac_123"));
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub fn code_exchange(
    base: &ConnectBase,
    key: &SecretKey,
    flow: Flow,
    code: AuthorizationCode,
    assert_capabilities: &[Capability],
) -> Request {
    let asserted = if flow == Flow::Express { assert_capabilities } else { &[] };
    let names: Vec<String> = (0..asserted.len()).map(|at| format!("assert_capabilities[{at}]")).collect();
    let mut fields = vec![("grant_type", "authorization_code"), ("code", code.as_str())];
    fields.extend(names.iter().zip(asserted).map(|(name, capability)| (&**name, capability.as_str())));
    Request::form(token_url(base, flow), key, &fields)
}

/// Whether these capabilities may be asserted when a code of `flow` is exchanged: only `transfers` and
/// `card_payments`, only in the Express flow (`docs.stripe.com/connect/oauth-express-accounts`).
///
/// ```
/// use stripe_connect_oauth::server::check_assertion;
/// use stripe_connect_oauth::{Capability, Flow};
///
/// assert!(check_assertion(Flow::Express, &[Capability::Transfers]).is_ok());
/// assert!(check_assertion(Flow::Standard, &[Capability::Transfers]).is_err());
/// ```
pub fn check_assertion(flow: Flow, assert_capabilities: &[Capability]) -> Result<(), ConnectError> {
    let param = "assert_capabilities";
    if !assert_capabilities.is_empty() && flow != Flow::Express {
        return Err(ConnectError::invalid(param, "belongs to the express flow only: leave it out"));
    }
    let assertable =
        |capability: &Capability| matches!(capability, Capability::Transfers | Capability::CardPayments);
    if !assert_capabilities.iter().all(assertable) {
        return Err(ConnectError::invalid(param, "may hold transfers and card_payments only"));
    }
    Ok(())
}

/// The request for a new access token, for the platform's `key` of either mode: the token is of the key's.
///
/// A narrower `scope` than was granted may be asked for in the Standard flow; the others have none, and
/// their requests leave it out. Connect lets a refresh be sent again. Stripe Apps replace the refresh token
/// each time, so there it is sent once: keep [`RefreshedToken::refresh_token`] of the answer.
///
/// ```
/// use stripe_connect_oauth::server::{Secret, SecretKey, refresh};
/// use stripe_connect_oauth::{ConnectBase, Flow};
///
/// let (key, kept) = (SecretKey::parse("sk_test_123")?, Secret::refresh_token("rt_123")?);
/// let request = refresh(&ConnectBase::stripe(), &key, Flow::App, &kept, None);
/// assert_eq!(request.url, "https://api.stripe.com/v1/oauth/token");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub fn refresh(
    base: &ConnectBase,
    key: &SecretKey,
    flow: Flow,
    refresh_token: &Secret,
    scope: Option<Scope>,
) -> Request {
    let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose())];
    fields.extend(scope.filter(|_| flow == Flow::Standard).map(|scope| ("scope", scope.as_str())));
    Request::form(token_url(base, flow), key, &fields)
}

/// Stripe Apps have the token endpoint at the API's host.
fn token_url(base: &ConnectBase, flow: Flow) -> String {
    match flow {
        Flow::Standard | Flow::Express => [base.connect(), "/oauth/token"].concat(),
        Flow::App => [base.api(), "/v1/oauth/token"].concat(),
    }
}

/// A connected account, as the token endpoint describes it.
///
/// ```
/// use stripe_connect_oauth::Livemode;
/// use stripe_connect_oauth::server::{Response, TokenScope, read_token};
///
/// let reply = Response::json(200, r#"{"stripe_user_id":"acct_1","livemode":false,"scope":"read_write"}"#);
/// let token = read_token(&reply, Livemode::Test)?;
/// assert_eq!((token.stripe_user_id.as_str(), token.scope), ("acct_1", TokenScope::ReadWrite));
/// assert!(token.access_token.is_none(), "the platform's own key does all of it");
/// # Ok::<(), stripe_connect_oauth::server::ExchangeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Token {
    /// The connected account's id: what to store.
    pub stripe_user_id: AccountId,
    /// The mode of the connection; it always equals the key's.
    pub livemode: Livemode,
    /// What was granted.
    pub scope: TokenScope,
    /// The capabilities that were asserted and granted (Express).
    pub capabilities: Vec<Capability>,
    /// Deprecated for Connect, and so often absent: use your own key with the `Stripe-Account` header. A
    /// Stripe App's lives for one hour.
    pub access_token: Option<Secret>,
    /// Deprecated for Connect, and so often absent. A Stripe App's is used once, and lives for one year.
    pub refresh_token: Option<Secret>,
    /// Deprecated for Connect, and so often absent. It is public.
    pub stripe_publishable_key: Option<String>,
}

/// What a refresh gave. On Connect, account, mode and scope are always there; in the Apps flow, the refresh token
/// is.
///
/// ```
/// use stripe_connect_oauth::server::{RefreshedToken, Secret};
///
/// /// What to keep first of all: in a Stripe App it replaces the one that was sent.
/// fn to_keep(token: &RefreshedToken) -> Option<&Secret> {
///     token.refresh_token.as_ref()
/// }
/// # let _ = to_keep;
/// ```
#[derive(Debug, Clone)]
pub struct RefreshedToken {
    /// The connected account's id.
    pub stripe_user_id: Option<AccountId>,
    /// The mode of the token: on Connect, the key's.
    pub livemode: Option<Livemode>,
    /// What was granted.
    pub scope: Option<TokenScope>,
    /// The new access token. A Stripe App's lives for one hour.
    pub access_token: Option<Secret>,
    /// A Stripe App's replaces the one that was sent, which is dead: keep it, before anything else.
    pub refresh_token: Option<Secret>,
    /// It is public.
    pub stripe_publishable_key: Option<String>,
}

words! {
    /// The scope of a token, which has more words than a request has.
    ///
    /// ```
    /// use stripe_connect_oauth::server::TokenScope;
    ///
    /// assert_eq!(TokenScope::parse("stripe_apps"), Some(TokenScope::StripeApps));
    /// assert_eq!(TokenScope::ReadWrite.as_str(), "read_write");
    /// ```
    pub enum TokenScope {
        /// `read_write`.
        ReadWrite = "read_write",
        /// `read_only`.
        ReadOnly = "read_only",
        /// `express`: the account came through the Express flow.
        Express = "express",
        /// `stripe_apps`: the permissions are in the app's manifest.
        StripeApps = "stripe_apps",
    }
}

/// Reads the answer to [`code_exchange`], made with a key of `key_mode`.
///
/// ```
/// use stripe_connect_oauth::Livemode;
/// use stripe_connect_oauth::server::{ExchangeError, Response, read_token};
///
/// let reply = Response::json(200, r#"{"stripe_user_id":"acct_1","livemode":false,"scope":"read_write"}"#);
/// assert!(read_token(&reply, Livemode::Test).is_ok());
/// let mixed = read_token(&reply, Livemode::Live);
/// assert!(matches!(mixed, Err(ExchangeError::ModeMismatch { livemode: Livemode::Test })));
/// ```
pub fn read_token(reply: &Response, key_mode: Livemode) -> Result<Token, ExchangeError> {
    let mut body = fields(reply, Grant::Code)?;
    let unreadable = |odd| ExchangeError::unreadable(Grant::Code, StripeError::odd(reply, odd));
    let livemode = livemode(&mut body).map_err(unreadable)?;
    if livemode != key_mode {
        return Err(ExchangeError::ModeMismatch { livemode });
    }
    Ok(Token {
        stripe_user_id: account(&mut body).map_err(unreadable)?,
        livemode,
        scope: scope(&mut body).map_err(unreadable)?,
        capabilities: capabilities(body.take("capabilities")),
        access_token: access_token(&mut body),
        refresh_token: secret(&mut body, "refresh_token"),
        stripe_publishable_key: body.text("stripe_publishable_key").ok().flatten(),
    })
}

/// Reads the answer to [`refresh`] in `flow`, made with a key of `key_mode`.
///
/// In the Apps flow the old refresh token is dead, so that an answer with a new one is a success, whatever else is
/// missing in it or odd. On Connect nothing is lost by asking again.
///
/// ```
/// use stripe_connect_oauth::server::{Response, read_refreshed_token};
/// use stripe_connect_oauth::{Flow, Livemode};
///
/// let reply = Response::json(200, r#"{"access_token":"sk_test_1","refresh_token":"rt_2"}"#);
/// let token = read_refreshed_token(&reply, Livemode::Test, Flow::App)?;
/// assert_eq!(token.refresh_token.map(|token| token.expose().to_owned()).as_deref(), Some("rt_2"));
/// # Ok::<(), stripe_connect_oauth::server::ExchangeError>(())
/// ```
pub fn read_refreshed_token(
    reply: &Response,
    key_mode: Livemode,
    flow: Flow,
) -> Result<RefreshedToken, ExchangeError> {
    let grant = Grant::Refresh(flow);
    let mut body = fields(reply, grant)?;
    let unreadable = |odd| ExchangeError::unreadable(grant, StripeError::odd(reply, odd));
    let (account, livemode, scope) = (account(&mut body), livemode(&mut body), scope(&mut body));
    let token = RefreshedToken {
        stripe_user_id: account.as_ref().ok().cloned(),
        livemode: livemode.ok(),
        scope: scope.ok(),
        access_token: access_token(&mut body),
        refresh_token: secret(&mut body, "refresh_token"),
        stripe_publishable_key: body.text("stripe_publishable_key").ok().flatten(),
    };
    if flow == Flow::App {
        return match token.refresh_token {
            Some(_) => Ok(token),
            None => Err(unreadable(Unreadable("refresh_token"))),
        };
    }
    let livemode = livemode.map_err(unreadable)?;
    if livemode != key_mode {
        return Err(ExchangeError::ModeMismatch { livemode });
    }
    account.and(scope).map_err(unreadable)?;
    Ok(token)
}

/// The fields of a success.
fn fields(reply: &Response, grant: Grant) -> Result<Object, ExchangeError> {
    if reply.status != 200 {
        return Err(ExchangeError::read(grant, reply));
    }
    Object::read(&reply.body).map_err(|odd| ExchangeError::unreadable(grant, StripeError::odd(reply, odd)))
}

/// Stripe Apps are said to get it as `account_id`.
fn account(body: &mut Object) -> Result<AccountId, Unreadable> {
    const NAME: &str = "stripe_user_id";
    let text = match body.text(NAME)? {
        None => body.text("account_id")?,
        named => named,
    };
    text.and_then(|text| AccountId::parse(&text).ok()).ok_or(Unreadable(NAME))
}

/// A boolean, or its name as a text: the official Python library's tests hold one.
fn livemode(body: &mut Object) -> Result<Livemode, Unreadable> {
    let livemode = match body.take("livemode") {
        Some(Value::Bool(livemode)) => Some(livemode),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    livemode.map(Livemode::from).ok_or(Unreadable("livemode"))
}

fn scope(body: &mut Object) -> Result<TokenScope, Unreadable> {
    let word = body.text("scope")?.ok_or(Unreadable("scope"))?;
    TokenScope::parse(&word).ok_or(Unreadable("scope"))
}

/// A token of a type that is not understood must not be used (RFC 6749 §7.1). The account is connected all the same.
fn access_token(body: &mut Object) -> Option<Secret> {
    let token = secret(body, "access_token")?;
    let is_bearer = body.text("token_type").ok()?.is_none_or(|name| name.eq_ignore_ascii_case("bearer"));
    is_bearer.then_some(token)
}

/// A secret that Stripe may leave out: an odd one is none.
fn secret(body: &mut Object, name: &'static str) -> Option<Secret> {
    body.text(name).ok().flatten().filter(|text| !text.is_empty()).map(Secret::new)
}

/// Stripe's example is the text `transfers`; a list would do as well. A word that is new is passed over.
fn capabilities(value: Option<Value>) -> Vec<Capability> {
    let value = value.unwrap_or_default();
    let words: Vec<&str> = match &value {
        Value::String(text) => text.split([' ', ',']).collect(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    words.into_iter().filter_map(|word| Capability::parse(word).ok()).collect()
}
