//! Which model makes vectors, and how it is reached.

use std::collections::BTreeMap;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use scouter_providers::{Connection, Provider};
use scouter_tasks::value::{Value, from_value, to_value};
use serde::{Deserialize, Serialize};

use super::secrets::{connects, together};
use super::settings::connection;
use crate::errors;
use crate::evaluate::Seconds;

/// A model for embeddings.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EmbeddingConfig {
    pub(super) model: String,
    /// How many numbers each vector is to have.
    pub(super) dimensions: Option<u32>,
    /// What the vectors are for, in the provider's word.
    pub(super) task: Option<String>,
    pub(super) connection: Connection,
}

/// A model for embeddings of OpenAI, or of a server that speaks its API.
///
/// Args:
///     model: The model, as the provider calls it.
///     dimensions: How many numbers each vector is to have, where the model can shorten them.
///     base_url: The address of the API, where it is not the provider's own.
///     timeout: How many seconds one attempt may take.
///     headers: Headers to send.
///     proxy: The address of a proxy.
///
/// What is written as JSON is without headers and proxy.
#[pyclass(module = "scouter.genai", name = "OpenAIEmbeddingConfig", frozen, skip_from_py_object)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PyOpenAIEmbedding(EmbeddingConfig);

#[pymethods]
impl PyOpenAIEmbedding {
    #[new]
    #[pyo3(signature = (model="text-embedding-3-small".to_owned(), dimensions=None, *, base_url=None, timeout=None, headers=None, proxy=None))]
    fn new(
        model: String,
        dimensions: Option<u32>,
        base_url: Option<String>,
        timeout: Option<Seconds>,
        headers: Option<BTreeMap<String, String>>,
        proxy: Option<String>,
    ) -> PyResult<Self> {
        let connection = connection(base_url, timeout, headers, proxy)?;
        Ok(Self(EmbeddingConfig { model, dimensions, task: None, connection }))
    }

    /// The model, as the provider calls it.
    #[getter]
    fn model(&self) -> &str {
        &self.0.model
    }

    /// How many numbers each vector is to have.
    #[getter]
    fn dimensions(&self) -> Option<u32> {
        self.0.dimensions
    }
}

/// As it is written, without the connection.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfOpenAI {
    model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dimensions: Option<u32>,
}

impl PyOpenAIEmbedding {
    fn written(&self) -> PyResult<Value> {
        let EmbeddingConfig { model, dimensions, connection, .. } = &self.0;
        written(&OfOpenAI { model: model.clone(), dimensions: *dimensions }, connection)
    }

    fn read(own: &Value, connection: Connection) -> Result<Self, String> {
        let OfOpenAI { model, dimensions } = from_value(own).map_err(|error| error.to_string())?;
        Ok(Self(EmbeddingConfig { model, dimensions, task: None, connection }))
    }
}

connects!(PyOpenAIEmbedding as "OpenAIEmbeddingConfig");

/// A model for embeddings of Google, by Gemini or by Vertex AI.
///
/// Args:
///     model: The model, as the provider calls it.
///     output_dimensionality: How many numbers each vector is to have, where the model can shorten them.
///     task_type: What the vectors are for, in the provider's word, such as `SEMANTIC_SIMILARITY`.
///     base_url: The address of the API, where it is not the provider's own.
///     timeout: How many seconds one attempt may take.
///     headers: Headers to send.
///     proxy: The address of a proxy.
///
/// What is written as JSON is without headers and proxy.
#[pyclass(module = "scouter.genai", name = "GeminiEmbeddingConfig", frozen, skip_from_py_object)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PyGeminiEmbedding(EmbeddingConfig);

#[pymethods]
impl PyGeminiEmbedding {
    #[new]
    #[pyo3(signature = (
        model="gemini-embedding-001".to_owned(), output_dimensionality=None, task_type=None, *, base_url=None, timeout=None,
        headers=None, proxy=None,
    ))]
    fn new(
        model: String,
        output_dimensionality: Option<u32>,
        task_type: Option<String>,
        base_url: Option<String>,
        timeout: Option<Seconds>,
        headers: Option<BTreeMap<String, String>>,
        proxy: Option<String>,
    ) -> PyResult<Self> {
        let connection = connection(base_url, timeout, headers, proxy)?;
        Ok(Self(EmbeddingConfig { model, dimensions: output_dimensionality, task: task_type, connection }))
    }

    /// The model, as the provider calls it.
    #[getter]
    fn model(&self) -> &str {
        &self.0.model
    }

    /// How many numbers each vector is to have.
    #[getter]
    fn output_dimensionality(&self) -> Option<u32> {
        self.0.dimensions
    }

    /// What the vectors are for.
    #[getter]
    fn task_type(&self) -> Option<&str> {
        self.0.task.as_deref()
    }
}

/// As it is written, without the connection.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfGoogle {
    model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    output_dimensionality: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    task_type: Option<String>,
}

impl PyGeminiEmbedding {
    fn written(&self) -> PyResult<Value> {
        let EmbeddingConfig { model, dimensions, task, connection } = &self.0;
        let own =
            OfGoogle { model: model.clone(), output_dimensionality: *dimensions, task_type: task.clone() };
        written(&own, connection)
    }

    fn read(own: &Value, connection: Connection) -> Result<Self, String> {
        let OfGoogle { model, output_dimensionality, task_type } =
            from_value(own).map_err(|error| error.to_string())?;
        Ok(Self(EmbeddingConfig { model, dimensions: output_dimensionality, task: task_type, connection }))
    }
}

connects!(PyGeminiEmbedding as "GeminiEmbeddingConfig");

/// What is written of a configuration, with what is not secret of its connection.
fn written(own: &impl Serialize, connection: &Connection) -> PyResult<Value> {
    let own = to_value(own).map_err(errors::value)?;
    let connection = to_value(connection).map_err(errors::value)?;
    Ok(together([&own, &connection]))
}

/// The configuration in an argument, or the usual one of the provider.
pub(super) fn of_provider(provider: Provider, given: Option<&Bound<'_, PyAny>>) -> PyResult<EmbeddingConfig> {
    let usual = |model: &str| EmbeddingConfig {
        model: model.to_owned(),
        dimensions: None,
        task: None,
        connection: Connection::default(),
    };
    let wrong = |class: &str| {
        let shown = given.map(|given| given.repr().map(|shown| shown.to_string())).transpose();
        shown.map_or_else(
            |error| error,
            |shown| {
                PyTypeError::new_err(format!("`config` is {}: expected {class}", shown.unwrap_or_default()))
            },
        )
    };
    match provider {
        Provider::OpenAi => match given {
            None => Ok(usual("text-embedding-3-small")),
            Some(given) => match given.cast::<PyOpenAIEmbedding>() {
                Ok(config) => Ok(config.get().0.clone()),
                Err(_) => Err(wrong("`OpenAIEmbeddingConfig`")),
            },
        },
        Provider::Gemini | Provider::Google | Provider::Vertex => match given {
            None => Ok(usual("gemini-embedding-001")),
            Some(given) => match given.cast::<PyGeminiEmbedding>() {
                Ok(config) => Ok(config.get().0.clone()),
                Err(_) => Err(wrong("`GeminiEmbeddingConfig`")),
            },
        },
        Provider::Anthropic | Provider::Undefined => Err(errors::value(format!(
            "`{provider}` has no embeddings here: take `openai`, also for servers that speak its API, `gemini`, `vertex`, or a function"
        ))),
    }
}
