//! The vectors of Stripe's own libraries.

use super::*;

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
