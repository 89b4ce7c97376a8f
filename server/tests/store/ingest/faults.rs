//! The real server, killed for real.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use scouter_server::postgres::Cluster;
use serde_json::{Value, json};
use sqlx::PgPool;
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use super::running::{call, eval, evaluated, records, registered, requests};
use crate::support::options;

/// The server as a process of its own, and where it listens.
pub(crate) fn spawn(data: &Path, more: &[&str]) -> (Child, SocketAddr) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scouter-server"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data).args(more);
    if let Some(programs) = options(data).binaries {
        command.arg("--postgres").arg(programs);
    }
    command.env_remove("DATABASE_URL").stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}"));
    (child, address.parse().unwrap())
}

/// What clients were told is kept.
#[derive(Default)]
struct Acknowledged {
    uids: Mutex<BTreeSet<Uuid>>,
    more: Notify,
}

/// The profiles that a server is loaded with: of drift, and of evaluations.
type Loaded = (Uuid, Uuid);

/// A batch for all tables: so many records of features, something to evaluate, and requests, each with the time of the first and later.
fn mixed((drift, evals): Loaded, from: u64) -> Vec<Value> {
    let mut own = records(from, 18);
    own.push(requests(from + 18));
    vec![json!({"profile": drift, "records": own}), json!({"profile": evals, "records": [eval(from + 19)]})]
}

/// The records of groups.
fn uids(groups: &[Value]) -> Vec<Uuid> {
    groups.iter().flat_map(|group| group["records"].as_array().unwrap()).map(uid).collect()
}

/// Sends batches one after another until the server is gone. Those that were not acknowledged: sent again, they do no harm. A server that ends
/// refuses nothing: it answers, or is not there.
async fn load(address: SocketAddr, profiles: Loaded, from: u64, told: Arc<Acknowledged>) -> Vec<Value> {
    for at in 0.. {
        let sent = mixed(profiles, from + at * 100);
        let json = ("content-type", "application/json");
        let body = json!({"groups": sent}).to_string();
        match call(address, "POST", "/v1/records", &[json], body).await {
            Ok(answer) => {
                assert_eq!(answer.receipt().accepted, 20);
                told.uids.lock().unwrap().extend(uids(&sent));
                told.more.notify_one();
            }
            Err(_) => return sent,
        }
    }
    Vec::new()
}

fn uid(record: &Value) -> Uuid {
    record["uid"].as_str().unwrap().parse().unwrap()
}

/// Loads a server with four clients until so many records more are acknowledged, and ends it so. What was not acknowledged.
async fn ended_under_load(
    (child, address): (&Child, SocketAddr),
    profiles: Loaded,
    round: u64,
    told: &Arc<Acknowledged>,
    signal: Signal,
) -> Vec<Value> {
    let mut clients = JoinSet::new();
    for client in 0..4 {
        clients.spawn(load(address, profiles, (round * 4 + client) * 10_000_000, Arc::clone(told)));
    }
    let wanted = told.uids.lock().unwrap().len() + 2000;
    while told.uids.lock().unwrap().len() < wanted {
        told.more.notified().await;
    }
    kill_process(Pid::from_child(child), signal).unwrap();
    clients.join_all().await.concat()
}

async fn kept(data: &Path) -> Vec<Uuid> {
    let cluster = Cluster::start(options(data)).await.unwrap();
    let pool = PgPool::connect_with(cluster.connect_options()).await.unwrap();
    let all = "SELECT uid FROM records UNION ALL SELECT uid FROM eval_records UNION ALL SELECT uid FROM requests ORDER BY uid";
    let kept = sqlx::query_scalar(all).fetch_all(&pool).await.unwrap();
    pool.close().await;
    cluster.stop().await.unwrap();
    kept
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_once_after_the_server_was_killed_under_load_again_and_again() {
    let dir = TempDir::new().unwrap();
    let told = Arc::new(Acknowledged::default());
    let (mut server, mut address) = spawn(dir.path(), &[]);
    let profiles = (registered(address, "m", true).await, evaluated(address).await);
    for round in 0..4 {
        let unheard = ended_under_load((&server, address), profiles, round, &told, Signal::KILL).await;
        server.wait().unwrap();
        (server, address) = spawn(dir.path(), &[]);
        // Clients send again what nobody told them is kept.
        let json = ("content-type", "application/json");
        let body = json!({"groups": unheard}).to_string();
        let again = call(address, "POST", "/v1/records", &[json], body).await.unwrap().receipt();
        let unheard = uids(&unheard);
        assert_eq!(again.accepted, unheard.len() as u64);
        told.uids.lock().unwrap().extend(unheard);
    }
    server.kill().unwrap();
    server.wait().unwrap();
    let told: Vec<Uuid> = told.uids.lock().unwrap().iter().copied().collect();
    assert_eq!(kept(dir.path()).await, told);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_told_to_stop_under_load_ends_well_and_keeps_what_it_acknowledged() {
    let dir = TempDir::new().unwrap();
    let told = Arc::new(Acknowledged::default());
    let (mut server, address) = spawn(dir.path(), &[]);
    let profiles = (registered(address, "m", true).await, evaluated(address).await);
    ended_under_load((&server, address), profiles, 0, &told, Signal::TERM).await;
    let end = tokio::task::spawn_blocking(move || server.wait().unwrap());
    assert!(timeout(Duration::from_secs(10), end).await.unwrap().unwrap().success());
    let kept: BTreeSet<Uuid> = kept(dir.path()).await.into_iter().collect();
    let lost: Vec<Uuid> = told.uids.lock().unwrap().difference(&kept).copied().collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn a_server_does_not_listen_where_others_can_reach_it() {
    let dir = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_scouter-server"));
    command.args(["serve", "--listen", "0.0.0.0:0", "--data-dir"]).arg(dir.path()).env_remove("DATABASE_URL");
    let output = command.output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("failed to listen on `0.0.0.0:0`, which others can reach"), "{said}");
}
