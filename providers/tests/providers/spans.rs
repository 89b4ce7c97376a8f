//! Spans of calls.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use scouter_providers::chat::{ChatRequest, Sent, Waited};
use scouter_providers::layers::{Cassette, CassetteMode, DiskCache, LimitSettings, Limits, Stack};
use scouter_providers::span::{Attribute, CallSpan, Spans};
use tokio::sync::mpsc::Receiver;
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::cache::Folder;
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

/// A question whose spans come out at the end.
fn watched(question: ChatRequest) -> (ChatRequest, Receiver<CallSpan>) {
    let (spans, over) = Spans::channel();
    (ChatRequest { spans, ..question }, over)
}

fn attribute<'s>(span: &'s CallSpan, name: &str) -> Option<&'s Attribute> {
    span.attributes.as_slice().iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// The span of a call, as it comes out and as `tracing` has it.
async fn traced(act: Act) -> (CallSpan, BTreeMap<String, String>) {
    let server = Server::always(act).await;
    let kept = Kept::default();
    let model = stack().around(openai(&server));
    let (mut question, mut over) = watched(judged());
    question.settings.temperature = Some(0.5);
    question.settings.max_tokens = Some(50);
    // The span is made where the question is asked, so that is done inside too.
    let _ = async { model.call(&question).await }.with_subscriber(kept.clone()).await;
    (over.try_recv().unwrap(), std::mem::take(&mut *kept.0.lock().unwrap()))
}

const SCORE: &str = r#"{"score": 4, "reason": "the answer"}"#;

