//! The platform's own code ends all connections of a user, and erases who is deleted.

use super::*;
use stripe_connect_oauth::Subject;
use stripe_connect_oauth::edge::{Leaving, Outcome};

const LAST: &str = "acct_3SandboxBooks";

/// A shop where ada has three accounts, the last of which eve has connected as well.
fn three_accounts() -> Shop {
    let shop = Shop::open();
    for (account, ago) in [(ACCOUNT, 3600), (OTHER, 1800), (LAST, 60)] {
        shop.keep("ada", account, START - ago);
    }
    shop.keep("eve", LAST, START - 60);
    shop
}

fn ada() -> Subject {
    Subject::parse("ada").unwrap()
}

/// How it ended, and each account's end.
fn ends(leaving: &Leaving) -> (Outcome, Vec<(&str, Outcome)>) {
    (leaving.outcome, leaving.accounts.iter().map(|(account, outcome)| (account.as_str(), *outcome)).collect())
}

fn ended(account: &str) -> Option<Response> {
    answers(200, &json!({ "stripe_user_id": account }))
}

#[test]
fn all_of_a_users_connections_end_and_who_stays_keeps_the_account() {
    let shop = three_accounts();
    shop.stripe_answers([ended(OTHER), ended(ACCOUNT)]);
    let leaving = run(shop.handler.disconnect_all(&ada(), &shop.world)).unwrap();
    let expected =
        vec![(LAST, Outcome::Forgotten), (OTHER, Outcome::Disconnected), (ACCOUNT, Outcome::Disconnected)];
    assert_eq!(ends(&leaving), (Outcome::Disconnected, expected));
    assert_eq!(shop.asked().len(), 2, "nothing is asked of Stripe for the account that eve keeps");
    assert_eq!((shop.accounts_of("ada"), shop.accounts_of("eve")), (vec![], vec![LAST.to_owned()]));
    assert_eq!(shop.ended("ada").len(), 3, "what has ended is still kept");
    assert!(shop.reported().is_empty());

    let again = run(shop.handler.disconnect_all(&ada(), &shop.world)).unwrap();
    assert_eq!(ends(&again), (Outcome::Disconnected, vec![]));
}

#[test]
fn what_does_not_end_is_named_and_stays_and_asking_again_goes_on() {
    let shop = three_accounts();
    shop.stripe_answers([None, None, None, ended(ACCOUNT)]);
    let leaving = run(shop.handler.disconnect_all(&ada(), &shop.world)).unwrap();
    let expected =
        vec![(LAST, Outcome::Forgotten), (OTHER, Outcome::DisconnectUnknown), (ACCOUNT, Outcome::Disconnected)];
    assert_eq!(ends(&leaving), (Outcome::DisconnectUnknown, expected));
    assert_eq!((shop.accounts_of("ada"), shop.reported()), (vec![OTHER.to_owned()], vec!["disconnect_unknown"]));

    shop.stripe_answers([ended(OTHER)]);
    let leaving = run(shop.handler.disconnect_all(&ada(), &shop.world)).unwrap();
    assert_eq!(ends(&leaving), (Outcome::Disconnected, vec![(OTHER, Outcome::Disconnected)]));
}

#[test]
fn who_is_erased_leaves_nothing_and_a_secret_goes_last() {
    let shop = three_accounts();
    shop.stripe_answers([None, None, None, ended(ACCOUNT)]);
    let leaving = run(shop.handler.erase(&ada(), &shop.world)).unwrap();
    assert_eq!(leaving.outcome, Outcome::DisconnectUnknown);
    assert_eq!(shop.ended("ada").len(), 2, "while a connection is left, nothing is deleted");

    shop.stripe_answers([ended(OTHER)]);
    let leaving = run(shop.handler.erase(&ada(), &shop.world)).unwrap();
    assert_eq!(leaving.outcome, Outcome::Disconnected);
    assert!(shop.accounts_of("ada").is_empty() && shop.ended("ada").is_empty());
    assert_eq!(shop.accounts_of("eve"), [LAST], "no other's row is changed");
}

#[test]
fn a_callback_under_way_finds_its_claim_after_an_erasure() {
    let shop = Shop::open();
    let mut browser = Browser::of("ada");
    let callback = shop.consent(&browser.press_connect(&shop));
    assert_eq!(browser.come_back(&shop, &callback), "/home");
    shop.stripe_answers([deauthorized()]);
    run(shop.handler.erase(&ada(), &shop.world)).unwrap();
    assert!(shop.ended("ada").is_empty());
    assert_eq!(browser.come_back(&shop, &callback), "/home", "a reload shows what it was, and spends nothing");
    assert_eq!(shop.token_requests(), 1);

    shop.wait(3601);
    run(shop.handler.erase(&ada(), &shop.world)).unwrap();
    assert_eq!(browser.come_back(&shop, &callback), "/connect/result/not_started", "an hour later it is gone");
}

#[test]
fn a_store_that_is_down_ends_nothing_and_erases_nothing_and_is_told_of() {
    let shop = three_accounts();
    shop.world.store.down.set(true);
    let subject = ada();
    let both =
        [run(shop.handler.disconnect_all(&subject, &shop.world)), run(shop.handler.erase(&subject, &shop.world))];
    for leaving in both {
        assert_eq!(ends(&leaving.unwrap()), (Outcome::StoreUnavailable, vec![]));
    }
    assert!(shop.asked().is_empty());
    assert_eq!(shop.reported(), ["store_unavailable", "store_unavailable"]);

    let shop = Shop::open();
    shop.world.store.failures_to_write.set(3);
    let leaving = run(shop.handler.erase(&ada(), &shop.world)).unwrap();
    assert_eq!((leaving.outcome, shop.reported()), (Outcome::StoreUnavailable, vec!["store_unavailable"]));
}

#[test]
fn a_leaving_that_is_cut_off_while_stripe_is_at_work_is_reported() {
    let shop = three_accounts();
    shop.world.wire.set(Wire::HoldsTheAnswer);
    {
        let subject = ada();
        let mut leaving = pin!(shop.handler.erase(&subject, &shop.world));
        assert!(poll(leaving.as_mut()).is_none());
    }
    assert_eq!(shop.reported(), ["disconnect_unknown"]);
    let detail = &shop.world.reports.borrow()[0].detail;
    assert!(detail.contains(OTHER) && detail.contains("the subject ada"), "{detail}");
}
