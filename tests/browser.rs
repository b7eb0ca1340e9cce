//! The front channel against the browser's own URL parser, query reader and document, in the browser.
//!
//! Where we accept an address, the browser must read it as we do; where they could differ, we refuse. Run
//! with `make browser`, in Chromium, Firefox and WebKit.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

#[path = "browser/button.rs"]
mod button;
#[path = "support/bypasses.rs"]
mod bypasses;
#[path = "browser/flows.rs"]
mod flows;
#[path = "support/labels.rs"]
mod labels;

use bypasses::{LEADS_AWAY, ORIGIN, STAYS_HOME};
use labels::{NO_PUNYCODE, NOT_IN_IDNA, READ_ALIKE};
use stripe_connect_oauth::{
    AuthorizeUrl, Button, Callback, ClientId, ConnectBase, Livemode, PrefillField, RedirectUri, State,
    parse_callback,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Url, UrlSearchParams};

wasm_bindgen_test_configure!(run_in_browser);

/// Redirect URIs as platforms register them.
const REDIRECT_URIS: &[&str] = &[
    "https://shop.example",
    "https://shop.example/connect/callback",
    "https://shop.example:8443/cb?from=stripe&x=%2F",
    "https://SHOP.example/CB",
    "https://a-b.c1.xn--bcher-kva.example/~user/;v=1,2(3)!*'$",
    "https://203.0.113.7/cb",
    "https://shop.example/a/../b/./c",
    "https://shop.example/?next=https://evil.example/",
    "http://localhost:8787/connect/callback",
    "http://127.0.0.1/cb",
    "http://[::1]:3000/cb",
];

/// Characters that parsers have disagreed about.
const ODD: &[char] = &[
    '\0', '\t', '\n', '\r', '\u{b}', ' ', '!', '"', '#', '%', '&', '\'', '+', '-', '.', '/', '0', ':', ';', '<',
    '=', '>', '?', '@', '[', '\\', ']', '^', '_', '`', '{', '|', '}', '~', '\u{7f}', '\u{85}', '\u{a0}', '\u{ad}',
    'é', '\u{200b}', '\u{202e}', '\u{2028}', '\u{3002}', '\u{ff0f}', '\u{feff}', '💳',
];

/// A sequence that is the same in every run.
struct Random(u32);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % bound
    }

    fn pick<'a, T: ?Sized>(&mut self, among: &[&'a T]) -> &'a T {
        among[self.below(among.len())]
    }

    /// Odd characters between plain ones.
    fn text(&mut self, most: usize) -> String {
        let length = self.below(most + 1);
        (0..length).map(|_| if self.below(3) == 0 { 'a' } else { ODD[self.below(ODD.len())] }).collect()
    }
}

/// Every text that one odd character more makes of this one.
fn with_one_more(text: &str) -> impl Iterator<Item = String> {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    places.into_iter().flat_map(move |at| ODD.iter().map(move |odd| format!("{}{odd}{}", &text[..at], &text[at..])))
}

/// Scheme, host and port as the text has them: what a person reads there.
fn written_origin(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").unwrap();
    let authority = rest.split(['/', '?']).next().unwrap().to_ascii_lowercase();
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(default_port).unwrap_or(&authority);
    format!("{scheme}://{authority}")
}

/// The browser reads an accepted redirect URI as it is written.
fn assert_read_the_same(text: &str) {
    let url = Url::new(text).unwrap_or_else(|_| panic!("accepted, though the browser can't read it: {text:?}"));
    assert_eq!(url.origin(), written_origin(text), "{text:?}");
    assert_eq!((url.username(), url.password(), url.hash()), Default::default(), "{text:?}");
    let https = url.protocol() == "https:";
    assert!(https || ["localhost", "127.0.0.1", "[::1]"].contains(&&*url.hostname()), "{text:?}");
    assert_eq!(RedirectUri::parse(text, Some(Livemode::Live)).is_ok(), https, "{text:?}");
}

#[wasm_bindgen_test]
fn a_redirect_uri_is_read_by_the_browser_as_it_is_written() {
    for text in REDIRECT_URIS {
        assert!(RedirectUri::parse(text, None).is_ok(), "{text}");
        assert_read_the_same(text);
    }
}

#[wasm_bindgen_test]
fn a_label_is_read_by_the_browser_as_it_is_written_or_refused_by_one_of_the_two() {
    let tables = [(READ_ALIKE, true, true), (NOT_IN_IDNA, true, false), (NO_PUNYCODE, false, false)];
    for (labels, is_accepted, is_read) in tables {
        for (label, why) in labels {
            let uri = format!("https://{label}.example/back");
            assert_eq!(RedirectUri::parse(&uri, None).is_ok(), is_accepted, "{label}: {why}");
            let host = Url::new(&uri).ok().map(|url| url.hostname());
            // Chromium reads them all; the others leave some unread, and none reads one as another.
            assert!(host.is_some() || !is_read, "{label}: {why}");
            assert!(host.is_none_or(|host| host == format!("{label}.example").to_lowercase()), "{label}: {why}");
        }
    }
}

