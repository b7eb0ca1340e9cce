//! Where an absolute http(s) URL points: the strict reader behind [`RedirectUri`](crate::RedirectUri),
//! [`ConnectBase`] and the prefilled website.
//!
//! It accepts only what RFC 3986 writes in plain ASCII. On that subset every URL parser agrees, so a
//! value has one meaning in the browser, in a worker and at Stripe. Tests hold it against `url` and
//! against the browser's own `URL`.

use crate::error::ConnectError;

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
        if text.bytes().any(|b| !is_url_byte(b)) {
            return Err(
                "has a character that a URL must percent-encode (write an international host in its xn-- form)",
            );
        }
        if has_broken_percent(text) {
            return Err("has a % that two hexadecimal digits do not follow");
        }
        if text.contains('#') {
            return Err("must not have a fragment (#…): browsers never send it");
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path_and_query) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err("must not hold a user name or password");
        }
        let host = host(authority).ok_or("has no valid host and port")?;
        Ok(HttpUrl { https, host, path_and_query })
    }

    /// This machine, by the three names browsers trust without TLS.
    pub(crate) fn is_loopback(&self) -> bool {
        matches!(self.host, "localhost" | "127.0.0.1" | "[::1]")
    }
}

/// The host of `authority`, when host and port are plain.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let plain_port = port.is_none_or(|p| !p.starts_with(['0', '+']) && p.parse::<u16>().is_ok());
    (plain_port && (is_name(host) || is_ipv4(host) || host == "[::1]")).then_some(host)
}

/// Labels of letters, digits and hyphens. The last may not begin with a digit: browsers read `127.1`
/// and `0x7f.1` as addresses.
fn is_name(host: &str) -> bool {
    let plain_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let last_is_numeric =
        host.rsplit('.').next().is_some_and(|label| label.starts_with(|c: char| c.is_ascii_digit()));
    host.len() <= 253 && !last_is_numeric && host.split('.').all(plain_label)
}

/// Four decimal numbers without leading zeros, which some parsers read as octal.
fn is_ipv4(host: &str) -> bool {
    let plain_octet = |part: &str| {
        part.parse::<u8>().is_ok() && !part.starts_with('+') && (part == "0" || !part.starts_with('0'))
    };
    host.split('.').count() == 4 && host.split('.').all(plain_octet)
}

/// RFC 3986's unreserved, reserved and `%`. Not `\`, which browsers turn into `/`.
fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

/// Whether some `%` is not followed by two hexadecimal digits.
pub(crate) fn has_broken_percent(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .any(|after| !after.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)))
}

/// A path that every browser keeps on this origin: `/`, then neither `/` nor `\`, and no control
/// character, which browsers drop.
pub(crate) fn is_local_path(text: &str) -> bool {
    text.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\'])) && !text.chars().any(char::is_control)
}

/// Where Stripe's OAuth endpoints are: `https://connect.stripe.com`, or a stand-in for tests.
///
/// ```
/// use stripe_connect_oauth::ConnectBase;
///
/// assert_eq!(ConnectBase::stripe().as_str(), "https://connect.stripe.com");
/// assert!(ConnectBase::stand_in("http://localhost:12111").is_ok());
/// assert!(ConnectBase::stand_in("http://stripe.example").is_err());
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectBase(String);

impl ConnectBase {
    /// Stripe itself.
    pub fn stripe() -> ConnectBase {
        ConnectBase("https://connect.stripe.com".to_owned())
    }

    /// A stand-in for Stripe: an origin with https, or with http on this machine. The secret key is
    /// sent there.
    pub fn stand_in(origin: &str) -> Result<ConnectBase, ConnectError> {
        let param = "connect_base";
        let url = HttpUrl::read(origin).map_err(|what| ConnectError::invalid(param, what))?;
        if !url.https && !url.is_loopback() {
            return Err(ConnectError::invalid(param, "must use https, or http on localhost"));
        }
        if !url.path_and_query.is_empty() {
            return Err(ConnectError::invalid(
                param,
                "must be an origin such as http://localhost:12111, with nothing after the port",
            ));
        }
        Ok(ConnectBase(origin.to_owned()))
    }

    /// The origin, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ConnectBase {
    fn default() -> ConnectBase {
        ConnectBase::stripe()
    }
}
