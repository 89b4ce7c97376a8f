//! `check` and `health`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use scouter_engine::{Clock, SystemClock};
use tempfile::TempDir;

use super::{Logged, url};
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

#[test]
fn a_variable_that_is_empty_is_not_set_whatever_it_is_for() {
    let dir = TempDir::new().unwrap();
    let mut command = on(&dir.path().join("data"), &SET);
    let empty = [
        "SCOUTER_SIGNING_SECRET",
        "SCOUTER_SLACK_TOKEN",
        "SCOUTER_SMTP_PASSWORD",
        "SCOUTER_AUTH",
        "SCOUTER_LISTEN",
        "SCOUTER_KEEP_RECORDS",
        "SCOUTER_MAIL_TO",
        "SCOUTER_SMTP_URL",
        "SCOUTER_TLS_CERT",
        "SCOUTER_CONFIG",
        "DATABASE_URL",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    ];
    for (at, variable) in empty.into_iter().enumerate() {
        command.env(variable, if at % 2 == 0 { "" } else { " " });
    }
    let (code, told) = checked(&mut command);
    assert_eq!(code, 0, "{told}");
    for line in [
        "ok        tls       none",
        "ok        alerts    whoever reads the log is told",
        "ok        traces    none",
    ] {
        assert!(told.lines().any(|said| said == line), "{line}: {told}");
    }
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
async fn whose_tables_they_are_and_what_may_be_done_with_them_is_looked_at() {
    let server = Server::start().await;
    drop(server.store().await);
    let pool = sqlx::PgPool::connect_with(server.cluster.connect_options()).await.unwrap();
    let clerk = url(&server).replace("scouter@", "clerk@");
    let tables = || {
        let mut command = program(&["check", "--listen", "127.0.0.1:0", "--no-migrate"]);
        let (_, told) = checked(command.args(["--database-url", &clerk]));
        told.lines().find(|line| line.contains("  tables    ")).unwrap_or_else(|| panic!("{told}")).to_owned()
    };
    for statement in ["CREATE ROLE clerk LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk"] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    let told = tables();
    let all: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
         WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace AND relname <> '_sqlx_migrations'
         ORDER BY 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let closed = format!("`clerk` may not read and write `{}`: ", all.join("`, `"));
    assert!(told.starts_with("wrong") && told.contains(&closed), "{told}");
    let grant = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk";
    sqlx::query(grant).execute(&pool).await.unwrap();
    let told = tables();
    assert!(told.starts_with("doubtful") && told.ends_with("`GRANT \"scouter\" TO \"clerk\"`"), "{told}");
    sqlx::query("GRANT scouter TO clerk").execute(&pool).await.unwrap();
    let told = tables();
    assert!(told.starts_with("ok"), "{told}");
}

/// The files of a certificate that is good between these days from now, with others behind it, and of its key.
fn certificates(dir: &Path, days: &[(i64, i64)]) -> [PathBuf; 2] {
    let today = DateTime::<Utc>::from(SystemClock.now());
    let in_days = |days| {
        let date = (today + TimeDelta::days(days)).date_naive();
        let part = |part: u32| u8::try_from(part).unwrap();
        rcgen::date_time_ymd(date.year(), part(date.month()), part(date.day()))
    };
    let key = rcgen::KeyPair::generate().unwrap();
    let pem = |&(from, until): &(i64, i64)| {
        let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (in_days(from), in_days(until));
        params.self_signed(&key).unwrap().pem()
    };
    let files = [dir.join("cert.pem"), dir.join("key.pem")];
    std::fs::write(&files[0], days.iter().map(pem).collect::<String>()).unwrap();
    std::fs::write(&files[1], key.serialize_pem()).unwrap();
    files
}

#[test]
fn a_certificate_that_ends_soon_is_doubtful_and_one_that_has_ended_wrong() {
    let dir = TempDir::new().unwrap();
    for (days, line) in [
        (&[(-1, 32)][..], "ok        tls       "),
        (&[(-1, 29)], "doubtful  tls       "),
        (&[(-2, -1)], "wrong     tls       "),
        (&[(2, 99)], "wrong     tls       "),
        // Without one that leads to it, it may be known all the same.
        (&[(-1, 99), (-2, -1)], "doubtful  tls       "),
        (&[(-1, 99), (2, 99)], "doubtful  tls       "),
    ] {
        let [certificate, key] = certificates(dir.path(), days);
        let mut command = on(&dir.path().join("data"), &SET);
        let (_, told) = checked(command.env("SCOUTER_TLS_CERT", certificate).env("SCOUTER_TLS_KEY", key));
        assert!(
            told.lines().any(|said| said.starts_with(line) && said.contains("cert.pem` ")),
            "{line}: {told}"
        );
    }
}

#[tokio::test]
async fn a_server_whose_certificate_ends_soon_says_so_when_it_starts() {
    let dir = TempDir::new().unwrap();
    let [certificate, key] = certificates(dir.path(), &[(-1, 29)]);
    let mut command = on(&dir.path().join("data"), &["serve", "--listen", "127.0.0.1:0"]);
    command.env("SCOUTER_TLS_CERT", certificate).env("SCOUTER_TLS_KEY", key);
    let (server, _) = Logged::start(command);
    let (ended, log) = server.end().await;
    assert!(ended && log.contains("cert.pem` is good until 20"), "{log}");
}

#[tokio::test]
async fn a_server_that_runs_is_looked_at_and_asked() {
    let dir = TempDir::new().unwrap();
    let (mut server, address) = spawn(dir.path(), &[]);
    let listen = address.to_string();
    let (code, told) = checked(&mut on(dir.path(), &["check", "--listen", &listen]));
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("is in use") && told.contains("as this program"), "{told}");
    // Another port does not help: the directory is that of one server.
    let (code, told) = checked(&mut on(dir.path(), &SET));
    let used = format!("` is in use by the process {}: ", server.id());
    assert_eq!(code, 1, "{told}");
    assert!(told.lines().any(|line| line.starts_with("doubtful  data") && line.contains(&used)), "{told}");
    let asked = || on(dir.path(), &["health", "--listen", &listen]).output().unwrap();
    assert_eq!(String::from_utf8(asked().stdout).unwrap(), "ready\n");
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(asked().status.code(), Some(1));
}

