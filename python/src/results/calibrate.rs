//! Results against labels: how good a judge is.

use std::collections::HashMap;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyMapping, PyString};
use scouter_drift::statistics::calibration::Confusion;
use scouter_tasks::result::Status;

use super::whole::PyResults;
use crate::errors;
use crate::evaluate::{PyCalibration, PyEstimate};

impl PyResults {
    fn judge(&self, task: &str) -> PyResult<usize> {
        let found = self.0.find_task(task);
        found.ok_or_else(|| errors::no_such("task", task, self.0.nearest_task(task)))
    }
}

#[pymethods]
impl PyResults {
    /// Compares the verdicts of a task with labels.
    ///
    /// Args:
    ///     task: The task, by id.
    ///     labels: Whether each record is good, by the record's id: as somebody says who knows. Records without a label
    ///         are left out. All trials of a record count.
    ///
    /// Raises:
    ///     KeyError: Where there is no such task, or no such record.
    fn calibration(&self, task: &str, labels: &Bound<'_, PyMapping>) -> PyResult<PyCalibration> {
        let task = self.judge(task)?;
        let mut good = HashMap::new();
        for label in labels.items()?.iter() {
            let (id, label): (Bound<'_, PyAny>, Bound<'_, PyAny>) = label.extract()?;
            // Text or a number would be taken for good whatever it says.
            let (Ok(id), Ok(label)) = (id.cast::<PyString>(), label.cast::<PyBool>()) else {
                return Err(PyTypeError::new_err(format!(
                    "`labels` says `True` or `False` by the ids of records, and has {}: {}",
                    id.repr()?,
                    label.repr()?
                )));
            };
            good.insert(id.to_string(), (label.is_true(), false));
        }
        let (mut confusion, mut unjudged) = (Confusion::default(), 0);
        for row in self.0.rows() {
            let Some((good, seen)) = row.id.as_ref().and_then(|id| good.get_mut(id.as_str())) else {
                continue;
            };
            *seen = true;
            match Status::of(&row.outcomes[task]) {
                Status::Passed => confusion.add(*good, true),
                Status::Failed => confusion.add(*good, false),
                _ => unjudged += 1,
            }
        }
        if let Some((id, _)) = good.iter().find(|(_, (_, seen))| !seen) {
            return Err(errors::no_such("record", id, self.0.nearest(id)));
        }
        Ok(PyCalibration::of(confusion, unjudged))
    }

    /// The pass rate of a task, corrected for the mistakes of its judge: what a judge without mistakes would have passed.
    ///
    /// Args:
    ///     task: The task, by id.
    ///     calibration: How good the judge is, on records with labels.
    ///
    /// Raises:
    ///     KeyError: Where there is no such task.
    ///     ValueError: Where no record was judged, there are no labels of either kind, or the judge is no better than chance.
    fn corrected_pass_rate(
        &self,
        task: &str,
        calibration: &Bound<'_, PyCalibration>,
    ) -> PyResult<PyEstimate> {
        let counts = self.0.task_counts(self.judge(task)?);
        let (passed, failed) = (counts.of(Status::Passed) as u64, counts.of(Status::Failed) as u64);
        calibration.get().corrected(passed, passed + failed)
    }
}
