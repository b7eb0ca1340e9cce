//! Out of order, twice, at once.

use super::*;

#[test]
fn a_deauthorization_that_comes_after_a_reconnection_ends_nothing() {
    let shop = connected();
    shop.keep("ada", ACCOUNT, START + 10);
    shop.wait(20);
    assert_eq!(send(&shop, &deauthorized("evt_1")), received());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);
    assert_eq!(heard(&shop), [DEAUTHORIZED]);

    shop.wait(20);
    let newer = event("evt_2", DEAUTHORIZED, &json!({"created": START + 30}));
    assert_eq!(send(&shop, &newer), received());
    assert!(shop.accounts_of("ada").is_empty());
}

#[test]
fn two_events_in_either_order_leave_the_account_disconnected() {
    for order in [[0, 1], [1, 0]] {
        let shop = connected();
        let events = [
            deauthorized("evt_1"),
            event("evt_2", "account.application.authorized", &json!({"created": START - 3600})),
        ];
        for at in order {
            assert_eq!(send(&shop, &events[at]), received());
        }
        assert!(shop.accounts_of("ada").is_empty());
    }
}

#[test]
fn the_event_of_the_persons_own_disconnection_changes_nothing_more() {
    let shop = connected();
    let mut ada = Browser::of("ada");
    let reply = json!({ "stripe_user_id": ACCOUNT }).to_string();
    shop.stripe_answers([Some(Response::json(200, reply))]);
    assert_eq!(
        location(&ada.submit(&shop, "/connect/disconnect", &format!("account={ACCOUNT}&confirmed=yes"))),
        "/home"
    );
    assert_eq!(send(&shop, &event("evt_1", DEAUTHORIZED, &json!({"created": START + 2}))), received());
    assert_eq!(shop.ended("ada"), [(ACCOUNT.to_owned(), START)]);
}

#[test]
fn a_duplicate_that_comes_while_the_first_is_at_work_is_sent_again_later() {
    let shop = connected();
    let body = deauthorized("evt_1");
    let signed = signature(&body, START);
    let headers = [("stripe-signature", &*signed)];
    let request = Browser::default().request(Method::Post, "/connect/webhook", &headers, &body);
    shop.world.hook.set(Hook::Holds);
    let mut first = pin!(shop.handler.handle(&request, &shop.world));
    assert!(poll(first.as_mut()).is_none());
    assert_eq!(send(&shop, &body), (409, "event_in_progress".to_owned()));

    shop.world.hook.set(Hook::Works);
    assert_eq!(outcome_of(&Browser::default().receive(run(first).unwrap().unwrap())), received());
    assert_eq!(send(&shop, &body), received());
    assert_eq!(heard(&shop).len(), 1);
}

#[test]
fn an_event_whose_request_died_is_handled_by_the_next_one() {
    let shop = connected();
    let body = deauthorized("evt_1");
    let signed = signature(&body, START);
    let request =
        Browser::default().request(Method::Post, "/connect/webhook", &[("stripe-signature", &*signed)], &body);
    shop.world.hook.set(Hook::Holds);
    {
        let mut first = pin!(shop.handler.handle(&request, &shop.world));
        assert!(poll(first.as_mut()).is_none(), "it begins, and is never heard of again");
    }
    shop.world.hook.set(Hook::Works);
    shop.wait(59);
    assert_eq!(send(&shop, &body).1, "event_in_progress");
    shop.wait(1);
    assert_eq!(send(&shop, &body), received());
    assert_eq!(heard(&shop), [DEAUTHORIZED]);
}
