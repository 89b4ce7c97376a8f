//! A server on loopback with a Postgres of its own, and what a client does.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use scouter_engine::{Clock, SystemClock};
use scouter_server::access::{Access, SecretSource, SigningSecret};
use scouter_server::http::{Api, Bounds, router, serve};
use scouter_server::ingest::{Committers, Ingest, IngestOptions};
use scouter_tasks::profile::write;
use scouter_wire::receipt::Receipt;
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::samples::{GENAI, psi};
use crate::support::{Server, fresh, uid_of};

const NOW: u64 = 1_790_000_000_000;

/// A server that ends with the test.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) pool: PgPool,
    pub(crate) committers: Committers,
    pub(crate) stopping: CancellationToken,
    pub(crate) serving: JoinHandle<()>,
    pub(crate) server: Server,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn receipt(&self) -> Receipt {
        assert_eq!(self.status, 200, "{:?}", self.body);
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The status and the code of a problem.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let body = self.json();
        assert_eq!(body["status"], self.status);
        (self.status, body["code"].as_str().unwrap().to_owned())
    }
}

/// How requests get in.
pub(crate) struct Door {
    /// Whether this machine is let in without being asked.
    pub(crate) open: bool,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// A server of these bounds that lets its machine in.
pub(crate) async fn bounded(queue: usize, bounds: Bounds) -> Running {
    behind(Door { open: true, tls: None, clock: Arc::new(SystemClock) }, queue, bounds).await
}

/// A server behind a door.
pub(crate) async fn behind(door: Door, queue: usize, bounds: Bounds) -> Running {
    let (server, store, pool) = fresh().await;
    let patience = Duration::from_secs(20);
    let (ingest, committers) = Ingest::start(&store, IngestOptions { queue, patience });
    let stopping = CancellationToken::new();
    let (ingest, clock) = (Arc::new(ingest), door.clock);
    let secret = SigningSecret::of(&SecretSource::Forgotten).unwrap();
    let access = Arc::new(Access::new(store.clone(), clock.clone(), &secret, door.open));
    let routes = Arc::default();
    let wake = Arc::default();
    let open_windows = Arc::default();
    let api =
        Api { ingest, access, store, routes, wake, open_windows, clock, bounds, stopping: stopping.clone() };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(serve(listener, door.tls, router(api), bounds, stopping.clone()));
    Running { address, pool, committers, stopping, serving, server }
}

/// A server with a queue of so many bytes.
pub(crate) async fn with_queue(queue: usize) -> Running {
    bounded(queue, Bounds::default()).await
}

pub(crate) async fn running() -> Running {
    with_queue(IngestOptions::default().queue).await
}

/// Sends a request.
pub(crate) async fn call(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Result<Answer, hyper_util::client::legacy::Error> {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let mut request = hyper::Request::builder().method(method).uri(format!("http://{address}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = client.request(request.body(Full::new(body.into())).unwrap()).await?;
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
}

/// Sends a batch as JSON.
pub(crate) async fn post(address: SocketAddr, batch: &Value) -> Answer {
    let json = ("content-type", "application/json");
    call(address, "POST", "/v1/records", &[json], batch.to_string()).await.unwrap()
}

/// The document of a profile of `x`, a number with ten bins, and `carrier`, a text with two.
pub(crate) fn document(name: &str) -> Value {
    let numbers: Vec<f64> = (1..=100).map(f64::from).collect();
    let mut profile = psi("0.1.0", &numbers);
    name.clone_into(&mut profile.config.identity.name);
    serde_json::from_str(&write(&profile).unwrap().to_string()).unwrap()
}

/// Registers a profile over HTTP.
pub(crate) async fn registered(address: SocketAddr, name: &str, activate: bool) -> Uuid {
    let body = json!({"profile": document(name), "activate": activate});
    let answer = call(address, "POST", "/v1/profiles", &[], body.to_string()).await.unwrap();
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    answer.json()["uid"].as_str().unwrap().parse().unwrap()
}

/// Registers a profile of evaluations over HTTP, and switches it on.
pub(crate) async fn evaluated(address: SocketAddr) -> Uuid {
    // As it is written: exact numbers would not survive the way through a value.
    let body = format!(r#"{{"profile": {GENAI}, "activate": true}}"#);
    let answer = call(address, "POST", "/v1/profiles", &[], body).await.unwrap();
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    answer.json()["uid"].as_str().unwrap().parse().unwrap()
}

/// Something to evaluate, of so many milliseconds after the others begin.
pub(crate) fn eval(at: u64) -> Value {
    json!({"uid": uid_of(NOW + at), "eval": {"context": {"response": format!("answer {at}")}}})
}

/// Two requests to a route, of so many milliseconds after the others begin.
pub(crate) fn requests(at: u64) -> Value {
    let latency = json!({"p5": 0.1, "p25": 0.2, "p50": 0.25, "p95": 0.5, "p99": 1.0});
    let route = json!({"count": 2, "errors": 1, "latency": latency, "error_latency": 0.5, "statuses": {"200": 1, "500": 1}});
    json!({"uid": uid_of(NOW + at), "requests": {"/predict": route}})
}

/// So many records of features, from this one on.
pub(crate) fn records(from: u64, many: u64) -> Vec<Value> {
    let record = |at: u64| json!({"uid": uid_of(NOW + at), "features": {"x": at, "carrier": "Rome"}});
    (from..from + many).map(record).collect()
}

pub(crate) fn batch(profile: Uuid, records: &[Value]) -> Value {
    json!({"groups": [{"profile": profile, "records": records}]})
}

pub(crate) async fn count(pool: &PgPool, table: &str) -> i64 {
    let count = match table {
        "records" => "SELECT count(*) FROM records",
        "bin_counts" => "SELECT count(*) FROM bin_counts",
        "eval_records" => "SELECT count(*) FROM eval_records",
        "requests" => "SELECT count(*) FROM requests",
        "drift_jobs" => "SELECT count(*) FROM drift_jobs",
        other => panic!("{other}"),
    };
    sqlx::query_scalar(count).fetch_one(pool).await.unwrap()
}
