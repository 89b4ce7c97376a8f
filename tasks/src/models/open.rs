//! From the options of a run to the models of its tasks.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use scouter_engine::Cancel;
use scouter_providers::chat::{Bill, ChatModel, ChatReply, ChatRequest};
use scouter_providers::layers::{
    Cassette, CassetteError, CassetteMode, DiskCache, Fuse, Ledger, Limits, Prices, Stack,
};
use scouter_providers::prompt::Prompt;
use scouter_providers::{
    Account, CallError, Credential, ErrorKind, Http, Provider, Secret, address, connect, credentials,
    secrets, without_password,
};

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
    of: HashMap<String, Vec<Reachable>>,
    cache: Option<Arc<DiskCache>>,
    cassette: Option<Arc<Cassette>>,
    ending: Ending,
}

/// A model with all layers, and where it is reached.
#[derive(Debug)]
struct Reachable {
    model: Arc<dyn ChatModel>,
    address: String,
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

    /// Asks it. All of it, retries included, may take no longer than `limit`, but for the time in which it waits for its turn.
    ///
    /// # Errors
    /// Where no answer came.
    pub async fn chat(
        &self,
        request: &ChatRequest,
        limit: Option<Duration>,
    ) -> Result<ChatReply, Unanswered> {
        let _open = Open::new(&self.models.ending);
        let asked = self.reachable.model.chat(request);
        let answer = match limit {
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
        if suite.specs.iter().all(|task| task.asks().is_empty()) {
            return Ok(None);
        }
        let mut shared = Shared::open(suite, options, remembers)?;
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
        let Shared { cache, cassette, fuses, .. } = shared;
        let ending = Ending::new(cancel, fuses.into_values().collect());
        Ok(Some(Arc::new(Self { of, cache, cassette, ending })))
    }

    /// The model that a task asks with its question number `at`.
    pub fn of(&self, task: &str, at: usize) -> Option<Asked<'_>> {
        Some(Asked { reachable: self.of.get(task)?.get(at)?, models: self })
    }

    /// The call that stopped the run, where one did.
    pub fn stopped(&self) -> Option<&CallError> {
        self.ending.why()
    }

    /// How often the cache could not be read or written: the models were asked instead.
    pub fn cache_faults(&self) -> u64 {
        self.cache.as_ref().map_or(0, |cache| cache.faults())
    }

    /// How many replies the cache dropped, the oldest first, to make room for others.
    pub fn cache_evicted(&self) -> u64 {
        self.cache.as_ref().map_or(0, |cache| cache.evicted())
    }

    /// Ends the run: the cassette is put in order, unless somebody is waiting for a run that was broken off.
    ///
    /// # Errors
    /// Where what was recorded cannot be written.
    pub fn finish(&self, broken_off: bool) -> Result<(), CassetteError> {
        match &self.cassette {
            Some(cassette) if broken_off => cassette.leave(),
            Some(cassette) => cassette.save(),
            None => Ok(()),
        }
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
        let (provider, account) = account(&http, options, &ask.prompt);
        address(provider, &account).map(|address| without_password(&address))
    };
    let tasks = suite.specs.iter().map(|task| (task.head().id.to_lowercase(), task.asks()));
    tasks
        .filter(|(_, asks)| !asks.is_empty())
        .map(|(id, asks)| (id, asks.into_iter().map(of).collect()))
        .collect()
}

