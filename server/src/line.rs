//! The command line of the server: of the program `scouter-server`, and of `scouter serve`, which runs it inside of Python.

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use scouter_engine::SystemClock;
use sqlx::postgres::PgConnectOptions;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::alerts::AlertOptions;
use crate::ingest::IngestOptions;
use crate::postgres::ClusterOptions;
use crate::run::{Database, RunOptions, run};

/// Takes records of applications in, and keeps them.
#[derive(Debug, Parser)]
#[command(version)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server until it is told to stop.
    Serve(Serve),
}

#[derive(Debug, Args)]
struct Serve {
    /// Where to listen, for HTTP and gRPC.
    #[arg(long, env = "SCOUTER_LISTEN", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
    /// A proxy stands before this server, which encrypts and lets in only whom it should.
    #[arg(long, env = "SCOUTER_BEHIND_PROXY")]
    behind_proxy: bool,
    /// A Postgres to use, in place of a private one.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Where the private Postgres keeps its data; `~/.local/share/scouter` where nothing is said.
    #[arg(long, env = "SCOUTER_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// The folder of the programs of Postgres; looked for where nothing is said.
    #[arg(long, env = "SCOUTER_POSTGRES")]
    postgres: Option<PathBuf>,
    #[command(flatten)]
    alerts: AlertOptions,
}

impl Serve {
    fn options(self, bundled: Option<PathBuf>) -> Result<RunOptions, String> {
        let database = if let Some(url) = self.database_url {
            // Read here, since a URL has a password in it that must not be quoted.
            let at = url.parse::<PgConnectOptions>().map_err(|error| {
                format!(
                    "failed to read the URL of the database: {error}; in a user or a password, `#`, `/`, `:`, `?` and `@` are written %23, %2F, \
                     %3A, %3F and %40"
                )
            })?;
            Database::At(Box::new(at))
        } else {
            let home = || env::home_dir().map(|home| home.join(".local/share/scouter"));
            let data = self.data_dir.or_else(home).ok_or("there is no home directory: say `--data-dir`")?;
            Database::Private(ClusterOptions { data, binaries: self.postgres, bundled })
        };
        let Self { listen, behind_proxy, alerts, .. } = self;
        Ok(RunOptions { listen, behind_proxy, database, ingest: IngestOptions::default(), alerts })
    }
}

/// Does what the arguments say, the first of which is the name of the program, and tells how the process is to end. `bundled` is the folder
/// of the programs of Postgres that came with Scouter. SIGTERM and Ctrl-C end a server in order.
pub fn main(arguments: impl IntoIterator<Item = OsString>, bundled: Option<PathBuf>) -> u8 {
    let Command::Serve(serve) = match Line::try_parse_from(arguments) {
        Ok(line) => line.command,
        // What was asked for, such as help, or what is wrong.
        Err(told) => {
            let _ = told.print();
            return u8::try_from(told.exit_code()).unwrap_or(2);
        }
    };
    let colours = io::stderr().is_terminal();
    // Whoever runs it inside of another program may listen already.
    let _ = tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(colours).try_init();
    match start(serve, bundled) {
        Ok(()) => 0,
        Err(error) => {
            tracing::error!("{error}");
            1
        }
    }
}

fn start(serve: Serve, bundled: Option<PathBuf>) -> Result<(), Box<dyn std::error::Error>> {
    let options = serve.options(bundled)?;
    Runtime::new()?.block_on(async {
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
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
        let ready = |address| {
            // Whoever started it may have closed the pipe.
            let _ = writeln!(io::stdout(), "listening on http://{address}");
        };
        tokio::select! {
            ended = run(options, Arc::new(SystemClock), ready, stop) => Ok(ended?),
            () = signals => Err("told to stop once more: what was under way was cut off".into()),
        }
    })
}
