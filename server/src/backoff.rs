//! How long is waited between two looks at the database, and how much longer while it is away.

use std::time::Duration;

use scouter_providers::layers::Jitter;

/// The longest pause, so that nothing waits for long once the database is back.
const LONGEST: Duration = Duration::from_mins(1);

/// The pauses of something that is done again and again.
#[derive(Debug)]
pub(crate) struct Backoff {
    usual: Duration,
    failures: u32,
    jitter: Jitter,
}

impl Backoff {
    /// For something that is done so often at least.
    pub(crate) fn new(usual: Duration) -> Self {
        Self { usual, failures: 0, jitter: Jitter::default() }
    }

    /// The pause after it went well, or did not.
    pub(crate) fn after(&mut self, well: bool) -> Duration {
        self.failures = if well { 0 } else { self.failures.saturating_add(1) };
        pause(self.usual, self.failures, self.jitter.draw())
    }
}

/// The pause after so many failures in a row: between half of twice as long each time and all of it (`drawn`, from 0 to 1), so that servers that lost
/// their database together do not come back together.
fn pause(usual: Duration, failures: u32, drawn: f64) -> Duration {
    let longest = LONGEST.max(usual);
    let most = usual.saturating_mul(1 << failures.min(16)).min(longest);
    most.mul_f64(0.5 + drawn / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Duration = Duration::from_secs(2);

    #[test]
    fn pauses_grow_to_the_longest_and_lie_between_half_and_whole() {
        assert_eq!(pause(USUAL, 0, 1.0), USUAL);
        assert_eq!(pause(USUAL, 1, 0.0), USUAL);
        assert_eq!(pause(USUAL, 3, 1.0), USUAL * 8);
        assert_eq!(pause(USUAL, u32::MAX, 1.0), LONGEST);
        assert_eq!(pause(USUAL, u32::MAX, 0.0), LONGEST / 2);
        assert_eq!(pause(LONGEST * 60, 4, 1.0), LONGEST * 60);
    }

    #[test]
    fn one_that_goes_well_begins_anew() {
        let mut backoff = Backoff::new(USUAL);
        for _ in 0..10 {
            backoff.after(false);
        }
        assert!(backoff.after(false) >= LONGEST / 2);
        assert!(backoff.after(true) <= USUAL);
        assert!(backoff.after(false) <= USUAL * 2);
    }
}
