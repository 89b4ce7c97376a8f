//! What was kept long enough is dropped, and nothing else.

use std::time::Duration;

use chrono::TimeDelta;
use clap::Parser;
use scouter_engine::SystemClock;
use scouter_server::registry::{Profile, register};
use scouter_server::retention::{Keep, drop_old, keep_days};
use scouter_server::store::{Activation, Table};
use sqlx::PgPool;
use tokio::time::timeout;

use crate::rollups::{TOGETHER, count, found, indexed, start};
use crate::samples::custom;
use crate::support::fresh;

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    keep: Keep,
}

fn keep(line: &[&str]) -> Result<Keep, clap::Error> {
    Ok(Line::try_parse_from(["server"].iter().chain(line))?.keep)
}

/// Makes days of all tables, so many days ago.
async fn days_ago(pool: &PgPool, days: &[i32]) {
    for table in Table::ALL {
        for ago in days {
            sqlx::query("SELECT make_day($1, (now() AT TIME ZONE 'UTC')::date - $2)")
                .bind(table.name())
                .bind(ago)
                .execute(pool)
                .await
                .unwrap();
        }
    }
}

/// How long ago the days are that a table has.
async fn days(pool: &PgPool, table: Table) -> Vec<i32> {
    sqlx::query_scalar(
        "SELECT (now() AT TIME ZONE 'UTC')::date - to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD')
         FROM pg_inherits WHERE inhparent = $1::regclass AND inhrelid::regclass::text ~ '_\\d{8}$' ORDER BY 1",
    )
    .bind(table.name())
    .fetch_all(pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn each_kind_of_record_is_kept_for_a_time_of_its_own() {
    let (_server, store, pool) = fresh().await;
    days_ago(&pool, &[0, 2, 3, 10, 11, 30]).await;
    let line = ["--keep-records", "2", "--keep-counts", "10", "--keep-evals", "60", "--keep-requests", "3"];
    let keep = keep(&line).unwrap();
    drop_old(&store, keep).await.unwrap();
    assert_eq!(days(&pool, Table::Records).await, [0, 2]);
    assert_eq!(days(&pool, Table::RecordCounts).await, [0, 2]);
    assert_eq!(days(&pool, Table::BinCounts).await, [0, 2, 3, 10]);
    assert_eq!(days(&pool, Table::EvalRecords).await, [0, 2, 3, 10, 11, 30]);
    assert_eq!(days(&pool, Table::Requests).await, [0, 2, 3]);
}

#[tokio::test]
async fn results_and_alerts_that_are_over_are_dropped_with_what_was_told() {
    let (_server, store, pool) = fresh().await;
    let uid = register(&store, &SystemClock, Profile::Custom(custom()), Activation::On).await.unwrap().uid;
    for statement in [
        "INSERT INTO drift_results (profile, began, ended, rows, drifted, document)
         SELECT $1, now(), now() - ago * interval '1 day', 1, '{}', '' FROM unnest(ARRAY[1, 8, 9]) AS ago",
        "INSERT INTO alerts (profile, drifted, created, resolved)
         SELECT $1, '{}', now() - interval '99 days', now() - ago * interval '1 day' FROM unnest(ARRAY[1, 8, NULL]) AS ago",
        "INSERT INTO deliveries (alert, target, notice) SELECT id, '', '' FROM alerts WHERE profile = $1",
    ] {
        sqlx::query(statement).bind(uid).execute(&pool).await.unwrap();
    }
    drop_old(&store, keep(&["--keep-results", "7", "--keep-alerts", "7"]).unwrap()).await.unwrap();
    let left: (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM drift_results), (SELECT count(*) FROM alerts), (SELECT count(*) FROM deliveries)",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    // An alert that is not gone stays.
    assert_eq!(left, (1, 2, 2));
}

#[tokio::test]
async fn who_did_what_is_dropped_after_its_time() {
    let (_server, store, pool) = fresh().await;
    sqlx::query(
        "INSERT INTO audit (at, actor, action, subject)
         SELECT now() - ago * interval '1 day', 'ada', 'login', '' FROM unnest(ARRAY[1, 8, 9]) AS ago",
    )
    .execute(&pool)
    .await
    .unwrap();
    drop_old(&store, keep(&["--keep-audit", "7"]).unwrap()).await.unwrap();
    assert_eq!(store.audit(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_server_drops_what_is_over_and_makes_what_is_to_come_while_it_runs() {
    let (_server, store, pool) = fresh().await;
    days_ago(&pool, &[30]).await;
    let keep = keep(&["--keep-records", "2"]).unwrap();
    let keeping = tokio::spawn(keep_days(store, keep, Duration::ZERO));
    // From yesterday on, and a week ahead.
    let due: Vec<i32> = (-7..=1).collect();
    let done = async {
        while days(&pool, Table::Records).await != due {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(30), done).await.unwrap();
    keeping.abort();
}

#[tokio::test]
async fn what_was_put_together_is_dropped_with_its_windows() {
    let (_server, store, pool) = fresh().await;
    let (uid, _, measures) = indexed(&store).await;
    found(&pool, uid, 1..1 + 2 * TOGETHER, measures).await;
    store.roll_up().await.unwrap();
    // The last window of the first roll-up is older than a week, that of the second is not.
    for moved in [
        "UPDATE drift_results SET ended = now() - interval '1 day' * CASE WHEN ended <= $1 THEN 8 ELSE 1 END + (ended - $1)",
        "UPDATE drift_rollups SET ended = now() - interval '1 day' * CASE WHEN ended <= $1 THEN 8 ELSE 1 END + (ended - $1)",
    ] {
        let first = start() + TimeDelta::minutes(TOGETHER);
        sqlx::query(moved).bind(first).execute(&pool).await.unwrap();
    }
    drop_old(&store, keep(&["--keep-results", "7"]).unwrap()).await.unwrap();
    let windows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM drift_results").fetch_one(&pool).await.unwrap();
    assert_eq!((windows, count(&pool).await), (TOGETHER, 1));
}

#[tokio::test]
async fn a_server_puts_windows_together_while_it_runs() {
    let (_server, store, pool) = fresh().await;
    let (uid, _, measures) = indexed(&store).await;
    found(&pool, uid, 1..1 + TOGETHER, measures).await;
    let keep = keep(&["--keep-results", "100000"]).unwrap();
    let keeping = tokio::spawn(keep_days(store, keep, Duration::from_hours(1)));
    let done = async {
        while count(&pool).await == 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(30), done).await.unwrap();
    keeping.abort();
}

#[test]
fn nothing_is_kept_for_less_than_a_day() {
    let refused = keep(&["--keep-records", "0"]).unwrap_err().to_string();
    assert!(refused.contains("--keep-records") && refused.contains("1..=100000"), "{refused}");
}
