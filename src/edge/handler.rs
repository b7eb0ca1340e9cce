//! [`Handler`]: the one door to all of it.

use super::answer::private;
#[cfg(feature = "js")]
use super::answer::request_timeout;
use super::astray::report_astray;
use super::config::Config;
use super::host::Host;
use super::memory::Memory;
use super::routes::Route;
use super::visit::Visit;
use crate::server::{Request, Response};

/// Answers the requests under the configured prefix.
///
/// ```
/// use stripe_connect_oauth::edge::{ConfigBuilder, Handler, Host};
/// use stripe_connect_oauth::server::{Request, Response};
///
/// let config = ConfigBuilder {
///     client_id: "ca_123".into(),
///     secret_key: "sk_test_123".into(), // from the environment
///     redirect_uri: "https://shop.example/connect/callback".into(),
///     cookie_secrets: vec!["a random text of at least 32 characters".to_owned()],
///     ..ConfigBuilder::default()
/// };
/// let handler = Handler::new(config.build()?);
///
/// /// Every request of the site's.
/// async fn serve<H: Host>(handler: &Handler, request: &Request, host: &H) -> Result<Response, H::Error> {
///     let answer = handler.handle(request, host).await?;
///     Ok(answer.unwrap_or_else(|| Response::html(200, "the platform's own page")))
/// }
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug)]
pub struct Handler {
    pub(crate) config: Config,
    memory: Memory,
}

impl Handler {
    /// A handler for this configuration.
    pub fn new(config: Config) -> Handler {
        Handler { config, memory: Memory::default() }
    }

    /// Which of Stripe's flows it runs.
    #[cfg(feature = "js")]
    pub(crate) const fn flow(&self) -> crate::Flow {
        self.config.flow
    }

    /// The route of a request to `path`; `None` when the path is not the handler's, but the platform's own.
    ///
    /// ```
    /// # use stripe_connect_oauth::edge::{ConfigBuilder, Handler};
    /// # let config = ConfigBuilder {
    /// #     client_id: "ca_123".into(),
    /// #     secret_key: "sk_test_123".into(),
    /// #     redirect_uri: "https://shop.example/connect/callback".into(),
    /// #     cookie_secrets: vec!["a random text of at least 32 characters".to_owned()],
    /// #     ..ConfigBuilder::default()
    /// # };
    /// # let handler = Handler::new(config.build()?);
    /// assert!(handler.route("/connect/start").is_some());
    /// assert!(handler.route("/payouts").is_none(), "the platform's own");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    pub fn route(&self, path: &str) -> Option<Route> {
        Route::at(path, &self.config)
    }

    /// Answers a request; `None` when its path is not ours. An error is the host's own, passed on.
    ///
    /// Run the future to its end, whatever becomes of the client, such as in a task of its own. One that is dropped
    /// while Stripe is at work is reported: Stripe may have connected an account then that is not kept.
    pub async fn handle<H: Host>(&self, request: &Request, host: &H) -> Result<Option<Response>, H::Error> {
        match self.route(request.path()) {
            Some(route) => self.answer(route, request, host).await.map(Some),
            None => {
                self.pass_by(request, host);
                Ok(None)
            }
        }
    }

    /// What [`Handler::handle`] does with a request that is none of its own: a callback of Stripe's whose path something
    /// in front has changed is told to [`Host::report`]. For hosts that look at [`Handler::route`] themselves.
    ///
    /// ```
    /// use stripe_connect_oauth::edge::{Handler, Host};
    /// use stripe_connect_oauth::server::{Request, Response};
    ///
    /// async fn serve<H: Host>(handler: &Handler, host: &H, request: &Request) -> Result<Response, H::Error> {
    ///     let Some(route) = handler.route(request.path()) else {
    ///         handler.pass_by(request, host);
    ///         return Ok(Response::html(404, "the platform's own page"));
    ///     };
    ///     handler.answer(route, request, host).await
    /// }
    /// ```
    pub fn pass_by<H: Host>(&self, request: &Request, host: &H) {
        report_astray(&self.config, &self.memory.astray, request, host);
    }

    /// Answers a request whose route [`Handler::route`] has found, for hosts that read a body only then. Otherwise as
    /// [`Handler::handle`].
    ///
    /// ```
    /// use stripe_connect_oauth::edge::{Handler, Host};
    /// use stripe_connect_oauth::server::{Method, Request, Response};
    ///
    /// /// `read` gives the body up to a limit, and one byte more if there are more.
    /// async fn serve<H: Host>(
    ///     handler: &Handler,
    ///     host: &H,
    ///     url: &str,
    ///     read: impl AsyncFnOnce(usize) -> Vec<u8>,
    /// ) -> Result<Option<Response>, H::Error> {
    ///     let (url, headers, body) = (url.to_owned(), Vec::new(), Vec::new());
    ///     let mut request = Request { method: Method::Post, url, headers, body };
    ///     let Some(route) = handler.route(request.path()) else { return Ok(None) };
    ///     request.body = read(route.body_limit()).await;
    ///     handler.answer(route, &request, host).await.map(Some)
    /// }
    /// ```
    pub async fn answer<H: Host>(&self, route: Route, request: &Request, host: &H) -> Result<Response, H::Error> {
        let visit = self.visit(route, request, host);
        Ok(private(self.config.confirmations.forget(request, visit.answered().await?)))
    }

    pub(crate) const fn visit<'a, H: Host>(
        &'a self,
        route: Route,
        request: &'a Request,
        host: &'a H,
    ) -> Visit<'a, H> {
        Visit { route, request, config: &self.config, memory: &self.memory, host }
    }

    /// The answer to a request whose body does not come.
    #[cfg(feature = "js")]
    pub(crate) fn not_in_time() -> Response {
        private(request_timeout())
    }
}
