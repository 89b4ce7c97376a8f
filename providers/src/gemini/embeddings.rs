//! `batchEmbedContents` on the wire.

use serde_json::{Value, json};

use super::model::{NAMES, USUAL};
use crate::chat::Answer;
use crate::embed::{Embedder, Embeddings, numbers};
use crate::http::{Access, Account};
use crate::wire::{Body, items};
use crate::{CallError, Connection};

/// Embeddings of Gemini.
#[derive(Clone, Debug)]
pub struct GeminiEmbedder {
    access: Access,
    model: String,
    dimensions: Option<u32>,
    task: Option<String>,
}

impl GeminiEmbedder {
    /// Key and address as for chat; `dimensions` shortens the vectors, `task` is the provider's word
    /// for what they are for, such as `SEMANTIC_SIMILARITY`.
    ///
    /// # Errors
    /// Where there is no key for the provider's own address.
    pub fn new(
        account: Account<'_>,
        model: &str,
        dimensions: Option<u32>,
        task: Option<String>,
    ) -> Result<Self, CallError> {
        let model = model.trim_start_matches("models/").to_owned();
        Ok(Self { access: Access::new(account, &NAMES, USUAL)?, model, dimensions, task })
    }

    async fn ask(&self, texts: &[String]) -> Result<Embeddings, CallError> {
        let request = |text: &String| {
            let mut request = Body::default();
            request.put("model", format!("models/{}", self.model));
            request.put("content", json!({"parts": [{ "text": text }]}));
            request.put_some("taskType", self.task.clone());
            request.put_some("outputDimensionality", self.dimensions);
            Value::Object(request.0)
        };
        let body = json!({"requests": texts.iter().map(request).collect::<Value>()});
        let path = format!("/models/{}:batchEmbedContents", self.model);
        let posted = self.access.post(&Connection::default(), &path, &[], &body).await?;
        let vectors: Vec<_> = items(&posted.json, "/embeddings").map(|row| numbers(row, "/values")).collect();
        if vectors.len() != texts.len() || vectors.iter().any(Vec::is_empty) {
            return Err(self.access.unexpected(&posted, "embeddings[…].values"));
        }
        // This API does not count tokens.
        Ok(Embeddings { vectors, usage: None, model: self.model.clone() })
    }
}

impl Embedder for GeminiEmbedder {
    fn provider(&self) -> &str {
        self.access.provider
    }

    fn most_at_once(&self) -> usize {
        100
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> Answer<'a, Embeddings> {
        Box::pin(self.ask(texts))
    }
}
