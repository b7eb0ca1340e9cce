//! What people read: every language says everything, and a platform's own words are looked at before they are taken.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use stripe_connect_oauth::{Callback, Direction, ErrorCode, Language, Outcome, Phrase, Rejection, Text};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn every_file_of_a_language_has_its_row() {
    let files: BTreeSet<_> = fs::read_dir(format!("{ROOT}/src/texts"))
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name != "mod")
        .collect();
    assert_eq!(Language::ALL.iter().map(|language| language.tag().to_owned()).collect::<BTreeSet<_>>(), files);
}

#[test]
fn every_text_has_a_name_of_its_own_by_which_it_is_read() {
    let mut names = BTreeSet::new();
    for text in Text::all() {
        assert_eq!(Text::parse(&text.name()), Some(text));
        assert!(names.insert(text.name()), "{}", text.name());
    }
    for name in
        ["", "title", "denied", "denied.", ".title", "denied.label", "account.title", "account.active.title"]
    {
        assert_eq!(Text::parse(name), None, "{name}");
    }
}

#[test]
fn every_text_is_one_that_a_platform_could_give() {
    for language in Language::ALL {
        for text in Text::all() {
            let (name, said) = (text.name(), language.text(text));
            language.clone().set(&name, said).unwrap();
            let is_sentence = said.ends_with('.');
            assert_eq!(is_sentence, name.ends_with(".hint"), "{} {name}: {said}", language.tag());
        }
        assert!(language.text(Text::Phrase(Phrase::PageBack)).contains("{platform}"), "{}", language.tag());
    }
}

#[test]
fn what_a_language_says_is_not_left_in_english() {
    for language in Language::ALL.iter().skip(1) {
        for text in Text::all() {
            assert_ne!(language.text(text), Language::ENGLISH.text(text), "{} {}", language.tag(), text.name());
        }
    }
}

#[test]
fn a_callbacks_hint_is_the_same_in_english_whoever_asks() {
    let rejected = Rejection::ALL.iter().copied().map(Callback::Rejected);
    let others = [
        Callback::None,
        Callback::Denied { verified: true, untrusted_description: None },
        Callback::Failed { error: "invalid_scope".to_owned(), untrusted_description: None },
    ];
    for callback in rejected.chain(others) {
        assert_eq!(callback.hint(), callback.hint_in(&Language::ENGLISH));
        assert_ne!(callback.hint(), callback.hint_in(&Language::GERMAN));
    }
}

#[test]
fn an_outcomes_english_is_what_the_language_says() {
    for outcome in Outcome::ALL {
        let english = &Language::ENGLISH;
        assert_eq!((outcome.title(), outcome.hint()), (outcome.title_in(english), outcome.hint_in(english)));
    }
}

#[test]
fn a_text_that_is_given_later_counts_and_the_others_stay() {
    let mut language = Language::GERMAN;
    language.set("denied.title", "Schade").unwrap();
    language.set("denied.title", "Wie Sie möchten").unwrap();
    language.set("lang", "de-AT").unwrap();
    language.set("dir", "rtl").unwrap();
    assert_eq!(language.text(Text::Title(Outcome::Denied)), "Wie Sie möchten");
    assert_eq!(Outcome::Denied.hint_in(&language), Outcome::Denied.hint_in(&Language::GERMAN));
    assert_eq!((language.tag(), language.direction()), ("de-AT", Direction::RightToLeft));
}

#[test]
fn what_is_no_text_is_refused_by_name() {
    use ErrorCode::{InvalidValue, TooLong, UnknownParameter};
    let long = "a".repeat(Language::MAX_BYTES + 1);
    for (name, value, code, what) in [
        ("deneid.title", "No", UnknownParameter, "is not a parameter here: check its spelling"),
        ("denied.title", "", InvalidValue, "must be a line of text"),
        ("denied.title", "  ", InvalidValue, "must be a line of text"),
        ("denied.title", "a\nb", InvalidValue, "must be a line of text"),
        ("denied.title", &long, TooLong, "is longer than 1000 bytes"),
        ("button.label", "Connect", InvalidValue, "must hold the word Stripe once"),
        ("button.label", "Stripe and Stripe", InvalidValue, "must hold the word Stripe once"),
        ("lang", "d", InvalidValue, "must be a language tag such as en or de-AT"),
        ("lang", "de\"><script>", InvalidValue, "must be a language tag such as en or de-AT"),
        ("lang", &long, InvalidValue, "must be a language tag such as en or de-AT"),
        ("dir", "up", InvalidValue, "must be ltr or rtl"),
    ] {
        let error = Language::ENGLISH.clone().set(name, value).unwrap_err();
        assert_eq!((error.code(), error.param()), (code, name), "{value}");
        assert_eq!(error.message(), format!("{name} {what}"));
    }
}

/// What happens to a person's money is not ours to speak of, and nothing is ever charged here.
#[test]
fn what_is_our_mistake_is_said_to_be_and_nothing_is_said_of_charges() {
    for outcome in [Outcome::ConfigMismatch, Outcome::ModeMismatch, Outcome::NotOurs] {
        assert_eq!(outcome.title(), "This is our mistake, not yours");
        assert!(outcome.hint().contains("we have been told"), "{outcome}");
    }
    for language in Language::ALL {
        for text in Text::all() {
            let said = language.text(text);
            assert!(!said.contains("charged") && !said.contains("berechnet"), "{} {said}", text.name());
        }
    }
}

#[test]
fn a_link_that_was_used_says_that_the_account_may_be_connected() {
    let used = Outcome::Rejected(Rejection::AlreadyUsed);
    assert!(used.hint().starts_with("If you connected your account a moment ago, it is connected."));
}
