//! [`Action`]: what a person must mean, for another site's page could ask for it in their name.

use super::outcome::Outcome;
use crate::texts::{Language, Phrase, Text};
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::words::words;

words! {
    /// What a person does by sending one of the platform's forms, or by following its link to a start. Its word is the
    /// route, and the name a token is sealed under.
    pub(crate) enum Action {
        /// Go to Stripe.
        Start = "start",
        /// End the connection of an account.
        Disconnect = "disconnect",
        /// Have an account made.
        Create = "create",
    }
}

impl Action {
    /// How a request ends that doesn't say where it is from.
    pub(crate) const fn unconfirmed(self) -> Outcome {
        match self {
            Action::Start => Outcome::CrossSite,
            Action::Disconnect | Action::Create => Outcome::Unconfirmed,
        }
    }

    /// The title and the hint of the page that asks.
    pub(crate) const fn asks(self) -> (Text, Text) {
        let (title, hint) = match self {
            Action::Start => return (Text::Title(Outcome::CrossSite), Text::Hint(Outcome::CrossSite)),
            // What ends is told with it: [`Ending::hint`].
            Action::Disconnect => (Phrase::ConfirmDisconnectTitle, Phrase::ConfirmDisconnectHint),
            Action::Create => (Phrase::ConfirmCreateTitle, Phrase::ConfirmCreateHint),
        };
        (Text::Phrase(title), Text::Phrase(hint))
    }

    /// The text of the button that does it.
    pub(crate) const fn label(self) -> Text {
        Text::Phrase(match self {
            Action::Start => Phrase::ButtonLabel,
            Action::Disconnect => Phrase::ConfirmDisconnectLabel,
            Action::Create => Phrase::ConfirmCreateLabel,
        })
    }
}

/// The values of a form that a person is asked about: valid, and without control characters.
pub(crate) type Fields<'a> = &'a [(&'static str, &'a str)];

/// What a person is asked, before it is done.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) action: Action,
    /// What the form sends.
    pub(crate) fields: Fields<'a>,
    /// What ends, if something does.
    pub(crate) ending: Option<&'a Ending<'a>>,
    /// Whether the platform's own page asked for it.
    pub(crate) is_proven: bool,
}

/// What a disconnection ends.
pub(crate) struct Ending<'a> {
    /// The person's own account.
    pub(crate) account: &'a AccountId,
    /// How many others have connected the same account: at Stripe it ends for them as well.
    pub(crate) others: usize,
    /// Whether it ends here only, and for this person.
    pub(crate) is_local: bool,
}

impl Ending<'_> {
    /// What the form sends besides: that the person was asked, and where it ends.
    pub(crate) fn fields(&self) -> Fields<'static> {
        if self.is_local { &[("confirmed", "yes"), ("deauthorize", "no")] } else { &[("confirmed", "yes")] }
    }

    /// What there is to know before.
    pub(crate) fn hint(&self, language: &Language, is_proven: bool) -> String {
        let own = if self.is_local { Phrase::ConfirmForgetHint } else { Phrase::ConfirmDisconnectHint };
        let parts = [
            (!is_proven, Phrase::ConfirmUnprovenHint),
            (true, own),
            (self.others > 0 && !self.is_local, Phrase::ConfirmOthersHint),
        ];
        let said = parts.into_iter().filter(|(is_said, _)| *is_said);
        let texts: Vec<_> = said.map(|(_, phrase)| language.text(Text::Phrase(phrase))).collect();
        texts.join(" ").replace("{account}", self.account.as_str()).replace("{others}", &self.others.to_string())
    }
}
