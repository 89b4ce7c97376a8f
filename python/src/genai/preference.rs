//! `Preference`.

use pyo3::prelude::*;
use scouter_providers::prompt::{NamedOutput, OutputType};
use scouter_tasks::value::to_value;
use serde::{Deserialize, Serialize};

use crate::convert::PyJson;
use crate::data::wraps;
use crate::errors;

/// The form of a comparison, for a prompt's `output_type`: which of two is better, and the reason for it.
///
/// Args:
///     winner: `first`, `second` or `tie`; of a judge with a `pair`, the name of one of the two, or `tie`.
///     reason: Why.
#[pyclass(module = "scouter.genai", name = "Preference", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyPreference(Preferred);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Preferred {
    winner: String,
    reason: String,
}

wraps!(PyPreference(Preferred) as "Preference");

#[pymethods]
impl PyPreference {
    #[new]
    fn new(winner: String, reason: String) -> Self {
        Self(Preferred { winner, reason })
    }

    /// Which is better.
    #[getter]
    fn winner(&self) -> &str {
        &self.0.winner
    }

    /// Why.
    #[getter]
    fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The JSON Schema that a model is given.
    #[staticmethod]
    fn model_json_schema() -> PyResult<PyJson> {
        let schema = OutputType::Named(NamedOutput::Preference).schema().map_err(errors::value)?;
        to_value(schema.schema()).map(PyJson).map_err(errors::value)
    }
}
