//! `ModelOptions`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use scouter_providers::layers::{Budget, CassetteMode, LimitSettings, Prices};
use scouter_providers::span::Spans;
use scouter_providers::{Connection, Environment, Provider, Secret};
use scouter_tasks::models::{Lasting, ModelOptions};
use scouter_tasks::suite::read_value;

use super::connected::Connected;
use super::enums::AnyProvider;
use super::key::Key;
use super::output::json;
use super::scripted::{PyScriptedModel, Script};
use super::settings::{connection, revealed};
use crate::convert::whole;
use crate::errors;
use crate::evaluate::{Seconds, seconds};

/// How models are asked in a run, where prompts do not say otherwise.
///
/// Keys and addresses come from the environment under the providers' own names (`OPENAI_API_KEY`, …).
///
/// Args:
///     model: A `ScriptedModel` that answers instead of all providers, for tests.
///     api_keys: Keys by provider, which go before those of the environment. Neither is sent to an address that a prompt
///         names, unless it is the provider's own or the run's. In the place of a key, a function that gives one is called
///         before every request, from any thread, but once at a time: for tokens that expire, as those of Vertex do.
///     base_url: The address of the API, where it is not the provider's own.
///     timeout: How many seconds one attempt may take; 180 by default.
///     headers: Headers to send with every request.
///     proxy: The address of a proxy for everything.
///     max_retries: How often a call that failed is made again, where that helps; 3 by default.
///     concurrency: The most calls in flight to one provider. By default a run begins with 20 and finds out how
///         many the provider takes, 200 at most.
///     requests_per_minute: The most requests to one provider in any minute.
///     tokens_per_minute: The most tokens to and from one provider in any minute.
///     cache_dir: A folder that keeps replies: what was asked before is not asked again.
///     cassette: A file of recorded replies, made for version control (JSON Lines).
///     cassette_mode: `"replay"` plays what is recorded, and asks and records the rest; `"replay_or_fail"` never
///         asks; `"record"` asks everything, and its answers replace what was recorded of the same questions.
///     budget_usd: The dollars after which the run ends. What is asked by then is still answered and paid for, so it may
///         cost more by that. Models without a price are then not asked.
///     budget_tokens: The tokens after which it ends, in the same way.
///     budget_calls: The most requests it may send.
///     budget_seconds: How long it may ask, from the first call on.
///     prices: A table of prices, as a dict or as the path of a file, instead of the one that comes with Scouter.
///
/// A run whose budget is used up stops; its results are marked as `cancelled`, and say why in `stopped`.
///
/// Raises:
///     ValueError: Where one of them means nothing.
#[pyclass(module = "scouter.genai", name = "ModelOptions", frozen, eq, skip_from_py_object)]
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PyModelOptions {
    model: Option<Scripted>,
    keys: HashMap<Provider, Key>,
    connection: Connection,
    max_retries: Option<u32>,
    limits: LimitSettings,
    cache: Option<PathBuf>,
    cassette: Option<(PathBuf, CassetteMode)>,
    budget: Budget,
    prices: Option<Arc<Prices>>,
    lasting: Kept<Arc<Lasting>>,
    connected: Kept<Connected>,
}

