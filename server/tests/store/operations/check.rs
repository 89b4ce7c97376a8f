//! `check` and `health`.

use std::process::{Command, Output};

use tempfile::TempDir;

use super::url;
use crate::access::line::{on, program};
use crate::alerts::receiver::nobody;
use crate::ingest::faults::spawn;
use crate::support::Server;

const SET: [&str; 3] = ["check", "--listen", "127.0.0.1:0"];

/// The exit code, and what was said.
fn checked(command: &mut Command) -> (i32, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(stderr.is_empty(), "{}", String::from_utf8_lossy(&stderr));
    (status.code().unwrap(), String::from_utf8(stdout).unwrap())
}

#[test]
fn what_would_start_is_good_in_every_point_and_nothing_is_made() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let (code, told) = checked(&mut on(&data, &SET));
    assert_eq!(code, 0, "{told}");
    let points: Vec<_> =
        told.lines().map(|line| line.split_whitespace().take(2).collect::<Vec<_>>()).collect();
    let expected = ["settings", "access", "port", "tls", "secret", "data", "alerts", "traces"];
    assert_eq!(points, expected.map(|point| vec!["ok", point]));
    assert!(!data.exists());
}

#[tokio::test]
async fn a_database_is_looked_at_and_left_as_it_is() {
    let server = Server::start().await;
    let kept = TempDir::new().unwrap();
    let mut command = on(&kept.path().join("data"), &SET);
    // The databases of these tests need not survive their machine.
    let (code, told) = checked(command.args(["--database-url", &url(&server)]));
    assert_eq!(code, 1, "{told}");
    assert!(
        told.contains("doubtful  database  `fsync`") && told.contains("there are no tables yet"),
        "{told}"
    );
    let pool = sqlx::PgPool::connect_with(server.cluster.connect_options()).await.unwrap();
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(tables, 0);
}

#[tokio::test]
async fn a_server_that_runs_is_looked_at_and_asked() {
    let dir = TempDir::new().unwrap();
    let (mut server, address) = spawn(dir.path(), &[]);
    let listen = address.to_string();
    let (code, told) = checked(&mut on(dir.path(), &["check", "--listen", &listen]));
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("is in use") && told.contains("as this program"), "{told}");
    let asked = || on(dir.path(), &["health", "--listen", &listen]).output().unwrap();
    assert_eq!(String::from_utf8(asked().stdout).unwrap(), "ready\n");
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(asked().status.code(), Some(1));
}

#[tokio::test]
async fn what_would_not_start_is_wrong() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let away = format!("postgres://scouter:s3cret@{}/scouter", nobody().await);
    for (variables, point) in [
        (&[("SCOUTER_LISTEN", "0.0.0.0:0")][..], "wrong     access"),
        (&[("SCOUTER_LISTEN", "192.0.2.1:0"), ("SCOUTER_BEHIND_PROXY", "1")], "wrong     port"),
        (&[("SCOUTER_TLS_CERT", "/nowhere/a.pem"), ("SCOUTER_TLS_KEY", "/nowhere/b.pem")], "wrong     tls"),
        (&[("SCOUTER_TLS_CERT", "/nowhere/a.pem")], "wrong     settings  a certificate needs its key"),
        (&[("SCOUTER_SIGNING_SECRET", "s3cret")], "wrong     secret"),
        (&[("SCOUTER_POSTGRES", "/nowhere")], "wrong     data"),
        (&[("DATABASE_URL", away.as_str()), ("SCOUTER_DATA_DIR", "/nowhere")], "wrong     database"),
        (&[("SCOUTER_WEBHOOK_URL", "https://a.example")], "wrong     alerts"),
        (&[("OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://a.example")], "wrong     traces"),
    ] {
        let mut command = program(&["check"]);
        command.env("SCOUTER_LISTEN", "127.0.0.1:0").env("SCOUTER_DATA_DIR", &data);
        let (code, told) = checked(command.envs(variables.iter().copied()));
        assert_eq!(code, 2, "{told}");
        assert!(told.lines().any(|line| line.starts_with(point)), "{point}: {told}");
        assert!(!told.contains("s3cret"), "{told}");
    }
}

#[test]
fn what_is_no_setting_at_all_ends_it_before_it_looks() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("scouter.toml");
    std::fs::write(&file, "keep_record = 3\n").unwrap();
    let output = on(dir.path(), &["check", "--config", file.to_str().unwrap()]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("did you mean `keep_records`?") && output.stdout.is_empty(), "{told}");
}
