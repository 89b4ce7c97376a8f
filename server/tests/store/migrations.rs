//! Tables are made once, by whoever comes first.

use std::time::Duration;

use scouter_server::store::{Store, StoreError};
use tokio::time::Instant;

use crate::support::{Server, fresh, uid_of};

#[tokio::test]
async fn servers_that_start_at_once_make_the_tables_together() {
    let server = Server::start().await;
    let connect = || Store::connect(server.cluster.connect_options(), 2);
    let (a, b, c) = tokio::join!(connect(), connect(), connect());
    for store in [a.unwrap(), b.unwrap(), c.unwrap()] {
        store.ping().await.unwrap();
    }
}

#[tokio::test]
async fn a_server_runs_on_tables_that_a_later_version_has_added_to() {
    let (server, store, pool) = fresh().await;
    store.close().await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'of a later version', true, '', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    server.store().await.ping().await.unwrap();
}

#[tokio::test]
async fn a_migration_that_was_changed_after_it_ran_is_refused() {
    let (server, _, pool) = fresh().await;
    sqlx::query("UPDATE _sqlx_migrations SET checksum = '' WHERE version = 1").execute(&pool).await.unwrap();
    let error = Store::connect(server.cluster.connect_options(), 1).await.unwrap_err();
    assert!(matches!(error, StoreError::Migration(_)), "{error}");
}

#[tokio::test]
async fn tables_that_are_read_for_long_while_they_are_changed_keep_records_waiting_for_seconds_only() {
    let (server, _store, pool) = fresh().await;
    // As the version before left them.
    for statement in [
        "DROP TABLE drift_rollups, record_counts",
        "ALTER TABLE records DROP COLUMN counted",
        "DELETE FROM _sqlx_migrations WHERE version = 17",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    let options = server.cluster.connect_options();
    // A job that reads a window for minutes.
    let mut reads = pool.begin().await.unwrap();
    sqlx::query("SELECT FROM records").execute(&mut *reads).await.unwrap();
    let meanwhile = async {
        let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'relation')";
        while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&pool).await.unwrap() {
            tokio::task::yield_now().await;
        }
        let begin = Instant::now();
        let add = "INSERT INTO records (profile, uid, numbers) VALUES (gen_random_uuid(), $1, '{1}')";
        sqlx::query(add).bind(uid_of(0)).execute(&pool).await.unwrap();
        assert!(begin.elapsed() < Duration::from_secs(4), "{:?}", begin.elapsed());
        reads.rollback().await.unwrap();
    };
    let (migrated, ()) = tokio::join!(Store::migrate(&options), meanwhile);
    migrated.unwrap();
    let counted: Vec<Option<bool>> =
        sqlx::query_scalar("SELECT counted FROM records").fetch_all(&pool).await.unwrap();
    assert_eq!(counted, [None]);
}

#[tokio::test]
async fn a_database_that_is_gone_is_unavailable() {
    let (server, store, pool) = fresh().await;
    server.cluster.stop().await.unwrap();
    pool.close().await;
    let error = store.ping().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
}
