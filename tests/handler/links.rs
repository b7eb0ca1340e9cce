//! What a link can do to a person.

use super::*;

#[test]
fn attack_8_return_to_stays_on_this_site() {
    let shop = Shop::open();
    let encoded =
        |path: &str| form_urlencoded::Serializer::new(String::new()).append_pair("return_to", path).finish();
    let too_long = format!("/{}", "a".repeat(512));
    let refused = LEADS_AWAY.iter().copied().chain([&*too_long, "/caf\u{e9}", "/\u{2028}"]);
    for path in refused {
        let form = encoded(path);
        for (method, url, form) in [
            (Method::Post, "/connect/start".to_owned(), &*form),
            (Method::Post, format!("/connect/start?{form}"), ""),
            (Method::Get, format!("/connect/start?{form}"), ""),
        ] {
            let response = Browser::of("ada").start(&shop, method, &url, form);
            assert_eq!((response.status, response.header("set-cookie")), (400, None), "{path:?}");
        }
    }
    let home = Url::parse(ORIGIN).unwrap();
    let longest = format!("/{}", "a".repeat(511));
    for path in STAYS_HOME.iter().copied().chain([&*longest]) {
        let mut ada = Browser::of("ada");
        let authorize_url = ada.press_connect_with(&shop, &encoded(path));
        let landed = ada.come_back(&shop, &shop.consent(&authorize_url));
        assert_eq!(landed, path);
        assert_eq!(home.join(&landed).unwrap().origin(), home.origin(), "{path}");
    }
}

#[test]
fn attack_8_a_start_that_is_too_big_is_refused() {
    let shop = Shop::open();
    let long = format!("pad={}", "a".repeat(4096));
    let url = format!("/connect/start?{long}");
    assert_eq!(Browser::of("ada").start(&shop, Method::Post, "/connect/start", &long).status, 400);
    assert_eq!(Browser::of("ada").start(&shop, Method::Get, &url, "").status, 400);
}

#[test]
fn attack_9_markup_in_a_callback_is_in_no_response() {
    let polyglots = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=canary()>",
        "'-canary()-'",
        "javascript:/*--></title></style></textarea></script><svg/onload='canary()'>",
        "canary\r\nset-cookie: a=b\r\n\r\n<h1>canary",
        "{{canary}}${canary}",
    ];
    let pages = polyglots.map(|text| {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        let state = query(&ada.press_connect(&shop), "state");
        let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let links = [
            format!("error=access_denied&error_description={text}"),
            format!("error=server_error&error_description={text}"),
            format!("error={text}&error_description={text}"),
            format!("error={text}&state={text}"),
            format!("code={text}&state={text}&scope={text}"),
            format!("{text}={text}&code=ac_1&state={text}"),
            format!("error=server_error&error_description={text}&state={state}"),
        ];
        for link in links {
            // `Browser` looks for the canary and for scripts in every header and body.
            let end = ada.come_back(&shop, &format!("/connect/callback?{link}"));
            ada.open(&shop, &end);
            ada.open(&shop, &format!("{end}?error_description={text}#{text}"));
        }
        for problem in shop.world.reports.borrow().iter() {
            assert_no_canary(&printed(problem));
        }
    });
    assert_eq!(pages.len(), polyglots.len());
}

#[test]
fn attack_10_a_forged_denial_leaves_every_flow_alive() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    for (forged, end) in [
        ("error=access_denied", "denied"),
        ("error=access_denied&state=guess", "not_started"),
        ("error=server_error", "state_missing"),
        ("code=ac_1", "state_missing"),
        ("", "malformed"),
    ] {
        assert_eq!(ada.come_back(&shop, &format!("/connect/callback?{forged}")), format!("/connect/result/{end}"));
        assert_eq!(ada.flow_cookies().len(), 1, "{forged}");
    }
    assert!(shop.reported().is_empty(), "nobody fills the logs with forged links");
    assert_eq!(ada.come_back(&shop, &callback), "/home");
}

