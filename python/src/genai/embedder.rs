//! `Embedder`: texts as vectors.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::PyString;
use scouter_providers::embed::{EmbedRequest, Embeddings, cosine};
use scouter_providers::layers::Cassette;
use scouter_providers::{CallError, Environment, Provider};
use scouter_tasks::call::Call;
use scouter_tasks::models::{Embedder, Lasting};
use scouter_tasks::value::{Value, to_json};
use tokio::runtime::Runtime;

use super::call::PyBudgetUse;
use super::embedding_config::{EmbeddingConfig, of_provider};
use super::embeddings::{PyEmbeddings, PyLikeness, wrapped};
use super::enums::AnyProvider;
use super::options::PyModelOptions;
use super::predict::{Asked, PyPredictRequest};
use crate::errors;
use crate::run::{Tracing, warn};

/// What turns texts into vectors: a model of a provider, or a function.
///
/// Args:
///     provider: Whose model it is: a `Provider`, or its name. Or a function that takes a list of texts and gives a vector for
///         each.
///     config: Which model, and how it is reached: `OpenAIEmbeddingConfig`, also for servers that speak OpenAI's API, or
///         `GeminiEmbeddingConfig`, for Gemini and Vertex AI.
///     models: How it is asked, as for judges: keys, addresses, timeout, retries, limits, cache, cassette, budget, prices. The budget
///         is for all that this embedder ever does. There is no script: give a function instead.
///
/// Raises:
///     ValueError: Where the provider has no embeddings, the configuration is another's, or `models` has a script.
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
    /// Budget and limits, whatever becomes of who asks.
    lasting: Arc<Lasting>,
    /// What asks now, and for which variables of the environment and which process that was made.
    client: Mutex<Option<(Environment, u32, Arc<Client>)>>,
}

#[derive(Debug)]
struct Client {
    runtime: Runtime,
    embedder: Embedder,
}

/// Vectors, and what it took to make them, where a model was asked.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) embeddings: Embeddings,
    pub(crate) call: Option<Call>,
}

/// Why there are no vectors.
#[derive(Debug)]
pub(crate) enum Failed {
    /// A call brought no answer, with what it took all the same.
    Call(Box<(CallError, Option<Call>)>),
    /// Python says so.
    Raised(PyErr),
}

impl From<PyErr> for Failed {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

impl Failed {
    /// The exception; it carries what the call took, for the result of the check that made it.
    pub(crate) fn raise(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Raised(error) => error,
            Self::Call(failed) => {
                let (error, call) = *failed;
                let raised = errors::model(py, &format!("failed to {error}"), py.None().into_bound(py));
                if let Some(call) = call {
                    // Where it finds no place, the error is told all the same.
                    let _ = raised.value(py).setattr(ACCOUNT, to_json(&call.to_value()));
                }
                raised
            }
        }
    }
}

/// The attribute of an exception that says, as JSON, what a call took.
pub(crate) const ACCOUNT: &str = "_account";

/// How often Python is asked whether Ctrl-C was pressed.
const LISTEN: Duration = Duration::from_millis(50);

#[pymethods]
impl PyEmbedder {
    #[new]
    #[pyo3(signature = (provider, config=None, *, models=None))]
    fn new(
        py: Python<'_>,
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
        let lasting = Arc::new(Lasting::of(&options.options(py)?));
        let model = Model { provider, config, options, lasting, client: Mutex::new(None) };
        Ok(Self(Source::Model(Box::new(model))))
    }

    /// The vectors of a text or of several, in their order. They have the words of their provider's reply, too.
    ///
    /// Args:
    ///     input: A text, a list of texts, or a `PredictRequest`.
    ///
    /// Raises:
    ///     ModelError: Where no answer came.
    ///     ValueError: Where a text is empty: no provider makes a vector of nothing.
    fn embed(&self, py: Python<'_>, input: &Bound<'_, PyAny>) -> PyResult<Py<PyEmbeddings>> {
        let made = self.ask(py, asked(input)?).map_err(|failed| failed.raise(py))?;
        let Made { embeddings, call } = made;
        let provider = match &self.0 {
            Source::Function(_) => None,
            Source::Model(model) => Some(model.provider),
        };
        wrapped(py, provider, embeddings, call)
    }

    /// How alike two texts are: the cosine of the angle between their vectors, 1 at most.
    ///
    /// Raises:
    ///     ModelError: Where no answer came.
    ///     ValueError: Where a text is empty, a vector is all zeros, or they differ in length.
    fn similarity(&self, py: Python<'_>, one: String, other: String) -> PyResult<f64> {
        self.alike(py, one, other).map(|(alike, _)| alike)
    }

