//! What a form or a query brings.

use crate::server::Request;
use crate::vocabulary::ids::AccountId;
use std::borrow::Cow;

/// The limit on a form and on a query, in bytes.
pub(crate) const MAX_FORM_BYTES: usize = 4096;

/// A field of `form`, which is a query or the body of a form: the first one, if it stands there more than
/// once.
pub(crate) fn field<'a>(form: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    form_urlencoded::parse(form).find(|(field, _)| field == name).map(|(_, value)| value)
}

/// The query, unless it is longer than the handler reads one.
pub(crate) fn query(request: &Request) -> Option<&[u8]> {
    Some(request.query().as_bytes()).filter(|query| query.len() <= MAX_FORM_BYTES)
}

/// The `account` that a form or a query names.
pub(crate) fn account(form: &[u8]) -> Option<AccountId> {
    AccountId::parse(&field(form, "account")?).ok()
}

/// Whether the `form` says yes or no to what is called `name`: `default` where it says nothing, `None` where it is
/// another word.
pub(crate) fn yes_or_no(form: &[u8], name: &str, default: bool) -> Option<bool> {
    match field(form, name).as_deref() {
        None => Some(default),
        Some("yes") => Some(true),
        Some("no") => Some(false),
        Some(_) => None,
    }
}

/// An address with `return_to` in its query.
pub(crate) fn with_return_to(address: &str, return_to: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", return_to).finish();
    let mark = if address.contains('?') { "&" } else { "?" };
    [address, mark, &*query].concat()
}
