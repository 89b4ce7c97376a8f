//! Which operation is where.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post, put};
use scouter_engine::Clock;
use scouter_wire::problem::{Problem, ProblemCode};
use tonic::server::NamedService;
use tower::limit::GlobalConcurrencyLimitLayer;

use super::problem::Failure;
use super::{grpc, health, profiles, records};
use crate::ingest::Ingest;
use crate::store::Store;

/// How many requests are under way at once; others wait without their bodies. Each holds a body and what is made of it.
const AT_ONCE: usize = 64;

/// What the operations work on.
#[derive(Debug, Clone)]
pub struct Api {
    /// Where records go.
    pub ingest: Arc<Ingest>,
    /// Everything that is kept.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// All operations, over HTTP and gRPC.
pub fn router(api: Api) -> Router {
    let service = grpc::service(Arc::clone(&api.ingest));
    let rpc = format!("/{}/{{*call}}", name(&service));
    Router::new()
        .route("/v1/records", post(records::post))
        .route("/v1/profiles", post(profiles::register).get(profiles::list))
        .route("/v1/profiles/{uid}", get(profiles::get))
        .route("/v1/profiles/{uid}/status", put(profiles::set_status))
        .route_service(&rpc, service)
        .layer(GlobalConcurrencyLimitLayer::new(AT_ONCE))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback(async || Failure(Problem::new(ProblemCode::NotFound, "there is nothing here")))
        .method_not_allowed_fallback(async || {
            Failure(Problem::new(ProblemCode::MethodNotAllowed, "this does not work with that method"))
        })
        .with_state(api)
}

fn name<S: NamedService>(_: &S) -> &'static str {
    S::NAME
}
