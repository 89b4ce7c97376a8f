//! What `server/deploy` names is there: settings, commands, files. Nothing of it is run here but what systemd says of the unit: `server/deploy/try.sh`
//! builds and starts the rest, where there is a docker.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use serde_json::Value;

use crate::line::settings::{all, read, variable};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join("server/deploy").join(name)).unwrap()
}

/// Whether the server knows a variable.
fn is_variable(name: &str) -> bool {
    all().iter().any(|arg| variable(arg).as_deref() == Some(name))
}

/// Whether the server knows a command line, without its program.
fn is_line(arguments: &[&str]) -> bool {
    let line: Vec<OsString> = ["scouter-server"].iter().chain(arguments).map(OsString::from).collect();
    read(&line).is_ok()
}

/// The lines of a file, where those that end with `\` are one with the next, without comments.
fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\\\n", " ");
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

fn after<'a>(lines: &'a [String], word: &str) -> Vec<&'a str> {
    lines.iter().filter_map(|line| line.strip_prefix(word)).map(str::trim).collect()
}

#[test]
fn the_image_sets_what_there_is_to_set_and_runs_commands_that_there_are() {
    let text = text("Dockerfile");
    let lines = lines(&text);
    let set: Vec<_> = after(&lines, "ENV ").iter().flat_map(|set| set.split_whitespace()).collect();
    assert!(set.len() >= 3);
    for set in set {
        let (name, _) = set.split_once('=').unwrap();
        assert!(is_variable(name), "{name}");
    }
    let words = |json: &str| serde_json::from_str::<Vec<String>>(json).unwrap();
    assert_eq!(words(after(&lines, "ENTRYPOINT ")[0]), ["scouter-server"]);
    let command = words(after(&lines, "CMD ")[0]);
    assert!(is_line(&command.iter().map(String::as_str).collect::<Vec<_>>()), "{command:?}");
    let health = after(&lines, "HEALTHCHECK ")[0].split_once("CMD ").unwrap().1;
    let health = words(health);
    assert_eq!(health[0], "scouter-server");
    assert!(is_line(&health[1..].iter().map(String::as_str).collect::<Vec<_>>()), "{health:?}");
}

#[test]
fn the_image_is_built_as_the_workspace_is_and_does_not_run_as_root() {
    let dockerfile = text("Dockerfile");
    let read = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    let toolchain: toml::Table = read("rust-toolchain.toml").parse().unwrap();
    let channel = toolchain["toolchain"]["channel"].as_str().unwrap();
    assert!(dockerfile.contains(&format!("FROM rust:{channel}-slim-")), "{channel}");
    // Or rustup fetches what the image does not have, such as lints, which takes another network and fails in some storage.
    let ignored = text("Dockerfile.dockerignore");
    assert!(ignored.lines().any(|line| line == "rust-toolchain.toml"));
    let workspace: toml::Table = read("Cargo.toml").parse().unwrap();
    assert!(workspace["profile"].get("dist").is_some() && dockerfile.contains("--profile dist"));
    let user = after(&lines(&dockerfile), "USER ")[0].to_owned();
    let (user, group) = user.split_once(':').unwrap();
    assert!(user.parse::<u32>().unwrap() > 0 && group.parse::<u32>().unwrap() > 0);
    // What is filled in for the composition goes into no layer, and no commit.
    assert!(ignored.lines().any(|line| line == "**/.env"));
    assert!(read(".gitignore").lines().any(|line| line == ".env"));
}

/// Folders of targets are kept from one build to the next, and cargo believes the times of files.
#[test]
fn the_image_is_of_the_sources_that_it_was_built_of_even_where_those_are_older_than_what_was_built_before() {
    let lines = lines(&text("Dockerfile"));
    let build = after(&lines, "RUN ").into_iter().find(|run| run.contains("cargo build")).unwrap();
    assert!(build.contains("target=/build/target"), "{build}");
    let (before, _) = build.split_once("cargo build").unwrap();
    assert!(before.contains("-exec touch {} +"), "{build}");
}

