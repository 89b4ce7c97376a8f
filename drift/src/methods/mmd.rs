//! The maximum mean discrepancy: how far the means of two samples are apart in the space of a Gaussian kernel
//! k(x, y) = exp(−|x − y|²/(2σ²)), which sees any difference of distributions, in any number of dimensions:
//!
//! ```text
//! MMD² = Σ_{i≠j} k(xᵢ, xⱼ)/(n(n − 1)) + Σ_{i≠j} k(yᵢ, yⱼ)/(m(m − 1)) − 2·Σ k(xᵢ, yⱼ)/(nm)
//! ```
//!
//! Unbiased, so it can be below zero. The p-value is by permutation: how often rows dealt anew to both sides are at least as far
//! apart. Gretton, Borgwardt, Rasch, Schölkopf and Smola, "A kernel two-sample test", JMLR 13 (2012).

use serde::{Deserialize, Serialize};

use super::Points;
use crate::{Absent, random::Random};

/// How the discrepancy is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mmd {
    /// σ; the median distance of all rows by √2 where none above 0 is given.
    pub bandwidth: Option<f64>,
    /// How often rows are dealt anew. The least p-value is 1/(this + 1).
    pub permutations: u32,
    /// More rows than this are thinned out evenly on each side: time grows with their square.
    pub most_rows: usize,
    /// Where the random numbers begin. The same seed gives the same p-value.
    pub seed: u64,
}

impl Default for Mmd {
    fn default() -> Self {
        Self { bandwidth: None, permutations: 500, most_rows: 500, seed: 0 }
    }
}

/// MMD² and its p-value.
///
/// ```
/// use scouter_drift::methods::{Mmd, Points, mmd};
///
/// let before = Points::of_columns(&[&[0.0, 1.0, 2.0][..]])?;
/// let after = Points::of_columns(&[&[1.0, 2.0, 4.0][..]])?;
/// let how = Mmd { bandwidth: Some(1.0), ..Mmd::default() };
/// let (statistic, p) = mmd(&before, &after, how)?;
/// assert!((statistic + 0.21103326478960394).abs() < 1e-12);
/// assert!(p > 0.5);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side has fewer than two rows, the rows have different numbers of values, or all rows are equal.
pub fn mmd(baseline: &Points, current: &Points, how: Mmd) -> Result<(f64, f64), Absent> {
    baseline.same_width(current)?;
    for side in [baseline, current] {
        if side.rows() < 2 {
            return Err(Absent::TooFew { needed: 2, found: side.rows() as u64 });
        }
    }
    let mut rows = baseline.thinned(how.most_rows);
    let n = rows.len();
    rows.extend(current.thinned(how.most_rows));
    let kernel = Kernel::new(&rows, how.bandwidth)?;
    let mut of_baseline: Vec<bool> = (0..rows.len()).map(|i| i < n).collect();
    let statistic = kernel.discrepancy(&of_baseline);
    let (mut as_far, mut random) = (0_u32, Random::of(how.seed));
    for _ in 0..how.permutations {
        random.shuffle(&mut of_baseline);
        as_far += u32::from(kernel.discrepancy(&of_baseline) >= statistic);
    }
    Ok((statistic, (f64::from(as_far) + 1.0) / (f64::from(how.permutations) + 1.0)))
}

/// The kernel of every pair of different rows; a row with itself is left out, as zero.
struct Kernel {
    size: usize,
    values: Vec<f64>,
}

impl Kernel {
    fn new(rows: &[&[f64]], bandwidth: Option<f64>) -> Result<Self, Absent> {
        let size = rows.len();
        let mut values = vec![0.0; size * size];
        let mut distances = Vec::with_capacity(size * (size - 1) / 2);
        for i in 0..size {
            for j in 0..i {
                let square: f64 = rows[i].iter().zip(rows[j]).map(|(x, y)| (x - y) * (x - y)).sum();
                values[i * size + j] = square;
                distances.push(square);
            }
        }
        let variance = if let Some(sigma) = bandwidth.filter(|sigma| *sigma > 0.0 && sigma * sigma > 0.0) {
            sigma * sigma
        } else {
            distances.retain(|square| *square > 0.0);
            if distances.is_empty() {
                return Err(Absent::Constant);
            }
            let middle = distances.len() / 2;
            *distances.select_nth_unstable_by(middle, f64::total_cmp).1 / 2.0
        };
        for i in 0..size {
            for j in 0..i {
                let k = (-values[i * size + j] / (2.0 * variance)).exp();
                values[i * size + j] = k;
                values[j * size + i] = k;
            }
        }
        Ok(Self { size, values })
    }

    fn discrepancy(&self, of_baseline: &[bool]) -> f64 {
        let side: Vec<f64> = of_baseline.iter().map(|first| f64::from(u8::from(*first))).collect();
        let (mut within_first, mut across, mut within_second) = (0.0, 0.0, 0.0);
        for (row, first) in self.values.chunks(self.size).zip(of_baseline) {
            let all: f64 = row.iter().sum();
            let to_first: f64 = row.iter().zip(&side).map(|(k, s)| k * s).sum();
            if *first {
                within_first += to_first;
                across += all - to_first;
            } else {
                within_second += all - to_first;
            }
        }
        let n = side.iter().sum::<f64>();
        let m = self.size as f64 - n;
        within_first / (n * (n - 1.0)) + within_second / (m * (m - 1.0)) - 2.0 * across / (n * m)
    }
}
