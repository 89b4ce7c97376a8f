//! `GenAIEvalDataset`.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::path::PathBuf;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pyo3::{PyTraverseError, PyVisit};
use scouter_engine::nearest;
use scouter_tasks::counted::counted;
use scouter_tasks::result::plan_text;
use scouter_tasks::run::Records as RunRecords;
use scouter_tasks::suite::Suite;
use scouter_tasks::value::to_value;
use smol_str::SmolStr;

use super::check::{self, PySuiteCheck};
use super::config::PyEvaluationConfig;
use super::hints::{AnyTask, Awaited, Records, Tasks};
use super::keyed::Keyed;
use super::plan::{compiled, having, of_class, shown, stages};
use super::record::{self, PyRecord};
use super::{PyAssertionTask, PyCustomTask, PyDriftTask, PyJudgeTask, PyTraceAssertionTask};
use crate::convert::{Reader, whole};
use crate::errors;
use crate::results::{PyResults, PySummary, print};
use crate::run::{self, History, Wanted};
use crate::tables::{Location, Table};

/// Records, and the tasks that each of them goes through.
///
/// Everything that can be wrong with the tasks is found here, all of it at once.
///
/// Args:
///     records: `GenAIEvalRecord`s, from any iterable.
///     tasks: The tasks, in any order.
///     case_key: Where a record's context says which case it is a trial of, as a path.
///     cluster_key: Where it says which cluster it comes from, such as a document or a user, as a path.
///         Comparisons take records of one cluster to hang together.
///
/// Raises:
///     ConfigError: Where the tasks are not sound; `problems` lists every problem with its task
///         and field.
///     RecordError: Where there are no records, or two have one id.
///     ValueError: Where a key is no path.
#[pyclass(module = "scouter.evaluate", name = "GenAIEvalDataset", frozen)]
#[derive(Debug)]
pub(crate) struct PyDataset {
    /// None where the records stand in a table.
    pub(crate) records: Vec<Py<PyRecord>>,
    /// Which these are, each once: from now on their ids do not change.
    pub(crate) listed: Option<RunRecords>,
    /// Where the records stand that are not Python objects.
    pub(crate) table: Option<Table>,
    pub(crate) tasks: Vec<Py<PyAny>>,
    pub(crate) suite: Suite,
    pub(crate) reader: Reader,
    pub(crate) keyed: Option<Keyed>,
}

/// Which records these are, where no two have one id.
fn told_apart(py: Python<'_>, records: &[Py<PyRecord>]) -> PyResult<RunRecords> {
    if records.is_empty() {
        return Err(errors::record(py, "there are no records: give at least one"));
    }
    let mut seen = HashSet::with_capacity(records.len());
    let mut told = HashSet::new();
    let mut twice = Vec::new();
    let ids = records.iter().map(|record| {
        let id = record.borrow(py).id.clone();
        if let Some(id) = &id
            && !seen.insert(id.clone())
            && told.insert(id.clone())
        {
            twice.push(id.clone());
        }
        id
    });
    let listed = RunRecords::of(ids, NonZeroU32::MIN);
    if twice.is_empty() {
        for record in records {
            record.borrow(py).keep_id();
        }
        return Ok(listed);
    }
    let shown: Vec<String> = twice.iter().take(10).map(|id| format!("`{id}`")).collect();
    let more = if twice.len() > 10 { format!(" and {} more", twice.len() - 10) } else { String::new() };
    Err(errors::record(py, format!("ids that more than one record has: {}{more}", shown.join(", "))))
}

/// How many trials there are to be, which is one at least.
fn count(trials: u32) -> NonZeroU32 {
    NonZeroU32::new(trials).unwrap_or(NonZeroU32::MIN)
}

#[pymethods]
impl PyDataset {
    #[new]
    #[pyo3(signature = (records, tasks, case_key=None, cluster_key=None))]
    fn new(
        records: Records<'_>,
        tasks: Tasks<'_>,
        case_key: Option<String>,
        cluster_key: Option<String>,
    ) -> PyResult<Self> {
        let keys = (case_key, cluster_key);
        Self::of(&records.0, compiled(&tasks)?, keys)
    }

