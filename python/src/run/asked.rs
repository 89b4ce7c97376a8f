//! The models of a run, and what became of them.

use std::sync::Arc;

use pyo3::prelude::*;
use scouter_engine::Cancel;
use scouter_providers::layers::CassetteError;
use scouter_providers::{CallError, Scope};
use scouter_tasks::models::Models;

use crate::errors;
use crate::evaluate::{PyDataset, PyEvaluationConfig, names};

/// The models that the tasks of a dataset ask, where they ask any.
pub(super) fn open(
    py: Python<'_>,
    dataset: &PyDataset,
    config: &PyEvaluationConfig,
    cancel: &Cancel,
) -> PyResult<Option<Arc<Models>>> {
    if dataset.suite.specs.iter().all(|task| task.asks().is_empty()) {
        return Ok(None);
    }
    names(py, dataset)?;
    let options = config.models.clone().unwrap_or_default().options(py)?;
    let opened = py.detach(|| Models::open(&dataset.suite, &options, cancel));
    opened.map_err(|error| errors::config(py, &error))
}

/// What became of the models of a run.
pub(super) struct Asked {
    stopped: Option<CallError>,
    saved: Result<(), CassetteError>,
}

impl Asked {
    /// Ends the asking.
    pub(super) fn end(py: Python<'_>, models: Option<Arc<Models>>) -> Self {
        let Some(models) = models else { return Self { stopped: None, saved: Ok(()) } };
        Self { stopped: models.stopped().cloned(), saved: py.detach(|| models.finish()) }
    }

    /// Why the run was stopped, where a call did it.
    pub(super) fn why(&self) -> Option<String> {
        self.stopped.as_ref().map(|error| format!("failed to {error}"))
    }

    /// The same where nobody wanted it so: a budget is there to end a run, a wrong key is not.
    pub(super) fn refused(&self) -> Option<String> {
        self.why().filter(|_| self.stopped.as_ref().is_some_and(|error| error.scope() != Scope::Run))
    }

    /// Whether the cassette was written.
    pub(super) fn saved(self) -> PyResult<()> {
        self.saved.map_err(|error| errors::sink(&error))
    }
}
