//! Calls of the server's API.

use pyo3::prelude::*;
use scouter_client::{CallError, Server};
use scouter_wire::profiles::WholeProfile;
use tokio::time::timeout;

use super::options::transport;
use super::process::LISTEN;
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
        transport(py, config).map(|(_, server)| Self(server))
    }

    /// Calls an operation, with and for JSON. Ctrl-C is heard.
    #[pyo3(signature = (method, path, body=None))]
    fn call(&self, py: Python<'_>, method: String, path: String, body: Option<String>) -> PyResult<String> {
        self.answer(py, &method, &path, body)
    }

    /// The document of a profile as it is kept: to `json`, exact numbers would be floats.
    fn document(&self, py: Python<'_>, path: &str) -> PyResult<String> {
        let answer = self.answer(py, "GET", path, None)?;
        let read: serde_json::Result<WholeProfile> = serde_json::from_str(&answer);
        let broken = |error: serde_json::Error| {
            errors::server(py, &format!("the profile cannot be read: {error}"), None)
        };
        read.map(|whole| whole.document.get().to_owned()).map_err(broken)
    }
}

impl PyServer {
    fn answer(&self, py: Python<'_>, method: &str, path: &str, body: Option<String>) -> PyResult<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut call = Box::pin(self.0.call(method, path, body));
        loop {
            let waited = py.detach(|| runtime.block_on(async { timeout(LISTEN, &mut call).await }));
            match waited {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(CallError::Problem(problem))) => {
                    let told = CallError::Problem(problem.clone()).to_string();
                    return Err(errors::server(py, &told, Some((problem.status, problem.code.as_str()))));
                }
                Ok(Err(error)) => return Err(errors::server(py, &error.to_string(), None)),
                Err(_) => py.check_signals()?,
            }
        }
    }
}
