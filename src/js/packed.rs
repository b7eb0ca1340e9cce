//! How options cross: as one text, not one crossing a field. JavaScript writes name, type and value of
//! each field, separated by NUL (`pkg/shared/packed.js`); here they are read without a copy.

// A module without the front channel has no use for some of it.
#![cfg_attr(not(feature = "js-front"), allow(dead_code))]

use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::text::{cut, join, pieces};

/// An options object, whose names and types were checked.
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
    /// The name of the option, and whether this is a field inside it.
    fn head(self) -> (&'a str, bool) {
        match cut(self.name, b'[') {
            Some((head, inner)) if inner.ends_with("]") => (head, true),
            _ => (self.name, false),
        }
    }

    fn unknown(self, known: &'a str) -> ConnectError {
        // What is no object at all comes as a field without a name.
        if self.name.is_empty() {
            return invalid_type("options", WRONG_TYPE);
        }
        let unmarked = |known: &'a str| known.strip_suffix(MARKS).unwrap_or(known);
        ConnectError::unknown_among(self.name, pieces(known, b' ').map(unmarked))
    }

    /// Its JavaScript type, in a word of `pkg/shared/packed.js`.
    #[cfg(feature = "edge")]
    pub(crate) fn kind(self) -> &'a str {
        self.kind
    }

    /// Whether it has the JavaScript type `kind`.
    pub(crate) fn is(self, kind: &str) -> bool {
        self.kind == kind
    }
}

const WRONG_TYPE: &str = "has the wrong type";
pub(crate) const NOT_TEXT: &str = "must be a string";
const NOT_BOOLEAN: &str = "must be true or false";
/// The browser build has no room for more.
const NOT_LIST: &str =
    if cfg!(feature = "server") { "must be a list of texts: of one, [text]" } else { WRONG_TYPE };
const NOT_TEXTS: &str =
    if cfg!(feature = "server") { "must be a list of texts, and one of them is no text" } else { NOT_TEXT };
/// What may stand after a known name.
const MARKS: [char; 5] = ['[', '{', '?', '#', '!'];

impl<'a> Fields<'a> {
    /// Reads an object that may hold only the `known` names, which a space separates. A name that ends in `[` holds
    /// a list of texts, in `{` an object, in `?` true or false, in `#` a whole number; any other a text. One that ends in
    /// `!` never comes, for JavaScript carries it: it is known to who misspells it.
    #[inline(always)]
    pub(crate) fn read(packed: &'a str, known: &str) -> Result<Fields<'a>, ConnectError> {
        Fields(packed).check(known)?;
        Ok(Fields(packed))
    }

    fn check(self, known: &str) -> Result<(), ConnectError> {
        for field in self.all() {
            let (head, is_inner) = field.head();
            let (fits, what) = match (mark(known, head), is_inner) {
                (None, _) => return Err(field.unknown(known)),
                (Some(b' '), false) => (field.is("string"), NOT_TEXT),
                (Some(b'['), false) => (field.is("list"), NOT_LIST),
                (Some(b'['), true) => (field.is("string"), NOT_TEXTS),
                (Some(b'?'), false) => (field.is("boolean"), NOT_BOOLEAN),
                #[cfg(feature = "server")]
                (Some(b'#'), false) => (field.number().is_some(), "must be a whole number"),
                (Some(b'{'), true) => continue,
                (Some(mark), is_inner) => {
                    let kind = if mark == b'#' { "number" } else { "object" };
                    (field.is(kind) && !is_inner, WRONG_TYPE)
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
fn mark(known: &str, head: &str) -> Option<u8> {
    pieces(known, b' ').find_map(|known| match known.strip_prefix(head)?.as_bytes() {
        [] => Some(b' '),
        [mark] if !mark.is_ascii_lowercase() => Some(*mark),
        _ => None,
    })
}

#[cfg(feature = "server")]
impl<'a> Field<'a> {
    fn number(self) -> Option<u64> {
        self.value.parse().ok().filter(|_| self.is("number"))
    }
}

/// What the back channel reads besides.
#[cfg(feature = "server")]
impl<'a> Fields<'a> {
    /// A text; empty when there is none, which is refused where one is needed.
    pub(crate) fn text(self, name: &str) -> &'a str {
        self.value(name).unwrap_or_default()
    }

    /// True or false, if it is said.
    pub(crate) fn boolean(self, name: &str) -> Option<bool> {
        self.value(name).map(|value| value == "true")
    }

    /// A whole number of at least 0, if there is one.
    pub(crate) fn number(self, name: &str) -> Option<u64> {
        self.all().find(|field| field.name == name)?.number()
    }

    /// The texts of the list called `name` (given with its `[`).
    pub(crate) fn texts(self, name: &str) -> impl Iterator<Item = &'a str> {
        self.inside(name).map(|field| field.value)
    }
}

pub(crate) fn invalid_type(param: &str, what: &str) -> ConnectError {
    ConnectError::new(ErrorCode::InvalidType, param, what)
}

/// What goes back: texts, with a NUL before each. In their place the parts of an error, without the first NUL
/// (`valuesOf` in `pkg/shared/packed.js`).
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

    pub(crate) fn finish(self, done: Result<(), ConnectError>) -> String {
        match done {
            Ok(()) => self.0,
            Err(error) => refusal(&error),
        }
    }
}

/// An error in an answer's place, or thrown.
pub(crate) fn refusal(error: &ConnectError) -> String {
    join(&[error.code().as_str(), "\0", error.param(), "\0", error.message()])
}
