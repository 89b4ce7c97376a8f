//! `CustomDriftMap` and its parts.

use indexmap::IndexMap;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_drift::column::Column;
use scouter_drift::custom::{MetricCheck, Window};
use scouter_tasks::profile::{CustomMap, CustomProfile, TextLengths};

use super::fold::{Look, Needed, fold};
use super::forms::drift_map;
use super::turns::whole_columns;
use crate::data::wraps;
use crate::intake::{Cells, Groups, Holds, Intake, Named, Nothing, Wanted};
use crate::spread::Spread;

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

drift_map! {
    /// What a window of values says of metrics.
    ///
    /// `drift_map["mae"]` is what it says of one.
    PyCustomMap(CustomMap) as "CustomDriftMap" in "custom_drift_map.json": PyMetricCheck at metrics, told as Custom
}

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
}

/// Judges data, whose columns are windows of metrics, by a profile. The windows of a dict may be of any length.
pub(super) fn map<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    profile: &CustomProfile,
) -> PyResult<PyCustomMap> {
    let spread = Spread::new(py)?;
    let needed = Needed::These(profile.custom_metrics.iter().map(|metric| metric.name.as_str()).collect());
    let Ok(dict) = data.cast::<PyDict>() else {
        return Ok(PyCustomMap(profile.compare(&windows(py, &spread, data, profile, needed)?)));
    };
    let there: Vec<String> = dict.keys().iter().filter_map(|name| name.extract().ok()).collect();
    needed.check(py, 0, there.iter().map(String::as_str))?;
    let mut all = IndexMap::new();
    for metric in &profile.custom_metrics {
        if let Some(values) = dict.get_item(&metric.name)? {
            let alone = PyDict::new(py);
            alone.set_item(&metric.name, values)?;
            all.extend(windows(py, &spread, alone.as_any(), profile, Needed::Any)?);
        }
    }
    Ok(PyCustomMap(profile.compare(&all)))
}

fn windows<'py>(
    py: Python<'py>,
    spread: &Spread,
    data: &Bound<'py, PyAny>,
    profile: &CustomProfile,
    needed: Needed<'_>,
) -> PyResult<IndexMap<String, Window>> {
    let only = profile.custom_metrics.iter().map(|metric| metric.name.clone()).collect();
    let intake = Intake::of(data, &Wanted { only: Some(only), ..Wanted::default() })?;
    if let Intake::Whole(table) = &intake
        && !table.is_empty()
        && table.rows() == 0
    {
        return Ok(IndexMap::new());
    }
    let take = |window: &mut Window, column: &Named<'_>, _: Option<&Groups>| match &column.cells {
        Cells::Numbers(values) => {
            values.each_chunk(&mut |chunk| window.add(chunk));
            Ok(())
        }
        Cells::Missing(rows, _) => {
            Nothing(*rows).each_chunk(&mut |chunk| window.add(chunk));
            Ok(())
        }
        cells => Err(format!("a metric is of numbers, and it holds {}", cells.kind())),
    };
    let lengths = TextLengths::new();
    let look = Look { needed, split: None, lengths: &lengths, known: &|_| Some(Holds::Numbers) };
    Ok(fold(py, spread, intake, &look, take, whole_columns)?.columns)
}
