//! What embedders answer, in their own words too.

#![expect(
    clippy::unsafe_derive_deserialize,
    reason = "the methods with `unsafe` are those that pyo3 makes of a class, which nothing in a value can break"
)]

use std::collections::HashSet;

use pyo3::prelude::*;
use pyo3::types::{PyList, PyType};
use scouter_providers::Provider;
use scouter_providers::embed::Embeddings;
use scouter_tasks::call::Call;
use scouter_tasks::value::{Value, from_saved_json, from_value, pretty, to_json, to_value};
use serde::{Deserialize, Serialize};

use super::call::PyModelCall;
use super::secrets::together;
use crate::convert::PyJson;
use crate::data::is_data;
use crate::errors;

/// Vectors of texts.
#[pyclass(module = "scouter.genai", name = "Embeddings", frozen, subclass, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyEmbeddings {
    made: Embeddings,
    call: Option<Call>,
}

/// The vectors in the class of their provider; those of a function have none of their own.
pub(super) fn wrapped(
    py: Python<'_>,
    provider: Option<Provider>,
    made: Embeddings,
    call: Option<Call>,
) -> PyResult<Py<PyEmbeddings>> {
    let plain = PyClassInitializer::from(PyEmbeddings { made, call });
    match provider.map(Provider::canonical) {
        Some(Provider::OpenAi) => {
            let worded = Bound::new(py, plain.add_subclass(PyOpenAIResponse))?;
            Ok(worded.into_super().unbind())
        }
        Some(Provider::Gemini) => {
            let worded = Bound::new(py, plain.add_subclass(PyGeminiResponse))?;
            Ok(worded.into_super().unbind())
        }
        Some(Provider::Vertex) => {
            let worded = Bound::new(py, plain.add_subclass(PyPredictResponse))?;
            Ok(worded.into_super().unbind())
        }
        _ => Py::new(py, plain),
    }
}

#[pymethods]
impl PyEmbeddings {
    /// One vector for each text, in their order.
    #[getter]
    fn vectors(&self) -> Vec<Vec<f32>> {
        self.made.vectors.clone()
    }

    /// The model that made them.
    #[getter]
    fn model(&self) -> &str {
        &self.made.model
    }

    /// The tokens it took; `None` where the provider does not say.
    #[getter]
    fn input_tokens(&self) -> Option<u64> {
        self.made.usage.map(|usage| usage.input)
    }

    /// What it took to make them: tokens, cost, attempts, where they come from; `None` where a function made them.
    #[getter]
    fn call(&self) -> Option<PyModelCall> {
        self.call.clone().map(PyModelCall)
    }

    /// How many texts there are.
    fn __len__(&self) -> usize {
        self.made.vectors.len()
    }

    /// The vector of a text, by its place.
    fn __getitem__<'py>(&self, py: Python<'py>, at: isize) -> PyResult<Bound<'py, PyAny>> {
        PyList::new(py, &self.made.vectors)?.as_any().get_item(at)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let made = &slf.get().made;
        let lengths: HashSet<usize> = made.vectors.iter().map(Vec::len).collect();
        let dimensions = lengths.into_iter().max().unwrap_or_default();
        Ok(format!(
            "{}({} vectors of {dimensions} numbers, model={:?})",
            slf.get_type().name()?,
            made.vectors.len(),
            made.model
        ))
    }

    fn __str__(&self) -> PyResult<String> {
        Ok(pretty(&self.to_value()?))
    }

    fn __eq__(slf: &Bound<'_, Self>, other: &Bound<'_, Self>) -> PyResult<bool> {
        let alike = slf.get_type().is(other.get_type());
        Ok(alike && slf.get().to_value()?.is_same(&other.get().to_value()?))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((slf.get_type().getattr("model_validate_json")?, (slf.get().model_dump_json()?,)))
    }

    /// The vectors as JSON text, with what it took to make them.
    fn model_dump_json(&self) -> PyResult<String> {
        Ok(to_json(&self.to_value()?))
    }

    /// The same as a dict.
    fn model_dump(&self) -> PyResult<PyJson> {
        self.to_value().map(PyJson)
    }

    /// Reads what `model_dump_json` wrote.
    #[classmethod]
    fn model_validate_json(cls: &Bound<'_, PyType>, json_string: &str) -> PyResult<Py<Self>> {
        let value = from_saved_json(json_string)
            .map_err(|error| errors::value(format!("not the JSON of `Embeddings`: {error}")))?;
        of_class(cls, &value)
    }

    /// Reads what `model_dump` gave.
    #[classmethod]
    fn model_validate(cls: &Bound<'_, PyType>, data: PyJson) -> PyResult<Py<Self>> {
        of_class(cls, &data.0)
    }
}

/// What it took, in JSON.
const CALL: &str = "call";

impl PyEmbeddings {
    fn to_value(&self) -> PyResult<Value> {
        let made = to_value(&self.made).map_err(errors::value)?;
        let call = Value::map([(CALL, Value::from(self.call.as_ref().map(Call::to_value)))]);
        Ok(together([&made, &call]))
    }
}