#[wasm_bindgen_test]
fn no_known_bypass_is_a_redirect_uri() {
    for text in LEADS_AWAY.iter().chain(STAYS_HOME) {
        assert!(RedirectUri::parse(text, None).is_err(), "{text:?}");
    }
}

#[wasm_bindgen_test]
fn one_odd_character_more_is_refused_or_read_the_same() {
    let mut accepted = 0;
    for text in REDIRECT_URIS.iter().flat_map(|uri| with_one_more(uri)) {
        if RedirectUri::parse(&text, None).is_ok() {
            assert_read_the_same(&text);
            accepted += 1;
        }
    }
    assert!(accepted > 1000, "only {accepted} were accepted: the test has lost its grip");
}

#[wasm_bindgen_test]
fn what_the_browser_would_repair_is_refused() {
    for text in LEADS_AWAY {
        let Ok(url) = Url::new(text) else { continue };
        let is_plain = url.href() == *text || url.href() == format!("{text}/");
        let leads = url.username().is_empty() && url.hash().is_empty() && url.protocol() == "https:";
        // A plain https URL among the bypasses is one for the exact list of redirect URIs to stop.
        assert!(!is_plain || !leads || RedirectUri::parse(text, None).is_err(), "{text:?}");
    }
}

#[wasm_bindgen_test]
fn a_stand_in_for_stripe_is_the_origin_that_is_written() {
    for text in LEADS_AWAY.iter().chain(REDIRECT_URIS).copied().map(str::to_owned).chain(
        ["https://stripe.example", "http://localhost:12111", "http://[::1]:1"]
            .iter()
            .flat_map(|uri| with_one_more(uri)),
    ) {
        if let Ok(base) = ConnectBase::stand_in(&text) {
            let url = Url::new(&format!("{}/oauth/token", base.connect())).unwrap();
            assert_eq!(url.origin(), written_origin(&text), "{text:?}");
            assert_eq!((&*url.pathname(), &*url.search(), &*url.hash()), ("/oauth/token", "", ""), "{text:?}");
            assert_eq!((url.username(), url.password()), Default::default(), "{text:?}");
        }
    }
}

#[wasm_bindgen_test]
fn the_authorize_url_is_what_url_search_params_writes_and_reads() {
    let client_id = ClientId::parse("ca_123").unwrap();
    let state = State::from_random([7; 32]);
    let mut random = Random(1);
    let texts = ODD.iter().map(|odd| format!("a{odd}b")).chain((0..2000).map(|_| random.text(12)));
    let mut held = 0;
    for text in texts {
        let mut url = AuthorizeUrl::new(&client_id, &state);
        if url.stripe_user.set(PrefillField::BusinessName, &text).is_err() {
            continue;
        }
        url.redirect_uri = RedirectUri::parse("https://shop.example/cb?a=b&c=%20", None).ok();
        let read = Url::new(&url.build().unwrap()).unwrap();
        assert_eq!(read.origin(), "https://connect.stripe.com");
        assert_eq!((&*read.pathname(), &*read.hash()), ("/oauth/authorize", ""));
        let params = read.search_params();
        assert_eq!(params.get("stripe_user[business_name]").as_deref(), Some(&*text), "{text:?}");
        assert_eq!(params.get("redirect_uri").as_deref(), Some("https://shop.example/cb?a=b&c=%20"));
        assert_eq!(params.get("state").as_deref(), Some(state.as_str()));
        // The same bytes as the browser writes, and nothing besides.
        let written = String::from(params.to_string());
        assert_eq!(read.search(), format!("?{written}"), "{text:?}");
        assert_eq!(written.split('&').count(), 5, "{text:?}");
        held += 1;
    }
    assert!(held > 200, "only {held} texts were held against the browser: the test has lost its grip");
}

/// Where a browser on a page of ours goes with this `href`.
fn destination(href: &str) -> Option<Url> {
    Url::new_with_base(href, &format!("{ORIGIN}/settings/payouts?tab=1#x")).ok()
}

#[wasm_bindgen_test]
fn a_path_on_a_button_stays_on_this_site() {
    for path in STAYS_HOME {
        assert!(Button::link(path).is_ok(), "{path:?}");
    }
    let paths = LEADS_AWAY.iter().chain(STAYS_HOME);
    let odder = ["/", "/payouts", "/a/b"].iter().flat_map(|path| with_one_more(path));
    let oddest = ["/", "/payouts"]
        .iter()
        .flat_map(|path| with_one_more(path))
        .flat_map(|path| with_one_more(&path).collect::<Vec<_>>());
    for path in paths.map(|path| (*path).to_owned()).chain(odder).chain(oddest) {
        let absolute = path.starts_with("https://") || path.starts_with("http://");
        if absolute || Button::link(&path).is_err() {
            assert_eq!(Button::form(&path).is_err(), Button::link(&path).is_err(), "{path:?}");
            continue;
        }
        assert_eq!(destination(&path).unwrap().origin(), ORIGIN, "{path:?}");
    }
}

