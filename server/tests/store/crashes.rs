//! Processes that are killed for real.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use scouter_server::postgres::Cluster;
use scouter_server::store::{Added, EvalRow, RecordRow, RequestsRow, Store, StoreError};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{Server, fresh, options, postmaster, uid_of};

const DATA: &str = "SCOUTER_TEST_DATA";

/// Keeps a row, of another table each millisecond.
async fn keep(store: &Store, milliseconds: u64, uid: Uuid) -> Result<Added, StoreError> {
    let profile = Uuid::nil();
    match milliseconds % 3 {
        0 => store.add_records(&[RecordRow { profile, uid, numbers: vec![1.0], texts: None }]).await,
        1 => {
            let context = "{}".to_owned();
            let row = EvalRow { profile, uid, id: None, session: None, trace: None, context };
            store.add_eval_records(&[row]).await
        }
        _ => store.add_requests(&[RequestsRow { profile, uid, routes: "[]".to_owned() }]).await,
    }
}

fn pid(raw: i32) -> Pid {
    Pid::from_raw(raw).unwrap()
}

/// Waits for the end of a process that is no child of this one.
fn gone(process: Pid) -> bool {
    let Ok(process) = pidfd_open(process, PidfdFlags::empty()) else { return true };
    let limit = Timespec { tv_sec: 20, tv_nsec: 0 };
    poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&limit)).unwrap() == 1
}

async fn add(store: &Store, milliseconds: u64) {
    // A client sends again what was not acknowledged.
    let uid = uid_of(milliseconds);
    let again = async {
        while let Err(error) = keep(store, milliseconds, uid).await {
            assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), again).await.unwrap();
}

/// Waits until another postmaster has taken over from this one.
async fn restarted(server: &Server, victim: Pid) {
    // The file is not there for a moment.
    let now = || {
        let file = fs::read_to_string(server.dir.path().join("postgres/postmaster.pid")).ok()?;
        Pid::from_raw(file.lines().next()?.parse().ok()?)
    };
    let other = async {
        while now().is_none_or(|pid| pid == victim) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), other).await.unwrap();
}

async fn count(pool: &PgPool) -> i64 {
    let all = "SELECT (SELECT count(*) FROM records) + (SELECT count(*) FROM eval_records) + (SELECT count(*) FROM requests)";
    sqlx::query_scalar(all).fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn what_was_acknowledged_is_there_once_after_postgres_was_killed_again_and_again() {
    let (server, store, _) = fresh().await;
    let mut acknowledged = 0;
    for round in 0..4 {
        for i in 0..25 {
            add(&store, 1_700_000_000_000 + round * 100 + i).await;
            acknowledged += 1;
        }
        let victim = pid(postmaster(server.dir.path()));
        kill_process(victim, Signal::KILL).unwrap();
        add(&store, 1_700_000_000_050 + round * 100).await;
        acknowledged += 1;
        // What was connected may go on for a moment after the postmaster's end.
        assert!(gone(victim));
        restarted(&server, victim).await;
    }
    // Once this is acknowledged, the last postmaster takes connections.
    add(&store, 1_700_000_000_400).await;
    acknowledged += 1;
    let pool = PgPool::connect_with(server.cluster.connect_options()).await.unwrap();
    assert_eq!(count(&pool).await, acknowledged);
}

/// Not a test by itself: the process that is killed.
#[tokio::test]
#[ignore = "run by the test below"]
async fn server_to_be_killed() {
    #[expect(clippy::disallowed_methods, reason = "a process of this test is told so where it is")]
    let Some(data) = std::env::var_os(DATA).map(PathBuf::from) else { return };
    let cluster = Cluster::start(options(&data)).await.unwrap();
    let store = Store::connect(cluster.connect_options(), 2).await.unwrap();
    for i in 0.. {
        let milliseconds = 1_700_000_000_000 + i;
        keep(&store, milliseconds, uid_of(milliseconds)).await.unwrap();
        // Whole or not at all, for the process may be killed in the middle.
        fs::write(data.join("acknowledged.part"), (i + 1).to_string()).unwrap();
        fs::rename(data.join("acknowledged.part"), data.join("acknowledged")).unwrap();
        if i == 20 {
            writeln!(std::io::stderr(), "under load").unwrap();
        }
    }
}

#[tokio::test]
async fn postgres_ends_with_a_server_that_is_killed_and_the_next_one_has_it_all() {
    let server = Server::start().await;
    server.cluster.stop().await.unwrap();
    let data = server.dir.path();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crashes::server_to_be_killed", "--ignored", "--nocapture"])
        .env(DATA, data)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(said.any(|line| line.contains("under load")));
    let orphan = pid(postmaster(data));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(gone(orphan));

    let cluster = Cluster::start(options(data)).await.unwrap();
    let acknowledged: i64 = fs::read_to_string(data.join("acknowledged")).unwrap().parse().unwrap();
    let pool = PgPool::connect_with(cluster.connect_options()).await.unwrap();
    let there = count(&pool).await;
    // The last may have been committed and not been acknowledged yet.
    assert!((acknowledged..=acknowledged + 1).contains(&there), "{acknowledged} acknowledged, {there} there");
    pool.close().await;
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn postgres_ends_with_the_value_that_stands_for_it() {
    let server = Server::start().await;
    let process = pid(postmaster(server.dir.path()));
    drop(server.cluster);
    assert!(tokio::task::spawn_blocking(move || gone(process)).await.unwrap());
}
