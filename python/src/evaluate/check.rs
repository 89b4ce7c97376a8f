//! `SuiteCheck`: what trying a suite on sample records came to.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::num::NonZeroUsize;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_engine::{Source, SystemClock};
use scouter_tasks::path::{Path, Read};
use scouter_tasks::records::{Opener, Shape};
use scouter_tasks::run::Keys;
use scouter_tasks::subject::{Lookup, Reads};
use scouter_tasks::suite::{Calls, Checked, Finding, Sample, Severity, check, has_names};
use scouter_tasks::task::{ConfigError, LLMJudgeSpec, Problem};
use scouter_tasks::value::{Map, Value, from_value, to_value};

use super::dataset::PyDataset;
use super::record::PyRecord;
use super::task::task;
use crate::convert::from_python;
use crate::data::{Data, holds, json_methods, prints};
use crate::errors;
use crate::tables::{Location, Table, TableError};

/// Tries the tasks of a dataset on some of its records: spread evenly over all of them, or the first of
/// a table.
pub(super) fn examine(py: Python<'_>, dataset: &PyDataset, sample: usize) -> PyResult<PySuiteCheck> {
    let sample = NonZeroUsize::new(sample).unwrap_or(NonZeroUsize::MIN);
    let records = count(py, dataset)?;
    tried(py, dataset, sample, records).map(PySuiteCheck)
}

/// The same, for runs in which paths lead nowhere: what was probably meant. What cannot be tried has no hint.
pub(crate) fn hints(py: Python<'_>, dataset: &PyDataset) -> Option<Checked> {
    tried(py, dataset, HINTED, 0).ok()
}

/// How many records are looked at for hints.
const HINTED: NonZeroUsize = NonZeroUsize::new(20).expect("it is not zero");

/// Tries the tasks on some of so many records; how many there are matters to the calls that a run would make alone.
fn tried(py: Python<'_>, dataset: &PyDataset, sample: NonZeroUsize, records: usize) -> PyResult<Checked> {
    let tasks = dataset.tasks.iter().map(|object| task(object.bind(py))).collect::<PyResult<Vec<_>>>()?;
    let samples = match &dataset.table {
        None => spread(py, dataset, sample)?,
        Some(table) => {
            let read = py.detach(|| first(table, dataset, sample));
            read.map_err(|error| error.told(py, &table.from))?
        }
    };
    py.detach(|| check(&tasks, &samples, records)).map_err(|error| errors::config(py, &error))
}

/// Records spread evenly over all of a dataset's.
fn spread(py: Python<'_>, dataset: &PyDataset, sample: NonZeroUsize) -> PyResult<Vec<Sample>> {
    let records = &dataset.records;
    let most = sample.get().min(records.len());
    (0..most).map(|at| read(py, &records[at * records.len() / most].borrow(py))).collect()
}

/// How many records are looked at for names that none of them has.
const LOOKED_AT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(99);