/// The vectors of a value, in one of the classes below or their base.
fn of_class(class: &Bound<'_, PyType>, value: &Value) -> PyResult<Py<PyEmbeddings>> {
    let py = class.py();
    let wrong = |why: String| errors::value(format!("not the JSON of `Embeddings`: {why}"));
    let made = from_value(value).map_err(|error| wrong(error.to_string()))?;
    let call = match value.get(CALL) {
        None | Some(Value::Null) => None,
        Some(call) => Some(Call::from_value(call).ok_or_else(|| wrong(format!("its `{CALL}` is no call")))?),
    };
    let providers = [
        (py.get_type::<PyOpenAIResponse>(), Provider::OpenAi),
        (py.get_type::<PyGeminiResponse>(), Provider::Gemini),
        (py.get_type::<PyPredictResponse>(), Provider::Vertex),
    ];
    let provider = providers.into_iter().find(|(known, _)| class.is(known)).map(|(_, provider)| provider);
    wrapped(py, provider, made, call)
}

/// Vectors, also in the words of OpenAI's reply.
#[pyclass(module = "scouter.genai", name = "OpenAIEmbeddingResponse", extends = PyEmbeddings, frozen)]
#[derive(Debug)]
pub(crate) struct PyOpenAIResponse;

#[pymethods]
impl PyOpenAIResponse {
    /// One entry for each text, in their order.
    #[getter]
    fn data(slf: PyRef<'_, Self>) -> Vec<PyEmbeddingObject> {
        let vectors = slf.as_super().made.vectors.iter().enumerate();
        vectors.map(|(index, embedding)| PyEmbeddingObject { index, embedding: embedding.clone() }).collect()
    }

    /// Tokens; `None` where the server does not say.
    #[getter]
    fn usage(slf: PyRef<'_, Self>) -> Option<PyEmbeddingUsage> {
        let usage = slf.as_super().made.usage?;
        Some(PyEmbeddingUsage { prompt_tokens: usage.input, total_tokens: usage.total() })
    }

    /// What it is: `list`.
    #[getter]
    fn object(&self) -> &'static str {
        "list"
    }
}

/// A vector in the words of OpenAI's reply.
#[pyclass(module = "scouter.genai", name = "EmbeddingObject", frozen, get_all, skip_from_py_object)]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PyEmbeddingObject {
    /// The place of its text, from 0.
    index: usize,
    /// The vector.
    embedding: Vec<f32>,
}

is_data!(PyEmbeddingObject as "EmbeddingObject");

/// Tokens in the words of OpenAI's reply.
#[pyclass(module = "scouter.genai", name = "EmbeddingUsage", frozen, get_all, skip_from_py_object)]
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PyEmbeddingUsage {
    /// Tokens read.
    prompt_tokens: u64,
    /// All tokens, which are the same.
    total_tokens: u64,
}

is_data!(PyEmbeddingUsage as "EmbeddingUsage");

/// Vectors, also in the words of Gemini's reply.
#[pyclass(module = "scouter.genai", name = "GeminiEmbeddingResponse", extends = PyEmbeddings, frozen)]
#[derive(Debug)]
pub(crate) struct PyGeminiResponse;

#[pymethods]
impl PyGeminiResponse {
    /// One entry for each text, in their order.
    #[getter]
    fn embeddings(slf: PyRef<'_, Self>) -> Vec<PyContentEmbedding> {
        let vectors = slf.as_super().made.vectors.iter();
        vectors.map(|values| PyContentEmbedding { values: values.clone() }).collect()
    }
}

/// Vectors, also in the words of Vertex AI's reply.
#[pyclass(module = "scouter.genai", name = "PredictResponse", extends = PyEmbeddings, frozen)]
#[derive(Debug)]
pub(crate) struct PyPredictResponse;

#[pymethods]
impl PyPredictResponse {
    /// One entry for each text, in their order.
    #[getter]
    fn predictions(slf: PyRef<'_, Self>) -> Vec<PyPrediction> {
        let vectors = slf.as_super().made.vectors.iter();
        vectors
            .map(|values| PyPrediction { embeddings: PyContentEmbedding { values: values.clone() } })
            .collect()
    }
}

/// A vector in the words of Vertex AI's reply.
#[pyclass(module = "scouter.genai", name = "Prediction", frozen, get_all, skip_from_py_object)]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PyPrediction {
    /// The vector.
    embeddings: PyContentEmbedding,
}

is_data!(PyPrediction as "Prediction");

/// A vector in the words of Google's replies.
#[pyclass(module = "scouter.genai", name = "ContentEmbedding", frozen, get_all, skip_from_py_object)]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PyContentEmbedding {
    /// The vector.
    values: Vec<f32>,
}

is_data!(PyContentEmbedding as "ContentEmbedding");

/// How alike two texts are, with what it took to find out: what a check gives back, for its result to have both.
#[pyclass(module = "scouter.genai", name = "Likeness", frozen)]
#[derive(Debug)]
pub(crate) struct PyLikeness(pub(crate) Call);
