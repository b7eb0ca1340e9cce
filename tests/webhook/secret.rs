//! The secret.

use super::*;

#[test]
fn a_signing_secret_is_visible_ascii_of_10_to_255_characters() {
    let longest = "w".repeat(255);
    for good in ["whsec_1234", "test_secret", "webhook_secret", "whsec_+/=aB", &*longest] {
        assert!(WebhookSecret::parse(good).is_ok(), "{good}");
    }
}

#[test]
fn a_refused_signing_secret_is_explained_and_never_repeated() {
    let fix = "give the endpoint's signing secret, which begins with whsec_";
    let is = |what: &str| format!("is {what}, not a signing secret: {fix}");
    let short = "must have 10 characters or more: it may be the word undefined, or a placeholder".to_owned();
    let unseen = "must be visible ASCII characters: it may have a space or a line break".to_owned();
    let long = "canary".repeat(43);
    let table = [
        ("", MissingParameter, format!("is missing: {fix}")),
        (&*long, TooLong, "is longer than 255 bytes".to_owned()),
        ("whsec_", InvalidValue, short.clone()),
        ("undefined", InvalidValue, short.clone()),
        ("null", InvalidValue, short),
        ("whsec_canary\n", InvalidValue, unseen.clone()),
        (" whsec_canary", InvalidValue, unseen.clone()),
        ("[object Object] canary", InvalidValue, unseen.clone()),
        ("whsec_canary\u{e9}", InvalidValue, unseen),
        ("sk_live_canary", WrongCredential, is("a secret key (roll it if a browser has seen it)")),
        ("pk_live_canary", WrongCredential, is("a publishable key")),
        ("ca_canarycanary", WrongCredential, is("a client id")),
        ("acct_canary", WrongCredential, is("an account id")),
    ];
    for (text, code, what) in table {
        let error = WebhookSecret::parse(text).unwrap_err();
        assert_eq!((error.code(), error.param()), (code, "webhook_secret"), "{text:?}");
        assert_eq!(error.message(), format!("webhook_secret {what}"));
        assert!(!format!("{error}{error:?}{error:#?}").contains("canary"), "{error}");
    }
}

#[test]
fn attack_13_a_signing_secret_does_not_print() {
    let secret = secret("whsec_canary7h3s3cr3t");
    assert_eq!(format!("{secret:?} {secret:#?}"), "WebhookSecret([redacted]) WebhookSecret([redacted])");
}
