//! What a form or a query brings.

use crate::server::Request;
use crate::vocabulary::ids::AccountId;
use std::borrow::Cow;

/// The limit on a request body, other than a webhook's, and on a query, in bytes.
pub(crate) const MAX_FORM_BYTES: usize = 4096;

/// A field of `form`, which is a query or the body of a form: the first one, if it stands there more than
/// once.
pub(crate) fn field<'a>(form: &'a str, name: &str) -> Option<Cow<'a, str>> {
    form_urlencoded::parse(form.as_bytes()).find(|(field, _)| field == name).map(|(_, value)| value)
}

/// Whether the handler reads a form of this size.
pub(crate) fn fits(request: &Request) -> bool {
    request.body.len() <= MAX_FORM_BYTES && request.query().len() <= MAX_FORM_BYTES
}

/// The `account` that a form or a query names.
pub(crate) fn account(form: &str) -> Option<AccountId> {
    AccountId::parse(&field(form, "account")?).ok()
}