#[test]
fn the_composition_sets_what_there_is_to_set_and_holds_no_secret() {
    let text = text("compose.yaml");
    let compose: Value = serde_saphyr::from_str(&text).unwrap();
    let server = &compose["services"]["server"];
    for name in server["environment"].as_object().unwrap().keys() {
        assert!(is_variable(name), "{name}");
    }
    assert!(root().join(server["build"]["dockerfile"].as_str().unwrap()).exists());
    let folder = root().join("server/deploy").join(server["build"]["context"].as_str().unwrap());
    assert_eq!(folder.canonicalize().unwrap(), root().canonicalize().unwrap());
    assert_eq!(server["depends_on"]["database"]["condition"], "service_healthy");
    let asked = compose["services"]["database"]["healthcheck"]["test"][1].as_str().unwrap();
    assert!(asked.starts_with("pg_isready --host 127.0.0.1 "), "{asked}");
    assert_eq!(compose["services"]["database"]["image"], "postgres:17");
    for service in ["server", "database"] {
        for volume in compose["services"][service]["volumes"].as_array().unwrap() {
            let (name, _) = volume.as_str().unwrap().split_once(':').unwrap();
            assert!(compose["volumes"].get(name).is_some(), "{name}");
        }
    }
    // Nobody beyond the machine reaches what is not encrypted.
    for port in server["ports"].as_array().unwrap() {
        assert!(port.as_str().unwrap().starts_with("127.0.0.1:"), "{port}");
    }
    let example = self::text("env.example");
    for asked in text.split("${").skip(1) {
        let name = asked.split([':', '}']).next().unwrap();
        assert!(example.lines().any(|line| line == format!("{name}=")), "{name}");
    }
}

#[test]
fn the_example_of_an_environment_names_what_there_is_to_set_and_leaves_secrets_empty() {
    for line in text("env.example").lines() {
        let line = line.strip_prefix('#').unwrap_or(line);
        let Some((name, value)) = line.split_once('=').filter(|(name, _)| !name.contains(' ')) else {
            continue;
        };
        assert!(is_variable(name) || name == "POSTGRES_PASSWORD", "{name}");
        let secret = ["PASSWORD", "SECRET", "TOKEN"].iter().any(|word| name.contains(word));
        assert!(!secret || value.is_empty(), "{name}");
    }
}

#[test]
fn the_unit_sets_what_there_is_to_set_and_runs_a_command_that_there_is() {
    let lines = lines(&text("scouter-server.service"));
    for set in after(&lines, "Environment=") {
        assert!(is_variable(set.split_once('=').unwrap().0), "{set}");
    }
    let [run] = after(&lines, "ExecStart=")[..] else { panic!("{lines:?}") };
    let words: Vec<_> = run.split_whitespace().collect();
    assert!(is_line(&words[1..]), "{run}");
    for hard in ["DynamicUser=yes", "ProtectSystem=strict", "ProtectHome=yes", "NoNewPrivileges=yes"] {
        assert!(lines.iter().any(|line| line == hard), "{hard}");
    }
    // Started again where it broke, and not where it says that a setting is wrong.
    assert_eq!(after(&lines, "Restart="), ["on-failure"]);
    let wrong = ["scouter-server", "serve", "--keep-records", "x"].map(OsString::from);
    let told = crate::line::main(wrong, None);
    assert_eq!(after(&lines, "RestartPreventExitStatus="), [told.to_string()]);
    let state = after(&lines, "StateDirectory=")[0].to_owned();
    assert!(after(&lines, "Environment=").contains(&format!("SCOUTER_DATA_DIR=/var/lib/{state}").as_str()));
}

#[test]
fn systemd_finds_nothing_wrong_with_the_unit() {
    let dir = tempfile::TempDir::new().unwrap();
    let unit = dir.path().join("scouter-server.service");
    // The program is not installed here.
    fs::write(&unit, text("scouter-server.service").replace("/usr/local/bin/scouter-server", "/bin/true"))
        .unwrap();
    let said = Process::new("systemd-analyze").arg("verify").arg(&unit).output();
    let said = said.expect("systemd is installed, whose `systemd-analyze` reads the unit");
    let told = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success() && !told.contains("scouter-server.service"), "{told}");
    let mut look = Process::new("systemd-analyze");
    look.args(["security", "--no-pager", "--offline=true", "--threshold=20"]).arg(&unit);
    let said = look.output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
}
