//! The front channel: what it refuses and in which words, what it builds, and how it reads what came back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

#[path = "front/addresses.rs"]
mod addresses;
#[path = "front/authorize.rs"]
mod authorize;
#[path = "front/button.rs"]
mod button;
#[path = "front/callback.rs"]
mod callback;
#[path = "front/pending.rs"]
mod pending;
#[path = "front/printing.rs"]
mod printing;
#[path = "front/refusals.rs"]
mod refusals;
#[cfg(feature = "url")]
#[path = "front/url_crate.rs"]
mod url_crate;

#[path = "support/bypasses.rs"]
mod bypasses;
#[path = "support/labels.rs"]
mod labels;

use bypasses::{LEADS_AWAY, ORIGIN, STAYS_HOME};
use labels::{NO_PUNYCODE, NOT_IN_IDNA, READ_ALIKE};
use proptest::prelude::*;
use std::fmt::Debug;
use stripe_connect_oauth::ErrorCode::{
    InvalidValue, MissingParameter, RedirectUriNotAllowed, TooLong, UnknownParameter, WrongCredential,
};
use stripe_connect_oauth::{
    AccountId, AuthorizeUrl, Button, ButtonLook, ButtonSize, Callback, CallbackQuery, Capability, ChannelLink,
    ClientId, ConnectBase, ConnectError, ErrorCode, Flow, Livemode, MAX_CALLBACK_BYTES, PendingFlows, Platform,
    Prefill, PrefillField, RedirectUri, Rejection, Scope, State, StripeLanding, Subject, parse_callback,
};
use url::{Url, form_urlencoded};

// `make browser` runs these in three browsers as well.
#[cfg(not(target_arch = "wasm32"))]
use std::prelude::v1::test;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const CALLBACK: &str = "https://shop.example/connect/callback";

/// `result` is an error with exactly this code, parameter and message; the message begins with the parameter.
#[track_caller]
fn assert_refused<T: Debug>(result: Result<T, ConnectError>, code: ErrorCode, param: &str, what: &str) {
    let error = result.expect_err("was accepted");
    assert_eq!((error.code(), error.param()), (code, param), "{error}");
    assert_eq!(error.message(), format!("{param} {what}"));
    assert_eq!(error.to_string(), error.message());
}

fn state() -> State {
    State::from_random([7; 32])
}

/// Cheap properties, so many cases; nothing is written beside the sources.
fn often() -> ProptestConfig {
    ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() }
}

fn user(name: &str) -> Subject {
    Subject::parse(name).unwrap()
}

fn callback(query: &str) -> Callback {
    let state = state();
    parse_callback(&query.replace("{S}", state.as_str()), &state)
}

/// The code and scope of an authorized callback.
#[track_caller]
fn authorized(callback: Callback) -> (String, Option<Scope>) {
    let Callback::Authorized(authorized) = callback else { panic!("not authorized: {callback:?}") };
    (authorized.code().as_str().to_owned(), authorized.scope())
}

/// A query that is often nearly a callback.
fn nearly_a_callback() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "code",
        "c%6fde",
        "error",
        "error_description",
        "scope",
        "state",
        "iss",
        "x",
        "",
    ]);
    let value = prop_oneof![
        6 => prop::sample::select(vec![
            "ac_1", "ac_2", "ac_%", "{S}", "{S}", "{S}x", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBws",
            "access_denied", "invalid_scope", "", "%zz", "%ff", "+", "#",
        ])
        .prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    let pair = (name, value).prop_map(|(name, value)| format!("{name}={value}"));
    let pairs = prop::collection::vec(pair, 0..6).prop_map(|pairs| format!("?{}", pairs.join("&")));
    prop_oneof![4 => pairs, 1 => any::<String>(), 1 => any::<Vec<u8>>().prop_map(|b| String::from_utf8_lossy(&b).into_owned())]
}

const NOW: u64 = 1_700_000_000;

/// Flows 1 to `count` under way, each begun for `ada` one second after the one before.
fn flows(count: u8) -> PendingFlows {
    let mut flows = PendingFlows::kept(String::new());
    for number in 1..=count {
        flows.begin(&flow_state(number), &user("ada"), NOW + u64::from(number), PendingFlows::LIFETIME_SECONDS);
    }
    flows
}

fn flow_state(number: u8) -> State {
    State::from_random([number; 32])
}
