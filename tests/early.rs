//! What can be known early is told early: before anyone leaves for Stripe, or where the fix is.
#![cfg(all(feature = "edge", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::type_complexity
)]

#[path = "early/another_site.rs"]
mod another_site;
#[path = "early/astray.rs"]
mod astray;
#[path = "early/proof.rs"]
mod proof;
mod support;

use stripe_connect_oauth::edge::{ConfigBuilder, Start};
use stripe_connect_oauth::sandbox::FaultRule;
use stripe_connect_oauth::server::{Method, Response};
use support::{ACCOUNT, Browser, LIVE_KEY, OTHERS_KEY, SHOP, Shop, Wire, location, poll, query, run};

fn with_uris(uris: &[&str]) -> impl FnOnce(&mut ConfigBuilder) {
    let uris = uris.iter().map(|uri| (*uri).into()).collect();
    move |settings| (settings.redirect_uri, settings.redirect_uris) = ("".into(), uris)
}

/// What the developers were told, each in one line.
fn reports(shop: &Shop) -> Vec<String> {
    shop.world.reports.borrow().iter().map(ToString::to_string).collect()
}
