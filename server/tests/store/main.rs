//! The store on a real Postgres, a fresh one for each test.
//!
//! Postgres is that of the system, or the one whose folder of programs `SCOUTER_TEST_POSTGRES` names.
#![expect(clippy::unwrap_used, reason = "helpers of tests, which fail by panicking")]

mod access;
mod alerts;
mod cluster;
mod counted;
mod crashes;
mod days;
mod due;
mod few;
mod incoming;
mod ingest;
mod jobs;
mod metrics;
mod migrations;
mod openapi;
mod operations;
mod proxy;
mod registry;
mod retention;
mod rollups;
mod samples;
mod series;
mod sessions;
mod support;
mod table;
mod windows;
