//! The pages a person sees. Each says on top that it is a stand-in. No script; every value is escaped.

mod consent;
mod dashboard;
mod index;
mod onboarding;
mod page;
mod requests;

pub(super) use consent::consent;
pub(super) use dashboard::{account, accounts};
pub(super) use index::index;
pub(super) use onboarding::onboarding;
pub(super) use page::{STYLE_PATH, style};
pub(super) use requests::requests;
