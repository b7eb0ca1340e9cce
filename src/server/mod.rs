//! The back channel: what needs the platform's secret key. Sans-IO: it builds requests and reads replies.
//!
//! ```
//! use stripe_connect_oauth::{Callback, ConnectBase, Flow, State, parse_callback};
//! use stripe_connect_oauth::server::{Response, SecretKey, code_exchange, read_token};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let secret_key = SecretKey::parse("sk_test_123")?;
//! let state = State::from_random([7; 32]);
//! let query = format!("?code=ac_123&state={}", state.as_str());
//! let Callback::Authorized(authorized) = parse_callback(&query, &state) else { return Ok(()) };
//!
//! // Send this once, with the HTTP client of your choice, and never again: Stripe revokes the
//! // connection when a code is used twice.
//! let request = code_exchange(&ConnectBase::stripe(), &secret_key, Flow::Standard, authorized.into_code(), &[]);
//! assert_eq!(request.url, "https://connect.stripe.com/oauth/token");
//!
//! let reply = Response::json(200, r#"{"stripe_user_id":"acct_1","livemode":false,"scope":"read_write"}"#);
//! let token = read_token(&reply, secret_key.livemode())?;
//! assert_eq!(token.stripe_user_id.as_str(), "acct_1");
//! # Ok(())
//! # }
//! ```

mod account;
mod account_error;
mod account_link;
#[cfg(any(feature = "edge", feature = "js"))]
mod account_view;
#[cfg(feature = "edge")]
mod claimed_account;
mod deauthorize;
mod disabled_reason;
mod event;
mod exchange_error;
mod http;
#[cfg(feature = "http")]
mod http_crate;
mod idempotency_key;
mod new_account;
mod object;
mod on_behalf;
mod platform_problem;
mod requirements;
mod retry;
mod seal;
mod secret;
mod stripe_error;
mod token;
mod token_problem;
mod webhook;
mod webhook_error;

pub use crate::vocabulary::account_status::{AccountStatus, NextStep};
pub use account::{Account, AccountType, CapabilityStatus, read_account, retrieve_account};
pub use account_error::AccountError;
pub use account_link::{AccountLink, NewAccountLink, create_account_link, read_account_link};
#[cfg(feature = "edge")]
pub(crate) use account_view::extend;
#[cfg(feature = "edge")]
pub(crate) use claimed_account::{list_accounts, read_account_id, read_claimed_account};
pub use deauthorize::{
    DeauthorizeError, Deauthorized, deauthorize, probe_application, read_deauthorization, read_probe,
};
pub use disabled_reason::DisabledReason;
pub use event::{Event, EventId, EventKind};
pub use exchange_error::ExchangeError;
pub use http::{Method, Request, Response, STRIPE_VERSION};
pub use idempotency_key::IdempotencyKey;
pub use new_account::{NewAccount, create_account};
pub use on_behalf::on_behalf_of;
pub use platform_problem::PlatformProblem;
pub use requirements::{RequirementError, Requirements};
pub use retry::{Retry, RetryKind};
pub use seal::RefreshTokenKeys;
#[cfg(feature = "edge")]
pub(crate) use seal::{NONCE_BYTES, SealingKeys};
pub use secret::{Secret, SecretKey};
pub use stripe_error::StripeError;
pub use token::{
    RefreshedToken, Token, TokenScope, check_assertion, code_exchange, read_refreshed_token, read_token, refresh,
};
pub use token_problem::TokenProblem;
pub use webhook::{
    MAX_SIGNATURE_BYTES, MAX_WEBHOOK_BYTES, Tolerance, WebhookSecret, sign_webhook, verify_webhook,
    verify_webhook_signature,
};
pub use webhook_error::WebhookError;
