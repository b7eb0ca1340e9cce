//! A message's parts, which the handler decides by.

use super::*;

#[test]
fn a_requests_origin_path_and_query_are_those_of_its_url() {
    let rows = [
        ("https://shop.example/connect/callback?code=1#x", "https://shop.example", "/connect/callback", "code=1"),
        ("https://shop.example:8443?x=/y?z", "https://shop.example:8443", "/", "x=/y?z"),
        ("https://shop.example#?x", "https://shop.example", "/", ""),
        ("http://localhost/a/b", "http://localhost", "/a/b", ""),
    ];
    for (url, origin, path, query) in rows {
        let request = Request { method: Method::Get, url: url.to_owned(), headers: Vec::new(), body: Vec::new() };
        assert_eq!((request.origin(), request.path(), request.query()), (origin, path, query), "{url}");
    }
}

#[test]
fn a_methods_name_is_case_sensitive() {
    for (name, method) in
        [("GET", Method::Get), ("HEAD", Method::Head), ("POST", Method::Post), ("get", Method::Other)]
    {
        assert_eq!(Method::parse(name), method);
    }
}
