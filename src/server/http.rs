//! An HTTP message as plain data: what a host sends for us, and what it hands us.

use super::secret::SecretKey;
use crate::vocabulary::origin::split_origin;
use std::fmt;

/// The version of Stripe's API that what is sent here asks for (`Stripe-Version`), so that what answers is known whatever
/// the platform's default is, which may be as old as the platform. It is the one that stripe-node 23.1 pins.
///
/// Calls of your own on behalf of an account ([`on_behalf_of`](super::on_behalf_of)) are in your own version, and events
/// in their endpoint's.
///
/// ```
/// use stripe_connect_oauth::server::{STRIPE_VERSION, SecretKey, retrieve_account};
/// use stripe_connect_oauth::{AccountId, ConnectBase};
///
/// let key = SecretKey::parse("sk_test_123")?;
/// let request = retrieve_account(&ConnectBase::stripe(), &key, &AccountId::parse("acct_1")?);
/// assert_eq!(request.header("stripe-version"), Some(STRIPE_VERSION));
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub const STRIPE_VERSION: &str = "2026-10-28.endive";

/// The methods the protocol uses, and those that only its refusals name. Any other is [`Method::Other`].
///
/// ```
/// use stripe_connect_oauth::server::Method;
///
/// assert_eq!(Method::parse("POST"), Method::Post);
/// assert_eq!(Method::parse("post"), Method::Other);
/// assert_eq!(Method::Head.as_str(), "HEAD");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`.
    Get,
    /// `HEAD`.
    Head,
    /// `POST`.
    Post,
    /// `DELETE`.
    Delete,
    /// `OPTIONS`.
    Options,
    /// `PATCH`.
    Patch,
    /// `PUT`.
    Put,
    /// Any other.
    Other,
}

impl Method {
    /// Reads a method's name; names are case-sensitive (RFC 9110 §9.1).
    pub fn parse(name: &str) -> Method {
        match name {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            "POST" => Method::Post,
            "DELETE" => Method::Delete,
            "OPTIONS" => Method::Options,
            "PATCH" => Method::Patch,
            "PUT" => Method::Put,
            _ => Method::Other,
        }
    }

    /// The method's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Delete => "DELETE",
            Method::Options => "OPTIONS",
            Method::Patch => "PATCH",
            Method::Put => "PUT",
            Method::Other => "OTHER",
        }
    }
}

/// A request: to Stripe, or from a browser. It prints its method only: the rest may hold secrets.
///
/// ```
/// use stripe_connect_oauth::server::{Method, Request};
///
/// let request = Request {
///     method: Method::Get,
///     url: "https://shop.example/connect/callback?code=ac_123".to_owned(),
///     headers: vec![("cookie".to_owned(), "session=secret".to_owned())],
///     body: Vec::new(),
/// };
/// assert_eq!(request.header("cookie"), Some("session=secret"));
/// assert_eq!((request.origin(), request.path()), ("https://shop.example", "/connect/callback"));
/// assert_eq!(request.query(), "code=ac_123");
/// assert_eq!(format!("{request:?}"), "Request { method: Get, .. }");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Header names in lower case, and their values.
    pub headers: Vec<(String, String)>,
    /// The body, as it came; empty when there is none.
    pub body: Vec<u8>,
}

impl Request {
    /// A request that reads, with `key`.
    pub(crate) fn get(url: String, key: &SecretKey) -> Request {
        Request { method: Method::Get, url, headers: headers(key), body: Vec::new() }
    }

    /// A form, sent with `key`.
    pub(crate) fn form(url: String, key: &SecretKey, fields: &[(&str, &str)]) -> Request {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Request { method: Method::Post, url, headers: headers(key), body: body.into_bytes() }
            .with_header("content-type", "application/x-www-form-urlencoded")
    }

