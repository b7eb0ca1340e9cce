//! The front channel: what it refuses and in which words, what it builds, and how it reads what came back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

#[path = "support/bypasses.rs"]
mod bypasses;

use bypasses::{LEADS_AWAY, ORIGIN, STAYS_HOME};
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

// What is refused, in which words, and what is accepted beside it.

#[test]
fn every_error_code_has_its_documented_name() {
    let names = [
        (MissingParameter, "missing_parameter"),
        (UnknownParameter, "unknown_parameter"),
        (ErrorCode::InvalidType, "invalid_type"),
        (InvalidValue, "invalid_value"),
        (TooLong, "too_long"),
        (RedirectUriNotAllowed, "redirect_uri_not_allowed"),
        (WrongCredential, "wrong_credential"),
    ];
    for (code, name) in names {
        assert_eq!(code.as_str(), name);
    }
}

#[test]
fn a_client_id_is_ca_and_letters_and_digits() {
    for good in ["ca_1", "ca_test", "ca_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb", &format!("ca_{}", "a".repeat(252))] {
        assert_eq!(ClientId::parse(good).unwrap().as_str(), good);
    }
    let fix = "copy the one that begins with ca_ from the dashboard's Connect settings";
    assert_refused(ClientId::parse(""), MissingParameter, "client_id", &format!("is missing: {fix}"));
    for bad in ["ca_", "ca_1 ", " ca_1", "ca_1\n", "CA_1", "ca-1", "ca_a_b", "ca_é", "ca_1\0", "client", "_"] {
        let what = "must be ca_ and then only letters and digits";
        assert_refused(ClientId::parse(bad), InvalidValue, "client_id", what);
    }
    let long = format!("ca_{}", "a".repeat(253));
    assert_refused(ClientId::parse(&long), TooLong, "client_id", "is longer than 255 bytes");
}

#[test]
fn another_credential_where_a_client_id_belongs_is_named_and_never_repeated() {
    let pasted = [
        ("sk_live_canary", "a secret key (roll it if a browser has seen it)"),
        ("sk_test_canary", "a secret key (roll it if a browser has seen it)"),
        ("rk_live_canary", "a secret key (roll it if a browser has seen it)"),
        ("pk_test_canary", "a publishable key"),
        ("acct_canary", "an account id"),
        ("whsec_canary", "a webhook signing secret"),
    ];
    for (pasted, name) in pasted {
        let what = format!(
            "is {name}, not a client id: copy the one that begins with ca_ from the dashboard's Connect settings"
        );
        assert_refused(ClientId::parse(pasted), WrongCredential, "client_id", &what);
        assert!(!format!("{:?}", ClientId::parse(pasted)).contains("canary"));
    }
}

#[test]
fn an_account_id_is_acct_and_letters_digits_and_underscores() {
    for good in ["acct_1a", "acct_1032D82eZvKYlo2C", "acct_test_token", "acct__"] {
        assert_eq!(AccountId::parse(good).unwrap().to_string(), good);
    }
    let missing = "is missing: a connected account's id begins with acct_";
    assert_refused(AccountId::parse(""), MissingParameter, "stripe_user_id", missing);
    for bad in ["acct_", "acc_1", "acct_1/..", "acct_1 ", "acct_1-2", "acct_é", "ACCT_1"] {
        let what = "must be acct_ and then only letters, digits and underscores";
        assert_refused(AccountId::parse(bad), InvalidValue, "stripe_user_id", what);
    }
    let long = format!("acct_{}", "1".repeat(251));
    assert_refused(AccountId::parse(&long), TooLong, "stripe_user_id", "is longer than 255 bytes");
}

#[test]
fn a_redirect_uri_is_absolute_https_without_fragment_or_user() {
    let longest = format!("https://shop.example/{}", "a".repeat(2048 - 21));
    let good = [
        "https://shop.example",
        "https://shop.example/",
        CALLBACK,
        "https://SHOP.example:8443/Back?from=stripe&x=%C3%A9",
        "https://shop.example?x=1",
        "https://shop.example/?",
        "https://localhost/callback",
        "https://10.0.0.1/callback",
        "https://[::1]:8443/callback",
        "https://xn--bcher-kva.example/zur%C3%BCck",
        "https://a-b.c1.example/~(!$&'*+,;=:@)",
        &*longest,
    ];
    for good in good {
        for mode in [None, Some(Livemode::Test), Some(Livemode::Live)] {
            assert_eq!(RedirectUri::parse(good, mode).unwrap().as_str(), good, "kept as written");
        }
    }
    let missing = "is missing: leave it out, or give a registered URL";
    assert_refused(RedirectUri::parse("", None), MissingParameter, "redirect_uri", missing);
    let too_long = RedirectUri::parse(&format!("{longest}a"), None);
    assert_refused(too_long, TooLong, "redirect_uri", "is longer than 2048 bytes");

    let absolute = "must be absolute and begin with https://";
    let byte = "has a character that must be percent-encoded (a host: in its xn-- form)";
    let percent = "has a % without two hexadecimal digits";
    let fragment = "must not have a fragment";
    let user = "must not hold a user name or password";
    let host = "has no valid host and port";
    let http = "must use https, or http on localhost";
    let bad = [
        ("/connect/callback", absolute),
        ("shop.example/callback", absolute),
        ("//shop.example/callback", absolute),
        ("HTTPS://shop.example/", absolute),
        ("https:shop.example", absolute),
        ("javascript:alert(1)", absolute),
        ("ca_123", absolute),
        ("https://shop.example/a b", byte),
        ("https://shop.example/\n", byte),
        ("https://shop.example\\@evil.example", byte),
        ("https://bücher.example/", byte),
        ("https://shop.example/\"><script>", byte),
        ("https://shop.example/%", percent),
        ("https://shop.example/%4", percent),
        ("https://shop.example/%g0", percent),
        ("https://shop.example/#", fragment),
        ("https://shop.example/#token", fragment),
        ("https://user@shop.example/", user),
        ("https://user:password@shop.example/", user),
        ("https://", host),
        ("https:///callback", host),
        ("https://shop.example:0/", host),
        ("https://shop.example:65536/", host),
        ("https://shop.example:/", host),
        ("https://127.1/", host),
        ("https://[::2]/", host),
        ("https://shop_.example/", host),
        ("https://shop.example./", host),
        ("http://shop.example/", http),
        ("http://10.0.0.1/", http),
    ];
    for (bad, what) in bad {
        for mode in [None, Some(Livemode::Test)] {
            assert_refused(RedirectUri::parse(bad, mode), InvalidValue, "redirect_uri", what);
        }
    }
}

#[test]
fn http_is_for_this_machine_and_never_in_live_mode() {
    for local in ["http://localhost", "http://localhost:8787/back", "http://127.0.0.1:80/", "http://[::1]:3000/?x"]
    {
        assert!(RedirectUri::parse(local, None).is_ok(), "{local}: the mode is unknown");
        assert!(RedirectUri::parse(local, Some(Livemode::Test)).is_ok(), "{local}");
        let live = RedirectUri::parse(local, Some(Livemode::Live));
        assert_refused(live, InvalidValue, "redirect_uri", "must use https in live mode");
    }
}

