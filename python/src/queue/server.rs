//! Calls of the server's API.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use scouter_client::{CallError, Server};
use scouter_wire::profiles::WholeProfile;
use tokio::time::timeout;

use super::process::LISTEN;
use super::transport::transport;
use crate::errors;

/// The server's API, for the classes in `scouter.client`.
#[pyclass(module = "scouter._scouter", name = "_Server", frozen)]
#[derive(Debug)]
pub(crate) struct PyServer(Server);

#[pymethods]
impl PyServer {
    #[new]
    #[pyo3(signature = (config=None))]
    fn new(py: Python<'_>, config: Option<Bound<'_, PyAny>>) -> PyResult<Self> {
        let (_, server) = transport(py, config)?;
        if server.inbox().is_some() {
            let told =
                "a `MockConfig` takes the records of queues, and has no server behind it that could answer";
            return Err(PyTypeError::new_err(told));
        }
        Ok(Self(server))
    }

    /// Calls an operation, with and for JSON. Ctrl-C is heard.
    #[pyo3(signature = (method, path, body=None))]
    fn call(&self, py: Python<'_>, method: &str, path: &str, body: Option<String>) -> PyResult<String> {
        wait_for(py, self.0.call(method, path, body))?.map_err(|error| failed(py, &error, ""))
    }

    /// The document of a profile as it is kept: to `json`, exact numbers would be floats.
    fn document(&self, py: Python<'_>, path: &str) -> PyResult<String> {
        let answer = self.call(py, "GET", path, None)?;
        let read: serde_json::Result<WholeProfile> = serde_json::from_str(&answer);
        let broken = |error: serde_json::Error| {
            errors::server(py, &format!("the profile cannot be read: {error}"), None)
        };
        read.map(|whole| whole.document.get().to_owned()).map_err(broken)
    }
}

/// Waits for something without the interpreter. Ctrl-C is heard.
pub(super) fn wait_for<T: Send>(py: Python<'_>, something: impl Future<Output = T> + Send) -> PyResult<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut something = Box::pin(something);
    loop {
        match py.detach(|| runtime.block_on(async { timeout(LISTEN, &mut something).await })) {
            Ok(done) => return Ok(done),
            Err(_) => py.check_signals()?,
        }
    }
}

/// `ServerError`, with what was to be done before what is wrong.
pub(super) fn failed(py: Python<'_>, error: &CallError, before: &str) -> PyErr {
    let problem = match error {
        CallError::Problem(problem) => Some((problem.status, problem.code.as_str())),
        CallError::Unreachable(_) => None,
    };
    errors::server(py, &format!("{before}{error}"), problem)
}
