//! Spans of calls.

use std::sync::Arc;

use tracing::field::Empty;
use tracing::{Instrument, Span, info_span};

use crate::{Answer, CallError, Dollars, Model, Question, Reply};

/// Makes a span of every call, named and described as OpenTelemetry's conventions for generative AI
/// have it (`gen_ai.*`). What is said is not in it.
#[derive(Debug)]
pub struct Traced<Q: Question> {
    inner: Arc<dyn Model<Q>>,
}

impl<Q: Question> Traced<Q> {
    /// A layer around `inner`.
    pub fn new(inner: Arc<dyn Model<Q>>) -> Self {
        Self { inner }
    }

    fn span(&self, question: &Q) -> Span {
        let settings = question.settings();
        info_span!(
            "model",
            otel.name = format!("{} {}", Q::OPERATION, question.model()),
            otel.kind = "client",
            gen_ai.operation.name = Q::OPERATION,
            gen_ai.provider.name = self.provider(),
            gen_ai.request.model = question.model(),
            gen_ai.request.temperature = settings.and_then(|settings| settings.temperature),
            gen_ai.request.max_tokens = settings.and_then(|settings| settings.max_tokens),
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

fn describe(span: &Span, answer: &Result<impl Reply, CallError>) {
    match answer {
        Ok(reply) => {
            span.record("gen_ai.response.model", reply.model());
            span.record("gen_ai.response.finish_reasons", reply.finish());
            if let Some(usage) = reply.usage() {
                span.record("gen_ai.usage.input_tokens", usage.input);
                span.record("gen_ai.usage.output_tokens", usage.output);
            }
            let spent = reply.spent();
            span.record("scouter.attempts", spent.attempts);
            if let Some(Dollars(cost)) = spent.cost {
                span.record("scouter.cost", cost);
            }
            span.record("scouter.origin", spent.origin.as_str());
        }
        Err(error) => {
            span.record("error.type", error.kind().as_str());
            span.record("scouter.attempts", error.details().attempts);
        }
    }
}

impl<Q: Question> Model<Q> for Traced<Q> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn call<'a>(&'a self, question: &'a Q) -> Answer<'a, Q::Reply> {
        let span = self.span(question);
        if span.is_disabled() {
            return self.inner.call(question);
        }
        let answer = self.inner.call(question).instrument(span.clone());
        Box::pin(async move {
            let answer = answer.await;
            describe(&span, &answer);
            answer
        })
    }
}
