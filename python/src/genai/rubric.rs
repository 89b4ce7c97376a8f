//! `Rubric`.

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_providers::prompt::Rubric;
use scouter_tasks::value::{Value, from_value};

use crate::convert::PyJson;
use crate::data::wraps;
use crate::errors;

/// Criteria that something is scored by one by one, for a prompt's `output_type`.
///
/// A reply has a `score` and a `reason` for each criterion, under its name. Worked out from them, it has the weighted mean as its own `score`
/// and the reason of the weakest criterion as its own `reason`. The prompt shows the criteria where it says `${rubric}`.
///
/// Args:
///     criteria: What is asked, by the name of the criterion: a text, or a dict with `description` and `weight`.
///     scale: The lowest and the highest score.
///
/// Raises:
///     ValueError: Where there is no criterion, one lacks a description or has a name or weight that cannot be, or the
///         scale does not rise.
#[pyclass(module = "scouter.genai", name = "Rubric", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyRubric(pub(super) Rubric);

wraps!(PyRubric(Rubric) as "Rubric");

#[pymethods]
impl PyRubric {
    #[new]
    #[pyo3(signature = (criteria, scale=(1, 5)))]
    fn new(criteria: PyJson, scale: (i64, i64)) -> PyResult<Self> {
        let scale = Value::list([Value::Int(scale.0), Value::Int(scale.1)]);
        let form = Value::map([("rubric", criteria.0), ("scale", scale)]);
        from_value(&form).map(Self).map_err(|error| errors::value(format!("failed to {error}")))
    }

    /// What is asked, by the name of the criterion.
    #[getter]
    fn criteria(&self) -> IndexMap<String, String> {
        let criteria = self.0.criteria().iter();
        criteria.map(|(name, criterion)| (name.clone(), criterion.description.clone())).collect()
    }

    /// How much each criterion counts.
    #[getter]
    fn weights(&self) -> IndexMap<String, f64> {
        self.0.criteria().iter().map(|(name, criterion)| (name.clone(), criterion.weight)).collect()
    }

    /// The lowest and the highest score.
    #[getter]
    fn scale(&self) -> (i64, i64) {
        self.0.scale()
    }
}
