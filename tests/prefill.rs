//! Prefill: Stripe ignores a bad value silently, so each rule of each field is held here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "prefill/typed.rs"]
mod typed;

use proptest::prelude::*;
use std::fmt::Debug;
use stripe_connect_oauth::ErrorCode::{InvalidValue, MissingParameter, TooLong, UnknownParameter};
use stripe_connect_oauth::PrefillField::{self, *};
use stripe_connect_oauth::{AuthorizeUrl, ClientId, ConnectError, ErrorCode, Flow, Prefill};

// `make browser` runs these in three browsers as well.
#[cfg(not(target_arch = "wasm32"))]
use std::prelude::v1::test;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// `result` is an error with exactly this code, parameter and message; the message begins with the parameter.
#[track_caller]
fn assert_refused<T: Debug>(result: Result<T, ConnectError>, code: ErrorCode, param: &str, what: &str) {
    let error = result.expect_err("was accepted");
    assert_eq!((error.code(), error.param()), (code, param), "{error}");
    assert_eq!(error.message(), format!("{param} {what}"));
}

/// What the authorize URL of `flow` says of this prefill.
fn build(flow: Flow, prefill: &Prefill) -> Result<String, ConnectError> {
    let client_id = ClientId::parse("ca_123").unwrap();
    let state = stripe_connect_oauth::State::from_random([7; 32]);
    let mut url = AuthorizeUrl::new(&client_id, &state);
    url.flow = flow;
    url.stripe_user = prefill.clone();
    url.build()
}

#[track_caller]
fn takes(field: PrefillField, values: &[&str]) {
    for value in values {
        Prefill::default().set(field, value).unwrap();
    }
}

#[track_caller]
fn refuses(field: PrefillField, what: &str, values: &[&str]) {
    for value in values {
        assert_refused(Prefill::default().set(field, value), InvalidValue, field.as_str(), what);
    }
    let long = Prefill::default().set(field, &"a".repeat(501));
    assert_refused(long, TooLong, field.as_str(), "is longer than 500 bytes");
}

const CODE: &str = "must be a code of two capital letters such as CA";
const LINE: &str = "must be text on one line, not blank";

#[track_caller]
fn is_a_line(field: PrefillField) {
    takes(field, &["Jeanine & Jerome's Jellies <GmbH>", "太郎", "ビル 3F", "O'Brien-Ünsal", "1", &"é".repeat(250)]);
    refuses(field, LINE, &["", "   ", "two\nlines", "\t", "nul\0", "del\u{7f}"]);
}

/// Prefill of these fields, in this order.
fn prefill_of(fields: &[(PrefillField, &str)]) -> Prefill {
    let mut prefill = Prefill::default();
    for (field, value) in fields {
        prefill.set(*field, value).unwrap();
    }
    prefill
}

/// `with` alone is refused in the Standard flow, naming what is missing or wrong; `and` mends it.
#[track_caller]
fn needs(with: &[(PrefillField, &str)], code: ErrorCode, param: &str, what: &str, and: &[(PrefillField, &str)]) {
    let mut prefill = prefill_of(with);
    assert_refused(prefill.check(Flow::Standard), code, param, what);
    for (field, value) in and {
        prefill.set(*field, value).unwrap();
    }
    assert_eq!(prefill.check(Flow::Standard), Ok(()));
}

#[track_caller]
fn needs_country(field: PrefillField, value: &str) {
    let what = format!("is missing: {} needs it", field.as_str());
    needs(&[(field, value)], MissingParameter, "stripe_user[country]", &what, &[(Country, "US")]);
}

#[track_caller]
fn needs_japan(field: PrefillField, value: &str) {
    let what = format!("must be JP: {} needs it", field.as_str());
    let japan = [(Country, "JP"), (Zip, "150-0001")];
    needs(&[(field, value)], MissingParameter, "stripe_user[country]", &what, &japan);
    needs(&[(Country, "US"), (field, value)], InvalidValue, "stripe_user[country]", &what, &japan);
}

