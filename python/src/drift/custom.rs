//! Metrics that an application measures itself.

use std::collections::HashSet;

use indexmap::IndexMap;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_drift::column::Column;
use scouter_drift::custom::{Aggregation, AlertCondition, CustomMetric, MetricCheck, Window};
use scouter_tasks::profile::{CustomConfig, CustomMap, CustomProfile, Identity};

use super::custom_alert::{PyAlertCondition, PyCustomAlertConfig, condition};
use super::enums::{PyAlertThreshold, PyDriftType};
use super::fold::{Needed, fold};
use super::identity::{Given, has_identity, of_identity, reasons};
use crate::data::{documents, gathers, wraps};
use crate::errors;
use crate::intake::{Cells, Intake, Nothing, Wanted};
use crate::spread::Spread;

/// What becomes of a profile of metrics.
///
/// Args:
///     space: What the name belongs to, such as a team. `"__missing__"` by default.
///     name: The model or service. `"__missing__"` by default.
///     version: Its version. `"0.1.0"` by default.
///     sample_size: How many values a client sends at a time.
///     alert_config: When is looked, and who is told.
#[pyclass(module = "scouter.drift", name = "CustomMetricDriftConfig", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyCustomConfig {
    identity: Identity,
    /// How many values a client sends at a time.
    #[pyo3(get, set)]
    sample_size: usize,
    /// When is looked, and who is told.
    #[pyo3(get, set)]
    alert_config: Py<PyCustomAlertConfig>,
}

#[pymethods]
impl PyCustomConfig {
    #[new]
    #[pyo3(signature = (space=None, name=None, version=None, sample_size=25, alert_config=None))]
    fn new(
        py: Python<'_>,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        sample_size: usize,
        alert_config: Option<Py<PyCustomAlertConfig>>,
    ) -> PyResult<Self> {
        let mut config = Self::of(py, CustomConfig { sample_size, ..CustomConfig::default() })?;
        config.update_config_args(space, name, version, alert_config);
        Ok(config)
    }

    /// Always `DriftType.Custom`.
    #[getter]
    fn drift_type(&self) -> PyDriftType {
        PyDriftType::Custom
    }

    /// Changes what is given.
    #[pyo3(signature = (space=None, name=None, version=None, alert_config=None))]
    fn update_config_args(
        &mut self,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        alert_config: Option<Py<PyCustomAlertConfig>>,
    ) {
        Given { space, name, version }.onto(&mut self.identity);
        if let Some(alert_config) = alert_config {
            self.alert_config = alert_config;
        }
    }
}

impl PyCustomConfig {
    fn spec(&self, py: Python<'_>) -> CustomConfig {
        CustomConfig {
            identity: self.identity.clone(),
            sample_size: self.sample_size,
            alert_config: self.alert_config.borrow(py).spec(py),
        }
    }

    fn of(py: Python<'_>, config: CustomConfig) -> PyResult<Self> {
        Ok(Self {
            identity: config.identity,
            sample_size: config.sample_size,
            alert_config: Py::new(py, PyCustomAlertConfig::of(py, config.alert_config)?)?,
        })
    }
}

has_identity!(PyCustomConfig);
documents!(PyCustomConfig(CustomConfig) as "CustomMetricDriftConfig" in "custom_drift_config.json");

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
    name: String,
    alert_condition: PyAlertCondition,
    aggregation: Aggregation,
    /// With fewer values a window says nothing, unless it is their count that is watched.
    #[pyo3(get, set)]
    minimum_count: u64,
}

/// How values become one, as an argument and a field.
#[derive(FromPyObject, IntoPyObject)]
enum AnyAggregation {
    Name(String),
    Quantile(f64),
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
    fn baseline_value(&self) -> f64 {
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
    fn spec(&self, _py: Python<'_>) -> CustomMetric {
        CustomMetric {
            name: self.name.clone(),
            alert_condition: self.alert_condition.0,
            aggregation: self.aggregation,
            minimum_count: self.minimum_count,
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "as of the other classes")]
    fn of(_py: Python<'_>, metric: CustomMetric) -> PyResult<Self> {
        Ok(Self {
            name: metric.name,
            alert_condition: PyAlertCondition(metric.alert_condition),
            aggregation: metric.aggregation,
            minimum_count: metric.minimum_count,
        })
    }
}

gathers!(PyCustomMetric(CustomMetric) as "CustomMetric");

/// Metrics with their baselines.
///
/// Args:
///     config: What becomes of the profile.
///     metrics: The metrics, each under a name of its own.
#[pyclass(module = "scouter.drift", name = "CustomDriftProfile", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyCustomProfile {
    config: Py<PyCustomConfig>,
    scouter_version: String,
    /// They alone hold the conditions.
    metrics: Vec<Py<PyCustomMetric>>,
}

