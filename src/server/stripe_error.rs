//! [`StripeError`]: a refusal in either of Stripe's two shapes, or a reply that is neither.

use super::http::Response;
use serde::Deserialize;
use std::fmt;

/// What Stripe answered instead of a result.
///
/// OAuth endpoints answer `{"error": "invalid_grant", "error_description": "…"}`; the API answers
/// `{"error": {"type": "…", "message": "…"}}`, and the OAuth endpoints do so too when the key is bad.
/// A gateway may answer with a page of HTML. Status and request id are kept in every case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripeError {
    /// The HTTP status.
    pub status: u16,
    /// Stripe's `Request-Id`, for their support.
    pub request_id: Option<String>,
    /// OAuth's `error`, or the API error's `code`, else its `type`; `None` when the body had neither.
    pub error: Option<String>,
    /// `error_description` or `message`, at most 512 characters, with anything like a key masked.
    pub description: Option<String>,
}

/// Why Stripe did not take a code (`docs.stripe.com/connect/oauth-reference`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GrantProblem {
    /// It was used before, and Stripe has revoked what it gave.
    Used,
    /// It was older than five minutes.
    Expired,
    /// It is of the other mode than the key.
    Mode,
    /// It was made for another platform.
    NotYours,
    /// Stripe does not know it.
    NotFound,
}

/// The two shapes: `error` is a string, or an object.
#[derive(Deserialize)]
struct Body {
    error: Shape,
    error_description: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Shape {
    OAuth(String),
    Api { r#type: Option<String>, code: Option<String>, message: Option<String> },
}

impl StripeError {
    /// Reads a reply that was not a success.
    pub fn read(reply: &Response) -> StripeError {
        let body = serde_json::from_str::<Body>(&reply.body).ok();
        let (error, description) = match body {
            Some(Body { error: Shape::OAuth(error), error_description }) => (Some(error), error_description),
            Some(Body { error: Shape::Api { r#type, code, message }, .. }) => (code.or(r#type), message),
            None => (None, None),
        };
        StripeError {
            status: reply.status,
            request_id: reply.header("request-id").map(mask_credentials),
            error: error.map(|text| mask_credentials(&text)),
            description: description.map(|text| mask_credentials(&text)),
        }
    }

    /// What was wrong with the code, as far as Stripe's text tells: `invalid_grant` has no finer codes.
    pub fn grant_problem(&self) -> Option<GrantProblem> {
        if self.error.as_deref() != Some("invalid_grant") {
            return None;
        }
        let says = |part: &str| self.description.as_deref().is_some_and(|text| text.contains(part));
        Some(match () {
            () if says("already been used") => GrantProblem::Used,
            () if says("expired") => GrantProblem::Expired,
            () if says("livemode") || says("testmode") => GrantProblem::Mode,
            () if says("does not belong to you") => GrantProblem::NotYours,
            () => GrantProblem::NotFound,
        })
    }

    /// Whether Stripe may have done the work all the same: it failed while answering.
    pub fn is_ambiguous(&self) -> bool {
        self.status >= 500 || self.error.is_none()
    }
}

impl fmt::Display for StripeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stripe answered {}", self.status)?;
        match (&self.error, &self.description) {
            (Some(error), Some(description)) => write!(f, " {error}: {description}")?,
            (Some(error), None) => write!(f, " {error}")?,
            (None, _) => f.write_str(" without a readable error")?,
        }
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for StripeError {}

/// Stripe repeats keys and codes in its messages: `No such API key: sk_…`,
/// `Authorization code does not exist: ac_…`. Those must reach no log.
fn mask_credentials(text: &str) -> String {
    const SECRET: [&str; 6] = ["sk_", "rk_", "ac_", "rt_", "whsec_", "pk_"];
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(512).collect();
    let holds = |word: &str, prefix: &str| {
        word.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part.starts_with(prefix))
    };
    let masked = |word: &str| match SECRET.iter().find(|prefix| holds(word, prefix)) {
        Some(prefix) => [prefix, "[redacted]"].concat(),
        None => word.to_owned(),
    };
    plain.split(' ').map(masked).collect::<Vec<_>>().join(" ")
}
