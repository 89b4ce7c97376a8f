//! What distances of counts share: proportions of the bins that take part, and the distribution of a distance without drift.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::{Absent, psi::Counts};

/// The proportions of two sides in the bins that have rows on at least one.
pub(super) struct Proportions {
    pub(super) baseline: Vec<f64>,
    pub(super) current: Vec<f64>,
    /// 1/N + 1/M.
    scale: f64,
}

impl Proportions {
    pub(super) fn of(baseline: &Counts, current: &Counts) -> Result<Self, Absent> {
        let (_, before, after) = baseline.beside(current)?;
        let (n, m) = (baseline.rows() as f64, current.rows() as f64);
        Ok(Self {
            baseline: before.iter().map(|count| *count as f64 / n).collect(),
            current: after.iter().map(|count| *count as f64 / m).collect(),
            scale: 1.0 / n + 1.0 / m,
        })
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (f64, f64)> {
        self.baseline.iter().copied().zip(self.current.iter().copied())
    }

    /// How likely a divergence is that is about Σ(p − q)²/m/8 near zero, m the mean of both: without drift, eight times it is
    /// distributed as (1/N + 1/M)·χ²(B − 1).
    pub(super) fn p_value(&self, divergence: f64) -> f64 {
        tail(8.0 * divergence / self.scale, self.baseline.len())
    }
}

/// How likely a χ² of B − 1 degrees of freedom is at least this; certain for one bin, which cannot differ.
pub(super) fn tail(chi_square: f64, bins: usize) -> f64 {
    ChiSquared::new(bins.saturating_sub(1) as f64).map_or(1.0, |distribution| distribution.sf(chi_square))
}
