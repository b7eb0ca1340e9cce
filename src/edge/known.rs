//! [`Known`]: what was found out once of something that does not change while a handler lives.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// How long what is wrong stays so before it is looked at again, in seconds.
const WRONG_SECONDS: u64 = 30;
/// How long nobody is made to wait again for an answer that did not come, in seconds.
const UNCLEAR_SECONDS: u64 = 60;

/// Right for good, or wrong or unclear for now.
#[derive(Debug, Default)]
pub(crate) struct Known {
    is_right: AtomicBool,
    is_wrong: AtomicBool,
    /// Unix time in seconds of the last look; 0 before the first.
    looked_at: AtomicU64,
}

/// What came of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    Right,
    Wrong,
    Unclear,
}

impl Known {
    /// What is known at `now`, in Unix seconds; `None` where it is the caller's turn to look. Of several at once, one
    /// looks.
    pub(crate) fn finding(&self, now: u64) -> Option<Finding> {
        if self.is_right.load(Relaxed) {
            return Some(Finding::Right);
        }
        let (last, is_wrong) = (self.looked_at.load(Relaxed), self.is_wrong.load(Relaxed));
        let pause = if is_wrong { WRONG_SECONDS } else { UNCLEAR_SECONDS };
        let is_due =
            now.abs_diff(last) >= pause && self.looked_at.compare_exchange(last, now, Relaxed, Relaxed).is_ok();
        match is_due {
            true => None,
            false if is_wrong => Some(Finding::Wrong),
            false => Some(Finding::Unclear),
        }
    }

    /// Keeps what came of a look: what was wrong and is unclear now stands in nobody's way.
    pub(crate) fn keep(&self, finding: Finding) -> Finding {
        match finding {
            Finding::Right => self.is_right.store(true, Relaxed),
            Finding::Wrong => self.is_wrong.store(true, Relaxed),
            Finding::Unclear => self.is_wrong.store(false, Relaxed),
        }
        finding
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: u64 = 1_700_000_000;

    #[test]
    fn what_is_right_is_looked_at_once() {
        let known = Known::default();
        assert_eq!(known.finding(START), None);
        known.keep(Finding::Right);
        for later in [START, START + 1, START + 86_400] {
            assert_eq!(known.finding(later), Some(Finding::Right));
        }
    }

    #[test]
    fn what_is_wrong_is_looked_at_again_after_half_a_minute_and_what_is_unclear_after_a_minute() {
        for (finding, pause) in [(Finding::Wrong, 30), (Finding::Unclear, 60)] {
            let known = Known::default();
            assert_eq!(known.finding(START), None);
            assert_eq!(known.finding(START), Some(Finding::Unclear), "nobody waits for another one's look");
            known.keep(finding);
            assert_eq!(known.finding(START + pause - 1), Some(finding));
            assert_eq!(known.finding(START + pause), None);
            known.keep(Finding::Right);
            assert_eq!(known.finding(START + pause), Some(Finding::Right));
        }
    }
}
