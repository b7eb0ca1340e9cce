//! What came back. `{S}` stands for the right state.

use super::{test, *};

#[track_caller]
fn assert_rejected(query: &str, rejection: Rejection) {
    let callback = callback(query);
    assert!(matches!(callback, Callback::Rejected(why) if why == rejection), "{query}: {callback:?}");
}

#[test]
fn a_code_with_the_right_state_is_authorized() {
    let code = || "ac_123".to_owned();
    let table = [
        ("?code=ac_123&state={S}", None),
        ("?scope=read_write&code=ac_123&state={S}", Some(Scope::ReadWrite)),
        ("?state={S}&code=ac_123&scope=read_only", Some(Scope::ReadOnly)),
        ("?state={S}&code=ac_123&scope=express", None),
        ("state={S}&code=ac_123", None),
        ("https://shop.example/back?code=ac_123&state={S}", None),
        ("https://shop.example/back?from=stripe&code=ac_123&state={S}#top", None),
        ("?&&code=ac_123&&state={S}&", None),
        ("?code=ac%5F123&state={S}", None),
    ];
    for (query, scope) in table {
        assert_eq!(authorized(callback(query)), (code(), scope), "{query}");
    }
    let callback = callback("?code=ac_123&state={S}");
    assert_eq!((callback.hint(), callback.untrusted_description()), ("", None));
}

#[test]
fn an_address_without_a_query_is_no_callback_whatever_its_path_looks_like() {
    for address in
        ["https://shop.example/&code=ac_123&state={S}", "/back&code=ac_123&state={S}", "mailto:&state={S}"]
    {
        assert!(matches!(callback(address), Callback::None), "{address}");
    }
}

#[test]
fn attack_7_a_repeated_parameter_is_refused() {
    for name in ["code", "state", "error", "error_description", "scope", "iss"] {
        for other in ["x", "", "ac_123", "{S}"] {
            let query = format!("?code=ac_123&state={{S}}&{name}={other}&{name}=x");
            assert_rejected(&query, Rejection::DuplicateParameter);
        }
    }
    assert_rejected("?code=ac_1&code=ac_1&state={S}", Rejection::DuplicateParameter);
    assert_rejected("?code=ac_1&state={S}&state={S}", Rejection::DuplicateParameter);
    assert_rejected("?code=ac_1&c%6fde=ac_2&state={S}", Rejection::DuplicateParameter);
    assert_rejected("?error=access_denied&error=access_denied", Rejection::DuplicateParameter);
}

#[test]
fn a_code_and_an_error_together_are_refused() {
    assert_rejected("?code=ac_123&error=access_denied&state={S}", Rejection::ConflictingParameters);
    assert_rejected("?code=ac_123&error=access_denied", Rejection::ConflictingParameters);
    assert_rejected("?code=&error=&state={S}", Rejection::ConflictingParameters);
}

#[test]
fn a_state_without_code_or_error_is_half_an_answer() {
    assert_rejected("?state={S}", Rejection::ConflictingParameters);
    assert_rejected("?state={S}&scope=read_write", Rejection::ConflictingParameters);
}

#[test]
fn a_missing_state_is_refused() {
    assert_rejected("?code=ac_123", Rejection::StateMissing);
    assert_rejected("?error=invalid_scope", Rejection::StateMissing);
}

#[test]
fn a_wrong_state_is_refused() {
    let almost = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBws";
    for wrong in ["", "x", almost, "{S}A", "{S}%00", "%20{S}", "+{S}"] {
        assert_rejected(&format!("?code=ac_123&state={wrong}"), Rejection::StateMismatch);
        assert_rejected(&format!("?error=access_denied&state={wrong}"), Rejection::StateMismatch);
        assert_rejected(&format!("?error=invalid_scope&state={wrong}"), Rejection::StateMismatch);
    }
}

