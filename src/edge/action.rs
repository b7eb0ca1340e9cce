//! [`Action`]: what a person must mean, for another site's page could ask for it in their name.

use super::outcome::Outcome;

/// What a person does by sending one of the platform's forms, or by following its link to a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Start,
    Disconnect,
    Create,
}

impl Action {
    /// The route, and the name a token is sealed under.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Action::Start => "start",
            Action::Disconnect => "disconnect",
            Action::Create => "create",
        }
    }

    /// How a request ends that doesn't say where it is from.
    pub(crate) const fn unconfirmed(self) -> Outcome {
        match self {
            Action::Start => Outcome::CrossSite,
            Action::Disconnect | Action::Create => Outcome::Unconfirmed,
        }
    }
}

/// The values of a form that a person is asked about: valid, and without control characters.
pub(crate) type Fields<'a> = &'a [(&'static str, &'a str)];
