//! The interval of a difference of two rates, where each record was judged twice.
//!
//! Of n pairs b passed only now and c passed only before; the difference is (b − c)/n. The bounds are
//! the differences Δ that the score test would just not reject:
//!
//! ```text
//!      b − c − n·Δ
//! ──────────────────── = ±z,   q = (√(B² − 4AC) − B)/2A,
//! √( n(2q + Δ(1 − Δ)) )
//!
//! A = 2n,  B = −b − c + (2n − b + c)·Δ,  C = −c·Δ(1 − Δ)
//! ```
//!
//! with q the likeliest rate of lost pairs given Δ. The interval stays between −1 and 1, and means something also
//! where no pair came out differently: then it is ± z²/(n + z²).
//!
//! Pairs in clusters are worth fewer independent ones. All three counts are then divided by the design effect, the
//! factor by which clustering raises the variance, and z is a quantile of Student's t ([`clustered`]).
//!
//! Sources: T. Tango, *Equivalence test and confidence interval for the difference in proportions for the
//! paired-sample design*, Statistics in Medicine 17 (1998); recommended in M. W. Fagerland, S. Lydersen, P. Laake,
//! *Recommended tests and confidence intervals for paired binomial proportions*, Statistics in Medicine 33 (2014); J. N.
//! K. Rao, A. J. Scott, *A simple method for the analysis of clustered binary data*, Biometrics 48 (1992).

use super::quantile::t_quantile;
use super::{Alpha, Interval};

/// The interval of the difference of two rates over `n` pairs, of which `gained` passed only now and
/// `lost` only before; `None` where `n` is 0.
///
/// ```
/// use scouter_drift::statistics::{Alpha, tango::tango};
///
/// // 1 gained and 7 lost of 21 pairs.
/// let worse = tango(1, 7, 21, Alpha::USUAL).unwrap();
/// assert_eq!(format!("{:.3} to {:.3}", worse.low, worse.high), "-0.517 to -0.026");
/// // Nothing changed in 10 pairs, which says little about the next 10.
/// let same = tango(0, 0, 10, Alpha::USUAL).unwrap();
/// assert_eq!(format!("{:.3} to {:.3}", same.low, same.high), "-0.278 to 0.278");
/// ```
pub fn tango(gained: u64, lost: u64, n: u64, alpha: Alpha) -> Option<Interval> {
    (n > 0).then(|| score(gained as f64, lost as f64, n as f64, alpha.z()))
}

/// Pairs of one cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClusterPairs {
    /// How many passed only now.
    pub gained: u64,
    /// How many passed only before.
    pub lost: u64,
    /// How many there are.
    pub n: u64,
}

/// The factor by which clustering raises the variance of the difference, at least 1. Where all pairs
/// came out alike nothing tells, and a cluster is taken to be worth one pair.
///
/// ```
/// use scouter_drift::statistics::tango::{ClusterPairs, design_effect};
///
/// // Two documents, each of which went one way as a whole.
/// let gained = ClusterPairs { gained: 10, lost: 0, n: 10 };
/// let lost = ClusterPairs { gained: 0, lost: 10, n: 10 };
/// assert_eq!(design_effect(&[gained, lost, gained, lost]), 40.0 / 3.0);
/// ```
pub fn design_effect(clusters: &[ClusterPairs]) -> f64 {
    let all = sum(clusters);
    let (n, k) = (all.n as f64, clusters.len() as f64);
    let delta = (all.gained as f64 - all.lost as f64) / n;
    let simple = (all.gained + all.lost) as f64 - n * delta * delta;
    if clusters.len() < 2 || simple <= 0.0 {
        return (n / k.max(1.0)).max(1.0);
    }
    let away = |of: &ClusterPairs| of.gained as f64 - of.lost as f64 - delta * of.n as f64;
    let clustered = clusters.iter().map(|of| away(of).powi(2)).sum::<f64>() * k / (k - 1.0);
    (clustered / simple).max(1.0)
}

/// The interval of the difference of two rates over pairs in clusters; `None` where there is no
/// pair, and everything from −1 to 1 where there is but one cluster.
pub fn clustered(clusters: &[ClusterPairs], alpha: Alpha) -> Option<Interval> {
    let all = sum(clusters);
    match clusters.len() {
        _ if all.n == 0 => None,
        1 => Some(Interval { low: -1.0, high: 1.0 }),
        count => {
            let effect = design_effect(clusters);
            let [gained, lost, n] = [all.gained, all.lost, all.n].map(|count| count as f64 / effect);
            Some(score(gained, lost, n, t_quantile(alpha.get(), (count - 1) as f64)))
        }
    }
}

fn sum(clusters: &[ClusterPairs]) -> ClusterPairs {
    clusters.iter().fold(ClusterPairs::default(), |sum, of| ClusterPairs {
        gained: sum.gained + of.gained,
        lost: sum.lost + of.lost,
        n: sum.n + of.n,
    })
}

fn score(gained: f64, lost: f64, n: f64, z: f64) -> Interval {
    let statistic = |delta: f64| {
        let spread = delta * (1.0 - delta);
        let linear = (2.0 * n - gained + lost) * delta - gained - lost;
        let constant = -lost * spread;
        let root = (linear * linear - 8.0 * n * constant).max(0.0).sqrt();
        // Of the two forms of the root the one without cancellation.
        let q = if linear <= 0.0 { (root - linear) / (4.0 * n) } else { -2.0 * constant / (root + linear) };
        let variance = n * (2.0 * q + spread);
        let away = gained - lost - n * delta;
        if variance > 0.0 {
            away / variance.sqrt()
        } else if away == 0.0 {
            0.0
        } else {
            away.signum() * f64::INFINITY
        }
    };
    let middle = (gained - lost) / n;
    // The statistic falls as the difference grows.
    let bound = |mut low: f64, mut high: f64, target: f64| {
        for _ in 0..80 {
            let between = 0.5 * (low + high);
            if statistic(between) > target {
                low = between;
            } else {
                high = between;
            }
        }
        0.5 * (low + high)
    };
    Interval { low: bound(-1.0, middle, z), high: bound(middle, 1.0, -z) }
}
