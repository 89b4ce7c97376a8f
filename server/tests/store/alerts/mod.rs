//! What is wrong is told, to whom it is to be told, at least once.

mod api;
mod console;
mod drifting;
mod leases;
mod life;
mod looks;
mod mail;
pub(crate) mod receiver;
mod sending;
mod whole;
