//! Deferred activation.

use super::*;

#[test]
fn a_standard_account_is_made_from_a_country_and_an_email() {
    let key = IdempotencyKey::parse("user-1").unwrap();
    let new = NewAccount::new("FR", "ada+shop@example.com").unwrap();
    let fields = [("type", "standard"), ("country", "FR"), ("email", "ada+shop@example.com")];
    for (base, url) in [
        (ConnectBase::stripe(), "https://api.stripe.com/v1/accounts"),
        (stand_in(), "http://localhost:12111/v1/accounts"),
    ] {
        let request = create_account(&base, &test_key(), &new, &key);
        assert_form(&request, url, &fields, &[("idempotency-key", "user-1")]);
    }
}

#[test]
fn a_new_account_that_stripe_would_refuse_is_named() {
    let missing = "is missing: a new account needs country and email";
    let code = "must be a code of two capital letters such as CA";
    let email = "must be an e-mail address such as ada@example.com";
    let rows = [
        ("", "ada@example.com", "country", MissingParameter, missing),
        ("FR", "", "email", MissingParameter, missing),
        ("fr", "ada@example.com", "country", InvalidValue, code),
        ("FRA", "ada@example.com", "country", InvalidValue, code),
        ("FR", "ada", "email", InvalidValue, email),
    ];
    for (country, address, param, error_code, what) in rows {
        let error = NewAccount::new(country, address).unwrap_err();
        assert_eq!((error.param(), error.code()), (param, error_code));
        assert_eq!(error.message(), format!("{param} {what}"));
    }
    let long = format!("{}@example.com", "a".repeat(500));
    assert_eq!(NewAccount::new("FR", &long).unwrap_err().code(), TooLong);
}

#[test]
fn an_account_link_is_for_onboarding_with_both_urls() {
    let key = IdempotencyKey::parse("link-1").unwrap();
    let (again, back) = ("https://shop.example/again?x=1", "https://shop.example/back");
    let link = NewAccountLink::new(&account_id(), again, back, Livemode::Live).unwrap();
    let fields =
        [("account", "acct_1"), ("refresh_url", again), ("return_url", back), ("type", "account_onboarding")];
    for (base, url) in [
        (ConnectBase::stripe(), "https://api.stripe.com/v1/account_links"),
        (stand_in(), "http://localhost:12111/v1/account_links"),
    ] {
        let request = create_account_link(&base, &test_key(), &link, &key);
        assert_form(&request, url, &fields, &[("idempotency-key", "link-1")]);
    }
}

#[test]
fn an_account_links_urls_have_https_in_live_mode() {
    let good = "https://shop.example/x";
    let missing = "is missing: give an absolute URL of your site";
    let rows = [
        ("", Livemode::Test, missing),
        ("/back", Livemode::Test, "must be absolute and begin with https://"),
        ("http://localhost:8787/x", Livemode::Live, "must use https in live mode"),
        ("http://shop.example/x", Livemode::Test, "must use https, or http on localhost"),
        ("https://shop.example/x#y", Livemode::Test, "must not have a fragment"),
    ];
    for (bad, livemode, what) in rows {
        for (refresh, back, param) in [(bad, good, "refresh_url"), (good, bad, "return_url")] {
            let error = NewAccountLink::new(&account_id(), refresh, back, livemode).unwrap_err();
            assert_eq!((error.param(), error.message()), (param, &*format!("{param} {what}")));
        }
    }
    let local = "http://localhost:8787/x";
    assert!(NewAccountLink::new(&account_id(), local, local, Livemode::Test).is_ok());
}

#[test]
fn an_account_link_is_one_safe_url_with_an_end() {
    let read = |body: &str| read_account_link(&Response::json(200, body));
    for url in ["https://connect.stripe.com/setup/s/1#part", "http://localhost:12111/setup/1"] {
        let body =
            format!(r#"{{"object":"account_link","created":1700000000,"expires_at":1700000300,"url":"{url}"}}"#);
        let link = read(&body).unwrap();
        assert_eq!((link.url.expose(), link.expires_at), (url, 1_700_000_300));
    }
    for body in [
        "",
        "{}",
        r#"{"url":"https://connect.stripe.com/x"}"#,
        r#"{"expires_at":1}"#,
        r#"{"url":"javascript:alert(1)","expires_at":1}"#,
        r#"{"url":"http://connect.stripe.com/x","expires_at":1}"#,
        r#"{"url":"/x","expires_at":1}"#,
        r#"{"url":"https://connect.stripe.com/x\r\nset-cookie: y","expires_at":1}"#,
    ] {
        assert!(matches!(read(body), Err(AccountError::Unavailable(_))), "{body}");
    }
}

#[test]
fn an_idempotency_key_is_a_random_uuid_or_visible_ascii() {
    assert_eq!(IdempotencyKey::from_random([0xff; 16]).as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    assert_eq!(IdempotencyKey::from_random([0; 16]).as_str(), "00000000-0000-4000-8000-000000000000");
    let ordered: Vec<u8> = (0x10..0x20).collect();
    let ordered = IdempotencyKey::from_random(ordered.try_into().unwrap());
    assert_eq!(ordered.as_str(), "10111213-1415-4617-9819-1a1b1c1d1e1f");

    let longest = "k".repeat(255);
    for good in ["1", "user-1:account", &longest] {
        assert_eq!(IdempotencyKey::parse(good).unwrap().as_str(), good);
    }
    let plain = "idempotency_key must be visible ASCII characters, without spaces";
    let rows = [
        (String::new(), "idempotency_key is missing: leave it out, or give a text that is this operation's alone"),
        ("k".repeat(256), "idempotency_key is longer than 255 characters"),
        ("a b".to_owned(), plain),
        ("a\r\nx: y".to_owned(), plain),
        ("é".to_owned(), plain),
    ];
    for (bad, message) in rows {
        assert_eq!(IdempotencyKey::parse(&bad).unwrap_err().message(), message);
    }
}
