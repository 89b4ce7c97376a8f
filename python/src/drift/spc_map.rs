//! `SpcDriftMap` and its parts.

use indexmap::IndexMap;
use numpy::{PyArray2, PyArrayMethods};
use pyo3::prelude::*;
use scouter_drift::spc::{Cusum, Ewma};
use scouter_tasks::profile::{SpcFeatureDrift, SpcMap};

use super::forms::drift_map;
use super::spc_alert::PySpcAlert;
use crate::data::wraps;
use crate::errors;

type Matrix<'py> = Bound<'py, PyArray2<f64>>;

/// Later rows of a feature on its control chart.
#[pyclass(module = "scouter.drift", name = "SpcFeatureDrift", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PySpcFeatureDrift(SpcFeatureDrift);

#[pymethods]
impl PySpcFeatureDrift {
    /// The mean of each subgroup.
    #[getter]
    fn samples(&self) -> Vec<f64> {
        self.0.drift.means.clone()
    }

    /// The zone of each subgroup's mean, from −4 to 4: negative below the centre, 0 on it.
    #[getter]
    fn drift(&self) -> Vec<f64> {
        self.0.zones.iter().map(|zone| f64::from(*zone)).collect()
    }

    /// How many standard deviations each mean is from the centre.
    #[getter]
    fn scores(&self) -> Vec<f64> {
        self.0.drift.scores.clone()
    }

    /// The standard deviation of each subgroup, the points of the S chart.
    #[getter]
    fn deviations(&self) -> Vec<f64> {
        self.0.drift.deviations.clone()
    }

    /// The rules that were broken, in the order in which it was seen: the first 1,000.
    #[getter]
    fn alerts(&self) -> Vec<PySpcAlert> {
        self.0.drift.alerts.iter().map(PySpcAlert::from).collect()
    }

    /// How many more there were.
    #[getter]
    fn more_alerts(&self) -> u64 {
        self.0.drift.more_alerts
    }

    /// The alerts of the S chart: one for every subgroup whose values are spread more, or less, than its limits allow; on a chart of
    /// single values, for every two of which the second is too far from the first. They are none of `alerts`, and make a feature drift with
    /// `SpcAlertConfig(spread=True)` alone.
    #[getter]
    fn spread_alerts(&self) -> Vec<PySpcAlert> {
        self.0.drift.spread_alerts().map(|alert| PySpcAlert::from(&alert)).collect()
    }

    /// Subgroups whose standard deviation is beyond the limits of the S chart, by position.
    #[getter]
    fn deviations_out(&self) -> Vec<usize> {
        self.0.drift.deviations_out.clone()
    }

    /// Rows without a finite value, which are in no subgroup.
    #[getter]
    fn left_out(&self) -> u64 {
        self.0.drift.left_out
    }

    /// Rows at the end that are too few for a subgroup.
    #[getter]
    fn unused(&self) -> u64 {
        self.0.drift.unused
    }

    /// The lines of the cumulative sum chart, above and below the centre: at every point, by how much points are beyond `reference` since
    /// there was nothing to sum up.
    ///
    /// Args:
    ///     reference: k, half the change to find, in standard deviations of points: 0 or more.
    #[pyo3(signature = (reference=0.5))]
    fn cusum(&self, reference: f64) -> PyResult<(Vec<f64>, Vec<f64>)> {
        // How much is too much changes nothing in the sums.
        let mut chart = Cusum::new(reference, 1.0).map_err(errors::value)?.begin();
        let sums = |score: &f64| {
            chart.push(*score);
            chart.sums()
        };
        Ok(self.0.drift.scores.iter().map(sums).unzip())
    }

    /// The line of the chart of weighted averages, and its limit: at every point, the average in standard deviations from the centre, and
    /// how far it may be.
    ///
    /// Args:
    ///     weight: λ, the weight of the newest point: above 0, and 1 at most.
    ///     width: L, how far the limits are from the centre, in standard deviations of the average.
    #[pyo3(signature = (weight=0.1, width=2.814))]
    fn ewma(&self, weight: f64, width: f64) -> PyResult<(Vec<f64>, Vec<f64>)> {
        let mut chart = Ewma::new(weight, width).map_err(errors::value)?.begin();
        let line = |score: &f64| {
            chart.push(*score);
            (chart.average(), chart.limit())
        };
        Ok(self.0.drift.scores.iter().map(line).unzip())
    }

    /// How likely so many points beyond three standard deviations are where nothing changes, with what the baseline may be off by, and
    /// corrected for many features (Holm). `None` of features that are not watched, and of maps that were saved before there was one.
    #[getter]
    fn p_value(&self) -> Option<f64> {
        self.0.p_value
    }

    /// Whether the feature is watched.
    #[getter]
    fn monitored(&self) -> bool {
        self.0.monitored
    }
}

wraps!(PySpcFeatureDrift(SpcFeatureDrift) as "SpcFeatureDrift");

drift_map! {
    /// Later rows on the control charts of a profile.
    ///
    /// `drift_map["x"]` is the chart of a feature.
    PySpcMap(SpcMap) as "SpcDriftMap" in "spc_drift_map.json": PySpcFeatureDrift at features, told as Spc
}

#[pymethods]
impl PySpcMap {
    /// The features.
    #[getter]
    fn features(&self) -> IndexMap<String, PySpcFeatureDrift> {
        self.0.features.iter().map(|(name, drift)| (name.clone(), PySpcFeatureDrift(drift.clone()))).collect()
    }

    /// The features that have drifted, of those that are watched: by any alert, with `SpcAlertConfig(spread=True)` those of the S chart
    /// too, or, with `SpcAlertConfig(alpha=…)`, by their p-value.
    #[getter]
    fn drifted(&self) -> Vec<&str> {
        self.0.drifted().collect()
    }

    /// Two arrays of NumPy with a row for each subgroup and a column for each feature, the means and the zones, and the
    /// names of the features. Where features have fewer subgroups than others, since rows were missing, the arrays end in NaN.
    #[pyo3(signature = () -> "tuple[object, object, list[str]]")]
    fn to_numpy<'py>(&self, py: Python<'py>) -> PyResult<(Matrix<'py>, Matrix<'py>, Vec<String>)> {
        // Before anything else of NumPy, for it may not be there.
        py.import("numpy")?;
        let features = || self.0.features.values();
        let rows = features().map(|drift| drift.zones.len()).max().unwrap_or_default();
        let array = |value: &dyn Fn(&SpcFeatureDrift, usize) -> Option<f64>| {
            let cells =
                (0..rows).flat_map(|row| features().map(move |drift| value(drift, row).unwrap_or(f64::NAN)));
            numpy::PyArray1::from_iter(py, cells).reshape([rows, self.0.features.len()])
        };
        let means = array(&|drift, row| drift.drift.means.get(row).copied())?;
        let zones = array(&|drift, row| drift.zones.get(row).map(|zone| f64::from(*zone)))?;
        Ok((means, zones, self.0.features.keys().cloned().collect()))
    }
}
