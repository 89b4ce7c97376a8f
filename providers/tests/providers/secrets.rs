//! Keys are shown in no form.

use scouter_providers::{Account, Connection, Environment, Http, Provider, Secret, connect};
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

#[tokio::test]
async fn a_provider_that_repeats_the_key_does_not_spread_it() {
    let body = json!({"error": {"message": format!("Incorrect API key provided: {KEY}"), "header": format!("Bearer {KEY}")}});
    for provider in ALL {
        for status in [200, 400, 401, 429, 500] {
            let server = Server::always(Act::json(status, &body)).await;
            let error = stack().around(model(provider, &server.url)).chat(&question()).await.unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(KEY), "{provider} {status}: {shown}");
        }
    }
}

#[tokio::test]
async fn a_reply_that_is_not_json_and_holds_the_key_does_not_spread_it() {
    let server = Server::always(Act::text(200, format!("your key is {KEY}"))).await;
    let error = openai(&server).chat(&question()).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(KEY));
}
