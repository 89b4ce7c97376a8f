//! `LatencyMetrics`, `RouteMetrics`, `ObservabilityMetrics`.

use std::collections::BTreeMap;
use std::num::ParseIntError;

use pyo3::prelude::*;
use scouter_wire::records::{Latency, Route, StatusCount};
use serde::{Deserialize, Serialize};

use crate::data::wraps;

/// How long requests took, in seconds: percentiles.
#[pyclass(module = "scouter.observe", name = "LatencyMetrics", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyLatencyMetrics(Latency);

wraps!(PyLatencyMetrics(Latency) as "LatencyMetrics");

#[pymethods]
impl PyLatencyMetrics {
    /// The 5th percentile.
    #[getter]
    fn p5(&self) -> f64 {
        self.0.p5
    }

    /// The 25th.
    #[getter]
    fn p25(&self) -> f64 {
        self.0.p25
    }

    /// The median.
    #[getter]
    fn p50(&self) -> f64 {
        self.0.p50
    }

    /// The 95th.
    #[getter]
    fn p95(&self) -> f64 {
        self.0.p95
    }

    /// The 99th.
    #[getter]
    fn p99(&self) -> f64 {
        self.0.p99
    }
}

/// Requests to one route.
#[pyclass(module = "scouter.observe", name = "RouteMetrics", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyRouteMetrics(OneRoute);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OneRoute {
    route_name: String,
    metrics: Latency,
    request_count: u64,
    error_count: u64,
    error_latency: f64,
    status_codes: BTreeMap<Status, u64>,
}

/// A status of HTTP. In JSON it is a text, as keys of objects are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Status(u32);

impl TryFrom<String> for Status {
    type Error = ParseIntError;

    fn try_from(text: String) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

impl From<Status> for String {
    fn from(status: Status) -> Self {
        status.0.to_string()
    }
}

wraps!(PyRouteMetrics(OneRoute) as "RouteMetrics");

#[pymethods]
impl PyRouteMetrics {
    /// The route, as the application declares it.
    #[getter]
    fn route_name(&self) -> &str {
        &self.0.route_name
    }

    /// How long requests took.
    #[getter]
    fn metrics(&self) -> PyLatencyMetrics {
        PyLatencyMetrics(self.0.metrics)
    }

    /// How many there were.
    #[getter]
    fn request_count(&self) -> u64 {
        self.0.request_count
    }

    /// How many of them ended in an error: with a status of 500 or more.
    #[getter]
    fn error_count(&self) -> u64 {
        self.0.error_count
    }

    /// How many seconds those took on average; 0 where there is none.
    #[getter]
    fn error_latency(&self) -> f64 {
        self.0.error_latency
    }

    /// How many there were of each status.
    #[getter]
    fn status_codes(&self) -> BTreeMap<u32, u64> {
        self.0.status_codes.iter().map(|(status, count)| (status.0, *count)).collect()
    }
}

/// Requests to an application, by route: what an `Observer` counted. `queue["my_model"].insert(metrics)` sends them.
#[pyclass(module = "scouter.observe", name = "ObservabilityMetrics", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyObservabilityMetrics(pub(super) Observed);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Observed {
    uid: String,
    #[serde(default)]
    space: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    version: Option<String>,
    route_metrics: Vec<OneRoute>,
}

wraps!(PyObservabilityMetrics(Observed) as "ObservabilityMetrics");

#[pymethods]
impl PyObservabilityMetrics {
    /// The profile that they belong to.
    #[getter]
    fn uid(&self) -> &str {
        &self.0.uid
    }

    /// The space of the profile; `None` where it is known by its uid alone, as an `Observer` knows it.
    #[getter]
    fn space(&self) -> Option<&str> {
        self.0.space.as_deref()
    }

    /// Its name; `None` likewise.
    #[getter]
    fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Its version; `None` likewise.
    #[getter]
    fn version(&self) -> Option<&str> {
        self.0.version.as_deref()
    }

    /// How many requests there were, to all routes.
    #[getter]
    fn request_count(&self) -> u64 {
        all(self.0.route_metrics.iter().map(|route| route.request_count))
    }

    /// How many of them ended in an error.
    #[getter]
    fn error_count(&self) -> u64 {
        all(self.0.route_metrics.iter().map(|route| route.error_count))
    }

    /// By route, in the order in which routes came first.
    #[getter]
    fn route_metrics(&self) -> Vec<PyRouteMetrics> {
        self.0.route_metrics.iter().cloned().map(PyRouteMetrics).collect()
    }
}

/// Counts together, as many as can be counted: what was read from JSON may hold any.
fn all(counts: impl Iterator<Item = u64>) -> u64 {
    counts.fold(0, u64::saturating_add)
}

impl PyObservabilityMetrics {
    /// The form in which they are sent.
    pub(crate) fn routes(&self) -> Vec<Route> {
        self.0.route_metrics.iter().cloned().map(Route::from).collect()
    }
}

impl Observed {
    pub(super) fn new(uid: String, routes: Vec<Route>) -> Self {
        let route_metrics = routes.into_iter().map(OneRoute::from).collect();
        Self { uid, space: None, name: None, version: None, route_metrics }
    }
}

impl From<Route> for OneRoute {
    fn from(route: Route) -> Self {
        let Route { route, count, errors, latency, error_latency, statuses } = route;
        Self {
            route_name: route,
            metrics: latency,
            request_count: count,
            error_count: errors,
            error_latency,
            status_codes: statuses.into_iter().map(|one| (Status(one.status), one.count)).collect(),
        }
    }
}

impl From<OneRoute> for Route {
    fn from(route: OneRoute) -> Self {
        let OneRoute { route_name, metrics, request_count, error_count, error_latency, status_codes } = route;
        let statuses =
            status_codes.into_iter().map(|(status, count)| StatusCount { status: status.0, count });
        Self {
            route: route_name,
            count: request_count,
            errors: error_count,
            latency: metrics,
            error_latency,
            statuses: statuses.collect(),
        }
    }
}
