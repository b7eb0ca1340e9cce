//! The `oauth2` crate with reqwest, unchanged but for the address.

use oauth2::basic::{BasicErrorResponseType, BasicTokenType};
use oauth2::reqwest::blocking::Client;
use oauth2::reqwest::redirect::Policy;
use oauth2::url::Url;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    ExtraTokenFields, RedirectUrl, RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse,
    TokenResponse, TokenUrl, basic,
};
use serde::{Deserialize, Serialize};
use std::env::var;
use std::error::Error;
use std::process::Command;

/// What Stripe's answer holds beside OAuth's fields.
#[derive(Debug, Serialize, Deserialize)]
struct Connected {
    stripe_user_id: String,
    livemode: bool,
}

impl ExtraTokenFields for Connected {}

type Stripe = oauth2::Client<
    basic::BasicErrorResponse,
    StandardTokenResponse<Connected, BasicTokenType>,
    basic::BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    basic::BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("oauth2 {}", version().ok_or("oauth2 is not in Cargo.lock")?);
    let stripe = var("STRIPE")?;
    let client: Stripe = oauth2::Client::new(ClientId::new(var("CLIENT_ID")?))
        .set_client_secret(ClientSecret::new(var("SECRET_KEY")?))
        .set_auth_uri(AuthUrl::new(format!("{stripe}/oauth/authorize"))?)
        .set_token_uri(TokenUrl::new(format!("{stripe}/oauth/token"))?)
        .set_redirect_uri(RedirectUrl::new(var("REDIRECT_URI")?)?)
        // Stripe takes the user of Basic authentication for a key.
        .set_auth_type(AuthType::RequestBody);
    let http = Client::builder().redirect(Policy::none()).build()?;

    let scope = Scope::new("read_write".to_owned());
    let (url, state) = client.authorize_url(CsrfToken::new_random).add_scope(scope).url();
    let denied = person(&url, "cancel")?;
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
    println!("denial");

    let callback = person(&url, "connect")?;
    assert_eq!(parameter(&callback, "state").as_ref(), Some(state.secret()));
    let code = AuthorizationCode::new(parameter(&callback, "code").ok_or("no code")?);
    println!("authorize");

    let token = client.exchange_code(code.clone()).request(&http)?;
    let account = &token.extra_fields().stripe_user_id;
    assert!(account.starts_with("acct_") && !token.extra_fields().livemode);
    assert_eq!(token.token_type(), &BasicTokenType::Bearer);
    println!("token");

    let refresh_token = token.refresh_token().ok_or("no refresh token")?;
    let refreshed = client.exchange_refresh_token(refresh_token).request(&http)?;
    assert_eq!(&refreshed.extra_fields().stripe_user_id, account);
    assert_ne!(refreshed.access_token().secret(), token.access_token().secret());
    println!("refresh");

    match client.exchange_code(code).request(&http) {
        Err(RequestTokenError::ServerResponse(refusal)) => {
            assert_eq!(refusal.error(), &BasicErrorResponseType::InvalidGrant);
            assert!(refusal.error_description().is_some_and(|text| text.contains("already been used")));
        }
        other => return Err(format!("a used code was answered with {other:?}").into()),
    }
    println!("errors");
    Ok(())
}

/// The version of the crate that Cargo.lock holds.
fn version() -> Option<&'static str> {
    let (_, rest) = include_str!("../Cargo.lock").split_once("name = \"oauth2\"\nversion = \"")?;
    rest.split('"').next()
}

/// The person decides (person.mjs), and the browser comes back to this address.
fn person(url: &Url, decision: &str) -> Result<Url, Box<dyn Error>> {
    let output = Command::new("node").arg(var("PERSON")?).arg(url.as_str()).arg(decision).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(Url::parse(String::from_utf8(output.stdout)?.trim())?)
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}
