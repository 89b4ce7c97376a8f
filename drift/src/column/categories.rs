//! Categories: how often each category occurs. The counts of two parts add up to those of the whole.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize, de::Error as _};

use super::{MOST_ROWS, Mask};
use crate::Absent;

/// More categories than this are names of rows rather than kinds of them, and would grow with the data.
const MOST: usize = 100_000;

/// A code of a dictionary-encoded column: a position in its categories, or nothing where it is negative.
pub trait Code: Copy {
    /// The position in the categories, unless the value is missing.
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

/// How often each category occurs, and how many rows have none.
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
#[serde(try_from = "Form", into = "Form")]
pub struct Tally {
    counts: HashMap<String, u64>,
    missing: u64,
}

impl Tally {
    /// Counts categories as they come.
    pub fn add<'a>(&mut self, categories: impl IntoIterator<Item = Option<&'a str>>) {
        for category in categories {
            match category {
                Some(category) => self.put(category, 1),
                None => self.missing += 1,
            }
        }
    }

    /// Counts a category that so many rows have.
    pub fn weigh(&mut self, category: Option<&str>, rows: u64) {
        match category {
            Some(category) => self.put(category, rows),
            None => self.missing += rows,
        }
    }

    /// Counts dictionary codes; each category is looked up once, whatever the number of rows. A code that has no category, or one that is
    /// no text, counts as missing.
    pub fn add_codes<C: Code>(&mut self, codes: &[C], categories: &[Option<&str>], mask: Option<Mask<'_>>) {
        let mut counts = vec![0; categories.len()];
        for (row, code) in codes.iter().enumerate() {
            let category = code.position().filter(|_| !mask.is_some_and(|mask| mask.is_missing(row)));
            match category.and_then(|at| counts.get_mut(at)) {
                Some(count) => *count += 1,
                None => self.missing += 1,
            }
        }
        for (category, count) in categories.iter().zip(counts) {
            if count > 0 {
                self.weigh(*category, count);
            }
        }
    }

    fn put(&mut self, category: &str, count: u64) {
        *self.counts.entry_ref(category).or_default() += count;
    }

    /// Adds what another part counted.
    pub fn merge(&mut self, other: &Self) {
        for (category, count) in &other.counts {
            self.put(category, *count);
        }
        self.missing += other.missing;
    }

    /// Rows with this category.
    pub fn count(&self, category: &str) -> u64 {
        self.counts.get(category).copied().unwrap_or(0)
    }

    /// Rows without a value.
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.missing + self.counts.values().sum::<u64>()
    }

    /// How many categories there are.
    pub fn distinct(&self) -> usize {
        self.counts.len()
    }

    /// Whether there are few enough categories to be kept while a column is read in parts.
    ///
    /// # Errors
    /// There are more than 100,000.
    pub fn bounded(&self) -> Result<(), Absent> {
        if self.counts.len() > MOST { Err(Absent::TooMany { most: MOST as u64 }) } else { Ok(()) }
    }

    /// Categories with their counts, the most frequent first, equal ones by name.
    pub fn ranked(&self) -> Vec<(&str, u64)> {
        let mut all: Vec<_> = self.iter().collect();
        all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all
    }

    /// Categories with their counts, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(category, count)| (category.as_str(), *count))
    }
}

/// What a tally looks like when it is kept: categories in order, so that equal tallies have equal text.
#[derive(Serialize, Deserialize)]
struct Form {
    counts: std::collections::BTreeMap<String, u64>,
    missing: u64,
}

impl TryFrom<Form> for Tally {
    type Error = serde::de::value::Error;

    fn try_from(Form { counts, missing }: Form) -> Result<Self, Self::Error> {
        let rows = counts.values().chain([&missing]).map(|count| u128::from(*count)).sum::<u128>();
        if rows <= u128::from(MOST_ROWS) {
            Ok(Self { counts: counts.into_iter().collect(), missing })
        } else {
            Err(Self::Error::custom(format_args!("`{rows}` rows are more than can be counted")))
        }
    }
}

impl From<Tally> for Form {
    fn from(tally: Tally) -> Self {
        Self { counts: tally.counts.into_iter().collect(), missing: tally.missing }
    }
}
