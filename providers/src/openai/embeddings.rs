//! Embeddings on the wire.

use serde_json::Value;

use super::model::{NAMES, USUAL};
use crate::chat::{Spent, Usage};
use crate::embed::{EmbedRequest, Embeddings, numbers};
use crate::http::{Access, Account};
use crate::wire::{Body, count, items, usage};
use crate::{Answer, CallError, Connection, Model, Server};

/// Embeddings of `OpenAI`, or of any server that speaks the same API.
#[derive(Clone, Debug)]
pub struct OpenAiEmbedder {
    access: Access,
}

impl OpenAiEmbedder {
    /// Key and address as for chat.
    ///
    /// # Errors
    /// Where there is no key for the provider's own address.
    pub fn new(account: Account<'_>) -> Result<Self, CallError> {
        Ok(Self { access: Access::new(account, &NAMES, USUAL)? })
    }

    async fn ask(&self, request: &EmbedRequest) -> Result<Embeddings, CallError> {
        let mut body = Body::default();
        body.put("model", request.model.clone());
        body.put("input", request.texts.as_slice());
        body.put("encoding_format", "float");
        body.put_some("dimensions", request.dimensions);
        let body = Value::Object(body.0);
        let posted = self.access.post(&Connection::default(), "/embeddings", &[], &body).await?;
        // Not every server answers in the order of the question.
        let mut rows: Vec<(u64, Vec<f32>)> = items(&posted.json, "/data")
            .enumerate()
            .map(|(at, row)| {
                (row.get("index").and_then(Value::as_u64).unwrap_or(at as u64), numbers(row, "/embedding"))
            })
            .collect();
        rows.sort_by_key(|(at, _)| *at);
        let vectors: Vec<_> = rows.into_iter().map(|(_, vector)| vector).collect();
        if vectors.len() != request.texts.len() || vectors.iter().any(Vec::is_empty) {
            return Err(self.access.unexpected(&posted, "data[…].embedding"));
        }
        let usage = usage(&posted.json, "usage", |usage| Usage {
            input: count(usage, "/prompt_tokens"),
            output: 0,
            cached: 0,
        });
        let spent = Spent { attempts: 1, latency: posted.latency, ..Spent::default() };
        Ok(Embeddings { vectors, usage, model: request.model.clone(), spent })
    }
}

impl Model<EmbedRequest> for OpenAiEmbedder {
    fn provider(&self) -> &str {
        self.access.provider
    }

    fn check(&self, _: &EmbedRequest) -> Result<(), CallError> {
        self.access.check(&Connection::default())
    }

    fn server(&self, _: &EmbedRequest) -> Option<Server> {
        self.access.server(&Connection::default())
    }

    fn call<'a>(&'a self, request: &'a EmbedRequest) -> Answer<'a, Embeddings> {
        Box::pin(self.ask(request))
    }
}
