//! The life of a connection, told as stories: a shop, its users' browsers, and Stripe's stand-in.
//!
//! Tests named `attack_N_…` are the proof of the defence against attack N. What must hold for every
//! response (no code, no secret, no cache, no Referer, a strict policy) is asserted in `support`.
#![cfg(all(feature = "edge", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::type_complexity
)]

#[path = "handler/exchange.rs"]
mod exchange;
#[path = "handler/flow_cookie.rs"]
mod flow_cookie;
#[path = "handler/languages.rs"]
mod languages;
#[path = "handler/links.rs"]
mod links;
#[path = "handler/once.rs"]
mod once;
#[path = "handler/routes.rs"]
mod routes;
#[path = "handler/same_user.rs"]
mod same_user;
#[path = "handler/stories.rs"]
mod stories;
mod support;
#[path = "handler/way_back.rs"]
mod way_back;

use serde_json::{Value, json};
use std::fmt::Debug;
use std::pin::pin;
use stripe_connect_oauth::edge::{Claim, ConfigBuilder, Digest, Next, Outcome, Store, WhenDone};
use stripe_connect_oauth::server::{Method, Request, Response};
use stripe_connect_oauth::{ErrorCode, Rejection, Scope, State, StripeLanding, Subject};
use support::bypasses::{LEADS_AWAY, ORIGIN, STAYS_HOME};
use support::{
    ACCOUNT, Browser, LIVE_KEY, SECRET_KEY, SHOP, START, STRIPE, Shop, Wire, assert_no_canary, configured,
    location, poll, printed, query, run, settings,
};
use url::{Url, form_urlencoded};

const LIFETIME: u64 = 3600;

/// A user's browser with one flow under way, and the callback Stripe sent it to.
fn back_from_stripe(shop: &Shop, user: &str) -> (Browser, String) {
    let mut browser = Browser::of(user);
    let authorize_url = browser.press_connect(shop);
    let callback = shop.consent(&authorize_url);
    (browser, callback)
}

/// Nothing was sent to Stripe and nothing is kept.
#[track_caller]
fn assert_nothing_happened(shop: &Shop) {
    assert_eq!(shop.token_requests(), 0);
    for user in ["ada", "eve"] {
        assert!(shop.accounts_of(user).is_empty(), "{user} has an account");
    }
}

fn json_of(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"));
    serde_json::from_str(&response.body).unwrap()
}

/// What the reply says happened, after its hint was checked to be there.
#[track_caller]
fn outcome_of(response: &Response) -> (u16, String) {
    let body = json_of(response);
    assert_eq!(body["hint"].is_string(), body["outcome"] != "connected", "{body}");
    (response.status, body["outcome"].as_str().unwrap().to_owned())
}
