//! The form of an answer, from what Python has for it.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};
use scouter_providers::prompt::{NamedOutput, OutputType};
use serde_json::Value as Json;

use super::labels::PyLabels;
use super::preference::PyPreference;
use super::rubric::PyRubric;
use super::score::PyScore;
use crate::convert::PyJson;
use crate::errors;

/// The form in an argument: one of ours, a pydantic model, a dataclass, or a JSON Schema.
pub(super) fn output_type(given: &Bound<'_, PyAny>) -> PyResult<OutputType> {
    let py = given.py();
    if given.is(py.get_type::<PyScore>()) {
        return Ok(OutputType::Named(NamedOutput::Score));
    }
    if given.is(py.get_type::<PyPreference>()) {
        return Ok(OutputType::Named(NamedOutput::Preference));
    }
    if let Ok(rubric) = given.cast::<PyRubric>() {
        return Ok(OutputType::Rubric(rubric.get().0.clone()));
    }
    if let Ok(labels) = given.cast::<PyLabels>() {
        return Ok(OutputType::Labels(labels.get().0.clone()));
    }
    if given.is_instance_of::<PyDict>() {
        let schema = json(given)?;
        let name = schema.get("title").and_then(Json::as_str).unwrap_or("reply").to_owned();
        return Ok(OutputType::Schema { name, schema });
    }
    if let Ok(class) = given.cast::<PyType>() {
        let name = class.name()?.to_string();
        let schema = if class.hasattr("model_json_schema")? {
            class.call_method0("model_json_schema")?
        } else {
            py.import("scouter._schema")?.call_method1("of_class", (class,))?
        };
        return Ok(OutputType::Schema { name, schema: json(&schema)? });
    }
    let shown = given.repr()?.to_string();
    Err(PyTypeError::new_err(format!(
        "`output_type` is {shown}: expected `Score`, a `Rubric`, `Labels`, `Preference`, a pydantic model, a dataclass, or \
         a JSON Schema as a dict"
    )))
}

/// A Python object as JSON.
pub(super) fn json(given: &Bound<'_, PyAny>) -> PyResult<Json> {
    let value = given.extract::<PyJson>()?.0;
    serde_json::to_value(&value).map_err(errors::value)
}
