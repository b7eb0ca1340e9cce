//! The signature.

use super::*;

#[test]
fn attack_16_every_secret_is_tried_and_every_v1() {
    let body = DEAUTHORIZED.as_bytes();
    let secrets: Vec<_> = (0..4).map(|n| secret(&format!("whsec_number_{n}"))).collect();
    let wrong = ["0".repeat(64), "f".repeat(64)];
    for right in &secrets {
        let digits = sign_webhook(body, right, NOW);
        let digits = v1(&digits);
        for all in [[digits, &wrong[0], &wrong[1]], [&wrong[0], digits, &wrong[1]], [&wrong[0], &wrong[1], digits]]
        {
            let header = format!("t={NOW},v1={}", all.join(",v1="));
            assert!(verify_webhook(body, &header, &secrets, NOW, Tolerance::default()).is_ok());
        }
    }
    let header = format!("t={NOW},v1={}", wrong.join(",v1="));
    assert_eq!(verify_webhook(body, &header, &secrets, NOW, Tolerance::default()), Err(SignatureMismatch));
}

#[test]
fn attack_16_without_a_secret_nothing_is_believed() {
    let header = signed(DEAUTHORIZED);
    let verdict = verify_webhook(DEAUTHORIZED.as_bytes(), &header, &[], NOW, Tolerance::default());
    assert_eq!(verdict, Err(SignatureMismatch));
}

#[test]
fn attack_16_a_v0_is_never_believed() {
    let header = signed(DEAUTHORIZED);
    let digits = v1(&header);
    assert_eq!(received(DEAUTHORIZED, &format!("t={NOW},v0={digits}")), Err(NoUsableSignature));
    let fake = "0".repeat(64);
    assert_eq!(received(DEAUTHORIZED, &format!("t={NOW},v1={fake},v0={digits}")), Err(SignatureMismatch));
    for scheme in ["v0", "v2", "V1", "v11", "v", "v1v1", "xv1"] {
        assert_eq!(
            received(DEAUTHORIZED, &format!("t={NOW},{scheme}={digits}")),
            Err(NoUsableSignature),
            "{scheme}"
        );
    }
}

#[test]
fn schemes_of_another_day_are_passed_over() {
    let header = signed(DEAUTHORIZED);
    for other in ["v0=abc", "v2=aGk=", "header=1", "tt=1", "T=1"] {
        assert!(received(DEAUTHORIZED, &format!("{header},{other}")).is_ok(), "{other}");
        assert!(received(DEAUTHORIZED, &format!("{other},{header}")).is_ok(), "{other}");
    }
}

#[test]
fn the_order_of_t_and_v1_is_free() {
    let header = signed(DEAUTHORIZED);
    assert!(received(DEAUTHORIZED, &format!("v1={},t={NOW}", v1(&header))).is_ok());
}

#[test]
fn attack_16_the_digits_are_lower_case_and_all_64() {
    let header = signed(DEAUTHORIZED);
    let digits = v1(&header);
    let upper = digits.to_uppercase();
    let with = |digits: &str| received(DEAUTHORIZED, &format!("t={NOW},v1={digits}"));
    assert!(with(digits).is_ok());
    for wrong in
        [&*upper, &digits[..63], &digits[1..], &digits[..1], &format!("{digits}0"), &format!("{digits}={digits}")]
    {
        assert_eq!(with(wrong), Err(SignatureMismatch), "{wrong}");
    }
}

#[test]
fn attack_16_two_timestamps_are_refused_wherever_they_stand() {
    let header = signed(DEAUTHORIZED);
    for header in [
        format!("t=1,{header}"),
        format!("{header},t=1"),
        format!("{header},t={NOW}"),
        format!("{header},{header}"),
    ] {
        assert_eq!(received(DEAUTHORIZED, &header), Err(RepeatedTimestamp), "{header}");
    }
}

/// The signature is right in each of these: only the syntax is wrong.
#[test]
fn the_headers_syntax_is_strict() {
    let header = signed(DEAUTHORIZED);
    let digits = v1(&header);
    for malformed in [
        format!(" {header}"),
        format!("{header} "),
        format!("t={NOW}, v1={digits}"),
        format!("t = {NOW},v1={digits}"),
        format!("t={NOW};v1={digits}"),
        format!("t:{NOW},v1={digits}"),
        format!("{header},"),
        format!(",{header}"),
        format!("{header},,v0=1"),
        format!("{header},v0"),
        format!("{header},v0="),
        format!("{header},=v0"),
        format!("{header},v0=a b"),
        format!("{header},v0=\u{e9}"),
        format!("{header},v0=\0"),
        format!("{header}\n"),
        format!("v1={digits}"),
    ] {
        assert_eq!(received(DEAUTHORIZED, &malformed), Err(MalformedSignature), "{malformed:?}");
    }
}