#[wasm_bindgen_test]
fn a_button_leads_to_http_and_nothing_else() {
    let odder = ["javascript:alert(1)", "data:text/html,x", "https://shop.example/"]
        .iter()
        .flat_map(|uri| with_one_more(uri));
    for href in LEADS_AWAY.iter().map(|href| (*href).to_owned()).chain(odder) {
        if Button::link(&href).is_err() {
            continue;
        }
        if let Some(url) = destination(&href) {
            assert!(["http:", "https:"].contains(&&*url.protocol()), "{href:?} leads to {}", url.href());
        }
    }
}

/// Pieces of queries, whole and broken.
const PIECES: &[&str] = &[
    "code=ac_1",
    "code=ac_2",
    "code=ac%5F1",
    "c%6fde=ac_1",
    "code=ac_1%",
    "code=%zz",
    "code=%ff",
    "code=%c3%a9",
    "code=",
    "code",
    "=code",
    "error=access_denied",
    "error=invalid_scope",
    "error=%61ccess_denied",
    "error=<b>",
    "error",
    "error_description=The+user%20denied",
    "error_description=%F0%9F%92%B3",
    "scope=read_write",
    "scope=read%5Fonly",
    "scope=x",
    "iss=https://evil.example",
    "utm=1",
    "",
    "a=b=c",
    "%",
    "%c3=1",
    "code+=ac_1",
    "+code=ac_1",
    "CODE=ac_9",
    "code;state=1",
    "code=ac_1;x",
    "state=guess",
    "st%61te=guess",
];

const KNOWN: &[&str] = &["code", "error", "error_description", "scope", "state", "iss"];

#[wasm_bindgen_test]
fn a_callback_is_believed_only_where_the_browser_reads_the_same() {
    let state = State::from_random([9; 32]);
    let right = format!("state={}", state.as_str());
    let mut random = Random(2);
    let mut seen = [0; 4];
    for _ in 0..20_000 {
        let mut pieces: Vec<&str> = (0..1 + random.below(3)).map(|_| random.pick(PIECES)).collect();
        if random.below(4) > 0 {
            pieces.insert(random.below(pieces.len() + 1), &right);
        }
        let query = pieces.join("&");
        let params = UrlSearchParams::new_with_str(&query).unwrap();
        let get = |name: &str| params.get(name);
        let callback = parse_callback(&format!("?{query}"), &state);
        // The same from a whole URL, with a fragment that looks like an answer.
        let url = format!("{ORIGIN}/connect/callback?{query}#code=ac_evil&{right}");
        assert_eq!(format!("{:?}", parse_callback(&url, &state)), format!("{callback:?}"), "{query}");

        match &callback {
            Callback::Authorized(authorized) => {
                assert_eq!(get("code").as_deref(), Some(authorized.code().as_str()), "{query}");
                assert_eq!(get("state").as_deref(), Some(state.as_str()), "{query}");
                assert_eq!(get("error"), None, "{query}");
                assert_eq!(get("iss"), None, "{query}");
                if let Some(scope) = authorized.scope() {
                    assert_eq!(get("scope").as_deref(), Some(scope.as_str()), "{query}");
                }
                seen[0] += 1;
            }
            Callback::Denied { verified, .. } => {
                assert_eq!(get("error").as_deref(), Some("access_denied"), "{query}");
                assert_eq!(get("state").is_some(), *verified, "{query}");
                assert_eq!(get("code"), None, "{query}");
                seen[1] += 1;
            }
            Callback::Failed { error, .. } => {
                assert_eq!(get("error").as_deref(), Some(&**error), "{query}");
                assert_eq!(get("state").as_deref(), Some(state.as_str()), "{query}");
                seen[2] += 1;
            }
            Callback::None => {
                for name in ["code", "error", "state"] {
                    assert_eq!(get(name), None, "{query}");
                }
                seen[3] += 1;
            }
            Callback::Rejected(_) => continue,
        }
        for name in KNOWN {
            assert!(
                matches!(callback, Callback::None) || params.get_all(name).length() <= 1,
                "{name} twice in {query}"
            );
        }
        if let Some(description) = callback.untrusted_description() {
            let written = get("error_description").unwrap();
            let expected: String = written.chars().filter(|c| !c.is_control()).take(256).collect();
            assert_eq!(description, expected, "{query}");
        }
    }
    assert!(seen.iter().all(|count| *count > 100), "{seen:?}: the test has lost its grip");
}

#[wasm_bindgen_test]
fn a_value_the_browser_encodes_is_the_value_we_read() {
    let state = State::from_random([9; 32]);
    let mut random = Random(3);
    for _ in 0..2000 {
        let description = random.text(20);
        let params = UrlSearchParams::new().unwrap();
        params.append("error", "access_denied");
        params.append("error_description", &description);
        params.append("state", state.as_str());
        let callback = parse_callback(&format!("?{}", String::from(params.to_string())), &state);
        assert!(matches!(callback, Callback::Denied { verified: true, .. }), "{description:?}");
        let expected: String = description.chars().filter(|c| !c.is_control()).collect();
        assert_eq!(callback.untrusted_description(), Some(&*expected), "{description:?}");
    }
}
