//! Spans of calls.

use std::sync::Arc;

use tracing::field::Empty;
use tracing::{Instrument, Span, info_span};

use crate::chat::{Answer, ChatModel, ChatReply, ChatRequest, Origin};
use crate::{CallError, Dollars};

/// Makes a span of every call, named and described as OpenTelemetry's conventions for generative AI
/// have it (`gen_ai.*`). What is said is not in it.
#[derive(Debug)]
pub struct Traced {
    inner: Arc<dyn ChatModel>,
}

impl Traced {
    /// A layer around `inner`.
    pub fn new(inner: Arc<dyn ChatModel>) -> Self {
        Self { inner }
    }

    fn span(&self, request: &ChatRequest) -> Span {
        info_span!(
            "chat",
            otel.name = format!("chat {}", request.model),
            otel.kind = "client",
            gen_ai.operation.name = "chat",
            gen_ai.provider.name = self.provider(),
            gen_ai.request.model = request.model.as_str(),
            gen_ai.request.temperature = request.settings.temperature,
            gen_ai.request.max_tokens = request.settings.max_tokens,
            gen_ai.response.model = Empty,
            gen_ai.response.finish_reasons = Empty,
            gen_ai.usage.input_tokens = Empty,
            gen_ai.usage.output_tokens = Empty,
            scouter.attempts = Empty,
            scouter.cost = Empty,
            scouter.origin = Empty,
            error.type = Empty,
        )
    }
}

fn describe(span: &Span, answer: &Result<ChatReply, CallError>) {
    match answer {
        Ok(reply) => {
            span.record("gen_ai.response.model", reply.model.as_str());
            span.record("gen_ai.response.finish_reasons", reply.finish.as_str());
            if let Some(usage) = reply.usage {
                span.record("gen_ai.usage.input_tokens", usage.input);
                span.record("gen_ai.usage.output_tokens", usage.output);
            }
            span.record("scouter.attempts", reply.spent.attempts);
            if let Some(Dollars(cost)) = reply.spent.cost {
                span.record("scouter.cost", cost);
            }
            let origin = match reply.spent.origin {
                Origin::Live => "live",
                Origin::Cache => "cache",
                Origin::Cassette => "cassette",
            };
            span.record("scouter.origin", origin);
        }
        Err(error) => {
            span.record("error.type", error.kind().as_str());
            span.record("scouter.attempts", error.details().attempts);
        }
    }
}

impl ChatModel for Traced {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        let span = self.span(request);
        if span.is_disabled() {
            return self.inner.chat(request);
        }
        let answer = self.inner.chat(request).instrument(span.clone());
        Box::pin(async move {
            let answer = answer.await;
            describe(&span, &answer);
            answer
        })
    }
}
