//! Values that are texts are read, shown and kept as the standard library's traits and serde's do it.
#![allow(clippy::unwrap_used)]

use std::fmt::Display;
use std::str::FromStr;
use stripe_connect_oauth::{
    AccountId, ChannelLink, ClientId, ConnectBase, ConnectError, ErrorCode, RedirectUri, State, Subject,
};

/// Reads `good` in each of the ways there are, shows it as it was, and refuses `bad` as `parse` does.
fn is_a_text<T>(good: &str, bad: &str, refused: ErrorCode)
where
    T: FromStr<Err = ConnectError> + TryFrom<String, Error = ConnectError> + AsRef<str> + Display,
    T: for<'a> TryFrom<&'a str, Error = ConnectError>,
{
    let ways = |text: &str| [text.parse(), T::try_from(text), T::try_from(text.to_owned())];
    for value in ways(good).map(Result::unwrap) {
        assert_eq!((value.as_ref(), value.to_string().as_str()), (good, good));
    }
    for error in ways(bad).map(Result::err) {
        assert_eq!(error.map(|error| error.code()), Some(refused), "{bad:?}");
    }
}

#[test]
fn ids_and_names_are_read_and_shown_as_texts() {
    use ErrorCode::{InvalidValue, MissingParameter, WrongCredential};
    is_a_text::<ClientId>("ca_123", "pk_test_123", WrongCredential);
    is_a_text::<AccountId>("acct_123", "", MissingParameter);
    is_a_text::<ChannelLink>("chnlink_61Pr", "ca_123", InvalidValue);
    is_a_text::<RedirectUri>("http://localhost:8787/back", "http://shop.example/back", InvalidValue);
    is_a_text::<Subject>("user 1", "user\n1", InvalidValue);
}

#[cfg(feature = "server")]
#[test]
fn what_a_server_keeps_is_read_and_shown_as_a_text() {
    use stripe_connect_oauth::server::{EventId, IdempotencyKey};
    is_a_text::<EventId>("evt_1", "acct_1", ErrorCode::InvalidValue);
    is_a_text::<EventId>("evt_1_x", &format!("evt_{}", "1".repeat(252)), ErrorCode::InvalidValue);
    is_a_text::<IdempotencyKey>("order-1", "order 1", ErrorCode::InvalidValue);
}

#[test]
fn what_does_not_print_is_read_from_a_text_all_the_same() {
    let state = State::from_random([7; 32]);
    assert!(state.as_str().parse::<State>().is_ok_and(|read| read.verify(state.as_str())));
    assert_eq!(State::try_from("guess").unwrap_err().param(), "state");
    assert_eq!("https://connect.stripe.com".parse(), Ok(ConnectBase::stripe()));
    assert_eq!(ConnectBase::try_from("http://stripe.example").unwrap_err().param(), "connect_base");
}

#[cfg(feature = "server")]
#[test]
fn a_secret_is_read_from_a_text_and_its_error_does_not_repeat_it() {
    use stripe_connect_oauth::Livemode;
    use stripe_connect_oauth::server::{Secret, SecretKey, WebhookSecret};
    assert!("sk_live_123".parse::<SecretKey>().is_ok_and(|key| key.livemode() == Livemode::Live));
    assert!("whsec_5dc4a9b17ae0f6a8".parse::<WebhookSecret>().is_ok());
    assert_eq!("canary".parse::<Secret>().map(|secret| secret.expose().to_owned()), Ok("canary".to_owned()));
    assert_eq!(Secret::from("canary".to_owned()).expose(), "canary");
    let errors = [SecretKey::try_from("canary").map(drop), WebhookSecret::try_from("canary").map(drop)];
    for error in errors.map(Result::unwrap_err) {
        assert!(!format!("{error}{error:?}").contains("canary"), "{error}");
    }
}