/// Looks for names in prompts that no record has, before a model is asked.
pub(crate) fn names(py: Python<'_>, dataset: &PyDataset) -> PyResult<()> {
    // The first record nearly always has all of them. To look at a hundred takes as long as a dozen calls.
    if dataset.table.is_none()
        && let Some(first) = dataset.records.first()
        && has_names(&dataset.suite, &read(py, &first.borrow(py))?)
    {
        return Ok(());
    }
    let samples = match &dataset.table {
        None => spread(py, dataset, LOOKED_AT)?,
        // What is wrong with a table is told when it is read for good.
        Some(table) => py.detach(|| first(table, dataset, LOOKED_AT)).unwrap_or_default(),
    };
    // The first records of a long file say nothing of the last ones.
    if dataset.table.is_some() && samples.len() >= LOOKED_AT.get() {
        return Ok(());
    }
    let checked = py.detach(|| check(&dataset.suite.specs, &samples, 0));
    let checked = checked.map_err(|error| errors::config(py, &error))?;
    let findings = checked.findings.into_iter().filter(|finding| {
        finding.severity == Severity::Error && finding.field.as_deref() == Some(LLMJudgeSpec::PROMPT)
    });
    let problems: Vec<Problem> = findings
        .map(|Finding { task, field, message, hint, .. }| {
            let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            Problem { task: Some(task), field, message: format!("{message}{hint}") }
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(errors::config(py, &ConfigError { problems })) }
}

/// How many records a dataset has, at most. Lines are counted only where calls are to be estimated.
fn count(py: Python<'_>, dataset: &PyDataset) -> PyResult<usize> {
    match (&dataset.table, dataset.known_len()) {
        (_, Some(records)) => Ok(records),
        (Some(Table { from: Location::Path(path, _), .. }), None) if dataset.suite.graph.waits() => {
            let counted = py.detach(|| {
                let mut lines = BufReader::new(File::open(path)?).split(b'\n');
                lines.try_fold(0, |count, line| line.map(|line| count + usize::from(!line.is_empty())))
            });
            counted.map_err(|error: std::io::Error| errors::file(py, &error, path))
        }
        _ => Ok(0),
    }
}

/// The first records of a table, whole: with every column, where all of them have a form as values.
fn first(table: &Table, dataset: &PyDataset, sample: NonZeroUsize) -> Result<Vec<Sample>, TableError> {
    let whole = Shape::new(table.mapping.clone(), &[&dataset.suite.reads], true);
    let shape = match table.check_columns(&whole) {
        Ok(()) => whole,
        Err(_) => Shape::new(table.mapping.clone(), &[&dataset.suite.reads], false),
    };
    let mut reads = Reads::default();
    reads.add(Path::root());
    let reads = Arc::new(reads);
    let opener = Opener {
        shape,
        reads: reads.clone(),
        keys: Keys::default(),
        origin: None,
        seen: false,
        memory: None,
        models: None,
        clock: Arc::new(SystemClock),
    };
    let mut source = table.source(opener, NonZeroUsize::MIN)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut entries = Vec::new();
    runtime.block_on(async {
        while let Some(left) = NonZeroUsize::new(sample.get() - entries.len()) {
            let more = source.take(left).await;
            if more.is_empty() {
                break;
            }
            entries.extend(more.into_iter().map(|record| record.entry(&reads)));
        }
    });
    let account = source.account();
    let broken = account.and_then(|account| account.lock().ok()?.broken.take());
    if let Some(error) = broken {
        return Err(error.into());
    }
    let samples = entries.into_iter().map(|entry| {
        let context = match entry.subject.reads.first().map(Lookup::read) {
            Some(Read::Found(context)) => context.clone(),
            _ => Value::Null,
        };
        Sample { context, unreadable: Vec::new(), spans: entry.subject.spans }
    });
    Ok(samples.collect())
}

/// A record whole, key by key: one value without a form in JSON hides no other.
fn read(py: Python<'_>, record: &PyRecord) -> PyResult<Sample> {
    let mut entries = Vec::new();
    let mut unreadable = Vec::new();
    for (key, value) in record.context.dict(py).iter() {
        let one = PyDict::new(py);
        one.set_item(&key, value)?;
        match from_python(one.as_any()) {
            Ok(value) => {
                let read = value.as_map().into_iter().flat_map(Map::iter);
                entries.extend(read.map(|(key, value)| (key.clone(), value.clone())));
            }
            Err(why) => unreadable.push((key.str()?.to_string().into(), why)),
        }
    }
    Ok(Sample { context: Value::map(entries), unreadable, spans: record.spans() })
}

/// What trying a suite on sample records came to, before anything is spent.
#[pyclass(module = "scouter.evaluate", name = "SuiteCheck", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PySuiteCheck(Checked);

prints!(PySuiteCheck);
json_methods!(PySuiteCheck);
holds!(PyFinding(Finding) as "Finding");
json_methods!(PyFinding);
holds!(PyExpectedCalls(Calls) as "ExpectedCalls");
prints!(PyExpectedCalls);
json_methods!(PyExpectedCalls);

#[pymethods]
impl PySuiteCheck {
    /// How many records were looked at.
    #[getter]
    fn sample(&self) -> usize {
        self.0.sample
    }

    /// Whether nothing was found that is an error.
    #[getter]
    fn ok(&self) -> bool {
        self.0.is_sound()
    }

    /// What was found, in the order of the tasks.
    #[getter]
    fn findings(&self) -> Vec<PyFinding> {
        self.0.findings.iter().cloned().map(PyFinding).collect()
    }

    /// How often tasks that take time or money would be called, by kind.
    #[getter]
    fn calls(&self) -> Vec<PyExpectedCalls> {
        self.0.calls.iter().cloned().map(PyExpectedCalls).collect()
    }

    /// It has no truth: see `ok`.
    ///
    /// Raises:
    ///     TypeError: Always, so that `assert dataset.check()` is no test that cannot fail.
    fn __bool__(&self) -> PyResult<bool> {
        Err(errors::no_truth("SuiteCheck", ".ok", self.ok()))
    }

    fn __repr__(&self) -> String {
        format!("SuiteCheck({} findings on {} sample records)", self.0.findings.len(), self.0.sample)
    }
}

impl Data for PySuiteCheck {
    const NAME: &'static str = "SuiteCheck";

    /// Also whether it is sound, which follows from what was found.
    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        let Checked { sample, findings, calls } = &self.0;
        Ok(Value::map([
            ("sample", Value::from(*sample)),
            ("ok", Value::Bool(self.0.is_sound())),
            ("findings", to_value(findings).map_err(errors::value)?),
            ("calls", to_value(calls).map_err(errors::value)?),
        ]))
    }

    fn from_value(_py: Python<'_>, value: &Value) -> PyResult<Self> {
        let checked = from_value(value);
        checked.map(Self).map_err(|error| errors::value(format!("not a `{}`: {error}", Self::NAME)))
    }
}

