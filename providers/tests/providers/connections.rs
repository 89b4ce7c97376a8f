//! Connections, addresses, headers and proxies.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use scouter_providers::chat::{ChatRequest, Settings};
use scouter_providers::layers::{LimitSettings, Limits};
use scouter_providers::openai::OpenAiApi;
use scouter_providers::{
    Account, Connection, Credential, Environment, ErrorKind, Http, Provider, Secret, TokenSource, connect,
    secrets,
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
    let replies = join_all((0..400).map(|_| model.call(&question))).await;
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
        model.call(&question()).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn connections_that_last_are_used_from_one_runtime_to_the_next() {
    let theirs = tokio::runtime::Runtime::new().unwrap();
    let server = theirs.block_on(Server::always(Act::json(200, &completion("yes"))));
    let environment = Environment::from_iter([("OPENAI_BASE_URL", server.url.as_str())]);
    let http = Http::lasting(&environment).unwrap();
    for _ in 0..20 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let model = connect(Provider::OpenAi, Account::of(&http, &environment)).unwrap();
        runtime.block_on(model.call(&question())).unwrap();
    }
    // Another one may be opened while the first is on its way back.
    assert!(server.connections() <= 3, "{}", server.connections());
}

#[tokio::test]
async fn a_call_over_lasting_connections_can_be_abandoned() {
    let server = Server::start(|number, _| match number {
        0 => Act::Silent,
        _ => Act::json(200, &completion("yes")),
    })
    .await;
    let environment = Environment::from_iter([("OPENAI_BASE_URL", server.url.as_str())]);
    let http = Http::lasting(&environment).unwrap();
    let model = connect(Provider::OpenAi, Account::of(&http, &environment)).unwrap();
    let question = question();
    let late = tokio::time::timeout(Duration::from_millis(200), model.call(&question)).await;
    assert!(late.is_err());
    assert_eq!(model.call(&question).await.unwrap().text, "yes");
}

#[test]
fn connections_suit_an_environment_with_the_same_proxies() {
    let proxied = Environment::from_iter([("HTTPS_PROXY", "http://proxy:1"), ("OPENAI_API_KEY", KEY)]);
    let http = Http::new(&proxied);
    assert!(http.suits(&Environment::from_iter([("ALL_PROXY", ""), ("https_proxy", "http://proxy:1")])));
    assert!(!http.suits(&Environment::default()));
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
    openai(&usual).call(&ChatRequest { connection, ..question() }).await.unwrap();
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
    model.call(&ChatRequest { connection, ..question() }).await.unwrap();
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
    model.call(&question()).await.unwrap();
    assert_eq!(proxy.calls(), 1);
}

#[tokio::test]
async fn a_redirect_does_not_take_the_key_along() {
    let other = Server::always(Act::json(200, &completion("yes"))).await;
    let server = Server::always(Act::text(307, "").header("location", &other.url)).await;
    let error = model(Provider::Anthropic, &server.url).call(&question()).await.unwrap_err();
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
        model.call(&question()).await.unwrap();
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
        model.call(&request).await.unwrap();
        let settings = Settings { api: Some(OpenAiApi::Responses), ..Settings::default() };
        // Its reply has another form, and where it goes is what counts here.
        model.call(&ChatRequest { settings, ..question() }).await.unwrap_err();
    }
    let seen = server.seen();
    let paths: Vec<_> = seen.iter().map(|seen| seen.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/openai/v1/chat/completions",
            "/openai/v1/responses",
            "/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21",
            "/openai/v1/responses",
        ]
    );
    assert!(
        seen.iter().all(|seen| seen.headers["api-key"] == KEY && !seen.headers.contains_key("authorization"))
    );
    assert!(seen.iter().step_by(2).all(|seen| seen.body["max_completion_tokens"] == 9));
}

/// A server, and another one that a prompt names.
async fn asked_elsewhere(environment: &[(&str, &str)], run: Connection, prompt: Connection) -> Vec<Seen> {
    let server = Server::always(Act::json(200, &completion("yes"))).await;
    let environment: Environment = environment.iter().copied().collect();
    let http = Http::new(&environment);
    let prompt = Connection { base_url: Some(server.url.clone()), ..prompt };
    let account = Account { connection: run, prompt: prompt.clone(), ..Account::of(&http, &environment) };
    let model = connect(Provider::OpenAi, account).unwrap();
    model.call(&ChatRequest { connection: prompt, ..question() }).await.unwrap();
    server.seen()
}