#[test]
fn a_redirect_uri_must_be_registered_character_for_character_and_the_first_is_the_default() {
    let mut platform = Platform::new(ClientId::parse("ca_1").unwrap(), Some(Livemode::Test));
    assert_eq!(platform.redirect_uri(None), Ok(None), "nothing registered: Stripe's default");
    assert_eq!(platform.redirect_uri(Some(CALLBACK)).unwrap().unwrap().as_str(), CALLBACK);

    platform.register(CALLBACK).unwrap();
    platform.register("http://localhost:8787/back").unwrap();
    assert_eq!(platform.redirect_uri(None).unwrap().unwrap().as_str(), CALLBACK);
    for listed in [CALLBACK, "http://localhost:8787/back"] {
        assert_eq!(platform.redirect_uri(Some(listed)).unwrap().unwrap().as_str(), listed);
    }
    let near_misses = [
        "https://shop.example/connect/callback/",
        "https://shop.example/connect/callback?",
        "https://shop.example/connect/Callback",
        "https://shop.example/connect/callback?next=1",
        "https://shop.example/connect/x/../callback",
        "https://shop.example/connect/%63allback",
        "https://shop.example:443/connect/callback",
        "https://SHOP.example/connect/callback",
        "https://shop.example.evil.example/connect/callback",
        "http://localhost:8788/back",
    ];
    for near in near_misses {
        let what = "must equal one of redirect_uris, character for character";
        assert_refused(platform.redirect_uri(Some(near)), RedirectUriNotAllowed, "redirect_uri", what);
    }
    assert!(platform.redirect_uri(Some("https://shop.example/#")).is_err(), "still read as a redirect URI");
    assert_eq!(platform.client_id().as_str(), "ca_1");
}

#[test]
fn a_live_platform_registers_https_only() {
    let mut platform = Platform::new(ClientId::parse("ca_1").unwrap(), Some(Livemode::Live));
    let local = platform.register("http://localhost/back");
    assert_refused(local, InvalidValue, "redirect_uri", "must use https in live mode");
    assert_eq!((Livemode::from(true), Livemode::from(false)), (Livemode::Live, Livemode::Test));
    assert_eq!((Livemode::Live.as_bool(), Livemode::Test.as_bool()), (true, false));
}

#[test]
fn words_of_the_protocol_are_exact() {
    assert_eq!(Scope::parse("read_write"), Ok(Scope::ReadWrite));
    assert_eq!(Scope::parse("read_only"), Ok(Scope::ReadOnly));
    for bad in ["", "READ_WRITE", "read_write ", "read_write read_only", "express", "admin"] {
        assert_refused(Scope::parse(bad), InvalidValue, "scope", "must be read_write or read_only");
    }
    assert_eq!(StripeLanding::parse("login"), Ok(StripeLanding::Login));
    assert_eq!(StripeLanding::parse("register"), Ok(StripeLanding::Register));
    for bad in ["", "Login", "signup", "register "] {
        assert_refused(StripeLanding::parse(bad), InvalidValue, "stripe_landing", "must be login or register");
    }
}

#[test]
fn a_state_is_32_random_bytes_and_nothing_else() {
    let good = state();
    assert_eq!(good.as_str().len(), 43);
    assert_eq!(State::parse(good.as_str()).unwrap().as_str(), good.as_str());
    assert!(good.verify(good.as_str()));

    let fix = "use a value from newState()";
    assert_refused(State::parse(""), MissingParameter, "state", &format!("is missing: {fix}"));
    let text = good.as_str();
    let bad = [
        "user-1".to_owned(),
        text[..42].to_owned(),
        format!("{text}A"),
        format!("{text}="),
        format!("{}+", &text[..42]),
        format!("{}/", &text[..42]),
        format!("{}B", &text[..42]),
        format!(" {}", &text[..42]),
        format!("{}é", &text[..41]),
    ];
    for bad in bad {
        let what = format!("must be 32 random bytes in 43 base64url characters: {fix}");
        assert_refused(State::parse(&bad), InvalidValue, "state", &what);
        assert!(!good.verify(&bad), "{bad}");
    }
}

#[test]
fn every_word_is_read_back_and_no_other_is() {
    for flow in [Flow::Standard, Flow::Express, Flow::App] {
        assert_eq!(Flow::parse(flow.as_str()), Ok(flow));
    }
    assert_eq!(Flow::default(), Flow::Standard);
    for bad in ["", "Standard", "custom", "or", "standard,"] {
        assert_refused(Flow::parse(bad), InvalidValue, "flow", "must be standard, express or app");
    }
    let all = ["transfers", "card_payments", "tax_reporting_us_1099_k", "tax_reporting_us_1099_misc"];
    for word in all {
        assert_eq!(Capability::parse(word).unwrap().as_str(), word);
    }
    for bad in ["", "transfer", "CARD_PAYMENTS", "legacy_payments"] {
        let what = "must be transfers, card_payments, tax_reporting_us_1099_k or tax_reporting_us_1099_misc";
        assert_refused(Capability::parse(bad), InvalidValue, "suggested_capabilities", what);
    }
}

#[test]
fn a_channel_link_is_chnlink_and_letters_and_digits() {
    for good in ["chnlink_1", "chnlink_61PrNWhtSKJLzbZuq41GvqmeBPLnXf0C"] {
        assert_eq!(ChannelLink::parse(good).unwrap().as_str(), good);
    }
    for bad in ["", "chnlink_", "ca_123", "chnlink_1/..", "chnlink_1?x", "chnlink_é"] {
        let what = "must be chnlink_ and then only letters and digits";
        assert_refused(ChannelLink::parse(bad), InvalidValue, "channel_link", what);
    }
    let long = format!("chnlink_{}", "a".repeat(248));
    assert_refused(ChannelLink::parse(&long), TooLong, "channel_link", "is longer than 255 bytes");
}

#[test]
fn a_stand_in_for_stripe_is_an_origin() {
    for good in ["https://stripe.test", "http://localhost:12111", "http://127.0.0.1", "http://[::1]:1"] {
        assert_eq!(ConnectBase::stand_in(good).unwrap().connect(), good);
    }
    assert_eq!(ConnectBase::default(), ConnectBase::stripe());
    assert_eq!(ConnectBase::stand_in("https://connect.stripe.com").unwrap(), ConnectBase::stripe(), "no stand-in");
    let origin = "must be an origin, with nothing after the port";
    let bad = [
        ("", "must be absolute and begin with https://"),
        ("connect.stripe.com", "must be absolute and begin with https://"),
        ("http://stripe.test", "must use https, or http on localhost"),
        ("https://stripe.test/", origin),
        ("https://stripe.test?x", origin),
        ("https://stripe.test#", "must not have a fragment"),
        ("https://u@stripe.test", "must not hold a user name or password"),
        ("https://stripe.test:x", "has no valid host and port"),
    ];
    for (bad, what) in bad {
        assert_refused(ConnectBase::stand_in(bad), InvalidValue, "connect_base", what);
    }
}

#[test]
fn a_subject_is_a_name_on_one_line() {
    let longest = "é".repeat(127);
    for good in ["1", "user-1", "Ada Lovelace", &*longest] {
        assert_eq!(Subject::parse(good).unwrap().as_str(), good);
    }
    let missing = "is missing: give the id of the signed-in user";
    assert_refused(Subject::parse(""), MissingParameter, "subject", missing);
    assert_refused(Subject::parse(&"é".repeat(128)), TooLong, "subject", "is longer than 255 bytes");
    for bad in ["a\nb", "a\0", "\u{7f}"] {
        assert_refused(Subject::parse(bad), InvalidValue, "subject", "must not hold control characters");
    }
}

