//! The feature `web` in a browser's page: a flow from its beginning to its end, in the page's real address, history and
//! storage. Run with `make browser`.
#![cfg(all(target_arch = "wasm32", feature = "web"))]
#![allow(clippy::unwrap_used, clippy::panic)]

use js_sys::{Date, Function};
use stripe_connect_oauth::web::{Finished, begin, finish};
use stripe_connect_oauth::{
    AuthorizeUrl, Callback, ClientId, ConnectError, ErrorCode, PendingFlows, RedirectUri, Rejection, State, Subject,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Storage, Url, Window, window};

wasm_bindgen_test_configure!(run_in_browser);

/// The npm package's page.
const FRONT: &str = include_str!("../pkg/entries/front.js");

fn page() -> Window {
    window().unwrap()
}

fn storage() -> Storage {
    page().session_storage().unwrap().unwrap()
}

/// Where the npm package keeps the flows under way.
fn key() -> &'static str {
    FRONT.split_once("const KEY = \"").and_then(|(_, rest)| rest.split_once('"')).unwrap().0
}

fn kept() -> String {
    storage().get_item(key()).unwrap().unwrap_or_default()
}

fn subject(name: &str) -> Subject {
    Subject::parse(name).unwrap()
}

fn begun_for(name: &str, lifetime: u64) -> Result<String, ConnectError> {
    begin(&page(), &subject(name), lifetime, |state| {
        let client_id = ClientId::parse("ca_123").unwrap();
        let mut url = AuthorizeUrl::new(&client_id, state);
        url.redirect_uri = Some(RedirectUri::parse("https://shop.example/return", None)?);
        url.build()
    })
}

/// Begins a flow for `user-1`; gives its state, as the authorize URL has it.
fn begun() -> String {
    let url = begun_for("user-1", PendingFlows::LIFETIME_SECONDS).unwrap();
    Url::new(&url).unwrap().search_params().get("state").unwrap()
}

/// Has the page's address be what Stripe would send the browser back to.
fn come_back(query: &str) {
    page().history().unwrap().replace_state_with_url(&JsValue::from("kept"), "", Some(query)).unwrap();
}

fn query() -> String {
    page().location().search().unwrap()
}

/// Does `work` in a page where `change` was done to it, and undoes that with what `change` gave.
fn while_changed<T>(change: &str, work: impl FnOnce() -> T) -> T {
    let undo = Function::new_no_args(change).call0(&JsValue::NULL).unwrap();
    let done = work();
    Function::from(undo).call0(&JsValue::NULL).unwrap();
    done
}

/// Another property in its place, until it is put back.
fn instead_of(name: &str, getter: &str) -> String {
    format!(
        "const own = Object.getOwnPropertyDescriptor(globalThis, '{name}');
         Object.defineProperty(globalThis, '{name}', {{ configurable: true, get() {{ {getter} }} }});
         return () => Object.defineProperty(globalThis, '{name}', own);"
    )
}

/// What a browser does whose user blocks site data.
fn blocking() -> String {
    instead_of("sessionStorage", "throw new DOMException('Access is denied', 'SecurityError')")
}

/// What a browser does whose quota is used up.
const FULL: &str = "const own = Storage.prototype.setItem;
    Storage.prototype.setItem = () => { throw new DOMException('It is full', 'QuotaExceededError'); };
    return () => { Storage.prototype.setItem = own; };";

/// The result in one text: what the page can tell of it, with the code and the flow.
fn told(finished: &Finished) -> String {
    let code = match &finished.callback {
        Callback::Authorized(authorized) => authorized.code().as_str(),
        _ => "",
    };
    let flow = finished.flow.as_ref().map(|flow| format!("{} {}", flow.state.as_str(), flow.subject));
    format!("{:?} {code} {flow:?}", finished.callback)
}

#[wasm_bindgen_test]
fn what_begins_is_kept_where_the_npm_package_keeps_it() {
    let (first, second) = (begun(), begun());
    assert!(State::parse(&first).is_ok() && State::parse(&second).is_ok() && first != second);
    // The same line as the core writes for JavaScript.
    let expires_at = Date::now() / 1000.0 + 3600.0;
    let line = kept().lines().last().unwrap().to_owned();
    let (time, rest) = line.split_once(' ').unwrap();
    assert!((time.parse::<f64>().unwrap() - expires_at).abs() < 5.0, "{time} is not {expires_at}");
    assert_eq!(rest, format!("{second}  user-1"));
}

#[wasm_bindgen_test]
fn a_flow_ends_with_its_code_state_and_subject_and_asked_again_says_the_same() {
    let state = begun();
    come_back(&format!("?tab=2&scope=read_write&code=ac_123&state={state}"));
    let first = finish(&page(), Some(&subject("user-1"))).unwrap();
    assert!(matches!(&first.callback, Callback::Authorized(authorized) if authorized.code().as_str() == "ac_123"));
    let flow = first.flow.as_ref().unwrap();
    assert_eq!((flow.state.as_str(), flow.subject.as_str()), (state.as_str(), "user-1"));
    assert_eq!(query(), "?tab=2");
    assert_eq!(page().history().unwrap().state().unwrap(), "kept", "a router's state stays");

    let again = finish(&page(), Some(&subject("user-1"))).unwrap();
    assert_eq!(told(&again), told(&first));
    // Who asks as another, or without saying who, hears nothing of it.
    for other in [None, Some(subject("user-2"))] {
        assert!(matches!(finish(&page(), other.as_ref()).unwrap().callback, Callback::None));
    }
}

