//! Entry `stripe-connect-oauth/server`: the back channel, for those who write their own handler.

use super::failure::{account_failure, deauthorize_failure, exchange_failure};
use super::packed::{Fields, answer, list, thrown as refused};
pub(crate) use super::sender::{Sender, send};
use super::sender::{Silence, send_and_retry};
use super::views::{AccountLinkView, AccountView, DeauthorizedView, TokenView, plain};
use crate::front::callback::AuthorizationCode;
use crate::server::{
    AccountError, DeauthorizeError, Deauthorized, ExchangeError, IdempotencyKey, NewAccount, NewAccountLink,
    Request, Response, Retry, RetryKind, Secret, SecretKey, check_assertion, code_exchange, create_account,
    create_account_link, deauthorize, on_behalf_of, probe_application, read_account, read_account_link,
    read_deauthorization, read_probe, read_refreshed_token, read_token, refresh, retrieve_account,
};
use crate::vocabulary::capability::Capability;
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::{AccountId, ClientId};
use crate::vocabulary::origin::ConnectBase;
use crate::vocabulary::scope::Scope;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn fill_random(bytes: &mut [u8]) -> Result<(), JsValue>;
}

/// Whether the options of `exchangeCode` are right, before its code is taken.
#[wasm_bindgen(js_name = checkExchange)]
pub fn check_exchange(options: &str) -> String {
    answer(ExchangeOptions::read(options).map(|_| String::new()))
}

/// `exchangeCode(callback, options)`, once JavaScript has seen that the callback is a verified one.
#[wasm_bindgen(js_name = exchangeCode)]
pub async fn exchange_code(code: String, options: String, sender: Sender) -> Result<JsValue, JsValue> {
    let options = ExchangeOptions::read(&options).map_err(|error| refused(&error))?;
    let code = AuthorizationCode::read(&code)
        .ok_or_else(|| refused(&ConnectError::invalid("code", "is not a code of Stripe's")))?;
    let Caller { key, base } = &options.caller;
    let request = code_exchange(base, key, options.flow, code, &options.assert_capabilities);
    // However no answer came, nobody knows what Stripe did.
    let reply = send(&sender, request).await.ok_or_else(ExchangeError::no_answer);
    match reply.and_then(|reply| read_token(&reply, key.livemode())) {
        Ok(token) => plain(&TokenView::exchanged(token, options.tokens, options.refresh_token)),
        Err(error) => Err(exchange_failure(&error, None)),
    }
}

/// `refreshToken(refresh_token, options)`; `params` holds the refresh token.
#[wasm_bindgen(js_name = refreshToken)]
pub async fn refresh_token(params: String, options: String, sender: Sender) -> Result<JsValue, JsValue> {
    let read = || {
        let params = Fields::read(&params, &["refresh_token"])?;
        let token = Secret::refresh_token(params.text("refresh_token")?.unwrap_or_default())?;
        let options =
            Fields::read(&options, &["secret_key", "connect_base", "timeout", "flow", "scope", "tokens"])?;
        let tokens = options.boolean("tokens")?.unwrap_or(true);
        let (caller, flow) = (Caller::read(options)?, flow(options)?);
        let scope = options.text("scope")?.map(Scope::parse).transpose()?;
        if scope.is_some() && flow != Flow::Standard {
            return Err(ConnectError::invalid("scope", "belongs to the standard flow only: leave it out"));
        }
        let request = refresh(&caller.base, &caller.key, flow, &token, scope);
        Ok((request, flow, caller.key.livemode(), tokens))
    };
    let (request, flow, livemode, tokens) = read().map_err(|error| refused(&error))?;
    let mut retry = Retry::new(RetryKind::Refresh(flow));
    let reply = match send_and_retry(&sender, request, &mut retry).await {
        Ok(reply) => reply,
        Err(silence) => return Err(exchange_failure(&ExchangeError::no_refresh(flow), Some(silence))),
    };
    match read_refreshed_token(&reply, livemode, flow) {
        Ok(token) => plain(&TokenView::refreshed(token, tokens)),
        Err(error) => Err(exchange_failure(&error, None)),
    }
}

