//! What pairs of verdicts say: improved, regressed, unchanged, or that they do not say.
//!
//! 1. Where the interval of the difference lies within the threshold on either side of 0, whatever
//!    changed is too small to matter: *unchanged*.
//! 2. Otherwise, where the adjusted p value is below the level, the direction decides: *improved* or
//!    *regressed*.
//! 3. Otherwise the interval reaches further than the threshold, and chance may have made what was
//!    seen: *inconclusive*. More records would tell, if what was seen goes on: as many as would find
//!    the difference, or would show that it is within the threshold, whichever is fewer.

use scouter_drift::statistics::mcnemar::mcnemar_exact;
use scouter_drift::statistics::paired_t::paired_t_clustered;
use scouter_drift::statistics::power::{
    pairs_for_equivalence, pairs_for_mean_difference, pairs_for_rate_difference, smallest_mean_difference,
    smallest_rate_difference_of,
};
use scouter_drift::statistics::sign_flip::sign_flip;
use scouter_drift::statistics::tango::{clustered, design_effect, tango};
use scouter_drift::statistics::{Alpha, Interval};
use serde::{Deserialize, Serialize};

use super::cluster::{Clusters, Gains};
use super::options::Options;

/// What comparing two runs says of one rate, or of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComparisonVerdict {
    /// Better, and more than chance.
    Improved,
    /// Worse, and more than chance.
    Regressed,
    /// Whatever changed is within the threshold.
    Unchanged,
    /// The records do not tell.
    Inconclusive,
    /// The runs can't be compared: never a pass.
    Invalid,
}

impl ComparisonVerdict {
    /// The name as in tables and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Improved => "improved",
            Self::Regressed => "regressed",
            Self::Unchanged => "unchanged",
            Self::Inconclusive => "inconclusive",
            Self::Invalid => "invalid",
        }
    }
}

/// By how much a pass rate changed, and how sure that is. Only records count that came to a verdict
/// on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateChange {
    /// How many records tell.
    pub records: usize,
    /// In how many clusters; as many as records where each is alone.
    pub clusters: usize,
    /// How many passed less, or not at all, before and pass now.
    pub gained: usize,
    /// How many passed before and pass less, or not at all, now.
    pub lost: usize,
    /// The mean change, from −1 to 1.
    pub difference: f64,
    /// Where the difference lies, at the level that was asked for.
    pub interval: Interval,
    /// How likely chance alone makes such a difference.
    pub p: f64,
    /// The same, with all that was tested beside it taken into account.
    pub adjusted_p: f64,
    /// The smallest difference that so many records find in 8 of 10 comparisons; `None` where there
    /// are too few to find any.
    pub smallest: Option<f64>,
    /// What it says.
    pub verdict: ComparisonVerdict,
    /// Where it is inconclusive: how many records would decide, if what was seen goes on.
    pub records_needed: Option<u64>,
    spread: Spread,
}

/// How differently pairs come out, from which the number of records follows that would tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Spread {
    /// The share of pairs that came out differently, and the design effect.
    Rates { changed: f64, effect: f64 },
    /// The standard deviation of the differences, clusters accounted for.
    Means { deviation: f64 },
}

const EVERYTHING: Interval = Interval { low: -1.0, high: 1.0 };

impl RateChange {
    /// Of pairs that passed or failed on either side; `None` where there is none.
    pub(super) fn of_rates(gains: &Gains, options: &Options) -> Option<Self> {
        let (all, clusters) = (gains.all, gains.told());
        let (p, interval, effect) = if clusters.is_empty() {
            let interval = tango(all.gained, all.lost, all.n, options.alpha)?;
            (mcnemar_exact(all.gained, all.lost), interval, 1.0)
        } else {
            let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
            let differences: Vec<i64> =
                clusters.iter().map(|of| signed(of.gained) - signed(of.lost)).collect();
            (sign_flip(&differences), clustered(&clusters, options.alpha)?, design_effect(&clusters))
        };
        let n = all.n as f64;
        let changed = (all.gained + all.lost) as f64 / n;
        let whole = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        Some(Self {
            records: whole(all.n),
            clusters: if clusters.is_empty() { whole(all.n) } else { clusters.len() },
            gained: whole(all.gained),
            lost: whole(all.lost),
            difference: (all.gained as f64 - all.lost as f64) / n,
            interval,
            p,
            adjusted_p: p,
            smallest: smallest_rate_difference_of(n / effect, changed, options.alpha),
            verdict: ComparisonVerdict::Inconclusive,
            records_needed: None,
            spread: Spread::Rates { changed, effect },
        })
    }

