//! Each of Stripe's flows, as the browser reads its authorize URL, and the way back from it.

use super::*;
use stripe_connect_oauth::{
    CallbackQuery, Capability, ChannelLink, Flow, PendingFlows, Prefill, Rejection, Scope, StripeLanding, Subject,
};

const NOW: u64 = 1_700_000_000;
const LIFETIME: u64 = PendingFlows::LIFETIME_SECONDS;

/// The origin and path, and the parameters in their order.
fn read(url: &str) -> (String, Vec<(String, String)>) {
    let url = Url::new(url).unwrap();
    assert_eq!((url.username(), url.password(), url.hash()), Default::default());
    let pairs = js_sys::Array::from(&url.search_params().entries());
    let text = |pair: &js_sys::Array, at| pair.get(at).as_string().unwrap();
    let pairs =
        pairs.iter().map(|pair| js_sys::Array::from(&pair)).map(|pair| (text(&pair, 0), text(&pair, 1))).collect();
    (format!("{}{}", url.origin(), url.pathname()), pairs)
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[wasm_bindgen_test]
fn each_flows_url_is_read_by_the_browser_parameter_by_parameter() {
    let (client_id, state) = (ClientId::parse("ca_123").unwrap(), State::from_random([7; 32]));
    let redirect_uri = ("redirect_uri", "https://shop.example/cb?x=1&y=%20+");
    let user = [("stripe_user[email]", "ada+pay@example.com"), ("stripe_user[first_name]", "Ada & Söhne")];
    let prefill = || {
        let mut prefill = Prefill::default();
        prefill.set(PrefillField::Email, user[0].1).unwrap();
        prefill.set(PrefillField::FirstName, user[1].1).unwrap();
        prefill
    };
    let new = |flow| {
        let mut url = AuthorizeUrl::new(&client_id, &state);
        (url.flow, url.redirect_uri) = (flow, RedirectUri::parse(redirect_uri.1, None).ok());
        url
    };
    let (code, id, state) = (("response_type", "code"), ("client_id", "ca_123"), ("state", state.as_str()));

    let mut standard = new(Flow::Standard);
    (standard.scope, standard.stripe_landing) = (Some(Scope::ReadWrite), Some(StripeLanding::Register));
    (standard.always_prompt, standard.stripe_user) = (Some(true), prefill());
    let of = [
        &[code, id, redirect_uri, ("scope", "read_write"), state][..],
        &[("stripe_landing", "register"), ("always_prompt", "true")],
        &user,
    ];
    let page = "https://connect.stripe.com/oauth/authorize".to_owned();
    assert_eq!(read(&standard.build().unwrap()), (page, pairs(&of.concat())));

    let mut express = new(Flow::Express);
    express.suggested_capabilities = vec![Capability::Transfers, Capability::CardPayments];
    express.stripe_user = prefill();
    let capabilities = [("suggested_capabilities[0]", "transfers"), ("suggested_capabilities[1]", "card_payments")];
    let of = [&[code, id, redirect_uri, state][..], &capabilities, &user].concat();
    let page = "https://connect.stripe.com/express/oauth/authorize".to_owned();
    assert_eq!(read(&express.build().unwrap()), (page, pairs(&of)));

    let mut app = new(Flow::App);
    let page = "https://marketplace.stripe.com/oauth/v2/authorize".to_owned();
    assert_eq!(read(&app.build().unwrap()), (page, pairs(&[id, redirect_uri, state])));
    app.channel_link = ChannelLink::parse("chnlink_1a2B").ok();
    let page = "https://marketplace.stripe.com/oauth/v2/chnlink_1a2B/authorize".to_owned();
    assert_eq!(read(&app.build().unwrap()), (page, pairs(&[id, redirect_uri, state])));
}

/// The address that Stripe sends the browser back to, as the browser writes it.
fn back(state: &State, code: &str) -> CallbackQuery {
    let url = Url::new("https://shop.example/cb?tab=1").unwrap();
    url.search_params().append("scope", "read_write");
    url.search_params().append("code", code);
    url.search_params().append("state", state.as_str());
    CallbackQuery::read(&url.href())
}

#[wasm_bindgen_test]
fn a_pending_flow_is_finished_once_by_its_subject_in_its_time() {
    let (ada, eve) = (Subject::parse("ada").unwrap(), Subject::parse("eve").unwrap());
    let state = State::from_random([7; 32]);
    let begun = || {
        let mut flows = PendingFlows::kept(String::new());
        flows.begin(&state, &ada, NOW, LIFETIME);
        // What the page keeps is one text, and read again after the redirect.
        PendingFlows::kept(flows.as_str().to_owned())
    };
    let is = |callback: Callback, why| matches!(callback, Callback::Rejected(reason) if reason == why);

    let mut flows = begun();
    for _ in 0..2 {
        let callback = flows.finish(&back(&state, "ac_1"), Some(&ada), NOW + LIFETIME - 1);
        assert!(matches!(callback, Callback::Authorized(_)), "as after a reload: {callback:?}");
    }
    assert!(is(flows.finish(&back(&state, "ac_2"), Some(&ada), NOW), Rejection::AlreadyUsed));

    let other = State::from_random([8; 32]);
    assert!(is(begun().finish(&back(&other, "ac_1"), Some(&ada), NOW), Rejection::NotStarted));
    assert!(is(begun().finish(&back(&state, "ac_1"), Some(&ada), NOW + LIFETIME), Rejection::Expired));
    assert!(is(begun().finish(&back(&state, "ac_1"), Some(&eve), NOW), Rejection::AnotherSubject));
}
