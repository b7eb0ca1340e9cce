//! Prefill: what a developer wrote is held to each rule, what a person typed is put right or left out.

use super::packed::{Field, NOT_TEXT, invalid_type};
use crate::front::prefill::PrefillField;
use crate::vocabulary::error::ConnectError;

/// The field of Stripe's form that was given, its value being of a type that the field may have.
pub(crate) fn field_of(given: Field<'_>) -> Result<PrefillField, ConnectError> {
    let field = PrefillField::read(given.name)?;
    if given.is("string") || given.is(field.other_type()) {
        return Ok(field);
    }
    Err(invalid_type(given.name, NOT_TEXT))
}

#[cfg(any(feature = "edge", feature = "js-prefill"))]
pub(crate) use cleaning::{Cleaned, clean};

#[cfg(any(feature = "edge", feature = "js-prefill"))]
mod cleaning {
    use super::field_of;
    use crate::front::clean_prefill::{DroppedField, left_out};
    use crate::front::prefill::Prefill;
    use crate::js::packed::Fields;
    use crate::vocabulary::error::ConnectError;
    use crate::vocabulary::flow::Flow;

    /// What is left of the fields, and what was left out: the parameter, and that it was and why.
    pub(crate) struct Cleaned<'a> {
        pub(crate) prefill: Prefill,
        pub(crate) dropped: Vec<(&'a str, String)>,
    }

    /// Cleans the packed `{ stripe_user }` for `flow`. Refused is only what is no object.
    pub(crate) fn clean(packed: &str, flow: Flow) -> Result<Cleaned<'_>, ConnectError> {
        let fields = Fields::read(packed, "stripe_user{")?;
        let (mut typed, mut dropped) = (Vec::new(), Vec::new());
        for given in fields.inside("stripe_user[") {
            match field_of(given) {
                Ok(field) => typed.push((field, given.value)),
                Err(error) => dropped.push((given.name, left_out(given.name, &error))),
            }
        }
        let (prefill, misfits) = Prefill::clean(flow, typed);
        for DroppedField { field, error } in misfits {
            dropped.push((field.as_str(), left_out(field.as_str(), &error)));
        }
        Ok(Cleaned { prefill, dropped })
    }
}

#[cfg(feature = "js-prefill")]
mod entry {
    use super::super::packed::{Answer, Fields};
    use super::{Cleaned, clean};
    use crate::front::prefill::PrefillField;
    use crate::vocabulary::error::ConnectError;
    use crate::vocabulary::flow::Flow;
    use wasm_bindgen::prelude::*;

    /// Entry `stripe-connect-oauth/prefill`. Answers with each parameter and its value, which is empty for one that
    /// was left out: no right value is.
    #[wasm_bindgen(js_name = cleanPrefill)]
    pub fn clean_prefill(stripe_user: &str, options: &str) -> String {
        let mut answer = Answer::default();
        let done = write(stripe_user, options, &mut answer);
        answer.finish(done)
    }

    fn write(stripe_user: &str, options: &str, answer: &mut Answer) -> Result<(), ConnectError> {
        let options = Fields::read(options, "flow")?;
        let flow = options.value("flow").map_or(Ok(Flow::Standard), Flow::parse)?;
        let Cleaned { prefill, dropped } = clean(stripe_user, flow)?;
        // A name that Stripe does not have is no person's, but the program's.
        Fields::read(stripe_user, "stripe_user{")?
            .inside("stripe_user[")
            .try_for_each(|given| PrefillField::read(given.name).map(drop))?;
        for (param, value) in prefill.pairs() {
            answer.add(param);
            answer.add(value);
        }
        for (param, _) in dropped {
            answer.add(param);
            answer.add("");
        }
        Ok(())
    }
}
