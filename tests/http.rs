//! Requests and responses are what they were, in the `http` crate's types.
#![cfg(feature = "http")]
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use stripe_connect_oauth::server::{Method, Request, Response, Secret, SecretKey, refresh, retrieve_account};
use stripe_connect_oauth::{AccountId, ConnectBase, ErrorCode, Flow};

const SHOP: &str = "https://shop.example";

fn came(request: http::Request<&'static str>) -> Request {
    Request::from_http(request, SHOP).unwrap()
}

#[test]
fn a_request_is_of_the_configured_origin_whatever_the_client_wrote() {
    for uri in ["/connect/callback?code=ac_1", "https://evil.example/connect/callback?code=ac_1"] {
        let forged = http::Request::get(uri)
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "http")
            .header("forwarded", "host=evil.example;proto=http");
        let request = came(forged.body("").unwrap());
        assert_eq!(request.url, "https://shop.example/connect/callback?code=ac_1");
        assert_eq!(request.header("host"), Some("evil.example"), "what the client wrote stays what it wrote");
    }
    for uri in ["*", "evil.example:443", "https://evil.example"] {
        let odd = http::Request::builder().method("OPTIONS").uri(uri).body("").unwrap();
        assert_eq!((came(odd).url, Method::Other), ("https://shop.example/".to_owned(), Method::Other), "{uri}");
    }
}

#[test]
fn an_origin_is_one() {
    for (origin, is_one) in [
        ("https://shop.example", true),
        ("https://shop.example:8443", true),
        ("http://localhost:8787", true),
        ("shop.example", false),
        ("https://shop.example/", false),
        ("https://shop.example?", false),
        ("https://user@shop.example", false),
        ("", false),
    ] {
        let read = Request::from_http(http::Request::new(""), origin);
        let refused = read.err().map(|error| (error.code(), error.param().to_owned()));
        let expected = (!is_one).then(|| (ErrorCode::InvalidValue, "origin".to_owned()));
        assert_eq!(refused, expected, "{origin:?}");
    }
}

#[test]
fn a_request_keeps_its_method_its_bytes_and_every_one_of_its_headers() {
    let request = http::Request::post("/connect/webhook")
        .header("Stripe-Signature", "t=1,v1=a")
        .header("cookie", "a=1")
        .header("cookie", "b=2")
        .header("x-latin", http::HeaderValue::from_bytes(b"caf\xe9").unwrap())
        .header("x-utf-8", http::HeaderValue::from_bytes("café".as_bytes()).unwrap());
    let request = Request::from_http(request.body(&b"\xff\0{}"[..]).unwrap(), SHOP).unwrap();
    assert_eq!((request.method, &*request.body), (Method::Post, &b"\xff\0{}"[..]));
    let headers: Vec<_> = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        headers,
        [
            ("stripe-signature", "t=1,v1=a"),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("x-latin", "caf\u{fffd}"),
            ("x-utf-8", "café")
        ]
    );
}

#[test]
fn a_request_to_stripe_is_sent_as_it_was_built() {
    let (base, key) = (ConnectBase::stripe(), SecretKey::parse("sk_test_canary0001").unwrap());
    let token = Secret::refresh_token("rt_canary").unwrap();
    let built = refresh(&base, &key, Flow::Standard, &token, None);
    let sent = http::Request::try_from(built.clone()).unwrap();
    assert_eq!((sent.method(), sent.uri().to_string()), (&http::Method::POST, built.url.clone()));
    assert_eq!(sent.headers()["authorization"], "Bearer sk_test_canary0001");
    assert_eq!(sent.headers()["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(sent.body(), &built.body);
    let account = retrieve_account(&base, &key, &AccountId::parse("acct_1").unwrap());
    assert_eq!(http::Request::try_from(account).unwrap().method(), http::Method::GET);
}

#[test]
fn attack_13_headers_that_hold_a_secret_do_not_print() {
    let request = Request { method: Method::Get, url: SHOP.to_owned(), headers: Vec::new(), body: Vec::new() }
        .with_header("authorization", "Bearer sk_test_canary0001")
        .with_header("cookie", "session=canary");
    let response = Response::see_other("/").with_header("set-cookie", "__Host-flow=canary");
    let shown = [
        format!("{:?}", http::Request::try_from(request).unwrap()),
        format!("{:?}", http::Response::try_from(response).unwrap()),
    ];
    assert!(!shown.concat().contains("canary"), "{shown:?}");
}

#[test]
fn a_response_keeps_every_cookie_and_the_person_their_way() {
    let response =
        Response::see_other("/payouts").with_header("set-cookie", "a=1").with_header("set-cookie", "b=2");
    let sent = http::Response::try_from(response).unwrap();
    assert_eq!(
        (sent.status(), &sent.headers()["location"]),
        (http::StatusCode::SEE_OTHER, &"/payouts".parse().unwrap())
    );
    assert_eq!(sent.headers().get_all("set-cookie").iter().collect::<Vec<_>>(), ["a=1", "b=2"]);
}

#[test]
fn what_no_header_can_hold_is_an_error_and_no_panic() {
    let with = |name: &str, value: &str| Response::json(200, "{}").with_header(name, value);
    for response in [with("x", "a\r\nset-cookie: b"), with("x y", "a"), with("", "a"), Response::json(99, "")] {
        assert!(http::Response::<String>::try_from(response).is_err());
    }
    let nowhere =
        Request { method: Method::Get, url: "https://".to_owned(), headers: Vec::new(), body: Vec::new() };
    assert!(http::Request::<Vec<u8>>::try_from(nowhere).is_err());
}

#[test]
fn what_stripe_answers_is_read_as_fetch_reads_it() {
    for (body, text) in [
        (&b"{\"livemode\":false}"[..], "{\"livemode\":false}"),
        (b"\xef\xbb\xbf{}", "{}"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", "\u{feff}{}"),
        (b"a\xffb\xe2\x82", "a\u{fffd}b\u{fffd}"),
        (b"", ""),
    ] {
        let reply = http::Response::builder().status(402).header("Request-Id", "req_1").body(body).unwrap();
        let reply = Response::from(reply);
        assert_eq!((reply.status, reply.header("request-id"), &*reply.body), (402, Some("req_1"), text));
    }
}

proptest! {
    /// There and back, a message is what it was.
    #[test]
    fn a_message_comes_back_as_it_went(
        status in 100..1000_u16,
        headers in prop::collection::vec(("[a-z][a-z0-9-]{0,9}", "[!-~]([ -~]{0,9}[!-~])?"), 0..5),
        path in "/[a-z0-9/_.-]{0,20}(\\?[a-z0-9=&%_.-]{0,20})?",
        body: String,
    ) {
        let mut response = Response { status, headers: headers.clone(), body: body.clone() };
        let mut back = Response::from(http::Response::try_from(response.clone()).unwrap());
        // A map of headers keeps the order of one name's values, and not that of the names.
        for message in [&mut response, &mut back] {
            message.headers.sort_by(|(a, _), (b, _)| a.cmp(b));
        }
        prop_assert_eq!(back.headers, response.headers);
        prop_assert_eq!((back.status, back.body), (status, body.strip_prefix('\u{feff}').unwrap_or(&body).to_owned()));

        let request = Request { method: Method::Post, url: [SHOP, &path].concat(), headers, body: body.into_bytes() };
        let back = Request::from_http(http::Request::try_from(request.clone()).unwrap(), SHOP).unwrap();
        prop_assert_eq!((back.method, back.url, back.body), (request.method, request.url, request.body));
    }
}
