//! Where an absolute http(s) URL points: the strict reader behind [`RedirectUri`](crate::RedirectUri),
//! [`ConnectBase`] and the prefilled website.
//!
//! It accepts only what RFC 3986 writes in plain ASCII. On that subset every URL parser agrees (or, for an
//! `xn--` label that is not in IDNA's tables, refuses), so a value has one meaning in the browser, in a worker
//! and at Stripe. Tests hold it against `url` and against the `URL` of three browsers.

use super::convert::from_text;
use super::error::ConnectError;
use super::punycode::is_plain_or_punycode;
use super::query::octet;
use super::text::{all, cut, cut_last, has_control, number, pieces};

/// An absolute URL taken apart far enough to judge it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HttpUrl<'a> {
    pub(crate) https: bool,
    pub(crate) host: &'a str,
    /// Everything from the first `/` after the authority; empty when there is none.
    pub(crate) path_and_query: &'a str,
}

impl<'a> HttpUrl<'a> {
    /// Reads `text`, or says what is wrong with it, in words that follow "the URL".
    pub(crate) fn read(text: &'a str) -> Result<HttpUrl<'a>, &'static str> {
        let (https, rest) = if let Some(rest) = text.strip_prefix("https://") {
            (true, rest)
        } else if let Some(rest) = text.strip_prefix("http://") {
            (false, rest)
        } else {
            return Err("must be absolute and begin with https://");
        };
        if !all(text, is_url_byte) {
            return Err("has a character that must be percent-encoded (a host: in its xn-- form)");
        }
        if has_broken_percent(text) {
            return Err("has a % without two hexadecimal digits");
        }
        if cut(text, b'#').is_some() {
            return Err("must not have a fragment");
        }
        let end = rest.bytes().position(|b| b == b'/' || b == b'?').unwrap_or(rest.len());
        let (authority, path_and_query) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if cut(authority, b'@').is_some() {
            return Err("must not hold a user name or password");
        }
        let host = host(authority).ok_or("has no valid host and port")?;
        if !pieces(host, b'.').all(is_plain_or_punycode) {
            return Err("has an xn-- label that is no Punycode: let new URL() write the host");
        }
        Ok(HttpUrl { https, host, path_and_query })
    }

    /// Whether nobody can listen in: https, or http to this machine by the names browsers trust.
    pub(crate) fn is_private(&self) -> bool {
        self.https || matches!(self.host, "localhost" | "127.0.0.1" | "[::1]")
    }
}

/// What to say of a URL that is not private.
pub(crate) const NOT_PRIVATE: &str = "must use https, or http on localhost";

/// An absolute URL's origin, and what follows it: path, query and fragment.
#[cfg(feature = "server")]
pub(crate) fn split_origin(url: &str) -> (&str, &str) {
    let authority = url.find("://").map_or(0, |at| at.saturating_add(3));
    let after = url.get(authority..).and_then(|rest| rest.find(['/', '?', '#']));
    let end = after.map_or(url.len(), |at| authority.saturating_add(at));
    url.split_at_checked(end).unwrap_or((url, ""))
}

/// The origin of an absolute http(s) URL as browsers write it in `Origin` (RFC 6454 §6.2): the host in lower case,
/// and no port where it is the scheme's own.
#[cfg(feature = "edge")]
pub(crate) fn browser_origin(url: &str) -> String {
    let origin = split_origin(url).0.to_ascii_lowercase();
    let own_port = if origin.starts_with("https:") { ":443" } else { ":80" };
    origin.strip_suffix(own_port).unwrap_or(&origin).to_owned()
}

/// The host of `authority`, when host and port are plain.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match cut_last(authority, b':') {
        Some((host, port)) if !port.ends_with("]") => (host, Some(port)),
        _ => (authority, None),
    };
    let plain_port = port.is_none_or(|port| is_number_below(port, 65_536) && port != "0");
    (plain_port && (is_name(host) || is_ipv4(host) || host == "[::1]")).then_some(host)
}

