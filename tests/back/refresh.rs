//! The refresh.

use super::*;

#[test]
fn a_refresh_is_a_post_of_the_refresh_token_with_a_narrower_scope_at_most() {
    let refresh_token = Secret::new("rt_1".to_owned());
    let plain = [("grant_type", "refresh_token"), ("refresh_token", "rt_1")];
    let narrow = [plain[0], plain[1], ("scope", "read_only")];
    let connect = "https://connect.stripe.com/oauth/token";
    let apps = "https://api.stripe.com/v1/oauth/token";
    let rows: [(Flow, Option<Scope>, &str, &[(&str, &str)]); 5] = [
        (Flow::Standard, None, connect, &plain),
        (Flow::Standard, Some(Scope::ReadOnly), connect, &narrow),
        (Flow::Express, Some(Scope::ReadOnly), connect, &plain),
        (Flow::App, None, apps, &plain),
        (Flow::App, Some(Scope::ReadOnly), apps, &plain),
    ];
    for (flow, scope, url, fields) in rows {
        let request = refresh(&ConnectBase::stripe(), &test_key(), flow, &refresh_token, scope);
        assert_form(&request, url, fields, &[]);
    }
    let request = refresh(&stand_in(), &test_key(), Flow::App, &refresh_token, None);
    assert_eq!(request.url, "http://localhost:12111/v1/oauth/token");
}

#[test]
fn a_refused_refresh_token_is_explained_and_never_repeated() {
    let longest = format!("rt_{}", "a".repeat(252));
    for good in ["rt_1", "rt_aB_9", &longest] {
        assert_eq!(Secret::refresh_token(good).unwrap().expose(), good);
    }
    let fix = "give the one that came with the account, which begins with rt_";
    let unlike = format!("is not a refresh token: {fix}");
    let rows = [
        ("", MissingParameter, format!("is missing: {fix}")),
        (&*format!("{longest}a"), TooLong, "is longer than 255 bytes".to_owned()),
        ("rt_", InvalidValue, unlike.clone()),
        ("canary", InvalidValue, unlike.clone()),
        ("rt_canary\r\nx-evil: 1", InvalidValue, unlike.clone()),
        ("rt_canary&scope=read_write", InvalidValue, unlike),
        ("ca_canary", WrongCredential, format!("is a client id, not a refresh token: {fix}")),
    ];
    for (text, code, what) in rows {
        let error = Secret::refresh_token(text).unwrap_err();
        assert_eq!(
            (error.code(), error.param(), error.message()),
            (code, "refresh_token", &*format!("refresh_token {what}"))
        );
        assert!(!format!("{error}{error:?}").contains("canary"));
    }
}

#[test]
fn a_refresh_gives_a_token_of_the_keys_mode() {
    for (livemode, mode, other) in [(true, Livemode::Live, Livemode::Test), (false, Livemode::Test, Livemode::Live)]
    {
        let body = format!(
            r#"{{"stripe_user_id":"acct_1","livemode":{livemode},"scope":"read_only","refresh_token":"rt_2"}}"#
        );
        let reply = Response::json(200, body);
        let token = read_refreshed_token(&reply, mode, Flow::Standard).unwrap();
        assert_eq!((token.livemode, token.scope), (Some(mode), Some(TokenScope::ReadOnly)));
        assert_eq!(token.stripe_user_id.unwrap().as_str(), "acct_1");
        assert_eq!(token.refresh_token.as_ref().map(Secret::expose), Some("rt_2"), "the rolled one");
        let error = read_refreshed_token(&reply, other, Flow::Standard).unwrap_err();
        assert_eq!(error, ExchangeError::ModeMismatch { livemode: mode });
    }
}

