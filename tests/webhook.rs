//! Webhooks: what is believed, what is refused, and what an event says.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::string_slice)]

use proptest::prelude::*;
use std::collections::HashSet;
use stripe_connect_oauth::ErrorCode::{InvalidValue, MissingParameter, TooLong, WrongCredential};
use stripe_connect_oauth::Livemode;
use stripe_connect_oauth::server::WebhookError::{
    BodyTooLong, InTheFuture, MalformedSignature, NoUsableSignature, NotAnEvent, NotSigned, RepeatedTimestamp,
    SignatureMismatch, ThinEvent, TooOld,
};
use stripe_connect_oauth::server::{
    AccountStatus, Event, EventKind, MAX_SIGNATURE_BYTES, MAX_WEBHOOK_BYTES, Tolerance, WebhookError,
    WebhookSecret, sign_webhook, verify_webhook,
};

const NOW: u64 = 1_700_000_000;

const DEAUTHORIZED: &str = r#"{"id":"evt_1","object":"event","api_version":"2025-03-31.basil","created":1699999990,
    "livemode":false,"pending_webhooks":1,"request":{"id":null,"idempotency_key":null},"account":"acct_1",
    "type":"account.application.deauthorized",
    "data":{"object":{"id":"ca_1","object":"application","name":"Shop"}}}"#;

fn secret(text: &str) -> WebhookSecret {
    WebhookSecret::parse(text).unwrap()
}

fn endpoint() -> [WebhookSecret; 1] {
    [secret("whsec_0123456789abcdef")]
}

/// A signature of the endpoint's own, made now.
fn signed(body: &str) -> String {
    sign_webhook(body.as_bytes(), &endpoint()[0], NOW)
}

/// What the endpoint makes of a body and a header that come now.
fn received(body: &str, header: &str) -> Result<Event, WebhookError> {
    verify_webhook(body.as_bytes(), header, &endpoint(), NOW, Tolerance::default())
}

/// What a body says that Stripe signed.
fn event(body: &str) -> Result<Event, WebhookError> {
    received(body, &signed(body))
}

/// Its digits alone.
fn v1(header: &str) -> &str {
    header.split_once(",v1=").unwrap().1
}

// The vectors of Stripe's own libraries.

/// `event_test_signature.json` of stripe-dotnet, whose `EventUtilityTest.cs` has its signatures.
const DOTNET_BODY: &str = r#"{
  "id": "evt_123",
  "object": "event",
  "account": "acct_123",
  "api_version": "2017-05-25",
  "created": 1533204620,
  "data": {
    "object": {
      "id": "cus_123",
      "object": "customer",
      "created": 123456789,
      "email": "test@stripe.com",
      "livemode": false,
      "metadata": {}
    }
  },
  "livemode": false,
  "pending_webhooks": 1,
  "request": {
    "id": "req_123",
    "idempotency_key": "idempotency-key-123"
  },
  "type": "customer.created"
}
"#;
const DOTNET_V1: &str = "2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7";
const DOTNET_V0: &str = "63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef";

fn dotnet(body: &str, header: &str, now: u64) -> Result<Event, WebhookError> {
    verify_webhook(body.as_bytes(), header, &[secret("webhook_secret")], now, Tolerance::default())
}

#[test]
fn the_static_vector_of_stripe_dotnet() {
    let header = format!("t=1533204620,v1={DOTNET_V1},v0={DOTNET_V0}");
    let event = dotnet(DOTNET_BODY, &header, 1_533_204_720).unwrap();
    assert_eq!((event.id.as_str(), event.created), ("evt_123", 1_533_204_620));
    assert_eq!(event.account.unwrap().as_str(), "acct_123");
    assert_eq!(event.kind, EventKind::Other("customer.created".to_owned()));

    assert_eq!(dotnet(DOTNET_BODY, &header, 1_533_205_020), Err(TooOld));
    assert_eq!(
        dotnet(&format!("{DOTNET_BODY}this_changes_the_json"), &header, 1_533_204_720),
        Err(SignatureMismatch)
    );
    let signed = sign_webhook(DOTNET_BODY.as_bytes(), &secret("webhook_secret"), 1_533_204_620);
    assert_eq!(signed, format!("t=1533204620,v1={DOTNET_V1}"));
}

#[test]
fn the_malformed_headers_of_stripe_dotnet_are_refused() {
    let no_time = format!("t=,v1={DOTNET_V1},v0={DOTNET_V0}");
    for header in [&*no_time, "t,v1=,v0=", "t,v1=,v0", "t,v1=,", "t,,", ",,", "t"] {
        assert_eq!(dotnet(DOTNET_BODY, header, 1_533_204_720), Err(MalformedSignature), "{header}");
    }
}

