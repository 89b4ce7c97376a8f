//! Vectors by a function, for tests and for embedders of one's own.

use std::fmt;
use std::sync::Arc;

use super::{Embedder, Embeddings};
use crate::CallError;
use crate::chat::Answer;

type Embed = dyn Fn(&str) -> Result<Vec<f32>, CallError> + Send + Sync;

/// An embedder that is a function of a text.
#[derive(Clone)]
pub struct ScriptedEmbedder(Arc<Embed>);

impl ScriptedEmbedder {
    /// Asks `embed` for the vector of each text.
    pub fn new(embed: impl Fn(&str) -> Result<Vec<f32>, CallError> + Send + Sync + 'static) -> Self {
        Self(Arc::new(embed))
    }
}

impl Embedder for ScriptedEmbedder {
    fn provider(&self) -> &'static str {
        "scripted"
    }

    fn most_at_once(&self) -> usize {
        usize::MAX
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> Answer<'a, Embeddings> {
        Box::pin(async move {
            let vectors = texts.iter().map(|text| (self.0)(text)).collect::<Result<_, _>>()?;
            Ok(Embeddings { vectors, usage: None, model: "scripted".into() })
        })
    }
}

impl fmt::Debug for ScriptedEmbedder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScriptedEmbedder")
    }
}
