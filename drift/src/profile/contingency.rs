//! How often which categories of two columns stand in the same row. Tables of parts add up to that of the whole. Categories are told by
//! codes; the size of a table is the number of different pairs.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize, de::Error as _};

use super::packed::{packed, unpacked};
use crate::{Absent, methods::cramers_v};

/// A table of pairs of categories.
///
/// ```
/// use scouter_drift::profile::Contingency;
///
/// let mut table = Contingency::default();
/// table.add(&[0, 1, 0, Contingency::MISSING], &[7, 2, 7, 3]);
/// assert_eq!((table.cramers_v(), table.pairs()), (Ok(1.0), 2));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Contingency {
    counts: HashMap<(u16, u16), u64>,
}

impl Contingency {
    /// The code of a row without a category.
    pub const MISSING: u16 = u16::MAX;

    /// Takes in rows of both columns. A row in which either is missing does not count.
    pub fn add(&mut self, first: &[u16], second: &[u16]) {
        let codes = |of: &[u16]| {
            of.iter().filter(|code| **code != Self::MISSING).max().map_or(0, |most| usize::from(*most) + 1)
        };
        let (height, width) = (codes(first), codes(second));
        let rows = first.iter().zip(second).filter(|(a, b)| **a != Self::MISSING && **b != Self::MISSING);
        // Few categories are counted by their place, and looked up once for all rows.
        if height * width > first.len() {
            rows.for_each(|(a, b)| *self.counts.entry((*a, *b)).or_default() += 1);
            return;
        }
        let mut counts = vec![0_u64; height * width];
        rows.for_each(|(a, b)| counts[usize::from(*a) * width + usize::from(*b)] += 1);
        for (row, a) in counts.chunks(width.max(1)).zip(0_u16..) {
            for (count, b) in row.iter().zip(0_u16..).filter(|(count, _)| **count > 0) {
                *self.counts.entry((a, b)).or_default() += count;
            }
        }
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        self.merge_by(other, |a, b| (a, b));
    }

    /// Takes in a part with other codes: `codes` tells which pair here is the same as one there.
    pub fn merge_by(&mut self, other: &Self, codes: impl Fn(u16, u16) -> (u16, u16)) {
        for ((a, b), count) in &other.counts {
            let ours = self.counts.entry(codes(*a, *b)).or_default();
            *ours = ours.saturating_add(*count);
        }
    }

    /// How many different pairs there are.
    pub fn pairs(&self) -> usize {
        self.counts.len()
    }

    /// How strongly the columns hang together, from 0 to 1.
    ///
    /// # Errors
    /// No row has both, or a column has only one category in such rows.
    pub fn cramers_v(&self) -> Result<f64, Absent> {
        let (height, width) = self.extent();
        let mut table = vec![vec![0; width]; height];
        for ((a, b), count) in &self.counts {
            table[usize::from(*a)][usize::from(*b)] = *count;
        }
        cramers_v(&table)
    }

    /// In how many rows both have a category.
    pub(super) fn rows(&self) -> u128 {
        self.counts.values().map(|count| u128::from(*count)).sum()
    }

    /// How many codes of either column there may be: one more than the greatest.
    pub(super) fn extent(&self) -> (usize, usize) {
        let height = self.counts.keys().map(|(a, _)| usize::from(*a) + 1).max().unwrap_or(0);
        let width = self.counts.keys().map(|(_, b)| usize::from(*b) + 1).max().unwrap_or(0);
        (height, width)
    }
}

/// What is kept: two numbers of each pair, both codes in one and how often.
impl From<Contingency> for String {
    fn from(table: Contingency) -> Self {
        let mut counts: Vec<((u16, u16), u64)> = table.counts.into_iter().collect();
        counts.sort_unstable();
        let numbers = |((a, b), count): ((u16, u16), u64)| [(u64::from(a) << 16) | u64::from(b), count];
        packed(counts.into_iter().flat_map(numbers))
    }
}

impl TryFrom<String> for Contingency {
    type Error = serde::de::value::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let numbers = unpacked(&text)?;
        let (pairs, rest) = numbers.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(Self::Error::custom("there are not two numbers of every pair of categories"));
        }
        let mut counts = HashMap::with_capacity(pairs.len());
        for [codes, count] in pairs {
            let code = |bits: u64| u16::try_from(bits).map_err(Self::Error::custom);
            counts.insert((code(*codes >> 16)?, code(*codes & 0xffff)?), *count);
        }
        Ok(Self { counts })
    }
}
