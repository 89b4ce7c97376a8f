//! Results against labels: how good a judge is.

use std::collections::HashMap;

use indexmap::IndexMap;
use pyo3::exceptions::PyTypeError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::type_object::PyTypeInfo;
use pyo3::types::{PyBool, PyMapping, PyString};
use scouter_drift::statistics::calibration::Confusion;
use scouter_tasks::result::{Row, Status};
use uuid::Uuid;

use super::whole::PyResults;
use crate::convert::class;
use crate::errors;
use crate::evaluate::{PyCalibration, PyEstimate};

impl PyResults {
    fn judge(&self, task: &str) -> PyResult<usize> {
        let found = self.0.find_task(task);
        found.ok_or_else(|| errors::no_such("task", task, self.0.nearest_task(task)))
    }

    /// What the trials of each record say of a task together.
    fn ballots(&self, task: usize) -> IndexMap<Record<'_>, Ballot> {
        let mut ballots: IndexMap<_, Ballot> = IndexMap::new();
        for row in self.0.rows() {
            let ballot = ballots.entry(Record::of(row)).or_default();
            match Status::of(&row.outcomes[task]) {
                Status::Passed => ballot.passed += 1,
                Status::Failed => ballot.failed += 1,
                _ => {}
            }
        }
        ballots
    }
}

/// Whose trials a row is one of.
#[derive(PartialEq, Eq, Hash)]
enum Record<'r> {
    Named(&'r str),
    Unnamed(Uuid),
}

impl<'r> Record<'r> {
    fn of(row: &'r Row) -> Self {
        row.id.as_ref().map_or(Self::Unnamed(row.uid), |id| Self::Named(id))
    }
}

/// The verdicts of a record's trials. They are no pieces of evidence of their own: a judge that is wrong on a record is wrong on
/// it in most of its trials.
#[derive(Clone, Copy, Default)]
struct Ballot {
    passed: u64,
    failed: u64,
}

impl Ballot {
    /// What most say; `None` where nobody says anything, or as many the one as the other.
    fn verdict(self) -> Option<bool> {
        (self.passed != self.failed).then_some(self.passed > self.failed)
    }
}

/// Labels by the ids of records.
#[derive(Debug)]
struct Labels<'py>(Bound<'py, PyMapping>);

impl<'a, 'py> FromPyObject<'a, 'py> for Labels<'py> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = PyMapping::TYPE_HINT;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let labels = object.cast::<PyMapping>().map(|labels| Self(labels.to_owned()));
        labels.map_err(|_| {
            PyTypeError::new_err(format!(
                "`labels` says `True` or `False` by the ids of records, and is a `{}`: give a dict, such as `dict(zip(ids, labels))`",
                class(&object)
            ))
        })
    }
}

#[pymethods]
impl PyResults {
    /// Compares the verdicts of a task with labels.
    ///
    /// Args:
    ///     task: The task, by id.
    ///     labels: Whether each record is good, by the record's id: as somebody says who knows. Records without a label
    ///         are left out. A record counts once, as most of its trials say.
    ///
    /// Raises:
    ///     KeyError: Where there is no such task, or no such record.
    ///     TypeError: Where labels are something else.
    fn calibration(&self, task: &str, labels: Labels<'_>) -> PyResult<PyCalibration> {
        let task = self.judge(task)?;
        let mut good = HashMap::new();
        for label in labels.0.items()?.iter() {
            let (id, label): (Bound<'_, PyAny>, Bound<'_, PyAny>) = label.extract()?;
            // Text or a number would be taken for good whatever it says.
            let (Ok(id), Ok(label)) = (id.cast::<PyString>(), label.cast::<PyBool>()) else {
                return Err(PyTypeError::new_err(format!(
                    "`labels` says `True` or `False` by the ids of records, and has {}: {}",
                    id.repr()?,
                    label.repr()?
                )));
            };
            good.insert(id.to_string(), label.is_true());
        }
        let ballots = self.ballots(task);
        let (mut confusion, mut unjudged) = (Confusion::default(), 0);
        for (id, good) in &good {
            let ballot = ballots.get(&Record::Named(id));
            let ballot = ballot.ok_or_else(|| errors::no_such("record", id, self.0.nearest(id)))?;
            match ballot.verdict() {
                Some(passed) => confusion.add(*good, passed),
                None => unjudged += 1,
            }
        }
        Ok(PyCalibration::of(confusion, unjudged, self.0.tasks()[task].judge))
    }

    /// The pass rate of a task, corrected for the mistakes of its judge: what a judge without mistakes would have passed. A record
    /// counts once, as most of its trials say.
    ///
    /// Args:
    ///     task: The task, by id.
    ///     calibration: How good the judge is, on records with labels.
    ///
    /// Raises:
    ///     KeyError: Where there is no such task.
    ///     ValueError: Where no record was judged, there are no labels of either kind, the judge is no better than chance, or the
    ///         calibration is of another judge.
    fn corrected_pass_rate(
        &self,
        task: &str,
        calibration: &Bound<'_, PyCalibration>,
    ) -> PyResult<PyEstimate> {
        let at = self.judge(task)?;
        if calibration.get().is_of_another(self.0.tasks()[at].judge) {
            return Err(errors::value(format!(
                "the calibration is of another judge than `{task}`: prompt, model, settings or what it expects were others then; \
                 calibrate it again"
            )));
        }
        let ballots = self.ballots(at);
        let verdicts: Vec<bool> = ballots.into_values().filter_map(Ballot::verdict).collect();
        let passed = verdicts.iter().filter(|passed| **passed).count();
        calibration.get().corrected(passed as u64, verdicts.len() as u64)
    }
}
