//! The stand-in for Stripe: each test is named for the rule it proves.
#![cfg(feature = "sandbox")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

use proptest::prelude::*;
use serde_json::{Value, json};
use stripe_connect_oauth::sandbox::{AccountState, MAX_BYTES, Sandbox, SandboxAccount, SandboxPlatform};
use stripe_connect_oauth::server::{ExchangeError, Method, Request, Response, SecretKey, read_token};
use stripe_connect_oauth::{
    AccountId, AuthorizeUrl, Callback, ClientId, ConnectBase, Flow, Livemode, RedirectUri, Scope, State,
    parse_callback,
};

#[path = "sandbox/api.rs"]
mod api;
#[path = "sandbox/control.rs"]
mod control;
#[path = "sandbox/faults.rs"]
mod faults;
#[path = "sandbox/flows.rs"]
mod flows;
#[path = "sandbox/ledger.rs"]
mod ledger_laws;
#[path = "sandbox/pages.rs"]
mod pages;
#[path = "sandbox/tokens.rs"]
mod tokens;
#[path = "sandbox/webhooks.rs"]
mod webhooks;

const BASE: &str = "http://localhost:12111";
const CALLBACK: &str = "https://shop.example/connect/callback";
const WITH_QUERY: &str = "https://shop.example/connect?from=stripe";
const TEST_KEY: &str = "sk_test_canary0001";
const LIVE_KEY: &str = "sk_live_canary0002";
const ACCOUNT: &str = "acct_1SandboxBakery01";
const NOW: u64 = 1_700_000_000;

fn platform(client_id: &str, livemode: Livemode, keys: &[&str]) -> SandboxPlatform {
    SandboxPlatform {
        client_id: ClientId::parse(client_id).unwrap(),
        live_client_id: None,
        flows: vec![Flow::Standard, Flow::Express],
        name: "Acme <Platform>".to_owned(),
        redirect_uris: [CALLBACK, WITH_QUERY].map(|uri| RedirectUri::parse(uri, None).unwrap()).to_vec(),
        livemode,
        secret_keys: keys.iter().map(|key| SecretKey::parse(key).unwrap()).collect(),
    }
}

/// Two platforms with keys of both modes: `ca_test` and, in live mode, `ca_live`.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new(platform("ca_test", Livemode::Test, &[TEST_KEY, LIVE_KEY]));
    sandbox.register(platform("ca_live", Livemode::Live, &["sk_test_canary0003", "sk_live_canary0004"]));
    sandbox
}

fn request(method: Method, path_and_query: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    Request { method, url: [BASE, path_and_query].concat(), headers, body: body.into() }
}

fn get(sandbox: &mut Sandbox, path_and_query: &str) -> Response {
    sandbox.handle(&request(Method::Get, path_and_query, &[], ""), NOW, [7; 32])
}

fn authorize(query: &str) -> Response {
    get(&mut sandbox(), &["/oauth/authorize?", query].concat())
}

fn decide(sandbox: &mut Sandbox, query: &str, decision: &str) -> Response {
    decide_at(sandbox, "/oauth/authorize", &["response_type=code&", query].concat(), decision)
}

fn decide_at(sandbox: &mut Sandbox, path: &str, query: &str, decision: &str) -> Response {
    let path = [path, "?", query].concat();
    sandbox.handle(&request(Method::Post, &path, &[], decision), NOW, [7; 32])
}

/// Connects the first test account, and gives the code.
fn code_for(sandbox: &mut Sandbox, query: &str) -> String {
    code_of(&decide(sandbox, query, &format!("account={ACCOUNT}&decision=connect")))
}

/// The code in a redirect back.
fn code_of(response: &Response) -> String {
    let location = response.header("location").unwrap_or_else(|| panic!("{}", response.body));
    location.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned()
}

/// Connects the first test account, and gives the token endpoint's answer.
fn connected(sandbox: &mut Sandbox, query: &str) -> Value {
    let code = code_for(sandbox, query);
    let response = exchange(sandbox, &code);
    assert_eq!(response.status, 200, "{}", response.body);
    json_of(&response)
}

