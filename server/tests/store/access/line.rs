//! The command line: where a server listens, whom it lets in, and how users and keys are made.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::json;
use tempfile::TempDir;

use crate::ingest::running::{call, registered};
use crate::support::{Server, fresh, options};

pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scouter-server"));
    command.args(arguments).env_remove("DATABASE_URL").env_remove("SCOUTER_SIGNING_SECRET");
    command
}

/// With a data directory.
pub(crate) fn on(data: &Path, arguments: &[&str]) -> Command {
    let mut command = program(arguments);
    command.arg("--data-dir").arg(data);
    if let Some(programs) = options(data).binaries {
        command.arg("--postgres").arg(programs);
    }
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    on(data, arguments).output().unwrap()
}

/// What a command says that goes well.
pub(super) fn said(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// What a command says that does not.
pub(crate) fn refused(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A data directory with a database in which nothing is.
pub(super) async fn data() -> TempDir {
    let Server { cluster, dir } = Server::start().await;
    cluster.stop().await.unwrap();
    dir
}

/// A server as a process of its own, which ends with the test.
pub(crate) struct Process(pub(crate) Child, BufReader<ChildStdout>);

impl Process {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self(child, out)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.1.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    pub(crate) fn address(&mut self) -> std::net::SocketAddr {
        let line = self.line();
        line.split_once("://").unwrap_or_else(|| panic!("{line}")).1.parse().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_first_administrator_is_shown_once_and_sets_a_password() {
    let dir = data().await;
    let serve = ["serve", "--listen", "127.0.0.1:0", "--auth"];
    let mut server = Process::start(on(dir.path(), &serve));
    let address = server.address();
    let line = server.line();
    let [_, name, _, password, _] = line.split('`').collect::<Vec<_>>()[..] else { panic!("{line}") };
    let asks = server.line();
    assert!(asks.starts_with("everybody is asked who they are"), "{asks}");
    assert_eq!(call(address, "GET", "/v1/profiles", &[], "").await.unwrap().status, 401);
    let change = json!({"username": name, "password": password, "new_password": "correct horse battery"});
    let answer = call(address, "POST", "/v1/auth/password", &[], change.to_string()).await.unwrap();
    let who = format!("Bearer {}", answer.json()["access_token"].as_str().unwrap());
    let seen =
        async |address| call(address, "GET", "/v1/profiles", &[("authorization", &who)], "").await.unwrap();
    assert_eq!(seen(address).await.status, 200);
    drop(server);
    // The secret is the same the next time, and nothing is shown again.
    let mut server = Process::start(on(dir.path(), &["serve", "--listen", "127.0.0.1:0"]));
    let address = server.address();
    assert!(server.line().contains("`--auth` asks"));
    assert_eq!(seen(address).await.status, 200);
}

#[tokio::test]
async fn users_and_keys_are_made_while_a_server_runs_and_while_none_does() {
    let dir = data().await;
    let data = dir.path();
    let before = said(data, &["keys", "create", "loader", "--grant", "shop=write"]);
    let mut server = Process::start(on(data, &["serve", "--listen", "127.0.0.1:0", "--auth"]));
    let address = server.address();
    let after = said(data, &["keys", "create", "viewer", "--grant", "*=read", "--days", "30"]);
    for key in [&before, &after] {
        let who = format!("Bearer {key}");
        assert_eq!(
            call(address, "GET", "/v1/profiles", &[("authorization", &who)], "").await.unwrap().status,
            200
        );
    }
    let listed = said(data, &["keys", "list"]);
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split('\t').collect()).collect();
    let prefix = before.rsplit_once('_').unwrap().0;
    assert_eq!(lines[1], [prefix, "loader", "shop=write", "good"]);
    assert!(lines[0][3].starts_with("good until 20") && !listed.contains(&before));
    let changed = said(data, &["keys", "change", prefix, "--grant", "shop=read", "--grant", "lab=write"]);
    assert_eq!(changed, format!("{prefix} has lab=write,shop=read now"));
    assert!(said(data, &["keys", "list"]).contains("\tlab=write,shop=read\tgood"));
    // The whole key names it too.
    assert_eq!(said(data, &["keys", "revoke", &before]), format!("{prefix} is good for nothing now"));
    assert!(said(data, &["keys", "list"]).contains("revoked 20"));

    let made = said(data, &["users", "create", "ada", "--grant", "shop=read"]);
    let (name, password) = made.split_once(' ').unwrap();
    let login = json!({"username": name, "password": password}).to_string();
    assert_eq!(call(address, "POST", "/v1/auth/login", &[], login).await.unwrap().status, 403);
    let mut set = on(data, &["users", "password", "ada"]).stdin(Stdio::piped()).spawn().unwrap();
    set.stdin.take().unwrap().write_all(b"correct horse battery\n").unwrap();
    assert!(set.wait().unwrap().success());
    let login = json!({"username": "ada", "password": "correct horse battery"}).to_string();
    assert_eq!(call(address, "POST", "/v1/auth/login", &[], login.clone()).await.unwrap().status, 200);
    assert_eq!(said(data, &["users", "change", "ada", "--grant", "lab=read"]), "ada has lab=read now");
    assert_eq!(said(data, &["users", "revoke", "ada"]), "ada is let in no more");
    assert_eq!(call(address, "POST", "/v1/auth/login", &[], login).await.unwrap().status, 401);
    assert!(said(data, &["users", "list"]).lines().any(|line| line.starts_with("ada\tlab=read\trevoked 20")));
    let audit = said(data, &["audit", "--last", "3"]);
    let last: Vec<&str> = audit.lines().map(|line| line.split('\t').nth(2).unwrap()).collect();
    assert_eq!(last, ["user_revoked", "user_changed", "login"]);
}

#[tokio::test]
async fn the_audit_says_from_which_roles_to_which_a_user_and_a_key_were_changed() {
    let dir = data().await;
    let data = dir.path();
    let key = said(data, &["keys", "create", "loader", "--grant", "shop=write"]);
    let prefix = key.rsplit_once('_').unwrap().0;
    said(data, &["keys", "change", &key, "--grant", "shop=read", "--grant", "lab=write"]);
    said(data, &["users", "create", "ada", "--grant", "*=read"]);
    said(data, &["users", "change", "ada", "--grant", "shop=admin"]);
    let audit = said(data, &["audit"]);
    let told: Vec<Vec<&str>> = audit.lines().map(|line| line.split('\t').skip(2).collect()).collect();
    assert_eq!(
        told,
        [
            ["user_changed", "ada", "from *=read to shop=admin"],
            ["user_created", "ada", "*=read"],
            ["key_changed", prefix, "from shop=write to lab=write,shop=read"],
            ["key_created", prefix, "shop=write"],
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_done_is_told() {
    let dir = data().await;
    for (arguments, told) in [
        (&["users", "create", "Ada", "--grant", "shop=read"][..], "a name has 1 to 64"),
        (&["users", "create", "ada", "--grant", "shop"], "`shop` is no grant"),
        (&["users", "create", "ada"], "--grant"),
        (&["users", "reset", "nobody"], "there is no user `nobody`"),
        (&["users", "revoke", "nobody"], "there is no user `nobody`"),
        (&["users", "change", "nobody", "--grant", "shop=read"], "there is no user `nobody`"),
        (&["keys", "change", "scouter_nothing", "--grant", "shop=read"], "there is no key `scouter_nothing`"),
        (&["keys", "revoke", "scouter_nothing"], "there is no key `scouter_nothing`"),
        (&["keys", "revoke", "scouter_nothing_secret"], "there is no key `scouter_nothing` that is good"),
        (
            &["keys", "revoke", "svc"],
            "there is no key `svc` that is good; a key is named by its prefix, `scouter_`",
        ),
        (&["keys", "change", "svc", "--grant", "shop=read"], "the first column of `keys list`"),
        (&["keys", "create", "x", "--grant", "a=read", "--days", "0"], "1 to 36500 days"),
    ] {
        let output = run(dir.path(), arguments);
        let error = refused(&output);
        assert!(error.contains(told), "{arguments:?}: {error}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
    }
}

#[test]
fn only_a_server_makes_a_data_directory() {
    let dir = TempDir::new().unwrap();
    let typo = dir.path().join("typo");
    for arguments in [&["users", "list"][..], &["keys", "create", "svc", "--grant", "*=write"], &["audit"]] {
        let output = run(&typo, arguments);
        let error = refused(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        // One line for whoever waits, and none of a log.
        assert!(
            error.starts_with("error: `") && error.contains("typo` holds no data of a server"),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(!typo.exists(), "{arguments:?}");
    }
}

#[tokio::test]
async fn what_is_as_it_should_be_is_not_told_as_if_it_were_not() {
    let dir = data().await;
    for _ in 0..2 {
        let output = run(dir.path(), &["users", "list"]);
        assert!(output.status.success());
        let log = String::from_utf8_lossy(&output.stderr);
        // The settings of these tests are a reason to warn.
        let told: Vec<_> =
            log.lines().filter(|line| !line.contains("`fsync` of the database is off")).collect();
        assert!(told.is_empty(), "{told:?}");
    }
}

#[test]
fn an_option_that_is_misspelt_is_told_with_the_one_that_was_meant() {
    let error = refused(&program(&["serve", "--data-dri", "x"]).output().unwrap());
    assert!(error.contains("--data-dir"), "{error}");
}

#[test]
fn a_server_does_not_listen_where_others_hear_what_is_said() {
    let dir = TempDir::new().unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let error = refused(&run(dir.path(), &["serve", "--listen", address]));
        assert!(error.contains("--tls-cert") && error.contains("--behind-proxy"), "{error}");
    }
    let half = refused(&run(dir.path(), &["serve", "--tls-cert", "cert.pem"]));
    assert!(half.contains("--tls-key"), "{half}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_server_whose_settings_cannot_be_ends_with_2() {
    let dir = TempDir::new().unwrap();
    let webhook = ("SCOUTER_WEBHOOK_URL", "https://a.example");
    let slack = ("SCOUTER_SLACK_WEBHOOK", "https://a.example");
    let (from, to) = (("SCOUTER_MAIL_FROM", "a@a.example"), ("SCOUTER_MAIL_TO", "b@a.example"));
    for (variables, told) in [
        (&[webhook][..], "needs `SCOUTER_WEBHOOK_SECRET`"),
        (&[webhook, ("SCOUTER_WEBHOOK_SECRET", "whsec_c2hvcnQ=")], "is no secret of a webhook"),
        (&[("SCOUTER_SLACK_WEBHOOK", "nix")], "`SCOUTER_SLACK_WEBHOOK` is no address of the web"),
        (&[slack, ("SCOUTER_SLACK_TOKEN", "xoxb-1")], "cannot be used with `SCOUTER_SLACK_WEBHOOK`"),
        (&[("SCOUTER_SMTP_URL", "gopher://a.example"), from, to], "`SCOUTER_SMTP_URL` cannot be used"),
        (&[("SCOUTER_TLS_CERT", "/nowhere/a.pem"), ("SCOUTER_TLS_KEY", "/nowhere/b.pem")], "/nowhere/a.pem"),
        (&[("OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://a.example")], "is no address of the web"),
        (&[("SCOUTER_POSTGRES", "/nowhere")], "no Postgres of version 14 or later was found"),
    ] {
        let mut command = program(&["serve", "--listen", "127.0.0.1:0"]);
        command.arg("--data-dir").arg(dir.path().join("data"));
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let error = refused(&output);
        assert!(error.contains(told), "{variables:?}: {error}");
        assert_eq!(output.status.code(), Some(2), "{variables:?}: {error}");
    }
}

#[test]
fn a_server_that_another_try_may_help_ends_with_1() {
    let dir = TempDir::new().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(dir.path(), &["serve", "--listen", &address]);
    let error = refused(&output);
    assert_eq!(output.status.code(), Some(1), "{error}");
}

#[tokio::test]
async fn behind_a_proxy_everybody_is_asked() {
    let dir = data().await;
    for more in [["--listen", "127.0.0.1:0"], ["--listen", "0.0.0.0:0"]] {
        let mut command = on(dir.path(), &["serve", "--behind-proxy"]);
        command.args(more);
        let mut server = Process::start(command);
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], server.address().port()));
        assert_eq!(call(address, "GET", "/v1/profiles", &[], "").await.unwrap().status, 401);
    }
}

#[tokio::test]
async fn with_a_database_elsewhere_it_is_said_where_the_secret_is() {
    let server = Server::start().await;
    let sockets = server.dir.path().join("run");
    let url = format!("postgres://scouter@localhost/scouter?host={}", sockets.display());
    let serve = ["serve", "--listen", "127.0.0.1:0", "--auth", "--database-url", &url];
    let error = refused(&program(&serve).output().unwrap());
    assert!(error.contains("SCOUTER_SIGNING_SECRET") && error.contains("--data-dir"), "{error}");
    let mut short = program(&serve);
    let error = refused(&short.env("SCOUTER_SIGNING_SECRET", "changeme").output().unwrap());
    assert!(error.contains("less than 32 bytes") && !error.contains("changeme"), "{error}");
    let mut given = program(&serve);
    given.env("SCOUTER_SIGNING_SECRET", "x".repeat(32));
    Process::start(given).address();
    let kept = TempDir::new().unwrap();
    Process::start(on(kept.path(), &serve)).address();
    assert!(kept.path().join("signing.key").exists());
}

#[tokio::test]
async fn a_server_keeps_what_comes_in_the_database_that_the_environment_names() {
    let (server, _store, pool) = fresh().await;
    let kept = TempDir::new().unwrap();
    let sockets = server.dir.path().join("run");
    let mut named = on(kept.path(), &["serve", "--listen", "127.0.0.1:0"]);
    named.env("DATABASE_URL", format!("postgres://scouter@localhost/scouter?host={}", sockets.display()));
    let mut process = Process::start(named);
    let profile = registered(process.address(), "m", true).await;
    let there: Vec<uuid::Uuid> =
        sqlx::query_scalar("SELECT uid FROM profiles").fetch_all(&pool).await.unwrap();
    assert_eq!(there, [profile]);
    assert!(!kept.path().join("postgres").exists());
}
