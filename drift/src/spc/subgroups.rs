//! Rows in their order, cut into subgroups of equal size: the mean and the standard deviation of each, and their averages. Subgroups of one
//! are single values, and have the moving range |xᵢ − xᵢ₋₁| in place of a deviation.
//!
//! States of consecutive parts merge (Chan's formula for the mean of means). What is left at the end of a part, less than a
//! subgroup, cannot be joined with the next part's rows once these have been grouped: it is counted as unused. Parts that
//! are cut at multiples of the size merge to the state of the whole.

use serde::{Deserialize, Serialize, de::Error as _};

use crate::{
    Absent,
    column::{Column, MOST_ROWS},
    sample::lanes,
    wide::wide,
};

/// A subgroup's mean and standard deviation, Σ(x − x̄)²/(n − 1) under the root.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subgroup {
    /// x̄.
    pub mean: f64,
    /// s; of a single value its distance from the one before, which the first does not have.
    pub deviation: Option<f64>,
}

/// A subgroup size for a baseline of so many rows: as large as leaves 25 subgroups, from 1 to 25. Twenty to twenty-five
/// subgroups are what limits are customarily taken from, and larger ones find smaller changes. Fewer than 50 rows are
/// looked at one by one.
pub fn sample_size(rows: u64) -> usize {
    usize::try_from(rows / 25).unwrap_or(usize::MAX).clamp(1, 25)
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
///
/// let singles = Subgroups::of(&[1.0, 3.0, 2.0][..], 1);
/// assert_eq!(singles.mean_deviation(), Ok(1.5));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form")]
pub struct Subgroups {
    size: usize,
    averages: Averages,
    pending: Vec<f64>,
    /// The first and the last of single values.
    ends: Option<(f64, f64)>,
    left_out: u64,
    unused: u64,
}

/// Averages over subgroups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Averages {
    means: u64,
    mean: f64,
    deviations: u64,
    deviation: f64,
}

/// So many subgroups are summed up before they are taken into the averages: few enough for the sum to be exact to rounding, and
/// enough for its division not to matter.
pub(super) const BLOCK: usize = 64;

impl Averages {
    fn merge(&mut self, other: Self) {
        self.means += other.means;
        self.deviations += other.deviations;
        // Of nothing there is nothing to take in.
        self.mean += (other.mean - self.mean) * (other.means as f64 / self.means.max(1) as f64);
        self.deviation +=
            (other.deviation - self.deviation) * (other.deviations as f64 / self.deviations.max(1) as f64);
    }

    /// Of means that were summed up as distances from the first of them, so that the mean of equal ones is exactly theirs.
    pub(super) fn of_sums(
        means: u64,
        (first, distances): (f64, f64),
        deviations: u64,
        deviation: f64,
    ) -> Self {
        Self {
            means,
            mean: first + distances / means.max(1) as f64,
            deviations,
            deviation: deviation / deviations.max(1) as f64,
        }
    }
}

impl Subgroups {
    /// Nothing yet, in subgroups of this size; none counts as one.
    pub fn new(size: usize) -> Self {
        Self {
            size: size.max(1),
            averages: Averages::default(),
            pending: Vec::new(),
            ends: None,
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

    /// The state of a column whose whole subgroups were averaged elsewhere, block after block, and of the rows after them, less than a
    /// subgroup.
    pub(super) fn of_blocks(size: usize, blocks: impl Iterator<Item = Averages>, rest: &[f64]) -> Self {
        let mut groups = Self::new(size);
        blocks.for_each(|block| groups.averages.merge(block));
        groups.complete(rest, &mut |_| ());
        groups
    }

    /// Takes in the next rows, and shows each subgroup that they complete.
    pub fn add(&mut self, chunk: &[f64], mut visit: impl FnMut(Subgroup)) {
        if self.size == 1 {
            return self.add_singles(chunk, visit);
        }
        let mut rest = chunk;
        while !rest.is_empty() {
            if self.pending.is_empty() {
                let taken = wide(
                    #[inline(always)]
                    || whole_groups(&mut self.averages, rest, self.size, &mut visit),
                );
                rest = &rest[taken * self.size..];
            }
            rest = self.complete(rest, &mut visit);
        }
    }

    /// Takes in value by value until the next subgroup is complete; what comes after it is given back.
    fn complete<'a>(&mut self, values: &'a [f64], visit: &mut impl FnMut(Subgroup)) -> &'a [f64] {
        for (i, v) in values.iter().enumerate() {
            if !v.is_finite() {
                self.left_out += 1;
                continue;
            }
            self.pending.push(*v);
            if self.pending.len() == self.size {
                let (mean, deviation) = group(&self.pending).unwrap_or_else(|| huge(&self.pending));
                self.averages.merge(Averages { means: 1, mean, deviations: 1, deviation });
                visit(Subgroup { mean, deviation: Some(deviation) });
                self.pending.clear();
                return &values[i + 1..];
            }
        }
        &[]
    }

