//! What goes wrong on demand.

use super::*;
use stripe_connect_oauth::sandbox::{Fault, FaultRule, Served};

const BEARER: [(&str, &str); 1] = [("authorization", "Bearer sk_test_canary0001")];

fn serve(sandbox: &mut Sandbox, method: Method, path: &str, body: &str) -> Served {
    sandbox.serve(&request(method, path, &BEARER, body), NOW, [9; 32])
}

/// Sends a fresh code while `rule` stands; gives what was served, and whether the code was spent.
fn exchange_under(rule: FaultRule) -> (Served, bool) {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test");
    sandbox.add_fault(rule);
    let served = serve(
        &mut sandbox,
        Method::Post,
        "/oauth/token",
        &["grant_type=authorization_code&code=", &*code].concat(),
    );
    let spent = ledger(&mut sandbox).as_array().unwrap().len() == 1;
    (served, spent)
}

fn fault(sandbox: &mut Sandbox, rule: Value) -> Value {
    ok(&control(sandbox, "/_sandbox/faults", rule))
}

#[test]
fn a_reset_before_or_after_the_effect_gives_no_answer() {
    let (served, spent) = exchange_under(FaultRule::new(Fault::ResetBefore));
    assert!(served.response.is_none() && !spent);
    let (served, spent) = exchange_under(FaultRule::new(Fault::ResetAfter));
    assert!(served.response.is_none() && spent);
}

#[test]
fn a_delay_changes_nothing_but_the_time() {
    let (served, spent) = exchange_under(FaultRule { milliseconds: 250, ..FaultRule::new(Fault::Delay) });
    assert_eq!((served.milliseconds, served.response.unwrap().status, spent), (250, 200, true));
}

#[test]
fn failing_answers_are_stripes_and_take_effect_only_when_asked_to() {
    for (fault, status) in
        [(Fault::RateLimited, 429), (Fault::ServerError, 500), (Fault::BadGateway, 502), (Fault::Redirect, 307)]
    {
        for effect in [false, true] {
            let (served, spent) = exchange_under(FaultRule { effect, ..FaultRule::new(fault) });
            let response = served.response.unwrap();
            assert_eq!((response.status, spent), (status, effect), "{fault:?}");
            assert!(response.header("request-id").is_some());
        }
    }
    let body = |fault| exchange_under(FaultRule::new(fault)).0.response.unwrap();
    let limited = json_of(&body(Fault::RateLimited));
    assert_eq!(
        (&limited["error"]["type"], &limited["error"]["code"]),
        (&json!("invalid_request_error"), &json!("rate_limit"))
    );
    assert_eq!(json_of(&body(Fault::ServerError))["error"]["type"], "api_error");
    let gateway = body(Fault::BadGateway);
    assert_eq!(gateway.header("content-type"), Some("text/html"));
    assert!(gateway.body.contains("502 Bad Gateway"));
    assert_eq!(body(Fault::Redirect).header("location"), Some("http://localhost:12111/redirected"));
}

#[test]
fn a_truncated_answer_and_one_of_the_wrong_type_took_effect() {
    let (served, spent) = exchange_under(FaultRule::new(Fault::Truncated));
    let response = served.response.unwrap();
    assert!(spent && response.status == 200);
    assert!(response.body.starts_with('{') && serde_json::from_str::<Value>(&response.body).is_err());
    let (served, spent) = exchange_under(FaultRule::new(Fault::ContentType));
    let response = served.response.unwrap();
    assert_eq!((spent, response.header("content-type")), (true, Some("text/html")));
    assert!(serde_json::from_str::<Value>(&response.body).is_ok());
    assert_eq!(response.headers.iter().filter(|(name, _)| name == "content-type").count(), 1);
}

#[test]
fn who_follows_a_redirect_is_in_the_request_log() {
    let mut sandbox = sandbox();
    fault(&mut sandbox, json!({"fault": "redirect", "times": 1}));
    serve(&mut sandbox, Method::Post, "/oauth/token", "");
    serve(&mut sandbox, Method::Post, "/redirected", "");
    let log = ok(&get(&mut sandbox, "/_sandbox/requests"));
    assert_eq!((&log[0]["status"], &log[0]["fault"]), (&json!(307), &json!("redirect")));
    assert_eq!((&log[1]["path"], &log[1]["status"]), (&json!("/redirected"), &json!(404)));
}

#[test]
fn a_fault_is_for_what_servers_call_unless_a_path_is_given() {
    let mut sandbox = sandbox();
    fault(&mut sandbox, json!({"fault": "500"}));
    let authorize = "/oauth/authorize?client_id=ca_test&response_type=code";
    let status = |sandbox: &mut Sandbox, method, path| serve(sandbox, method, path, "").response.unwrap().status;
    for path in ["/", "/dashboard", "/_sandbox/ledger", "/_sandbox/faults", authorize] {
        assert_eq!(status(&mut sandbox, Method::Get, path), 200, "{path}");
    }
    for (method, path) in [
        (Method::Post, "/oauth/token"),
        (Method::Post, "/v1/oauth/token"),
        (Method::Post, "/oauth/deauthorize"),
        (Method::Get, "/v1/account"),
    ] {
        assert_eq!(status(&mut sandbox, method, path), 500, "{path}");
    }
    fault(&mut sandbox, json!({"clear": true}));
    assert_eq!(
        fault(&mut sandbox, json!({"fault": "502", "path": "/oauth/authorize"}))[0]["path"],
        "/oauth/authorize"
    );
    assert_eq!(status(&mut sandbox, Method::Get, authorize), 502);
    assert_eq!(status(&mut sandbox, Method::Get, "/v1/account"), 200);
    assert_eq!(status(&mut sandbox, Method::Get, "/_sandbox/faults"), 200, "the controls are spared");
}

