//! [`StripeError`]: a refusal in either of Stripe's two shapes, or a reply that is neither.

use super::http::Response;
use super::object::Unreadable;
use serde::Deserialize;
use std::fmt;

/// What Stripe answered instead of a result.
///
/// OAuth endpoints answer `{"error": "invalid_grant", "error_description": "…"}`; the API answers
/// `{"error": {"type": "…", "message": "…"}}`, and the OAuth endpoints do so too when the key is bad.
/// A gateway may answer with a page of HTML. Status and request id are kept in every case.
///
/// ```
/// use stripe_connect_oauth::server::{Response, StripeError};
///
/// let body = r#"{"error":"invalid_grant","error_description":"Authorization code expired"}"#;
/// let error = StripeError::read(&Response::json(400, body).with_header("request-id", "req_1"));
/// assert_eq!(error.error.as_deref(), Some("invalid_grant"));
/// assert!(!error.is_ambiguous(), "Stripe did nothing");
/// assert_eq!(
///     error.to_string(),
///     "Stripe answered 400 invalid_grant: Authorization code expired (request req_1)"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripeError {
    /// The HTTP status; 0 when no answer came.
    pub status: u16,
    /// Stripe's `Request-Id`, for their support.
    pub request_id: Option<String>,
    /// OAuth's `error`, or the API error's `code`, else its `type`; `None` when the body had neither.
    pub error: Option<String>,
    /// `error_description` or `message`, at most 512 characters, with anything like a key masked.
    pub description: Option<String>,
    /// The field of a success that is missing or odd, so that the success can't be read.
    pub unreadable: Option<&'static str>,
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
            request_id: reply.request_id(),
            error: error.map(|text| mask_credentials(&text)),
            description: description.map(|text| mask_credentials(&text)),
            unreadable: None,
        }
    }

    /// A success that can't be read for one of its fields.
    pub(super) fn odd(reply: &Response, Unreadable(field): Unreadable) -> StripeError {
        StripeError { unreadable: Some(field), ..StripeError::read(reply) }
    }

    /// No answer came at all: a timeout or a lost connection. Its status is 0.
    ///
    /// ```
    /// use stripe_connect_oauth::server::StripeError;
    ///
    /// let error = StripeError::no_answer();
    /// assert_eq!((error.status, error.is_ambiguous()), (0, true));
    /// ```
    pub fn no_answer() -> StripeError {
        StripeError { status: 0, request_id: None, error: None, description: None, unreadable: None }
    }

    /// Whether Stripe's description holds `part`: most problems have no finer code.
    pub(crate) fn says(&self, part: &str) -> bool {
        self.description.as_deref().is_some_and(|text| text.contains(part))
    }

    /// Whether Stripe's description speaks of test and live mode.
    pub(crate) fn speaks_of_mode(&self) -> bool {
        ["livemode", "testmode", "live mode", "test mode"].iter().any(|word| self.says(word))
    }

    /// Whether `error` is this code.
    pub(crate) fn is(&self, code: &str) -> bool {
        self.error.as_deref() == Some(code)
    }

    /// Whether Stripe did not look at the request, being busy: 409, another request holds what it needs; 429,
    /// too many at a time.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self.status, 409 | 429)
    }

    /// Whether Stripe may have done the work all the same: it failed while answering.
    pub fn is_ambiguous(&self) -> bool {
        self.status >= 500 || self.error.is_none()
    }
}

impl fmt::Display for StripeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.status == 0 {
            return f.write_str("Stripe did not answer");
        }
        write!(f, "Stripe answered {}", self.status)?;
        match (&self.error, &self.description) {
            (Some(error), Some(description)) => write!(f, " {error}: {description}")?,
            (Some(error), None) => write!(f, " {error}")?,
            (None, _) => match self.unreadable {
                Some(field) => write!(f, " and {field} is missing or odd")?,
                None => f.write_str(" without a readable error")?,
            },
        }
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for StripeError {}

impl Response {
    /// Stripe's `Request-Id`, for their support.
    pub(crate) fn request_id(&self) -> Option<String> {
        self.header("request-id").map(mask_credentials)
    }
}

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
