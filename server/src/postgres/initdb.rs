//! A new cluster.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use tokio::process::Command;

use super::account::{Account, Tie};
use super::binaries::Binaries;
use super::directory::private;
use super::error::ClusterError;

/// The user that owns everything in the database.
pub(super) const OWNER: &str = "scouter";

/// How large a file of the log is, in MB. All commits wait while a new one is filled with zeros and brought to the disk: of 4 MB a quarter as long as of the 16 that
/// Postgres has by itself. The end of each is waited for too, so that much smaller ones, of which a busy server fills dozens a second, would cost more than they bring.
/// It is set when a cluster is made, and stays.
const LOG_FILE: &str = "--wal-segsize=4";

/// What is different from what Postgres does by itself. In its file of settings, so that an operator can change it.
const SETTINGS: &str = "
# Of Scouter.
timezone = 'UTC'
log_timezone = 'UTC'
# Records come in without end: checkpoints by time rather than by what was written.
max_wal_size = '4GB'
# Files of the log that were written once are written again: all commits wait while one is made. So many are kept for that where little comes in, 256 of 4 MB.
min_wal_size = '1GB'
# Errors of statements are told to whoever sent them.
log_min_messages = 'log'
# Statements are short, and compiling one for a hundred partitions takes longer than running it.
jit = off
";

/// Makes a cluster, whole or not at all.
pub(super) async fn initdb(
    binaries: &Binaries,
    account: &Account,
    tie: Tie,
    cluster: &Path,
) -> Result<(), ClusterError> {
    let new = cluster.with_extension("new");
    if new.exists() {
        // One that was cut short.
        fs::remove_dir_all(&new).map_err(ClusterError::io("remove", &new))?;
    }
    private(&new)?;
    account.give(&new)?;
    let program = binaries.initdb();
    let mut command = Command::from(account.command(&program, tie));
    command
        .arg("--pgdata")
        .arg(&new)
        .args(["--username", OWNER, "--auth-local=trust", "--auth-host=reject"])
        .args(["--encoding=UTF8", "--locale=C", "--data-checksums", LOG_FILE]);
    let output = command.kill_on_drop(true).output().await;
    let output = output.map_err(ClusterError::io("run", &program))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().map(str::to_owned).collect();
        return Err(ClusterError::Ended { program, status: output.status.to_string(), said });
    }
    let settings = new.join("postgresql.conf");
    let file = OpenOptions::new().append(true).open(&settings);
    file.and_then(|mut file| file.write_all(SETTINGS.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(ClusterError::io("write", &settings))?;
    fs::rename(&new, cluster).map_err(ClusterError::io("name", cluster))
}
