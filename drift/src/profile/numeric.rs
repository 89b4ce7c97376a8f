//! A column of numbers. Read at once it is described exactly, but for the number of distinct values where there are many; read in
//! parts, quantiles and histogram are exact up to some thousand values and come from a sketch beyond.

use serde::{Deserialize, Serialize};

use super::Statistic;
use crate::{
    Absent,
    column::Column,
    psi::{NumericBins, even_edges},
    sample::{Extent, Moments, quantiles},
    sketch::{Distinct, DistinctCount, Shape},
};

const PROBABILITIES: [f64; 4] = [0.25, 0.5, 0.75, 0.99];

/// What is known of a column that is read in parts.
///
/// ```
/// use scouter_drift::profile::NumericState;
///
/// let mut state = NumericState::default();
/// state.add(&[1.0, 2.0, f64::NAN]);
/// state.add(&[3.0, 6.0]);
/// let stats = state.stats(5);
/// assert_eq!((stats.rows, stats.missing, stats.distinct.count), (5, 1, 4));
/// assert_eq!(stats.mean.value(), Some(3.0));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NumericState {
    #[serde(flatten)]
    shape: Shape,
    distinct: Distinct,
}

/// What a column of numbers looks like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumericStats {
    /// All rows.
    pub rows: u64,
    /// Rows without a value.
    pub missing: u64,
    /// Rows with an infinity of either sign.
    pub infinite: u64,
    /// The mean of the finite values.
    pub mean: Statistic,
    /// Their standard deviation, by n − 1.
    pub stddev: Statistic,
    /// The least finite value.
    pub min: Statistic,
    /// The greatest finite value.
    pub max: Statistic,
    /// How many different values there are.
    pub distinct: Shared,
    /// Quantiles of the finite values.
    pub quantiles: Quantiles,
    /// How many values lie where; none where there is no finite value.
    pub histogram: Option<Histogram>,
}

/// A count with its share of all rows that have a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// How many.
    pub count: u64,
    /// Their share, from 0 to 1; 0 where no row has a value.
    pub share: f64,
    /// The standard error of the count, as a share of it; 0 where it is exact.
    pub standard_error: f64,
}

impl Shared {
    pub(super) fn new(distinct: DistinctCount, values: u64) -> Self {
        // An estimate can be a little more than there are values.
        let count = distinct.count.min(values);
        Self { count, share: count as f64 / values.max(1) as f64, standard_error: distinct.standard_error }
    }
}

/// Quantiles of a column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// A quarter of the values is not greater.
    pub q25: Statistic,
    /// The median.
    pub q50: Statistic,
    /// Three quarters are not greater.
    pub q75: Statistic,
    /// 99 of 100 are not greater.
    pub q99: Statistic,
    /// By how much the share of values that are not greater may differ from that, with 99 % confidence; 0 where quantiles are
    /// exact, of type 7.
    pub rank_error: f64,
}

impl Quantiles {
    fn new(found: &Result<Vec<f64>, Absent>, rank_error: f64) -> Self {
        let at = |i: usize| {
            let value = found.as_ref().map_err(|absent| *absent);
            value.and_then(|values| values.get(i).copied().ok_or(Absent::NoFinite)).into()
        };
        Self { q25: at(0), q50: at(1), q75: at(2), q99: at(3), rank_error }
    }
}

/// How many finite values lie between which edges, each bin open below and closed above but for the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Edges from the least to the greatest value, evenly spaced; one more than there are bins.
    pub edges: Vec<f64>,
    /// Values in each bin.
    pub counts: Vec<u64>,
}

impl NumericState {
    /// Takes in a chunk; NaN is missing.
    pub fn add(&mut self, chunk: &[f64]) {
        self.shape.add(chunk);
        self.distinct.add_numbers(chunk);
    }

    /// Takes in a column. Whole numbers are told apart however large they are.
    pub fn add_column(&mut self, column: &(impl Column + ?Sized)) {
        let told_apart = self.distinct.add_whole(column);
        column.each_chunk(&mut |chunk| {
            for part in chunk.chunks(1 << 14) {
                self.shape.add(part);
                if !told_apart {
                    self.distinct.add_numbers(part);
                }
            }
        });
    }