#[test]
fn attack_10_a_denial_is_verified_only_with_the_right_state() {
    let denied = |query: &str| match callback(query) {
        Callback::Denied { verified, untrusted_description } => (verified, untrusted_description),
        other => panic!("{query}: {other:?}"),
    };
    let text = Some("The user denied your request".to_owned());
    assert_eq!(denied("?error=access_denied&state={S}"), (true, None));
    assert_eq!(denied("?error=access_denied"), (false, None));
    let plus = "?error=access_denied&error_description=The+user+denied+your+request";
    let percent = "?error=access_denied&error_description=The%20user%20denied%20your%20request";
    assert_eq!(denied(&format!("{plus}&state={{S}}")), (true, text.clone()));
    assert_eq!(denied(&format!("{percent}&state={{S}}")), (true, text.clone()));
    assert_eq!(denied(plus), (false, text.clone()));
    assert_eq!(denied(percent), (false, text));
}

#[test]
fn another_error_of_stripes_is_failed_with_its_code() {
    let failed = |query: &str| match callback(query) {
        Callback::Failed { error, .. } => error,
        other => panic!("{query}: {other:?}"),
    };
    assert_eq!(failed("?error=invalid_scope&state={S}"), "invalid_scope");
    assert_eq!(failed(&format!("?error={}&state={{S}}", "a".repeat(64))), "a".repeat(64));
    for junk in ["", "Access_Denied", "<script>", "a-b", "access_denied%00", &"a".repeat(65)] {
        assert_rejected(&format!("?error={junk}&state={{S}}"), Rejection::Malformed);
    }
}

