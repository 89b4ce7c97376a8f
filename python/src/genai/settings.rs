//! How a model answers, and how it is reached: `ModelSettings` and the providers' own.

use std::collections::BTreeMap;
use std::time::Duration;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};
use scouter_providers::chat::Settings;
use scouter_providers::openai::OpenAiApi;
use scouter_providers::{Connection, Secret, check_address};
use scouter_tasks::value::{Map, Value, to_value};

use super::output::json;
use crate::convert::PyJson;
use crate::errors;
use crate::evaluate::seconds;

/// What stands in settings: how to answer, and how to reach the provider.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parts {
    pub(super) settings: Settings,
    pub(super) connection: Connection,
}

impl Parts {
    /// As files write it; headers and proxy are in no file.
    fn to_value(&self) -> PyResult<Value> {
        let mut entries = Vec::new();
        for part in [to_value(&self.settings), to_value(&self.connection)] {
            let part = part.map_err(errors::value)?;
            let part = part.as_map().into_iter().flat_map(Map::iter);
            entries.extend(part.map(|(key, value)| (key.clone(), value.clone())));
        }
        Ok(Value::map(entries))
    }

    fn arguments<'py>(&self, py: Python<'py>, names: &Names) -> PyResult<Bound<'py, PyDict>> {
        let arguments = PyDict::new(py);
        let value = to_value(&self.settings).map_err(errors::value)?;
        for (name, value) in value.as_map().into_iter().flat_map(Map::iter) {
            let name = match name.as_str() {
                "max_tokens" => names.max_tokens,
                "stop" => names.stop,
                other => other,
            };
            arguments.set_item(name, PyJson(value.clone()))?;
        }
        let Connection { base_url, timeout, headers, proxy } = &self.connection;
        arguments.set_item("base_url", base_url)?;
        arguments.set_item("timeout", timeout.map(|timeout| timeout.as_secs_f64()))?;
        arguments.set_item("headers", revealed(headers))?;
        arguments.set_item("proxy", proxy.as_ref().map(Secret::reveal))?;
        Ok(arguments)
    }
}

/// A connection from arguments.
pub(super) fn connection(
    base_url: Option<String>,
    timeout: Option<f64>,
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

/// The provider's own names.
struct Names {
    max_tokens: &'static str,
    stop: &'static str,
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
        #[pyclass(module = "scouter.genai", name = $name, frozen, eq, skip_from_py_object)]
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
                timeout: Option<f64>,
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

            /// The settings as a dict, without headers and proxy.
            fn model_dump(&self) -> PyResult<PyJson> {
                self.0.to_value().map(PyJson)
            }

            /// The settings as JSON text, without headers and proxy.
            fn model_dump_json(&self) -> PyResult<String> {
                Ok(self.0.to_value()?.to_string())
            }

            fn __repr__(&self) -> PyResult<String> {
                Ok(format!("{}({})", $name, self.0.to_value()?))
            }

            fn __getnewargs_ex__<'py>(
                &self,
                py: Python<'py>,
            ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
                let names = Names { max_tokens: stringify!($max_tokens), stop: stringify!($stop) };
                Ok((PyTuple::empty(py), self.0.arguments(py, &names)?))
            }
        }
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
#[pyclass(module = "scouter.genai", name = "ModelSettings", frozen, eq, skip_from_py_object)]
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

    /// The settings as a dict, without headers and proxy.
    fn model_dump(&self) -> PyResult<PyJson> {
        self.0.parts().to_value().map(PyJson)
    }

    /// The settings as JSON text, without headers and proxy.
    fn model_dump_json(&self) -> PyResult<String> {
        Ok(self.0.parts().to_value()?.to_string())
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("ModelSettings({})", self.0.parts().to_value()?))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyType>, (Bound<'py, PyAny>,))> {
        Ok((py.get_type::<Self>(), (self.settings(py)?,)))
    }
}
