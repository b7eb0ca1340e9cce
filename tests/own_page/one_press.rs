//! One press more.

use super::*;

#[test]
fn a_start_that_cannot_say_where_it_is_from_is_asked_about_and_one_press_connects() {
    for headers in SAYS_NOTHING {
        for method in [Method::Get, Method::Post] {
            let shop = Shop::open();
            let mut ada = Browser::of("ada");
            let (url, form) = match method {
                Method::Get => ("/connect/start?return_to=/payouts%3Ftab%3D2%26a%3D%2522", ""),
                _ => ("/connect/start", "return_to=/payouts%3Ftab%3D2%26a%3D%2522"),
            };
            let page = ada.send(&shop, &ada.request(method, url, headers, form));
            assert_eq!(page.status, 403, "{method:?} {headers:?}");
            assert!(page.body.contains("Do you want to connect Stripe?"), "{}", page.body);
            assert!(page.body.contains("could not see that this request came from our own page"));
            let kept = ada.flow_cookies();
            assert!(
                shop.asked().is_empty() && kept.len() == 1 && kept[0].starts_with("__Host-stripe-connect-confirm.")
            );

            let (action, form) = form_of(&page);
            assert_eq!(action, "/connect/start");
            let started = post(&mut ada, &shop, &action, headers, &form);
            assert_eq!(started.status, 303, "{method:?} {headers:?} {}", started.body);
            assert!(location(&started).starts_with(STRIPE));
            assert!(!location(&started).contains("confirmation"));
            let landed = ada.come_back(&shop, &shop.consent(location(&started)));
            assert_eq!(landed, "/payouts?tab=2&a=%22", "where the request wanted to go");
            assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
            assert!(ada.flow_cookies().is_empty(), "neither a flow nor a confirmation is left");
        }
    }
}

#[test]
fn a_disconnection_that_cannot_say_where_it_is_from_is_asked_about_and_one_press_disconnects() {
    for headers in SAYS_NOTHING {
        let (shop, mut ada) = shop();
        let page = post(&mut ada, &shop, "/connect/disconnect", headers, DISCONNECT);
        assert_eq!(page.status, 403, "{headers:?}");
        assert!(
            page.body.contains("Do you want to disconnect Stripe?") && page.body.contains(">Disconnect</button>")
        );
        assert!(shop.asked().is_empty());

        shop.stripe_answers([deauthorized()]);
        let (action, form) = form_of(&page);
        assert_eq!(action, "/connect/disconnect");
        assert_eq!(location(&post(&mut ada, &shop, &action, headers, &form)), "/payouts");
        assert!(shop.accounts_of("ada").is_empty() && ada.flow_cookies().is_empty());
    }
}

#[test]
fn an_account_that_cannot_say_where_it_is_asked_from_is_asked_about_and_one_press_makes_it() {
    for headers in SAYS_NOTHING {
        let shop = Shop::open();
        let mut ada = Browser::of("ada");
        let page = post(&mut ada, &shop, "/connect/create", headers, CREATE);
        assert_eq!(page.status, 403, "{headers:?}");
        assert!(
            page.body.contains("Do you want a new Stripe account?")
                && page.body.contains(">Open an account</button>")
        );
        assert!(shop.asked().is_empty());

        let (action, form) = form_of(&page);
        assert_eq!(action, "/connect/create");
        let made = post(&mut ada, &shop, &action, headers, &form);
        assert_eq!(made.status, 303, "{}", made.body);
        assert_eq!(shop.accounts_of("ada").len(), 1);
        assert!(shop.asked()[0].1.contains("email=ada%40apples.example"));
        assert!(ada.flow_cookies().is_empty());
    }
}

#[test]
fn who_is_asked_sees_fixed_words_and_the_values_stand_hidden_and_escaped() {
    let (shop, mut ada) = shop();
    let path = "/\"><b>'&canary";
    for (url, form, title) in ACTIONS {
        let encoded = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", path).finish();
        let form = [form.split("return_to").next().unwrap(), "pad=Press+this+now&", &encoded].concat();
        // `Browser` looks for the canary in every body, so its letters are made others here.
        let page = post(&mut ada, &shop, url, &[], &form.replace("canary", "kanari"));
        assert!(page.body.contains(title) && page.body.contains("value=\"/&quot;&gt;&lt;b&gt;&#39;&amp;kanari\""));
        assert!(!page.body.contains("Press this now") && !page.body.contains("<b>"), "{}", page.body);
        let shown: Vec<_> =
            page.body.split('<').filter_map(|tag| tag.split_once('>')).map(|(_, text)| text).collect();
        // What is named is the person's own: of the account that the form names, no other text is shown.
        let shown = shown.concat().replace(ACCOUNT, "");
        assert!(!shown.contains("kanari") && !shown.contains("acct_"), "{shown:?}");
    }
}

#[test]
fn what_is_wrong_is_told_before_anyone_is_asked() {
    let (shop, mut ada) = shop();
    for (url, form, outcome) in [
        ("/connect/start", "return_to=//evil.example", "malformed"),
        ("/connect/disconnect", "account=acct_1&return_to=//evil.example", "malformed"),
        ("/connect/disconnect", "account=everyone", "malformed"),
        ("/connect/create", "country=GB&email=ada%40apples.example&return_to=//evil.example", "malformed"),
        ("/connect/create", "country=gb&email=ada%40apples.example", "invalid_details"),
    ] {
        let answer = post(&mut ada, &shop, url, &[], form);
        match answer.status {
            303 => assert_eq!(location(&answer), format!("/connect/result/{outcome}"), "{form}"),
            status => assert_eq!((status, outcome), (400, "malformed"), "{form}"),
        }
        assert!(ada.flow_cookies().is_empty());
    }
    assert_untouched(&shop, &ada);
}

#[test]
fn a_script_is_told_in_json_that_nobody_confirmed() {
    let (shop, mut ada) = shop();
    for (url, form, _) in ACTIONS {
        let outcome = if url == "/connect/start" { "cross_site" } else { "unconfirmed" };
        for headers in
            [&[("accept", "application/json")][..], &[("accept", "application/json"), ("origin", "null")]]
        {
            let told = ada.send(&shop, &ada.request(Method::Post, url, headers, form));
            let body: Value = serde_json::from_str(&told.body).unwrap();
            assert_eq!((told.status, body["outcome"].as_str()), (403, Some(outcome)));
            assert!(body["hint"].as_str().unwrap().contains("our own page"));
            assert_eq!(told.header("set-cookie"), None, "it gets no token, and no cookie to use it with");
        }
    }
    assert_untouched(&shop, &ada);
    assert!(shop.handler.route("/connect/result/unconfirmed").is_none(), "no link asks for a confirmation");
}

#[test]
fn who_is_signed_out_is_asked_to_sign_in_and_nothing_is_sealed() {
    let (shop, _) = shop();
    for (url, form, title) in ACTIONS {
        for headers in SAYS_NOTHING {
            let mut nobody = Browser::default();
            let page = post(&mut nobody, &shop, url, headers, form);
            assert_eq!((page.status, page.header("set-cookie")), (401, None), "{url} {headers:?}");
            // As the page says: sign in, and reload.
            nobody.sign_in("ada");
            assert!(post(&mut nobody, &shop, url, headers, form).body.contains(title));
        }
    }
    assert!(shop.asked().is_empty());
}
