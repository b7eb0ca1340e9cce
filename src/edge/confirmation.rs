//! What a confirmation is made of: a token in the form, a cookie in the browser, and the key that ties them together.

use super::action::{Action, Fields};
use super::application::Application;
use super::form;
use crate::server::{NONCE_BYTES, Request, Response, SealingKeys};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::subject::Subject;

/// How long a confirmation may take.
pub(crate) const LIFETIME_SECONDS: u64 = 600;

/// The form field that holds the token.
pub(crate) const FIELD: &str = "confirmation";

/// What a token is sealed to. No part holds a control character.
pub(crate) fn place(action: Action, fields: Fields<'_>, subject: &Subject, secret: &str) -> String {
    let mut parts = vec![action.as_str(), subject.as_str(), secret];
    parts.extend(fields.iter().map(|(_, value)| value));
    parts.join("\0")
}

/// The confirmations of an application: the name of their cookie, and the keys that seal and open their tokens. The
/// first key seals, every one opens.
#[derive(Debug)]
pub(crate) struct Confirmations {
    cookie: String,
    keys: SealingKeys,
}

impl Confirmations {
    /// One key for each of the platform's cookie secrets.
    pub(crate) fn of(application: &Application, secrets: &[String]) -> Result<Confirmations, ConnectError> {
        let keys = SealingKeys::derive("stripe-connect-oauth confirmation 1", "cookie_secrets", secrets)?;
        Ok(Confirmations { cookie: ["__Host-stripe-connect-confirm.", &*application.tag()].concat(), keys })
    }

    /// The browser's half of a confirmation.
    pub(crate) fn kept_secret<'a>(&self, request: &'a Request) -> Option<&'a str> {
        request.cookies().find(|(name, _)| *name == self.cookie).map(|(_, secret)| secret)
    }

    /// `Strict`: the form stands on our own page.
    pub(crate) fn set_cookie(&self, secret: &str, max_age: u64) -> String {
        let name = &*self.cookie;
        format!("{name}={secret}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Strict")
    }

    /// A confirmation is for one press: once that led somewhere, the cookie goes.
    pub(crate) fn forget(&self, request: &Request, response: Response) -> Response {
        let is_spent = response.status == 303 && self.kept_secret(request).is_some();
        if is_spent && form::field(&request.body, FIELD).is_some() {
            return response.with_header("set-cookie", self.set_cookie("", 0));
        }
        response
    }

    /// The keys themselves, for what else is sealed under a place of its own.
    pub(crate) fn keys(&self) -> &SealingKeys {
        &self.keys
    }

    pub(crate) fn seal(&self, place: &str, expires_at: u64, nonce: [u8; NONCE_BYTES]) -> Option<String> {
        self.keys.seal(place, &expires_at.to_be_bytes(), nonce)
    }

    /// When a token of this place expires, in Unix seconds; `None` if it was not sealed here, for this place, whole.
    pub(crate) fn open(&self, place: &str, token: &str) -> Option<u64> {
        Some(u64::from_be_bytes(self.keys.open(place, token)?.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::ids::ClientId;
    use crate::vocabulary::livemode::Livemode;

    fn confirmations(secrets: &[String]) -> Confirmations {
        let application = Application { client_id: ClientId::parse("ca_123").unwrap(), livemode: Livemode::Test };
        Confirmations::of(&application, secrets).unwrap()
    }

    #[test]
    fn a_confirmation_is_sealed_under_a_name_of_its_own() {
        let secrets = ["s".repeat(32)];
        let others = SealingKeys::derive("stripe-connect-oauth flow cookie 2", "cookie_secrets", &secrets).unwrap();
        let sealed = others.seal("here", &7u64.to_be_bytes(), [1; NONCE_BYTES]).unwrap();
        let keys = confirmations(&secrets);
        assert_eq!(keys.open("here", &sealed), None);
        assert_eq!(keys.open("here", &keys.seal("here", 7, [1; NONCE_BYTES]).unwrap()), Some(7));
    }

    /// Attack 3. What the forms hold differs already; the action is sealed all the same.
    #[test]
    fn a_token_of_one_action_opens_for_no_other_with_the_same_values() {
        let keys = confirmations(&["s".repeat(32)]);
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
