//! `EvaluationConfig`.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use scouter_tasks::path::Path;

use super::arguments::Texts;
use crate::convert::{one_of, whole};
use crate::errors;
use crate::genai::{PyEmbedder, PyModelOptions};

/// What is embedded after a run, and what is made of it.
#[derive(Debug)]
pub(crate) struct Embedding {
    pub(crate) embedder: Py<PyEmbedder>,
    /// Where the texts are.
    pub(crate) targets: Vec<String>,
    pub(crate) similarity: bool,
    pub(crate) histograms: bool,
}

impl PartialEq for Embedding {
    /// An embedder is the same as itself alone.
    fn eq(&self, other: &Self) -> bool {
        let parts = |of: &Self| (of.embedder.as_ptr() as usize, of.similarity, of.histograms);
        parts(self) == parts(other) && self.targets == other.targets
    }
}

impl Embedding {
    fn of(
        embedder: Option<&Bound<'_, PyAny>>,
        targets: Option<Texts>,
        similarity: bool,
        histograms: bool,
    ) -> PyResult<Option<Arc<Self>>> {
        let targets = targets.map(|Texts(targets)| targets).unwrap_or_default();
        let Some(embedder) = embedder else {
            if !targets.is_empty() || similarity || histograms {
                return Err(errors::value("there is nothing to embed with: give an `embedder`"));
            }
            return Ok(None);
        };
        let embedder = embedder.cast::<PyEmbedder>().map_err(|_| {
            PyTypeError::new_err("`embedder` must be an `Embedder`; one can be made of a function")
        })?;
        if targets.is_empty() {
            return Err(errors::value(
                "there is nothing to embed: name paths of texts in `embedding_targets`",
            ));
        }
        if similarity && targets.len() < 2 {
            return Err(errors::value(
                "`compute_similarity` compares texts: name two or more in `embedding_targets`",
            ));
        }
        for target in &targets {
            Path::parse(target).map_err(|error| errors::value(format!("`embedding_targets`: {error}")))?;
        }
        Ok(Some(Arc::new(Self { embedder: embedder.clone().unbind(), targets, similarity, histograms })))
    }
}

/// How an evaluation runs.
///
/// Args:
///     embedder: What turns texts into vectors, once the run is over.
///     embedding_targets: The paths of the texts that are embedded. Each record's vectors are in its `embedding`.
///     compute_similarity: Whether the texts of a record are compared with each other, for its `similarity_scores`.
///     compute_histograms: Whether means and similarities are counted over all records, for `histograms`.
///     max_concurrency: How many records may be under way at once where tasks wait for something,
///         such as a function that is `async`. 64 by default.
///     task_timeout: How many seconds a task that waits may take; no limit by default. For a judge that has no `timeout` of its own, the
///         time in which it waits for its turn does not count.
///     run_timeout: How many seconds a run may take; no limit by default. Then it ends with what was done, marked as cancelled, and
///         `stopped` says why. What is under way is broken off; functions have a second to come to their end. Embedding comes after it and is not counted.
///     progress: Whether to show a progress bar. By default one is shown on a terminal once a run
///         takes longer than a second.
///     workers: How many threads judge; one for every core by default.
///     models: How models are asked, where tasks ask any.
#[pyclass(module = "scouter.evaluate", name = "EvaluationConfig", frozen, eq, skip_from_py_object)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PyEvaluationConfig {
    pub(crate) max_concurrency: NonZeroUsize,
    pub(crate) task_timeout: Option<Duration>,
    pub(crate) run_timeout: Option<Duration>,
    /// Whether to show a progress bar; `None` where a terminal decides.
    #[pyo3(get)]
    pub(crate) progress: Option<bool>,
    pub(crate) workers: Option<NonZeroUsize>,
    /// How models are asked.
    #[pyo3(get)]
    pub(crate) models: Option<PyModelOptions>,
    pub(crate) embedding: Option<Arc<Embedding>>,
}

impl Default for PyEvaluationConfig {
    fn default() -> Self {
        let max_concurrency = NonZeroUsize::MIN.saturating_add(63);
        Self {
            max_concurrency,
            task_timeout: None,
            run_timeout: None,
            progress: None,
            workers: None,
            models: None,
            embedding: None,
        }
    }
}

one_of! {
    /// How long something may take, as an argument.
    #[derive(Clone, Copy, Debug)]
    pub(crate) enum Seconds {
        Number(f64),
    }
    else in_seconds
}

