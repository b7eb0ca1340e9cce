//! Whose page made a request? What a browser says of it, in `Sec-Fetch-Site`, `Origin` and `Referer`.

use crate::server::Request;
use crate::vocabulary::origin::{HttpUrl, browser_origin};

/// Who asks, as far as the request shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A page of the platform's own.
    OwnPage,
    /// A page of another site.
    OtherSite,
    /// The browser names no page: the address was typed, a bookmark, or a link of another app; or the page hides
    /// where it is from, as a sandboxed frame does and every page under `Referrer-Policy: no-referrer`.
    Hidden,
    /// None of the headers came: the browser is old, or something on the way lets none through.
    Unsaid,
}

/// Who made `request`, where `is_own` knows the platform's origins as browsers write them (CVE-2015-9284,
/// draft-ietf-oauth-security-topics-update on cross-user session fixation).
///
/// No page can forge one of these headers. Browsers send `Sec-Fetch-Site` since Chrome 76, Firefox 90 and Safari
/// 16.4, and it knows of redirects. Before, they send `Origin` with a form; a `Referer` tells of a link as well,
/// and keeps its origin where another site's redirect lies in between, which then leads to no more than the
/// person's own consent page.
///
/// | `Sec-Fetch-Site`       | `Origin` | `Referer` | who asks    |
/// | ---------------------- | -------- | --------- | ----------- |
/// | `same-origin`          |          |           | `OwnPage`   |
/// | `none`                 |          |           | `Hidden`    |
/// | any other              |          |           | `OtherSite` |
/// | absent                 | ours     |           | `OwnPage`   |
/// | absent                 | `null`   |           | `Hidden`    |
/// | absent                 | another  |           | `OtherSite` |
/// | absent                 | absent   | ours      | `OwnPage`   |
/// | absent                 | absent   | another's | `OtherSite` |
/// | absent                 | absent   | absent    | `Unsaid`    |
pub(crate) fn asker(request: &Request, is_own: impl Fn(&str) -> bool) -> Asker {
    let of = |origin: &str| if is_own(origin) { Asker::OwnPage } else { Asker::OtherSite };
    match (request.header("sec-fetch-site"), request.header("origin"), request.header("referer")) {
        (Some("same-origin"), _, _) => Asker::OwnPage,
        (Some("none"), _, _) => Asker::Hidden,
        (Some(_), _, _) => Asker::OtherSite,
        (None, Some("null"), _) => Asker::Hidden,
        (None, Some(origin), _) => of(origin),
        (None, None, Some(referer)) => of(&browser_origin(referer)),
        (None, None, None) => Asker::Unsaid,
    }
}

/// The site where a page asks the very site that it is on, as its browser says: there the browser keeps what we set.
///
/// What stands in front of us may have changed the request's address, so no more is believed of that than where the
/// page is, too. `None` where nothing says it.
pub(crate) fn site_of(request: &Request) -> Option<String> {
    let page = browser_origin(request.header("origin").or_else(|| request.header("referer"))?);
    let asks_itself = match request.header("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => page == browser_origin(&request.url),
    };
    let is_site = HttpUrl::read(&page).is_ok_and(|url| url.path_and_query.is_empty());
    (asks_itself && is_site).then_some(page)
}

