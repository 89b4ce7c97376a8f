//! How a model answers, and how it is reached: `ModelSettings` and the providers' own.

use std::collections::BTreeMap;
use std::time::Duration;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};
use scouter_providers::chat::Settings;
use scouter_providers::openai::OpenAiApi;
use scouter_providers::{Connection, Secret, check_address};
use scouter_tasks::value::{Map, Value, from_value, to_value};

use super::output::json;
use super::secrets::{beside, connects, together};
use crate::data::{Data, Pickled, data_methods};
use crate::errors;
use crate::evaluate::{Seconds, seconds};

/// What stands in settings: how to answer, and how to reach the provider.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parts {
    pub(super) settings: Settings,
    pub(super) connection: Connection,
}

impl Parts {
    /// As files write it; headers and proxy are in no file.
    fn to_value(&self) -> PyResult<Value> {
        let settings = to_value(&self.settings).map_err(errors::value)?;
        let connection = to_value(&self.connection).map_err(errors::value)?;
        Ok(together([&settings, &connection]))
    }
}

/// A connection from arguments.
pub(super) fn connection(
    base_url: Option<String>,
    timeout: Option<Seconds>,
    headers: Option<BTreeMap<String, String>>,
    proxy: Option<String>,
) -> PyResult<Connection> {
    let timeout: Option<Duration> =
        timeout.map(seconds).transpose().map_err(|why| errors::value(format!("`timeout`: {why}")))?;
    if let Some(url) = &base_url {
        check_address(url).map_err(|why| errors::value(format!("`base_url` {why}")))?;
    }
    let headers = headers.unwrap_or_default();
    Ok(Connection {
        base_url,
        timeout,
        headers: headers.into_iter().map(|(name, value)| (name, Secret::new(&value))).collect(),
        proxy: proxy.as_deref().map(Secret::new),
    })
}

/// One of OpenAI's APIs, by its name.
fn of_openai(api: &str) -> PyResult<OpenAiApi> {
    serde_json::from_value(api.into())
        .map_err(|_| errors::value(format!("`api` must be `completions` or `responses`, and is `{api}`")))
}

/// Headers as they were given.
pub(super) fn revealed(headers: &BTreeMap<String, Secret>) -> BTreeMap<String, String> {
    headers.iter().map(|(name, value)| (name.clone(), value.reveal().to_owned())).collect()
}

/// What is no finite number has no form in a request.
fn finite(name: &str, number: Option<f64>) -> PyResult<Option<f64>> {
    match number {
        Some(number) if !number.is_finite() => {
            Err(errors::value(format!("`{name}` must be a finite number, and is {number}")))
        }
        number => Ok(number),
    }
}

