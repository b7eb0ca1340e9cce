//! `event` is what someone signed; `said` is the account that it tells of, or the field that it lacks.

use super::cases;
use super::support::WEBHOOK_SECRET;
use stripe_connect_oauth::server::{Tolerance, WebhookError, WebhookSecret, sign_webhook, verify_webhook};

#[test]
fn a_signed_event_is_read_or_the_field_that_it_lacks_is_named() {
    for (name, case) in cases("events") {
        let (secret, body) = (WebhookSecret::parse(WEBHOOK_SECRET).unwrap(), case["event"].to_string());
        let header = sign_webhook(body.as_bytes(), &secret, 1);
        let said = match verify_webhook(body.as_bytes(), &header, &[secret], 1, Tolerance::default()) {
            Ok(event) => event.account.unwrap().to_string(),
            Err(error @ WebhookError::NotAnEvent { field }) => {
                assert!(error.to_string().contains(&format!(": {field} is missing or odd; ")), "{name}: {error}");
                field.to_owned()
            }
            Err(other) => other.to_string(),
        };
        assert_eq!(case["said"], said, "{name}: {}", case["note"]);
    }
}
