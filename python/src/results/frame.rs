//! Results as a data frame.

use std::num::NonZeroU32;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString};
use scouter_tasks::result::{Judged, Labels, Results, Row, Status};
use scouter_tasks::suite::TaskInfo;

use crate::convert::to_python;

/// A pandas frame with a row for every task of every record. Columns are made one after another, and what many
/// rows share is made once and then spread: rows one by one would take ten times as long.
pub(super) fn pandas<'py>(py: Python<'py>, results: &Results) -> PyResult<Bound<'py, PyAny>> {
    let build = Build { py, results };
    let columns = PyDict::new(py);
    let set = |name: &str, column: PyResult<Bound<'py, PyAny>>| columns.set_item(name, column?);
    let text = |text: &str| PyString::new(py, text).into_any();
    let optional = |given: Option<&str>| given.map_or_else(|| py.None().into_bound(py), text);
    let statuses = Status::ALL.map(|status| text(status.as_str()));
    let value = |judged: &Judged<'_>| f64::from(u8::from(judged.status() == Status::Passed));
    let stage = |judged: &Judged<'_>| i64::try_from(judged.info().stage).unwrap_or(i64::MAX);
    let took = |judged: &Judged<'_>| 1e3 * judged.row.took.as_secs_f64();
    let operator = |task: &TaskInfo| task.operator.map(|operator| operator.to_string());
    set("record_id", build.of_record(|row| Ok(optional(row.id.as_deref()))))?;
    set("record_uid", build.of_record(|row| Ok(text(&row.uid.to_string()))))?;
    let labelled = |label: fn(&Labels) -> Option<&str>| {
        build.of_record(move |row| Ok(optional(row.labels.as_deref().and_then(label))))
    };
    set("case", labelled(|labels| labels.case.as_deref()))?;
    set("trial", build.trials())?;
    set("cluster", labelled(|labels| labels.cluster.as_deref()))?;
    set("created_at", build.of_record(|row| Ok(row.created_at.into_pyobject(py)?.into_any())))?;
    set("task_id", build.of_task(|task| text(&task.id)))?;
    set("task_type", build.of_task(|task| text(&task.kind)))?;
    set("status", build.spread(statuses.to_vec(), |judged| judged.status() as usize))?;
    set("passed", build.numbers("bool", |judged| [u8::from(judged.status() == Status::Passed)]))?;
    set("value", build.numbers("float64", |judged| value(judged).to_ne_bytes()))?;
    set("condition", build.numbers("bool", |judged| [u8::from(judged.info().gate)]))?;
    set("advisory", build.numbers("bool", |judged| [u8::from(judged.info().advisory.is_some())]))?;
    set("stage", build.numbers("int64", |judged| stage(judged).to_ne_bytes()))?;
    set("context_path", build.of_task(|task| optional(task.context_path.as_deref())))?;
    set("operator", build.of_task(|task| optional(operator(task).as_deref())))?;
    set("message", build.list(|judged| Ok(text(&judged.message()))))?;
    set("expected", build.list(|judged| to_python(py, judged.expected())))?;
    set("actual", build.list(|judged| to_python(py, &judged.actual())))?;
    set("detail", build.list(|judged| Ok(optional(judged.detail()))))?;
    set("record_ms", build.numbers("float64", |judged| took(judged).to_ne_bytes()))?;
    set("call", build.list(|judged| call(py, judged)))?;
    py.import("pandas")?.getattr("DataFrame")?.call1((columns,))
}

/// What asking a model came to, as a dict.
fn call<'py>(py: Python<'py>, judged: &Judged<'_>) -> PyResult<Bound<'py, PyAny>> {
    judged.call().map_or_else(|| Ok(py.None().into_bound(py)), |call| to_python(py, &call.to_value()))
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
    fn of_record(&self, cell: impl Fn(&Row) -> PyResult<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        self.at(self.results.rows().iter().map(cell).collect::<PyResult<_>>()?, &self.records(), None)
    }

    /// The numbers of the trials: whole numbers, some of which may be missing.
    fn trials(&self) -> PyResult<Bound<'py, PyAny>> {
        let number = |row: &Row| row.labels.as_deref()?.trial.map(NonZeroU32::get);
        let cells = self.results.rows().iter().map(|row| number(row).into_pyobject(self.py));
        self.at(cells.collect::<Result<_, _>>()?, &self.records(), Some("Int64"))
    }

    /// The place of the record of each row.
    fn records(&self) -> Vec<usize> {
        let places = self.results.rows().iter().enumerate();
        places.flat_map(|(at, row)| Judged::all(row, self.results.tasks()).map(move |_| at)).collect()
    }

    /// A column of objects that differ by task only.
    fn of_task(&self, cell: impl Fn(&TaskInfo) -> Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.spread(self.results.tasks().iter().map(cell).collect(), |judged| judged.task)
    }

    /// A column of few objects, each in many places.
    fn spread(
        &self,
        cells: Vec<Bound<'py, PyAny>>,
        place: impl Fn(&Judged<'a>) -> usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let places: Vec<usize> = self.rows().map(|judged| place(&judged)).collect();
        self.at(cells, &places, None)
    }

    /// These cells at their places, as a column of this type, or of the one that pandas sees in them.
    fn at(
        &self,
        cells: Vec<Bound<'py, PyAny>>,
        places: &[usize],
        kind: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let places: Vec<u8> = places.iter().flat_map(|at| (*at as u64).to_ne_bytes()).collect();
        let (cells, index) = (PyList::new(self.py, cells)?, self.py.None());
        let cells = self.py.import("pandas")?.call_method1("Series", (cells, index, kind))?;
        cells.getattr("array")?.call_method1("take", (self.array("int64", &places)?,))
    }

    /// A column of numbers of this type, given as their bytes.
    fn numbers<const N: usize>(
        &self,
        kind: &str,
        number: impl Fn(&Judged<'a>) -> [u8; N],
    ) -> PyResult<Bound<'py, PyAny>> {
        let bytes: Vec<u8> = self.rows().flat_map(|judged| number(&judged)).collect();
        self.array(kind, &bytes)
    }

    fn array(&self, kind: &str, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
        self.py.import("numpy")?.call_method1("frombuffer", (PyBytes::new(self.py, bytes), kind))
    }
}