    /// Of changes of records' rates that lie anywhere from −1 to 1, each with its pair; `None` where
    /// there is none.
    pub(super) fn of_means(deltas: &[(u32, f64)], clusters: &Clusters, options: &Options) -> Option<Self> {
        if deltas.is_empty() {
            return None;
        }
        let values: Vec<f64> = deltas.iter().map(|(_, delta)| *delta).collect();
        let pairs = deltas.iter().map(|(pair, _)| *pair as usize + 1).max().unwrap_or(0);
        let place = |at: usize| clusters.place(deltas[at].0 as usize);
        let test = paired_t_clustered(&values, place, clusters.count(pairs), options.alpha);
        let n = values.len();
        let difference = values.iter().sum::<f64>() / n as f64;
        let deviation = test.map_or(1.0, |test| test.standard_error * (n as f64).sqrt());
        let p = test.map_or(1.0, |test| test.p);
        Some(Self {
            records: n,
            clusters: test.map_or(1, |test| test.clusters),
            gained: values.iter().filter(|delta| **delta > 0.0).count(),
            lost: values.iter().filter(|delta| **delta < 0.0).count(),
            difference,
            interval: test.map_or(EVERYTHING, |test| bounded(test.interval, test.clusters, options.alpha)),
            p,
            adjusted_p: p,
            smallest: smallest_mean_difference(n as u64, deviation, options.alpha)
                .filter(|smallest| *smallest <= 1.0),
            verdict: ComparisonVerdict::Inconclusive,
            records_needed: None,
            spread: Spread::Means { deviation },
        })
    }

    /// Comes to a verdict, with the p value that the other tests leave of its own. `tests` is how many
    /// there are.
    pub(super) fn decide(&mut self, adjusted_p: f64, tests: usize, options: &Options) {
        self.adjusted_p = adjusted_p;
        self.verdict = if self.interval.is_within(options.threshold) {
            ComparisonVerdict::Unchanged
        } else if adjusted_p >= options.alpha.get() {
            ComparisonVerdict::Inconclusive
        } else if self.difference > 0.0 {
            ComparisonVerdict::Improved
        } else {
            ComparisonVerdict::Regressed
        };
        if self.verdict == ComparisonVerdict::Inconclusive {
            self.records_needed = self.needed(options.alpha.shared_by(tests), options);
        }
    }

    fn needed(&self, strict: Alpha, options: &Options) -> Option<u64> {
        let equivalence =
            |deviation| pairs_for_equivalence(self.difference, deviation, options.threshold, options.alpha);
        let (difference, same, effect) = match self.spread {
            Spread::Rates { changed, effect } => (
                pairs_for_rate_difference(self.difference, changed, strict),
                equivalence((changed - self.difference * self.difference).max(0.0).sqrt()),
                effect,
            ),
            Spread::Means { deviation } => {
                (pairs_for_mean_difference(self.difference, deviation, strict), equivalence(deviation), 1.0)
            }
        };
        let fewest = difference.into_iter().chain(same).min()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "far below 2⁶³")]
        let records = (fewest as f64 * effect).ceil() as u64;
        // The formulas are approximations: what there is did not decide.
        Some(records.max(self.records as u64 + 1))
    }
}

/// The interval of a mean of values from −1 to 1. Where all values are alike there is none by their
/// spread: then as much as can still be hidden, as where no pair changed, is allowed for.
fn bounded(interval: Interval, clusters: usize, alpha: Alpha) -> Interval {
    let hidden = tango(0, 0, clusters as u64, alpha).filter(|_| interval.width() == 0.0);
    let reach = hidden.map_or(0.0, |hidden| hidden.high);
    Interval { low: (interval.low - reach).max(-1.0), high: (interval.high + reach).min(1.0) }
}
