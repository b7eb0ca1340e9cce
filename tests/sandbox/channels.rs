//! The stand-in and the crate's own front and back channel.

use super::*;

#[test]
fn the_crates_own_flow_ends_in_a_connection() {
    let mut sandbox = sandbox();
    let state = State::from_random([3; 32]);
    let client_id = ClientId::parse("ca_test").unwrap();
    let base = ConnectBase::stand_in(BASE).unwrap();
    let mut url = AuthorizeUrl::new(&client_id, &state);
    url.base = base;
    url.scope = Some(Scope::ReadWrite);
    let url = url.build().unwrap();
    let connect = Request {
        method: Method::Post,
        url,
        headers: Vec::new(),
        body: format!("account={ACCOUNT}&decision=connect").into(),
    };
    let back = sandbox.handle(&connect, NOW, [7; 32]);
    let location = back.header("location").unwrap();
    let Callback::Authorized(authorized) = parse_callback(location, &state) else {
        panic!("not authorized: {location}")
    };
    let code = authorized.into_code();
    let token = read_token(&exchange(&mut sandbox, code.as_str()), Livemode::Test).unwrap();
    assert_eq!(token.stripe_user_id.as_str(), ACCOUNT);
    let again = read_token(&exchange(&mut sandbox, code.as_str()), Livemode::Test).unwrap_err();
    let ExchangeError::Refused { error, .. } = again else { panic!("not refused: {again}") };
    assert_eq!(error.error.as_deref(), Some("invalid_grant"));
    assert!(error.request_id.unwrap().starts_with("req_"));
}

/// Text that is often nearly right.
fn garbage() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        any::<Vec<u8>>().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        prop::sample::select(vec![
            "/oauth/authorize?",
            "/oauth/token",
            "/_sandbox/log",
            "client_id=ca_test&",
            "response_type=code&",
            "&",
            "=",
            "%",
            "%zz",
            "?",
            "#",
            "://",
            "decision=connect&",
            "account=new&",
            "stripe_user[email]=",
            "code=ac_",
            "grant_type=authorization_code&",
            "client_secret=sk_test_canary0001&",
            "redirect_uri=",
            "state=",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(word, 0..8).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_request_gets_an_answer(
        requests in prop::collection::vec((method(), garbage(), garbage(), garbage(), any::<bool>()), 1..4),
        now: u64,
        random: [u8; 32],
    ) {
        let mut sandbox = sandbox();
        for (method, path, authorization, body, absolute) in requests {
            let url = if absolute { [BASE, &*path].concat() } else { path };
            let headers = vec![("authorization".to_owned(), authorization)];
            let response = sandbox.handle(&Request { method, url, headers, body: body.into() }, now, random);
            prop_assert!((200..500).contains(&response.status));
            prop_assert!(response.headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
        }
    }
}
