//! Spans of calls.

use std::mem;
use std::sync::Arc;

use tokio::sync::mpsc::OwnedPermit;
use tracing::field::{Empty, debug};
use tracing::{Instrument, Span, info_span};

use crate::chat::Usage;
use crate::span::{Attribute, Attributes, CallSpan};
use crate::{Answer, CallError, Dollars, Model, Question, Reply, Server};

/// Makes a span of every call, named and described as OpenTelemetry's conventions for generative AI
/// have it (`gen_ai.*`): one for whoever subscribes to `tracing`, and one for the [`Spans`](crate::span::Spans) of the question. Both
/// say the same, but for lists, of which `tracing` knows none: they are JSON there. What is said is not in them.
#[derive(Debug)]
pub struct Traced<Q: Question> {
    inner: Arc<dyn Model<Q>>,
    /// Who is asked in the end, and knows where that is.
    provider: Arc<dyn Model<Q>>,
}

impl<Q: Question> Traced<Q> {
    /// A layer around `inner`, and who is asked behind all layers.
    pub fn new(inner: Arc<dyn Model<Q>>, provider: Arc<dyn Model<Q>>) -> Self {
        Self { inner, provider }
    }

    async fn ask(&self, question: &Q, span: Span) -> Result<Q::Reply, CallError> {
        let room = question.waited().during(question.spans().room()).await;
        let mut open = Open::new(question, self.asked(question), span.clone(), room);
        let answer = self.inner.call(question).instrument(span).await;
        open.end = Some(End::of(&answer));
        answer
    }

    /// What is known before anything is sent.
    fn asked(&self, question: &Q) -> Attributes {
        let mut asked = Attributes::default();
        asked.put("gen_ai.operation.name", Q::OPERATION);
        asked.put("gen_ai.provider.name", conventional(self.inner.provider()));
        asked.put("gen_ai.request.model", question.model());
        question.describe(&mut asked);
        if let Some(Server { address, port }) = self.provider.server(question) {
            asked.put("server.address", address);
            asked.put("server.port", port);
        }
        asked
    }
}

impl<Q: Question> Model<Q> for Traced<Q> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn call<'a>(&'a self, question: &'a Q) -> Answer<'a, Q::Reply> {
        let span = span(question);
        if span.is_disabled() && !question.spans().are_wanted() {
            return self.inner.call(question);
        }
        Box::pin(self.ask(question, span))
    }
}

/// A call under way. Dropped without an end, it was given up.
struct Open<'q, Q: Question> {
    question: &'q Q,
    /// How many requests were sent for the question before this call.
    before: u32,
    asked: Attributes,
    end: Option<End>,
    span: Span,
    room: Option<OwnedPermit<CallSpan>>,
}

impl<'q, Q: Question> Open<'q, Q> {
    fn new(question: &'q Q, asked: Attributes, span: Span, room: Option<OwnedPermit<CallSpan>>) -> Self {
        record(&span, &asked);
        Self { question, before: question.sent().open(), asked, end: None, span, room }
    }
}

impl<Q: Question> Drop for Open<'_, Q> {
    fn drop(&mut self) {
        let End { mut attributes, failure } = self.end.take().unwrap_or_else(End::given_up);
        let attempts = self.question.sent().bill().attempts.saturating_sub(self.before);
        attributes.put("scouter.attempts", attempts);
        record(&self.span, &attributes);
        if let Some(failure) = &failure {
            self.span.record("otel.status_code", "ERROR");
            self.span.record("otel.status_description", failure.as_str());
        }
        // Where nothing was sent there was no call.
        let began = self.question.sent().began().filter(|_| attempts > 0);
        if let Some((room, began)) = self.room.take().zip(began) {
            let mut all = mem::take(&mut self.asked);
            all.extend(attributes);
            let (name, took) = (name(self.question), began.elapsed());
            room.send(CallSpan { name, began, took, attributes: all, failure });
        }
    }
}

/// What a call came to.
struct End {
    attributes: Attributes,
    failure: Option<String>,
}

impl End {
    fn of(answer: &Result<impl Reply, CallError>) -> Self {
        let mut attributes = Attributes::default();
        let (usage, cost, failure) = match answer {
            Ok(reply) => {
                attributes.put("gen_ai.response.model", reply.model());
                attributes.put_some("gen_ai.response.id", reply.id());
                let reasons = reply.finish().map(|reason| vec![reason.to_owned()]);
                attributes.put_some("gen_ai.response.finish_reasons", reasons);
                (reply.usage(), reply.spent().cost, None)
            }
            Err(error) => {
                let details = error.details();
                attributes.put("error.type", details.kind.as_str());
                attributes.put_some("http.response.status_code", details.status);
                (details.usage, details.cost, Some(details.kind.to_string()))
            }
        };
        if let Some(Usage { input, output, cached }) = usage {
            attributes.put("gen_ai.usage.input_tokens", input);
            attributes.put("gen_ai.usage.output_tokens", output);
            attributes
                .put_some("gen_ai.usage.cache_read.input_tokens", Some(cached).filter(|cached| *cached > 0));
        }
        attributes.put_some("scouter.cost", cost.map(|Dollars(cost)| cost));
        Self { attributes, failure }
    }

    fn given_up() -> Self {
        let mut attributes = Attributes::default();
        attributes.put("error.type", "cancelled");
        Self { attributes, failure: Some("given up before it was answered".to_owned()) }
    }
}

fn name<Q: Question>(question: &Q) -> String {
    format!("{} {}", Q::OPERATION, question.model())
}

/// A provider as the conventions call it, where they have a name for it. Azure is `openai`, as all are that speak its API.
fn conventional(provider: &str) -> &str {
    match provider {
        "gemini" => "gcp.gemini",
        "vertex" => "gcp.vertex_ai",
        other => other,
    }
}

/// A span for `tracing`, which wants to know all names beforehand.
fn span<Q: Question>(question: &Q) -> Span {
    info_span!(
        "model",
        otel.name = name(question),
        otel.kind = "client",
        otel.status_code = Empty,
        otel.status_description = Empty,
        gen_ai.operation.name = Empty,
        gen_ai.provider.name = Empty,
        gen_ai.request.model = Empty,
        gen_ai.request.temperature = Empty,
        gen_ai.request.top_p = Empty,
        gen_ai.request.top_k = Empty,
        gen_ai.request.max_tokens = Empty,
        gen_ai.request.seed = Empty,
        gen_ai.output.type = Empty,
        gen_ai.embeddings.dimension.count = Empty,
        gen_ai.response.model = Empty,
        gen_ai.response.id = Empty,
        gen_ai.response.finish_reasons = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        gen_ai.usage.cache_read.input_tokens = Empty,
        server.address = Empty,
        server.port = Empty,
        http.response.status_code = Empty,
        scouter.attempts = Empty,
        scouter.cost = Empty,
        error.type = Empty,
    )
}

fn record(span: &Span, attributes: &Attributes) {
    for (name, value) in attributes.as_slice() {
        match value {
            Attribute::Text(text) => span.record(*name, text.as_str()),
            Attribute::Texts(texts) => span.record(*name, debug(texts)),
            Attribute::Int(number) => span.record(*name, *number),
            Attribute::Float(number) => span.record(*name, *number),
        };
    }
}
