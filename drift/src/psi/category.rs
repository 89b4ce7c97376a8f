//! Bins of categories: one for each frequent category, one for all rare ones, one for categories that the baseline never saw.

use hashbrown::HashMap;

use super::{Counts, Part};
use crate::column::Tally;

/// Rare categories are remembered up to this many, so that what is new can be told from what was rare. Beyond it, categories that
/// are not known count as rare.
const REMEMBERED: usize = 10_000;

/// Categories that have a bin, and those that share one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryBins {
    categories: Vec<String>,
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
    /// A bin for each of the most frequent categories, equally frequent ones by name: at most `most` of them, at least one.
    ///
    /// ```
    /// use scouter_drift::{column::Tally, psi::CategoryBins};
    ///
    /// let mut year = Tally::default();
    /// year.add(["UA", "UA", "AA", "OO"].map(Some));
    /// let bins = CategoryBins::of(&year, 2);
    /// assert_eq!(bins.categories(), ["UA", "AA"]);
    ///
    /// let mut march = Tally::default();
    /// march.add([Some("UA"), Some("OO"), Some("ZZ"), None]);
    /// let counts = bins.count(&march);
    /// assert_eq!(counts.bins, [1, 0]);
    /// assert_eq!((counts.other, counts.unseen, counts.missing), (1, 1, 1));
    /// ```
    pub fn of(tally: &Tally, most: usize) -> Self {
        let mut categories: Vec<String> =
            tally.ranked().into_iter().map(|(category, _)| category.to_owned()).collect();
        let mut rare = categories.split_off(most.max(1).min(categories.len()));
        let complete = rare.len() <= REMEMBERED;
        rare.truncate(REMEMBERED);
        Self::new(categories, rare, complete)
    }

    /// Bins for these categories. `complete` says whether `rare` names all categories of the baseline that have no bin.
    pub fn new(categories: Vec<String>, rare: Vec<String>, complete: bool) -> Self {
        let bins = categories.iter().enumerate().map(|(i, category)| (category.clone(), Place::Bin(i)));
        let others = rare.iter().map(|category| (category.clone(), Place::Other));
        Self { places: others.chain(bins).collect(), categories, rare, complete }
    }

    /// Categories with a bin of their own, in the order of the bins.
    pub fn categories(&self) -> &[String] {
        &self.categories
    }

    /// Categories that share the bin `other`, as far as they are remembered.
    pub fn rare(&self) -> &[String] {
        &self.rare
    }

    /// Whether every category of the baseline is known, so that others are certainly unseen.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Sorts counted categories into the bins.
    pub fn count(&self, tally: &Tally) -> Counts {
        let mut counts = Counts::zero(self.categories.len());
        counts.missing = tally.missing();
        for (category, count) in tally.iter() {
            counts.add(self.part_of(category), count);
        }
        counts
    }

    /// Where a category falls.
    pub fn part_of(&self, category: &str) -> Part {
        match self.places.get(category) {
            Some(Place::Bin(i)) => Part::Bin(*i),
            None if self.complete => Part::Unseen,
            Some(Place::Other) | None => Part::Other,
        }
    }
}
