//! Which of the platform's accounts was made with a claim: after a failure, before another is made.

use super::account::id;
use super::account_error::{AccountError, read};
use super::http::{Request, Response};
use super::new_account::CLAIM;
use super::object::{Object, Unreadable};
use super::secret::SecretKey;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::origin::ConnectBase;
use serde_json::Value;

/// Reads the id of the account that [`create_account`](super::create_account) made, whatever else of it can't be read.
pub(crate) fn read_account_id(reply: &Response) -> Result<AccountId, AccountError> {
    read(reply, |mut body| id(&mut body))
}

/// The request for the platform's newest accounts. Read its answer with [`read_claimed_account`].
pub(crate) fn list_accounts(base: &ConnectBase, key: &SecretKey) -> Request {
    Request::get([base.api(), "/v1/accounts?limit=100"].concat(), key)
}

/// The account that was made with `claim` at `since` or later, in Unix seconds, if there is one. When the list does
/// not reach back that far, nothing is known.
pub(crate) fn read_claimed_account(
    reply: &Response,
    claim: &str,
    since: u64,
) -> Result<Option<AccountId>, AccountError> {
    read(reply, |mut body| {
        let Some(Value::Array(accounts)) = body.take("data") else { return Err(Unreadable("data")) };
        let mut oldest = None;
        for mut account in accounts.into_iter().filter_map(Object::of) {
            let kept = account.object("metadata").ok().flatten().and_then(|mut kept| kept.take(CLAIM));
            if kept.is_some_and(|kept| kept == claim) {
                return id(&mut account).map(Some);
            }
            oldest = account.number("created").ok().flatten();
        }
        match body.boolean("has_more")? {
            Some(true) if oldest.is_none_or(|oldest| oldest >= since) => Err(Unreadable("the end of its list")),
            _ => Ok(None),
        }
    })
}