/// A request with the test key, unless the headers have another.
fn with_key(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let key = [("authorization", "Bearer sk_test_canary0001")];
    let headers: Vec<_> = if headers.iter().any(|(name, _)| *name == "authorization") {
        headers.to_vec()
    } else {
        key.iter().chain(headers).copied().collect()
    };
    request(method, path, &headers, body)
}

fn call(sandbox: &mut Sandbox, request: &Request, now: u64) -> Response {
    sandbox.handle(request, now, [8; 32])
}

fn control(sandbox: &mut Sandbox, path: &str, body: Value) -> Response {
    sandbox.handle(&request(Method::Post, path, &[], &body.to_string()), NOW, [6; 32])
}

/// A call of the API that went well.
fn ok(response: &Response) -> Value {
    assert_eq!(response.status, 200, "{}", response.body);
    json_of(response)
}

fn post_token(sandbox: &mut Sandbox, headers: &[(&str, &str)], body: &str, now: u64) -> Response {
    sandbox.handle(&request(Method::Post, "/oauth/token", headers, body), now, [9; 32])
}

fn exchange_with(sandbox: &mut Sandbox, key: &str, code: &str, now: u64) -> Response {
    let bearer = ["Bearer ", key].concat();
    let body = ["grant_type=authorization_code&code=", code].concat();
    post_token(sandbox, &[("authorization", &*bearer)], &body, now)
}

fn exchange(sandbox: &mut Sandbox, code: &str) -> Response {
    exchange_with(sandbox, TEST_KEY, code, NOW)
}

fn json_of(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"));
    serde_json::from_str(&response.body).unwrap()
}

fn assert_refused(response: &Response, status: u16, error: &str, description: &str) {
    assert_eq!(json_of(response), json!({"error": error, "error_description": description}));
    assert_eq!(response.status, status);
}

fn ledger(sandbox: &mut Sandbox) -> Value {
    json_of(&get(sandbox, "/_sandbox/ledger"))
}

// The authorize endpoint: errors are shown as JSON, never redirected.

#[test]
fn an_unknown_client_id_is_refused_in_the_apis_shape() {
    for query in ["response_type=code&client_id=ca_other&state=s", "response_type=code", "client_id=pk_test_1"] {
        let refused = authorize(query);
        let body = json!({"error": {"message": "No application matches the supplied client identifier"}});
        assert_eq!((refused.status, json_of(&refused)), (400, body), "{query}");
    }
}

#[test]
fn a_missing_response_type_is_an_invalid_request() {
    assert_refused(&authorize("client_id=ca_test"), 400, "invalid_request", "No response type specified");
}

#[test]
fn any_response_type_but_code_is_unsupported() {
    let text = "Only 'code' response_type is supported, but 'token' was provided";
    assert_refused(&authorize("client_id=ca_test&response_type=token"), 400, "unsupported_response_type", text);
}

#[test]
fn a_scope_stripe_does_not_have_is_invalid() {
    let refused = authorize("client_id=ca_test&response_type=code&scope=admin");
    assert_refused(&refused, 400, "invalid_scope", "Invalid scope provided: admin.");
}

#[test]
fn a_redirect_uri_must_equal_a_registered_one_as_a_string() {
    let near_misses = [
        "https://shop.example/connect/callback/",
        "https://shop.example/connect/callback?",
        "https://shop.example:443/connect/callback",
        "https://SHOP.example/connect/callback",
        "http://shop.example/connect/callback",
        "",
    ];
    for uri in near_misses {
        let refused = authorize(&format!("client_id=ca_test&response_type=code&redirect_uri={uri}"));
        let text = format!(
            "Invalid redirect URI '{uri}'. Ensure this uri exactly matches one of the uris specified in your \
             application settings"
        );
        assert_refused(&refused, 400, "invalid_redirect_uri", &text);
    }
    assert_eq!(authorize(&format!("client_id=ca_test&response_type=code&redirect_uri={CALLBACK}")).status, 200);
}

#[test]
fn an_oauth_error_echoes_the_state() {
    let refused = authorize("client_id=ca_test&response_type=code&scope=admin&state=f%2Bd+%26");
    assert_eq!(json_of(&refused)["state"], "f+d &");
}

