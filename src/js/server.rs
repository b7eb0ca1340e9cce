//! Entry `stripe-connect-oauth/server`: the back channel, for those who write their own handler.

use super::failure::{Failure, account_failure, answer, deauthorize_failure, exchange_failure, json};
use super::packed::{Answer, Fields};
use super::transport::{Silence, Transport, fill_random};
use super::views::{AccountLinkView, DeauthorizedView, TokenView, account_view};
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

/// Whether the options of `exchangeCode` are right, before its code is taken.
#[wasm_bindgen(js_name = checkExchange)]
pub fn check_exchange(options: &str) -> String {
    answer(ExchangeOptions::read(options).map(|_| String::new()))
}

/// The one door to the calls that send, for every exported function that waits weighs as much as the work it does.
#[wasm_bindgen]
pub async fn call(name: String, params: String, options: String, transport: Transport) -> Result<String, JsValue> {
    Ok(answer(match &*name {
        "exchangeCode" => exchanged(&params, &options, &transport).await,
        "refreshToken" => refreshed(&params, &options, &transport).await,
        "deauthorize" => deauthorized(&params, &options, &transport).await,
        "retrieveAccount" => retrieved(&params, &options, &transport).await,
        "createAccount" => created(&params, &options, random()?, &transport).await,
        _ => link_created(&params, &options, random()?, &transport).await,
    }))
}

/// `exchangeCode(callback, options)`, once JavaScript has seen that the callback is a verified one.
async fn exchanged(code: &str, options: &str, transport: &Transport) -> Result<String, Failure> {
    let options = ExchangeOptions::read(options)?;
    let code =
        AuthorizationCode::read(code).ok_or_else(|| ConnectError::invalid("code", "is not a code of Stripe's"))?;
    let Caller { key, base } = &options.caller;
    let request = code_exchange(base, key, options.flow, code, &options.assert_capabilities);
    // However no answer came, nobody knows what Stripe did.
    let reply = transport.send(&request).await.map_err(|_| ExchangeError::no_answer());
    match reply.and_then(|reply| read_token(&reply, key.livemode())) {
        Ok(token) => Ok(json(&TokenView::exchanged(token, options.tokens, options.refresh_token))),
        Err(error) => Err(exchange_failure(&error, None)),
    }
}

/// `refreshToken(refresh_token, options)`; `params` holds the refresh token.
async fn refreshed(params: &str, options: &str, transport: &Transport) -> Result<String, Failure> {
    let token = Secret::refresh_token(Fields::read(params, "refresh_token")?.text("refresh_token"))?;
    let options = Fields::read(options, "secret_key connect_base timeout# flow scope tokens?")?;
    let (caller, flow) = (Caller::read(options)?, flow(options)?);
    if options.value("scope").is_some() && flow != Flow::Standard {
        return Err(ConnectError::invalid("scope", "belongs to the standard flow only: leave it out").into());
    }
    let scope = options.value("scope").map(Scope::parse).transpose()?;
    let request = refresh(&caller.base, &caller.key, flow, &token, scope);
    let reply = transport.send_again(&request, &mut Retry::new(RetryKind::Refresh(flow))).await;
    let reply = reply.map_err(|silence| exchange_failure(&ExchangeError::no_refresh(flow), Some(silence)))?;
    match read_refreshed_token(&reply, caller.key.livemode(), flow) {
        Ok(token) => Ok(json(&TokenView::refreshed(token, options.boolean("tokens").unwrap_or(true)))),
        Err(error) => Err(exchange_failure(&error, None)),
    }
}

