//! `GenAIEvalResults`.

use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};
use scouter_drift::statistics::Alpha;
use scouter_tasks::counted::counted;
use scouter_tasks::result::{
    Results, Shown, Tally, Trials, compare, not_counted, records_table, tasks_table,
};
use scouter_tasks::value::{Map, Value, from_saved_json, pretty};

use super::bad::{PyBadRecord, first};
use super::comparison::PyComparison;
use super::counts::PyTaskCounts;
use super::frame;
use super::lookup::{self, failures};
use super::options::Asked;
use super::report::unread;
use super::set::{PyAligned, PyEvalSet};
use super::table::{MOST_ROWS, table, width};
use super::task_result::PyTaskResult;
use super::trials::PyTrials;
use crate::convert::{one_of, whole};
use crate::describe::PyHistogram;
use crate::errors;
use crate::genai::{PyBudgetUse, PyModelUsage};
use crate::tables::{self, RowFile};

one_of! {
    /// What results are compared with.
    enum Baseline<'py> {
        Results(PyRef<'py, PyResults>),
    }
    else unread
}

/// What an evaluation came to: a result for every record, in their order.
///
/// `results["my_id"]` is the result of the record of that id (or `uid`), `results[0]` that of the
/// first record, and `results["my_id"]["my_task"]` what a task came to for it. Where records ran several
/// times, that is the first trial, and `results["my_id", 2]` the second.
#[pyclass(module = "scouter.evaluate", name = "GenAIEvalResults", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyResults(pub(crate) Arc<Results>);

impl PyResults {
    pub(crate) fn new(results: Results) -> Self {
        Self(Arc::new(results))
    }

    fn at(&self, row: usize) -> PyAligned {
        PyAligned { results: self.0.clone(), row }
    }

    fn tally(&self) -> Tally {
        Tally::of(self.0.tasks(), self.0.rows())
    }

    /// What the tasks came to, record by record.
    pub(super) fn sets(&self) -> impl Iterator<Item = PyEvalSet> {
        (0..self.0.rows().len()).map(|row| self.at(row).eval_set())
    }
}

