//! Texts as vectors.

use std::sync::Arc;

use scouter_providers::chat::Origin;
use scouter_providers::embed::{EmbedRequest, Embedder, embed_all};
use scouter_providers::layers::{
    Budget, Cassette, CassetteMode, DiskCache, Ledger, LimitSettings, Limits, Price, Prices, Stack,
};
use scouter_providers::{
    Account, BudgetLimit, Dollars, Environment, ErrorKind, Http, Provider, connect_embedder,
};
use serde_json::json;

use crate::cache::Folder;

use crate::support::*;

fn embedder(provider: Provider, server: &Server) -> Arc<Embedder> {
    let environment = Environment::from_iter([
        ("OPENAI_BASE_URL", server.url.as_str()),
        ("GEMINI_BASE_URL", server.url.as_str()),
        ("VERTEX_BASE_URL", server.url.as_str()),
        ("OPENAI_API_KEY", KEY),
        ("GEMINI_API_KEY", KEY),
        ("GOOGLE_ACCESS_TOKEN", KEY),
    ]);
    let http = Http::new(&environment);
    connect_embedder(provider, Account::of(&http, &environment)).unwrap()
}

fn wanted() -> EmbedRequest {
    EmbedRequest {
        model: "an-embedding".into(),
        texts: vec!["a".into(), "b".into()],
        ..EmbedRequest::default()
    }
}

/// A server that gives two vectors for seven tokens.
async fn vectors() -> Server {
    let rows = json!([{"index": 0, "embedding": [1.0, 0.1]}, {"index": 1, "embedding": [0.0, 1.0]}]);
    Server::always(Act::json(200, &json!({"data": rows, "usage": {"prompt_tokens": 7, "total_tokens": 7}})))
        .await
}

#[tokio::test]
async fn openai_answers_in_any_order() {
    let reply = json!({
        "object": "list",
        "data": [{"index": 1, "embedding": [0.0, 1.0]}, {"index": 0, "embedding": [1.0, 0.5]}],
        "usage": {"prompt_tokens": 7, "total_tokens": 7}
    });
    let server = Server::always(Act::json(200, &reply)).await;
    let shortened = EmbedRequest { dimensions: Some(2), ..wanted() };
    let embeddings = embedder(Provider::OpenAi, &server).call(&shortened).await.unwrap();
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
    let embeddings = embedder(Provider::Gemini, &server).call(&wanted()).await.unwrap();
    assert_eq!(embeddings.vectors, [[1.0], [2.0]]);
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "/models/an-embedding:batchEmbedContents");
    assert_eq!(
        seen.body["requests"][1],
        json!({"model": "models/an-embedding", "content": {"parts": [{"text": "b"}]}})
    );
}

#[tokio::test]
async fn vertex_is_asked_to_predict() {
    let row = |value: f64, tokens: f64| json!({"embeddings": {"values": [value], "statistics": {"token_count": tokens}}});
    let server =
        Server::always(Act::json(200, &json!({"predictions": [row(1.0, 3.0), row(2.0, 4.0)]}))).await;
    let wanted = EmbedRequest { task: Some("CLUSTERING".into()), dimensions: Some(1), ..wanted() };
    let embeddings = embedder(Provider::Vertex, &server).call(&wanted).await.unwrap();
    assert_eq!((embeddings.vectors, embeddings.usage.unwrap().input), (vec![vec![1.0], vec![2.0]], 7));
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "/publishers/google/models/an-embedding:predict");
    let instance = |text: &str| json!({"content": text, "task_type": "CLUSTERING"});
    let body =
        json!({"instances": [instance("a"), instance("b")], "parameters": {"outputDimensionality": 1}});
    assert_eq!(seen.body, body);
}

#[tokio::test]
async fn more_texts_than_a_call_takes_are_split() {
    let server = Server::start(|_, seen| {
        let count = seen.body["requests"].as_array().unwrap().len();
        Act::json(200, &json!({"embeddings": vec![json!({"values": [count]}); count]}))
    })
    .await;
    let many = EmbedRequest { texts: vec![String::from("a"); 250], ..wanted() };
    let embeddings = embed_all(&*embedder(Provider::Gemini, &server), &many).await.unwrap();
    assert_eq!((embeddings.vectors.len(), embeddings.spent.attempts, server.calls()), (250, 3, 3));
    assert_eq!(embeddings.vectors[249], [50.0]);
}

