//! Embeddings on the wire.

use serde_json::{Value, json};

use super::model::{NAMES, USUAL};
use crate::CallError;
use crate::chat::{Answer, Usage};
use crate::embed::{Embedder, Embeddings, numbers};
use crate::http::{Access, Account};
use crate::wire::{Body, count, items, usage};

/// Embeddings of `OpenAI`, or of any server that speaks the same API.
#[derive(Clone, Debug)]
pub struct OpenAiEmbedder {
    access: Access,
    model: String,
    dimensions: Option<u32>,
}

impl OpenAiEmbedder {
    /// Key and address as for chat; `dimensions` shortens the vectors of models that allow it.
    ///
    /// # Errors
    /// Where there is no key for the provider's own address.
    pub fn new(account: Account<'_>, model: &str, dimensions: Option<u32>) -> Result<Self, CallError> {
        Ok(Self { access: Access::new(account, &NAMES, USUAL)?, model: model.to_owned(), dimensions })
    }

    async fn ask(&self, texts: &[String]) -> Result<Embeddings, CallError> {
        let mut body = Body::default();
        body.put("model", self.model.clone());
        body.put("input", json!(texts));
        body.put("encoding_format", "float");
        body.put_some("dimensions", self.dimensions);
        let body = Value::Object(body.0);
        let posted = self.access.post(&crate::Connection::default(), "/embeddings", &[], &body).await?;
        // Not every server answers in the order of the question.
        let mut rows: Vec<(u64, Vec<f32>)> = items(&posted.json, "/data")
            .enumerate()
            .map(|(at, row)| {
                (row.get("index").and_then(Value::as_u64).unwrap_or(at as u64), numbers(row, "/embedding"))
            })
            .collect();
        rows.sort_by_key(|(at, _)| *at);
        let vectors: Vec<_> = rows.into_iter().map(|(_, vector)| vector).collect();
        if vectors.len() != texts.len() || vectors.iter().any(Vec::is_empty) {
            return Err(self.access.unexpected(&posted, "data[…].embedding"));
        }
        let usage = usage(&posted.json, "usage", |usage| Usage {
            input: count(usage, "/prompt_tokens"),
            output: 0,
            cached: 0,
        });
        Ok(Embeddings { vectors, usage, model: self.model.clone() })
    }
}

impl Embedder for OpenAiEmbedder {
    fn provider(&self) -> &str {
        self.access.provider
    }

    fn most_at_once(&self) -> usize {
        2_048
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> Answer<'a, Embeddings> {
        Box::pin(self.ask(texts))
    }
}
