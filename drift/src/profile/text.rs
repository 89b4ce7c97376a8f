//! A column of texts: how long they are, how many differ, and which words are frequent. Lengths are counted in characters (Unicode
//! scalar values); words are what stands between white space.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize, de::Error as _};

use super::{Shared, Statistic};
use crate::{
    Absent,
    column::{Code, MOST_ROWS, Mask, Tally},
    sketch::{Distinct, Frequent},
};

/// Lengths up to this are counted one by one; longer ones in steps of a 2048th of their length, so that their number is bounded.
const FINE: u64 = 4096;

/// Characters of a word that are kept. Longer ones count as what they begin with, so that what has no white space is bounded too.
const LONGEST: usize = 128;

/// What is known of a column that is read in parts.
///
/// ```
/// use scouter_drift::profile::TextState;
///
/// let mut state = TextState::default();
/// state.add([Some("late again"), None, Some("late"), Some("naïve")]);
/// let stats = state.stats(10);
/// assert_eq!((stats.rows, stats.missing, stats.distinct.count), (4, 1, 3));
/// assert_eq!(stats.char_stats.max_length.value(), Some(10.0));
/// assert_eq!((stats.words[0].word.as_str(), stats.words[0].count), ("late", 2));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form")]
pub struct TextState {
    rows: u64,
    missing: u64,
    characters: u64,
    least: Option<u64>,
    greatest: Option<u64>,
    /// In JSON as pairs, for keys of objects are texts there, and not every reader makes numbers of them again.
    #[serde(with = "pairs")]
    lengths: BTreeMap<u64, u64>,
    distinct: Distinct,
    words: Frequent,
}

mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(map: &BTreeMap<u64, u64>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<u64, u64>, D::Error> {
        Ok(Vec::<(u64, u64)>::deserialize(from)?.into_iter().collect())
    }
}

/// What a column of texts looks like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextStats {
    /// All rows.
    pub rows: u64,
    /// Rows without a value.
    pub missing: u64,
    /// How many different texts there are.
    pub distinct: Shared,
    /// How long they are.
    pub char_stats: CharStats,
    /// The most frequent words, first the most frequent. Of words longer than 128 characters the beginning counts.
    pub words: Vec<WordCount>,
    /// By how much the count of a word may be too small: nothing up to some thousand different words.
    pub undercount: u64,
}

/// Lengths of texts in characters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CharStats {
    /// The least.
    pub min_length: Statistic,
    /// The greatest.
    pub max_length: Statistic,
    /// The lower median; of texts longer than 4096 characters to a 2048th.
    pub median_length: Statistic,
    /// The mean.
    pub mean_length: Statistic,
}

/// A word and how often it occurs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WordCount {
    /// The word.
    pub word: String,
    /// How often.
    pub count: u64,
    /// Its share of all words, from 0 to 1.
    pub share: f64,
}

