use super::*;
use crate::server::TokenScope;
use crate::vocabulary::ids::ClientId;
use crate::vocabulary::livemode::Livemode;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const WEEK: u64 = 7 * 24 * 60 * 60;

/// A memory store answers at once.
fn now<T>(answer: impl Future<Output = Result<T, StoreError>>) -> T {
    match pin!(answer).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(answer)) => answer,
        _ => panic!("it waits or failed"),
    }
}

fn application(client_id: &str, livemode: Livemode) -> Application {
    Application { client_id: ClientId::parse(client_id).unwrap_or_else(|error| panic!("{error}")), livemode }
}

/// Whose rows these are, unless a test says otherwise.
fn ours() -> Application {
    application("ca_1", Livemode::Test)
}

fn connection(subject: &str, account_id: &str, connected_at: u64) -> Connection {
    Connection {
        subject: Subject::parse(subject).unwrap_or_else(|error| panic!("{error}")),
        client_id: ours().client_id,
        account_id: account(account_id),
        livemode: Livemode::Test,
        scope: TokenScope::ReadWrite,
        connected_at,
        disconnected_at: None,
        refresh_token: Some("sealed".to_owned()),
    }
}

fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap_or_else(|error| panic!("{error}"))
}

fn keep(store: &MemoryStore, connection: &Connection) {
    now(store.settle(&ours(), &Digest::of("flow"), Outcome::Connected, Some(connection)));
}

#[test]
fn an_ending_from_before_the_connection_was_made_ends_nothing() {
    for (at, ends) in [(99, false), (100, true), (101, true)] {
        let store = MemoryStore::default();
        let ada = connection("ada", "acct_1", 100);
        keep(&store, &ada);
        now(store.disconnect(&ours(), &ada.account_id, at));
        assert_eq!(now(store.connections(&ours(), &ada.subject)).is_empty(), ends, "{at}");
    }
}

#[test]
fn what_ended_is_ended_for_every_subject_and_once() {
    let store = MemoryStore::default();
    let [ada, eve] = ["ada", "eve"].map(|subject| connection(subject, "acct_1", 100));
    for kept in [&ada, &eve] {
        keep(&store, kept);
    }
    for at in [200, 300] {
        now(store.disconnect(&ours(), &account("acct_1"), at));
    }
    for subject in [&ada.subject, &eve.subject] {
        assert!(now(store.connections(&ours(), subject)).is_empty());
    }
    let ended = Connection { disconnected_at: Some(200), refresh_token: None, ..ada.clone() };
    assert_eq!(now(store.disconnected(&ours(), &ada.subject)), [ended]);

    let again = Connection { connected_at: 400, ..ada };
    keep(&store, &Connection { disconnected_at: Some(200), ..again.clone() });
    now(store.disconnect(&ours(), &again.account_id, 300));
    assert_eq!(now(store.connections(&ours(), &again.subject))[0], again);
    assert!(now(store.disconnected(&ours(), &again.subject)).is_empty(), "connecting again makes it live");
}

#[test]
fn what_is_one_applications_is_no_others() {
    use EventProgress::{Done, New};
    let store = MemoryStore::default();
    let (ada, claim) = (connection("ada", "acct_1", 100), claim("flow", "code", 100));
    let applications = [
        ours(),
        application("ca_1", Livemode::Live),
        application("ca_2", Livemode::Test),
        application("ca_2", Livemode::Live),
    ];
    for application in &applications {
        assert!(now(store.claim(application, &claim)).is_none());
        assert_eq!(now(store.begin_event(application, "evt_1", 100)), New);
        now(store.settle(application, &claim.flow, Outcome::Connected, Some(&ada)));
    }
    now(store.finish_event(&ours(), "evt_1"));
    now(store.disconnect(&ours(), &ada.account_id, 200));
    now(store.erase(&ours(), &ada.subject, 200));
    assert!(now(store.claimed(&ours(), &claim.flow)).is_none());
    assert_eq!(now(store.begin_event(&ours(), "evt_1", 200)), Done);
    for application in &applications[1..] {
        assert!(now(store.claimed(application, &claim.flow)).is_some());
        assert_eq!(now(store.claims_since(application, &ada.subject, 100)), 1);
        assert_eq!(now(store.connections(application, &ada.subject)).as_slice(), std::slice::from_ref(&ada));
        assert_eq!(now(store.begin_event(application, "evt_1", 200)), New);
    }
}

