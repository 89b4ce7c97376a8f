//! From the options of a run to the models of its tasks.

use std::collections::HashMap;
use std::sync::Arc;

use scouter_engine::Cancel;
use scouter_providers::chat::{ChatModel, ChatReply, ChatRequest};
use scouter_providers::layers::{
    Cassette, CassetteError, CassetteMode, DiskCache, Fuse, Ledger, Limits, Prices, Stack,
};
use scouter_providers::{Account, CallError, Http, Provider, address, connect};

use super::ending::{Ending, Open};
use super::options::ModelOptions;
use super::stand_in::{Instead, OutOfReach};
use crate::suite::Suite;
use crate::task::{Ask, ConfigError, Problem};

/// The models of a run's tasks. They share connections, limits, budget, cache and cassette.
///
/// A call that says of all others that they would fail too, because of a wrong key or of a spent
/// budget, stops the run.
#[derive(Debug)]
pub struct Models {
    /// By the id of the task, in the order of what it asks.
    of: HashMap<String, Vec<Arc<dyn ChatModel>>>,
    cassette: Option<Arc<Cassette>>,
    ending: Ending,
}

/// A model that a task asks in a run.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'m> {
    model: &'m Arc<dyn ChatModel>,
    models: &'m Models,
}

impl Asked<'_> {
    /// Whose model it is.
    pub fn provider(&self) -> &str {
        self.model.provider()
    }

    /// Asks it.
    ///
    /// # Errors
    /// Where no answer came.
    pub async fn chat(&self, request: &ChatRequest) -> Result<ChatReply, CallError> {
        let open = Open::new(&self.models.ending);
        let answer = self.model.chat(request).await;
        if let Err(error) = &answer
            && error.stops_run()
        {
            let is_first = self.models.ending.because(error);
            drop(open);
            if !is_first {
                // One error tells it. The others wait for the end of the run, which is near.
                std::future::pending::<()>().await;
            }
        }
        answer
    }
}

impl Models {
    /// The models that the tasks of a suite ask; `None` where none asks any. `cancel` stops the run.
    ///
    /// # Errors
    /// With every task whose model cannot be asked, such as for want of a key, and where cache or cassette
    /// cannot be opened.
    pub fn open(
        suite: &Suite,
        options: &ModelOptions,
        cancel: &Cancel,
    ) -> Result<Option<Arc<Self>>, ConfigError> {
        if suite.specs.iter().all(|task| task.asks().is_empty()) {
            return Ok(None);
        }
        let mut shared = Shared::open(options)?;
        let mut problems = Vec::new();
        let mut of = HashMap::new();
        for task in suite.specs.iter() {
            let mut models = Vec::new();
            for ask in task.asks() {
                match shared.model(options, &ask) {
                    Ok(model) => models.push(model),
                    Err(error) => problems.push(Problem {
                        task: Some(task.head().id.to_lowercase()),
                        field: Some("prompt".to_owned()),
                        message: format!("failed to {error}"),
                    }),
                }
            }
            of.insert(task.head().id.to_lowercase(), models);
        }
        if !problems.is_empty() {
            return Err(ConfigError { problems });
        }
        Ok(Some(Arc::new(Self { of, cassette: shared.cassette, ending: Ending::new(cancel) })))
    }

    /// The model that a task asks with its question number `at`.
    pub fn of(&self, task: &str, at: usize) -> Option<Asked<'_>> {
        Some(Asked { model: self.of.get(task)?.get(at)?, models: self })
    }

    /// The call that stopped the run, where one did.
    pub fn stopped(&self) -> Option<&CallError> {
        self.ending.why()
    }

    /// Ends the run: the cassette is written in order.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn finish(&self) -> Result<(), CassetteError> {
        self.cassette.as_ref().map_or(Ok(()), |cassette| cassette.save())
    }
}

/// What the models of a run share.
struct Shared {
    http: Http,
    prices: Arc<Prices>,
    ledger: Arc<Ledger>,
    cache: Option<Arc<DiskCache>>,
    cassette: Option<Arc<Cassette>>,
    /// By provider and address.
    reached: HashMap<(&'static str, String), Reached>,
}

/// What all that ask at one address share.
struct Reached {
    limits: Arc<Limits>,
    fuse: Arc<Fuse>,
}

impl Shared {
    fn open(options: &ModelOptions) -> Result<Self, ConfigError> {
        let prices = options.prices.clone().unwrap_or_else(|| Arc::new(Prices::builtin()));
        let cache = options.cache.as_ref().map(|folder| {
            DiskCache::open(folder, DiskCache::MOST_BYTES).map(Arc::new).map_err(|error| {
                ConfigError::general(format!("failed to open the cache `{}`: {error}", folder.display()))
            })
        });
        let cassette = options.cassette.as_ref().map(|(path, mode)| {
            let headers = options.connection.headers.values().cloned();
            let secrets = options.environment.secrets().into_iter().chain(headers).collect();
            let opened = Cassette::open(path, *mode, secrets);
            opened.map(Arc::new).map_err(|error| ConfigError::general(format!("failed to {error}")))
        });
        Ok(Self {
            http: Http::new(&options.environment),
            ledger: Arc::new(Ledger::new(options.budget.clone().unwrap_or_default(), prices.clone())),
            prices,
            cache: cache.transpose()?,
            cassette: cassette.transpose()?,
            reached: HashMap::new(),
        })
    }

    /// Whether recorded replies are played.
    fn plays(&self) -> bool {
        self.cassette.as_ref().is_some_and(|cassette| cassette.mode() != CassetteMode::Record)
    }

    /// A model with all layers.
    fn model(&mut self, options: &ModelOptions, ask: &Ask<'_>) -> Result<Arc<dyn ChatModel>, CallError> {
        let provider = match ask.prompt.provider {
            Provider::Google => Provider::Gemini,
            other => other,
        };
        let account = Account {
            connection: ask.prompt.connection.over(&options.connection),
            ..Account::of(&self.http, &options.environment)
        };
        let address = address(provider, &account).unwrap_or_default();
        let model: Arc<dyn ChatModel> = match (&options.instead, connect(provider, account)) {
            (Some(model), _) => Arc::new(Instead { provider, model: model.clone() }),
            (None, Ok(model)) => model,
            // What is recorded needs no key.
            (None, Err(why)) if self.plays() => Arc::new(OutOfReach { provider, why }),
            (None, Err(why)) => return Err(why),
        };
        let place = (provider.as_str(), address.clone());
        let reached = self.reached.entry(place).or_insert_with(|| Reached {
            limits: Arc::new(Limits::new(&options.limits)),
            fuse: Arc::default(),
        });
        let mut stack = Stack::new(reached.limits.clone(), self.prices.clone());
        stack.fuse = reached.fuse.clone();
        stack.ledger = Some(self.ledger.clone());
        stack.cache = self.cache.clone().map(|cache| (cache, address));
        stack.cassette.clone_from(&self.cassette);
        if let Some(timeout) = options.connection.timeout {
            stack.timeout = timeout;
        }
        if let Some(retries) = ask.max_retries.or(options.max_retries) {
            stack.backoff.max_retries = retries;
        }
        Ok(stack.around(model))
    }
}