/// What to write for a time in another form.
fn in_seconds(given: &Bound<'_, PyAny>) -> Option<String> {
    if given.hasattr("total_seconds").unwrap_or(false) {
        return Some("give seconds as a number, its `.total_seconds()`".to_owned());
    }
    given.is_instance_of::<PyString>().then(|| "give seconds as a number, such as `5` or `0.5`".to_owned())
}

impl Seconds {
    pub(crate) fn get(self) -> f64 {
        let Self::Number(seconds) = self;
        seconds
    }
}

/// A time that something may take.
pub(crate) fn seconds(given: Seconds) -> Result<Duration, String> {
    let seconds = given.get();
    let timeout = Duration::try_from_secs_f64(seconds).ok().filter(|timeout| !timeout.is_zero());
    timeout.ok_or_else(|| format!("it must be a positive number of seconds, not `{seconds}`"))
}

#[pymethods]
impl PyEvaluationConfig {
    #[new]
    #[pyo3(signature = (
        embedder=None, embedding_targets=None, compute_similarity=false, compute_histograms=false, *,
        max_concurrency: "int" = 64, task_timeout=None, run_timeout=None, progress=None, workers: "int | None" = None, models=None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
    fn new(
        embedder: Option<&Bound<'_, PyAny>>,
        embedding_targets: Option<Texts>,
        compute_similarity: bool,
        compute_histograms: bool,
        #[pyo3(from_py_with = whole::max_concurrency)] max_concurrency: usize,
        task_timeout: Option<Seconds>,
        run_timeout: Option<Seconds>,
        progress: Option<bool>,
        #[pyo3(from_py_with = whole::workers)] workers: Option<usize>,
        models: Option<&Bound<'_, PyModelOptions>>,
    ) -> PyResult<Self> {
        let timeout = |name: &str, given: Option<Seconds>| {
            given.map(seconds).transpose().map_err(|why| errors::value(format!("`{name}`: {why}")))
        };
        Ok(Self {
            max_concurrency: NonZeroUsize::new(max_concurrency).unwrap_or(NonZeroUsize::MIN),
            task_timeout: timeout("task_timeout", task_timeout)?,
            run_timeout: timeout("run_timeout", run_timeout)?,
            progress,
            workers: workers.and_then(NonZeroUsize::new),
            models: models.map(|models| models.get().clone()),
            embedding: Embedding::of(embedder, embedding_targets, compute_similarity, compute_histograms)?,
        })
    }

    /// How many records may be under way at once where tasks wait for something.
    #[getter]
    fn max_concurrency(&self) -> usize {
        self.max_concurrency.get()
    }

    /// How many seconds a task that waits may take.
    #[getter]
    fn task_timeout(&self) -> Option<f64> {
        self.task_timeout.map(|timeout| timeout.as_secs_f64())
    }

    /// How many seconds a run may take.
    #[getter]
    fn run_timeout(&self) -> Option<f64> {
        self.run_timeout.map(|timeout| timeout.as_secs_f64())
    }

    /// How many threads judge; `None` for one on every core.
    #[getter]
    fn workers(&self) -> Option<usize> {
        self.workers.map(NonZeroUsize::get)
    }

    /// Pickles by its arguments, which are given by name.
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let arguments = PyDict::new(py);
        arguments.set_item("max_concurrency", self.max_concurrency())?;
        arguments.set_item("task_timeout", self.task_timeout())?;
        arguments.set_item("run_timeout", self.run_timeout())?;
        arguments.set_item("progress", self.progress)?;
        arguments.set_item("workers", self.workers())?;
        arguments.set_item("models", self.models.clone())?;
        if let Some(embedding) = &self.embedding {
            arguments.set_item("embedder", &embedding.embedder)?;
            arguments.set_item("embedding_targets", &embedding.targets)?;
            arguments.set_item("compute_similarity", embedding.similarity)?;
            arguments.set_item("compute_histograms", embedding.histograms)?;
        }
        Ok((PyTuple::empty(py), arguments))
    }

    fn __repr__(&self) -> String {
        let or_none = |value: Option<String>| value.unwrap_or_else(|| "None".to_owned());
        format!(
            "EvaluationConfig(max_concurrency={}, task_timeout={}, run_timeout={}, progress={}, workers={})",
            self.max_concurrency,
            or_none(self.task_timeout().map(|seconds| seconds.to_string())),
            or_none(self.run_timeout().map(|seconds| seconds.to_string())),
            match self.progress {
                None => "None",
                Some(true) => "True",
                Some(false) => "False",
            },
            or_none(self.workers.map(|workers| workers.to_string())),
        )
    }
}
