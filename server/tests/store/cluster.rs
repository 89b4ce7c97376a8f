//! Postgres in a data directory.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use scouter_server::postgres::{Cluster, ClusterOptions};
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use crate::support::{Server, options, postmaster};

async fn text(cluster: &Cluster, statement: &'static str) -> String {
    let mut connection = cluster.connect_options().connect().await.unwrap();
    let text = sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    text
}

async fn refused(options: ClusterOptions) -> String {
    Cluster::start(options).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_new_cluster_listens_to_its_socket_alone_and_keeps_what_was_committed() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("below/data");
    let cluster = Cluster::start(options(&data)).await.unwrap();
    assert_eq!(text(&cluster, "SHOW listen_addresses").await, "");
    assert_eq!(text(&cluster, "SHOW data_checksums").await, "on");
    assert_eq!(text(&cluster, "SHOW fsync").await, "on");
    assert_eq!(text(&cluster, "SHOW server_encoding").await, "UTF8");
    assert_eq!(text(&cluster, "SHOW timezone").await, "UTC");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&data), mode(&data.join("postgres")), mode(&data.join("run"))), (0o700, 0o700, 0o700));

    let mut connection = cluster.connect_options().connect().await.unwrap();
    sqlx::query("CREATE TABLE kept AS SELECT 'yes' AS it").execute(&mut connection).await.unwrap();
    // A session that is open does not keep it from ending.
    cluster.stop().await.unwrap();
    assert!(!data.join("postgres/postmaster.pid").exists());

    let again = Cluster::start(options(&data)).await.unwrap();
    assert_eq!(text(&again, "SELECT it FROM kept").await, "yes");
    again.stop().await.unwrap();
}

