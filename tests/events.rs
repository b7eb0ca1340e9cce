//! What Stripe tells of the connected accounts through webhooks, told as stories.
//!
//! Tests named `attack_16_…` are the proof of the defence against forged and replayed events.
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

#[path = "events/again.rs"]
mod again;
#[path = "events/forged.rs"]
mod forged;
#[path = "events/order.rs"]
mod order;
#[path = "events/stories.rs"]
mod stories;
mod support;

use serde_json::{Value, json};
use std::pin::pin;
use stripe_connect_oauth::server::{Method, Response, WebhookSecret, sign_webhook};
use support::{
    ACCOUNT, Browser, Hook, LIVE_KEY, START, Shop, WEBHOOK_SECRET, assert_no_canary, configured, location, poll,
    printed, run,
};

const DEAUTHORIZED: &str = "account.application.deauthorized";

/// A shop where ada connected her account an hour ago.
fn connected() -> Shop {
    let shop = Shop::open();
    shop.keep("ada", ACCOUNT, START - 3600);
    shop
}

/// An event of the shop's own application, about ada's account.
fn event(id: &str, kind: &str, more: &Value) -> String {
    let mut event = json!({
        "id": id,
        "object": "event",
        "api_version": "2025-03-31",
        "account": ACCOUNT,
        "created": START,
        "livemode": false,
        "type": kind,
        "data": {"object": {"id": "ca_shop", "object": "application", "name": "The Shop"}},
        "pending_webhooks": 1,
        "request": null,
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event.to_string()
}

fn deauthorized(id: &str) -> String {
    event(id, DEAUTHORIZED, &json!({}))
}

fn signature(body: &str, at: u64) -> String {
    sign_webhook(body.as_bytes(), &WebhookSecret::parse(WEBHOOK_SECRET).unwrap(), at)
}

/// Stripe sends an event, signed now.
fn send(shop: &Shop, body: &str) -> (u16, String) {
    deliver(shop, body, &signature(body, shop.now()))
}

fn deliver(shop: &Shop, body: &str, signature: &str) -> (u16, String) {
    let headers = [("stripe-signature", signature), ("content-type", "application/json; charset=utf-8")];
    let mut stripe = Browser::default();
    let request = stripe.request(Method::Post, "/connect/webhook", &headers, body);
    outcome_of(&stripe.send(shop, &request))
}

fn outcome_of(response: &Response) -> (u16, String) {
    let body: Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(body["hint"].is_string(), response.status != 200, "{body}");
    (response.status, body["outcome"].as_str().unwrap().to_owned())
}

fn received() -> (u16, String) {
    (200, "received".to_owned())
}

fn heard(shop: &Shop) -> Vec<String> {
    shop.world.heard.borrow().iter().map(|(kind, _)| kind.clone()).collect()
}
