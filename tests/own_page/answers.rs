//! What our own answers let a browser say.

use super::*;

#[test]
fn attack_11_a_page_with_a_form_tells_its_origin_and_every_other_answer_nothing() {
    let (shop, mut ada) = shop();
    let callback = shop.consent(&ada.press_connect(&shop));
    let policy = |response: &Response| response.header("referrer-policy").unwrap().to_owned();

    let asking = post(&mut ada, &shop, "/connect/disconnect", &[], DISCONNECT);
    assert!(asking.body.contains("<form") && policy(&asking) == "strict-origin");
    for (result, expected) in [
        ("denied", "strict-origin"),
        ("expired", "strict-origin"),
        ("not_connected", "no-referrer"),
        ("foreign", "no-referrer"),
    ] {
        let page = ada.open(&shop, &format!("/connect/result/{result}"));
        assert_eq!(
            (page.body.contains("<form"), &*policy(&page)),
            (expected == "strict-origin", expected),
            "{result}"
        );
    }
    let redirect = ada.start(&shop, Method::Post, "/connect/start", "");
    let list = ada.open(&shop, "/connect/connections");
    assert_eq!([policy(&redirect), policy(&list)], ["no-referrer", "no-referrer"]);

    // Pages that stand on the callback's own address.
    shop.world.store.down.set(true);
    let unavailable = ada.open(&shop, &callback);
    let signed_out = Browser::default().open(&shop, &callback);
    for page in [unavailable, signed_out] {
        assert!(page.header("location").is_none() && !page.body.contains("<form"));
        assert_eq!(policy(&page), "no-referrer");
    }
}