/// What the models of a run share.
struct Shared {
    http: Http,
    prices: Arc<Prices>,
    ledger: Arc<Ledger>,
    cache: Option<Arc<DiskCache>>,
    cassette: Option<Arc<Cassette>>,
    remembers: bool,
    /// What all share that ask at one address of a provider.
    limits: HashMap<(&'static str, String), Arc<Limits>>,
    /// What all share that ask there as the same.
    fuses: HashMap<Asker, Arc<Fuse>>,
}

/// A provider, its address, and the credentials that are sent there.
type Asker = (&'static str, String, Vec<(String, Secret)>);

/// Where a script is reached.
const SCRIPTED: &str = "scripted";

impl Shared {
    fn open(suite: &Suite, options: &ModelOptions, remembers: bool) -> Result<Self, ConfigError> {
        let http = Http::new(&options.environment);
        let prices = options.prices.clone().unwrap_or_else(|| Arc::new(Prices::builtin()));
        let cache = options.cache.as_ref().map(|folder| {
            DiskCache::open(folder, DiskCache::MOST_BYTES).map(Arc::new).map_err(|error| {
                ConfigError::general(format!("failed to open the cache `{}`: {error}", folder.display()))
            })
        });
        let cassette = options.cassette.as_ref().map(|(path, mode)| {
            let asks = suite.specs.iter().flat_map(|task| task.asks());
            let secrets = asks.flat_map(|ask| {
                let (provider, account) = account(&http, options, &ask.prompt);
                secrets(provider, &account)
            });
            let mut secrets: Vec<Secret> = secrets.collect();
            // Always in one order, and what holds another one first: a question is to become the same text every time.
            secrets.sort_by(|one, other| {
                let (one, other) = (one.reveal(), other.reveal());
                other.len().cmp(&one.len()).then_with(|| one.cmp(other))
            });
            secrets.dedup();
            let opened = Cassette::open(path, *mode, secrets);
            opened.map(Arc::new).map_err(|error| ConfigError::general(format!("failed to {error}")))
        });
        let (cache, cassette) = (cache.transpose()?, cassette.transpose()?);
        Ok(Self {
            http,
            ledger: Arc::new(Ledger::new(options.budget.clone().unwrap_or_default(), prices.clone())),
            prices,
            cache,
            cassette,
            remembers,
            limits: HashMap::new(),
            fuses: HashMap::new(),
        })
    }

    /// Whether there are replies that need nobody to be asked.
    fn has_replies(&self) -> bool {
        let plays = self.cassette.as_ref().is_some_and(|cassette| cassette.mode() != CassetteMode::Record);
        plays || self.cache.is_some() || self.remembers
    }

    /// A model with all layers.
    fn model(&mut self, options: &ModelOptions, ask: &Ask<'_>) -> Result<Reachable, CallError> {
        let (provider, account) = account(&self.http, options, &ask.prompt);
        let address = match &options.instead {
            Some(_) => SCRIPTED.to_owned(),
            None => address(provider, &account).unwrap_or_default(),
        };
        let shown = credentials(provider, &account);
        let model: Arc<dyn ChatModel> = match (&options.instead, connect(provider, account)) {
            (Some(model), _) => Arc::new(Instead { provider, model: model.clone() }),
            (None, Ok(model)) => {
                model.check(&sample(&ask.prompt))?;
                model
            }
            // What was answered before needs no key.
            (None, Err(why)) if self.has_replies() => Arc::new(OutOfReach { provider, why }),
            (None, Err(why)) => return Err(why),
        };
        let limits = self.limits.entry((provider.as_str(), address.clone()));
        let limits = limits.or_insert_with(|| Arc::new(Limits::new(&options.limits))).clone();
        let mut stack = Stack::new(limits, self.prices.clone());
        stack.fuse = self.fuses.entry((provider.as_str(), address.clone(), shown)).or_default().clone();
        stack.ledger = Some(self.ledger.clone());
        stack.cache = self.cache.clone().map(|cache| (cache, address.clone()));
        // The run's own address is no part of a recording, which is to be played elsewhere.
        let place = match &options.instead {
            Some(_) => Some(SCRIPTED.to_owned()),
            None => ask.prompt.connection.base_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
        };
        stack.cassette = self.cassette.clone().map(|cassette| (cassette, place));
        if let Some(timeout) = options.connection.timeout {
            stack.timeout = timeout;
        }
        if let Some(retries) = ask.max_retries.or(options.max_retries) {
            stack.backoff.max_retries = retries;
        }
        Ok(Reachable { model: stack.around(model), address })
    }
}

/// Whom a prompt asks, and as whom.
fn account<'a>(http: &'a Http, options: &'a ModelOptions, prompt: &Prompt) -> (Provider, Account<'a>) {
    let provider = prompt.provider.canonical();
    let account = Account {
        credential: options.keys.get(&provider).cloned().map(Credential::Key),
        connection: options.connection.clone(),
        prompt: prompt.connection.clone(),
        ..Account::of(http, &options.environment)
    };
    (provider, account)
}

/// A question of a prompt without what is said: all that is the same for every record.
fn sample(prompt: &Prompt) -> ChatRequest {
    ChatRequest {
        model: prompt.model.clone(),
        settings: prompt.settings.clone(),
        schema: prompt.output_type.as_ref().and_then(|output| output.schema().ok()),
        connection: prompt.connection.clone(),
        ..ChatRequest::default()
    }
}