// The button.

#[test]
fn a_button_leads_to_a_web_address_or_a_path_of_this_site() {
    let longest = format!("/{}", "a".repeat(8191));
    for good in
        ["/connect/start", "/", "https://connect.stripe.com/oauth/authorize?x=1", "http://localhost/", &longest]
    {
        assert!(Button::link(good).is_ok(), "{good}");
        assert!(Button::form(good).is_ok(), "{good}");
    }
    type Make = fn(&str) -> Result<Button, ConnectError>;
    for (param, make) in [("href", Button::link as Make), ("action", Button::form as Make)] {
        assert_refused(make(""), MissingParameter, param, "is missing: give the address the button leads to");
        assert_refused(make(&format!("{longest}a")), TooLong, param, "is longer than 8192 bytes");
        for bad in
            ["javascript:alert(1)", "//evil.example", "/\\evil.example", "connect/start", "data:,x", "/\t/x", " /"]
        {
            let what = "must be an http or https URL, or a path that begins with one slash";
            assert_refused(make(bad), InvalidValue, param, what);
        }
    }
}

#[test]
fn a_buttons_label_holds_the_mark_once() {
    let mut button = Button::link("/").unwrap();
    button.set_label("Mit Stripe <verbinden>").unwrap();
    let text = "<span>Mit <span class=\"stripe-mark\">Stripe</span> &lt;verbinden&gt;</span>";
    assert!(button.to_html().contains(text), "{}", button.to_html());
    for bad in ["", "Connect", "stripe", "Stripe and Stripe"] {
        let what = "must hold the word Stripe once";
        assert_refused(button.set_label(bad), InvalidValue, "label", what);
    }
    let long = format!("Stripe{}", "a".repeat(8187));
    assert_refused(button.set_label(&long), TooLong, "label", "is longer than 8192 bytes");
    assert!(button.to_html().contains(text), "a refused label changes nothing");
}

#[test]
fn every_part_of_a_button_is_escaped() {
    let mut form = Button::form("/start?a=1&b=\"'<>").unwrap();
    form.set_label("\"Stripe' & Co").unwrap();
    assert_eq!(
        form.to_html(),
        "<form class=\"stripe-connect-form\" method=\"post\" action=\"/start?a=1&amp;b=&quot;&#39;&lt;&gt;\">\
         <button type=\"submit\" class=\"stripe-connect\"><span>&quot;\
         <span class=\"stripe-mark\">Stripe</span>&#39; &amp; Co</span></button></form>"
    );
    assert_eq!(
        Button::link("/?\"").unwrap().to_html(),
        "<a href=\"/?&quot;\" class=\"stripe-connect\"><span>Connect with \
         <span class=\"stripe-mark\">Stripe</span></span></a>"
    );
}