#[test]
fn the_cases_of_stripe_go() {
    let header = signed(DEAUTHORIZED);
    assert_eq!(received(DEAUTHORIZED, ""), Err(NotSigned));
    assert_eq!(received(DEAUTHORIZED, "v1,t=1"), Err(MalformedSignature));
    assert_eq!(received(DEAUTHORIZED, "t="), Err(MalformedSignature));
    assert_eq!(received(DEAUTHORIZED, &format!("t={NOW}")), Err(NoUsableSignature));
    assert!(received(DEAUTHORIZED, &format!("{header},v1=bad_signature")).is_ok());
    let other =
        verify_webhook(DEAUTHORIZED.as_bytes(), &header, &[secret("whsec_another")], NOW, Tolerance::default());
    assert_eq!(other, Err(SignatureMismatch));

    // A rolled secret: each of the two signatures is enough, for each of the two secrets.
    let [old, new] = [secret("whsec_the_old_one"), secret("whsec_the_new_one")];
    let body = DEAUTHORIZED.as_bytes();
    let both = format!("{},v1={}", sign_webhook(body, &old, NOW), v1(&sign_webhook(body, &new, NOW)));
    for secrets in [vec![old.clone()], vec![new.clone()], vec![old.clone(), new.clone()], vec![new, old]] {
        assert!(verify_webhook(body, &both, &secrets, NOW, Tolerance::default()).is_ok());
    }
}

// The signature.

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

// The secret.

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

// Errors.

const ALL: [WebhookError; 10] = [
    BodyTooLong,
    NotSigned,
    MalformedSignature,
    RepeatedTimestamp,
    NoUsableSignature,
    SignatureMismatch,
    TooOld,
    InTheFuture,
    NotAnEvent { field: "data.object" },
    ThinEvent,
];

#[test]
fn every_refusal_has_a_code_of_its_own_and_says_what_to_do() {
    let codes: HashSet<_> = ALL.map(WebhookError::as_str).into();
    assert_eq!(codes.len(), ALL.len());
    let texts = ALL.map(|error| error.to_string());
    assert_eq!(
        texts,
        [
            "the body is longer than 1048576 bytes; no event of Stripe's is that long: refuse the request",
            "Stripe-Signature is missing; refuse the request: it is not Stripe's, or something on the way took the header",
            "Stripe-Signature is malformed; pass the header as it came; if you did, refuse the request: it is not Stripe's",
            "Stripe-Signature has more than one t; pass the header as it came; if you did, refuse the request: it is not Stripe's",
            "Stripe-Signature has no v1; refuse the request: only v1 proves that Stripe sent it",
            "no signature is of this body and one of the secrets; use the signing secret of this very endpoint and mode \
             (the CLI has its own), and the body's raw bytes, before any parser; if you do, refuse the request: it is \
             not Stripe's",
            "the signature is older than the tolerance; check this machine's clock; if it is right, refuse the request: \
             it may be a replay",
            "the signature is of a time to come; check this machine's clock: Stripe signs when it sends",
            "the body is signed but is not an event: data.object is missing or odd; send this endpoint snapshot events \
             only; one that a test makes up needs Stripe's fields: id, object, type, created, livemode and data.object",
            "the body is a thin event, v2.core.event; give thin events an endpoint of their own: this one is for \
             snapshot events, which have their data",
        ]
    );
    for (error, text) in ALL.iter().zip(texts) {
        assert!(text.ends_with(error.hint()), "{text}");
    }
}

// Events.

#[test]
fn a_deauthorization_names_the_account_at_the_top_and_the_application_in_its_data() {
    let deauthorized = event(DEAUTHORIZED).unwrap();
    assert_eq!((deauthorized.id.as_str(), deauthorized.created), ("evt_1", 1_699_999_990));
    assert_eq!(deauthorized.livemode, Livemode::Test);
    assert_eq!(deauthorized.account.unwrap().as_str(), "acct_1");
    assert_eq!(deauthorized.kind, EventKind::Deauthorized { application: "ca_1".to_owned() });
    assert_eq!(deauthorized.kind.as_str(), "account.application.deauthorized");
}

#[test]
fn an_authorization_is_told_from_a_deauthorization() {
    let authorized = event(&DEAUTHORIZED.replace("deauthorized", "authorized")).unwrap();
    assert_eq!(authorized.kind, EventKind::Authorized { application: "ca_1".to_owned() });
    assert_eq!(authorized.kind.as_str(), "account.application.authorized");
}

