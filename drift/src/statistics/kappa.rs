//! By how much two raters agree beyond chance: Cohen's kappa.
//!
//! With the share pᵢⱼ of items that the first rater put into category i and the second into j, row
//! sums pᵢ and column sums qⱼ:
//!
//! ```text
//! p₀ = Σ pᵢᵢ      pₑ = Σ pᵢ·qᵢ      κ = (p₀ − pₑ)/(1 − pₑ)
//!
//! SE² = [ Σ pᵢᵢ·(1 − (pᵢ + qᵢ)(1 − κ))² + (1 − κ)²·Σᵢ≠ⱼ pᵢⱼ·(pⱼ + qᵢ)² − (κ − pₑ(1 − κ))² ] / (n(1 − pₑ)²)
//! ```
//!
//! 1 is full agreement, 0 what chance gives, below 0 less than that. The interval κ ± z·SE is that of
//! many items; it is cut at −1 and 1.
//!
//! Sources: J. Cohen, *A coefficient of agreement for nominal scales*, Educational and Psychological
//! Measurement 20 (1960); the standard error: J. L. Fleiss, J. Cohen, B. S. Everitt, *Large sample
//! standard errors of kappa and weighted kappa*, Psychological Bulletin 72 (1969).

use serde::{Deserialize, Serialize};

use super::{Alpha, Interval};
use crate::Absent;

/// How far two raters agree.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kappa {
    /// κ.
    pub kappa: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Between which bounds it lies.
    pub interval: Interval,
    /// The share of items on which both agree.
    pub observed: f64,
    /// The share on which they would by chance.
    pub expected: f64,
}

/// Cohen's kappa of a square table: how many items the first rater put into the category of the row
/// and the second into that of the column.
///
/// ```
/// use scouter_drift::statistics::{Alpha, kappa::cohen};
///
/// let both = cohen(&[[20, 5], [10, 15]], Alpha::USUAL)?;
/// assert!((both.kappa - 0.4).abs() < 1e-12);
/// assert_eq!(format!("{:.2} to {:.2}", both.interval.low, both.interval.high), "0.15 to 0.65");
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// There are no items, both raters put all of them into one category, or the table is not square.
pub fn cohen<R: AsRef<[u64]>>(table: &[R], alpha: Alpha) -> Result<Kappa, Absent> {
    let size = table.len();
    if let Some(row) = table.iter().find(|row| row.as_ref().len() != size) {
        return Err(Absent::Mismatch { left: size as u64, right: row.as_ref().len() as u64 });
    }
    let items: u64 = table.iter().flat_map(AsRef::as_ref).sum();
    if items == 0 {
        return Err(Absent::NoRows);
    }
    let n = items as f64;
    let p = |i: usize, j: usize| table[i].as_ref()[j] as f64 / n;
    let rows: Vec<f64> = (0..size).map(|i| (0..size).map(|j| p(i, j)).sum()).collect();
    let columns: Vec<f64> = (0..size).map(|j| (0..size).map(|i| p(i, j)).sum()).collect();
    let one_category = (0..size).any(|i| table[i].as_ref()[i] == items);
    if one_category {
        return Err(Absent::Constant);
    }
    let observed: f64 = (0..size).map(|i| p(i, i)).sum();
    let expected: f64 = rows.iter().zip(&columns).map(|(row, column)| row * column).sum();
    let kappa = (observed - expected) / (1.0 - expected);
    let beyond = 1.0 - kappa;
    let (mut agreed, mut not) = (0.0, 0.0);
    for i in 0..size {
        agreed += p(i, i) * (1.0 - (rows[i] + columns[i]) * beyond).powi(2);
        for j in (0..size).filter(|j| *j != i) {
            not += p(i, j) * (rows[j] + columns[i]).powi(2);
        }
    }
    let spread = agreed + beyond * beyond * not - (kappa - expected * beyond).powi(2);
    // Where all agree nothing varies, and rounding can leave less than nothing.
    let standard_error = (spread.max(0.0) / n).sqrt() / (1.0 - expected);
    let Interval { low, high } = Interval::around(kappa, alpha.z() * standard_error);
    Ok(Kappa {
        kappa,
        standard_error,
        interval: Interval { low: low.max(-1.0), high: high.min(1.0) },
        observed,
        expected,
    })
}