#[test]
fn a_decision_is_held_to_the_same_rules_as_the_page() {
    let refused = decide(&mut sandbox(), "client_id=ca_test&redirect_uri=https://evil.example", "decision=cancel");
    assert_eq!(json_of(&refused)["error"], "invalid_redirect_uri");
    assert_eq!(refused.header("location"), None);
}

// The consent page.

#[test]
fn every_page_says_that_it_is_a_stand_in() {
    for path in [
        "/",
        "/oauth/authorize?client_id=ca_test&response_type=code",
        "/oauth/v2/authorize?client_id=ca_test&response_type=code",
    ] {
        let page = get(&mut sandbox(), path);
        assert_eq!(page.status, 200);
        assert!(page.body.contains("<strong>Stand-in for Stripe</strong> <span>This is not Stripe."), "{path}");
        assert!(page.body.contains("Acme &lt;Platform&gt;") && !page.body.contains("<Platform>"), "{path}");
    }
}

#[test]
fn every_page_carries_its_security_headers_and_no_script() {
    let csp = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    let with_form_action = [csp, "; form-action 'none'"].concat();
    for (path, policy) in
        [("/", &*with_form_action), ("/oauth/authorize?client_id=ca_test&response_type=code", csp)]
    {
        let page = get(&mut sandbox(), path);
        assert_eq!(page.header("content-security-policy"), Some(policy));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.header("referrer-policy"), Some("strict-origin"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert!(!page.body.contains("<script") && !page.body.contains(" style=") && !page.body.contains("<style"));
    }
}

#[test]
fn an_absent_scope_is_read_only() {
    let may_take_payments = |query: &str| authorize(query).body.contains("take payments and give refunds");
    assert!(!may_take_payments("client_id=ca_test&response_type=code"));
    assert!(!may_take_payments("client_id=ca_test&response_type=code&scope=read_only"));
    assert!(may_take_payments("client_id=ca_test&response_type=code&scope=read_write"));
}

#[test]
fn the_landing_decides_which_panel_is_shown() {
    let cases = [
        ("", "Log in as"),
        ("&scope=read_only", "Log in as"),
        ("&scope=read_write", "E-mail"),
        ("&scope=read_write&stripe_landing=login", "Log in as"),
        ("&scope=read_only&stripe_landing=register", "E-mail"),
        ("&scope=read_write&stripe_landing=bogus", "E-mail"),
    ];
    for (query, shown) in cases {
        let body = authorize(&["client_id=ca_test&response_type=code", query].concat()).body;
        for panel in ["Log in as", "E-mail"] {
            assert_eq!(body.contains(panel), panel == shown, "{query}: {panel}");
        }
    }
}

#[test]
fn the_other_panel_is_a_link_that_keeps_the_query() {
    let body = authorize("client_id=ca_test&response_type=code&state=a%26b&stripe_landing=login").body;
    let link = "href=\"?client_id=ca_test&amp;response_type=code&amp;state=a%26b&amp;stripe_landing=register\"";
    assert!(body.contains(link));
}

#[test]
fn prefill_is_shown_in_the_form() {
    let body = authorize(
        "client_id=ca_test&response_type=code&scope=read_write&stripe_user%5Bemail%5D=a%2Bb%40example.com\
         &stripe_user[url]=https%3A%2F%2Fexample.com&stripe_user[country]=NO&stripe_user[first_name]=Ada\
         &stripe_user[last_name]=Lovelace&stripe_user[business_name]=Jeanine+%26+Jerome%27s+Jellies",
    )
    .body;
    let shown = [
        ("email", "a+b@example.com"),
        ("url", "https://example.com"),
        ("country", "NO"),
        ("first_name", "Ada"),
        ("last_name", "Lovelace"),
        ("business_name", "Jeanine &amp; Jerome&#39;s Jellies"),
    ];
    for (field, value) in shown {
        assert!(body.contains(&format!("name=\"stripe_user[{field}]\" value=\"{value}\"")), "{field}");
    }
}

/// Each field, its value, and whether it is Standard's alone.
const EVERY_FIELD: [(&str, &str, bool); 27] = [
    ("email", "ada@example.com", false),
    ("url", "https://example.com", false),
    ("country", "JP", false),
    ("phone_number", "5551234567", false),
    ("business_name", "Ada", false),
    ("business_type", "llc", true), // Express has other words for it
    ("first_name", "Ada", false),
    ("last_name", "Lovelace", false),
    ("dob_day", "10", false),
    ("dob_month", "12", false),
    ("dob_year", "1915", false),
    ("street_address", "1 Main St", true),
    ("city", "Tokyo", true),
    ("state", "TK", true),
    ("zip", "150-0001", true),
    ("physical_product", "true", true),
    ("product_description", "Apples", false),
    ("currency", "jpy", true),
    ("first_name_kana", "ア", false),
    ("first_name_kanji", "愛", false),
    ("last_name_kana", "イ", false),
    ("last_name_kanji", "井", false),
    ("gender", "female", false),
    ("block_kana", "ウ", true),
    ("block_kanji", "雨", true),
    ("building_kana", "エ", true),
    ("building_kanji", "絵", true),
];

#[test]
fn every_prefill_field_of_the_flow_is_in_place() {
    let fields = EVERY_FIELD.map(|(name, value, _)| (format!("stripe_user[{name}]"), value));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let shown = |path: &str| {
        get(&mut sandbox(), &format!("{path}?client_id=ca_test&response_type=code&scope=read_write&{query}")).body
    };
    let (standard, express) = (shown("/oauth/authorize"), shown("/express/oauth/authorize"));
    for (name, value, is_standard_only) in EVERY_FIELD {
        let field = format!("name=\"stripe_user[{name}]\" value=\"{value}\"");
        assert!(standard.contains(&field), "{name}");
        assert_eq!(express.contains(&field), !is_standard_only, "{name}");
    }
}

#[test]
fn a_prefill_field_without_what_it_needs_is_ignored() {
    for alone in ["phone_number=5551234567", "state=NY", "currency=usd", "dob_day=1", "gender=male"] {
        let (name, value) = alone.split_once('=').unwrap();
        let query = format!("client_id=ca_test&response_type=code&scope=read_write&stripe_user[{name}]={value}");
        let page = authorize(&query);
        assert_eq!(page.status, 200);
        assert!(!page.body.contains(&format!("stripe_user[{name}]\" value")), "{name}");
    }
}

#[test]
fn what_the_person_filled_in_is_the_accounts() {
    let mut sandbox = sandbox();
    let form = "account=new&decision=connect&stripe_user[business_name]=Ada&stripe_user[business_type]=llc\
                &stripe_user[product_description]=Apples&stripe_user[url]=https://a.example&stripe_user[country]=NO";
    let code = code_of(&decide(&mut sandbox, "client_id=ca_test", form));
    let id = ok(&exchange(&mut sandbox, &code))["stripe_user_id"].as_str().unwrap().to_owned();
    let read = ok(&call(&mut sandbox, &with_key(Method::Get, &["/v1/accounts/", &*id].concat(), &[], ""), NOW));
    let shown = (&read["business_type"], &read["country"], &read["default_currency"]);
    assert_eq!(shown, (&json!("llc"), &json!("NO"), &json!("nok")));
    let profile = &read["business_profile"];
    assert_eq!((&profile["name"], &profile["url"]), (&json!("Ada"), &json!("https://a.example")));
    assert_eq!(profile["product_description"], "Apples");
}

#[test]
fn markup_is_shown_nowhere_as_markup() {
    let attack = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for landing in ["login", "register"] {
        let query = format!(
            "client_id=ca_test&response_type=code&state={attack}&{attack}={attack}&stripe_landing={landing}\
             &stripe_user[business_name]={attack}"
        );
        let body = authorize(&query).body;
        assert!(!body.contains("<script") && !body.contains("\">alert"), "{landing}");
    }
    let shown = authorize(&format!(
        "client_id=ca_test&response_type=code&scope=read_write&stripe_user[first_name]={attack}"
    ))
    .body;
    assert!(shown.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""));
}

