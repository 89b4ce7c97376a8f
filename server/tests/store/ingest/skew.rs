//! Clients whose clocks are wrong.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use chrono::{DateTime, Days, TimeDelta, Utc};
use scouter_engine::{Clock, SystemClock};
use scouter_server::postgres::Cluster;
use scouter_server::store::{Store, Table};
use serde_json::{Value, json};
use sqlx::PgPool;
use tempfile::TempDir;
use tokio::time::timeout;
use uuid::Uuid;

use super::faults::spawn;
use super::running::{batch, call, post, registered};
use crate::support::{options, uid_of};

fn off_by(days: i64) -> DateTime<Utc> {
    DateTime::<Utc>::from(SystemClock.now()) + TimeDelta::days(days)
}

/// A hundred records of a client whose clock is off by so many days, with values from this one on.
fn records(days: i64, from: u64) -> Vec<Value> {
    let start = off_by(days).timestamp_millis().cast_unsigned();
    let record = |at: u64| json!({"uid": uid_of(start + at), "features": {"x": at, "carrier": "Rome"}});
    (from..from + 100).map(record).collect()
}

/// The values of all records of two days before and after now, in the order in which they say that they were made.
async fn values(address: SocketAddr, profile: Uuid) -> Vec<f64> {
    let [from, to] = [-2, 2].map(|days| off_by(days).format("%FT%T%.3fZ"));
    let path = format!("/v1/profiles/{profile}/records?start_datetime={from}&end_datetime={to}");
    let told = call(address, "GET", &path, &[], "").await.unwrap().json();
    let numbers = told["columns"][0]["numbers"].as_array().unwrap_or_else(|| panic!("{told}"));
    numbers.iter().map(|number| number.as_f64().unwrap()).collect()
}

/// How things stand with the job once it was asked for and has looked.
async fn looked(address: SocketAddr, profile: Uuid) -> Value {
    let asked = call(address, "POST", &format!("/v1/profiles/{profile}/run"), &[], "").await.unwrap();
    assert_eq!(asked.status, 202, "{:?}", asked.body);
    let path = format!("/v1/profiles/{profile}/job");
    let over = async {
        loop {
            let job = call(address, "GET", &path, &[], "").await.unwrap().json();
            if job["under_way"] == false {
                return job;
            }
        }
    };
    timeout(Duration::from_mins(1), over).await.unwrap()
}

fn end(mut server: Child) {
    server.kill().unwrap();
    server.wait().unwrap();
}

/// Drops the days up to today, as a server that keeps records for a day does two days later.
async fn drop_days(data: &Path) {
    let cluster = Cluster::start(options(data)).await.unwrap();
    let store = Store::connect(cluster.connect_options(), 5).await.unwrap();
    let then = store.today().await.unwrap() + Days::new(2);
    for table in [Table::Records, Table::RecordCounts] {
        let dropped = store.drop_days(table, then, Days::new(1)).await.unwrap();
        assert!(dropped.days.len() >= 2 && dropped.lost.is_empty(), "{dropped:?}");
    }
    drop(store);
    cluster.stop().await.unwrap();
}

/// How many rows all windows together had.
async fn looked_at(data: &Path) -> i64 {
    let cluster = Cluster::start(options(data)).await.unwrap();
    let pool = PgPool::connect_with(cluster.connect_options()).await.unwrap();
    let all = "SELECT coalesce(sum(rows), 0)::int8 FROM drift_results";
    let rows = sqlx::query_scalar(all).fetch_one(&pool).await.unwrap();
    pool.close().await;
    cluster.stop().await.unwrap();
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_clients_send_whose_clocks_are_a_day_off_is_found_and_looked_at_once_and_not_dropped_before() {
    let dir = TempDir::new().unwrap();
    let sent: Vec<f64> = (0..300).map(f64::from).collect();
    let (server, address) = spawn(dir.path(), &[]);
    let profile = registered(address, "m", true).await;
    // From now on a job looks at what comes.
    looked(address, profile).await;
    for (days, from) in [(-1, 0), (0, 100), (1, 200)] {
        let sent = batch(profile, &records(days, from));
        for _ in 0..2 {
            assert_eq!(post(address, &sent).await.receipt().accepted, 100);
        }
    }
    assert_eq!(values(address, profile).await, sent);
    end(server);

    drop_days(dir.path()).await;
    let (server, address) = spawn(dir.path(), &["--keep-records", "1"]);
    assert_eq!(values(address, profile).await, sent);
    let job = looked(address, profile).await;
    assert_eq!((&job["last"]["rows"], job.get("failure")), (&json!(300), None), "{job}");
    looked(address, profile).await;
    end(server);
    assert_eq!(looked_at(dir.path()).await, 300);
}