#[tokio::test]
async fn an_address_that_a_prompt_names_gets_neither_key_nor_headers_of_the_account() {
    let run = Connection {
        headers: [("x-tenant".to_owned(), Secret::new("a-secret"))].into(),
        ..Connection::default()
    };
    let prompt = Connection {
        headers: [("x-team".to_owned(), Secret::new("judges"))].into(),
        ..Connection::default()
    };
    let seen = asked_elsewhere(&[("OPENAI_API_KEY", KEY)], run, prompt).await;
    assert_eq!(seen[0].headers["x-team"], "judges");
    assert!(!seen[0].headers.contains_key("authorization") && !seen[0].headers.contains_key("x-tenant"));
}

#[tokio::test]
async fn an_address_that_a_prompt_names_gets_the_key_where_it_is_the_runs_own() {
    let server = Server::always(Act::json(200, &completion("yes"))).await;
    let address = format!("{}/v1", server.url);
    for environment in
        [vec![("OPENAI_API_KEY", KEY)], vec![("OPENAI_API_KEY", KEY), ("OPENAI_BASE_URL", &address)]]
    {
        let run = match environment.len() {
            1 => Connection { base_url: Some(address.clone()), ..Connection::default() },
            _ => Connection::default(),
        };
        let environment = Environment::from_iter(environment);
        let http = Http::new(&environment);
        let prompt = Connection { base_url: Some(format!("{}/v9", server.url)), ..Connection::default() };
        let account = Account { connection: run, prompt: prompt.clone(), ..Account::of(&http, &environment) };
        connect(Provider::OpenAi, account).unwrap().call(&question()).await.unwrap();
        let seen = server.seen().pop().unwrap();
        assert_eq!(
            (seen.path.as_str(), seen.headers["authorization"].as_str()),
            ("/v9/chat/completions", &*format!("Bearer {KEY}"))
        );
    }
}

#[tokio::test]
async fn who_refuses_for_want_of_a_key_that_was_not_sent_is_told_with_the_reason() {
    let server = Server::always(Act::json(401, &json!({"error": {"message": "who are you?"}}))).await;
    let environment = Environment::from_iter([("OPENAI_API_KEY", KEY)]);
    let http = Http::new(&environment);
    let prompt = Connection { base_url: Some(server.url.clone()), ..Connection::default() };
    let account = Account { prompt, ..Account::of(&http, &environment) };
    let error = connect(Provider::OpenAi, account).unwrap().call(&question()).await.unwrap_err();
    assert!(error.to_string().contains("no key was sent, since the address stands in the prompt"), "{error}");
}

#[test]
fn what_cannot_be_sent_is_known_before_anything_is() {
    let environment = Environment::from_iter([("OPENAI_API_KEY", KEY)]);
    let http = Http::new(&environment);
    let with = |connection: Connection| {
        let model = connect(Provider::OpenAi, Account::of(&http, &environment)).unwrap();
        model.check(&ChatRequest { connection, ..question() })
    };
    assert_eq!(with(Connection::default()), Ok(()));
    let header = |name: &str, value: &str| Connection {
        headers: [(name.to_owned(), Secret::new(value))].into(),
        ..Connection::default()
    };
    let proxy = Connection { proxy: Some(Secret::new("no proxy")), ..Connection::default() };
    let address = Connection { base_url: Some("ftp://example.com".into()), ..Connection::default() };
    for (connection, told) in [
        (header("x team", "a"), "`x team` cannot be sent as a header"),
        (header("x-team", "a\nb"), "`x-team` cannot be sent as a header"),
        (proxy, "cannot open connections"),
        (address, "must begin with http:// or https://, and is `ftp://example.com"),
    ] {
        let error = with(connection).unwrap_err();
        assert!(error.kind() == ErrorKind::Configuration && error.to_string().contains(told), "{error}");
    }
}

#[test]
fn what_an_account_sends_and_nothing_else_is_secret() {
    let environment = Environment::from_iter([
        ("OPENAI_API_KEY", KEY),
        ("POSTGRES_PASSWORD", "postgres"),
        ("OTHER_API_KEY", "other-1"),
    ]);
    let http = Http::new(&environment);
    let prompt = Connection {
        headers: [("authorization".to_owned(), Secret::new("Bearer of-the-prompt-0123456"))].into(),
        ..Connection::default()
    };
    let account = Account { prompt, ..Account::of(&http, &environment) };
    let found = secrets(Provider::OpenAi, &account);
    assert_eq!(found, [KEY, "of-the-prompt-0123456"].map(Secret::new));
}