    fn add_singles(&mut self, chunk: &[f64], mut visit: impl FnMut(Subgroup)) {
        for block in chunk.chunks(BLOCK) {
            let (mut means, mut distances, mut deviations, mut deviation) = (0, 0.0, 0, 0.0);
            let beginning = block.iter().copied().find(|v| v.is_finite()).unwrap_or(0.0);
            for v in block.iter().copied().filter(|v| v.is_finite()) {
                let range = self.ends.map(|(_, last)| (v - last).abs());
                means += 1;
                distances += v - beginning;
                deviations += u64::from(range.is_some());
                deviation += range.unwrap_or(0.0);
                self.ends = Some((self.ends.map_or(v, |(first, _)| first), v));
                visit(Subgroup { mean: v, deviation: range });
            }
            self.left_out += block.len() as u64 - means;
            self.averages.merge(Averages::of_sums(means, (beginning, distances), deviations, deviation));
        }
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
        if let Some(deviation) = self.between(later) {
            self.averages.merge(Averages { deviations: 1, deviation, ..Averages::default() });
        }
        self.averages.merge(later.averages);
        self.ends = match (self.ends, later.ends) {
            (Some((first, _)), Some((_, newest))) => Some((first, newest)),
            (ours, theirs) => ours.or(theirs),
        };
        Ok(())
    }

    /// The range between the last single value and the first of those that follow.
    pub(super) fn between(&self, later: &Self) -> Option<f64> {
        let ((_, last), (next, _)) = self.ends.zip(later.ends)?;
        Some((next - last).abs())
    }

    /// Values in each subgroup.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Complete subgroups.
    pub fn count(&self) -> u64 {
        self.averages.means
    }

    /// Rows without a finite value.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Values that are in no complete subgroup.
    pub fn unused(&self) -> u64 {
        self.unused + self.pending.len() as u64
    }

    /// All rows: those in subgroups, those in none, and those without a finite value.
    pub fn rows(&self) -> u64 {
        self.count() * self.size as u64 + self.unused() + self.left_out
    }

    /// Whether these may be rows in subgroups, and no more than are counted.
    fn is_sound(&self) -> bool {
        let Averages { means, deviations, .. } = self.averages;
        let grouped = u128::from(means) * self.size as u128;
        let others = u128::from(self.unused) + self.pending.len() as u128 + u128::from(self.left_out);
        self.pending.len() < self.size
            && self.pending.iter().all(|value| value.is_finite())
            && deviations <= means
            && grouped.saturating_add(others) <= u128::from(MOST_ROWS)
    }

    /// The mean of the subgroups' means.
    ///
    /// # Errors
    /// No subgroup is complete.
    pub fn grand_mean(&self) -> Result<f64, Absent> {
        match self.count() {
            0 if self.unused() == 0 && self.left_out == 0 => Err(Absent::NoRows),
            0 if self.unused() == 0 => Err(Absent::NoFinite),
            0 => Err(Absent::TooFew { needed: self.size as u64, found: self.unused() }),
            _ => Ok(self.averages.mean),
        }
    }

    /// The mean of the subgroups' standard deviations, s̄; of single values the mean moving range.
    ///
    /// # Errors
    /// No subgroup is complete, or there is but one single value.
    pub fn mean_deviation(&self) -> Result<f64, Absent> {
        self.grand_mean()?;
        match self.averages.deviations {
            0 => Err(Absent::TooFew { needed: 2, found: self.count() }),
            _ => Ok(self.averages.deviation),
        }
    }
}

/// What was kept, as it is read.
#[derive(Deserialize)]
struct Form {
    size: usize,
    averages: Averages,
    pending: Vec<f64>,
    ends: Option<(f64, f64)>,
    left_out: u64,
    unused: u64,
}

impl TryFrom<Form> for Subgroups {
    type Error = serde::de::value::Error;

    fn try_from(form: Form) -> Result<Self, Self::Error> {
        let Form { size, averages, pending, ends, left_out, unused } = form;
        let kept = Self { size, averages, pending, ends, left_out, unused };
        if kept.is_sound() { Ok(kept) } else { Err(Self::Error::custom("rows do not fit into subgroups")) }
    }
}

/// Takes in subgroups up to the first that has a value that is not finite, and tells how many.
#[inline(always)]
fn whole_groups(
    averages: &mut Averages,
    values: &[f64],
    size: usize,
    visit: &mut impl FnMut(Subgroup),
) -> usize {
    let mut taken = 0;
    for block in values.chunks(BLOCK.saturating_mul(size)) {
        let (mut groups, mut first, mut distances, mut deviations) = (0, 0.0, 0.0, 0.0);
        for values in block.chunks_exact(size) {
            let Some((mean, deviation)) = group(values) else {
                break;
            };
            first = if groups == 0 { mean } else { first };
            groups += 1;
            distances += mean - first;
            deviations += deviation;
            visit(Subgroup { mean, deviation: Some(deviation) });
        }
        averages.merge(Averages::of_sums(groups as u64, (first, distances), groups as u64, deviations));
        taken += groups;
        if groups < BLOCK {
            break;
        }
    }
    taken
}

/// Mean and standard deviation of one subgroup, unless a value or a sum is not finite.
#[inline(always)]
fn group(values: &[f64]) -> Option<(f64, f64)> {
    let first = *values.first()?;
    let mean = first + lanes(values, |v| v - first) / values.len() as f64;
    let squares = lanes(values, |v| (v - mean) * (v - mean));
    squares.is_finite().then(|| (mean, (squares / (values.len() - 1) as f64).sqrt()))
}

/// The same of finite values whose sum is not, or the sum of whose squares is not.
fn huge(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().map(|v| v / n).sum::<f64>();
    let most = values.iter().map(|v| (v / 2.0 - mean / 2.0).abs()).fold(f64::MIN_POSITIVE, f64::max);
    let squares = values.iter().map(|v| ((v / 2.0 - mean / 2.0) / most).powi(2)).sum::<f64>();
    (mean, 2.0 * (most * (squares / (n - 1.0)).sqrt()))
}
