//! The server: records in, drift out.
//!
//! | module | what it holds |
//! |---|---|
//! | [`postgres`] | a private Postgres in a data directory, for those who have none |
//! | [`store`] | everything that is kept, and the statements that keep it |
//! | [`registry`] | profiles: registered, found, switched on and off |
//! | [`ingest`] | records come in, and are kept before that is told |
//! | [`http`] | the API over HTTP and gRPC |
//! | [`run`] | a server from its start to its end |
//! | [`line`] | the command line |
//! | [`jobs`] | drift is looked for when it is due |
//! | [`alerts`] | who is told of it |

pub mod alerts;
pub mod http;
pub mod ingest;
pub mod jobs;
pub mod line;
pub mod postgres;
pub mod registry;
pub mod run;
pub mod store;
