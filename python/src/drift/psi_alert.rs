//! Alerts about the population stability index.

use pyo3::prelude::*;
use scouter_drift::Correction;
use scouter_drift::psi::Threshold;
use scouter_drift::statistics::Alpha;
use scouter_tasks::profile::{PsiAlertConfig, Schedule};

use super::dispatch::{AnyDispatch, AnySchedule, any_of};
use super::forms::goes_somewhere;
use crate::data::gathers;
use crate::errors;

pub(super) fn level(alpha: f64) -> PyResult<Alpha> {
    Alpha::new(alpha).map_err(|error| errors::value(format!("failed to {error}")))
}

/// A threshold with a level.
macro_rules! with_level {
    ($(#[$doc:meta])* $class:ident as $name:literal = $variant:ident) => {
        $(#[$doc])*
        #[pyclass(module = "scouter.alert", name = $name, skip_from_py_object)]
        #[derive(Debug)]
        pub(crate) struct $class(Alpha);

        #[pymethods]
        impl $class {
            #[new]
            #[pyo3(signature = (alpha=0.05))]
            fn new(alpha: f64) -> PyResult<Self> {
                level(alpha).map(Self)
            }

            /// The share of false alarms, above 0 and below 1.
            #[getter]
            fn alpha(&self) -> f64 {
                self.0.get()
            }

            #[setter]
            fn set_alpha(&mut self, alpha: f64) -> PyResult<()> {
                self.0 = level(alpha)?;
                Ok(())
            }
        }

        impl $class {
            fn spec(&self, _py: Python<'_>) -> Threshold {
                Threshold::$variant { alpha: self.0 }
            }

            fn of(_py: Python<'_>, threshold: Threshold) -> PyResult<Self> {
                match threshold {
                    Threshold::$variant { alpha } => Ok(Self(alpha)),
                    _ => Err(errors::value("it is another threshold")),
                }
            }
        }

        gathers!($class(Threshold) as $name);
    };
}

with_level! {
    /// Drift beyond a quantile of the normal distribution that the index has nearly where nothing drifts and many bins have many
    /// rows each, by both sample sizes.
    ///
    /// Args:
    ///     alpha: The share of false alarms.
    PyNormal as "PsiNormalThreshold" = Normal
}

with_level! {
    /// Drift by Pearson's test of the counts, χ² by both sample sizes, of which the index is a multiple where every bin has many
    /// rows.
    ///
    /// Args:
    ///     alpha: The share of false alarms.
    PyChiSquare as "PsiChiSquareThreshold" = ChiSquare
}

/// Drift beyond a number, whatever the sample sizes.
///
/// Args:
///     threshold: The number. 0.1 and 0.25 are customary.
#[pyclass(module = "scouter.alert", name = "PsiFixedThreshold", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyFixed(f64);

fn index(threshold: f64) -> PyResult<f64> {
    if threshold > 0.0 && threshold.is_finite() {
        return Ok(threshold);
    }
    Err(errors::value(format!("`threshold` is `{threshold}`: it must be a number above 0")))
}

#[pymethods]
impl PyFixed {
    #[new]
    #[pyo3(signature = (threshold=0.25))]
    fn new(threshold: f64) -> PyResult<Self> {
        index(threshold).map(Self)
    }

    /// The index beyond which there is drift.
    #[getter]
    fn threshold(&self) -> f64 {
        self.0
    }

    #[setter]
    fn set_threshold(&mut self, threshold: f64) -> PyResult<()> {
        self.0 = index(threshold)?;
        Ok(())
    }
}

impl PyFixed {
    fn spec(&self, _py: Python<'_>) -> Threshold {
        Threshold::Fixed { threshold: self.0 }
    }

    fn of(_py: Python<'_>, threshold: Threshold) -> PyResult<Self> {
        match threshold {
            Threshold::Fixed { threshold } => Ok(Self(threshold)),
            _ => Err(errors::value("it is another threshold")),
        }
    }
}

gathers!(PyFixed(Threshold) as "PsiFixedThreshold");

any_of! {
    /// Any threshold.
    AnyThreshold = Threshold { Normal(PyNormal), ChiSquare(PyChiSquare), Fixed(PyFixed) }
    else fixed
}

/// What to write for a number alone, which does not say of what it is the threshold.
fn fixed(given: &Bound<'_, PyAny>) -> Option<String> {
    let number: f64 = given.extract().ok()?;
    Some(format!("write `PsiFixedThreshold({number})` for an index beyond {number}"))
}

impl AnyThreshold {
    fn of(py: Python<'_>, threshold: Threshold) -> PyResult<Self> {
        Ok(match threshold {
            Threshold::Normal { alpha } => Self::Normal(Py::new(py, PyNormal(alpha))?),
            Threshold::ChiSquare { alpha } => Self::ChiSquare(Py::new(py, PyChiSquare(alpha))?),
            Threshold::Fixed { threshold } => Self::Fixed(Py::new(py, PyFixed(threshold))?),
        })
    }
}

/// How many features being tested at once is made up for, by its name.
pub(super) fn correction(name: Option<&str>) -> PyResult<Correction> {
    Ok(match name {
        None => Correction::None,
        Some("holm") => Correction::Holm,
        Some("benjamini_hochberg") => Correction::BenjaminiHochberg,
        Some(other) => {
            let known = "`\"holm\"`, `\"benjamini_hochberg\"` or `None`";
            return Err(errors::value(format!("`correction` is `{other}`: it must be {known}")));
        }
    })
}

/// When and to whom drift is told that the population stability index finds.
///
/// Args:
///     dispatch_config: Where alerts go; the server's log by default.
///     schedule: When is looked: a `CommonCrons`, or a cron expression in UTC with five fields, or six with
///         seconds. Every day by default.
///     features_to_monitor: The features that are watched; all where none is named.
///     threshold: Beyond which index a feature has drifted.
///     correction: What is done about many features being tested at once: `"holm"` keeps the chance of any
///         false alarm to the threshold's `alpha`, `"benjamini_hochberg"` the share of false ones among all
///         alarms; `None` judges every feature as if it were alone. No matter for a fixed threshold.
///     min_values: With fewer rows, or a baseline of fewer and fewer than 30, a window of the server, and `Drifter.compute_drift`, say nothing, neither
///         drift nor that it is gone; with fewer values a `DriftTask` errors that asks for no other number. 1 at least.
#[pyclass(module = "scouter.alert", name = "PsiAlertConfig", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyPsiAlertConfig {
    dispatch: AnyDispatch,
    threshold: AnyThreshold,
    schedule: Schedule,
    correction: Correction,
    min_values: u64,
    /// The features that are watched; all where none is named.
    #[pyo3(get, set)]
    features_to_monitor: Vec<String>,
}

fn least(min_values: i64) -> PyResult<u64> {
    match u64::try_from(min_values) {
        Ok(least @ 1..) => Ok(least),
        _ => Err(errors::value(format!("`min_values` is `{min_values}`: it must be 1 or more"))),
    }
}

#[pymethods]
impl PyPsiAlertConfig {
    #[new]
    #[pyo3(signature = (dispatch_config=None, schedule=None, features_to_monitor=vec![], threshold=None, *, correction=Some("holm"), min_values=30))]
    fn new(
        py: Python<'_>,
        dispatch_config: Option<AnyDispatch>,
        schedule: Option<AnySchedule>,
        features_to_monitor: Vec<String>,
        threshold: Option<AnyThreshold>,
        correction: Option<&str>,
        min_values: i64,
    ) -> PyResult<Self> {
        Ok(Self {
            dispatch: AnyDispatch::or_console(py, dispatch_config)?,
            threshold: threshold.map_or_else(|| AnyThreshold::of(py, Threshold::default()), Ok)?,
            schedule: AnySchedule::or_daily(schedule)?,
            correction: self::correction(correction)?,
            min_values: least(min_values)?,
            features_to_monitor,
        })
    }

    /// Beyond which index a feature has drifted.
    #[getter]
    fn threshold(&self, py: Python<'_>) -> AnyThreshold {
        self.threshold.clone_ref(py)
    }

    /// What is done about many features being tested at once.
    #[getter]
    fn correction(&self) -> Option<&'static str> {
        match self.correction {
            Correction::None => None,
            Correction::Holm => Some("holm"),
            Correction::BenjaminiHochberg => Some("benjamini_hochberg"),
        }
    }

    #[setter]
    fn set_correction(&mut self, correction: Option<&str>) -> PyResult<()> {
        self.correction = self::correction(correction)?;
        Ok(())
    }

    /// With fewer rows a window of the server says nothing, nor with a baseline of fewer and fewer than 30.
    #[getter]
    fn min_values(&self) -> u64 {
        self.min_values
    }

    #[setter]
    fn set_min_values(&mut self, min_values: i64) -> PyResult<()> {
        self.min_values = least(min_values)?;
        Ok(())
    }
}

impl PyPsiAlertConfig {
    pub(super) fn spec(&self, py: Python<'_>) -> PsiAlertConfig {
        PsiAlertConfig {
            dispatch_config: self.dispatch.spec(py),
            schedule: self.schedule.clone(),
            features_to_monitor: self.features_to_monitor.clone(),
            threshold: self.threshold.spec(py),
            correction: self.correction,
            min_values: self.min_values,
        }
    }

    pub(super) fn of(py: Python<'_>, config: PsiAlertConfig) -> PyResult<Self> {
        Ok(Self {
            dispatch: AnyDispatch::of(py, config.dispatch_config)?,
            threshold: AnyThreshold::of(py, config.threshold)?,
            schedule: config.schedule,
            correction: config.correction,
            min_values: config.min_values,
            features_to_monitor: config.features_to_monitor,
        })
    }
}

goes_somewhere!(PyPsiAlertConfig);
gathers!(PyPsiAlertConfig(PsiAlertConfig) as "PsiAlertConfig");