/// A class of settings with the provider's own names.
macro_rules! settings {
    ($(#[$doc:meta])* $class:ident as $name:literal, $max_tokens:ident, $stop:ident) => {
        $(#[$doc])*
        ///
        /// Args:
        ///     temperature: How freely tokens are drawn, from 0.
        ///     top_p: Tokens are drawn from the likeliest that together have this probability.
        ///     top_k: Tokens are drawn from this many likeliest.
        #[doc = concat!("    ", stringify!($max_tokens), ": The longest reply, in tokens.")]
        ///     seed: A seed, where the provider has such a thing.
        #[doc = concat!("    ", stringify!($stop), ": Texts at which the reply ends.")]
        ///     logprobs: Whether to say how likely each token was, where the provider does.
        ///     api: By which of OpenAI's APIs it is asked: `"completions"`, which compatible servers speak too, or `"responses"`. No
        ///         other provider has a choice.
        ///     reasoning_effort: How much the model thinks, in the provider's words, such as `low`.
        ///     extra: Whatever else the provider knows, merged into the body of the request as it stands.
        ///     base_url: The address of the API, where it is not the provider's own.
        ///     timeout: How many seconds one attempt may take.
        ///     headers: Headers to send. They may hold keys, and are written into no file.
        ///     proxy: The address of a proxy; written into no file.
        ///
        /// What is written as JSON is without headers and proxy.
        #[pyclass(module = "scouter.genai", name = $name, frozen, skip_from_py_object)]
        #[derive(Clone, Debug, PartialEq)]
        pub(crate) struct $class(Parts);

        #[pymethods]
        impl $class {
            #[new]
            #[pyo3(signature = (
                *, temperature=None, top_p=None, top_k=None, $max_tokens=None, seed=None, $stop=None,
                logprobs=None, api=None, reasoning_effort=None, extra=None, base_url=None, timeout=None, headers=None, proxy=None,
            ))]
            #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
            fn new(
                temperature: Option<f64>,
                top_p: Option<f64>,
                top_k: Option<u32>,
                $max_tokens: Option<u32>,
                seed: Option<i64>,
                $stop: Option<Vec<String>>,
                logprobs: Option<bool>,
                api: Option<&str>,
                reasoning_effort: Option<String>,
                extra: Option<Bound<'_, PyDict>>,
                base_url: Option<String>,
                timeout: Option<Seconds>,
                headers: Option<BTreeMap<String, String>>,
                proxy: Option<String>,
            ) -> PyResult<Self> {
                let extra = extra.map(|extra| json(extra.as_any())).transpose()?;
                let settings = Settings {
                    temperature: finite("temperature", temperature)?,
                    top_p: finite("top_p", top_p)?,
                    top_k,
                    max_tokens: $max_tokens,
                    seed,
                    stop: $stop.unwrap_or_default(),
                    logprobs,
                    api: api.map(of_openai).transpose()?,
                    reasoning_effort,
                    extra: match extra {
                        Some(serde_json::Value::Object(extra)) => extra,
                        _ => serde_json::Map::new(),
                    },
                };
                Ok(Self(Parts { settings, connection: connection(base_url, timeout, headers, proxy)? }))
            }
        }

        impl $class {
            fn written(&self) -> PyResult<Value> {
                self.0.to_value()
            }

            fn read(own: &Value, connection: Connection) -> Result<Self, String> {
                let settings = from_value(own).map_err(|error| error.to_string())?;
                Ok(Self(Parts { settings, connection }))
            }
        }

        connects!($class as $name);
    };
}

settings!(
    /// How a model of OpenAI, or of a server that speaks its API, answers.
    PyOpenAISettings as "OpenAIChatSettings", max_completion_tokens, stop
);
settings!(
    /// How a model of Google answers.
    PyGeminiSettings as "GeminiSettings", max_output_tokens, stop_sequences
);
settings!(
    /// How a model of Anthropic answers.
    PyAnthropicSettings as "AnthropicSettings", max_tokens, stop_sequences
);

/// How a model answers, whoever's it is.
///
/// Args:
///     settings: The settings of a provider.
///
/// What is written as JSON is without headers and proxy, and names the class of the settings (`settings_type`).
#[pyclass(module = "scouter.genai", name = "ModelSettings", frozen, skip_from_py_object)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PyModelSettings(pub(super) AnySettings);

/// The settings of a provider.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum AnySettings {
    OpenAI(PyOpenAISettings),
    Gemini(PyGeminiSettings),
    Anthropic(PyAnthropicSettings),
}

impl AnySettings {
    pub(super) fn parts(&self) -> &Parts {
        match self {
            Self::OpenAI(settings) => &settings.0,
            Self::Gemini(settings) => &settings.0,
            Self::Anthropic(settings) => &settings.0,
        }
    }

