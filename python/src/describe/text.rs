//! Statistics of a column of texts.

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::profile::{CharStats, Shared, Statistic, TextStats};

use super::numeric::{PyDistinct, of_rows};
use crate::data::wraps;

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

wraps!(PyWordStats(TextStats) as "WordStats");

/// A column of texts or categories.
#[pyclass(module = "scouter.profile", name = "StringStats", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyStringStats(pub(super) TextStats);

#[pymethods]
impl PyStringStats {
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

of_rows!(PyStringStats, |all| all);
wraps!(PyStringStats(TextStats) as "StringStats");
