//! Retries, protocol §3.5 and §6.1.

use super::*;

#[test]
fn a_code_is_never_sent_again_and_nor_is_what_is_not_idempotent() {
    let rows = [
        (RetryKind::CodeExchange, 0),
        (RetryKind::Refresh(Flow::Standard), 2),
        (RetryKind::Refresh(Flow::Express), 2),
        (RetryKind::Refresh(Flow::App), 0),
        (RetryKind::Deauthorize, 2),
        (RetryKind::ApiGet, 2),
        (RetryKind::ApiPost { idempotency_key: true }, 2),
        (RetryKind::ApiPost { idempotency_key: false }, 0),
    ];
    let told = Response::json(400, "").with_header("stripe-should-retry", "true");
    for (kind, times) in rows {
        for reply in [None, Some(&Response::json(500, "")), Some(&told)] {
            assert_eq!(retries(kind, reply), times, "{kind:?}");
        }
    }
}

#[test]
fn what_is_sent_again_is_decided_by_stripes_header_and_then_by_the_status() {
    let locked = r#"{"error":{"type":"invalid_request_error","code":"lock_timeout"}}"#;
    let limited = r#"{"error":{"type":"invalid_request_error","code":"rate_limit"}}"#;
    let rows = [
        (500, "", None, true),
        (502, "<html>", None, true),
        (503, "", None, true),
        (504, "", None, true),
        (599, "", None, true),
        (409, "", None, true),
        (429, locked, None, true),
        (429, limited, None, false),
        (429, "", None, false),
        (400, locked, None, false),
        (400, "", None, false),
        (401, "", None, false),
        (402, "", None, false),
        (403, "", None, false),
        (404, "", None, false),
        (200, "", None, false),
        (302, "", None, false),
        (500, "", Some("false"), false),
        (409, "", Some("false"), false),
        (429, locked, Some("false"), false),
        (400, "", Some("true"), true),
        (429, limited, Some("true"), true),
        (200, "", Some("true"), false),
        (302, "", Some("true"), false),
        (500, "", Some("maybe"), true),
        (400, "", Some("maybe"), false),
    ];
    for (status, body, header, again) in rows {
        let mut reply = Response::json(status, body);
        if let Some(value) = header {
            reply = reply.with_header("stripe-should-retry", value);
        }
        let times = retries(RetryKind::ApiGet, Some(&reply));
        assert_eq!(times, if again { 2 } else { 0 }, "{status} {body} {header:?}");
    }
}

#[test]
fn the_waits_double_and_are_spread_and_are_half_a_second_at_least() {
    for (random, second) in [(0, 500), (u32::MAX / 2, 749), (1 << 31, 750), (u32::MAX, 999)] {
        let mut retry = Retry::new(RetryKind::ApiGet);
        let waits: Vec<_> = (0..3).map_while(|_| retry.after(None, random)).collect();
        assert_eq!(waits, [500, second]);
    }
}

#[test]
fn an_answer_that_stripe_saved_for_the_key_is_not_asked_for_again() {
    let post = RetryKind::ApiPost { idempotency_key: true };
    for status in [500, 503] {
        let reply = Response::json(status, "");
        assert_eq!(retries(post, Some(&reply)), 2, "{status}");
        for told in ["true", "false"] {
            let saved = reply.clone().with_header("stripe-should-retry", told);
            assert_eq!(retries(post, Some(&saved.with_header("idempotent-replayed", "true"))), 0, "{status}");
        }
    }
}
