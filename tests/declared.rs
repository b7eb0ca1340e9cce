//! The words that TypeScript knows are those that Rust has: each union of the package's types against its enum.
#![cfg(feature = "edge")]
#![allow(clippy::expect_used)]

use std::collections::BTreeSet;
use stripe_connect_oauth::edge::EventProgress;
use stripe_connect_oauth::server::{AccountStatus, NextStep, PlatformProblem, TokenProblem, TokenScope};
use stripe_connect_oauth::{ErrorCode, Flow, Outcome, Phrase, Prefill, PrefillField, Rejection, Scope};

const FRONT: &str = include_str!("../pkg/entries/front.d.ts");
const EDGE: &str = include_str!("../pkg/entries/edge.d.ts");
const SERVER: &str = include_str!("../pkg/entries/server.d.ts");
const STORE: &str = include_str!("../pkg/stores/store.d.ts");

/// The words that stand in quotes between `start` and the next `end`.
fn declared<'a>(types: &'a str, start: &str, end: &str) -> BTreeSet<&'a str> {
    let (_, rest) = types.split_once(start).expect(start);
    let (union, _) = rest.split_once(end).expect(end);
    union.split('"').skip(1).step_by(2).collect()
}

fn words<T: AsRef<str>>(all: &[T]) -> BTreeSet<&str> {
    all.iter().map(AsRef::as_ref).collect()
}

/// A word of one that the other lacks is told by name.
#[track_caller]
fn assert_same(declared: BTreeSet<&str>, words: BTreeSet<&str>) {
    let missing: Vec<_> = words.difference(&declared).collect();
    let surplus: Vec<_> = declared.difference(&words).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:?}, too many {surplus:?}");
}

#[test]
fn an_outcome_has_its_word_in_the_types() {
    let mut declared = declared(EDGE, "export type Outcome =\n  | Rejection\n", ";");
    declared.extend(Rejection::ALL.iter().map(|rejection| rejection.as_str()));
    assert_same(declared, words(Outcome::ALL));
}

#[test]
fn a_rejection_has_its_word_in_the_types() {
    assert_same(declared(FRONT, "export type Rejection =", ";"), words(Rejection::ALL));
}

#[test]
fn a_phrase_has_its_name_in_the_types() {
    assert_same(declared(EDGE, "export type Phrase =", ";"), words(Phrase::ALL));
}

#[test]
fn an_accounts_status_and_next_step_have_their_words_in_the_types() {
    assert_same(declared(SERVER, "export type AccountStatus =", ";"), words(AccountStatus::ALL));
    assert_same(declared(SERVER, "export type NextStep =", ";"), words(NextStep::ALL));
}

#[test]
fn a_problem_has_its_word_in_the_types() {
    let (_, after) = SERVER.split_once("interface ExchangeError ").expect("ExchangeError");
    assert_same(declared(after, "  problem?:", ";"), words(TokenProblem::ALL));
    let (_, after) = SERVER.split_once("interface StripeError ").expect("StripeError");
    assert_same(declared(after, "  problem?:", ";"), words(PlatformProblem::ALL));
}

#[test]
fn an_error_has_its_code_in_the_types() {
    // These can't be in Rust.
    let of_javascript = ["unverified_callback", "storage_unavailable", "wasm_unavailable"];
    let (_, after) = FRONT.split_once("interface ConnectError ").expect("ConnectError");
    let mut codes = words(ErrorCode::ALL);
    codes.extend(of_javascript);
    assert_same(declared(after, "  code:", ";"), codes);
}

#[test]
fn a_scope_and_a_flow_have_their_words_in_the_types() {
    assert_same(declared(FRONT, "export type Flow =", ";"), words(Flow::ALL));
    assert_same(declared(FRONT, "  scope?:", ";"), words(Scope::ALL));
    assert_same(declared(STORE, "  scope:", ";"), words(TokenScope::ALL));
    assert_same(declared(EDGE, "  scope:", ";"), words(TokenScope::ALL));
}

#[test]
fn a_stores_answer_has_its_word_in_the_types() {
    assert_same(declared(STORE, "  beginEvent(", ";"), words(EventProgress::ALL));
}

/// The fields that stand in an interface itself.
fn fields<'a>(types: &'a str, interface: &str) -> BTreeSet<&'a str> {
    let (_, rest) = types.split_once(&format!("interface {interface} ")).expect(interface);
    let (body, _) = rest.split_once("\n}").expect(interface);
    body.lines().filter_map(|line| line.split_once("?:")).map(|(field, _)| field.trim()).collect()
}

/// Whether `flow` has the field, by what it says to a value that the field takes.
fn is_in(flow: Flow, field: PrefillField) -> bool {
    let values = "text 1 1985 US usd llc true female ada@example.com https://a.example 4155552671";
    let mut prefill = Prefill::default();
    assert!(values.split(' ').any(|value| prefill.set(field, value).is_ok()), "{field:?} takes none of {values}");
    // Else it may lack what it needs beside it, which is another parameter's error.
    !prefill.check(flow).is_err_and(|error| error.code() == ErrorCode::UnknownParameter)
}

#[test]
fn a_prefill_field_stands_in_the_types_of_each_flow_that_has_it() {
    for (flow, interface) in [(Flow::Standard, "StripeUser"), (Flow::Express, "ExpressStripeUser")] {
        let mut declared = fields(FRONT, "AnyStripeUser");
        declared.extend(fields(FRONT, interface));
        let known = PrefillField::ALL.iter().filter(|field| is_in(flow, **field)).map(|field| field.as_str());
        let names = known.map(|param| param.trim_start_matches("stripe_user[").trim_end_matches(']'));
        assert_same(declared, names.collect());
    }
}