#[test]
fn broken_percent_encoding_is_malformed() {
    for broken in ["%", "%4", "%zz", "%+1", "a%"] {
        for name in ["code", "state", "error", "error_description", "scope", "iss"] {
            let rest = ["code=ac_1", "state={S}"].into_iter().filter(|pair| !pair.starts_with(name));
            let query = format!("?{}&{name}={broken}", rest.collect::<Vec<_>>().join("&"));
            assert_rejected(&query, Rejection::Malformed);
        }
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_malformed() {
    for bytes in ["%ff", "%c3", "%c0%80", "%ed%a0%80", "%f5%80%80%80"] {
        assert_rejected(&format!("?code=ac_1{bytes}&state={{S}}"), Rejection::Malformed);
        assert_rejected(
            &format!("?error=access_denied&state={{S}}&error_description={bytes}"),
            Rejection::Malformed,
        );
    }
}

#[test]
fn a_code_that_stripe_does_not_write_is_malformed() {
    let long = format!("ac_{}", "a".repeat(252));
    assert_eq!(authorized(callback(&format!("?code={long}&state={{S}}"))).0, long);
    let too_long = format!("{long}a");
    for code in
        ["", "ac_", "AC_1", "sk_test_1", "ac_1%20", "ac_%00", "ac_1%26x", "ac_a-b", "ac_%C3%A9", "+ac_1", &too_long]
    {
        assert_rejected(&format!("?code={code}&state={{S}}"), Rejection::Malformed);
    }
}

#[test]
fn attack_6_an_issuer_is_unexpected() {
    assert_rejected("?code=ac_1&state={S}&iss=https://evil.example", Rejection::UnexpectedIssuer);
    assert_rejected("?code=ac_1&state={S}&iss=", Rejection::UnexpectedIssuer);
    assert_rejected("?error=access_denied&iss=https://connect.stripe.com", Rejection::UnexpectedIssuer);
}

#[test]
fn a_callback_over_8192_bytes_is_refused_before_it_is_read() {
    assert_eq!(MAX_CALLBACK_BYTES, 8192);
    let query = format!("?code=ac_1&state={}&pad=", state().as_str());
    let padded = |length: usize| format!("{query}{}", "a".repeat(length - query.len()));
    assert_eq!(authorized(callback(&padded(8192))).0, "ac_1");
    assert_rejected(&padded(8193), Rejection::TooLong);
    assert_rejected(&"a".repeat(8193), Rejection::TooLong);
    assert_eq!(CallbackQuery::read(&padded(8193)).state(), None);
}

#[test]
fn no_parameter_of_the_protocol_is_no_callback() {
    let nothing = [
        "",
        "?",
        "#",
        "?#",
        "?tab=2",
        "https://shop.example/",
        "https://shop.example/?tab=2&page=%zz",
        "/code",
        "https://shop.example/code=ac_1",
        "?scope=all",
        "?iss=x",
        "?error_description=x",
        "?Code=ac_1&STATE={S}",
        // Another grant's answer (RFC 9700 §4.6): no token is taken from a redirect.
        "?access_token=sk_test_1&token_type=bearer",
        "https://shop.example/#access_token=sk_test_1&token_type=bearer&state={S}",
    ];
    for nothing in nothing {
        assert!(matches!(callback(nothing), Callback::None), "{nothing}");
    }
}

#[test]
fn a_parameters_name_may_be_percent_encoded() {
    assert_eq!(authorized(callback("?c%6Fde=ac_1&%73%74ate={S}")).0, "ac_1");
}

#[test]
fn the_fragment_is_no_part_of_the_query() {
    assert!(matches!(callback("https://shop.example/#?code=ac_1&state={S}"), Callback::None));
    assert_rejected("?code=ac_1#&state={S}", Rejection::StateMissing);
    assert_eq!(authorized(callback("?code=ac_1&state={S}#code=ac_2")).0, "ac_1");
}

#[test]
fn unrelated_parameters_are_passed_over_even_when_broken() {
    assert_eq!(authorized(callback("?x=%zz&%zz=1&y=%ff&=&code=ac_1&state={S}&x=2&x=3&codes=1")).0, "ac_1");
}

#[test]
fn attack_9_an_error_description_is_capped_stripped_and_named_untrusted() {
    let described = |text: &str| {
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let failed = callback(&format!("?error=server_error&state={{S}}&error_description={encoded}"));
        failed.untrusted_description().map(str::to_owned)
    };
    let markup = "<img src=x onerror=alert(1)>";
    assert_eq!(described(markup).as_deref(), Some(markup), "kept for logs");
    assert_eq!(
        described("a\r\n2026 fake log line\u{1b}[31m\0\u{85}b").as_deref(),
        Some("a2026 fake log line[31mb")
    );
    assert_eq!(described(&"é".repeat(256)), Some("é".repeat(256)));
    assert_eq!(described(&"é".repeat(257)), Some("é".repeat(256)));

    let denied = callback(&format!("?error=access_denied&error_description={markup}"));
    assert!(!denied.hint().contains('<'));
    let rejected = callback(&format!("?code=ac_1&state=x&error_description={markup}"));
    assert!(!format!("{rejected:?}{}", rejected.hint()).contains('<'));
}

#[test]
fn every_outcome_but_authorized_has_a_hint() {
    const NOT_REACHED: &str = "This page was not reached from a connection started in this browser. Nothing was connected. Please start again.";
    let hints = [
        ("?error=access_denied", "You cancelled at Stripe. Nothing was connected."),
        ("?error=x&state={S}", "Stripe could not connect the account. Please start again."),
        ("?code=ac_1", NOT_REACHED),
        ("?code=ac_1&state=x", NOT_REACHED),
        ("?code=%", "The link back from Stripe is damaged. Nothing was connected. Please start again."),
        ("", "Nothing came back from Stripe."),
    ];
    for (query, hint) in hints {
        assert_eq!(callback(query).hint(), hint, "{query}");
    }
}

#[test]
fn every_rejection_has_its_documented_name_and_a_hint() {
    let names = [
        (Rejection::StateMismatch, "state_mismatch"),
        (Rejection::StateMissing, "state_missing"),
        (Rejection::DuplicateParameter, "duplicate_parameter"),
        (Rejection::ConflictingParameters, "conflicting_parameters"),
        (Rejection::Malformed, "malformed"),
        (Rejection::TooLong, "too_long"),
        (Rejection::UnexpectedIssuer, "unexpected_issuer"),
        (Rejection::NotStarted, "not_started"),
        (Rejection::Expired, "expired"),
        (Rejection::AnotherSubject, "another_subject"),
        (Rejection::AlreadyUsed, "already_used"),
    ];
    for (rejection, name) in names {
        assert_eq!(rejection.as_str(), name);
        assert!(Callback::Rejected(rejection).hint().contains("start again"), "{name}");
    }
}

/// The naive twin, for decoded pairs in which no name stands twice.
fn outcome_of(pairs: &[(&str, String)]) -> &'static str {
    let get = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value);
    let (code, error, state_is) = (get("code"), get("error"), get("state"));
    match (code, error, state_is) {
        (None, None, None) => "none",
        _ if get("iss").is_some() => "unexpected_issuer",
        (Some(_), Some(_), _) | (None, None, _) => "conflicting_parameters",
        (_, Some("access_denied"), None) => "denied, unverified",
        (_, _, None) => "state_missing",
        (_, _, Some(candidate)) if candidate != state().as_str() => "state_mismatch",
        (_, Some("access_denied"), _) => "denied, verified",
        (_, Some(error), _) => match error.len() {
            1..=64 if error.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') => "failed",
            _ => "malformed",
        },
        (Some(code), ..) => match code.strip_prefix("ac_") {
            Some(rest) if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
                "authorized"
            }
            _ => "malformed",
        },
    }
}