/// Whether the browser asks on a guess, before anyone went there: a prefetch or a prerendering.
pub(crate) fn is_speculative(request: &Request) -> bool {
    let guesses = |value: &str| ["prefetch", "prerender", "preview"].iter().any(|word| value.contains(word));
    ["sec-purpose", "purpose", "x-purpose", "x-moz"].iter().any(|name| request.header(name).is_some_and(guesses))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Method;

    const US: &str = "https://shop.example";

    fn request(method: Method, headers: &[(&str, Option<&str>)]) -> Request {
        let given = headers.iter().filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned())));
        Request { method, url: format!("{US}/connect/start"), headers: given.collect(), body: Vec::new() }
    }

    /// Attack 3: every combination of Sec-Fetch-Site, Origin and Referer, whatever the method.
    #[test]
    fn a_cross_site_start_is_refused() {
        use Asker::{Hidden, OtherSite, OwnPage, Unsaid};
        let sites = [None, Some("same-origin"), Some("none"), Some("same-site"), Some("cross-site"), Some("")];
        let origins = [
            None,
            Some(US),
            Some("null"),
            Some("https://evil.example"),
            Some("https://shop.example.evil"),
            Some("http://shop.example"),
            Some("https://shop.example:8443"),
            Some(""),
        ];
        let referers = [
            None,
            Some("https://shop.example/"),
            Some("https://shop.example/a|b?code=1"),
            Some("https://shop.example@evil.example/"),
            Some("https://evil.example/https://shop.example/"),
            Some("http://shop.example/"),
            Some("about:blank"),
            Some(""),
        ];
        for method in [Method::Get, Method::Post] {
            for site in sites {
                for origin in origins {
                    for (at, referer) in referers.into_iter().enumerate() {
                        let expected = match (site, origin, referer) {
                            (Some("same-origin"), _, _) => OwnPage,
                            (Some("none"), _, _) => Hidden,
                            (Some(_), _, _) => OtherSite,
                            (None, Some("null"), _) => Hidden,
                            (None, Some(origin), _) => {
                                if origin == US {
                                    OwnPage
                                } else {
                                    OtherSite
                                }
                            }
                            (None, None, None) => Unsaid,
                            (None, None, Some(_)) => {
                                if at <= 2 {
                                    OwnPage
                                } else {
                                    OtherSite
                                }
                            }
                        };
                        let headers = [("sec-fetch-site", site), ("origin", origin), ("referer", referer)];
                        let asked = asker(&request(method, &headers), |origin| origin == US);
                        assert_eq!(asked, expected, "{method:?} {headers:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_site_is_where_page_and_request_agree() {
        type Header = (&'static str, Option<&'static str>);
        const WWW: &str = "https://www.shop.example";
        let table: [(&[Header], Option<&str>); 12] = [
            (&[("sec-fetch-site", Some("same-origin")), ("origin", Some(WWW))], Some(WWW)),
            (
                &[("sec-fetch-site", Some("same-origin")), ("referer", Some("https://www.shop.example/a?b"))],
                Some(WWW),
            ),
            (&[("sec-fetch-site", Some("same-site")), ("origin", Some(WWW))], None),
            (&[("sec-fetch-site", Some("cross-site")), ("origin", Some(US))], None),
            (&[("sec-fetch-site", Some("none"))], None),
            (&[("sec-fetch-site", Some("same-origin"))], None),
            (&[("sec-fetch-site", Some("same-origin")), ("origin", Some("null"))], None),
            (&[("sec-fetch-site", Some("same-origin")), ("origin", Some("https://a b\n"))], None),
            // Old browsers, and every one where nothing is encrypted.
            (&[("origin", Some(US))], Some(US)),
            (&[("origin", Some(WWW))], None),
            (&[("referer", Some("https://shop.example/a"))], Some(US)),
            (&[], None),
        ];
        for (headers, expected) in table {
            assert_eq!(site_of(&request(Method::Post, headers)).as_deref(), expected, "{headers:?}");
        }
    }

    #[test]
    fn a_guess_is_known_by_each_header_that_browsers_have_had_for_it() {
        for (name, value) in [
            ("sec-purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
            ("sec-purpose", "prefetch;anonymous-client-ip"),
            ("purpose", "prefetch"),
            ("x-moz", "prefetch"),
            ("x-purpose", "preview"),
        ] {
            assert!(is_speculative(&request(Method::Get, &[(name, Some(value))])), "{name}: {value}");
        }
        for headers in
            [vec![], vec![("sec-purpose", Some(""))], vec![("referer", Some("https://shop.example/prefetch"))]]
        {
            assert!(!is_speculative(&request(Method::Get, &headers)), "{headers:?}");
        }
    }
}
