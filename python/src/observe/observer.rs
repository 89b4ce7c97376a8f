//! `Observer`.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use scouter_client::Requests;

use super::metrics::Observed;
use super::server_record::PyServerRecords;
use super::status::StatusCode;
use crate::errors;

/// Counts requests to an application by hand: how many there were to each route, how they ended and how long they took. Threads may share one.
///
/// It takes the same room however many requests there are: 255 routes are told apart, all others are `(other)`, and percentiles are exact up to 1,024
/// requests to a route and off by 0.3 % in rank beyond.
///
/// A service needs none: the middleware of `scouter.integrations` counts for it, and the queue sends what was counted.
///
/// Args:
///     uid: The profile that the requests belong to: `profile.uid`.
#[pyclass(module = "scouter.observe", name = "Observer", frozen)]
#[derive(Debug)]
pub(crate) struct PyObserver {
    uid: String,
    requests: Mutex<Requests>,
}

#[pymethods]
impl PyObserver {
    #[new]
    fn new(uid: String) -> Self {
        Self { uid, requests: Mutex::default() }
    }

    /// The profile that the requests belong to.
    #[getter]
    fn uid(&self) -> &str {
        &self.uid
    }

    /// Counts a request.
    ///
    /// Args:
    ///     route: The route as the application declares it, such as `/items/{id}`; not the path that was asked for.
    ///     latency: How many seconds it took.
    ///     status_code: The status of HTTP. From 500 on it is an error.
    ///
    /// Raises:
    ///     ValueError: Where it took less than no time, or the status is none.
    #[pyo3(signature = (route, latency, status_code))]
    fn increment(&self, route: &str, latency: f64, status_code: StatusCode) -> PyResult<()> {
        self.requests().add(route, latency, status_code.0).map_err(errors::value)
    }

    /// What was counted, as a record for the server (`records[0].record` is an `ObservabilityMetrics`); counting begins anew. `None` where there was no
    /// request.
    fn collect_metrics(&self, py: Python<'_>) -> Option<PyServerRecords> {
        let mut taken = std::mem::take(&mut *self.requests());
        if taken.is_empty() {
            return None;
        }
        let routes = py.detach(|| taken.take());
        Some(PyServerRecords::of(Observed::new(self.uid.clone(), routes)))
    }

    /// Forgets what was counted.
    fn reset_metrics(&self) {
        drop(std::mem::take(&mut *self.requests()));
    }

    fn __repr__(&self) -> String {
        format!("Observer({:?})", self.uid)
    }
}

impl PyObserver {
    /// Locked by a thread that has the interpreter, and not for longer than it has it: no fork finds it locked.
    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
