//! How columns hang together, pair by pair, part by part: Pearson's and Spearman's correlation of numbers, Cramér's V of texts. What is
//! kept is bounded: sums of every pair, ranks of so many rows, and so many different pairs of categories.

use std::collections::HashMap;
use std::sync::Mutex;

use indexmap::{IndexMap, IndexSet};
use pyo3::prelude::*;
use scouter_drift::Absent;
use scouter_drift::profile::{Contingency, Correlations, Ranks, Statistic};

use crate::errors;
use crate::intake::{Cells, Numbers, Table, Texts};
use crate::spread::{Spread, locked};

/// So many columns of numbers, and so many of texts, are compared with each other.
const MOST_COLUMNS: usize = 1000;

/// Columns of texts with more different values than this hang together with everything: what stands once in every row does.
const MOST_COMPARED: u16 = 1000;

/// How many different pairs of categories are counted, of all pairs of columns together.
const MOST_PAIRS: usize = 1 << 24;

/// Rows whose sums are taken by one thread, and added up in their order: so the sums are the same for any number of threads.
const RANGE: usize = 1 << 16;

/// The statistics of pairs, by either column.
pub(super) type Pairs = IndexMap<String, IndexMap<String, Statistic>>;

/// What is known of how columns hang together.
#[derive(Default)]
pub(super) struct Together {
    numbers: IndexSet<String>,
    linear: Option<Correlations>,
    ranked: Ranked,
    texts: IndexMap<String, Categories>,
    /// Pairs of columns of texts: (1, 0), (2, 0), (2, 1), (3, 0), …
    tables: Vec<Mutex<Counts>>,
    rows: usize,
}

/// What is kept for ranks.
enum Ranked {
    /// The values of data that come in parts, by column.
    Values(Vec<Vec<f64>>),
    /// The ranks of data that were there at once.
    Ranks(Vec<Result<Ranks, Absent>>),
    /// There are too many.
    Absent(Absent),
}

impl Default for Ranked {
    fn default() -> Self {
        Self::Values(Vec::new())
    }
}

/// The categories of a column by their codes.
#[derive(Default)]
struct Categories {
    codes: HashMap<String, u16>,
    too_many: bool,
}

/// How often categories of two columns stand together, or why that is not known.
type Counts = Result<Contingency, Absent>;

