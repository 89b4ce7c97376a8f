//! Bins of categories: one for each frequent label, one for all rare ones, one for labels that the baseline never saw.

use hashbrown::HashMap;

use super::Counts;
use crate::column::Tally;

/// Rare labels are remembered up to this many, so that what is new can be told from what was rare. Beyond it, labels that
/// are not known count as rare.
const REMEMBERED: usize = 10_000;

/// Labels that have a bin, and those that share one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryBins {
    labels: Vec<String>,
    rare: Vec<String>,
    complete: bool,
    places: HashMap<String, Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Bin(usize),
    Other,
}

impl CategoryBins {
    /// A bin for each of the most frequent labels, equal ones by name, at most `most` of them (but one).
    ///
    /// ```
    /// use scouter_drift::{column::Tally, psi::CategoryBins};
    ///
    /// let mut year = Tally::default();
    /// year.add(["UA", "UA", "AA", "OO"].map(Some));
    /// let bins = CategoryBins::of(&year, 2);
    /// assert_eq!(bins.labels(), ["UA", "AA"]);
    ///
    /// let mut march = Tally::default();
    /// march.add([Some("UA"), Some("OO"), Some("ZZ"), None]);
    /// let counts = bins.count(&march);
    /// assert_eq!(counts.bins, [1, 0]);
    /// assert_eq!((counts.other, counts.unseen, counts.missing), (1, 1, 1));
    /// ```
    pub fn of(tally: &Tally, most: usize) -> Self {
        let mut labels: Vec<String> = tally.ranked().into_iter().map(|(label, _)| label.to_owned()).collect();
        let mut rare = labels.split_off(most.max(1).min(labels.len()));
        let complete = rare.len() <= REMEMBERED;
        rare.truncate(REMEMBERED);
        Self::new(labels, rare, complete)
    }

    /// Bins for these labels. `complete` says whether `rare` names all labels of the baseline that have no bin.
    pub fn new(labels: Vec<String>, rare: Vec<String>, complete: bool) -> Self {
        let bins = labels.iter().enumerate().map(|(i, label)| (label.clone(), Place::Bin(i)));
        let others = rare.iter().map(|label| (label.clone(), Place::Other));
        Self { places: others.chain(bins).collect(), labels, rare, complete }
    }

    /// Labels with a bin of their own, in the order of the bins.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Labels that share the bin `other`, as far as they are remembered.
    pub fn rare(&self) -> &[String] {
        &self.rare
    }

    /// Whether every label of the baseline is known, so that others are certainly unseen.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Sorts counted labels into the bins.
    pub fn count(&self, tally: &Tally) -> Counts {
        let mut counts = Counts::zero(self.labels.len());
        counts.missing = tally.missing();
        for (label, count) in tally.iter() {
            match self.places.get(label) {
                Some(Place::Bin(i)) => counts.bins[*i] += count,
                None if self.complete => counts.unseen += count,
                Some(Place::Other) | None => counts.other += count,
            }
        }
        counts
    }
}
