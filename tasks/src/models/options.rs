//! How models are asked in a run.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use scouter_providers::chat::ChatModel;
use scouter_providers::layers::{Budget, CassetteMode, LimitSettings, Prices};
use scouter_providers::span::Spans;
use scouter_providers::{Connection, Credential, Environment, Http, Provider};

use super::lasting::Lasting;

/// How models are asked in a run, where the tasks do not say otherwise.
#[derive(Clone, Debug, Default)]
pub struct ModelOptions {
    /// Keys and addresses under the providers' own names.
    pub environment: Environment,
    /// Keys by provider, by their [canonical](Provider::canonical) names, which go before those of the environment.
    pub keys: HashMap<Provider, Credential>,
    /// How providers are reached.
    pub connection: Connection,
    /// How much each provider may be asked.
    pub limits: LimitSettings,
    /// How long asking may take for a task that does not say so itself, retries included, but for the time in which it waits
    /// for its turn.
    pub task_timeout: Option<Duration>,
    /// How often a call that failed is made again.
    pub max_retries: Option<u32>,
    /// What tokens cost; the table that comes with Scouter where there is none.
    pub prices: Option<Arc<Prices>>,
    /// What the run may use.
    pub budget: Option<Budget>,
    /// The folder of a cache on disk.
    pub cache: Option<PathBuf>,
    /// A file of recorded replies, and what is done with it.
    pub cassette: Option<(PathBuf, CassetteMode)>,
    /// Budget and limits that are older than the run, and outlive it.
    pub lasting: Option<Arc<Lasting>>,
    /// Connections that are older than the run, and outlive it.
    pub connections: Option<Http>,
    /// Where the spans of calls go.
    pub spans: Spans,
    /// What answers instead of all providers, for tests.
    pub instead: Option<Arc<ChatModel>>,
}