/// It is some application, and not one of ours.
#[test]
fn an_application_of_any_name_is_no_reason_to_refuse_an_event() {
    for name in ["ca_test_platform", "cus_1", "app_1", "é"] {
        let kind = event(&DEAUTHORIZED.replace("ca_1", name)).unwrap().kind;
        assert_eq!(kind, EventKind::Deauthorized { application: name.to_owned() });
    }
}

#[test]
fn the_account_is_read_by_whichever_name_an_api_version_gave_it() {
    let account = |fields: &str| event(&DEAUTHORIZED.replace(r#""account":"acct_1""#, fields));
    for (fields, id) in [
        (r#""user_id":"acct_2""#, Some("acct_2")),
        (r#""stripe_user_id":"acct_3""#, Some("acct_3")),
        (r#""account":null,"user_id":"acct_2""#, Some("acct_2")),
        (r#""stripe_user_id":"acct_3","user_id":"acct_2""#, Some("acct_2")),
        (r#""user_id":"acct_2","account":"acct_1""#, Some("acct_1")),
        (r#""user_id":"usr_1","account":"acct_test_token""#, Some("acct_test_token")),
        (r#""user_id":null,"stripe_user_id":null"#, None),
        (r#""userId":"acct_2""#, None),
    ] {
        let read = account(fields).unwrap().account;
        assert_eq!(read.as_ref().map(|account| account.as_str()), id, "{fields}");
    }
    for (fields, field) in [
        (r#""user_id":"usr_1""#, "user_id"),
        (r#""stripe_user_id":7"#, "stripe_user_id"),
        (r#""account":"","user_id":"acct_2""#, "account"),
        (r#""user_id":"acct_2","user_id":"acct_3""#, "its JSON"),
    ] {
        assert_eq!(account(fields), Err(NotAnEvent { field }), "{fields}");
    }
}

#[test]
fn an_account_inside_data_is_not_the_connected_account() {
    let body = DEAUTHORIZED.replace(r#""name":"Shop""#, r#""account":"acct_evil""#);
    assert_eq!(event(&body).unwrap().account.unwrap().as_str(), "acct_1");
    for nobody in ["", r#""account":null,"#] {
        let body = body.replace(r#""account":"acct_1","#, nobody);
        assert_eq!(event(&body).unwrap().account, None, "{nobody}");
    }
}

#[test]
fn livemode_is_the_events_own() {
    let live = DEAUTHORIZED.replace(r#""livemode":false"#, r#""livemode":true"#);
    assert_eq!(event(&live).unwrap().livemode, Livemode::Live);
}

/// `account.updated` about `object`.
fn updated(object: &str) -> String {
    let head =
        r#"{"id":"evt_2","object":"event","created":1,"livemode":true,"account":"acct_2","type":"account.updated""#;
    format!(r#"{head},"data":{{"object":{object},"previous_attributes":{{"charges_enabled":true}}}}}}"#)
}

#[test]
fn an_updated_account_comes_as_it_is_now() {
    let object = r#"{"id":"acct_2","object":"account","type":"standard","charges_enabled":false,"payouts_enabled":false,
        "details_submitted":false,"country":"FR","email":null,"requirements":{"currently_due":["email"]}}"#;
    let updated = event(&updated(object)).unwrap();
    assert_eq!(updated.kind.as_str(), "account.updated");
    assert_eq!(updated.account.unwrap().as_str(), "acct_2");
    let EventKind::AccountUpdated(account) = updated.kind else { panic!("{:?}", updated.kind) };
    assert_eq!((account.id.as_str(), account.country.as_deref()), ("acct_2", Some("FR")));
    assert_eq!(account.status(), AccountStatus::FinishOnboarding);
}

/// It is Stripe's, so refusing it would have it sent again for three days.
#[test]
fn an_updated_account_in_words_of_another_version_is_passed_on_by_name() {
    for object in ["{}", r#"{"id":"acct_2"}"#, r#"{"id":"cus_2","charges_enabled":true}"#, "[]", "null"] {
        assert_eq!(
            event(&updated(object)).unwrap().kind,
            EventKind::Other("account.updated".to_owned()),
            "{object}"
        );
    }
}

#[test]
fn every_other_event_is_passed_on_by_name() {
    for name in
        ["customer.created", "account.application.unknown", "capability.updated", "v2.core.account.updated", ""]
    {
        let kind = event(&DEAUTHORIZED.replace("account.application.deauthorized", name)).unwrap().kind;
        assert_eq!((kind.as_str(), &kind), (name, &EventKind::Other(name.to_owned())));
    }
}

#[test]
fn a_thin_event_is_refused_by_name() {
    let thin = r#"{"id":"evt_234","object":"v2.core.event","type":"v1.billing.meter.error_report_triggered",
        "created":"2022-02-15T00:27:45.330Z","livemode":true}"#;
    assert_eq!(event(thin), Err(ThinEvent));
    assert_eq!(received(thin, "t=1,v1=0"), Err(SignatureMismatch));
}

#[test]
fn a_signed_body_that_is_no_event_is_refused() {
    let replaced = |from: &str, to: &str| {
        assert!(DEAUTHORIZED.contains(from), "{from}");
        DEAUTHORIZED.replace(from, to)
    };
    let json = "its JSON";
    for (body, field) in [
        (String::new(), json),
        ("null".to_owned(), json),
        ("1".to_owned(), json),
        ("[]".to_owned(), json),
        ("{}".to_owned(), "object"),
        ("not json".to_owned(), json),
        (format!("{DEAUTHORIZED}{DEAUTHORIZED}"), json),
        (format!("\u{feff}{DEAUTHORIZED}"), json),
        (DEAUTHORIZED[..DEAUTHORIZED.len() - 1].to_owned(), json),
        (replaced(r#""object":"event","#, ""), "object"),
        (replaced(r#""object":"event","#, r#""object":"customer","#), "object"),
        (replaced(r#""object":"event","#, r#""object":"event","object":"event","#), json),
        (replaced(r#""id":"evt_1","#, ""), "id"),
        (replaced("evt_1", "evt_"), "id"),
        (replaced("evt_1", "cus_1"), "id"),
        (replaced("evt_1", "evt_1/2"), "id"),
        (replaced("evt_1", "evt_1.2"), "id"),
        (replaced("evt_1", &format!("evt_{}", "1".repeat(252))), "id"),
        (replaced("1699999990", "\"1699999990\""), "created"),
        (replaced("1699999990", "-1"), "created"),
        (replaced(r#""livemode":false,"#, ""), "livemode"),
        (replaced(r#""livemode":false,"#, r#""livemode":"false","#), "livemode"),
        (replaced(r#""account":"acct_1""#, r#""account":"cus_1""#), "account"),
        (replaced(r#""account":"acct_1""#, r#""account":{"id":"acct_1"}"#), "account"),
        (replaced(r#""account":"acct_1""#, r#""account":"acct_1","account":"acct_2""#), json),
        (replaced(r#""type":"account.application.deauthorized","#, ""), "type"),
        (replaced(r#""data":{"object""#, r#""data":{"subject""#), "data.object"),
        (replaced(r#""data":{"object""#, r#""more":{"object""#), "data.object"),
        (replaced(r#""id":"ca_1","#, ""), "data.object.id"),
        (replaced(r#""id":"ca_1""#, r#""id":1"#), "data.object.id"),
        // A fixture of a public test suite.
        (r#"{"type":"account.application.deauthorized","account":"acct_tenant1"}"#.to_owned(), "object"),
    ] {
        let error = event(&body).unwrap_err();
        assert_eq!(error, NotAnEvent { field }, "{body}");
        assert!(error.to_string().contains(&format!(": {field} is missing or odd; ")), "{error}");
    }
    let latin1 = [DEAUTHORIZED.as_bytes(), b"\xe9"].concat();
    let header = sign_webhook(&latin1, &endpoint()[0], NOW);
    let verdict = verify_webhook(&latin1, &header, &endpoint(), NOW, Tolerance::default());
    assert_eq!(verdict, Err(NotAnEvent { field: json }));
}

#[test]
fn an_event_of_any_name_has_an_object() {
    let about = |data: &str| {
        let head = r#"{"id":"evt_3","object":"event","type":"customer.created","created":1,"livemode":true"#;
        event(&format!("{head}{data}}}"))
    };
    assert!(about(r#","data":{"object":{}}"#).is_ok());
    for without in ["", r#","data":null"#, r#","data":{}"#, r#","data":[]"#] {
        assert_eq!(about(without), Err(NotAnEvent { field: "data.object" }), "{without}");
    }
}

#[test]
fn an_events_id_may_be_of_255_bytes_and_has_letters_digits_and_underscores() {
    for id in ["evt_1", "evt_test_webhook", &format!("evt_{}", "1".repeat(251))] {
        assert_eq!(event(&DEAUTHORIZED.replace("evt_1", id)).unwrap().id.to_string(), id);
    }
}
