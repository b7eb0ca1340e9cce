// What the examples of `sandbox` begin with, hidden in each.

use stripe_connect_oauth::sandbox::{Sandbox, SandboxPlatform, WebhookEndpoint};
use stripe_connect_oauth::server::{Method, Request, SecretKey, WebhookSecret};
pub use stripe_connect_oauth::ConnectError;
use stripe_connect_oauth::{ClientId, RedirectUri};

pub fn platform(client_id: &str) -> Result<SandboxPlatform, ConnectError> {
    let callback = RedirectUri::parse("https://shop.example/connect/callback", None)?;
    Ok(SandboxPlatform::new(ClientId::parse(client_id)?, callback, SecretKey::parse("sk_test_123")?))
}

fn request(method: Method, path: &str, body: &str) -> Request {
    let url = ["http://localhost:12111", path].concat();
    Request { method, url, headers: Vec::new(), body: body.as_bytes().to_vec() }
}

pub fn get(path: &str) -> Request {
    request(Method::Get, path, "")
}

pub fn post(path: &str, json: &str) -> Request {
    request(Method::Post, path, json)
}

/// A sandbox whose platform hears of events, with an account that is connected.
pub fn connected(now: u64) -> Result<Sandbox, ConnectError> {
    let mut sandbox = Sandbox::new(platform("ca_1")?);
    let secret = WebhookSecret::parse("whsec_sandbox123")?;
    sandbox.add_webhook_endpoint(WebhookEndpoint::new("http://localhost:8787/connect/webhook", secret)?);
    sandbox.handle(&post("/_sandbox/connections", r#"{"stripe_user_id": "acct_1SandboxBakery01"}"#), now, [7; 32]);
    Ok(sandbox)
}
