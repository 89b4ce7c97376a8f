//! What may outlive a run: its budget, and how much providers may be asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use scouter_providers::Provider;
use scouter_providers::layers::{Ledger, LimitSettings, Limits, Prices, Used};

use super::options::ModelOptions;

/// The budget of some options and the limits of their providers, with what was used of both. A run has its own, unless its options
/// name one that is older.
#[derive(Debug)]
pub struct Lasting {
    pub(super) prices: Arc<Prices>,
    pub(super) ledger: Arc<Ledger>,
    settings: LimitSettings,
    /// What all share that ask at one address of a provider.
    limits: Mutex<HashMap<(Provider, String), Arc<Limits>>>,
}

impl Lasting {
    /// Those of some options, of which nothing is used.
    pub fn of(options: &ModelOptions) -> Self {
        let prices = options.prices.clone().unwrap_or_else(|| Arc::new(Prices::builtin()));
        let ledger = Ledger::new(options.budget.clone().unwrap_or_default(), prices.clone());
        Self { prices, ledger: Arc::new(ledger), settings: options.limits.clone(), limits: Mutex::default() }
    }

    /// What was used of the budget.
    pub fn used(&self) -> Used {
        self.ledger.used()
    }

    /// The limits of a provider at an address.
    pub(super) fn limits(&self, provider: Provider, address: &str) -> Arc<Limits> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        let limits = limits.entry((provider, address.to_owned()));
        limits.or_insert_with(|| Arc::new(Limits::new(&self.settings))).clone()
    }
}