/// `deauthorize({ client_id, stripe_user_id }, options)`.
async fn deauthorized(params: &str, options: &str, transport: &Transport) -> Result<String, Failure> {
    let params = Fields::read(params, "client_id stripe_user_id")?;
    let client_id = ClientId::parse(params.text("client_id"))?;
    let account = AccountId::parse(params.text("stripe_user_id"))?;
    let caller = Caller::read(Fields::read(options, "secret_key connect_base timeout#")?)?;
    let request = deauthorize(&caller.base, &caller.key, &client_id, &account);
    let mut retry = Retry::new(RetryKind::Deauthorize);
    let reply = transport.send_again(&request, &mut retry).await;
    let reply = reply.map_err(|silence| deauthorize_failure(&DeauthorizeError::no_answer(), Some(silence)))?;
    let done = read_deauthorization(&reply, &account).map_err(|error| deauthorize_failure(&error, None))?;
    // After a retry, that is what the first try did.
    let already_disconnected = done == Deauthorized::AlreadyDisconnected && !retry.retried();
    Ok(json(&DeauthorizedView { stripe_user_id: account.as_str(), already_disconnected }))
}

/// `retrieveAccount(account, options)`; `params` holds the account.
async fn retrieved(params: &str, options: &str, transport: &Transport) -> Result<String, Failure> {
    let account = account_of(Fields::read(params, "account")?)?;
    let options = Fields::read(options, "secret_key connect_base timeout# client_id")?;
    let caller = Caller::read(options)?;
    let probe = caller.probe(options)?;
    let request = retrieve_account(&caller.base, &caller.key, &account);
    let reply = ask(transport, &request, RetryKind::ApiGet).await?;
    match read_account(&reply) {
        Ok(account) => Ok(json(&account_view(&account))),
        Err(error) => Err(proven_failure(transport, error, probe).await),
    }
}

/// `readAccount(account)`: the JSON of an account that Stripe gave elsewhere, as in an event.
#[wasm_bindgen(js_name = readAccount)]
pub fn account_as_it_is(account: &str) -> String {
    const RULE: &str = "must be an account as Stripe gives it, such as data.object of the event account.updated";
    let read = read_account(&Response::json(200, account)).map_err(|_| ConnectError::invalid("account", RULE));
    answer(read.map(|account| json(&account_view(&account))))
}

/// `createAccount({ country, email }, options)`.
async fn created(params: &str, options: &str, random: [u8; 16], transport: &Transport) -> Result<String, Failure> {
    let params = Fields::read(params, "country email")?;
    let account = NewAccount::new(params.text("country"), params.text("email"))?;
    let options = Fields::read(options, "secret_key connect_base timeout# idempotency_key")?;
    let (caller, idempotency_key) = (Caller::read(options)?, idempotency_key(options, random)?);
    let request = create_account(&caller.base, &caller.key, &account, &idempotency_key);
    let reply = ask(transport, &request, RetryKind::ApiPost { idempotency_key: true }).await?;
    match read_account(&reply) {
        Ok(account) => Ok(json(&account_view(&account))),
        Err(error) => Err(account_failure(&error.of_a_new_account(), None)),
    }
}

/// `createAccountLink({ account, refresh_url, return_url }, options)`.
async fn link_created(
    params: &str,
    options: &str,
    random: [u8; 16],
    transport: &Transport,
) -> Result<String, Failure> {
    let params = Fields::read(params, "account refresh_url return_url")?;
    let account = account_of(params)?;
    let options = Fields::read(options, "secret_key connect_base timeout# idempotency_key client_id")?;
    let (caller, idempotency_key) = (Caller::read(options)?, idempotency_key(options, random)?);
    let livemode = caller.key.livemode();
    let link = NewAccountLink::new(&account, params.text("refresh_url"), params.text("return_url"), livemode)?;
    let probe = caller.probe(options)?;
    let request = create_account_link(&caller.base, &caller.key, &link, &idempotency_key);
    let reply = ask(transport, &request, RetryKind::ApiPost { idempotency_key: true }).await?;
    match read_account_link(&reply) {
        Ok(link) => Ok(json(&AccountLinkView::from(&link))),
        Err(error) => Err(proven_failure(transport, error, probe).await),
    }
}

/// `stripeAccountHeaders(stripe_account, { secret_key })`: the two headers' values.
#[wasm_bindgen(js_name = stripeAccountHeaders)]
pub fn stripe_account_headers(params: &str, options: &str) -> String {
    let mut answer = Answer::default();
    let done = write_headers(params, options, &mut answer);
    answer.finish(done)
}

