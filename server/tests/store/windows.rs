//! Windows leave nothing out and take nothing twice, and jobs that are too much do not end their servers for ever.

use scouter_server::registry::Profile;
use scouter_server::store::Store;
use sqlx::PgPool;
use uuid::Uuid;

use crate::jobs::{MINUTE, NOW, a_day_later, active, found, row, worker};
use crate::samples::{custom, psi, spc};
use crate::support::{fresh, uid_of};

/// What the newest look at a profile found, after all jobs were due.
pub(crate) async fn rows_of_next(store: &Store, pool: &PgPool, profile: Uuid) -> i64 {
    sqlx::query("UPDATE drift_jobs SET due = now()").execute(pool).await.unwrap();
    assert_eq!(worker(store).run_due().await.unwrap(), 1);
    found(store, profile).await[0].rows
}

#[tokio::test]
async fn what_is_committed_late_is_in_the_next_window_whoever_sent_it() {
    let (_server, store, pool) = fresh().await;
    let uid = active(&store, Profile::Custom(custom())).await;
    worker(&store).run_due().await.unwrap();
    sqlx::query("UPDATE drift_jobs SET seen = seen - interval '1 minute'").execute(&pool).await.unwrap();
    store.add_records(&[row(uid, 1, &[1.0], None)]).await.unwrap();
    // A server of another role, whose transaction takes its time.
    let mut late = pool.begin().await.unwrap();
    sqlx::query("INSERT INTO records (profile, uid, numbers, arrived) VALUES ($1, $2, '{1}', now() - interval '10 seconds')")
        .bind(uid)
        .bind(uid_of(NOW + 2))
        .execute(&mut *late)
        .await
        .unwrap();
    // This one comes after it and is committed before it.
    store.add_records(&[row(uid, 3, &[1.0], None)]).await.unwrap();
    assert_eq!(rows_of_next(&store, &pool, uid).await, 1);
    late.commit().await.unwrap();
    assert_eq!(rows_of_next(&store, &pool, uid).await, 2);
    assert_eq!(rows_of_next(&store, &pool, uid).await, 0);
}

#[tokio::test]
async fn a_stranger_who_writes_for_hours_holds_windows_up_and_takes_nothing_out_of_them() {
    let (_server, store, pool) = fresh().await;
    let uid = active(&store, Profile::Custom(custom())).await;
    worker(&store).run_due().await.unwrap();
    let mut stranger = pool.begin().await.unwrap();
    sqlx::query("SELECT pg_current_xact_id()").execute(&mut *stranger).await.unwrap();
    store.add_records(&[row(uid, 1, &[1.0], None)]).await.unwrap();
    sqlx::query("UPDATE records SET arrived = now() - interval '2 hours'").execute(&pool).await.unwrap();
    sqlx::query("UPDATE drift_jobs SET seen = seen - interval '3 hours'").execute(&pool).await.unwrap();
    assert_eq!(rows_of_next(&store, &pool, uid).await, 0);
    stranger.rollback().await.unwrap();
    assert_eq!(rows_of_next(&store, &pool, uid).await, 1);
}

