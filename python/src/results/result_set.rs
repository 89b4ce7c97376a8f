//! `GenAIEvalResultSet`.

use pyo3::prelude::*;
use pyo3::type_object::PyTypeInfo;
use pyo3::types::PyList;
use pyo3::{type_hint_identifier, type_hint_subscript};
use scouter_tasks::counted::counted;

use super::set::PyEvalSet;
use super::table::MOST_ROWS;
use super::whole::PyResults;
use crate::convert::{given, whole};

given!(
    /// To go through what records came to.
    SetIterator =
        type_hint_subscript!(type_hint_identifier!("collections.abc", "Iterator"), PyEvalSet::TYPE_HINT)
);

/// What records came to on a profile: what the tasks came to for each of them, in their order.
///
/// `found["my_id"]` is that of the record of that id (or `uid`), `found[0]` that of the first record. What else can be asked of results, such as a
/// comparison with earlier ones, stands in `results`.
#[pyclass(module = "scouter.evaluate", name = "GenAIEvalResultSet", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyResultSet(pub(crate) PyResults);

#[pymethods]
impl PyResultSet {
    /// What the tasks came to, record by record.
    #[getter]
    fn records(&self) -> Vec<PyEvalSet> {
        self.0.sets().collect()
    }

    /// The same as the results of a dataset.
    #[getter]
    fn results(&self) -> PyResults {
        self.0.clone()
    }

    /// The share that passed of all tasks that came to a verdict, gates aside, over all records: from 0 to 1, `None` where none did. It is
    /// what the `alert_condition` of a profile is about.
    #[getter]
    fn pass_rate(&self) -> Option<f64> {
        self.0.pass_rate()
    }

    fn __getitem__(&self, key: &Bound<'_, PyAny>) -> PyResult<PyEvalSet> {
        Ok(self.0.__getitem__(key)?.eval_set())
    }

    /// Whether there is a record of this id.
    fn __contains__(&self, id: &Bound<'_, PyAny>) -> bool {
        self.0.__contains__(id)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<SetIterator<'py>> {
        let sets = self.0.sets().map(|set| Bound::new(py, set));
        let sets = PyList::new(py, sets.collect::<PyResult<Vec<_>>>()?)?;
        Ok(SetIterator(sets.try_iter()?.into_any()))
    }

    fn __len__(&self) -> usize {
        self.0.__len__()
    }

    /// Prints the results as a table, and gives it back as text.
    ///
    /// Args:
    ///     show_tasks: A row for every task of every record, instead of one for every record and
    ///         one for every task.
    ///     max_records: The most records that are shown; what is left out is counted.
    ///     intervals: Whether each rate shows where it lies with 95 % confidence (Wilson).
    #[pyo3(signature = (show_tasks=false, max_records: "int" = MOST_ROWS, intervals=false) -> "str")]
    fn as_table<'py>(
        &self,
        py: Python<'py>,
        show_tasks: bool,
        #[pyo3(from_py_with = whole::max_records)] max_records: usize,
        intervals: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.0.as_table(py, show_tasks, max_records, intervals)
    }

    /// The results as JSON text, in the form of `GenAIEvalResults`. Nothing is lost.
    fn model_dump_json(&self, py: Python<'_>) -> String {
        self.0.model_dump_json(py)
    }

    /// Reads what `model_dump_json` wrote.
    ///
    /// Raises:
    ///     ResultsError: Where the text is something else.
    #[staticmethod]
    fn model_validate_json(py: Python<'_>, json_string: &str) -> PyResult<Self> {
        PyResults::model_validate_json(py, json_string).map(Self)
    }

    fn __repr__(&self) -> String {
        format!("GenAIEvalResultSet({}, pass_rate={})", counted(self.__len__(), "record"), self.0.0.counts())
    }

    /// The results as JSON over many lines: of the first 100 records, where there are more.
    fn __str__(&self, py: Python<'_>) -> String {
        self.0.__str__(py)
    }

    fn __eq__(&self, py: Python<'_>, other: &Self) -> bool {
        self.0.__eq__(py, &other.0)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let read = py.get_type::<Self>().getattr("model_validate_json")?;
        Ok((read, (self.model_dump_json(py),)))
    }
}
