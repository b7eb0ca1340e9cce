//! A person is asked before a connection ends, and told whom it ends for; and they may end it for themselves only.

use super::*;

const ACCOUNT_ONLY: &str = "account=acct_1SandboxBakery01&return_to=%2Fpayouts";

/// What the button of a page's form sends, beside `button`, which is its name and value.
fn pressed(page: &Response, button: &str) -> String {
    let inputs = page.body.split("<input type=\"hidden\" name=\"").skip(1);
    let fields = inputs.map(|input| {
        let (name, rest) = input.split_once('"').unwrap();
        let value = rest.split_once("value=\"").unwrap().1.split('"').next().unwrap();
        format!("{name}={}&", value.replace('/', "%2F"))
    });
    fields.collect::<String>() + button
}

#[test]
fn a_person_is_asked_before_their_account_is_disconnected() {
    let (shop, mut ada) = connected();
    let page = ada.submit(&shop, "/connect/disconnect", ACCOUNT_ONLY);
    assert_eq!((page.status, page.header("set-cookie")), (200, None));
    assert!(page.body.contains("<h1>Do you want to disconnect Stripe?</h1>"));
    assert!(
        page.body.contains(&format!("This ends our access to your Stripe account {ACCOUNT}:")),
        "{}",
        page.body
    );
    assert!(page.body.contains("<a href=\"/payouts\">"), "no is said with the link back");
    assert!(!page.body.contains("Others") && !page.body.contains("could not see"), "{}", page.body);
    assert!(shop.asked().is_empty());
    assert_eq!(shop.accounts_of("ada"), [ACCOUNT]);

    shop.stripe_answers([deauthorized()]);
    let gone = ada.submit(&shop, "/connect/disconnect", &pressed(&page, ""));
    assert_eq!((gone.status, location(&gone)), (303, "/payouts"));
    assert!(shop.accounts_of("ada").is_empty() && shop.reported().is_empty());
}

#[test]
fn a_page_that_has_asked_says_so_and_a_script_is_taken_at_its_word() {
    for (confirmed, is_asked) in [("", true), ("&confirmed=no", true), ("&confirmed=yes", false)] {
        let (shop, mut ada) = connected();
        shop.stripe_answers([deauthorized()]);
        let answer = ada.submit(&shop, "/connect/disconnect", &format!("{ACCOUNT_ONLY}{confirmed}"));
        assert_eq!(answer.status, if is_asked { 200 } else { 303 }, "{confirmed}");
        assert_eq!(shop.accounts_of("ada").is_empty(), !is_asked, "{confirmed}");
    }
    let (shop, mut ada) = connected();
    shop.stripe_answers([deauthorized()]);
    assert_eq!(told(&ada.script(&shop, "/connect/disconnect", ACCOUNT_ONLY)).1, "disconnected");
    for field in ["confirmed=", "confirmed=true", "deauthorize=0", "deauthorize=No"] {
        let form = format!("{ACCOUNT_ONLY}&{field}");
        assert_eq!(
            told(&ada.script(&shop, "/connect/disconnect", &form)),
            (400, "malformed".to_owned()),
            "{field}"
        );
    }
}

#[test]
fn attack_3_saying_that_it_was_asked_does_not_help_who_cannot_show_where_they_are_from() {
    for headers in [&[][..], &[("origin", "null")], &[("sec-fetch-site", "none")]] {
        let (shop, mut ada) = connected();
        let form = format!("{ACCOUNT_ONLY}&confirmed=yes");
        let page = ada.send(&shop, &ada.request(Method::Post, "/connect/disconnect", headers, &form));
        assert_eq!(page.status, 403);
        assert!(page.body.contains("could not see that this request came from our own page"), "{}", page.body);
        assert!(page.body.contains(&format!("our access to your Stripe account {ACCOUNT}")));
        assert!(shop.asked().is_empty());
    }
}