#[tokio::test]
async fn health_asks_the_server_that_clients_are_told_of() {
    let dir = TempDir::new().unwrap();
    let (mut server, address) = spawn(dir.path(), &[]);
    let (listen, there) = (address.to_string(), format!("http://{address}/"));
    let away = format!("http://{}", nobody().await);
    for (arguments, variable, code) in [
        (vec![], &there, 0),
        (vec![], &away, 1),
        (vec!["--server", there.as_str()], &away, 0),
        (vec!["--server", away.as_str()], &there, 1),
        (vec!["--listen", listen.as_str()], &away, 0),
    ] {
        let mut command = program(&["health"]);
        let asked = command.args(&arguments).env("SCOUTER_SERVER_URI", variable).output().unwrap();
        assert_eq!(asked.status.code(), Some(code), "{arguments:?} and {variable}: {asked:?}");
    }
    server.kill().unwrap();
    server.wait().unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_once() {
    let away = format!("http://{}", nobody().await);
    let asked = program(&["health", "--server", &away]).output().unwrap();
    let told = String::from_utf8_lossy(&asked.stderr);
    assert!(told.starts_with(&format!("error: no answer from `{away}`: ")), "{told}");
    assert_eq!(told.matches(&away).count(), 1, "{told}");
}

#[test]
fn an_address_of_no_server_is_told_by_whatever_said_it() {
    let asked = program(&["health"]).env("SCOUTER_SERVER_URI", "nowhere").output().unwrap();
    let told = String::from_utf8_lossy(&asked.stderr);
    assert_eq!(asked.status.code(), Some(2));
    assert!(told.contains("invalid value 'nowhere' for 'SCOUTER_SERVER_URI'"), "{told}");
    assert!(told.contains("it has the form `http://host:8000` or `https://host`"), "{told}");
}

#[test]
fn a_place_in_which_nothing_can_be_written_is_wrong() {
    let (code, told) = checked(&mut on(Path::new("/proc/x"), &SET));
    assert_eq!(code, 2, "{told}");
    for point in ["wrong     secret    failed to", "wrong     data      failed to"] {
        assert!(
            told.lines().any(|line| line.starts_with(point) && line.contains("/proc/x")),
            "{point}: {told}"
        );
    }
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

/// A webhook at an address that is not public.
const PRIVATE: [(&str, &str); 2] = [
    ("SCOUTER_WEBHOOK_URL", "http://127.0.0.1:18999/h"),
    ("SCOUTER_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
];

#[test]
fn an_address_that_alerts_must_not_go_to_is_wrong_until_its_network_is_allowed() {
    let dir = TempDir::new().unwrap();
    for (networks, code, line) in [
        ("", 2, "wrong     alerts    alerts do not arrive at `SCOUTER_WEBHOOK_URL`: `127.0.0.1` is at"),
        ("127.0.0.0/8", 0, "ok        alerts    a webhook can be told"),
    ] {
        let mut command = on(&dir.path().join("data"), &SET);
        let (ended, told) = checked(command.envs(PRIVATE).env("SCOUTER_ALERT_NETWORKS", networks));
        assert_eq!(ended, code, "{told}");
        assert!(told.lines().any(|said| said.starts_with(line)), "{line}: {told}");
    }
}

#[tokio::test]
async fn a_server_warns_of_an_address_that_alerts_must_not_go_to_when_it_starts() {
    let dir = TempDir::new().unwrap();
    let mut command = on(&dir.path().join("data"), &["serve", "--listen", "127.0.0.1:0"]);
    command.envs(PRIVATE);
    let (server, _) = Logged::start(command);
    let (ended, log) = server.end().await;
    assert!(ended && log.contains("alerts do not arrive at `SCOUTER_WEBHOOK_URL`"), "{log}");
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

#[test]
fn a_value_that_cannot_be_is_told_by_the_name_of_whatever_said_it() {
    for (variable, value, option) in
        [("SCOUTER_KEEP_RECORDS", "0", "--keep-records"), ("SCOUTER_LOG_FORMAT", "xml", "--log-format")]
    {
        let output = program(&SET).env(variable, value).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains(&format!("invalid value '{value}' for '{variable}'")), "{told}");
        // The command line goes before the environment.
        let output = program(&SET).args([option, value]).env(variable, value).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains(&format!("invalid value '{value}' for '{option} <")), "{told}");
    }
}