#[test]
fn a_bad_prefill_value_is_ignored() {
    let query = "client_id=ca_test&response_type=code&scope=read_write&stripe_user[email]=nobody&stripe_user[country]=us&stripe_user[dob]=1";
    let page = authorize(query);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("name=\"stripe_user[email]\" value=\"\""));
    assert!(page.body.contains("name=\"stripe_user[country]\" value=\"\""));
}

#[test]
fn an_account_made_here_can_be_logged_in_to() {
    let mut sandbox = sandbox();
    let form =
        "account=new&decision=connect&stripe_user[business_name]=Ada%27s&stripe_user[email]=ada%40example.com";
    decide(&mut sandbox, "client_id=ca_test", form);
    let body = get(&mut sandbox, "/oauth/authorize?client_id=ca_test&response_type=code").body;
    assert!(body.contains("Ada&#39;s<small>ada@example.com "));
}

// The redirect back.

#[test]
fn connecting_sends_scope_code_and_state_back() {
    let response = decide(
        &mut sandbox(),
        "client_id=ca_test&scope=read_write&state=a%26b",
        &format!("account={ACCOUNT}&decision=connect"),
    );
    assert_eq!(response.status, 303);
    let location = response.header("location").unwrap();
    let rest = location.strip_prefix("https://shop.example/connect/callback?scope=read_write&code=ac_").unwrap();
    let code = rest.strip_suffix("&state=a%26b").unwrap();
    assert!(code.len() == 32 && code.bytes().all(|b| b.is_ascii_alphanumeric()), "{code}");
}

