//! Every word that a person may read, one file a language. What developers read, such as errors and reports, is in
//! English and stands where it is said.
//!
//! The compiler names what a language lacks. A new language is a file beside `en.rs` and its row below.

use crate::vocabulary::account_status::AccountStatus;
use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::outcome::Outcome;
use crate::vocabulary::text::{all, cut_last, is_line, join};
use crate::vocabulary::words::words;
use std::borrow::Cow;
use std::fmt;

/// The texts of one language.
struct Book {
    title: fn(Outcome) -> &'static str,
    hint: fn(Outcome) -> &'static str,
    account: fn(AccountStatus) -> &'static str,
    phrase: fn(Phrase) -> &'static str,
}

/// Makes a constant of [`Language`] of each row: its file, its tag (BCP 47), and the way it is written.
macro_rules! languages {
    ($($(#[$about:meta])* $language:ident = $file:ident, $tag:literal, $direction:ident;)*) => {
        $(mod $file;)*

        impl Language {
            /// Every language that comes with this library.
            pub const ALL: &[Language] = &[$(Language::$language),*];

            $(
                $(#[$about])*
                pub const $language: Language = Language {
                    tag: Cow::Borrowed($tag),
                    direction: Direction::$direction,
                    book: &Book {
                        title: $file::title,
                        hint: $file::hint,
                        account: $file::account,
                        phrase: $file::phrase,
                    },
                    own: Vec::new(),
                };
            )*
        }
    };
}

pub(crate) use en::rejection_hint;

languages! {
    /// English.
    ENGLISH = en, "en", LeftToRight;
    /// German, with the polite *Sie*.
    GERMAN = de, "de", LeftToRight;
}

words! {
    /// The way a language is written: HTML's `dir`.
    ///
    /// ```
    /// use stripe_connect_oauth::{Direction, Language};
    ///
    /// assert_eq!(Language::GERMAN.direction(), Direction::LeftToRight);
    /// assert_eq!(Direction::RightToLeft.as_str(), "rtl");
    /// assert_eq!(Direction::parse("ltr")?, Direction::LeftToRight);
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    #[derive(Default)]
    pub enum Direction("dir") {
        /// `ltr`, as English.
        #[default]
        LeftToRight = "ltr",
        /// `rtl`, as Arabic or Hebrew.
        RightToLeft = "rtl",
    }
}

words! {
    /// A text that belongs to no outcome and to no account's status.
    ///
    /// ```
    /// use stripe_connect_oauth::{Language, Phrase, Text};
    ///
    /// assert_eq!(Language::ENGLISH.text(Text::Phrase(Phrase::ButtonLabel)), "Connect with Stripe");
    /// assert_eq!(Phrase::PageBack.as_str(), "page.back");
    /// assert_eq!(Phrase::parse("button.label"), Some(Phrase::ButtonLabel));
    /// ```
    #[non_exhaustive]
    pub enum Phrase {
        /// `button.label`: holds the word *Stripe* once, where the mark is drawn.
        ButtonLabel = "button.label",
        /// `page.back`: the link back to the platform, whose name stands for `{platform}`.
        PageBack = "page.back",
        /// `platform.name`: what the platform is called where it has not said it.
        PlatformName = "platform.name",
        /// `page.sign_in.label`: the link to the platform's sign-in.
        SignInLabel = "page.sign_in.label",
        /// `page.sign_in.hint`: where there is that link.
        SignInHint = "page.sign_in.hint",
        /// `page.waiting.hint`: the page looks again by itself.
        WaitingHint = "page.waiting.hint",
        /// `confirm.unproven.hint`: before the next one, where nothing says that the platform's own page asks.
        ConfirmUnprovenHint = "confirm.unproven.hint",
        /// `confirm.disconnect.title`: asks whether a person means to disconnect.
        ConfirmDisconnectTitle = "confirm.disconnect.title",
        /// `confirm.disconnect.hint`: what ends, of the account whose id stands for `{account}`.
        ConfirmDisconnectHint = "confirm.disconnect.hint",
        /// `confirm.disconnect.label`: of the button that does it.
        ConfirmDisconnectLabel = "confirm.disconnect.label",
        /// `confirm.others.hint`: after it, where others have connected the same account, so many as stand for
        /// `{others}`.
        ConfirmOthersHint = "confirm.others.hint",
        /// `confirm.forget.hint`: where it ends for this person only, and not at Stripe.
        ConfirmForgetHint = "confirm.forget.hint",
        /// `confirm.forget.label`: of the button that ends it so.
        ConfirmForgetLabel = "confirm.forget.label",
        /// `confirm.create.title`: asks whether a person means to have an account made.
        ConfirmCreateTitle = "confirm.create.title",
        /// `confirm.create.hint`
        ConfirmCreateHint = "confirm.create.hint",
        /// `confirm.create.label`: of the button that does it.
        ConfirmCreateLabel = "confirm.create.label",
        /// `page_style.failed.hint`: what the page style says in other words than the handler's own page.
        PageStyleFailedHint = "page_style.failed.hint",
        /// `page_style.none.title`: nothing came back from Stripe.
        PageStyleNoneTitle = "page_style.none.title",
        /// `page_style.none.hint`
        PageStyleNoneHint = "page_style.none.hint",
        /// `page_style.not_signed_in.title`
        PageStyleNotSignedInTitle = "page_style.not_signed_in.title",
        /// `page_style.not_signed_in.hint`: a reload can't finish, for the code has left the address.
        PageStyleNotSignedInHint = "page_style.not_signed_in.hint",
        /// `page_style.store_unavailable.title`
        PageStyleStoreUnavailableTitle = "page_style.store_unavailable.title",
        /// `page_style.store_unavailable.hint`
        PageStyleStoreUnavailableHint = "page_style.store_unavailable.hint",
        /// `page_style.still_working.hint`
        PageStyleStillWorkingHint = "page_style.still_working.hint",
        /// `page_style.unknown.hint`
        PageStyleUnknownHint = "page_style.unknown.hint",
        /// `page_style.broken.title`: the page's own script failed.
        PageStyleBrokenTitle = "page_style.broken.title",
        /// `page_style.broken.hint`
        PageStyleBrokenHint = "page_style.broken.hint",
    }
}

/// One of the texts that a person reads. Each has a name, by which [`Language::set`] and JavaScript know it.
///
/// ```
/// use stripe_connect_oauth::{Language, Outcome, Text};
///
/// /// What a translator gets: each text's name, and what it says now.
/// fn to_translate(language: &Language) -> String {
///     Text::all().map(|text| format!("{} = {}\n", text.name(), language.text(text))).collect()
/// }
/// assert!(to_translate(&Language::GERMAN).contains("denied.title = Sie haben abgebrochen"));
/// assert_eq!(Text::parse("denied.title"), Some(Text::Title(Outcome::Denied)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Text {
    /// `connected.title` and the like: the heading of an outcome's page.
    Title(Outcome),
    /// `connected.hint` and the like: what happened, and what to do.
    Hint(Outcome),
    /// `account.active.hint` and the like: what an account's status means to its owner, and what to do.
    Account(AccountStatus),
    /// Everything else.
    Phrase(Phrase),
}

impl Text {
    /// Every text.
    pub fn all() -> impl Iterator<Item = Text> {
        let outcomes = Outcome::ALL.iter().flat_map(|outcome| [Text::Title(*outcome), Text::Hint(*outcome)]);
        let accounts = AccountStatus::ALL.iter().copied().map(Text::Account);
        outcomes.chain(accounts).chain(Phrase::ALL.iter().copied().map(Text::Phrase))
    }

    /// Its name.
    pub fn name(self) -> String {
        match self {
            Text::Title(outcome) => join(&[outcome.as_str(), ".title"]),
            Text::Hint(outcome) => join(&[outcome.as_str(), ".hint"]),
            Text::Account(status) => join(&["account.", status.as_str(), ".hint"]),
            Text::Phrase(phrase) => phrase.as_str().to_owned(),
        }
    }

    /// The text of this name.
    pub fn parse(name: &str) -> Option<Text> {
        let (of, part) = cut_last(name, b'.')?;
        let phrase = || Phrase::parse(name).map(Text::Phrase);
        match (of.strip_prefix("account."), part) {
            (Some(status), "hint") => AccountStatus::parse(status).map(Text::Account),
            (None, "title") => Outcome::parse(of).map(Text::Title).or_else(phrase),
            (None, "hint") => Outcome::parse(of).map(Text::Hint).or_else(phrase),
            _ => phrase(),
        }
    }

    /// The text in English.
    pub(crate) const fn english(self) -> &'static str {
        match self {
            Text::Title(outcome) => en::title(outcome),
            Text::Hint(outcome) => en::hint(outcome),
            Text::Account(status) => en::account(status),
            Text::Phrase(phrase) => en::phrase(phrase),
        }
    }
}

/// What people read, in one language: of those that come with this library, or the platform's own.
///
/// ```
/// use stripe_connect_oauth::{Language, Outcome, Text};
///
/// let mut language = Language::GERMAN;
/// assert_eq!(language.tag(), "de");
/// language.set("denied.hint", "Sie können es jederzeit noch einmal versuchen.")?;
/// assert_eq!(language.text(Text::Hint(Outcome::Denied)), "Sie können es jederzeit noch einmal versuchen.");
/// assert_eq!(language.text(Text::Title(Outcome::Denied)), "Sie haben abgebrochen");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Clone)]
pub struct Language {
    tag: Cow<'static, str>,
    direction: Direction,
    book: &'static Book,
    /// The platform's own texts.
    own: Vec<(Text, String)>,
}

impl Language {
    /// The limit on a text, in bytes.
    pub const MAX_BYTES: usize = 1000;

    /// Its tag (BCP 47): HTML's `lang`.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The way it is written: HTML's `dir`.
    ///
    /// ```
    /// use stripe_connect_oauth::{Direction, Language};
    ///
    /// assert_eq!(Language::ENGLISH.direction(), Direction::LeftToRight);
    /// ```
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// What it says.
    pub fn text(&self, text: Text) -> &str {
        let own = self.own.iter().rev().find(|(known, _)| *known == text);
        own.map_or_else(|| self.book.text(text), |(_, own)| own)
    }

    /// Gives the text called `name` other words, or `lang` or `dir` another value. Whatever is not given stays as
    /// it is: a whole new language begins as [`Language::ENGLISH`].
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), ConnectError> {
        match name {
            "lang" => self.tag = Cow::Owned(tag(value)?.to_owned()),
            "dir" => self.direction = Direction::parse(value)?,
            _ => {
                let text = Text::parse(name).ok_or_else(|| ConnectError::unknown(name))?;
                check(text, name, value)?;
                self.own.push((text, value.to_owned()));
            }
        }
        Ok(())
    }
}