#[test]
fn a_fault_may_happen_a_number_of_times() {
    let mut sandbox = sandbox();
    fault(&mut sandbox, json!({"fault": "500", "times": 2}));
    let statuses = [0; 3].map(|_| serve(&mut sandbox, Method::Get, "/v1/account", "").response.unwrap().status);
    assert_eq!(statuses, [500, 500, 200]);
    assert_eq!(ok(&get(&mut sandbox, "/_sandbox/faults")), json!([]));
}

#[test]
fn a_share_of_requests_is_the_same_with_the_same_bytes() {
    let run = |random: u8| {
        let mut sandbox = sandbox();
        sandbox.add_fault(FaultRule { share: 0.1, ..FaultRule::new(Fault::ServerError) });
        let ask = request(Method::Get, "/v1/account", &BEARER, "");
        (0..2000).map(|_| sandbox.serve(&ask, NOW, [random; 32]).response.unwrap().status).collect::<Vec<_>>()
    };
    let struck = run(1).into_iter().filter(|status| *status == 500).count();
    assert!((150..250).contains(&struck), "{struck} of 2000 is no tenth");
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_delay_comes_besides_another_fault_of_which_the_first_counts() {
    let mut sandbox = sandbox();
    for rule in [
        json!({"fault": "delay", "milliseconds": 20}),
        json!({"fault": "429"}),
        json!({"fault": "500"}),
        json!({"fault": "delay", "milliseconds": 30}),
    ] {
        fault(&mut sandbox, rule);
    }
    let served = serve(&mut sandbox, Method::Get, "/v1/account", "");
    assert_eq!((served.milliseconds, served.response.unwrap().status), (50, 429));
}

#[test]
fn a_lost_answer_is_replayed_under_its_idempotency_key() {
    let mut sandbox = sandbox();
    sandbox.add_fault(FaultRule { times: Some(1), ..FaultRule::new(Fault::ResetAfter) });
    let headers = [BEARER[0], ("idempotency-key", "order-7")];
    let create = request(Method::Post, "/v1/accounts", &headers, "country=US");
    assert!(sandbox.serve(&create, NOW, [9; 32]).response.is_none());
    let replayed = sandbox.serve(&create, NOW, [9; 32]).response.unwrap();
    assert_eq!((replayed.status, replayed.header("idempotent-replayed")), (200, Some("true")));
    let accounts = ok(&get(&mut sandbox, "/_sandbox/accounts"));
    assert_eq!(accounts.as_array().unwrap().len(), 9, "one was made");
}

#[test]
fn a_host_that_cannot_hang_up_answers_502() {
    let mut sandbox = sandbox();
    sandbox.add_fault(FaultRule::new(Fault::ResetBefore));
    let response = call(&mut sandbox, &with_key(Method::Get, "/v1/account", &[], ""), NOW);
    assert_eq!((response.status, &*response.body), (502, ""));
}

#[test]
fn the_logs_tell_of_faults() {
    let mut sandbox = sandbox();
    let code = code_for(&mut sandbox, "client_id=ca_test");
    let body = ["grant_type=authorization_code&code=", &*code].concat();
    for name in ["reset_before", "delay", "reset_after"] {
        fault(&mut sandbox, json!({"fault": name, "times": 1}));
        serve(&mut sandbox, Method::Post, "/oauth/token", &body);
    }
    let shown = |path: &str, sandbox: &mut Sandbox| ok(&get(sandbox, path)).as_array().unwrap().clone();
    let log = shown("/_sandbox/log", &mut sandbox);
    let statuses: Vec<_> = log.iter().map(|entry| (entry["status"].clone(), entry["error"].clone())).collect();
    assert_eq!(statuses, [(json!(0), json!(null)), (json!(200), json!(null)), (json!(0), json!("invalid_grant"))]);
    let log = shown("/_sandbox/requests", &mut sandbox);
    let faults: Vec<_> = log.iter().skip(1).map(|entry| entry["fault"].clone()).collect();
    assert_eq!(faults, [json!("reset_before"), json!("delay"), json!("reset_after")]);
}

#[test]
fn a_reset_brings_the_faults_back_that_were_added_from_rust() {
    let mut sandbox = sandbox();
    sandbox.add_fault(FaultRule { times: Some(1), ..FaultRule::new(Fault::ServerError) });
    fault(&mut sandbox, json!({"fault": "429"}));
    serve(&mut sandbox, Method::Get, "/v1/account", "");
    sandbox.reset();
    let rules = ok(&get(&mut sandbox, "/_sandbox/faults"));
    let expected =
        json!([{"fault": "500", "path": null, "share": 1.0, "times": 1, "milliseconds": 1000, "effect": false}]);
    assert_eq!(rules, expected);
}

#[test]
fn a_mistake_in_a_fault_names_the_field() {
    let mut sandbox = sandbox();
    for (rule, param) in [
        (json!({}), "fault"),
        (json!({"fault": "503"}), "fault"),
        (json!({"fault": "500", "share": 1.5}), "share"),
        (json!({"fault": "500", "share": "half"}), "share"),
        (json!({"fault": "500", "times": -1}), "times"),
        (json!({"fault": "delay", "milliseconds": 4_294_967_296_u64}), "milliseconds"),
        (json!({"fault": "500", "effect": 1}), "effect"),
        (json!({"fault": "500", "when": "now"}), "when"),
    ] {
        let refused = control(&mut sandbox, "/_sandbox/faults", rule.clone());
        assert_eq!((refused.status, &json_of(&refused)["error"]["param"]), (400, &json!(param)), "{rule}");
    }
    assert_eq!(ok(&get(&mut sandbox, "/_sandbox/faults")), json!([]));
}