/// Each of these is read as `NOW` by one of Stripe's libraries, or as another number.
#[test]
fn a_timestamp_is_digits_without_sign_or_leading_zero() {
    let body = DEAUTHORIZED.as_bytes();
    let header = signed(DEAUTHORIZED);
    let digits = v1(&header);
    for t in [
        "01700000000",
        "+1700000000",
        "-1",
        "1700000000.0",
        "1.7e9",
        "1_700_000_000",
        "0x6553F100",
        "1700000000abc",
        "\u{661}",
    ] {
        let header = format!("t={t},v1={digits}");
        assert_eq!(
            verify_webhook(body, &header, &endpoint(), NOW, Tolerance::default()),
            Err(MalformedSignature),
            "{t}"
        );
    }
    // Sixteen digits are no time, and don't wrap around to one.
    let header = format!("t=18446744075409551616,v1={digits}");
    assert_eq!(received(DEAUTHORIZED, &header), Err(MalformedSignature));
    // Zero is a number like any other.
    let header = sign_webhook(body, &endpoint()[0], 0);
    assert!(verify_webhook(body, &header, &endpoint(), 300, Tolerance::default()).is_ok());
    assert_eq!(received(DEAUTHORIZED, &header), Err(TooOld));
}

#[test]
fn attack_16_a_signature_lives_for_the_tolerance_in_both_directions() {
    let header = signed(DEAUTHORIZED);
    let at = |now: u64, tolerance: Tolerance| {
        verify_webhook(DEAUTHORIZED.as_bytes(), &header, &endpoint(), now, tolerance)
    };
    for (tolerance, seconds) in [
        (Tolerance::default(), 300),
        (Tolerance::seconds(1).unwrap(), 1),
        (Tolerance::seconds(86_400).unwrap(), 86_400),
    ] {
        assert!(at(NOW, tolerance).is_ok());
        assert!(at(NOW + seconds, tolerance).is_ok());
        assert!(at(NOW - seconds, tolerance).is_ok());
        assert_eq!(at(NOW + seconds + 1, tolerance), Err(TooOld));
        assert_eq!(at(NOW - seconds - 1, tolerance), Err(InTheFuture));
    }
    assert_eq!(at(u64::MAX, Tolerance::default()), Err(TooOld));
    assert_eq!(at(0, Tolerance::default()), Err(InTheFuture));
}

#[test]
fn who_is_told_of_the_time_knows_that_stripe_signed() {
    let forged = format!("t={},v1={}", NOW - 1000, "0".repeat(64));
    assert_eq!(received(DEAUTHORIZED, &forged), Err(SignatureMismatch));
    let genuine = sign_webhook(DEAUTHORIZED.as_bytes(), &endpoint()[0], NOW - 1000);
    assert_eq!(received(DEAUTHORIZED, &genuine), Err(TooOld));
}

#[test]
fn the_check_of_the_time_cannot_be_switched_off() {
    for seconds in [1, 300, 86_400] {
        assert!(Tolerance::seconds(seconds).is_ok(), "{seconds}");
    }
    for seconds in [0, 86_401, u64::MAX] {
        let error = Tolerance::seconds(seconds).unwrap_err();
        assert_eq!((error.code(), error.param()), (InvalidValue, "tolerance"));
        assert_eq!(
            error.message(),
            "tolerance must be from 1 to 86400 seconds: the check of the time can't be switched off"
        );
    }
    assert_eq!(Tolerance::default(), Tolerance::seconds(300).unwrap());
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    let body = |bytes: usize| format!("{}{}", DEAUTHORIZED, " ".repeat(bytes - DEAUTHORIZED.len()));
    assert!(event(&body(MAX_WEBHOOK_BYTES)).is_ok());
    assert_eq!(event(&body(MAX_WEBHOOK_BYTES + 1)), Err(BodyTooLong));
    assert_eq!(received(&body(MAX_WEBHOOK_BYTES + 1), ""), Err(BodyTooLong));

    let header = |bytes: usize| {
        let header = signed(DEAUTHORIZED);
        let padding = "0".repeat(bytes - header.len() - ",v0=".len());
        format!("{header},v0={padding}")
    };
    assert!(received(DEAUTHORIZED, &header(MAX_SIGNATURE_BYTES)).is_ok());
    assert_eq!(received(DEAUTHORIZED, &header(MAX_SIGNATURE_BYTES + 1)), Err(MalformedSignature));
}

