//! So much a minute.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Duration, Instant};

/// At most so much in any sixty seconds: what was taken is remembered for a minute, so that, other
/// than with a bucket that fills up, no minute holds more than the limit.
#[derive(Debug)]
pub(super) struct Minute {
    limit: u64,
    taken: Mutex<Taken>,
    /// Tells whoever waits that less was used than was taken.
    corrected: Notify,
    /// Whoever waits, waits here, in the order of coming.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Taken {
    entries: VecDeque<(Instant, u64)>,
    sum: u64,
    /// Entries that were forgotten: the number of an entry less this is its place.
    forgotten: u64,
}

/// What was taken, so that it can be corrected.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry(u64);

impl Minute {
    const LENGTH: Duration = Duration::from_mins(1);

    pub(super) fn new(limit: u64) -> Self {
        let (taken, corrected, turn) = (Mutex::default(), Notify::new(), tokio::sync::Mutex::default());
        Self { limit: limit.max(1), taken, corrected, turn }
    }

    /// Waits until `amount` can be taken. What is more than a whole minute's takes a whole minute's.
    pub(super) async fn take(&self, amount: u64) -> Entry {
        let amount = amount.min(self.limit);
        let _turn = self.turn.lock().await;
        loop {
            match self.try_take(amount) {
                Ok(entry) => return entry,
                // A correction that came before this is remembered.
                Err(until) => {
                    let _ = tokio::time::timeout_at(until, self.corrected.notified()).await;
                }
            }
        }
    }

    /// What was really used, now that it is known.
    pub(super) fn correct(&self, entry: Entry, amount: u64) {
        let mut taken = self.lock();
        let Some(at) = entry.0.checked_sub(taken.forgotten).and_then(|at| usize::try_from(at).ok()) else {
            return;
        };
        if let Some((_, used)) = taken.entries.get_mut(at) {
            let before = std::mem::replace(used, amount);
            taken.sum = taken.sum - before + amount;
            if amount < before {
                self.corrected.notify_one();
            }
        }
    }

    fn try_take(&self, amount: u64) -> Result<Entry, Instant> {
        let now = Instant::now();
        let mut taken = self.lock();
        while let Some((at, used)) = taken.entries.front().copied() {
            if at + Self::LENGTH > now {
                break;
            }
            taken.entries.pop_front();
            taken.sum -= used;
            taken.forgotten += 1;
        }
        if taken.sum.saturating_add(amount) <= self.limit {
            let entry = Entry(taken.forgotten + taken.entries.len() as u64);
            taken.entries.push_back((now, amount));
            taken.sum += amount;
            return Ok(entry);
        }
        // More than nothing is taken, so there is an oldest entry.
        Err(taken.entries.front().map_or(now, |(at, _)| *at + Self::LENGTH))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_minute_holds_more_than_the_limit() {
        let minute = Minute::new(10);
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..35 {
            minute.take(1).await;
            times.push(start.elapsed());
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        for window in times.windows(11) {
            assert!(window[10] >= window[0] + Minute::LENGTH, "{window:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_not_used_can_be_taken_by_others() {
        let minute = Minute::new(100);
        let start = Instant::now();
        let entry = minute.take(90).await;
        minute.correct(entry, 20);
        minute.take(80).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_hears_of_what_was_not_used() {
        let minute = Minute::new(100);
        let start = Instant::now();
        let entry = minute.take(90).await;
        let correct = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            minute.correct(entry, 20);
        };
        tokio::join!(minute.take(80), correct);
        assert_eq!(start.elapsed(), Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn more_than_a_minutes_worth_takes_a_whole_minute() {
        let minute = Minute::new(100);
        let start = Instant::now();
        minute.take(1_000).await;
        minute.take(1).await;
        assert_eq!(start.elapsed(), Duration::from_mins(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_correction_that_comes_late_does_no_harm() {
        let minute = Minute::new(10);
        let entry = minute.take(10).await;
        minute.take(10).await;
        minute.correct(entry, 3);
        assert_eq!(minute.lock().sum, 10);
    }
}