#[test]
fn one_subject_is_forgotten_and_no_other() {
    let store = MemoryStore::default();
    let [ada, eve] = ["ada", "eve"].map(|subject| connection(subject, "acct_1", 100));
    keep(&store, &ada);
    keep(&store, &eve);
    assert_eq!(now(store.connections_of(&ours(), &account("acct_1"))), [ada.clone(), eve.clone()]);
    now(store.forget(&ours(), &ada.subject, &ada.account_id, 99));
    assert!(now(store.disconnected(&ours(), &ada.subject)).is_empty(), "it was made since");
    now(store.forget(&ours(), &ada.subject, &ada.account_id, 200));
    assert!(now(store.connections(&ours(), &ada.subject)).is_empty());
    let ended = Connection { disconnected_at: Some(200), refresh_token: None, ..ada };
    assert_eq!(now(store.disconnected(&ours(), &ended.subject)), [ended]);
    assert_eq!(now(store.connections_of(&ours(), &account("acct_1"))), [eve]);
}

#[test]
fn what_is_kept_of_a_subject_is_erased_but_what_is_live_or_young() {
    let store = MemoryStore::default();
    let [ended, live] = ["acct_1", "acct_2"].map(|id| connection("ada", id, 100));
    keep(&store, &ended);
    keep(&store, &live);
    now(store.disconnect(&ours(), &ended.account_id, 200));
    for (flow, at) in [("old", 99), ("young", 100)] {
        now(store.claim(&ours(), &claim(flow, flow, at)));
    }
    let claims = |since| now(store.claims_since(&ours(), &ended.subject, since));
    assert_eq!([claims(99), claims(100), claims(101)], [2, 1, 0]);
    now(store.erase(&ours(), &ended.subject, 100));
    assert_eq!(claims(0), 1);
    assert!(now(store.claimed(&ours(), &Digest::of("old"))).is_none());
    assert!(now(store.disconnected(&ours(), &ended.subject)).is_empty());
    assert_eq!(now(store.connections(&ours(), &ended.subject)), [live]);
    assert!(now(store.connections_of(&ours(), &ended.account_id)).is_empty());
}

#[test]
fn an_event_that_is_released_begins_again_at_once_and_a_finished_one_never() {
    use EventProgress::{Done, New};
    let store = MemoryStore::default();
    for _ in 0..2 {
        assert_eq!(now(store.begin_event(&ours(), "evt_1", 100)), New);
        now(store.release_event(&ours(), "evt_1"));
    }
    assert_eq!(now(store.begin_event(&ours(), "evt_1", 100)), New);
    now(store.finish_event(&ours(), "evt_1"));
    now(store.release_event(&ours(), "evt_1"));
    assert_eq!(now(store.begin_event(&ours(), "evt_1", 100)), Done);
}

#[test]
fn the_newest_comes_first_and_then_by_account() {
    let store = MemoryStore::default();
    for (id, at) in [("acct_b", 1), ("acct_c", 2), ("acct_a", 1)] {
        keep(&store, &connection("ada", id, at));
    }
    let ids = |kept: Vec<Connection>| kept.iter().map(|one| one.account_id.to_string()).collect::<Vec<_>>();
    let ada = connection("ada", "acct_x", 0).subject;
    assert_eq!(ids(now(store.connections(&ours(), &ada))), ["acct_c", "acct_a", "acct_b"]);
    for (id, at) in [("acct_a", 7), ("acct_b", 8), ("acct_c", 7)] {
        now(store.disconnect(&ours(), &account(id), at));
    }
    assert_eq!(ids(now(store.disconnected(&ours(), &ada))), ["acct_b", "acct_a", "acct_c"]);
}

#[test]
fn an_event_is_new_once_in_each_sixty_seconds_until_it_is_done() {
    use EventProgress::{Done, InProgress, New};
    let store = MemoryStore::default();
    for (at, progress) in [(0, New), (59, InProgress), (60, New), (119, InProgress)] {
        assert_eq!(now(store.begin_event(&ours(), "evt_1", at)), progress, "{at}");
    }
    now(store.finish_event(&ours(), "evt_1"));
    for (at, progress) in [(120, Done), (60 + WEEK, Done), (61 + WEEK, New)] {
        assert_eq!(now(store.begin_event(&ours(), "evt_1", at)), progress, "{at}");
    }
    assert_eq!(now(store.begin_event(&ours(), "evt_2", 0)), New);
}

fn claim(flow: &str, code: &str, claimed_at: u64) -> Claim {
    let subject = connection("ada", "acct_1", 0).subject;
    Claim { flow: Digest::of(flow), code: Digest::of(code), subject, claimed_at }
}

