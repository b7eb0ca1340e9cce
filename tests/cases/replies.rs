//! `reply` is Stripe's, `reader` is what reads it; `said` is what is made of it, in one word.

use super::cases;
use serde_json::Value;
use stripe_connect_oauth::server::{
    AccountError, DeauthorizeError, Deauthorized, PlatformProblem, Response, read_account, read_account_link,
    read_deauthorization, read_refreshed_token, read_token,
};
use stripe_connect_oauth::{AccountId, Flow, Livemode};

#[test]
fn a_reply_is_read_as_what_it_is() {
    for (name, case) in cases("replies") {
        assert_eq!(case["said"], said(&case), "{name}: {}", case["note"]);
    }
}

fn said(case: &Value) -> String {
    let status = case["reply"]["status"].as_u64().unwrap().try_into().unwrap();
    let reply = Response::json(status, case["reply"]["body"].to_string());
    match case["reader"].as_str().unwrap() {
        "read_token" => read_token(&reply, Livemode::Test).unwrap().stripe_user_id.to_string(),
        "read_refreshed_token" => {
            let token = read_refreshed_token(&reply, Livemode::Test, Flow::App).unwrap();
            assert!(token.stripe_user_id.is_some());
            token.refresh_token.unwrap().expose().to_owned()
        }
        "read_account" => refusal(&read_account(&reply).unwrap_err()),
        "read_account_link" => refusal(&read_account_link(&reply).unwrap_err()),
        _ => match read_deauthorization(&reply, &AccountId::parse("acct_1Example").unwrap()) {
            Ok(Deauthorized::Done) => "done".to_owned(),
            Ok(Deauthorized::AlreadyDisconnected) => "already_disconnected".to_owned(),
            Err(DeauthorizeError::NotYours(_)) => "not_yours".to_owned(),
            Err(other) => other.to_string(),
        },
    }
}

fn refusal(error: &AccountError) -> String {
    match error {
        AccountError::Revoked(_) => "revoked".to_owned(),
        AccountError::PlatformNotReady { problem, .. } => {
            assert_eq!(*problem, PlatformProblem::NotSignedUp);
            assert!(error.hint().contains("https://dashboard.stripe.com/connect"), "{}", error.hint());
            "platform_not_ready".to_owned()
        }
        other => other.to_string(),
    }
}
