//! Everything that is kept, and the statements that keep it. Statements are literals, and each is run by a test against the real schema.
//!
//! | module | what it holds |
//! |---|---|
//! | `database` | the connection: which version, which tables, and what every session keeps to |
//! | `lent` | a connection that goes back to the others only when what was done on it came to its end |
//! | `retry` | transactions that are tried again where another was in the way |
//! | `copy` | rows as `COPY` takes them |
//! | `incoming` | what clients send, kept once |
//! | `days` | the days that tables are cut into, made ahead and dropped |
//! | `profiles` | what is watched |
//! | `windows` | what arrived in a stretch of time |
//! | `jobs` | who looks for drift when, and what was found |
//! | `alerts` | what is wrong with profiles, and what is to be told of it |
//! | `deliveries` | what is to be told to whom |

mod alerts;
mod copy;
mod database;
mod days;
mod deliveries;
mod error;
mod incoming;
mod jobs;
mod lent;
mod profiles;
mod retry;
mod windows;

pub use alerts::{AlertRow, Drifted, Telling, WhichAlerts};
pub use database::Store;
pub use days::{DAYS_AHEAD, Table};
pub use deliveries::Delivery;
pub use error::StoreError;
pub use incoming::{Added, BinCountsRow, EvalRow, RecordRow};
pub use jobs::{DriftRow, Finding, Lease, Lost};
pub use profiles::{Activation, AddedProfile, Key, ProfileRow, Which};
pub use windows::{Values, Window};
