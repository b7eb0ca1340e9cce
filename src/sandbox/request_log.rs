//! [`RequestLog`]: every request that was served, with nothing in it that could be used.

use super::credentials::{key_in_header, masked};
use super::form::Form;
use super::kept::beginning;
use crate::server::Request;
use serde::Serialize;
use std::collections::VecDeque;

/// How many requests are kept: the newest.
const KEPT: usize = 1000;

/// How much of a path or a value is shown, in characters.
const SHOWN: usize = 200;

/// A request, and how it was answered.
#[derive(Serialize)]
pub(super) struct RequestEntry {
    /// Unix seconds.
    pub(super) time: u64,
    pub(super) request_id: String,
    pub(super) method: &'static str,
    pub(super) path: String,
    /// The query's and the body's fields, secrets masked.
    pub(super) params: Vec<(String, String)>,
    /// The key that was sent, masked.
    pub(super) key: Option<String>,
    /// `Stripe-Account`.
    pub(super) stripe_account: Option<String>,
    pub(super) idempotency_key: Option<String>,
    /// The status of the answer; 0 when there was none.
    pub(super) status: u16,
    pub(super) error: Option<&'static str>,
    /// The fault that was asked for and carried out.
    pub(super) fault: Option<&'static str>,
}

/// One entry of `/_sandbox/log`: a request to a token endpoint.
#[derive(Serialize)]
pub(super) struct TokenEntry {
    time: u64,
    status: u16,
    error: Option<&'static str>,
    code: Option<String>,
}

/// Token requests, all of them; and the newest requests of any kind.
#[derive(Default)]
pub(super) struct RequestLog {
    token_requests: Vec<TokenEntry>,
    requests: VecDeque<RequestEntry>,
}

impl RequestLog {
    pub(super) fn token_requests(&self) -> &[TokenEntry] {
        &self.token_requests
    }

    /// The newest last.
    pub(super) fn requests(&self) -> &VecDeque<RequestEntry> {
        &self.requests
    }

    pub(super) fn note_token_request(&mut self, request: &Request, noted: &RequestEntry) {
        let RequestEntry { time, status, error, .. } = *noted;
        self.token_requests.push(TokenEntry { time, status, error, code: masked_code(request) });
    }

    pub(super) fn note(&mut self, entry: RequestEntry) {
        if self.requests.len() >= KEPT {
            self.requests.pop_front();
        }
        self.requests.push_back(entry);
    }
}

impl RequestEntry {
    pub(super) fn new(request: &Request, request_id: &str, now: u64) -> RequestEntry {
        let sent = request.header("authorization").map(key_in_header);
        let header = |name| request.header(name).map(short);
        RequestEntry {
            time: now,
            request_id: request_id.to_owned(),
            method: request.method.as_str(),
            path: shown_path(request.path()),
            params: params(request),
            key: sent.map(|key| short(&masked(&key))),
            stripe_account: header("stripe-account"),
            idempotency_key: header("idempotency-key"),
            status: 0,
            error: None,
            fault: None,
        }
    }
}

/// The key of an account link opens it, so it stays out.
fn shown_path(path: &str) -> String {
    match path.strip_prefix("/setup/s/").and_then(|rest| rest.split_once('/')) {
        Some((account, _)) => short(&["/setup/s/", account, "/…"].concat()),
        None => short(path),
    }
}

fn params(request: &Request) -> Vec<(String, String)> {
    let form = Form::of(request);
    form.fields().map(|(name, value)| (shown_value("", name), shown_value(name, value))).collect()
}

/// Secrets by the name of their field, and by what they begin with.
fn shown_value(name: &str, value: &str) -> String {
    const NAMES: [&str; 3] = ["code", "refresh_token", "state"];
    const PREFIXES: [&str; 6] = ["ac_", "rt_", "sk_", "rk_", "pk_", "whsec_"];
    match () {
        () if name == "client_secret" => short(&masked(value)),
        () if NAMES.contains(&name) || PREFIXES.iter().any(|prefix| value.contains(prefix)) => {
            if value.is_empty() {
                String::new()
            } else {
                beginning(value)
            }
        }
        () => short(value),
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => [text.get(..end).unwrap_or_default(), "…"].concat(),
        None => text.to_owned(),
    }
}

fn masked_code(request: &Request) -> Option<String> {
    Form::of(request).get("code").map(beginning)
}
