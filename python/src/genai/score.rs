//! `Score`.

use pyo3::prelude::*;
use scouter_providers::chat::OutputSchema;
use scouter_tasks::value::to_value;
use serde::{Deserialize, Serialize};

use crate::convert::PyJson;
use crate::data::wraps;
use crate::errors;

/// The form of a score, for a prompt's `output_type`: a whole number and the reason for it.
///
/// Args:
///     score: The number.
///     reason: Why.
#[pyclass(module = "scouter.genai", name = "Score", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyScore(Scored);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scored {
    score: i64,
    reason: String,
}

wraps!(PyScore(Scored) as "Score");

#[pymethods]
impl PyScore {
    #[new]
    fn new(score: i64, reason: String) -> Self {
        Self(Scored { score, reason })
    }

    /// The number.
    #[getter]
    fn score(&self) -> i64 {
        self.0.score
    }

    /// Why.
    #[getter]
    fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The JSON Schema that a model is given.
    #[staticmethod]
    fn model_json_schema() -> PyResult<PyJson> {
        to_value(&OutputSchema::score_json()).map(PyJson).map_err(errors::value)
    }
}
