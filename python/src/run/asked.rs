//! The models of a run, and what became of them.

use std::sync::Arc;

use pyo3::prelude::*;
use scouter_engine::Cancel;
use scouter_providers::layers::{CassetteError, Used};
use scouter_providers::{CallError, Scope};
use scouter_tasks::models::{Addresses, Models, addresses as addresses_of};

use super::tidy::tidy;
use super::tracing::Tracing;
use crate::errors;
use crate::evaluate::{PyDataset, PyEvaluationConfig, names};

/// The models that the tasks of a dataset ask, where they ask any, and who writes the spans of that, where anybody does.
pub(super) fn open(
    py: Python<'_>,
    dataset: &PyDataset,
    config: &PyEvaluationConfig,
    remembers: bool,
    cancel: &Cancel,
) -> PyResult<(Option<Arc<Models>>, Option<Tracing>)> {
    if dataset.suite.specs.iter().all(|task| task.asks().is_empty()) {
        return Ok((None, None));
    }
    names(py, dataset)?;
    let mut options = config.models.clone().unwrap_or_default().options(py)?;
    options.task_timeout = config.task_timeout;
    let tracing = Tracing::open(py)?;
    options.spans = tracing.as_ref().map(Tracing::spans).unwrap_or_default();
    let opened = py.detach(|| Models::open(&dataset.suite, &options, remembers, cancel));
    Ok((opened.map_err(|error| errors::config(py, &error))?, tracing))
}

/// Where the tasks of a dataset ask their models.
pub(super) fn addresses(
    py: Python<'_>,
    dataset: &PyDataset,
    config: &PyEvaluationConfig,
) -> PyResult<Addresses> {
    if dataset.suite.specs.iter().all(|task| task.asks().is_empty()) {
        return Ok(Addresses::new());
    }
    let options = config.models.clone().unwrap_or_default().options(py)?;
    Ok(addresses_of(&dataset.suite, &options))
}

/// What became of the models of a run.
pub(super) struct Asked {
    /// What was used of the budget.
    pub(super) used: Option<Used>,
    stopped: Option<CallError>,
    saved: Result<(), CassetteError>,
}

impl Asked {
    /// Ends the asking: what it came to, and what signals raised meanwhile. `listen` raises that, and says whether somebody waits.
    pub(super) fn end(
        py: Python<'_>,
        models: Option<Arc<Models>>,
        listen: impl FnMut(Python<'_>) -> PyResult<bool>,
    ) -> (Self, PyResult<()>) {
        let Some(models) = models else {
            return (Self { used: None, stopped: None, saved: Ok(()) }, Ok(()));
        };
        if let faults @ 1.. = models.cache_faults() {
            let told = "the cache of replies could not be read or written";
            warn(py, format!("{told} {faults} times; models were asked instead"));
        }
        if let evicted @ 1.. = models.cache_evicted() {
            warn(
                py,
                format!(
                    "the cache of replies is full: {evicted} of the oldest went, and are asked for again"
                ),
            );
        }
        let (saved, heard) =
            models.cassette().map_or((Ok(()), Ok(())), |cassette| tidy(py, cassette, listen));
        (Self { used: Some(models.used()), stopped: models.stopped().cloned(), saved }, heard)
    }

    /// Why the run was stopped, where a call did it.
    pub(super) fn why(&self) -> Option<String> {
        self.stopped.as_ref().map(|error| format!("failed to {error}"))
    }

    /// The same where nobody wanted it so: a budget is there to end a run, a wrong key is not.
    pub(super) fn refused(&self) -> Option<String> {
        self.why().filter(|_| self.stopped.as_ref().is_some_and(|error| error.scope() != Scope::Run))
    }

    /// Why what was recorded is not in the cassette, where it is not.
    pub(super) fn unsaved(&self) -> Option<String> {
        self.saved.as_ref().err().map(|error| format!("failed to {error}"))
    }
}

/// Tells whoever listens. A listener that fails ends no run.
pub(crate) fn warn(py: Python<'_>, told: String) {
    let logger = py.import("logging").and_then(|logging| logging.call_method1("getLogger", ("scouter",)));
    if let Err(error) = logger.and_then(|logger| logger.call_method1("warning", ("%s", told))) {
        error.write_unraisable(py, None);
    }
}
