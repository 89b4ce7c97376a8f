//! Pearson's test of homogeneity: χ² = Σ (O − E)²/E over both sides and all bins, with E = row total · column total / all. Without
//! drift it is distributed as χ²(B − 1), where no E is much below 5. K. Pearson (1900). Cramér's V = √(χ²/(n·(min(rows, columns) − 1))),
//! H. Cramér, "Mathematical methods of statistics" (1946).

use super::divergence::tail;
use crate::{Absent, psi::Counts};

/// χ² and its p-value for counts in the same bins.
///
/// ```
/// use scouter_drift::{methods::chi_square, psi::Counts};
///
/// let (statistic, p) = chi_square(&Counts::of_bins([20, 30, 24, 26]), &Counts::of_bins([16, 28, 32, 24]))?;
/// assert!((statistic - 1.7362671045).abs() < 1e-9 && (p - 0.6289).abs() < 1e-4);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side is empty, or the counts are of different bins.
pub fn chi_square(baseline: &Counts, current: &Counts) -> Result<(f64, f64), Absent> {
    let (_, before, after) = baseline.beside(current)?;
    let statistic = of_table(&[before.clone(), after]);
    Ok((statistic, tail(statistic, before.len())))
}

/// Cramér's V of a table of counts: how strongly its rows and columns hang together, from 0 to 1. Empty rows and columns do not
/// count.
///
/// ```
/// use scouter_drift::methods::cramers_v;
///
/// let v = cramers_v(&[vec![20, 30, 24, 26], vec![16, 28, 32, 24]])?;
/// assert!((v - 0.09317368471148296).abs() < 1e-12);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// There is nothing in the table, or only one row or column has anything.
pub fn cramers_v(table: &[Vec<u64>]) -> Result<f64, Absent> {
    let total: u64 = table.iter().flatten().sum();
    if total == 0 {
        return Err(Absent::NoRows);
    }
    let columns = table.iter().map(Vec::len).max().unwrap_or(0);
    let filled = |column: usize| table.iter().any(|row| row.get(column).is_some_and(|count| *count > 0));
    let columns = (0..columns).filter(|column| filled(*column)).count();
    let rows = table.iter().filter(|row| row.iter().any(|count| *count > 0)).count();
    match rows.min(columns) {
        0 | 1 => Err(Absent::Constant),
        least => Ok((of_table(table) / (total as f64 * (least - 1) as f64)).sqrt()),
    }
}

fn of_table(table: &[Vec<u64>]) -> f64 {
    let width = table.iter().map(Vec::len).max().unwrap_or(0);
    let mut columns = vec![0_u64; width];
    for row in table {
        for (sum, count) in columns.iter_mut().zip(row) {
            *sum += count;
        }
    }
    let total = columns.iter().sum::<u64>() as f64;
    let mut statistic = 0.0;
    for row in table {
        let sum = row.iter().sum::<u64>() as f64;
        for (i, column) in columns.iter().enumerate().filter(|(_, column)| **column > 0) {
            let expected = sum * *column as f64 / total;
            if expected > 0.0 {
                statistic += (row.get(i).copied().unwrap_or(0) as f64 - expected).powi(2) / expected;
            }
        }
    }
    statistic
}
