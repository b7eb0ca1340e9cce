//! An adapter for servers with threads: it knows nothing of its host but that it is one, and runs each request in a
//! task of its own, so that a client that goes away ends nothing.
#![cfg(all(feature = "edge", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};
use stripe_connect_oauth::Subject;
use stripe_connect_oauth::edge::{ConfigBuilder, Handler, Host, MemoryStore, Problem};
use stripe_connect_oauth::server::{Method, Request, Response};

/// Answers a request in a task, whatever becomes of who waits for it.
fn answer<H>(handler: Arc<Handler>, host: Arc<H>, request: Request) -> tokio::task::JoinHandle<Option<Response>>
where
    H: Host<Error: std::fmt::Debug> + Send + Sync + 'static,
{
    tokio::spawn(async move { handler.handle(&request, &*host).await.unwrap() })
}

/// The same where a host reads a body only when its route is known.
fn answer_at<H>(handler: Arc<Handler>, host: Arc<H>, request: Request) -> tokio::task::JoinHandle<Option<Response>>
where
    H: Host<Error: std::fmt::Debug> + Send + Sync + 'static,
{
    tokio::spawn(async move {
        let route = handler.route(request.path())?;
        Some(handler.answer(route, &request, &*host).await.unwrap())
    })
}

#[derive(Default)]
struct Shop {
    store: MemoryStore,
    reported: Mutex<Vec<Problem>>,
}

impl Host for Shop {
    type Error = std::convert::Infallible;
    type Store = MemoryStore;

    fn store(&self) -> &MemoryStore {
        &self.store
    }

    fn now(&self) -> u64 {
        1_700_000_000
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(7);
        Ok(())
    }

    async fn send(&self, _: Request) -> Option<Response> {
        None
    }

    async fn sleep(&self, _: u32) {
        tokio::task::yield_now().await;
    }

    async fn identify(&self, _: &Request) -> Result<Option<Subject>, Self::Error> {
        Ok(Subject::parse("ada").ok())
    }

    fn report(&self, problem: &Problem) {
        self.reported.lock().unwrap().push(problem.clone());
    }
}

#[test]
fn an_adapter_over_any_host_runs_in_a_task_of_a_runtime_with_threads() {
    let config = ConfigBuilder {
        client_id: "ca_123".into(),
        secret_key: "sk_test_123".into(),
        redirect_uri: "https://shop.example/connect/callback".into(),
        cookie_secrets: vec!["a random text of at least 32 characters".to_owned()],
        ..ConfigBuilder::default()
    };
    let (handler, host) = (Arc::new(Handler::new(config.build().unwrap())), Arc::new(Shop::default()));
    let get = |path: &str| Request {
        method: Method::Get,
        url: ["https://shop.example", path].concat(),
        headers: vec![("sec-fetch-site".to_owned(), "same-origin".to_owned())],
        body: Vec::new(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let started = answer(handler.clone(), host.clone(), get("/connect/start")).await.unwrap().unwrap();
        assert_eq!(started.status, 303);
        assert!(started.header("location").unwrap().starts_with("https://connect.stripe.com/oauth/authorize?"));
        let listed = answer_at(handler.clone(), host.clone(), get("/connect/connections")).await.unwrap();
        assert_eq!(listed.unwrap().status, 200);
        assert!(answer_at(handler, host.clone(), get("/")).await.unwrap().is_none());
    });
    assert!(host.reported.lock().unwrap().is_empty());
}
