//! What is refused, in which words, and what is accepted beside it.

use super::{test, *};

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
    let punycode = "has an xn-- label that is no Punycode: let new URL() write the host";
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
        ("https://xn--a.example/", punycode),
        ("https://shop.XN--9.example:8443", punycode),
        ("https://xn--/", host),
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
fn a_redirect_uri_has_none_of_the_names_of_stripes_answer_in_its_query() {
    let what = "has a parameter of Stripe's answer in its query: rename it";
    for name in ["code", "error", "state", "scope", "error_description", "iss", "%73tate", "%63%6f%64%65"] {
        for query in [format!("{name}=1"), name.to_owned(), format!("shop=7&{name}=1"), format!("{name}=%ff&x")] {
            let uri = format!("https://shop.example/connect/callback?{query}");
            assert_refused(RedirectUri::parse(&uri, None), InvalidValue, "redirect_uri", what);
        }
    }
    for query in ["from=state", "State=1", "state[]=1", "my_state=1", "code_=1", "a=b?state=1", "%2573tate=1"] {
        let uri = format!("https://shop.example/state=1/callback?{query}");
        assert_eq!(RedirectUri::parse(&uri, None).unwrap().as_str(), uri);
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
