//! `BadRecord`.

use pyo3::prelude::*;
use scouter_tasks::records::{BadRecord, BadRecords, Unit};

use crate::data::{holds, json_methods};

/// A record of a file that could not be read and was left out.
#[pyclass(module = "scouter.evaluate", name = "BadRecord", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyBadRecord(BadRecord);

/// The first of them, as Python sees them.
pub(super) fn first(bad: &BadRecords) -> Vec<PyBadRecord> {
    bad.first.iter().cloned().map(PyBadRecord).collect()
}

#[pymethods]
impl PyBadRecord {
    /// The line of the file, from 1; `None` in a table.
    #[getter]
    fn line(&self) -> Option<u64> {
        (self.0.unit == Unit::Line).then_some(self.0.number)
    }

    /// The row of the table, from 1; `None` in a file of lines.
    #[getter]
    fn row(&self) -> Option<u64> {
        (self.0.unit == Unit::Row).then_some(self.0.number)
    }

    /// Where in its line, in bytes from 1, as far as that is known.
    #[getter]
    fn column(&self) -> Option<usize> {
        self.0.flaw.column
    }

    /// What is wrong with it.
    #[getter]
    fn message(&self) -> &str {
        &self.0.flaw.message
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("BadRecord({:?})", self.0.to_string())
    }
}

holds!(PyBadRecord(BadRecord) as "BadRecord");
json_methods!(PyBadRecord);
