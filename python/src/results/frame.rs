//! Results as a data frame.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString};
use scouter_tasks::result::{Judged, Results, Status};
use scouter_tasks::suite::TaskInfo;
use scouter_tasks::value::Value;

use crate::convert::to_python;

/// A pandas frame with a row for every task of every record. Columns are made one after another, and text that
/// many rows share is one object: rows one by one would take ten times as long.
pub(super) fn pandas<'py>(py: Python<'py>, results: &Results) -> PyResult<Bound<'py, PyAny>> {
    let build = Build { py, results };
    let columns = PyDict::new(py);
    let set = |name: &str, column: Bound<'py, PyAny>| columns.set_item(name, column);
    let text = |text: &str| PyString::new(py, text).into_any();
    let optional = |given: Option<&str>| given.map_or_else(|| py.None().into_bound(py), text);
    set("record_id", build.of_record(|judged| Ok(optional(judged.row.id.as_deref())))?)?;
    set("record_uid", build.of_record(|judged| Ok(text(&judged.row.uid.to_string())))?)?;
    set("created_at", build.times()?)?;
    set("task_id", build.of_task(|task| text(&task.id))?)?;
    set("task_type", build.of_task(|task| text(&task.kind))?)?;
    let statuses: Vec<_> = Status::ALL.iter().map(|status| text(status.as_str())).collect();
    set("status", build.list(|judged| Ok(statuses[judged.status() as usize].clone()))?)?;
    set("passed", build.numbers("bool", |judged| [u8::from(judged.status() == Status::Passed)])?)?;
    let value = |judged: &Judged<'_>| f64::from(u8::from(judged.status() == Status::Passed));
    set("value", build.numbers("float64", |judged| value(judged).to_ne_bytes())?)?;
    let stage = |judged: &Judged<'_>| i64::try_from(judged.info().stage).unwrap_or(i64::MAX);
    set("condition", build.numbers("bool", |judged| [u8::from(judged.info().gate)])?)?;
    set("stage", build.numbers("int64", |judged| stage(judged).to_ne_bytes())?)?;
    set("context_path", build.of_task(|task| optional(task.context_path.as_deref()))?)?;
    let operator = |task: &TaskInfo| task.operator.map(|operator| operator.to_string());
    set("operator", build.of_task(|task| optional(operator(task).as_deref()))?)?;
    set("message", build.list(|judged| Ok(text(&judged.message())))?)?;
    set("expected", build.list(|judged| build.object(judged.expected()))?)?;
    set("actual", build.list(|judged| build.object(&judged.actual()))?)?;
    set("detail", build.list(|judged| Ok(optional(judged.detail())))?)?;
    set(
        "record_ms",
        build.numbers("float64", |judged| (1e3 * judged.row.took.as_secs_f64()).to_ne_bytes())?,
    )?;
    py.import("pandas")?.getattr("DataFrame")?.call1((columns,))
}

struct Build<'a, 'py> {
    py: Python<'py>,
    results: &'a Results,
}

impl<'a, 'py> Build<'a, 'py> {
    fn rows(&self) -> impl Iterator<Item = Judged<'a>> {
        let results = self.results;
        results.rows().iter().flat_map(|row| Judged::all(row, results.tasks()))
    }

    /// A column of objects.
    fn list(&self, cell: impl Fn(&Judged<'a>) -> PyResult<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        let cells: Vec<_> = self.rows().map(|judged| cell(&judged)).collect::<PyResult<_>>()?;
        Ok(PyList::new(self.py, cells)?.into_any())
    }

    /// A column of objects that differ by record only.
    fn of_record(
        &self,
        cell: impl Fn(&Judged<'a>) -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut cells = Vec::new();
        for judged in self.rows() {
            let shared = cells.last().filter(|_| judged.task > 0).cloned();
            cells.push(shared.map_or_else(|| cell(&judged), Ok)?);
        }
        Ok(PyList::new(self.py, cells)?.into_any())
    }

    /// A column of objects that differ by task only.
    fn of_task(&self, cell: impl Fn(&TaskInfo) -> Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let shared: Vec<_> = self.results.tasks().iter().map(cell).collect();
        self.list(|judged| Ok(shared[judged.task].clone()))
    }

    /// The times of the records: few differ, for a run has one.
    fn times(&self) -> PyResult<Bound<'py, PyAny>> {
        let mut known: HashMap<DateTime<Utc>, Bound<'py, PyAny>> = HashMap::new();
        for row in self.results.rows() {
            if !known.contains_key(&row.created_at) {
                known.insert(row.created_at, row.created_at.into_pyobject(self.py)?.into_any());
            }
        }
        self.list(|judged| Ok(known[&judged.row.created_at].clone()))
    }

    /// A column of numbers of this type, given as their bytes.
    fn numbers<const N: usize>(
        &self,
        kind: &str,
        number: impl Fn(&Judged<'a>) -> [u8; N],
    ) -> PyResult<Bound<'py, PyAny>> {
        let bytes: Vec<u8> = self.rows().flat_map(|judged| number(&judged)).collect();
        let bytes = PyBytes::new(self.py, &bytes);
        self.py.import("numpy")?.call_method1("frombuffer", (bytes, kind))
    }

    fn object(&self, value: &Value) -> PyResult<Bound<'py, PyAny>> {
        to_python(self.py, value)
    }
}