impl Together {
    /// Takes in the next rows; those of data that are there at once are all.
    pub(super) fn take(
        &mut self,
        py: Python<'_>,
        spread: &Spread,
        table: &Table<'_>,
        is_all: bool,
    ) -> PyResult<()> {
        let columns = table.columns();
        let mut numbers: Vec<(usize, &Numbers<'_>)> = Vec::new();
        let mut texts: Vec<(usize, &dyn Texts)> = Vec::new();
        for column in &columns {
            match &column.cells {
                Cells::Numbers(values) => {
                    numbers.push((self.numbers.insert_full(column.name.to_owned()).0, values));
                }
                Cells::Texts(values) => {
                    let entry = self.texts.entry(column.name.to_owned());
                    let at = entry.index();
                    entry.or_default();
                    texts.push((at, &**values));
                }
                Cells::Times(_) | Cells::Missing(..) => {}
            }
        }
        if self.numbers.len().max(self.texts.len()) > MOST_COLUMNS {
            let message = format!(
                "correlations are of at most {MOST_COLUMNS} columns of numbers, and as many of texts: leave columns out, or \
                 `compute_correlations`"
            );
            return Err(errors::data(py, message));
        }
        self.linear(py, spread, &numbers, table.rows())?;
        self.ranked(py, spread, &numbers, table.rows(), is_all)?;
        self.rows += table.rows();
        self.counted(py, spread, &texts)
    }

    /// Sums of every pair of numbers.
    fn linear(
        &mut self,
        py: Python<'_>,
        spread: &Spread,
        numbers: &[(usize, &Numbers<'_>)],
        rows: usize,
    ) -> PyResult<()> {
        let all = self.linear.get_or_insert_with(|| Correlations::new(0));
        let count = self.numbers.len();
        all.widen(count);
        let ranges: Vec<usize> = (0..rows).step_by(RANGE).collect();
        for some in ranges.chunks(spread.threads()) {
            let parts = spread
                .over(py, some.len(), |at| sums(numbers, count, some[at], RANGE.min(rows - some[at])))?;
            for part in parts {
                part.and_then(|part| all.merge(&part)).map_err(errors::value)?;
            }
        }
        Ok(())
    }

    /// What ranks are made of, or ranks.
    fn ranked(
        &mut self,
        py: Python<'_>,
        spread: &Spread,
        numbers: &[(usize, &Numbers<'_>)],
        rows: usize,
        is_all: bool,
    ) -> PyResult<()> {
        if let Err(why) = Ranks::fit(self.rows + rows, self.numbers.len()) {
            self.ranked = Ranked::Absent(why);
        }
        let Ranked::Values(kept) = &mut self.ranked else { return Ok(()) };
        if is_all {
            let ranks = spread.over(py, numbers.len(), |at| Ranks::of(&**numbers[at].1))?;
            self.ranked = Ranked::Ranks(ranks);
            return Ok(());
        }
        kept.resize_with(self.numbers.len(), Vec::new);
        let before = self.rows;
        py.detach(|| {
            for (at, values) in numbers {
                // A column that was not there had no values.
                kept[*at].resize(before, f64::NAN);
                values.each_chunk(&mut |chunk| kept[*at].extend_from_slice(chunk));
            }
        });
        Ok(())
    }

    /// Counts of every pair of categories.
    fn counted(&mut self, py: Python<'_>, spread: &Spread, texts: &[(usize, &dyn Texts)]) -> PyResult<()> {
        self.tables.resize_with(pairs(self.texts.len()).len(), || Mutex::new(Ok(Contingency::default())));
        let most = MOST_PAIRS / self.tables.len().max(1);
        let categories: Vec<Mutex<&mut Categories>> = self.texts.values_mut().map(Mutex::new).collect();
        let codes = spread.over(py, texts.len(), |at| {
            let (column, values) = texts[at];
            locked(&categories[column]).codes(values)
        })?;
        let of: HashMap<usize, &Vec<u16>> =
            texts.iter().zip(&codes).map(|((column, _), codes)| (*column, codes)).collect();
        let too_many: Vec<bool> = categories.iter().map(|column| locked(column).too_many).collect();
        let (tables, all) = (&self.tables, pairs(categories.len()));
        spread.over(py, tables.len(), |at| {
            let (a, b) = all[at];
            let mut table = locked(&tables[at]);
            if too_many[a] || too_many[b] {
                *table = Err(Absent::TooMany { most: MOST_COMPARED.into() });
            }
            if let (Ok(counts), Some(first), Some(second)) = (&mut *table, of.get(&a), of.get(&b)) {
                counts.add(first, second);
                if counts.pairs() > most {
                    *table = Err(Absent::TooManyPairs { most: most as u64 });
                }
            }
        })?;
        Ok(())
    }

    /// What it all comes to: Pearson's correlations and Cramér's V, and Spearman's.
    pub(super) fn pairs(self, py: Python<'_>, spread: &Spread) -> PyResult<(Pairs, Pairs)> {
        let Self { numbers, linear, ranked, texts, tables, rows } = self;
        let ranks = match ranked {
            Ranked::Ranks(ranks) => ranks,
            Ranked::Absent(why) => vec![Err(why); numbers.len()],
            Ranked::Values(mut values) => {
                for values in &mut values {
                    values.resize(rows, f64::NAN);
                }
                let values: Vec<Mutex<Vec<f64>>> = values.into_iter().map(Mutex::new).collect();
                // Values are given back as soon as there are ranks.
                spread
                    .over(py, values.len(), |at| Ranks::of(&std::mem::take(&mut *locked(&values[at]))[..]))?
            }
        };
        let all = pairs(numbers.len());
        let by_rank = spread.over(py, all.len(), |at| {
            let (a, b) = all[at];
            match (&ranks[a], &ranks[b]) {
                (Ok(a), Ok(b)) => a.correlation(b),
                (Err(why), _) | (_, Err(why)) => Err(*why),
            }
        })?;
        let (mut linear_pairs, mut ranked_pairs) = (Pairs::new(), Pairs::new());
        // What turned out to be texts had no numbers.
        let is_number = |at: usize| !texts.contains_key(&numbers[at]);
        for ((a, b), by_rank) in
            all.into_iter().zip(by_rank).filter(|((a, b), _)| is_number(*a) && is_number(*b))
        {
            let by_value = linear.as_ref().map_or(Err(Absent::NoRows), |linear| linear.correlation(a, b));
            put(&mut linear_pairs, &numbers[a], &numbers[b], by_value);
            put(&mut ranked_pairs, &numbers[a], &numbers[b], by_rank);
        }
        let found = spread.over(py, tables.len(), |at| match &*locked(&tables[at]) {
            Ok(counts) => counts.cramers_v(),
            Err(why) => Err(*why),
        })?;
        for ((a, b), v) in pairs(texts.len()).into_iter().zip(found) {
            if let (Some((a, _)), Some((b, _))) = (texts.get_index(a), texts.get_index(b)) {
                put(&mut linear_pairs, a, b, v);
            }
        }
        Ok((linear_pairs, ranked_pairs))
    }
}

impl Categories {
    /// The codes of the next rows.
    fn codes(&mut self, texts: &dyn Texts) -> Vec<u16> {
        let mut rows = Vec::new();
        if self.too_many {
            return rows;
        }
        rows.reserve_exact(texts.rows());
        texts.each(&mut |text| {
            let code = text.and_then(|text| {
                if let Some(code) = self.codes.get(text) {
                    return Some(*code);
                }
                let next = u16::try_from(self.codes.len()).ok().filter(|next| *next < MOST_COMPARED);
                match next {
                    Some(code) => {
                        self.codes.insert(text.to_owned(), code);
                    }
                    None => self.too_many = true,
                }
                next
            });
            rows.push(code.unwrap_or(Contingency::MISSING));
        });
        rows
    }
}

/// The sums of some rows.
fn sums(
    numbers: &[(usize, &Numbers<'_>)],
    columns: usize,
    first: usize,
    rows: usize,
) -> Result<Correlations, Absent> {
    // As many rows at a time as stay in the second level of the cache.
    let together = ((1 << 17) / columns.max(1)).clamp(512, rows.max(512));
    let mut sums = Correlations::new(columns);
    let mut block = vec![vec![f64::NAN; together.min(rows)]; columns];
    for start in (first..first + rows).step_by(together) {
        let now = together.min(first + rows - start);
        for (at, values) in numbers {
            values.read(start, &mut block[*at][..now]);
        }
        sums.add(&block.iter().map(|column| &column[..now]).collect::<Vec<_>>())?;
    }
    Ok(sums)
}

/// Pairs of so many columns, by the later one.
fn pairs(columns: usize) -> Vec<(usize, usize)> {
    (0..columns).flat_map(|b| (0..b).map(move |a| (a, b))).collect()
}

fn put(all: &mut Pairs, a: &str, b: &str, found: Result<f64, Absent>) {
    let found = Statistic::from(found);
    all.entry(a.to_owned()).or_default().insert(b.to_owned(), found);
    all.entry(b.to_owned()).or_default().insert(a.to_owned(), found);
}
