//! Requests to an application, counted by hand. What counts them for a whole application is `Queue.observe`.
//!
//! | file | what it holds |
//! |---|---|
//! | `observer` | what counts |
//! | `metrics` | what was counted |
//! | `status` | a status of HTTP as somebody says it |
//! | `server_record` | what was counted, as records for the server |

mod metrics;
mod observer;
mod server_record;
mod status;

pub(crate) use metrics::{PyLatencyMetrics, PyObservabilityMetrics, PyRouteMetrics};
pub(crate) use observer::PyObserver;
pub(crate) use server_record::{PyServerRecord, PyServerRecords};
pub(crate) use status::StatusCode;