#[pymethods]
impl PyResults {
    /// What there is to say of tasks beside how they came out, by their ids: what was probably meant by paths that lead nowhere
    /// in any record, which tasks were never checked since a gate looks at what is in no record or could judge none of it, and
    /// which function gave values that nobody looks at or that stand beside verdicts.
    #[pyo3(signature = () -> "dict[str, str]")]
    fn hints<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        lookup::hints(py, &self.tally(), self.0.window.as_deref())
    }

    /// The same in sentences that name the task.
    fn _remarks(&self) -> Vec<String> {
        lookup::remarks(&self.tally(), self.0.window.as_deref())
    }

    /// That a task did nothing since what it looks for is in no record and probably misspelt, by its id.
    fn _blind_tasks(&self) -> IndexMap<String, String> {
        lookup::told(self.tally().blind())
    }

    /// That a gate closed for every record since what it looks at is in none, or since it could judge none of it, by its id.
    fn _shut_gates(&self) -> IndexMap<String, String> {
        lookup::told(self.tally().shut())
    }

    /// The same run as if there had been these tasks alone, by their ids in lower case.
    fn _of_tasks(&self, ids: Vec<String>) -> Self {
        Self::new(self.0.only(&ids))
    }

    /// The ids of the tasks that errored for some record.
    #[getter]
    fn errored_tasks(&self) -> Vec<String> {
        self.0.errored_tasks().into_iter().map(str::to_owned).collect()
    }

    /// Where the means of vectors and the similarities of texts lie over all records, by the names that records have them
    /// under; `None` unless they were asked for.
    #[getter]
    fn histograms(&self) -> Option<IndexMap<String, PyHistogram>> {
        let histograms = self.0.embedded.as_ref()?.histograms()?;
        Some(histograms.into_iter().map(|(name, histogram)| (name, PyHistogram(histogram))).collect())
    }

    /// For how many records no task errored, whether or not all passed.
    #[getter]
    fn successful_count(&self) -> usize {
        self.0.sound_rows()
    }

    /// For how many records some task errored, or the run was stopped before. Records of which a check failed are not counted
    /// here: `failures()` and `pass_rate` tell of them.
    #[getter]
    fn failed_count(&self) -> usize {
        self.0.rows().len() - self.0.sound_rows()
    }

    /// How many records could not be read and were left out.
    #[getter]
    fn bad_record_count(&self) -> usize {
        self.0.bad.count
    }

    /// The first 100 of them.
    #[getter]
    fn bad_records(&self) -> Vec<PyBadRecord> {
        first(&self.0.bad)
    }

    /// Whether the run was stopped before its end.
    #[getter]
    fn cancelled(&self) -> bool {
        self.0.cancelled
    }

    /// What the tasks came to that look at all records at once, such as drift tasks; empty where there are none. Each is found by its id:
    /// `results.window["delay"]`.
    #[getter]
    fn window(&self) -> PyEvalSet {
        PyEvalSet::of_all(self.0.window.clone())
    }

    /// Every outcome that is not as it should be: of tasks that failed, gates and tasks that only report aside, and of tasks that
    /// errored. Those over all records come first, then those of each record, in the order of the records.
    fn failures(&self) -> Vec<PyTaskResult> {
        let over_all = self.0.window.iter().flat_map(|window| failures(window, 0));
        over_all.chain((0..self.0.rows().len()).flat_map(|row| failures(&self.0, row))).collect()
    }

    /// Why the run was stopped, where a budget was used up, its time was over or a key was not accepted.
    #[getter]
    fn stopped(&self) -> Option<&str> {
        self.0.stopped.as_deref()
    }

    /// What the calls of models came to: tokens, and dollars. Embeddings that the run made are in it.
    #[getter]
    fn usage(&self) -> PyModelUsage {
        PyModelUsage(self.0.spending())
    }

    /// What the run used of its budget, whether it had one or not; `None` where no model could be asked. Calls that were dropped, such
    /// as by Ctrl-C, are in it by an estimate.
    #[getter]
    fn used(&self) -> Option<PyBudgetUse> {
        self.0.used.map(PyBudgetUse)
    }

    /// The share that passed of all tasks that came to a verdict, gates aside, over all records:
    /// from 0 to 1, `None` where none did.
    #[getter]
    pub(super) fn pass_rate(&self) -> Option<f64> {
        self.0.counts().pass_rate()
    }

    /// How all tasks that count came out over all records: what `pass_rate` is of.
    fn _counts(&self) -> PyTaskCounts {
        PyTaskCounts(self.0.counts())
    }

    /// The same, tasks of these ids aside.
    fn _counts_without(&self, ids: Vec<String>) -> PyTaskCounts {
        PyTaskCounts(self.tally().counts_without(&ids.into_iter().collect()))
    }

    /// How each task came out over all records, by its id (whatever its case) and in the order of the tasks. One that looks at all
    /// records at once comes out once.
    #[pyo3(signature = () -> "dict[str, TaskCounts]")]
    fn task_counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = PyDict::new(py);
        for results in [Some(&self.0), self.0.window.as_ref()].into_iter().flatten() {
            for (at, task) in results.tasks().iter().enumerate() {
                counts.set_item(&task.id, Bound::new(py, PyTaskCounts(results.task_counts(at)))?)?;
            }
        }
        lookup::by_id(&counts)
    }

    pub(super) fn __len__(&self) -> usize {
        self.0.rows().len()
    }

    pub(super) fn __getitem__(&self, key: &Bound<'_, PyAny>) -> PyResult<PyAligned> {
        if let Ok(id) = key.extract::<String>() {
            let found = self.0.find(&id).map(|at| self.at(at));
            return found.ok_or_else(|| errors::no_such("record", &id, self.0.nearest(&id)));
        }
        if let Ok((id, trial)) = key.extract::<(String, u32)>() {
            let found = self.0.find_trial(&id, trial).map(|at| self.at(at));
            return found.ok_or_else(|| match self.0.find(&id) {
                None => errors::no_such("record", &id, self.0.nearest(&id)),
                Some(at) => {
                    let trials = counted(self.0.trials_of(at).len(), "trial");
                    PyKeyError::new_err(format!(
                        "there is no trial {trial} of record `{id}`, which has {trials}"
                    ))
                }
            });
        }
        lookup::place(key, "record", self.0.rows().len()).map(|at| self.at(at))
    }

    /// Whether there is a record of this id.
    pub(super) fn __contains__(&self, id: &Bound<'_, PyAny>) -> bool {
        id.extract::<String>().is_ok_and(|id| self.0.find(&id).is_some())
    }

    fn __iter__(&self) -> PyResultIterator {
        PyResultIterator { results: self.clone(), next: 0 }
    }

    /// A row for every task of every record, as a pandas or a polars data frame. In polars,
    /// `expected` and `actual` are JSON text, for a column there has one type.
    ///
    /// Args:
    ///     polars: A polars frame instead of a pandas one.
    #[pyo3(signature = (polars=false))]
    fn to_dataframe<'py>(slf: &Bound<'py, Self>, polars: bool) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        if polars {
            return py.import("polars")?.call_method1("DataFrame", (slf,));
        }
        frame::pandas(py, &slf.get().0)
    }

    /// The same rows as a stream of Arrow, for any library that reads one: `polars.DataFrame(results)`,
    /// `pyarrow.table(results)`, a query of DuckDB.
    #[pyo3(signature = (requested_schema=None) -> "object")]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface leaves it to us whether to follow it: there is one schema, and it is documented.
        drop(requested_schema);
        tables::export(py, tables::schema(), tables::frame_batches(self.0.clone()))
    }

    /// Writes a row for every task of every record into a file, as `to_dataframe` has them: JSON Lines
    /// (`.jsonl`), Parquet (`.parquet`) or Arrow (`.arrow`). The file takes its place once it is whole.
    ///
    /// Args:
    ///     path: The file. One that is there is replaced.
    ///
    /// Raises:
    ///     ValueError: Where its suffix says another format.
    ///     OSError: Where it cannot be written.
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let written = py.detach(|| {
            let mut file = RowFile::create(&path, self.0.tasks().clone())?;
            match file.write(self.0.rows()) {
                Ok(()) => file.finish(true).2,
                Err(error) => {
                    file.discard();
                    Err(error)
                }
            }
        });
        written.map_err(|error| error.told(py, &path))
    }

    /// The results as JSON text. Nothing is lost: `model_validate_json` reads them back. Into a file `report`
    /// writes the same with less memory.
    pub(super) fn model_dump_json(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.json().collect())
    }

    /// Reads what `model_dump_json` wrote.
    ///
    /// Raises:
    ///     ResultsError: Where the text is something else.
    #[staticmethod]
    pub(super) fn model_validate_json(py: Python<'_>, json_string: &str) -> PyResult<Self> {
        let read = py.detach(|| {
            let value = from_saved_json(json_string).map_err(|error| format!("not JSON: {error}"))?;
            Results::from_value(&value).map_err(|error| error.to_string())
        });
        read.map(Self::new).map_err(|error| errors::results(py, error))
    }

    /// Prints the results as a table, and gives it back as text.
    ///
    /// Args:
    ///     show_tasks: A row for every task of every record, instead of one for every record and
    ///         one for every task.
    ///     max_records: The most records that are shown; what is left out is counted.
    ///     intervals: Whether each rate shows where it lies with 95 % confidence (Wilson).
    #[pyo3(signature = (show_tasks=false, max_records: "int" = MOST_ROWS, intervals=false) -> "str")]
    pub(super) fn as_table<'py>(
        &self,
        py: Python<'py>,
        show_tasks: bool,
        #[pyo3(from_py_with = whole::max_records)] max_records: usize,
        intervals: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let intervals = intervals.then_some(Alpha::USUAL);
        let shown = Shown { records: max_records, width: width(py)?, intervals };
        let text = py
            .detach(|| if show_tasks { tasks_table(&self.0, shown) } else { records_table(&self.0, shown) });
        table(py, &text)
    }

    /// Compares these results with earlier ones. Records are paired by id and trial, or by place and
    /// trial where they have no id.
    ///
    /// Args:
    ///     baseline: The earlier results.
    ///     regression_threshold: The largest difference that does not matter, from 0 to 1: a record
    ///         whose pass rate falls by more has regressed, and rates are unchanged where their
    ///         difference is sure to be no larger.
    ///     alpha: The chance of a false alarm that is put up with.
    ///     correction: How it is kept though there are many tasks: `holm` (the chance of any false
    ///         alarm), `bh` (the share of false alarms among alarms) or `none`.
    ///     cluster_by: Which records hang together: those of one cluster or else one case (`label`),
    ///         those of one `case`, or none (`record`).
    ///     max_error_share: The largest share of records that may be errored in either run, or lost; the
    ///         comparison is invalid beyond it.
    ///     seed: Where given, intervals of numbers are bootstrapped from random draws that start here,
    ///         instead of taken from Student's t.
    ///
    /// Raises:
    ///     ValueError: Where one of them means nothing.
    #[pyo3(signature = (
        baseline, regression_threshold=0.0, *, alpha=0.05, correction="holm", cluster_by="label",
        max_error_share=0.05, seed: "int | None" = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python method, given by name")]
    fn compare_to(
        &self,
        py: Python<'_>,
        baseline: Baseline<'_>,
        regression_threshold: f64,
        alpha: f64,
        correction: &str,
        cluster_by: &str,
        max_error_share: f64,
        #[pyo3(from_py_with = whole::seed)] seed: Option<u64>,
    ) -> PyResult<PyComparison> {
        let Baseline::Results(baseline) = baseline;
        let [correction, cluster_by] = [correction, cluster_by].map(str::to_owned);
        let asked = Asked(regression_threshold, alpha, correction, cluster_by, max_error_share, seed);
        Self::_compared(py, self, &baseline, asked)
    }

    /// Makes the comparison of a pickle again.
    #[staticmethod]
    fn _compared(py: Python<'_>, compared: &Self, baseline: &Self, asked: Asked) -> PyResult<PyComparison> {
        let options = asked.options()?;
        Ok(PyComparison(Arc::new(py.detach(|| compare(&compared.0, &baseline.0, options)))))
    }

    /// The results by case, each with its trials.
    fn trials(&self, py: Python<'_>) -> PyTrials {
        PyTrials(py.detach(|| Trials::of(&self.0)))
    }

    fn __repr__(&self) -> String {
        let bad = match self.0.bad.count {
            0 => String::new(),
            count => format!(", {} left out", counted(count, "bad record")),
        };
        let left_out = match not_counted(&self.0).join(", ") {
            nothing if nothing.is_empty() => nothing,
            left_out => format!("; not counted: {left_out}"),
        };
        format!(
            "GenAIEvalResults({}, {}, pass_rate={}{bad}{left_out})",
            counted(self.0.rows().len(), "record"),
            counted(self.0.tasks().len(), "task"),
            self.0.counts()
        )
    }

    /// The results as JSON over many lines: of the first 100 records, where there are more.
    pub(super) fn __str__(&self, py: Python<'_>) -> String {
        py.detach(|| {
            let left = self.0.rows().len().saturating_sub(MOST_ROWS);
            if left == 0 {
                return pretty(&self.0.to_value());
            }
            let rows = self.0.rows()[..MOST_ROWS].to_vec();
            let first = Results::new(self.0.tasks().clone(), rows, self.0.cancelled).to_value();
            let entries = first.as_map().into_iter().flat_map(Map::iter);
            let entries = entries.map(|(key, value)| (key.clone(), value.clone()));
            pretty(&Value::map(entries.chain([("records_left_out".into(), Value::from(left))])))
        })
    }

    /// The results as a notebook shows them: the table.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let shown = Shown { records: MOST_ROWS, width: None, intervals: None };
        let text = py.detach(|| records_table(&self.0, shown));
        let text: String = py.import("html")?.call_method1("escape", (text,))?.extract()?;
        Ok(format!("<pre style=\"line-height: 1.2\">{text}</pre>"))
    }

    pub(super) fn __eq__(&self, py: Python<'_>, other: &Self) -> bool {
        py.detach(|| self.0.to_value().is_same(&other.0.to_value()))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let read = py.get_type::<Self>().getattr("model_validate_json")?;
        Ok((read, (self.model_dump_json(py),)))
    }
}

/// Goes through the results record by record.
#[pyclass(module = "scouter.evaluate", name = "ResultIterator")]
#[derive(Debug)]
pub(crate) struct PyResultIterator {
    results: PyResults,
    next: usize,
}

#[pymethods]
impl PyResultIterator {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&mut self) -> Option<PyAligned> {
        let at = self.next;
        self.next += 1;
        (at < self.results.0.rows().len()).then(|| self.results.at(at))
    }
}
