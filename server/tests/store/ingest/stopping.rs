//! A server that is told to stop: soon, with all that it began, and whatever it is at.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures_util::stream;
use rustix::process::{Pid, Signal, kill_process};
use scouter_wire::protobuf::v1;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};
use tonic::Code;

use super::grpc::{client, message};
use super::running::{Running, batch, call, count, post, records, registered, running};

async fn keep_alive(server: &Running) -> TcpStream {
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = vec![0; 1024];
    let read = socket.read(&mut answer).await.unwrap();
    assert!(answer[..read].ends_with(b"ok\n"));
    socket
}

#[tokio::test]
async fn what_was_begun_is_answered_and_what_only_waits_is_closed_at_once() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let mut idle = keep_alive(&server).await;
    // A stream of one batch whose client would go on.
    let first = message(&batch(profile, &records(0, 10)));
    let batches = futures_util::StreamExt::chain(stream::iter([first]), stream::pending::<v1::Batch>());
    let mut receipts = client(&server).await.stream(batches).await.unwrap().into_inner();
    assert_eq!(receipts.message().await.unwrap().unwrap().accepted, 10);

    // A batch is under way when the server is told to stop.
    let mut lock = server.pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE records IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let sent = batch(profile, &records(100, 10));
    let address = server.address;
    let under_way = tokio::spawn(async move { post(address, &sent).await });
    let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&server.pool).await.unwrap() {
        tokio::task::yield_now().await;
    }
    let begin = Instant::now();
    server.stopping.cancel();
    assert_eq!(idle.read(&mut [0; 8]).await.unwrap(), 0);
    let end = receipts.message().await.unwrap_err();
    assert_eq!((end.code(), end.message()), (Code::Unavailable, "the server is about to stop"));
    lock.rollback().await.unwrap();
    assert_eq!(under_way.await.unwrap().receipt().accepted, 10);
    server.serving.await.unwrap();
    timeout(Duration::from_secs(5), server.committers.finish()).await.unwrap();
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    assert_eq!(count(&server.pool, "records").await, 20);
    assert!(call(address, "GET", "/healthz", &[], "").await.is_err());
    drop(server.server);
}

#[tokio::test]
async fn records_that_nobody_commits_any_more_are_not_told_that_the_queue_is_full() {
    let Running { address, committers, pool, server: _server, .. } = running().await;
    let profile = registered(address, "m", true).await;
    drop(committers);
    let sent = batch(profile, &records(0, 10));
    // A committer that is dropped ends soon after.
    let closed = async {
        loop {
            let answer = post(address, &sent).await;
            if answer.status != 200 {
                return answer;
            }
        }
    };
    let answer = timeout(Duration::from_secs(10), closed).await.unwrap();
    assert_eq!(answer.problem(), (503, "unavailable".to_owned()));
    drop(pool);
}

/// The server as a process, with this database.
fn started(database: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scouter-server"));
    command.args(["serve", "--listen", "127.0.0.1:0"]).env("DATABASE_URL", database);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

async fn ended(mut child: Child) -> (bool, String) {
    let end = tokio::task::spawn_blocking(move || {
        let success = child.wait().unwrap().success();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (success, said)
    });
    timeout(Duration::from_secs(20), end).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_server_that_waits_for_its_database_hears_that_it_is_to_stop() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://u:p@{}/d?sslmode=disable", silent.local_addr().unwrap());
    let child = started(&url);
    let (_held, _) = silent.accept().await.unwrap();
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert!(ended(child).await.0);
}

#[tokio::test]
async fn a_second_signal_ends_a_server_at_once() {
    let dir = TempDir::new().unwrap();
    let (mut child, address) = super::faults::spawn(dir.path(), &[]);
    // A request that keeps the server from ending.
    let mut socket = TcpStream::connect(address).await.unwrap();
    let head = "POST /v1/records HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    // It waits for the body.
    let mut told = [0; 12];
    socket.read_exact(&mut told).await.unwrap();
    assert_eq!(&told, b"HTTP/1.1 100");
    let begin = Instant::now();
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    // Until it no longer listens.
    while TcpStream::connect(address).await.is_ok() {}
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let success = tokio::task::spawn_blocking(move || child.wait().unwrap().success()).await.unwrap();
    assert!(!success && begin.elapsed() < Duration::from_secs(4), "{success} {:?}", begin.elapsed());
}

#[tokio::test]
async fn a_url_that_cannot_be_read_is_not_quoted() {
    let child = started("postgres://user:secret#word@127.0.0.1:5432/d");
    let (success, said) = ended(child).await;
    assert!(!success);
    assert!(said.contains("failed to read the URL of the database") && !said.contains("secret"), "{said}");
}
