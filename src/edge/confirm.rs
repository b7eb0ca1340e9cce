//! Asks a person whether they mean it, where their request can't say that it came from the platform's own page.
//!
//! The form of that page carries a token which only this handler can make. It opens for one action with the very
//! values that were asked about, for the subject who was asked, beside a cookie that the same answer set, and for ten
//! minutes. Another site can neither read it nor send it along with that cookie.

use super::answer::{reply, wants_json};
use super::form;
use super::host::Host;
use super::outcome::Outcome;
use super::pages;
use super::same_origin::{Asker, asker};
use super::visit::{Stepped, Visit};
use crate::server::{Method, NONCE_BYTES, Request, Response, SealingKeys};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::subject::Subject;
use base64ct::{Base64UrlUnpadded, Encoding};

/// How long a confirmation may take.
const LIFETIME_SECONDS: u64 = 600;

const COOKIE: &str = "__Host-stripe-connect-confirm";

/// The form field that holds the token.
const FIELD: &str = "confirmation";

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

impl<H: Host> Visit<'_, H> {
    /// Who asks for `action` and means it; else the answer refuses, or asks once more.
    pub(crate) async fn asker(&self, action: Action, fields: Fields<'_>) -> Stepped<Subject, H> {
        let asker = asker(self.request, |origin| self.config.is_own_origin(origin));
        let wants_json = wants_json(self.request);
        if asker == Asker::OtherSite {
            return Err(match action {
                Action::Start if !wants_json => pages::confirm(self.config, action, fields).into(),
                Action::Start => reply(action.unconfirmed(), None).into(),
                Action::Disconnect | Action::Create => Outcome::Foreign.into(),
            });
        }
        let subject = self.signed_in().await?;
        if asker == Asker::OwnPage || self.is_confirmed(action, fields, &subject) {
            return Ok(subject);
        }
        if wants_json {
            return Err(reply(action.unconfirmed(), None).into());
        }
        Err(self.ask(action, fields, &subject)?.into())
    }

    /// The page that asks, with the token in its form and the cookie beside it.
    fn ask(&self, action: Action, fields: Fields<'_>, subject: &Subject) -> Stepped<Response, H> {
        let secret = Base64UrlUnpadded::encode_string(&self.random::<32>()?);
        let nonce = self.random()?;
        let expires_at = self.now().saturating_add(LIFETIME_SECONDS);
        let place = place(action, fields, subject, &secret);
        let token = self.config.confirmation_keys.seal(&place, expires_at, nonce).unwrap_or_default();
        let page = pages::confirm(self.config, action, &[fields, &[(FIELD, &*token)]].concat());
        Ok(page.with_header("set-cookie", cookie(&secret, LIFETIME_SECONDS)))
    }

    /// Whether the person was asked about exactly this, here and just now, and pressed the button.
    fn is_confirmed(&self, action: Action, fields: Fields<'_>, subject: &Subject) -> bool {
        let token = form::field(&self.request.body, FIELD);
        let (Method::Post, Some(token), Some(secret)) = (self.request.method, token, kept_secret(self.request))
        else {
            return false;
        };
        let expires_at = self.config.confirmation_keys.open(&place(action, fields, subject, secret), &token);
        expires_at.is_some_and(|expires_at| self.now() < expires_at)
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
    request.cookies().find(|(name, _)| *name == COOKIE).map(|(_, secret)| secret)
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