#[test]
fn a_buttons_look_and_size_are_classes() {
    let classes = |look: &str, size: &str| {
        let mut button = Button::link("/").unwrap();
        button.look = ButtonLook::parse(look).unwrap();
        button.size = ButtonSize::parse(size).unwrap();
        button.to_html().split("class=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!(classes("blurple", "official"), "stripe-connect");
    assert_eq!(classes("slate", "large"), "stripe-connect slate large");
    assert_eq!(classes("white", "official"), "stripe-connect white");
    assert_refused(ButtonLook::parse("dark"), InvalidValue, "look", "must be blurple, slate or white");
    assert_refused(ButtonSize::parse("44"), InvalidValue, "size", "must be official or large");
}

// The authorize URL.

#[test]
fn the_smallest_authorize_url_has_three_parameters_and_no_scope() {
    let (client_id, state) = (ClientId::parse("ca_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb").unwrap(), state());
    assert_eq!(
        AuthorizeUrl::new(&client_id, &state).build().unwrap(),
        "https://connect.stripe.com/oauth/authorize?response_type=code\
         &client_id=ca_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb&state=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"
    );
}

/// The URL of a flow, after `set`.
fn build(flow: Flow, set: impl FnOnce(&mut AuthorizeUrl<'_>)) -> Result<String, ConnectError> {
    let (client_id, state) = (ClientId::parse("ca_123").unwrap(), state());
    let mut url = AuthorizeUrl::new(&client_id, &state);
    url.flow = flow;
    set(&mut url);
    url.build()
}

const STATE_PARAM: &str = "&state=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

#[test]
fn each_flow_has_its_own_address_and_the_standard_one_is_the_default() {
    let urls = [
        (Flow::Standard, "https://connect.stripe.com/oauth/authorize?response_type=code&client_id=ca_123"),
        (Flow::Express, "https://connect.stripe.com/express/oauth/authorize?response_type=code&client_id=ca_123"),
        (Flow::App, "https://marketplace.stripe.com/oauth/v2/authorize?client_id=ca_123"),
    ];
    for (flow, url) in urls {
        assert_eq!(build(flow, |_| {}).unwrap(), [url, STATE_PARAM].concat());
        let base = ConnectBase::stand_in("http://localhost:12111").unwrap();
        let stand_in = build(flow, |url| url.base = base).unwrap();
        let path = url.split_once(".com").unwrap().1;
        assert_eq!(stand_in, ["http://localhost:12111", path, STATE_PARAM].concat(), "a stand-in is all of Stripe");
    }
    assert_eq!(ConnectBase::stripe().marketplace(), "https://marketplace.stripe.com");
}

#[test]
fn response_type_is_code_in_connect_and_absent_in_apps() {
    for (flow, times) in [(Flow::Standard, 1), (Flow::Express, 1), (Flow::App, 0)] {
        assert_eq!(build(flow, |_| {}).unwrap().matches("response_type=code&").count(), times);
    }
}

#[test]
fn a_redirect_uri_is_part_of_every_flow() {
    for flow in [Flow::Standard, Flow::Express, Flow::App] {
        let url = build(flow, |url| url.redirect_uri = RedirectUri::parse(CALLBACK, None).ok()).unwrap();
        assert!(url.contains("&redirect_uri=https%3A%2F%2Fshop.example%2Fconnect%2Fcallback&state="), "{url}");
    }
}

/// `set` is accepted in one flow, and refused by name in the others.
#[track_caller]
fn belongs_to(own: Flow, param: &str, sent: &str, set: impl Fn(&mut AuthorizeUrl<'_>)) {
    assert!(build(own, &set).unwrap().contains(sent));
    for other in [Flow::Standard, Flow::Express, Flow::App] {
        if other != own {
            let what = format!("is not part of the {} flow: leave it out", other.as_str());
            assert_refused(build(other, &set), UnknownParameter, param, &what);
        }
    }
}

#[test]
fn a_scope_is_part_of_the_standard_flow_alone() {
    belongs_to(Flow::Standard, "scope", "&scope=read_write", |url| url.scope = Some(Scope::ReadWrite));
    belongs_to(Flow::Standard, "scope", "&scope=read_only", |url| url.scope = Some(Scope::ReadOnly));
}

#[test]
fn stripe_landing_is_part_of_the_standard_flow_alone() {
    belongs_to(Flow::Standard, "stripe_landing", "&stripe_landing=register", |url| {
        url.stripe_landing = Some(StripeLanding::Register);
    });
}

#[test]
fn always_prompt_is_part_of_the_standard_flow_alone() {
    belongs_to(Flow::Standard, "always_prompt", "&always_prompt=false", |url| url.always_prompt = Some(false));
    belongs_to(Flow::Standard, "always_prompt", "&always_prompt=true", |url| url.always_prompt = Some(true));
}

#[test]
fn suggested_capabilities_are_an_indexed_list_of_the_express_flow_alone() {
    let sent = "&suggested_capabilities%5B0%5D=card_payments&suggested_capabilities%5B1%5D=transfers";
    belongs_to(Flow::Express, "suggested_capabilities", sent, |url| {
        url.suggested_capabilities = vec![Capability::CardPayments, Capability::Transfers];
    });
}

#[test]
fn a_channel_link_is_part_of_an_apps_path_alone() {
    belongs_to(Flow::App, "channel_link", "/oauth/v2/chnlink_1/authorize?client_id=ca_123&state=", |url| {
        url.channel_link = ChannelLink::parse("chnlink_1").ok();
    });
}

#[test]
fn an_app_has_three_parameters_only() {
    let link = build(Flow::App, |url| {
        url.channel_link = ChannelLink::parse("chnlink_1").ok();
        url.redirect_uri = RedirectUri::parse(CALLBACK, None).ok();
    });
    assert_eq!(
        link.unwrap(),
        "https://marketplace.stripe.com/oauth/v2/chnlink_1/authorize?client_id=ca_123\
         &redirect_uri=https%3A%2F%2Fshop.example%2Fconnect%2Fcallback\
         &state=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"
    );
}

#[test]
fn prefill_is_checked_as_a_whole_when_the_url_is_built() {
    let refused = build(Flow::Standard, |url| {
        url.stripe_user = {
            let mut prefill = Prefill::default();
            prefill.set(PrefillField::State, "NY").unwrap();
            prefill
        }
    });
    let what = "is missing: stripe_user[state] needs it";
    assert_refused(refused, MissingParameter, "stripe_user[country]", what);
}

#[test]
fn the_fullest_authorize_url_is_encoded_as_url_search_params_would() {
    let (client_id, state) = (ClientId::parse("ca_123").unwrap(), state());
    let mut url = AuthorizeUrl::new(&client_id, &state);
    url.base = ConnectBase::stand_in("http://localhost:12111").unwrap();
    url.redirect_uri = Some(RedirectUri::parse("https://shop.example/cb?next=/a%20b&x=1", None).unwrap());
    url.scope = Some(Scope::ReadWrite);
    url.stripe_landing = Some(StripeLanding::Login);
    url.always_prompt = Some(false);
    let fields = [
        (PrefillField::Email, "a+b@example.com"),
        (PrefillField::Url, "https://example.com/profile/test"),
        (PrefillField::Country, "US"),
        (PrefillField::BusinessName, "Jeanine & Jerome's Jellies~*"),
        (PrefillField::FirstName, "太郎"),
        (PrefillField::LastName, "ビル 3F"),
    ];
    for (field, value) in fields {
        url.stripe_user.set(field, value).unwrap();
    }
    assert_eq!(
        url.build().unwrap(),
        "http://localhost:12111/oauth/authorize?response_type=code&client_id=ca_123\
         &redirect_uri=https%3A%2F%2Fshop.example%2Fcb%3Fnext%3D%2Fa%2520b%26x%3D1\
         &scope=read_write&state=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc\
         &stripe_landing=login&always_prompt=false\
         &stripe_user%5Bemail%5D=a%2Bb%40example.com\
         &stripe_user%5Burl%5D=https%3A%2F%2Fexample.com%2Fprofile%2Ftest\
         &stripe_user%5Bcountry%5D=US\
         &stripe_user%5Bbusiness_name%5D=Jeanine+%26+Jerome%27s+Jellies%7E*\
         &stripe_user%5Bfirst_name%5D=%E5%A4%AA%E9%83%8E\
         &stripe_user%5Blast_name%5D=%E3%83%93%E3%83%AB+3F"
    );
}

#[test]
fn a_prefilled_field_set_again_stands_once_with_its_last_value() {
    let (client_id, state) = (ClientId::parse("ca_123").unwrap(), state());
    let mut url = AuthorizeUrl::new(&client_id, &state);
    url.stripe_user.set(PrefillField::Country, "US").unwrap();
    url.stripe_user.set(PrefillField::Country, "CA").unwrap();
    assert!(url.stripe_user.set(PrefillField::Country, "x").is_err());
    assert!(url.build().unwrap().ends_with("&stripe_user%5Bcountry%5D=CA"));
    assert_eq!(url.build().unwrap().matches("country").count(), 1);
}

/// Prefill fields that stand together in every flow of Connect, with values they take.
fn prefilled() -> impl Strategy<Value = Vec<(PrefillField, String)>> {
    let line = "[^\\x00-\\x1f\\x7f]{0,20}[!-~é太😀]";
    let maybe = |field: PrefillField, value: BoxedStrategy<String>| {
        prop::option::of(value).prop_map(move |value| value.map(|value| (field, value)))
    };
    (
        maybe(PrefillField::Email, "[!-?A-~é]{1,12}@[a-z]{1,8}\\.[a-z]{2,5}".boxed()),
        maybe(PrefillField::Url, "https?://[a-z]{1,10}\\.example(/[!$&-;=?-Z_a-z~]{0,20})?".boxed()),
        maybe(PrefillField::Country, "[A-Z]{2}".boxed()),
        maybe(PrefillField::BusinessName, line.boxed()),
        maybe(PrefillField::FirstName, line.boxed()),
        maybe(PrefillField::LastName, line.boxed()),
    )
        .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].into_iter().flatten().collect())
}

proptest! {
    #![proptest_config(often())]

    /// What goes in comes out at Stripe, in order, and nothing else does.
    #[test]
    fn an_authorize_url_decodes_to_exactly_what_was_put_in(
        client in "ca_[A-Za-z0-9]{1,40}",
        random: [u8; 32],
        redirect in prop::option::of("https://[a-z]{1,10}\\.example(:[1-9][0-9]{0,3})?(/[!$&-;=?-Z_a-z~]{0,30})?"),
        scope in prop::option::of(prop::sample::select(vec![Scope::ReadWrite, Scope::ReadOnly])),
        landing in prop::option::of(prop::sample::select(vec![StripeLanding::Login, StripeLanding::Register])),
        always in prop::option::of(any::<bool>()),
        fields in prefilled(),
    ) {
        let (client_id, state) = (ClientId::parse(&client).unwrap(), State::from_random(random));
        let mut url = AuthorizeUrl::new(&client_id, &state);
        url.redirect_uri = redirect.as_ref().map(|uri| RedirectUri::parse(uri, None).unwrap());
        url.scope = scope;
        url.stripe_landing = landing;
        url.always_prompt = always;
        for (field, value) in &fields {
            url.stripe_user.set(*field, value).unwrap();
        }
        let mut expected = vec![("response_type", "code".to_owned()), ("client_id", client)];
        expected.extend(redirect.map(|uri| ("redirect_uri", uri)));
        expected.extend(scope.map(|scope| ("scope", scope.as_str().to_owned())));
        expected.push(("state", state.as_str().to_owned()));
        expected.extend(landing.map(|landing| ("stripe_landing", landing.as_str().to_owned())));
        expected.extend(always.map(|always| ("always_prompt", always.to_string())));
        expected.extend(fields.into_iter().map(|(field, value)| (field.as_str(), value)));

        let read = Url::parse(&url.build().unwrap()).unwrap();
        prop_assert_eq!(&read[..url::Position::AfterPath], "https://connect.stripe.com/oauth/authorize");
        prop_assert_eq!(read.fragment(), None);
        let pairs: Vec<_> = read.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let expected: Vec<_> = expected.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        prop_assert_eq!(pairs, expected);
    }

    #[test]
    fn a_state_is_its_32_bytes_in_base64url_and_verifies_itself_only(random: [u8; 32], other: [u8; 32]) {
        let state = State::from_random(random);
        prop_assert!(State::parse(state.as_str()).is_ok());
        prop_assert!(state.verify(state.as_str()));
        prop_assert_eq!(state.verify(State::from_random(other).as_str()), random == other);
    }
}

// Addresses: an accepted one has one meaning, here and in a WHATWG parser.

/// Where a redirect URI leads, read the naive way.
fn naive_host(uri: &str) -> String {
    let authority = uri.split("://").nth(1).unwrap().split(['/', '?']).next().unwrap();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    host.to_ascii_lowercase()
}

#[test]
fn attack_8_no_known_bypass_is_a_redirect_uri() {
    assert!(LEADS_AWAY.len() >= 60);
    for bypass in LEADS_AWAY.iter().chain(STAYS_HOME) {
        assert!(RedirectUri::parse(bypass, Some(Livemode::Test)).is_err(), "{bypass:?}");
    }
}

#[test]
fn attack_8_no_known_bypass_is_a_buttons_path_that_leads_away() {
    let home = Url::parse(ORIGIN).unwrap();
    for bypass in LEADS_AWAY.iter().chain(STAYS_HOME) {
        let stays = |url: Url| url.origin() == home.origin();
        let is_web_address = bypass.starts_with("https://") || bypass.starts_with("http://");
        let accepted = Button::form(bypass).is_ok() && !is_web_address;
        assert!(!accepted || home.join(bypass).is_ok_and(stays), "{bypass:?}");
    }
    assert!(STAYS_HOME.iter().all(|path| Button::form(path).is_ok()));
}

/// Text that is often nearly a URL.
fn nearly_a_url() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => prop::sample::select(vec![
            "https://", "http://", "https:", "//", "/", "\\", "@", ":", "#", "?", "%", "%2f", "%40", ".", "..", "-",
            "localhost", "127.0.0.1", "127.1", "0x7f", "1", "0", "[::1]", "[", "]", "shop.example", "evil", ":443",
            ":65535", ":65536", "xn--bcher-kva", " ", "\t", "\n", "\u{3002}", "é", "_", "~",
        ])
        .prop_map(str::to_owned),
        1 => "[ -~]{1,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    let anything = prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat());
    prop_oneof![anything.clone(), anything.prop_map(|rest| format!("https://{rest}"))]
}

proptest! {
    #![proptest_config(often())]

    #[test]
    fn attack_8_an_accepted_redirect_uri_means_the_same_to_the_url_crate(text in nearly_a_url(), mode: Option<bool>) {
        if RedirectUri::parse(&text, mode.map(Livemode::from)).is_ok() {
            let url = match Url::parse(&text) {
                Ok(url) => url,
                // Whether a label's punycode is sound, only an IDNA table can tell. Such a URL leads nowhere.
                Err(error) => {
                    prop_assert!(error == url::ParseError::IdnaError && text.contains("xn--"), "{error}");
                    return Ok(());
                }
            };
            prop_assert_eq!(url.host_str(), Some(&*naive_host(&text)));
            let loopback = ["localhost", "127.0.0.1", "[::1]"].contains(&url.host_str().unwrap());
            prop_assert!(url.scheme() == "https" || (url.scheme() == "http" && loopback && mode != Some(true)));
            prop_assert_eq!((url.username(), url.password(), url.fragment()), ("", None, None));
        }
    }

    #[test]
    fn attack_8_an_accepted_path_stays_at_home(text in nearly_a_url(), path in "[/\\\\\t @:.%a-z]{0,8}") {
        let home = Url::parse(ORIGIN).unwrap();
        for path in [&*text, &*format!("/{path}")] {
            if path.starts_with('/') && Button::form(path).is_ok() {
                prop_assert_eq!(home.join(path).unwrap().origin(), home.origin());
            }
        }
    }
}

// What came back. `{S}` stands for the right state.

fn callback(query: &str) -> Callback {
    let state = state();
    parse_callback(&query.replace("{S}", state.as_str()), &state)
}

#[track_caller]
fn assert_rejected(query: &str, rejection: Rejection) {
    let callback = callback(query);
    assert!(matches!(callback, Callback::Rejected(why) if why == rejection), "{query}: {callback:?}");
}

/// The code and scope of an authorized callback.
#[track_caller]
fn authorized(callback: Callback) -> (String, Option<Scope>) {
    let Callback::Authorized(authorized) = callback else { panic!("not authorized: {callback:?}") };
    (authorized.code().as_str().to_owned(), authorized.scope())
}

#[test]
fn a_code_with_the_right_state_is_authorized() {
    let code = || "ac_123".to_owned();
    let table = [
        ("?code=ac_123&state={S}", None),
        ("?scope=read_write&code=ac_123&state={S}", Some(Scope::ReadWrite)),
        ("?state={S}&code=ac_123&scope=read_only", Some(Scope::ReadOnly)),
        ("?state={S}&code=ac_123&scope=express", None),
        ("state={S}&code=ac_123", None),
        ("https://shop.example/back?code=ac_123&state={S}", None),
        ("https://shop.example/back?from=stripe&code=ac_123&state={S}#top", None),
        ("?&&code=ac_123&&state={S}&", None),
        ("?code=ac%5F123&state={S}", None),
    ];
    for (query, scope) in table {
        assert_eq!(authorized(callback(query)), (code(), scope), "{query}");
    }
    let callback = callback("?code=ac_123&state={S}");
    assert_eq!((callback.hint(), callback.untrusted_description()), ("", None));
}

#[test]
fn attack_7_a_repeated_parameter_is_refused() {
    for name in ["code", "state", "error", "error_description", "scope", "iss"] {
        for other in ["x", "", "ac_123", "{S}"] {
            let query = format!("?code=ac_123&state={{S}}&{name}={other}&{name}=x");
            assert_rejected(&query, Rejection::DuplicateParameter);
        }
    }
    assert_rejected("?code=ac_1&code=ac_1&state={S}", Rejection::DuplicateParameter);
    assert_rejected("?code=ac_1&state={S}&state={S}", Rejection::DuplicateParameter);
    assert_rejected("?code=ac_1&c%6fde=ac_2&state={S}", Rejection::DuplicateParameter);
    assert_rejected("?error=access_denied&error=access_denied", Rejection::DuplicateParameter);
}

#[test]
fn a_code_and_an_error_together_are_refused() {
    assert_rejected("?code=ac_123&error=access_denied&state={S}", Rejection::ConflictingParameters);
    assert_rejected("?code=ac_123&error=access_denied", Rejection::ConflictingParameters);
    assert_rejected("?code=&error=&state={S}", Rejection::ConflictingParameters);
}

#[test]
fn a_state_without_code_or_error_is_half_an_answer() {
    assert_rejected("?state={S}", Rejection::ConflictingParameters);
    assert_rejected("?state={S}&scope=read_write", Rejection::ConflictingParameters);
}

#[test]
fn a_missing_state_is_refused() {
    assert_rejected("?code=ac_123", Rejection::StateMissing);
    assert_rejected("?error=invalid_scope", Rejection::StateMissing);
}

#[test]
fn a_wrong_state_is_refused() {
    let almost = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBws";
    for wrong in ["", "x", almost, "{S}A", "{S}%00", "%20{S}", "+{S}"] {
        assert_rejected(&format!("?code=ac_123&state={wrong}"), Rejection::StateMismatch);
        assert_rejected(&format!("?error=access_denied&state={wrong}"), Rejection::StateMismatch);
        assert_rejected(&format!("?error=invalid_scope&state={wrong}"), Rejection::StateMismatch);
    }
}

#[test]
fn attack_10_a_denial_is_verified_only_with_the_right_state() {
    let denied = |query: &str| match callback(query) {
        Callback::Denied { verified, untrusted_description } => (verified, untrusted_description),
        other => panic!("{query}: {other:?}"),
    };
    let text = Some("The user denied your request".to_owned());
    assert_eq!(denied("?error=access_denied&state={S}"), (true, None));
    assert_eq!(denied("?error=access_denied"), (false, None));
    let plus = "?error=access_denied&error_description=The+user+denied+your+request";
    let percent = "?error=access_denied&error_description=The%20user%20denied%20your%20request";
    assert_eq!(denied(&format!("{plus}&state={{S}}")), (true, text.clone()));
    assert_eq!(denied(&format!("{percent}&state={{S}}")), (true, text.clone()));
    assert_eq!(denied(plus), (false, text.clone()));
    assert_eq!(denied(percent), (false, text));
}

#[test]
fn another_error_of_stripes_is_failed_with_its_code() {
    let failed = |query: &str| match callback(query) {
        Callback::Failed { error, .. } => error,
        other => panic!("{query}: {other:?}"),
    };
    assert_eq!(failed("?error=invalid_scope&state={S}"), "invalid_scope");
    assert_eq!(failed(&format!("?error={}&state={{S}}", "a".repeat(64))), "a".repeat(64));
    for junk in ["", "Access_Denied", "<script>", "a-b", "access_denied%00", &"a".repeat(65)] {
        assert_rejected(&format!("?error={junk}&state={{S}}"), Rejection::Malformed);
    }
}

#[test]
fn broken_percent_encoding_is_malformed() {
    for broken in ["%", "%4", "%zz", "%+1", "a%"] {
        for name in ["code", "state", "error", "error_description", "scope", "iss"] {
            let rest = ["code=ac_1", "state={S}"].into_iter().filter(|pair| !pair.starts_with(name));
            let query = format!("?{}&{name}={broken}", rest.collect::<Vec<_>>().join("&"));
            assert_rejected(&query, Rejection::Malformed);
        }
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_malformed() {
    for bytes in ["%ff", "%c3", "%c0%80", "%ed%a0%80", "%f5%80%80%80"] {
        assert_rejected(&format!("?code=ac_1{bytes}&state={{S}}"), Rejection::Malformed);
        assert_rejected(
            &format!("?error=access_denied&state={{S}}&error_description={bytes}"),
            Rejection::Malformed,
        );
    }
}

#[test]
fn a_code_that_stripe_does_not_write_is_malformed() {
    let long = format!("ac_{}", "a".repeat(252));
    assert_eq!(authorized(callback(&format!("?code={long}&state={{S}}"))).0, long);
    let too_long = format!("{long}a");
    for code in
        ["", "ac_", "AC_1", "sk_test_1", "ac_1%20", "ac_%00", "ac_1%26x", "ac_a-b", "ac_%C3%A9", "+ac_1", &too_long]
    {
        assert_rejected(&format!("?code={code}&state={{S}}"), Rejection::Malformed);
    }
}

#[test]
fn attack_6_an_issuer_is_unexpected() {
    assert_rejected("?code=ac_1&state={S}&iss=https://evil.example", Rejection::UnexpectedIssuer);
    assert_rejected("?code=ac_1&state={S}&iss=", Rejection::UnexpectedIssuer);
    assert_rejected("?error=access_denied&iss=https://connect.stripe.com", Rejection::UnexpectedIssuer);
}

#[test]
fn a_callback_over_8192_bytes_is_refused_before_it_is_read() {
    assert_eq!(MAX_CALLBACK_BYTES, 8192);
    let query = format!("?code=ac_1&state={}&pad=", state().as_str());
    let padded = |length: usize| format!("{query}{}", "a".repeat(length - query.len()));
    assert_eq!(authorized(callback(&padded(8192))).0, "ac_1");
    assert_rejected(&padded(8193), Rejection::TooLong);
    assert_rejected(&"a".repeat(8193), Rejection::TooLong);
    assert_eq!(CallbackQuery::read(&padded(8193)).state(), None);
}

#[test]
fn no_parameter_of_the_protocol_is_no_callback() {
    let nothing = [
        "",
        "?",
        "#",
        "?#",
        "?tab=2",
        "https://shop.example/",
        "https://shop.example/?tab=2&page=%zz",
        "/code",
        "https://shop.example/code=ac_1",
        "?scope=all",
        "?iss=x",
        "?error_description=x",
        "?Code=ac_1&STATE={S}",
        // Another grant's answer (RFC 9700 §4.6): no token is taken from a redirect.
        "?access_token=sk_test_1&token_type=bearer",
        "https://shop.example/#access_token=sk_test_1&token_type=bearer&state={S}",
    ];
    for nothing in nothing {
        assert!(matches!(callback(nothing), Callback::None), "{nothing}");
    }
}

#[test]
fn a_parameters_name_may_be_percent_encoded() {
    assert_eq!(authorized(callback("?c%6Fde=ac_1&%73%74ate={S}")).0, "ac_1");
}

#[test]
fn the_fragment_is_no_part_of_the_query() {
    assert!(matches!(callback("https://shop.example/#?code=ac_1&state={S}"), Callback::None));
    assert_rejected("?code=ac_1#&state={S}", Rejection::StateMissing);
    assert_eq!(authorized(callback("?code=ac_1&state={S}#code=ac_2")).0, "ac_1");
}

#[test]
fn unrelated_parameters_are_passed_over_even_when_broken() {
    assert_eq!(authorized(callback("?x=%zz&%zz=1&y=%ff&=&code=ac_1&state={S}&x=2&x=3&codes=1")).0, "ac_1");
}

#[test]
fn attack_9_an_error_description_is_capped_stripped_and_named_untrusted() {
    let described = |text: &str| {
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let failed = callback(&format!("?error=server_error&state={{S}}&error_description={encoded}"));
        failed.untrusted_description().map(str::to_owned)
    };
    let markup = "<img src=x onerror=alert(1)>";
    assert_eq!(described(markup).as_deref(), Some(markup), "kept for logs");
    assert_eq!(
        described("a\r\n2026 fake log line\u{1b}[31m\0\u{85}b").as_deref(),
        Some("a2026 fake log line[31mb")
    );
    assert_eq!(described(&"é".repeat(256)), Some("é".repeat(256)));
    assert_eq!(described(&"é".repeat(257)), Some("é".repeat(256)));

    let denied = callback(&format!("?error=access_denied&error_description={markup}"));
    assert!(!denied.hint().contains('<'));
    let rejected = callback(&format!("?code=ac_1&state=x&error_description={markup}"));
    assert!(!format!("{rejected:?}{}", rejected.hint()).contains('<'));
}

#[test]
fn every_outcome_but_authorized_has_a_hint() {
    const NOT_REACHED: &str = "This page was not reached from a connection started in this browser. Nothing was connected. Please start again.";
    let hints = [
        ("?error=access_denied", "You cancelled at Stripe. Nothing was connected."),
        ("?error=x&state={S}", "Stripe could not connect the account. Please start again."),
        ("?code=ac_1", NOT_REACHED),
        ("?code=ac_1&state=x", NOT_REACHED),
        ("?code=%", "The link back from Stripe is damaged. Nothing was connected. Please start again."),
        ("", "Nothing came back from Stripe."),
    ];
    for (query, hint) in hints {
        assert_eq!(callback(query).hint(), hint, "{query}");
    }
}

#[test]
fn every_rejection_has_its_documented_name_and_a_hint() {
    let names = [
        (Rejection::StateMismatch, "state_mismatch"),
        (Rejection::StateMissing, "state_missing"),
        (Rejection::DuplicateParameter, "duplicate_parameter"),
        (Rejection::ConflictingParameters, "conflicting_parameters"),
        (Rejection::Malformed, "malformed"),
        (Rejection::TooLong, "too_long"),
        (Rejection::UnexpectedIssuer, "unexpected_issuer"),
        (Rejection::NotStarted, "not_started"),
        (Rejection::Expired, "expired"),
        (Rejection::AnotherSubject, "another_subject"),
        (Rejection::AlreadyUsed, "already_used"),
    ];
    for (rejection, name) in names {
        assert_eq!(rejection.as_str(), name);
        assert!(Callback::Rejected(rejection).hint().contains("start again"), "{name}");
    }
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

/// The naive twin, for decoded pairs in which no name stands twice.
fn outcome_of(pairs: &[(&str, String)]) -> &'static str {
    let get = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value);
    let (code, error, state_is) = (get("code"), get("error"), get("state"));
    match (code, error, state_is) {
        (None, None, None) => "none",
        _ if get("iss").is_some() => "unexpected_issuer",
        (Some(_), Some(_), _) | (None, None, _) => "conflicting_parameters",
        (_, Some("access_denied"), None) => "denied, unverified",
        (_, _, None) => "state_missing",
        (_, _, Some(candidate)) if candidate != state().as_str() => "state_mismatch",
        (_, Some("access_denied"), _) => "denied, verified",
        (_, Some(error), _) => match error.len() {
            1..=64 if error.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') => "failed",
            _ => "malformed",
        },
        (Some(code), ..) => match code.strip_prefix("ac_") {
            Some(rest) if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
                "authorized"
            }
            _ => "malformed",
        },
    }
}

proptest! {
    #![proptest_config(often())]

    #[test]
    fn attack_1_and_7_only_one_code_with_the_one_right_state_is_authorized(query in nearly_a_callback()) {
        let state = state();
        let query = query.replace("{S}", state.as_str());
        if let Callback::Authorized(authorized) = parse_callback(&query, &state) {
            let before_fragment = query.split('#').next().unwrap();
            let after_mark = before_fragment.split_once('?').map_or(before_fragment, |(_, query)| query);
            let pairs: Vec<_> = form_urlencoded::parse(after_mark.as_bytes()).collect();
            let values = |name: &str| pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| &**value).collect::<Vec<_>>();
            prop_assert_eq!(values("state"), [state.as_str()]);
            prop_assert_eq!(values("code"), [authorized.code().as_str()]);
            prop_assert!(values("error").is_empty() && values("iss").is_empty());
            for name in ["error_description", "scope"] {
                prop_assert!(values(name).len() <= 1);
            }
        }
    }

    #[test]
    fn a_well_formed_query_is_read_as_the_form_urlencoded_crate_reads_it(
        code in prop::option::of(prop_oneof!["ac_[a-z0-9_]{0,8}", any::<String>()]),
        error in prop::option::of(prop_oneof![Just("access_denied".to_owned()), "[a-z_]{0,66}", any::<String>()]),
        description in prop::option::of(any::<String>()),
        right_state in prop::option::of(prop_oneof![4 => Just(state().as_str().to_owned()), 1 => any::<String>()]),
        issuer in prop::option::weighted(0.1, any::<String>()),
        unrelated in prop::collection::vec(("[a-z]{6}", any::<String>()), 0..3),
    ) {
        let known = [("code", code), ("error", error), ("error_description", description), ("state", right_state), ("iss", issuer)];
        let pairs: Vec<_> = known.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let query = form_urlencoded::Serializer::new("?".to_owned()).extend_pairs(&pairs).extend_pairs(&unrelated).finish();
        let callback = parse_callback(&query, &state());
        let outcome = match &callback {
            Callback::Authorized(_) => "authorized",
            Callback::Denied { verified: true, .. } => "denied, verified",
            Callback::Denied { verified: false, .. } => "denied, unverified",
            Callback::Failed { .. } => "failed",
            Callback::Rejected(rejection) => rejection.as_str(),
            Callback::None => "none",
        };
        prop_assert_eq!(outcome, outcome_of(&pairs), "{}", query);
        let get = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        match callback {
            Callback::Authorized(authorized) => prop_assert_eq!(authorized.code().as_str(), get("code").unwrap()),Callback::Denied { untrusted_description, .. } => prop_assert_eq!(untrusted_description.is_some(), get("error_description").is_some()),
            Callback::Failed { error, .. } => prop_assert_eq!(Some(error), get("error")),
            _ => {}
        }
    }
}

