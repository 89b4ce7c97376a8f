//! Messages in the words of each provider.

use pyo3::prelude::*;
use scouter_providers::chat::{Message, Role};
use scouter_providers::{anthropic, gemini, openai};
use scouter_tasks::value::to_value;
use serde::{Deserialize, Serialize};

use super::prompt::PyPrompt;
use crate::convert::PyJson;
use crate::data::wraps;
use crate::errors;

/// A message as two of the providers write it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Worded {
    role: String,
    content: serde_json::Value,
}

/// A message as Google writes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parted {
    role: String,
    parts: serde_json::Value,
}

/// A message as OpenAI writes it.
#[pyclass(module = "scouter.genai", name = "ChatMessage", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyChatMessage(Worded);

wraps!(PyChatMessage(Worded) as "ChatMessage");

#[pymethods]
impl PyChatMessage {
    /// Who says it: `system`, `user` or `assistant`.
    #[getter]
    fn role(&self) -> &str {
        &self.0.role
    }

    /// What it says: a text, or a list of parts as dicts.
    #[getter]
    fn content(&self) -> PyResult<PyJson> {
        to_value(&self.0.content).map(PyJson).map_err(errors::value)
    }
}

/// A message as Anthropic writes it.
#[pyclass(module = "scouter.genai", name = "MessageParam", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyMessageParam(Worded);

wraps!(PyMessageParam(Worded) as "MessageParam");

#[pymethods]
impl PyMessageParam {
    /// Who says it: `user` or `assistant`.
    #[getter]
    fn role(&self) -> &str {
        &self.0.role
    }

    /// What it says: a text, or a list of blocks as dicts.
    #[getter]
    fn content(&self) -> PyResult<PyJson> {
        to_value(&self.0.content).map(PyJson).map_err(errors::value)
    }
}

/// A message as Gemini and Vertex write it.
#[pyclass(module = "scouter.genai", name = "GeminiContent", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyGeminiContent(Parted);

wraps!(PyGeminiContent(Parted) as "GeminiContent");

#[pymethods]
impl PyGeminiContent {
    /// Who says it: `user` or `model`.
    #[getter]
    fn role(&self) -> &str {
        &self.0.role
    }

    /// What it says, as a list of dicts.
    #[getter]
    fn parts(&self) -> PyResult<PyJson> {
        to_value(&self.0.parts).map(PyJson).map_err(errors::value)
    }
}

/// Each message of a prompt in somebody's words.
fn worded<T: for<'de> Deserialize<'de>>(
    messages: impl Iterator<Item = serde_json::Value>,
) -> PyResult<Vec<T>> {
    messages.map(|message| serde_json::from_value(message).map_err(errors::value)).collect()
}

#[pymethods]
impl PyPrompt {
    /// The messages as OpenAI writes them, templates as they stand.
    #[getter]
    fn openai_messages(&self) -> PyResult<Vec<PyChatMessage>> {
        Ok(worded(self.0.messages.iter().map(openai::message))?.into_iter().map(PyChatMessage).collect())
    }

    /// The last of them.
    #[getter]
    fn openai_message(&self) -> PyResult<Option<PyChatMessage>> {
        Ok(self.openai_messages()?.pop())
    }

    /// The messages as Anthropic writes them, templates as they stand. Instructions have a place of their own there, and are not among
    /// them.
    #[getter]
    fn anthropic_messages(&self) -> PyResult<Vec<PyMessageParam>> {
        Ok(worded(self.said().map(anthropic::message))?.into_iter().map(PyMessageParam).collect())
    }

    /// The last of them.
    #[getter]
    fn anthropic_message(&self) -> PyResult<Option<PyMessageParam>> {
        Ok(self.anthropic_messages()?.pop())
    }

    /// The messages as Gemini and Vertex write them, templates as they stand. Instructions have a place of their own there, and are not
    /// among them.
    #[getter]
    fn gemini_messages(&self) -> PyResult<Vec<PyGeminiContent>> {
        Ok(worded(self.said().map(gemini::message))?.into_iter().map(PyGeminiContent).collect())
    }

    /// The last of them.
    #[getter]
    fn gemini_message(&self) -> PyResult<Option<PyGeminiContent>> {
        Ok(self.gemini_messages()?.pop())
    }
}

impl PyPrompt {
    /// What is said by the user and the model.
    fn said(&self) -> impl Iterator<Item = &Message> {
        self.0.messages.iter().filter(|message| message.role != Role::System)
    }
}
