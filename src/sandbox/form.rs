//! [`Form`]: what a query or a body carries.

use super::call::MAX_BYTES;
use crate::front::prefill::{Prefill, PrefillField};
use crate::server::Request;
use crate::vocabulary::capability::Capability;
use crate::vocabulary::flow::Flow;

/// Form-encoded fields. Of a repeated field the first counts.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn read(text: impl AsRef<[u8]>) -> Form {
        Form(form_urlencoded::parse(text.as_ref()).into_owned().collect())
    }

    /// What a request to an endpoint carries in its body, then in its query. Stripe's old guide to standalone
    /// accounts sends both: its samples in Python and Java put everything in the query, the one in Node sends
    /// `multipart/form-data`. What is over the limit is not read.
    pub(super) fn of(request: &Request) -> Form {
        let [query, body] = [request.query().as_bytes(), &request.body]
            .map(|text| if text.len() > MAX_BYTES { Default::default() } else { text });
        let Form(mut fields) = match boundary(request) {
            Some(boundary) => Form::multipart(&String::from_utf8_lossy(body), boundary),
            None => Form::read(body),
        };
        fields.extend(Form::read(query).0);
        Form(fields)
    }

    /// RFC 7578, for fields of text.
    fn multipart(body: &str, boundary: &str) -> Form {
        let delimiter = ["\r\n--", boundary].concat();
        let body = ["\r\n", body].concat();
        // Before the first delimiter and after the last is nothing of the form's.
        Form(body.split(&*delimiter).skip(1).filter_map(field_of_part).collect())
    }

    /// One text for the same fields, however they were sent.
    pub(super) fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.fields()).finish()
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// What is sent without a value counts as left out (RFC 6749 §3.1).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields().find(|(field, _)| *field == name).map(|(_, value)| value).filter(|value| !value.is_empty())
    }

    /// What is inside `name[…]`: inner name and value.
    pub(super) fn inside(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        self.fields().filter_map(move |(field, value)| {
            let inner = field.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?;
            Some((inner, value))
        })
    }

    /// A list, written `name[]` or `name[0]`.
    pub(super) fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.inside(name)
            .filter(|(inner, _)| inner.bytes().all(|byte| byte.is_ascii_digit()))
            .map(|(_, value)| value)
    }

    /// A list of capabilities, without those that Stripe does not have.
    pub(super) fn capabilities(&self, name: &str) -> Vec<Capability> {
        self.list(name).filter_map(|word| Capability::parse(word).ok()).collect()
    }

    /// The `stripe_user[…]` fields. Like Stripe, it drops without a word what is wrong by itself, does not
    /// belong to the flow, or lacks what it needs beside it.
    pub(super) fn prefill(&self, flow: Flow) -> Prefill {
        let right = |(name, value)| {
            let field = PrefillField::parse(name).ok()?;
            field.check(value).ok().map(|()| (field, value))
        };
        let given: Vec<(PrefillField, &str)> = self.inside("stripe_user").filter_map(right).collect();
        let beside = |needed| given.iter().find(|(field, _)| *field == needed).map(|(_, value)| *value);
        let mut prefill = Prefill::default();
        for (field, value) in &given {
            let is_first = beside(*field) == Some(value);
            if is_first && field.check_in(flow, value, &beside).is_ok() {
                let _right = prefill.set(*field, value);
            }
        }
        prefill
    }
}

/// The boundary of a multipart body.
fn boundary(request: &Request) -> Option<&str> {
    let (kind, parameters) = request.header("content-type")?.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("boundary=")).map(unquoted)
}

/// Name and value of a part such as `\r\nContent-Disposition: form-data; name="code"\r\n\r\nac_1`.
fn field_of_part(part: &str) -> Option<(String, String)> {
    let (headers, value) = part.strip_prefix("\r\n")?.split_once("\r\n\r\n")?;
    let disposition = headers.split("\r\n").find_map(|header| {
        let (name, value) = header.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let name = disposition.split(';').find_map(|parameter| parameter.trim().strip_prefix("name="))?;
    Some((unquoted(name).to_owned(), value.to_owned()))
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text)
}
