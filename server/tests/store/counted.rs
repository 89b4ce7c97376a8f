//! Rows of features that are counted when they are kept: each counts once, and what jobs find is the same.

use std::ops::Range;
use std::time::Duration;

use scouter_server::jobs::find;
use scouter_server::registry::Profile;
use scouter_server::store::{Added, BinCountsRow, Measures, RecordRow, Store, Window};
use uuid::Uuid;

use crate::ingest::running::{batch, post, records, registered, running};
use crate::jobs::{NOW, a_day_later, active, found, row, worker};
use crate::samples::psi;
use crate::series::written;
use crate::support::{fresh, uid_of};
use crate::windows::rows_of_next;

/// A profile that says something of twenty rows.
async fn watched(store: &Store) -> Uuid {
    let values: Vec<f64> = (0..1000).map(f64::from).collect();
    let mut profile = psi("1.0.0", &values);
    profile.config.alert_config.min_values = 20;
    active(store, Profile::Psi(profile)).await
}

fn rows(profile: Uuid, range: Range<u64>) -> Vec<RecordRow> {
    range.map(|at| row(profile, at, &[5.0], Some(&[None]))).collect()
}

/// Counts of so many rows that no rows of these tests would come to: what is counted is known by it.
fn counts(profile: Uuid, last: u64, rows: i64) -> BinCountsRow {
    let mut counts = vec![0; 10 + 3 + 2 + 3];
    (counts[7], counts[14]) = (rows, rows);
    BinCountsRow { profile, uid: uid_of(NOW + last), counts }
}

#[tokio::test]
async fn jobs_take_the_counts_of_rows_that_are_counted_and_read_all_others() {
    let (_server, store, pool) = fresh().await;
    let uid = watched(&store).await;
    let all = rows(uid, 0..100);
    let added = store.add_counted_records(&all, &[counts(uid, 99, 100)]).await.unwrap();
    assert_eq!(added, Added { new: 100, there: 0 });
    store.add_records(&rows(uid, 100..130)).await.unwrap();
    store.add_bin_counts(&[counts(uid, 200, 7)]).await.unwrap();
    a_day_later(&store, &pool).await;
    worker(&store).run_due().await.unwrap();
    let mut expected = counts(uid, 0, 107).counts;
    // 5 is in the first bin, and what has no text is missing.
    expected[0] += 30;
    expected[17] += 30;
    assert_eq!(written(&store, uid).await, Measures { counts: expected, ..Measures::default() });
    assert_eq!(found(&store, uid).await[0].rows, 137);
}

#[tokio::test]
async fn rows_that_come_again_are_counted_once() {
    let (_server, store, pool) = fresh().await;
    let uid = watched(&store).await;
    let all = rows(uid, 0..150);
    for (from, to, new) in [(0, 100, 100), (0, 100, 0), (50, 150, 50), (0, 150, 0)] {
        let many = i64::try_from(to - from).unwrap();
        let counts = counts(uid, u64::try_from(to).unwrap() - 1, many);
        let added = store.add_counted_records(&all[from..to], &[counts]).await.unwrap();
        assert_eq!(added, Added { new, there: (to - from) as u64 - new });
    }
    a_day_later(&store, &pool).await;
    worker(&store).run_due().await.unwrap();
    let mut expected = counts(uid, 0, 100).counts;
    expected[0] += 50;
    expected[17] += 50;
    assert_eq!(written(&store, uid).await.counts, expected);
}

#[tokio::test]
async fn rows_that_stand_twice_in_a_batch_are_counted_once() {
    let (_server, store, pool) = fresh().await;
    let uid = watched(&store).await;
    let mut all = rows(uid, 0..100);
    all.push(all[0].clone());
    let added = store.add_counted_records(&all, &[counts(uid, 99, 101)]).await.unwrap();
    assert_eq!(added, Added { new: 100, there: 1 });
    a_day_later(&store, &pool).await;
    worker(&store).run_due().await.unwrap();
    assert_eq!(found(&store, uid).await[0].rows, 100);
}