#[test]
fn attack_11_and_17_every_response_is_private_and_every_page_is_locked_down() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let mut seen = 0;
    // `Browser` asserts the headers and the policy of each.
    let results: Vec<_> = pages().map(|outcome| format!("/connect/result/{outcome}")).collect();
    let paths = [
        "/connect/start",
        "/connect/exchange",
        "/connect/connections",
        "/connect/disconnect",
        "/connect/account",
        "/connect/create",
        "/connect/onboard",
        "/connect/webhook",
        "/connect/callback",
        &*callback,
    ];
    for path in paths.into_iter().chain(results.iter().map(|path| &**path)) {
        for method in [Method::Get, Method::Head, Method::Post, Method::Other] {
            for signed_in in [true, false] {
                if signed_in {
                    ada.sign_in("ada")
                } else {
                    ada.sign_out()
                }
                let response = ada.send(&shop, &ada.request(method, path, &[], ""));
                seen += usize::from(response.header("content-security-policy").is_some());
            }
        }
    }
    assert!(seen > results.len());
}

/// What was done is said where it was.
const SAID: [Outcome; 3] = [Outcome::Connected, Outcome::Disconnected, Outcome::Forgotten];

/// Every outcome that has a page: those after which the person can do something, and need not confirm it first.
fn pages() -> impl Iterator<Item = Outcome> {
    Outcome::ALL.iter().copied().filter(|outcome| has_page(*outcome))
}

fn has_page(outcome: Outcome) -> bool {
    SAID.contains(&outcome) || !matches!(outcome.next(), Next::Done | Next::Confirm | Next::Resend)
}

#[test]
fn every_way_to_end_has_a_page_that_says_what_happened_and_what_to_do() {
    let shop = Shop::open();
    let mut ada = Browser::of("ada");
    for outcome in pages() {
        let name = outcome.as_str();
        ada.cookies.insert("__Host-stripe-connect-done".to_owned(), name.to_owned());
        let page = ada.open(&shop, &format!("/connect/result/{name}"));
        assert_eq!(page.status, outcome.status(), "{name}");
        assert!(!outcome.hint().is_empty() && outcome.hint().ends_with('.'), "{name}");
        assert!(page.body.contains("The &lt;Shop&gt;") && page.body.contains("/home\">"), "{name}");
    }
    for outcome in Outcome::ALL {
        let is_served = shop.handler.route(&format!("/connect/result/{outcome}")).is_some();
        assert_eq!(is_served, has_page(*outcome), "{outcome}");
    }
}

#[test]
fn every_outcome_is_read_back_by_its_name() {
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::parse(outcome.as_str()), Some(*outcome));
    }
    assert_eq!(Outcome::parse("everything"), None);
}

#[test]
fn no_link_can_claim_that_something_was_done() {
    let shop = Shop::open();
    assert!(shop.handler.route("/connect/result/denied").is_some());
    for done in ["started", "created", "received"] {
        assert!(Outcome::parse(done).is_some());
        assert!(shop.handler.route(&format!("/connect/result/{done}")).is_none(), "{done}");
    }
    for done in SAID {
        // Only where it came about, and just now, a cookie says so.
        for cookie in [None, Some(""), Some("denied"), Some("connected."), Some("Connected")] {
            let mut ada = Browser::of("ada");
            let cookie = cookie.map(|value| ("__Host-stripe-connect-done".to_owned(), value.to_owned()));
            ada.cookies.extend(cookie);
            let link = ada.open(&shop, &format!("/connect/result/{done}?return_to=/payouts"));
            assert_eq!((link.status, location(&link), &*link.body), (303, "/payouts", ""), "{done}");
        }
    }
}

#[test]
fn what_a_webhook_ends_with_has_no_page() {
    let shop = Shop::open();
    for name in ["webhook_rejected", "event_in_progress", "event_failed"] {
        let outcome = Outcome::parse(name).unwrap();
        assert!(outcome.status() >= 400 && outcome.hint().ends_with('.') && !outcome.title().is_empty());
        assert!(shop.handler.route(&format!("/connect/result/{name}")).is_none(), "{name}");
    }
}

