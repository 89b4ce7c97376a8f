//! Rows in their order, cut into subgroups of equal size: the mean and the standard deviation of each, and their averages.
//!
//! States of consecutive parts merge (Chan's formula for the mean of means). What is left at the end of a part, less than a
//! subgroup, cannot be joined with the next part's rows once these have been grouped: it is counted as unused. Parts that
//! are cut at multiples of the size merge to the state of the whole.

use serde::{Deserialize, Serialize};

use crate::{Absent, column::Column, sample::lanes};

/// A subgroup's mean and standard deviation, Σ(x − x̄)²/(n − 1) under the root.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subgroup {
    /// x̄.
    pub mean: f64,
    /// s.
    pub deviation: f64,
}

/// A subgroup size for a baseline of so many rows: as large as leaves 25 subgroups, from 2 to 25. Twenty to twenty-five
/// subgroups are what limits are customarily taken from, and larger ones find smaller changes.
pub fn sample_size(rows: u64) -> usize {
    usize::try_from(rows / 25).unwrap_or(usize::MAX).clamp(2, 25)
}

/// The running state of a column that is cut into subgroups. Missing and infinite values are left out before rows are
/// grouped.
///
/// ```
/// use scouter_drift::spc::Subgroups;
///
/// let mut groups = Subgroups::new(2);
/// groups.add(&[1.0, 3.0, f64::NAN, 2.0, 6.0, 5.0], |_| ());
/// assert_eq!(groups.count(), 2);
/// assert_eq!(groups.grand_mean(), Ok(3.0));
/// assert_eq!((groups.left_out(), groups.unused()), (1, 1));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subgroups {
    size: usize,
    count: u64,
    mean: f64,
    deviation: f64,
    pending: Vec<f64>,
    left_out: u64,
    unused: u64,
}

impl Subgroups {
    /// Nothing yet, in subgroups of this size. Less than two counts as two: one value has no standard deviation.
    pub fn new(size: usize) -> Self {
        Self {
            size: size.max(2),
            count: 0,
            mean: 0.0,
            deviation: 0.0,
            pending: Vec::new(),
            left_out: 0,
            unused: 0,
        }
    }

    /// The state of a whole column.
    pub fn of(column: &(impl Column + ?Sized), size: usize) -> Self {
        let mut groups = Self::new(size);
        column.each_chunk(&mut |chunk| groups.add(chunk, |_| ()));
        groups
    }

    /// Takes in the next rows, and shows each subgroup that they complete.
    pub fn add(&mut self, chunk: &[f64], mut visit: impl FnMut(Subgroup)) {
        let mut rest = chunk;
        while !rest.is_empty() {
            if self.pending.is_empty()
                && rest.len() >= self.size
                && let Some(group) = group(&rest[..self.size])
            {
                self.take(group);
                visit(group);
                rest = &rest[self.size..];
                continue;
            }
            // Value by value until the next subgroup is complete.
            let (first, later) = rest.split_at(1);
            rest = later;
            if first[0].is_finite() {
                self.pending.push(first[0]);
            } else {
                self.left_out += 1;
            }
            if self.pending.len() == self.size {
                if let Some(group) = group(&self.pending) {
                    self.take(group);
                    visit(group);
                }
                self.pending.clear();
            }
        }
    }

    fn take(&mut self, group: Subgroup) {
        self.count += 1;
        self.mean += (group.mean - self.mean) / self.count as f64;
        self.deviation += (group.deviation - self.deviation) / self.count as f64;
    }

    /// Takes in the state of the rows that follow.
    ///
    /// # Errors
    /// The subgroups are of another size.
    pub fn merge(&mut self, later: &Self) -> Result<(), Absent> {
        if self.size != later.size {
            return Err(Absent::Mismatch { left: self.size as u64, right: later.size as u64 });
        }
        self.unused += self.pending.len() as u64 + later.unused;
        self.pending.clone_from(&later.pending);
        self.left_out += later.left_out;
        self.count += later.count;
        if later.count > 0 {
            let share = later.count as f64 / self.count as f64;
            self.mean += (later.mean - self.mean) * share;
            self.deviation += (later.deviation - self.deviation) * share;
        }
        Ok(())
    }

    /// Values in each subgroup.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Complete subgroups.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Rows without a finite value.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Values that are in no complete subgroup.
    pub fn unused(&self) -> u64 {
        self.unused + self.pending.len() as u64
    }

    /// The mean of the subgroups' means.
    ///
    /// # Errors
    /// No subgroup is complete.
    pub fn grand_mean(&self) -> Result<f64, Absent> {
        self.any().map(|()| self.mean)
    }

    /// The mean of the subgroups' standard deviations, s̄.
    ///
    /// # Errors
    /// No subgroup is complete.
    pub fn mean_deviation(&self) -> Result<f64, Absent> {
        self.any().map(|()| self.deviation)
    }

    fn any(&self) -> Result<(), Absent> {
        match self.count {
            0 if self.unused() == 0 && self.left_out == 0 => Err(Absent::NoRows),
            0 if self.unused() == 0 => Err(Absent::NoFinite),
            0 => Err(Absent::TooFew { needed: self.size as u64, found: self.unused() }),
            _ => Ok(()),
        }
    }
}

/// Mean and standard deviation of one subgroup, unless a value is not finite.
fn group(values: &[f64]) -> Option<Subgroup> {
    let sum = lanes(values, |v| v);
    let mean = if sum.is_finite() {
        sum / values.len() as f64
    } else if values.iter().all(|v| v.is_finite()) {
        // Finite values whose sum is not.
        values.iter().map(|v| v / values.len() as f64).sum()
    } else {
        return None;
    };
    let squares = lanes(values, |v| (v - mean) * (v - mean));
    Some(Subgroup { mean, deviation: (squares / (values.len() - 1) as f64).sqrt() })
}