#[test]
fn a_disconnection_that_ends_for_others_is_told_before_and_after() {
    let (shop, mut ada) = connected();
    for other in ["eve", "bob"] {
        shop.keep(other, ACCOUNT, START - 60);
    }
    let page = ada.submit(&shop, "/connect/disconnect", ACCOUNT_ONLY);
    assert!(page.body.contains("Others have connected the same account here (2). For them it ends as well"));
    assert!(!page.body.contains("eve") && !page.body.contains("bob"), "how many, and never who");

    shop.stripe_answers([deauthorized()]);
    ada.submit(&shop, "/connect/disconnect", &pressed(&page, ""));
    for user in ["ada", "eve", "bob"] {
        assert!(shop.accounts_of(user).is_empty(), "at Stripe they are one: {user}");
    }
    // The developers know these people, and can tell them.
    let problem = shop.world.reports.borrow()[0].to_string();
    let expected = format!(
        "disconnected: {ACCOUNT} was disconnected by the subject ada, and so it has ended for 2 more who had connected \
         it. Tell them: bob, eve"
    );
    assert_eq!(problem, expected);
}

#[test]
fn a_script_is_told_for_how_many_it_ended() {
    let (shop, mut ada) = connected();
    shop.keep("eve", ACCOUNT, START - 60);
    shop.stripe_answers([deauthorized()]);
    let gone = ada.script(&shop, "/connect/disconnect", ACCOUNT_ONLY);
    assert_eq!(json_of(&gone), json!({"outcome": "disconnected", "others": 1}));
}

#[test]
fn a_person_may_end_it_for_themselves_only() {
    let (shop, mut ada) = connected();
    shop.keep("eve", ACCOUNT, START - 60);
    let page = ada.submit(&shop, "/connect/disconnect", ACCOUNT_ONLY);
    assert!(page.body.contains("name=\"deauthorize\" value=\"no\">For me only</button>"), "{}", page.body);
    let gone = ada.submit(&shop, "/connect/disconnect", &pressed(&page, "deauthorize=no"));
    assert_eq!((gone.status, location(&gone)), (303, "/payouts"));
    assert!(gone.header("set-cookie").unwrap().starts_with("__Host-stripe-connect-done=forgotten;"));
    assert!(shop.asked().is_empty(), "at Stripe nothing changes");
    assert_eq!((shop.accounts_of("ada"), shop.accounts_of("eve")), (vec![], vec![ACCOUNT.to_owned()]));
    assert_eq!(shop.ended("ada"), [(ACCOUNT.to_owned(), START)]);
    assert!(shop.reported().is_empty());
    let said = ada.open(&shop, "/connect/result/forgotten");
    assert!(said.body.contains("Our access at Stripe stays until you end it there"), "{}", said.body);
}

#[test]
fn the_platform_may_ask_to_end_it_here_only() {
    let (shop, mut ada) = connected();
    let form = format!("{ACCOUNT_ONLY}&deauthorize=no");
    let page = ada.submit(&shop, "/connect/disconnect", &form);
    assert!(page.body.contains(&format!("we no longer use your Stripe account {ACCOUNT} for you")));
    assert_eq!(page.body.matches("<button").count(), 1, "{}", page.body);
    assert_eq!(location(&ada.submit(&shop, "/connect/disconnect", &pressed(&page, ""))), "/payouts");
    assert_eq!((shop.asked().len(), shop.accounts_of("ada").len()), (0, 0));

    let (shop, mut ada) = connected();
    let reply = ada.script(&shop, "/connect/disconnect", &form);
    assert_eq!((reply.status, json_of(&reply)), (200, json!({"outcome": "forgotten"})));
    assert!(shop.asked().is_empty());
}

#[test]
fn a_store_that_fails_to_forget_is_asked_again_and_then_told_of() {
    for (failures, outcome) in [(2, "forgotten"), (3, "store_unavailable")] {
        let (shop, mut ada) = connected();
        shop.world.store.failures_to_write.set(failures);
        let reply = ada.script(&shop, "/connect/disconnect", &format!("{ACCOUNT_ONLY}&deauthorize=no"));
        assert_eq!(told(&reply).1, outcome);
        assert_eq!(shop.reported().len(), usize::from(failures == 3));
        assert_eq!(shop.accounts_of("ada").is_empty(), failures == 2);
    }
}

#[test]
fn what_has_ended_or_was_never_there_is_not_asked_about() {
    let (shop, mut ada) = connected();
    shop.stripe_answers([deauthorized()]);
    ada.submit(&shop, "/connect/disconnect", THIS);
    assert_eq!(location(&ada.submit(&shop, "/connect/disconnect", ACCOUNT_ONLY)), "/payouts");
    let unknown = ada.submit(&shop, "/connect/disconnect", "account=acct_unheard0f");
    assert_eq!(location(&unknown), "/connect/result/not_connected");
    assert_eq!(shop.asked().len(), 1);
}
