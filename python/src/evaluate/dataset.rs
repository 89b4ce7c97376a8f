//! `GenAIEvalDataset`.

use std::collections::HashSet;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use scouter_engine::nearest;
use scouter_tasks::result::plan_text;
use scouter_tasks::suite::{Suite, compile};
use scouter_tasks::task::{AssertionSpec, TraceAssertionSpec};
use smol_str::SmolStr;

use super::check::{self, PySuiteCheck};
use super::config::PyEvaluationConfig;
use super::hints::{Awaited, Records, Tasks};
use super::record::{self, PyRecord};
use super::task::task;
use crate::convert::Reader;
use crate::errors;
use crate::results::{PyResults, print};
use crate::run;

/// Records, and the tasks that each of them goes through.
///
/// Everything that can be wrong with the tasks is found here, all of it at once.
///
/// Args:
///     records: `GenAIEvalRecord`s, from any iterable.
///     tasks: The tasks, in any order.
///
/// Raises:
///     ConfigError: Where the tasks are not sound; `problems` lists every problem with its task
///         and field.
///     RecordError: Where there are no records, or two have one id.
#[pyclass(module = "scouter.evaluate", name = "GenAIEvalDataset", frozen)]
#[derive(Debug)]
pub(crate) struct PyDataset {
    pub(crate) records: Vec<Py<PyRecord>>,
    tasks: Vec<Py<PyAny>>,
    pub(crate) suite: Suite,
    pub(crate) reader: Reader,
}

fn check_ids(py: Python<'_>, records: &[Py<PyRecord>]) -> PyResult<()> {
    if records.is_empty() {
        return Err(errors::record(py, "there are no records: give at least one"));
    }
    let mut seen = HashSet::with_capacity(records.len());
    let mut told = HashSet::new();
    let mut twice = Vec::new();
    for record in records {
        let record = record.borrow(py);
        let Some(id) = &record.id else { continue };
        if !seen.insert(id.clone()) && told.insert(id.clone()) {
            twice.push(id.clone());
        }
    }
    if twice.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = twice.iter().take(10).map(|id| format!("`{id}`")).collect();
    let more = if twice.len() > 10 { format!(" and {} more", twice.len() - 10) } else { String::new() };
    Err(errors::record(py, format!("ids that more than one record has: {}{more}", shown.join(", "))))
}

#[pymethods]
impl PyDataset {
    #[new]
    fn new(records: Records<'_>, tasks: Tasks<'_>) -> PyResult<Self> {
        let py = records.0.py();
        let objects: Vec<Bound<'_, PyAny>> = tasks.0.try_iter()?.collect::<PyResult<_>>()?;
        let specs = objects.iter().map(task).collect::<PyResult<Vec<_>>>()?;
        let suite = compile(&specs).map_err(|error| errors::config(py, &error))?;
        let records = record::list(&records.0)?;
        check_ids(py, &records)?;
        let reader = Reader::new(py, &suite.reads)?;
        Ok(Self { records, tasks: objects.into_iter().map(Bound::unbind).collect(), suite, reader })
    }

    /// The records.
    #[getter]
    fn records(&self, py: Python<'_>) -> Vec<Py<PyRecord>> {
        self.records.iter().map(|record| record.clone_ref(py)).collect()
    }

    /// The tasks.
    #[getter]
    fn tasks(&self, py: Python<'_>) -> Vec<Py<PyAny>> {
        self.tasks.iter().map(|task| task.clone_ref(py)).collect()
    }

    /// The tasks that are assertions.
    #[getter]
    fn assertion_tasks(&self, py: Python<'_>) -> Vec<Py<PyAny>> {
        self.of_kind(py, AssertionSpec::KIND)
    }

    /// The tasks that are judged by a model.
    #[getter]
    fn llm_judge_tasks(&self, py: Python<'_>) -> Vec<Py<PyAny>> {
        self.of_kind(py, "LLMJudge")
    }

    /// The tasks that are trace assertions.
    #[getter]
    fn trace_assertion_tasks(&self, py: Python<'_>) -> Vec<Py<PyAny>> {
        self.of_kind(py, TraceAssertionSpec::KIND)
    }

    /// The tasks that are functions.
    #[getter]
    fn custom_tasks(&self, py: Python<'_>) -> Vec<Py<PyAny>> {
        self.of_kind(py, "Custom")
    }

    /// The ids of the tasks, stage by stage. A task runs when those it depends on are done,
    /// whatever the rest of their stage does.
    fn get_execution_plan(&self) -> Vec<Vec<String>> {
        let plan = &self.suite.plan;
        let ids = |stage: &Vec<scouter_engine::Position>| {
            stage.iter().map(|at| plan.nodes[at.index()].id.clone()).collect()
        };
        plan.stages.iter().map(ids).collect()
    }

