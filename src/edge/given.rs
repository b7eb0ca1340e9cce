//! [`Given`]: what the platform configures, as a text or as a value that was read before.

use crate::server::{SecretKey, WebhookSecret};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::ids::ClientId;
use crate::vocabulary::redirect_uri::RedirectUri;
use std::fmt;
use std::str::FromStr;

/// A text, such as the environment holds, or a value that was read from one before: `into()` makes it of either.
/// [`ConfigBuilder::build`](super::ConfigBuilder::build) reads the text.
///
/// ```
/// use stripe_connect_oauth::ClientId;
/// use stripe_connect_oauth::edge::ConfigBuilder;
///
/// let client_id = ClientId::parse("ca_123")?;
/// let of_a_value = ConfigBuilder { client_id: client_id.into(), ..ConfigBuilder::default() };
/// let of_a_text = ConfigBuilder { client_id: "ca_123".into(), ..ConfigBuilder::default() };
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Clone)]
pub struct Given<T>(Source<T>);

#[derive(Clone)]
enum Source<T> {
    Text(String),
    Value(T),
}

impl<T: Clone + FromStr<Err = ConnectError>> Given<T> {
    /// The value, or what is wrong with the text.
    pub(crate) fn read(&self) -> Result<T, ConnectError> {
        match &self.0 {
            Source::Text(text) => text.parse(),
            Source::Value(value) => Ok(value.clone()),
        }
    }
}

impl<T: AsRef<str>> Given<T> {
    /// The text, whichever it was: for what must be read in the light of something else.
    pub(crate) fn as_str(&self) -> &str {
        match &self.0 {
            Source::Text(text) => text,
            Source::Value(value) => value.as_ref(),
        }
    }
}

impl<T> Default for Given<T> {
    /// An empty text, which is missing.
    fn default() -> Given<T> {
        Given(Source::Text(String::new()))
    }
}

impl<T> From<&str> for Given<T> {
    fn from(text: &str) -> Given<T> {
        Given(Source::Text(text.to_owned()))
    }
}

impl<T> From<String> for Given<T> {
    fn from(text: String) -> Given<T> {
        Given(Source::Text(text))
    }
}

/// One for each, so that a text is never taken for a value.
macro_rules! from_value {
    ($($name:ident)+) => {$(
        impl From<$name> for Given<$name> {
            fn from(value: $name) -> Given<$name> {
                Given(Source::Value(value))
            }
        }
    )+};
}

from_value! { ClientId SecretKey RedirectUri WebhookSecret }

impl<T> fmt::Debug for Given<T> {
    /// It may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Given(..)")
    }
}
