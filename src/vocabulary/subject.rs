//! [`Subject`]: the platform's signed-in user, for whom a flow is started and by whom it is finished.

use super::convert::as_text;
use super::error::{ConnectError, ErrorCode};
use super::text::has_control;

/// The platform's own name for its signed-in user or organisation: a row id, say. Not an e-mail address
/// that may change hands.
///
/// ```
/// use stripe_connect_oauth::Subject;
///
/// let user = Subject::parse("user-42")?;
/// assert_eq!(user.as_str(), "user-42");
/// assert_eq!(Subject::parse("").unwrap_err().param(), "subject");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject(String);

impl Subject {
    /// 1 to 255 bytes, without control characters.
    pub fn parse(text: &str) -> Result<Subject, ConnectError> {
        Subject::check(text)?;
        Ok(Subject(text.to_owned()))
    }

    fn check(text: &str) -> Result<(), ConnectError> {
        const PARAM: &str = "subject";
        if text.is_empty() {
            return Err(ConnectError::missing(PARAM, "give the id of the signed-in user"));
        }
        if text.len() > 255 {
            return Err(ConnectError::new(ErrorCode::TooLong, PARAM, "is longer than 255 bytes"));
        }
        if has_control(text) {
            return Err(ConnectError::invalid(PARAM, "must not hold control characters"));
        }
        Ok(())
    }

    /// The name as the platform wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

as_text! { Subject: Subject::parse; }
