//! HTTP messages across the boundary, each as one text (`pkg/shared/message.js`). Its parts are separated by NUL: method
//! and URL, or the status; each header's name and value; an empty name; and the body, which may hold anything.

use crate::server::{Request, Response};
use crate::vocabulary::text::cut;

/// A request as JavaScript wrote it, for now without its body.
#[cfg(any(feature = "edge", feature = "sandbox"))]
pub(crate) fn read_head(packed: &str) -> Option<Request> {
    let (method, rest) = cut(packed, 0)?;
    let (url, rest) = cut(rest, 0)?;
    let (headers, _) = read_headers(rest)?;
    Some(Request { method: crate::server::Method::parse(method), url: url.to_owned(), headers, body: Vec::new() })
}

/// Stripe's response as JavaScript wrote it.
pub(crate) fn read_response(packed: &str) -> Option<Response> {
    let (status, rest) = cut(packed, 0)?;
    let (headers, body) = read_headers(rest)?;
    Some(Response { status: status.parse().ok()?, headers, body: body.to_owned() })
}

/// The headers, and the body after them.
fn read_headers(mut rest: &str) -> Option<(Vec<(String, String)>, &str)> {
    let mut headers = Vec::new();
    loop {
        let (name, after) = cut(rest, 0)?;
        if name.is_empty() {
            return Some((headers, after));
        }
        let (value, after) = cut(after, 0)?;
        headers.push((name.to_owned(), value.to_owned()));
        rest = after;
    }
}

/// A request to Stripe.
pub(crate) fn write_request(request: &Request) -> String {
    let body = request.body_text().unwrap_or_default();
    [request.method.as_str(), "\0", &request.url, "\0", &write_headers(&request.headers), body].concat()
}

/// A response to a browser.
#[cfg(any(feature = "edge", feature = "sandbox"))]
pub(crate) fn write_response(response: &Response) -> String {
    let Response { status, headers, body } = response;
    [&status.to_string(), "\0", &write_headers(headers), body].concat()
}

fn write_headers(headers: &[(String, String)]) -> String {
    headers.iter().flat_map(|(name, value)| [name, "\0", value, "\0"]).chain(["\0"]).collect()
}
