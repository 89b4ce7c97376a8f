//! Runs of points, looked for sixty-four points at a time: most points of a chart break no rule, and of those that can't there is
//! nothing else to know.
//!
//! A point is a bit. Bits that end a run of `k` are what is left of all bits after each was kept only where the `k − 1` before it are
//! set too.

use crate::wide::wide;

/// How many points are looked at together, and the longest run that is found among them and as many before.
pub(super) const BLOCK: usize = u64::BITS as usize;

/// Where points lie, a bit for each: the first is the lowest. In the lower half the points of the block before.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bits(u128);

impl Bits {
    /// Makes room for the next block, of which these bits are set.
    fn push(&mut self, block: u64) {
        self.0 = self.0 >> BLOCK | u128::from(block) << BLOCK;
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that directly follow one of these others.
    fn after(self, other: Self) -> Self {
        Self(self.0 & other.0 << 1)
    }

    /// Whether a run of so many bits ends within the newest block. None is no run, and one that is longer than a block is taken for there.
    fn has_run(self, length: usize) -> bool {
        if length == 0 || length > BLOCK {
            return length > BLOCK;
        }
        let (mut ends, mut known) = (self.0, 1);
        while known < length {
            let step = known.min(length - known);
            ends &= ends << step;
            known += step;
        }
        ends >> BLOCK != 0
    }
}

/// Points beyond a distance from the centre, on either side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beyond {
    distance: f64,
    above: Bits,
    below: Bits,
}

impl Beyond {
    pub(super) fn new(distance: f64) -> Self {
        Self { distance, above: Bits::default(), below: Bits::default() }
    }

    /// Takes in the next block.
    pub(super) fn take(&mut self, scores: &[f64]) {
        let distance = self.distance;
        let (above, below) = wide(
            #[inline(always)]
            || (bits(scores, |score| score > distance), bits(scores, |score| score < -distance)),
        );
        self.above.push(above);
        self.below.push(below);
    }

    /// Whether so many points on one side end in the newest block.
    pub(super) fn has_consecutive(&self, points: usize) -> bool {
        self.above.has_run(points) || self.below.has_run(points)
    }

    /// Whether so many points on changing sides end there.
    pub(super) fn has_alternating(&self, points: usize) -> bool {
        match points {
            0 => false,
            1 => self.above.or(self.below).has_run(1),
            _ => self.above.after(self.below).or(self.below.after(self.above)).has_run(points - 1),
        }
    }
}

/// Points that rise, and points that fall.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    last: f64,
    rises: Bits,
    falls: Bits,
}

impl Steps {
    pub(super) fn new() -> Self {
        Self { last: f64::NAN, rises: Bits::default(), falls: Bits::default() }
    }

    /// Takes in the next block.
    pub(super) fn take(&mut self, scores: &[f64]) {
        let (Some(first), Some(last)) = (scores.first(), scores.last()) else { return };
        let (before, after) = (&scores[..scores.len() - 1], &scores[1..]);
        let (rises, falls) = wide(
            #[inline(always)]
            || (pairs(before, after, |one, next| next > one), pairs(before, after, |one, next| next < one)),
        );
        self.rises.push(rises << 1 | u64::from(*first > self.last));
        self.falls.push(falls << 1 | u64::from(*first < self.last));
        self.last = *last;
    }

    /// Whether so many points that rise, or that fall, end in the newest block.
    pub(super) fn has_trend(&self, points: usize) -> bool {
        points >= 2 && (self.rises.has_run(points - 1) || self.falls.has_run(points - 1))
    }
}

#[inline(always)]
fn bits(scores: &[f64], is: impl Fn(f64) -> bool) -> u64 {
    scores.iter().enumerate().fold(0, |bits, (at, score)| bits | u64::from(is(*score)) << at)
}

#[inline(always)]
fn pairs(before: &[f64], after: &[f64], is: impl Fn(f64, f64) -> bool) -> u64 {
    let pairs = before.iter().zip(after);
    pairs.enumerate().fold(0, |bits, (at, (one, next))| bits | u64::from(is(*one, *next)) << at)
}
