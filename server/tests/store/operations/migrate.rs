//! `migrate`, and servers that are not to.

use scouter_server::store::{Look, Store, StoreError};
use tempfile::TempDir;

use super::url;
use crate::access::line::{on, program, refused};
use crate::support::{Server, fresh};

/// What `migrate` says.
fn told(server: &Server, more: &[&str]) -> String {
    let mut command = program(&["migrate", "--database-url", &url(server)]);
    let output = command.args(more).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

async fn look(server: &Server) -> Look {
    Look::at(&server.cluster.connect_options()).await.unwrap()
}

#[tokio::test]
async fn it_tells_what_it_would_do_and_then_does_it_once() {
    let server = Server::start().await;
    let own = look(&server).await.schema.own;
    let would = told(&server, &["--dry-run"]);
    assert!(
        would.starts_with(&format!("the tables would be brought from nothing to version {own}:")),
        "{would}"
    );
    assert!(would.contains("\n  1 profiles"), "{would}");
    assert_eq!(look(&server).await.schema.at, None);
    let did = told(&server, &[]);
    assert_eq!(did, would.replace("would be", "were"));
    let schema = look(&server).await.schema;
    assert_eq!((schema.at, schema.missing), (Some(own), Vec::new()));
    assert_eq!(told(&server, &[]), format!("the tables are of version {own}, as this program\n"));
}

#[tokio::test]
async fn several_at_once_do_it_once_beside_a_server() {
    let (server, store, _pool) = fresh().await;
    let empty = Server::start().await;
    let both: Vec<_> =
        (0..2).map(|_| program(&["migrate", "--database-url", &url(&empty)]).spawn().unwrap()).collect();
    for mut one in both {
        assert!(one.wait().unwrap().success());
    }
    assert!(look(&empty).await.schema.missing.is_empty());
    told(&server, &[]);
    store.ping().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_to_leave_the_tables_does_not_start_on_earlier_ones() {
    let (server, store, pool) = fresh().await;
    let own = look(&server).await.schema.own;
    drop(Store::connect_to_tables(server.cluster.connect_options(), 1).await.unwrap());
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = $1").bind(own).execute(&pool).await.unwrap();
    let error = Store::connect_to_tables(server.cluster.connect_options(), 1).await.unwrap_err();
    assert!(matches!(error, StoreError::Behind { own: wanted, .. } if wanted == own), "{error}");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--no-migrate", "--database-url", &url(&server)];
    let told = refused(&program(&serve).output().unwrap());
    assert!(told.contains("run `migrate`") && told.contains(&format!("works with {own}")), "{told}");
    store.ping().await.unwrap();
}

#[tokio::test]
async fn tables_that_something_is_wrong_with_are_told_and_left() {
    let (server, _store, pool) = fresh().await;
    for (statement, wrong) in [
        ("UPDATE _sqlx_migrations SET success = false WHERE version = 1", "partially applied"),
        ("UPDATE _sqlx_migrations SET success = true, checksum = '' WHERE version = 1", "has been modified"),
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
        let mut command = program(&["migrate", "--dry-run", "--database-url", &url(&server)]);
        let output = command.output().unwrap();
        let told = refused(&output);
        assert!(told.contains(wrong) && output.status.code() == Some(2), "{told}");
    }
}

#[test]
fn a_directory_without_a_database_does_not_become_one() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("mistyped");
    for more in [&["migrate"][..], &["migrate", "--dry-run"]] {
        let told = refused(&on(&data, more).output().unwrap());
        assert!(told.contains("mistyped` holds no data of a server"), "{told}");
        assert!(!data.exists());
    }
}