#[track_caller]
fn needs_japanese_zip(field: PrefillField) {
    needs_japan(field, "ビル");
    let what = format!("must be a Japanese postal code such as 150-0001: {} needs it", field.as_str());
    let here = [(Country, "JP"), (field, "ビル")];
    needs(&here, MissingParameter, "stripe_user[zip]", &what, &[(Zip, "1500001")]);
    for zip in ["94103", "1500-001", "150-00010", "15-00001", "150-000x", "15000010", "150 0001", "１５０-0001"]
    {
        let here = [(Zip, zip), (Country, "JP"), (field, "ビル")];
        needs(&here, InvalidValue, "stripe_user[zip]", &what, &[(Zip, "150-0001")]);
    }
}

#[track_caller]
fn is_standard_only(field: PrefillField, value: &str) {
    let prefill = prefill_of(&[(Country, "JP"), (Zip, "150-0001"), (field, value)]);
    assert_eq!(prefill.check(Flow::Standard), Ok(()));
    let alone = prefill_of(&[(field, value)]);
    for flow in [Flow::Express, Flow::App] {
        let what = format!("is not part of the {} flow: leave it out", flow.as_str());
        assert_refused(build(flow, &alone), UnknownParameter, field.as_str(), &what);
    }
}

/// Both flows of Connect have it, Stripe Apps have not.
#[track_caller]
fn is_for_connect(field: PrefillField, value: &str) {
    let prefill = prefill_of(&[(field, value)]);
    assert!(build(Flow::Express, &prefill).is_ok());
    let app = build(Flow::App, &prefill);
    assert_refused(app, UnknownParameter, field.as_str(), "is not part of the app flow: leave it out");
}

#[test]
fn prefill_email_is_an_address() {
    let longest = format!("{}@example.com", "a".repeat(500 - 12));
    takes(Email, &["ada@example.com", "a+b.c'd@mail.example.co.uk", "ådå@exämple.com", &longest]);
    let bad = [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@localhost",
        "ada@example.",
        "ada@.com",
        "ada@b@example.com",
        "ada b@example.com",
        "ada@example.com\n",
        "Ada <ada@example.com>",
    ];
    refuses(Email, "must be an e-mail address such as ada@example.com", &bad);
    is_for_connect(Email, "ada@example.com");
}

#[test]
fn prefill_url_has_its_scheme() {
    takes(Url, &["https://shop.example/ada?x=1", "http://shop.example"]);
    refuses(Url, "must be absolute and begin with https://", &["", "shop.example", "ftp://shop.example"]);
    refuses(Url, "has no valid host and port", &["https://", "http://shop..example"]);
    refuses(Url, "must not hold a user name or password", &["https://u@shop.example"]);
    is_for_connect(Url, "https://shop.example");
}

#[test]
fn prefill_country_is_two_capital_letters() {
    takes(Country, &["US", "CA", "JP"]);
    refuses(Country, CODE, &["", "us", "USA", "U1", "É", "U S"]);
    is_for_connect(Country, "US");
}

#[test]
fn prefill_phone_number_is_10_digits_and_needs_country() {
    takes(PhoneNumber, &["4155552671", "0000000000"]);
    let bad = ["", "415555267", "41555526710", "415-555-2671", "+14155552671", "415555267x", "４155552671"];
    refuses(PhoneNumber, "must be 10 digits and nothing else", &bad);
    needs_country(PhoneNumber, "4155552671");
}

#[test]
fn prefill_business_name_is_text() {
    is_a_line(BusinessName);
    is_for_connect(BusinessName, "Acme");
}

#[test]
fn prefill_business_type_is_of_the_flow() {
    let standard = ["sole_prop", "corporation", "non_profit", "partnership", "llc"];
    let express = ["individual", "company"];
    takes(BusinessType, &standard);
    takes(BusinessType, &express);
    let all = "must be sole_prop, corporation, non_profit, partnership, llc, individual or company";
    refuses(BusinessType, all, &["", "Restaurant", "LLC", "sole_prop,", "or", "sole prop"]);
    let of = |word: &str| prefill_of(&[(BusinessType, word)]);
    for word in standard {
        assert_eq!(of(word).check(Flow::Standard), Ok(()));
        let what = "must be individual or company";
        assert_refused(of(word).check(Flow::Express), InvalidValue, "stripe_user[business_type]", what);
    }
    for word in express {
        assert_eq!(of(word).check(Flow::Express), Ok(()));
        let what = "must be sole_prop, corporation, non_profit, partnership or llc";
        assert_refused(of(word).check(Flow::Standard), InvalidValue, "stripe_user[business_type]", what);
    }
}

