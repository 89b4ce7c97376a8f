//! The application's side of the server: records are pushed into a bounded queue, and a thread of its own sends them.
//!
//! | module | what it holds |
//! |---|---|
//! | [`queue`] | the queue: push, flush, close |
//! | [`options`] | how much waits, for how long, and what becomes of what finds no room |
//! | [`stats`] | what became of everything that was pushed |
//! | `teller` | who is told of it |
//! | `startup` | waiting for a server that is about to come |
//! | [`server`] | the address of the server, and calls of its API |
//! | `unreached` | why there was no answer, in words |
//! | `inbox` | what stands in place of a server in tests of applications |
//! | `session` | a login, and the tokens that it gave |
//! | `destination` | where records go, and whether they are counted on the way |
//! | `lane` | the records of one profile that wait |
//! | `holding` | what a lane holds: records or counts |
//! | `buffer` | a queue of records with bounds |
//! | `tally` | rows counted by the bins of their profile |
//! | [`requests`] | requests to the application, counted by route |
//! | `observed` | those of a lane, until they are a record |
//! | `uids` | identifiers of records |
//! | `worker` | the thread that sends |
//! | `parcel` | what is sent at once |
//! | `post` | one attempt to send it |
//! | `spools`, `spool` | what could not be sent, on the disk |
//! | `meant` | which uids mean one profile, for what lies there under another one |
//! | `backoff` | how long is waited after one that failed |
//!
//! Whoever pushes pays for a lock and a move, whatever the network does: nothing here waits for it but the worker, and [`Queue::flush`]
//! and [`Queue::close`] where they are asked to. A record has its uid before it is sent for the first time, so the server keeps it once
//! however often it is sent.
//!
//! What cannot be given to the server goes to the disk where there is a spool, so that memory is free again, and a process that is killed or a machine that
//! crashes loses no more than what waited for its turn.

mod backoff;
mod buffer;
mod destination;
mod holding;
mod inbox;
mod lane;
mod meant;
mod observed;
pub mod options;
mod parcel;
mod post;
pub mod queue;
pub mod requests;
pub mod server;
mod session;
mod spool;
mod spools;
mod startup;
pub mod stats;
mod tally;
mod teller;
mod uids;
mod unreached;
mod worker;

pub use destination::{Destination, MAX_COUNTERS, TooManyCounters};
pub use inbox::Inbox;
pub use options::{LARGEST_RECORD, Options, Ratio, SpoolOptions, WhenFull};
pub use queue::{Pushed, Queue};
pub use requests::{NoRequest, Requests};
pub use server::{Auth, CallError, Server};
pub use startup::wait_until_known;
pub use stats::{Odd, Stats};
pub use teller::Teller;
pub use uids::Uids;
