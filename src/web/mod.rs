//! The front channel in a browser's page, for front ends in Rust: Leptos, Yew, Dioxus and the like.
//!
//! [`begin`] and [`finish`] are what `beginConnect` and `finishConnect` are in the npm package, over the page's
//! [`Window`](web_sys::Window). The flows under way are kept in the same place and form, so that a page of one may
//! finish what a page of the other began. Nothing is sent: the page posts what came back to the platform's worker, which
//! has the secret key and serves `/connect/exchange` with `page_style`.
//!
//! Where pages are rendered on a server as well, call both in the browser only: in an event's handler or an effect.
//!
//! ```no_run
//! use stripe_connect_oauth::{AuthorizeUrl, Callback, ClientId, ConnectError, PendingFlows, Subject, web};
//!
//! /// The button's click.
//! fn leave(window: &web_sys::Window, subject: &Subject) -> Result<(), ConnectError> {
//!     let client_id = ClientId::parse("ca_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb")?;
//!     let url = web::begin(window, subject, PendingFlows::LIFETIME_SECONDS, |state| {
//!         AuthorizeUrl::new(&client_id, state).build()
//!     })?;
//!     let _left = window.location().assign(&url);
//!     Ok(())
//! }
//!
//! /// The page that Stripe sends the browser back to: what to show, or what to post to `/connect/exchange`.
//! fn come_back(window: &web_sys::Window, subject: &Subject) -> Result<&'static str, ConnectError> {
//!     let finished = web::finish(window, Some(subject))?;
//!     if let (Callback::Authorized(authorized), Some(flow)) = (&finished.callback, &finished.flow) {
//!         let (code, state, subject) = (authorized.code().as_str(), flow.state.as_str(), flow.subject.as_str());
//!         // { "code": code, "state": state, "subject": subject }
//!     }
//!     Ok(finished.callback.hint())
//! }
//! ```

mod flow;
pub(crate) mod page;

pub use flow::{Finished, FinishedFlow, begin, finish};
