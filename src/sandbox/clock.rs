//! [`Clock`]: the host's time, moved as a test likes.

/// How far the sandbox is ahead of its host, in seconds. Time goes on from there.
#[derive(Clone, Copy, Default)]
pub(super) struct Clock(i64);

impl Clock {
    /// The sandbox's time when the host's is `host`.
    pub(super) fn now(self, host: u64) -> u64 {
        host.saturating_add_signed(self.0)
    }

    /// The host's time when the sandbox's is `now`.
    pub(super) fn host(self, now: u64) -> u64 {
        now.saturating_add_signed(self.0.saturating_neg())
    }

    pub(super) fn advance(&mut self, seconds: u64) {
        self.0 = self.0.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX));
    }

    /// Makes it `now` when the host's time is `host`.
    pub(super) fn set(&mut self, host: u64, now: u64) {
        let [host, now] = [host, now].map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX));
        self.0 = now.saturating_sub(host);
    }
}
