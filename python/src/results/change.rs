//! By how much something changed between two runs, and how sure that is.

use pyo3::prelude::*;
use scouter_drift::statistics::Interval;
use scouter_tasks::result::{NumberChange, RateChange, TaskTally};
use serde::{Deserialize, Serialize};

use super::counts::PyTaskCounts;
use crate::data::{holds, json_methods, prints};

/// Both bounds of an interval.
pub(super) fn bounds(interval: Interval) -> (f64, f64) {
    (interval.low, interval.high)
}

holds!(PyRateChange(RateChange) as "RateChange");
prints!(PyRateChange);
json_methods!(PyRateChange);
holds!(PyNumberChange(NumberChange) as "NumberChange");
prints!(PyNumberChange);
json_methods!(PyNumberChange);
holds!(PyTaskVerdict(OneTask) as "TaskVerdict");
prints!(PyTaskVerdict);
json_methods!(PyTaskVerdict);

/// By how much a pass rate changed between two runs, and how sure that is. Only records count that
/// came to a verdict in both.
#[pyclass(module = "scouter.evaluate", name = "RateChange", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyRateChange(pub(super) RateChange);

#[pymethods]
impl PyRateChange {
    /// `improved`, `regressed`, `unchanged` or `inconclusive`.
    #[getter]
    fn verdict(&self) -> &'static str {
        self.0.verdict.as_str()
    }

    /// How many records tell.
    #[getter]
    fn records(&self) -> usize {
        self.0.records
    }

    /// In how many clusters; as many as records where each is on its own.
    #[getter]
    fn clusters(&self) -> usize {
        self.0.clusters
    }

    /// How many of the records came out better than before.
    #[getter]
    fn gained(&self) -> usize {
        self.0.gained
    }

    /// How many of the records came out worse than before.
    #[getter]
    fn lost(&self) -> usize {
        self.0.lost
    }

    /// By how much the rate went up or down, from -1 to 1.
    #[getter]
    fn difference(&self) -> f64 {
        self.0.difference
    }

    /// Where the difference lies, with a confidence of 1 - alpha.
    #[getter]
    fn interval(&self) -> (f64, f64) {
        bounds(self.0.interval)
    }

    /// How likely chance alone makes such a difference.
    #[getter]
    fn p_value(&self) -> f64 {
        self.0.p
    }

    /// The same, with all that was tested beside it taken into account: what is compared with alpha.
    #[getter]
    fn adjusted_p_value(&self) -> f64 {
        self.0.adjusted_p
    }

    /// The smallest difference that so many records find in 8 of 10 comparisons; `None` where there
    /// are too few to find any.
    #[getter]
    fn smallest_difference(&self) -> Option<f64> {
        self.0.smallest
    }

    /// Where it is inconclusive: about how many records would decide, if what was seen goes on.
    /// `None` where no number would.
    #[getter]
    fn records_needed(&self) -> Option<u64> {
        self.0.records_needed
    }

    fn __repr__(&self) -> String {
        let (low, high) = self.interval();
        format!(
            "RateChange({}, difference={:+.3}, interval=({low:+.3}, {high:+.3}), adjusted_p_value={:.3e})",
            self.verdict(),
            self.0.difference,
            self.0.adjusted_p
        )
    }
}

/// By how much the mean of a number changed between two runs, over the records that have it in both.
#[pyclass(module = "scouter.evaluate", name = "NumberChange", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyNumberChange(NumberChange);

#[pymethods]
impl PyNumberChange {
    /// How many records have it in both.
    #[getter]
    fn records(&self) -> usize {
        self.0.records
    }

    /// Its mean before.
    #[getter]
    fn baseline_mean(&self) -> f64 {
        self.0.baseline_mean
    }

    /// Its mean now.
    #[getter]
    fn comparison_mean(&self) -> f64 {
        self.0.comparison_mean
    }

    /// The mean of the records' differences.
    #[getter]
    fn difference(&self) -> f64 {
        self.0.difference
    }

    /// Where the difference lies, with a confidence of 1 - alpha; `None` where there are fewer than
    /// two records or clusters.
    #[getter]
    fn interval(&self) -> Option<(f64, f64)> {
        self.0.interval.map(bounds)
    }

    /// How likely chance alone makes such a difference, by the paired t test.
    #[getter]
    fn p_value(&self) -> Option<f64> {
        self.0.p
    }

    /// The smallest difference that so many records find in 8 of 10 comparisons.
    #[getter]
    fn smallest_difference(&self) -> Option<f64> {
        self.0.smallest
    }

    /// Which way it went: `higher` or `lower` where the whole interval lies on one side of 0, `same` where
    /// no record changed, otherwise `unclear`.
    #[getter]
    fn direction(&self) -> &'static str {
        self.0.direction().as_str()
    }

    fn __repr__(&self) -> String {
        format!("NumberChange({} → {})", self.0.baseline_mean, self.0.comparison_mean)
    }
}

/// One task over all records that both runs have.
#[pyclass(module = "scouter.evaluate", name = "TaskVerdict", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyTaskVerdict(pub(super) OneTask);

/// A task of a comparison, with its name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OneTask {
    pub(super) task_id: String,
    pub(super) tally: TaskTally,
}

#[pymethods]
impl PyTaskVerdict {
    /// The task.
    #[getter]
    fn task_id(&self) -> &str {
        &self.0.task_id
    }

    /// `improved`, `regressed`, `unchanged` or `inconclusive`.
    #[getter]
    fn verdict(&self) -> &'static str {
        self.0.tally.verdict().as_str()
    }

    /// How it came out before, over all records that both runs have.
    #[getter]
    fn baseline_counts(&self) -> PyTaskCounts {
        PyTaskCounts(self.0.tally.baseline)
    }

    /// How it comes out now.
    #[getter]
    fn comparison_counts(&self) -> PyTaskCounts {
        PyTaskCounts(self.0.tally.comparison)
    }

    /// By how much its pass rate changed; `None` where no record came to a verdict in both runs.
    #[getter]
    fn rate(&self) -> Option<PyRateChange> {
        self.0.tally.rate.map(PyRateChange)
    }

    /// By how much the number changed that it looked at, where it looked at one in both runs.
    #[getter]
    fn numbers(&self) -> Option<PyNumberChange> {
        self.0.tally.numbers.map(PyNumberChange)
    }

    fn __repr__(&self) -> String {
        format!(
            "TaskVerdict(task_id={:?}, {}, {} → {})",
            self.0.task_id,
            self.verdict(),
            self.0.tally.baseline,
            self.0.tally.comparison
        )
    }
}
