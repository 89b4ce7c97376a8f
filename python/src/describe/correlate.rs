//! How columns of a table in memory hang together, pair by pair on all cores.

use std::collections::HashMap;

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::Absent;
use scouter_drift::methods::cramers_v;
use scouter_drift::profile::{CoMoments, Statistic, ranks, spearman};

use crate::intake::{Cells, Table};
use crate::spread::Spread;

/// Columns of texts with more different values than this are looked at alone: what stands once in every row hangs together with
/// everything.
const MOST_COMPARED: usize = 1000;

/// The statistics of pairs, by either column.
pub(super) type Pairs = IndexMap<String, IndexMap<String, Statistic>>;

/// A column that is compared with others.
struct Whole {
    name: String,
    values: Vec<f64>,
    /// The ranks, where every row has a finite value.
    ranks: Option<Vec<f64>>,
}

/// Pearson's and Spearman's correlation of numbers, Cramér's V of texts.
pub(super) fn correlations(py: Python<'_>, spread: &Spread, table: &Table<'_>) -> PyResult<(Pairs, Pairs)> {
    let columns = table.columns();
    let whole = spread.over(py, columns.len(), |at| {
        let column = &columns[at];
        let Cells::Numbers(numbers) = &column.cells else { return None };
        let mut values = Vec::with_capacity(numbers.rows());
        numbers.each_chunk(&mut |chunk| values.extend_from_slice(chunk));
        let ranks = values.iter().all(|v| v.is_finite()).then(|| ranks(&values));
        Some(Whole { name: column.name.to_owned(), values, ranks })
    })?;
    let whole: Vec<Whole> = whole.into_iter().flatten().collect();
    let pairs = pairs(whole.len());
    let found = spread.over(py, pairs.len(), |at| {
        let (a, b) = (&whole[pairs[at].0], &whole[pairs[at].1]);
        let by_rank = match (&a.ranks, &b.ranks) {
            (Some(a), Some(b)) => pearson(a, b),
            _ => spearman(&a.values, &b.values),
        };
        (pearson(&a.values, &b.values), by_rank)
    })?;
    let (mut linear, mut ranked) = (Pairs::new(), Pairs::new());
    for ((a, b), (pearson, spearman)) in pairs.iter().zip(found) {
        put(&mut linear, &whole[*a].name, &whole[*b].name, pearson);
        put(&mut ranked, &whole[*a].name, &whole[*b].name, spearman);
    }
    texts(py, spread, table, &mut linear)?;
    Ok((linear, ranked))
}

fn pearson(a: &[f64], b: &[f64]) -> Result<f64, Absent> {
    let mut moments = CoMoments::default();
    moments.add(a, b);
    moments.correlation()
}

fn pairs(columns: usize) -> Vec<(usize, usize)> {
    (0..columns).flat_map(|b| (0..b).map(move |a| (a, b))).collect()
}

fn put(all: &mut Pairs, a: &str, b: &str, found: Result<f64, Absent>) {
    let found = Statistic::from(found);
    all.entry(a.to_owned()).or_default().insert(b.to_owned(), found);
    all.entry(b.to_owned()).or_default().insert(a.to_owned(), found);
}

/// A column of categories as codes, and how many there are.
struct Codes {
    name: String,
    rows: Vec<u32>,
    categories: usize,
}

const NO_TEXT: u32 = u32::MAX;

fn texts(py: Python<'_>, spread: &Spread, table: &Table<'_>, all: &mut Pairs) -> PyResult<()> {
    let columns = table.columns();
    let coded = spread.over(py, columns.len(), |at| {
        let column = &columns[at];
        let Cells::Texts(texts) = &column.cells else { return None };
        let mut places: HashMap<String, u32> = HashMap::new();
        let mut codes = Vec::new();
        texts.each(&mut |text| {
            codes.push(match text {
                None => NO_TEXT,
                Some(text) => match places.get(text) {
                    Some(code) => *code,
                    None if places.len() > MOST_COMPARED => NO_TEXT,
                    None => {
                        let code = u32::try_from(places.len()).unwrap_or(NO_TEXT);
                        places.insert(text.to_owned(), code);
                        code
                    }
                },
            });
        });
        let categories = places.len();
        (categories <= MOST_COMPARED).then(|| Codes { name: column.name.to_owned(), rows: codes, categories })
    })?;
    let coded: Vec<Codes> = coded.into_iter().flatten().collect();
    let pairs = pairs(coded.len());
    let found = spread.over(py, pairs.len(), |at| {
        let (a, b) = (&coded[pairs[at].0], &coded[pairs[at].1]);
        let mut counts = vec![vec![0_u64; b.categories]; a.categories];
        for (x, y) in a.rows.iter().zip(&b.rows).filter(|(x, y)| **x != NO_TEXT && **y != NO_TEXT) {
            counts[*x as usize][*y as usize] += 1;
        }
        cramers_v(&counts)
    })?;
    for ((a, b), v) in pairs.iter().zip(found) {
        put(all, &coded[*a].name, &coded[*b].name, v);
    }
    Ok(())
}