#[tokio::test]
async fn too_few_vectors_are_an_error() {
    for provider in [Provider::OpenAi, Provider::Gemini, Provider::Vertex] {
        let one = json!([{"values": [1.0], "embedding": [1.0], "embeddings": {"values": [1.0]}}]);
        let reply = json!({"data": one, "embeddings": one, "predictions": one});
        let server = Server::always(Act::json(200, &reply)).await;
        let error = embedder(provider, &server).call(&wanted()).await.unwrap_err();
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
    let embedder = stack().around_embedder(embedder(Provider::OpenAi, &server));
    assert_eq!(embedder.call(&wanted()).await.unwrap().vectors.len(), 2);
}

#[tokio::test]
async fn an_embedder_that_is_silent_is_not_waited_for() {
    let server = Server::always(Act::Silent).await;
    let mut stack = stack();
    stack.timeout = std::time::Duration::from_millis(20);
    stack.backoff.max_retries = 0;
    let error = stack.around_embedder(embedder(Provider::OpenAi, &server)).call(&wanted()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn an_embedder_shows_a_key_that_is_not_accepted_once() {
    let server = Server::always(Act::text(401, "{}")).await;
    let embedder = stack().around_embedder(embedder(Provider::OpenAi, &server));
    for _ in 0..3 {
        assert_eq!(embedder.call(&wanted()).await.unwrap_err().kind(), ErrorKind::Unauthorized);
    }
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn an_embedder_is_kept_within_the_limits_of_a_minute() {
    let reply = json!({"data": [{"embedding": [1.0]}, {"embedding": [2.0]}]});
    let server = Server::always(Act::json(200, &reply)).await;
    let settings = LimitSettings { requests_a_minute: Some(1), ..LimitSettings::default() };
    let stack = Stack { limits: Arc::new(Limits::new(&settings)), ..stack() };
    let embedder = stack.around_embedder(embedder(Provider::OpenAi, &server));
    embedder.call(&wanted()).await.unwrap();
    let (wanted, soon) = (wanted(), std::time::Duration::from_millis(100));
    assert!(tokio::time::timeout(soon, embedder.call(&wanted)).await.is_err());
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn vectors_are_kept_on_disk_like_replies() {
    let folder = Folder::new("embeddings-cache");
    let server = vectors().await;
    let mut stack = stack();
    stack.cache = Some((Arc::new(DiskCache::open(folder.path(), u64::MAX).unwrap()), String::new()));
    let embedder = stack.around_embedder(embedder(Provider::OpenAi, &server));
    let first = embedder.call(&wanted()).await.unwrap();
    let second = embedder.call(&wanted()).await.unwrap();
    assert_eq!((&second.vectors, server.calls()), (&first.vectors, 1));
    assert_eq!((second.spent.origin, second.spent.cost), (Origin::Cache, Some(Dollars(0.0))));
    // Other numbers are other vectors.
    embedder.call(&EmbedRequest { dimensions: Some(1), ..wanted() }).await.unwrap();
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn vectors_stand_in_a_cassette_beside_replies() {
    let folder = Folder::new("embeddings-cassette");
    let path = folder.path().join("cassette.jsonl");
    let rows = json!([{"embedding": [1.0, 0.1]}, {"embedding": [0.0, 1.0]}]);
    let server = Server::start(move |_, seen| match seen.path.as_str() {
        "/embeddings" => Act::json(200, &json!({"data": rows})),
        _ => Act::json(200, &completion("yes")),
    })
    .await;
    let with = |mode| {
        let cassette = Arc::new(Cassette::open(&path, mode, Vec::new()).unwrap());
        Stack { cassette: Some((cassette, None)), ..stack() }
    };
    let record = with(CassetteMode::Record);
    let made = record.around_embedder(embedder(Provider::OpenAi, &server)).call(&wanted()).await.unwrap();
    record.around(openai(&server)).call(&question()).await.unwrap();
    let replay = with(CassetteMode::ReplayOrFail);
    let played = replay.around_embedder(embedder(Provider::OpenAi, &server)).call(&wanted()).await.unwrap();
    assert_eq!((played.vectors, played.spent.origin), (made.vectors, Origin::Cassette));
    assert_eq!(replay.around(openai(&server)).call(&question()).await.unwrap().text, "yes");
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn an_embedder_costs_what_the_table_says_and_no_more_than_its_budget() {
    let server = vectors().await;
    let price = Price { input: 2.0, cached: None, output: 0.0, long: None };
    let models = [("openai/an-embedding".to_owned(), price)].into();
    let prices = Arc::new(Prices { as_of: "2026-01-01".into(), source: String::new(), models });
    let budget = Budget { tokens: Some(10), ..Budget::default() };
    let ledger = Arc::new(Ledger::new(budget, prices.clone()));
    let stack = Stack { prices, ledger: Some(ledger.clone()), ..stack() };
    let embedder = stack.around_embedder(embedder(Provider::OpenAi, &server));
    for _ in 0..2 {
        let made = embedder.call(&wanted()).await.unwrap();
        assert_eq!(made.spent.cost, Some(Dollars(14.0 / 1_000_000.0)));
    }
    let refused = embedder.call(&wanted()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::OutOfBudget(BudgetLimit::Tokens));
    assert_eq!((ledger.used().tokens, ledger.used().calls, server.calls()), (14, 2, 2));
}

#[tokio::test]
async fn what_was_embedded_before_an_error_is_paid_for_all_the_same() {
    let server = Server::start(|number, seen| match number {
        0 => {
            let count = seen.body["input"].as_array().unwrap().len();
            let rows = vec![json!({"embedding": [1.0]}); count];
            Act::json(200, &json!({"data": rows, "usage": {"prompt_tokens": 100}}))
        }
        _ => Act::text(400, "{}"),
    })
    .await;
    let many = EmbedRequest { texts: vec![String::from("a"); 150], ..wanted() };
    let error = embed_all(&*embedder(Provider::OpenAi, &server), &many).await.unwrap_err();
    assert_eq!((error.details().attempts, error.details().usage.unwrap().input), (2, 100));
}
