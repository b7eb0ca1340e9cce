//! A refresh token is kept for a platform that asks for it.

use super::*;

#[test]
fn no_refresh_token_is_kept_unless_the_platform_asks_for_it() {
    let shop = Shop::open();
    assert_eq!(kept_token(&shop, token("rt_canary5")), None);
}

#[test]
fn a_refresh_token_is_kept_sealed_under_the_platforms_secret() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.refresh_token_secrets = vec![REFRESH_SECRET.to_owned()]);
    let sealed = kept_token(&shop, token("rt_canary5")).unwrap();
    assert_no_canary(&sealed);
    assert_no_canary(&printed(&shop.world.store.inner));
    assert_no_canary(&printed(&shop.handler));

    let account = AccountId::parse(ACCOUNT).unwrap();
    let keys = |secrets: &[&str]| {
        let secrets: Vec<_> = secrets.iter().map(|secret| secret.to_string()).collect();
        RefreshTokenKeys::derive(&secrets).unwrap()
    };
    let rolled = keys(&["a newer secret of 32 characters or so", REFRESH_SECRET]);
    assert_eq!(rolled.open(&sealed, &account, Livemode::Test).unwrap().expose(), "rt_canary5");
    assert!(rolled.open(&sealed, &account, Livemode::Live).is_err(), "it is of its mode");
    assert!(rolled.open(&sealed, &AccountId::parse(OTHER).unwrap(), Livemode::Test).is_err(), "and its account");
    assert!(keys(&[support::COOKIE_SECRET]).open(&sealed, &account, Livemode::Test).is_err());
    assert_ne!(kept_token(&shop, token("rt_canary5")).unwrap(), sealed, "no nonce is used twice");

    let mut ada = Browser::of("ada");
    assert!(!ada.open(&shop, "/connect/connections").body.contains("refresh_token"), "not for a browser");
}

#[test]
fn a_connection_without_a_refresh_token_is_kept_all_the_same() {
    let mut shop = Shop::open();
    shop.deploy(|settings| settings.refresh_token_secrets = vec![REFRESH_SECRET.to_owned()]);
    let without = json!({"stripe_user_id": ACCOUNT, "livemode": false, "scope": "read_write"});
    assert_eq!(kept_token(&shop, answers(200, &without)), None);
    assert!(shop.reported().is_empty());
    assert_eq!(kept_token(&shop, token(&format!("rt_{}", "1".repeat(4096)))), None);
    assert_eq!(shop.reported(), ["connected"], "one that can't be sealed is reported");
}

#[test]
fn a_wrong_refresh_token_secret_is_refused_with_the_configuration() {
    let refused = configured(|settings| settings.refresh_token_secrets = vec!["canary".to_owned()]).unwrap_err();
    assert_eq!((refused.code().as_str(), refused.param()), ("invalid_value", "refresh_token_secrets"));
    assert_no_canary(&printed(&refused));
}
