//! The handler in a server with threads: an adapter is generic over its host, and runs each request to its end in a
//! task of its own, whatever becomes of the client.
#![cfg(all(feature = "edge", feature = "sandbox", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::string_slice, dead_code)]

mod support;

use std::sync::Arc;
use stripe_connect_oauth::Subject;
use stripe_connect_oauth::edge::{Handler, Host, Leaving, Outcome};
use stripe_connect_oauth::server::{Method, Request, Response};
use support::{Browser, Shop, location};

/// What a published adapter for axum or tower does: it knows no host, and hands the work to another thread.
async fn serve<H: Host + Send + Sync + 'static>(
    handler: Arc<Handler>,
    host: Arc<H>,
    request: Request,
) -> Result<Option<Response>, H::Error> {
    tokio::spawn(async move { handler.handle(&request, &*host).await }).await.expect("the handler never panics")
}

#[test]
fn an_adapter_generic_over_its_host_runs_in_a_task_of_its_own() {
    let Shop { world, handler } = Shop::open();
    let (host, handler) = (Arc::new(world), Arc::new(handler));
    let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let started = [("sec-fetch-site", "same-origin")];
    let request = Browser::of("ada").request(Method::Post, "/connect/start", &started, "");
    let response = threads.block_on(serve(Arc::clone(&handler), Arc::clone(&host), request)).unwrap().unwrap();
    assert!(location(&response).starts_with("http://localhost:12111/oauth/authorize?"));

    let elsewhere = Browser::of("ada").request(Method::Get, "/elsewhere", &[], "");
    assert_eq!(threads.block_on(serve(handler, host, elsewhere)), Ok(None));
}

/// What a server does when a user is deleted.
async fn delete<H: Host + Send + Sync + 'static>(
    handler: Arc<Handler>,
    host: Arc<H>,
    user: Subject,
) -> Result<Leaving, H::Error> {
    tokio::spawn(async move { handler.erase(&user, &*host).await }).await.expect("the handler never panics")
}

#[test]
fn a_user_is_erased_in_a_task_of_its_own() {
    let Shop { world, handler } = Shop::open();
    let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let leaving =
        threads.block_on(delete(Arc::new(handler), Arc::new(world), Subject::parse("ada").unwrap())).unwrap();
    assert_eq!(leaving, Leaving { outcome: Outcome::Disconnected, accounts: Vec::new() });
}