#[test]
fn cancelling_sends_access_denied_and_state_back() {
    let response = decide(&mut sandbox(), "client_id=ca_test&state=s", "account=new&decision=cancel");
    let location = "https://shop.example/connect/callback?error=access_denied&error_description=The+user+denied+your+request&state=s";
    assert_eq!((response.status, response.header("location")), (303, Some(location)));
}

#[test]
fn no_state_comes_back_when_none_was_sent() {
    let response = decide(&mut sandbox(), "client_id=ca_test", "decision=cancel");
    assert!(!response.header("location").unwrap().contains("state"));
}

#[test]
fn a_redirect_uri_with_a_query_keeps_it() {
    let query = format!("client_id=ca_test&redirect_uri={WITH_QUERY}");
    let response = decide(&mut sandbox(), &query, "decision=cancel");
    assert!(
        response
            .header("location")
            .unwrap()
            .starts_with("https://shop.example/connect?from=stripe&error=access_denied&")
    );
}

#[test]
fn a_decision_without_button_or_account_goes_nowhere() {
    for form in ["", "decision=maybe", "decision=connect", "decision=connect&account=acct_unknown"] {
        let response = decide(&mut sandbox(), "client_id=ca_test", form);
        assert_eq!((response.status, response.header("location")), (400, None), "{form}");
    }
}

// The token endpoint: one test a row of Stripe's errors.

#[test]
fn a_code_becomes_a_token_with_all_seven_fields() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test&scope=read_write");
    let response = exchange(&mut sandbox, &code);
    assert_eq!(response.status, 200);
    let body = json_of(&response);
    assert_eq!(body.as_object().unwrap().len(), 7);
    for (field, prefix) in
        [("access_token", "sk_test_"), ("refresh_token", "rt_"), ("stripe_publishable_key", "pk_test_")]
    {
        assert!(body[field].as_str().unwrap().starts_with(prefix), "{field}");
    }
    assert_eq!(body["livemode"], false);
    assert_eq!(body["token_type"], "bearer");
    assert_eq!(body["stripe_user_id"], ACCOUNT);
    assert_eq!(body["scope"], "read_write");
    let connection = json!({
        "client_id": "ca_test", "stripe_user_id": ACCOUNT, "scope": "read_write", "livemode": false,
        "connected_at": NOW, "revoked": false, "revoked_at": null, "revoked_by": null,
    });
    assert_eq!(ledger(&mut sandbox), json!([connection]));
}

#[test]
fn the_key_may_come_as_bearer_as_basic_user_or_in_the_body() {
    let mut sandbox = sandbox();
    let basic = "Basic c2tfdGVzdF9jYW5hcnkwMDAxOg=="; // sk_test_canary0001:
    for (header, secret) in
        [("Bearer sk_test_canary0001", ""), (basic, ""), ("", "&client_secret=sk_test_canary0001")]
    {
        let code = code_for(&mut sandbox, "client_id=ca_test");
        let headers: &[_] = if header.is_empty() { &[] } else { &[("authorization", header)] };
        let response =
            post_token(&mut sandbox, headers, &format!("grant_type=authorization_code&code={code}{secret}"), NOW);
        assert_eq!(response.status, 200, "{header}{secret}");
    }
}

