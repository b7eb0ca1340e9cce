//! Whatever fails is tried again.

use super::*;

#[test]
fn a_hook_that_fails_is_reported_and_hears_of_the_event_again() {
    let shop = connected();
    let body = deauthorized("evt_1");
    shop.world.hook.set(Hook::Fails);
    assert_eq!(send(&shop, &body), (500, "event_failed".to_owned()));
    assert_eq!(shop.reported(), ["event_failed"]);
    assert!(shop.world.reports.borrow()[0].detail.contains("the mailer is down"));
    assert!(shop.accounts_of("ada").is_empty(), "the clean-up does not wait for the hook");

    shop.world.hook.set(Hook::Works);
    assert_eq!(send(&shop, &body), received(), "sent again at once, as from the dashboard: nobody has it any more");
    assert_eq!(heard(&shop), [DEAUTHORIZED]);
    assert_eq!(send(&shop, &body), received());
    assert_eq!(heard(&shop).len(), 1);
}

#[test]
fn a_store_that_fails_at_any_step_is_reported_and_the_event_is_handled_when_it_comes_again() {
    let steps: [(fn(&Shop, bool), usize); 3] = [
        (|shop, down| shop.world.store.down_to_begin_event.set(down), 1),
        (|shop, down| shop.world.store.down_to_disconnect.set(down), 1),
        // The hook has heard of it, and hears of it once more: it can't be told that it did.
        (|shop, down| shop.world.store.down_to_finish_event.set(down), 2),
    ];
    for (fail, times) in steps {
        let shop = connected();
        let body = deauthorized("evt_1");
        fail(&shop, true);
        assert_eq!(send(&shop, &body), (503, "store_unavailable".to_owned()));
        assert_eq!(shop.reported(), ["store_unavailable"]);

        fail(&shop, false);
        // What could not be finished could not be released either: its lease has to end.
        shop.wait(60);
        assert_eq!(send(&shop, &body), received());
        assert!(shop.accounts_of("ada").is_empty());
        assert_eq!(heard(&shop).len(), times);
    }
}

#[test]
fn attack_13_no_webhook_secret_is_printed() {
    let shop = connected();
    let body = deauthorized("evt_1");
    send(&shop, &body);
    let request =
        Browser::default().request(Method::Post, "/connect/webhook", &[("stripe-signature", "canary")], &body);
    let config = configured(|_| {}).unwrap();
    for text in [printed(&shop.handler), printed(&config), printed(&support::settings()), printed(&request)] {
        assert_no_canary(&text);
        assert!(!text.contains(ACCOUNT), "{text}");
    }
}
