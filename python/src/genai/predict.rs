//! `PredictRequest`: texts in the words of Vertex AI.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use scouter_tasks::value::{Value, from_value, to_value};
use serde::{Deserialize, Serialize};

use crate::data::{Data, data_methods};
use crate::errors;

/// Texts to embed, in the words of Vertex AI's `predict`. Other providers are asked for the same in theirs.
///
/// Args:
///     instances: A dict for each text: the text is its `content`. A `task_type`, such as `SEMANTIC_SIMILARITY`, is the same in all of
///         them.
///     parameters: `outputDimensionality`: how many numbers each vector is to have.
///
/// What is said here goes before what the embedder's configuration says.
///
/// Raises:
///     ValueError: Where there is no instance, one has no `content`, they differ in `task_type`, or anything else is said.
#[pyclass(module = "scouter.genai", name = "PredictRequest", frozen, skip_from_py_object)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PyPredictRequest {
    instances: Vec<BTreeMap<String, String>>,
    dimensions: Option<u32>,
}

const CONTENT: &str = "content";
const TASK: &str = "task_type";
const DIMENSIONS: &str = "outputDimensionality";

#[pymethods]
impl PyPredictRequest {
    #[new]
    #[pyo3(signature = (instances, parameters=None))]
    fn new(
        instances: Vec<BTreeMap<String, String>>,
        parameters: Option<BTreeMap<String, u32>>,
    ) -> PyResult<Self> {
        let Some(first) = instances.first() else {
            return Err(errors::value("`instances` is empty: give a dict with a `content` for each text"));
        };
        for (at, instance) in instances.iter().enumerate() {
            if let Some(other) = instance.keys().find(|key| ![CONTENT, TASK].contains(&key.as_str())) {
                return Err(errors::value(format!(
                    "instance {at} has `{other}`: an instance has `{CONTENT}` and `{TASK}` alone"
                )));
            }
            if !instance.contains_key(CONTENT) {
                return Err(errors::value(format!("instance {at} has no `{CONTENT}`, which is the text")));
            }
            if instance.get(TASK) != first.get(TASK) {
                return Err(errors::value(format!(
                    "instance {at} has another `{TASK}` than the first: ask for each by a call of its own"
                )));
            }
        }
        let mut parameters = parameters.unwrap_or_default();
        let dimensions = parameters.remove(DIMENSIONS);
        if let Some(other) = parameters.keys().next() {
            return Err(errors::value(format!(
                "`parameters` has `{other}`: `{DIMENSIONS}` alone can be said"
            )));
        }
        Ok(Self { instances, dimensions })
    }

    /// A dict for each text.
    #[getter]
    fn instances(&self) -> Vec<BTreeMap<String, String>> {
        self.instances.clone()
    }

    /// What is said of all of them.
    #[getter]
    fn parameters(&self) -> BTreeMap<String, u32> {
        self.dimensions.map(|dimensions| (DIMENSIONS.to_owned(), dimensions)).into_iter().collect()
    }

    fn __len__(&self) -> usize {
        self.instances.len()
    }
}

/// As the constructor takes it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    instances: Vec<BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<String, u32>,
}

impl Data for PyPredictRequest {
    const NAME: &'static str = "PredictRequest";

    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        let form = Form { instances: self.instances(), parameters: self.parameters() };
        to_value(&form).map_err(errors::value)
    }

    fn from_value(py: Python<'_>, value: &Value) -> PyResult<Self> {
        let wrong = |why: String| errors::value(format!("not a `{}`: {why}", Self::NAME));
        let Form { instances, parameters } = from_value(value).map_err(|error| wrong(error.to_string()))?;
        Self::new(instances, Some(parameters)).map_err(|error| wrong(error.value(py).to_string()))
    }
}

data_methods!(PyPredictRequest);

/// What is to be embedded, and what is said of it beside the configuration.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) texts: Vec<String>,
    pub(super) dimensions: Option<u32>,
    pub(super) task: Option<String>,
}

impl Asked {
    pub(super) fn of(request: &PyPredictRequest) -> Self {
        let of = |name: &str| {
            let name = name.to_owned();
            move |instance: &BTreeMap<String, String>| instance.get(&name).cloned()
        };
        Self {
            texts: request.instances.iter().filter_map(of(CONTENT)).collect(),
            dimensions: request.dimensions,
            task: request.instances.first().and_then(of(TASK)),
        }
    }

    pub(super) fn texts(texts: Vec<String>) -> Self {
        Self { texts, ..Self::default() }
    }
}
