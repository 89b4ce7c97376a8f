use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use scouter_engine::SystemClock;
use tempfile::NamedTempFile;

use crate::alerts::Sender;
use crate::line::settings::{is_exposed, read};
use crate::line::{Command, Line};
use crate::run::{RunOptions, Tables};

fn file(text: &str) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    file
}

/// What is said on a line after a file.
fn said(file: &NamedTempFile, more: &[&str]) -> Result<Line, String> {
    let path = file.path().to_str().unwrap();
    let line = ["server", "serve", "--data-dir", "/nowhere", "--config", path];
    let line = line.iter().chain(more).map(OsString::from).collect::<Vec<_>>();
    read(&line).map_err(|error| error.to_string())
}

fn options(text: &str, more: &[&str]) -> RunOptions {
    let Command::Serve(serve) = said(&file(text), more).unwrap().command else { panic!("another command") };
    serve.options(None).unwrap()
}

fn refused(text: &str, more: &[&str]) -> String {
    said(&file(text), more).err().unwrap_or_else(|| panic!("{text}"))
}

#[test]
fn a_file_goes_before_the_defaults_and_the_command_line_before_the_file() {
    let text =
        "listen = \"127.0.0.1:9001\"\nkeep_records = 30\nkeep_evals = 7\nauth = true\nno_migrate = true\n";
    let read = options(text, &["--keep-evals", "8"]);
    assert_eq!(read.listen, "127.0.0.1:9001".parse().unwrap());
    assert!(read.access.auth && !read.access.behind_proxy);
    assert_eq!(read.tables, Tables::AsTheyAre);
    let keep = read.keep;
    assert_eq!((keep.keep_records, keep.keep_evals, keep.keep_counts), (30, 8, 90));
}

#[test]
fn a_list_in_a_file_is_a_list() {
    let text = "alert_networks = [\"10.0.0.0/8\", \"fd00::/8\"]\nmail_to = [\"a@b.c\", \"d@e.f\"]\n";
    let alerts = options(text, &[]).alerts;
    assert_eq!((alerts.alert_networks.len(), alerts.mail_to.len()), (2, 2));
    let one = options("mail_to = \"a@b.c\"\n", &[]).alerts;
    assert_eq!(one.mail_to.len(), 1);
}

#[test]
fn what_is_wrong_in_a_file_is_named() {
    for (text, told) in [
        ("keep_record = 3", "there is no setting `keep_record`, did you mean `keep_records`?"),
        ("[server]\nlisten = \"127.0.0.1:1\"", "there is no setting `server`"),
        ("config = \"other.toml\"", "there is no setting `config`"),
        ("keep_records = 0", "`keep_records`: invalid value '0'"),
        ("listen = \"nowhere\"", "`listen`: invalid value 'nowhere'"),
        ("log_format = \"xml\"", "[possible values: text, json]"),
        ("listen = [\"127.0.0.1:1\"]", "`listen` is a text or a number, and of the type `array` here"),
        ("alert_networks = [1.5]", "`alert_networks` is a list of texts, and of the type `array` here"),
        ("auth = \"yes\"", "`auth` is `true` or `false`, and of the type `string` here"),
        ("keep_records = 1.5", "`keep_records` is a number, without quotes, and of the type `float` here"),
        (
            "keep_records = \"30\"",
            "`keep_records` is a number, without quotes, and of the type `string` here",
        ),
        ("slack_token = \" \"", "`slack_token`: "),
    ] {
        let refused = refused(text, &[]);
        assert!(
            refused.starts_with("failed to read the settings in `") && refused.contains(told),
            "{refused}"
        );
    }
}

#[test]
fn all_that_is_wrong_in_a_file_is_told() {
    let refused = refused("keep_records = 0\nlistn = \"127.0.0.1:0\"\nauth = 1\n", &[]);
    for told in ["`keep_records`: invalid value '0'", "did you mean `listen`?", "`auth` is `true` or `false`"]
    {
        assert!(refused.contains(told), "{refused}");
    }
}

#[test]
fn what_is_no_toml_is_told_by_its_line_and_never_quoted() {
    let refused = refused("auth = true\nslack_token = xoxb-s3cret\n", &[]);
    assert!(refused.contains("`: line 2: ") && !refused.contains("s3cret"), "{refused}");
}

#[test]
fn what_a_file_says_wrong_is_told_where_the_command_line_goes_before_it_too() {
    assert!(refused("keep_records = 0", &["--keep-records", "5"]).contains("`keep_records`"));
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let line = ["server", "serve", "--config", "/nowhere/scouter.toml"].map(OsString::from);
    let error = read(&line).err().unwrap().to_string();
    assert!(error.starts_with("failed to read the settings in `/nowhere/scouter.toml`: "), "{error}");
}

#[test]
fn what_other_servers_call_a_port_is_told_with_listen() {
    for said in [&["--port", "8000"][..], &["--host=0.0.0.0"]] {
        let refused = refused("", said);
        assert!(refused.contains("'--listen'") && !refused.contains("--postgres"), "{refused}");
    }
}

#[test]
fn a_secret_on_the_command_line_is_refused_and_not_repeated() {
    let refused = refused("", &["--slack-token", "xoxb-s3cret"]);
    for told in ["`--slack-token`", "SCOUTER_SLACK_TOKEN", "`slack_token`"] {
        assert!(refused.contains(told), "{refused}");
    }
    assert!(!refused.contains("s3cret"));
}

#[test]
fn a_secret_in_a_file_is_taken_and_shown_by_nothing() {
    let read = options(
        "slack_token = \"xoxb-s3cret\"\nsigning_secret = \"s3cret-s3cret-s3cret-s3cret-s3cret\"\n",
        &[],
    );
    assert!(read.alerts.slack_token.is_some());
    assert!(!format!("{read:?}").contains("s3cret"));
}

#[test]
fn what_needs_something_else_needs_it_from_a_file_too() {
    let half = said(&file("tls_cert = \"cert.pem\""), &[]).unwrap();
    let Command::Serve(half) = half.command else { panic!("another command") };
    assert!(half.options(None).unwrap_err().contains("--tls-key"));
    let alerts = options("webhook_url = \"https://a.example\"", &[]).alerts;
    let error = Sender::new(alerts, std::sync::Arc::new(SystemClock)).unwrap_err().to_string();
    assert_eq!(error, "`SCOUTER_WEBHOOK_URL` needs `SCOUTER_WEBHOOK_SECRET`");
    let alerts = options("webhook_url = \"https://a.example\"", &["--alert-cool-down", "5"]).alerts;
    assert_eq!(alerts.alert_cool_down, 5);
}

#[test]
fn a_file_with_secrets_that_others_can_read_is_noticed() {
    let (open, plain) = (file("smtp_password = \"x\""), file("keep_records = 3"));
    for file in [&open, &plain] {
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644)).unwrap();
    }
    assert!(is_exposed(open.path()) && !is_exposed(plain.path()));
    fs::set_permissions(open.path(), fs::Permissions::from_mode(0o600)).unwrap();
    assert!(!is_exposed(open.path()));
}
