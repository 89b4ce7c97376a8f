//! Spans of calls.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::*;

/// Keeps the fields of spans called `model`.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<BTreeMap<String, String>>>);

struct Fields<'a>(&'a Kept);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.0.lock().unwrap().insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl Subscriber for Kept {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.name() == "model"
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Fields(self));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(self));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

async fn fields(act: Act) -> BTreeMap<String, String> {
    let server = Server::always(act).await;
    let kept = Kept::default();
    let model = stack().around(openai(&server));
    let question = question();
    // The span is made where the question is asked, so that is done inside too.
    let _ = async { model.call(&question).await }.with_subscriber(kept.clone()).await;
    std::mem::take(&mut *kept.0.lock().unwrap())
}

#[tokio::test]
async fn a_span_says_who_was_asked_and_what_it_took() {
    let fields = fields(Act::json(200, &completion("the answer"))).await;
    for (name, value) in [
        ("otel.name", "\"chat gpt-4o-mini\""),
        ("gen_ai.operation.name", "\"chat\""),
        ("gen_ai.provider.name", "\"openai\""),
        ("gen_ai.request.model", "\"gpt-4o-mini\""),
        ("gen_ai.response.model", "\"gpt-4o-mini-2024-07-18\""),
        ("gen_ai.response.finish_reasons", "\"stop\""),
        ("gen_ai.usage.input_tokens", "100"),
        ("gen_ai.usage.output_tokens", "20"),
        ("scouter.attempts", "1"),
        ("scouter.origin", "\"live\""),
    ] {
        assert_eq!(fields.get(name).map(String::as_str), Some(value), "{name}");
    }
}

#[tokio::test]
async fn what_is_said_is_not_in_a_span() {
    let fields = fields(Act::json(200, &completion("the answer"))).await;
    assert!(fields.values().all(|value| !value.contains("the answer") && !value.contains("Is it so")));
}

#[tokio::test]
async fn a_span_of_a_failure_says_which() {
    let fields = fields(Act::text(400, "{}")).await;
    assert_eq!(fields.get("error.type").map(String::as_str), Some("\"bad_request\""));
}
