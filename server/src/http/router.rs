//! Which operation is where.

use std::sync::Arc;

use axum::http::Uri;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Extension, Router};
use scouter_engine::Clock;
use scouter_wire::problem::{Problem, ProblemCode};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answers::{asked, bounded, guarded};
use super::bounds::Bounds;
use super::gate::Gate;
use super::health::Readiness;
use super::parameters::Parameters;
use super::problem::Failure;
use super::{
    alerts, auth, drift, evals, grpc, guard, health, jobs, keys, metrics, openapi, profiles, records,
    requests, table, trace,
};
use crate::access::Access;
use crate::alerts::Routes;
use crate::ingest::Ingest;
use crate::jobs::OpenWindows;
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
    /// Who can be told of alerts.
    pub routes: Arc<Routes>,
    /// Has jobs looked for at once.
    pub wake: Arc<Notify>,
    /// Looks at what no job has looked at yet.
    pub open_windows: Arc<OpenWindows>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What it is bounded by.
    pub bounds: Bounds,
    /// Told when the server is to stop: streams end then.
    pub stopping: CancellationToken,
}

/// The operations over HTTP, by what stands before them. Each is described where it is written, and has its path from there.
pub(super) struct Operations {
    /// Batches of records.
    records: OpenApiRouter<Api>,
    /// What those do who are let in.
    others: OpenApiRouter<Api>,
    /// By which one is let in.
    logins: OpenApiRouter<Api>,
    /// What is counted.
    counters: OpenApiRouter<Api>,
    /// What is for everybody, and is not counted.
    open: OpenApiRouter<Api>,
}

impl Operations {
    pub(super) fn all() -> Self {
        let records = OpenApiRouter::new().routes(routes!(records::post));
        let others = OpenApiRouter::new()
            .routes(routes!(profiles::register, profiles::list))
            .routes(routes!(profiles::get))
            .routes(routes!(profiles::set_status))
            .routes(routes!(alerts::list))
            .routes(routes!(alerts::list_all))
            .routes(routes!(drift::get))
            .routes(routes!(jobs::run))
            .routes(routes!(jobs::state))
            .routes(routes!(table::get))
            .routes(routes!(requests::get))
            .routes(routes!(evals::list))
            .routes(routes!(alerts::acknowledge))
            .routes(routes!(keys::create, keys::list))
            .routes(routes!(keys::revoke))
            .routes(routes!(keys::set_grants));
        let logins = OpenApiRouter::new()
            .routes(routes!(auth::login))
            .routes(routes!(auth::change_password))
            .routes(routes!(auth::refresh))
            .routes(routes!(auth::logout));
        let counters = OpenApiRouter::new().routes(routes!(metrics::get));
        let open = OpenApiRouter::new()
            .routes(routes!(health::alive))
            .routes(routes!(health::ready))
            .routes(routes!(openapi::get));
        Self {
            records: guarded(bounded(asked(records))),
            others: guarded(bounded(asked(others))),
            logins: bounded(asked(logins)),
            counters: guarded(counters),
            open,
        }
    }

    /// All of them, with their description.
    pub(super) fn together(self) -> OpenApiRouter<Api> {
        let Self { records, others, logins, counters, open } = self;
        OpenApiRouter::with_openapi(openapi::Frame::openapi())
            .merge(records)
            .merge(others)
            .merge(logins)
            .merge(counters)
            .merge(open)
    }
}

/// All operations, over HTTP and gRPC.
pub fn router(api: Api) -> Router {
    // So that what is counted from now on is told.
    crate::metrics::counters();
    let Bounds { batches, others: most, wait, .. } = api.bounds;
    let (batches, most) = (Gate::new(batches, wait), Gate::new(most, wait));
    let rpc = grpc::routes(&api, &batches, &most);
    let guard = from_fn_with_state(api.clone(), guard::pass);
    let Operations { records, others, logins, counters, open } = Operations::all();
    let known = Parameters::of([&records, &others, &logins].map(OpenApiRouter::get_openapi));
    let asked = from_fn_with_state(known, Parameters::pass);
    let records = Router::from(records)
        .route_layer(asked.clone())
        .route_layer(guard.clone())
        .route_layer(from_fn_with_state(batches, Gate::pass));
    // However many records come in, profiles can be found and switched.
    let others = Router::from(others)
        .route_layer(asked.clone())
        .route_layer(guard.clone())
        .route_layer(from_fn_with_state(most, Gate::pass));
    // However many passwords are tried, those who are let in find what they look for.
    let logins = Router::from(logins)
        .route_layer(asked)
        .route_layer(from_fn_with_state(Gate::new(LOGINS, wait), Gate::pass));
    records
        .merge(others)
        .merge(logins)
        // These ask for a place, and who calls, themselves: a stream has a place for each batch.
        .merge(rpc)
        .merge(Router::from(counters).route_layer(guard))
        .route_layer(from_fn(metrics::count))
        .merge(Router::from(open).route_layer(Extension(Arc::<Readiness>::default())))
        .fallback(nothing)
        .method_not_allowed_fallback(async || {
            Failure(Problem::new(ProblemCode::MethodNotAllowed, "this does not work with that method"))
        })
        .layer(from_fn_with_state(api.clone(), trace::pass))
        .with_state(api)
}

async fn nothing(uri: Uri) -> Failure {
    Failure(Problem::new(ProblemCode::NotFound, format!("there is nothing at `{}`", uri.path())))
}
