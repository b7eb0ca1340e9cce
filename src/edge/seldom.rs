//! [`Seldom`]: a report of what anyone can cause, as often as they like, is made once a minute.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How long one report stands for all that are like it, in seconds.
const PAUSE_SECONDS: u64 = 60;

/// Counts what is held back, so that the next report tells how much there was.
#[derive(Debug, Default)]
pub(crate) struct Seldom {
    /// Unix time in seconds of the last report; 0 before the first.
    reported_at: AtomicU64,
    held_back: AtomicU64,
}

impl Seldom {
    /// At `now`, in Unix seconds: how many were held back since the last report, if it is time for another one.
    pub(crate) fn due(&self, now: u64) -> Option<u64> {
        let last = self.reported_at.load(Relaxed);
        // Either way, so that a clock which is set back makes nobody silent for long. Of two at once, one reports.
        let is_due = now.abs_diff(last) >= PAUSE_SECONDS
            && self.reported_at.compare_exchange(last, now, Relaxed, Relaxed).is_ok();
        if is_due {
            return Some(self.held_back.swap(0, Relaxed));
        }
        self.held_back.fetch_add(1, Relaxed);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: u64 = 1_700_000_000;

    #[test]
    fn a_minute_has_one_report_which_tells_how_many_it_stands_for() {
        let seldom = Seldom::default();
        assert_eq!(seldom.due(START), Some(0));
        for second in [0, 1, 59] {
            assert_eq!(seldom.due(START + second), None);
        }
        assert_eq!(seldom.due(START + 60), Some(3));
        assert_eq!(seldom.due(START + 200), Some(0));
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nobody_silent() {
        let seldom = Seldom::default();
        seldom.due(START);
        assert_eq!(seldom.due(START - 30), None);
        assert_eq!(seldom.due(START - 86_400), Some(1));
    }

    #[test]
    fn of_many_at_once_one_is_reported() {
        let seldom = Seldom::default();
        let reports = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..8).map(|_| scope.spawn(|| seldom.due(START).is_some())).collect();
            tries.into_iter().map(|one| one.join().unwrap()).filter(|reported| *reported).count()
        });
        assert_eq!(reports, 1);
        assert_eq!(seldom.due(START + 60), Some(7));
    }
}