#[test]
fn no_authentication_is_401() {
    let text = "No authentication was provided. Send your secret API key using the Authorization header, or as a client_secret POST parameter.";
    for body in ["", "grant_type=authorization_code&code=ac_1", "client_secret="] {
        assert_refused(&post_token(&mut sandbox(), &[], body, NOW), 401, "invalid_client", text);
    }
}

#[test]
fn an_unknown_key_is_401_and_masked() {
    let cases = [
        ("Bearer sk_test_0123456789", "sk_test_****789"),
        ("Bearer sk_test_short", "sk_test_****"),
        ("Basic Y2FfMTIzNDU2Nzg5MDEyOg==", "ca_****012"),
        ("Basic !", "****"),
        ("Bearer", "Bearer"),
        ("Bearer ", "Bearer"),
        ("Bearer hunter2hunter2", "****er2"),
    ];
    for (header, shown) in cases {
        let refused =
            post_token(&mut sandbox(), &[("authorization", header)], "grant_type=authorization_code", NOW);
        assert_refused(&refused, 401, "invalid_client", &["No such API key: ", shown].concat());
    }
}

#[test]
fn a_publishable_key_is_401_in_the_apis_shape() {
    let refused = exchange_with(&mut sandbox(), "pk_test_1", "ac_1", NOW);
    let error = json!({"message": "Publishable key sent, but only secret keys can be used", "type": "invalid_request_error"});
    assert_eq!((refused.status, json_of(&refused)), (401, json!({"error": error})));
}

#[test]
fn a_missing_grant_type_is_an_invalid_request() {
    let refused = post_token(&mut sandbox(), &[("authorization", "Bearer sk_test_canary0001")], "code=ac_1", NOW);
    assert_refused(&refused, 400, "invalid_request", "No grant type specified");
}

#[test]
fn an_unsupported_grant_type_has_no_description() {
    let refused =
        post_token(&mut sandbox(), &[("authorization", "Bearer sk_test_canary0001")], "grant_type=password", NOW);
    assert_eq!((refused.status, json_of(&refused)), (400, json!({"error": "unsupported_grant_type"})));
}

#[test]
fn a_missing_code_is_an_invalid_request() {
    assert_refused(&exchange(&mut sandbox(), ""), 400, "invalid_request", "No authorization code specified");
}

#[test]
fn an_unknown_code_is_an_invalid_grant() {
    assert_refused(
        &exchange(&mut sandbox(), "ac_123"),
        400,
        "invalid_grant",
        "Authorization code does not exist: ac_123",
    );
}

#[test]
fn a_code_is_good_for_300_seconds_and_no_longer() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test");
    let late = exchange_with(&mut sandbox, TEST_KEY, &code, NOW + 301);
    assert_refused(&late, 400, "invalid_grant", "Authorization code expired");
    assert_eq!(exchange_with(&mut sandbox, TEST_KEY, &code, NOW + 300).status, 200);
}

#[test]
fn a_code_used_twice_loses_its_connection_and_no_other() {
    let mut sandbox = sandbox();
    let first = code_for(&mut sandbox, "client_id=ca_test");
    let second = code_for(&mut sandbox, "client_id=ca_test");
    assert_eq!(exchange(&mut sandbox, &first).status, 200);
    assert_eq!(exchange(&mut sandbox, &second).status, 200);
    let text = "This authorization code has already been used. All tokens issued with this code have been revoked.";
    let reused = exchange_with(&mut sandbox, TEST_KEY, &first, NOW + 1000);
    assert_refused(&reused, 400, "invalid_grant", text);
    let connections = ledger(&mut sandbox);
    assert_eq!((&connections[0]["revoked"], &connections[1]["revoked"]), (&json!(true), &json!(false)));
}

