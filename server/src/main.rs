//! `scouter-server`: the command line.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use scouter_engine::SystemClock;
use scouter_server::ingest::IngestOptions;
use scouter_server::postgres::ClusterOptions;
use scouter_server::run::{Database, RunOptions, run};
use sqlx::postgres::PgConnectOptions;
use tokio::signal::unix::{SignalKind, signal};

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
    database_url: Option<PgConnectOptions>,
    /// Where the private Postgres keeps its data; `~/.local/share/scouter` where nothing is said.
    #[arg(long, env = "SCOUTER_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// The folder of the programs of Postgres; looked for where nothing is said.
    #[arg(long, env = "SCOUTER_POSTGRES")]
    postgres: Option<PathBuf>,
}

impl Serve {
    fn options(self) -> Result<RunOptions, String> {
        let database = if let Some(at) = self.database_url {
            Database::At(Box::new(at))
        } else {
            let home = || env::home_dir().map(|home| home.join(".local/share/scouter"));
            let data = self.data_dir.or_else(home).ok_or("there is no home directory: say `--data-dir`")?;
            Database::Private(ClusterOptions { binaries: self.postgres, ..ClusterOptions::new(data) })
        };
        let Self { listen, behind_proxy, .. } = self;
        Ok(RunOptions { listen, behind_proxy, database, ingest: IngestOptions::default() })
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Line { command: Command::Serve(serve) } = Line::parse();
    let colours = io::stderr().is_terminal();
    tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(colours).init();
    match start(serve).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn start(serve: Serve) -> Result<(), Box<dyn std::error::Error>> {
    let options = serve.options()?;
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stop = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    let ready = |address| {
        // Whoever started it may have closed the pipe.
        let _ = writeln!(io::stdout(), "listening on http://{address}");
    };
    Ok(run(options, Arc::new(SystemClock), ready, stop).await?)
}