    /// Prints the plan: the tasks stage by stage, their gates and the longest chain.
    fn print_execution_plan(&self, py: Python<'_>) -> PyResult<()> {
        print(py, &plan_text(&self.suite.plan))
    }

    /// Tries the tasks on some of the records before anything is spent: paths that never resolve,
    /// operators that fit no value, gates that never open, and how many calls a run would make.
    ///
    /// Functions and models are not called; what they would come to is taken as unknown.
    ///
    /// Args:
    ///     sample: How many records to look at, spread evenly over all of them.
    #[pyo3(signature = (sample=100))]
    fn check(&self, py: Python<'_>, sample: usize) -> PyResult<PySuiteCheck> {
        let specs = self.tasks.iter().map(|object| task(object.bind(py))).collect::<PyResult<Vec<_>>>()?;
        check::examine(py, &specs, &self.records, sample)
    }

    /// Runs all tasks over all records.
    ///
    /// The interpreter is free for other threads while it runs. Ctrl-C stops it: what was done by
    /// then is in the `results` of the `EvaluationInterrupted` that it raises.
    ///
    /// Args:
    ///     config: How it runs.
    ///
    /// Returns:
    ///     A result for every record, in their order.
    #[pyo3(signature = (config=None))]
    fn evaluate(&self, py: Python<'_>, config: Option<PyRef<'_, PyEvaluationConfig>>) -> PyResult<PyResults> {
        let config = config.map(|config| config.clone()).unwrap_or_default();
        run::evaluate(py, self, &config, None)
    }

    /// `evaluate`, to be awaited. `async` functions run on the event loop that awaits it; when it
    /// is cancelled, the run stops.
    #[pyo3(signature = (config=None))]
    fn evaluate_async<'py>(
        slf: &Bound<'py, Self>,
        config: Option<Bound<'py, PyEvaluationConfig>>,
    ) -> PyResult<Awaited<'py>> {
        let module = slf.py().import("scouter._events")?;
        module.call_method1("evaluate_async", (slf, config)).map(Awaited)
    }

    /// What `evaluate_async` runs in a thread: on this event loop, until `stop` is set.
    fn _evaluate(
        &self,
        py: Python<'_>,
        config: Option<PyRef<'_, PyEvaluationConfig>>,
        events: Bound<'_, PyAny>,
        stop: Bound<'_, PyAny>,
    ) -> PyResult<PyResults> {
        let config = config.map(|config| config.clone()).unwrap_or_default();
        run::evaluate(py, self, &config, Some(&run::Awaiting { events, stop }))
    }

    /// The same dataset with keys of some records' contexts replaced.
    ///
    /// Args:
    ///     updated_contexts: For each record's id, the keys to set: a dict, or a pydantic model.
    ///
    /// Raises:
    ///     KeyError: Where there is no record of an id.
    fn with_updated_contexts_by_id(
        &self,
        py: Python<'_>,
        updated_contexts: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let mut left: HashSet<String> =
            updated_contexts.keys().extract::<Vec<String>>()?.into_iter().collect();
        let mut records = Vec::with_capacity(self.records.len());
        for record in &self.records {
            let borrowed = record.borrow(py);
            let update = match &borrowed.id {
                None => None,
                Some(id) => updated_contexts.get_item(id.as_str())?.inspect(|_| {
                    left.remove(id.as_str());
                }),
            };
            records.push(match update {
                None => record.clone_ref(py),
                Some(update) => Py::new(py, borrowed.with_context(py, &record::own(&update)?)?)?,
            });
        }
        if let Some(unknown) = left.into_iter().min() {
            let ids: Vec<_> = self.records.iter().filter_map(|record| record.borrow(py).id.clone()).collect();
            let near = nearest(&unknown, ids.iter().map(SmolStr::as_str));
            return Err(errors::no_such("record", &unknown, near));
        }
        let tasks = self.tasks.iter().map(|task| task.clone_ref(py)).collect();
        Ok(Self { records, tasks, suite: self.suite.clone(), reader: Reader::new(py, &self.suite.reads)? })
    }

    fn __len__(&self) -> usize {
        self.records.len()
    }

    fn __repr__(&self) -> String {
        format!("GenAIEvalDataset({} records, {} tasks)", self.records.len(), self.tasks.len())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let arguments = (self.records(py), self.tasks(py)).into_pyobject(py)?;
        Ok((py.get_type::<Self>().into_any(), arguments))
    }
}

impl PyDataset {
    fn of_kind(&self, py: Python<'_>, kind: &str) -> Vec<Py<PyAny>> {
        let of_kind = self.tasks.iter().zip(self.suite.tasks.iter()).filter(|(_, task)| task.kind == kind);
        of_kind.map(|(task, _)| task.clone_ref(py)).collect()
    }
}
