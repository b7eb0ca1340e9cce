//! Addresses: an accepted one has one meaning, here and in a WHATWG parser.

use super::{test, *};

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

/// `https://` and the label, as a redirect URI; and how the `url` crate reads its host.
fn with_label(label: &str) -> (String, Option<String>) {
    let uri = format!("https://{label}.example/back");
    let read = Url::parse(&uri).ok().and_then(|url| url.host_str().map(str::to_owned));
    (uri, read)
}

#[test]
fn a_label_that_is_no_punycode_is_refused_with_the_fix() {
    for (label, why) in NO_PUNYCODE {
        let (uri, read) = with_label(label);
        let what = "redirect_uri has an xn-- label that is no Punycode: let new URL() write the host";
        assert_eq!(RedirectUri::parse(&uri, None).unwrap_err().message(), what, "{label}: {why}");
        assert_eq!(read, None, "{label}: {why}");
    }
}

#[test]
fn a_label_that_is_punycode_is_read_as_the_url_crate_reads_it() {
    for (label, why) in READ_ALIKE {
        let (uri, read) = with_label(label);
        assert!(RedirectUri::parse(&uri, None).is_ok(), "{label}: {why}");
        assert_eq!(read, Some(naive_host(&uri)), "{label}: {why}");
    }
    // What the table says of these is still so.
    for (label, why) in NOT_IN_IDNA {
        let (uri, read) = with_label(label);
        assert!(RedirectUri::parse(&uri, None).is_ok(), "{label}: {why}");
        assert_eq!(read, None, "{label}: {why}");
    }
}

/// Text that is often nearly a URL.
fn nearly_a_url() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => prop::sample::select(vec![
            "https://", "http://", "https:", "//", "/", "\\", "@", ":", "#", "?", "%", "%2f", "%40", ".", "..", "-",
            "localhost", "127.0.0.1", "127.1", "0x7f", "1", "0", "[::1]", "[", "]", "shop.example", "evil", ":443",
            ":65535", ":65536", "xn--bcher-kva", "xn--", "a-b", " ", "\t", "\n", "\u{3002}", "é", "_", "~",
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
                // Whether a label's Punycode is in IDNA's tables, only those can tell. Such a URL leads nowhere.
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
