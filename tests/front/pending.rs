//! The flows a page keeps.

use super::{test, *};

const LIFETIME: u64 = PendingFlows::LIFETIME_SECONDS;

fn came_back(state: &State, code: &str) -> CallbackQuery {
    CallbackQuery::read(&format!("?code={code}&state={}", state.as_str()))
}

#[track_caller]
fn assert_flow_rejected(callback: &Callback, rejection: Rejection) {
    assert!(matches!(callback, Callback::Rejected(why) if *why == rejection), "{callback:?}");
}

#[test]
fn a_kept_flow_is_finished_by_its_callback_and_knows_its_subject() {
    let mut flows = flows(2);
    let query = came_back(&flow_state(1), "ac_1");
    let mut reloaded = PendingFlows::kept(flows.as_str().to_owned());
    assert_eq!(authorized(reloaded.finish(&query, Some(&user("ada")), NOW + 60)).0, "ac_1");
    assert_eq!(reloaded.subject_of(&query), Some("ada"));
    assert_eq!(authorized(flows.finish(&query, None, NOW + 60)).0, "ac_1");
}

#[test]
fn a_flow_takes_the_same_code_again_and_no_other() {
    let mut flows = flows(1);
    let query = came_back(&flow_state(1), "ac_1");
    for _ in 0..3 {
        assert_eq!(authorized(flows.finish(&query, None, NOW + 60)).0, "ac_1", "as after a reload");
    }
    let other = flows.finish(&came_back(&flow_state(1), "ac_2"), None, NOW + 60);
    assert_flow_rejected(&other, Rejection::AlreadyUsed);
    assert_eq!(authorized(flows.finish(&query, None, NOW + 60)).0, "ac_1", "still");
}

#[test]
fn a_flow_expires_at_its_3600th_second() {
    for (after, expired) in [(LIFETIME - 1, false), (LIFETIME, true), (LIFETIME + 1, true)] {
        let mut flows = PendingFlows::kept(String::new());
        flows.begin(&flow_state(1), &user("ada"), NOW, LIFETIME);
        let callback = flows.finish(&came_back(&flow_state(1), "ac_1"), None, NOW + after);
        match expired {
            true => assert_flow_rejected(&callback, Rejection::Expired),
            false => assert_eq!(authorized(callback).0, "ac_1"),
        }
        assert_eq!(flows.as_str().is_empty(), expired, "an expired flow is let go");
    }
}

#[test]
fn attack_2_another_user_cannot_finish_a_flow_and_ends_it() {
    let mut flows = flows(1);
    let query = came_back(&flow_state(1), "ac_1");
    assert_flow_rejected(&flows.finish(&query, Some(&user("eve")), NOW + 60), Rejection::AnotherSubject);
    assert_flow_rejected(&flows.finish(&query, Some(&user("ada")), NOW + 60), Rejection::NotStarted);
}

#[test]
fn a_tab_keeps_five_flows_and_the_oldest_makes_room() {
    let mut flows = flows(7);
    assert_eq!(flows.as_str().lines().count(), 5);
    for (number, kept) in [(1, false), (2, false), (3, true), (4, true), (5, true), (6, true), (7, true)] {
        let callback = flows.finish(&came_back(&flow_state(number), "ac_1"), None, NOW + 60);
        assert_eq!(matches!(callback, Callback::Authorized(_)), kept, "flow {number}");
    }
}

#[test]
fn a_new_flow_lets_go_of_those_that_expired() {
    let mut flows = flows(5);
    flows.begin(&flow_state(9), &user("ada"), NOW + LIFETIME + 3, LIFETIME);
    let numbers = [4, 5, 9].map(flow_state);
    assert_eq!(flows.as_str().lines().count(), 3);
    assert!(numbers.iter().all(|state| flows.as_str().contains(state.as_str())));
}

#[test]
fn a_denial_with_the_right_state_ends_its_own_flow_only() {
    let mut flows = flows(2);
    let denial = CallbackQuery::read(&format!("?error=access_denied&state={}", flow_state(1).as_str()));
    assert!(matches!(flows.finish(&denial, None, NOW + 60), Callback::Denied { verified: true, .. }));
    assert_flow_rejected(&flows.finish(&came_back(&flow_state(1), "ac_1"), None, NOW + 60), Rejection::NotStarted);
    assert_eq!(authorized(flows.finish(&came_back(&flow_state(2), "ac_2"), None, NOW + 60)).0, "ac_2");
}

