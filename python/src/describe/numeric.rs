//! Statistics of a column of numbers or moments. What the data cannot give is `None`, and the reason stands in `absent`.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::profile::{Histogram, NumericStats, Quantiles, Shared, Statistic};
use scouter_tasks::profile::TimeStats;

use crate::data::wraps;

/// How many different values there are.
#[pyclass(module = "scouter.profile", name = "Distinct", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyDistinct(pub(super) Shared);

#[pymethods]
impl PyDistinct {
    /// How many.
    #[getter]
    fn count(&self) -> u64 {
        self.0.count
    }

    /// Their share of the rows that have a value, from 0 to 1; of a word, its share of all words.
    #[getter]
    fn percent(&self) -> f64 {
        self.0.share
    }

    /// The standard error of the count, as a share of it; 0 where it is exact.
    #[getter]
    fn standard_error(&self) -> f64 {
        self.0.standard_error
    }
}

wraps!(PyDistinct(Shared) as "Distinct");

/// Quantiles of the finite values, of type 7.
#[pyclass(module = "scouter.profile", name = "Quantiles", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyQuantiles(Quantiles);

#[pymethods]
impl PyQuantiles {
    /// A quarter of the values is not greater.
    #[getter]
    fn q25(&self) -> Option<f64> {
        self.0.q25.value()
    }

    /// The median.
    #[getter]
    fn q50(&self) -> Option<f64> {
        self.0.q50.value()
    }

    /// Three quarters are not greater.
    #[getter]
    fn q75(&self) -> Option<f64> {
        self.0.q75.value()
    }

    /// 99 of 100 are not greater.
    #[getter]
    fn q99(&self) -> Option<f64> {
        self.0.q99.value()
    }

    /// By how much the share of values that are not greater may differ from that, with 99 % confidence; 0 where quantiles are
    /// exact, as they are of data in memory.
    #[getter]
    fn rank_error(&self) -> f64 {
        self.0.rank_error
    }
}

wraps!(PyQuantiles(Quantiles) as "Quantiles");

/// How many finite values lie where.
#[pyclass(module = "scouter.profile", name = "Histogram", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyHistogram(pub(crate) Histogram);

#[pymethods]
impl PyHistogram {
    /// The edges of the bins, evenly spaced from the least to the greatest value; one more than there are bins.
    #[getter]
    fn bins(&self) -> Vec<f64> {
        self.0.edges.clone()
    }

    /// Values in each bin: greater than its lower edge, not greater than its upper one. The first has its lower edge too.
    #[getter]
    fn bin_counts(&self) -> Vec<u64> {
        self.0.counts.clone()
    }
}

wraps!(PyHistogram(Histogram) as "Histogram");

fn absent<const N: usize>(statistics: [(&str, Statistic); N]) -> IndexMap<String, String> {
    let reason = |(name, statistic): (&str, Statistic)| match statistic {
        Statistic::Value(_) => None,
        Statistic::Absent { absent } => Some((name.to_owned(), absent.to_string())),
    };
    statistics.into_iter().filter_map(reason).collect()
}

/// What is told of columns of any sort.
macro_rules! of_rows {
    ($class:ident, |$all:ident| $stats:expr) => {
        #[pymethods]
        impl $class {
            /// All rows.
            #[getter]
            fn rows(&self) -> u64 {
                let $all = &self.0;
                $stats.rows
            }

            /// Rows without a value.
            #[getter]
            fn missing(&self) -> u64 {
                let $all = &self.0;
                $stats.missing
            }

            /// How many different values there are.
            #[getter]
            fn distinct(&self) -> $crate::describe::PyDistinct {
                let $all = &self.0;
                $crate::describe::PyDistinct($stats.distinct)
            }
        }
    };
}

pub(super) use of_rows;

/// A column of numbers or booleans.
#[pyclass(module = "scouter.profile", name = "NumericStats", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyNumericStats(pub(super) NumericStats);

#[pymethods]
impl PyNumericStats {
    /// Rows with an infinity of either sign, which the other statistics leave out.
    #[getter]
    fn infinite(&self) -> u64 {
        self.0.infinite
    }

    /// The mean.
    #[getter]
    fn mean(&self) -> Option<f64> {
        self.0.mean.value()
    }

    /// The standard deviation, by n − 1.
    #[getter]
    fn stddev(&self) -> Option<f64> {
        self.0.stddev.value()
    }

    /// The least value.
    #[getter]
    fn min(&self) -> Option<f64> {
        self.0.min.value()
    }

    /// The greatest value.
    #[getter]
    fn max(&self) -> Option<f64> {
        self.0.max.value()
    }

    /// Quantiles.
    #[getter]
    fn quantiles(&self) -> PyQuantiles {
        PyQuantiles(self.0.quantiles)
    }

    /// How many values lie where; `None` where there is no finite value.
    #[getter]
    fn histogram(&self) -> Option<PyHistogram> {
        self.0.histogram.clone().map(PyHistogram)
    }

    /// Statistics that the data cannot give, and why.
    #[getter]
    fn absent(&self) -> IndexMap<String, String> {
        let stats = &self.0;
        absent([("mean", stats.mean), ("stddev", stats.stddev), ("min", stats.min), ("max", stats.max)])
    }
}

of_rows!(PyNumericStats, |all| all);
wraps!(PyNumericStats(NumericStats) as "NumericStats");

/// A column of moments, in UTC.
#[pyclass(module = "scouter.profile", name = "DatetimeStats", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyDatetimeStats(pub(super) TimeStats);

fn moment(statistic: Statistic) -> Option<DateTime<Utc>> {
    #[expect(clippy::cast_possible_truncation, reason = "moments are whole microseconds")]
    DateTime::from_timestamp_micros(statistic.value()?.round() as i64)
}

#[pymethods]
impl PyDatetimeStats {
    /// The first moment.
    #[getter]
    fn min(&self) -> Option<DateTime<Utc>> {
        moment(self.0.0.min)
    }

    /// The last moment.
    #[getter]
    fn max(&self) -> Option<DateTime<Utc>> {
        moment(self.0.0.max)
    }

    /// The median.
    #[getter]
    fn median(&self) -> Option<DateTime<Utc>> {
        moment(self.0.0.quantiles.q50)
    }

    /// How many moments lie where, by microseconds since 1970.
    #[getter]
    fn histogram(&self) -> Option<PyHistogram> {
        self.0.0.histogram.clone().map(PyHistogram)
    }
}

of_rows!(PyDatetimeStats, |all| all.0);
wraps!(PyDatetimeStats(TimeStats) as "DatetimeStats");
