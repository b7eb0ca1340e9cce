//! Asks a person whether they mean it, where their request can't say that it came from the platform's own page.
//!
//! The form of that page carries a token which only this handler can make. It opens for one action with the very
//! values that were asked about, for the subject who was asked, beside a cookie that the same answer set, and for ten
//! minutes. Another site can neither read it nor send it along with that cookie.

use super::action::{Action, Fields, Question};
use super::answer::{reply, wants_json};
use super::confirmation::{FIELD, LIFETIME_SECONDS, place};
use super::form;
use super::host::Host;
use super::outcome::Outcome;
use super::pages;
use super::same_origin::{Asker, asker, site_of};
use super::visit::{StepResult, Visit};
use crate::server::{Method, Response};
use crate::vocabulary::subject::Subject;
use base64ct::{Base64UrlUnpadded, Encoding};

/// How sure it is that the person who is signed in asks for something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// They were asked, and pressed the button.
    Confirmed,
    /// A page of the platform's own asks.
    OwnPage,
    /// Nothing says where the request is from.
    Missing,
}

impl<H: Host> Visit<'_, H> {
    /// Who asks for `action` and means it; else the answer refuses, or asks once more.
    pub(crate) async fn same_origin_subject(&self, action: Action, fields: Fields<'_>) -> StepResult<Subject, H> {
        let (subject, proof) = self.asked_for(action, fields).await?;
        if proof != Proof::Missing {
            return Ok(subject);
        }
        let question = Question { action, fields, ending: None, is_proven: false };
        Err(self.ask(&question, &subject)?.into())
    }

    /// Who asks for `action`, and how sure that is. Another site is refused, and so is a script that can't show where
    /// it is from: it can't be asked.
    pub(crate) async fn asked_for(&self, action: Action, fields: Fields<'_>) -> StepResult<(Subject, Proof), H> {
        let asker = asker(self.request, |origin| self.config.is_own_origin(origin));
        let wants_json = wants_json(self.request);
        if asker == Asker::OtherSite {
            if let Some(site) = site_of(self.request) {
                return Err(self.elsewhere(&site, &self.config.site()).into());
            }
            let question = Question { action, fields, ending: None, is_proven: false };
            return Err(match action {
                Action::Start if !wants_json => pages::confirm(self.config, &question).into(),
                Action::Start => reply(self.config, action.unconfirmed(), None).into(),
                Action::Disconnect | Action::Create => Outcome::Foreign.into(),
            });
        }
        let subject = self.signed_in().await?;
        let proof = match asker {
            _ if self.is_confirmed(action, fields, &subject) => Proof::Confirmed,
            Asker::OwnPage => Proof::OwnPage,
            _ if wants_json => return Err(reply(self.config, action.unconfirmed(), None).into()),
            _ => Proof::Missing,
        };
        Ok((subject, proof))
    }

    /// Nothing is done on `site`: a browser that is there keeps our cookies for no other.
    pub(crate) fn elsewhere(&self, site: &str, ours: &str) -> Outcome {
        let detail = format!(
            "{action} was asked for on {site}, and the redirect URI is on {ours}: what a browser keeps of a flow stays \
             on the site where it began, so the callback would never see it. Let the site have one address, as by a \
             redirect from {site} to {ours}, or list a redirect URI of each of its sites in redirect_uris",
            action = self.config.path(self.route.path()),
        );
        self.report_seldom(&self.memory.elsewhere, Outcome::WrongSite, detail)
    }

    /// The page that asks. Where nothing says that our own page did, its form has a token, and the cookie beside it.
    pub(crate) fn ask(&self, question: &Question<'_>, subject: &Subject) -> StepResult<Response, H> {
        if question.is_proven {
            return Ok(pages::confirm(self.config, question));
        }
        let Question { action, fields, .. } = *question;
        let secret = Base64UrlUnpadded::encode_string(&self.random::<32>()?);
        let nonce = self.random()?;
        let expires_at = self.now().saturating_add(LIFETIME_SECONDS);
        let place = place(action, fields, subject, &secret);
        let token = self.config.confirmations.seal(&place, expires_at, nonce).unwrap_or_default();
        let fields = [fields, &[(FIELD, &*token)]].concat();
        let page = pages::confirm(self.config, &Question { fields: &fields, ..*question });
        Ok(page.with_header("set-cookie", self.config.confirmations.set_cookie(&secret, LIFETIME_SECONDS)))
    }

    /// Whether the person was asked about exactly this, here and just now, and pressed the button.
    fn is_confirmed(&self, action: Action, fields: Fields<'_>, subject: &Subject) -> bool {
        let token = form::field(&self.request.body, FIELD);
        let kept = self.config.confirmations.kept_secret(self.request);
        let (Method::Post, Some(token), Some(secret)) = (self.request.method, token, kept) else {
            return false;
        };
        let expires_at = self.config.confirmations.open(&place(action, fields, subject, secret), &token);
        expires_at.is_some_and(|expires_at| self.now() < expires_at)
    }
}