proptest! {
    #![proptest_config(often())]

    #[test]
    fn attack_1_and_7_only_one_code_with_the_one_right_state_is_authorized(query in nearly_a_callback()) {
        let state = state();
        let query = query.replace("{S}", state.as_str());
        if let Callback::Authorized(authorized) = parse_callback(&query, &state) {
            let before_fragment = query.split('#').next().unwrap();
            let after_mark = before_fragment.split_once('?').map_or(before_fragment, |(_, query)| query);
            let pairs: Vec<_> = form_urlencoded::parse(after_mark.as_bytes()).collect();
            let values = |name: &str| pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| &**value).collect::<Vec<_>>();
            prop_assert_eq!(values("state"), [state.as_str()]);
            prop_assert_eq!(values("code"), [authorized.code().as_str()]);
            prop_assert!(values("error").is_empty() && values("iss").is_empty());
            for name in ["error_description", "scope"] {
                prop_assert!(values(name).len() <= 1);
            }
        }
    }

    #[test]
    fn a_well_formed_query_is_read_as_the_form_urlencoded_crate_reads_it(
        code in prop::option::of(prop_oneof!["ac_[a-z0-9_]{0,8}", any::<String>()]),
        error in prop::option::of(prop_oneof![Just("access_denied".to_owned()), "[a-z_]{0,66}", any::<String>()]),
        description in prop::option::of(any::<String>()),
        right_state in prop::option::of(prop_oneof![4 => Just(state().as_str().to_owned()), 1 => any::<String>()]),
        issuer in prop::option::weighted(0.1, any::<String>()),
        unrelated in prop::collection::vec(("[a-z]{6}", any::<String>()), 0..3),
    ) {
        let known = [("code", code), ("error", error), ("error_description", description), ("state", right_state), ("iss", issuer)];
        let pairs: Vec<_> = known.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let query = form_urlencoded::Serializer::new("?".to_owned()).extend_pairs(&pairs).extend_pairs(&unrelated).finish();
        let callback = parse_callback(&query, &state());
        let outcome = match &callback {
            Callback::Authorized(_) => "authorized",
            Callback::Denied { verified: true, .. } => "denied, verified",
            Callback::Denied { verified: false, .. } => "denied, unverified",
            Callback::Failed { .. } => "failed",
            Callback::Rejected(rejection) => rejection.as_str(),
            Callback::None => "none",
        };
        prop_assert_eq!(outcome, outcome_of(&pairs), "{}", query);
        let get = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        match callback {
            Callback::Authorized(authorized) => prop_assert_eq!(authorized.code().as_str(), get("code").unwrap()),Callback::Denied { untrusted_description, .. } => prop_assert_eq!(untrusted_description.is_some(), get("error_description").is_some()),
            Callback::Failed { error, .. } => prop_assert_eq!(Some(error), get("error")),
            _ => {}
        }
    }
}
