//! What is in a data directory, without changing it.

use sqlx::postgres::PgConnectOptions;

use super::binaries::Binaries;
use super::cluster::{Cluster, ClusterOptions};
use super::directory::{in_use, version};
use super::error::ClusterError;
use crate::writable::try_writing;

/// What is in the data directory of a private Postgres, with the version of the programs for it.
#[derive(Debug)]
pub enum PrivateState {
    /// Nothing yet: it is made at the first start.
    New(u32),
    /// Data, and no Postgres that has them.
    Resting(u32),
    /// Data, and a Postgres that another process has started on them, or has left behind.
    Running {
        /// How to connect to it.
        connect: Box<PgConnectOptions>,
        /// That a server has the data, so that no other can start on them; none where it was left behind.
        in_use: Option<ClusterError>,
    },
}

impl PrivateState {
    /// Looks at a data directory.
    ///
    /// # Errors
    /// There are no programs of a version that can read the data, or nothing can be written there.
    pub fn look(options: &ClusterOptions) -> Result<Self, ClusterError> {
        let ClusterOptions { data, binaries, bundled } = options;
        let written = version(data);
        let there = written.map(|version| (data.as_path(), version));
        let binaries = Binaries::find(binaries.as_deref(), bundled.as_deref(), there)?;
        try_writing(data).map_err(ClusterError::io("write to", data))?;
        if data.join("postgres/postmaster.pid").exists() {
            let connect = Box::new(Cluster::connect_to_running(data)?);
            return Ok(Self::Running { connect, in_use: in_use(data) });
        }
        Ok(if written.is_some() { Self::Resting(binaries.version) } else { Self::New(binaries.version) })
    }
}