// The flows a page keeps.

const NOW: u64 = 1_700_000_000;
const LIFETIME: u64 = 3600;

fn flow_state(number: u8) -> State {
    State::from_random([number; 32])
}

fn came_back(state: &State, code: &str) -> CallbackQuery {
    CallbackQuery::read(&format!("?code={code}&state={}", state.as_str()))
}

/// Flows 1 to `count` under way, each begun for `ada` one second after the one before.
fn flows(count: u8) -> PendingFlows {
    let mut flows = PendingFlows::kept(String::new());
    for number in 1..=count {
        flows.begin(&flow_state(number), &user("ada"), NOW + u64::from(number));
    }
    flows
}

#[track_caller]
fn assert_flow_rejected(callback: &Callback, rejection: Rejection) {
    assert!(matches!(callback, Callback::Rejected(why) if *why == rejection), "{callback:?}");
}

#[test]
fn a_kept_flow_is_finished_by_its_callback_and_knows_its_subject() {
    let mut flows = flows(2);
    let query = came_back(&flow_state(1), "ac_1");
    let mut reloaded = PendingFlows::kept(flows.as_str().to_owned());
    assert_eq!(authorized(reloaded.finish(&query, Some(&user("ada")), NOW + 60)).0, "ac_1");
    assert_eq!(reloaded.subject_of(&query), Some("ada"));
    assert_eq!(authorized(flows.finish(&query, None, NOW + 60)).0, "ac_1");
}

