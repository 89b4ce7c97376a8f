//! `GET /metrics`, and what is counted of requests.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::{Instant, timeout};

use super::router::Api;
use crate::metrics::{DATABASE, OVERDUE, REQUEST, REQUESTS, WAITING, counters};

/// What Prometheus reads.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
/// How long the database may take to answer: less than what Prometheus waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// Shows what is counted.
///
/// For Prometheus, in its text format.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "server",
    operation_id = "get_metrics",
    responses((status = 200, description = "All of it.", body = String))
)]
pub(super) async fn get(State(api): State<Api>) -> Response {
    if let Ok(Ok((deliveries, jobs))) = timeout(PATIENCE, api.store.backlog()).await {
        metrics::gauge!(DATABASE).set(1.0);
        metrics::gauge!(WAITING).set(deliveries as f64);
        metrics::gauge!(OVERDUE).set(jobs as f64);
    } else {
        // What is counted here is told all the same.
        metrics::gauge!(DATABASE).set(0.0);
    }
    let text = counters().map(metrics_exporter_prometheus::PrometheusHandle::render);
    ([(CONTENT_TYPE, TEXT)], text.unwrap_or_default()).into_response()
}

/// Counts a request by its route and its method, of which there are few, and not by its path or what somebody calls a method.
pub(super) async fn count(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_default();
    let method = method(request.method());
    let since = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::histogram!(REQUEST, "route" => route.clone()).record(since.elapsed());
    metrics::counter!(REQUESTS, "method" => method, "route" => route, "status" => status).increment(1);
    response
}

/// A method by its name, and all that are used for nothing here by one.
pub(super) fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
