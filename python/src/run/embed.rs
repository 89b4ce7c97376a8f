//! Vectors of the records' texts, made after the run.

use std::sync::Arc;

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_tasks::path::{Path, Read};
use scouter_tasks::result::{Embedded, Results};

use crate::convert::Converter;
use crate::errors;
use crate::evaluate::{Embedding, PyDataset};

/// The most texts of one call: providers bound the tokens of a call as well.
const AT_ONCE: usize = 256;

/// Embeds what the configuration names. Texts that occur several times are embedded once.
pub(super) fn embed(
    py: Python<'_>,
    dataset: &PyDataset,
    wanted: &Embedding,
    results: &Results,
) -> PyResult<Arc<Embedded>> {
    let paths = wanted.targets.iter().map(|target| Path::parse(target).map_err(errors::value));
    let paths: Vec<Path> = paths.collect::<PyResult<_>>()?;
    let mut places: IndexMap<String, usize> = IndexMap::new();
    let mut converter = Converter::default();
    let mut texts = Vec::with_capacity(dataset.records.len());
    for record in &dataset.records {
        let context = converter.convert(record.borrow(py).context.bind(py).as_any()).unwrap_or_default();
        let of = |path: &Path| match path.read(&context) {
            Read::Found(value) => Some(value.as_text().map_or_else(|| value.to_string(), str::to_owned)),
            Read::Missing { .. } | Read::Unreadable(_) => None,
        };
        let row = paths.iter().map(of).map(|text| {
            text.map(|text| {
                let next = places.len();
                *places.entry(text).or_insert(next)
            })
        });
        texts.push(row.collect::<Vec<_>>());
    }
    let unique: Vec<String> = places.into_keys().collect();
    let mut vectors = Vec::with_capacity(unique.len());
    for part in unique.chunks(AT_ONCE) {
        vectors.extend(wanted.embedder.get().all(py, part.to_vec())?.vectors);
    }
    // The rows of a record's trials stand one after the other.
    let trials = results.rows().len() / dataset.records.len().max(1);
    let row = |row: &Vec<Option<usize>>| {
        row.iter().map(|place| place.and_then(|place| vectors.get(place).cloned())).collect::<Vec<_>>()
    };
    let rows = texts.iter().flat_map(|texts| std::iter::repeat_n(row(texts), trials));
    Ok(Arc::new(Embedded {
        targets: wanted.targets.clone(),
        vectors: rows.collect(),
        similarity: wanted.similarity,
        histograms: wanted.histograms,
    }))
}
