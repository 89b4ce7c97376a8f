//! The event loop that the `async` functions of a run are awaited on.

use std::sync::Arc;

use pyo3::prelude::*;

use super::watch::Awaiting;

/// Where functions that are awaited run; closed when it is dropped.
pub(super) struct Events {
    pub(super) object: Arc<Py<PyAny>>,
}

impl Events {
    /// A loop of its own, or that of whoever awaits the run.
    pub(super) fn new(py: Python<'_>, awaiting: Option<&Awaiting<'_>>) -> PyResult<Self> {
        let events = awaiting.map(|awaiting| awaiting.events.clone());
        let object = py.import("scouter._events")?.getattr("Events")?.call1((events,))?;
        Ok(Self { object: Arc::new(object.unbind()) })
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        Python::attach(|py| {
            if let Err(error) = self.object.call_method0(py, "close") {
                error.write_unraisable(py, None);
            }
        });
    }
}