#[test]
fn prefill_first_name_is_text() {
    is_a_line(FirstName);
    is_for_connect(FirstName, "Ada");
}

#[test]
fn prefill_last_name_is_text() {
    is_a_line(LastName);
    is_for_connect(LastName, "Lovelace");
}

#[test]
fn prefill_dob_day_is_1_to_31() {
    takes(DobDay, &["1", "9", "10", "31"]);
    refuses(DobDay, "must be a number from 1 to 31", &["", "0", "32", "07", "-1", "1.5", "x", " 1", "+1", "1e1"]);
}

#[test]
fn prefill_dob_month_is_1_to_12() {
    takes(DobMonth, &["1", "12"]);
    refuses(DobMonth, "must be a number from 1 to 12", &["", "0", "13", "07", "July"]);
}

#[test]
fn prefill_dob_year_is_after_1900() {
    takes(DobYear, &["1901", "1985", "9999"]);
    refuses(DobYear, "must be a number from 1901 to 9999", &["", "1900", "10000", "85", "01985"]);
}

#[test]
fn prefill_dob_is_all_three_or_none() {
    let parts = [(DobDay, "31"), (DobMonth, "12"), (DobYear, "1985")];
    assert_eq!(prefill_of(&parts).check(Flow::Express), Ok(()));
    for (at, missing) in parts.iter().enumerate() {
        let others: Vec<_> = parts.iter().copied().filter(|part| part != missing).collect();
        let what = format!("is missing: {} needs it", others[0].0.as_str());
        needs(&others, MissingParameter, missing.0.as_str(), &what, &[*missing]);
        let first_missing = parts[usize::from(at == 0)];
        let what = format!("is missing: {} needs it", missing.0.as_str());
        let refused = prefill_of(&[*missing]).check(Flow::Standard);
        assert_refused(refused, MissingParameter, first_missing.0.as_str(), &what);
    }
}

#[test]
fn prefill_street_address_is_text_and_standard_only() {
    is_a_line(StreetAddress);
    is_standard_only(StreetAddress, "123 Main St");
}

#[test]
fn prefill_city_is_text_and_standard_only_and_does_without_country() {
    is_a_line(City);
    is_standard_only(City, "San Francisco");
    assert_eq!(prefill_of(&[(City, "Berlin")]).check(Flow::Standard), Ok(()));
}

#[test]
fn prefill_state_is_two_capital_letters_and_needs_country_and_is_standard_only() {
    takes(State, &["NY", "AB"]);
    refuses(State, CODE, &["", "ny", "New York", "N", "N1"]);
    needs_country(State, "NY");
    is_standard_only(State, "NY");
}

#[test]
fn prefill_zip_is_text_and_standard_only_and_does_without_country() {
    is_a_line(Zip);
    is_standard_only(Zip, "150-0001");
    assert_eq!(prefill_of(&[(Zip, "SW1A 1AA")]).check(Flow::Standard), Ok(()));
}

#[test]
fn prefill_physical_product_is_true_or_false_and_standard_only() {
    takes(PhysicalProduct, &["true", "false"]);
    refuses(PhysicalProduct, "must be true or false", &["", "True", "yes", "1", "Food", "or"]);
    is_standard_only(PhysicalProduct, "true");
}

#[test]
fn prefill_product_description_is_text() {
    is_a_line(ProductDescription);
    is_for_connect(ProductDescription, "Jellies");
}

#[test]
fn prefill_currency_is_three_small_letters_and_needs_country_and_is_standard_only() {
    takes(Currency, &["usd", "jpy"]);
    refuses(Currency, "must be a code of three small letters such as usd", &["", "USD", "us", "usdt", "u5d", "é"]);
    needs_country(Currency, "usd");
    is_standard_only(Currency, "jpy");
}

