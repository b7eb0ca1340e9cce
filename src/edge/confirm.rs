//! Asks a person whether they mean it, where their request can't say that it came from the platform's own page.
//!
//! The form of that page carries a token which only this handler can make. It opens for one action with the very
//! values that were asked about, for the subject who was asked, beside a cookie that the same answer set, and for ten
//! minutes. Another site can neither read it nor send it along with that cookie.

use super::answer::{answer, reply, wants_json};
use super::flow_cookie::cookies;
use super::form;
use super::handler::Handler;
use super::host::Host;
use super::outcome::Outcome;
use super::pages;
use super::same_origin::{Asker, asker};
use crate::server::{Method, NONCE_BYTES, Request, Response, SealingKeys};
use crate::texts::{Phrase, Text};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::subject::Subject;
use crate::vocabulary::words::words;
use base64ct::{Base64UrlUnpadded, Encoding};

/// How long a confirmation may take.
const LIFETIME_SECONDS: u64 = 600;

const COOKIE: &str = "__Host-stripe-connect-confirm";

/// The form field that holds the token.
const FIELD: &str = "confirmation";

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
    pub(crate) fn asks(self) -> [Text; 2] {
        match self {
            Action::Start => [Text::Title(Outcome::CrossSite), Text::Hint(Outcome::CrossSite)],
            Action::Disconnect => [Phrase::ConfirmDisconnectTitle, Phrase::ConfirmDisconnectHint].map(Text::Phrase),
            Action::Create => [Phrase::ConfirmCreateTitle, Phrase::ConfirmCreateHint].map(Text::Phrase),
        }
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

impl Handler {
    /// Who asks for `action` and means it; or the answer that refuses, or asks once more.
    pub(crate) async fn asker<H: Host>(
        &self,
        action: Action,
        fields: Fields<'_>,
        request: &Request,
        host: &H,
    ) -> Result<Result<Subject, Response>, H::Error> {
        let asker = asker(request, |origin| self.config.is_own_origin(origin));
        if asker == Asker::OtherSite {
            return Ok(Err(match action {
                Action::Start if !wants_json(request) => pages::confirm(&self.config, action, fields),
                Action::Start => reply(&self.config, action.unconfirmed(), None),
                Action::Disconnect | Action::Create => answer(&self.config, request, Outcome::Foreign, ""),
            }));
        }
        let Some(subject) = host.identify(request).await? else {
            return Ok(Err(answer(&self.config, request, Outcome::NotSignedIn, "")));
        };
        if asker == Asker::OwnPage || self.is_confirmed(action, fields, request, &subject, host.now()) {
            return Ok(Ok(subject));
        }
        if wants_json(request) {
            return Ok(Err(reply(&self.config, action.unconfirmed(), None)));
        }
        Ok(Err(self.ask(action, fields, &subject, host)?))
    }

    /// The page that asks, with the token in its form and the cookie beside it.
    fn ask<H: Host>(
        &self,
        action: Action,
        fields: Fields<'_>,
        subject: &Subject,
        host: &H,
    ) -> Result<Response, H::Error> {
        let (mut secret, mut nonce) = ([0; 32], [0; NONCE_BYTES]);
        host.fill_random(&mut secret)?;
        host.fill_random(&mut nonce)?;
        let secret = Base64UrlUnpadded::encode_string(&secret);
        let expires_at = host.now().saturating_add(LIFETIME_SECONDS);
        let place = place(action, fields, subject, &secret);
        let token = self.config.confirmation_keys.seal(&place, expires_at, nonce).unwrap_or_default();
        let page = pages::confirm(&self.config, action, &[fields, &[(FIELD, &*token)]].concat());
        Ok(page.with_header("set-cookie", cookie(&secret, LIFETIME_SECONDS)))
    }

    /// Whether the person was asked about exactly this, here and just now, and pressed the button.
    fn is_confirmed(
        &self,
        action: Action,
        fields: Fields<'_>,
        request: &Request,
        subject: &Subject,
        now: u64,
    ) -> bool {
        let token = form::field(&request.body, FIELD);
        let (Method::Post, Some(token), Some(secret)) = (request.method, token, kept_secret(request)) else {
            return false;
        };
        let expires_at = self.config.confirmation_keys.open(&place(action, fields, subject, secret), &token);
        expires_at.is_some_and(|expires_at| now < expires_at)
    }
}

/// A confirmation is for one press: once that led somewhere, the cookie goes.
pub(crate) fn forget(request: &Request, response: Response) -> Response {
    let is_spent = response.status == 303 && kept_secret(request).is_some();
    if is_spent && form::field(&request.body, FIELD).is_some() {
        return response.with_header("set-cookie", cookie("", 0));
    }
    response
}

/// What a token is sealed to. No part holds a control character.
fn place(action: Action, fields: Fields<'_>, subject: &Subject, secret: &str) -> String {
    let mut parts = vec![action.as_str(), subject.as_str(), secret];
    parts.extend(fields.iter().map(|(_, value)| value));
    parts.join("\0")
}

/// The browser's half of a confirmation.
fn kept_secret(request: &Request) -> Option<&str> {
    cookies(request.header("cookie").unwrap_or("")).find(|(name, _)| *name == COOKIE).map(|(_, secret)| secret)
}

/// `Strict`: the form stands on our own page.
fn cookie(secret: &str, max_age: u64) -> String {
    format!("{COOKIE}={secret}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Strict")
}

/// The keys that seal and open tokens: the first seals, every one opens.
#[derive(Debug)]
pub(crate) struct ConfirmationKeys(SealingKeys);

impl ConfirmationKeys {
    /// One key for each of the platform's cookie secrets.
    pub(crate) fn derive(secrets: &[String]) -> Result<ConfirmationKeys, ConnectError> {
        SealingKeys::derive("stripe-connect-oauth confirmation 1", "cookie_secrets", secrets).map(ConfirmationKeys)
    }

    fn seal(&self, place: &str, expires_at: u64, nonce: [u8; NONCE_BYTES]) -> Option<String> {
        self.0.seal(place, &expires_at.to_be_bytes(), nonce)
    }

    /// When a token of this place expires, in Unix seconds; `None` if it was not sealed here, for this place, whole.
    fn open(&self, place: &str, token: &str) -> Option<u64> {
        Some(u64::from_be_bytes(self.0.open(place, token)?.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confirmation_is_sealed_under_a_name_of_its_own() {
        let secrets = ["s".repeat(32)];
        let others = SealingKeys::derive("stripe-connect-oauth flow cookie 1", "cookie_secrets", &secrets).unwrap();
        let sealed = others.seal("here", &7u64.to_be_bytes(), [1; NONCE_BYTES]).unwrap();
        let keys = ConfirmationKeys::derive(&secrets).unwrap();
        assert_eq!(keys.open("here", &sealed), None);
        assert_eq!(keys.open("here", &keys.seal("here", 7, [1; NONCE_BYTES]).unwrap()), Some(7));
    }

    /// Attack 3. What the forms hold differs already; the action is sealed all the same.
    #[test]
    fn a_token_of_one_action_opens_for_no_other_with_the_same_values() {
        let keys = ConfirmationKeys::derive(&["s".repeat(32)]).unwrap();
        let ada = Subject::parse("ada").unwrap();
        let actions = [Action::Start, Action::Disconnect, Action::Create];
        let places = actions.map(|action| place(action, &[("return_to", "/")], &ada, "secret"));
        for (sealed_for, place) in places.iter().enumerate() {
            let token = keys.seal(place, 7, [1; NONCE_BYTES]).unwrap();
            for (opened_for, place) in places.iter().enumerate() {
                let expected = (opened_for == sealed_for).then_some(7);
                assert_eq!(keys.open(place, &token), expected, "{sealed_for} {opened_for}");
            }
        }
    }
}
