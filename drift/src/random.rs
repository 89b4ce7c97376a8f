//! Random numbers that are the same wherever they are drawn: whoever draws gives the seed.
//!
//! SplitMix64 (Steele, Lea, Flood: *Fast splittable pseudorandom number generators*, OOPSLA 2014);
//! whole numbers below a bound by multiplication (Lemire: *Fast random integer generation in an
//! interval*, ACM TOMACS 29, 2019), whose bias of less than n/2⁶⁴ is of no account here.

use crate::mix::{STEP, mix};

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        let mixed = mix(self.0);
        self.0 = self.0.wrapping_add(STEP);
        mixed
    }

    /// A place among so many, each as likely as the next.
    pub(crate) fn place(&mut self, among: usize) -> usize {
        let wide = (u128::from(self.next()) * among as u128) >> 64;
        usize::try_from(wide).unwrap_or(0)
    }

    /// Every order is as likely as the next (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.place(last + 1));
        }
    }

    /// From 0 up to 1, which is left out.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_that_of_the_reference_implementation() {
        let mut random = Random::of(1_234_567);
        assert_eq!(
            [random.next(), random.next(), random.next()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn shares_lie_evenly_between_0_and_1() {
        let mut random = Random::of(11);
        let shares: Vec<f64> = (0..50_000).map(|_| random.share()).collect();
        assert!(shares.iter().all(|share| (0.0..1.0).contains(share)));
        assert!((shares.iter().sum::<f64>() / 50_000.0 - 0.5).abs() < 0.006);
    }

    #[test]
    fn every_place_is_drawn_about_as_often() {
        let mut random = Random::of(7);
        let mut drawn = [0_u32; 5];
        (0..50_000).for_each(|_| drawn[random.place(5)] += 1);
        assert!(drawn.iter().all(|times| times.abs_diff(10_000) < 400), "{drawn:?}");
    }
}
