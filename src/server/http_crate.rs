//! [`Request`], [`Response`] and [`Method`] as the `http` crate has them, which servers and clients share.

use super::http::{Method, Request, Response};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::origin::HttpUrl;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use http::uri::PathAndQuery;

/// What a debugger or a log should not show of a message.
const SENSITIVE: [HeaderName; 3] = [AUTHORIZATION, COOKIE, SET_COOKIE];

impl From<&http::Method> for Method {
    fn from(method: &http::Method) -> Method {
        Method::parse(method.as_str())
    }
}

impl From<Method> for http::Method {
    /// [`Method::Other`] is no method that anything takes: what it was is not kept.
    fn from(method: Method) -> http::Method {
        match method {
            Method::Get => http::Method::GET,
            Method::Head => http::Method::HEAD,
            Method::Post => http::Method::POST,
            Method::Delete => http::Method::DELETE,
            Method::Options => http::Method::OPTIONS,
            Method::Patch => http::Method::PATCH,
            Method::Put => http::Method::PUT,
            Method::Other => http::Method::from_bytes(b"OTHER").unwrap_or_default(),
        }
    }
}

impl Request {
    /// A request that came to the platform's site at `origin`, such as `https://shop.example`.
    ///
    /// The origin is the one that is configured, for a request doesn't tell: its `Host`, its `X-Forwarded-…` and in
    /// HTTP/2 the authority of its URI are what the client wrote. Of the URI only path and query count. Where a
    /// platform has several sites, look up which of them it was, and give that one's.
    ///
    /// A header's value is read as UTF-8; bytes that are none become U+FFFD. Nothing the handler looks at has any.
    ///
    /// ```
    /// use stripe_connect_oauth::server::{Method, Request};
    ///
    /// let came = http::Request::post("/connect/start?from=mail").header("host", "evil.example").body("")?;
    /// let request = Request::from_http(came, "https://shop.example")?;
    /// assert_eq!((request.method, request.origin(), request.path()), (Method::Post, "https://shop.example", "/connect/start"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_http<B: Into<Vec<u8>>>(request: http::Request<B>, origin: &str) -> Result<Request, ConnectError> {
        const RULE: &str = "must be the site's origin such as https://shop.example, with nothing after it";
        if !HttpUrl::read(origin).is_ok_and(|url| url.path_and_query.is_empty()) {
            return Err(ConnectError::invalid("origin", RULE));
        }
        let (parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map(PathAndQuery::as_str).filter(|path| path.starts_with('/'));
        Ok(Request {
            method: Method::from(&parts.method),
            url: [origin, path.unwrap_or("/")].concat(),
            headers: texts(&parts.headers),
            body: body.into(),
        })
    }
}

/// To send with a client that follows no redirect and retries nothing. What would show a secret is marked as
/// sensitive in the headers; the body may hold one as well.
impl TryFrom<Request> for http::Request<Vec<u8>> {
    type Error = http::Error;

    fn try_from(request: Request) -> Result<http::Request<Vec<u8>>, http::Error> {
        let mut made = http::Request::builder().method(request.method).uri(request.url).body(request.body)?;
        *made.headers_mut() = header_map(request.headers)?;
        Ok(made)
    }
}

/// From Stripe: the body is read as UTF-8 as `text()` of Fetch does, without a byte order mark, and with U+FFFD for
/// what is none.
impl<B: AsRef<[u8]>> From<http::Response<B>> for Response {
    fn from(response: http::Response<B>) -> Response {
        let (parts, body) = response.into_parts();
        let body = body.as_ref();
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        Response {
            status: parts.status.as_u16(),
            headers: texts(&parts.headers),
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }
}

/// To a browser.
impl TryFrom<Response> for http::Response<String> {
    type Error = http::Error;

    fn try_from(response: Response) -> Result<http::Response<String>, http::Error> {
        let mut made = http::Response::builder().status(response.status).body(response.body)?;
        *made.headers_mut() = header_map(response.headers)?;
        Ok(made)
    }
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn header_map(headers: Vec<(String, String)>) -> Result<HeaderMap, http::Error> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let (name, mut value) = (HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        value.set_sensitive(SENSITIVE.contains(&name));
        map.append(name, value);
    }
    Ok(map)
}