#[test]
fn prefill_names_in_kana_and_kanji_need_japan() {
    for field in [FirstNameKana, FirstNameKanji, LastNameKana, LastNameKanji] {
        is_a_line(field);
        needs_japan(field, "タロウ");
        assert_eq!(prefill_of(&[(Country, "JP"), (field, "太郎")]).check(Flow::Express), Ok(()));
    }
}

#[test]
fn prefill_gender_is_male_or_female_and_needs_japan() {
    takes(Gender, &["male", "female"]);
    refuses(Gender, "must be male or female", &["", "Male", "f", "other", "or"]);
    needs_japan(Gender, "female");
    assert_eq!(prefill_of(&[(Gender, "male"), (Country, "JP")]).check(Flow::Express), Ok(()));
}

#[test]
fn prefill_block_needs_japan_and_its_postal_code_and_is_standard_only() {
    for field in [BlockKana, BlockKanji] {
        is_a_line(field);
        needs_japanese_zip(field);
        is_standard_only(field, "番");
    }
}

#[test]
fn prefill_building_needs_japan_and_its_postal_code_and_is_standard_only() {
    for field in [BuildingKana, BuildingKanji] {
        is_a_line(field);
        needs_japanese_zip(field);
        is_standard_only(field, "ビル");
    }
}

/// Every field, by the name it has inside `stripe_user`, with a right value.
const FIELDS: [(&str, &str); 27] = [
    ("email", "ada@example.com"),
    ("url", "https://ada.example"),
    ("country", "JP"),
    ("phone_number", "4155552671"),
    ("business_name", "Ada"),
    ("business_type", "llc"),
    ("first_name", "Ada"),
    ("last_name", "Lovelace"),
    ("dob_day", "10"),
    ("dob_month", "12"),
    ("dob_year", "1985"),
    ("street_address", "1 Main St"),
    ("city", "Tokyo"),
    ("state", "NY"),
    ("zip", "150-0001"),
    ("physical_product", "false"),
    ("product_description", "Engines"),
    ("currency", "jpy"),
    ("first_name_kana", "エイダ"),
    ("first_name_kanji", "太郎"),
    ("last_name_kana", "ラブレス"),
    ("last_name_kanji", "山田"),
    ("gender", "female"),
    ("block_kana", "1-2"),
    ("block_kanji", "一番"),
    ("building_kana", "ビル 3F"),
    ("building_kanji", "館"),
];

#[test]
fn a_prefilled_field_is_known_by_stripes_name() {
    let mut prefill = Prefill::default();
    for (name, value) in FIELDS {
        let field = PrefillField::parse(name).unwrap();
        assert_eq!(field.as_str(), format!("stripe_user[{name}]"));
        prefill.set(field, value).unwrap();
    }
    assert_eq!(prefill.check(Flow::Standard), Ok(()), "all of them together");
    for (name, meant) in [
        ("", None),
        ("name", None),
        ("maiden_name", None),
        ("stripe_user[email]", None),
        ("Email", Some("email")),
        ("frist_name", Some("first_name")),
        ("phoneNumber", Some("phone_number")),
        ("email]", Some("email")),
    ] {
        // The smallest build has no room for it.
        let what = match meant.filter(|_| cfg!(feature = "server")) {
            None => "is not a parameter here: check its spelling".to_owned(),
            Some(meant) => format!("is not a parameter here: did you mean stripe_user[{meant}]?"),
        };
        let what = &*what;
        let param = format!("stripe_user[{name}]");
        assert_refused(PrefillField::parse(name), UnknownParameter, &param, what);
    }
}

#[test]
fn a_prefilled_field_that_stripe_has_no_more_is_refused_with_a_hint() {
    for name in ["shipping_days", "product_category", "average_payment", "past_year_volume"] {
        let param = format!("stripe_user[{name}]");
        let what = "is no longer a field of Stripe's: leave it out";
        assert_refused(PrefillField::parse(name), UnknownParameter, &param, what);
    }
}
