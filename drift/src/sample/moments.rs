//! Mean, variance and skewness of finite values, in one pass and in parts.
//!
//! With `δ = mean_b − mean_a` and `n = n_a + n_b`, two parts combine to
//!
//! ```text
//! mean = mean_a + δ·n_b/n
//! M₂ = M₂a + M₂b + δ²·n_a·n_b/n
//! M₃ = M₃a + M₃b + δ³·n_a·n_b·(n_a − n_b)/n² + 3δ·(n_a·M₂b − n_b·M₂a)/n
//! ```
//!
//! Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979); the third
//! moment: Pébay, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical
//! moments" (2008).

use std::{array::from_fn, cmp::Ordering};

use serde::{Deserialize, Serialize};

use crate::{Absent, column::Column, wide::wide};

/// Count, mean and central sums of the finite values; missing values and infinities are left out.
///
/// ```
/// use scouter_drift::sample::Moments;
///
/// let moments = Moments::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0][..]);
/// assert_eq!(moments.mean(), Ok(5.0));
/// assert_eq!(moments.population_variance(), Ok(4.0));
/// ```
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Moments {
    count: u64,
    mean: f64,
    m2: f64,
    m3: f64,
}

/// Sums that are beyond the largest number may be NaN, and a state is to equal its own copy.
impl PartialEq for Moments {
    fn eq(&self, other: &Self) -> bool {
        let same =
            |a: f64, b: f64| (a.is_nan() && b.is_nan()) || a.partial_cmp(&b).is_some_and(Ordering::is_eq);
        self.count == other.count
            && same(self.mean, other.mean)
            && same(self.m2, other.m2)
            && same(self.m3, other.m3)
    }
}

/// Values whose sums are taken at once; small enough to be read twice from the first level of the cache.
const BLOCK: usize = 512;
const LANES: usize = 8;

impl Moments {
    /// The moments of a whole column.
    pub fn of(column: &(impl Column + ?Sized)) -> Self {
        let mut moments = Self::default();
        column.each_chunk(&mut |chunk| moments.add(chunk));
        moments
    }

    /// Takes in a chunk.
    pub fn add(&mut self, chunk: &[f64]) {
        for block in chunk.chunks(BLOCK) {
            self.merge(&wide(
                #[inline(always)]
                || Self::of_block(block),
            ));
        }
    }

    /// Sums around the block's own mean: exact to rounding whatever the mean is. The mean itself is taken around the first value, so that
    /// the mean of equal values is exactly their value.
    #[inline(always)]
    fn of_block(block: &[f64]) -> Self {
        let Some(first) = block.iter().copied().find(|v| v.is_finite()) else {
            return Self::default();
        };
        let mut count = 0_u64;
        let sum = lanes(block, |v| {
            let finite = v.is_finite();
            count += u64::from(finite);
            if finite { v - first } else { 0.0 }
        });
        let mean = first + sum / count as f64;
        let m2 = lanes(block, |v| {
            let d = if v.is_finite() { v - mean } else { 0.0 };
            d * d
        });
        let m3 = lanes(block, |v| {
            let d = if v.is_finite() { v - mean } else { 0.0 };
            d * d * d
        });
        Self { count, mean, m2, m3 }
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (na, nb) = (self.count as f64, other.count as f64);
        let n = na + nb;
        let delta = other.mean - self.mean;
        self.m3 += other.m3
            + delta.powi(3) * na * nb * (na - nb) / (n * n)
            + 3.0 * delta * (na * other.m2 - nb * self.m2) / n;
        self.m2 += other.m2 + delta * delta * na * nb / n;
        self.mean += delta * nb / n;
        self.count += other.count;
    }

    /// How many finite values there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The arithmetic mean.
    ///
    /// # Errors
    /// There are no values.
    pub fn mean(&self) -> Result<f64, Absent> {
        self.at_least(1).map(|()| self.mean)
    }

