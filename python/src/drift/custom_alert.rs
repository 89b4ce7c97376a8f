//! Alerts about metrics that an application measures itself, and about evaluations.

use indexmap::IndexMap;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_drift::custom::AlertCondition;
use scouter_tasks::profile::{CustomAlertConfig, GenAIAlertConfig, RateCondition, Schedule};

use super::dispatch::{AnyDispatch, AnySchedule};
use super::enums::PyAlertThreshold;
use super::forms::goes_somewhere;
use crate::data::{gathers, wraps};
use crate::errors;

/// When a value is too far from its baseline: above baseline + delta, below baseline − delta, or either.
///
/// Args:
///     baseline_value: What the value should be.
///     alert_threshold: Which side is watched.
///     delta: How far from the baseline a value may be; nothing where there is none.
#[pyclass(module = "scouter.alert", name = "AlertCondition", frozen, from_py_object)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct PyAlertCondition(pub(super) AlertCondition);

/// A condition that values can be held against.
pub(super) fn condition(
    baseline_value: f64,
    alert_threshold: PyAlertThreshold,
    delta: Option<f64>,
) -> PyResult<AlertCondition> {
    if !baseline_value.is_finite() {
        return Err(errors::value(format!(
            "`baseline_value` is `{baseline_value}`: it must be a finite number"
        )));
    }
    if let Some(delta) = delta.filter(|delta| !(0.0..f64::INFINITY).contains(delta)) {
        return Err(errors::value(format!("`delta` is `{delta}`: it must be 0 or more, and finite")));
    }
    Ok(AlertCondition { baseline_value, alert_threshold: alert_threshold.into(), delta })
}

#[pymethods]
impl PyAlertCondition {
    #[new]
    #[pyo3(signature = (baseline_value, alert_threshold, delta=None))]
    fn new(baseline_value: f64, alert_threshold: PyAlertThreshold, delta: Option<f64>) -> PyResult<Self> {
        condition(baseline_value, alert_threshold, delta).map(Self)
    }

    /// What the value should be.
    #[getter]
    fn baseline_value(&self) -> f64 {
        self.0.baseline_value
    }

    /// Which side is watched.
    #[getter]
    fn alert_threshold(&self) -> PyAlertThreshold {
        self.0.alert_threshold.into()
    }

    /// How far from the baseline a value may be.
    #[getter]
    fn delta(&self) -> Option<f64> {
        self.0.delta
    }

    /// Above it there is an alert, where that side is watched.
    fn upper_bound(&self) -> f64 {
        self.0.upper_bound()
    }

    /// Below it there is an alert, where that side is watched.
    fn lower_bound(&self) -> f64 {
        self.0.lower_bound()
    }

    /// Whether a value is too far away. What is not a number is.
    fn should_alert(&self, value: f64) -> bool {
        self.0.should_alert(value)
    }
}

wraps!(PyAlertCondition(AlertCondition) as "AlertCondition");

/// When and to whom it is told that metrics are too far from their baselines.
///
/// Args:
///     dispatch_config: Where alerts go; the server's log by default.
///     schedule: When is looked: a `CommonCrons`, or a cron expression in UTC with five fields, or six with
///         seconds. Every day by default.
#[pyclass(module = "scouter.alert", name = "CustomMetricAlertConfig", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyCustomAlertConfig {
    dispatch: AnyDispatch,
    schedule: Schedule,
    pub(super) conditions: Option<IndexMap<String, AlertCondition>>,
}

#[pymethods]
impl PyCustomAlertConfig {
    #[new]
    #[pyo3(signature = (dispatch_config=None, schedule=None))]
    fn new(
        py: Python<'_>,
        dispatch_config: Option<AnyDispatch>,
        schedule: Option<AnySchedule>,
    ) -> PyResult<Self> {
        Ok(Self {
            dispatch: AnyDispatch::or_console(py, dispatch_config)?,
            schedule: AnySchedule::or_daily(schedule)?,
            conditions: None,
        })
    }