    /// The same for a check, whose result has what it took.
    #[pyo3(signature = (one, other) -> "float | Likeness")]
    fn _likeness<'py>(&self, py: Python<'py>, one: String, other: String) -> PyResult<Bound<'py, PyAny>> {
        match self.alike(py, one, other)? {
            (alike, None) => Ok(alike.into_pyobject(py)?.into_any()),
            (alike, Some(call)) => {
                Ok(Bound::new(py, PyLikeness(call.with_reply(Value::Float(alike))))?.into_any())
            }
        }
    }

    /// What was used of the budget: requests, tokens, dollars. `None` where a function embeds.
    #[getter]
    fn used(&self) -> Option<PyBudgetUse> {
        match &self.0 {
            Source::Function(_) => None,
            Source::Model(model) => Some(PyBudgetUse(model.lasting.used())),
        }
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
    pub(crate) fn all(&self, py: Python<'_>, texts: Vec<String>) -> Result<Made, Failed> {
        self.ask(py, Asked::texts(texts))
    }

    /// What is made of the cassette that it records into, where there is one.
    pub(crate) fn with_cassette<T>(&self, py: Python<'_>, make: impl FnOnce(&Cassette) -> T) -> Option<T> {
        let Source::Model(model) = &self.0 else { return None };
        let client = {
            let client = model.client.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
            client.as_ref().map(|(_, _, client)| client.clone())?
        };
        client.embedder.cassette().map(make)
    }

    fn ask(&self, py: Python<'_>, asked: Asked) -> Result<Made, Failed> {
        match &self.0 {
            Source::Model(model) => model.embed(py, asked),
            Source::Function(function) => {
                let wanted = asked.texts.len();
                let given = function.bind(py).call1((asked.texts,))?;
                let vectors = vectors(&given)?;
                if vectors.len() != wanted {
                    let told = format!("the function gave {} vectors for {wanted} texts", vectors.len());
                    return Err(errors::value(told).into());
                }
                let embeddings =
                    Embeddings { vectors, model: "function".to_owned(), ..Embeddings::default() };
                Ok(Made { embeddings, call: None })
            }
        }
    }

    /// How alike two texts are, and what it took to find out.
    fn alike(&self, py: Python<'_>, one: String, other: String) -> PyResult<(f64, Option<Call>)> {
        let made = self.all(py, vec![one, other]).map_err(|failed| failed.raise(py))?;
        let alike = match made.embeddings.vectors.as_slice() {
            [one, other] => cosine(one, other),
            _ => None,
        };
        let alike = alike.ok_or_else(|| {
            errors::value("the vectors cannot be compared: one is all zeros, or they differ in length")
        })?;
        Ok((alike, made.call))
    }
}

impl Model {
    fn embed(&self, py: Python<'_>, Asked { texts, dimensions, task }: Asked) -> Result<Made, Failed> {
        if let Some(at) = texts.iter().position(|text| text.trim().is_empty()) {
            let which = if texts.len() == 1 { "the text".to_owned() } else { format!("text {at}") };
            let told = format!("{which} is empty: no vector is made of nothing, leave it out");
            return Err(errors::value(told).into());
        }
        let client = self.client(py)?;
        let config = self.config.clone();
        let (dimensions, task) = (dimensions.or(config.dimensions), task.or(config.task));
        let mut tracing = Tracing::open(py)?;
        let spans = tracing.as_ref().map(Tracing::spans).unwrap_or_default();
        let request =
            EmbedRequest { model: config.model, texts, dimensions, task, spans, ..EmbedRequest::default() };
        let made = wait(py, &client.runtime, client.embedder.embed(&request), tracing.as_mut());
        let written = tracing.map_or(Ok(()), |tracing| {
            tracing.finish(py, |py| {
                py.check_signals()?;
                Ok(made.is_err())
            })
        });
        let made = made.and_then(|made| written.map(|()| made))?;
        if let Some(cassette) = client.embedder.cassette()
            && let Err(error) = py.detach(|| cassette.leave())
        {
            // What was made is there all the same.
            warn(py, format!("failed to {error}"));
        }
        let provider = client.embedder.provider();
        match made {
            Ok(embeddings) => {
                let call = Some(Call::answered(provider, &embeddings));
                Ok(Made { embeddings, call })
            }
            Err(error) => {
                let call = Call::failed(provider, &request.model, error.details());
                Err(Failed::Call(Box::new((error, call))))
            }
        }
    }

    /// What asks: the same as before, as long as nothing that it was made of has changed. A process that forked has
    /// one of its own.
    fn client(&self, py: Python<'_>) -> PyResult<Arc<Client>> {
        let mut options = self.options.options(py)?;
        let process = std::process::id();
        // Whoever waits for it gives the interpreter to the one that makes it.
        let mut client = self.client.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        if let Some((environment, maker, client)) = &*client
            && *environment == options.environment
            && *maker == process
        {
            return Ok(client.clone());
        }
        options.lasting = Some(self.lasting.clone());
        options.connection = self.config.connection.over(&options.connection);
        let before = client.take();
        let opened = py.detach(|| {
            // It has put its cassette in order when the next one reads it.
            drop(before);
            Embedder::open(self.provider, &options)
        });
        let embedder = opened.map_err(errors::value)?;
        // It has no thread of its own: whoever waits for it drives it.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| errors::sink(&error))?;
        let made = Arc::new(Client { runtime, embedder });
        *client = Some((options.environment, process, made.clone()));
        Ok(made)
    }
}

/// Waits without the interpreter, listens for Ctrl-C, and lets spans be written.
fn wait<F>(
    py: Python<'_>,
    runtime: &Runtime,
    future: F,
    mut tracing: Option<&mut Tracing>,
) -> PyResult<F::Output>
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
                        tracing.as_mut().map_or(Ok(true), |tracing| tracing.write(py)).map(drop)
                    })?,
                }
            }
        })
    })
}

/// One text, or several.
fn asked(input: &Bound<'_, PyAny>) -> PyResult<Asked> {
    if let Ok(text) = input.cast::<PyString>() {
        return Ok(Asked::texts(vec![text.to_string()]));
    }
    if let Ok(request) = input.cast::<PyPredictRequest>() {
        return Ok(Asked::of(request.get()));
    }
    let wrong = |_| PyTypeError::new_err("a text, a list of texts or a `PredictRequest` is embedded");
    input.extract().map(Asked::texts).map_err(wrong)
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