#[test]
fn a_flow_takes_the_same_code_again_and_no_other() {
    let mut flows = flows(1);
    let query = came_back(&flow_state(1), "ac_1");
    for _ in 0..3 {
        assert_eq!(authorized(flows.finish(&query, None, NOW + 60)).0, "ac_1", "as after a reload");
    }
    let other = flows.finish(&came_back(&flow_state(1), "ac_2"), None, NOW + 60);
    assert_flow_rejected(&other, Rejection::AlreadyUsed);
    assert_eq!(authorized(flows.finish(&query, None, NOW + 60)).0, "ac_1", "still");
}

#[test]
fn a_flow_expires_at_its_3600th_second() {
    for (after, expired) in [(LIFETIME - 1, false), (LIFETIME, true), (LIFETIME + 1, true)] {
        let mut flows = PendingFlows::kept(String::new());
        flows.begin(&flow_state(1), &user("ada"), NOW);
        let callback = flows.finish(&came_back(&flow_state(1), "ac_1"), None, NOW + after);
        match expired {
            true => assert_flow_rejected(&callback, Rejection::Expired),
            false => assert_eq!(authorized(callback).0, "ac_1"),
        }
        assert_eq!(flows.as_str().is_empty(), expired, "an expired flow is let go");
    }
}

#[test]
fn attack_2_another_user_cannot_finish_a_flow_and_ends_it() {
    let mut flows = flows(1);
    let query = came_back(&flow_state(1), "ac_1");
    assert_flow_rejected(&flows.finish(&query, Some(&user("eve")), NOW + 60), Rejection::AnotherSubject);
    assert_flow_rejected(&flows.finish(&query, Some(&user("ada")), NOW + 60), Rejection::NotStarted);
}