#[test]
fn a_body_in_utf_8_is_signed_byte_for_byte() {
    for name in ["é", "日本", "\u{1f600}", "\u{feff}", "\u{2028}"] {
        let body = DEAUTHORIZED.replace("Shop", name);
        assert!(event(&body).is_ok(), "{name}");
        // The same JSON, written another way, is another body.
        let escaped: String = name.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let written = DEAUTHORIZED.replace("Shop", &escaped);
        assert!(event(&written).is_ok(), "{name}");
        assert_eq!(received(&written, &signed(&body)), Err(SignatureMismatch), "{name}");
    }
}

proptest! {
    #[test]
    fn attack_16_a_body_with_one_byte_changed_is_refused(at in 0..DEAUTHORIZED.len(), flip in 1_u8..) {
        let mut body = DEAUTHORIZED.as_bytes().to_vec();
        body[at] ^= flip;
        let verdict = verify_webhook(&body, &signed(DEAUTHORIZED), &endpoint(), NOW, Tolerance::default());
        prop_assert_eq!(verdict, Err(SignatureMismatch));
    }

    #[test]
    fn attack_16_a_header_with_one_byte_changed_is_refused(at in 0..80_usize, to in 0_u8..128) {
        let header = signed(DEAUTHORIZED);
        prop_assert_eq!(header.len(), 80);
        let mut bytes = header.clone().into_bytes();
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        prop_assert!(received(DEAUTHORIZED, &String::from_utf8(bytes).unwrap()).is_err());
    }

    #[test]
    fn attack_16_a_secret_with_one_byte_changed_is_refused(at in 0..22_usize, to in 33_u8..127) {
        let mut bytes = b"whsec_0123456789abcdef".to_vec();
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        let Ok(other) = WebhookSecret::parse(&String::from_utf8(bytes).unwrap()) else { return Ok(()) };
        let verdict =
            verify_webhook(DEAUTHORIZED.as_bytes(), &signed(DEAUTHORIZED), &[other], NOW, Tolerance::default());
        prop_assert_eq!(verdict, Err(SignatureMismatch));
    }

    #[test]
    fn no_header_and_no_body_is_too_strange_to_refuse(header in any::<String>(), body in any::<Vec<u8>>()) {
        prop_assert!(verify_webhook(&body, &header, &endpoint(), NOW, Tolerance::default()).is_err());
        let signed = sign_webhook(&body, &endpoint()[0], NOW);
        let verdict = verify_webhook(&body, &signed, &endpoint(), NOW, Tolerance::default());
        prop_assert_eq!(verdict, Err(NotAnEvent { field: "its JSON" }));
    }

    #[test]
    fn what_is_signed_is_believed(name in "[^\"\\\\\\p{Cc}]*", secret_text in "[!-~]{32,255}", now in 0..10_u64.pow(15)) {
        prop_assume!(!["sk_", "rk_", "pk_", "ca_"].iter().any(|prefix| secret_text.starts_with(prefix)));
        let body = DEAUTHORIZED.replace("Shop", &name);
        let secret = secret(&secret_text);
        let header = sign_webhook(body.as_bytes(), &secret, now);
        prop_assert!(verify_webhook(body.as_bytes(), &header, &[secret], now, Tolerance::default()).is_ok());
    }
}

#[test]
fn a_signature_is_verified_whatever_the_body_says() {
    let verify = |body: &str, header: &str| {
        verify_webhook_signature(body.as_bytes(), header, &endpoint(), NOW, Tolerance::default())
    };
    for body in [r#"{"id":"evt_test_webhook","object":"event"}"#, "{}", "", "no JSON", DEAUTHORIZED] {
        assert_eq!(verify(body, &signed(body)), Ok(()), "{body}");
        assert_eq!(verify(&format!("{body} "), &signed(body)), Err(SignatureMismatch), "{body}");
        assert_eq!(verify(body, ""), Err(NotSigned));
        let old = sign_webhook(body.as_bytes(), &endpoint()[0], NOW - 301);
        assert_eq!(verify(body, &old), Err(TooOld));
    }
    assert_eq!(verify(&" ".repeat(MAX_WEBHOOK_BYTES + 1), "t=1,v1=a"), Err(BodyTooLong));
}