#[wasm_bindgen_test]
fn however_a_flow_ended_asked_again_it_says_the_same() {
    for (answer, outcome) in [
        ("error=access_denied&state=STATE", "Denied { verified: true"),
        ("error=invalid_scope&state=STATE", "Failed { error: \"invalid_scope\""),
        ("code=ac_1&state=guess", "Rejected(NotStarted)"),
        ("error=access_denied", "Denied { verified: false"),
    ] {
        come_back(&format!("?{}", answer.replace("STATE", &begun())));
        let first = finish(&page(), None).unwrap();
        assert!(told(&first).starts_with(outcome), "{}", told(&first));
        assert!(first.flow.is_none(), "only a flow that connected has something to send");
        assert_eq!(query(), "");
        assert_eq!(told(&finish(&page(), None).unwrap()), told(&first));
    }
}

#[wasm_bindgen_test]
fn the_same_callback_after_a_reload_has_the_same_result_and_another_code_none() {
    let state = begun();
    let authorized = |code: &str| {
        come_back(&format!("?code={code}&state={state}"));
        finish(&page(), None).unwrap()
    };
    let first = authorized("ac_1");
    assert_eq!(told(&authorized("ac_1")), told(&first));
    let another = authorized("ac_2");
    assert!(matches!(another.callback, Callback::Rejected(Rejection::AlreadyUsed)) && another.flow.is_none());
}

#[wasm_bindgen_test]
fn a_flow_that_another_page_began_is_finished_here() {
    let state = State::from_random([9; 32]);
    let mut flows = PendingFlows::kept(kept());
    flows.begin(&state, &subject("user-1"), Date::now() as u64 / 1000, 60);
    storage().set_item(key(), flows.as_str()).unwrap();
    come_back(&format!("?code=ac_9&state={}", state.as_str()));
    assert!(matches!(finish(&page(), None).unwrap().callback, Callback::Authorized(_)));
}

#[wasm_bindgen_test]
fn another_user_does_not_finish_a_flow() {
    let state = begun();
    come_back(&format!("?code=ac_123&state={state}"));
    let finished = finish(&page(), Some(&subject("user-2"))).unwrap();
    assert!(matches!(finished.callback, Callback::Rejected(Rejection::AnotherSubject)));
    assert!(finished.flow.is_none() && !kept().contains(&state));
}

#[wasm_bindgen_test]
fn a_flow_expires_and_its_lifetime_is_checked() {
    let url = begun_for("user-1", 1).unwrap();
    let state = Url::new(&url).unwrap().search_params().get("state").unwrap();
    let later = Date::now() + 1_100.0;
    while Date::now() < later {}
    come_back(&format!("?code=ac_123&state={state}"));
    let finished = finish(&page(), None).unwrap();
    assert!(matches!(finished.callback, Callback::Rejected(Rejection::Expired)));

    let before = kept();
    for lifetime in [0, 3601, u64::MAX] {
        let error = begun_for("user-1", lifetime).unwrap_err();
        assert_eq!(error.to_string(), "flow_lifetime must be 1 to 3600 seconds");
    }
    assert_eq!(kept(), before);
}

#[wasm_bindgen_test]
fn what_the_url_refuses_begins_no_flow() {
    let before = kept();
    let refused = begin(&page(), &subject("user-1"), 60, |state| {
        RedirectUri::parse("https://shop.example/#fragment", None)?;
        Ok(state.as_str().to_owned())
    });
    assert_eq!(refused.unwrap_err().to_string(), "redirect_uri must not have a fragment");
    assert_eq!(kept(), before);
}

#[wasm_bindgen_test]
fn an_address_without_an_answer_is_left_alone() {
    come_back("?scope=all&iss=us&tab=%7E2");
    // Another user, for whom nothing came back yet.
    assert!(matches!(finish(&page(), Some(&subject("user-7"))).unwrap().callback, Callback::None));
    assert_eq!(query(), "?scope=all&iss=us&tab=%7E2");
}

#[wasm_bindgen_test]
fn where_nothing_is_kept_it_is_told_by_name_and_the_code_leaves_the_address() {
    for change in [blocking(), instead_of("sessionStorage", "return null"), FULL.to_owned()] {
        come_back("?keep=1&code=ac_123&state=guess");
        let (begun, finished) =
            while_changed(&change, || (begun_for("user-1", 60).unwrap_err(), finish(&page(), None).unwrap_err()));
        for error in [begun, finished] {
            assert_eq!((error.code(), error.param()), (ErrorCode::StorageUnavailable, "sessionStorage"));
            // In the words of the npm package.
            assert!(FRONT.contains(&format!("\"{error}\"")), "{error}");
            assert!(FRONT.contains(&format!("\"{}\"", error.code())));
        }
        assert_eq!(query(), "?keep=1");
    }
}

#[wasm_bindgen_test]
fn without_randomness_no_flow_begins() {
    let before = kept();
    for crypto in ["return undefined", "return { getRandomValues() { throw new Error('no') } }"] {
        let error = while_changed(&instead_of("crypto", crypto), || begun_for("user-1", 60).unwrap_err());
        assert_eq!(error.param(), "crypto", "{error}");
    }
    assert_eq!(kept(), before);
}
