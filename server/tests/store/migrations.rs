//! Tables are made once, by whoever comes first.

use scouter_server::store::{Store, StoreError};

use crate::support::{Server, fresh};

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
async fn a_database_that_is_gone_is_unavailable() {
    let (server, store, pool) = fresh().await;
    server.cluster.stop().await.unwrap();
    pool.close().await;
    let error = store.ping().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
}