impl Default for Language {
    fn default() -> Language {
        Language::ENGLISH
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Language").field("tag", &self.tag).finish_non_exhaustive()
    }
}

impl Book {
    fn text(&self, text: Text) -> &'static str {
        match text {
            Text::Title(outcome) => (self.title)(outcome),
            Text::Hint(outcome) => (self.hint)(outcome),
            Text::Account(status) => (self.account)(status),
            Text::Phrase(phrase) => (self.phrase)(phrase),
        }
    }
}

/// A tag as far as HTML needs it: letters, digits and hyphens.
fn tag(value: &str) -> Result<&str, ConnectError> {
    if (2..=35).contains(&value.len()) && all(value, |b| b.is_ascii_alphanumeric() || b == b'-') {
        return Ok(value);
    }
    Err(ConnectError::invalid("lang", "must be a language tag such as en or de-AT"))
}

/// Whether a person could read it.
fn check(text: Text, name: &str, value: &str) -> Result<(), ConnectError> {
    if value.len() > Language::MAX_BYTES {
        return Err(ConnectError::new(ErrorCode::TooLong, name, "is longer than 1000 bytes"));
    }
    if !is_line(value) {
        return Err(ConnectError::invalid(name, "must be a line of text"));
    }
    if text == Text::Phrase(Phrase::ButtonLabel) && !holds_mark(value) {
        return Err(ConnectError::invalid(name, "must hold the word Stripe once"));
    }
    Ok(())
}