fn write_headers(params: &str, options: &str, answer: &mut Answer) -> Result<(), ConnectError> {
    let account = Fields::read(params, "stripe_account")?.text("stripe_account");
    let account = AccountId::parse(account).map_err(|error| error.renamed("stripe_account"))?;
    let key = SecretKey::parse(Fields::read(options, "secret_key")?.text("secret_key"))?;
    on_behalf_of(&key, &account).iter().for_each(|(_, value)| answer.add(value));
    Ok(())
}

/// The options that every call has.
struct Caller {
    key: SecretKey,
    base: ConnectBase,
}

impl Caller {
    fn read(options: Fields<'_>) -> Result<Caller, ConnectError> {
        let key = SecretKey::parse(options.text("secret_key"))?;
        let base = options.value("connect_base").map_or(Ok(ConnectBase::stripe()), ConnectBase::stand_in)?;
        // JavaScript keeps the time; the longest is ten minutes.
        if options.number("timeout").is_some_and(|timeout| !(1..=600_000).contains(&timeout)) {
            return Err(ConnectError::invalid("timeout", "must be from 1 to 600000 milliseconds"));
        }
        Ok(Caller { key, base })
    }

    /// What proves that the key is the platform's whose `client_id` is given.
    fn probe(&self, options: Fields<'_>) -> Result<Option<Request>, ConnectError> {
        let client_id = options.value("client_id").map(ClientId::parse).transpose()?;
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
        const KNOWN: &str = "secret_key connect_base timeout# flow assert_capabilities[ tokens? refresh_token?";
        let options = Fields::read(options, KNOWN)?;
        let (caller, flow) = (Caller::read(options)?, flow(options)?);
        let others = || ConnectError::invalid("assert_capabilities", "may hold transfers and card_payments only");
        let asserted = options.texts("assert_capabilities[");
        let asserted = asserted.map(|text| Capability::parse(text).map_err(|_| others()));
        let assert_capabilities = asserted.collect::<Result<Vec<_>, _>>()?;
        check_assertion(flow, &assert_capabilities)?;
        let [tokens, refresh_token] =
            ["tokens", "refresh_token"].map(|name| options.boolean(name).unwrap_or_default());
        Ok(ExchangeOptions { caller, flow, assert_capabilities, tokens, refresh_token })
    }
}

fn flow(options: Fields<'_>) -> Result<Flow, ConnectError> {
    options.value("flow").map_or(Ok(Flow::Standard), Flow::parse)
}

fn account_of(params: Fields<'_>) -> Result<AccountId, ConnectError> {
    AccountId::parse(params.text("account")).map_err(|error| error.renamed("account"))
}

/// A key of the caller's own, or a random one.
fn idempotency_key(options: Fields<'_>, random: [u8; 16]) -> Result<IdempotencyKey, ConnectError> {
    options.value("idempotency_key").map_or_else(|| Ok(IdempotencyKey::from_random(random)), IdempotencyKey::parse)
}

fn random() -> Result<[u8; 16], JsValue> {
    let mut bytes = [0; 16];
    fill_random(&mut bytes)?;
    Ok(bytes)
}

/// The API's answer to a request of this kind.
async fn ask(transport: &Transport, request: &Request, kind: RetryKind) -> Result<Response, Failure> {
    let reply = transport.send_again(request, &mut Retry::new(kind)).await;
    reply.map_err(|silence| account_failure(&AccountError::no_answer(), Some(silence)))
}

/// The failure, in which `revoked` is proven where `probe` can prove it.
async fn proven_failure(transport: &Transport, error: AccountError, probe: Option<Request>) -> Failure {
    let (AccountError::Revoked(_), Some(probe)) = (&error, probe) else { return account_failure(&error, None) };
    match transport.send_again(&probe, &mut Retry::new(RetryKind::Deauthorize)).await {
        Ok(reply) => account_failure(&error.proven(read_probe(&reply)), None),
        Err(Silence::Lost) => account_failure(&error.proven(Err(DeauthorizeError::no_answer())), None),
        Err(stopped) => account_failure(&AccountError::no_answer(), Some(stopped)),
    }
}
