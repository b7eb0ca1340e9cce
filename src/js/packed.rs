//! How options cross: as one text, not one crossing a field. JavaScript writes name, type and value of
//! each field, separated by NUL (`pkg/packed.js`); here they are read without a copy.

use crate::error::{ConnectError, ErrorCode};
use crate::text::{cut, join, pieces};

/// An options object. Every name in it is known; types are checked as values are taken out.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(&'a str);

/// One field: `stripe_user[email]`, `string`, `ada@example.com`.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    kind: &'a str,
    value: &'a str,
}

impl<'a> Field<'a> {
    /// The value, when it is a text; else the error names `param`.
    pub(crate) fn text(self, param: &str) -> Result<&'a str, ConnectError> {
        if self.kind == "string" { Ok(self.value) } else { Err(invalid_type(param, "must be a string")) }
    }
}

impl<'a> Fields<'a> {
    /// Reads an object that may hold only the `known` names. A name that ends in `[` holds an object or
    /// a list.
    pub(crate) fn read(packed: &'a str, known: &[&str]) -> Result<Fields<'a>, ConnectError> {
        let fields = Fields(packed);
        for field in fields.all() {
            let (head, is_inner) = cut(field.name, b'[').map_or((field.name, false), |(head, _)| (head, true));
            let Some(name) = known.iter().find(|name| name.strip_suffix("[").unwrap_or(name) == head) else {
                return Err(match head {
                    "" => invalid_type("options", "has the wrong type"),
                    _ => ConnectError::unknown(field.name),
                });
            };
            let fits = match (name.ends_with("["), is_inner) {
                (true, true) => field.name.ends_with("]"),
                (true, false) => field.kind == "object",
                (false, is_inner) => !is_inner,
            };
            if !fits {
                return Err(invalid_type(head, "has the wrong type"));
            }
        }
        Ok(fields)
    }

    fn all(self) -> impl Iterator<Item = Field<'a>> {
        let mut parts = pieces(self.0, 0);
        std::iter::from_fn(move || Some(Field { name: parts.next()?, kind: parts.next()?, value: parts.next()? }))
    }

    pub(crate) fn get(self, name: &str) -> Option<Field<'a>> {
        self.all().find(|field| field.name == name)
    }

    pub(crate) fn text(self, name: &str) -> Result<Option<&'a str>, ConnectError> {
        self.get(name).map(|field| field.text(name)).transpose()
    }

    pub(crate) fn boolean(self, name: &str) -> Result<Option<bool>, ConnectError> {
        match self.get(name) {
            None => Ok(None),
            Some(field) if field.kind == "boolean" => Ok(Some(field.value == "true")),
            Some(_) => Err(invalid_type(name, "must be true or false")),
        }
    }

    /// A whole number of at least 0.
    #[cfg(feature = "server")]
    pub(crate) fn number(self, name: &str) -> Result<Option<u64>, ConnectError> {
        let Some(field) = self.get(name) else { return Ok(None) };
        match field.value.parse() {
            Ok(number) if field.kind == "number" => Ok(Some(number)),
            _ => Err(invalid_type(name, "must be a whole number")),
        }
    }

    /// What stands inside the object or list called `name` (given with its `[`), by inner name.
    pub(crate) fn inside(self, name: &str) -> impl Iterator<Item = Field<'a>> {
        self.all().filter_map(move |field| {
            let name = field.name.strip_prefix(name)?.strip_suffix("]")?;
            Some(Field { name, ..field })
        })
    }
}

pub(crate) fn invalid_type(param: &str, what: &str) -> ConnectError {
    ConnectError::new(ErrorCode::InvalidType, param, what)
}

/// Several texts in one, separated by NUL.
pub(crate) fn list(texts: &[&str]) -> String {
    let mut list = String::new();
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            list.push('\0');
        }
        list.push_str(text);
    }
    list
}

/// A result as JavaScript reads it: the text, or `!` and the error's parts.
pub(crate) fn answer(result: Result<String, ConnectError>) -> String {
    result.unwrap_or_else(|error| thrown(&error))
}

/// An error that JavaScript throws as a real `Error`.
pub(crate) fn thrown(error: &ConnectError) -> String {
    join(&["!", &list(&[error.code().as_str(), error.param(), error.message()])])
}
