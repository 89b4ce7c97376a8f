//! Plain enumerations.

use pyo3::prelude::*;
use scouter_providers::chat::Role;
use scouter_providers::{Provider, UnknownProvider};
use scouter_tasks::with_nearest;

use crate::convert::one_of;
use crate::errors;
use crate::evaluate::by_name;

/// Whose model is asked.
#[pyclass(module = "scouter.genai", name = "Provider", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyProvider {
    /// OpenAI, and everything that speaks its API at another address.
    OpenAI,
    /// Gemini, by the Gemini API.
    Gemini,
    /// Gemini, by Google Cloud's Vertex AI.
    Vertex,
    /// Another name for `Gemini`.
    Google,
    /// Anthropic.
    Anthropic,
    /// Not said.
    Undefined,
}

by_name!(PyProvider { OpenAI, Gemini, Vertex, Google, Anthropic, Undefined });

impl From<PyProvider> for Provider {
    fn from(provider: PyProvider) -> Self {
        match provider {
            PyProvider::OpenAI => Self::OpenAi,
            PyProvider::Gemini => Self::Gemini,
            PyProvider::Vertex => Self::Vertex,
            PyProvider::Google => Self::Google,
            PyProvider::Anthropic => Self::Anthropic,
            PyProvider::Undefined => Self::Undefined,
        }
    }
}

impl From<Provider> for PyProvider {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::OpenAi => Self::OpenAI,
            Provider::Gemini => Self::Gemini,
            Provider::Vertex => Self::Vertex,
            Provider::Google => Self::Google,
            Provider::Anthropic => Self::Anthropic,
            Provider::Undefined => Self::Undefined,
        }
    }
}

one_of! {
    /// A provider as an argument: itself, or its name in any case.
    pub(super) enum AnyProvider {
        Itself(PyProvider),
        Name(String),
    }
}

impl AnyProvider {
    pub(super) fn read(self) -> PyResult<Provider> {
        match self {
            Self::Itself(provider) => Ok(provider.into()),
            Self::Name(name) => {
                name.parse().map_err(|error: UnknownProvider| errors::value(with_nearest(error.to_string())))
            }
        }
    }
}

/// Who says a message.
#[pyclass(module = "scouter.genai", name = "Role", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyRole {
    /// The user.
    User,
    /// The model.
    Assistant,
    /// Instructions, as OpenAI calls them now.
    Developer,
    /// A tool; not part of prompts.
    Tool,
    /// The model, as Google calls it.
    Model,
    /// Instructions.
    System,
}

by_name!(PyRole { User, Assistant, Developer, Tool, Model, System });

#[pymethods]
impl PyRole {
    /// The role as providers write it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a method of a Python class takes a reference")]
    fn as_str(&self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Developer => "developer",
            Self::Tool => "tool",
            Self::Model => "model",
            Self::System => "system",
        }
    }
}

impl From<Role> for PyRole {
    fn from(role: Role) -> Self {
        match role {
            Role::System => Self::System,
            Role::User => Self::User,
            Role::Assistant => Self::Assistant,
        }
    }
}

one_of! {
    /// A role as an argument: itself, or its name.
    pub(super) enum AnyRole {
        Itself(PyRole),
        Name(String),
    }
}

impl AnyRole {
    pub(super) fn read(&self) -> PyResult<Role> {
        let name = match self {
            Self::Itself(role) => role.as_str().to_owned(),
            Self::Name(name) => name.to_lowercase(),
        };
        match name.as_str() {
            "user" => Ok(Role::User),
            "assistant" | "model" => Ok(Role::Assistant),
            "system" | "developer" => Ok(Role::System),
            _ => Err(errors::value(format!(
                "`{name}` says nothing in a prompt: `user`, `assistant` and `system` do"
            ))),
        }
    }
}

/// What the form of a prompt's answer is.
#[pyclass(module = "scouter.genai", name = "ResponseType", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyResponseType {
    /// A `Score`.
    Score,
    /// Another form: a rubric, labels, a preference, a pydantic model, a dataclass or a JSON Schema.
    Pydantic,
    /// Free text.
    Null,
}

by_name!(PyResponseType { Score, Pydantic, Null });
