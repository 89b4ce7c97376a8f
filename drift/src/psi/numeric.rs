//! Bins of numbers: intervals that are open below and closed above, `(−∞, e₁], (e₁, e₂], …, (e_k, ∞)`, so that every number
//! has a bin and infinities fall into the outermost.
//!
//! Few bins are counted without looking any value up: for every edge, how many values lie above it is a sum of comparisons,
//! which vector instructions take several at a time; counts of bins are differences of those sums. Where there are many bins
//! a search finds each value's: by arithmetic where edges are evenly spaced, else by halving.

use super::Counts;
use crate::{Absent, column::Column, wide::wide};

/// Up to this many edges, comparing with all of them is faster than a search.
const COMPARED: usize = 24;
/// Values that are compared with one edge after the other while they stay in the first level of the cache.
const BLOCK: usize = 1024;

/// Intervals between ascending edges.
///
/// ```
/// use scouter_drift::psi::NumericBins;
///
/// let bins = NumericBins::new([0.0, 10.0]);
/// let counts = bins.count(&[-5.0, 0.0, 3.0, f64::INFINITY, f64::NAN][..]);
/// assert_eq!((counts.bins.as_slice(), counts.missing), ([2, 1, 1].as_slice(), 1));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct NumericBins {
    edges: Vec<f64>,
    even: Option<Even>,
}

/// Evenly spaced edges: which one comes next is a matter of arithmetic, give or take one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Even {
    first: f64,
    per_unit: f64,
}

impl NumericBins {
    /// Bins between these edges, in any order. What is not finite or repeats is left out.
    pub fn new(edges: impl IntoIterator<Item = f64>) -> Self {
        let mut edges: Vec<f64> = edges.into_iter().filter(|e| e.is_finite()).collect();
        edges.sort_unstable_by(f64::total_cmp);
        edges.dedup_by(|later, earlier| later <= earlier);
        Self { even: even(&edges), edges }
    }

    /// The edges between the bins, ascending; one fewer than there are bins.
    pub fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// How many bins there are.
    pub fn len(&self) -> usize {
        self.edges.len() + 1
    }

    /// Whether all numbers fall into one bin.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// Counters that have seen nothing.
    pub fn zero(&self) -> Counts {
        Counts::zero(self.len())
    }

    /// Counts a whole column.
    pub fn count(&self, column: &(impl Column + ?Sized)) -> Counts {
        let mut counts = self.zero();
        column.each_chunk(&mut |chunk| self.add(chunk, &mut counts.bins, &mut counts.missing));
        counts
    }

    /// Counts a chunk into counters of these bins.
    ///
    /// # Errors
    /// The counters are of other bins.
    pub fn count_chunk(&self, chunk: &[f64], counts: &mut Counts) -> Result<(), Absent> {
        if counts.bins.len() == self.len() {
            self.add(chunk, &mut counts.bins, &mut counts.missing);
            Ok(())
        } else {
            Err(Absent::Mismatch { left: self.len() as u64, right: counts.bins.len() as u64 })
        }
    }

    fn add(&self, chunk: &[f64], bins: &mut [u64], missing: &mut u64) {
        wide(
            #[inline(always)]
            || self.add_wide(chunk, bins, missing),
        );
    }

    #[inline(always)]
    fn add_wide(&self, chunk: &[f64], bins: &mut [u64], missing: &mut u64) {
        for block in chunk.chunks(BLOCK) {
            let absent = count_of(block, f64::is_nan);
            *missing += absent;
            if self.edges.len() <= COMPARED {
                let mut left = block.len() as u64 - absent;
                for (edge, bin) in self.edges.iter().zip(bins.iter_mut()) {
                    let above = count_of(block, |v| v > *edge);
                    *bin += left - above;
                    left = above;
                }
                if let Some(last) = bins.last_mut() {
                    *last += left;
                }
            } else {
                for v in block.iter().filter(|v| !v.is_nan()) {
                    bins[self.bin(*v)] += 1;
                }
            }
        }
    }

    /// The bin of a number; NaN belongs to none and is given the first.
    pub fn bin(&self, v: f64) -> usize {
        let Some(even) = self.even else {
            return self.edges.partition_point(|edge| *edge < v);
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast saturates, and what is out of range belongs to an outermost bin"
        )]
        let mut bin = (((v - even.first) * even.per_unit).ceil() as usize).min(self.edges.len());
        // The edges decide; arithmetic was a guess.
        while bin > 0 && self.edges[bin - 1] >= v {
            bin -= 1;
        }
        while bin < self.edges.len() && self.edges[bin] < v {
            bin += 1;
        }
        bin
    }
}

#[inline(always)]
fn count_of(block: &[f64], condition: impl Fn(f64) -> bool) -> u64 {
    block.iter().map(|v| u64::from(condition(*v))).sum()
}

fn even(edges: &[f64]) -> Option<Even> {
    let (first, last) = (*edges.first()?, *edges.last()?);
    let width = (last - first) / (edges.len() - 1) as f64;
    let mut ideal = edges.iter().enumerate().map(|(i, edge)| (first + i as f64 * width - edge).abs());
    (width.is_finite() && width > 0.0 && ideal.all(|off| off < width))
        .then_some(Even { first, per_unit: 1.0 / width })
}
