//! HTTP: one place that sends, for all providers.

mod access;
mod causes;
mod client;
mod connection;
mod home;
mod retry_after;
mod send;
mod status;

pub use access::Account;
pub use client::Http;
pub use connection::{Connection, check_address, without_password};

pub(crate) use access::{Access, Auth, Names};
pub(crate) use send::{Posted, carries_key};
