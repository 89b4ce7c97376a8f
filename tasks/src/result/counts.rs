//! How many came out how. A rate is never told without its denominator.

use std::fmt;

use scouter_drift::statistics::wilson::wilson;
use scouter_drift::statistics::{Alpha, Interval};
use serde::{Deserialize, Serialize};

use super::status::Status;

/// How many outcomes of each status there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts([usize; 6]);

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, status: Status) {
        self.0[status as usize] += 1;
    }

    /// How many there are of a status.
    pub fn of(&self, status: Status) -> usize {
        self.0[status as usize]
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }

    /// How many came to a verdict: the denominator of the pass rate.
    pub fn counted(&self) -> usize {
        self.of(Status::Passed) + self.of(Status::Failed)
    }

    /// The share that passed of those that came to a verdict, from 0 to 1; `None` where none did.
    pub fn pass_rate(&self) -> Option<f64> {
        (self.counted() > 0).then(|| self.of(Status::Passed) as f64 / self.counted() as f64)
    }

    /// Where the pass rate lies (Wilson), taking outcomes to be independent; `None` where there is no
    /// rate.
    pub fn interval(&self, alpha: Alpha) -> Option<Interval> {
        wilson(self.of(Status::Passed) as u64, self.counted() as u64, alpha)
    }
}

/// A share from 0 to 1 in percent, to a tenth and without its sign. What is not all never reads 100, nor what is
/// not none 0.
pub(crate) fn share_percent(share: f64) -> String {
    match share {
        0.9995..1.0 => ">99.9".to_owned(),
        _ if share > 0.0 && share < 0.0005 => "<0.1".to_owned(),
        _ => format!("{:.1}", 100.0 * share),
    }
}

/// As many as these, in the order of [`Status::ALL`].
impl From<[usize; 6]> for Counts {
    fn from(counts: [usize; 6]) -> Self {
        Self(counts)
    }
}

impl FromIterator<Status> for Counts {
    fn from_iter<T: IntoIterator<Item = Status>>(statuses: T) -> Self {
        let mut counts = Self::default();
        statuses.into_iter().for_each(|status| counts.add(status));
        counts
    }
}

impl fmt::Display for Counts {
    /// The pass rate with its denominator.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pass_rate() {
            Some(rate) => {
                write!(f, "{}% ({}/{})", share_percent(rate), self.of(Status::Passed), self.counted())
            }
            None => f.write_str("– (0/0)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_leaves_out_what_came_to_no_verdict_and_shows_its_denominator() {
        let counts: Counts = Status::ALL.into_iter().chain([Status::Passed]).collect();
        assert_eq!((counts.total(), counts.counted()), (7, 3));
        assert_eq!(counts.to_string(), "66.7% (2/3)");
    }

    #[test]
    fn nearly_all_is_never_shown_as_all() {
        let of = |passed, failed| Counts::from([passed, failed, 0, 0, 0, 0]).to_string();
        assert_eq!(of(99_999, 1), ">99.9% (99999/100000)");
        assert_eq!(of(1, 99_999), "<0.1% (1/100000)");
        assert_eq!([of(5, 0), of(0, 5)], ["100.0% (5/5)", "0.0% (0/5)"]);
    }

    #[test]
    fn nothing_counted_is_no_rate() {
        let counts: Counts = [Status::Errored, Status::Skipped].into_iter().collect();
        assert_eq!(counts.pass_rate(), None);
        assert_eq!(counts.to_string(), "– (0/0)");
    }
}
