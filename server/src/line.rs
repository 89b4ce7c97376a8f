//! The command line of the server: of the program `scouter-server`, and of `scouter serve` and its like, which run it inside of Python.

mod accounts;
mod listen;
mod serve;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use sqlx::postgres::PgConnectOptions;
use tokio::runtime::Runtime;

use crate::postgres::{ClusterError, ClusterOptions};
use crate::run::Database;

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
    Serve(Box<serve::Serve>),
    /// Make, list and revoke users.
    Users(accounts::Users),
    /// Make, list and revoke API keys.
    Keys(accounts::Keys),
    /// Show who did what.
    Audit(accounts::Audit),
}

/// Where everything is kept.
#[derive(Debug, Args)]
struct Place {
    /// A Postgres to use, in place of a private one.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Where the private Postgres keeps its data, and the server what it signs tokens with; `~/.local/share/scouter` where nothing is said.
    #[arg(long, env = "SCOUTER_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// The folder of the programs of Postgres; looked for where nothing is said.
    #[arg(long, env = "SCOUTER_POSTGRES")]
    postgres: Option<PathBuf>,
}

impl Place {
    fn database(self, bundled: Option<PathBuf>) -> Result<Database, String> {
        let Some(url) = self.database_url else {
            let home = || std::env::home_dir().map(|home| home.join(".local/share/scouter"));
            let data = self.data_dir.or_else(home).ok_or("there is no home directory: say `--data-dir`")?;
            return Ok(Database::Private(ClusterOptions { data, binaries: self.postgres, bundled }));
        };
        // Read here, since a URL has a password in it that must not be quoted.
        let at = url.parse::<PgConnectOptions>().map_err(|error| {
            format!(
                "failed to read the URL of the database: {error}; in a user or a password, `#`, `/`, `:`, `?` and `@` are written %23, %2F, \
                 %3A, %3F and %40"
            )
        })?;
        Ok(Database::At(Box::new(at)))
    }
}

/// Does what the arguments say, the first of which is the name of the program, and tells how the process is to end. `bundled` is the folder
/// of the programs of Postgres that came with Scouter. SIGTERM and Ctrl-C end a server in order.
pub fn main(arguments: impl IntoIterator<Item = OsString>, bundled: Option<PathBuf>) -> u8 {
    let command = match Line::try_parse_from(arguments) {
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
    let is_server = matches!(command, Command::Serve(_));
    match start(command, bundled) {
        Ok(()) => 0,
        Err(error) if is_server => {
            tracing::error!("{error}");
            1
        }
        // Somebody waits for it, and nobody reads a log.
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            match error.downcast_ref() {
                Some(ClusterError::Nothing { .. }) => 2,
                _ => 1,
            }
        }
    }
}

fn start(command: Command, bundled: Option<PathBuf>) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Runtime::new()?;
    match command {
        Command::Serve(serve) => runtime.block_on(serve::serve(serve.options(bundled)?)),
        Command::Users(users) => runtime.block_on(accounts::users(users, bundled)),
        Command::Keys(keys) => runtime.block_on(accounts::keys(keys, bundled)),
        Command::Audit(audit) => runtime.block_on(accounts::audit(audit, bundled)),
    }
}

/// Says something to whoever started it, who may have closed the pipe.
fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}