    /// The name of their class.
    fn class(&self) -> &'static str {
        match self {
            Self::OpenAI(_) => PyOpenAISettings::NAME,
            Self::Gemini(_) => PyGeminiSettings::NAME,
            Self::Anthropic(_) => PyAnthropicSettings::NAME,
        }
    }

    /// The settings of a prompt, as its provider's class has them.
    pub(super) fn of(provider: scouter_providers::Provider, parts: Parts) -> Self {
        use scouter_providers::Provider;
        match provider {
            Provider::OpenAi | Provider::Undefined => Self::OpenAI(PyOpenAISettings(parts)),
            Provider::Gemini | Provider::Google | Provider::Vertex => Self::Gemini(PyGeminiSettings(parts)),
            Provider::Anthropic => Self::Anthropic(PyAnthropicSettings(parts)),
        }
    }

    /// Any of the classes, as an argument.
    pub(super) fn read(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(settings) = given.cast::<PyModelSettings>() {
            return Ok(settings.get().0.clone());
        }
        if let Ok(settings) = given.cast::<PyOpenAISettings>() {
            return Ok(Self::OpenAI(settings.get().clone()));
        }
        if let Ok(settings) = given.cast::<PyGeminiSettings>() {
            return Ok(Self::Gemini(settings.get().clone()));
        }
        if let Ok(settings) = given.cast::<PyAnthropicSettings>() {
            return Ok(Self::Anthropic(settings.get().clone()));
        }
        let class = given.get_type().fully_qualified_name()?;
        Err(PyTypeError::new_err(format!(
            "`{class}` is not settings: expected OpenAIChatSettings, GeminiSettings, AnthropicSettings or ModelSettings"
        )))
    }
}

#[pymethods]
impl PyModelSettings {
    #[new]
    fn new(settings: &Bound<'_, PyAny>) -> PyResult<Self> {
        AnySettings::read(settings).map(Self)
    }

    /// The settings of the provider.
    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(match &self.0 {
            AnySettings::OpenAI(settings) => Bound::new(py, settings.clone())?.into_any(),
            AnySettings::Gemini(settings) => Bound::new(py, settings.clone())?.into_any(),
            AnySettings::Anthropic(settings) => Bound::new(py, settings.clone())?.into_any(),
        })
    }

    /// The class of the settings.
    fn settings_type<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyType>> {
        Ok(self.settings(py)?.get_type())
    }
}

/// The name of the settings' class, in JSON.
const TYPE: &str = "settings_type";

impl Data for PyModelSettings {
    const NAME: &'static str = "ModelSettings";

    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        let class = Value::map([(TYPE, Value::from(self.0.class()))]);
        Ok(together([&class, &self.0.parts().to_value()?]))
    }

    fn compared(&self, py: Python<'_>) -> PyResult<Value> {
        Ok(beside(self.to_value(py)?, &self.0.parts().connection))
    }

    fn from_value(py: Python<'_>, value: &Value) -> PyResult<Self> {
        let entries = value.as_map().into_iter().flat_map(Map::iter).filter(|(key, _)| key.as_str() != TYPE);
        let own = Value::map(entries.map(|(key, value)| (key.clone(), value.clone())));
        let settings = match value.get(TYPE).and_then(Value::as_text).unwrap_or_default() {
            PyOpenAISettings::NAME => PyOpenAISettings::from_value(py, &own).map(AnySettings::OpenAI),
            PyGeminiSettings::NAME => PyGeminiSettings::from_value(py, &own).map(AnySettings::Gemini),
            PyAnthropicSettings::NAME => {
                PyAnthropicSettings::from_value(py, &own).map(AnySettings::Anthropic)
            }
            other => Err(errors::value(format!(
                "not a `ModelSettings`: its `{TYPE}` is `{other}`, and must be `{}`, `{}` or `{}`",
                PyOpenAISettings::NAME,
                PyGeminiSettings::NAME,
                PyAnthropicSettings::NAME,
            ))),
        };
        settings.map(Self)
    }

    fn pickled<'py>(&self, py: Python<'py>) -> PyResult<Pickled<'py>> {
        Ok((py.get_type::<Self>().into_any(), (self.settings(py)?,).into_pyobject(py)?))
    }
}

data_methods!(PyModelSettings);