    /// Adds a header; `name` in lower case.
    ///
    /// ```
    /// use stripe_connect_oauth::server::{SecretKey, retrieve_account};
    /// use stripe_connect_oauth::{AccountId, ConnectBase};
    ///
    /// let key = SecretKey::parse("sk_test_123")?;
    /// let request = retrieve_account(&ConnectBase::stripe(), &key, &AccountId::parse("acct_1")?)
    ///     .with_header("user-agent", "shop.example/1.0");
    /// assert_eq!(request.header("user-agent"), Some("shop.example/1.0"));
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Request {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// A header's value by its lower-case name: the first one, if it stands there more than once.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The cookies, as names and values. A browser may split them over several `cookie` headers on HTTP/2 and 3
    /// (RFC 9113 §8.2.3).
    #[cfg(feature = "edge")]
    pub(crate) fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.headers.iter().filter(|(name, _)| name == "cookie");
        fields.flat_map(|(_, field)| field.split(';').filter_map(|pair| pair.trim().split_once('=')))
    }

    /// The body as text; `None` when it is not UTF-8.
    ///
    /// ```
    /// use stripe_connect_oauth::server::{Method, Request};
    ///
    /// let url = "https://shop.example/connect/disconnect".to_owned();
    /// let form = Request { method: Method::Post, url, headers: Vec::new(), body: b"account=acct_1".to_vec() };
    /// assert_eq!(form.body_text(), Some("account=acct_1"));
    /// assert_eq!(Request { body: vec![0xff], ..form }.body_text(), None);
    /// ```
    pub fn body_text(&self) -> Option<&str> {
        str::from_utf8(&self.body).ok()
    }

    /// Scheme, host and port, such as `https://shop.example`.
    pub fn origin(&self) -> &str {
        split_origin(&self.url).0
    }

    /// The path, without the query.
    pub fn path(&self) -> &str {
        let (_, rest) = split_origin(&self.url);
        match rest.split(['?', '#']).next() {
            Some(path) if !path.is_empty() => path,
            _ => "/",
        }
    }

    /// The query, without its `?`; empty when there is none.
    pub fn query(&self) -> &str {
        let before_fragment = self.url.split('#').next().unwrap_or("");
        before_fragment.split_once('?').map_or("", |(_, query)| query)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("method", &self.method).finish_non_exhaustive()
    }
}

/// A response: from Stripe, or to a browser. It prints its status only: the rest may hold secrets.
///
/// ```
/// use stripe_connect_oauth::server::Response;
///
/// let page = Response::html(200, "<title>Payouts</title>").with_header("cache-control", "no-store");
/// assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
/// assert_eq!(Response::see_other("/payouts").status, 303);
/// assert_eq!(Response::json(200, "{}").header("content-type"), Some("application/json"));
/// assert_eq!(Response::new(404, "text/plain", "Not found\n").body, "Not found\n");
/// assert_eq!(format!("{page:?}"), "Response { status: 200, .. }");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header names in lower case, and their values. `set-cookie` may stand more than once.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Response {
    /// A response with a body of `content_type`.
    pub fn new(status: u16, content_type: &str, body: impl Into<String>) -> Response {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Response { status, headers, body: body.into() }
    }

    /// A JSON response.
    pub fn json(status: u16, body: impl Into<String>) -> Response {
        Response::new(status, "application/json", body)
    }

    /// An HTML page.
    pub fn html(status: u16, body: impl Into<String>) -> Response {
        Response::new(status, "text/html; charset=utf-8", body)
    }

    /// 303 See Other: the browser goes there with GET, whatever it came with.
    pub fn see_other(location: impl Into<String>) -> Response {
        let headers = vec![("location".to_owned(), location.into())];
        Response { status: 303, headers, body: String::new() }
    }

    /// Adds a header; `name` in lower case.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Response {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// A header's value by its lower-case name: the first one, if it stands there more than once.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// Whether Stripe gives an answer again that it saved for the request's idempotency key, and did nothing.
    pub(crate) fn is_replayed(&self) -> bool {
        self.header("idempotent-replayed") == Some("true")
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What every request to Stripe has. The endpoints of OAuth have one version only, and do not mind.
fn headers(key: &SecretKey) -> Vec<(String, String)> {
    let plain = [("accept", "application/json"), ("stripe-version", STRIPE_VERSION)];
    let mut headers = vec![("authorization".to_owned(), key.bearer())];
    headers.extend(plain.map(|(name, value)| (name.to_owned(), value.to_owned())));
    headers
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(candidate, _)| candidate == name).map(|(_, value)| &**value)
}
