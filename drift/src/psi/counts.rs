//! How many rows fell into which bin: all that drift has to know of data. Counts of parts add up to those of the whole, so
//! they can be taken in chunks, on threads, and sent instead of data.

use serde::{Deserialize, Serialize};

use crate::Absent;

/// Rows by bin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows in each bin of the baseline, in its order.
    pub bins: Vec<u64>,
    /// Rows whose category was too rare in the baseline to have a bin.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub other: u64,
    /// Rows whose category the baseline does not know.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unseen: u64,
    /// Rows without a value.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub missing: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// One of the places into which a row can fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A bin of the baseline, by its position.
    Bin(usize),
    /// Categories too rare in the baseline to have a bin.
    Other,
    /// Categories that the baseline does not know.
    Unseen,
    /// No value.
    Missing,
}

impl Counts {
    /// Counters of so many bins, all zero.
    pub fn zero(bins: usize) -> Self {
        Self { bins: vec![0; bins], ..Self::default() }
    }

    /// Counts of bins alone.
    pub fn of_bins(bins: impl Into<Vec<u64>>) -> Self {
        Self { bins: bins.into(), ..Self::default() }
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.parts().map(|(_, count)| count).sum()
    }

    /// Every part with its count: the bins in order, then other, unseen and missing.
    pub fn parts(&self) -> impl Iterator<Item = (Part, u64)> {
        let bins = self.bins.iter().enumerate().map(|(i, count)| (Part::Bin(i), *count));
        bins.chain([(Part::Other, self.other), (Part::Unseen, self.unseen), (Part::Missing, self.missing)])
    }

    /// Adds rows to a part; a bin that is not there has none.
    pub fn add(&mut self, part: Part, rows: u64) {
        let count = match part {
            Part::Bin(at) => self.bins.get_mut(at),
            Part::Other => Some(&mut self.other),
            Part::Unseen => Some(&mut self.unseen),
            Part::Missing => Some(&mut self.missing),
        };
        if let Some(count) = count {
            *count += rows;
        }
    }

    /// Adds what another part of the data counted.
    ///
    /// # Errors
    /// The counts are of other bins.
    pub fn merge(&mut self, other: &Self) -> Result<(), Absent> {
        self.same_bins(other)?;
        for (a, b) in self.bins.iter_mut().zip(&other.bins) {
            *a += b;
        }
        self.other += other.other;
        self.unseen += other.unseen;
        self.missing += other.missing;
        Ok(())
    }

    /// Both sides' counts of the parts that have rows on at least one.
    #[expect(clippy::type_complexity, reason = "three lists of equal length, taken apart where they arrive")]
    pub(crate) fn beside(&self, current: &Self) -> Result<(Vec<Part>, Vec<u64>, Vec<u64>), Absent> {
        self.same_bins(current)?;
        if self.rows() == 0 || current.rows() == 0 {
            return Err(Absent::NoRows);
        }
        let (mut parts, mut before, mut after) = (Vec::new(), Vec::new(), Vec::new());
        for ((part, b), (_, c)) in self.parts().zip(current.parts()) {
            if b + c > 0 {
                parts.push(part);
                before.push(b);
                after.push(c);
            }
        }
        Ok((parts, before, after))
    }

    fn same_bins(&self, other: &Self) -> Result<(), Absent> {
        if self.bins.len() == other.bins.len() {
            Ok(())
        } else {
            Err(Absent::Mismatch { left: self.bins.len() as u64, right: other.bins.len() as u64 })
        }
    }
}