/// What outlives runs: budget and limits, connections. Options are the same whatever became of it.
#[derive(Clone, Debug)]
struct Kept<T>(Option<T>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> PartialEq for Kept<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A script, which is the same as itself alone.
#[derive(Clone, Debug)]
struct Scripted(Arc<Script>);

impl PartialEq for Scripted {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

const MODES: [(&str, CassetteMode); 3] = [
    ("record", CassetteMode::Record),
    ("replay", CassetteMode::Replay),
    ("replay_or_fail", CassetteMode::ReplayOrFail),
];

fn mode(name: &str) -> PyResult<CassetteMode> {
    let found = MODES.into_iter().find(|(known, _)| *known == name);
    let wrong = || {
        errors::value(format!(
            "`cassette_mode` must be `record`, `replay` or `replay_or_fail`, and is `{name}`"
        ))
    };
    found.map(|(_, mode)| mode).ok_or_else(wrong)
}

fn positive<T: PartialOrd + From<u8> + std::fmt::Display>(
    name: &str,
    given: Option<T>,
) -> PyResult<Option<T>> {
    match given {
        // Not a number is not more than nothing either.
        Some(given) if given.partial_cmp(&T::from(0)) != Some(Ordering::Greater) => {
            Err(errors::value(format!("`{name}` must be more than 0, and is {given}")))
        }
        given => Ok(given),
    }
}

#[pymethods]
impl PyModelOptions {
    #[new]
    #[pyo3(signature = (
        *, model=None, api_keys=None, base_url=None, timeout=None, headers=None, proxy=None,
        max_retries: "int | None" = None, concurrency: "int | None" = None,
        requests_per_minute: "int | None" = None, tokens_per_minute: "int | None" = None, cache_dir=None,
        cassette=None, cassette_mode="replay", budget_usd=None, budget_tokens: "int | None" = None,
        budget_calls: "int | None" = None, budget_seconds=None, prices=None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
    fn new(
        model: Option<&Bound<'_, PyScriptedModel>>,
        api_keys: Option<Bound<'_, PyDict>>,
        base_url: Option<String>,
        timeout: Option<Seconds>,
        headers: Option<BTreeMap<String, String>>,
        proxy: Option<String>,
        #[pyo3(from_py_with = whole::max_retries)] max_retries: Option<u32>,
        #[pyo3(from_py_with = whole::concurrency)] concurrency: Option<usize>,
        #[pyo3(from_py_with = whole::requests_per_minute)] requests_per_minute: Option<u64>,
        #[pyo3(from_py_with = whole::tokens_per_minute)] tokens_per_minute: Option<u64>,
        cache_dir: Option<PathBuf>,
        cassette: Option<PathBuf>,
        cassette_mode: &str,
        budget_usd: Option<f64>,
        #[pyo3(from_py_with = whole::budget_tokens)] budget_tokens: Option<u64>,
        #[pyo3(from_py_with = whole::budget_calls)] budget_calls: Option<u64>,
        budget_seconds: Option<Seconds>,
        prices: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let usual = LimitSettings::default();
        let most = concurrency.unwrap_or(usual.most);
        let time: Option<Duration> = budget_seconds
            .map(seconds)
            .transpose()
            .map_err(|why| errors::value(format!("`budget_seconds`: {why}")))?;
        let mode = mode(cassette_mode)?;
        if cassette.is_none() && mode != CassetteMode::Replay {
            return Err(errors::value(format!(
                "`cassette_mode` is `{cassette_mode}`, and there is no `cassette`: name the file of replies, else models are asked"
            )));
        }
        let mut keys = HashMap::new();
        for (provider, key) in api_keys.iter().flat_map(PyDictMethods::iter) {
            let provider = provider.extract::<AnyProvider>()?.read()?;
            if provider == Provider::Undefined {
                return Err(errors::value("`api_keys`: `undefined` is nobody's name"));
            }
            keys.insert(provider.canonical(), Key::read(provider.as_str(), &key)?);
        }
        Ok(Self {
            model: model.map(|model| Scripted(model.get().0.clone())),
            keys,
            connection: connection(base_url, timeout, headers, proxy)?,
            max_retries,
            limits: LimitSettings {
                start: concurrency.unwrap_or(usual.start),
                most,
                requests_a_minute: positive("requests_per_minute", requests_per_minute)?,
                tokens_a_minute: positive("tokens_per_minute", tokens_per_minute)?,
            },
            cache: cache_dir,
            cassette: cassette.map(|path| (path, mode)),
            budget: Budget {
                dollars: positive("budget_usd", budget_usd)?,
                tokens: positive("budget_tokens", budget_tokens)?,
                calls: positive("budget_calls", budget_calls)?,
                time,
            },
            prices: prices.map(read_prices).transpose()?,
            lasting: Kept::default(),
            connected: Kept::default(),
        })
    }

    /// The same, whose budget, limits and connections are one for all runs that are given it.
    fn _lasting(&self, py: Python<'_>) -> PyResult<Self> {
        let lasting = Kept(Some(Arc::new(Lasting::of(&self.options(py)?))));
        Ok(Self { lasting, ..self.connected() })
    }

    /// The same, whose connections are one for all runs that are given it.
    fn _connected(&self) -> Self {
        self.connected()
    }

    /// Pickles by its arguments, keys among them; a scripted model does not.
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        if self.model.is_some() {
            return Err(PyTypeError::new_err("a `ScriptedModel` does not pickle"));
        }
        let arguments = PyDict::new(py);
        let Connection { base_url, timeout, headers, proxy } = &self.connection;
        let keys = self.keys.iter().map(|(provider, key)| Ok((provider.as_str(), key.given(py)?)));
        arguments.set_item("api_keys", keys.collect::<PyResult<BTreeMap<_, _>>>()?)?;
        arguments.set_item("base_url", base_url)?;
        arguments.set_item("timeout", timeout.map(|timeout| timeout.as_secs_f64()))?;
        arguments.set_item("headers", revealed(headers))?;
        arguments.set_item("proxy", proxy.as_ref().map(Secret::reveal))?;
        arguments.set_item("max_retries", self.max_retries)?;
        // A number that was given is that of the beginning too.
        let LimitSettings { start, most, .. } = self.limits;
        arguments.set_item("concurrency", Some(most).filter(|_| start == most))?;
        arguments.set_item("requests_per_minute", self.limits.requests_a_minute)?;
        arguments.set_item("tokens_per_minute", self.limits.tokens_a_minute)?;
        arguments.set_item("cache_dir", &self.cache)?;
        if let Some((path, mode)) = &self.cassette {
            arguments.set_item("cassette", path)?;
            let name = MODES.iter().find(|(_, known)| known == mode).map(|(name, _)| *name);
            arguments.set_item("cassette_mode", name)?;
        }
        arguments.set_item("budget_usd", self.budget.dollars)?;
        arguments.set_item("budget_tokens", self.budget.tokens)?;
        arguments.set_item("budget_calls", self.budget.calls)?;
        arguments.set_item("budget_seconds", self.budget.time.map(|time| time.as_secs_f64()))?;
        let prices = self.prices.as_deref().map(scouter_tasks::value::to_value).transpose();
        arguments.set_item("prices", prices.map_err(errors::value)?.map(crate::convert::PyJson))?;
        Ok((PyTuple::empty(py), arguments))
    }

    fn __repr__(&self) -> String {
        let mut told = Vec::new();
        if self.model.is_some() {
            told.push("model=ScriptedModel".to_owned());
        }
        told.extend(self.connection.base_url.as_ref().map(|url| format!("base_url={url:?}")));
        told.extend(
            self.cassette.as_ref().map(|(path, mode)| format!("cassette={} ({mode:?})", path.display())),
        );
        told.extend(self.budget.dollars.map(|dollars| format!("budget_usd={dollars}")));
        format!("ModelOptions({})", told.join(", "))
    }
}

fn read_prices(given: &Bound<'_, PyAny>) -> PyResult<Arc<Prices>> {
    let table = if given.is_instance_of::<PyDict>() {
        json(given)?
    } else {
        let path: PathBuf = given.extract()?;
        let value = read_value(&path).map_err(|why| errors::value(format!("`prices`: {why}")))?;
        serde_json::to_value(&value).map_err(errors::value)?
    };
    let table = serde_json::from_value(table);
    table.map(Arc::new).map_err(|error| errors::value(format!("`prices` is no table of prices: {error}")))
}

impl PyModelOptions {
    fn connected(&self) -> Self {
        let connected = Kept(Some(self.connected.0.clone().unwrap_or_default()));
        Self { connected, ..self.clone() }
    }

    /// Refuses what embedders have not.
    pub(crate) fn check_for_embedder(&self) -> PyResult<()> {
        if self.model.is_some() {
            return Err(errors::value(
                "`models`: an embedder has no `model`: for a script give a function in the place of the provider",
            ));
        }
        Ok(())
    }

    /// The options with the variables of this process, which are read here and nowhere else. They are Python's, so
    /// that what a program sets counts.
    pub(crate) fn options(&self, py: Python<'_>) -> PyResult<ModelOptions> {
        let environ = py.import("os")?.getattr("environ")?;
        let variables = environ.call_method0("items")?.try_iter()?.collect::<PyResult<Vec<_>>>()?;
        // What is no text is nothing of ours.
        let text = |pair: Bound<'_, PyAny>| pair.extract::<(String, String)>().ok();
        let environment: Environment = variables.into_iter().filter_map(text).collect();
        // Whoever is answered by a script connects to nobody.
        let connected = self.connected.0.as_ref().filter(|_| self.model.is_none());
        let connections = connected.map(|connected| connected.open(&environment)).transpose();
        Ok(ModelOptions {
            connections: connections.map_err(|error| errors::sink(&error))?,
            environment,
            keys: self.keys.iter().map(|(provider, key)| (*provider, key.credential())).collect(),
            task_timeout: None,
            lasting: self.lasting.0.clone(),
            connection: self.connection.clone(),
            limits: self.limits.clone(),
            max_retries: self.max_retries,
            prices: self.prices.clone(),
            budget: Some(self.budget.clone()),
            cache: self.cache.clone(),
            cassette: self.cassette.clone(),
            spans: Spans::default(),
            instead: self.model.as_ref().map(|Scripted(script)| script.clone() as _),
        })
    }
}
