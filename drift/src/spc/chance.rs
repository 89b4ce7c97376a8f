//! How likely it is, where nothing changes, that so many points of a chart are beyond three standard deviations.
//!
//! Of normal means on a chart of the true centre and deviation, 2·Φ(−3) = 0.27 % are. Both are estimates from m subgroups of n values: the
//! centre is off by δ standard deviations of means, the deviation by a factor ρ, about
//!
//! ```text
//! δ ~ N(0, 1/m)        ρ ~ N(1, v/m)
//! v = (1 − c₄²)/c₄²    of s̄/c₄ (Montgomery, appendix VI)
//! v = 2π/3 + √3 − 3    of the mean moving range over d₂, whose neighbours hang together (Hoel, 1946)
//! ```
//!
//! so that a point is beyond with the chance Φ(−kρ + δ) + Φ(−kρ − δ), k = 3. That many of N points are is binomial for each δ and ρ, and
//! averaged over both by Gauss–Hermite quadrature. Without that, charts of long windows would alarm by what the baseline was off by.

use std::f64::consts::{SQRT_2, TAU};

use statrs::{
    distribution::{Binomial, DiscreteCDF},
    function::erf::erfc,
};

use super::{Limits, SpcBaseline, c4};

/// Nodes and weights of Gauss–Hermite quadrature with seven points, for the standard normal distribution.
const NODES: [(f64, f64); 7] = [
    (-3.750_439_717_725_742, 0.000_548_268_855_972_218),
    (-2.366_759_410_734_541, 0.030_757_123_967_586_49),
    (-1.154_405_394_739_968, 0.240_123_178_605_012_7),
    (0.0, 0.457_142_857_142_857_1),
    (1.154_405_394_739_968, 0.240_123_178_605_012_7),
    (2.366_759_410_734_541, 0.030_757_123_967_586_49),
    (3.750_439_717_725_742, 0.000_548_268_855_972_218),
];

/// Φ(−z).
fn beyond(z: f64) -> f64 {
    erfc(z / SQRT_2) / 2.0
}

impl SpcBaseline {
    /// How likely it is that at least as many of so many points are beyond three standard deviations where nothing has changed and points are
    /// independent. `scores` are their distances from the centre, in standard deviations.
    ///
    /// ```
    /// use scouter_drift::spc::{Limits, Rules, SpcBaseline};
    ///
    /// let before: Vec<f64> = (0..500).map(|i| f64::from(i * i % 101)).collect();
    /// let baseline = SpcBaseline::of_numbers(&before[..], Some(5), Limits::default())?;
    /// assert!(baseline.p_value(&[0.1, -2.0, 1.5, 0.3]) == 1.0);
    /// assert!(baseline.p_value(&[0.1, -4.0, 4.5, 0.3]) < 0.001);
    /// # Ok::<(), scouter_drift::Absent>(())
    /// ```
    pub fn p_value(&self, scores: &[f64]) -> f64 {
        let seen = scores.iter().filter(|score| score.abs() > 3.0).count() as u64;
        let Some(fewer) = seen.checked_sub(1) else { return 1.0 };
        let n = self.sample_size as f64;
        let k = match self.limits {
            Limits::SubgroupMeans => 3.0,
            Limits::Individual => 3.0 * n.sqrt(),
        };
        let v = match self.sample_size {
            1 => TAU / 3.0 + 3.0_f64.sqrt() - 3.0,
            size => 1.0 / c4(size).powi(2) - 1.0,
        };
        let m = self.subgroups as f64;
        let pairs = NODES.iter().flat_map(|off| NODES.iter().map(move |wide| (off, wide)));
        let chance = pairs.map(|((off, weight), (wide, other))| {
            let (delta, rho) = (off / m.sqrt(), (1.0 + wide * (v / m).sqrt()).max(0.0));
            let one = beyond(k * rho - delta) + beyond(k * rho + delta);
            let all = Binomial::new(one.min(1.0), scores.len() as u64).map_or(1.0, |all| all.sf(fewer));
            weight * other * all
        });
        chance.sum::<f64>().clamp(0.0, 1.0)
    }
}
