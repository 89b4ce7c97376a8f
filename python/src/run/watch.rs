//! What the thread that waits for a run has an eye on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pyo3::prelude::*;
use scouter_engine::Cancel;

use super::interrupt::Interrupt;
use super::progress::Progress;
use super::tracing::Tracing;

/// The event loop that awaits a run, and what tells the run to stop.
pub(crate) struct Awaiting<'py> {
    pub(crate) events: Bound<'py, PyAny>,
    pub(crate) stop: Bound<'py, PyAny>,
}

/// What the waiting thread has an eye on.
pub(super) struct Watch<'a, 'py> {
    pub(super) awaiting: Option<&'a Awaiting<'py>>,
    pub(super) interrupt: Interrupt,
    pub(super) cancel: Cancel,
    /// Set where somebody waits for the end of the run that has other things to do.
    pub(super) hurry: Cancel,
    pub(super) done: Arc<AtomicUsize>,
    pub(super) progress: Progress,
    /// Who writes the spans of calls.
    pub(super) tracing: Option<Tracing>,
}

impl Watch<'_, '_> {
    /// Lets Python's signal handlers run, hears whether whoever awaits the run has given it up,
    /// shows how far it is, and writes spans.
    pub(super) fn listen(&mut self, py: Python<'_>) -> PyResult<()> {
        self.progress.show(self.done.load(Ordering::Relaxed));
        self.hear(py)?;
        self.tracing.as_mut().map_or(Ok(true), |tracing| tracing.write(py)).map(drop)
    }

    /// Writes the spans that are left, when no call is made any more.
    pub(super) fn finish(&mut self, py: Python<'_>) -> PyResult<()> {
        let Some(tracing) = self.tracing.take() else { return Ok(()) };
        tracing.finish(py, |py| self.hear(py))
    }

    /// Whether somebody waits for the end of the run.
    fn hear(&mut self, py: Python<'_>) -> PyResult<bool> {
        self.interrupt.check(py)?;
        if let Some(awaiting) = self.awaiting
            && awaiting.stop.call_method0("is_set")?.is_truthy()?
        {
            self.cancel.cancel();
            self.hurry.cancel();
        }
        Ok(self.hurry.is_cancelled())
    }
}
