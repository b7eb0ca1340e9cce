//! How options cross: as one text, not one crossing a field. JavaScript writes name, type and value of
//! each field, separated by NUL (`pkg/shared/packed.js`); here they are read without a copy.

// A module without the front channel has no use for some of it.
#![cfg_attr(not(feature = "js-front"), allow(dead_code))]

use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::text::{cut, join, pieces};

/// An options object. Every name in it is known; types are checked as values are taken out.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a str);

/// One field: `stripe_user[email]`, `string`, `ada@example.com`.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    kind: &'a str,
    pub(crate) value: &'a str,
}

impl<'a> Field<'a> {
    /// The value, when it is a text; else the error names `param`.
    #[cfg(feature = "server")]
    pub(crate) fn text(self, param: &str) -> Result<&'a str, ConnectError> {
        if self.kind == "string" { Ok(self.value) } else { Err(invalid_type(param, NOT_TEXT)) }
    }

    /// The name of the option, and whether this is a field inside it.
    fn head(self) -> (&'a str, bool) {
        match cut(self.name, b'[') {
            Some((head, inner)) if inner.ends_with("]") => (head, true),
            _ => (self.name, false),
        }
    }

    fn unknown(self) -> ConnectError {
        // What is no object at all comes as a field without a name.
        if self.name.is_empty() { invalid_type("options", WRONG_TYPE) } else { ConnectError::unknown(self.name) }
    }

    /// Whether it has the JavaScript type `kind`.
    pub(crate) fn is(self, kind: &str) -> bool {
        self.kind == kind
    }
}

const WRONG_TYPE: &str = "has the wrong type";
pub(crate) const NOT_TEXT: &str = "must be a string";
const NOT_BOOLEAN: &str = "must be true or false";

impl<'a> Fields<'a> {
    /// Refuses an object that holds anything but the `known` names, which a space separates. A name that ends
    /// in `[` holds a list of texts, in `{` an object, in `?` true or false; any other a text.
    pub(crate) fn check(self, known: &str) -> Result<(), ConnectError> {
        for field in self.all() {
            let (head, is_inner) = field.head();
            let (fits, what) = match (mark(pieces(known, b' '), head), is_inner) {
                (None, _) => return Err(field.unknown()),
                (Some(b' '), false) | (Some(b'['), true) => (field.is("string"), NOT_TEXT),
                (Some(b'?'), false) => (field.is("boolean"), NOT_BOOLEAN),
                (Some(b'{'), true) => continue,
                (Some(mark), is_inner) => {
                    (field.is(if mark == b'[' { "list" } else { "object" }) && !is_inner, WRONG_TYPE)
                }
            };
            if !fits {
                return Err(invalid_type(head, what));
            }
        }
        Ok(())
    }

    pub(crate) fn all(self) -> impl Iterator<Item = Field<'a>> {
        let mut parts = pieces(self.0, 0);
        std::iter::from_fn(move || Some(Field { name: parts.next()?, kind: parts.next()?, value: parts.next()? }))
    }

    /// The value of the field called `name`.
    pub(crate) fn value(self, name: &str) -> Option<&'a str> {
        self.all().find(|field| field.name == name).map(|field| field.value)
    }

    /// What stands inside the object or list called `name` (given with its `[`), by whole name.
    pub(crate) fn inside(self, name: &str) -> impl Iterator<Item = Field<'a>> {
        self.all().filter(move |field| field.name.starts_with(name))
    }
}

/// The mark after the known name that is `head`; a space for none.
fn mark<'a>(mut known: impl Iterator<Item = &'a str>, head: &str) -> Option<u8> {
    known.find_map(|known| match known.strip_prefix(head)?.as_bytes() {
        [] => Some(b' '),
        [mark @ (b'?' | b'[' | b'{')] => Some(*mark),
        _ => None,
    })
}

/// The back channel takes values out one by one, and checks their types then.
#[cfg(feature = "server")]
impl<'a> Fields<'a> {
    /// Reads an object that may hold only the `known` names. A name that ends in `[` holds an object or
    /// a list.
    pub(crate) fn read(packed: &'a str, known: &[&str]) -> Result<Fields<'a>, ConnectError> {
        let fields = Fields(packed);
        for field in fields.all() {
            let (head, is_inner) = field.head();
            let fits = match (mark(known.iter().copied(), head), is_inner) {
                (None, _) => return Err(field.unknown()),
                (Some(b'['), false) => field.is("list") || field.is("object"),
                // Where a text or the like belongs, an object is refused as it is taken out.
                (Some(b' '), true) => fields.get(head).is_some(),
                _ => true,
            };
            if !fits {
                return Err(invalid_type(head, WRONG_TYPE));
            }
        }
        Ok(fields)
    }

    fn get(self, name: &str) -> Option<Field<'a>> {
        self.all().find(|field| field.name == name)
    }

    pub(crate) fn text(self, name: &str) -> Result<Option<&'a str>, ConnectError> {
        self.get(name).map(|field| field.text(name)).transpose()
    }

    pub(crate) fn boolean(self, name: &str) -> Result<Option<bool>, ConnectError> {
        match self.get(name) {
            None => Ok(None),
            Some(field) if field.is("boolean") => Ok(Some(field.value == "true")),
            Some(_) => Err(invalid_type(name, NOT_BOOLEAN)),
        }
    }

    /// A whole number of at least 0.
    pub(crate) fn number(self, name: &str) -> Result<Option<u64>, ConnectError> {
        let Some(field) = self.get(name) else { return Ok(None) };
        match field.value.parse() {
            Ok(number) if field.is("number") => Ok(Some(number)),
            _ => Err(invalid_type(name, "must be a whole number")),
        }
    }
}

pub(crate) fn invalid_type(param: &str, what: &str) -> ConnectError {
    ConnectError::new(ErrorCode::InvalidType, param, what)
}

/// What goes back: texts, with a NUL before each. In their place the parts of an error, without the first NUL.
#[derive(Default)]
pub(crate) struct Answer(String);

impl Answer {
    pub(crate) fn add(&mut self, text: &str) {
        self.0.push('\0');
        self.0.push_str(text);
    }

    /// A name and its value, if it has one.
    pub(crate) fn add_field(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.add(name);
            self.add(value);
        }
    }

    /// The answer as JavaScript reads it (`pkg/entries/front.js`).
    pub(crate) fn finish(self, done: Result<(), ConnectError>) -> String {
        match done {
            Ok(()) => self.0,
            Err(error) => join(&[error.code().as_str(), "\0", error.param(), "\0", error.message()]),
        }
    }
}

/// Several texts in one, separated by NUL.
#[cfg(feature = "server")]
pub(crate) fn list(texts: &[&str]) -> String {
    texts.join("\0")
}

/// A result as JavaScript reads it: the text, or `!` and the error's parts.
#[cfg(feature = "server")]
pub(crate) fn answer(result: Result<String, ConnectError>) -> String {
    result.unwrap_or_else(|error| thrown(&error))
}

/// An error that JavaScript throws as a real `Error`.
#[cfg(feature = "server")]
pub(crate) fn thrown(error: &ConnectError) -> String {
    ["!", &list(&[error.code().as_str(), error.param(), error.message()])].concat()
}