/// `deauthorize({ client_id, stripe_user_id }, options)`.
#[wasm_bindgen(js_name = deauthorize)]
pub async fn deauthorize_account(params: String, options: String, sender: Sender) -> Result<JsValue, JsValue> {
    let read = || {
        let params = Fields::read(&params, &["client_id", "stripe_user_id"])?;
        let client_id = ClientId::parse(params.text("client_id")?.unwrap_or_default())?;
        let account = AccountId::parse(params.text("stripe_user_id")?.unwrap_or_default())?;
        let caller = Caller::read(Fields::read(&options, &Caller::OPTIONS)?)?;
        Ok((deauthorize(&caller.base, &caller.key, &client_id, &account), account))
    };
    let (request, account) = read().map_err(|error| refused(&error))?;
    let mut retry = Retry::new(RetryKind::Deauthorize);
    let reply = match send_and_retry(&sender, request, &mut retry).await {
        Ok(reply) => reply,
        Err(silence) => return Err(deauthorize_failure(&DeauthorizeError::no_answer(), Some(silence))),
    };
    match read_deauthorization(&reply, &account) {
        Ok(done) => {
            // After a retry, that is what the first try did.
            let already_disconnected = done == Deauthorized::AlreadyDisconnected && !retry.retried();
            plain(&DeauthorizedView { stripe_user_id: account.as_str(), already_disconnected })
        }
        Err(error) => Err(deauthorize_failure(&error, None)),
    }
}

/// `retrieveAccount(account, options)`; `params` holds the account.
#[wasm_bindgen(js_name = retrieveAccount)]
pub async fn retrieve(params: String, options: String, sender: Sender) -> Result<JsValue, JsValue> {
    let read = || {
        let account = account_of(Fields::read(&params, &["account"])?)?;
        let options = Fields::read(&options, &["secret_key", "connect_base", "timeout", "client_id"])?;
        let caller = Caller::read(options)?;
        Ok((retrieve_account(&caller.base, &caller.key, &account), caller.probe(options)?))
    };
    let (request, probe) = read().map_err(|error| refused(&error))?;
    let reply = ask(&sender, request, RetryKind::ApiGet).await?;
    match read_account(&reply) {
        Ok(account) => plain(&AccountView::from(&account)),
        Err(error) => Err(proven_failure(&sender, error, probe).await),
    }
}

/// `createAccount({ country, email }, options)`.
#[wasm_bindgen(js_name = createAccount)]
pub async fn create(params: String, options: String, sender: Sender) -> Result<JsValue, JsValue> {
    let read = |random| {
        let params = Fields::read(&params, &["country", "email"])?;
        let text = |name| Ok::<_, ConnectError>(params.text(name)?.unwrap_or_default());
        let account = NewAccount::new(text("country")?, text("email")?)?;
        let options = Fields::read(&options, &["secret_key", "connect_base", "timeout", "idempotency_key"])?;
        let (caller, idempotency_key) = (Caller::read(options)?, idempotency_key(options, random)?);
        Ok(create_account(&caller.base, &caller.key, &account, &idempotency_key))
    };
    let request = read(random()?).map_err(|error: ConnectError| refused(&error))?;
    let reply = ask(&sender, request, RetryKind::ApiPost { idempotency_key: true }).await?;
    match read_account(&reply) {
        Ok(account) => plain(&AccountView::from(&account)),
        Err(error) => Err(account_failure(&error.of_a_new_account(), None)),
    }
}

/// `createAccountLink({ account, refresh_url, return_url }, options)`.
#[wasm_bindgen(js_name = createAccountLink)]
pub async fn create_link(params: String, options: String, sender: Sender) -> Result<JsValue, JsValue> {
    let read = |random| {
        let params = Fields::read(&params, &["account", "refresh_url", "return_url"])?;
        let text = |name| Ok::<_, ConnectError>(params.text(name)?.unwrap_or_default());
        let account = account_of(params)?;
        let known = ["secret_key", "connect_base", "timeout", "idempotency_key", "client_id"];
        let options = Fields::read(&options, &known)?;
        let (caller, idempotency_key) = (Caller::read(options)?, idempotency_key(options, random)?);
        let livemode = caller.key.livemode();
        let link = NewAccountLink::new(&account, text("refresh_url")?, text("return_url")?, livemode)?;
        let request = create_account_link(&caller.base, &caller.key, &link, &idempotency_key);
        Ok((request, caller.probe(options)?))
    };
    let (request, probe) = read(random()?).map_err(|error: ConnectError| refused(&error))?;
    let reply = ask(&sender, request, RetryKind::ApiPost { idempotency_key: true }).await?;
    match read_account_link(&reply) {
        Ok(link) => plain(&AccountLinkView::from(&link)),
        Err(error) => Err(proven_failure(&sender, error, probe).await),
    }
}

/// `stripeAccountHeaders(stripe_account, { secret_key })`: the two headers' values.
#[wasm_bindgen(js_name = stripeAccountHeaders)]
pub fn stripe_account_headers(params: &str, options: &str) -> String {
    let read = || {
        let params = Fields::read(params, &["stripe_account"])?;
        let account = AccountId::parse(params.text("stripe_account")?.unwrap_or_default())
            .map_err(|error| error.renamed("stripe_account"))?;
        let options = Fields::read(options, &["secret_key"])?;
        let key = SecretKey::parse(options.text("secret_key")?.unwrap_or_default())?;
        let headers = on_behalf_of(&key, &account);
        Ok(list(&headers.iter().map(|(_, value)| &**value).collect::<Vec<_>>()))
    };
    answer(read())
}

