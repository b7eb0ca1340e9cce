//! The pages in another language, and in a platform's own words.

use super::*;
use stripe_connect_oauth::{AccountStatus, Language};

/// A shop whose pages speak this language.
fn shop_in(language: Language) -> Shop {
    let mut shop = Shop::open();
    shop.deploy(|config| config.language = language);
    shop
}

#[test]
fn every_page_and_every_reply_speaks_the_configured_language() {
    let shop = shop_in(Language::GERMAN);
    let mut ada = Browser::of("ada");
    let page = ada.open(&shop, "/connect/result/denied").body;
    assert!(page.contains("<html lang=\"de\"><head>"), "{page}");
    assert!(
        page.contains("<h1>Sie haben abgebrochen</h1>") && page.contains("Es wurde nichts verbunden."),
        "{page}"
    );
    assert!(page.contains("<span>Mit <span class=\"stripe-mark\">Stripe</span> verbinden</span>"), "{page}");
    assert!(page.contains(">Zurück: The &lt;Shop&gt;</a>"), "{page}");

    shop.keep("ada", ACCOUNT, START);
    let form = format!("account={ACCOUNT}");
    let asked = ada.send(&shop, &ada.request(Method::Post, "/connect/disconnect", &[], &form)).body;
    assert!(
        asked.contains("<h1>Möchten Sie Stripe trennen?</h1>") && asked.contains(">Trennen</button>"),
        "{asked}"
    );

    let reply = ada.script(&shop, "/connect/disconnect", "account=acct_1").body;
    let reply: Value = serde_json::from_str(&reply).unwrap();
    assert_eq!(reply["outcome"], "not_connected");
    assert_eq!(reply["hint"], Outcome::NotConnected.hint_in(&Language::GERMAN));
}

#[test]
fn an_accounts_hint_is_in_the_configured_language() {
    let shop = shop_in(Language::GERMAN);
    let (mut ada, callback) = back_from_stripe(&shop, "ada");
    ada.come_back(&shop, &callback);
    let reply = ada.open(&shop, &format!("/connect/account?account={ACCOUNT}")).body;
    assert!(reply.contains(AccountStatus::Active.hint_in(&Language::GERMAN)), "{reply}");
}

#[test]
fn a_platform_without_a_name_has_the_languages_word_for_it() {
    let mut shop = Shop::open();
    for (language, name) in [(Language::ENGLISH, "Back to the site"), (Language::GERMAN, "Zurück: unsere Website")]
    {
        shop.deploy(|config| {
            config.language = language.clone();
            config.platform_name = String::new();
        });
        let page = Browser::of("ada").open(&shop, "/connect/result/denied").body;
        assert!(page.contains(&format!(">{name}</a>")), "{page}");
    }
}

#[test]
fn a_language_from_right_to_left_says_so() {
    let mut language = Language::ENGLISH;
    language.set("lang", "ar").unwrap();
    language.set("dir", "rtl").unwrap();
    let page = Browser::of("ada").open(&shop_in(language), "/connect/result/denied").body;
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\"><head>"), "{page}");
    assert!(page.contains(" dir=\"ltr\"><span>Connect with "), "its button is still English: {page}");
}

#[test]
fn attack_9_markup_in_a_platforms_own_texts_is_text() {
    let mut language = Language::ENGLISH;
    for name in ["denied.title", "denied.hint", "page.back", "confirm.disconnect.label", "platform.name"] {
        language.set(name, "<script>\"'&{platform}").unwrap();
    }
    language.set("button.label", "<script> Stripe").unwrap();
    let mut shop = shop_in(language.clone());
    shop.deploy(|config| {
        config.language = language;
        config.platform_name = String::new();
    });
    let mut ada = Browser::of("ada");
    // `Browser` asserts that no response holds a script.
    let page = ada.open(&shop, "/connect/result/denied").body;
    assert!(page.contains("<h1>&lt;script&gt;&quot;&#39;&amp;{platform}</h1>"), "{page}");
    ada.send(&shop, &ada.request(Method::Post, "/connect/disconnect", &[], "account=acct_1"));
}