/// What stands before and after the first word that the button's mark stands for.
pub(crate) fn around_mark(label: &str) -> Option<(&str, &str)> {
    let at = label.as_bytes().windows(6).position(|word| word == b"Stripe")?;
    Some((label.get(..at)?, label.get(at.checked_add(6)?..)?))
}

/// Whether the mark has one place in the button's label.
pub(crate) fn holds_mark(label: &str) -> bool {
    around_mark(label).is_some_and(|(_, after)| around_mark(after).is_none())
}

impl Outcome {
    /// The page's heading, in English.
    pub const fn title(self) -> &'static str {
        Text::Title(self).english()
    }

    /// What happened and what to do, in plain English.
    pub const fn hint(self) -> &'static str {
        Text::Hint(self).english()
    }

    /// The page's heading.
    pub fn title_in(self, language: &Language) -> &str {
        language.text(Text::Title(self))
    }

    /// What happened and what to do.
    pub fn hint_in(self, language: &Language) -> &str {
        language.text(Text::Hint(self))
    }
}

impl AccountStatus {
    /// What it means and what to do, in plain English for the account's owner.
    pub const fn hint(self) -> &'static str {
        Text::Account(self).english()
    }

    /// What it means and what to do, for the account's owner.
    pub fn hint_in(self, language: &Language) -> &str {
        language.text(Text::Account(self))
    }
}
