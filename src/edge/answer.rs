//! How the handler answers: a page or a redirect to a person, JSON to a script.

use super::config::Config;
use super::connection::Connection;
use super::done::{self, WhenDone};
use super::form::with_return_to;
use super::outcome::Outcome;
use super::pages;
use super::routes::RESULT;
use crate::server::{Request, Response};
use crate::texts::Text;
use serde_json::{Value, json};

/// Tells how a request ended: JSON to who asks for it, and to a person the way on or a page.
///
/// A script says `accept: application/json`; no browser says so when a person submits a form or follows a
/// link. After a form that was refused, the page has an address of its own, so that reloading it sends
/// nothing again; unless sending it again is what helps.
pub(crate) fn answer(config: &Config, request: &Request, outcome: Outcome, return_to: &str) -> Response {
    if wants_json(request) { reply(config, outcome, None) } else { to_person(config, outcome, return_to) }
}

/// The same to a person.
pub(crate) fn to_person(config: &Config, outcome: Outcome, return_to: &str) -> Response {
    match outcome {
        _ if outcome.is_said() => done(config, outcome, return_to),
        _ if outcome.is_success() => Response::see_other(return_to),
        Outcome::Foreign => pages::page(config, outcome, return_to),
        _ if outcome.asks_to_reload() => pages::page(config, outcome, return_to),
        _ => Response::see_other(result_path(config, outcome, return_to)),
    }
}

/// Leads to where it is said that something was done.
fn done(config: &Config, outcome: Outcome, return_to: &str) -> Response {
    let place = match config.when_done {
        WhenDone::Page => result_path(config, outcome, return_to),
        WhenDone::Return => return_to.to_owned(),
    };
    Response::see_other(place).with_header("set-cookie", done::cookie(outcome))
}

/// A clean address that says how it ended, and leads on to `return_to`: no code stays in the history or in a Referer.
fn result_path(config: &Config, outcome: Outcome, return_to: &str) -> String {
    let path = config.path(&[RESULT, outcome.as_str()].concat());
    if return_to == config.return_to { path } else { with_return_to(&path, return_to) }
}

/// The outcome in JSON, with the connection it made; a hint goes along when it is no success.
pub(crate) fn reply(config: &Config, outcome: Outcome, connection: Option<&Connection>) -> Response {
    reply_with(config, outcome, connection.map(|connection| ("connection", json!(connection.view()))))
}

/// The outcome in JSON, and what more there is to say of it.
pub(crate) fn reply_with(config: &Config, outcome: Outcome, more: Option<(&str, Value)>) -> Response {
    let hint = (!outcome.is_success()).then(|| outcome.hint_in(&config.language));
    told(outcome, hint, more)
}

fn told(outcome: Outcome, hint: Option<&str>, more: Option<(&str, Value)>) -> Response {
    let named = [Some(("outcome", outcome.as_str().into())), more, hint.map(|hint| ("hint", hint.into()))];
    let fields = named.into_iter().flatten().map(|(name, value)| (name.to_owned(), value));
    json_of(outcome.status(), &Value::Object(fields.collect()))
}

/// The same to a page that finishes its flow by script. It has words of its own where ours ask for a reload: the code has
/// left its address.
pub(crate) fn reply_to_page(config: &Config, outcome: Outcome, more: Option<(&str, Value)>) -> Response {
    let own = Text::parse(&["page_style.", outcome.as_str(), ".hint"].concat());
    let hint = config.language.text(own.unwrap_or(Text::Hint(outcome)));
    told(outcome, Some(hint), more)
}

/// A JSON response.
pub(crate) fn json_of(status: u16, body: &Value) -> Response {
    Response::json(status, body.to_string())
}

/// Whether a script asks, and not a person.
pub(crate) fn wants_json(request: &Request) -> bool {
    request.header("accept").is_some_and(|accepted| accepted.contains("application/json"))
}

/// 405, with the methods that the path takes.
pub(crate) fn method_not_allowed(allow: &str) -> Response {
    Response::new(405, "text/plain; charset=utf-8", "Method not allowed\n").with_header("allow", allow)
}

/// 503 to a browser that asked on a guess: it throws the answer away, and asks again when someone goes there.
pub(crate) fn not_on_a_guess() -> Response {
    Response::new(503, "text/plain; charset=utf-8", "Not before you go there\n")
}

/// 408 to who sends no body, or one too slowly.
#[cfg(feature = "js")]
pub(crate) fn request_timeout() -> Response {
    Response::new(408, "text/plain; charset=utf-8", "The body did not come in time\n")
}

/// No cache keeps it, no Referer tells of it, nothing sniffs it. A page with a form has chosen its Referer.
pub(crate) fn private(response: Response) -> Response {
    let response = match response.header("referrer-policy") {
        Some(_) => response,
        None => response.with_header("referrer-policy", "no-referrer"),
    };
    response.with_header("cache-control", "no-store").with_header("x-content-type-options", "nosniff")
}
