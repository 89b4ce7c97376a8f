//! P-values by permutation, of any number of rows: how often rows that are dealt anew to both sides are at least as far apart.
//!
//! A statistic that reads counts needs no rows to be shuffled. How many of a cell's rows come to the first side is hypergeometric, given
//! what the cells before it have taken; so one dealing costs a draw for each cell. Draws are by inversion, from the most likely count
//! outwards, in about as many steps as its standard deviation: the root of the rows, not the rows. R. Fisher, "The design of
//! experiments" (1935); Phipson and Smyth, "Permutation p-values should never be zero" (2010).

use statrs::function::gamma::ln_gamma;

use crate::random::Random;

/// How often rows are dealt. The least p-value is one in a thousand.
const DEALS: u32 = 999;

/// The p-value of a statistic of the first side's counts, given both sides' counts of the same cells. The same counts give the same
/// p-value.
pub(super) fn p_value(before: &[u64], after: &[u64], statistic: impl Fn(&[u64]) -> f64) -> f64 {
    let cells: Vec<u64> = before.iter().zip(after).map(|(b, a)| b + a).collect();
    let rows = before.iter().sum();
    // What differs by rounding alone is equally far.
    let found = statistic(before) * (1.0 - 1e-9);
    let (mut random, mut dealt) = (Random::of(0), vec![0; cells.len()]);
    let mut as_far = 0_u32;
    for _ in 0..DEALS {
        deal(&cells, rows, &mut random, &mut dealt);
        as_far += u32::from(statistic(&dealt) >= found);
    }
    (f64::from(as_far) + 1.0) / (f64::from(DEALS) + 1.0)
}

/// Deals so many of all cells' rows to one side.
fn deal(cells: &[u64], rows: u64, random: &mut Random, dealt: &mut [u64]) {
    let (mut left, mut wanted) = (cells.iter().sum::<u64>(), rows);
    for (cell, to) in cells.iter().zip(dealt) {
        *to = hypergeometric(left, *cell, wanted, random.share());
        left -= cell;
        wanted -= *to;
    }
}

/// How many of `marked` are among `drawn` out of `all`, for a number between 0 and 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number from 0 to the least of the counts"
)]
fn hypergeometric(all: u64, marked: u64, drawn: u64, mut share: f64) -> u64 {
    let (least, most) = ((marked + drawn).saturating_sub(all), marked.min(drawn));
    if least == most {
        return least;
    }
    if marked == 1 {
        return u64::from(share * (all as f64) < drawn as f64);
    }
    let (n, k, d) = (all as f64, marked as f64, drawn as f64);
    let mode = ((d + 1.0) * (k + 1.0) / (n + 2.0)).floor().clamp(least as f64, most as f64);
    let likely = ln_choose(k, mode) + ln_choose(n - k, d - mode) - ln_choose(n, d);
    let (mut low, mut high) = (mode, mode);
    let (mut p_low, mut p_high) = (likely.exp(), likely.exp());
    share -= p_low;
    while share >= 0.0 && (low > least as f64 || high < most as f64) && p_low + p_high > 0.0 {
        if high < most as f64 {
            p_high *= (k - high) * (d - high) / ((high + 1.0) * (n - k - d + high + 1.0));
            high += 1.0;
            share -= p_high;
            if share < 0.0 {
                return high as u64;
            }
        } else {
            p_high = 0.0;
        }
        if low > least as f64 {
            p_low *= low * (n - k - d + low) / ((k - low + 1.0) * (d - low + 1.0));
            low -= 1.0;
            share -= p_low;
            if share < 0.0 {
                return low as u64;
            }
        } else {
            p_low = 0.0;
        }
    }
    // The first draw was it, or rounding has left a little of 1 over.
    mode as u64
}

fn ln_choose(n: f64, k: f64) -> f64 {
    ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_hypergeometric() {
        let (all, marked, drawn) = (40, 15, 12);
        let mut found = [0_u32; 13];
        for i in 0..20_000 {
            let draw = hypergeometric(all, marked, drawn, (f64::from(i) + 0.5) / 20_000.0);
            found[usize::try_from(draw).unwrap()] += 1;
        }
        let choose = |n: u64, k: u64| ln_choose(n as f64, k as f64);
        for (k, times) in found.into_iter().enumerate() {
            let k = k as u64;
            let p = (choose(marked, k) + choose(all - marked, drawn - k) - choose(all, drawn)).exp();
            assert!((f64::from(times) / 20_000.0 - p).abs() < 1e-3, "{k}: {times}");
        }
    }

    #[test]
    fn every_row_is_dealt() {
        let (cells, mut dealt) = ([5, 0, 100_000_000, 7, 1], [0; 5]);
        let mut random = Random::of(3);
        for rows in [0, 1, 6, 50_000_000, 100_000_013] {
            deal(&cells, rows, &mut random, &mut dealt);
            assert_eq!(dealt.iter().sum::<u64>(), rows);
            assert!(dealt.iter().zip(&cells).all(|(dealt, cell)| dealt <= cell));
        }
    }
}
