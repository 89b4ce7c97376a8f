//! How columns hang together, pair by pair: Pearson's and Spearman's correlation of numbers, Cramér's V of texts. Parts merge, and columns go by
//! their names: sums of pairs combine, so that Pearson's correlation is that of the whole to rounding; values are put behind each other,
//! and categories numbered anew, so that ranks and counts are exactly those of the whole.
//!
//! What is kept is bounded: sums of every pair of so many columns ([`Associations::MOST_COLUMNS`]), as many values as are ranked
//! ([`Ranks::MOST_ROWS`], [`Ranks::MOST`]), so many categories of a column ([`Categories::MOST`]), each in so many bytes, and so many
//! different pairs of them ([`Associations::MOST_PAIRS`]). What is beyond a bound in a part is so in the whole.

use indexmap::{IndexMap, IndexSet};
use serde::{Deserialize, Serialize, de::Error as _};
use thiserror::Error;

use super::{
    Categories, Contingency, Correlations, Ranks, Statistic,
    packed::{packed, unpacked},
};
use crate::{
    Absent,
    column::{Column, MOST_ROWS},
};

/// The statistics of pairs, by either column.
pub type Pairs = IndexMap<String, IndexMap<String, Statistic>>;

/// What is known of how columns hang together. Steps are apart, so that a caller can divide them among threads.
///
/// ```
/// use scouter_drift::profile::{Associations, Correlations};
///
/// let part = |x: &[f64], y: &[f64]| -> Result<Associations, Box<dyn std::error::Error>> {
///     let mut part = Associations::default();
///     part.open(["x", "y"], [])?;
///     let mut sums = Correlations::new(2);
///     sums.add(&[x, y])?;
///     part.add_sums(&sums)?;
///     part.add_values(x.len(), [(0, x), (1, y)]);
///     Ok(part)
/// };
/// let mut whole = part(&[1.0, 2.0], &[1.0, 4.0])?;
/// whole.merge(&part(&[3.0, 4.0], &[9.0, 16.0])?)?;
/// assert!((whole.ranks(0)?.correlation(&whole.ranks(1)?)? - 1.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form")]
pub struct Associations {
    rows: usize,
    /// The columns of numbers.
    numbers: IndexSet<String>,
    linear: Correlations,
    /// By column of numbers, its value in every row; none where they are more than are ranked.
    values: Option<Vec<Values>>,
    /// The columns of texts; saved as a list, for their order counts.
    #[serde(with = "indexmap::map::serde_seq")]
    texts: IndexMap<String, Categories>,
    /// Pairs of columns of texts: (1, 0), (2, 0), (2, 1), (3, 0), … None where there is too much to count.
    tables: Vec<Option<Contingency>>,
}

/// The values of a column in the order of their rows, NaN where there is none.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Values(Vec<f64>);

/// A value that is missing is the same as another one that is: a state is to equal its own copy.
impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().map(|value| value.to_bits()).eq(other.0.iter().map(|value| value.to_bits()))
    }
}

/// There are more columns than are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "correlations are of at most {most} columns of numbers, and as many of texts: leave columns out, or `compute_correlations`",
    most = Associations::MOST_COLUMNS
)]
pub struct TooManyColumns;

impl Default for Associations {
    fn default() -> Self {
        Self {
            rows: 0,
            numbers: IndexSet::new(),
            linear: Correlations::default(),
            values: Some(Vec::new()),
            texts: IndexMap::new(),
            tables: Vec::new(),
        }
    }
}

impl Associations {
    /// So many columns of numbers, and so many of texts, are compared with each other.
    pub const MOST_COLUMNS: usize = 1000;

    /// So many different pairs of categories are counted, shared evenly by all pairs of columns of texts.
    pub const MOST_PAIRS: usize = 1 << 24;

