//! A private Postgres in a data directory, for those who have none: made when it is first started, reached by a unix socket alone, and
//! gone with the process that started it.
//!
//! | module | what it holds |
//! |---|---|
//! | `binaries` | where the programs of Postgres are |
//! | `account` | as whom they run, and what ties them to this process |
//! | `directory` | the data directory, which one server has at a time |
//! | `look` | what is in a data directory, without changing it |
//! | `vacate` | what an earlier server left behind |
//! | `initdb` | a new cluster |
//! | `keeper` | the thread that keeps Postgres running |
//! | `cluster` | Postgres, as the rest of the server sees it |

mod account;
mod binaries;
mod cluster;
mod directory;
mod error;
mod initdb;
mod keeper;
mod look;
mod vacate;

pub use binaries::Binaries;
pub use cluster::{Cluster, ClusterOptions};
pub use error::ClusterError;
pub use look::PrivateState;