#[test]
fn a_tab_keeps_five_flows_and_the_oldest_makes_room() {
    let mut flows = flows(7);
    assert_eq!(flows.as_str().lines().count(), 5);
    for (number, kept) in [(1, false), (2, false), (3, true), (4, true), (5, true), (6, true), (7, true)] {
        let callback = flows.finish(&came_back(&flow_state(number), "ac_1"), None, NOW + 60);
        assert_eq!(matches!(callback, Callback::Authorized(_)), kept, "flow {number}");
    }
}

#[test]
fn a_new_flow_lets_go_of_those_that_expired() {
    let mut flows = flows(5);
    flows.begin(&flow_state(9), &user("ada"), NOW + LIFETIME + 3);
    let numbers = [4, 5, 9].map(flow_state);
    assert_eq!(flows.as_str().lines().count(), 3);
    assert!(numbers.iter().all(|state| flows.as_str().contains(state.as_str())));
}

#[test]
fn a_denial_with_the_right_state_ends_its_own_flow_only() {
    let mut flows = flows(2);
    let denial = CallbackQuery::read(&format!("?error=access_denied&state={}", flow_state(1).as_str()));
    assert!(matches!(flows.finish(&denial, None, NOW + 60), Callback::Denied { verified: true, .. }));
    assert_flow_rejected(&flows.finish(&came_back(&flow_state(1), "ac_1"), None, NOW + 60), Rejection::NotStarted);
    assert_eq!(authorized(flows.finish(&came_back(&flow_state(2), "ac_2"), None, NOW + 60)).0, "ac_2");
}

