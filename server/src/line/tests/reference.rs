//! The reference page of the settings, made from the arguments of the commands.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use clap::{Arg, ArgAction};

use crate::line::settings::{all, is_secret, variable};

const HEAD: &str = "\
# Settings of the server

All that can be set of a server, in one list. This page is made from the definitions; change those, then run `just docs`.

A setting is looked for in four places, and the first that says something counts:

1. an option of the command line,
2. a variable of the environment,
3. the file that `--config` or `SCOUTER_CONFIG` names,
4. the default.

The file is TOML, with the names of the first column: texts and numbers, `true` or `false`, and lists where the table says so. A name that is no setting is
refused, and so is a number in quotes; all that is wrong is told at once. Secrets have no option, since everybody on a machine can list its processes: they
are taken from the environment or the file, and never printed. `scouter check` reads all of it as `serve` would, and says what is wrong. A variable that is
set and empty counts as not set.

```toml
listen = \"0.0.0.0:8000\"
tls_cert = \"/etc/scouter/cert.pem\"
tls_key = \"/etc/scouter/key.pem\"
keep_records = 30
alert_networks = [\"10.1.0.0/16\"]
```

| in the file | variable | option | default | what it is |
|---|---|---|---|---|
";

/// The page, in Markdown.
fn page() -> String {
    let mut page = String::from(HEAD);
    for arg in all() {
        let key = arg.get_id().as_str();
        let cells = [
            if key == "config" { String::new() } else { format!("`{key}`") },
            variable(&arg).map(|name| format!("`{name}`")).unwrap_or_default(),
            option(&arg),
            default(&arg),
            arg.get_help().map(|help| format!("{help}{}", list(&arg))).unwrap_or_default(),
        ];
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        // Writing into a `String` cannot fail.
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
    page
}

fn option(arg: &Arg) -> String {
    match arg.get_long() {
        Some(_) if is_secret(arg) => "none: a secret".to_owned(),
        Some(long) => format!("`--{long}`"),
        None => String::new(),
    }
}

fn default(arg: &Arg) -> String {
    let values: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    match arg.get_action() {
        ArgAction::SetTrue => "`false`".to_owned(),
        _ if values.is_empty() => String::new(),
        _ => format!("`{}`", values.join(",")),
    }
}

fn list(arg: &Arg) -> &'static str {
    if matches!(arg.get_action(), ArgAction::Append) { "; a list in the file" } else { "" }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch that renews the page is for this test alone")]
fn the_reference_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/server-settings.md");
    if std::env::var("SCOUTER_UPDATE").is_ok_and(|value| value == "1") {
        fs::write(&path, page()).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page(), "docs/reference/server-settings.md is stale: run `just docs`");
}

#[test]
fn a_setting_has_one_name_in_all_places() {
    for arg in all() {
        let key = arg.get_id().as_str();
        assert_eq!(arg.get_long().map(|long| long.replace('-', "_")).as_deref(), Some(key));
        let variable = variable(&arg).unwrap();
        let own = format!("SCOUTER_{}", key.to_uppercase());
        let usual = ["DATABASE_URL", "OTEL_EXPORTER_OTLP_ENDPOINT"];
        assert!(variable == own || usual.contains(&variable.as_str()), "{key}: {variable}");
        assert!(arg.get_help().is_some(), "{key}");
    }
}

#[test]
fn what_a_name_calls_a_secret_is_one() {
    let words = ["secret", "token", "password", "_key", "slack_webhook"];
    for arg in all() {
        let key = arg.get_id().as_str();
        let called = key != "tls_key" && words.iter().any(|word| key.contains(word));
        assert_eq!(is_secret(&arg), called, "{key}");
        assert!(!is_secret(&arg) || arg.is_hide_env_values_set(), "{key}");
    }
}
