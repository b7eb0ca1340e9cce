//! The words that both channels speak: a type for each, and a value that exists is valid. Public ones are re-exported at
//! the crate's root.

pub(crate) mod account_status;
pub(crate) mod capability;
pub(crate) mod convert;
pub(crate) mod error;
pub(crate) mod flow;
pub(crate) mod html;
pub(crate) mod ids;
pub(crate) mod livemode;
#[cfg(feature = "server")]
pub(crate) mod near;
pub(crate) mod origin;
pub(crate) mod outcome;
pub(crate) mod punycode;
pub(crate) mod query;
pub(crate) mod redirect_uri;
pub(crate) mod rejection;
pub(crate) mod scope;
pub(crate) mod state;
pub(crate) mod subject;
pub(crate) mod text;
pub(crate) mod words;