#[test]
fn attack_10_a_forged_or_damaged_link_ends_no_flow() {
    let mut flows = flows(2);
    let before = flows.as_str().to_owned();
    let right = flow_state(1);
    let links = [
        "?error=access_denied".to_owned(),
        "?error=access_denied&state=guess".to_owned(),
        "?error=server_error".to_owned(),
        "?code=ac_evil".to_owned(),
        "?code=ac_evil&state=guess".to_owned(),
        format!("?code=ac_1&code=ac_2&state={}", right.as_str()),
        format!("?code=%zz&state={}", right.as_str()),
        format!("?code=sk_1&state={}", right.as_str()),
        format!("?state={}", right.as_str()),
        format!("?code=ac_1&error=access_denied&state={}", right.as_str()),
        format!("?code=ac_1&iss=evil&state={}", right.as_str()),
        String::new(),
        "a".repeat(9000),
    ];
    for link in links {
        let callback = flows.finish(&CallbackQuery::read(&link), Some(&user("ada")), NOW + 60);
        assert!(!matches!(callback, Callback::Authorized(_)), "{link}");
        assert_eq!(flows.as_str(), before, "{link}");
    }
    assert_eq!(authorized(flows.finish(&came_back(&right, "ac_1"), None, NOW + 60)).0, "ac_1");
}

#[test]
fn who_goes_back_to_stripe_after_the_flow_ended_well_and_cancels_or_agrees_there_undoes_nothing() {
    let mut flows = flows(2);
    let first = came_back(&flow_state(1), "ac_1");
    assert_eq!(authorized(flows.finish(&first, None, NOW + 60)).0, "ac_1");
    let before = flows.as_str().to_owned();
    for answer in ["code=ac_2", "error=access_denied", "error=server_error"] {
        let again = CallbackQuery::read(&format!("?{answer}&state={}", flow_state(1).as_str()));
        assert_flow_rejected(&flows.finish(&again, None, NOW + 61), Rejection::AlreadyUsed);
        assert_eq!(flows.as_str(), before, "{answer}");
    }
    assert_eq!(authorized(flows.finish(&first, None, NOW + 62)).0, "ac_1", "as after a reload");
}

#[test]
fn a_flow_may_be_given_less_time_and_no_more() {
    let mut flows = PendingFlows::kept(String::new());
    let query = came_back(&flow_state(1), "ac_1");
    for (given, lifetime) in [(60, 60), (1, 1), (LIFETIME + 1, LIFETIME), (u64::MAX, LIFETIME)] {
        flows.begin(&flow_state(1), &user("ada"), NOW, given);
        assert_eq!(authorized(flows.finish(&query, None, NOW + lifetime - 1)).0, "ac_1");
        assert_flow_rejected(&flows.finish(&query, None, NOW + lifetime), Rejection::Expired);
    }
}

#[test]
fn what_a_link_without_a_flow_says() {
    let mut none = PendingFlows::kept(String::new());
    let mut finish = |query: &str| none.finish(&CallbackQuery::read(query), None, NOW);
    assert_flow_rejected(&finish("?code=ac_1&state=x"), Rejection::NotStarted);
    assert_flow_rejected(&finish("?code=ac_1"), Rejection::StateMissing);
    assert_flow_rejected(&finish("?code=%&state=x"), Rejection::Malformed);
    assert!(matches!(finish("?error=access_denied"), Callback::Denied { verified: false, .. }));
    assert!(matches!(finish("?tab=2"), Callback::None));
}

#[test]
fn kept_text_that_was_tampered_with_is_no_flow() {
    let good = flows(1).as_str().to_owned();
    let query = came_back(&flow_state(1), "ac_1");
    let tampered = [
        "\n\n \n   \n".to_owned(),
        "garbage".to_owned(),
        good.replacen("17", "xx", 1),
        good.replacen("17", "99999999999999999999999917", 1),
        good.replacen("17", "-17", 1),
        good.replace(flow_state(1).as_str(), "short"),
        good.replace(flow_state(1).as_str(), flow_state(2).as_str()),
        good.replace(' ', ""),
        format!("\u{0}{good}"),
    ];
    for text in tampered {
        let mut flows = PendingFlows::kept(text.clone());
        assert_flow_rejected(&flows.finish(&query, None, NOW + 60), Rejection::NotStarted);
        flows.begin(&flow_state(3), &user("ada"), NOW, LIFETIME);
        let callback = flows.finish(&came_back(&flow_state(3), "ac_3"), None, NOW + 60);
        assert_eq!(authorized(callback).0, "ac_3", "{text:?} does not stand in a new flow's way");
    }
}

proptest! {
    #![proptest_config(often())]

    #[test]
    fn any_kept_text_and_any_link_are_survived(text in any::<String>(), link in nearly_a_callback(), now: u64) {
        let mut flows = PendingFlows::kept(text);
        let link = link.replace("{S}", state().as_str());
        let callback = flows.finish(&CallbackQuery::read(&link), None, now);
        prop_assert!(!matches!(callback, Callback::Authorized(_)), "no text here holds the state");
        flows.begin(&state(), &user("ada"), now, LIFETIME);
        prop_assert!(flows.as_str().ends_with(" ada\n"));
    }
}
