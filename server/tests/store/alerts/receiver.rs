//! Whoever is told, on loopback.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use clap::Parser;
use scouter_engine::SystemClock;
use scouter_server::alerts::{AlertOptions, Dispatcher, Routes, Sender};
use scouter_server::store::Store;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A request that arrived.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Arrived {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

type Answers = Arc<Mutex<VecDeque<Response>>>;

/// A server that takes everything.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    arrived: mpsc::UnboundedReceiver<Arrived>,
    answers: Answers,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let (sender, arrived) = mpsc::unbounded_channel();
        let answers = Answers::default();
        let router = Router::new().fallback(take).with_state((sender, Arc::clone(&answers)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, arrived, answers }
    }

    /// What it answers next; 200 and `{"ok": true}` where nothing is said.
    pub(crate) fn answers(&self, answer: impl IntoResponse) {
        self.answers.lock().unwrap().push_back(answer.into_response());
    }

    /// The next request that arrived.
    pub(crate) async fn next(&mut self) -> Arrived {
        self.arrived.recv().await.unwrap()
    }

    /// All that arrived and was not looked at.
    pub(crate) fn all(&mut self) -> Vec<Arrived> {
        std::iter::from_fn(|| self.arrived.try_recv().ok()).collect()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn take(
    State((sender, answers)): State<(mpsc::UnboundedSender<Arrived>, Answers)>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().unwrap().to_string();
    let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
    let answer = answers.lock().unwrap().pop_front();
    let _ = sender.send(Arrived { path, headers: parts.headers, body });
    answer.unwrap_or_else(|| (StatusCode::OK, r#"{"ok": true}"#).into_response())
}

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    alerts: AlertOptions,
}

/// Options as they stand on a command line.
pub(crate) fn options(line: &[&str]) -> Result<AlertOptions, clap::Error> {
    Ok(Line::try_parse_from(["server"].iter().chain(line))?.alerts)
}

/// Nobody is told but whom profiles name.
pub(crate) fn no_routes() -> Routes {
    Routes::from(&options(&[]).unwrap())
}

pub(crate) fn sender(line: &[&str]) -> Sender {
    Sender::new(options(line).unwrap(), Arc::new(SystemClock)).unwrap()
}

/// One that may reach loopback.
pub(crate) fn dispatcher(store: &Store, line: &[&str]) -> Dispatcher {
    let line = [line, &["--alert-networks", "127.0.0.0/8,::1/128"]].concat();
    Dispatcher::new(store.clone(), sender(&line), Arc::new(SystemClock))
}

/// A port that nobody listens on.
pub(crate) async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// What comes soon, or the test fails.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(40), future).await.unwrap()
}
