//! `TaskCounts`.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use scouter_drift::statistics::Alpha;
use scouter_tasks::result::{Counts, Status};
use scouter_tasks::value::{Value, from_value};

use super::change::bounds;
use crate::data::{Data, json_methods};
use crate::errors;

/// How a task came out over all records.
#[pyclass(module = "scouter.evaluate", name = "TaskCounts", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyTaskCounts(pub(crate) Counts);

#[pymethods]
impl PyTaskCounts {
    /// How many passed.
    #[getter]
    fn passed(&self) -> usize {
        self.0.of(Status::Passed)
    }

    /// How many failed.
    #[getter]
    fn failed(&self) -> usize {
        self.0.of(Status::Failed)
    }

    /// For how many the check could not be made.
    #[getter]
    fn errored(&self) -> usize {
        self.0.of(Status::Errored)
    }

    /// How many did not run because of what happened upstream.
    #[getter]
    fn skipped(&self) -> usize {
        self.0.of(Status::Skipped)
    }

    /// For how many there was nothing to check.
    #[getter]
    fn not_applicable(&self) -> usize {
        self.0.of(Status::NotApplicable)
    }

    /// For how many the run was stopped before.
    #[getter]
    fn cancelled(&self) -> usize {
        self.0.of(Status::Cancelled)
    }

    /// How many records there are.
    #[getter]
    fn total(&self) -> usize {
        self.0.total()
    }

    /// How many came to a verdict: the denominator of the pass rate.
    #[getter]
    fn counted(&self) -> usize {
        self.0.counted()
    }

    /// The share that passed of those that came to a verdict, from 0 to 1; `None` where none did.
    #[getter]
    fn pass_rate(&self) -> Option<f64> {
        self.0.pass_rate()
    }

    /// Where the pass rate lies with a confidence of 1 - alpha (Wilson), taking records to be independent;
    /// `None` where there is none.
    ///
    /// Raises:
    ///     ValueError: Where alpha is not above 0 and below 1.
    #[pyo3(signature = (alpha=0.05))]
    fn interval(&self, alpha: f64) -> PyResult<Option<(f64, f64)>> {
        let alpha = Alpha::new(alpha)
            .map_err(|_| errors::value(format!("`alpha` must be above 0 and below 1, not `{alpha}`")))?;
        Ok(self.0.interval(alpha).map(bounds))
    }

    fn __repr__(&self) -> String {
        let counts: Vec<String> =
            Status::ALL.iter().map(|status| format!("{status}={}", self.0.of(*status))).collect();
        format!("TaskCounts({})", counts.join(", "))
    }

    /// The pass rate with its denominator.
    fn __str__(&self) -> String {
        self.0.to_string()
    }
}

impl Data for PyTaskCounts {
    const NAME: &'static str = "TaskCounts";

    /// By the names of the statuses.
    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        let counts = Status::ALL.map(|status| (status.as_str(), Value::from(self.0.of(status))));
        Ok(Value::map(counts))
    }

    fn from_value(_py: Python<'_>, value: &Value) -> PyResult<Self> {
        let wrong = |why: String| errors::value(format!("not a `TaskCounts`: {why}"));
        let counts: BTreeMap<String, usize> = from_value(value).map_err(|error| wrong(error.to_string()))?;
        let mut read = [0; 6];
        for (count, status) in read.iter_mut().zip(Status::ALL) {
            let told = counts.get(status.as_str());
            *count = *told.ok_or_else(|| wrong(format!("it has no `{status}`")))?;
        }
        Ok(Self(read.into()))
    }
}

json_methods!(PyTaskCounts);
