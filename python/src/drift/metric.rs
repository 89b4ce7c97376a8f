//! `CustomMetric`.

use pyo3::prelude::*;
use scouter_drift::custom::{Aggregation, CustomMetric};

use super::custom_alert::{PyAlertCondition, condition};
use super::enums::PyAlertThreshold;
use crate::convert::one_of;
use crate::data::gathers;
use crate::errors;

/// A metric with its baseline.
///
/// Args:
///     name: Its name.
///     baseline_value: What it should be.
///     alert_threshold: Which side of the baseline is watched.
///     delta: How far from the baseline it may be; nothing where there is none.
///     aggregation: How the values of a window become one: `"mean"`, `"last"`, `"min"`, `"max"`, `"count"`, or a
///         number from 0 to 1, the quantile of this probability.
///     minimum_count: With fewer values a window says nothing, unless it is their count that is watched.
#[pyclass(module = "scouter.drift", name = "CustomMetric", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyCustomMetric {
    pub(super) name: String,
    pub(super) alert_condition: PyAlertCondition,
    aggregation: Aggregation,
    /// With fewer values a window says nothing, unless it is their count that is watched.
    #[pyo3(get, set)]
    minimum_count: u64,
}

one_of! {
    /// How values become one, as an argument and a field.
    #[derive(IntoPyObject)]
    enum AnyAggregation {
        Name(String),
        Quantile(f64),
    }
}

impl AnyAggregation {
    fn read(self) -> PyResult<Aggregation> {
        Ok(match self {
            Self::Quantile(probability) if (0.0..=1.0).contains(&probability) => {
                Aggregation::Quantile { probability }
            }
            Self::Quantile(other) => return Err(wrong(&other.to_string())),
            Self::Name(name) => match name.as_str() {
                "mean" => Aggregation::Mean,
                "last" => Aggregation::Last,
                "min" => Aggregation::Min,
                "max" => Aggregation::Max,
                "count" => Aggregation::Count,
                other => return Err(wrong(other)),
            },
        })
    }
}

fn wrong(aggregation: &str) -> PyErr {
    let known = "`mean`, `last`, `min`, `max`, `count`, or a number from 0 to 1";
    errors::value(format!("`aggregation` is `{aggregation}`: it must be {known}"))
}

#[pymethods]
impl PyCustomMetric {
    #[new]
    #[pyo3(signature = (name, baseline_value, alert_threshold, delta=None, *, aggregation=None, minimum_count=1))]
    fn new(
        py: Python<'_>,
        name: String,
        baseline_value: f64,
        alert_threshold: PyAlertThreshold,
        delta: Option<f64>,
        aggregation: Option<AnyAggregation>,
        minimum_count: u64,
    ) -> PyResult<Self> {
        let metric = CustomMetric {
            name,
            alert_condition: condition(baseline_value, alert_threshold, delta)?,
            aggregation: aggregation.map_or(Ok(Aggregation::Mean), AnyAggregation::read)?,
            minimum_count,
        };
        Self::of(py, metric.checked().map_err(errors::value)?)
    }

    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    #[setter]
    fn set_name(&mut self, py: Python<'_>, name: String) -> PyResult<()> {
        let metric = CustomMetric { name, ..self.spec(py) };
        self.name = metric.checked().map_err(errors::value)?.name;
        Ok(())
    }

    /// When it is too far from its baseline.
    #[getter]
    fn alert_condition(&self) -> PyAlertCondition {
        self.alert_condition
    }

    #[setter]
    fn set_alert_condition(&mut self, py: Python<'_>, alert_condition: PyAlertCondition) -> PyResult<()> {
        let metric = CustomMetric { alert_condition: alert_condition.0, ..self.spec(py) };
        self.alert_condition.0 = metric.checked().map_err(errors::value)?.alert_condition;
        Ok(())
    }

    /// What it should be.
    #[getter]
    pub(super) fn baseline_value(&self) -> f64 {
        self.alert_condition.0.baseline_value
    }

    #[setter]
    fn set_baseline_value(&mut self, baseline_value: f64) -> PyResult<()> {
        let now = self.alert_condition.0;
        self.alert_condition.0 = condition(baseline_value, now.alert_threshold.into(), now.delta)?;
        Ok(())
    }

    /// Which side of the baseline is watched.
    #[getter]
    fn alert_threshold(&self) -> PyAlertThreshold {
        self.alert_condition.0.alert_threshold.into()
    }

    /// How far from the baseline it may be.
    #[getter]
    fn delta(&self) -> Option<f64> {
        self.alert_condition.0.delta
    }

    /// How the values of a window become one: a name, or the probability of a quantile.
    #[getter]
    fn aggregation(&self) -> AnyAggregation {
        AnyAggregation::Name(match self.aggregation {
            Aggregation::Quantile { probability } => return AnyAggregation::Quantile(probability),
            Aggregation::Mean => "mean".to_owned(),
            Aggregation::Last => "last".to_owned(),
            Aggregation::Min => "min".to_owned(),
            Aggregation::Max => "max".to_owned(),
            Aggregation::Count => "count".to_owned(),
        })
    }
}

impl PyCustomMetric {
    pub(super) fn spec(&self, _py: Python<'_>) -> CustomMetric {
        CustomMetric {
            name: self.name.clone(),
            alert_condition: self.alert_condition.0,
            aggregation: self.aggregation,
            minimum_count: self.minimum_count,
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "as of the other classes")]
    pub(super) fn of(_py: Python<'_>, metric: CustomMetric) -> PyResult<Self> {
        Ok(Self {
            name: metric.name,
            alert_condition: PyAlertCondition(metric.alert_condition),
            aggregation: metric.aggregation,
            minimum_count: metric.minimum_count,
        })
    }
}

gathers!(PyCustomMetric(CustomMetric) as "CustomMetric");
