//! A request that nobody made.

use super::*;

#[test]
fn what_a_browser_asks_on_a_guess_starts_nothing_and_the_real_request_is_answered_anew() {
    let guesses = [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-moz", "prefetch"),
    ];
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let callback = shop.consent(&ada.press_connect(&shop));
    shop.world.sent.borrow_mut().clear();
    shop.keep("ada", "acct_2SandboxFlorist", START);
    let cookies = ada.cookies.clone();
    for path in ["/connect/start", &*callback, "/connect/onboard?account=acct_2SandboxFlorist"] {
        for guess in guesses {
            let headers = [("sec-fetch-site", "same-origin"), guess];
            let answer = ada.send(&shop, &ada.request(Method::Get, path, &headers, ""));
            // No success, and not to be kept: a browser throws it away, and asks again when it is meant.
            assert_eq!(
                (answer.status, answer.header("cache-control")),
                (503, Some("no-store")),
                "{path} {guess:?}"
            );
            assert_eq!((answer.header("location"), answer.header("set-cookie")), (None, None));
        }
    }
    assert!(shop.asked().is_empty() && ada.cookies == cookies);
    assert_eq!(ada.start(&shop, Method::Get, "/connect/start", "").status, 303);
    assert_eq!(ada.come_back(&shop, &callback), "/home", "no guess has spent the code");
}

#[test]
fn a_form_that_was_sent_is_no_guess_whatever_else_its_headers_say() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    let headers: Headers = &[("sec-fetch-site", "same-origin"), ("purpose", "prefetch")];
    assert_eq!(post(&mut ada, &shop, "/connect/start", headers, "").status, 303);
}

#[test]
fn a_head_request_starts_nothing() {
    let (shop, mut ada) = shop();
    let own: Headers = &[("sec-fetch-site", "same-origin"), ("origin", SHOP)];
    for headers in [own, &[("sec-purpose", "prefetch")], &[]] {
        let answer = ada.send(&shop, &ada.request(Method::Head, "/connect/start", headers, ""));
        assert_eq!(
            (answer.status, answer.header("allow"), answer.header("set-cookie")),
            (405, Some("GET, POST"), None)
        );
    }
    assert_untouched(&shop, &ada);
}
