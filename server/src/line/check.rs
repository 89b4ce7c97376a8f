//! `check`: whether the server would start as it is set. It reads and asks, and changes nothing.

use std::fmt::Display;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use scouter_engine::SystemClock;
use sqlx::postgres::PgConnectOptions;
use tokio::net::TcpListener;
use tokio::time::timeout;
use url::Url;

use super::migrate::state;
use super::say;
use super::serve::Serve;
use super::settings::is_exposed;
use super::traces::address;
use crate::access::{SecretSource, SigningSecret};
use crate::alerts::{AlertOptions, Sender};
use crate::http::TlsFiles;
use crate::postgres::PrivateState;
use crate::run::{AccessOptions, CONNECTIONS, Database, RunOptions, Tables};
use crate::store::{Facts, Look, Schema};

/// How long a database may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The Postgres that is not tried yet, as a number.
const UNKNOWN: i32 = 190_000;

/// What was found of one point.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Good(String),
    Doubtful(String),
    Wrong(String),
}

use Found::{Doubtful, Good, Wrong};

impl Found {
    /// What there is to say of something that can be had, or why it cannot.
    fn of<T, E: Display>(result: Result<T, E>, good: impl FnOnce(T) -> String) -> Self {
        result.map_or_else(|error| Wrong(error.to_string()), |value| Good(good(value)))
    }

    /// How bad it is: the exit code.
    fn code(&self) -> u8 {
        match self {
            Good(_) => 0,
            Doubtful(_) => 1,
            Wrong(_) => 2,
        }
    }

    /// A line of its own, whatever the message has in it.
    fn line(&self, point: &str) -> String {
        let (word, told) = match self {
            Good(told) => ("ok", told),
            Doubtful(told) => ("doubtful", told),
            Wrong(told) => ("wrong", told),
        };
        let told = told.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        format!("{word:<8}  {point:<8}  {told}")
    }
}

/// Looks at each point, and says a line of it: the exit code.
pub(super) async fn check(serve: Serve, file: Option<&Path>, bundled: Option<PathBuf>) -> u8 {
    let mut worst = 0;
    let mut tell = |point: &str, found: &Found| {
        worst = worst.max(found.code());
        say(&found.line(point));
    };
    let collector = serve.collector().cloned();
    let options = match serve.options(bundled) {
        Ok(options) => options,
        Err(why) => {
            tell("settings", &Wrong(why));
            return worst;
        }
    };
    let RunOptions { listen, access, database, tables, alerts, .. } = options;
    tell("settings", &settings(file));
    tell("access", &who(&access, listen));
    tell("port", &port(listen).await);
    tell("tls", &tls(access.tls.as_ref()));
    tell("secret", &secret(&access.secret));
    for (point, found) in database_of(database, tables).await {
        tell(point, &found);
    }
    tell("alerts", &told(alerts));
    tell("traces", &traces(collector.as_ref()));
    worst
}

fn settings(file: Option<&Path>) -> Found {
    match file {
        None => Good("from the command line and the environment".to_owned()),
        Some(path) if is_exposed(path) => {
            Doubtful(format!("others can read `{}`, in which secrets stand: `chmod 600` it", path.display()))
        }
        Some(path) => Good(format!("from `{}`, the command line and the environment", path.display())),
    }
}

fn who(access: &AccessOptions, listen: SocketAddr) -> Found {
    let told = if access.is_open(listen) {
        "this machine is let in without being asked"
    } else {
        "everybody is asked who they are"
    };
    Found::of(access.check(listen), |()| told.to_owned())
}

async fn port(listen: SocketAddr) -> Found {
    match TcpListener::bind(listen).await {
        Ok(_) => Good(format!("`{listen}` is free")),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            Doubtful(format!("`{listen}` is in use, by this server or by something else"))
        }
        Err(error) => Wrong(format!("failed to listen on `{listen}`: {error}")),
    }
}

fn tls(files: Option<&TlsFiles>) -> Found {
    match files {
        None => Good("none".to_owned()),
        Some(files) => {
            Found::of(files.acceptor(), |_| format!("`{}` and its key", files.certificates.display()))
        }
    }
}

fn secret(source: &SecretSource) -> Found {
    let found = SigningSecret::look(source);
    Found::of(found, |there| match (source, there) {
        (SecretSource::Given(_), _) => "given".to_owned(),
        (SecretSource::Directory(directory), true) => format!("kept in `{}`", directory.display()),
        (SecretSource::Directory(directory), false) => {
            format!("to be made in `{}` at the first start", directory.display())
        }
        (SecretSource::Forgotten, _) => "one that is forgotten when the server ends".to_owned(),
    })
}

async fn database_of(database: Database, tables: Tables) -> Vec<(&'static str, Found)> {
    let (point, connect) = match database {
        Database::At(connect) => ("database", connect),
        Database::Private(options) => {
            let data = options.data.display().to_string();
            // It runs the programs of Postgres to know their version.
            let state = tokio::task::spawn_blocking(move || PrivateState::look(&options)).await;
            let found = match state {
                Err(error) => Wrong(error.to_string()),
                Ok(Err(error)) => Wrong(error.to_string()),
                Ok(Ok(PrivateState::New(version))) => {
                    Good(format!("`{data}` is to be made, with Postgres {version}"))
                }
                Ok(Ok(PrivateState::Resting(version))) => {
                    Good(format!("`{data}` has data of Postgres {version}, which does not run just now"))
                }
                Ok(Ok(PrivateState::Running(connect))) => return look("data", &connect, tables).await,
            };
            return vec![("data", found)];
        }
    };
    look(point, &connect, tables).await
}