/// Labels of letters, digits and hyphens. The last may not begin with a digit: browsers read `127.1`
/// and `0x7f.1` as addresses.
fn is_name(host: &str) -> bool {
    let plain_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with("-")
            && !label.ends_with("-")
            && all(label, |b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let last = cut_last(host, b'.').map_or(host, |(_, last)| last);
    host.len() <= 253
        && !last.bytes().next().is_some_and(|b| b.is_ascii_digit())
        && pieces(host, b'.').all(plain_label)
}

/// Four decimal numbers.
fn is_ipv4(host: &str) -> bool {
    pieces(host, b'.').count() == 4 && pieces(host, b'.').all(|octet| is_number_below(octet, 256))
}

/// A decimal number without leading zeros, which some parsers read as octal.
fn is_number_below(text: &str, bound: u64) -> bool {
    (text == "0" || !text.starts_with("0")) && number(text).is_some_and(|number| number < bound)
}

/// RFC 3986's unreserved, reserved and `%`. Not `\`, which browsers turn into `/`.
fn is_url_byte(byte: u8) -> bool {
    matches!(byte, b'!' | b'#'..=b';' | b'=' | b'?'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~')
}

/// Whether some `%` is not followed by two hexadecimal digits.
fn has_broken_percent(text: &str) -> bool {
    let mut bytes = text.bytes();
    while bytes.len() > 0 {
        if octet(&mut bytes).is_none() {
            return true;
        }
    }
    false
}

/// A path that every browser keeps on this origin: `/`, then neither `/` nor `\`, and no control
/// character, which browsers drop.
pub(crate) fn is_local_path(text: &str) -> bool {
    let leads_away = matches!(text.as_bytes().get(1), Some(b'/' | b'\\'));
    text.starts_with("/") && !leads_away && !has_control(text)
}

/// Where Stripe is: `https://connect.stripe.com` and its other hosts, or a stand-in for all of them, for tests.
///
/// ```
/// use stripe_connect_oauth::ConnectBase;
///
/// assert_eq!(ConnectBase::stripe().connect(), "https://connect.stripe.com");
/// assert_eq!(ConnectBase::stripe().marketplace(), "https://marketplace.stripe.com");
/// assert_eq!(ConnectBase::stand_in("http://localhost:12111")?.connect(), "http://localhost:12111");
/// assert!(ConnectBase::stand_in("http://stripe.example").is_err());
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectBase(
    /// The stand-in's origin.
    Option<String>,
);

impl ConnectBase {
    /// Stripe itself.
    pub fn stripe() -> ConnectBase {
        ConnectBase::default()
    }

    /// A stand-in for Stripe: an origin with https, or with http on this machine. The secret key is
    /// sent there. Stripe's own origin stands for Stripe itself.
    pub fn stand_in(origin: &str) -> Result<ConnectBase, ConnectError> {
        Ok(ConnectBase(ConnectBase::read(origin)?.map(str::to_owned)))
    }

    /// The stand-in's origin; `None` for Stripe's own.
    pub(crate) fn read(origin: &str) -> Result<Option<&str>, ConnectError> {
        let param = "connect_base";
        let url = HttpUrl::read(origin).map_err(|what| ConnectError::invalid(param, what))?;
        if !url.is_private() {
            return Err(ConnectError::invalid(param, NOT_PRIVATE));
        }
        if !url.path_and_query.is_empty() {
            return Err(ConnectError::invalid(param, "must be an origin, with nothing after the port"));
        }
        Ok((origin != CONNECT).then_some(origin))
    }

    /// The stand-in's origin.
    pub(crate) fn as_stand_in(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The origin of Connect's OAuth endpoints, without a slash at its end.
    pub fn connect(&self) -> &str {
        self.as_stand_in().unwrap_or(CONNECT)
    }

    /// The origin of the authorize page of Stripe Apps: `https://marketplace.stripe.com`, or the stand-in.
    pub fn marketplace(&self) -> &str {
        self.as_stand_in().unwrap_or(MARKETPLACE)
    }

    /// The origin of the API: `https://api.stripe.com`, or the stand-in.
    ///
    /// ```
    /// use stripe_connect_oauth::ConnectBase;
    ///
    /// assert_eq!(ConnectBase::stripe().api(), "https://api.stripe.com");
    /// assert_eq!(ConnectBase::stand_in("http://localhost:12111")?.api(), "http://localhost:12111");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    #[cfg(feature = "server")]
    pub fn api(&self) -> &str {
        self.as_stand_in().unwrap_or("https://api.stripe.com")
    }
}

from_text! { ConnectBase: ConnectBase::stand_in; }

/// Connect's OAuth endpoints.
pub(crate) const CONNECT: &str = "https://connect.stripe.com";
/// Where Stripe Apps are installed.
pub(crate) const MARKETPLACE: &str = "https://marketplace.stripe.com";

#[cfg(all(test, feature = "edge"))]
mod tests {
    use super::*;
    use crate::RedirectUri;

    /// The `url` crate writes an origin as browsers do.
    #[test]
    fn an_origin_is_compared_as_browsers_write_it() {
        let schemes = ["https://", "http://"];
        let hosts =
            ["shop.example", "Shop.EXAMPLE", "localhost", "LocalHost", "127.0.0.1", "[::1]", "XN--Caf-dma.example"];
        let ports = ["", ":443", ":80", ":8443", ":8080", ":4430", ":1443", ":65535"];
        let rests = ["", "/", "/connect/callback", "?from=stripe", "/connect/callback?at=https://Evil.example:443"];
        let mut read = 0;
        for scheme in schemes {
            for host in hosts {
                for port in ports {
                    for rest in rests {
                        let text = [scheme, host, port, rest].concat();
                        let expected = url::Url::parse(&text).map(|url| url.origin().ascii_serialization());
                        if RedirectUri::parse(&text, None).is_ok() && expected.is_ok() {
                            assert_eq!(Ok(browser_origin(&text)), expected, "{text}");
                            read += 1;
                        }
                    }
                }
            }
        }
        assert!(read >= 400, "{read}");
    }

    #[test]
    fn what_is_no_origin_equals_none() {
        for text in
            ["", "null", "about:blank", "https://shop.example@evil.example/", "//shop.example", "shop.example"]
        {
            assert_ne!(browser_origin(text), "https://shop.example", "{text}");
        }
    }
}