    /// Makes room for columns of numbers and of texts, and tells the place of each; those that were not there before had no value.
    ///
    /// # Errors
    /// There are too many; nothing is to be added any more.
    pub fn open<'a>(
        &mut self,
        numbers: impl IntoIterator<Item = &'a str>,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Result<(Vec<usize>, Vec<usize>), TooManyColumns> {
        let number = |name: &str| self.numbers.insert_full(name.to_owned()).0;
        let numbers: Vec<usize> = numbers.into_iter().map(number).collect();
        let text = |name: &str| {
            let entry = self.texts.entry(name.to_owned());
            let at = entry.index();
            entry.or_default();
            at
        };
        let texts: Vec<usize> = texts.into_iter().map(text).collect();
        if self.numbers.len().max(self.texts.len()) > Self::MOST_COLUMNS {
            return Err(TooManyColumns);
        }
        self.linear.widen(self.numbers.len());
        let rows = self.rows;
        self.bound_values();
        if let Some(values) = &mut self.values {
            values.resize_with(self.numbers.len(), || Values(vec![f64::NAN; rows]));
        }
        self.tables.resize_with(count(self.texts.len()), || Some(Contingency::default()));
        Ok((numbers, texts))
    }

    /// Takes in the sums of the next rows of all columns of numbers.
    ///
    /// # Errors
    /// They are of more or fewer columns.
    pub fn add_sums(&mut self, sums: &Correlations) -> Result<(), Absent> {
        self.linear.merge(sums)
    }

    /// Takes in so many further rows: columns of numbers with their places. What is not among them has no value there.
    pub fn add_values<'a, C: Column + ?Sized + 'a>(
        &mut self,
        rows: usize,
        numbers: impl IntoIterator<Item = (usize, &'a C)>,
    ) {
        self.rows = self.rows.saturating_add(rows);
        self.bound_values();
        let Some(kept) = &mut self.values else { return };
        for (at, column) in numbers {
            let values = &mut kept[at].0;
            column.each_chunk(&mut |chunk| values.extend_from_slice(chunk));
        }
        for values in kept {
            values.0.resize(self.rows, f64::NAN);
        }
    }

    /// The values of every column of numbers, which are kept no longer.
    ///
    /// # Errors
    /// There are too many to be ranked.
    pub fn take_values(&mut self) -> Result<Vec<Vec<f64>>, Absent> {
        Ranks::fit(self.rows, self.numbers.len())?;
        Ok(self.values.take().into_iter().flatten().map(|values| values.0).collect())
    }

    /// The columns of texts.
    pub fn categories(&mut self) -> impl Iterator<Item = &mut Categories> {
        self.texts.values_mut()
    }

    /// What is counted of every pair of columns of texts, with the places of both.
    pub fn tables(&mut self) -> impl Iterator<Item = ((usize, usize), &mut Option<Contingency>)> {
        Self::pairs(self.texts.len()).into_iter().zip(&mut self.tables)
    }

    /// Leaves what is too much uncounted: to be called when something has been counted.
    pub fn bound(&mut self) {
        let most = self.most_pairs();
        let too_many: Vec<bool> = self.texts.values().map(Categories::too_many).collect();
        for ((a, b), table) in self.tables() {
            if too_many[a] || too_many[b] || table.as_ref().is_some_and(|counts| counts.pairs() > most) {
                *table = None;
            }
        }
    }

    /// Takes in another part, whose rows come behind.
    ///
    /// # Errors
    /// There are too many columns in both together; nothing is to be added any more.
    pub fn merge(&mut self, other: &Self) -> Result<(), TooManyColumns> {
        let numbers = other.numbers.iter().map(String::as_str);
        let texts = other.texts.keys().map(String::as_str);
        let (numbers, texts) = self.open(numbers, texts)?;
        // There are as many places as columns, and all of them are here.
        let _ = self.linear.merge_at(&other.linear, &numbers);
        if other.values.is_none() {
            self.values = None;
        }
        let values = other.values.iter().flatten().map(|values| &values.0[..]);
        self.add_values(other.rows, numbers.into_iter().zip(values));
        let codes: Vec<Option<Vec<u16>>> = texts
            .iter()
            .zip(other.texts.values())
            .map(|(at, theirs)| self.texts[*at].merge(theirs))
            .collect();
        for ((a, b), theirs) in Self::pairs(codes.len()).into_iter().zip(&other.tables) {
            let (first, second) = (texts[a], texts[b]);
            let ours = &mut self.tables[place(first, second)];
            let known = codes[a].as_ref().zip(codes[b].as_ref()).zip(theirs.as_ref());
            let Some(((of_first, of_second), theirs)) = known else {
                *ours = None;
                continue;
            };
            let here = |x: u16, y: u16| {
                let (x, y) = (of_first[usize::from(x)], of_second[usize::from(y)]);
                if first < second { (x, y) } else { (y, x) }
            };
            if let Some(ours) = ours {
                ours.merge_by(theirs, here);
            }
        }
        self.bound();
        Ok(())
    }

    /// How many columns of numbers there are.
    pub fn numbers(&self) -> usize {
        self.numbers.len()
    }

    /// How many columns of texts there are.
    pub fn texts(&self) -> usize {
        self.texts.len()
    }

    /// The ranks of a column of numbers, by its place.
    ///
    /// # Errors
    /// There are too many to be kept, or there is no such column.
    pub fn ranks(&self, at: usize) -> Result<Ranks, Absent> {
        Ranks::fit(self.rows, self.numbers.len())?;
        let values = self.values.as_ref().and_then(|values| values.get(at)).ok_or(Absent::WrongInput)?;
        Ranks::of(&values.0[..])
    }

    /// How strongly two different columns of texts hang together, by their places.
    ///
    /// # Errors
    /// No row has both, a column has only one category in such rows, or there is too much to count.
    pub fn cramers_v(&self, a: usize, b: usize) -> Result<f64, Absent> {
        match &self.tables[place(a, b)] {
            Some(counts) => counts.cramers_v(),
            None if self.texts[a].too_many() || self.texts[b].too_many() => {
                Err(Absent::TooMany { most: Categories::MOST as u64 })
            }
            None => Err(Absent::TooManyPairs { most: self.most_pairs() as u64 }),
        }
    }

    /// What it all comes to, by the names of columns: Pearson's correlations and Cramér's V, and Spearman's. The latter two are worked out by
    /// the caller, of all [`pairs`](Self::pairs) of columns.
    pub fn told(
        &self,
        by_rank: impl IntoIterator<Item = Result<f64, Absent>>,
        by_category: impl IntoIterator<Item = Result<f64, Absent>>,
    ) -> (Pairs, Pairs) {
        let (mut linear, mut ranked) = (Pairs::new(), Pairs::new());
        for ((a, b), by_rank) in Self::pairs(self.numbers.len()).into_iter().zip(by_rank) {
            let (first, second) = (&self.numbers[a], &self.numbers[b]);
            if !self.holds_texts(first) && !self.holds_texts(second) {
                put(&mut linear, first, second, self.linear.correlation(a, b));
                put(&mut ranked, first, second, by_rank);
            }
        }
        let texts: Vec<&String> = self.texts.keys().collect();
        for ((a, b), by_category) in Self::pairs(texts.len()).into_iter().zip(by_category) {
            if self.holds_texts(texts[a]) && self.holds_texts(texts[b]) {
                put(&mut linear, texts[a], texts[b], by_category);
            }
        }
        (linear, ranked)
    }

    /// The places of all pairs of so many columns: (0, 1), (0, 2), (1, 2), (0, 3), …
    pub fn pairs(columns: usize) -> Vec<(usize, usize)> {
        (0..columns).flat_map(|b| (0..b).map(move |a| (a, b))).collect()
    }

    /// Whether a column is one of texts. One without a value tells nothing of what it holds, and may stand among those of numbers too.
    fn holds_texts(&self, name: &str) -> bool {
        let is_text = |of: &Categories| of.too_many() || of.count() > 0 || !self.numbers.contains(name);
        self.texts.get(name).is_some_and(is_text)
    }

    fn bound_values(&mut self) {
        if Ranks::fit(self.rows, self.numbers.len()).is_err() {
            self.values = None;
        }
    }

    /// So many different pairs of categories are counted of two columns.
    fn most_pairs(&self) -> usize {
        Self::MOST_PAIRS / self.tables.len().max(1)
    }

    /// Whether all of it is of the same columns, rows and categories.
    fn is_sound(&self) -> bool {
        let is_whole = |values: &Vec<Values>| {
            values.len() == self.numbers.len() && values.iter().all(|values| values.0.len() == self.rows)
        };
        let known: Vec<usize> = self.texts.values().map(Categories::count).collect();
        let rows = self.rows as u64;
        let is_known = |((a, b), table): ((usize, usize), &Option<Contingency>)| {
            table.as_ref().is_none_or(|counts| {
                let (height, width) = counts.extent();
                height <= known[a] && width <= known[b] && counts.rows() <= u128::from(rows)
            })
        };
        rows <= MOST_ROWS
            && self.linear.rows() <= rows
            && self.numbers.len().max(known.len()) <= Self::MOST_COLUMNS
            && self.linear.same(self.numbers.len()).is_ok()
            && self.values.as_ref().is_none_or(is_whole)
            && known.iter().all(|count| *count <= Categories::MOST)
            && self.tables.len() == count(known.len())
            && Self::pairs(known.len()).into_iter().zip(&self.tables).all(is_known)
    }
}

