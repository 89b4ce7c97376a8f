//! Shares, never without their denominator, and how sure one can be of them.

use std::fmt;

use scouter_drift::statistics::Alpha;
use scouter_drift::statistics::wilson::wilson;

use crate::counted::count;
use crate::result::{Counts, Status, share_percent};

/// How many of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    pub(super) passed: usize,
    pub(super) of: usize,
}

impl From<&Counts> for Rate {
    fn from(counts: &Counts) -> Self {
        Self { passed: counts.of(Status::Passed), of: counts.counted() }
    }
}

impl Rate {
    /// The share, from 0 to 1; `None` of nothing.
    pub(super) fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.passed as f64 / self.of as f64)
    }

    /// The share as a percentage. What is not all never reads 100 %, nor what is not none 0 %.
    pub(super) fn percent(self) -> String {
        self.share().map_or_else(|| "–".to_owned(), |share| share_percent(share) + "%")
    }

    /// Passed and counted.
    pub(super) fn fraction(self) -> String {
        format!("{}/{}", count(self.passed), count(self.of))
    }

    /// Wilson's interval of 95 %, both ends from 0 to 1; `None` of nothing.
    pub(super) fn interval(self) -> Option<(f64, f64)> {
        let interval = wilson(self.passed as u64, self.of as u64, Alpha::USUAL)?;
        Some((interval.low, interval.high))
    }

    /// The interval in percent, as it stands in tables.
    pub(super) fn interval_text(self) -> String {
        let text = |(low, high)| format!("{}–{}%", share_percent(low), share_percent(high));
        self.interval().map(text).unwrap_or_default()
    }
}

impl fmt::Display for Rate {
    /// The share with its denominator.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.percent(), self.fraction())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(passed: usize, of: usize) -> Rate {
        Rate { passed, of }
    }

    #[test]
    fn intervals_are_those_of_statsmodels() {
        // statsmodels.stats.proportion.proportion_confint(passed, of, method="wilson")
        assert_eq!(rate(37, 40).interval_text(), "80.1–97.4%");
        assert_eq!(rate(0, 10).interval_text(), "0.0–27.8%");
        assert_eq!(rate(10, 10).interval_text(), "72.2–100.0%");
        assert_eq!(rate(0, 0).interval(), None);
    }

    #[test]
    fn nearly_all_is_never_shown_as_all() {
        assert_eq!(rate(99_999, 100_000).percent(), ">99.9%");
        assert_eq!(rate(1, 100_000).percent(), "<0.1%");
        assert_eq!((rate(5, 5).percent(), rate(0, 5).percent()), ("100.0%".to_owned(), "0.0%".to_owned()));
        assert_eq!(rate(0, 0).percent(), "–");
        assert_eq!(rate(1_999, 2_000).to_string(), ">99.9% (1,999/2,000)");
        assert_eq!(rate(10_000, 10_000).interval_text(), ">99.9–100.0%");
    }
}
