//! The number of a request, its span, and its line in the log. The number is the client's, where it sends one that can be one, and goes back with the
//! answer, and in the body of a problem: whoever asks why gives it, and whoever looks for the reason finds it in the log. The span belongs to the
//! client's trace, where it tells of one.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TraceContextExt;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use scouter_tasks::result::NewUid;
use tokio::task_local;
use tokio::time::Instant;
use tracing::field::Empty;
use tracing::{Instrument, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::metrics::method;
use super::router::Api;

/// Where the number stands.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long one from a client may be.
const LONGEST: usize = 128;

task_local! {
    static NUMBER: String;
}

/// The number of the request that is under way; none where there is none.
pub(super) fn number() -> Option<String> {
    NUMBER.try_with(Clone::clone).ok()
}

/// The layer, before all others.
pub(super) async fn pass(State(api): State<Api>, request: Request, next: Next) -> Response {
    let id = given(request.headers()).unwrap_or_else(|| api.clock.new_uid().to_string());
    let method = method(request.method());
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_default();
    let name = if route.is_empty() { method.to_owned() } else { format!("{method} {route}") };
    let span = tracing::info_span!(
        "request",
        otel.name = name,
        otel.kind = "server",
        otel.status_code = Empty,
        request_id = id,
    );
    belong(&span, request.headers());
    span.set_attribute("http.request.method", method);
    span.set_attribute("http.route", route);
    let since = Instant::now();
    let answered = async {
        let response = next.run(request).await;
        let milliseconds = since.elapsed().as_secs_f64() * 1000.0;
        tracing::debug!(status = response.status().as_u16(), milliseconds, "answered");
        response
    };
    let mut response = NUMBER.scope(id.clone(), answered).instrument(span.clone()).await;
    span.set_attribute("http.response.status_code", i64::from(response.status().as_u16()));
    if response.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    // What can stand in a log can stand in a header.
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Makes a span part of the trace that a client tells of (`traceparent` of W3C, and `tracestate`). One that cannot be read is none.
fn belong(span: &Span, headers: &HeaderMap) {
    let told = TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
    if told.span().span_context().is_valid() {
        // It fails where nothing is traced.
        let _ = span.set_parent(told);
    }
}

/// The number that a client sends, if it can be one: letters, digits and what identifiers are made of, so that nobody writes a line of the log.
fn given(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.:/+=".contains(c);
    ((1..=LONGEST).contains(&id.len()) && id.chars().all(fits)).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_only_where_it_can_stand_in_a_log() {
        let (longest, longer) = ("x".repeat(LONGEST), "x".repeat(LONGEST + 1));
        for (sent, taken) in [
            ("0198c0de-7000-7000-8000-000000000001", true),
            ("Root=1-67891233-abcdef012345678912345678", true),
            (longest.as_str(), true),
            (longer.as_str(), false),
            ("", false),
            ("two words", false),
            ("a\"b", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_str(sent).unwrap());
            assert_eq!(given(&headers).as_deref(), taken.then_some(sent), "{sent}");
        }
        assert_eq!(given(&HeaderMap::new()), None);
    }
}
