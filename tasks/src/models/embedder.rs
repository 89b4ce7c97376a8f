//! What makes vectors, with the layers that models have.

use std::sync::Arc;
use std::time::Duration;

use scouter_providers::embed::{EmbedRequest, Embeddings, embed_all};
use scouter_providers::layers::{Cassette, Fuse};
use scouter_providers::{CallError, Connection, Provider, embed};

use super::options::ModelOptions;
use super::shared::{Shared, Whom};
use crate::task::ConfigError;

/// An embedder that is asked as models are: with their layers, cache and cassette. It belongs to no run.
#[derive(Debug)]
pub struct Embedder {
    model: Arc<embed::Embedder>,
    shared: Shared,
}

impl Embedder {
    /// How long it does not ask again who will not answer, such as for a wrong key.
    const GIVEN_UP: Duration = Duration::from_mins(1);

    /// The embedder of a provider.
    ///
    /// # Errors
    /// Where the provider has none or a key is missing, and where cache or cassette cannot be opened.
    pub fn open(provider: Provider, options: &ModelOptions) -> Result<Self, ConfigError> {
        let whom = Whom { provider: provider.canonical(), prompt: &Connection::default() };
        let mut shared = Shared::open(options, std::iter::once(whom), false)?;
        let model = shared.embedder(options, whom, Fuse::lasting(Self::GIVEN_UP));
        let model = model.map_err(|error| ConfigError::general(format!("failed to {error}")))?;
        Ok(Self { model, shared })
    }

    /// Whose vectors these are.
    pub fn provider(&self) -> &str {
        self.model.provider()
    }

    /// Vectors of any number of texts.
    ///
    /// # Errors
    /// Where a call brought no answer.
    pub async fn embed(&self, request: &EmbedRequest) -> Result<Embeddings, CallError> {
        embed_all(&*self.model, request).await
    }

    /// What it records into.
    pub fn cassette(&self) -> Option<&Cassette> {
        self.shared.cassette.as_deref()
    }
}

impl Drop for Embedder {
    /// Puts the cassette in order. What is in it is in it already.
    fn drop(&mut self) {
        if let Some(cassette) = &self.shared.cassette {
            let _ = cassette.save();
        }
    }
}
