//! Tasks that measured a number on both sides: by how much its mean changed.
//!
//! No verdict follows from it, since only the task's own check knows which way is better.

use scouter_drift::statistics::Interval;
use scouter_drift::statistics::bootstrap::{ClusterSum, Draws, bootstrap};
use scouter_drift::statistics::paired_t::paired_t_clustered;
use scouter_drift::statistics::power::smallest_mean_difference;
use serde::{Deserialize, Serialize};

use super::cluster::Clusters;
use super::options::Options;

/// How often a mean is drawn for an interval.
const DRAWS: usize = 2_000;

/// By how much the mean of a measured number changed, over the records that have it on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberChange {
    /// How many records have it.
    pub records: usize,
    /// Its mean before.
    pub baseline_mean: f64,
    /// Its mean now.
    pub comparison_mean: f64,
    /// The mean of the differences.
    pub difference: f64,
    /// Where that lies, at the level that was asked for; `None` where there are fewer than two
    /// clusters.
    pub interval: Option<Interval>,
    /// How likely chance alone makes such a difference, by the paired t test; `None` as before.
    pub p: Option<f64>,
    /// The smallest difference that so many records find in 8 of 10 comparisons.
    pub smallest: Option<f64>,
}

/// Which way a measured number went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The whole interval of the difference lies above 0.
    Higher,
    /// The whole interval lies below 0.
    Lower,
    /// It is the same for every record.
    Same,
    /// The interval reaches to both sides of 0, or there is none.
    Unclear,
}

impl Direction {
    /// The name as in tables and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::Same => "same",
            Self::Unclear => "unclear",
        }
    }
}

impl NumberChange {
    /// Which way it went.
    pub fn direction(&self) -> Direction {
        match self.interval {
            Some(Interval { low, .. }) if low > 0.0 => Direction::Higher,
            Some(Interval { high, .. }) if high < 0.0 => Direction::Lower,
            Some(Interval { low: 0.0, high: 0.0 }) => Direction::Same,
            _ => Direction::Unclear,
        }
    }
}

/// The numbers of a task, as they are collected.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    pairs: Vec<u32>,
    differences: Vec<f64>,
    before: f64,
    now: f64,
}

impl Numbers {
    /// Takes the numbers of a pair.
    pub(super) fn add(&mut self, pair: u32, before: f64, now: f64) {
        self.pairs.push(pair);
        self.differences.push(now - before);
        self.before += before;
        self.now += now;
    }

    /// What they come to; `None` where there is none.
    pub(super) fn change(&self, clusters: &Clusters, all: usize, options: &Options) -> Option<NumberChange> {
        let records = self.differences.len();
        if records == 0 {
            return None;
        }
        let n = records as f64;
        let place = |at: usize| clusters.place(self.pairs[at] as usize);
        let test = paired_t_clustered(&self.differences, place, clusters.count(all), options.alpha);
        let interval = match options.seed {
            None => test.map(|test| test.interval),
            Some(seed) => {
                let mut sums = vec![ClusterSum::default(); clusters.count(all)];
                for (at, difference) in self.differences.iter().enumerate() {
                    sums[place(at)].sum += difference;
                    sums[place(at)].n += 1;
                }
                bootstrap(&sums, Draws { draws: DRAWS, seed }, options.alpha)
            }
        };
        Some(NumberChange {
            records,
            baseline_mean: self.before / n,
            comparison_mean: self.now / n,
            difference: self.differences.iter().sum::<f64>() / n,
            interval,
            p: test.map(|test| test.p),
            smallest: test.and_then(|test| {
                smallest_mean_difference(records as u64, test.standard_error * n.sqrt(), options.alpha)
            }),
        })
    }
}