#[cfg(feature = "serde")]
mod kept {
    use super::*;
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, from_value, json, to_value};
    use std::fmt::Debug;
    use stripe_connect_oauth::Livemode;

    /// Keeps `value` as `json`, reads it back, and refuses `bad`, saying what `why` says.
    fn is_kept_as<T: Serialize + DeserializeOwned + PartialEq + Debug>(
        value: T,
        json: Value,
        bad: Value,
        why: &str,
    ) {
        assert_eq!(to_value(&value).ok(), Some(json.clone()));
        assert_eq!(from_value::<T>(json).ok(), Some(value));
        let error = from_value::<T>(bad).map_or_else(|error| error.to_string(), |read| format!("{read:?}"));
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn an_id_is_kept_as_its_text_and_checked_when_it_is_read() {
        let account = AccountId::parse("acct_1").unwrap();
        is_kept_as(account, json!("acct_1"), json!("ca_1"), "stripe_user_id must be acct_");
        is_kept_as(ClientId::parse("ca_1").unwrap(), json!("ca_1"), json!("sk_test_canary"), "is a secret key");
        is_kept_as(ChannelLink::parse("chnlink_1").unwrap(), json!("chnlink_1"), json!(1), "expected a string");
        is_kept_as(Subject::parse("ada").unwrap(), json!("ada"), json!(""), "subject is missing");
        let uri = "https://shop.example/back";
        is_kept_as(
            RedirectUri::parse(uri, None).unwrap(),
            json!(uri),
            json!("/back"),
            "redirect_uri must be absolute",
        );
    }

    #[test]
    fn a_word_is_kept_as_it_is_written_and_no_other_is_read() {
        use stripe_connect_oauth::{Flow, Outcome, Rejection};
        is_kept_as(Flow::App, json!("app"), json!("apps"), "flow must be standard, express or app");
        is_kept_as(Rejection::Expired, json!("expired"), json!("late"), "must be state_mismatch, state_missing,");
        is_kept_as(Outcome::Rejected(Rejection::Expired), json!("expired"), json!(""), "the name of an outcome");
    }

    #[cfg(feature = "server")]
    #[test]
    fn a_word_that_is_stripes_is_kept_though_it_was_not_known() {
        use stripe_connect_oauth::server::AccountType;
        is_kept_as(AccountType::Express, json!("express"), json!(null), "expected a string");
        is_kept_as(AccountType::Unrecognized("kiosk".to_owned()), json!("kiosk"), json!(1), "expected a string");
    }

    #[cfg(feature = "edge")]
    #[test]
    fn a_connection_is_kept_as_the_row_of_the_stores() {
        use stripe_connect_oauth::edge::Connection;
        use stripe_connect_oauth::server::TokenScope;
        let live = Connection {
            subject: Subject::parse("ada").unwrap(),
            client_id: ClientId::parse("ca_123").unwrap(),
            account_id: AccountId::parse("acct_1").unwrap(),
            livemode: Livemode::Test,
            scope: TokenScope::ReadWrite,
            connected_at: 1_700_000_000,
            disconnected_at: None,
            refresh_token: Some("sealed".to_owned()),
        };
        let row = json!({
            "subject": "ada", "client_id": "ca_123", "account_id": "acct_1", "livemode": false, "scope": "read_write",
            "connected_at": 1_700_000_000, "disconnected_at": null, "refresh_token": "sealed",
        });
        let mut of_another_kind = row.clone();
        of_another_kind["scope"] = json!("everything");
        is_kept_as(
            live.clone(),
            row.clone(),
            of_another_kind,
            "must be read_write, read_only, express or stripe_apps",
        );

        // The fields of the interface in pkg/stores/store.d.ts, and no others.
        let types = include_str!("../pkg/stores/store.d.ts");
        let (_, interface) = types.split_once("export interface Connection {").unwrap();
        let (interface, _) = interface.split_once("\n}").unwrap();
        let named = interface.lines().filter(|line| line.starts_with("  ") && !line.contains('*'));
        let named: Vec<_> = named.filter_map(|line| line.trim().split(':').next()).collect();
        let kept: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(std::collections::BTreeSet::from_iter(named), std::collections::BTreeSet::from_iter(kept));
    }

    #[test]
    fn a_mode_is_kept_as_stripes_boolean() {
        is_kept_as(Livemode::Live, json!(true), json!("live"), "expected a boolean");
        is_kept_as(Livemode::Test, json!(false), json!(0), "expected a boolean");
    }
}

#[cfg(feature = "edge")]
mod configured {
    use super::*;
    use stripe_connect_oauth::edge::{Config, ConfigBuilder};
    use stripe_connect_oauth::server::{SecretKey, WebhookSecret};

    const CALLBACK: &str = "https://shop.example/connect/callback";

    /// A configuration of values only.
    fn of_values(secret_key: &str, redirect_uri: &str) -> Result<Config, ConnectError> {
        let builder = ConfigBuilder {
            client_id: ClientId::parse("ca_123")?.into(),
            secret_key: SecretKey::parse(secret_key)?.into(),
            redirect_uri: RedirectUri::parse(redirect_uri, None)?.into(),
            webhook_secrets: vec![WebhookSecret::parse("whsec_canary0003")?.into(), "whsec_canary0004".into()],
            cookie_secrets: vec!["canary: thirty-two characters or more".to_owned()],
            ..ConfigBuilder::default()
        };
        assert!(!format!("{builder:?}{:?}", builder.secret_key).contains("canary"));
        builder.build()
    }

    #[test]
    fn values_configure_a_handler_as_texts_do() {
        assert!(of_values("sk_live_canary0002", CALLBACK).is_ok());
        let two = ["https://shop.example/a", "https://shop.example/b"].map(|uri| RedirectUri::parse(uri, None));
        let builder = ConfigBuilder {
            client_id: "ca_123".into(),
            secret_key: String::from("sk_test_canary0001").into(),
            redirect_uris: two.map(|uri| uri.unwrap().into()).to_vec(),
            cookie_secrets: vec!["canary: thirty-two characters or more".to_owned()],
            ..ConfigBuilder::default()
        };
        assert!(builder.build().is_ok());
    }

    #[test]
    fn a_value_that_was_read_without_its_mode_is_read_again_with_it() {
        let here = "http://localhost/connect/callback";
        assert!(of_values("sk_test_canary0001", here).is_ok());
        let refused = of_values("sk_live_canary0002", here).unwrap_err();
        assert_eq!(refused.to_string(), "redirect_uri must use https in live mode");
    }
}
