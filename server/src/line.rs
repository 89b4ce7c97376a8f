//! The command line of the server: of the program `scouter-server`, and of `scouter serve` and its like, which run it inside of Python.

mod accounts;
mod check;
mod database;
mod health;
mod listen;
mod logs;
mod migrate;
mod serve;
mod settings;
mod traces;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use sqlx::postgres::PgConnectOptions;
use tokio::runtime::Runtime;

use self::settings::SettingsError;
use self::traces::TracesError;
use crate::postgres::{ClusterError, ClusterOptions};
use crate::run::{Database, RunError};
use crate::store::StoreError;

/// What the help of settings leaves out.
const SECRETS: &str = "Secrets have no option: the environment or the file of `--config` says them, as docs/reference/server-settings.md lists.";

/// Why a command does not do what it is to do.
type Failed = Box<dyn std::error::Error>;

/// Takes records of applications in, and keeps them.
#[derive(Debug, Parser)]
#[command(version)]
struct Line {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

// What is said of every command. No text for the help, which would take it for that of the program.
#[derive(Debug, Args)]
struct Common {
    /// A file of settings, in TOML; options and the environment go before it.
    #[arg(long, global = true, env = "SCOUTER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    logs: logs::LogOptions,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server until it is told to stop.
    #[command(after_help = SECRETS)]
    Serve(Box<serve::Serve>),
    /// Look whether the server would start as it is set, and change nothing: 0 where it would, 1 where something is doubtful, 2 where it would not.
    #[command(after_help = SECRETS)]
    Check(Box<serve::Serve>),
    /// Ask a server whether it can work: 0 where it can, 1 where it cannot.
    Health(Box<health::Health>),
    /// Bring the tables of the database up to date.
    Migrate(migrate::Migrate),
    /// Make, list, change and revoke users.
    Users(accounts::Users),
    /// Make, list, change and revoke API keys.
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
    let arguments: Vec<_> = arguments.into_iter().collect();
    let line = match settings::read(&arguments) {
        Ok(line) => line,
        // What was asked for, such as help, or what is wrong.
        Err(SettingsError::Line(told)) => {
            let _ = told.print();
            return u8::try_from(told.exit_code()).unwrap_or(2);
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            return 2;
        }
    };
    // There is no log yet.
    let unlogged = |error: &io::Error| drop(writeln!(io::stderr(), "error: {error}"));
    let Ok(runtime) = Runtime::new().inspect_err(unlogged) else { return 1 };
    // Whoever collects JSON reads nothing else.
    let in_log = matches!(line.command, Command::Serve(_)) && line.common.logs.is_json();
    // Whoever keeps a server running tries again where that may help, and containers know no other word than 1 for one that is not well.
    let is_kept_running = matches!(line.command, Command::Serve(_) | Command::Health(_));
    match start(line, runtime, bundled) {
        Ok(code) => code,
        Err(error) => {
            let told =
                format!("{error}{}", remedy(&*error).map(|remedy| format!(": {remedy}")).unwrap_or_default());
            if in_log {
                tracing::error!("{told}");
            } else {
                let _ = writeln!(io::stderr(), "error: {told}");
            }
            if is_of_settings(&*error) || !is_kept_running { 2 } else { 1 }
        }
    }
}

/// What to do about an error that does not say so itself.
fn remedy(error: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    let taken = "name another port by `--listen`, or stop what listens there";
    let away = "look whether it runs where `DATABASE_URL` says";
    match (error.downcast_ref(), error.downcast_ref()) {
        (Some(RunError::Listen { cause, .. }), _) if cause.kind() == io::ErrorKind::AddrInUse => Some(taken),
        (Some(RunError::Listen { .. }), _) => Some("name another address by `--listen`"),
        (Some(RunError::Store(StoreError::Unavailable(_))), _) | (_, Some(StoreError::Unavailable(_))) => {
            Some(away)
        }
        _ => None,
    }
}

/// Whether it is the settings that are wrong, so that another try ends the same.
fn is_of_settings(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<SettingsError>()
        || matches!(error.downcast_ref(), Some(ClusterError::Nothing { .. }))
        || matches!(error.downcast_ref(), Some(TracesError::Address))
        || error.downcast_ref::<RunError>().is_some_and(RunError::is_of_settings)
}

/// Does what a line says, with a log of it.
fn start(line: Line, runtime: Runtime, bundled: Option<PathBuf>) -> Result<u8, Failed> {
    let collector = match &line.command {
        Command::Serve(serve) => serve.collector(),
        _ => None,
    };
    let logs = line.common.logs.start(collector, runtime.handle())?;
    let done = runtime.block_on(run(line, bundled));
    logs.finish();
    // A name that is still looked up, such as that of a collector, is waited for by nobody.
    runtime.shutdown_background();
    done
}

async fn run(line: Line, bundled: Option<PathBuf>) -> Result<u8, Failed> {
    match line.command {
        Command::Serve(serve) => {
            let options = serve.options(bundled).map_err(SettingsError::Together)?;
            Box::pin(serve::serve(options)).await?;
        }
        Command::Check(serve) => {
            return Ok(check::check(*serve, line.common.config.as_deref(), bundled).await);
        }
        Command::Health(health) => health::health(&health).await?,
        Command::Migrate(migrate) => migrate::migrate(migrate, bundled).await?,
        Command::Users(users) => accounts::users(users, bundled).await?,
        Command::Keys(keys) => accounts::keys(keys, bundled).await?,
        Command::Audit(audit) => accounts::audit(audit, bundled).await?,
    }
    Ok(0)
}

/// Says something to whoever started it, who may have closed the pipe.
fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}
