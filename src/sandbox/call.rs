//! [`Call`]: one request to the sandbox.

use super::seed::Seed;
use crate::server::Request;

/// The limit on a query and on a body, each, in bytes. What is longer is refused before it is read.
///
/// ```
/// # mod example { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sandbox_example.rs")); }
/// # use example::*;
/// # let now = 1_700_000_000;
/// # let mut sandbox = connected(now)?;
/// use stripe_connect_oauth::sandbox::MAX_BYTES;
///
/// let too_long = post("/oauth/token", &"a".repeat(MAX_BYTES + 1));
/// assert_eq!(sandbox.handle(&too_long, now, [7; 32]).status, 413);
/// # Ok::<(), ConnectError>(())
/// ```
pub const MAX_BYTES: usize = 16 * 1024;

/// One request, and what it came with.
pub(super) struct Call<'a> {
    pub(super) request: &'a Request,
    pub(super) request_id: String,
    /// The sandbox's time.
    pub(super) now: u64,
    /// The host's.
    pub(super) host_now: u64,
    pub(super) seed: Seed,
}
