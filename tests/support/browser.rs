//! A person's browser: what it keeps and sends. Every response passes here.

use super::*;

/// What browsers accept when a person goes somewhere or sends a form.
const ACCEPT: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

/// Someone's browser: a cookie jar, and the session cookie of whoever is signed in to the shop.
#[derive(Default, Clone)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn of(user: &str) -> Browser {
        let mut browser = Browser::default();
        browser.sign_in(user);
        browser
    }

    pub(crate) fn sign_in(&mut self, user: &str) {
        self.cookies.insert("session".to_owned(), user.to_owned());
    }

    pub(crate) fn sign_out(&mut self) {
        self.cookies.remove("session");
    }

    /// The cookies of flows under way, by name.
    pub(crate) fn flow_cookies(&self) -> Vec<String> {
        let own = self.cookies.keys().filter(|name| name.starts_with("__Host-"));
        own.filter(|name| !name.ends_with("-done")).cloned().collect()
    }

    /// A request as this browser makes it.
    pub(crate) fn request(&self, method: Method, url: &str, headers: &[(&str, &str)], body: &str) -> Request {
        let url = if url.starts_with('/') { format!("{SHOP}{url}") } else { url.to_owned() };
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut headers: Vec<_> =
            headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        if !cookies.is_empty() {
            headers.push(("cookie".to_owned(), cookies.join("; ")));
        }
        Request { method, url, headers, body: body.into() }
    }

    /// Sends a request and takes the cookies of the response.
    pub(crate) fn send(&mut self, shop: &Shop, request: &Request) -> Response {
        let response = run(shop.handler.handle(request, &shop.world)).unwrap();
        self.receive(response.unwrap_or_else(|| panic!("{} is not the handler's", request.url)))
    }

    /// Takes a response: every one of them must pass here.
    pub(crate) fn receive(&mut self, response: Response) -> Response {
        assert_safe(&response);
        for (_, cookie) in response.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("; Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    /// Presses the button, and is sent to Stripe.
    pub(crate) fn press_connect(&mut self, shop: &Shop) -> String {
        self.press_connect_with(shop, "")
    }

    pub(crate) fn press_connect_with(&mut self, shop: &Shop, form: &str) -> String {
        let response = self.start(shop, Method::Post, "/connect/start", form);
        assert_eq!(response.status, 303, "{}", response.body);
        location(&response).to_owned()
    }

    pub(crate) fn start(&mut self, shop: &Shop, method: Method, url: &str, form: &str) -> Response {
        let headers = [ACCEPT, ("sec-fetch-site", "same-origin"), ("origin", SHOP)];
        self.send(shop, &self.request(method, url, &headers, form))
    }

    /// Opens an address, as a redirect from Stripe or a link on another site does.
    pub(crate) fn open(&mut self, shop: &Shop, url: &str) -> Response {
        self.send(shop, &self.request(Method::Get, url, &[ACCEPT, ("sec-fetch-site", "cross-site")], ""))
    }

    /// Opens a callback, and gives where it ends: the page's path.
    pub(crate) fn come_back(&mut self, shop: &Shop, callback: &str) -> String {
        let response = self.open(shop, callback);
        assert_eq!(response.status, 303, "a callback is left for a clean address");
        location(&response).to_owned()
    }

    /// Submits a form of the platform's own page.
    pub(crate) fn submit(&mut self, shop: &Shop, url: &str, form: &str) -> Response {
        self.start(shop, Method::Post, url, form)
    }

    /// Sends a form by script.
    pub(crate) fn script(&mut self, shop: &Shop, url: &str, form: &str) -> Response {
        let headers = [("accept", "application/json"), ("sec-fetch-site", "same-origin"), ("origin", SHOP)];
        self.send(shop, &self.request(Method::Post, url, &headers, form))
    }

    /// The page's own request to the exchange.
    pub(crate) fn post_exchange(&mut self, shop: &Shop, body: &str) -> Response {
        let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin"), ("origin", SHOP)];
        self.send(shop, &self.request(Method::Post, "/connect/exchange", &headers, body))
    }
}
