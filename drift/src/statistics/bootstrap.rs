//! The interval of a mean difference without a formula: the bootstrap of whole clusters.
//!
//! From the K clusters of differences K are drawn with replacement, and the mean of all differences
//! in them is taken; that is done over and over. The interval lies between the α/2 and the 1 − α/2
//! quantile of these means (linear between neighbours). A record on its own is a cluster of one.
//!
//! The same seed gives the same interval, on every machine. It is for skewed differences, where a
//! symmetric interval does not fit; with fewer than some 20 clusters it comes out too narrow.
//!
//! Sources: B. Efron, *Bootstrap methods: another look at the jackknife*, Annals of Statistics 7
//! (1979), for the percentile interval; A. C. Davison, D. V. Hinkley, *Bootstrap methods and their
//! application* (1997), section 3.8, for drawing clusters.

use super::{Alpha, Interval};
use crate::random::Random;

/// How an interval is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// How often a mean is taken of drawn clusters.
    pub draws: usize,
    /// Where the random numbers start.
    pub seed: u64,
}

/// The differences of one cluster, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClusterSum {
    /// Their sum.
    pub sum: f64,
    /// How many there are.
    pub n: u64,
}

/// The interval of the mean of all differences; `None` where there are fewer than two clusters that
/// have any, or no draw.
///
/// ```
/// use scouter_drift::statistics::Alpha;
/// use scouter_drift::statistics::bootstrap::{ClusterSum, Draws, bootstrap};
///
/// let differences = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 9.0];
/// let alone = differences.map(|sum| ClusterSum { sum, n: 1 });
/// let how = Draws { draws: 2_000, seed: 1 };
/// let interval = bootstrap(&alone, how, Alpha::USUAL).unwrap();
/// // Never below 0, as an interval by Student's t would be.
/// assert_eq!(interval.low, 0.0);
/// assert_eq!(bootstrap(&alone, how, Alpha::USUAL), Some(interval));
/// ```
pub fn bootstrap(clusters: &[ClusterSum], how: Draws, alpha: Alpha) -> Option<Interval> {
    let clusters: Vec<ClusterSum> = clusters.iter().copied().filter(|cluster| cluster.n > 0).collect();
    if clusters.len() < 2 || how.draws == 0 {
        return None;
    }
    let mut random = Random::of(how.seed);
    let mut means: Vec<f64> = (0..how.draws)
        .map(|_| {
            let (mut sum, mut n) = (0.0, 0);
            for _ in 0..clusters.len() {
                let drawn = clusters[random.place(clusters.len())];
                sum += drawn.sum;
                n += drawn.n;
            }
            sum / n as f64
        })
        .collect();
    means.sort_unstable_by(f64::total_cmp);
    let half = alpha.get() / 2.0;
    Some(Interval { low: quantile(&means, half), high: quantile(&means, 1.0 - half) })
}

/// The quantile of sorted values, linear between neighbours (type 7 of Hyndman and Fan, 1996).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len() - 1;
    let place = share * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the last place")]
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}
