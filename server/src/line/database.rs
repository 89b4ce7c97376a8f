//! The database of a place, for commands that work on it whether a server runs or not.

use sqlx::postgres::PgConnectOptions;

use super::Failed;
use crate::postgres::{Cluster, ClusterError};
use crate::run::Database;

/// Does something with a database that is there: over the server that has it, where one runs.
pub(super) async fn on_database<T>(
    database: Database,
    does: impl AsyncFnOnce(PgConnectOptions) -> Result<T, Failed>,
) -> Result<T, Failed> {
    let (cluster, connect) = match database {
        Database::At(connect) => (None, *connect),
        Database::Private(options) => {
            let data = options.data.clone();
            match Cluster::open(options).await {
                Ok(cluster) => {
                    let connect = cluster.connect_options();
                    (Some(cluster), connect)
                }
                Err(ClusterError::InUse { .. }) => (None, Cluster::connect_to_running(&data)?),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let done = does(connect).await;
    if let Some(cluster) = cluster {
        cluster.stop().await?;
    }
    done
}
