//! The feature `bindings` as JavaScript sees it, in a browser's page: errors, the three flows, a flow from its beginning to
//! its end and once more, the button in the document. Run with `make browser`.
#![cfg(all(target_arch = "wasm32", feature = "bindings"))]
#![allow(clippy::unwrap_used)]

use js_sys::{Error, JSON, Object, Reflect};
use stripe_connect_oauth::bindings::{
    authorize_url, begin_connect, connect_button, finish_connect, is_connect_error, new_state, parse_callback,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Url, window};

wasm_bindgen_test_configure!(run_in_browser);

fn object(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn field(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap()
}

fn text(of: &JsValue, name: &str) -> String {
    field(of, name).as_string().unwrap_or_default()
}

/// `code (param): message` of an error that is a real one.
fn told(error: &JsValue) -> String {
    assert!(error.is_instance_of::<Error>() && is_connect_error(error), "{error:?}");
    assert_eq!(text(error, "name"), "ConnectError");
    format!("{} ({}): {}", text(error, "code"), text(error, "param"), text(error, "message"))
}

/// Begins a flow, and comes back from Stripe with `answer`: what stands in the address then.
fn come_back(answer: &str) -> String {
    let params = object(r#"{ "client_id": "ca_123" }"#);
    let begun = begin_connect(&params, &object(r#"{ "subject": "user-1" }"#)).unwrap();
    assert!(text(&begun, "url").contains(&text(&begun, "state")));
    let query = format!("?{answer}&state={}&tab=2", text(&begun, "state"));
    let history = window().unwrap().history().unwrap();
    history.replace_state_with_url(&JsValue::NULL, "", Some(&query)).unwrap();
    text(&begun, "state")
}

fn query() -> String {
    window().unwrap().location().search().unwrap()
}

#[wasm_bindgen_test]
fn an_error_is_javascripts_own_and_names_the_parameter() {
    let state = new_state().unwrap();
    for (params, error) in [
        (
            r#"{ "client_id": "ca_1", "scop": "read_write" }"#,
            "unknown_parameter (scop): scop is not a parameter here: check its spelling",
        ),
        (r#"{ "client_id": 7 }"#, "invalid_type (client_id): client_id must be a string"),
        (r#"{ "client_id": null }"#, "invalid_type (client_id): client_id must be a string"),
        (
            r#"{ "client_id": "ca_1", "always_prompt": "yes" }"#,
            "invalid_type (always_prompt): always_prompt must be true or false",
        ),
    ] {
        let params = object(params);
        Reflect::set(&params, &"state".into(), &state.clone().into()).unwrap();
        assert_eq!(told(&authorize_url(&params, &JsValue::UNDEFINED).unwrap_err()), error);
    }
    let error = parse_callback(&JsValue::from(7), &JsValue::UNDEFINED).unwrap_err();
    assert_eq!(told(&error), "invalid_type (input): input must be a URL or its query");
    assert!(!is_connect_error(&Error::new("another").into()) && !is_connect_error(&JsValue::UNDEFINED));
}

#[wasm_bindgen_test]
fn what_a_getter_throws_is_thrown_and_the_next_call_works() {
    let hostile = js_sys::eval("({ get client_id() { throw new RangeError('mine'); } })").unwrap();
    for _ in 0..100 {
        let error = authorize_url(&hostile, &JsValue::UNDEFINED).unwrap_err();
        assert!(error.is_instance_of::<js_sys::RangeError>(), "{error:?}");
    }
    assert_eq!(new_state().unwrap().len(), 43);
}

#[wasm_bindgen_test]
fn each_flow_has_its_address_and_refuses_what_is_anothers() {
    for (flow, address) in [
        ("standard", "https://connect.stripe.com/oauth/authorize"),
        ("express", "https://connect.stripe.com/express/oauth/authorize"),
        ("app", "https://marketplace.stripe.com/oauth/v2/authorize"),
    ] {
        let options = object(&format!(r#"{{ "flow": "{flow}" }}"#));
        let params = object(r#"{ "client_id": "ca_123" }"#);
        let state = new_state().unwrap();
        Reflect::set(&params, &"state".into(), &state.clone().into()).unwrap();
        let url = Url::new(&authorize_url(&params, &options).unwrap()).unwrap();
        assert_eq!(format!("{}{}", url.origin(), url.pathname()), address);
        assert_eq!(url.search_params().get("state"), Some(state));
        Reflect::set(&params, &"scope".into(), &"read_write".into()).unwrap();
        let scoped = authorize_url(&params, &options);
        match flow {
            "standard" => assert!(scoped.unwrap().contains("&scope=read_write")),
            _ => assert_eq!(text(&scoped.unwrap_err(), "param"), "scope"),
        }
    }
}

#[wasm_bindgen_test]
fn a_flow_is_finished_in_the_page_and_once_more_with_the_same_result() {
    let state = come_back("scope=read_write&code=ac_123");
    let subject = object(r#"{ "subject": "user-1" }"#);
    let callback = finish_connect(&JsValue::UNDEFINED, &subject).unwrap();
    let expected = format!(
        r#"{{"outcome":"authorized","code":"ac_123","scope":"read_write","state":"{state}","subject":"user-1"}}"#
    );
    assert_eq!(String::from(JSON::stringify(&callback).unwrap()), expected);
    assert_eq!(query(), "?tab=2", "the answer is out of the address");
    // As React's strict mode asks for it.
    assert!(Object::is(&finish_connect(&JsValue::UNDEFINED, &subject).unwrap(), &callback));
    // As a reload of the address that the history had would.
    let again = finish_connect(&format!("?code=ac_123&state={state}").into(), &subject).unwrap();
    assert_eq!((text(&again, "outcome"), text(&again, "code")), ("authorized".into(), "ac_123".into()));
    let other = finish_connect(&format!("?code=ac_456&state={state}").into(), &subject).unwrap();
    assert_eq!(text(&other, "reason"), "already_used");
}

#[wasm_bindgen_test]
fn a_denial_is_verified_by_its_state_and_ends_the_flow() {
    let state = come_back("error=access_denied");
    let denied = finish_connect(&JsValue::UNDEFINED, &JsValue::UNDEFINED).unwrap();
    assert_eq!((text(&denied, "outcome"), field(&denied, "verified")), ("denied".into(), true.into()));
    assert!(!text(&denied, "hint").is_empty());
    let forged = finish_connect(&format!("?code=ac_123&state={state}").into(), &JsValue::UNDEFINED).unwrap();
    assert_eq!(text(&forged, "reason"), "not_started");
}

#[wasm_bindgen_test]
fn the_address_is_cleaned_after_a_mistake_too() {
    come_back("code=ac_123");
    let error = finish_connect(&JsValue::UNDEFINED, &object(r#"{ "user": "user-1" }"#)).unwrap_err();
    assert_eq!(text(&error, "code"), "unknown_parameter");
    assert_eq!(query(), "?tab=2");
}

#[wasm_bindgen_test]
fn an_address_may_be_a_url_a_location_or_a_query() {
    let state = new_state().unwrap();
    let options = Object::new();
    Reflect::set(&options, &"state".into(), &state.clone().into()).unwrap();
    let query = format!("?code=ac_123&state={state}");
    let url = Url::new(&format!("https://shop.example/connect/callback{query}")).unwrap();
    for input in [JsValue::from(&query), url.search_params().into(), url.into()] {
        assert_eq!(text(&parse_callback(&input, &options).unwrap(), "code"), "ac_123", "{input:?}");
    }
    let here = window().unwrap().location().into();
    assert_eq!(text(&parse_callback(&here, &options).unwrap(), "outcome"), "none");
}

#[wasm_bindgen_test]
fn the_button_stands_in_the_document() {
    let options =
        object(r#"{ "action": "/connect/start?a=1&b=2", "look": "slate", "label": "Mit Stripe verbinden" }"#);
    let document = window().unwrap().document().unwrap();
    let place = document.create_element("div").unwrap();
    place.set_inner_html(&connect_button(&options).unwrap());
    let form = place.query_selector("form").unwrap().unwrap();
    assert_eq!(form.get_attribute("action").as_deref(), Some("/connect/start?a=1&b=2"));
    assert_eq!(place.text_content().as_deref(), Some("Mit Stripe verbinden"));
}