#[test]
fn a_key_of_the_other_mode_is_refused_and_does_the_code_no_harm() {
    let mut sandbox = sandbox();
    let test_code = code_for(&mut sandbox, "client_id=ca_test");
    let live_code = code_for(&mut sandbox, "client_id=ca_live");
    let text = "Passed in livemode API key but authorization code only supports returning test keys";
    assert_refused(&exchange_with(&mut sandbox, LIVE_KEY, &test_code, NOW), 400, "invalid_grant", text);
    let text = "Passed in testmode API key but authorization code only supports returning live keys";
    assert_refused(&exchange_with(&mut sandbox, "sk_test_canary0003", &live_code, NOW), 400, "invalid_grant", text);
    assert_eq!(exchange(&mut sandbox, &test_code).status, 200);
    let live = exchange_with(&mut sandbox, "sk_live_canary0004", &live_code, NOW);
    assert_eq!((live.status, &json_of(&live)["livemode"]), (200, &json!(true)));
}

#[test]
fn a_code_of_another_platform_is_refused_even_when_it_was_used() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test");
    let text = "Authorization code provided does not belong to you";
    assert_refused(&exchange_with(&mut sandbox, "sk_test_canary0003", &code, NOW), 400, "invalid_grant", text);
    assert_eq!(exchange(&mut sandbox, &code).status, 200);
    assert_refused(&exchange_with(&mut sandbox, "sk_test_canary0003", &code, NOW), 400, "invalid_grant", text);
    assert_eq!(ledger(&mut sandbox)[0]["revoked"], false);
}

// The log, and what holds for every address.

#[test]
fn the_log_holds_every_token_request_with_the_code_masked_and_no_secret() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test");
    exchange(&mut sandbox, &code);
    exchange(&mut sandbox, &code);
    post_token(&mut sandbox, &[], "client_secret=pk_test_canary&code=", NOW);
    post_token(&mut sandbox, &[], "client_secret=sk_test_canary9", NOW);
    get(&mut sandbox, "/oauth/token");
    post_token(&mut sandbox, &[], &"code=a".repeat(MAX_BYTES), NOW);
    let masked = [&code[..7], "…"].concat();
    let response = get(&mut sandbox, "/_sandbox/log");
    assert_eq!(
        json_of(&response),
        json!([
            {"time": NOW, "status": 200, "error": null, "code": masked},
            {"time": NOW, "status": 400, "error": "invalid_grant", "code": masked},
            {"time": NOW, "status": 401, "error": "invalid_request_error", "code": "…"},
            {"time": NOW, "status": 401, "error": "invalid_client", "code": null},
            {"time": NOW, "status": 405, "error": "invalid_request_error", "code": null},
            {"time": NOW, "status": 413, "error": "invalid_request_error", "code": null},
        ])
    );
    assert!(!response.body.contains(&code) && !response.body.contains("canary"));
}

#[test]
fn the_sandbox_prints_no_secret_and_no_code() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test");
    let printed = format!("{sandbox:?}");
    assert!(!printed.contains("canary") && !printed.contains(&code), "{printed}");
}

