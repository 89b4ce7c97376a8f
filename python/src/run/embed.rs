//! Vectors of the records' texts, made after the run.

use std::sync::Arc;

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_providers::embed::AT_ONCE;
use scouter_tasks::packed::Packed;
use scouter_tasks::path::{Path, Read};
use scouter_tasks::result::{Embedded, Results};
use scouter_tasks::subject::Reads;

use super::asked::warn;
use super::interrupt::Interrupt;
use super::tidy::tidy;
use crate::convert::{Converter, Reader};
use crate::errors;
use crate::evaluate::{Embedding, PyDataset};
use crate::genai::{Failed, Made};

/// What became of the texts.
pub(super) struct Vectors {
    /// Those that there are.
    pub(super) embedded: Arc<Embedded>,
    /// Why the others are not there.
    pub(super) failed: Option<Failed>,
}

/// Embeds what the configuration names. Texts that occur several times are embedded once, and empty ones are left out, as those
/// are that a record lacks. Where a call brings no vectors, those of earlier ones are kept: they are paid for.
pub(super) fn embed(
    py: Python<'_>,
    dataset: &PyDataset,
    wanted: &Embedding,
    results: &Results,
) -> PyResult<Vectors> {
    let mut reads = Reads::default();
    let read_at = wanted.targets.iter().map(|target| {
        let path = Path::parse(target).map_err(errors::value)?;
        Ok(reads.add(path).place())
    });
    let read_at: Vec<usize> = read_at.collect::<PyResult<_>>()?;
    let reader = Reader::new(py, &reads)?;
    let mut places: IndexMap<String, usize> = IndexMap::new();
    let mut converter = Converter::default();
    let mut texts = Vec::with_capacity(dataset.records.len());
    for record in &dataset.records {
        let record = record.borrow(py);
        let mut packed = Packed::default();
        reader.read_record(py, &mut converter, &record.context, &mut packed);
        let read = packed.unpack(0).reads(&reads);
        let mut row = Vec::with_capacity(read_at.len());
        for (at, target) in read_at.iter().zip(&wanted.targets) {
            let text = match read[*at].read() {
                Read::Found(value) => value.as_text().map_or_else(|| value.to_string(), str::to_owned),
                Read::Missing { .. } => String::new(),
                Read::Unreadable(why) => {
                    let name = record.id.as_ref().map_or_else(|| record.uid.to_string(), ToString::to_string);
                    return Err(errors::value(format!(
                        "failed to embed `{target}` of record `{name}`: {why}"
                    )));
                }
            };
            let next = places.len();
            let place = (!text.trim().is_empty()).then(|| *places.entry(text).or_insert(next));
            row.push(place);
        }
        texts.push(row);
    }
    let unique: Vec<String> = places.into_keys().collect();
    let mut vectors = Vec::with_capacity(unique.len());
    let mut calls = Vec::new();
    // Call by call, so that what was answered is never asked for again.
    let mut failed =
        unique.chunks(AT_ONCE).find_map(|part| match wanted.embedder.get().all(py, part.to_vec()) {
            Ok(Made { embeddings, call }) => {
                vectors.extend(embeddings.vectors);
                calls.extend(call);
                None
            }
            Err(failed) => {
                if let Failed::Call(failed) = &failed {
                    calls.extend(failed.1.clone());
                }
                Some(failed)
            }
        });
    let interrupt = Interrupt::listen(py)?;
    let tidied = wanted
        .embedder
        .get()
        .with_cassette(py, |cassette| tidy(py, cassette, |py| interrupt.check(py).map(|()| false)));
    if let Some((saved, heard)) = tidied {
        if let Err(error) = saved {
            // What was made is there all the same.
            warn(py, format!("failed to {error}"));
        }
        // Ctrl-C is raised whatever else there is: a budget that is used up raises nothing.
        failed = heard.err().map(Failed::Raised).or(failed);
    }
    // The rows of a record's trials stand one after the other.
    let trials = results.rows().len() / dataset.records.len().max(1);
    let row = |row: &Vec<Option<usize>>| {
        row.iter().map(|place| place.and_then(|place| vectors.get(place).cloned())).collect::<Vec<_>>()
    };
    let rows = texts.iter().flat_map(|texts| std::iter::repeat_n(row(texts), trials));
    let embedded = Arc::new(Embedded {
        targets: wanted.targets.clone(),
        vectors: rows.collect(),
        similarity: wanted.similarity,
        histograms: wanted.histograms,
        spending: calls.iter().collect(),
    });
    Ok(Vectors { embedded, failed })
}
