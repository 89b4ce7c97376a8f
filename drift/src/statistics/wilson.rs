//! The interval of a rate.
//!
//! With p̂ = successes/n and z the normal quantile of the level,
//!
//! ```text
//!          p̂ + z²/2n ± z·√( p̂(1−p̂)/n + z²/4n² )
//! bounds = ─────────────────────────────────────
//!                       1 + z²/n
//! ```
//!
//! The score interval: it stays between 0 and 1, and means something also where nothing or
//! everything passed and where n is small. It takes the n trials to be independent.
//!
//! Source: E. B. Wilson, *Probable inference, the law of succession, and statistical inference*,
//! JASA 22 (1927). Compared with others in L. D. Brown, T. T. Cai, A. DasGupta, *Interval
//! estimation for a binomial proportion*, Statistical Science 16 (2001), which recommends it.

use super::{Alpha, Interval};

/// The interval of a rate of `successes` of `n`; `None` where `n` is 0.
///
/// ```
/// use scouter_drift::statistics::{Alpha, wilson::wilson};
///
/// let of_ten = wilson(8, 10, Alpha::USUAL).unwrap();
/// assert_eq!(format!("{:.3} to {:.3}", of_ten.low, of_ten.high), "0.490 to 0.943");
/// // All of five is no proof of perfection.
/// assert!(wilson(5, 5, Alpha::USUAL).unwrap().low < 0.6);
/// assert_eq!(wilson(0, 0, Alpha::USUAL), None);
/// ```
pub fn wilson(successes: u64, n: u64, alpha: Alpha) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    let (successes, z) = (successes.min(n), alpha.z());
    let (trials, z2) = (n as f64, z * z);
    let rate = successes as f64 / trials;
    let middle = rate + z2 / (2.0 * trials);
    let reach = z * (rate * (1.0 - rate) / trials + z2 / (4.0 * trials * trials)).sqrt();
    let scale = 1.0 + z2 / trials;
    // At the ends the formula gives just 0 and just 1, but for rounding.
    let low = if successes == 0 { 0.0 } else { (middle - reach) / scale };
    let high = if successes == n { 1.0 } else { (middle + reach) / scale };
    Some(Interval { low, high })
}