    /// The records.
    ///
    /// Raises:
    ///     RecordError: Where they stand in a file or a table and never become objects.
    #[getter]
    fn records(&self, py: Python<'_>) -> PyResult<Vec<Py<PyRecord>>> {
        self.objects(py)?;
        Ok(self.records.iter().map(|record| record.clone_ref(py)).collect())
    }

    /// The tasks.
    #[getter]
    fn tasks<'py>(&self, py: Python<'py>) -> Vec<AnyTask<'py>> {
        shown(py, &self.tasks)
    }

    /// Where a record's context says which case it is a trial of.
    #[getter]
    fn case_key(&self) -> Option<&str> {
        self.keyed.as_ref()?.case.as_deref()
    }

    /// Where a record's context says which cluster it comes from.
    #[getter]
    fn cluster_key(&self) -> Option<&str> {
        self.keyed.as_ref()?.cluster.as_deref()
    }

    /// The tasks that are assertions.
    #[getter]
    fn assertion_tasks(&self, py: Python<'_>) -> Vec<Py<PyAssertionTask>> {
        of_class(py, &self.tasks)
    }

    /// The tasks that are judged by a model.
    #[getter]
    fn llm_judge_tasks(&self, py: Python<'_>) -> Vec<Py<PyJudgeTask>> {
        of_class(py, &self.tasks)
    }

    /// The tasks that are trace assertions.
    #[getter]
    fn trace_assertion_tasks(&self, py: Python<'_>) -> Vec<Py<PyTraceAssertionTask>> {
        of_class(py, &self.tasks)
    }

    /// The tasks that look at columns over all records.
    #[getter]
    fn drift_tasks(&self, py: Python<'_>) -> Vec<Py<PyDriftTask>> {
        of_class(py, &self.tasks)
    }

    /// The tasks that look at single records: all but drift tasks, and assertions that depend on these.
    #[getter]
    fn record_tasks<'py>(&self, py: Python<'py>) -> Vec<AnyTask<'py>> {
        let is_one = |id: &str| self.suite.tasks.iter().any(|task| task.id == id);
        shown(py, &having(py, &self.tasks, |task| is_one(&task.head().id.to_lowercase())))
    }

    /// The tasks that are functions.
    #[getter]
    fn custom_tasks(&self, py: Python<'_>) -> Vec<Py<PyCustomTask>> {
        of_class(py, &self.tasks)
    }

    /// The ids of the tasks, stage by stage. A task runs when those it depends on are done,
    /// whatever the rest of their stage does. Tasks that look at all records come last.
    fn get_execution_plan(&self) -> Vec<Vec<String>> {
        stages(&self.suite)
    }

    /// Prints the plan: the tasks stage by stage, their gates and the longest chain.
    fn print_execution_plan(&self, py: Python<'_>) -> PyResult<()> {
        print(py, &plan_text(&self.suite))
    }

    /// Tries the tasks on some of the records before anything is spent: paths that never resolve,
    /// operators that fit no value, gates that never open, and how many calls a run would make.
    ///
    /// Functions and models are not called; what they would come to is taken as unknown.
    ///
    /// Args:
    ///     sample: How many records to look at, spread evenly over all of them; the first ones of a file or a
    ///         table.
    #[pyo3(signature = (sample: "int" = 100))]
    fn check(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = whole::sample)] sample: usize,
    ) -> PyResult<PySuiteCheck> {
        check::examine(py, self, sample)
    }

    /// Runs all tasks over all records.
    ///
    /// The interpreter is free for other threads while it runs. Ctrl-C stops it: what was done by
    /// then is in the `results` of the `EvaluationInterrupted` that it raises.
    ///
    /// With a `run_dir`, outcomes are written there as they come, and the same call after a crash goes on
    /// where it was: records that were complete are not run again.
    ///
    /// Args:
    ///     config: How it runs.
    ///     trials: How often each record is run: for tasks that may come out otherwise the next time.
    ///     run_dir: A folder that the run is kept in; made where there is none.
    ///     reuse: The `run_dir` of an earlier run. Functions that have not changed since are not called
    ///         again for what they were asked then.
    ///
    /// Returns:
    ///     A result for every record, in their order; where there are several trials, one for each,
    ///     those of a record one after the other.
    ///
    /// Raises:
    ///     ValueError: Where there is to be no trial.
    ///     RunDirError: Where a folder cannot be used.
    ///     OSError: Where a file cannot be read or written, as on a full disk.
    #[pyo3(signature = (config=None, *, trials: "int" = 1, run_dir=None, reuse=None))]
    fn evaluate(
        &self,
        py: Python<'_>,
        config: Option<PyRef<'_, PyEvaluationConfig>>,
        #[pyo3(from_py_with = whole::trials)] trials: u32,
        run_dir: Option<PathBuf>,
        reuse: Option<PathBuf>,
    ) -> PyResult<PyResults> {
        let wanted = Wanted { trials: count(trials), history: History { run_dir, reuse } };
        run::evaluate(py, self, &config.map(|config| config.clone()).unwrap_or_default(), &wanted, None)
    }

    /// Runs all tasks over all records, and writes the results into a file instead of keeping them: a row for
    /// every task of every record, as in a data frame. So the memory that a run takes does not grow with the
    /// number of records.
    ///
    /// The file is written beside its place, as `….partial`, and takes it once it is whole. Where a run ends
    /// early, what was done stays there.
    ///
    /// With a `run_dir`, the same call after a crash goes on where it was; the rows of records that were complete
    /// are put into the new file again.
    ///
    /// Args:
    ///     path: The file: `.jsonl`, `.parquet`, or `.arrow`. One that is there is replaced.
    ///     config: How it runs.
    ///     trials: How often each record is run. The rows of its trials stand one after the other.
    ///     run_dir: A folder that the run is kept in; made where there is none.
    ///     reuse: The `run_dir` of an earlier run, as in `evaluate`.
    ///
    /// Returns:
    ///     How the tasks came out.
    ///
    /// Raises:
    ///     ValueError: Where there is to be no trial, the suffix says another format, or the file holds the records.
    ///     RecordError: Where a record cannot be read; its `results` is the summary of what was done.
    ///     RunDirError: Where a folder cannot be used.
    ///     OSError: Where a file cannot be read or written, as on a full disk.
    #[pyo3(signature = (path, config=None, *, trials: "int" = 1, run_dir=None, reuse=None))]
    fn evaluate_to(
        &self,
        py: Python<'_>,
        path: PathBuf,
        config: Option<PyRef<'_, PyEvaluationConfig>>,
        #[pyo3(from_py_with = whole::trials)] trials: u32,
        run_dir: Option<PathBuf>,
        reuse: Option<PathBuf>,
    ) -> PyResult<PySummary> {
        let wanted = Wanted { trials: count(trials), history: History { run_dir, reuse } };
        run::evaluate_to(py, self, &path, &config.map(|config| config.clone()).unwrap_or_default(), &wanted)
    }

    /// `evaluate`, to be awaited. `async` functions run on the event loop that awaits it; when it
    /// is cancelled, the run stops.
    #[pyo3(signature = (config=None, *, trials: "int" = 1, run_dir=None, reuse=None))]
    fn evaluate_async<'py>(
        slf: &Bound<'py, Self>,
        config: Option<Bound<'py, PyEvaluationConfig>>,
        #[pyo3(from_py_with = whole::trials)] trials: u32,
        run_dir: Option<PathBuf>,
        reuse: Option<PathBuf>,
    ) -> PyResult<Awaited<'py>> {
        let module = slf.py().import("scouter._events")?;
        let trials = count(trials).get();
        module.call_method1("evaluate_async", (slf, config, trials, run_dir, reuse)).map(Awaited)
    }

    /// What `evaluate_async` runs in a thread: on this event loop, until `stop` is set.
    fn _evaluate(
        &self,
        py: Python<'_>,
        config: Option<PyRef<'_, PyEvaluationConfig>>,
        trials: u32,
        folders: (Option<PathBuf>, Option<PathBuf>),
        events: Bound<'_, PyAny>,
        stop: Bound<'_, PyAny>,
    ) -> PyResult<PyResults> {
        let config = config.map(|config| config.clone()).unwrap_or_default();
        let (run_dir, reuse) = folders;
        let wanted = Wanted { trials: count(trials), history: History { run_dir, reuse } };
        run::evaluate(py, self, &config, &wanted, Some(&run::Awaiting { events, stop }))
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
        self.objects(py)?;
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
                Some(update) => Py::new(py, borrowed.with_context(py, &record::dict(&update)?)?)?,
            });
        }
        if let Some(unknown) = left.into_iter().min() {
            let ids: Vec<_> = self.records.iter().filter_map(|record| record.borrow(py).id.clone()).collect();
            let near = nearest(&unknown, ids.iter().map(SmolStr::as_str));
            return Err(errors::no_such("record", &unknown, near));
        }
        let tasks = self.tasks.iter().map(|task| task.clone_ref(py)).collect();
        let reader = Reader::new(py, &self.suite.reads)?;
        let [case, cluster] = [self.case_key(), self.cluster_key()].map(|key| key.map(str::to_owned));
        let keyed = Keyed::new(py, case, cluster)?;
        let (suite, listed) = (self.suite.clone(), self.listed.clone());
        Ok(Self { records, listed, table: None, tasks, suite, reader, keyed })
    }

    /// How many records there are. Those of a file of lines are not counted before they are read.
    fn __len__(&self) -> PyResult<usize> {
        self.known_len().ok_or_else(|| {
            PyTypeError::new_err("how many records the file has is not known before they are read")
        })
    }

    /// What is shown to the garbage collector: a function may hold the dataset that its task stands in, and so may the
    /// context of a record.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.tasks.iter().try_for_each(|task| visit.call(task))?;
        self.records.iter().try_for_each(|record| visit.call(record))
    }

    /// There is a record at least.
    fn __bool__(&self) -> bool {
        true
    }

    fn __repr__(&self) -> String {
        let records = match self.known_len() {
            Some(records) => counted(records, "record"),
            None => format!("records of {}", self.place()),
        };
        format!("GenAIEvalDataset({records}, {})", counted(self.tasks.len(), "task"))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let class = py.get_type::<Self>();
        let Some(Table { from, mapping, skip_bad, .. }) = &self.table else {
            let keys = (self.case_key(), self.cluster_key());
            let arguments = (self.records(py)?, self.tasks(py), keys.0, keys.1);
            return Ok((class.into_any(), arguments.into_pyobject(py)?));
        };
        let Location::Path(path, format) = from else {
            return Err(PyTypeError::new_err(
                "a dataset of a table in memory does not pickle: pickle the table, and make the dataset of it there",
            ));
        };
        let mapping = to_value(mapping).map_err(errors::value)?.to_string();
        let keys = (self.case_key(), self.cluster_key());
        let arguments = (path, self.tasks(py), format.name(), mapping, keys, skip_bad);
        Ok((class.getattr("_unpickled")?, arguments.into_pyobject(py)?))
    }
}

