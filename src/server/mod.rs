//! The back channel: what needs the platform's secret key. Sans-IO: it builds requests and reads replies.
//!
//! ```
//! use stripe_connect_oauth::{Callback, ConnectBase, State, parse_callback};
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
//! let request = code_exchange(&ConnectBase::stripe(), &secret_key, authorized.into_code());
//! assert_eq!(request.url, "https://connect.stripe.com/oauth/token");
//!
//! let reply = Response::json(200, r#"{"stripe_user_id":"acct_1","livemode":false,"scope":"read_write"}"#);
//! let token = read_token(&reply, secret_key.livemode())?;
//! assert_eq!(token.stripe_user_id.as_str(), "acct_1");
//! # Ok(())
//! # }
//! ```

mod http;
mod secret;
mod stripe_error;
mod token;

pub use http::{Method, Request, Response};
pub use secret::{Secret, SecretKey};
pub use stripe_error::{GrantProblem, StripeError};
pub use token::{ExchangeError, Token, TokenScope, code_exchange, read_token};
