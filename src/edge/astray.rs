//! A callback of Stripe's that comes to a path which is none of the handler's: something in front has changed it, and the
//! person sees whatever the platform says of a page that is not there.

use super::config::{Config, path_of};
use super::host::{Host, Problem};
use super::outcome::Outcome;
use super::seldom::Seldom;
use crate::front::callback::Callback;
use crate::front::callback_query::CallbackQuery;
use crate::server::Request;
use crate::vocabulary::state::State;

/// Tells the platform's developers of it, once a minute. The request stays the platform's own.
pub(crate) fn report_astray<H: Host>(config: &Config, like_it: &Seldom, request: &Request, host: &H) {
    let path = request.path();
    let Some(listening) = callback_meant(config, path).filter(|_| is_callback(request)) else { return };
    let Some(more) = like_it.due(host.now()) else { return };
    let detail = format!(
        "a callback of Stripe's came to {path}, and the handler listens at {listening}: something in front takes the \
         rest of the path away, or adds a slash. Let it pass the path on as it is, or give redirect_uri and prefix as the \
         handler sees them; {more} more like it before"
    );
    host.report(&Problem { outcome: Outcome::ConfigMismatch, detail });
}

/// The path of a redirect URI, of which `path` is the end, or which it is but for a slash.
fn callback_meant<'a>(config: &'a Config, path: &str) -> Option<&'a str> {
    let paths = config.platform.redirect_uris().iter().map(|uri| path_of(uri.as_str()));
    let is_meant = |listening: &&str| {
        path.len() > 1 && path.starts_with('/') && listening.ends_with(path)
            || path.strip_suffix('/') == Some(listening)
    };
    paths.into_iter().find(is_meant)
}

/// Whether the query is an answer of Stripe's with one of our states.
fn is_callback(request: &Request) -> bool {
    let query = CallbackQuery::read(&["?", request.query()].concat());
    let state = query.state().and_then(|state| State::parse(state).ok());
    state.is_some_and(|state| !matches!(query.verify(&state), Callback::Rejected(_) | Callback::None))
}
