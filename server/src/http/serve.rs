//! The port, and how it is closed.

use std::pin::pin;

use axum::Router;
use axum::serve::Listener;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::bounds::Bounds;

/// How many requests of one connection are under way at once.
const AT_ONCE: u32 = 200;

/// Serves requests until it is told to stop, and then those that are under way, for so long at most. Connections on which nothing is under way
/// are closed at once.
pub async fn serve(mut listener: TcpListener, router: Router, bounds: Bounds, stopping: CancellationToken) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = stopping.cancelled() => break,
            Some(_) = connections.join_next() => {}
            (socket, _) = Listener::accept(&mut listener) => {
                connections.spawn(answer(socket, router.clone(), bounds, stopping.clone()));
            }
        }
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(bounds.stop, all).await.is_err() {
        tracing::warn!("requests that did not end in time were cut off");
    }
    connections.shutdown().await;
}

/// Answers what comes on a connection.
async fn answer(socket: TcpStream, router: Router, bounds: Bounds, stopping: CancellationToken) {
    // Answers are small, and each is waited for.
    let _ = socket.set_nodelay(true);
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(bounds.silence);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(bounds.silence)
        .keep_alive_timeout(bounds.silence)
        .max_concurrent_streams(AT_ONCE);
    let mut connection =
        pin!(builder.serve_connection(TokioIo::new(socket), TowerToHyperService::new(router)));
    let end = tokio::select! {
        end = connection.as_mut() => end,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = end {
        tracing::debug!(%error, "a connection broke");
    }
}