    /// Σ(x − x̄)²/(n − 1).
    ///
    /// # Errors
    /// There are fewer than two values.
    pub fn variance(&self) -> Result<f64, Absent> {
        self.at_least(2).map(|()| self.m2 / (self.count - 1) as f64)
    }

    /// √ of [`variance`](Self::variance).
    ///
    /// # Errors
    /// There are fewer than two values.
    pub fn standard_deviation(&self) -> Result<f64, Absent> {
        self.variance().map(f64::sqrt)
    }

    /// Σ(x − x̄)²/n.
    ///
    /// # Errors
    /// There are no values.
    pub fn population_variance(&self) -> Result<f64, Absent> {
        self.at_least(1).map(|()| self.m2 / self.count as f64)
    }

    /// g₁ = (M₃/n) / (M₂/n)^1.5, the population's skewness.
    ///
    /// # Errors
    /// There are no values, all are equal, or a sum is beyond the largest number.
    pub fn skewness(&self) -> Result<f64, Absent> {
        let variance = self.population_variance()?;
        let cube = variance.powf(1.5);
        if variance <= 0.0 {
            Err(Absent::Constant)
        } else if cube.is_normal() && self.m3.is_finite() {
            Ok(self.m3 / self.count as f64 / cube)
        } else {
            Err(Absent::Overflow)
        }
    }

    fn at_least(&self, needed: u64) -> Result<(), Absent> {
        if self.count >= needed { Ok(()) } else { Err(Absent::TooFew { needed, found: self.count }) }
    }
}

/// The sum of a function of every value, in lanes that the compiler can hold in few vector registers. Which value is added to which
/// does not depend on the processor, so neither does the sum.
#[inline(always)]
pub(crate) fn lanes(block: &[f64], mut f: impl FnMut(f64) -> f64) -> f64 {
    let mut sums = [0.0; LANES];
    let (blocks, rest) = block.as_chunks::<LANES>();
    for block in blocks {
        for lane in 0..LANES {
            sums[lane] += f(block[lane]);
        }
    }
    in_pairs(sums, |a, b| a + b) + rest.iter().fold(0.0, |sum, v| sum + f(*v))
}

/// The sum of a function of every pair of values of two equally long blocks, in the same manner.
#[inline(always)]
pub(crate) fn lanes_of_two(a: &[f64], b: &[f64], f: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sums = [0.0; LANES];
    let ((blocks, rest), (blocks_too, rest_too)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in blocks.iter().zip(blocks_too) {
        for lane in 0..LANES {
            sums[lane] += f(a[lane], b[lane]);
        }
    }
    in_pairs(sums, |a, b| a + b) + rest.iter().zip(rest_too).fold(0.0, |sum, (a, b)| sum + f(*a, *b))
}

/// The sums of so many rows of numbers: of each column, to the last bit, what [`lanes`] makes of its values.
#[inline(always)]
pub(crate) fn lanes_of_rows<const N: usize>(count: usize, row: impl Fn(usize) -> [f64; N]) -> [f64; N] {
    let mut sums = [[0.0; N]; LANES];
    let blocks = count / LANES;
    for block in 0..blocks {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum = added(*sum, row(block * LANES + lane));
        }
    }
    let rest = (blocks * LANES..count).fold(
        [0.0; N],
        #[inline(always)]
        |sum, at| added(sum, row(at)),
    );
    added(in_pairs(sums, added), rest)
}

#[inline(always)]
fn added<const N: usize>(a: [f64; N], b: [f64; N]) -> [f64; N] {
    from_fn(|at| a[at] + b[at])
}

/// The sum of all lanes, in pairs: one after the other, each addition would wait for the one before.
#[inline(always)]
fn in_pairs<T: Copy>(sums: [T; LANES], add: impl Fn(T, T) -> T) -> T {
    let even = add(add(sums[0], sums[4]), add(sums[2], sums[6]));
    let odd = add(add(sums[1], sums[5]), add(sums[3], sums[7]));
    add(even, odd)
}