#[test]
fn a_claim_is_let_go_after_a_day_and_so_is_its_code() {
    const DAY: u64 = 24 * 60 * 60;
    let store = MemoryStore::default();
    assert!(now(store.claim(&ours(), &claim("flow", "code", 1))).is_none());
    let record = now(store.claim(&ours(), &claim("other", "code", 1 + DAY))).map(|record| record.claim.flow);
    assert_eq!(record, Some(Digest::of("flow")));
    assert!(now(store.claim(&ours(), &claim("other", "code", 2 + DAY))).is_none());
    assert!(now(store.claimed(&ours(), &Digest::of("flow"))).is_none());
}

/// As the claim of an account that is made has: it is of who asks for what.
#[test]
fn a_flow_that_is_claimed_again_after_an_erasure_is_as_young_as_its_last_claim() {
    const DAY: u64 = 24 * 60 * 60;
    let store = MemoryStore::default();
    let again = claim("flow", "code", 7200);
    assert!(now(store.claim(&ours(), &claim("flow", "code", 1))).is_none());
    now(store.erase(&ours(), &again.subject, 3600));
    assert!(now(store.claim(&ours(), &again)).is_none());
    assert!(now(store.claim(&ours(), &claim("other", "other", 2 + DAY))).is_none());
    assert!(now(store.claimed(&ours(), &again.flow)).is_some());
}

#[test]
fn a_call_lets_a_bounded_number_of_old_rows_go_and_what_is_in_its_way_at_once() {
    const DAY: u64 = 24 * 60 * 60;
    let store = MemoryStore::default();
    for i in 0..201 {
        let name = i.to_string();
        now(store.claim(&ours(), &claim(&name, &name, 0)));
        now(store.begin_event(&ours(), &name, 0));
        now(store.finish_event(&ours(), &name));
    }
    let is_kept = |i: usize| now(store.claimed(&ours(), &Digest::of(&i.to_string()))).is_some();
    assert!(now(store.claim(&ours(), &claim("new", "200", 1 + DAY))).is_none(), "by its code");
    assert_eq!([99, 100, 199, 200].map(is_kept), [false, true, true, false]);
    assert_eq!(now(store.begin_event(&ours(), "200", 1 + WEEK)), EventProgress::New);
    assert_eq!(
        now(store.begin_event(&ours(), "100", WEEK)),
        EventProgress::Done,
        "a hundred are let go, and no more"
    );
}

#[test]
fn an_event_begun_again_is_as_young_as_its_last_beginning() {
    let store = MemoryStore::default();
    for at in [0, 100] {
        assert_eq!(now(store.begin_event(&ours(), "evt_1", at)), EventProgress::New);
    }
    now(store.finish_event(&ours(), "evt_1"));
    assert_eq!(now(store.begin_event(&ours(), "evt_2", 1 + WEEK)), EventProgress::New);
    assert_eq!(now(store.begin_event(&ours(), "evt_1", 1 + WEEK)), EventProgress::Done);
}

/// How long a hundred calls of each kind take a store that keeps so many rows, at their fastest.
fn costs(kept: usize) -> [std::time::Duration; 5] {
    let store = MemoryStore::default();
    let begin = |i: usize| {
        now(store.claim(&ours(), &claim(&format!("flow-{i}"), &format!("code-{i}"), 0)));
    };
    let settle = |i: usize| keep(&store, &connection(&format!("user-{i}"), &format!("acct_{i}"), 0));
    let list = |i: usize| {
        assert_eq!(now(store.connections(&ours(), &connection(&format!("user-{i}"), "acct_1", 0).subject)).len(), 1)
    };
    let end = |i: usize| now(store.disconnect(&ours(), &account(&format!("acct_{i}")), 0));
    let hear = |i: usize| assert_eq!(now(store.begin_event(&ours(), &format!("evt_{i}"), 0)), EventProgress::New);
    for i in 0..kept {
        begin(i);
        settle(i);
        hear(i);
    }
    let calls: [&dyn Fn(usize); 5] = [&begin, &settle, &list, &end, &hear];
    calls.map(|call| {
        let mut rest = kept..;
        let rounds = (0..9).map(|_| {
            let begun = std::time::Instant::now();
            rest.by_ref().take(100).for_each(call);
            begun.elapsed()
        });
        rounds.min().unwrap_or_default()
    })
}

#[test]
fn what_a_call_costs_does_not_grow_with_what_is_kept() {
    let (few, many) = (costs(500), costs(8_000));
    for (at, (few, many)) in few.into_iter().zip(many).enumerate() {
        assert!(many < 5 * few + std::time::Duration::from_millis(1), "call {at}: {few:?}, then {many:?}");
    }
}

#[test]
fn the_words_of_an_events_progress_lead_back_to_it() {
    for progress in [EventProgress::New, EventProgress::InProgress, EventProgress::Done] {
        assert_eq!(EventProgress::parse(progress.as_str()), Some(progress));
    }
    assert_eq!(EventProgress::parse("finished"), None);
}
