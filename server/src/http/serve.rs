//! The port, and how it is closed.

use std::future::pending;
use std::pin::pin;

use axum::Router;
use axum::serve::Listener;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::bounds::Bounds;
use crate::metrics::{CONNECTIONS, SILENT};

/// How many requests of one connection are under way at once.
const AT_ONCE: u32 = 200;

/// Serves requests until it is told to stop, and then those that are under way, for so long at most. Connections on which nothing is under way
/// are closed at once. Where as many are open as may be, others wait. They are encrypted where there is something to do it with.
pub async fn serve(
    mut listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    bounds: Bounds,
    stopping: CancellationToken,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = stopping.cancelled() => break,
            Some(_) = connections.join_next() => {}
            (socket, _) = Listener::accept(&mut listener), if connections.len() < bounds.connections => {
                connections.spawn(open(socket, tls.clone(), router.clone(), bounds, stopping.clone()));
            }
        }
        metrics::gauge!(CONNECTIONS).set(connections.len() as f64);
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(bounds.stop, all).await.is_err() {
        tracing::warn!("requests that did not end in time were cut off");
    }
    connections.shutdown().await;
}

/// Opens a connection, and answers what comes on it.
async fn open(
    socket: TcpStream,
    tls: Option<TlsAcceptor>,
    router: Router,
    bounds: Bounds,
    stopping: CancellationToken,
) {
    // Answers are small, and each is waited for.
    let _ = socket.set_nodelay(true);
    let Some(tls) = tls else { return answer(socket, router, bounds, stopping).await };
    let shaken = tokio::select! {
        shaken = timeout(bounds.silence, tls.accept(socket)) => shaken,
        () = stopping.cancelled() => return,
    };
    match shaken {
        Ok(Ok(socket)) => answer(socket, router, bounds, stopping).await,
        Ok(Err(error)) => tracing::debug!(%error, "a connection was not encrypted"),
        Err(_) => tracing::debug!("a connection was not encrypted in time"),
    }
}

/// Answers what comes on a connection.
async fn answer<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    socket: S,
    router: Router,
    bounds: Bounds,
    stopping: CancellationToken,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(bounds.silence);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(bounds.silence)
        .keep_alive_timeout(bounds.silence)
        .max_concurrent_streams(AT_ONCE);
    let (answering, begun) = (TowerToHyperService::new(router), CancellationToken::new());
    let service = service_fn(|request: Request<Incoming>| {
        begun.cancel();
        answering.call(request)
    });
    let mut connection = pin!(builder.serve_connection(TokioIo::new(socket), service));
    let end = tokio::select! {
        end = connection.as_mut() => end,
        () = silent(&begun, bounds) => {
            metrics::counter!(SILENT).increment(1);
            return;
        }
        () = over(&stopping, bounds) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = end {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Until a connection is to take no further requests.
async fn over(stopping: &CancellationToken, bounds: Bounds) {
    let _ = timeout(bounds.age, stopping.cancelled()).await;
}

/// Until it is sure that no first request comes. Which version of HTTP is spoken is waited for without an end otherwise; later ones are bounded by
/// the head's own time and, where several are under way at once, by asking whether the other side is there.
async fn silent(begun: &CancellationToken, bounds: Bounds) {
    if timeout(bounds.silence, begun.cancelled()).await.is_ok() {
        pending::<()>().await;
    }
}
