//! Pearson's test of homogeneity: χ² = Σ (O − E)²/E over both sides and all bins, with E = row total · column total / all. Without
//! drift it is distributed as χ²(B − 1), where no E is much below 5. K. Pearson (1900). Cramér's V = √(χ²/(n·(min(rows, columns) − 1))),
//! H. Cramér, "Mathematical methods of statistics" (1946).

use statrs::distribution::{ContinuousCDF, Gamma};

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

/// The p-value of the same test where bins may have few rows: by the gamma distribution that has the mean and the variance which χ² has
/// if rows are dealt to both sides at random. With n and m rows, N = n + m, tⱼ of both sides in each of B bins:
///
/// ```text
/// mean      N·(B − 1)/(N − 1)
/// variance  2N/(N − 3)·(v − w)(V − W) + N²/(N − 1)·w·W
///             v = (N − 2)/(N − 1)             w = (N·(1/n + 1/m) − 4)/(N − 2)
///             V = (B − 1)(N − B)/(N − 1)      W = (N·Σ 1/tⱼ − B²)/(N − 2)
/// ```
///
/// Where every bin has many rows it is that of χ²(B − 1). J. Haldane, "The mean and variance of χ², when used as a test of homogeneity, when
/// expectations are small", Biometrika 31 (1940). Certain for one bin, and where no two rows share one.
///
/// ```
/// use scouter_drift::{methods::homogeneity, psi::Counts};
///
/// let p = homogeneity(&Counts::of_bins([20, 30, 24, 26]), &Counts::of_bins([16, 28, 32, 24]))?;
/// assert!((p - 0.6336).abs() < 1e-4);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side is empty, or the counts are of different bins.
pub fn homogeneity(baseline: &Counts, current: &Counts) -> Result<f64, Absent> {
    let (_, before, after) = baseline.beside(current)?;
    let (n, m) = (baseline.rows() as f64, current.rows() as f64);
    let (all, bins) = (n + m, before.len() as f64);
    let inverse: f64 = before.iter().zip(&after).map(|(before, after)| 1.0 / (before + after) as f64).sum();
    let mean = all * (bins - 1.0) / (all - 1.0);
    let (v_sides, v_bins) = ((all - 2.0) / (all - 1.0), (bins - 1.0) * (all - bins) / (all - 1.0));
    let w_sides = (all * (1.0 / n + 1.0 / m) - 4.0) / (all - 2.0);
    let w_bins = (all * inverse - bins * bins) / (all - 2.0);
    let variance = 2.0 * all / (all - 3.0) * (v_sides - w_sides) * (v_bins - w_bins)
        + all * all / (all - 1.0) * w_sides * w_bins;
    let statistic = of_table(&[before, after]);
    // Of three rows there is no variance, and of rows that are all in bins of their own none but that of rounding.
    Ok(match Gamma::new(mean * mean / variance, mean / variance) {
        Ok(gamma) if all > 3.0 && variance > 1e-9 * mean => gamma.sf(statistic),
        _ => 1.0,
    })
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
