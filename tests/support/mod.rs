//! A small world to tell stories in: a shop with the handler, Stripe's stand-in, and people's browsers.
//!
//! The clock, the store and the wire to Stripe are simulated, so a test says what fails and when. What
//! must hold for every response is asserted where every response passes: in [`Browser`].

// Each test file takes what it needs.
#![allow(dead_code, unused_imports)]

mod browser;
pub(crate) mod bypasses;
mod cells;
mod shop;
mod store;
mod world;

pub(crate) use browser::Browser;
use cells::{Cell, RefCell};
pub(crate) use shop::{Shop, configured};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
pub(crate) use store::FaultyStore;
use stripe_connect_oauth::edge::{
    Application, Claim, ClaimRecord, Config, ConfigBuilder, Connection, Digest, EventError, EventProgress, Handler,
    Host, MemoryStore, Outcome, Problem, Start, Store, StoreError, WhenDone,
};
use stripe_connect_oauth::sandbox::{ApiVersion, FaultRule, Sandbox, SandboxPlatform};
use stripe_connect_oauth::server::{
    Account, Event, EventKind, Method, Request, Response, SecretKey, TokenScope, WebhookSecret, sign_webhook,
};
use stripe_connect_oauth::{
    AccountId, ClientId, ConnectBase, ConnectError, Flow, Livemode, Prefill, PrefillField, RedirectUri, Scope,
    Subject,
};
use url::Url;
pub(crate) use world::{Hook, Wire, World};

pub(crate) const SHOP: &str = "https://shop.example";
pub(crate) const STRIPE: &str = "http://localhost:12111";
pub(crate) const SECRET_KEY: &str = "sk_test_canary0001";
pub(crate) const LIVE_KEY: &str = "sk_live_canary0002";
/// Of another platform that is registered at Stripe.
pub(crate) const OTHERS_KEY: &str = "sk_test_canary0008";
pub(crate) const COOKIE_SECRET: &str = "canary: thirty-two characters or more";
pub(crate) const WEBHOOK_SECRET: &str = "whsec_canary0003";
pub(crate) const ACCOUNT: &str = "acct_1SandboxBakery01";
/// The redirect URIs that Stripe knows of.
pub(crate) const REGISTERED: [&str; 5] = [
    "https://shop.example/connect/callback",
    "https://shop.example/pay/stripe/callback",
    "https://shop.example/sellers/stripe?from=stripe",
    "https://shop.example/couriers/stripe",
    "https://market.example/connect/callback",
];
/// A session that makes the platform's own `identify` fail.
pub(crate) const BROKEN_SESSION: &str = "broken";
pub(crate) const START: u64 = 1_700_000_000;

/// No response, page, report or log may ever hold one of these.
pub(crate) const CANARIES: [&str; 2] = ["canary", "<script"];

/// What a shop with these pages tells the handler.
pub(crate) fn settings() -> ConfigBuilder {
    ConfigBuilder {
        client_id: "ca_shop".into(),
        secret_key: SECRET_KEY.into(),
        redirect_uri: format!("{SHOP}/connect/callback").into(),
        cookie_secrets: vec![COOKIE_SECRET.to_owned()],
        base: ConnectBase::stand_in(STRIPE).unwrap(),
        webhook_secrets: vec![WEBHOOK_SECRET.into()],
        scope: Some(Scope::ReadWrite),
        page_style: true,
        deferred_accounts: true,
        platform_name: "The <Shop>".to_owned(),
        return_to: "/home".to_owned(),
        // So that most stories end where the person wanted to go; `handler/way_back.rs` tells the other way.
        when_done: WhenDone::Return,
        ..ConfigBuilder::default()
    }
}

/// A request's body, which is text.
pub(crate) fn text_of(request: &Request) -> &str {
    request.body_text().expect("what we send is text")
}

pub(crate) fn location(response: &Response) -> &str {
    response.header("location").unwrap_or_else(|| panic!("{} {}", response.status, response.body))
}

/// A parameter of a URL's query.
pub(crate) fn query(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    let value = url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    value.unwrap_or_else(|| panic!("no {name} in {url}"))
}

#[track_caller]
pub(crate) fn assert_no_canary(text: &str) {
    for canary in CANARIES {
        assert!(!text.to_lowercase().contains(canary), "{canary} in {text}");
    }
}

/// Attacks 9, 11, 13 and 17: what holds for every response of the handler.
#[track_caller]
pub(crate) fn assert_safe(response: &Response) {
    let all = |name: &str| -> Vec<&str> {
        response.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| &**value).collect()
    };
    assert_eq!(all("cache-control"), ["no-store"]);
    // A form's Origin must not be null in a browser that has no Sec-Fetch-Site; nothing else tells of itself.
    let has_form = response.body.contains("<form");
    assert_eq!(all("referrer-policy"), [if has_form { "strict-origin" } else { "no-referrer" }]);
    assert_eq!(all("x-content-type-options"), ["nosniff"]);
    assert_no_canary(&response.body);
    for (_, value) in &response.headers {
        assert_no_canary(value);
        assert!(!value.contains(['\r', '\n']), "{value:?}");
    }
    if response.status == 303 {
        let location = location(response);
        let pages = ["/oauth/authorize?", "/express/oauth/authorize?", "/oauth/v2/"];
        let leaves_for_stripe = pages.iter().any(|page| location.starts_with(&[STRIPE, page].concat()));
        assert!(leaves_for_stripe || !location.contains("ac_") && !location.contains("state="), "{location}");
    }
    if response.header("content-type") == Some("text/html; charset=utf-8") {
        let policy = response.header("content-security-policy").expect("a page without a policy");
        for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.split("; ").any(|kept| kept == directive), "{directive}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
        assert!(!response.body.contains("<Shop") && !response.body.contains("ac_"), "{}", response.body);
    }
}

/// Runs a future that needs nothing but to be polled again.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    for _ in 0..1000 {
        if let Some(result) = poll(future.as_mut()) {
            return result;
        }
    }
    panic!("stuck");
}

/// One step of a future.
pub(crate) fn poll<T>(future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}

/// Lets the others take a step.
pub(crate) async fn step() {
    let mut stepped = false;
    std::future::poll_fn(|_| if std::mem::replace(&mut stepped, true) { Poll::Ready(()) } else { Poll::Pending })
        .await;
}

/// Everything a developer could print of a value.
pub(crate) fn printed(value: &dyn Debug) -> String {
    format!("{value:?}\n{value:#?}\n")
}