    /// Takes in so many rows without a value.
    pub fn add_missing(&mut self, rows: u64) {
        self.shape.add_missing(rows);
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        self.shape.merge(&other.shape);
        self.distinct.merge(&other.distinct);
    }

    /// How many values are kept.
    pub fn kept(&self) -> usize {
        self.shape.quantiles().kept() + self.distinct.kept()
    }

    /// Where its values lie.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// What the column looks like, with so many bins in its histogram.
    pub fn stats(&self, bins: usize) -> NumericStats {
        let (extent, quantiles) = (self.shape.extent(), self.shape.quantiles());
        let histogram = extent.range().ok().and_then(|(min, max)| {
            let edges = all_edges(min, max, bins);
            let counts = self.shape.counts_between(&edges[1..edges.len() - 1]).ok()?;
            Some(Histogram { edges, counts })
        });
        let found = extent.range().and_then(|_| quantiles.quantiles(&PROBABILITIES));
        let quantiles = Quantiles::new(&found, quantiles.rank_error());
        describe(extent, self.shape.moments(), self.distinct.count(), quantiles, histogram)
    }
}

impl NumericStats {
    /// What a column looks like that can be read more than once: quantiles and histogram are exact, and nothing is copied that is
    /// not of them.
    ///
    /// ```
    /// use scouter_drift::profile::NumericStats;
    ///
    /// let stats = NumericStats::of(&[1.0, 2.0, 3.0, 4.0][..], 3);
    /// assert_eq!(stats.quantiles.q25.value(), Some(1.75));
    /// assert_eq!(stats.histogram.map(|h| h.counts), Some(vec![2, 1, 1]));
    /// ```
    pub fn of(column: &(impl Column + ?Sized), bins: usize) -> Self {
        let mut extent = Extent::default();
        let mut moments = Moments::default();
        let mut distinct = Distinct::default();
        let told_apart = distinct.add_whole(column);
        column.each_chunk(&mut |chunk| {
            // Parts that stay in the cache from one use to the next.
            for part in chunk.chunks(1 << 13) {
                extent.add(part);
                moments.add(part);
                if !told_apart {
                    distinct.add_numbers(part);
                }
            }
        });
        let histogram = extent.range().ok().map(|(min, max)| {
            let edges = all_edges(min, max, bins);
            let inner = NumericBins::new(edges[1..edges.len() - 1].iter().copied());
            let counted = inner.count(column).bins;
            let mut counts = vec![0; edges.len() - 1];
            counts[..counted.len()].copy_from_slice(&counted);
            // The outermost bins hold infinities, which are no part of the picture.
            let (lowest, highest) = extent.infinities();
            counts[0] -= lowest;
            counts[counted.len() - 1] -= highest;
            Histogram { edges, counts }
        });
        let quantiles = Quantiles::new(&quantiles(column, &extent, &PROBABILITIES), 0.0);
        describe(&extent, &moments, distinct.count(), quantiles, histogram)
    }
}

fn describe(
    extent: &Extent,
    moments: &Moments,
    distinct: DistinctCount,
    quantiles: Quantiles,
    histogram: Option<Histogram>,
) -> NumericStats {
    let range = extent.range();
    NumericStats {
        rows: extent.rows(),
        missing: extent.missing(),
        infinite: extent.infinite(),
        mean: range.and_then(|_| moments.mean()).into(),
        stddev: range.and_then(|_| moments.standard_deviation()).into(),
        min: range.map(|(min, _)| min).into(),
        max: range.map(|(_, max)| max).into(),
        distinct: Shared::new(distinct, extent.rows() - extent.missing()),
        quantiles,
        histogram,
    }
}

/// The edges of a histogram. All values are equal: one bin.
fn all_edges(min: f64, max: f64, bins: usize) -> Vec<f64> {
    let bins = if min < max { bins.max(1) } else { 1 };
    let mut edges = vec![min];
    edges.extend(even_edges(min, max, bins));
    edges.push(max);
    edges
}
