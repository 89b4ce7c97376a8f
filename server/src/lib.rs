//! The server: records in, drift out.
//!
//! | module | what it holds |
//! |---|---|
//! | [`postgres`] | a private Postgres in a data directory, for those who have none |
//! | [`store`] | everything that is kept, and the statements that keep it |
//! | [`registry`] | profiles: registered, found, switched on and off |
//! | [`jobs`] | drift is looked for when it is due |

pub mod jobs;
pub mod postgres;
pub mod registry;
pub mod store;