#[test]
fn a_refresh_token_that_stripe_does_not_take_is_told_from_a_code() {
    let hint = "the refresh token is revoked, replaced by a newer one, or another platform's: let the person connect again";
    let rows = [
        ("invalid_grant", "Refresh token does not exist: rt_canary", TokenProblem::RefreshTokenUnknown),
        ("invalid_grant", "This refresh_token does not belong to you", TokenProblem::RefreshTokenUnknown),
        ("invalid_grant", "Something undocumented", TokenProblem::RefreshTokenUnknown),
        ("invalid_grant", "Passed in livemode API key, but …", TokenProblem::ModeMismatch),
        ("invalid_scope", "Invalid scope provided: everything.", TokenProblem::InvalidScope),
        ("invalid_client", "No such API key: Bearer", TokenProblem::UnknownKey),
    ];
    for (code, description, problem) in rows {
        let body = format!(r#"{{"error":"{code}","error_description":"{description}"}}"#);
        let reply = Response::json(if code == "invalid_client" { 401 } else { 400 }, body);
        for flow in [Flow::Standard, Flow::App] {
            let error = read_refreshed_token(&reply, Livemode::Test, flow).unwrap_err();
            assert_eq!(error.problem(), Some(problem), "{description}");
            assert!(!format!("{error}{error:?}").contains("canary"));
            if problem == TokenProblem::RefreshTokenUnknown {
                assert_eq!((error.hint(), problem.as_str()), (hint, "refresh_token_unknown"));
            }
        }
    }
    // An exchange knows it by Stripe's words alone.
    let body = r#"{"error":"invalid_grant","error_description":"Refresh token does not exist: rt_1"}"#;
    assert_eq!(refused(400, body).0, TokenProblem::RefreshTokenUnknown);
}

/// The old one is dead.
#[test]
fn an_apps_new_refresh_token_is_kept_whatever_else_is_missing() {
    let read = |body: &str| read_refreshed_token(&Response::json(200, body), Livemode::Test, Flow::App);
    let whole = r#"{"access_token":"sk_x","livemode":false,"refresh_token":"rt_new","scope":"stripe_apps",
        "stripe_publishable_key":"pk_x","account_id":"acct_1","token_type":"bearer"}"#;
    let token = read(whole).unwrap();
    assert_eq!(token.stripe_user_id.as_ref().map(|id| id.as_str()), Some("acct_1"));
    assert_eq!((token.livemode, token.scope), (Some(Livemode::Test), Some(TokenScope::StripeApps)));
    assert_eq!(token.access_token.as_ref().map(Secret::expose), Some("sk_x"));
    for (from, to) in [
        (r#""account_id":"acct_1","#, ""),
        ("acct_1", "user 7"),
        (r#""scope":"stripe_apps","#, ""),
        ("stripe_apps", "everything"),
        (r#""livemode":false,"#, ""),
        (r#""livemode":false"#, r#""livemode":"perhaps""#),
        (r#""livemode":false"#, r#""livemode":true"#),
        (r#""access_token":"sk_x""#, r#""access_token":7"#),
        (r#""token_type":"bearer""#, r#""token_type":{}"#),
        (r#""stripe_publishable_key":"pk_x""#, r#""stripe_publishable_key":[]"#),
    ] {
        assert!(whole.contains(from), "{from}");
        let token = read(&whole.replace(from, to)).unwrap();
        assert_eq!(token.refresh_token.as_ref().map(Secret::expose), Some("rt_new"), "{to}");
    }
    let bare = read(r#"{"refresh_token":"rt_new"}"#).unwrap();
    assert!(bare.stripe_user_id.is_none() && bare.livemode.is_none() && bare.scope.is_none());
    for without in [r#"{"access_token":"sk_x"}"#, r#"{"refresh_token":""}"#, r#"{"refresh_token":null}"#, "{}"] {
        let error = read(without).unwrap_err();
        assert!(matches!(error, ExchangeError::RefreshUnknown(_)), "{without}: {error}");
    }
}

#[test]
fn an_ambiguous_refresh_loses_nothing_on_connect_and_may_lose_the_token_on_apps() {
    let rows = [
        (500, "", false),
        (502, "<html>", false),
        (302, "", false),
        (200, "<html>", false),
        (429, r#"{"error":{"type":"rate_limit_error"}}"#, true),
        (409, r#"{"error":{"type":"idempotency_error"}}"#, true),
    ];
    for (status, body, is_untouched) in rows {
        let reply = Response::json(status, body);
        for flow in [Flow::Standard, Flow::Express] {
            let error = read_refreshed_token(&reply, Livemode::Test, flow).unwrap_err();
            assert!(matches!(error, ExchangeError::Unavailable(_)), "{status}: {error}");
            assert_eq!(error.hint(), "nothing is lost: try again in a moment");
        }
        let error = read_refreshed_token(&reply, Livemode::Test, Flow::App).unwrap_err();
        match error {
            ExchangeError::Unavailable(_) if is_untouched => {}
            ExchangeError::RefreshUnknown(_) if !is_untouched => assert_eq!(
                error.hint(),
                "Stripe may have replaced the refresh token without telling: let the person connect again"
            ),
            _ => panic!("{status}: {error}"),
        }
    }
    assert!(matches!(ExchangeError::no_refresh(Flow::App), ExchangeError::RefreshUnknown(_)));
    assert!(matches!(ExchangeError::no_refresh(Flow::Express), ExchangeError::Unavailable(_)));
}
