//! `GET /connect/onboard`: the way to Stripe's form for the person's own account.

use super::connection::Connection;
use super::form;
use super::host::Host;
use super::visit::{MALFORMED, StepResult, Visit};
use crate::server::{
    AccountError, IdempotencyKey, NewAccountLink, Response, RetryKind, create_account_link, read_account_link,
};
use crate::vocabulary::ids::AccountId;

impl<H: Host> Visit<'_, H> {
    /// Leads to Stripe's form for the subject's own account, with a new link each time: Stripe sends a person
    /// here when a link has expired or was used. With `done`, back to the platform.
    pub(crate) async fn onboard(&self) -> StepResult<Response, H> {
        let query = form::query(self.request).ok_or(MALFORMED)?;
        let account = form::account(query).ok_or(MALFORMED)?;
        let return_to = self.return_to().ok_or(MALFORMED)?;
        if form::field(query, "done").is_some() {
            return Ok(Response::see_other(return_to));
        }
        let subject = self.signed_in().await?;
        let connection = self.live_connection(&subject, &account).await?;
        self.lead_on(&connection, &return_to).await
    }

    /// A redirect to a new account link, or why there is none.
    pub(crate) async fn lead_on(&self, connection: &Connection, return_to: &str) -> StepResult<Response, H> {
        let account = &connection.account_id;
        let origin = self.config.origin_of(self.request);
        let [refresh_url, return_url] =
            [false, true].map(|done| [origin, &*self.onboard_path(account, return_to, done)].concat());
        let livemode = self.config.secret_key.livemode();
        let link = NewAccountLink::new(account, &refresh_url, &return_url, livemode).map_err(|_| MALFORMED)?;

        let began = self.now();
        // One link may be asked for again; each visit asks for one of its own.
        let key = IdempotencyKey::from_random(self.random()?);
        let request = create_account_link(&self.config.base, &self.config.secret_key, &link, &key);
        let reply = self.send_again(RetryKind::ApiPost { idempotency_key: true }, request).await?;
        match reply.ok_or_else(AccountError::no_answer).and_then(|reply| read_account_link(&reply)) {
            Ok(link) => Ok(Response::see_other(link.url.expose())),
            Err(error) => Err(self.record_account_error(error, connection, began).await?.into()),
        }
    }

    /// The path of this step for an account.
    pub(crate) fn onboard_path(&self, account: &AccountId, return_to: &str, done: bool) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("account", account.as_str()).append_pair("return_to", return_to);
        if done {
            query.append_pair("done", "1");
        }
        [&*self.config.path("onboard?"), &*query.finish()].concat()
    }
}
