//! Statistics of one column. What the data cannot give is `None`, and the reason stands in `absent`.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::profile::{CharStats, Histogram, NumericStats, Quantiles, Shared, Statistic, TextStats};
use scouter_tasks::profile::TimeStats;

use crate::data::{gathers, wraps};

/// How many different values there are.
#[pyclass(module = "scouter.profile", name = "Distinct", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyDistinct(Shared);

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

/// A column of numbers or booleans.
#[pyclass(module = "scouter.profile", name = "NumericStats", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyNumericStats(pub(super) NumericStats);

#[pymethods]
impl PyNumericStats {
    /// All rows.
    #[getter]
    fn rows(&self) -> u64 {
        self.0.rows
    }

    /// Rows without a value.
    #[getter]
    fn missing(&self) -> u64 {
        self.0.missing
    }

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

    /// How many different values there are.
    #[getter]
    fn distinct(&self) -> PyDistinct {
        PyDistinct(self.0.distinct)
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
    /// All rows.
    #[getter]
    fn rows(&self) -> u64 {
        self.0.0.rows
    }

    /// Rows without a value.
    #[getter]
    fn missing(&self) -> u64 {
        self.0.0.missing
    }

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

    /// How many different moments there are.
    #[getter]
    fn distinct(&self) -> PyDistinct {
        PyDistinct(self.0.0.distinct)
    }

    /// How many moments lie where, by microseconds since 1970.
    #[getter]
    fn histogram(&self) -> Option<PyHistogram> {
        self.0.0.histogram.clone().map(PyHistogram)
    }
}

wraps!(PyDatetimeStats(TimeStats) as "DatetimeStats");

/// Lengths of texts in characters.
#[pyclass(module = "scouter.profile", name = "CharStats", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyCharStats(CharStats);

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lengths are whole")]
fn length(statistic: Statistic) -> Option<u64> {
    statistic.value().map(|length| length as u64)
}

#[pymethods]
impl PyCharStats {
    /// The least.
    #[getter]
    fn min_length(&self) -> Option<u64> {
        length(self.0.min_length)
    }

    /// The greatest.
    #[getter]
    fn max_length(&self) -> Option<u64> {
        length(self.0.max_length)
    }

    /// The lower median; of texts longer than 4096 characters to a 2048th.
    #[getter]
    fn median_length(&self) -> Option<u64> {
        length(self.0.median_length)
    }

    /// The mean.
    #[getter]
    fn mean_length(&self) -> Option<f64> {
        self.0.mean_length.value()
    }
}

wraps!(PyCharStats(CharStats) as "CharStats");

/// The most frequent words of a column of texts; what stands between white space is a word.
#[pyclass(module = "scouter.profile", name = "WordStats", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyWordStats(TextStats);

#[pymethods]
impl PyWordStats {
    /// How often each word occurs, and its share of all words; the most frequent first, at most 100.
    #[getter]
    fn words(&self) -> IndexMap<String, PyDistinct> {
        let word = |count, share| PyDistinct(Shared { count, share, standard_error: 0.0 });
        self.0.words.iter().map(|one| (one.word.clone(), word(one.count, one.share))).collect()
    }

    /// By how much a count may be too small: 0 up to some thousand different words.
    #[getter]
    fn undercount(&self) -> u64 {
        self.0.undercount
    }
}

impl PyWordStats {
    fn spec(&self, _py: Python<'_>) -> TextStats {
        self.0.clone()
    }

    #[expect(clippy::unnecessary_wraps, reason = "as of the other classes")]
    fn of(_py: Python<'_>, stats: TextStats) -> PyResult<Self> {
        Ok(Self(stats))
    }
}

gathers!(PyWordStats(TextStats) as "WordStats");

/// A column of texts or categories.
#[pyclass(module = "scouter.profile", name = "StringStats", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyStringStats(pub(super) TextStats);

#[pymethods]
impl PyStringStats {
    /// All rows.
    #[getter]
    fn rows(&self) -> u64 {
        self.0.rows
    }

    /// Rows without a value.
    #[getter]
    fn missing(&self) -> u64 {
        self.0.missing
    }

    /// How many different texts there are.
    #[getter]
    fn distinct(&self) -> PyDistinct {
        PyDistinct(self.0.distinct)
    }

    /// How long they are.
    #[getter]
    fn char_stats(&self) -> PyCharStats {
        PyCharStats(self.0.char_stats)
    }

    /// Their words.
    #[getter]
    fn word_stats(&self) -> PyWordStats {
        PyWordStats(self.0.clone())
    }
}

wraps!(PyStringStats(TextStats) as "StringStats");