impl PyDataset {
    /// Records and the tasks of a plan, with what says which case and which cluster a record belongs to.
    pub(crate) fn of(
        records: &Bound<'_, PyAny>,
        (tasks, suite): (Vec<Py<PyAny>>, Suite),
        (case_key, cluster_key): (Option<String>, Option<String>),
    ) -> PyResult<Self> {
        let py = records.py();
        let records = record::list(records)?;
        let listed = Some(told_apart(py, &records)?);
        let reader = Reader::new(py, &suite.reads)?;
        let keyed = Keyed::new(py, case_key, cluster_key)?;
        Ok(Self { records, listed, table: None, tasks, suite, reader, keyed })
    }

    /// Which records a run of so many trials of each is over.
    pub(crate) fn run_records(&self, py: Python<'_>, trials: NonZeroU32) -> RunRecords {
        match (&self.table, &self.listed) {
            (Some(table), _) => py.detach(|| table.records(trials)),
            (None, Some(listed)) if trials == NonZeroU32::MIN => listed.clone(),
            _ => RunRecords::of(self.records.iter().map(|record| record.borrow(py).id.clone()), trials),
        }
    }

    /// How many records there are, where that is known before they are read.
    pub(crate) fn known_len(&self) -> Option<usize> {
        self.table.as_ref().map_or(Some(self.records.len()), |table| table.rows)
    }

    /// Where the records are, for messages.
    pub(crate) fn place(&self) -> String {
        self.table.as_ref().map_or_else(|| "the records".to_owned(), |table| table.from.name())
    }

    /// Checks that the records are objects.
    pub(crate) fn objects(&self, py: Python<'_>) -> PyResult<()> {
        if self.table.is_none() {
            return Ok(());
        }
        let place = self.place();
        Err(errors::record(py, format!("the records stand in {place}, and never become objects")))
    }
}
