//! What a host's futures need where the target has threads, such as to run in a task of tokio's. In WebAssembly they
//! hold JavaScript values, which stay where they are.

/// [`Send`], except in WebAssembly.
///
/// ```
/// use stripe_connect_oauth::edge::MaybeSend;
///
/// /// Compiles for a server with threads and for a worker alike.
/// fn later(work: impl Future<Output = ()> + MaybeSend) -> impl Future<Output = ()> + MaybeSend {
///     async move { work.await }
/// }
/// # let _ = later(async {});
/// ```
#[cfg(not(target_arch = "wasm32"))]
pub trait MaybeSend: Send {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send + ?Sized> MaybeSend for T {}

/// [`Sync`], except in WebAssembly.
///
/// ```
/// use stripe_connect_oauth::edge::{Host, MaybeSync};
///
/// /// A host is one: requests look at it from several threads at once, where there are threads.
/// fn is_shared<T: MaybeSync>(_: &T) {}
///
/// fn of_a_host<H: Host>(host: &H) {
///     is_shared(host);
/// }
/// ```
#[cfg(not(target_arch = "wasm32"))]
pub trait MaybeSync: Sync {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Sync + ?Sized> MaybeSync for T {}

/// [`Send`], except in WebAssembly.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSend {}
#[cfg(target_arch = "wasm32")]
impl<T: ?Sized> MaybeSend for T {}

/// [`Sync`], except in WebAssembly.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSync {}
#[cfg(target_arch = "wasm32")]
impl<T: ?Sized> MaybeSync for T {}
