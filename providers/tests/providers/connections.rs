//! Connections, addresses, headers and proxies.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use scouter_providers::chat::{Answer, ChatRequest};
use scouter_providers::layers::{LimitSettings, Limits};
use scouter_providers::{
    Account, Connection, Credential, Environment, Http, Provider, Secret, TokenSource, connect,
};
use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn connections_are_used_again() {
    let late = Act::Late(Duration::from_millis(5), Box::new(Act::json(200, &completion("yes"))));
    let server = Server::always(late).await;
    let mut stack = stack();
    stack.limits = Arc::new(Limits::new(&LimitSettings { start: 20, most: 20, ..LimitSettings::default() }));
    let model = stack.around(openai(&server));
    let question = question();
    let replies = join_all((0..400).map(|_| model.chat(&question))).await;
    assert!(replies.iter().all(Result::is_ok));
    // One more may be opened while another is on its way back.
    assert!(server.connections() <= 25, "{}", server.connections());
}

#[tokio::test]
async fn models_of_one_http_share_connections() {
    let server = Server::always(Act::json(200, &completion("yes"))).await;
    let environment = Environment::from_iter([("OPENAI_BASE_URL", server.url.as_str())]);
    let http = Http::new(&environment);
    for _ in 0..5 {
        let model = connect(Provider::OpenAi, Account::of(&http, &environment)).unwrap();
        model.chat(&question()).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_request_may_go_elsewhere_with_headers_of_its_own() {
    let (usual, other) =
        (Server::always(Act::Silent).await, Server::always(Act::json(200, &completion("yes"))).await);
    let connection = Connection {
        base_url: Some(format!("{}/v9/", other.url)),
        headers: [
            ("X-Team".to_owned(), Secret::new("judges")),
            ("Authorization".to_owned(), Secret::new("Basic abc")),
        ]
        .into(),
        ..Connection::default()
    };
    openai(&usual).chat(&ChatRequest { connection, ..question() }).await.unwrap();
    let seen = &other.seen()[0];
    assert_eq!(seen.path, "/v9/chat/completions");
    assert_eq!(
        (seen.headers["x-team"].as_str(), seen.headers["authorization"].as_str()),
        ("judges", "Basic abc")
    );
    assert_eq!(usual.calls(), 0);
}

#[tokio::test]
async fn a_proxy_is_asked_instead() {
    let proxy = Server::always(Act::json(200, &completion("yes"))).await;
    let connection = Connection { proxy: Some(Secret::new(&proxy.url)), ..Connection::default() };
    let model = model(Provider::OpenAi, "http://provider.invalid/v1");
    model.chat(&ChatRequest { connection, ..question() }).await.unwrap();
    assert_eq!(proxy.seen()[0].path, "http://provider.invalid/v1/chat/completions");
}

#[tokio::test]
async fn the_environment_given_names_the_proxy() {
    let proxy = Server::always(Act::json(200, &completion("yes"))).await;
    let environment = Environment::from_iter([
        ("HTTP_PROXY", proxy.url.as_str()),
        ("OPENAI_BASE_URL", "http://provider.invalid/v1"),
    ]);
    let http = Http::new(&environment);
    let model = connect(Provider::OpenAi, Account::of(&http, &environment)).unwrap();
    model.chat(&question()).await.unwrap();
    assert_eq!(proxy.calls(), 1);
}

#[tokio::test]
async fn a_redirect_does_not_take_the_key_along() {
    let other = Server::always(Act::json(200, &completion("yes"))).await;
    let server = Server::always(Act::text(307, "").header("location", &other.url)).await;
    let error = model(Provider::Anthropic, &server.url).chat(&question()).await.unwrap_err();
    assert_eq!((error.details().status, other.calls()), (Some(307), 0));
}

#[tokio::test]
async fn a_token_is_asked_for_before_every_request() {
    #[derive(Debug, Default)]
    struct Counting(AtomicUsize);
    impl TokenSource for Counting {
        fn token(&self) -> Answer<'_, Secret> {
            let number = self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move { Ok(Secret::new(&format!("token-{number}"))) })
        }
    }
    let server = Server::always(Act::json(200, &json!({"candidates": [{}]}))).await;
    let environment = Environment::from_iter([("VERTEX_BASE_URL", server.url.as_str())]);
    let http = Http::new(&environment);
    let credential = Some(Credential::Tokens(Arc::<Counting>::default()));
    let model =
        connect(Provider::Vertex, Account { credential, ..Account::of(&http, &environment) }).unwrap();
    for _ in 0..2 {
        model.chat(&question()).await.unwrap();
    }
    let sent: Vec<_> = server.seen().iter().map(|seen| seen.headers["authorization"].clone()).collect();
    assert_eq!(sent, ["Bearer token-0", "Bearer token-1"]);
}

#[tokio::test]
async fn azure_has_addresses_and_a_header_of_its_own() {
    let server = Server::always(Act::json(200, &completion("yes"))).await;
    let variables = [("AZURE_OPENAI_ENDPOINT", server.url.as_str()), ("AZURE_OPENAI_API_KEY", KEY)];
    let mut request = question();
    request.settings.max_tokens = Some(9);
    for version in [None, Some(("OPENAI_API_VERSION", "2024-10-21"))] {
        let environment: Environment = variables.into_iter().chain(version).collect();
        let http = Http::new(&environment);
        let model = connect(Provider::OpenAi, Account::of(&http, &environment)).unwrap();
        model.chat(&request).await.unwrap();
    }
    let seen = server.seen();
    let paths: Vec<_> = seen.iter().map(|seen| seen.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/openai/v1/chat/completions",
            "/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21"
        ]
    );
    assert!(
        seen.iter().all(|seen| seen.headers["api-key"] == KEY && !seen.headers.contains_key("authorization"))
    );
    assert!(seen.iter().all(|seen| seen.body["max_completion_tokens"] == 9));
}
