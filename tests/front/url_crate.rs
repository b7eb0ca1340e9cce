//! The feature `url`: what is converted means the same on both sides, or is refused.

use super::{test, *};

/// Addresses as platforms write them, each in order for the `url` crate or not.
const ADDRESSES: &[(&str, &str)] = &[
    (
        "https://shop.example/connect/callback?from=stripe&x=%2F",
        "https://shop.example/connect/callback?from=stripe&x=%2F",
    ),
    ("https://Shop.example:443", "https://shop.example/"),
    ("https://shop.example?from=stripe", "https://shop.example/?from=stripe"),
    ("https://shop.example/a/../b/./c", "https://shop.example/b/c"),
    (
        "https://a-b.c1.xn--bcher-kva.example/~user/;v=1,2(3)!*$",
        "https://a-b.c1.xn--bcher-kva.example/~user/;v=1,2(3)!*$",
    ),
    ("http://localhost:8787/connect/callback", "http://localhost:8787/connect/callback"),
    ("http://[::1]:80/", "http://[::1]/"),
];

#[test]
fn a_redirect_uri_is_kept_as_it_is_and_a_url_is_what_it_means() {
    for (text, in_order) in ADDRESSES {
        let uri = RedirectUri::parse(text, None).unwrap();
        let url = Url::try_from(&uri).unwrap();
        assert_eq!((uri.as_str(), url.as_str()), (*text, *in_order));
        assert_eq!(RedirectUri::try_from(&url).unwrap().as_str(), *in_order);
    }
}

#[test]
fn a_url_that_is_no_redirect_uri_is_refused_in_the_same_words() {
    for text in [
        "https://shop.example/#part",
        "https://ada:secret@shop.example/",
        "http://shop.example/",
        "ftp://shop.example/",
        "data:text/html,x",
        "https://shop.example/?state=1",
        // A `Url` leaves it as it is.
        "https://shop.example/?x=|",
    ] {
        let url = Url::parse(text).unwrap();
        let error = RedirectUri::try_from(&url).unwrap_err();
        assert_eq!(error, RedirectUri::parse(url.as_str(), None).unwrap_err(), "{text}");
    }
    // Where a `Url` has encoded what a redirect URI may not have, it is one.
    let encoded = Url::parse("https://shop.example/caf\u{e9}").unwrap();
    assert_eq!(RedirectUri::try_from(&encoded).unwrap().as_str(), "https://shop.example/caf%C3%A9");
}

#[test]
fn a_host_that_the_url_crate_does_not_read_is_an_error_and_no_other_host() {
    for (label, why) in NOT_IN_IDNA {
        let uri = RedirectUri::parse(&format!("https://{label}.example/back"), None).unwrap();
        assert!(Url::try_from(&uri).is_err(), "{label}: {why}");

        let (client_id, state) = (ClientId::parse("ca_123").unwrap(), State::from_random([7; 32]));
        let mut authorize = AuthorizeUrl::new(&client_id, &state);
        authorize.base = ConnectBase::stand_in(&format!("https://{label}.example")).unwrap();
        let error = Url::try_from(&authorize).unwrap_err();
        assert_eq!(error.to_string(), "connect_base has a host that the url crate can't read");
    }
}

#[test]
fn an_authorize_url_is_the_very_one_that_is_built() {
    let (client_id, state) = (ClientId::parse("ca_123").unwrap(), State::from_random([7; 32]));
    for flow in Flow::ALL {
        let mut authorize = AuthorizeUrl::new(&client_id, &state);
        authorize.flow = *flow;
        authorize.redirect_uri = Some(RedirectUri::parse("https://shop.example/return?a=b%20c", None).unwrap());
        if *flow != Flow::App {
            authorize.stripe_user.set(PrefillField::BusinessName, "Ad\u{e9} & 'Co' | ~*").unwrap();
        }
        let url = Url::try_from(&authorize).unwrap();
        assert_eq!(url.as_str(), authorize.build().unwrap());
        let read: Vec<_> = url.query_pairs().filter(|(name, _)| name == "redirect_uri").collect();
        assert_eq!(read[0].1, "https://shop.example/return?a=b%20c");
    }
    // What the flow does not have is refused before anything is converted.
    let mut express = AuthorizeUrl::new(&client_id, &state);
    express.flow = Flow::Express;
    express.scope = Some(Scope::ReadOnly);
    assert_eq!(Url::try_from(&express).unwrap_err(), express.build().unwrap_err());
}

#[test]
fn a_callbacks_url_says_what_its_text_says() {
    let state = State::from_random([7; 32]);
    let right = format!("state={}", state.as_str());
    for query in [
        format!("?code=ac_123&scope=read_write&{right}"),
        format!("?error=access_denied&error_description=No%20%F0%9F%92%B3&{right}"),
        format!("?code=ac_123&code=ac_124&{right}"),
        format!("?code=ac_%zz&{right}"),
        "?code=ac_123&state=guess".to_owned(),
        format!("?tab=1#code=ac_123&{right}"),
        String::new(),
    ] {
        let text = format!("https://shop.example/return{query}");
        let read = CallbackQuery::from(&Url::parse(&text).unwrap()).verify(&state);
        assert_eq!(format!("{read:?}"), format!("{:?}", parse_callback(&text, &state)), "{query}");
    }
}

proptest! {
    /// Whatever is a redirect URI is one still after a `Url` has put it in order; or the crate has no such host.
    #[test]
    fn a_redirect_uri_put_in_order_is_a_redirect_uri(
        host in "(localhost|[a-z]([a-z0-9-]{0,6}[a-z0-9])?(\\.[A-Za-z]{1,5}){1,2}|xn--[a-z0-9-]{1,8}\\.example|(1?[0-9]{1,2}\\.){3}[1-9])",
        rest in "(:[0-9]{1,5})?(/[!$%&'()*+,./0-9:;=@A-Z_a-z~-]{0,12})?(\\?[!$%&'()*+,./0-9:;=?@A-Z_a-z~-]{0,12})?",
    ) {
        let text = format!("https://{host}{rest}");
        if let Ok(uri) = RedirectUri::parse(&text, None) {
            match Url::try_from(&uri) {
                Ok(url) => prop_assert_eq!(RedirectUri::try_from(&url).map(|uri| uri.to_string()), Ok(url.into())),
                Err(error) => prop_assert!(text.contains("xn--"), "{text}: {error}"),
            }
        }
    }
}
