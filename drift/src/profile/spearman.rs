//! Spearman's correlation: Pearson's of the ranks, equal values having the mean of theirs. C. Spearman (1904). Ranks are of the whole,
//! so those of parts do not merge, and they must be kept: how many is bounded ([`Ranks::MOST_ROWS`], [`Ranks::MOST`]). Of parts the values
//! are kept, up to the same bounds ([`Associations`](super::Associations)).

use super::CoMoments;
use crate::{Absent, column::Column};

/// The correlation of the ranks of two columns, over rows in which both values are finite.
///
/// ```
/// use scouter_drift::profile::spearman;
///
/// let correlation = spearman(&[1.0, 2.0, 3.0, 4.0], &[1.0, 8.0, 27.0, 64.0])?;
/// assert!((correlation - 1.0).abs() < 1e-12);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// Fewer than two rows have both values, a column is constant in them, or there are too many rows.
pub fn spearman(x: &[f64], y: &[f64]) -> Result<f64, Absent> {
    Ranks::of(x)?.correlation(&Ranks::of(y)?)
}

/// The ranks of a column, in half of the memory that its values take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranks {
    /// By row, twice the rank, which is whole where equal values have the mean of theirs; 0 where the value is not finite.
    twice: Vec<u32>,
    /// How many rows have a rank.
    ranked: usize,
}

impl Ranks {
    /// So many rows can be ranked.
    pub const MOST_ROWS: usize = 1 << 21;

    /// So many ranks of columns that are compared are kept: 128 MB.
    pub const MOST: usize = 1 << 25;

    /// The ranks of so many rows of so many columns can be kept.
    ///
    /// # Errors
    /// They are too many.
    pub fn fit(rows: usize, columns: usize) -> Result<(), Absent> {
        if rows > Self::MOST_ROWS {
            return Err(Absent::TooManyRanks { most: Self::MOST_ROWS as u64 });
        }
        if rows.saturating_mul(columns) > Self::MOST {
            return Err(Absent::TooManyRanks { most: (Self::MOST / columns.max(1)) as u64 });
        }
        Ok(())
    }

    /// The ranks of a column.
    ///
    /// # Errors
    /// There are too many rows.
    pub fn of(column: &(impl Column + ?Sized)) -> Result<Self, Absent> {
        Self::fit(column.rows(), 1)?;
        let mut order: Vec<(f64, u32)> = Vec::with_capacity(column.rows());
        let mut row = 0_u32;
        column.each_chunk(&mut |chunk| {
            for v in chunk {
                if v.is_finite() {
                    order.push((*v, row));
                }
                row += 1;
            }
        });
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut twice = vec![0; column.rows()];
        let mut passed = 0;
        for ties in order.chunk_by(|a, b| a.0 >= b.0) {
            let ranks = twice_the_mean(&mut passed, ties.len());
            for (_, row) in ties {
                twice[*row as usize] = ranks;
            }
        }
        Ok(Self { ranked: order.len(), twice })
    }

    /// Spearman's correlation, over rows that both have a rank of.
    ///
    /// # Errors
    /// Fewer than two rows have both values, or a column is constant in them.
    pub fn correlation(&self, other: &Self) -> Result<f64, Absent> {
        let rows = || self.twice.iter().zip(&other.twice).filter(|(a, b)| **a != 0 && **b != 0);
        // Where rows are left out, those that stay have other ranks, in the same order.
        let is_whole = self.ranked == self.twice.len() && other.ranked == other.twice.len();
        let (mut left, mut right) = (Vec::new(), Vec::new());
        if !is_whole {
            left = vec![0_u32; 2 * self.twice.len() + 1];
            right = vec![0_u32; 2 * other.twice.len() + 1];
            for (a, b) in rows() {
                left[*a as usize] += 1;
                right[*b as usize] += 1;
            }
            for counts in [&mut left, &mut right] {
                let mut passed = 0;
                for count in counts.iter_mut().filter(|count| **count > 0) {
                    *count = twice_the_mean(&mut passed, *count as usize);
                }
            }
        }
        let mut pair = CoMoments::default();
        let (mut x, mut y) = (Vec::with_capacity(TOGETHER), Vec::with_capacity(TOGETHER));
        for (a, b) in rows() {
            x.push(f64::from(if is_whole { *a } else { left[*a as usize] }));
            y.push(f64::from(if is_whole { *b } else { right[*b as usize] }));
            if x.len() == TOGETHER {
                pair.add(&x, &y);
                x.clear();
                y.clear();
            }
        }
        pair.add(&x, &y);
        pair.correlation()
    }
}

/// Rows that are looked at together.
const TOGETHER: usize = 512;

/// Twice the mean of the ranks of so many equal values behind those that have passed.
fn twice_the_mean(passed: &mut u32, ties: usize) -> u32 {
    // There are no more rows than can be ranked.
    let ties = u32::try_from(ties).unwrap_or(u32::MAX);
    let twice = 2 * *passed + ties + 1;
    *passed += ties;
    twice
}
