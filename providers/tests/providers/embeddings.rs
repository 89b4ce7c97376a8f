//! Texts as vectors.

use std::sync::Arc;

use scouter_providers::embed::{Embedder, embed_all};
use scouter_providers::layers::{LimitSettings, Limits, Stack};
use scouter_providers::{Account, Environment, ErrorKind, Http, Provider, connect_embedder};
use serde_json::json;

use crate::support::*;

fn embedder(provider: Provider, server: &Server, dimensions: Option<u32>) -> Arc<dyn Embedder> {
    let environment = Environment::from_iter([
        ("OPENAI_BASE_URL", server.url.as_str()),
        ("GEMINI_BASE_URL", server.url.as_str()),
        ("OPENAI_API_KEY", KEY),
        ("GEMINI_API_KEY", KEY),
    ]);
    let http = Http::new(&environment);
    connect_embedder(provider, Account::of(&http, &environment), "an-embedding", dimensions, None).unwrap()
}

fn texts() -> Vec<String> {
    vec!["a".into(), "b".into()]
}

#[tokio::test]
async fn openai_answers_in_any_order() {
    let reply = json!({
        "object": "list",
        "data": [{"index": 1, "embedding": [0.0, 1.0]}, {"index": 0, "embedding": [1.0, 0.5]}],
        "usage": {"prompt_tokens": 7, "total_tokens": 7}
    });
    let server = Server::always(Act::json(200, &reply)).await;
    let embeddings = embedder(Provider::OpenAi, &server, Some(2)).embed(&texts()).await.unwrap();
    assert_eq!(embeddings.vectors, [[1.0, 0.5], [0.0, 1.0]]);
    assert_eq!(embeddings.usage.unwrap().input, 7);
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "/embeddings");
    let body =
        json!({"model": "an-embedding", "input": ["a", "b"], "encoding_format": "float", "dimensions": 2});
    assert_eq!(seen.body, body);
}

#[tokio::test]
async fn gemini_is_asked_for_all_at_once() {
    let server =
        Server::always(Act::json(200, &json!({"embeddings": [{"values": [1.0]}, {"values": [2.0]}]}))).await;
    let embeddings = embedder(Provider::Gemini, &server, None).embed(&texts()).await.unwrap();
    assert_eq!(embeddings.vectors, [[1.0], [2.0]]);
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "/models/an-embedding:batchEmbedContents");
    assert_eq!(
        seen.body["requests"][1],
        json!({"model": "models/an-embedding", "content": {"parts": [{"text": "b"}]}})
    );
}

#[tokio::test]
async fn more_texts_than_a_call_takes_are_split() {
    let server = Server::start(|_, seen| {
        let count = seen.body["requests"].as_array().unwrap().len();
        Act::json(200, &json!({"embeddings": vec![json!({"values": [count]}); count]}))
    })
    .await;
    let texts = vec![String::from("a"); 250];
    let embeddings = embed_all(&*embedder(Provider::Gemini, &server, None), &texts).await.unwrap();
    assert_eq!((embeddings.vectors.len(), server.calls()), (250, 3));
    assert_eq!(embeddings.vectors[249], [50.0]);
}

#[tokio::test]
async fn too_few_vectors_are_an_error() {
    for provider in [Provider::OpenAi, Provider::Gemini] {
        let reply = json!({"data": [{"embedding": [1.0]}], "embeddings": [{"values": [1.0]}]});
        let server = Server::always(Act::json(200, &reply)).await;
        let error = embedder(provider, &server, None).embed(&texts()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedReply, "{provider}");
    }
}

#[tokio::test]
async fn an_embedder_is_asked_again_like_a_model() {
    let server = Server::start(|number, _| match number {
        0 => Act::text(503, "{}"),
        _ => Act::json(200, &json!({"data": [{"embedding": [1.0]}, {"embedding": [2.0]}]})),
    })
    .await;
    let embedder = stack().around_embedder(embedder(Provider::OpenAi, &server, None));
    assert_eq!(embedder.embed(&texts()).await.unwrap().vectors.len(), 2);
}

#[tokio::test]
async fn an_embedder_that_is_silent_is_not_waited_for() {
    let server = Server::always(Act::Silent).await;
    let mut stack = stack();
    stack.timeout = std::time::Duration::from_millis(20);
    stack.backoff.max_retries = 0;
    let error = stack.around_embedder(embedder(Provider::OpenAi, &server, None)).embed(&texts()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn an_embedder_shows_a_key_that_is_not_accepted_once() {
    let server = Server::always(Act::text(401, "{}")).await;
    let embedder = stack().around_embedder(embedder(Provider::OpenAi, &server, None));
    for _ in 0..3 {
        assert_eq!(embedder.embed(&texts()).await.unwrap_err().kind(), ErrorKind::Unauthorized);
    }
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn an_embedder_is_kept_within_the_limits_of_a_minute() {
    let reply = json!({"data": [{"embedding": [1.0]}, {"embedding": [2.0]}]});
    let server = Server::always(Act::json(200, &reply)).await;
    let settings = LimitSettings { requests_a_minute: Some(1), ..LimitSettings::default() };
    let stack = Stack { limits: Arc::new(Limits::new(&settings)), ..stack() };
    let embedder = stack.around_embedder(embedder(Provider::OpenAi, &server, None));
    embedder.embed(&texts()).await.unwrap();
    let (texts, soon) = (texts(), std::time::Duration::from_millis(100));
    assert!(tokio::time::timeout(soon, embedder.embed(&texts)).await.is_err());
    assert_eq!(server.calls(), 1);
}
