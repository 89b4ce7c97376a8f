//! Which operation is where.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, post, put};
use scouter_engine::Clock;
use scouter_wire::problem::{Problem, ProblemCode};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::bounds::Bounds;
use super::gate::Gate;
use super::problem::Failure;
use super::{alerts, auth, drift, grpc, guard, health, jobs, keys, metrics, profiles, records, table};
use crate::access::Access;
use crate::ingest::Ingest;
use crate::store::Store;

/// How many logins are under way at once.
const LOGINS: usize = 16;

/// What the operations work on.
#[derive(Debug, Clone)]
pub struct Api {
    /// Where records go.
    pub ingest: Arc<Ingest>,
    /// Who is let in.
    pub access: Arc<Access>,
    /// Everything that is kept.
    pub store: Store,
    /// Has jobs looked for at once.
    pub wake: Arc<Notify>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What it is bounded by.
    pub bounds: Bounds,
    /// Told when the server is to stop: streams end then.
    pub stopping: CancellationToken,
}

/// All operations, over HTTP and gRPC.
pub fn router(api: Api) -> Router {
    // So that what is counted from now on is told.
    crate::metrics::counters();
    let Bounds { batches, others, wait, .. } = api.bounds;
    let (batches, others) = (Gate::new(batches, wait), Gate::new(others, wait));
    let rpc = grpc::Records::new(&api, batches.clone());
    let guard = from_fn_with_state(api.clone(), guard::pass);
    let records = Router::new()
        .route("/v1/records", post(records::post))
        .route_layer(guard.clone())
        .route_layer(from_fn_with_state(batches, Gate::pass))
        // These ask for a place, and who calls, themselves: a stream has one for each batch.
        .route(grpc::SEND, post(grpc::send).with_state(rpc.clone()))
        .route(grpc::STREAM, post(grpc::stream).with_state(rpc));
    // However many records come in, profiles can be found and switched.
    let others = Router::new()
        .route("/v1/profiles", post(profiles::register).get(profiles::list))
        .route("/v1/profiles/{uid}", get(profiles::get))
        .route("/v1/profiles/{uid}/status", put(profiles::set_status))
        .route("/v1/profiles/{uid}/alerts", get(alerts::list))
        .route("/v1/profiles/{uid}/drift", get(drift::get))
        .route("/v1/profiles/{uid}/records", get(table::get))
        .route("/v1/profiles/{uid}/run", post(jobs::run))
        .route("/v1/alerts/{id}/acknowledge", post(alerts::acknowledge))
        .route("/v1/keys", post(keys::create).get(keys::list))
        .route("/v1/keys/{prefix}", delete(keys::revoke))
        .route_layer(guard.clone())
        .route_layer(from_fn_with_state(others, Gate::pass));
    let counters = Router::new().route("/metrics", get(metrics::get)).route_layer(guard);
    // However many passwords are tried, those who are let in find what they look for.
    let logins = Router::new()
        .route("/v1/auth/login", post(auth::login))
        .route("/v1/auth/password", post(auth::change_password))
        .route("/v1/auth/refresh", post(auth::refresh))
        .route("/v1/auth/logout", post(auth::logout))
        .route_layer(from_fn_with_state(Gate::new(LOGINS, wait), Gate::pass));
    records
        .merge(others)
        .merge(logins)
        .merge(counters)
        .route_layer(from_fn(metrics::count))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback(async || Failure(Problem::new(ProblemCode::NotFound, "there is nothing here")))
        .method_not_allowed_fallback(async || {
            Failure(Problem::new(ProblemCode::MethodNotAllowed, "this does not work with that method"))
        })
        .with_state(api)
}
