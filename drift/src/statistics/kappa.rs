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
//! 1 is full agreement, 0 what chance gives, below 0 less than that.
//!
//! The interval is κ' ± z·SE', where κ' and SE' are those of the table with two more items in every row, spread over
//! its columns; it is cut at −1 and 1, and widened where κ itself is beyond it. κ ± z·SE takes a table without
//! mistakes for certainty, and with few items its lower end is far too often above the truth: of a judge that is right
//! on 95 % of ten good and of ten bad records, in 36 % of draws where 2.5 % are promised. With one success and one
//! failure more of each kind, in 2.5 % at most (exact, over ten to two hundred records of either kind, judges that are right
//! on 60 to 99 %; `tests/statistics/simulation.rs`).
//!
//! Sources: J. Cohen, *A coefficient of agreement for nominal scales*, Educational and Psychological
//! Measurement 20 (1960); the standard error: J. L. Fleiss, J. Cohen, B. S. Everitt, *Large sample
//! standard errors of kappa and weighted kappa*, Psychological Bulletin 72 (1969); the items that are added: A. Agresti, B. Caffo,
//! *Simple and effective confidence intervals for proportions and differences of proportions result from adding two
//! successes and two failures*, The American Statistician 54 (2000).

use serde::{Deserialize, Serialize};

use super::{Alpha, Interval};
use crate::Absent;

/// How far two raters agree.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kappa {
    /// κ.
    pub kappa: f64,
    /// Its standard error, as of many items: 0 where nobody disagrees.
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
/// assert_eq!(format!("{:.2} to {:.2}", both.interval.low, both.interval.high), "0.13 to 0.61");
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
    if (0..size).any(|i| table[i].as_ref()[i] == items) {
        return Err(Absent::Constant);
    }
    let Agreement { kappa, standard_error, observed, expected } = agreement(table, 0.0);
    let more = agreement(table, 2.0 / size as f64);
    let Interval { low, high } = Interval::around(more.kappa, alpha.z() * more.standard_error);
    Ok(Kappa {
        kappa,
        standard_error,
        interval: Interval { low: low.min(kappa).max(-1.0), high: high.max(kappa).min(1.0) },
        observed,
        expected,
    })
}

/// κ and what it is made of.
struct Agreement {
    kappa: f64,
    standard_error: f64,
    observed: f64,
    expected: f64,
}

/// The agreement of a table with `more` items in each of its cells.
fn agreement<R: AsRef<[u64]>>(table: &[R], more: f64) -> Agreement {
    let size = table.len();
    let cell = |i: usize, j: usize| table[i].as_ref()[j] as f64 + more;
    let n: f64 = (0..size).flat_map(|i| (0..size).map(move |j| (i, j))).map(|(i, j)| cell(i, j)).sum();
    let p = |i: usize, j: usize| cell(i, j) / n;
    let rows: Vec<f64> = (0..size).map(|i| (0..size).map(|j| p(i, j)).sum()).collect();
    let columns: Vec<f64> = (0..size).map(|j| (0..size).map(|i| p(i, j)).sum()).collect();
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
    Agreement { kappa, standard_error, observed, expected }
}
