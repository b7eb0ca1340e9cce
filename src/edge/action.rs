//! [`Action`]: what a person must mean, for another site's page could ask for it in their name.

use super::outcome::Outcome;
use crate::texts::{Phrase, Text};
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
