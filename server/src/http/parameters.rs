//! Which parameters queries have: those that the description of their operation names. Any other is refused and not passed over: whoever asks for
//! `limt=5` would get fifty and believe that this is all.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use scouter_engine::nearest;
use url::form_urlencoded;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::{OpenApi, RefOr};

use super::problem::Failure;
use super::profiles::invalid;

/// How many characters of a name are quoted.
const QUOTED: usize = 64;

/// The parameters of operations, by method and path.
#[derive(Debug, Clone, Default)]
pub(super) struct Parameters(Arc<HashMap<(Method, String), Vec<String>>>);

impl Parameters {
    /// Those that descriptions name.
    pub(super) fn of<'a>(descriptions: impl IntoIterator<Item = &'a OpenApi>) -> Self {
        let items = descriptions.into_iter().flat_map(|described| &described.paths.paths);
        let known = items.flat_map(|(path, item)| {
            let methods = [
                (Method::GET, &item.get),
                (Method::PUT, &item.put),
                (Method::POST, &item.post),
                (Method::DELETE, &item.delete),
            ];
            methods.into_iter().filter_map(move |(method, operation)| {
                Some(((method, path.clone()), names(operation.as_ref()?)))
            })
        });
        Self(Arc::new(known.collect()))
    }

    /// The layer, behind the one that asks who calls: what they may not do is told first.
    pub(super) async fn pass(
        State(parameters): State<Self>,
        path: MatchedPath,
        request: Request,
        next: Next,
    ) -> Result<Response, Failure> {
        if let Some(query) = request.uri().query() {
            parameters.look(request.method(), path.as_str(), query)?;
        }
        Ok(next.run(request).await)
    }

    /// Looks whether an operation has all parameters of a query.
    ///
    /// # Errors
    /// It has one of them not.
    fn look(&self, method: &Method, path: &str, query: &str) -> Result<(), Failure> {
        let method = if method == Method::HEAD { Method::GET } else { method.clone() };
        let known = self.0.get(&(method, path.to_owned())).map(Vec::as_slice).unwrap_or_default();
        for (name, _) in form_urlencoded::parse(query.as_bytes()) {
            if !known.iter().any(|known| *known == name) {
                let hint = match nearest(&name, known.iter().map(String::as_str)) {
                    Some(near) => format!(", did you mean `{near}`?"),
                    None if known.is_empty() => ": it takes none".to_owned(),
                    None => format!(": it takes `{}`", known.join("`, `")),
                };
                let name: String = name.chars().take(QUOTED).collect();
                return Err(invalid(format!("`{name}` is no parameter of this operation{hint}")));
            }
        }
        Ok(())
    }
}

/// The parameters of a query.
fn names(operation: &Operation) -> Vec<String> {
    let parameters = operation.parameters.iter().flatten();
    let own = parameters.filter_map(|parameter| match parameter {
        RefOr::T(Parameter { name, parameter_in: ParameterIn::Query, .. }) => Some(name.clone()),
        _ => None,
    });
    own.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::router::Operations;

    fn told(method: &Method, path: &str, query: &str) -> Option<String> {
        let described = Operations::all().together().into_openapi();
        Parameters::of([&described]).look(method, path, query).err().map(|Failure(problem)| problem.detail)
    }

    #[test]
    fn parameters_that_are_described_are_known() {
        let alerts = "/v1/profiles/{uid}/alerts";
        assert_eq!(told(&Method::GET, alerts, "limit=2&cursor%5Fid=1&active=true&limit=3"), None);
        assert_eq!(told(&Method::HEAD, "/v1/profiles", "space=a&after=b"), None);
        assert_eq!(told(&Method::POST, "/v1/records", ""), None);
    }

    #[test]
    fn another_one_is_named_with_what_was_probably_meant_or_what_there_is() {
        for (method, path, query, wanted) in [
            (
                Method::GET,
                "/v1/profiles",
                "space=a&limt=5",
                "`limt` is no parameter of this operation, did you mean `limit`?",
            ),
            (
                Method::GET,
                "/v1/profiles/{uid}/requests",
                "zone=utc",
                "`zone` is no parameter of this operation: it takes `start_datetime`, `end_datetime`",
            ),
            (Method::POST, "/v1/records", "sync", "`sync` is no parameter of this operation: it takes none"),
            // That in the path is none of the query.
            (
                Method::GET,
                "/v1/profiles/{uid}",
                "uid=1",
                "`uid` is no parameter of this operation: it takes none",
            ),
        ] {
            assert_eq!(told(&method, path, query).as_deref(), Some(wanted));
        }
        let long = told(&Method::GET, "/v1/keys", &"x".repeat(9_000)).unwrap();
        assert!(long.len() < 200, "{long}");
    }
}
