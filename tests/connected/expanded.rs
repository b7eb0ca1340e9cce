//! The list of a person's connections, with what Stripe says of each.

use super::*;

const LIST: &str = "/connect/connections";
const EXPANDED: &str = "/connect/connections?expand=account";

fn named(name: &str) -> Value {
    json!({"settings": {"dashboard": {"display_name": name}}})
}

#[test]
fn a_list_tells_the_name_of_each_account_when_it_is_asked_to() {
    let (shop, mut ada) = connected();
    let plain = json_of(&ada.open(&shop, LIST));
    assert!(shop.asked().is_empty(), "Stripe is asked by those only who want it");

    shop.stripe_answers([
        answers(200, &account(&named("Ada’s Apples"))),
        answers(200, &account(&named("Ada’s Apples"))),
    ]);
    let mut listed = json_of(&ada.open(&shop, EXPANDED));
    let looked = json_of(&ada.open(&shop, &format!("/connect/account?{THIS}")));
    let told = listed["connections"][0].as_object_mut().unwrap().remove("account").unwrap();
    assert_eq!((&told, &told["display_name"]), (&looked["account"], &json!("Ada’s Apples")));
    assert_eq!(listed, plain, "and all else is as it was");
    assert!(!told.to_string().contains("ada@example.com"));
}

#[test]
fn the_ten_newest_are_asked_about_and_at_the_same_time() {
    let (shop, ada) = connected();
    for number in 0..11 {
        shop.keep("ada", &format!("acct_{number}"), START - 100 + number);
    }
    shop.stripe_answers((0..10).map(|_| answers(200, &account(&json!({})))));
    shop.world.wire.set(Wire::Holds);
    let request = ada.request(Method::Get, EXPANDED, &[], "");
    let mut listing = pin!(shop.handler.handle(&request, &shop.world));
    for _ in 0..20 {
        assert!(poll(listing.as_mut()).is_none());
    }
    let asked: Vec<_> = shop.asked().into_iter().map(|(path, _)| path).collect();
    let newest: Vec<_> = (1..11).rev().map(|number| format!("/v1/accounts/acct_{number}")).collect();
    assert_eq!(asked, newest, "before the first is answered");
    shop.world.wire.set(Wire::Works);
    let listed = json_of(&run(listing).unwrap().unwrap());
    let with: Vec<_> =
        listed["connections"].as_array().unwrap().iter().map(|one| one.get("account").is_some()).collect();
    assert_eq!(with, [&[true; 10][..], &[false; 2][..]].concat(), "the others are listed all the same");
}

#[test]
fn an_account_that_stripe_does_not_tell_of_is_listed_with_the_reason() {
    for (answer, outcome) in [
        (api_error(403, "more_permissions_required_for_application"), "missing_permission"),
        (api_error(404, "resource_missing"), "stripe_refused"),
    ] {
        let (shop, mut ada) = connected();
        shop.keep("ada", OTHER, START - 7200);
        shop.stripe_answers([answer, answers(200, &account(&named("The other")))]);
        let listed = json_of(&ada.open(&shop, EXPANDED));
        let [one, other] = [&listed["connections"][0], &listed["connections"][1]];
        assert_eq!(
            (&one["account_id"], &one["account"], &one["outcome"]),
            (&json!(ACCOUNT), &Value::Null, &json!(outcome))
        );
        assert!(one.get("account").is_some() && one["hint"].is_string(), "{one}");
        assert_eq!((&other["account"]["display_name"], other.get("outcome")), (&json!("The other"), None));
        assert_eq!(shop.reported(), [outcome]);
        assert_eq!(listed["disconnected"], json!([]), "and nothing ends");
    }
}

#[test]
fn an_account_that_turns_out_to_have_left_is_listed_among_those_that_ended() {
    let (shop, mut ada) = connected();
    shop.keep("ada", OTHER, START - 7200);
    let still = answers(200, &account(&named("The other")));
    shop.stripe_answers([api_text(403, DENIED), right_key(), still]);
    let listed = json_of(&ada.open(&shop, EXPANDED));
    let ids = |list: &str| {
        listed[list].as_array().unwrap().iter().map(|one| one["account_id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((ids("connections"), ids("disconnected")), (vec![json!(OTHER)], vec![json!(ACCOUNT)]));
    assert_eq!(listed["connections"][0]["account"]["display_name"], "The other");

    // The store fails to note it: then it is told beside it.
    let (shop, mut ada) = connected();
    shop.stripe_answers([api_text(403, DENIED), right_key()]);
    shop.world.store.down_to_disconnect.set(true);
    let listed = json_of(&ada.open(&shop, EXPANDED));
    assert_eq!(listed["connections"][0]["outcome"], "revoked");
}

#[test]
fn only_the_account_can_be_expanded() {
    let (shop, mut ada) = connected();
    for query in ["expand=", "expand=accounts", "expand=account,balance", &format!("expand={}", "a".repeat(4096))] {
        assert_eq!(told(&ada.open(&shop, &format!("{LIST}?{query}"))), (400, "malformed".to_owned()), "{query}");
    }
    assert_eq!(told(&Browser::default().open(&shop, EXPANDED)), (401, "not_signed_in".to_owned()));
    assert!(shop.asked().is_empty());
}
