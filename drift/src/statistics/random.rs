//! Random numbers that are the same wherever they are drawn: whoever draws gives the seed.
//!
//! SplitMix64 (Steele, Lea, Flood: *Fast splittable pseudorandom number generators*, OOPSLA 2014);
//! whole numbers below a bound by multiplication (Lemire: *Fast random integer generation in an
//! interval*, ACM TOMACS 29, 2019), whose bias of less than n/2⁶⁴ is of no account here.

use crate::mix::{STEP, mix};

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        let mixed = mix(self.0);
        self.0 = self.0.wrapping_add(STEP);
        mixed
    }

    /// A place among so many, each as likely as the next.
    pub(super) fn place(&mut self, among: usize) -> usize {
        let wide = (u128::from(self.next()) * among as u128) >> 64;
        usize::try_from(wide).unwrap_or(0)
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
    fn every_place_is_drawn_about_as_often() {
        let mut random = Random::of(7);
        let mut drawn = [0_u32; 5];
        (0..50_000).for_each(|_| drawn[random.place(5)] += 1);
        assert!(drawn.iter().all(|times| times.abs_diff(10_000) < 400), "{drawn:?}");
    }
}
