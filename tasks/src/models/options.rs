//! How models are asked in a run.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use scouter_providers::chat::ChatModel;
use scouter_providers::layers::{Budget, CassetteMode, LimitSettings, Prices};
use scouter_providers::{Connection, Environment, Provider, Secret};

/// How models are asked in a run, where the tasks do not say otherwise.
#[derive(Clone, Debug, Default)]
pub struct ModelOptions {
    /// Keys and addresses under the providers' own names.
    pub environment: Environment,
    /// Keys by provider, by their [canonical](Provider::canonical) names, which go before those of the environment.
    pub keys: HashMap<Provider, Secret>,
    /// How providers are reached.
    pub connection: Connection,
    /// How much each provider may be asked.
    pub limits: LimitSettings,
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
    /// What answers instead of all providers, for tests.
    pub instead: Option<Arc<dyn ChatModel>>,
}