/// Something that a suite and its records do not agree on.
#[pyclass(module = "scouter.evaluate", name = "Finding", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyFinding(Finding);

#[pymethods]
impl PyFinding {
    /// `"error"` where the task can do its work on no sample record, `"warning"` where it probably
    /// does not do what was meant, `"note"` for what is worth knowing.
    #[getter]
    fn severity(&self) -> &'static str {
        self.0.severity.as_str()
    }

    /// The id of the task.
    #[getter]
    fn task(&self) -> &str {
        &self.0.task
    }

    /// The field of the task, where it is about one.
    #[getter]
    fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// What was found.
    #[getter]
    fn message(&self) -> &str {
        &self.0.message
    }

    /// What may have been meant, or what to do.
    #[getter]
    fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    fn __repr__(&self) -> String {
        format!("Finding({:?})", self.0.to_string())
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }
}

/// How often tasks of one kind would be called.
#[pyclass(module = "scouter.evaluate", name = "ExpectedCalls", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyExpectedCalls(Calls);

#[pymethods]
impl PyExpectedCalls {
    /// The kind of task, such as `"Custom"`.
    #[getter]
    fn kind(&self) -> &str {
        &self.0.kind
    }

    /// How many tasks of it there are.
    #[getter]
    fn tasks(&self) -> usize {
        self.0.tasks
    }

    /// The most calls: every task on every record.
    #[getter]
    fn most(&self) -> usize {
        self.0.most
    }

    /// The calls to expect, as gates stand on the sample. Gates that would have to be called
    /// themselves are taken as open.
    #[getter]
    fn likely(&self) -> usize {
        self.0.likely
    }

    fn __repr__(&self) -> String {
        let Calls { kind, tasks, most, likely } = &self.0;
        format!("ExpectedCalls(kind={kind:?}, tasks={tasks}, most={most}, likely={likely})")
    }
}
