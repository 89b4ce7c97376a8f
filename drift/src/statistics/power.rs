//! What so many records can show, and how many would show it.
//!
//! *Rates.* With ψ the share of pairs that come out differently and δ the difference of the rates,
//! McNemar's test finds δ at the level α with the power 1 − β from n pairs on:
//!
//! ```text
//! n = ( z₁₋α⁄₂·√ψ + z₁₋β·√(ψ − δ²) )² / δ²
//! ```
//!
//! *Means.* With σ the standard deviation of the differences, the paired t test from
//!
//! ```text
//! n = ( (z₁₋α⁄₂ + z₁₋β)·σ/δ )² + z₁₋α⁄₂²/2
//! ```
//!
//! Read backwards they give the smallest difference that n records can be expected to show. They are
//! approximations: the exact test needs a little more where few pairs come out differently.
//!
//! Sources: R. J. Connor, *Sample size for testing differences in proportions for the paired-sample
//! design*, Biometrics 43 (1987); W. C. Guenther, *Sample size formulas for normal theory t tests*,
//! The American Statistician 35 (1981), for the last term.

use super::Alpha;
use super::quantile::normal;

/// How sure one wants to be to find a difference that is there: 0.8 by custom.
pub const POWER: f64 = 0.8;

/// The smallest difference of two rates that a comparison of `n` pairs finds with a power of 0.8,
/// where the share `changed` of pairs comes out differently; `None` where not even the largest
/// would be found. From 0 to 1. A difference cannot be larger than the share of changed pairs, so
/// where it has to be, just as many are taken to change.
///
/// ```
/// use scouter_drift::statistics::{Alpha, power::smallest_rate_difference};
///
/// let found = smallest_rate_difference(1_000, 0.2, Alpha::USUAL).unwrap();
/// assert_eq!(format!("{found:.3}"), "0.040");
/// assert_eq!(smallest_rate_difference(2, 0.2, Alpha::USUAL), None);
/// ```
pub fn smallest_rate_difference(n: u64, changed: f64, alpha: Alpha) -> Option<f64> {
    smallest_rate_difference_of(n as f64, changed, alpha)
}

/// The same for a number of pairs that is no whole one: pairs in clusters are worth fewer than there are.
pub fn smallest_rate_difference_of(n: f64, changed: f64, alpha: Alpha) -> Option<f64> {
    let found = |delta: f64| {
        let changed = changed.max(delta);
        n.sqrt() * delta >= alpha.z() * changed.sqrt() + normal(POWER) * (changed - delta * delta).sqrt()
    };
    if !found(1.0) {
        return None;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if found(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// How many pairs find a `difference` of two rates with a power of 0.8, where the share `changed`
/// of pairs comes out differently; `None` where there is no difference to find.
///
/// ```
/// use scouter_drift::statistics::{Alpha, power::pairs_for_rate_difference};
///
/// assert_eq!(pairs_for_rate_difference(0.05, 0.2, Alpha::USUAL), Some(626));
/// assert_eq!(pairs_for_rate_difference(0.0, 0.2, Alpha::USUAL), None);
/// ```
pub fn pairs_for_rate_difference(difference: f64, changed: f64, alpha: Alpha) -> Option<u64> {
    let delta = difference.abs();
    let changed = changed.max(delta);
    let root = alpha.z() * changed.sqrt() + normal(POWER) * (changed - delta * delta).max(0.0).sqrt();
    whole((root / delta).powi(2))
}

/// The smallest mean difference that `n` paired measurements find with a power of 0.8, where
/// differences have this standard deviation; `None` where there are too few to find any.
///
/// ```
/// use scouter_drift::statistics::{Alpha, power::smallest_mean_difference};
///
/// let found = smallest_mean_difference(100, 1.0, Alpha::USUAL).unwrap();
/// assert_eq!(format!("{found:.3}"), "0.283");
/// ```
pub fn smallest_mean_difference(n: u64, deviation: f64, alpha: Alpha) -> Option<f64> {
    let (z, n) = (alpha.z(), n as f64);
    let worth = n - z * z / 2.0;
    (worth > 0.0).then(|| (z + normal(POWER)) * deviation / worth.sqrt())
}

/// How many paired measurements find a mean `difference` with a power of 0.8, where differences
/// have this standard deviation; `None` where there is no difference to find.
///
/// ```
/// use scouter_drift::statistics::{Alpha, power::pairs_for_mean_difference};
///
/// assert_eq!(pairs_for_mean_difference(0.5, 1.0, Alpha::USUAL), Some(34));
/// ```
pub fn pairs_for_mean_difference(difference: f64, deviation: f64, alpha: Alpha) -> Option<u64> {
    let z = alpha.z();
    whole(((z + normal(POWER)) * deviation / difference.abs()).powi(2) + z * z / 2.0)
}

/// How many pairs make an interval around a `difference` of this `deviation` a pair stay within
/// `margin` of 0 with a power of 0.8; `None` where the difference lies beyond it, so that none do.
///
/// Where no pair came out differently so far, `deviation` is 0 and the width is what
/// [`super::tango`] says of that.
///
/// ```
/// use scouter_drift::statistics::{Alpha, power::pairs_for_equivalence};
///
/// assert_eq!(pairs_for_equivalence(0.0, 0.0, 0.05, Alpha::USUAL), Some(73));
/// assert_eq!(pairs_for_equivalence(0.06, 0.2, 0.05, Alpha::USUAL), None);
/// ```
pub fn pairs_for_equivalence(difference: f64, deviation: f64, margin: f64, alpha: Alpha) -> Option<u64> {
    let room = margin - difference.abs();
    if room <= 0.0 {
        return None;
    }
    let z = alpha.z();
    let unseen = z * z * (1.0 - margin) / margin;
    whole((((z + normal(POWER)) * deviation / room).powi(2)).max(unseen))
}

fn whole(records: f64) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "far below 2⁶³")]
    (records.is_finite() && records < 1e15).then(|| (records - 1e-9).ceil().max(1.0) as u64)
}
