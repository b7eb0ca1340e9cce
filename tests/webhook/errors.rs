//! Errors.

use super::*;

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
