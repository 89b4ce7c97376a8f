//! `Labels`.

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_providers::prompt::Labels;
use scouter_tasks::value::{Value, from_value};

use crate::convert::PyJson;
use crate::data::wraps;
use crate::errors;

/// Labels that something is classified by, for a prompt's `output_type`.
///
/// A reply has a `reason` and one of the labels as its `label`. The prompt shows them where it says `${labels}`.
///
/// Args:
///     labels: The labels as a list, or as a dict with a description of each.
///
/// Raises:
///     ValueError: Where there are fewer than two, or one is empty or given twice.
#[pyclass(module = "scouter.genai", name = "Labels", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyLabels(pub(super) Labels);

wraps!(PyLabels(Labels) as "Labels");

#[pymethods]
impl PyLabels {
    #[new]
    fn new(labels: PyJson) -> PyResult<Self> {
        let form = Value::map([("labels", labels.0)]);
        from_value(&form).map(Self).map_err(|error| errors::value(format!("failed to {error}")))
    }

    /// The labels with their descriptions.
    #[getter]
    fn labels(&self) -> IndexMap<String, Option<String>> {
        self.0.all().clone()
    }
}
