//! Categories: how often each label occurs. The counts of two parts add up to those of the whole.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::Mask;

/// A code of a dictionary-encoded column: a position in its labels, or nothing where it is negative.
pub trait Code: Copy {
    /// The position in the labels, unless the value is missing.
    fn position(self) -> Option<usize>;
}

macro_rules! code {
    ($($t:ty),*) => {$(
        impl Code for $t {
            fn position(self) -> Option<usize> {
                usize::try_from(self).ok()
            }
        }
    )*};
}
code!(i8, i16, i32, i64, u8, u16, u32, u64);

/// How often each label occurs, and how many rows have none.
///
/// ```
/// use scouter_drift::column::Tally;
///
/// let mut tally = Tally::default();
/// tally.add([Some("AA"), Some("UA"), None, Some("AA")]);
/// assert_eq!(tally.count("AA"), 2);
/// assert_eq!((tally.missing(), tally.rows()), (1, 4));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Form", into = "Form")]
pub struct Tally {
    counts: HashMap<String, u64>,
    missing: u64,
}

impl Tally {
    /// Counts labels as they come.
    pub fn add<'a>(&mut self, labels: impl IntoIterator<Item = Option<&'a str>>) {
        for label in labels {
            match label {
                Some(label) => self.weigh(label, 1),
                None => self.missing += 1,
            }
        }
    }

    /// Counts dictionary codes; each label is looked up once, whatever the number of rows. A code that has no label counts
    /// as missing.
    pub fn add_codes<C: Code>(&mut self, codes: &[C], labels: &[&str], mask: Option<Mask<'_>>) {
        let mut counts = vec![0; labels.len()];
        for (row, code) in codes.iter().enumerate() {
            let label = code.position().filter(|_| !mask.is_some_and(|mask| mask.is_missing(row)));
            match label.and_then(|at| counts.get_mut(at)) {
                Some(count) => *count += 1,
                None => self.missing += 1,
            }
        }
        for (label, count) in labels.iter().zip(counts) {
            if count > 0 {
                self.weigh(label, count);
            }
        }
    }

    fn weigh(&mut self, label: &str, count: u64) {
        *self.counts.entry_ref(label).or_default() += count;
    }

    /// Adds what another part counted.
    pub fn merge(&mut self, other: &Self) {
        for (label, count) in &other.counts {
            self.weigh(label, *count);
        }
        self.missing += other.missing;
    }

    /// Rows with this label.
    pub fn count(&self, label: &str) -> u64 {
        self.counts.get(label).copied().unwrap_or(0)
    }

    /// Rows without a value.
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.missing + self.counts.values().sum::<u64>()
    }

    /// How many labels there are.
    pub fn distinct(&self) -> usize {
        self.counts.len()
    }

    /// Labels with their counts, the most frequent first, equal ones by name.
    pub fn ranked(&self) -> Vec<(&str, u64)> {
        let mut all: Vec<_> = self.iter().collect();
        all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all
    }

    /// Labels with their counts, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(label, count)| (label.as_str(), *count))
    }
}

/// What a tally looks like when it is kept: labels in order, so that equal tallies have equal text.
#[derive(Serialize, Deserialize)]
struct Form {
    counts: std::collections::BTreeMap<String, u64>,
    missing: u64,
}

impl From<Form> for Tally {
    fn from(form: Form) -> Self {
        Self { counts: form.counts.into_iter().collect(), missing: form.missing }
    }
}

impl From<Tally> for Form {
    fn from(tally: Tally) -> Self {
        Self { counts: tally.counts.into_iter().collect(), missing: tally.missing }
    }
}
