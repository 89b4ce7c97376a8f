//! `Calibration` and `Estimate`: how good a judge is, and what follows for its pass rates.

use pyo3::prelude::*;
use scouter_drift::Absent;
use scouter_drift::statistics::calibration::{Confusion, Corrected, Rate};
use scouter_drift::statistics::kappa::Kappa;
use scouter_drift::statistics::{Alpha, Interval};
use scouter_tasks::fingerprint::Fingerprint;
use scouter_tasks::task::Calibrated;
use scouter_tasks::value::{Map, Value, to_value};
use serde::{Deserialize, Serialize};

use crate::data::wraps;
use crate::errors;

/// What a judge said of records with labels.
///
/// `results.calibration("quality", labels)` counts it; all estimates have intervals of 95 %. As text it shows the counts and the estimates.
///
/// Args:
///     true_passes: Good records that it passed.
///     false_fails: Good records that it failed.
///     false_passes: Bad records that it passed.
///     true_fails: Bad records that it failed.
///     judge: Which judge it was, as the `fingerprint` of its task; that of results knows it. With it, it holds for that judge alone: one
///         whose prompt, model, settings or expectation are others now only reports.
#[pyclass(module = "scouter.evaluate", name = "Calibration", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyCalibration(Counted);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    true_passes: u64,
    false_fails: u64,
    false_passes: u64,
    true_fails: u64,
    #[serde(default)]
    unjudged: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    judge: Option<Fingerprint>,
}

wraps!(PyCalibration(Counted) as "Calibration", shown by PyCalibration::with_estimates);

impl PyCalibration {
    pub(crate) fn of(confusion: Confusion, unjudged: u64, judge: Option<Fingerprint>) -> Self {
        let Confusion { true_passes, false_fails, false_passes, true_fails } = confusion;
        Self(Counted { true_passes, false_fails, false_passes, true_fails, unjudged, judge })
    }

    /// The counts, and what is estimated by them.
    fn with_estimates(&self) -> PyResult<Value> {
        let counts = to_value(&self.0).map_err(errors::value)?;
        let counts = counts.as_map().into_iter().flat_map(Map::iter);
        let mut entries: Vec<_> = counts.map(|(name, count)| (name.clone(), count.clone())).collect();
        for (name, estimate) in [
            ("accuracy", self.accuracy()),
            ("kappa", self.kappa()),
            ("sensitivity", self.sensitivity()),
            ("specificity", self.specificity()),
        ] {
            let estimate = estimate.map(|estimate| to_value(&estimate.0)).transpose();
            entries.push((name.into(), estimate.map_err(errors::value)?.unwrap_or_default()));
        }
        Ok(Value::map(entries))
    }

    fn confusion(&self) -> Confusion {
        let Counted { true_passes, false_fails, false_passes, true_fails, .. } = self.0;
        Confusion { true_passes, false_fails, false_passes, true_fails }
    }

    /// With the bar that the judge has to clear.
    pub(super) fn calibrated(&self, least_kappa: f64) -> Calibrated {
        let Counted { true_passes, false_fails, false_passes, true_fails, judge, .. } = self.0;
        Calibrated { true_passes, false_fails, false_passes, true_fails, least_kappa, judge }
    }

    /// Whether it is known to be of another judge.
    pub(crate) fn is_of_another(&self, judge: Option<Fingerprint>) -> bool {
        self.0.judge.zip(judge).is_some_and(|(own, other)| own != other)
    }

    /// The pass rate of a judge that makes no mistakes, where this one passed so many.
    pub(crate) fn corrected(&self, passed: u64, n: u64) -> PyResult<PyEstimate> {
        let corrected = self.confusion().correct(passed, n, Alpha::USUAL);
        corrected.map(PyEstimate::from).map_err(|why| errors::value(unknown(why)))
    }
}

/// Why nothing follows from a calibration.
fn unknown(why: Absent) -> String {
    match why {
        Absent::NoRows => {
            "a pass rate is corrected by labels of good and of bad records, and for records that \
            were judged: one of them is missing"
                .to_owned()
        }
        why => format!("the pass rate cannot be corrected: {why}"),
    }
}

#[pymethods]
impl PyCalibration {
    #[new]
    #[pyo3(signature = (true_passes, false_fails, false_passes, true_fails, *, judge=None))]
    fn new(
        true_passes: u64,
        false_fails: u64,
        false_passes: u64,
        true_fails: u64,
        judge: Option<&str>,
    ) -> PyResult<Self> {
        let judge = judge.map(str::parse).transpose().map_err(|error| {
            errors::value(format!("`judge` is no `fingerprint` of a judge: failed to {error}"))
        })?;
        Ok(Self(Counted { true_passes, false_fails, false_passes, true_fails, unjudged: 0, judge }))
    }