#[tokio::test]
async fn counts_that_are_committed_late_are_in_the_next_window_with_their_rows() {
    let (_server, store, pool) = fresh().await;
    let uid = watched(&store).await;
    worker(&store).run_due().await.unwrap();
    sqlx::query("UPDATE drift_jobs SET seen = seen - interval '1 minute'").execute(&pool).await.unwrap();
    store.add_records(&rows(uid, 100..125)).await.unwrap();
    let mut late = pool.begin().await.unwrap();
    let uids: Vec<Uuid> = (0..40).map(|at| uid_of(NOW + at)).collect();
    sqlx::query(
        "INSERT INTO records (profile, uid, numbers, texts, counted, arrived)
         SELECT $1, uid, '{5}', '{AA}', true, now() - interval '10 seconds' FROM unnest($2::uuid[]) AS uid",
    )
    .bind(uid)
    .bind(&uids)
    .execute(&mut *late)
    .await
    .unwrap();
    let BinCountsRow { uid: last, counts, .. } = counts(uid, 39, 40);
    sqlx::query(
        "INSERT INTO record_counts (profile, uid, counts, arrived) VALUES ($1, $2, $3, now() - interval '10 seconds')",
    )
    .bind(uid)
    .bind(last)
    .bind(counts)
    .execute(&mut *late)
    .await
    .unwrap();
    assert_eq!(rows_of_next(&store, &pool, uid).await, 25);
    late.commit().await.unwrap();
    assert_eq!(rows_of_next(&store, &pool, uid).await, 40);
    assert_eq!(rows_of_next(&store, &pool, uid).await, 0);
}

#[tokio::test]
async fn a_window_with_too_few_rows_keeps_those_that_are_counted() {
    let (_server, store, pool) = fresh().await;
    let uid = watched(&store).await;
    worker(&store).run_due().await.unwrap();
    for (from, to) in [(0, 15), (15, 30)] {
        let counts = counts(uid, to - 1, 15);
        store.add_counted_records(&rows(uid, from..to), &[counts]).await.unwrap();
        sqlx::query("UPDATE drift_jobs SET due = now()").execute(&pool).await.unwrap();
        assert_eq!(worker(&store).run_due().await.unwrap(), 1);
    }
    let rows: Vec<i64> = found(&store, uid).await.iter().map(|found| found.rows).collect();
    assert_eq!(rows, [30]);
}

#[tokio::test]
async fn rows_of_a_server_are_counted_as_a_job_would_count_them() {
    let server = running().await;
    let uid = registered(server.address, "m", true).await;
    let sent = batch(uid, &records(0, 300));
    for _ in 0..2 {
        assert_eq!(post(server.address, &sent).await.receipt().accepted, 300);
    }
    let few = batch(uid, &records(1000, 20));
    assert_eq!(post(server.address, &few).await.receipt().accepted, 20);
    let (counted, uncounted): (i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE counted), count(*) FILTER (WHERE counted IS NULL) FROM records",
    )
    .fetch_one(&server.pool)
    .await
    .unwrap();
    assert_eq!((counted, uncounted), (300, 20));

    let store = server.server.store().await;
    let profile = Profile::read(&store.profile_document(uid).await.unwrap().unwrap()).unwrap();
    store.plan(uid, chrono::DateTime::UNIX_EPOCH).await.unwrap();
    let leases = store.claim(Uuid::from_u128(1), Duration::from_mins(1), 1).await.unwrap();
    let window = Window { began: leases[0].seen, ended: leases[0].claimed };
    let with_counts = find(&store, uid, &profile, window, None).await.unwrap();
    for statement in ["UPDATE records SET counted = NULL", "DELETE FROM record_counts"] {
        assert!(sqlx::query(statement).execute(&server.pool).await.unwrap().rows_affected() > 0);
    }
    let without = find(&store, uid, &profile, window, None).await.unwrap();
    assert_eq!(with_counts, without);
    assert_eq!(without.finding.row.rows, 320);
}

#[tokio::test]
async fn what_a_version_before_keeps_is_read() {
    let (_server, store, pool) = fresh().await;
    let uid = watched(&store).await;
    worker(&store).run_due().await.unwrap();
    let uids: Vec<Uuid> = (0..40).map(|at| uid_of(NOW + at)).collect();
    // As a server does that knows nothing of the column.
    let before = "INSERT INTO records (profile, uid, numbers, texts) SELECT $1, uid, '{5}', '{NULL}' FROM unnest($2::uuid[]) AS uid";
    sqlx::query(before).bind(uid).bind(&uids).execute(&pool).await.unwrap();
    assert_eq!(rows_of_next(&store, &pool, uid).await, 40);
}
