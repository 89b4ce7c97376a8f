//! How columns hang together, part by part and on all cores: Pearson's and Spearman's correlation of numbers, Cramér's V of texts. What is
//! known of that, how it is bounded and how it merges stands in [`Associations`].

use std::collections::HashMap;
use std::sync::Mutex;

use pyo3::prelude::*;
use scouter_drift::Absent;
use scouter_drift::profile::{Associations, Categories, Contingency, Correlations, Pairs, Ranks};

use crate::errors;
use crate::intake::{Cells, Numbers, Table, Texts};
use crate::spread::{Spread, locked};

/// Rows whose sums are taken by one thread, and added up in their order: so the sums are the same for any number of threads.
const RANGE: usize = 1 << 16;

/// What is known of how columns hang together.
pub(super) struct Together {
    known: Associations,
    /// The ranks of data that were there at once, of which no values are kept.
    ranks: Option<Vec<Result<Ranks, Absent>>>,
    /// Whether values are kept, to be ranked with those of other parts.
    mergeable: bool,
}

impl Together {
    /// Nothing yet.
    pub(super) fn new(mergeable: bool) -> Self {
        Self { known: Associations::default(), ranks: None, mergeable }
    }

    /// Takes in the next rows; those of data that are there at once are all.
    pub(super) fn take(
        &mut self,
        py: Python<'_>,
        spread: &Spread,
        table: &Table<'_>,
        is_all: bool,
    ) -> PyResult<()> {
        let columns = table.columns();
        let (mut numbers, mut number_names): (Vec<&Numbers<'_>>, Vec<&str>) = (Vec::new(), Vec::new());
        let (mut texts, mut text_names): (Vec<&dyn Texts>, Vec<&str>) = (Vec::new(), Vec::new());
        for column in &columns {
            match &column.cells {
                Cells::Numbers(values) => {
                    numbers.push(values);
                    number_names.push(column.name);
                }
                Cells::Texts(values) => {
                    texts.push(&**values);
                    text_names.push(column.name);
                }
                Cells::Times(_) | Cells::Missing(..) => {}
            }
        }
        let opened = self.known.open(number_names, text_names);
        let (number_places, text_places) = opened.map_err(|error| errors::data(py, error))?;
        let numbers: Vec<(usize, &Numbers<'_>)> = number_places.into_iter().zip(numbers).collect();
        let texts: Vec<(usize, &dyn Texts)> = text_places.into_iter().zip(texts).collect();
        self.linear(py, spread, &numbers, table.rows())?;
        self.ranked(py, spread, &numbers, table.rows(), is_all)?;
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
        let count = self.known.numbers();
        let ranges: Vec<usize> = (0..rows).step_by(RANGE).collect();
        for some in ranges.chunks(spread.threads()) {
            let parts = spread
                .over(py, some.len(), |at| sums(numbers, count, some[at], RANGE.min(rows - some[at])))?;
            for part in parts {
                part.and_then(|part| self.known.add_sums(&part)).map_err(errors::value)?;
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
        if is_all && !self.mergeable {
            let ranks = |at: usize| {
                Ranks::fit(rows, numbers.len())?;
                Ranks::of(&**numbers[at].1)
            };
            self.ranks = Some(spread.over(py, numbers.len(), ranks)?);
            return Ok(());
        }
        let known = &mut self.known;
        py.detach(|| known.add_values(rows, numbers.iter().map(|(at, values)| (*at, &***values))));
        Ok(())
    }

    /// Counts of every pair of categories.
    fn counted(&mut self, py: Python<'_>, spread: &Spread, texts: &[(usize, &dyn Texts)]) -> PyResult<()> {
        let categories: Vec<Mutex<&mut Categories>> = self.known.categories().map(Mutex::new).collect();
        let codes = spread.over(py, texts.len(), |at| {
            let (column, values) = texts[at];
            codes(&mut locked(&categories[column]), values)
        })?;
        drop(categories);
        // Columns of too many categories are in no table.
        self.known.bound();
        let of: HashMap<usize, &Vec<u16>> =
            texts.iter().zip(&codes).map(|((column, _), codes)| (*column, codes)).collect();
        let all = Associations::pairs(self.known.texts());
        let most = Associations::MOST_PAIRS / all.len().max(1);
        let tables: Vec<Mutex<&mut Option<Contingency>>> =
            self.known.tables().map(|(_, table)| Mutex::new(table)).collect();
        spread.over(py, tables.len(), |at| {
            let (a, b) = all[at];
            let (Some(first), Some(second)) = (of.get(&a), of.get(&b)) else { return };
            let mut table = locked(&tables[at]);
            if let Some(counts) = &mut **table {
                counts.add(first, second);
                // At once: the tables of all pairs together may be far larger than what is kept of them.
                if counts.pairs() > most {
                    **table = None;
                }
            }
        })?;
        Ok(())
    }

    /// What it all comes to: Pearson's correlations and Cramér's V, and Spearman's. Beside it what is known, where that can be put together with
    /// other rows.
    pub(super) fn found(
        self,
        py: Python<'_>,
        spread: &Spread,
    ) -> PyResult<((Pairs, Pairs), Option<Associations>)> {
        let Self { mut known, ranks, mergeable } = self;
        if mergeable {
            return Ok((found(py, spread, &known)?, Some(known)));
        }
        let ranks = match (ranks, known.take_values()) {
            (Some(ranks), _) => ranks,
            (None, Ok(values)) => {
                let values: Vec<Mutex<Vec<f64>>> = values.into_iter().map(Mutex::new).collect();
                // Values are given back as soon as there are ranks.
                spread
                    .over(py, values.len(), |at| Ranks::of(&std::mem::take(&mut *locked(&values[at]))[..]))?
            }
            (None, Err(why)) => vec![Err(why); known.numbers()],
        };
        Ok((told(py, spread, &known, &ranks)?, None))
    }
}

/// What is known of how columns hang together comes to this: Pearson's correlations and Cramér's V, and Spearman's.
pub(super) fn found(py: Python<'_>, spread: &Spread, known: &Associations) -> PyResult<(Pairs, Pairs)> {
    let ranks = spread.over(py, known.numbers(), |at| known.ranks(at))?;
    told(py, spread, known, &ranks)
}

fn told(
    py: Python<'_>,
    spread: &Spread,
    known: &Associations,
    ranks: &[Result<Ranks, Absent>],
) -> PyResult<(Pairs, Pairs)> {
    let numbers = Associations::pairs(known.numbers());
    let by_rank = spread.over(py, numbers.len(), |at| {
        let (a, b) = numbers[at];
        match (&ranks[a], &ranks[b]) {
            (Ok(a), Ok(b)) => a.correlation(b),
            (Err(why), _) | (_, Err(why)) => Err(*why),
        }
    })?;
    let texts = Associations::pairs(known.texts());
    let by_category = spread.over(py, texts.len(), |at| known.cramers_v(texts[at].0, texts[at].1))?;
    Ok(known.told(by_rank, by_category))
}

/// The codes of the next rows of a column; none where it has too many categories.
fn codes(known: &mut Categories, texts: &dyn Texts) -> Vec<u16> {
    if known.too_many() {
        return Vec::new();
    }
    let mut rows = Vec::with_capacity(texts.rows());
    texts.each(&mut |text| rows.push(text.map_or(Contingency::MISSING, |text| known.code(text))));
    rows
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
