//! `ServerRecord`, `ServerRecords`.

use pyo3::prelude::*;
use serde::{Deserialize, Serialize};

use super::metrics::{Observed, PyObservabilityMetrics};
use crate::data::wraps;

/// A record as the server takes it.
///
/// Args:
///     record: What it holds.
#[pyclass(module = "scouter.queue", name = "ServerRecord", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyServerRecord(One);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    record: Observed,
}

wraps!(PyServerRecord(One) as "ServerRecord");

#[pymethods]
impl PyServerRecord {
    #[new]
    fn new(record: PyRef<'_, PyObservabilityMetrics>) -> Self {
        Self(One { record: record.0.clone() })
    }

    /// What it holds.
    #[getter]
    fn record(&self) -> PyObservabilityMetrics {
        PyObservabilityMetrics(self.0.record.clone())
    }
}

/// Records as the server takes them.
///
/// Args:
///     records: The records.
#[pyclass(module = "scouter.queue", name = "ServerRecords", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyServerRecords(Many);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Many {
    records: Vec<One>,
}

wraps!(PyServerRecords(Many) as "ServerRecords");

#[pymethods]
impl PyServerRecords {
    #[new]
    fn new(records: Vec<PyRef<'_, PyServerRecord>>) -> Self {
        Self(Many { records: records.iter().map(|record| record.0.clone()).collect() })
    }

    /// The records.
    #[getter]
    fn records(&self) -> Vec<PyServerRecord> {
        self.0.records.iter().cloned().map(PyServerRecord).collect()
    }

    fn __len__(&self) -> usize {
        self.0.records.len()
    }
}

impl PyServerRecords {
    /// What was observed, as one record.
    pub(super) fn of(observed: Observed) -> Self {
        Self(Many { records: vec![One { record: observed }] })
    }
}
