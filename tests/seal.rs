//! Sealed refresh tokens: they open for the account and the mode they are of, whole, and for nobody else.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::string_slice)]

use proptest::prelude::*;
use stripe_connect_oauth::ErrorCode::{InvalidValue, MissingParameter, TooLong};
use stripe_connect_oauth::server::{RefreshTokenKeys, Secret};
use stripe_connect_oauth::{AccountId, ConnectError, Livemode};

// `make browser` runs these in the workers of three browsers as well.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

const OLD: &str = "the old secret of 32 characters!";
const NEW: &str = "the new secret of 32 characters!";

fn keys(secrets: &[&str]) -> Result<RefreshTokenKeys, ConnectError> {
    RefreshTokenKeys::derive(&secrets.iter().map(|&secret| secret.to_owned()).collect::<Vec<_>>())
}

fn account(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn sealed(secrets: &[&str], token: &str, nonce: [u8; 24]) -> String {
    let token = Secret::new(token.to_owned());
    keys(secrets).unwrap().seal(&token, &account("acct_1"), Livemode::Test, nonce).unwrap()
}

fn opened(secrets: &[&str], sealed: &str) -> Result<String, ConnectError> {
    let secret = keys(secrets).unwrap().open(sealed, &account("acct_1"), Livemode::Test)?;
    Ok(secret.expose().to_owned())
}

#[track_caller]
fn assert_shut(verdict: Result<String, ConnectError>) {
    let error = verdict.unwrap_err();
    assert_eq!((error.code(), error.param()), (InvalidValue, "sealed"));
    let rule = "does not open: it must be whole, of the same account and mode, and sealed with one of the secrets";
    assert_eq!(error.message(), format!("sealed {rule}"));
}

#[test]
fn what_was_sealed_before_opens_after() {
    let sealed = sealed(&[OLD], "rt_123", [7; 24]);
    assert_eq!(sealed, "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHhd3oICGR9gaLTRjs-zTxo8pg7qi58g");
    assert_eq!(opened(&[OLD], &sealed).as_deref(), Ok("rt_123"));
}

#[test]
fn the_first_secret_seals_and_every_one_opens() {
    let before = sealed(&[OLD], "rt_before", [1; 24]);
    let during = sealed(&[NEW, OLD], "rt_during", [2; 24]);
    assert_eq!(opened(&[NEW, OLD], &before).as_deref(), Ok("rt_before"));
    assert_eq!(opened(&[OLD, NEW], &before).as_deref(), Ok("rt_before"));
    assert_eq!(opened(&[NEW], &during).as_deref(), Ok("rt_during"));
    assert_shut(opened(&[OLD], &during));
    assert_shut(opened(&[NEW], &before));
}

#[test]
fn a_token_opens_for_its_account_and_mode_only() {
    let sealed = sealed(&[OLD], "rt_123", [1; 24]);
    let open = |id: &str, livemode: Livemode| {
        let secret = keys(&[OLD]).unwrap().open(&sealed, &account(id), livemode)?;
        Ok(secret.expose().to_owned())
    };
    assert_eq!(open("acct_1", Livemode::Test).as_deref(), Ok("rt_123"));
    assert_shut(open("acct_1", Livemode::Live));
    assert_shut(open("acct_2", Livemode::Test));
    assert_shut(open("acct_12", Livemode::Test));
}

#[test]
fn the_sealed_text_shows_neither_the_token_nor_that_two_are_alike() {
    let [one, other] = [sealed(&[OLD], "rt_123", [1; 24]), sealed(&[OLD], "rt_123", [2; 24])];
    assert_ne!(one[32..], other[32..]);
    assert!(!one.contains("rt_"));
    assert!(one.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{one}");
}

proptest! {
    #[test]
    fn what_is_sealed_opens(token in "[!-~]{0,300}", nonce in any::<[u8; 24]>()) {
        prop_assert_eq!(opened(&[NEW, OLD], &sealed(&[OLD], &token, nonce)), Ok(token));
    }

    #[test]
    fn a_sealed_text_with_one_character_changed_does_not_open(at in 0..62_usize, to in "[!-~é]") {
        let sealed = sealed(&[OLD], "rt_123", [7; 24]);
        prop_assert_eq!(sealed.len(), 62);
        prop_assume!(sealed[at..=at] != to);
        assert_shut(opened(&[OLD], &[&sealed[..at], &to, &sealed[at + 1..]].concat()));
    }

    #[test]
    fn a_sealed_text_that_was_cut_or_continued_does_not_open(at in 0..62_usize, more in "[A-Za-z0-9_=-]{1,8}") {
        let sealed = sealed(&[OLD], "rt_123", [7; 24]);
        assert_shut(opened(&[OLD], &sealed[..at]));
        assert_shut(opened(&[OLD], &[&sealed, &*more].concat()));
    }

    #[test]
    fn nothing_is_too_strange_to_refuse(text in any::<String>()) {
        assert_shut(opened(&[OLD], &text));
    }
}

#[test]
fn a_token_is_of_4096_bytes_at_most() {
    let seal = |bytes: usize| {
        let token = Secret::new("r".repeat(bytes));
        keys(&[OLD]).unwrap().seal(&token, &account("acct_1"), Livemode::Test, [1; 24])
    };
    assert!(seal(4096).is_ok());
    let error = seal(4097).unwrap_err();
    assert_eq!((error.code(), error.message()), (TooLong, "refresh_token is longer than 4096 bytes"));
}

#[test]
fn a_secret_has_32_characters_or_more() {
    let rule = "must each have 32 random characters or more";
    let missing = "is missing: give at least one random text of 32 characters or more";
    for (secrets, code, what) in [
        (&[][..], MissingParameter, missing),
        (&[""], InvalidValue, rule),
        (&["canary, only 31 characters long"], InvalidValue, rule),
        (&[NEW, "canary, only 31 characters long"], InvalidValue, rule),
    ] {
        let error = keys(secrets).unwrap_err();
        assert_eq!((error.code(), error.param()), (code, "refresh_token_secrets"));
        assert_eq!(error.message(), format!("refresh_token_secrets {what}"));
        assert!(!format!("{error}{error:?}").contains("canary"), "{error}");
    }
}

#[test]
fn attack_13_sealing_keys_do_not_print() {
    assert_eq!(format!("{:?}", keys(&[OLD]).unwrap()), "RefreshTokenKeys([redacted])");
}