/// How many pairs so many columns have.
fn count(columns: usize) -> usize {
    columns * columns.saturating_sub(1) / 2
}

/// Where two different columns stand among the pairs.
fn place(a: usize, b: usize) -> usize {
    count(a.max(b)) + a.min(b)
}

fn put(all: &mut Pairs, a: &str, b: &str, found: Result<f64, Absent>) {
    let found = Statistic::from(found);
    all.entry(a.to_owned()).or_default().insert(b.to_owned(), found);
    all.entry(b.to_owned()).or_default().insert(a.to_owned(), found);
}

impl From<Values> for String {
    fn from(values: Values) -> Self {
        packed(values.0.into_iter().map(f64::to_bits))
    }
}

impl TryFrom<String> for Values {
    type Error = serde::de::value::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        unpacked(&text).map(|bits| Self(bits.into_iter().map(f64::from_bits).collect()))
    }
}

/// What was kept, as it is read.
#[derive(Deserialize)]
struct Form {
    rows: usize,
    numbers: IndexSet<String>,
    linear: Correlations,
    values: Option<Vec<Values>>,
    #[serde(with = "indexmap::map::serde_seq")]
    texts: IndexMap<String, Categories>,
    tables: Vec<Option<Contingency>>,
}

impl TryFrom<Form> for Associations {
    type Error = serde::de::value::Error;

    fn try_from(form: Form) -> Result<Self, Self::Error> {
        let Form { rows, numbers, linear, values, texts, tables } = form;
        let kept = Self { rows, numbers, linear, values, texts, tables };
        if kept.is_sound() { Ok(kept) } else { Err(Self::Error::custom("correlations do not fit together")) }
    }
}
