//! `Prompt`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};
use scouter_providers::Provider;
use scouter_providers::chat::{Message, OutputSchema, Role};
use scouter_providers::prompt::{NamedOutput, OutputType, Prompt, PromptErrors};
use scouter_tasks::report::save_text;
use scouter_tasks::suite::{meant_in_braces, read_value};
use scouter_tasks::task::{ConfigError, Problem};
use scouter_tasks::value::{Value, from_value, pretty, to_value};

use super::enums::{AnyProvider, PyProvider, PyResponseType};
use super::message::{PyMessage, messages};
use super::output::{json, output_type};
use super::settings::{AnySettings, Parts, PyModelSettings};
use crate::data::{Data, Pickled, data_methods};
use crate::errors;

/// A question to a model, with places to fill in.
///
/// All texts, and the URLs of images, are templates: `${query}` and `${response.text}` are filled in with values, texts
/// as they are and anything else as JSON; what is filled in is not looked at again. `$${` stands for a plain `${`.
///
/// Args:
///     messages: A text, which the user says, a `Message`, a message in a provider's words, such as a `ChatMessage`, or a list
///         of them.
///     model: The model, as the provider calls it.
///     provider: Whose model it is: a `Provider`, or its name.
///     system_instructions: Instructions that go before the messages.
///     model_settings: How to answer, and how to reach the provider.
///     output_type: The form of the answer: `Score`, a `Rubric`, `Labels`, `Preference`, a pydantic model, a dataclass,
///         or a JSON Schema as a dict. Free text where there is none. Templates show what a rubric or labels ask for as
///         `${rubric}` and `${labels}`.
///
/// `Prompt[Score]` is for annotations, and says what its replies are made into. It checks nothing: `output_type` does.
///
/// Raises:
///     ConfigError: Where a template or the schema is wrong; `problems` lists all that is.
#[pyclass(module = "scouter.genai", name = "Prompt", skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyPrompt(pub(crate) Prompt);

impl Data for PyPrompt {
    const NAME: &'static str = "Prompt";

    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        to_value(&self.0).map_err(errors::value)
    }

    fn from_value(py: Python<'_>, value: &Value) -> PyResult<Self> {
        let prompt = from_value(value).map_err(|error| errors::value(format!("not a `Prompt`: {error}")))?;
        checked(py, prompt)
    }

    /// With headers and proxy, which are in no file.
    fn pickled<'py>(&self, py: Python<'py>) -> PyResult<Pickled<'py>> {
        let read = py.get_type::<Self>().getattr("_unpickled")?;
        let json = self.to_value(py)?.to_string();
        Ok((read, (json, self.model_settings()).into_pyobject(py)?))
    }
}

data_methods!(PyPrompt);

/// A prompt that compiles.
fn checked(py: Python<'_>, prompt: Prompt) -> PyResult<PyPrompt> {
    prompt.compile().map_err(|errors| wrong(py, &errors))?;
    Ok(PyPrompt(prompt))
}

fn wrong(py: Python<'_>, errors: &PromptErrors) -> PyErr {
    let problem = |problem: &scouter_providers::prompt::PromptProblem| Problem {
        task: None,
        field: Some(problem.place.clone()),
        message: format!("the prompt's `{}`: {}", problem.place, problem.why),
    };
    errors::config(py, &ConfigError { problems: errors.problems().iter().map(problem).collect() })
}

#[pymethods]
impl PyPrompt {
    #[new]
    #[pyo3(signature = (messages, model, provider, system_instructions=None, model_settings=None, output_type=None))]
    fn new(
        messages: &Bound<'_, PyAny>,
        model: String,
        provider: AnyProvider,
        system_instructions: Option<&Bound<'_, PyAny>>,
        model_settings: Option<&Bound<'_, PyAny>>,
        output_type: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let Parts { settings, connection } = match model_settings {
            Some(given) => AnySettings::read(given)?.parts().clone(),
            None => Parts::default(),
        };
        let prompt = Prompt {
            model,
            provider: provider.read()?,
            messages: self::messages(messages, Role::User)?,
            system_instructions: system_instructions
                .map_or_else(|| Ok(Vec::new()), |given| self::messages(given, Role::System))?,
            settings,
            connection,
            output_type: output_type.map(self::output_type).transpose()?,
            bound: serde_json::Map::new(),
        };
        checked(messages.py(), prompt)
    }

