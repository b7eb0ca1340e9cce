//! [`Replays`]: the answers to requests that carried an idempotency key
//! (`docs.stripe.com/api/idempotent_requests`).

use super::refusal::Refusal;
use crate::server::Response;
use std::collections::BTreeMap;

/// How long an answer is kept.
const KEPT_SECONDS: u64 = 86_400;

/// The longest key, in characters.
const MAX_KEY: usize = 255;

/// A key, and for whom and for what it was sent.
pub(super) struct Keyed<'a> {
    /// The caller's account and mode: another platform's keys are its own.
    pub(super) owner: String,
    pub(super) key: &'a str,
    /// Path and parameters.
    pub(super) request: String,
}

struct Kept {
    request: String,
    response: Response,
    request_id: String,
    at: u64,
}

#[derive(Default)]
pub(super) struct Replays(BTreeMap<(String, String), Kept>);

impl Replays {
    /// The answer that was given before, if one was.
    pub(super) fn find(&mut self, keyed: &Keyed<'_>, now: u64) -> Result<Option<Response>, Refusal> {
        if keyed.key.chars().count() > MAX_KEY {
            let message = "Idempotency keys may be at most 255 characters long.";
            return Err(Refusal::api(400, message).with_type("idempotency_error"));
        }
        self.0.retain(|_, kept| now.saturating_sub(kept.at) < KEPT_SECONDS);
        let Some(kept) = self.0.get(&(keyed.owner.clone(), keyed.key.to_owned())) else { return Ok(None) };
        if kept.request != keyed.request {
            let message = format!(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. \
                 Try using a key other than '{}' if you meant to execute a different request.",
                keyed.key
            );
            return Err(Refusal::api(400, message).with_type("idempotency_error"));
        }
        let replayed = kept.response.clone().with_header("idempotent-replayed", "true");
        Ok(Some(replayed.with_header("original-request", &*kept.request_id)))
    }

    /// Keeps the answer to the request `request_id`.
    pub(super) fn keep(&mut self, keyed: Keyed<'_>, response: &Response, request_id: &str, now: u64) {
        let Keyed { owner, key, request } = keyed;
        let kept = Kept { request, response: response.clone(), request_id: request_id.to_owned(), at: now };
        self.0.insert((owner, key.to_owned()), kept);
    }
}
