//! Did the person press something on the platform's own page? (`Sec-Fetch-Site`, else `Origin`.)

use crate::server::{Method, Request};

/// Whether `request` was made by a page of `origin`, and not by another site (CVE-2015-9284,
/// draft-ietf-oauth-security-topics-update on cross-user session fixation).
///
/// Browsers send `Sec-Fetch-Site` since Chrome 76, Firefox 90 and Safari 16.4, and no page can forge it.
/// `none` means the person typed the address or used a bookmark, which only a GET can come from. Without
/// the header, only a POST that names this very origin is taken.
pub(crate) fn is_same_origin(request: &Request, origin: &str) -> bool {
    match (request.header("sec-fetch-site"), request.method) {
        (Some("same-origin"), _) => true,
        (Some("none"), Method::Get) => true,
        (Some(_), _) => false,
        (None, Method::Post) => request.header("origin") == Some(origin),
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Attack 3: every combination of method, Sec-Fetch-Site and Origin.
    #[test]
    fn a_cross_site_start_is_refused() {
        let us = "https://shop.example";
        let table: [(Method, Option<&str>, Option<&str>, bool); 14] = [
            (Method::Get, Some("same-origin"), None, true),
            (Method::Get, Some("none"), None, true),
            (Method::Get, Some("same-site"), None, false),
            (Method::Get, Some("cross-site"), None, false),
            (Method::Get, None, None, false),
            (Method::Get, None, Some(us), false),
            (Method::Post, Some("same-origin"), Some(us), true),
            (Method::Post, Some("none"), None, false),
            (Method::Post, Some("same-site"), Some(us), false),
            (Method::Post, Some("cross-site"), Some(us), false),
            (Method::Post, None, Some(us), true),
            (Method::Post, None, Some("https://shop.example.evil"), false),
            (Method::Post, None, Some("null"), false),
            (Method::Post, None, None, false),
        ];
        for (method, site, origin, allowed) in table {
            let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            let headers = [site.map(|v| header("sec-fetch-site", v)), origin.map(|v| header("origin", v))];
            let headers = headers.into_iter().flatten().collect();
            let request = Request { method, url: format!("{us}/connect/start"), headers, body: String::new() };
            assert_eq!(is_same_origin(&request, us), allowed, "{method:?} {site:?} {origin:?}");
        }
    }
}
