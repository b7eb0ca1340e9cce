//! [`Settings`]: the JSON object that a control of the sandbox takes.

use super::refusal::Refusal;
use crate::vocabulary::error::{ConnectError, ErrorCode};
use serde_json::{Map, Value};

/// An object of which every name is known.
pub(super) struct Settings(Map<String, Value>);

impl Settings {
    /// Reads the body; an empty one has no fields.
    pub(super) fn read(body: &[u8], known: &[&str]) -> Result<Settings, ConnectError> {
        let body = if body.is_empty() { b"{}" } else { body };
        let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
            return Err(invalid_type("body", "must be a JSON object"));
        };
        match fields.keys().find(|name| !known.contains(&&***name)) {
            Some(name) => Err(ConnectError::unknown(name)),
            None => Ok(Settings(fields)),
        }
    }

    /// A field that is there, and not null.
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, ConnectError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| invalid_type(name, "must be a string"))
    }

    pub(super) fn boolean(&self, name: &str) -> Result<Option<bool>, ConnectError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| invalid_type(name, "must be true or false"))
    }

    /// A whole number of at least 0.
    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, ConnectError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        value.as_u64().map(Some).ok_or_else(|| invalid_type(name, "must be a whole number of at least 0"))
    }

    /// A number from 0 to 1.
    pub(super) fn share(&self, name: &str) -> Result<Option<f64>, ConnectError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let share = value.as_f64().filter(|share| (0.0..=1.0).contains(share));
        share.map(Some).ok_or_else(|| invalid_type(name, "must be a number from 0 to 1"))
    }
}

fn invalid_type(param: &str, what: &str) -> ConnectError {
    ConnectError::new(ErrorCode::InvalidType, param, what)
}

/// A mistake in what a control was given, in the API's shape. JavaScript makes a `ConnectError` of it again.
impl From<ConnectError> for Refusal {
    fn from(error: ConnectError) -> Refusal {
        Refusal::invalid(400, error.message()).with_bare_code(error.code().as_str()).with_param(error.param())
    }
}
