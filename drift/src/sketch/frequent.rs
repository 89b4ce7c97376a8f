//! The most frequent texts of many: exact while there are few different ones, then by the algorithm of Misra and Gries ("Finding
//! repeated elements", 1982), whose states merge (Agarwal et al., "Mergeable summaries", 2012). Where there are more texts than
//! counters, the count of the first that has no counter is taken off all. No count is too great, and none is too small by more than
//! what was taken off, which is at most a 1/k of all occurrences, with k counters.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize, de::Error as _};

/// How many texts are counted where there are more than twice as many; up to that all are.
const COUNTERS: usize = 4096;

/// Texts and how often they occur.
///
/// ```
/// use scouter_drift::sketch::Frequent;
///
/// let mut words = Frequent::default();
/// words.add("late", 3);
/// words.add("early", 1);
/// assert_eq!(words.most(1), [("late", 3)]);
/// assert_eq!((words.total(), words.undercount()), (4, 0));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Frequent {
    counts: HashMap<String, u64>,
    total: u64,
    undercount: u64,
}

impl Frequent {
    /// Takes in a text that occurs so often.
    pub fn add(&mut self, text: &str, times: u64) {
        self.total += times;
        *self.counts.entry_ref(text).or_default() += times;
        self.bound();
    }

    /// How many texts are kept.
    pub fn kept(&self) -> usize {
        self.counts.len()
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        for (text, times) in &other.counts {
            *self.counts.entry_ref(text.as_str()).or_default() += times;
        }
        self.total += other.total;
        self.undercount += other.undercount;
        self.bound();
    }

    /// Makes room where there are twice as many texts as counters: so the cost of it is shared by many texts. What is taken off is
    /// taken off more than a counter's number of texts each time, whether they came one by one or as a part, and parts add up what
    /// they took off: so the share of all occurrences that a count may lack is the same.
    fn bound(&mut self) {
        if self.counts.len() > 2 * COUNTERS {
            let mut all: Vec<u64> = self.counts.values().copied().collect();
            let (_, off, _) = all.select_nth_unstable_by(COUNTERS, |a, b| b.cmp(a));
            let off = *off;
            self.counts.retain(|_, count| {
                *count = count.saturating_sub(off);
                *count > 0
            });
            self.undercount += off;
        }
    }

    /// All occurrences.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// By how much a count may be too small.
    pub fn undercount(&self) -> u64 {
        self.undercount
    }

    /// The most frequent texts with their counts, equal ones by name.
    pub fn most(&self, how_many: usize) -> Vec<(&str, u64)> {
        let mut all: Vec<_> = self.counts.iter().map(|(text, count)| (text.as_str(), *count)).collect();
        all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all.truncate(how_many);
        all
    }
}

#[derive(Serialize, Deserialize)]
struct Form {
    counts: std::collections::BTreeMap<String, u64>,
    total: u64,
    undercount: u64,
}

impl TryFrom<Form> for Frequent {
    type Error = serde::de::value::Error;

    fn try_from(Form { counts, total, undercount }: Form) -> Result<Self, Self::Error> {
        let counted: u128 = counts.values().map(|count| u128::from(*count)).sum();
        if counted <= u128::from(total) && undercount <= total {
            Ok(Self { counts: counts.into_iter().collect(), total, undercount })
        } else {
            Err(Self::Error::custom(format_args!(
                "texts occur `{total}` times in all, and more often one by one"
            )))
        }
    }
}

impl From<Frequent> for Form {
    fn from(frequent: Frequent) -> Self {
        Self {
            counts: frequent.counts.into_iter().collect(),
            total: frequent.total,
            undercount: frequent.undercount,
        }
    }
}
