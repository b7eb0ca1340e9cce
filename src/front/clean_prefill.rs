//! [`Prefill::clean`]: what people typed, put right where it is certain what was meant, and else left out.
//!
//! The rules are those of [`super::prefill`]; a page gets this as a module of its own.

use super::prefill::PrefillField::*;
use super::prefill::{Prefill, PrefillField, is_digits};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::origin::HttpUrl;
use crate::vocabulary::text::{all, cut, join};
use std::fmt;

impl Prefill {
    /// What people typed, such as a profile holds it: put right where it is certain what was meant, and left out
    /// where it still breaks a rule, alone or beside the others. What it gives passes [`Prefill::check`].
    ///
    /// Put right are white space around a value, the case of codes and words, a web address without its scheme, a
    /// telephone number written with spaces and the like, and leading zeros in a date of birth.
    ///
    /// ```
    /// use stripe_connect_oauth::{Flow, Prefill, PrefillField};
    ///
    /// let typed = [(PrefillField::Country, "gb"), (PrefillField::PhoneNumber, "+44 20 7946 0958")];
    /// let (prefill, dropped) = Prefill::clean(Flow::Standard, typed);
    /// assert_eq!(prefill.check(Flow::Standard), Ok(()));
    /// assert_eq!(
    ///     dropped[0].to_string(),
    ///     "stripe_user[phone_number] was left out: must be 10 digits and nothing else"
    /// );
    /// ```
    pub fn clean<'a>(
        flow: Flow,
        typed: impl IntoIterator<Item = (PrefillField, &'a str)>,
    ) -> (Prefill, Vec<DroppedField>) {
        let typed: Vec<_> = typed.into_iter().collect();
        let country = typed.iter().rfind(|(field, _)| *field == Country);
        let country = country.map(|(_, typed)| Country.put_right(typed, "")).unwrap_or_default();
        let (mut prefill, mut dropped) = (Prefill::default(), Vec::new());
        for (field, typed) in typed {
            if let Err(error) = prefill.set(field, &field.put_right(typed, &country)) {
                dropped.push(DroppedField { field, error });
            }
        }
        // One that is left out may be what another needs.
        while let Some((field, error)) = prefill.misfit(flow) {
            prefill.remove(field);
            dropped.push(DroppedField { field, error });
        }
        (prefill, dropped)
    }
}

/// A field that [`Prefill::clean`] left out. It says which and why, and never what was typed.
///
/// ```
/// use stripe_connect_oauth::{Flow, Prefill, PrefillField};
///
/// let (_, dropped) = Prefill::clean(Flow::Standard, [(PrefillField::Email, "ada at example.com")]);
/// assert_eq!(dropped[0].field, PrefillField::Email);
/// assert_eq!(
///     dropped[0].to_string(),
///     "stripe_user[email] was left out: must be an e-mail address such as ada@example.com"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedField {
    /// The field.
    pub field: PrefillField,
    /// The rule it broke. Its [`param`](ConnectError::param) is another field's where that is missing or wrong.
    pub error: ConnectError,
}

impl fmt::Display for DroppedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&left_out(self.field.as_str(), &self.error))
    }
}

/// That `param` was left out, and why.
pub(crate) fn left_out(param: &str, error: &ConnectError) -> String {
    let why = error.message().strip_prefix(param).unwrap_or(error.message());
    join(&[param, " was left out: ", why.trim_start()])
}

impl PrefillField {
    /// What a person typed, as this field has it, where it is certain what was meant; else the text itself.
    /// `country` is the one beside it.
    fn put_right(self, typed: &str, country: &str) -> String {
        let text = typed.trim();
        match self {
            Country | State => text.to_ascii_uppercase(),
            Currency | Gender | BusinessType | PhysicalProduct => text.to_ascii_lowercase(),
            Url => with_scheme(text),
            PhoneNumber => ten_digits(text, country),
            DobDay | DobMonth | DobYear => text.trim_start_matches('0').to_owned(),
            _ => text.to_owned(),
        }
    }
}

/// A web address with its scheme in small letters; one that has none gets `https://`, if its host has a dot.
fn with_scheme(text: &str) -> String {
    if let Some((scheme, rest)) = cut(text, b':')
        && rest.starts_with("//")
        && all(scheme, |b| b.is_ascii_alphabetic())
    {
        return join(&[&scheme.to_ascii_lowercase(), ":", rest]);
    }
    let url = join(&["https://", text]);
    match HttpUrl::read(&url) {
        Ok(HttpUrl { host, .. }) if cut(host, b'.').is_some() => url,
        _ => text.to_owned(),
    }
}

/// A telephone number without what people write between its digits, and in `US` and `CA` without the country's
/// own 1, where that leaves 10 digits.
fn ten_digits(text: &str, country: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '.' | '-' | '(' | ')');
    let digits: String = text.chars().filter(kept).collect();
    let has_one = matches!(country, "US" | "CA");
    let national = digits.strip_prefix("+").unwrap_or(&digits).strip_prefix("1").filter(|_| has_one);
    let candidates = [national, Some(&*digits)];
    candidates.into_iter().flatten().find(|digits| is_digits(digits, 10)).unwrap_or(text).to_owned()
}
