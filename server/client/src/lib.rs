//! The application's side of the server: records are pushed into a bounded queue, and a thread of its own sends them.
//!
//! | module | what it holds |
//! |---|---|
//! | [`queue`] | the queue: push, flush, close |
//! | [`options`] | how much waits, for how long, and what becomes of what finds no room |
//! | [`stats`] | what became of everything that was pushed |
//! | [`server`] | the address of the server, and calls of its API |
//! | `lane` | the records of one profile that wait |
//! | `buffer` | a queue with bounds |
//! | `uids` | identifiers of records |
//! | `worker` | the thread that sends |
//! | `parcel` | what is sent at once |
//! | `post` | one attempt to send it |
//! | `backoff` | how long is waited after one that failed |
//!
//! Whoever pushes pays for a lock and a move, whatever the network does: nothing here waits for it but the worker, and [`Queue::flush`]
//! and [`Queue::close`] where they are asked to. A record has its uid before it is sent for the first time, so the server keeps it once
//! however often it is sent.

mod backoff;
mod buffer;
mod lane;
pub mod options;
mod parcel;
mod post;
pub mod queue;
pub mod server;
pub mod stats;
mod uids;
mod worker;

pub use lane::Destination;
pub use options::{Options, Ratio, WhenFull};
pub use queue::{Pushed, Queue};
pub use server::{Auth, CallError, Server};
pub use stats::Stats;
