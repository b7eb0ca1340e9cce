//! How the handler answers: a page or a redirect to a person, JSON to a script.

use super::config::Config;
use super::connection::Connection;
use super::outcome::Outcome;
use super::pages;
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
        _ if outcome.is_success() => Response::see_other(return_to),
        Outcome::NotSignedIn | Outcome::Foreign => pages::page(config, outcome),
        _ if outcome.asks_to_reload() => pages::page(config, outcome),
        _ => show(config, outcome),
    }
}

/// A clean address that says how it ended: no code stays in the history or in a Referer.
fn show(config: &Config, outcome: Outcome) -> Response {
    Response::see_other([&*config.path("result/"), outcome.as_str()].concat())
}

/// The outcome in JSON, with the connection it made; a hint goes along when it is no success.
pub(crate) fn reply(config: &Config, outcome: Outcome, connection: Option<&Connection>) -> Response {
    let mut body = json!({ "outcome": outcome.as_str() });
    if let (Some(connection), Some(fields)) = (connection, body.as_object_mut()) {
        fields.insert("connection".to_owned(), json!(connection.view()));
    }
    if let (false, Some(fields)) = (outcome.is_success(), body.as_object_mut()) {
        fields.insert("hint".to_owned(), outcome.hint_in(&config.language).into());
    }
    json_of(outcome.status(), &body)
}

/// The same to a page that finishes its flow by script. It has words of its own where ours ask for a reload: the code has
/// left its address.
pub(crate) fn reply_to_page(config: &Config, outcome: Outcome) -> Response {
    let own = Text::parse(&["page_style.", outcome.as_str(), ".hint"].concat());
    let hint = config.language.text(own.unwrap_or(Text::Hint(outcome)));
    json_of(outcome.status(), &json!({ "outcome": outcome.as_str(), "hint": hint }))
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
