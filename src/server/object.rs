//! [`Object`]: a JSON object of Stripe's, read field by field, so that an error can say which one it was.

use serde_json::{Map, Value};

/// The name of a field that is missing, or is not what it should be. Never its value, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreadable(pub(super) &'static str);

/// The fields that were not taken yet.
pub(super) struct Object(Map<String, Value>);

impl Object {
    /// The object that `text` is.
    pub(super) fn read(text: &str) -> Result<Object, Unreadable> {
        serde_json::from_str(text).map(Object).map_err(|_| Unreadable("its JSON"))
    }

    /// The object that `value` is.
    pub(super) fn of(value: Value) -> Option<Object> {
        match value {
            Value::Object(fields) => Some(Object(fields)),
            _ => None,
        }
    }

    /// A field's value; `null` is like none.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// A field that may be missing, but not odd: what `read` makes nothing of.
    fn optional<T>(&mut self, name: &'static str, read: fn(Value) -> Option<T>) -> Result<Option<T>, Unreadable> {
        self.take(name).map(|value| read(value).ok_or(Unreadable(name))).transpose()
    }

    /// A text, if there is one.
    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<String>, Unreadable> {
        self.optional(name, text)
    }

    /// A boolean, if there is one.
    pub(super) fn boolean(&mut self, name: &'static str) -> Result<Option<bool>, Unreadable> {
        self.optional(name, |value| value.as_bool())
    }

    /// A whole number that is not negative, if there is one.
    pub(super) fn number(&mut self, name: &'static str) -> Result<Option<u64>, Unreadable> {
        self.optional(name, |value| value.as_u64())
    }

    /// A list of texts, if there is one.
    pub(super) fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>, Unreadable> {
        self.optional(name, |value| match value {
            Value::Array(list) => list.into_iter().map(text).collect(),
            _ => None,
        })
    }

    /// Texts, each under a name of its own, without those that are `null`; none if there is no object.
    pub(super) fn texts_by_name(&mut self, name: &'static str) -> Result<Vec<(String, String)>, Unreadable> {
        let fields = self.object(name)?.map(|fields| fields.0).unwrap_or_default();
        let given = fields.into_iter().filter(|(_, value)| !value.is_null());
        given.map(|(field, value)| text(value).map(|text| (field, text)).ok_or(Unreadable(name))).collect()
    }

    /// The objects of a list; none if there is no list.
    pub(super) fn objects(&mut self, name: &'static str) -> Result<Vec<Object>, Unreadable> {
        let list = self.optional(name, |value| match value {
            Value::Array(list) => list.into_iter().map(Object::of).collect(),
            _ => None,
        });
        Ok(list?.unwrap_or_default())
    }

    /// An object, if there is one.
    pub(super) fn object(&mut self, name: &'static str) -> Result<Option<Object>, Unreadable> {
        self.optional(name, Object::of)
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
