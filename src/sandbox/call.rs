//! [`Call`]: one request to the sandbox.

use super::seed::Seed;
use crate::server::Request;

/// The limit on a query and on a body, each, in bytes. What is longer is refused before it is read.
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