#[tokio::test]
async fn the_log_of_a_new_cluster_is_small_files_of_which_many_are_kept() {
    let dir = TempDir::new().unwrap();
    let cluster = Cluster::start(options(dir.path())).await.unwrap();
    assert_eq!(text(&cluster, "SHOW wal_segment_size").await, "4MB");
    assert_eq!(text(&cluster, "SHOW min_wal_size").await, "1GB");
    assert_eq!(text(&cluster, "SHOW max_wal_size").await, "4GB");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_server_is_told_who_has_the_directory() {
    let server = Server::start().await;
    let why = refused(options(server.dir.path())).await;
    let pid = std::process::id();
    assert!(
        why.contains(&format!("is in use by the process {pid}: stop it, or give another directory")),
        "{why}"
    );
    // The first goes on.
    assert_eq!(text(&server.cluster, "SELECT 'here'").await, "here");
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_does_not_matter() {
    let server = Server::start().await;
    server.cluster.stop().await.unwrap();
    let data = server.dir.path().join("x".repeat(120));
    fs::create_dir(&data).unwrap();
    fs::rename(server.dir.path().join("postgres"), data.join("postgres")).unwrap();
    let cluster = Cluster::start(options(&data)).await.unwrap();
    assert_eq!(text(&cluster, "SELECT 'here'").await, "here");
    assert!(!data.join("run").exists());
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_cluster_that_was_cut_short_when_it_was_made_is_made_anew() {
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("postgres.new")).unwrap();
    fs::write(dir.path().join("postgres.new/PG_VERSION"), "15\n").unwrap();
    let cluster = Cluster::start(options(dir.path())).await.unwrap();
    assert_eq!(text(&cluster, "SELECT 'here'").await, "here");
    assert!(!dir.path().join("postgres.new").exists());
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_process_number_that_is_somebody_elses_by_now_does_not_matter() {
    let server = Server::start().await;
    server.cluster.stop().await.unwrap();
    // As after the restart of a container, in which numbers are given out anew. This process lives, and is no Postgres.
    let data = server.dir.path();
    let pid = std::process::id();
    fs::write(data.join("postgres/postmaster.pid"), format!("{pid}\n{}\n1700000000\n5432\n", data.display()))
        .unwrap();
    let cluster = Cluster::start(options(data)).await.unwrap();
    assert_ne!(postmaster(data).cast_unsigned(), pid);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn what_postgres_says_when_it_cannot_start_is_handed_on() {
    let server = Server::start().await;
    server.cluster.stop().await.unwrap();
    let settings = server.dir.path().join("postgres/postgresql.conf");
    let old = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{old}no_such_setting = 1\n")).unwrap();
    let why = refused(options(server.dir.path())).await;
    assert!(why.contains("unrecognized configuration parameter \"no_such_setting\""), "{why}");
}

#[tokio::test]
async fn data_of_another_version_are_told_as_that() {
    let server = Server::start().await;
    server.cluster.stop().await.unwrap();
    fs::write(server.dir.path().join("postgres/PG_VERSION"), "99\n").unwrap();
    let why = refused(options(server.dir.path())).await;
    assert!(why.contains("was written by Postgres 99, and only 1"), "{why}");
    assert!(why.contains("install Postgres 99, or move the data by `pg_dump`"), "{why}");
}

#[tokio::test]
async fn without_programs_both_ways_out_are_named() {
    let dir = TempDir::new().unwrap();
    let mut options = ClusterOptions::new(dir.path().join("data"));
    options.binaries = Some(dir.path().to_owned());
    let why = refused(options).await;
    for part in ["there is no `initdb`", "pip install 'scouter[server]'", "DATABASE_URL"] {
        assert!(why.contains(part), "{why}");
    }
}

#[tokio::test]
async fn programs_that_came_along_are_passed_over_where_others_can_read_the_data() {
    let server = Server::start().await;
    server.cluster.stop().await.unwrap();
    let mut options = options(server.dir.path());
    options.bundled = Some(server.dir.path().join("not-there"));
    Cluster::start(options).await.unwrap().stop().await.unwrap();
}

/// Where user namespaces are forbidden, as in containers, root becomes the user to whom the data belong.
#[tokio::test]
async fn root_becomes_the_user_to_whom_the_data_belong() {
    const NOBODY: u32 = 65534;
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let dir = TempDir::new().unwrap();
    let empty = dir.path().join("postgres");
    fs::create_dir(&empty).unwrap();
    chown(&empty, Some(NOBODY), Some(NOBODY)).unwrap();
    // Programs of the system, which that user can reach.
    let cluster = Cluster::start(ClusterOptions::new(dir.path())).await.unwrap();
    assert_eq!(text(&cluster, "SELECT 'here'").await, "here");
    let process = fs::metadata(format!("/proc/{}", postmaster(dir.path()))).unwrap();
    assert_eq!((process.uid(), fs::metadata(&empty).unwrap().uid()), (NOBODY, NOBODY));
    cluster.stop().await.unwrap();
}

/// A data directory that belongs to `nobody` in a folder, for root.
fn given_to_nobody(folder: &Path) -> PathBuf {
    let data = folder.join("data");
    fs::create_dir_all(data.join("postgres")).unwrap();
    chown(data.join("postgres"), Some(65534), Some(65534)).unwrap();
    data
}

#[tokio::test]
async fn what_others_have_in_the_data_directory_stays_theirs() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    let data = given_to_nobody(dir.path());
    let (theirs, linked) = (data.join("theirs"), dir.path().join("linked"));
    fs::write(&theirs, "").unwrap();
    fs::write(&linked, "").unwrap();
    symlink(&linked, data.join("postgres/link")).unwrap();
    // Postgres makes no cluster in a folder that is not empty; by then it is known whose what is.
    let _ = refused(ClusterOptions::new(&data)).await;
    for path in [&theirs, &linked, &data] {
        assert_eq!(fs::metadata(path).unwrap().uid(), 0, "{}", path.display());
    }
}

#[tokio::test]
async fn a_directory_that_postgres_cannot_reach_is_told_with_another() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o700)).unwrap();
    let data = given_to_nobody(dir.path());
    let why = refused(ClusterOptions::new(&data)).await;
    assert!(why.contains("cannot enter") && why.contains("--data-dir /var/lib/scouter"), "{why}");
}

#[tokio::test]
async fn data_that_their_owner_cannot_reach_are_told_with_who_is_to_open_them() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o700)).unwrap();
    let data = given_to_nobody(dir.path());
    // Of a version whose programs are there.
    let server = Server::start().await;
    let version = "postgres/PG_VERSION";
    fs::copy(server.dir.path().join(version), data.join(version)).unwrap();
    let why = refused(options(&data)).await;
    assert!(why.contains("run this as that user") && !why.contains("--data-dir"), "{why}");
}