#[tokio::test]
async fn a_database_that_came_from_a_dump_leaves_nothing_out_and_takes_nothing_twice() {
    let (_server, store, pool) = fresh().await;
    let uid = active(&store, Profile::Custom(custom())).await;
    worker(&store).run_due().await.unwrap();
    sqlx::query("UPDATE drift_jobs SET seen = seen - interval '1 minute'").execute(&pool).await.unwrap();
    store.add_records(&[row(uid, 1, &[1.0], None)]).await.unwrap();
    assert_eq!(rows_of_next(&store, &pool, uid).await, 1);
    store.add_records(&[row(uid, 2, &[1.0], None)]).await.unwrap();
    // Where it came from, numbers of transactions were larger.
    for statement in [
        "UPDATE records SET xact = (xact::text::bigint + 8000000)::text::xid8",
        "UPDATE drift_jobs SET seen_xact = (seen_xact::text::bigint + 8000000)::text::xid8",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    store.add_records(&[row(uid, 3, &[1.0], None)]).await.unwrap();
    assert_eq!(rows_of_next(&store, &pool, uid).await, 2);
    store.add_records(&[row(uid, 4, &[1.0], None)]).await.unwrap();
    assert_eq!(rows_of_next(&store, &pool, uid).await, 1);
}

#[tokio::test]
async fn a_window_that_is_too_much_is_looked_at_in_parts() {
    let (server, store, pool) = fresh().await;
    let values: Vec<f64> = (0..100).map(|i| f64::from(i % 7)).collect();
    let uid = active(&store, Profile::Spc(spc(&values))).await;
    worker(&store).run_due().await.unwrap();
    // An hour of records, and a database that has no room to sort them all.
    let rows: Vec<_> = (0..6000).map(|i| row(uid, i, &[1.0], Some(&[Some("AA")]))).collect();
    store.add_records(&rows).await.unwrap();
    for statement in [
        "UPDATE drift_jobs SET seen = now() - interval '1 hour', due = now()",
        "UPDATE records SET arrived = now() - interval '1 hour' * random()",
        "ALTER ROLE scouter SET work_mem = '64kB'",
        "ALTER ROLE scouter SET temp_file_limit = '400kB'",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    let store = server.store().await;
    let mut tries = 0;
    loop {
        sqlx::query("UPDATE drift_jobs SET due = now() WHERE failures > 0").execute(&pool).await.unwrap();
        if worker(&store).run_due().await.unwrap() == 0 {
            break;
        }
        tries += 1;
        assert!(tries < 60);
    }
    let results = found(&store, uid).await;
    assert!(results.len() > 1 && tries > results.len(), "{} of {tries}", results.len());
    assert_eq!(results.iter().map(|result| result.rows).sum::<i64>(), 6000);
    assert!(results.windows(2).all(|pair| pair[0].began == pair[1].ended));
    let left: (Option<i64>, i32) =
        sqlx::query_as("SELECT span, failures FROM drift_jobs").fetch_one(&pool).await.unwrap();
    assert_eq!(left, (None, 0));
}

#[tokio::test]
async fn a_job_that_servers_do_not_survive_waits_longer_each_time() {
    let (_server, store, pool) = fresh().await;
    active(&store, Profile::Custom(custom())).await;
    a_day_later(&store, &pool).await;
    let claimed_after = async |seconds: f64| {
        sqlx::query(
            "UPDATE drift_jobs SET leased_until = now() - $1 * interval '1 second' WHERE lease IS NOT NULL",
        )
        .bind(seconds)
        .execute(&pool)
        .await
        .unwrap();
        let claimed = store.claim(uid_of(NOW), MINUTE, 5).await.unwrap();
        claimed.first().map(|lease| lease.failures)
    };
    assert_eq!(claimed_after(0.0).await, Some(1));
    // One that is lost may have been told to stop: another takes over at once.
    assert_eq!(claimed_after(1.0).await, Some(2));
    assert_eq!(claimed_after(59.0).await, None);
    assert_eq!(claimed_after(61.0).await, Some(3));
    assert_eq!(claimed_after(119.0).await, None);
    assert_eq!(claimed_after(121.0).await, Some(4));
    let failure: String =
        sqlx::query_scalar("SELECT failure FROM drift_jobs").fetch_one(&pool).await.unwrap();
    assert_eq!(failure, "whoever had it did not come back");
}

#[tokio::test]
async fn what_a_later_version_knows_is_left_to_it() {
    let (_server, store, pool) = fresh().await;
    let uid = active(&store, Profile::Custom(custom())).await;
    sqlx::query("UPDATE profiles SET kind = 'genai'").execute(&pool).await.unwrap();
    assert!(store.unplanned(100).await.unwrap().is_empty());
    sqlx::query("INSERT INTO drift_jobs (profile, seen, due) VALUES ($1, now(), now())")
        .bind(uid)
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(worker(&store).run_due().await.unwrap(), 0);

    // A kind that is known here, in a form that is not.
    sqlx::query(
        "UPDATE profiles SET kind = 'custom', document = (document::jsonb || '{\"format\": 99}')::text",
    )
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query("DELETE FROM drift_jobs").execute(&pool).await.unwrap();
    assert_eq!(worker(&store).run_due().await.unwrap(), 0);
    assert!(store.unplanned(100).await.unwrap().is_empty());
    sqlx::query("UPDATE drift_jobs SET due = now()").execute(&pool).await.unwrap();
    assert_eq!(worker(&store).run_due().await.unwrap(), 1);
    let job: (i32, Option<String>, Option<Uuid>) =
        sqlx::query_as("SELECT failures, failure, lease FROM drift_jobs").fetch_one(&pool).await.unwrap();
    assert_eq!(job, (0, None, None));
}

#[tokio::test]
async fn a_document_that_the_database_has_no_room_to_read_holds_up_no_others() {
    let (_server, store, pool) = fresh().await;
    let large = active(&store, Profile::Custom(custom())).await;
    let other = active(&store, Profile::Psi(psi("1.0.0", &[1.0, 2.0]))).await;
    for statement in [
        "ALTER TABLE profiles RENAME TO all_profiles",
        "CREATE FUNCTION no_room() RETURNS text STABLE LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE '53200'; END $$",
        "CREATE VIEW profiles AS SELECT uid, space, name, kind, version, active, created,
             CASE WHEN kind = 'custom' THEN no_room() ELSE document END AS document FROM all_profiles",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    worker(&store).run_due().await.unwrap();
    assert!(store.unplanned(100).await.unwrap().is_empty());
    sqlx::query("UPDATE drift_jobs SET due = now()").execute(&pool).await.unwrap();
    assert_eq!(worker(&store).run_due().await.unwrap(), 2);
    // Its job is given back too, to be tried again later.
    let jobs: Vec<(Uuid, i32, Option<Uuid>)> =
        sqlx::query_as("SELECT profile, failures, lease FROM drift_jobs ORDER BY failures")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(jobs, [(other, 0, None), (large, 1, None)]);
}
