//! [`Prefill`]: the `stripe_user[…]` fields that fill in Stripe's form for a new account.
//!
//! Stripe ignores a bad value silently (`docs.stripe.com/connect/oauth-reference`), so this is the only
//! place where a mistake shows. To add a field: a line of the table, and its rule if it is more than text.

use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::flow::Flow;
use crate::vocabulary::origin::HttpUrl;
use crate::vocabulary::text::{all, cut, cut_last, is_line, join, number, pieces};

/// Makes [`PrefillField`] and its names of one table.
macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident $name:literal),*; $($retired:literal)*) => {
        /// A field of Stripe's account form that a platform may fill in.
        ///
        /// Stripe Apps have none; the Express flow has those that are not for Standard accounts only.
        ///
        /// ```
        /// use stripe_connect_oauth::{Prefill, PrefillField};
        ///
        /// let mut prefill = Prefill::default();
        /// prefill.set(PrefillField::BusinessName, "Ada's Apples")?;
        /// assert!(prefill.set(PrefillField::PhoneNumber, "555 0100").is_err(), "10 digits and nothing else");
        /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum PrefillField {
            $($(#[$doc])* $field,)*
        }

        impl PrefillField {
            /// Every one of them.
            pub const ALL: &[PrefillField] = &[$(PrefillField::$field),*];
        }

        /// The query parameters, in the order of [`PrefillField::ALL`]; after them those that Stripe has no
        /// more. One text, because a list of texts takes more of the browser build.
        const PARAMS: &str = concat!($("stripe_user[", $name, "]\n",)* $("stripe_user[", $retired, "]\n",)*);
    };
}

fields! {
    /// `email`: the person's e-mail address.
    Email "email",
    /// `url`: the business's website or public profile, with `http://` or `https://`.
    Url "url",
    /// `country`: two capital letters, ISO 3166-1, such as `US`.
    Country "country",
    /// `phone_number`: the business's, 10 digits and nothing else. Needs `country`.
    PhoneNumber "phone_number",
    /// `business_name`: the business's legal name.
    BusinessName "business_name",
    /// `business_type`: `sole_prop`, `corporation`, `non_profit`, `partnership` or `llc`; in the Express
    /// flow `individual` or `company`.
    BusinessType "business_type",
    /// `first_name`: of the person who fills in the form.
    FirstName "first_name",
    /// `last_name`: of the person who fills in the form.
    LastName "last_name",
    /// `dob_day`: of the person's birth, 1 to 31. Needs `dob_month` and `dob_year`.
    DobDay "dob_day",
    /// `dob_month`: of the person's birth, 1 to 12. Needs `dob_day` and `dob_year`.
    DobMonth "dob_month",
    /// `dob_year`: of the person's birth, 1901 to 9999. Needs `dob_day` and `dob_month`.
    DobYear "dob_year",
    /// `street_address`: the business's. Standard only.
    StreetAddress "street_address",
    /// `city`: the business's. Stripe advises to give `country` with it. Standard only.
    City "city",
    /// `state`: two capital letters, such as `NY` or `AB`. Needs `country`. Standard only.
    State "state",
    /// `zip`: the postal code. Stripe advises to give `country` with it. Standard only.
    Zip "zip",
    /// `physical_product`: `true` or `false`, whether the business sells goods. Standard only.
    PhysicalProduct "physical_product",
    /// `product_description`: what the business sells.
    ProductDescription "product_description",
    /// `currency`: three small letters, ISO 4217, such as `usd`. Needs `country`. Standard only.
    Currency "currency",
    /// `first_name_kana`: needs the `country` `JP`.
    FirstNameKana "first_name_kana",
    /// `first_name_kanji`: needs the `country` `JP`.
    FirstNameKanji "first_name_kanji",
    /// `last_name_kana`: needs the `country` `JP`.
    LastNameKana "last_name_kana",
    /// `last_name_kanji`: needs the `country` `JP`.
    LastNameKanji "last_name_kanji",
    /// `gender`: `male` or `female`. Needs the `country` `JP`.
    Gender "gender",
    /// `block_kana`: needs the `country` `JP` and a Japanese postal code in `zip`. Standard only.
    BlockKana "block_kana",
    /// `block_kanji`: needs the `country` `JP` and a Japanese postal code in `zip`. Standard only.
    BlockKanji "block_kanji",
    /// `building_kana`: needs the `country` `JP` and a Japanese postal code in `zip`. Standard only.
    BuildingKana "building_kana",
    /// `building_kanji`: needs the `country` `JP` and a Japanese postal code in `zip`. Standard only.
    BuildingKanji "building_kanji";
    "shipping_days" "product_category" "average_payment" "past_year_volume"
}

use PrefillField::*;

impl PrefillField {
    /// The query parameter's whole name, and so the `param` of its errors: `stripe_user[email]`.
    ///
    /// ```
    /// use stripe_connect_oauth::PrefillField;
    ///
    /// assert_eq!(PrefillField::Email.as_str(), "stripe_user[email]");
    /// ```
    pub fn as_str(self) -> &'static str {
        pieces(PARAMS, b'\n').nth(self as usize).unwrap_or_default()
    }

    /// The field by the name it has inside `stripe_user`, such as `email`.
    ///
    /// ```
    /// use stripe_connect_oauth::PrefillField;
    ///
    /// assert_eq!(PrefillField::parse("phone_number")?, PrefillField::PhoneNumber);
    /// assert!(PrefillField::parse("phone").is_err());
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    pub fn parse(name: &str) -> Result<PrefillField, ConnectError> {
        PrefillField::read(&join(&["stripe_user[", name, "]"]))
    }

    /// The field by its whole name.
    pub(crate) fn read(param: &str) -> Result<PrefillField, ConnectError> {
        let known = || pieces(PARAMS, b'\n');
        let unknown = || ConnectError::unknown_among(param, known().take(PrefillField::ALL.len()));
        let at = known().position(|known| known == param).ok_or_else(unknown)?;
        PrefillField::ALL.get(at).copied().ok_or_else(|| {
            ConnectError::new(ErrorCode::UnknownParameter, param, "is no longer a field of Stripe's: leave it out")
        })
    }

    /// The JavaScript type that a value may have besides a string's.
    #[cfg(all(feature = "js", any(feature = "edge", feature = "js-front", feature = "js-prefill")))]
    pub(crate) const fn other_type(self) -> &'static str {
        match self {
            DobDay | DobMonth | DobYear => "number",
            PhysicalProduct => "boolean",
            _ => "string",
        }
    }

    /// Checks `value` by this field's own rule.
    pub(crate) fn check(self, value: &str) -> Result<(), ConnectError> {
        if value.len() > Prefill::MAX_BYTES {
            return Err(ConnectError::new(ErrorCode::TooLong, self.as_str(), "is longer than 500 bytes"));
        }
        let param = self.as_str();
        let (right, what) = match self {
            Email => (is_email(value), "must be an e-mail address such as ada@example.com"),
            Url => {
                let fault = HttpUrl::read(value).err();
                (fault.is_none(), fault.unwrap_or_default())
            }
            Country | State => (
                value.len() == 2 && all(value, |b| b.is_ascii_uppercase()),
                "must be a code of two capital letters such as CA",
            ),
            PhoneNumber => (is_digits(value, 10), "must be 10 digits and nothing else"),
            BusinessType => return ConnectError::check_word(param, value, BUSINESS_TYPES),
            DobDay => (is_number(value, 1, 31), "must be a number from 1 to 31"),
            DobMonth => (is_number(value, 1, 12), "must be a number from 1 to 12"),
            DobYear => (is_number(value, 1901, 9999), "must be a number from 1901 to 9999"),
            PhysicalProduct => return ConnectError::check_word(param, value, "true or false"),
            Currency => (
                value.len() == 3 && all(value, |b| b.is_ascii_lowercase()),
                "must be a code of three small letters such as usd",
            ),
            Gender => return ConnectError::check_word(param, value, "male or female"),
            _ => (is_line(value), "must be text on one line, not blank"),
        };
        if right { Ok(()) } else { Err(ConnectError::invalid(param, what)) }
    }

    /// Checks a right value as one of several: the field belongs to `flow`, and has what it needs `beside` it.
    pub(crate) fn check_in<'a>(
        self,
        flow: Flow,
        value: &str,
        beside: &dyn Fn(PrefillField) -> Option<&'a str>,
    ) -> Result<(), ConnectError> {
        let is_in_flow = match flow {
            Flow::Standard => true,
            Flow::Express => !self.is_standard_only(),
            Flow::App => false,
        };
        if !is_in_flow {
            return Err(flow.has_no(self.as_str()));
        }
        let need = |needed: PrefillField, rule: fn(&str) -> bool, what: &str| {
            let code = match beside(needed) {
                Some(value) if rule(value) => return Ok(()),
                Some(_) => ErrorCode::InvalidValue,
                None => ErrorCode::MissingParameter,
            };
            let what = join(&[what, ": ", self.as_str(), " needs it"]);
            Err(ConnectError::new(code, needed.as_str(), &what))
        };
        match self {
            BusinessType => {
                let words = if flow == Flow::Express { EXPRESS_TYPES } else { STANDARD_TYPES };
                ConnectError::check_word(self.as_str(), value, words)
            }
            PhoneNumber | State | Currency => need(Country, |_| true, "is missing"),
            DobDay | DobMonth | DobYear => {
                [DobDay, DobMonth, DobYear].into_iter().try_for_each(|part| need(part, |_| true, "is missing"))
            }
            FirstNameKana | FirstNameKanji | LastNameKana | LastNameKanji | Gender | BlockKana | BlockKanji
            | BuildingKana | BuildingKanji => {
                need(Country, |country| country == "JP", "must be JP")?;
                match self.is_standard_only() {
                    true => need(Zip, is_japanese_zip, "must be a Japanese postal code such as 150-0001"),
                    false => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    const fn is_standard_only(self) -> bool {
        matches!(
            self,
            StreetAddress
                | City
                | State
                | Zip
                | PhysicalProduct
                | Currency
                | BlockKana
                | BlockKanji
                | BuildingKana
                | BuildingKanji
        )
    }
}

/// The words of `business_type`: in all, in the Standard and in the Express flow
/// (`docs.stripe.com/connect/oauth-express-accounts`).
const BUSINESS_TYPES: &str = "sole_prop, corporation, non_profit, partnership, llc, individual or company";
const STANDARD_TYPES: &str = "sole_prop, corporation, non_profit, partnership or llc";
const EXPRESS_TYPES: &str = "individual or company";

/// The fields to fill in, each checked, in the order they were set.
///
/// ```
/// use stripe_connect_oauth::{Flow, Prefill, PrefillField};
///
/// let mut prefill = Prefill::default();
/// prefill.set(PrefillField::Email, "ada@example.com")?;
/// prefill.set(PrefillField::State, "NY")?;
/// assert!(prefill.set(PrefillField::Country, "us").is_err());
/// let error = prefill.check(Flow::Standard).unwrap_err();
/// assert_eq!(error.to_string(), "stripe_user[country] is missing: stripe_user[state] needs it");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Prefill {
    fields: Vec<(PrefillField, String)>,
}

impl Prefill {
    /// The limit on each value, in bytes.
    pub const MAX_BYTES: usize = 500;

    /// Sets `field`, or says what is wrong with `value`. What it needs beside it may be set later.
    pub fn set(&mut self, field: PrefillField, value: &str) -> Result<(), ConnectError> {
        field.check(value)?;
        match self.fields.iter_mut().find(|(set, _)| *set == field) {
            Some((_, set)) => value.clone_into(set),
            None => self.fields.push((field, value.to_owned())),
        }
        Ok(())
    }

    /// Leaves `field` out again.
    pub(super) fn remove(&mut self, field: PrefillField) {
        self.fields.retain(|(set, _)| *set != field);
    }

    /// Checks the fields as a whole: each belongs to `flow` and has beside it what it needs.
    ///
    /// [`AuthorizeUrl::build`](crate::AuthorizeUrl::build) does so too.
    pub fn check(&self, flow: Flow) -> Result<(), ConnectError> {
        self.misfit(flow).map_or(Ok(()), |(_, error)| Err(error))
    }

    /// The first field that does not belong to `flow`, or lacks what it needs.
    pub(super) fn misfit(&self, flow: Flow) -> Option<(PrefillField, ConnectError)> {
        let beside = |needed| self.fields.iter().find(|(set, _)| *set == needed).map(|(_, value)| &**value);
        self.fields.iter().find_map(|(field, value)| Some((*field, field.check_in(flow, value, &beside).err()?)))
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

pub(super) fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && all(text, |b| b.is_ascii_digit())
}

/// A number as JavaScript writes one, without leading zeros.
fn is_number(text: &str, lowest: u64, highest: u64) -> bool {
    !text.starts_with("0") && number(text).is_some_and(|number| lowest <= number && number <= highest)
}

/// `NNN-NNNN` or `NNNNNNN`.
fn is_japanese_zip(zip: &str) -> bool {
    is_digits(zip, 7) || cut(zip, b'-').is_some_and(|(area, local)| is_digits(area, 3) && is_digits(local, 4))
}
