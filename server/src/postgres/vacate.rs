//! What an earlier server left behind: a Postgres that has not ended yet, or its file that says it runs.
//!
//! Whoever asks has the data directory's lock, so no server of ours is alive there. Postgres itself goes by the process number in
//! `postmaster.pid`, which after a restart of a container is often another process's. Here every process is looked at that works in
//! the directory of the cluster, as all of Postgres do, whether their postmaster lives or was killed.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{Instant, sleep};

use super::error::ClusterError;

/// How long what is left may take to end.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked whether it has.
const GLANCE: Duration = Duration::from_millis(20);

/// Waits until nothing of Postgres works in the cluster's directory any more.
pub(super) async fn vacate(dir: &Path, cluster: &Path) -> Result<(), ClusterError> {
    let Some(mut left) = at_work_in(cluster) else { return Ok(()) };
    let file = cluster.join("postmaster.pid");
    if let Some(postmaster) = postmaster(&file).filter(|pid| left.contains(pid)) {
        tracing::info!(pid = postmaster.as_raw_nonzero(), "stop the Postgres of an earlier server");
        // It may have ended meanwhile.
        let _ = kill_process(postmaster, Signal::INT);
    }
    let since = Instant::now();
    while let Some(pid) = left.first() {
        if since.elapsed() > PATIENCE {
            let by = u32::try_from(pid.as_raw_nonzero().get()).ok();
            return Err(ClusterError::InUse { dir: dir.to_owned(), by });
        }
        sleep(GLANCE).await;
        left = at_work_in(cluster).unwrap_or_default();
    }
    match fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(ClusterError::io("remove", &file)(error))
        }
        _ => Ok(()),
    }
}

/// The processes of Postgres whose working directory is this one; none where the system does not tell, and Postgres must look for itself.
fn at_work_in(cluster: &Path) -> Option<Vec<Pid>> {
    let cluster = cluster.canonicalize().ok()?;
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let numbered = processes.filter_map(|process| {
        let pid = process.file_name().to_str()?.parse().ok()?;
        let at = fs::read_link(process.path().join("cwd")).ok()?;
        // Somebody's shell may be there too.
        let name = fs::read_to_string(process.path().join("comm")).ok()?;
        (at == cluster && name.trim() == "postgres").then(|| Pid::from_raw(pid)).flatten()
    });
    let found = numbered.collect();
    Path::new("/proc/self/cwd").exists().then_some(found)
}

fn postmaster(file: &Path) -> Option<Pid> {
    Pid::from_raw(fs::read_to_string(file).ok()?.lines().next()?.trim().parse().ok()?)
}
