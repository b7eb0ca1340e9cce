//! [`Form`]: what a query or a body carries.

use crate::capability::Capability;
use crate::prefill::{Prefill, PrefillField};

/// Form-encoded fields. Of a repeated field the first counts.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn read(text: &str) -> Form {
        Form(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
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

    /// The `stripe_user[…]` fields. Like Stripe, it drops bad values without a word.
    pub(super) fn prefill(&self) -> Prefill {
        let mut prefill = Prefill::default();
        for (field, value) in self.inside("stripe_user") {
            if let Ok(field) = PrefillField::parse(field) {
                let _ignored = prefill.set(field, value);
            }
        }
        prefill
    }
}