    /// Which judge it was: the `fingerprint` of its task; `None` where that is not known.
    #[getter]
    fn judge(&self) -> Option<String> {
        self.0.judge.map(|judge| judge.to_string())
    }

    /// Good records that the judge passed.
    #[getter]
    fn true_passes(&self) -> u64 {
        self.0.true_passes
    }

    /// Good records that it failed.
    #[getter]
    fn false_fails(&self) -> u64 {
        self.0.false_fails
    }

    /// Bad records that it passed.
    #[getter]
    fn false_passes(&self) -> u64 {
        self.0.false_passes
    }

    /// Bad records that it failed.
    #[getter]
    fn true_fails(&self) -> u64 {
        self.0.true_fails
    }

    /// Records with labels on which it came to no verdict; they are in none of the counts.
    #[getter]
    fn unjudged(&self) -> u64 {
        self.0.unjudged
    }

    /// The share of records on which judge and label agree; `None` where there are none.
    #[getter]
    fn accuracy(&self) -> Option<PyEstimate> {
        self.confusion().accuracy(Alpha::USUAL).ok().map(Into::into)
    }

    /// The share of good records that pass; `None` where there are none.
    #[getter]
    fn sensitivity(&self) -> Option<PyEstimate> {
        self.confusion().sensitivity(Alpha::USUAL).ok().map(Into::into)
    }

    /// The share of bad records that fail; `None` where there are none.
    #[getter]
    fn specificity(&self) -> Option<PyEstimate> {
        self.confusion().specificity(Alpha::USUAL).ok().map(Into::into)
    }

    /// Cohen's kappa: how far judge and label agree beyond chance, 1 at most. `None` where there are no records, or judge
    /// and labels put all of them on one side.
    #[getter]
    fn kappa(&self) -> Option<PyEstimate> {
        self.confusion().kappa(Alpha::USUAL).ok().map(Into::into)
    }

    /// The pass rate of other records, corrected for the judge's mistakes (Rogan and Gladen): what a judge without
    /// mistakes would have passed.
    ///
    /// Args:
    ///     passed: How many of them this judge passed.
    ///     n: How many there are.
    ///
    /// Raises:
    ///     ValueError: Where there are no records, no labels of either kind, or the judge is no better than chance.
    fn correct(&self, passed: u64, n: u64) -> PyResult<PyEstimate> {
        if passed > n {
            return Err(errors::value(format!("{passed} of {n} records cannot have passed")));
        }
        self.corrected(passed, n)
    }
}

/// A number that was estimated, and how sure it is.
#[pyclass(module = "scouter.evaluate", name = "Estimate", frozen, skip_from_py_object)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct PyEstimate(Estimated);

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Estimated {
    value: f64,
    low: f64,
    high: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    standard_error: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<u64>,
}

wraps!(PyEstimate(Estimated) as "Estimate");

impl PyEstimate {
    fn of(value: f64, interval: Interval, standard_error: Option<f64>, n: Option<u64>) -> Self {
        Self(Estimated { value, low: interval.low, high: interval.high, standard_error, n })
    }
}

impl From<Rate> for PyEstimate {
    fn from(Rate { rate, n, interval }: Rate) -> Self {
        Self::of(rate, interval, None, Some(n))
    }
}

impl From<Kappa> for PyEstimate {
    fn from(kappa: Kappa) -> Self {
        Self::of(kappa.kappa, kappa.interval, Some(kappa.standard_error), None)
    }
}

impl From<Corrected> for PyEstimate {
    fn from(Corrected { rate, standard_error, interval }: Corrected) -> Self {
        Self::of(rate, interval, Some(standard_error), None)
    }
}

#[pymethods]
impl PyEstimate {
    /// The number.
    #[getter]
    fn value(&self) -> f64 {
        self.0.value
    }

    /// The lower end of its interval.
    #[getter]
    fn low(&self) -> f64 {
        self.0.low
    }

    /// The upper end.
    #[getter]
    fn high(&self) -> f64 {
        self.0.high
    }

    /// Its standard error; `None` of a share.
    #[getter]
    fn standard_error(&self) -> Option<f64> {
        self.0.standard_error
    }

    /// Of how many it is a share.
    #[getter]
    fn n(&self) -> Option<u64> {
        self.0.n
    }
}
