//! Clients that stall, and more of them than are served at once: others hear of it soon, and nothing is taken for ever.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use scouter_server::http::Bounds;
use scouter_server::ingest::IngestOptions;
use scouter_wire::protobuf::v1;
use scouter_wire::protobuf::v1::ingest_client::IngestClient;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tonic::transport::Channel;
use tonic::{Code, Status};

use super::grpc::message;
use super::running::{Running, batch, bounded, call, count, post, records, registered};
use crate::proxy::{Far, Proxy};

const SHORT: Duration = Duration::from_millis(200);

async fn served(bounds: Bounds) -> Running {
    bounded(IngestOptions::default().queue, bounds).await
}

/// Begins a request whose body does not come.
async fn stalled(server: &Running, path: &str, kind: &str) -> TcpStream {
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\ncontent-length: 100\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket
}

async fn profiles_are_found(server: &Running) {
    assert_eq!(call(server.address, "GET", "/v1/profiles", &[], "").await.unwrap().status, 200);
}

#[tokio::test]
async fn bodies_that_stall_are_cut_off_and_others_are_told_to_come_again() {
    for (path, kind) in [("/v1/records", "application/json"), ("/scouter.v1.Ingest/Send", "application/grpc")]
    {
        let bounds = Bounds { batches: 1, wait: SHORT, body: Duration::from_secs(2), ..Bounds::default() };
        let server = served(bounds).await;
        let profile = registered(server.address, "m", true).await;
        let mut stalled = stalled(&server, path, kind).await;
        // Until it has the only place.
        let sent = batch(profile, &records(0, 1));
        let full = loop {
            let answer = post(server.address, &sent).await;
            if answer.status != 200 {
                break answer;
            }
        };
        assert_eq!(full.problem(), (429, "overloaded".to_owned()), "{path}");
        assert_eq!(full.headers["retry-after"], "1");
        profiles_are_found(&server).await;
        // It is told that it was too late, and its place is free.
        let mut told = [0; 12];
        timeout(Duration::from_secs(10), stalled.read_exact(&mut told)).await.unwrap().unwrap();
        assert!(told.starts_with(b"HTTP/1.1 "), "{told:?}");
        assert_eq!(post(server.address, &sent).await.receipt().accepted, 1);
    }
}

/// A stream that goes on for as long as its sender is there.
async fn open(channel: Channel) -> (mpsc::Sender<v1::Batch>, Result<tonic::Streaming<v1::Receipt>, Status>) {
    let (sender, batches) = mpsc::channel::<v1::Batch>(8);
    let batches = stream::unfold(batches, |mut batches| async {
        let batch = batches.recv().await?;
        Some((batch, batches))
    });
    let receipts = IngestClient::new(channel).stream(batches).await;
    (sender, receipts.map(tonic::Response::into_inner))
}

async fn channel(address: std::net::SocketAddr) -> Channel {
    Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap()
}

#[tokio::test]
async fn batches_of_streams_are_counted_with_all_others() {
    let server = served(Bounds { batches: 1, wait: SHORT, ..Bounds::default() }).await;
    let profile = registered(server.address, "m", true).await;
    let mut lock = server.pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE records IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let (sender, receipts) = open(channel(server.address).await).await;
    let mut receipts = receipts.unwrap();
    for at in 0..3 {
        sender.send(message(&batch(profile, &records(at * 10, 10)))).await.unwrap();
    }
    let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&server.pool).await.unwrap() {
        tokio::task::yield_now().await;
    }
    // One batch of the stream is under way, and there is no place for another.
    let sent = batch(profile, &records(100, 1));
    assert_eq!(post(server.address, &sent).await.problem().0, 429);
    let full = IngestClient::new(channel(server.address).await).send(message(&sent)).await.unwrap_err();
    assert_eq!(full.code(), Code::ResourceExhausted);
    assert!(full.metadata().contains_key("grpc-retry-pushback-ms"));
    lock.rollback().await.unwrap();
    // Those of the stream that waited are kept.
    for _ in 0..3 {
        assert_eq!(receipts.next().await.unwrap().unwrap().accepted, 10);
    }
    assert_eq!(count(&server.pool, "records").await, 30);
}

#[tokio::test]
async fn there_are_no_more_streams_than_may_be_and_one_whose_client_is_gone_is_none() {
    let silence = Duration::from_millis(500);
    let server = served(Bounds { streams: 1, silence, ..Bounds::default() }).await;
    let proxy = Proxy::to(Far::Port(server.address)).await;
    let (_sender, first) = open(channel(proxy.address).await).await;
    let _first = first.unwrap();
    let other = channel(server.address).await;
    let full = open(other.clone()).await.1.unwrap_err();
    assert_eq!(full.code(), Code::ResourceExhausted);
    proxy.go_silent();
    let begin = Instant::now();
    while open(other.clone()).await.1.is_err() {}
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn connections_that_say_nothing_or_half_of_something_are_closed_and_others_come_in() {
    let silence = Duration::from_millis(500);
    let server = served(Bounds { connections: 4, silence, ..Bounds::default() }).await;
    let mut silent = Vec::new();
    // Nothing; what may become either version of HTTP; half of a head; a version without a request.
    for half in ["", "P", "GET /healthz HTTP/1.1\r\nhost:", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        socket.write_all(half.as_bytes()).await.unwrap();
        silent.push(socket);
    }
    // There is no place before one of them is closed.
    profiles_are_found(&server).await;
    for mut socket in silent {
        let mut rest = Vec::new();
        // It may be closed with what came unread, which is told as an error.
        let _ = timeout(Duration::from_secs(10), socket.read_to_end(&mut rest)).await.unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_falls_silent_after_a_request_or_is_old_is_closed() {
    let short = Duration::from_millis(500);
    for bounds in [Bounds { silence: short, ..Bounds::default() }, Bounds { age: short, ..Bounds::default() }]
    {
        let server = served(bounds).await;
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        socket.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        let mut told = Vec::new();
        timeout(Duration::from_secs(10), socket.read_to_end(&mut told)).await.unwrap().unwrap();
        assert!(told.ends_with(b"ok\n"), "{told:?}");
    }
}
