//! From the options of a run to the models of its tasks.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use scouter_engine::Cancel;
use scouter_providers::chat::{Bill, ChatModel, ChatReply, ChatRequest};
use scouter_providers::layers::{Cassette, Used};
use scouter_providers::span::Spans;
use scouter_providers::{CallError, ErrorKind, Http, address, without_password};

use super::ending::{Ending, Open};
use super::options::ModelOptions;
use super::shared::{Shared, Whom, account};
use crate::suite::Suite;
use crate::task::{Ask, ConfigError, Problem};

/// The models of a run's tasks. They share connections, limits, budget, cache and cassette.
///
/// A call that says of all others that they would fail too, because of a wrong key or of a spent
/// budget, stops the run.
#[derive(Debug)]
pub struct Models {
    /// By the id of the task, in the order of what it asks.
    of: HashMap<String, Vec<Reachable>>,
    shared: Shared,
    /// What was used of the budget when it was opened.
    before: Used,
    /// How long asking may take where the task does not say.
    task_timeout: Option<Duration>,
    spans: Spans,
    ending: Ending,
}

/// A model with all layers, and where it is reached.
#[derive(Debug)]
pub(super) struct Reachable {
    pub(super) model: Arc<ChatModel>,
    pub(super) address: String,
}

/// A model that a task asks in a run.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'m> {
    reachable: &'m Reachable,
    models: &'m Models,
}

impl Asked<'_> {
    /// Whose model it is.
    pub fn provider(&self) -> &str {
        self.reachable.model.provider()
    }

    /// Where it is reached, where that is not the provider's own address: the same name may be another model there. What a
    /// script says is no answer of the provider's, wherever that is: it is reached as `scripted`.
    pub fn address(&self) -> &str {
        &self.reachable.address
    }

    /// Where the spans of its calls go.
    pub fn spans(&self) -> Spans {
        self.models.spans.clone()
    }

    /// Asks it. All of it, retries included, may take no longer than `limit`, or than the run allows where there is none, but for
    /// the time in which it waits for its turn.
    ///
    /// # Errors
    /// Where no answer came.
    pub async fn chat(
        &self,
        request: &ChatRequest,
        limit: Option<Duration>,
    ) -> Result<ChatReply, Unanswered> {
        let _open = Open::new(&self.models.ending);
        let asked = self.reachable.model.call(request);
        let answer = match limit.or(self.models.task_timeout) {
            None => asked.await,
            Some(limit) => match request.waited.within(limit, asked).await {
                Some(answer) => answer,
                None => Err(self.late(request, limit)),
            },
        };
        answer.map_err(|error| {
            let ends = error.stops_run();
            let is_first = ends && self.models.ending.because(&error);
            let details = error.details();
            let is_free = details.usage.is_none() && details.cost.is_none() && details.unpriced == 0;
            if ends && !is_first && is_free { Unanswered::InVain(error) } else { Unanswered::Failed(error) }
        })
    }

    /// The error of a call that took too long, with what was sent for it.
    fn late(&self, request: &ChatRequest, limit: Duration) -> CallError {
        let Bill { attempts, usage, cost, unpriced } = request.sent.bill();
        let error = CallError::new(ErrorKind::Timeout, self.provider(), format!("{limit:?} have passed"));
        error.with(|details| {
            details.attempts = attempts;
            details.usage = usage;
            details.cost = cost;
            details.unpriced = unpriced;
        })
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Unanswered {
    /// An error of this call.
    Failed(CallError),
    /// What ends the run, as another call has told already. Nothing is to be paid for this one.
    InVain(CallError),
}

impl Models {
    /// The models that the tasks of a suite ask; `None` where none asks any. `remembers` says whether the run knows
    /// answers of an earlier one, which need no key. `cancel` stops the run.
    ///
    /// # Errors
    /// With every task whose model cannot be asked, such as for want of a key or because of a setting that the provider
    /// does not have, and where cache or cassette cannot be opened.
    pub fn open(
        suite: &Suite,
        options: &ModelOptions,
        remembers: bool,
        cancel: &Cancel,
    ) -> Result<Option<Arc<Self>>, ConfigError> {
        let asks: Vec<_> = suite.specs.iter().flat_map(|task| task.asks()).collect();
        if asks.is_empty() {
            return Ok(None);
        }
        let mut shared = Shared::open(options, asks.iter().map(Whom::of), remembers)?;
        let before = shared.lasting.used();
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
        let ending = Ending::new(cancel, shared.fuses());
        let (task_timeout, spans) = (options.task_timeout, options.spans.clone());
        Ok(Some(Arc::new(Self { of, shared, before, task_timeout, spans, ending })))
    }

    /// The model that a task asks with its question number `at`.
    pub fn of(&self, task: &str, at: usize) -> Option<Asked<'_>> {
        Some(Asked { reachable: self.of.get(task)?.get(at)?, models: self })
    }

    /// The call that stopped the run, where one did.
    pub fn stopped(&self) -> Option<&CallError> {
        self.ending.why()
    }

    /// What the run used of its budget, whether it has one or not.
    pub fn used(&self) -> Used {
        self.shared.lasting.used().since(self.before)
    }

    /// How often the cache could not be read or written: the models were asked instead.
    pub fn cache_faults(&self) -> u64 {
        self.shared.cache.as_ref().map_or(0, |cache| cache.faults())
    }

    /// How many replies the cache dropped, the oldest first, to make room for others.
    pub fn cache_evicted(&self) -> u64 {
        self.shared.cache.as_ref().map_or(0, |cache| cache.evicted())
    }

    /// What the run records into, to be put in order at its end.
    pub fn cassette(&self) -> Option<&Cassette> {
        self.shared.cassette.as_deref()
    }
}

/// Where each task asks its models, in their order: the same name may be another model elsewhere. Nothing for the
/// provider's own address. Passwords are not shown.
pub type Addresses = BTreeMap<String, Vec<Option<String>>>;

/// Where the tasks of a suite ask, with these options.
pub fn addresses(suite: &Suite, options: &ModelOptions) -> Addresses {
    let http = Http::new(&options.environment);
    let of = |ask: Ask<'_>| {
        if options.instead.is_some() {
            return Some("a scripted model".to_owned());
        }
        let whom = Whom::of(&ask);
        let address = address(whom.provider, &account(&http, options, whom));
        address.map(|address| without_password(&address))
    };
    let tasks = suite.specs.iter().map(|task| (task.head().id.to_lowercase(), task.asks()));
    tasks
        .filter(|(_, asks)| !asks.is_empty())
        .map(|(id, asks)| (id, asks.into_iter().map(of).collect()))
        .collect()
}
