//! `Embedder`: texts as vectors.

use std::collections::HashSet;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};
use scouter_providers::embed::{Embedder, Embeddings, cosine, embed_all};
use scouter_providers::layers::{Fuse, Limits, Prices, Stack};
use scouter_providers::{Account, CallError, Credential, Environment, Http, Provider, connect_embedder};
use tokio::runtime::Runtime;

use super::embedding_config::{EmbeddingConfig, of_provider};
use super::enums::AnyProvider;
use super::options::PyModelOptions;
use crate::errors;

/// What turns texts into vectors: a model of a provider, or a function.
///
/// Args:
///     provider: Whose model it is: a `Provider`, or its name. Or a function that takes a list of texts and gives a vector for
///         each.
///     config: Which model, and how it is reached: `OpenAIEmbeddingConfig`, also for servers that speak OpenAI's API, or
///         `GeminiEmbeddingConfig`.
///     models: Keys, addresses, timeout, retries and limits, as for judges. Embedders have no budget, cache, cassette or script.
///
/// Raises:
///     ValueError: Where the provider has no embeddings, the configuration is another's, or `models` has what embedders have not.
#[pyclass(module = "scouter.genai", name = "Embedder", frozen)]
#[derive(Debug)]
pub(crate) struct PyEmbedder(Source);

#[derive(Debug)]
enum Source {
    Function(Py<PyAny>),
    Model(Box<Model>),
}

#[derive(Debug)]
struct Model {
    provider: Provider,
    config: EmbeddingConfig,
    options: PyModelOptions,
    /// What asks now, and for which variables of the environment and which process that was made.
    client: Mutex<Option<(Environment, u32, Arc<Client>)>>,
}

#[derive(Debug)]
struct Client {
    runtime: Runtime,
    embedder: Arc<dyn Embedder>,
}

/// How long an embedder that outlives its runs does not ask again who will not answer, such as for a wrong key.
const GIVEN_UP: Duration = Duration::from_mins(1);

/// How often Python is asked whether Ctrl-C was pressed.
const LISTEN: Duration = Duration::from_millis(50);

#[pymethods]
impl PyEmbedder {
    #[new]
    #[pyo3(signature = (provider, config=None, *, models=None))]
    fn new(
        provider: &Bound<'_, PyAny>,
        config: Option<&Bound<'_, PyAny>>,
        models: Option<&Bound<'_, PyModelOptions>>,
    ) -> PyResult<Self> {
        if provider.is_callable() {
            if config.is_some() || models.is_some() {
                return Err(errors::value("a function embeds by itself: leave `config` and `models` out"));
            }
            return Ok(Self(Source::Function(provider.clone().unbind())));
        }
        let provider = provider.extract::<AnyProvider>()?.read()?;
        let config = of_provider(provider, config)?;
        let options = models.map(|models| models.get().clone()).unwrap_or_default();
        options.check_for_embedder()?;
        let model = Model { provider, config, options, client: Mutex::new(None) };
        Ok(Self(Source::Model(Box::new(model))))
    }

    /// The vectors of a text or of several, in their order.
    ///
    /// Raises:
    ///     ModelError: Where no answer came.
    ///     ValueError: Where a text is empty: no provider makes a vector of nothing.
    fn embed(&self, py: Python<'_>, input: &Bound<'_, PyAny>) -> PyResult<PyEmbeddings> {
        self.all(py, texts(input)?).map(PyEmbeddings)
    }

    /// How alike two texts are: the cosine of the angle between their vectors, 1 at most.
    ///
    /// Raises:
    ///     ModelError: Where no answer came.
    ///     ValueError: Where a text is empty, a vector is all zeros, or they differ in length.
    fn similarity(&self, py: Python<'_>, one: String, other: String) -> PyResult<f64> {
        let found = self.all(py, vec![one, other])?;
        let alike = match found.vectors.as_slice() {
            [one, other] => cosine(one, other),
            _ => None,
        };
        alike.ok_or_else(|| {
            errors::value("the vectors cannot be compared: one is all zeros, or they differ in length")
        })
    }

    fn __repr__(&self) -> String {
        match &self.0 {
            Source::Function(_) => "Embedder(a function)".to_owned(),
            Source::Model(model) => format!("Embedder({}/{})", model.provider, model.config.model),
        }
    }

    fn __traverse__(&self, visit: pyo3::PyVisit<'_>) -> Result<(), pyo3::PyTraverseError> {
        match &self.0 {
            Source::Function(function) => visit.call(function),
            Source::Model(_) => Ok(()),
        }
    }
}

impl PyEmbedder {
    /// The vectors of texts, in their order.
    pub(crate) fn all(&self, py: Python<'_>, texts: Vec<String>) -> PyResult<Embeddings> {
        match &self.0 {
            Source::Model(model) => model.embed(py, &texts),
            Source::Function(function) => {
                let wanted = texts.len();
                let given = function.bind(py).call1((texts,))?;
                let vectors = vectors(&given)?;
                if vectors.len() != wanted {
                    return Err(errors::value(format!(
                        "the function gave {} vectors for {wanted} texts",
                        vectors.len()
                    )));
                }
                Ok(Embeddings { vectors, usage: None, model: "function".to_owned() })
            }
        }
    }
}

