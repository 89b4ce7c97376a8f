//! `predict` of Vertex AI on the wire, as its models for embeddings speak it.

use serde_json::{Value, json};

use super::model::{MODELS, vertex};
use crate::chat::{Spent, Usage};
use crate::embed::{EmbedRequest, Embeddings, numbers};
use crate::http::{Access, Account};
use crate::wire::{Body, at, items};
use crate::{Answer, CallError, Connection, Model, Server};

/// Embeddings of Vertex AI.
#[derive(Clone, Debug)]
pub struct VertexEmbedder {
    access: Access,
}

impl VertexEmbedder {
    /// Project, location, token and address as for chat.
    ///
    /// # Errors
    /// Where there is no project or no token for the provider's own address.
    pub fn new(account: Account<'_>) -> Result<Self, CallError> {
        Ok(Self { access: vertex(account)? })
    }

    async fn ask(&self, request: &EmbedRequest) -> Result<Embeddings, CallError> {
        let model = request.model.trim_start_matches("models/");
        let instance = |text: &String| {
            let mut instance = Body::default();
            instance.put("content", text.clone());
            instance.put_some("task_type", request.task.clone());
            Value::Object(instance.0)
        };
        let mut body = Body::default();
        body.put("instances", request.texts.iter().map(instance).collect::<Value>());
        body.put_some("parameters", request.dimensions.map(|size| json!({ "outputDimensionality": size })));
        let path = format!("/{MODELS}/{model}:predict");
        let posted = self.access.post(&Connection::default(), &path, &[], &Value::Object(body.0)).await?;
        let predictions = || items(&posted.json, "/predictions");
        let vectors: Vec<_> = predictions().map(|row| numbers(row, "/embeddings/values")).collect();
        if vectors.len() != request.texts.len() || vectors.iter().any(Vec::is_empty) {
            return Err(self.access.unexpected(&posted, "predictions[…].embeddings.values"));
        }
        // Counts of tokens come as floats.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of tokens")]
        let tokens =
            |row: &Value| at(row, "/embeddings/statistics/token_count")?.as_f64().map(|count| count as u64);
        let input = predictions().map(tokens).try_fold(0_u64, |sum, more| Some(sum.saturating_add(more?)));
        let usage = input.map(|input| Usage { input, output: 0, cached: 0 });
        let spent = Spent { attempts: 1, latency: posted.latency, ..Spent::default() };
        Ok(Embeddings { vectors, usage, model: request.model.clone(), spent })
    }
}

impl Model<EmbedRequest> for VertexEmbedder {
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
