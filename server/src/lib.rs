//! The server: records in, drift out.
//!
//! | module | what it holds |
//! |---|---|
//! | [`postgres`] | a private Postgres in a data directory, for those who have none |
//! | [`store`] | everything that is kept, and the statements that keep it |
//! | [`access`] | who is let in, and what they may do |
//! | [`registry`] | profiles: registered, found, switched on and off |
//! | [`ingest`] | records come in, and are kept before that is told |
//! | [`http`] | the API over HTTP and gRPC |
//! | [`run`] | a server from its start to its end |
//! | [`line`] | the command line |
//! | [`jobs`] | drift is looked for when it is due |
//! | [`alerts`] | who is told of it |
//! | `backoff` | how long is waited while the database is away |
//! | [`metrics`] | what the server counts of itself |
//! | [`retention`] | the days to come are made, and what was kept long enough is dropped |
//! | [`series`] | drift over time |
//! | `traffic` | requests to an application, put together by route |
//! | `writable` | whether something can be written in a folder |

pub mod access;
pub mod alerts;
mod backoff;
pub mod http;
pub mod ingest;
pub mod jobs;
pub mod line;
pub mod metrics;
pub mod postgres;
pub mod registry;
pub mod retention;
pub mod run;
pub mod series;
pub mod store;
mod traffic;
mod writable;