/// The options that every call has.
struct Caller {
    key: SecretKey,
    base: ConnectBase,
}

impl Caller {
    const OPTIONS: [&str; 3] = ["secret_key", "connect_base", "timeout"];

    fn read(options: Fields<'_>) -> Result<Caller, ConnectError> {
        let key = SecretKey::parse(options.text("secret_key")?.unwrap_or_default())?;
        let base = match options.text("connect_base")? {
            Some(origin) => ConnectBase::stand_in(origin)?,
            None => ConnectBase::stripe(),
        };
        // JavaScript keeps the time; the longest is ten minutes.
        if options.number("timeout")?.is_some_and(|timeout| !(1..=600_000).contains(&timeout)) {
            return Err(ConnectError::invalid("timeout", "must be from 1 to 600000 milliseconds"));
        }
        Ok(Caller { key, base })
    }

    /// What proves that the key is the platform's whose `client_id` is given.
    fn probe(&self, options: Fields<'_>) -> Result<Option<Request>, ConnectError> {
        let client_id = options.text("client_id")?.map(ClientId::parse).transpose()?;
        Ok(client_id.map(|client_id| probe_application(&self.base, &self.key, &client_id)))
    }
}

struct ExchangeOptions {
    caller: Caller,
    flow: Flow,
    assert_capabilities: Vec<Capability>,
    tokens: bool,
    refresh_token: bool,
}

impl ExchangeOptions {
    fn read(options: &str) -> Result<ExchangeOptions, ConnectError> {
        let known =
            ["secret_key", "connect_base", "timeout", "flow", "assert_capabilities[", "tokens", "refresh_token"];
        let options = Fields::read(options, &known)?;
        let (caller, flow) = (Caller::read(options)?, flow(options)?);
        let param = "assert_capabilities";
        let others = || ConnectError::invalid(param, "may hold transfers and card_payments only");
        let capability = |text: &str| Capability::parse(text).map_err(|_| others());
        let asserted = options.inside("assert_capabilities[").map(|field| capability(field.text(param)?));
        let assert_capabilities = asserted.collect::<Result<Vec<_>, _>>()?;
        check_assertion(flow, &assert_capabilities)?;
        let [tokens, refresh_token] =
            ["tokens", "refresh_token"].map(|name| options.boolean(name).map(Option::unwrap_or_default));
        Ok(ExchangeOptions { caller, flow, assert_capabilities, tokens: tokens?, refresh_token: refresh_token? })
    }
}

fn flow(options: Fields<'_>) -> Result<Flow, ConnectError> {
    options.text("flow")?.map_or(Ok(Flow::Standard), Flow::parse)
}

fn account_of(params: Fields<'_>) -> Result<AccountId, ConnectError> {
    let text = params.text("account")?.unwrap_or_default();
    AccountId::parse(text).map_err(|error| error.renamed("account"))
}

/// A key of the caller's own, or a random one.
fn idempotency_key(options: Fields<'_>, random: [u8; 16]) -> Result<IdempotencyKey, ConnectError> {
    options.text("idempotency_key")?.map_or_else(|| Ok(IdempotencyKey::from_random(random)), IdempotencyKey::parse)
}

fn random() -> Result<[u8; 16], JsValue> {
    let mut bytes = [0; 16];
    fill_random(&mut bytes)?;
    Ok(bytes)
}

/// The API's answer to a request of this kind.
async fn ask(sender: &Sender, request: Request, kind: RetryKind) -> Result<Response, JsValue> {
    let reply = send_and_retry(sender, request, &mut Retry::new(kind)).await;
    reply.map_err(|silence| account_failure(&AccountError::no_answer(), Some(silence)))
}

/// The failure, in which `revoked` is proven where `probe` can prove it.
async fn proven_failure(sender: &Sender, error: AccountError, probe: Option<Request>) -> JsValue {
    let (AccountError::Revoked(_), Some(probe)) = (&error, probe) else { return account_failure(&error, None) };
    match send_and_retry(sender, probe, &mut Retry::new(RetryKind::Deauthorize)).await {
        Ok(reply) => account_failure(&error.proven(read_probe(&reply)), None),
        Err(Silence::Lost) => account_failure(&error.proven(Err(DeauthorizeError::no_answer())), None),
        Err(stopped) => account_failure(&AccountError::no_answer(), Some(stopped)),
    }
}