impl Model {
    fn embed(&self, py: Python<'_>, texts: &[String]) -> PyResult<Embeddings> {
        if let Some(at) = texts.iter().position(|text| text.trim().is_empty()) {
            let which = if texts.len() == 1 { "the text".to_owned() } else { format!("text {at}") };
            return Err(errors::value(format!(
                "{which} is empty: no vector is made of nothing, leave it out"
            )));
        }
        let client = self.client(py)?;
        let found = wait(py, &client.runtime, embed_all(&*client.embedder, texts))?;
        found.map_err(|error| failed(py, &error))
    }

    /// What asks: the same as before, as long as nothing that it was made of has changed. A process that forked has
    /// one of its own.
    fn client(&self, py: Python<'_>) -> PyResult<Arc<Client>> {
        let options = self.options.options(py)?;
        let process = std::process::id();
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((environment, maker, client)) = &*client
            && *environment == options.environment
            && *maker == process
        {
            return Ok(client.clone());
        }
        let http = Http::new(&options.environment);
        let connection = self.config.connection.over(&options.connection);
        let timeout = connection.timeout;
        let account = Account {
            credential: options.keys.get(&self.provider.canonical()).cloned().map(Credential::Key),
            connection,
            ..Account::of(&http, &options.environment)
        };
        let EmbeddingConfig { model, dimensions, task, .. } = &self.config;
        let embedder = connect_embedder(self.provider, account, model, *dimensions, task.clone());
        let embedder = embedder.map_err(|error| errors::value(format!("failed to {error}")))?;
        let limits = Arc::new(Limits::new(&options.limits));
        let mut stack = Stack::new(limits, Arc::new(Prices::builtin()));
        stack.fuse = Arc::new(Fuse::lasting(GIVEN_UP));
        if let Some(timeout) = timeout {
            stack.timeout = timeout;
        }
        if let Some(retries) = options.max_retries {
            stack.backoff.max_retries = retries;
        }
        let embedder = stack.around_embedder(embedder);
        // It has no thread of its own: whoever waits for it drives it.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| errors::sink(&error))?;
        let made = Arc::new(Client { runtime, embedder });
        *client = Some((options.environment, process, made.clone()));
        Ok(made)
    }
}

/// Waits without the interpreter, and listens for Ctrl-C.
fn wait<F>(py: Python<'_>, runtime: &Runtime, future: F) -> PyResult<F::Output>
where
    F: Future + Send,
    F::Output: Send,
{
    py.detach(|| {
        runtime.block_on(async {
            let mut future = pin!(future);
            loop {
                match tokio::time::timeout(LISTEN, &mut future).await {
                    Ok(done) => return Ok(done),
                    Err(_) => Python::attach(|py| {
                        py.check_signals()?;
                        PyResult::Ok(())
                    })?,
                }
            }
        })
    })
}

fn failed(py: Python<'_>, error: &CallError) -> PyErr {
    errors::model(py, &format!("failed to {error}"), py.None().into_bound(py))
}

/// One text, or several.
fn texts(input: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if let Ok(text) = input.cast::<PyString>() {
        return Ok(vec![text.to_string()]);
    }
    input.extract().map_err(|_| PyTypeError::new_err("a text or a list of texts is embedded"))
}

/// Vectors as a function gives them: lists of numbers, or arrays.
fn vectors(given: &Bound<'_, PyAny>) -> PyResult<Vec<Vec<f32>>> {
    let given = if given.hasattr("tolist")? { given.call_method0("tolist")? } else { given.clone() };
    let vector = |row: Bound<'_, PyAny>| -> PyResult<Vec<f32>> {
        let row = if row.hasattr("tolist")? { row.call_method0("tolist")? } else { row };
        row.extract()
    };
    let rows = given.try_iter()?.map(|row| vector(row?)).collect::<PyResult<Vec<_>>>();
    rows.map_err(|error| {
        PyTypeError::new_err(format!("the function must give a list of numbers for each text: {error}"))
    })
}

/// Vectors of texts.
#[pyclass(module = "scouter.genai", name = "Embeddings", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyEmbeddings(Embeddings);

#[pymethods]
impl PyEmbeddings {
    /// One vector for each text, in their order.
    #[getter]
    fn vectors(&self) -> Vec<Vec<f32>> {
        self.0.vectors.clone()
    }

    /// The model that made them.
    #[getter]
    fn model(&self) -> &str {
        &self.0.model
    }

    /// The tokens it took; `None` where the provider does not say.
    #[getter]
    fn input_tokens(&self) -> Option<u64> {
        self.0.usage.map(|usage| usage.input)
    }

    /// How many texts there are.
    fn __len__(&self) -> usize {
        self.0.vectors.len()
    }

    /// The vector of a text, by its place.
    fn __getitem__<'py>(&self, py: Python<'py>, at: isize) -> PyResult<Bound<'py, PyAny>> {
        PyList::new(py, &self.0.vectors)?.as_any().get_item(at)
    }

    fn __repr__(&self) -> String {
        let lengths: HashSet<usize> = self.0.vectors.iter().map(Vec::len).collect();
        let dimensions = lengths.into_iter().max().unwrap_or_default();
        format!(
            "Embeddings({} vectors of {dimensions} numbers, model={:?})",
            self.0.vectors.len(),
            self.0.model
        )
    }
}
