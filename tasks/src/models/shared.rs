//! What all models of a run share, and the layers around each.

use std::collections::HashMap;
use std::sync::Arc;

use scouter_providers::chat::{ChatModel, ChatRequest};
use scouter_providers::embed::{EmbedRequest, Embedder};
use scouter_providers::layers::{Cassette, CassetteMode, DiskCache, Fuse, Stack};
use scouter_providers::prompt::Prompt;
use scouter_providers::{
    Account, CallError, Connection, Http, Model, Provider, Question, Secret, address, connect,
    connect_embedder, credentials, secrets,
};

use super::lasting::Lasting;
use super::open::Reachable;
use super::options::ModelOptions;
use super::stand_in::{Instead, OutOfReach};
use crate::task::{Ask, ConfigError};

/// What models of a run share.
#[derive(Debug)]
pub(super) struct Shared {
    http: Http,
    pub(super) lasting: Arc<Lasting>,
    pub(super) cache: Option<Arc<DiskCache>>,
    pub(super) cassette: Option<Arc<Cassette>>,
    remembers: bool,
    /// What all share that ask at one address of a provider as the same.
    fuses: HashMap<Asker, Arc<Fuse>>,
}

/// A provider, its address, and the credentials that are sent there.
type Asker = (Provider, String, Vec<(String, Secret)>);

/// Where a script is reached.
const SCRIPTED: &str = "scripted";

/// Who is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whom<'a> {
    pub(super) provider: Provider,
    /// What the prompt says of how it is reached.
    pub(super) prompt: &'a Connection,
}

impl<'a> Whom<'a> {
    pub(super) fn of(ask: &'a Ask<'_>) -> Self {
        Self { provider: ask.prompt.provider.canonical(), prompt: &ask.prompt.connection }
    }
}

impl Shared {
    /// What the models of `asked` share, of which no call was made. `remembers` says whether there are answers of an earlier
    /// run, which need no key.
    pub(super) fn open<'a>(
        options: &ModelOptions,
        asked: impl Iterator<Item = Whom<'a>>,
        remembers: bool,
    ) -> Result<Self, ConfigError> {
        let http = options.connections.clone().unwrap_or_else(|| Http::new(&options.environment));
        let cache = options.cache.as_ref().map(|folder| {
            DiskCache::open(folder, DiskCache::MOST_BYTES).map(Arc::new).map_err(|error| {
                ConfigError::general(format!("failed to open the cache `{}`: {error}", folder.display()))
            })
        });
        let cassette = options.cassette.as_ref().map(|(path, mode)| {
            let secrets = asked.flat_map(|whom| secrets(whom.provider, &account(&http, options, whom)));
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
        let lasting = options.lasting.clone().unwrap_or_else(|| Arc::new(Lasting::of(options)));
        Ok(Self { http, lasting, cache, cassette, remembers, fuses: HashMap::new() })
    }

    /// What is known of who will not answer.
    pub(super) fn fuses(&self) -> Vec<Arc<Fuse>> {
        self.fuses.values().cloned().collect()
    }

    /// A model with all layers.
    pub(super) fn model(&mut self, options: &ModelOptions, ask: &Ask<'_>) -> Result<Reachable, CallError> {
        let whom = Whom::of(ask);
        let model: Arc<ChatModel> = if let Some(model) = &options.instead {
            Arc::new(Instead { provider: whom.provider, model: model.clone() })
        } else {
            let connected = connect(whom.provider, account(&self.http, options, whom));
            self.reachable(whom.provider, connected, &sample(&ask.prompt))?
        };
        let (stack, address) = self.stack(options, whom, ask.max_retries);
        Ok(Reachable { model: stack.around(model), address })
    }

    /// An embedder with all layers. It learns from `fuse` who will not answer.
    pub(super) fn embedder(
        &mut self,
        options: &ModelOptions,
        whom: Whom<'_>,
        fuse: Fuse,
    ) -> Result<Arc<Embedder>, CallError> {
        let connected = connect_embedder(whom.provider, account(&self.http, options, whom));
        let embedder = self.reachable(whom.provider, connected, &EmbedRequest::default())?;
        let (stack, _) = self.stack(options, whom, None);
        Ok(Stack { fuse: Arc::new(fuse), ..stack }.around_embedder(embedder))
    }

    /// Who answers: what was answered before needs no key.
    fn reachable<Q: Question>(
        &self,
        provider: Provider,
        connected: Result<Arc<dyn Model<Q>>, CallError>,
        sample: &Q,
    ) -> Result<Arc<dyn Model<Q>>, CallError> {
        match connected {
            Ok(model) => model.check(sample).map(|()| model),
            Err(why) if self.has_replies() => Ok(Arc::new(OutOfReach { provider, why })),
            Err(why) => Err(why),
        }
    }

    /// Whether there are replies that need nobody to be asked.
    fn has_replies(&self) -> bool {
        let plays = self.cassette.as_ref().is_some_and(|cassette| cassette.mode() != CassetteMode::Record);
        plays || self.cache.is_some() || self.remembers
    }

    /// The layers around whoever is asked, and where that is.
    fn stack(&mut self, options: &ModelOptions, whom: Whom<'_>, retries: Option<u32>) -> (Stack, String) {
        let account = account(&self.http, options, whom);
        let (address, place) = if options.instead.is_some() {
            (SCRIPTED.to_owned(), Some(SCRIPTED.to_owned()))
        } else {
            // The run's own address is no part of a recording, which is to be played elsewhere.
            let place = whom.prompt.base_url.as_ref().map(|url| url.trim_end_matches('/').to_owned());
            (address(whom.provider, &account).unwrap_or_default(), place)
        };
        let shown = credentials(whom.provider, &account);
        let limits = self.lasting.limits(whom.provider, &address);
        let mut stack = Stack::new(limits, self.lasting.prices.clone());
        stack.fuse = self.fuses.entry((whom.provider, address.clone(), shown)).or_default().clone();
        stack.ledger = Some(self.lasting.ledger.clone());
        stack.cache = self.cache.clone().map(|cache| (cache, address.clone()));
        stack.cassette = self.cassette.clone().map(|cassette| (cassette, place));
        if let Some(timeout) = options.connection.timeout {
            stack.timeout = timeout;
        }
        if let Some(retries) = retries.or(options.max_retries) {
            stack.backoff.max_retries = retries;
        }
        (stack, address)
    }
}

/// Whom a prompt asks, and as whom.
pub(super) fn account<'a>(http: &'a Http, options: &'a ModelOptions, whom: Whom<'_>) -> Account<'a> {
    Account {
        credential: options.keys.get(&whom.provider).cloned(),
        connection: options.connection.clone(),
        prompt: whom.prompt.clone(),
        ..Account::of(http, &options.environment)
    }
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