#[pymethods]
impl PyCustomProfile {
    #[new]
    fn new(
        py: Python<'_>,
        config: &Bound<'_, PyCustomConfig>,
        metrics: Vec<Py<PyCustomMetric>>,
    ) -> PyResult<Self> {
        let profile = CustomProfile {
            scouter_version: env!("CARGO_PKG_VERSION").to_owned(),
            config: config.borrow().spec(py),
            custom_metrics: metrics.iter().map(|metric| metric.borrow(py).spec(py)).collect(),
        };
        Self::of(py, profile)
    }

    /// What becomes of it. Its `alert_conditions` are those of the metrics.
    #[getter]
    fn config(&self, py: Python<'_>) -> Py<PyCustomConfig> {
        self.config.borrow(py).alert_config.borrow_mut(py).conditions = Some(self.conditions(py));
        self.config.clone_ref(py)
    }

    /// What records refer to it by; the same as of its configuration.
    #[getter]
    fn uid(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.config.getattr(py, "uid")
    }

    #[setter]
    fn set_uid(&self, py: Python<'_>, uid: &str) -> PyResult<()> {
        self.config.setattr(py, "uid", uid)
    }

    /// The version of the package that made it.
    #[getter]
    fn scouter_version(&self) -> &str {
        &self.scouter_version
    }

    /// The baseline of every metric.
    #[getter]
    fn metrics(&self, py: Python<'_>) -> IndexMap<String, f64> {
        let metrics = self.metrics.iter().map(|metric| metric.borrow(py));
        metrics.map(|metric| (metric.name.clone(), metric.baseline_value())).collect()
    }

    /// The metrics.
    #[getter]
    fn custom_metrics(&self, py: Python<'_>) -> Vec<Py<PyCustomMetric>> {
        self.metrics.iter().map(|metric| metric.clone_ref(py)).collect()
    }

    /// Changes what is given of the configuration.
    #[pyo3(signature = (space=None, name=None, version=None, alert_config=None))]
    fn update_config_args(
        &self,
        py: Python<'_>,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        alert_config: Option<Bound<'_, PyCustomAlertConfig>>,
    ) -> PyResult<()> {
        let mut profile = self.spec(py);
        let alert_config = alert_config.map(|config| config.borrow().spec(py));
        if let Some(alert_config) = &alert_config {
            profile.config.alert_config = alert_config.clone();
            adopt(&mut profile)?;
            for (own, metric) in self.metrics.iter().zip(profile.custom_metrics) {
                own.borrow_mut(py).alert_condition.0 = metric.alert_condition;
            }
        }
        let alert_config = alert_config.map(|config| Py::new(py, PyCustomAlertConfig::of(py, config)?));
        self.config.borrow_mut(py).update_config_args(space, name, version, alert_config.transpose()?);
        Ok(())
    }
}

/// Gives metrics the conditions that the configuration has for them.
fn adopt(profile: &mut CustomProfile) -> PyResult<()> {
    let mut given = profile.config.alert_config.alert_conditions.take().unwrap_or_default();
    for metric in &mut profile.custom_metrics {
        if let Some(condition) = given.swap_remove(&metric.name) {
            metric.alert_condition = condition;
        }
    }
    match given.keys().next() {
        Some(name) => {
            Err(errors::value(format!("`alert_conditions` has `{name}`, which is none of the metrics")))
        }
        None => Ok(()),
    }
}

impl PyCustomProfile {
    fn conditions(&self, py: Python<'_>) -> IndexMap<String, AlertCondition> {
        let metrics = self.metrics.iter().map(|metric| metric.borrow(py));
        metrics.map(|metric| (metric.name.clone(), metric.alert_condition.0)).collect()
    }

    pub(super) fn spec(&self, py: Python<'_>) -> CustomProfile {
        let mut config = self.config.borrow(py).spec(py);
        config.alert_config.alert_conditions = Some(self.conditions(py));
        CustomProfile {
            scouter_version: self.scouter_version.clone(),
            config,
            custom_metrics: self.metrics.iter().map(|metric| metric.borrow(py).spec(py)).collect(),
        }
    }

    pub(super) fn of(py: Python<'_>, mut profile: CustomProfile) -> PyResult<Self> {
        if profile.custom_metrics.is_empty() {
            return Err(errors::value("`metrics` is empty: give at least one"));
        }
        adopt(&mut profile)?;
        let mut names = HashSet::new();
        if let Some(twice) = profile.custom_metrics.iter().find(|metric| !names.insert(&metric.name)) {
            return Err(errors::value(format!("metric `{}` is there more than once", twice.name)));
        }
        let metric = |metric| Py::new(py, PyCustomMetric::of(py, metric)?);
        Ok(Self {
            config: Py::new(py, PyCustomConfig::of(py, profile.config)?)?,
            scouter_version: profile.scouter_version,
            metrics: profile.custom_metrics.into_iter().map(metric).collect::<PyResult<_>>()?,
        })
    }
}

