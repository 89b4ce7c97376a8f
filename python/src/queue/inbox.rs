//! What is kept in place of a server.

use pyo3::prelude::*;
use scouter_client::Inbox;
use scouter_wire::json::write_batch;

use crate::errors;

/// Where a `MockConfig` keeps what it is given.
#[pyclass(module = "scouter._scouter", name = "_Inbox", frozen)]
#[derive(Debug, Default)]
pub(crate) struct PyInbox(pub(super) Inbox);

#[pymethods]
impl PyInbox {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// What came so far, as it would stand in requests in JSON.
    fn bodies(&self) -> PyResult<Vec<String>> {
        self.0.batches().into_iter().map(|batch| write_batch(batch).map_err(errors::value)).collect()
    }

    /// Forgets all of it.
    fn clear(&self) {
        self.0.clear();
    }
}
