//! The log, and what holds for every address.

use super::*;

#[test]
fn the_log_holds_every_token_request_with_the_code_masked_and_no_secret() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test");
    exchange(&mut sandbox, &code);
    exchange(&mut sandbox, &code);
    post_token(&mut sandbox, &[], "client_secret=pk_test_canary&code=", NOW);
    post_token(&mut sandbox, &[], "client_secret=sk_test_canary9", NOW);
    get(&mut sandbox, "/oauth/token");
    post_token(&mut sandbox, &[], &"code=a".repeat(MAX_BYTES), NOW);
    let masked = [&code[..7], "…"].concat();
    let response = get(&mut sandbox, "/_sandbox/log");
    assert_eq!(
        json_of(&response),
        json!([
            {"time": NOW, "status": 200, "error": null, "code": masked},
            {"time": NOW, "status": 400, "error": "invalid_grant", "code": masked},
            {"time": NOW, "status": 401, "error": "invalid_request_error", "code": null},
            {"time": NOW, "status": 401, "error": "invalid_client", "code": null},
            {"time": NOW, "status": 405, "error": "invalid_request_error", "code": null},
            {"time": NOW, "status": 413, "error": "invalid_request_error", "code": null},
        ])
    );
    assert!(!response.body.contains(&code) && !response.body.contains("canary"));
}

#[test]
fn the_sandbox_prints_no_secret_and_no_code() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test");
    let printed = format!("{sandbox:?}");
    assert!(!printed.contains("canary") && !printed.contains(&code), "{printed}");
}

#[test]
fn every_answer_has_a_request_id_and_is_not_stored() {
    for path in ["/", "/nowhere", "/oauth/token", "/oauth/authorize", "/_sandbox/log", "/_sandbox/style.css"] {
        let response = get(&mut sandbox(), path);
        let id = response.header("request-id").and_then(|id| id.strip_prefix("req_")).unwrap();
        assert!(id.len() == 14 && id.bytes().all(|b| b.is_ascii_alphanumeric()), "{path}: {id}");
        assert_eq!(response.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[test]
fn an_unknown_path_is_404_and_a_wrong_method_405_with_allow() {
    let missing = get(&mut sandbox(), "/oauth/token/");
    assert_eq!((missing.status, json_of(&missing)["error"]["message"].is_string()), (404, true));
    let cases = [
        (Method::Get, "/oauth/token", "POST"),
        (Method::Other, "/oauth/authorize", "GET, HEAD, POST"),
        (Method::Delete, "/oauth/token", "POST"),
        (Method::Options, "/oauth/token", "POST"),
        (Method::Post, "/_sandbox/log", "GET, HEAD"),
    ];
    for (method, path, allow) in cases {
        let refused = sandbox().handle(&request(method, path, &[], ""), NOW, [7; 32]);
        assert_eq!((refused.status, refused.header("allow")), (405, Some(allow)), "{path}");
    }
}

#[test]
fn a_method_that_the_api_does_not_take_is_named_and_logged() {
    for method in ["DELETE", "OPTIONS", "PATCH", "PUT"] {
        let mut sandbox = sandbox();
        let refused = call(&mut sandbox, &with_key(Method::parse(method), "/v1/accounts/acct_1", &[], ""), NOW);
        let message = assert_api_error(&refused, 404, None, None);
        assert!(
            message.starts_with(&format!("Unrecognized request URL ({method}: /v1/accounts/acct_1).")),
            "{message}"
        );
        assert_eq!(json_of(&get(&mut sandbox, "/_sandbox/requests"))[0]["method"], method);
    }
}

#[test]
fn head_is_get_without_a_body() {
    let path = "/oauth/authorize?client_id=ca_test&response_type=code";
    let head = sandbox().handle(&request(Method::Head, path, &[], ""), NOW, [7; 32]);
    let get = get(&mut sandbox(), path);
    assert_eq!((head.status, &head.headers, &*head.body), (get.status, &get.headers, ""));
}

#[test]
fn a_query_or_body_over_16_kb_is_refused() {
    let text = |bytes: usize| "x".repeat(bytes);
    assert_eq!(authorize(&text(MAX_BYTES)).status, 400);
    assert_eq!(authorize(&text(MAX_BYTES + 1)).status, 414);
    assert_eq!(post_token(&mut sandbox(), &[], &text(MAX_BYTES), NOW).status, 401);
    assert_eq!(post_token(&mut sandbox(), &[], &text(MAX_BYTES + 1), NOW).status, 413);
}

#[test]
fn the_same_requests_with_the_same_bytes_get_the_same_answers() {
    let run = |random: u8| {
        let mut sandbox = sandbox();
        let path = "/oauth/authorize?client_id=ca_test&response_type=code";
        let connect = request(Method::Post, path, &[], "account=new&decision=connect");
        let answers =
            [0, 0].map(|_| sandbox.handle(&connect, NOW, [random; 32]).header("location").unwrap().to_owned());
        assert_ne!(answers[0], answers[1], "each request makes ids of its own");
        answers
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}