/// Looks at a database that is there.
async fn look(point: &'static str, connect: &PgConnectOptions, tables: Tables) -> Vec<(&'static str, Found)> {
    match timeout(PATIENCE, Look::at(connect)).await {
        Ok(Ok(Look { postgres, schema })) => {
            vec![(point, of_postgres(&postgres)), ("tables", of_tables(&schema, tables, postgres.creates))]
        }
        // What was not ended in order leaves traces of a Postgres that is not there.
        Ok(Err(error)) if point == "data" => {
            vec![(point, Doubtful(format!("a server has it, or was not ended in order: {error}")))]
        }
        Ok(Err(error)) => vec![(point, Wrong(error.to_string()))],
        Err(_) => {
            vec![(point, Wrong(format!("the database does not answer within {} s", PATIENCE.as_secs())))]
        }
    }
}

fn of_postgres(facts: &Facts) -> Found {
    let Facts { number, version, fsync, standby, creates, temporary, connections } = facts;
    let own = i32::try_from(CONNECTIONS).unwrap_or(i32::MAX);
    if *standby {
        return Wrong(format!("Postgres {version} is a standby, where nothing can be written"));
    }
    if !temporary {
        return Wrong("its user may make no temporary tables: `GRANT TEMPORARY ON DATABASE`".to_owned());
    }
    if !creates {
        return Doubtful(
            "its user may make no tables: `GRANT CREATE ON SCHEMA`, which days to come need".to_owned(),
        );
    }
    if !fsync {
        return Doubtful(format!("`fsync` of Postgres {version} is off: what is acknowledged may be lost"));
    }
    if *number >= UNKNOWN {
        return Doubtful(format!("Postgres {version} is later than 18, the last that was tried"));
    }
    if *connections < own * 2 {
        return Doubtful(format!(
            "Postgres {version} takes {connections} connections, and each server has {own}"
        ));
    }
    Good(format!("Postgres {version}"))
}

fn of_tables(schema: &Schema, tables: Tables, creates: bool) -> Found {
    let told = state(schema);
    match (schema.missing.is_empty(), tables) {
        // Whoever looks whether there is anything to do needs the right, too.
        (_, Tables::UpToDate) if !creates => Wrong(format!(
            "{told}, and its user may not bring them up to date: `GRANT CREATE ON SCHEMA`, or `--no-migrate`"
        )),
        (true, _) => Good(told),
        (false, Tables::UpToDate) => Good(format!("{told}; the server brings them up to date")),
        (false, Tables::AsTheyAre) => Wrong(format!("{told}: run `migrate`")),
    }
}

fn told(alerts: AlertOptions) -> Found {
    let names = alerts.configured();
    let sender = Sender::new(alerts, Arc::new(SystemClock));
    Found::of(sender, |_| {
        if names.is_empty() {
            "whoever reads the log is told".to_owned()
        } else {
            format!("{} can be told; nothing was sent", names.join(", "))
        }
    })
}

fn traces(collector: Option<&Url>) -> Found {
    match collector {
        None => Good("none".to_owned()),
        Some(collector) => {
            Found::of(address(collector), |to| format!("to `{}`; nothing was sent", shown(to)))
        }
    }
}

/// An address without who asks there.
fn shown(mut url: Url) -> Url {
    // Addresses of the web can have none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            number: 170_002,
            version: "17.2".to_owned(),
            fsync: true,
            standby: false,
            creates: true,
            temporary: true,
            connections: 100,
        }
    }

    #[test]
    fn a_postgres_that_cannot_be_used_is_wrong_and_one_that_is_odd_is_doubtful() {
        assert_eq!(of_postgres(&facts()), Good("Postgres 17.2".to_owned()));
        for (facts, code, told) in [
            (Facts { standby: true, ..facts() }, 2, "standby"),
            (Facts { temporary: false, ..facts() }, 2, "GRANT TEMPORARY"),
            (Facts { creates: false, ..facts() }, 1, "GRANT CREATE"),
            (Facts { fsync: false, ..facts() }, 1, "fsync"),
            (Facts { number: 190_000, version: "19.0".to_owned(), ..facts() }, 1, "later than 18"),
            (Facts { connections: 19, ..facts() }, 1, "19 connections"),
        ] {
            let found = of_postgres(&facts);
            assert_eq!(found.code(), code, "{found:?}");
            assert!(found.line("database").contains(told), "{found:?}");
        }
    }

    #[test]
    fn tables_of_an_earlier_version_are_wrong_only_where_they_are_to_stay_or_cannot_be_changed() {
        let schema = Schema { at: Some(3), missing: vec![(4, "drift".to_owned())], own: 4 };
        assert_eq!(of_tables(&schema, Tables::UpToDate, true).code(), 0);
        assert_eq!(of_tables(&schema, Tables::UpToDate, false).code(), 2);
        assert_eq!(of_tables(&schema, Tables::AsTheyAre, true).code(), 2);
        let whole = Schema { missing: Vec::new(), ..schema };
        assert_eq!(of_tables(&whole, Tables::UpToDate, false).code(), 2);
        assert_eq!(of_tables(&whole, Tables::AsTheyAre, false).code(), 0);
    }

    #[test]
    fn a_point_is_one_line_whatever_was_said() {
        assert_eq!(Wrong("a\n  b".to_owned()).line("data"), "wrong     data      a b");
    }

    #[test]
    fn the_address_of_a_collector_is_shown_without_its_password() {
        let Good(told) = traces(Some(&"http://u:s3cret@a.example:4318".parse().unwrap())) else { panic!() };
        assert!(told.contains("a.example:4318/v1/traces") && !told.contains("s3cret"), "{told}");
        assert_eq!(traces(Some(&"grpc://a.example".parse().unwrap())).code(), 2);
    }
}