    /// When a metric is too far from its baseline, by metric; `None` before there is a profile. A profile takes those
    /// that are here instead of its metrics' own, and has a configuration of its own from then on.
    #[getter]
    fn alert_conditions(&self) -> Option<IndexMap<String, PyAlertCondition>> {
        let conditions = self.conditions.as_ref()?.iter();
        Some(conditions.map(|(name, condition)| (name.clone(), PyAlertCondition(*condition))).collect())
    }

    #[setter]
    fn set_alert_conditions(&mut self, conditions: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
        let read = |(name, condition): (Bound<'_, PyAny>, Bound<'_, PyAny>)| -> PyResult<_> {
            Ok((name.extract()?, condition.extract::<PyAlertCondition>()?.0))
        };
        self.conditions =
            conditions.map(|dict| dict.iter().map(read).collect::<PyResult<_>>()).transpose()?;
        Ok(())
    }
}

impl PyCustomAlertConfig {
    pub(super) fn spec(&self, py: Python<'_>) -> CustomAlertConfig {
        CustomAlertConfig {
            dispatch_config: self.dispatch.spec(py),
            schedule: self.schedule.clone(),
            alert_conditions: self.conditions.clone(),
        }
    }

    pub(super) fn of(py: Python<'_>, config: CustomAlertConfig) -> PyResult<Self> {
        Ok(Self {
            dispatch: AnyDispatch::of(py, config.dispatch_config)?,
            schedule: config.schedule,
            conditions: config.alert_conditions,
        })
    }
}

goes_somewhere!(PyCustomAlertConfig);
gathers!(PyCustomAlertConfig(CustomAlertConfig) as "CustomMetricAlertConfig");

/// When and to whom it is told that the pass rate of evaluations is too far from its baseline.
///
/// Args:
///     dispatch_config: Where alerts go; the server's log by default.
///     schedule: When is looked: a `CommonCrons`, or a cron expression in UTC with five fields, or six with
///         seconds. Every day by default.
///     alert_condition: When the pass rate is too far away: its baseline and its delta are from 0 to 1. Nobody is told where there is
///         none.
#[pyclass(module = "scouter.alert", name = "GenAIAlertConfig", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyGenAIAlertConfig {
    dispatch: AnyDispatch,
    schedule: Schedule,
    condition: Option<RateCondition>,
}

#[pymethods]
impl PyGenAIAlertConfig {
    #[new]
    #[pyo3(signature = (dispatch_config=None, schedule=None, alert_condition=None))]
    fn new(
        py: Python<'_>,
        dispatch_config: Option<AnyDispatch>,
        schedule: Option<AnySchedule>,
        alert_condition: Option<PyAlertCondition>,
    ) -> PyResult<Self> {
        Ok(Self {
            dispatch: AnyDispatch::or_console(py, dispatch_config)?,
            schedule: AnySchedule::or_daily(schedule)?,
            condition: alert_condition
                .map(|condition| RateCondition::new(condition.0))
                .transpose()
                .map_err(errors::value)?,
        })
    }

    /// When the pass rate is too far away.
    #[getter]
    fn alert_condition(&self) -> Option<PyAlertCondition> {
        self.condition.map(|condition| PyAlertCondition(condition.get()))
    }

    /// The same as `alert_condition`.
    #[getter]
    fn alert_conditions(&self) -> Option<PyAlertCondition> {
        self.alert_condition()
    }
}

impl PyGenAIAlertConfig {
    pub(super) fn spec(&self, py: Python<'_>) -> GenAIAlertConfig {
        GenAIAlertConfig {
            dispatch_config: self.dispatch.spec(py),
            schedule: self.schedule.clone(),
            alert_condition: self.condition,
        }
    }

    pub(super) fn of(py: Python<'_>, config: GenAIAlertConfig) -> PyResult<Self> {
        Ok(Self {
            dispatch: AnyDispatch::of(py, config.dispatch_config)?,
            schedule: config.schedule,
            condition: config.alert_condition,
        })
    }
}

goes_somewhere!(PyGenAIAlertConfig);
gathers!(PyGenAIAlertConfig(GenAIAlertConfig) as "GenAIAlertConfig");