impl TextState {
    /// Takes in texts as they come.
    pub fn add<'a>(&mut self, texts: impl IntoIterator<Item = Option<&'a str>>) {
        // Equal texts are looked at once, in the order in which they came: words that find no counter depend on it.
        let mut seen: IndexMap<&str, u64> = IndexMap::new();
        for text in texts {
            self.rows += 1;
            match text {
                Some(text) => *seen.entry(text).or_default() += 1,
                None => self.missing += 1,
            }
        }
        for (text, times) in seen {
            self.weigh(text, times);
        }
    }

    /// Takes in dictionary codes. A code that has no category, or one that is no text, counts as missing.
    pub fn add_codes<C: Code>(&mut self, codes: &[C], categories: &[Option<&str>], mask: Option<Mask<'_>>) {
        let mut counts = vec![0_u64; categories.len()];
        for (row, code) in codes.iter().enumerate() {
            let known = code.position().filter(|_| !mask.is_some_and(|mask| mask.is_missing(row)));
            match known.and_then(|at| counts.get_mut(at)) {
                Some(count) => *count += 1,
                None => self.missing += 1,
            }
        }
        self.rows += codes.len() as u64;
        for (category, count) in categories.iter().zip(counts).filter(|(_, count)| *count > 0) {
            match category {
                Some(text) => self.weigh(text, count),
                None => self.missing += count,
            }
        }
    }

    /// Takes in texts that were counted, the most frequent first.
    pub fn add_tally(&mut self, tally: &Tally) {
        self.rows += tally.rows();
        self.missing += tally.missing();
        for (text, times) in tally.ranked() {
            self.weigh(text, times);
        }
    }

    fn weigh(&mut self, text: &str, times: u64) {
        let length = text.chars().count() as u64;
        self.characters += length * times;
        self.least = Some(self.least.map_or(length, |least| least.min(length)));
        self.greatest = self.greatest.max(Some(length));
        *self.lengths.entry(coarse(length)).or_default() += times;
        self.distinct.add_text(text);
        for word in text.split_whitespace() {
            let end = word.char_indices().nth(LONGEST).map_or(word.len(), |(end, _)| end);
            self.words.add(&word[..end], times);
        }
    }

    /// Takes in so many rows without a value.
    pub fn add_missing(&mut self, rows: u64) {
        self.rows += rows;
        self.missing += rows;
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Rows without a value.
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.missing += other.missing;
        self.characters += other.characters;
        self.least = self.least.into_iter().chain(other.least).min();
        self.greatest = self.greatest.max(other.greatest);
        for (length, count) in &other.lengths {
            *self.lengths.entry(*length).or_default() += count;
        }
        self.distinct.merge(&other.distinct);
        self.words.merge(&other.words);
    }

    /// The greatest of all that is counted of it: its rows, or their characters.
    pub fn most(&self) -> u64 {
        self.rows.max(self.characters)
    }

    /// How many texts, words and lengths are kept.
    pub fn kept(&self) -> usize {
        self.distinct.kept() + self.words.kept() + self.lengths.len()
    }

    /// What the column looks like, with so many of its words.
    pub fn stats(&self, words: usize) -> TextStats {
        let texts = self.rows.saturating_sub(self.missing);
        let absent = if self.rows == 0 { Absent::NoRows } else { Absent::AllMissing };
        let number = |length: Option<u64>| Statistic::from(length.map(|n| n as f64).ok_or(absent));
        let all = self.words.total().max(1) as f64;
        let word = |(word, count): (&str, u64)| WordCount {
            word: word.to_owned(),
            count,
            share: count as f64 / all,
        };
        TextStats {
            rows: self.rows,
            missing: self.missing,
            distinct: Shared::new(self.distinct.count(), texts),
            char_stats: CharStats {
                min_length: number(self.least),
                max_length: number(self.greatest),
                median_length: number(self.median()),
                mean_length: if texts > 0 { Ok(self.characters as f64 / texts as f64) } else { Err(absent) }
                    .into(),
            },
            words: self.words.most(words).into_iter().map(word).collect(),
            undercount: self.words.undercount(),
        }
    }

    /// Whether all of it is of the same texts, and no more than are counted.
    fn is_sound(&self) -> bool {
        let texts = u128::from(self.rows.saturating_sub(self.missing));
        let counted: u128 = self.lengths.values().map(|count| u128::from(*count)).sum();
        let characters = u128::from(self.characters);
        let fits = |(least, greatest): (u64, u64)| {
            texts > 0 && (u128::from(least) * texts..=u128::from(greatest) * texts).contains(&characters)
        };
        self.missing <= self.rows
            && self.most() <= MOST_ROWS
            && counted == texts
            && self.least.zip(self.greatest).map_or(texts == 0 && characters == 0, fits)
            && self.words.total() <= self.characters
    }

    fn median(&self) -> Option<u64> {
        let half = self.rows.saturating_sub(self.missing).div_ceil(2);
        let mut below = 0;
        let mut reaches = |count: &u64| {
            below += count;
            below >= half
        };
        self.lengths.iter().find(|(_, count)| reaches(count)).map(|(length, _)| *length)
    }
}

/// A length as it is counted: long ones without their lowest bits.
fn coarse(length: u64) -> u64 {
    let drop = length.checked_ilog2().map_or(0, |bits| (bits + 1).saturating_sub(FINE.ilog2()));
    length >> drop << drop
}

/// What was kept, as it is read.
#[derive(Deserialize)]
struct Form {
    rows: u64,
    missing: u64,
    characters: u64,
    least: Option<u64>,
    greatest: Option<u64>,
    #[serde(with = "pairs")]
    lengths: BTreeMap<u64, u64>,
    distinct: Distinct,
    words: Frequent,
}

impl TryFrom<Form> for TextState {
    type Error = serde::de::value::Error;

    fn try_from(form: Form) -> Result<Self, Self::Error> {
        let Form { rows, missing, characters, least, greatest, lengths, distinct, words } = form;
        let kept = Self { rows, missing, characters, least, greatest, lengths, distinct, words };
        if kept.is_sound() {
            Ok(kept)
        } else {
            Err(Self::Error::custom("counts of texts do not fit together"))
        }
    }
}
