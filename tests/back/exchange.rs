//! The exchange.

use super::*;

#[test]
fn the_exchange_is_one_post_of_the_code_with_the_key_as_bearer() {
    let fields = [("grant_type", "authorization_code"), ("code", "ac_1_a")];
    for (base, flow, url) in [
        (ConnectBase::stripe(), Flow::Standard, "https://connect.stripe.com/oauth/token"),
        (ConnectBase::stripe(), Flow::Express, "https://connect.stripe.com/oauth/token"),
        (ConnectBase::stripe(), Flow::App, "https://api.stripe.com/v1/oauth/token"),
        (stand_in(), Flow::Standard, "http://localhost:12111/oauth/token"),
        (stand_in(), Flow::App, "http://localhost:12111/v1/oauth/token"),
    ] {
        assert_form(&code_exchange(&base, &test_key(), flow, code("ac_1_a"), &[]), url, &fields, &[]);
    }
}

#[test]
fn only_the_express_flow_asserts_capabilities() {
    let both = [Capability::Transfers, Capability::CardPayments];
    let exchange = |flow| code_exchange(&ConnectBase::stripe(), &test_key(), flow, code("ac_1"), &both);
    let body = |flow| exchange(flow).body_text().unwrap().to_owned();
    let sent: Vec<_> = form_urlencoded::parse(body(Flow::Express).as_bytes()).into_owned().skip(2).collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        sent,
        [pair("assert_capabilities[0]", "transfers"), pair("assert_capabilities[1]", "card_payments")]
    );
    assert!(!body(Flow::Standard).contains("assert") && !body(Flow::App).contains("assert"));
}

#[test]
fn what_may_be_asserted_is_said_beforehand() {
    let tax = [Capability::TaxReportingUs1099K];
    let misc = [Capability::Transfers, Capability::TaxReportingUs1099Misc];
    let elsewhere = "assert_capabilities belongs to the express flow only: leave it out";
    let others = "assert_capabilities may hold transfers and card_payments only";
    let rows: [(Flow, &[Capability], Option<&str>); 7] = [
        (Flow::Standard, &[], None),
        (Flow::App, &[], None),
        (Flow::Express, &[Capability::CardPayments, Capability::Transfers], None),
        (Flow::Standard, &[Capability::Transfers], Some(elsewhere)),
        (Flow::App, &[Capability::Transfers], Some(elsewhere)),
        (Flow::Express, &tax, Some(others)),
        (Flow::Express, &misc, Some(others)),
    ];
    for (flow, capabilities, message) in rows {
        let error = check_assertion(flow, capabilities).err();
        assert_eq!(error.as_ref().map(|error| error.message()), message, "{flow:?} {capabilities:?}");
        assert!(error.is_none_or(|error| error.code() == InvalidValue && error.param() == "assert_capabilities"));
    }
}

#[test]
fn a_token_has_all_that_stripe_documents() {
    assert!(FULL.contains("some_day"), "a member that is not known");
    let token = read_token(&Response::json(200, FULL), Livemode::Test).unwrap();
    assert_eq!(token.stripe_user_id.as_str(), "acct_1");
    assert_eq!((token.livemode, token.scope), (Livemode::Test, TokenScope::ReadWrite));
    assert_eq!(token.access_token.as_ref().map(Secret::expose), Some("sk_test_canary1"));
    assert_eq!(token.refresh_token.as_ref().map(Secret::expose), Some("rt_canary2"));
    assert_eq!(token.stripe_publishable_key.as_deref(), Some("pk_test_1"));
}

#[test]
fn a_token_may_lack_what_stripe_has_deprecated() {
    for (scope, read) in [
        ("read_write", TokenScope::ReadWrite),
        ("read_only", TokenScope::ReadOnly),
        ("express", TokenScope::Express),
        ("stripe_apps", TokenScope::StripeApps),
    ] {
        let body = format!(r#"{{"stripe_user_id":"acct_1","livemode":true,"scope":"{scope}"}}"#);
        let token = read_token(&Response::json(200, body), Livemode::Live).unwrap();
        assert_eq!((token.scope, token.scope.as_str(), token.livemode), (read, scope, Livemode::Live));
        assert!(token.access_token.is_none() && token.refresh_token.is_none());
        assert_eq!(token.stripe_publishable_key, None);
    }
}

/// RFC 6749 §7.1. Its name's case does not matter (§5.1).
#[test]
fn an_access_token_of_another_type_is_none() {
    for (token_type, is_usable) in [
        (r#""bearer""#, true),
        (r#""Bearer""#, true),
        ("null", true),
        (r#""mac""#, false),
        (r#""""#, false),
        (r#""bearer ""#, false),
    ] {
        let body = FULL.replace(r#""token_type":"bearer""#, &format!(r#""token_type":{token_type}"#));
        let token = read_token(&Response::json(200, body), Livemode::Test).unwrap();
        assert_eq!(token.access_token.is_some(), is_usable, "{token_type}");
        assert_eq!(token.stripe_user_id.as_str(), "acct_1", "the account is connected all the same");
    }
}

#[test]
fn attack_6_a_connection_of_the_other_mode_is_no_connection() {
    let hint = "use a client_id and a secret_key of the same mode, both test or both live";
    for (livemode, key_mode) in [(true, Livemode::Test), (false, Livemode::Live)] {
        let body = format!(r#"{{"stripe_user_id":"acct_1","livemode":{livemode},"scope":"read_write"}}"#);
        let error = read_token(&Response::json(200, body), key_mode).unwrap_err();
        assert_eq!(error, ExchangeError::ModeMismatch { livemode: livemode.into() });
        assert_eq!(error.hint(), hint);
        let text = format!("Stripe connected the account with livemode {livemode}, the key's is the other; {hint}");
        assert_eq!(error.to_string(), text);
        assert_eq!((error.problem(), error.stripe_error()), (None, None));
    }
}

#[test]
fn a_mode_may_come_as_text() {
    for (text, mode) in [("true", Livemode::Live), ("false", Livemode::Test)] {
        let body = format!(r#"{{"stripe_user_id":"acct_1","livemode":"{text}","scope":"read_only"}}"#);
        assert_eq!(read_token(&Response::json(200, body), mode).unwrap().livemode, mode);
    }
}

#[test]
fn a_token_holds_the_capabilities_that_were_asserted() {
    use Capability::{CardPayments, Transfers};
    let rows: [(&str, &[Capability]); 7] = [
        (r#""transfers""#, &[Transfers]),
        (r#""transfers,card_payments""#, &[Transfers, CardPayments]),
        (r#""card_payments some_new_one transfers""#, &[CardPayments, Transfers]),
        (r#"["transfers",7]"#, &[Transfers]),
        ("null", &[]),
        (r#""""#, &[]),
        (r#"{"transfers":"active"}"#, &[]),
    ];
    for (capabilities, expected) in rows {
        let body = format!(
            r#"{{"stripe_user_id":"acct_1","livemode":false,"scope":"express","capabilities":{capabilities}}}"#
        );
        let token = read_token(&Response::json(200, body), Livemode::Test).unwrap();
        assert_eq!(token.capabilities, expected, "{capabilities}");
    }
}
