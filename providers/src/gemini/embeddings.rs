//! `batchEmbedContents` on the wire.

use serde_json::{Value, json};

use super::model::{NAMES, USUAL};
use crate::chat::Spent;
use crate::embed::{EmbedRequest, Embeddings, numbers};
use crate::http::{Access, Account};
use crate::wire::{Body, items};
use crate::{Answer, CallError, Connection, Model, Server};

/// Embeddings of Gemini.
#[derive(Clone, Debug)]
pub struct GeminiEmbedder {
    access: Access,
}

impl GeminiEmbedder {
    /// Key and address as for chat.
    ///
    /// # Errors
    /// Where there is no key for the provider's own address.
    pub fn new(account: Account<'_>) -> Result<Self, CallError> {
        Ok(Self { access: Access::new(account, &NAMES, USUAL)? })
    }

    async fn ask(&self, request: &EmbedRequest) -> Result<Embeddings, CallError> {
        let model = request.model.trim_start_matches("models/");
        let one = |text: &String| {
            let mut body = Body::default();
            body.put("model", format!("models/{model}"));
            body.put("content", json!({"parts": [{ "text": text }]}));
            body.put_some("taskType", request.task.clone());
            body.put_some("outputDimensionality", request.dimensions);
            Value::Object(body.0)
        };
        let body = json!({"requests": request.texts.iter().map(one).collect::<Value>()});
        let path = format!("/models/{model}:batchEmbedContents");
        let posted = self.access.post(&Connection::default(), &path, &[], &body).await?;
        let vectors: Vec<_> = items(&posted.json, "/embeddings").map(|row| numbers(row, "/values")).collect();
        if vectors.len() != request.texts.len() || vectors.iter().any(Vec::is_empty) {
            return Err(self.access.unexpected(&posted, "embeddings[…].values"));
        }
        // This API does not count tokens.
        let spent = Spent { attempts: 1, latency: posted.latency, ..Spent::default() };
        Ok(Embeddings { vectors, usage: None, model: request.model.clone(), spent })
    }
}

impl Model<EmbedRequest> for GeminiEmbedder {
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