documents!(PyCustomProfile(CustomProfile) as "CustomDriftProfile" in "custom_drift_profile.json");

/// What a window says of a metric.
#[pyclass(module = "scouter.drift", name = "MetricCheck", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyMetricCheck(MetricCheck);

#[pymethods]
impl PyMetricCheck {
    /// What its values come to.
    #[getter]
    fn value(&self) -> f64 {
        self.0.value
    }

    /// The value less the baseline.
    #[getter]
    fn difference(&self) -> f64 {
        self.0.difference
    }

    /// How many values there are; missing and infinite ones do not count.
    #[getter]
    fn count(&self) -> u64 {
        self.0.count
    }

    /// Whether it is too far from the baseline.
    #[getter]
    fn alert(&self) -> bool {
        self.0.alert
    }
}

wraps!(PyMetricCheck(MetricCheck) as "MetricCheck");

/// What a window of values says of metrics.
///
/// `drift_map["mae"]` is what it says of one.
#[pyclass(module = "scouter.drift", name = "CustomDriftMap", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyCustomMap(CustomMap);

#[pymethods]
impl PyCustomMap {
    /// What the window says of every metric.
    #[getter]
    fn metrics(&self) -> IndexMap<String, PyMetricCheck> {
        self.0.metrics.iter().map(|(name, check)| (name.clone(), PyMetricCheck(*check))).collect()
    }

    /// The metrics that are too far from their baselines.
    #[getter]
    fn alerts(&self) -> Vec<&str> {
        self.0.alerts().collect()
    }

    /// Metrics of which the window says nothing, and why.
    #[getter]
    fn absent(&self) -> IndexMap<String, String> {
        reasons(&self.0.absent)
    }

    fn __getitem__(&self, name: &str) -> PyResult<PyMetricCheck> {
        let found = self.0.metrics.get(name).copied().map(PyMetricCheck);
        found.ok_or_else(|| errors::no_feature(name, self.0.metrics.keys()))
    }
}

impl PyCustomMap {
    fn spec(&self, _py: Python<'_>) -> CustomMap {
        self.0.clone()
    }

    #[expect(clippy::unnecessary_wraps, reason = "as of the other classes")]
    fn of(_py: Python<'_>, map: CustomMap) -> PyResult<Self> {
        Ok(Self(map))
    }
}

of_identity!(PyCustomMap);
documents!(PyCustomMap(CustomMap) as "CustomDriftMap" in "custom_drift_map.json");

/// Judges data, whose columns are windows of metrics, by a profile. A metric without a column has no values, and the windows of a dict
/// may be of any length.
pub(super) fn map<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    profile: &CustomProfile,
) -> PyResult<PyCustomMap> {
    let spread = Spread::new(py)?;
    let Ok(dict) = data.cast::<PyDict>() else {
        return Ok(PyCustomMap(profile.compare(&windows(py, &spread, data, profile)?)));
    };
    let mut all = IndexMap::new();
    for metric in &profile.custom_metrics {
        if let Some(values) = dict.get_item(&metric.name)? {
            let alone = PyDict::new(py);
            alone.set_item(&metric.name, values)?;
            all.extend(windows(py, &spread, alone.as_any(), profile)?);
        }
    }
    Ok(PyCustomMap(profile.compare(&all)))
}

fn windows<'py>(
    py: Python<'py>,
    spread: &Spread,
    data: &Bound<'py, PyAny>,
    profile: &CustomProfile,
) -> PyResult<IndexMap<String, Window>> {
    let only = profile.custom_metrics.iter().map(|metric| metric.name.clone()).collect();
    let intake = Intake::of(data, &Wanted { only: Some(only), ..Wanted::default() })?;
    if let Intake::Whole(table) = &intake
        && !table.is_empty()
        && table.rows() == 0
    {
        return Ok(IndexMap::new());
    }
    let folded =
        fold(py, spread, intake, (&Needed::Any, None), |window: &mut Window, column, _| {
            match &column.cells {
                Cells::Numbers(values) => {
                    values.each_chunk(&mut |chunk| window.add(chunk));
                    Ok(())
                }
                Cells::Missing(rows) => {
                    Nothing(*rows).each_chunk(&mut |chunk| window.add(chunk));
                    Ok(())
                }
                cells => Err(format!("a metric is of numbers, and it holds {}", cells.kind())),
            }
        })?;
    Ok(folded.columns)
}
