//! What people typed.

use super::{test, *};

type Typed = [(PrefillField, &'static str)];

/// `typed` as it is after the cleaning, and the names of what was left out.
fn cleaned(flow: Flow, typed: &[(PrefillField, &str)]) -> (Vec<(String, String)>, Vec<String>) {
    let (prefill, dropped) = Prefill::clean(flow, typed.iter().copied());
    assert_eq!(prefill.check(flow), Ok(()), "{typed:?}");
    let url = build(flow, &prefill).unwrap();
    let query = url.split_once('?').unwrap().1;
    let name = |param: &str| Some(param.strip_prefix("stripe_user[")?.strip_suffix(']')?.to_owned());
    let kept = form_urlencoded::parse(query.as_bytes());
    let kept = kept.filter_map(|(param, value)| Some((name(&param)?, value.into_owned())));
    (kept.collect(), dropped.iter().map(|dropped| name(dropped.field.as_str()).unwrap()).collect())
}

#[test]
fn what_a_person_typed_is_put_right_where_it_is_certain() {
    let table: &[(&Typed, PrefillField, &str)] = &[
        (&[(Email, " ada@example.com\n")], Email, "ada@example.com"),
        (&[(FirstName, "\u{a0}Ada Maria\t")], FirstName, "Ada Maria"),
        (&[(Url, "www.shop.example")], Url, "https://www.shop.example"),
        (&[(Url, " Shop.Example/Ada?a=http://b ")], Url, "https://Shop.Example/Ada?a=http://b"),
        (&[(Url, "HTTP://Shop.example/A")], Url, "http://Shop.example/A"),
        (&[(Country, " gb ")], Country, "GB"),
        (&[(Country, "us"), (State, "ny")], State, "NY"),
        (&[(State, "ny"), (Country, "us")], State, "NY"),
        (&[(Country, "DE"), (Currency, "EUR")], Currency, "eur"),
        (&[(BusinessType, "LLC")], BusinessType, "llc"),
        (&[(PhysicalProduct, "True")], PhysicalProduct, "true"),
        (&[(Country, "JP"), (Gender, "Female")], Gender, "female"),
        (&[(Country, "us"), (PhoneNumber, "(415) 555-2671")], PhoneNumber, "4155552671"),
        (&[(PhoneNumber, "+1 415.555.2671"), (Country, "us")], PhoneNumber, "4155552671"),
        (&[(PhoneNumber, "1-415-555-2671"), (Country, "CA")], PhoneNumber, "4155552671"),
        (&[(PhoneNumber, "1234567890"), (Country, "CA")], PhoneNumber, "1234567890"),
        (&[(PhoneNumber, "01 23 45 67 89"), (Country, "FR")], PhoneNumber, "0123456789"),
        (&[(DobDay, "07"), (DobMonth, "02"), (DobYear, " 1985")], DobDay, "7"),
    ];
    for (typed, field, wanted) in table {
        let (kept, dropped) = cleaned(Flow::Standard, typed);
        let name = field.as_str().trim_start_matches("stripe_user[").trim_end_matches(']');
        assert_eq!(
            kept.iter().find(|(kept, _)| kept == name).map(|(_, value)| &**value),
            Some(*wanted),
            "{typed:?}"
        );
        assert_eq!(dropped, [""; 0], "{typed:?}");
    }
}

#[test]
fn what_cannot_be_right_is_left_out_and_what_needed_it_too() {
    const LONG: &str = match str::from_utf8(&[b'a'; 501]) {
        Ok(text) => text,
        Err(_) => "",
    };
    let table: &[(Flow, &Typed, &[&str])] = &[
        (
            Flow::Standard,
            &[(FirstName, ""), (LastName, "  "), (Email, "ada")],
            &["first_name", "last_name", "email"],
        ),
        (Flow::Standard, &[(BusinessName, "two\nlines"), (City, LONG)], &["business_name", "city"]),
        (Flow::Standard, &[(Country, "GB"), (PhoneNumber, "07911123456")], &["phone_number"]),
        (Flow::Standard, &[(Country, "GB"), (PhoneNumber, "+44 20 7946 0958")], &["phone_number"]),
        (Flow::Standard, &[(Country, "GB"), (PhoneNumber, "+1 415 555 2671")], &["phone_number"]),
        (Flow::Standard, &[(Country, "France"), (Currency, "eur")], &["country", "currency"]),
        (Flow::Standard, &[(State, "NY"), (PhoneNumber, "4155552671")], &["state", "phone_number"]),
        (Flow::Standard, &[(Country, "US"), (State, "New York")], &["state"]),
        (Flow::Standard, &[(DobDay, "1"), (DobMonth, "2")], &["dob_day", "dob_month"]),
        (
            Flow::Standard,
            &[(DobYear, "85"), (DobDay, "1"), (DobMonth, "00")],
            &["dob_year", "dob_month", "dob_day"],
        ),
        (Flow::Standard, &[(Country, "US"), (Gender, "female")], &["gender"]),
        (Flow::Standard, &[(Country, "JP"), (Zip, "1-1"), (BlockKana, "1")], &["block_kana"]),
        (Flow::Standard, &[(BusinessType, "company")], &["business_type"]),
        (Flow::Express, &[(BusinessType, "llc"), (Zip, "94103")], &["business_type", "zip"]),
        (Flow::App, &[(Email, "ada@example.com")], &["email"]),
    ];
    for (flow, typed, wanted) in table {
        let (kept, dropped) = cleaned(*flow, typed);
        assert_eq!(dropped, *wanted, "{typed:?}");
        assert_eq!(kept.len() + dropped.len(), typed.len(), "{typed:?}");
    }
}

#[test]
fn what_is_no_web_address_is_not_made_one() {
    let not = ["shop", "n/a", "none", "@ada", "ada@shop.example", "ftp://shop.example", "my shop.example", "9.99"];
    for typed in not {
        assert_eq!(cleaned(Flow::Standard, &[(Url, typed)]).1, ["url"], "{typed}");
    }
}

#[test]
fn what_was_left_out_says_which_rule_it_broke_and_not_what_was_typed() {
    let (_, dropped) = Prefill::clean(Flow::Standard, [(PhoneNumber, "canary"), (State, "NY")]);
    let said: Vec<_> = dropped.iter().map(ToString::to_string).collect();
    let missing = "stripe_user[country] is missing: stripe_user[state] needs it";
    let wanted = [
        "stripe_user[phone_number] was left out: must be 10 digits and nothing else".to_owned(),
        format!("stripe_user[state] was left out: {missing}"),
    ];
    assert_eq!(said, wanted);
    for (name, _) in FIELDS {
        let field = PrefillField::parse(name).unwrap();
        let (_, dropped) = Prefill::clean(Flow::Standard, [(field, "canary\ncanary")]);
        let said = dropped[0].to_string();
        assert!(
            said.starts_with(&format!("stripe_user[{name}] was left out: ")) && !said.contains("canary"),
            "{said}"
        );
    }
}

const FLOWS: [Flow; 3] = [Flow::Standard, Flow::Express, Flow::App];

/// Texts as people type them, and some that nobody would.
fn typed_text() -> impl Strategy<Value = String> {
    let likely =
        ["us", "JP", "GB", " ny ", "usd", "USD", "male", "llc", "07", "12", "1985", "150-0002", "true", ""];
    let others = ["www.shop.example", "(415) 555-2671", "+1 415 555 2671", "ada@mail.example", "ビル"];
    prop_oneof![
        3 => prop::sample::select([&likely[..], &others[..]].concat()).prop_map(str::to_owned),
        1 => "[ -~]{0,20}",
        1 => any::<String>(),
        1 => "[0-9+() .-]{8,16}",
    ]
}

proptest! {
    #[test]
    fn whatever_was_typed_the_rest_is_right_and_clean_again_changes_nothing(
        typed in prop::collection::vec((prop::sample::select(&FIELDS[..]), typed_text()), 0..12),
        flow in prop::sample::select(&FLOWS[..]),
    ) {
        let typed: Vec<_> = typed.iter().map(|((name, _), text)| (PrefillField::parse(name).unwrap(), &**text)).collect();
        let (kept, _) = cleaned(flow, &typed);
        let again: Vec<_> = kept.iter().map(|(name, value)| (PrefillField::parse(name).unwrap(), &**value)).collect();
        let (kept_again, dropped_again) = cleaned(flow, &again);
        prop_assert_eq!(kept_again, kept);
        prop_assert_eq!(dropped_again, [""; 0]);
    }

    #[test]
    fn what_was_right_stays_as_it_was(
        texts in prop::collection::vec((prop::sample::select(&FIELDS[..]), typed_text()), 0..12),
    ) {
        // Right by the rules for developers, and without white space around it.
        let mut right = Prefill::default();
        let mut fields = Vec::new();
        for ((name, _), text) in &texts {
            let field = PrefillField::parse(name).unwrap();
            if text.trim() == text && !fields.iter().any(|(set, _)| *set == field) && right.set(field, text).is_ok() {
                fields.push((field, &**text));
            }
        }
        if right.check(Flow::Standard).is_err() {
            return Ok(());
        }
        let (kept, dropped) = cleaned(Flow::Standard, &fields);
        prop_assert_eq!(dropped, [""; 0]);
        let wanted: Vec<_> = fields.iter().map(|(field, text)| (field.as_str(), *text)).collect();
        let kept: Vec<_> = kept.iter().map(|(name, value)| (PrefillField::parse(name).unwrap().as_str(), &**value)).collect();
        prop_assert_eq!(kept, wanted);
    }
}
