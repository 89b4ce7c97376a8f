//! `GET /openapi.json`: what all operations are, for programs. It is made from the operations themselves.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use scouter_wire::problem::Problem;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::answers::BEARER;
use super::router::Operations;

/// What is told beside the operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Scouter",
        description = "Records come in, profiles are registered, drift is looked for and people are told of it. Errors are problem details \
                       (RFC 9457) with a `code` that does not change. Members of answers that are not described here are passed over: fields are \
                       only ever added, and words too."
    ),
    components(schemas(Problem)),
    modifiers(&Bearer),
    tags(
        (name = "records", description = "What applications send, and what was kept of it."),
        (name = "profiles", description = "What is watched, and how."),
        (name = "drift", description = "What was found over time."),
        (name = "alerts", description = "What drifts now."),
        (name = "auth", description = "By which a user is let in."),
        (name = "keys", description = "By which a service is let in."),
        (name = "server", description = "How the server does."),
    )
)]
pub(super) struct Frame;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "An API key (`POST /v1/keys`, `scouter keys create`) or an access token (`POST /v1/auth/login`). A server that only its own \
                 machine can reach does not ask, unless it was started with `--auth`.",
            ))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    }
}

/// The document: OpenAPI 3.1, as JSON.
pub fn openapi() -> String {
    let document = Operations::all().together().into_openapi();
    let json = document.to_pretty_json();
    // Nothing in it has no form in JSON: the document of the reference is made by this.
    json.unwrap_or_default() + "\n"
}

/// Describes the API.
///
/// This document: OpenAPI 3.1. Nobody is asked who they are, and nothing of what is kept is in it.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "server",
    operation_id = "get_openapi",
    responses((status = 200, description = "The document.", body = Object, content_type = "application/json"))
)]
pub(super) async fn get() -> Response {
    static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| openapi().into());
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.clone()).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use serde_json::Value;

    use super::*;

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the switch that renews the document is for this test alone"
    )]
    fn the_document_of_the_reference_is_up_to_date() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/openapi.json");
        if std::env::var("SCOUTER_UPDATE").is_ok_and(|value| value == "1") {
            fs::write(&path, openapi()).unwrap();
        }
        let document = fs::read_to_string(&path).unwrap_or_default();
        assert!(document == openapi(), "docs/reference/openapi.json is stale: run `just docs`");
    }

    #[test]
    fn every_route_is_described_and_nothing_else_is() {
        let (router, document) = Operations::all().together().split_for_parts();
        let described: BTreeSet<_> = document.paths.paths.keys().map(String::as_str).collect();
        // The patterns of routes are the texts in it that begin with a slash; those of the fallback come later.
        let shown = format!("{router:?}");
        let patterns = shown.split("fallback_router").next().unwrap_or_default();
        let patterns: BTreeSet<_> = patterns.split('"').filter(|text| text.starts_with('/')).collect();
        assert_eq!(patterns, described, "add routes by `.routes(routes!(…))`, so that they are described");
    }

    #[test]
    fn everything_that_the_document_refers_to_stands_in_it() {
        let document: Value = serde_json::from_str(&openapi()).unwrap();
        let mut left = vec![&document];
        while let Some(value) = left.pop() {
            match value {
                Value::Object(members) => {
                    if let Some(to) = members.get("$ref").and_then(Value::as_str) {
                        let pointer = to.strip_prefix('#').unwrap();
                        assert!(document.pointer(pointer).is_some(), "`{to}` does not stand in it");
                    }
                    left.extend(members.values());
                }
                Value::Array(items) => left.extend(items),
                _ => {}
            }
        }
    }

    #[test]
    fn operations_have_names_of_their_own_a_tag_and_an_account_of_what_they_are() {
        let document: Value = serde_json::from_str(&openapi()).unwrap();
        let tags = document["tags"].as_array().unwrap();
        let tags: BTreeSet<_> = tags.iter().filter_map(|tag| tag["name"].as_str()).collect();
        let mut names = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                assert!(
                    names.insert(operation["operationId"].as_str().unwrap()),
                    "{path}: its name is taken"
                );
                assert!(
                    !operation["summary"].as_str().unwrap().is_empty(),
                    "{path}: it says nothing of itself"
                );
                let tag = operation["tags"][0].as_str().unwrap();
                assert!(tags.contains(tag), "{path}: `{tag}` is no tag of the document");
            }
        }
    }

    #[test]
    fn the_batch_that_is_shown_can_be_read() {
        let document: Value = serde_json::from_str(&openapi()).unwrap();
        let shown = "/paths/~1v1~1records/post/requestBody/content/application~1json/example";
        let batch = document.pointer(shown).unwrap().to_string();
        let received = scouter_wire::json::read_batch(batch.as_bytes()).unwrap();
        assert_eq!((received.batch.len(), received.refused), (3, Vec::new()));
    }
}
