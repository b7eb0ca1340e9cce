//! `account` is as Stripe gave it; `status` and `next_step` are what is made of it.

use super::cases;
use super::support::{ACCOUNT, Browser, START, Shop, WEBHOOK_SECRET};
use serde_json::json;
use stripe_connect_oauth::server::{Account, Method, Response, WebhookSecret, read_account, sign_webhook};

#[test]
fn an_account_is_told_as_it_is_whichever_api_version_describes_it() {
    for (name, case) in cases("accounts") {
        let account = read_account(&Response::json(200, case["account"].to_string()));
        let account = account.unwrap_or_else(|error| panic!("{name}: {error}"));
        let told = (account.status().as_str(), account.status().next_step().as_str());
        assert_eq!(json!(told), json!([case["status"], case["next_step"]]), "{name}: {}", case["note"]);
    }
}

/// Events are in the endpoint's API version, which nobody here can choose.
#[test]
fn an_event_tells_of_an_account_what_the_api_tells_of_it() {
    for (name, case) in cases("accounts") {
        let retrieved = read_account(&Response::json(200, case["account"].to_string())).unwrap();
        assert_eq!(told_by_an_event(&case["account"]), [retrieved], "{name}");
    }
}

/// What the platform's hook hears when Stripe signs an `account.updated` and posts it to the webhook.
fn told_by_an_event(account: &serde_json::Value) -> Vec<Account> {
    let shop = Shop::open();
    let event = json!({
        "id": "evt_1", "object": "event", "type": "account.updated", "account": ACCOUNT, "created": START,
        "livemode": false, "data": {"object": account, "previous_attributes": {}},
    });
    let body = event.to_string();
    let signature = sign_webhook(body.as_bytes(), &WebhookSecret::parse(WEBHOOK_SECRET).unwrap(), shop.now());
    let mut stripe = Browser::default();
    let request = stripe.request(Method::Post, "/connect/webhook", &[("stripe-signature", &signature)], &body);
    assert_eq!(stripe.send(&shop, &request).status, 200);
    std::mem::take(&mut *shop.world.updated.borrow_mut())
}