#[test]
fn every_answer_has_a_request_id_and_is_not_stored() {
    for path in ["/", "/nowhere", "/oauth/token", "/oauth/authorize", "/_sandbox/log", "/_sandbox/style.css"] {
        let response = get(&mut sandbox(), path);
        let id = response.header("request-id").and_then(|id| id.strip_prefix("req_")).unwrap();
        assert!(id.len() == 14 && id.bytes().all(|b| b.is_ascii_alphanumeric()), "{path}: {id}");
        assert_eq!(response.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[test]
fn an_unknown_path_is_404_and_a_wrong_method_405_with_allow() {
    let missing = get(&mut sandbox(), "/oauth/token/");
    assert_eq!((missing.status, json_of(&missing)["error"]["message"].is_string()), (404, true));
    let cases = [
        (Method::Get, "/oauth/token", "POST"),
        (Method::Other, "/oauth/authorize", "GET, HEAD, POST"),
        (Method::Post, "/_sandbox/log", "GET, HEAD"),
    ];
    for (method, path, allow) in cases {
        let refused = sandbox().handle(&request(method, path, &[], ""), NOW, [7; 32]);
        assert_eq!((refused.status, refused.header("allow")), (405, Some(allow)), "{path}");
    }
}

#[test]
fn head_is_get_without_a_body() {
    let path = "/oauth/authorize?client_id=ca_test&response_type=code";
    let head = sandbox().handle(&request(Method::Head, path, &[], ""), NOW, [7; 32]);
    let get = get(&mut sandbox(), path);
    assert_eq!((head.status, &head.headers, &*head.body), (get.status, &get.headers, ""));
}

#[test]
fn a_query_or_body_over_16_kb_is_refused() {
    let text = |bytes: usize| "x".repeat(bytes);
    assert_eq!(authorize(&text(MAX_BYTES)).status, 400);
    assert_eq!(authorize(&text(MAX_BYTES + 1)).status, 414);
    assert_eq!(post_token(&mut sandbox(), &[], &text(MAX_BYTES), NOW).status, 401);
    assert_eq!(post_token(&mut sandbox(), &[], &text(MAX_BYTES + 1), NOW).status, 413);
}

#[test]
fn the_same_requests_with_the_same_bytes_get_the_same_answers() {
    let run = |random: u8| {
        let mut sandbox = sandbox();
        let path = "/oauth/authorize?client_id=ca_test&response_type=code";
        let connect = request(Method::Post, path, &[], "account=new&decision=connect");
        let answers =
            [0, 0].map(|_| sandbox.handle(&connect, NOW, [random; 32]).header("location").unwrap().to_owned());
        assert_ne!(answers[0], answers[1], "each request makes ids of its own");
        answers
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

// The stand-in and the crate's own front and back channel.

#[test]
fn the_crates_own_flow_ends_in_a_connection() {
    let mut sandbox = sandbox();
    let state = State::from_random([3; 32]);
    let client_id = ClientId::parse("ca_test").unwrap();
    let base = ConnectBase::stand_in(BASE).unwrap();
    let mut url = AuthorizeUrl::new(&client_id, &state);
    url.base = base;
    url.scope = Some(Scope::ReadWrite);
    let url = url.build().unwrap();
    let connect = Request {
        method: Method::Post,
        url,
        headers: Vec::new(),
        body: format!("account={ACCOUNT}&decision=connect").into(),
    };
    let back = sandbox.handle(&connect, NOW, [7; 32]);
    let location = back.header("location").unwrap();
    let Callback::Authorized(authorized) = parse_callback(location, &state) else {
        panic!("not authorized: {location}")
    };
    let code = authorized.into_code();
    let token = read_token(&exchange(&mut sandbox, code.as_str()), Livemode::Test).unwrap();
    assert_eq!(token.stripe_user_id.as_str(), ACCOUNT);
    let again = read_token(&exchange(&mut sandbox, code.as_str()), Livemode::Test).unwrap_err();
    let ExchangeError::Refused { error, .. } = again else { panic!("not refused: {again}") };
    assert_eq!(error.error.as_deref(), Some("invalid_grant"));
    assert!(error.request_id.unwrap().starts_with("req_"));
}

fn method() -> impl Strategy<Value = Method> {
    prop::sample::select(vec![Method::Get, Method::Head, Method::Post, Method::Other])
}

/// Text that is often nearly right.
fn garbage() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        any::<Vec<u8>>().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        prop::sample::select(vec![
            "/oauth/authorize?",
            "/oauth/token",
            "/_sandbox/log",
            "client_id=ca_test&",
            "response_type=code&",
            "&",
            "=",
            "%",
            "%zz",
            "?",
            "#",
            "://",
            "decision=connect&",
            "account=new&",
            "stripe_user[email]=",
            "code=ac_",
            "grant_type=authorization_code&",
            "client_secret=sk_test_canary0001&",
            "redirect_uri=",
            "state=",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(word, 0..8).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_request_gets_an_answer(
        requests in prop::collection::vec((method(), garbage(), garbage(), garbage(), any::<bool>()), 1..4),
        now: u64,
        random: [u8; 32],
    ) {
        let mut sandbox = sandbox();
        for (method, path, authorization, body, absolute) in requests {
            let url = if absolute { [BASE, &*path].concat() } else { path };
            let headers = vec![("authorization".to_owned(), authorization)];
            let response = sandbox.handle(&Request { method, url, headers, body: body.into() }, now, random);
            prop_assert!((200..500).contains(&response.status));
            prop_assert!(response.headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
        }
    }
}
