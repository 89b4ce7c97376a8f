//! The quantile sketch of Karnin, Lang and Liberty ("Optimal quantile approximation in streams", 2016), for `f64`.
//!
//! Values stand in levels; one at level h counts for 2^h. Where the levels are full, the lowest full one is sorted and every
//! other value of it moves up a level, from the first or the second as a coin falls. Levels below the top have room for k·(⅔)^d
//! values, d levels down. The rank of a value, as a share of all, is off by at most [`Kll::RANK_ERROR`] with 99 %
//! confidence, whatever the distribution and however many parts were merged.
//!
//! Sketches of libraries toss coins of their own, so that profiling the same file twice gives two medians. Here the coin
//! follows from the number of tosses before it.

use serde::{Deserialize, Serialize, de::Error as _};

use crate::mix::mix;

/// Values in the top level. The error is 2.3/k^0.97 in the library of Apache DataSketches, whose constants these are.
const K: usize = 1024;
/// The least room of a level.
const LEAST: usize = 8;

/// Quantiles of any number of values, approximately.
///
/// ```
/// use scouter_drift::sketch::Kll;
///
/// let mut sketch = Kll::default();
/// sketch.add((0..1_000_000).map(f64::from));
/// let median = sketch.quantile(0.5).unwrap_or(0.0);
/// assert!((median / 1e6 - 0.5).abs() < Kll::RANK_ERROR);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form")]
pub struct Kll {
    count: u64,
    tosses: u64,
    /// Values by level; all but the first are sorted.
    levels: Vec<Vec<f64>>,
}

impl Kll {
    /// By how much a rank is off, as a share of all values, at most with 99 % confidence.
    pub const RANK_ERROR: f64 = 0.003;

    /// Takes in values. They must not be NaN.
    pub fn add(&mut self, values: impl IntoIterator<Item = f64>) {
        if self.levels.is_empty() {
            self.levels.push(Vec::new());
        }
        for value in values {
            // The lowest level may be as large as the top one while it is alone; filling it up costs the fewest sorts.
            if self.levels[0].len() >= K {
                self.compress();
            }
            self.levels[0].push(value);
            self.count += 1;
        }
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.levels.len() < other.levels.len() {
            self.levels.resize(other.levels.len(), Vec::new());
        }
        for (h, (level, more)) in self.levels.iter_mut().zip(&other.levels).enumerate() {
            level.extend_from_slice(more);
            if h > 0 {
                level.sort_by(f64::total_cmp);
            }
        }
        self.count += other.count;
        self.tosses = self.tosses.wrapping_add(other.tosses);
        self.compress();
    }

    /// How many values were taken in.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many values are kept.
    pub fn kept(&self) -> usize {
        self.levels.iter().map(Vec::len).sum()
    }

    /// Makes room: as long as there are more values than all levels have room for, or the lowest is full, a full level is halved
    /// into the next.
    fn compress(&mut self) {
        while let Some(h) = self.overfull() {
            let mut level = std::mem::take(&mut self.levels[h]);
            if h == 0 {
                level.sort_unstable_by(f64::total_cmp);
            }
            if h + 1 == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let odd = level.len() % 2;
            self.levels[h].extend_from_slice(&level[..odd]);
            let first = odd + usize::from(mix(self.tosses) & 1 == 1);
            self.tosses = self.tosses.wrapping_add(1);
            let above = &mut self.levels[h + 1];
            above.extend(level[first..].iter().step_by(2));
            // Two runs in order, which a stable sort merges.
            above.sort_by(f64::total_cmp);
        }
    }

    fn overfull(&self) -> Option<usize> {
        let rooms = || (0..self.levels.len()).map(|h| self.room(h));
        if self.kept() <= rooms().sum::<usize>() && self.levels[0].len() < K {
            return None;
        }
        self.levels.iter().zip(rooms()).position(|(level, room)| level.len() >= room)
    }

    fn room(&self, h: usize) -> usize {
        let below = self.levels.len() - 1 - h;
        let mut room = K;
        for _ in 0..below {
            room = room * 2 / 3;
        }
        room.max(LEAST)
    }

    /// The values with their weights, in order.
    fn weighted(&self) -> Vec<(f64, u64)> {
        let levels = self.levels.iter().enumerate();
        let mut all: Vec<_> = levels.flat_map(|(h, level)| level.iter().map(move |v| (*v, 1 << h))).collect();
        all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        all
    }

    /// The value at this share of all, none where there is no value.
    pub fn quantile(&self, probability: f64) -> Option<f64> {
        self.quantiles(&[probability]).pop()
    }

    /// The values at these shares of all, in the order in which they are asked for; nothing where there is no value.
    pub fn quantiles(&self, probabilities: &[f64]) -> Vec<f64> {
        let all = self.weighted();
        let total: u64 = all.iter().map(|(_, weight)| weight).sum();
        let mut ends = Vec::with_capacity(all.len());
        let mut end = 0;
        for (_, weight) in &all {
            end += weight;
            ends.push(end as f64);
        }
        let places = probabilities.iter().map(|p| p.clamp(0.0, 1.0) * total as f64);
        let found =
            places.map(|place| ends.partition_point(|end| *end < place).min(all.len().wrapping_sub(1)));
        found.filter_map(|i| all.get(i)).map(|(value, _)| *value).collect()
    }

    /// For each edge, in ascending order, the share of values that are not greater.
    pub fn shares(&self, edges: &[f64]) -> Vec<f64> {
        let all = self.weighted();
        let total: u64 = all.iter().map(|(_, weight)| weight).sum();
        let (mut at, mut below) = (0, 0);
        let share = |edge: &f64| {
            while let Some((value, weight)) = all.get(at)
                && value <= edge
            {
                below += weight;
                at += 1;
            }
            below as f64 / total.max(1) as f64
        };
        edges.iter().map(share).collect()
    }
}

/// A sketch as it is read: one that does not hold what it counts could not be worked with.
#[derive(Deserialize)]
struct Form {
    count: u64,
    tosses: u64,
    levels: Vec<Vec<f64>>,
}

impl TryFrom<Form> for Kll {
    type Error = serde::de::value::Error;

    fn try_from(Form { count, tosses, levels }: Form) -> Result<Self, Self::Error> {
        let weights = levels.iter().take(64).enumerate().map(|(h, level)| (level.len() as u128) << h);
        let holds_all = levels.len() <= 64 && weights.sum::<u128>() == u128::from(count);
        if holds_all && levels.iter().flatten().all(|value| value.is_finite()) {
            Ok(Self { count, tosses, levels })
        } else {
            Err(Self::Error::custom(format_args!(
                "a sketch does not hold the `{count}` values that it counts"
            )))
        }
    }
}
