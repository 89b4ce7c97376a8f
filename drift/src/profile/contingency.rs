//! How often which categories of two columns stand in the same row. Tables of parts add up to that of the whole. Its size is the number of
//! different pairs.

use hashbrown::HashMap;

use crate::{Absent, methods::cramers_v};

/// A table of pairs of categories.
///
/// ```
/// use scouter_drift::profile::Contingency;
///
/// let mut table = Contingency::default();
/// table.add([Some("AA"), Some("UA"), Some("AA"), None], [Some("JFK"), Some("EWR"), Some("JFK"), Some("LGA")]);
/// assert_eq!(table.cramers_v(), Ok(1.0));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contingency {
    counts: HashMap<String, HashMap<String, u64>>,
}

impl Contingency {
    /// Takes in rows of both columns. A row in which either is missing does not count.
    pub fn add<'a>(
        &mut self,
        first: impl IntoIterator<Item = Option<&'a str>>,
        second: impl IntoIterator<Item = Option<&'a str>>,
    ) {
        for (a, b) in first.into_iter().zip(second).filter_map(|(a, b)| a.zip(b)) {
            *self.counts.entry_ref(a).or_default().entry_ref(b).or_default() += 1;
        }
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        for (a, row) in &other.counts {
            let ours = self.counts.entry_ref(a.as_str()).or_default();
            for (b, count) in row {
                *ours.entry_ref(b.as_str()).or_default() += count;
            }
        }
    }

    /// How strongly the columns hang together, from 0 to 1.
    ///
    /// # Errors
    /// No row has both, or a column has only one category in such rows.
    pub fn cramers_v(&self) -> Result<f64, Absent> {
        let mut places: HashMap<&str, usize> = HashMap::new();
        for category in self.counts.values().flat_map(HashMap::keys) {
            let next = places.len();
            places.entry(category).or_insert(next);
        }
        let row = |row: &HashMap<String, u64>| {
            let mut counts = vec![0; places.len()];
            for (category, count) in row {
                if let Some(place) = places.get(category.as_str()) {
                    counts[*place] = *count;
                }
            }
            counts
        };
        cramers_v(&self.counts.values().map(row).collect::<Vec<_>>())
    }
}
