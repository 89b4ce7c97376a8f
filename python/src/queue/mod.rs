//! Records on their way to the server.
//!
//! | file | what it holds |
//! |---|---|
//! | `feature`, `metric` | values with names, as applications hand them over |
//! | `schema` | what records of a profile look like |
//! | `row` | from Python objects to records |
//! | `context` | from what is to be evaluated to JSON |
//! | `shared` | the queue behind the classes, and what a fork makes of it |
//! | `lane` | `Queue`: the entrance for records of one profile |
//! | `scouter_queue` | `ScouterQueue`: the entrances of several profiles |
//! | `options` | `QueueOptions`: how a queue behaves, as Python says it |
//! | `transport` | how records and calls get to the server, as Python says it |
//! | `stats` | what became of records, and what is told of it |
//! | `process` | forks, and the end of the process |
//! | `inbox` | what is kept in place of a server, in tests |
//! | `server` | calls of the server's API |

mod context;
mod feature;
mod inbox;
mod lane;
mod metric;
mod options;
mod process;
mod row;
mod schema;
mod scouter_queue;
mod server;
mod shared;
mod stats;
mod transport;

pub(crate) use feature::{PyEntityType, PyFeature, PyFeatures};
pub(crate) use inbox::PyInbox;
pub(crate) use lane::PyQueue;
pub(crate) use metric::{PyMetric, PyMetrics};
pub(crate) use options::PyQueueOptions;
pub(crate) use process::{after_fork, begin_queues_anew, end_queues};
pub(crate) use scouter_queue::PyScouterQueue;
pub(crate) use server::PyServer;
pub(crate) use stats::PyQueueStats;
