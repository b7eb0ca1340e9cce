//! The handler in each of Stripe's flows: where its button leads, and what its configuration refuses.
#![cfg(all(feature = "edge", feature = "sandbox"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::string_slice, dead_code)]

mod support;

use stripe_connect_oauth::edge::ConfigBuilder;
use stripe_connect_oauth::{Capability, ChannelLink, ErrorCode, Flow, Scope, StripeLanding};
use support::{Browser, STRIPE, Shop, configured, location, text_of};
use url::Url;

// `make browser` runs these in the workers of three browsers as well.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The settings of a flow that has no scope.
fn only(flow: Flow) -> impl Fn(&mut ConfigBuilder) {
    move |settings| {
        settings.flow = flow;
        settings.scope = None;
    }
}

/// Where the button leads, and the parameters besides the state.
fn pressed(shop: &Shop) -> (String, Vec<(String, String)>) {
    let url = Url::parse(&Browser::of("ada").press_connect(shop)).unwrap();
    let pairs = url.query_pairs().into_owned().filter(|(name, _)| name != "state").collect();
    (url[..url::Position::AfterPath].to_owned(), pairs)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

const REDIRECT: (&str, &str) = ("redirect_uri", "https://shop.example/connect/callback");

#[test]
fn the_express_button_suggests_capabilities_and_asks_for_no_scope() {
    let mut shop = Shop::open();
    shop.deploy(|settings| {
        only(Flow::Express)(settings);
        settings.suggested_capabilities = vec![Capability::CardPayments, Capability::Transfers];
    });
    let expected = [
        ("response_type", "code"),
        ("client_id", "ca_shop"),
        REDIRECT,
        ("suggested_capabilities[0]", "card_payments"),
        ("suggested_capabilities[1]", "transfers"),
        ("stripe_user[first_name]", "ada"),
    ];
    assert_eq!(pressed(&shop), (format!("{STRIPE}/express/oauth/authorize"), pairs(&expected)));
    assert!(shop.reported().is_empty());
}

#[test]
fn the_express_exchange_asserts_the_capabilities_that_were_configured() {
    let mut shop = Shop::open();
    shop.deploy(|settings| {
        only(Flow::Express)(settings);
        settings.suggested_capabilities = vec![Capability::Transfers];
        settings.assert_capabilities = vec![Capability::Transfers];
    });
    let mut ada = Browser::of("ada");
    let callback = shop.consent_with_a_new_account(&ada.press_connect(&shop));
    assert_eq!(ada.come_back(&shop, &callback), "/home");
    assert!(text_of(shop.world.sent.borrow().last().unwrap()).contains("assert_capabilities%5B0%5D=transfers"));
    assert_eq!(shop.accounts_of("ada").len(), 1);
}

#[test]
fn an_app_is_connected_from_its_button_to_its_token() {
    let shop = Shop::open_as_an_app();
    let mut ada = Browser::of("ada");
    let callback = shop.consent(&ada.press_connect(&shop));
    assert_eq!(ada.come_back(&shop, &callback), "/home");
    assert!(shop.world.sent.borrow()[0].url.ends_with("/v1/oauth/token"));
    assert_eq!(shop.accounts_of("ada").len(), 1);
}

#[test]
fn the_apps_button_sends_three_parameters_by_way_of_its_link() {
    let mut shop = Shop::open();
    shop.deploy(only(Flow::App));
    let expected = pairs(&[("client_id", "ca_shop"), REDIRECT]);
    assert_eq!(pressed(&shop), (format!("{STRIPE}/oauth/v2/authorize"), expected.clone()));
    shop.deploy(|settings| {
        only(Flow::App)(settings);
        settings.channel_link = ChannelLink::parse("chnlink_61Pr").ok();
    });
    assert_eq!(pressed(&shop), (format!("{STRIPE}/oauth/v2/chnlink_61Pr/authorize"), expected));
}

#[test]
fn prefill_that_does_not_fit_leaves_the_form_empty_and_is_reported() {
    let mut shop = Shop::open();
    shop.deploy(only(Flow::App));
    let _ = pressed(&shop);
    let reports = shop.world.reports.borrow();
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].outcome.as_str(), "started");
    let what = "the form was not filled in: stripe_user[first_name] is not part of the app flow: leave it out";
    assert_eq!(reports[0].detail, what);
}

#[test]
fn a_configuration_with_what_its_flow_has_not_is_refused_before_anyone_presses_the_button() {
    type Change = fn(&mut ConfigBuilder);
    let scope: Change = |settings| settings.scope = Some(Scope::ReadWrite);
    let landing: Change = |settings| settings.stripe_landing = Some(StripeLanding::Login);
    let always: Change = |settings| settings.always_prompt = Some(true);
    let capabilities: Change = |settings| settings.suggested_capabilities = vec![Capability::Transfers];
    let link: Change = |settings| settings.channel_link = ChannelLink::parse("chnlink_1").ok();
    let table: [(Flow, &str, Change); 10] = [
        (Flow::Standard, "suggested_capabilities", capabilities),
        (Flow::Standard, "channel_link", link),
        (Flow::Express, "scope", scope),
        (Flow::Express, "stripe_landing", landing),
        (Flow::Express, "always_prompt", always),
        (Flow::Express, "channel_link", link),
        (Flow::App, "scope", scope),
        (Flow::App, "stripe_landing", landing),
        (Flow::App, "always_prompt", always),
        (Flow::App, "suggested_capabilities", capabilities),
    ];
    for (flow, param, change) in table {
        let refused = configured(|settings| {
            only(flow)(settings);
            change(settings);
        });
        let error = refused.map(|_| ()).expect_err(param);
        assert_eq!((error.code(), error.param()), (ErrorCode::UnknownParameter, param));
        assert_eq!(error.message(), format!("{param} is not part of the {} flow: leave it out", flow.as_str()));
    }
}

#[test]
fn a_configuration_that_asserts_what_cannot_be_asserted_is_refused() {
    let asserting = |flow, capability| {
        configured(|settings| {
            only(flow)(settings);
            settings.assert_capabilities = vec![capability];
        })
    };
    assert!(asserting(Flow::Express, Capability::CardPayments).is_ok());
    let others = [Flow::Standard, Flow::App].map(|flow| asserting(flow, Capability::Transfers));
    for refused in others.into_iter().chain([asserting(Flow::Express, Capability::TaxReportingUs1099K)]) {
        let error = refused.map(|_| ()).expect_err("was accepted");
        assert_eq!((error.code(), error.param()), (ErrorCode::InvalidValue, "assert_capabilities"));
    }
}

#[test]
fn a_flow_cannot_end_under_another_flow() {
    let mut shop = Shop::open();
    let mut ada = Browser::of("ada");
    let callback = shop.consent(&ada.press_connect(&shop));
    shop.deploy(only(Flow::Express));
    let answer = ada.open(&shop, &callback);
    assert_eq!(location(&answer), "/connect/result/config_mismatch");
    assert_eq!(shop.token_requests(), 0);
}
