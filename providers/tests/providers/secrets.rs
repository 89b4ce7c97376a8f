//! Keys are shown in no form.

use scouter_providers::{
    Account, Connection, Credential, Environment, Http, Provider, Secret, connect, secrets,
};
use serde_json::json;

use crate::support::*;

const ALL: [Provider; 4] = [Provider::OpenAi, Provider::Anthropic, Provider::Gemini, Provider::Vertex];

#[test]
fn a_model_does_not_show_its_key() {
    let environment = Environment::from_iter(
        [
            "OPENAI_API_KEY",
            "ANTHROPIC_API_KEY",
            "GEMINI_API_KEY",
            "GOOGLE_ACCESS_TOKEN",
            "GOOGLE_CLOUD_PROJECT",
        ]
        .map(|name| (name, KEY)),
    );
    let http = Http::new(&environment);
    for provider in ALL {
        let account = Account {
            connection: Connection {
                headers: [("x".into(), Secret::new(KEY))].into(),
                ..Connection::default()
            },
            ..Account::of(&http, &environment)
        };
        assert!(!format!("{account:?}").contains(KEY));
        let shown = format!("{:?}", connect(provider, account).unwrap());
        // Vertex writes the project, which is not secret, into its address.
        let shown = shown.replace(&format!("projects/{KEY}"), "");
        assert!(!shown.contains(KEY), "{shown}");
    }
}

#[test]
fn keys_alone_are_kept_out_of_files() {
    let environment = Environment::default();
    let http = Http::new(&environment);
    let headers = [("x-team", "the support of this shop"), ("Api-Key", "key-0123456789abcdef")];
    let account = Account {
        credential: Some(Credential::Key(Secret::new(KEY))),
        connection: Connection {
            headers: headers.map(|(name, value)| (name.to_owned(), Secret::new(value))).into(),
            ..Connection::default()
        },
        ..Account::of(&http, &environment)
    };
    let kept: Vec<_> =
        secrets(Provider::OpenAi, &account).iter().map(|key| key.reveal().to_owned()).collect();
    assert_eq!(kept, [KEY, "key-0123456789abcdef"]);
}

#[tokio::test]
async fn a_key_that_is_a_word_is_not_cut_out_of_what_a_model_says() {
    let server = Server::always(Act::json(200, &completion("ollama is the local one"))).await;
    let environment = Environment::default();
    let http = Http::new(&environment);
    let account = Account {
        credential: Some(Credential::Key(Secret::new("ollama"))),
        connection: Connection { base_url: Some(server.url.clone()), ..Connection::default() },
        ..Account::of(&http, &environment)
    };
    assert!(secrets(Provider::OpenAi, &account).is_empty());
    let reply = connect(Provider::OpenAi, account).unwrap().call(&question()).await.unwrap();
    assert_eq!(reply.text, "ollama is the local one");
}

#[tokio::test]
async fn a_provider_that_repeats_the_key_does_not_spread_it() {
    let body = json!({"error": {"message": format!("Incorrect API key provided: {KEY}"), "header": format!("Bearer {KEY}")}});
    for provider in ALL {
        for status in [200, 400, 401, 429, 500] {
            let server = Server::always(Act::json(status, &body)).await;
            let error = stack().around(model(provider, &server.url)).call(&question()).await.unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(KEY), "{provider} {status}: {shown}");
        }
    }
}

#[tokio::test]
async fn a_reply_that_is_not_json_and_holds_the_key_does_not_spread_it() {
    let server = Server::always(Act::text(200, format!("your key is {KEY}"))).await;
    let error = openai(&server).call(&question()).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(KEY));
}
