//! `ConnectError`: an input that was refused, before anything was sent anywhere.

#[cfg(feature = "server")]
use super::near::near;
use super::text::{join, pieces};
use super::words::words;
use std::fmt;

words! {
    /// What kind of mistake an input holds. JavaScript sees [`ErrorCode::as_str`] as `error.code`, and has
    /// `unverified_callback` and `wasm_unavailable` besides, which can't be in Rust.
    ///
    /// ```
    /// use stripe_connect_oauth::{ClientId, ErrorCode};
    ///
    /// let code = ClientId::parse("").unwrap_err().code();
    /// assert_eq!(code, ErrorCode::MissingParameter);
    /// assert_eq!(code.as_str(), "missing_parameter");
    /// assert_eq!(ErrorCode::parse("too_long"), Some(ErrorCode::TooLong));
    /// ```
    #[non_exhaustive]
    pub enum ErrorCode {
        /// A required parameter is absent or empty.
        MissingParameter = "missing_parameter",
        /// A parameter this flow does not have.
        UnknownParameter = "unknown_parameter",
        /// A value of the wrong JavaScript type.
        InvalidType = "invalid_type",
        /// A value that breaks the parameter's rule.
        InvalidValue = "invalid_value",
        /// A value over the parameter's stated limit.
        TooLong = "too_long",
        /// A redirect URI that is not in the platform's allowlist.
        RedirectUriNotAllowed = "redirect_uri_not_allowed",
        /// Another kind of Stripe credential than the one wanted, such as a secret key where a client id belongs.
        WrongCredential = "wrong_credential",
        /// The browser keeps nothing for the page: `sessionStorage` is blocked, absent or full. With the feature `web`;
        /// in the npm package it is JavaScript that says so.
        StorageUnavailable = "storage_unavailable" if "web",
    }
}

/// An input that was refused: which parameter, and what to do about it.
///
/// The message never repeats a value that could be a credential.
///
/// ```
/// use stripe_connect_oauth::{ClientId, ErrorCode};
///
/// let error = ClientId::parse("pk_test_123").unwrap_err();
/// assert_eq!(error.code(), ErrorCode::WrongCredential);
/// assert_eq!(error.param(), "client_id");
/// assert_eq!(
///     error.to_string(),
///     "client_id is a publishable key, not a client id: copy the one that begins with ca_ \
///      from the dashboard's Connect settings"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectError(Box<Details>);

/// Boxed, so that passing an error on is passing a pointer: a fifth of the browser build.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Details {
    code: ErrorCode,
    /// The parameter's name and what is wrong with it.
    message: String,
    /// The length of the name.
    param: usize,
}

impl ConnectError {
    /// An error whose message is the parameter's name followed by `what`.
    ///
    /// Messages are joined, not formatted: the browser build carries no formatting machinery.
    pub(crate) fn new(code: ErrorCode, param: &str, what: &str) -> ConnectError {
        ConnectError(Box::new(Details { code, message: join(&[param, " ", what]), param: param.len() }))
    }

    pub(crate) fn invalid(param: &str, what: &str) -> ConnectError {
        ConnectError::new(ErrorCode::InvalidValue, param, what)
    }

    pub(crate) fn missing(param: &str, fix: &str) -> ConnectError {
        ConnectError::new(ErrorCode::MissingParameter, param, &join(&["is missing: ", fix]))
    }

    pub(crate) fn unknown(param: &str) -> ConnectError {
        let what = match param {
            "assert_capabilities" => "belongs to the code exchange: leave it out here",
            _ => "is not a parameter here: check its spelling",
        };
        ConnectError::new(ErrorCode::UnknownParameter, param, what)
    }

    /// The same, where these are known: one of them may have been meant.
    #[cfg(feature = "server")]
    pub(crate) fn unknown_among<'a>(param: &str, known: impl Iterator<Item = &'a str>) -> ConnectError {
        match near(param, known) {
            None => ConnectError::unknown(param),
            Some(meant) => {
                let what = join(&["is not a parameter here: did you mean ", meant, "?"]);
                ConnectError::new(ErrorCode::UnknownParameter, param, &what)
            }
        }
    }

    /// The same in a build without room for it.
    #[cfg(not(feature = "server"))]
    pub(crate) fn unknown_among<'a>(param: &str, _: impl Iterator<Item = &'a str>) -> ConnectError {
        ConnectError::unknown(param)
    }

    /// The same mistake, of another parameter's.
    #[cfg(feature = "server")]
    pub(crate) fn renamed(&self, param: &str) -> ConnectError {
        self.of_what(param, "")
    }

    /// The same of what `param` gave, in words that go on with what is wrong.
    #[cfg(feature = "server")]
    pub(crate) fn of_what(&self, param: &str, gave: &str) -> ConnectError {
        let what = self.message().strip_prefix(self.param()).unwrap_or_default();
        ConnectError::new(self.code(), param, &join(&[gave, what.trim_start()]))
    }

    /// Refuses `text` unless it is one of the `words`, which stand as the error lists them: `a, b or c`.
    pub(crate) fn check_word(param: &str, text: &str, words: &str) -> Result<(), ConnectError> {
        let is = |word: &str| word.strip_suffix(",").unwrap_or(word) == text;
        if text != "or" && pieces(words, b' ').any(is) {
            return Ok(());
        }
        Err(ConnectError::invalid(param, &join(&["must be ", words])))
    }

    /// The kind of mistake.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The parameter at fault, by Stripe's name: `redirect_uri`, `stripe_user[email]`.
    pub fn param(&self) -> &str {
        self.0.message.get(..self.0.param).unwrap_or_default()
    }

    /// What is wrong and how to mend it; begins with the parameter's name.
    ///
    /// ```
    /// use stripe_connect_oauth::AccountId;
    ///
    /// let error = AccountId::parse("").unwrap_err();
    /// assert_eq!(error.message(), "stripe_user_id is missing: a connected account's id begins with acct_");
    /// ```
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for ConnectError {}