    /// The class with the type of its answers, for annotations: `Prompt[Score]`.
    #[classmethod]
    fn __class_getitem__<'py>(
        cls: &Bound<'py, PyType>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        cls.py().import("types")?.getattr("GenericAlias")?.call1((cls, key))
    }

    /// The model, as the provider calls it.
    #[getter]
    fn model(&self) -> &str {
        &self.0.model
    }

    /// Whose model it is.
    #[getter]
    fn provider(&self) -> PyProvider {
        self.0.provider.into()
    }

    /// Provider and model in one, such as `gemini/gemini-2.5-flash-lite`: the name in tables of prices.
    #[getter]
    fn model_identifier(&self) -> String {
        format!("{}/{}", self.0.provider, self.0.model)
    }

    /// How to answer.
    #[getter]
    fn model_settings(&self) -> PyModelSettings {
        let parts = Parts { settings: self.0.settings.clone(), connection: self.0.connection.clone() };
        PyModelSettings(AnySettings::of(self.0.provider, parts))
    }

    /// What is said, without the instructions.
    #[getter]
    fn messages(&self) -> Vec<PyMessage> {
        shown(&self.0.messages)
    }

    /// The last of the messages.
    #[getter]
    fn message(&self) -> Option<PyMessage> {
        self.0.messages.last().cloned().map(PyMessage)
    }

    /// The instructions that go before the messages.
    #[getter]
    fn system_instructions(&self) -> Vec<PyMessage> {
        shown(&self.0.system_instructions)
    }

    /// All that is said, the instructions first.
    #[getter]
    fn all_messages(&self) -> Vec<PyMessage> {
        self.0.all_messages().cloned().map(PyMessage).collect()
    }

    /// The names that must be given, sorted. What is bound is not among them.
    #[getter]
    fn parameters(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let compiled = self.0.compile().map_err(|errors| wrong(py, &errors))?;
        Ok(compiled.parameters().into_iter().map(str::to_owned).collect())
    }

    /// What the form of the answer is.
    #[getter]
    fn response_type(&self) -> PyResponseType {
        match &self.0.output_type {
            None => PyResponseType::Null,
            Some(OutputType::Named(NamedOutput::Score)) => PyResponseType::Score,
            Some(_) => PyResponseType::Pydantic,
        }
    }

    /// The JSON Schema of the answer, as text.
    #[getter]
    fn response_json_schema(&self) -> PyResult<Option<String>> {
        Ok(self.schema()?.map(|schema| schema.schema().to_string()))
    }

    /// The same over many lines.
    #[getter]
    fn response_json_schema_pretty(&self) -> PyResult<Option<String>> {
        let Some(schema) = self.schema()? else { return Ok(None) };
        to_value(schema.schema()).map(|value| Some(pretty(&value))).map_err(errors::value)
    }

    /// The same prompt with values given: one by its name, or several by keyword.
    #[pyo3(signature = (name=None, value=None, **kwargs: "object"))]
    fn bind(
        &self,
        name: Option<&Bound<'_, PyString>>,
        value: Option<&Bound<'_, PyAny>>,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let mut bound = self.clone();
        bound.bind_mut(name, value, kwargs)?;
        Ok(bound)
    }

    /// Gives values to this prompt: one by its name, or several by keyword.
    #[pyo3(signature = (name=None, value=None, **kwargs: "object"))]
    fn bind_mut(
        &mut self,
        name: Option<&Bound<'_, PyString>>,
        value: Option<&Bound<'_, PyAny>>,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let mut given = Vec::new();
        match (name, value) {
            (Some(name), Some(value)) => given.push((name.to_string(), json(value)?)),
            (Some(name), None) => {
                return Err(errors::value(format!("`{name}` is bound to nothing: give a value")));
            }
            (None, Some(_)) => return Err(errors::value("a value without a name: give its name first")),
            (None, None) => {}
        }
        for (name, value) in kwargs.into_iter().flat_map(PyDictMethods::iter) {
            given.push((name.extract::<String>()?, json(&value)?));
        }
        if given.is_empty() {
            return Err(errors::value(
                "there is nothing to bind: give a name and a value, or values by keyword",
            ));
        }
        self.0.bound.extend(given);
        Ok(())
    }

    /// Writes the prompt as JSON, without headers and proxy, and says where.
    ///
    /// Args:
    ///     path: The file; `prompt.json` where there is none.
    #[pyo3(signature = (path=None))]
    fn save_prompt(&self, py: Python<'_>, path: Option<PathBuf>) -> PyResult<PathBuf> {
        let path = path.unwrap_or_else(|| PathBuf::from("prompt.json"));
        let text = pretty(&self.to_value(py)?);
        let written = py.detach(|| save_text(&path, &(text + "\n")));
        written.map_err(|error| errors::file(py, &error, &path))?;
        Ok(path)
    }

    /// Reads a prompt from a file: JSON, YAML or TOML, as its suffix says.
    ///
    /// Raises:
    ///     ConfigError: Where it cannot be read or is no prompt.
    #[staticmethod]
    fn from_path(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let read = py.detach(|| {
            let value = read_value(&path)?;
            from_value(&value).map_err(|error| format!("`{}` is no prompt: {error}", path.display()))
        });
        checked(py, read.map_err(|why| errors::config(py, &ConfigError::general(why)))?)
    }

    /// The prompt as somebody answers it: of the provider where the prompt names none, with instructions that go before
    /// its own, in the form where it has none.
    fn _under(
        &self,
        py: Python<'_>,
        provider: PyProvider,
        instructions: Vec<PyRef<'_, PyMessage>>,
        output_type: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut prompt = self.0.clone();
        if prompt.provider == Provider::Undefined {
            prompt.provider = provider.into();
        }
        let before = instructions.iter().map(|message| message.0.clone());
        prompt.system_instructions = before.chain(prompt.system_instructions).collect();
        if prompt.output_type.is_none() {
            prompt.output_type = output_type.map(self::output_type).transpose()?;
        }
        checked(py, prompt)
    }

    /// What to write for names that stand in its texts in braces, as plain text: those that are bound, and these.
    fn _in_braces(&self, names: Vec<String>) -> Option<String> {
        let known: BTreeSet<String> = self.0.bound.keys().cloned().chain(names).collect();
        meant_in_braces(&self.0, |name| name.split('.').next().is_some_and(|first| known.contains(first)))
    }

    /// Makes the prompt of a pickle again.
    #[staticmethod]
    fn _unpickled(json_string: &str, settings: &PyModelSettings, py: Python<'_>) -> PyResult<Self> {
        let mut prompt: Self = crate::data::from_text(py, json_string)?;
        prompt.0.connection = settings.0.parts().connection.clone();
        Ok(prompt)
    }
}

impl PyPrompt {
    fn schema(&self) -> PyResult<Option<OutputSchema>> {
        self.0.output_type.as_ref().map(OutputType::schema).transpose().map_err(errors::value)
    }
}

fn shown(messages: &[Message]) -> Vec<PyMessage> {
    messages.iter().cloned().map(PyMessage).collect()
}
