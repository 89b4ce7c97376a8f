//! Results of runs over parts of the records: put together, taken apart, and those of several tests in one file.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use scouter_providers::layers::Used;
use scouter_tasks::file::write_whole;
use scouter_tasks::result::Results;
use scouter_tasks::value::{Value, from_saved_json, quoted};

use super::whole::PyResults;
use crate::errors;

/// Whether both are of the same tasks in the same order.
fn same_tasks(one: &Results, other: &Results) -> bool {
    let ids = |results: &Results| results.tasks().iter().map(|task| task.id.clone()).collect::<Vec<_>>();
    Arc::ptr_eq(one.tasks(), other.tasks()) || ids(one) == ids(other)
}

#[pymethods]
impl PyResults {
    /// The results of one suite over records that were run apart: each record as its results and its place in them.
    #[staticmethod]
    fn _merge(records: Vec<(PyRef<'_, Self>, usize)>) -> PyResult<Self> {
        let mut rows = Vec::with_capacity(records.len());
        let mut first: Option<Arc<Results>> = None;
        let mut cancelled = false;
        let mut stopped = None;
        let (mut runs, mut used) = (HashSet::new(), None);
        for (part, place) in records {
            let first = first.get_or_insert_with(|| part.0.clone());
            if runs.insert(Arc::as_ptr(&part.0)) {
                used = used.into_iter().chain(part.0.used).reduce(Used::and);
            }
            if !same_tasks(&part.0, first) {
                return Err(errors::value("the parts are results of other tasks"));
            }
            let row = part.0.rows().get(place).ok_or_else(|| errors::value("a part has fewer records"))?;
            rows.push(row.clone());
            cancelled |= part.0.cancelled;
            stopped = stopped.or_else(|| part.0.stopped.clone());
        }
        let first = first.ok_or_else(|| errors::value("there are no parts"))?;
        let mut whole = Results::new(first.tasks().clone(), rows, cancelled);
        whole.bad = first.bad.clone();
        whole.stopped = stopped;
        whole.used = used;
        // What was judged of all records holds where these are all of them.
        whole.window =
            first.window.clone().filter(|_| runs.len() == 1 && whole.rows().len() == first.rows().len());
        Ok(Self::new(whole))
    }

    /// The results of the records of these names alone: their ids, or their uids where they have none.
    fn _only(&self, names: Vec<String>) -> Self {
        let names: HashSet<String> = names.into_iter().collect();
        let rows = self.0.rows().iter().filter(|row| names.contains(&row.name())).cloned();
        let mut part = Results::new(self.0.tasks().clone(), rows.collect(), self.0.cancelled);
        part.bad = self.0.bad.clone();
        Self::new(part)
    }

    /// Writes the results of tests by their names into one file, whole or not at all.
    ///
    /// Raises:
    ///     OSError: Where the file cannot be written.
    #[staticmethod]
    fn _write_all(py: Python<'_>, path: PathBuf, runs: Vec<(String, PyRef<'_, Self>)>) -> PyResult<()> {
        let runs: Vec<(String, Arc<Results>)> =
            runs.into_iter().map(|(name, results)| (name, results.0.clone())).collect();
        let written = py.detach(|| {
            write_whole(&path, |out| {
                out.write_all(br#"{"version": 1, "tests": {"#)?;
                for (at, (name, results)) in runs.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    write!(out, "{comma}{}: ", quoted(name))?;
                    results.json().try_for_each(|piece| out.write_all(piece.as_bytes()))?;
                }
                out.write_all(b"}}")
            })
        });
        Ok(written?)
    }

    /// The results in a file by the name of their test; those of one run have the name ``.
    ///
    /// Raises:
    ///     ResultsError: Where the text is something else.
    #[staticmethod]
    fn _read_all(py: Python<'_>, text: &str) -> PyResult<BTreeMap<String, Self>> {
        let read = py.detach(|| {
            let value = from_saved_json(text).map_err(|error| format!("not JSON: {error}"))?;
            let one = |value| Results::from_value(value).map(Self::new).map_err(|error| error.to_string());
            match value.get("tests").and_then(Value::as_map) {
                None => Ok(BTreeMap::from([(String::new(), one(&value)?)])),
                Some(tests) => {
                    tests.iter().map(|(name, value)| Ok((name.to_string(), one(value)?))).collect()
                }
            }
        });
        read.map_err(|error: String| errors::results(py, error))
    }
}