#[test]
fn only_where_connecting_is_the_way_on_a_page_has_the_button() {
    let shop = Shop::open();
    let mut without = Vec::new();
    for outcome in pages() {
        let mut ada = Browser::of("ada");
        ada.cookies.insert("__Host-stripe-connect-done".to_owned(), outcome.to_string());
        let page = ada.open(&shop, &format!("/connect/result/{outcome}"));
        let has_button = page.body.contains("action=\"/connect/start\"");
        assert_eq!(has_button, outcome.next() == Next::Connect, "{outcome}");
        without.extend((!has_button).then_some(outcome.as_str()));
    }
    // A row that says wrongly what comes next shows here.
    let expected = [
        "connected",
        "store_unavailable",
        "still_working",
        "too_many",
        "not_signed_in",
        "wrong_site",
        "foreign",
        "disconnected",
        "forgotten",
        "not_connected",
        "not_ours",
        "controlled",
        "not_disconnected",
        "disconnect_unknown",
        "disconnect_not_saved",
        "unreachable",
        "missing_permission",
        "stripe_refused",
        "stripe_unavailable",
        "platform_not_ready",
        "invalid_details",
        "created_not_saved",
    ];
    assert_eq!(without, expected);
}

#[test]
fn a_page_may_wear_the_platforms_own_stylesheet_and_its_policy_follows() {
    let mut shop = Shop::open();
    let policy_of = |shop: &Shop| {
        let page = Browser::of("ada").open(shop, "/connect/result/denied");
        (page.header("content-security-policy").unwrap().to_owned(), page.body)
    };
    let (policy, body) = policy_of(&shop);
    assert!(policy.contains("style-src 'sha256-") && body.contains("<style>"));
    assert!(policy.contains(&format!("form-action 'self' {STRIPE};")), "{policy}");

    shop.deploy(|settings| {
        settings.stylesheets = vec!["/a.css?\"><b>".to_owned()];
        settings.base = stripe_connect_oauth::ConnectBase::stripe();
    });
    let (policy, body) = policy_of(&shop);
    assert!(policy.contains("style-src 'self';") && !body.contains("<style>"));
    assert!(body.contains("href=\"/a.css?&quot;&gt;&lt;b&gt;\""), "{body}");
    assert!(policy.contains("form-action 'self' https://*.stripe.com;"), "{policy}");
}

#[test]
fn attack_13_no_secret_is_printed() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    let code = query(&callback, "code");
    let state = query(&callback, "state");
    ada.come_back(&shop, &callback);
    let config = settings().build().unwrap();
    let sent = shop.world.sent.borrow();
    let request = ada.request(Method::Get, &callback, &[], "canary");
    let things: [&dyn Debug; 7] = [
        &shop.handler,
        &config,
        &settings(),
        &shop.world.store.inner,
        &sent[0],
        &request,
        &ada.open(&shop, "/connect/connections"),
    ];
    for thing in things {
        let text = printed(thing);
        assert_no_canary(&text);
        assert!(!text.contains(&code) && !text.contains(&state), "{text}");
    }
    assert!(sent[0].header("authorization").unwrap().ends_with(SECRET_KEY), "it was there to be printed");
    assert_eq!(format!("{:?}", settings().secret_key), "Given(..)", "what is hidden is seen to be");
    assert_eq!(format!("{:?}", settings()), "ConfigBuilder { client_id: \"ca_shop\", .. }");
    let mistaken = ConfigBuilder { client_id: "sk_live_canary".into(), ..settings() };
    assert_eq!(format!("{mistaken:?}"), "ConfigBuilder { client_id: \"[redacted]\", .. }");
    let kept = printed(&shop.world.store.inner);
    assert!(
        kept.contains(&format!("account_id: AccountId(\"{ACCOUNT}\")")),
        "what is no secret is printed: {kept}"
    );
    let refused = configured(|settings| settings.secret_key = "canary".into()).unwrap_err();
    assert_no_canary(&printed(&refused));
    let refused = configured(|settings| settings.cookie_secrets = vec!["canary".to_owned()]).unwrap_err();
    assert_no_canary(&printed(&refused));
}

#[test]
fn the_store_learns_no_state_and_no_code() {
    let shop = Shop::open();
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    ada.come_back(&shop, &callback);
    let kept = printed(&shop.world.store.inner);
    for digest in [query(&callback, "state"), query(&callback, "code")].map(|text| Digest::of(&text)) {
        assert!(kept.contains(digest.as_str()), "kept under its digest");
    }
    assert_eq!(
        Digest::of("abc").as_str(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "SHA-256 (FIPS 180-4)"
    );
}