#[tokio::test]
async fn a_span_says_who_was_asked_and_what_it_took() {
    let (span, fields) = traced(Act::json(200, &completion(SCORE))).await;
    assert_eq!((span.name.as_str(), span.failure), ("chat gpt-4o-mini", None));
    for (name, value) in [
        ("otel.name", "\"chat gpt-4o-mini\""),
        ("otel.kind", "\"client\""),
        ("gen_ai.operation.name", "\"chat\""),
        ("gen_ai.provider.name", "\"openai\""),
        ("gen_ai.request.model", "\"gpt-4o-mini\""),
        ("gen_ai.request.temperature", "0.5"),
        ("gen_ai.request.max_tokens", "50"),
        ("gen_ai.output.type", "\"json\""),
        ("gen_ai.response.model", "\"gpt-4o-mini-2024-07-18\""),
        ("gen_ai.response.id", "\"chatcmpl-1\""),
        ("gen_ai.response.finish_reasons", "[\"stop\"]"),
        ("gen_ai.usage.input_tokens", "100"),
        ("gen_ai.usage.output_tokens", "20"),
        ("server.address", "\"127.0.0.1\""),
        ("scouter.attempts", "1"),
    ] {
        assert_eq!(fields.get(name).map(String::as_str), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_span_says_the_same_to_everybody() {
    for act in [Act::json(200, &completion(SCORE)), Act::text(400, "{}")] {
        let (span, fields) = traced(act).await;
        for (name, value) in span.attributes.as_slice() {
            let told = match value {
                Attribute::Text(text) => format!("{text:?}"),
                Attribute::Texts(texts) => format!("{texts:?}"),
                Attribute::Int(number) => number.to_string(),
                Attribute::Float(number) => format!("{number:?}"),
            };
            assert_eq!(fields.get(*name), Some(&told), "{name}");
        }
        let own = fields.keys().filter(|name| !name.starts_with("otel.")).count();
        assert_eq!(own, span.attributes.as_slice().len());
    }
}

#[tokio::test]
async fn what_is_said_is_not_in_a_span() {
    let (span, fields) = traced(Act::json(200, &completion(SCORE))).await;
    let told = format!("{span:?} {fields:?}");
    assert!(!told.contains("the answer") && !told.contains("Is it so"), "{told}");
}

#[tokio::test]
async fn a_span_of_a_failure_says_which_in_words_of_ours() {
    let body = r#"{"error": {"message": "Is it so? is no question"}}"#;
    let (span, fields) = traced(Act::text(400, body)).await;
    assert_eq!(attribute(&span, "error.type"), Some(&Attribute::Text("bad_request".into())));
    assert_eq!(attribute(&span, "http.response.status_code"), Some(&Attribute::Int(400)));
    assert_eq!(span.failure.as_deref(), Some("the request is not accepted"));
    assert_eq!(fields.get("otel.status_code").map(String::as_str), Some("\"ERROR\""));
    assert!(!format!("{span:?} {fields:?}").contains("Is it so"));
}

#[tokio::test]
async fn a_call_is_one_span_however_often_it_is_made_again() {
    let server = Server::start(|number, _| match number {
        0 => Act::text(500, ""),
        _ => Act::json(200, &completion("yes")),
    })
    .await;
    let (question, mut over) = watched(question());
    stack().around(openai(&server)).call(&question).await.unwrap();
    assert_eq!(attribute(&over.try_recv().unwrap(), "scouter.attempts"), Some(&Attribute::Int(2)));
    assert!(over.try_recv().is_err());
}

#[tokio::test]
async fn a_call_that_is_given_up_is_told_as_cancelled() {
    let server = Server::always(Act::Silent).await;
    let model = stack().around(openai(&server));
    let (question, mut over) = watched(question());
    let seen = async {
        while server.calls() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = model.call(&question) => unreachable!("nobody answers"),
        () = seen => {}
    }
    let span = over.try_recv().unwrap();
    assert_eq!(attribute(&span, "error.type"), Some(&Attribute::Text("cancelled".into())));
    assert_eq!(span.failure.as_deref(), Some("given up before it was answered"));
}

#[tokio::test]
async fn what_is_not_sent_is_no_call() {
    let server = Server::always(Act::text(401, "{}")).await;
    let model = stack().around(openai(&server));
    let (question, mut over) = watched(question());
    for _ in 0..2 {
        model.call(&question).await.unwrap_err();
    }
    assert_eq!(server.calls(), 1);
    assert_eq!(
        attribute(&over.try_recv().unwrap(), "error.type"),
        Some(&Attribute::Text("unauthorized".into()))
    );
    assert!(over.try_recv().is_err());
}

#[tokio::test]
async fn what_was_answered_before_is_no_call() {
    let server = Server::always(Act::json(200, &completion("yes"))).await;
    let folder = Folder::new("spans-cached");
    let cache = Arc::new(DiskCache::open(folder.path().join("cache"), u64::MAX).unwrap());
    let recorded = folder.path().join("cassette.jsonl");
    let cassette = Arc::new(Cassette::open(recorded, CassetteMode::Replay, Vec::new()).unwrap());
    for stack in [
        Stack { cache: Some((cache, String::new())), ..stack() },
        Stack { cassette: Some((cassette, None)), ..stack() },
    ] {
        let model = stack.around(openai(&server));
        let (question, mut over) = watched(question());
        for _ in 0..2 {
            model.call(&question).await.unwrap();
        }
        assert!(over.try_recv().is_ok());
        assert!(over.try_recv().is_err());
    }
}

#[tokio::test]
async fn time_in_a_queue_is_no_part_of_a_call() {
    let server =
        Server::always(Act::Late(Duration::from_millis(200), Box::new(Act::json(200, &completion("yes")))))
            .await;
    let limits = LimitSettings { start: 1, most: 1, ..LimitSettings::default() };
    let stack = Stack { limits: Arc::new(Limits::new(&limits)), ..stack() };
    let model = stack.around(openai(&server));
    let (first, mut over) = watched(question());
    let second = ChatRequest { trial: 1, sent: Sent::default(), waited: Waited::default(), ..first.clone() };
    let (one, other) = tokio::join!(model.call(&first), model.call(&second));
    one.and(other).unwrap();
    let (first, second) = (over.try_recv().unwrap(), over.try_recv().unwrap());
    assert!(second.began >= first.began + Duration::from_millis(200));
    assert!(first.took >= Duration::from_millis(200));
}
