//! The Wasserstein distance (earth mover's): ∫|F(x) − G(x)| dx, in the unit of the data: how far values must be moved on average.
//! It says how much has changed rather than whether anything has, so it is judged by a threshold, a tenth of the baseline's
//! standard deviation by custom. L. Vaserstein (1969). Of few values a distance beyond it can be chance, which the p-value, by
//! permutation, tells.

use super::{deal, steps::steps};
use crate::{Absent, sample::Sorted};

/// More different values than this are dealt in as many groups of neighbours, for the p-value alone.
const CELLS: usize = 128;

/// The distance of two samples and its p-value, not below 0.001.
///
/// ```
/// use scouter_drift::{methods::wasserstein, sample::Sorted};
///
/// let before = Sorted::of(&[0.0, 1.0, 3.0][..]);
/// let after = Sorted::of(&[5.0, 6.0, 8.0][..]);
/// let (distance, p) = wasserstein(&before, &after)?;
/// assert_eq!(distance, 5.0);
/// // Two of the twenty ways to deal six values to two sides are as far apart.
/// assert!((p - 0.1).abs() < 0.03);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side has no finite value.
pub fn wasserstein(baseline: &Sorted, current: &Sorted) -> Result<(f64, f64), Absent> {
    baseline.not_empty()?;
    current.not_empty()?;
    let (mut area, mut last, mut apart) = (0.0, 0.0, 0.0_f64);
    steps(baseline.values(), current.values(), |value, difference| {
        area += apart.abs() * (value - last);
        (last, apart) = (value, difference);
    });
    let cells = Cells::of(baseline.values(), current.values());
    let p = deal::p_value(&cells.before, &cells.after, |first| cells.area(first));
    Ok((area, p))
}

/// Both samples, counted in groups of neighbouring values.
struct Cells {
    starts: Vec<f64>,
    before: Vec<u64>,
    after: Vec<u64>,
}

impl Cells {
    fn of(before: &[f64], after: &[f64]) -> Self {
        let least = (before.len() + after.len()).div_ceil(CELLS) as u64;
        let mut cells = Self { starts: Vec::new(), before: Vec::new(), after: Vec::new() };
        let (mut passed, mut passed_too, mut full) = (0, 0, true);
        steps(before, after, |value, _| {
            if full {
                cells.starts.push(value);
                cells.before.push(0);
                cells.after.push(0);
            }
            let place = cells.starts.len() - 1;
            let (equal, equal_too) = (run(&before[passed..], value), run(&after[passed_too..], value));
            cells.before[place] += equal as u64;
            cells.after[place] += equal_too as u64;
            (passed, passed_too) = (passed + equal, passed_too + equal_too);
            full = cells.before[place] + cells.after[place] >= least;
        });
        cells
    }

    /// The distance of both sides, if the first had these counts.
    fn area(&self, first: &[u64]) -> f64 {
        let (n, m) = (self.before.iter().sum::<u64>() as f64, self.after.iter().sum::<u64>() as f64);
        let (mut area, mut of_first, mut of_second) = (0.0, 0.0, 0.0);
        for (i, gap) in self.starts.windows(2).enumerate() {
            of_first += first[i] as f64;
            of_second += (self.before[i] + self.after[i] - first[i]) as f64;
            area += (of_first / n - of_second / m).abs() * (gap[1] - gap[0]);
        }
        area
    }
}

/// How many values at the beginning are not greater.
fn run(sorted: &[f64], value: f64) -> usize {
    sorted.iter().take_while(|v| **v <= value).count()
}
