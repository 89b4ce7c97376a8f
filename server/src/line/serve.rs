//! `serve`: the server, until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::BoolishValueParser;
use scouter_engine::SystemClock;
use scouter_providers::Secret;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::listen::listen;
use super::{Place, say};
use crate::access::SecretSource;
use crate::alerts::AlertOptions;
use crate::http::TlsFiles;
use crate::ingest::IngestOptions;
use crate::retention::Keep;
use crate::run::{AccessOptions, Database, Ready, RunOptions, Tables, run};

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen, for HTTP and gRPC.
    #[arg(long, env = "SCOUTER_LISTEN", default_value = "127.0.0.1:8000", value_parser = listen)]
    listen: SocketAddr,
    /// Ask everybody who they are, also where only this machine can reach the server.
    #[arg(long, env = "SCOUTER_AUTH", value_parser = BoolishValueParser::new())]
    auth: bool,
    /// A proxy stands before this server, which encrypts.
    #[arg(long, env = "SCOUTER_BEHIND_PROXY", value_parser = BoolishValueParser::new())]
    behind_proxy: bool,
    /// The certificate to encrypt with, and those that lead from it to one that clients know: a file of PEM.
    #[arg(long, env = "SCOUTER_TLS_CERT")]
    tls_cert: Option<PathBuf>,
    /// Its private key: a file of PEM.
    #[arg(long, env = "SCOUTER_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// What access tokens are signed with, 32 bytes or more; made and kept in the data directory where nothing is said.
    #[arg(long, env = "SCOUTER_SIGNING_SECRET", hide = true, hide_env_values = true, value_parser = secret)]
    signing_secret: Option<Secret>,
    /// Do not start on the tables of an earlier version, in place of bringing them up to date: `migrate` does that then.
    #[arg(long, env = "SCOUTER_NO_MIGRATE", value_parser = BoolishValueParser::new())]
    no_migrate: bool,
    /// Where to send traces of the server itself: a collector of OpenTelemetry that takes OTLP over HTTP, as `http://127.0.0.1:4318`.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    otlp_endpoint: Option<Url>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    alerts: AlertOptions,
    #[command(flatten)]
    keep: Keep,
}

fn secret(text: &str) -> Result<Secret, &'static str> {
    if text.trim().is_empty() { Err("it is empty") } else { Ok(Secret::new(text)) }
}

impl Serve {
    /// Where traces go.
    pub(super) fn collector(&self) -> Option<&Url> {
        self.otlp_endpoint.as_ref()
    }

    /// Where it listens, and whether that is encrypted.
    pub(super) fn address(&self) -> (SocketAddr, bool) {
        (self.listen, self.tls_cert.is_some())
    }

    pub(super) fn options(self, bundled: Option<PathBuf>) -> Result<RunOptions, String> {
        let Self {
            listen, auth, behind_proxy, tls_cert, tls_key, signing_secret, place, alerts, keep, ..
        } = self;
        let tables = if self.no_migrate { Tables::AsTheyAre } else { Tables::UpToDate };
        let said = place.data_dir.clone();
        let database = place.database(bundled)?;
        let secret = match (signing_secret, &database, said) {
            (Some(secret), _, _) => SecretSource::Given(secret),
            (None, Database::Private(options), _) => SecretSource::Directory(options.data.clone()),
            (None, Database::At(_), Some(directory)) => SecretSource::Directory(directory),
            // Other servers of the database would not know it.
            (None, Database::At(_), None) => SecretSource::Forgotten,
        };
        let tls = match (tls_cert, tls_key) {
            (Some(certificates), Some(key)) => Some(TlsFiles { certificates, key }),
            (None, None) => None,
            (Some(_), None) => return Err("a certificate needs its key: name it by `--tls-key`".to_owned()),
            (None, Some(_)) => return Err("a key needs its certificate: name it by `--tls-cert`".to_owned()),
        };
        let access = AccessOptions { auth, behind_proxy, tls, secret };
        Ok(RunOptions { listen, access, database, tables, ingest: IngestOptions::default(), alerts, keep })
    }
}

pub(super) async fn serve(options: RunOptions) -> Result<(), Box<dyn std::error::Error>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let told = CancellationToken::new();
    let stop = told.clone().cancelled_owned();
    let signals = async move {
        for _ in 0..2 {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            told.cancel();
        }
    };
    tokio::select! {
        ended = run(options, Arc::new(SystemClock), |ready| tell(&ready), stop) => Ok(ended?),
        () = signals => Err("told to stop once more: what was under way was cut off".into()),
    }
}

fn tell(ready: &Ready) {
    let Ready { address, encrypted, open, first } = ready;
    let scheme = if *encrypted { "https" } else { "http" };
    say(&format!("listening on {scheme}://{address}"));
    if let Some(first) = first {
        say(&format!(
            "the first administrator is `{}` with the password `{}`: shown this once, and good for setting another",
            first.name, first.password
        ));
    }
    say(if *open {
        "whoever is on this machine is let in without being asked; `--auth` asks"
    } else {
        "everybody is asked who they are: `users` and `keys` make those who are let in"
    });
}