#[test]
fn attack_10_a_forged_or_damaged_link_ends_no_flow() {
    let mut flows = flows(2);
    let before = flows.as_str().to_owned();
    let right = flow_state(1);
    let links = [
        "?error=access_denied".to_owned(),
        "?error=access_denied&state=guess".to_owned(),
        "?error=server_error".to_owned(),
        "?code=ac_evil".to_owned(),
        "?code=ac_evil&state=guess".to_owned(),
        format!("?code=ac_1&code=ac_2&state={}", right.as_str()),
        format!("?code=%zz&state={}", right.as_str()),
        format!("?code=sk_1&state={}", right.as_str()),
        format!("?state={}", right.as_str()),
        format!("?code=ac_1&error=access_denied&state={}", right.as_str()),
        format!("?code=ac_1&iss=evil&state={}", right.as_str()),
        String::new(),
        "a".repeat(9000),
    ];
    for link in links {
        let callback = flows.finish(&CallbackQuery::read(&link), Some(&user("ada")), NOW + 60);
        assert!(!matches!(callback, Callback::Authorized(_)), "{link}");
        assert_eq!(flows.as_str(), before, "{link}");
    }
    assert_eq!(authorized(flows.finish(&came_back(&right, "ac_1"), None, NOW + 60)).0, "ac_1");
}

#[test]
fn what_a_link_without_a_flow_says() {
    let mut none = PendingFlows::kept(String::new());
    let mut finish = |query: &str| none.finish(&CallbackQuery::read(query), None, NOW);
    assert_flow_rejected(&finish("?code=ac_1&state=x"), Rejection::NotStarted);
    assert_flow_rejected(&finish("?code=ac_1"), Rejection::StateMissing);
    assert_flow_rejected(&finish("?code=%&state=x"), Rejection::Malformed);
    assert!(matches!(finish("?error=access_denied"), Callback::Denied { verified: false, .. }));
    assert!(matches!(finish("?tab=2"), Callback::None));
}

#[test]
fn kept_text_that_was_tampered_with_is_no_flow() {
    let good = flows(1).as_str().to_owned();
    let query = came_back(&flow_state(1), "ac_1");
    let tampered = [
        "\n\n \n   \n".to_owned(),
        "garbage".to_owned(),
        good.replacen("17", "xx", 1),
        good.replacen("17", "99999999999999999999999917", 1),
        good.replacen("17", "-17", 1),
        good.replace(flow_state(1).as_str(), "short"),
        good.replace(flow_state(1).as_str(), flow_state(2).as_str()),
        good.replace(' ', ""),
        format!("\u{0}{good}"),
    ];
    for text in tampered {
        let mut flows = PendingFlows::kept(text.clone());
        assert_flow_rejected(&flows.finish(&query, None, NOW + 60), Rejection::NotStarted);
        flows.begin(&flow_state(3), &user("ada"), NOW);
        let callback = flows.finish(&came_back(&flow_state(3), "ac_3"), None, NOW + 60);
        assert_eq!(authorized(callback).0, "ac_3", "{text:?} does not stand in a new flow's way");
    }
}

proptest! {
    #![proptest_config(often())]

    #[test]
    fn any_kept_text_and_any_link_are_survived(text in any::<String>(), link in nearly_a_callback(), now: u64) {
        let mut flows = PendingFlows::kept(text);
        let link = link.replace("{S}", state().as_str());
        let callback = flows.finish(&CallbackQuery::read(&link), None, now);
        prop_assert!(!matches!(callback, Callback::Authorized(_)), "no text here holds the state");
        flows.begin(&state(), &user("ada"), now);
        prop_assert!(flows.as_str().ends_with(" ada\n"));
    }
}

// Secrets don't print.

#[test]
fn attack_13_no_code_and_no_state_is_printed() {
    let state = State::from_random(*b"canary-canary-canary-canary-cana");
    let query = CallbackQuery::read(&format!("?code=ac_canary&state={}", state.as_str()));
    let callback = query.verify(&state);
    let mut flows = PendingFlows::kept(String::new());
    flows.begin(&state, &user("ada"), NOW);
    let client_id = ClientId::parse("ca_1").unwrap();
    let url = AuthorizeUrl::new(&client_id, &state);
    let mut printed = String::new();
    let things: [&dyn Debug; 6] = [&state, &query, &callback, &flows, &url, &State::parse("canary").unwrap_err()];
    for thing in things {
        printed.push_str(&format!("{thing:?}\n{thing:#?}\n"));
    }
    let Callback::Authorized(authorized) = callback else { panic!("not authorized") };
    printed.push_str(&format!("{:?}", authorized.code()));
    printed.push_str(&format!("{:?}", authorized.into_code()));
    assert!(!printed.contains("canary") && !printed.contains(state.as_str()), "{printed}");
    assert!(printed.contains("State([redacted])") && printed.contains("AuthorizationCode([redacted])"));
}
