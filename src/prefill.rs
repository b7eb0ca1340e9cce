//! [`Prefill`]: the `stripe_user[…]` fields that fill in Stripe's form for a new account.
//!
//! Stripe ignores a bad value silently (`docs.stripe.com/connect/oauth-reference`), so this is the only
//! place where a mistake shows. To add a field: a variant, its name, its rule.

use crate::error::{ConnectError, ErrorCode};
use crate::origin::HttpUrl;
use crate::text::{all, cut_last, is_line, join, pieces};

/// A field of Stripe's account form that a platform may fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PrefillField {
    /// The person's e-mail address.
    Email,
    /// The business's website or public profile, with its scheme.
    Url,
    /// Two capital letters, ISO 3166-1.
    Country,
    /// The business's legal name.
    BusinessName,
    /// The first name of the person who fills in the form.
    FirstName,
    /// The last name of the person who fills in the form.
    LastName,
}

impl PrefillField {
    const ALL: [PrefillField; 6] = [
        PrefillField::Email,
        PrefillField::Url,
        PrefillField::Country,
        PrefillField::BusinessName,
        PrefillField::FirstName,
        PrefillField::LastName,
    ];

    /// The query parameter's whole name, and so the `param` of its errors.
    pub const fn as_str(self) -> &'static str {
        match self {
            PrefillField::Email => "stripe_user[email]",
            PrefillField::Url => "stripe_user[url]",
            PrefillField::Country => "stripe_user[country]",
            PrefillField::BusinessName => "stripe_user[business_name]",
            PrefillField::FirstName => "stripe_user[first_name]",
            PrefillField::LastName => "stripe_user[last_name]",
        }
    }

    /// The field by the name it has inside `stripe_user`, such as `email`.
    pub fn parse(name: &str) -> Result<PrefillField, ConnectError> {
        let full = join(&["stripe_user[", name, "]"]);
        match PrefillField::ALL.into_iter().find(|field| field.as_str() == full) {
            Some(field) => Ok(field),
            None => Err(ConnectError::unknown(&full)),
        }
    }

    /// What is wrong with `value` for this field.
    fn check(self, value: &str) -> Result<(), &'static str> {
        match self {
            PrefillField::Email => {
                is_email(value).then_some(()).ok_or("must be an e-mail address such as ada@example.com")
            }
            PrefillField::Url => HttpUrl::read(value).map(|_| ()),
            PrefillField::Country => (value.len() == 2 && all(value, |b| b.is_ascii_uppercase()))
                .then_some(())
                .ok_or("must be a country code of two capital letters such as US"),
            PrefillField::BusinessName | PrefillField::FirstName | PrefillField::LastName => {
                is_line(value).then_some(()).ok_or("must be text on one line, not blank")
            }
        }
    }
}

/// The fields to fill in, each checked, in the order they were set.
///
/// ```
/// use stripe_connect_oauth::{Prefill, PrefillField};
///
/// let mut prefill = Prefill::default();
/// prefill.set(PrefillField::Email, "ada@example.com")?;
/// assert!(prefill.set(PrefillField::Country, "us").is_err());
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Prefill {
    fields: Vec<(PrefillField, String)>,
}

impl Prefill {
    /// The limit on each value, in bytes.
    pub const MAX_BYTES: usize = 500;

    /// Sets `field`, or says what is wrong with `value`.
    pub fn set(&mut self, field: PrefillField, value: &str) -> Result<(), ConnectError> {
        if value.len() > Prefill::MAX_BYTES {
            return Err(ConnectError::new(ErrorCode::TooLong, field.as_str(), "is longer than 500 bytes"));
        }
        field.check(value).map_err(|what| ConnectError::invalid(field.as_str(), what))?;
        match self.fields.iter_mut().find(|(set, _)| *set == field) {
            Some((_, set)) => value.clone_into(set),
            None => self.fields.push((field, value.to_owned())),
        }
        Ok(())
    }

    /// The fields as query parameters.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.fields.iter().map(|(field, value)| (field.as_str(), &**value))
    }
}

/// One `@` with something plain on both sides, and a dot in the domain. Stripe does the real check.
fn is_email(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && all(part, |b| b > b' ' && b != b'@' && b != 0x7f);
    let Some((local, domain)) = cut_last(text, b'@') else { return false };
    plain(local)
        && plain(domain)
        && pieces(domain, b'.').count() > 1
        && pieces(domain, b'.').all(|label| !label.is_empty())
}
