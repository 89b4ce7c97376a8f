//! Everything that is kept, and the statements that keep it. Statements are literals, and each is run by a test against the real schema.
//!
//! | module | what it holds |
//! |---|---|
//! | `database` | the connection: which version, which tables, and what every session keeps to |
//! | `look` | what a database is like, without changing it |
//! | `lent` | a connection that goes back to the others only when what was done on it came to its end |
//! | `visit` | rows that are read one after another |
//! | `retry` | transactions that are tried again where another was in the way |
//! | `copy` | rows as `COPY` takes them |
//! | `incoming` | what clients send, kept once |
//! | `days` | the days that tables are cut into, made ahead and dropped |
//! | `retention` | what else was kept long enough, dropped |
//! | `profiles` | what is watched |
//! | `windows` | what arrived in a stretch of time, read row by row for jobs and for who asks before them |
//! | `table` | records as they were sent, by when they were made |
//! | `evals` | what is to be evaluated, by when it was made |
//! | `requests` | requests to applications, by when they were counted |
//! | `jobs` | who looks for drift when, and what was found |
//! | `measures` | what was found in numbers |
//! | `rollups` | windows that follow one another, put together |
//! | `alerts` | what is wrong with profiles, and what is to be told of it |
//! | `deliveries` | what is to be told to whom |
//! | `users` | who is let in, and by which password |
//! | `sessions` | logins, and the refresh tokens by which they go on |
//! | `api_keys` | what services are let in by |
//! | `audit` | who did what |

mod alerts;
mod api_keys;
mod audit;
mod copy;
mod database;
mod days;
mod deliveries;
mod error;
mod evals;
mod incoming;
mod jobs;
mod lent;
mod look;
mod measures;
mod profiles;
mod requests;
mod retention;
mod retry;
mod rollups;
mod sessions;
mod table;
mod users;
mod visit;
mod windows;

pub use alerts::{AlertRow, AlertsOf, Drifted, Telling, Toward, WhichAlerts};
pub use api_keys::{KeyRow, NewKey};
pub use audit::AuditRow;
pub use database::Store;
pub use days::{DAYS_AHEAD, Dropped, Table};
pub use deliveries::Delivery;
pub use error::StoreError;
pub use evals::KeptEval;
pub use incoming::{Added, BinCountsRow, EvalRow, RecordRow, RequestsRow};
pub use jobs::{DriftRow, Finding, FoundRow, JobRow, Lease, Lost, OpenRow};
pub use look::{Facts, Look, Rights, Schema};
pub use measures::{MEASURES, Measures};
pub use profiles::{Activation, AddedProfile, Key, ProfileRow, Which};
pub use rollups::{ROLLED, RolledUp, Rollup};
pub use sessions::{HolderRow, Refreshed};
pub use table::{KeptRow, TABLE, least_uid, made};
pub use users::{NewPassword, PasswordRow, UserRow};
pub use windows::{Awaited, Reader, Values, Window};
