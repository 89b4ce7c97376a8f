//! `check`: whether the server would start as it is set. It reads and asks, and changes nothing.

mod database;
mod found;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use scouter_engine::{Clock, SystemClock};
use tokio::net::TcpListener;
use url::Url;

use self::database::database_of;
use self::found::Found::{self, Doubtful, Good, Wrong};
use super::say;
use super::serve::Serve;
use super::settings::is_exposed;
use super::traces::address;
use crate::access::{SecretSource, SigningSecret};
use crate::alerts::{AlertOptions, Sender};
use crate::http::{Term, TlsFiles};
use crate::run::{AccessOptions, RunOptions};

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
    tell("tls", &tls(access.tls.as_ref(), SystemClock.now().into()));
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

fn tls(files: Option<&TlsFiles>, now: DateTime<Utc>) -> Found {
    let Some(files) = files else { return Good("none".to_owned()) };
    match files.pair().and_then(|_| files.term(now)) {
        Err(error) => Wrong(error.to_string()),
        Ok(term) => {
            let told = format!("`{}` {term}", files.certificates.display());
            match term {
                Term::Good(_) => Good(told),
                // Clients that know another way to it, or need none, go on.
                Term::Ends(_) | Term::Early { own: false, .. } | Term::Over { own: false, .. } => {
                    Doubtful(told)
                }
                Term::Early { own: true, .. } | Term::Over { own: true, .. } => Wrong(told),
            }
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

fn told(alerts: AlertOptions) -> Found {
    let names = alerts.configured();
    match Sender::new(alerts, Arc::new(SystemClock)).map(|sender| sender.unreachable()) {
        Err(error) => Wrong(error.to_string()),
        Ok(away) if !away.is_empty() => Wrong(away.join("; ")),
        Ok(_) if names.is_empty() => Good("whoever reads the log is told".to_owned()),
        Ok(_) => Good(format!("{} can be told; nothing was sent", names.join(", "))),
    }
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

    #[test]
    fn the_address_of_a_collector_is_shown_without_its_password() {
        let Good(told) = traces(Some(&"http://u:s3cret@a.example:4318".parse().unwrap())) else { panic!() };
        assert!(told.contains("a.example:4318/v1/traces") && !told.contains("s3cret"), "{told}");
        assert_eq!(traces(Some(&"grpc://a.example".parse().unwrap())).code(), 2);
    }
}
